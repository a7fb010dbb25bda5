//! GROUPBY, and the arguments that PIVOTBY shares with it. Where Microsoft's pages say little (several functions, what
//! is refused), results of Excel's decide.

use super::array_of;
use super::axis::{Group, Sort, Tree};
use super::summary::{Functions, Pair, Summary};
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[Function::context(
    "GROUPBY",
    &[
        Param::array("row_fields"),
        Param::array("values"),
        Param::array("function"),
        Param::number("field_headers").optional(),
        Param::number("total_depth").optional(),
        Param::array("sort_order").optional(),
        Param::array("filter_array").optional(),
        Param::number("field_relationship").optional(),
    ],
    groupby,
)
.giving_array()];

/// Whether the fields have headers, and whether the result shows them.
#[derive(Clone, Copy)]
pub(super) struct Headers {
    pub(super) given: bool,
    pub(super) shown: bool,
}

impl Headers {
    /// Reads the argument. Left out, a text above numbers is a header, and shown where several functions stand side by
    /// side; more text among the numbers is `#VALUE!`.
    pub(super) fn of(
        args: &Args<'_>,
        index: usize,
        values: &Array,
        functions: &Functions<'_>,
    ) -> Result<Headers> {
        if !args.given(index) {
            let below = || (1..values.rows()).filter_map(|row| values.get(row, 0));
            let given = matches!(values.get(0, 0), Some(Value::Text(_)))
                && below().any(|value| matches!(value, Value::Number(_)));
            if given && below().any(|value| matches!(value, Value::Text(_))) {
                return Err(CellError::Value);
            }
            return Ok(Headers { given, shown: given && functions.named_across() });
        }
        match args.number(index) {
            0.0 => Ok(Headers { given: false, shown: false }),
            1.0 => Ok(Headers { given: true, shown: false }),
            2.0 => Ok(Headers { given: false, shown: true }),
            3.0 => Ok(Headers { given: true, shown: true }),
            _ => Err(CellError::Value),
        }
    }

    /// The headers of some fields: their own, or made of a word and a number.
    pub(super) fn names(self, fields: &Array, word: &str) -> Vec<Value> {
        (0..fields.cols()).map(|col| self.name(fields, col, word)).collect()
    }

    /// The header of each pair's value column.
    pub(super) fn of_pairs(self, values: &Array, pairs: &[Pair<'_>]) -> Vec<Value> {
        pairs.iter().map(|pair| self.name(values, pair.col, "Value")).collect()
    }

    /// Whether rows of stacked functions say which value column they are made of.
    pub(super) fn label_rows(self, values: &Array, functions: &Functions<'_>) -> bool {
        functions.stacked && self.shown && values.cols() > 1
    }

    fn name(self, fields: &Array, col: u32, word: &str) -> Value {
        match fields.get(0, col) {
            Some(header) if self.given => header.clone(),
            _ => format!("{word} {}", col + 1).into(),
        }
    }
}

/// The data rows that take part: below the header, and let through by a filter, which has a place for each data row,
/// for the header too, or one for all. Of several columns the first decides, as a result of Excel shows.
pub(super) fn data_rows(
    count: u32,
    headers: Headers,
    filter: &Value,
    context: &dyn Context,
) -> Result<Vec<u32>> {
    let first = u32::from(headers.given);
    let mut rows: Vec<u32> = (first..count).collect();
    if !matches!(filter, Value::Missing) {
        let filter = array_of(filter, context)?;
        let place = |row: u32| match filter.rows() {
            1 => Some(0),
            rows if rows == count => Some(row),
            rows if rows == count - first => Some(row - first),
            _ => None,
        };
        let locale = context.environment().locale;
        let mut kept = Vec::new();
        for row in rows {
            let flag = place(row).and_then(|place| filter.get(place, 0));
            if crate::to_bool(flag.ok_or(CellError::Value)?, locale).map_err(|_| CellError::Value)? {
                kept.push(row);
            }
        }
        rows = kept;
    }
    if rows.is_empty() { Err(CellError::Value) } else { Ok(rows) }
}

/// The depth of totals of an argument: 1 where it is left out; what is deeper than there are fields is `#VALUE!`.
pub(super) fn total_depth(args: &Args<'_>, index: usize, fields: u32) -> Result<i64> {
    let depth = args.number_if_given(index, 1.0);
    let fits = depth.trunc() == depth && depth.abs() <= f64::from(fields.max(1));
    if fits { Ok(depth as i64) } else { Err(CellError::Value) }
}

/// Values summed up for each group of rows.
fn groupby(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (fields, values) = (array_of(args.value(0), context)?, array_of(args.value(1), context)?);
    if fields.rows() != values.rows() {
        return Err(CellError::Value);
    }
    let functions = Functions::of(args.value(2), context)?;
    let headers = Headers::of(args, 3, &values, &functions)?;
    let rows = data_rows(fields.rows(), headers, args.value(6), context)?;
    let summary = Summary { values: &values, pairs: functions.paired(values.cols())?, context };
    let depth = total_depth(args, 4, fields.cols())?;
    let as_table = match args.number_if_given(7, 0.0) {
        0.0 => false,
        1.0 if depth.abs() <= 1 => true,
        _ => return Err(CellError::Value),
    };
    let sort = Sort::of(args.value(5), fields.cols(), functions.width(&summary.pairs), context)?;
    let weight = |group: &Group| match sort.by_result {
        Some((pair, _)) => summary.of(pair, &group.rows, &rows),
        None => Ok(Value::Empty),
    };
    let levels = if as_table { &Sort::default() } else { &sort };
    let mut tree = Tree::new(&fields, &rows, levels, context)?;
    let entries = if as_table {
        tree.table(&sort, depth, weight)?
    } else {
        if let Some((_, descends)) = sort.by_result {
            tree.sort_by_values(descends, |_| true, weight)?;
        }
        tree.entries(depth)
    };
    let mut table = Table::new(&fields, &summary, &functions, headers);
    table.heading(&headers.names(&fields, "Row Field"));
    for entry in &entries {
        let found = summary.all_of(&tree.groups[entry.group].rows, &rows)?;
        table.add(&entry.labels, found);
    }
    table.finished(context)
}

/// The result of a GROUPBY as it grows.
struct Table<'a> {
    summary: &'a Summary<'a>,
    stacked: bool,
    /// The headers of the pairs' value columns, where rows of stacked functions show them.
    columns: Option<Vec<Value>>,
    headers: Headers,
    names_functions: bool,
    width: usize,
    cells: Vec<Value>,
}

impl<'a> Table<'a> {
    fn new(
        fields: &Array,
        summary: &'a Summary<'a>,
        functions: &Functions<'_>,
        headers: Headers,
    ) -> Table<'a> {
        let stacked = functions.stacked;
        let columns = headers
            .label_rows(summary.values, functions)
            .then(|| headers.of_pairs(summary.values, &summary.pairs));
        let beside = if stacked { 2 + usize::from(columns.is_some()) } else { summary.pairs.len() };
        let names_functions = functions.named_across();
        let width = fields.cols() as usize + beside;
        Table { summary, stacked, columns, headers, names_functions, width, cells: Vec::new() }
    }

    /// The names of functions, and of fields and value columns.
    fn heading(&mut self, fields: &[Value]) {
        let pairs = &self.summary.pairs;
        if self.names_functions {
            self.cells.extend(fields.iter().map(|_| Value::from("")));
            self.cells.extend(pairs.iter().map(|pair| pair.name.clone()));
        }
        if self.headers.shown {
            self.cells.extend_from_slice(fields);
            let columns = self.headers.of_pairs(self.summary.values, pairs);
            match (self.stacked, &self.columns) {
                (false, _) => self.cells.extend(columns),
                (true, Some(_)) => self.cells.extend(std::iter::repeat_n(Value::from(""), 3)),
                (true, None) => {
                    self.cells.push("".into());
                    self.cells.extend(columns.into_iter().take(1));
                }
            }
        }
    }

    /// A group's row, or a row for each function.
    fn add(&mut self, labels: &[Value], found: Vec<Value>) {
        if !self.stacked {
            self.cells.extend_from_slice(labels);
            self.cells.extend(found);
            return;
        }
        for (nth, (pair, value)) in self.summary.pairs.iter().zip(found).enumerate() {
            self.cells.extend_from_slice(labels);
            self.cells.push(pair.name.clone());
            self.cells.extend(self.columns.as_ref().and_then(|columns| columns.get(nth)).cloned());
            self.cells.push(value);
        }
    }

    fn finished(self, context: &dyn Context) -> Result<Value> {
        let rows = self.cells.len() / self.width;
        super::charge_array(rows as u64, self.width as u64, context)?;
        Ok(Array::new(rows as u32, self.width as u32, self.cells)?.into())
    }
}
