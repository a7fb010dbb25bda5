//! PIVOTBY: values summed up for groups of rows and groups of columns.

use super::array_of;
use super::axis::{self, Entry, Layout, Summary};
use super::grouping::{Headers, data_rows, sort_keys, total_depth};
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[Function::context(
    "PIVOTBY",
    &[
        Param::array("row_fields"),
        Param::array("col_fields"),
        Param::array("values"),
        Param::lambda("function"),
        Param::number("field_headers").optional(),
        Param::number("row_total_depth").optional(),
        Param::array("row_sort_order").optional(),
        Param::number("col_total_depth").optional(),
        Param::array("col_sort_order").optional(),
        Param::array("filter_array").optional(),
        Param::number("relative_to").optional(),
    ],
    pivotby,
)
.giving_array()];

/// Which values a function like PERCENTOF compares a cell's with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Column,
    Row,
    All,
    ParentColumn,
    ParentRow,
}

impl Whole {
    fn of(args: &Args<'_>) -> Result<Whole> {
        Ok(match args.number_if_given(10, 0.0) as i64 {
            0 => Whole::Column,
            1 => Whole::Row,
            2 => Whole::All,
            3 => Whole::ParentColumn,
            4 => Whole::ParentRow,
            _ => return Err(CellError::Value),
        })
    }
}

fn pivotby(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (row_fields, col_fields) = (array_of(args.value(0), context)?, array_of(args.value(1), context)?);
    let values = array_of(args.value(2), context)?;
    if row_fields.rows() != values.rows() || col_fields.rows() != values.rows() {
        return Err(CellError::Value);
    }
    let headers = Headers::of(args, 4, &values, row_fields.cols().max(col_fields.cols()))?;
    let rows = data_rows(values.rows(), headers, args.value(9), context)?;
    let summary = Summary { values: &values, function: args.lambda(3)?, all: &rows, context };
    let side = |fields: &Array, totals: usize, sort: usize| -> Result<Vec<Entry>> {
        let sort = sort_keys(args.value(sort), fields.cols(), context)?;
        axis::entries(fields, &Layout { totals: total_depth(args, totals), sort, as_table: false }, &summary)
    };
    let table = Table {
        row_entries: side(&row_fields, 5, 6)?,
        col_entries: side(&col_fields, 7, 8)?,
        row_fields: &row_fields,
        col_fields: &col_fields,
        headers,
        summary,
        whole: Whole::of(args)?,
    };
    table.laid_out()
}

struct Table<'a> {
    row_entries: Vec<Entry>,
    col_entries: Vec<Entry>,
    row_fields: &'a Array,
    col_fields: &'a Array,
    headers: Headers,
    summary: Summary<'a>,
    whole: Whole,
}

impl Table<'_> {
    fn laid_out(&self) -> Result<Value> {
        let values = self.summary.values;
        let width =
            u64::from(self.row_fields.cols()) + self.col_entries.len() as u64 * u64::from(values.cols());
        let height = self.row_entries.len() as u64 + u64::from(self.col_fields.cols()) + 1;
        super::charge_array(height, width, self.summary.context)?;
        let mut cells = self.column_headers();
        let in_columns = self.columns_of_rows();
        for entry in &self.row_entries {
            cells.extend_from_slice(&entry.labels);
            let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); self.col_entries.len()];
            for row in &entry.rows {
                for col in in_columns.get(*row as usize).into_iter().flatten() {
                    buckets[*col].push(*row);
                }
            }
            for (bucket, col_entry) in buckets.iter().zip(&self.col_entries) {
                cells.extend((0..values.cols()).map(|col| self.cell(bucket, entry, col_entry, col)));
            }
        }
        Array::new((cells.len() as u64 / width) as u32, width as u32, cells).map(Value::from)
    }

    /// The labels of the columns, a line for each column field, and a line of names where headers are shown.
    fn column_headers(&self) -> Vec<Value> {
        let values = self.summary.values;
        let mut cells = Vec::new();
        for level in 0..self.col_fields.cols() as usize {
            cells.extend((0..self.row_fields.cols()).map(|_| Value::from("")));
            for entry in &self.col_entries {
                let label = entry.labels.get(level).cloned().unwrap_or_default();
                cells.extend((0..values.cols()).map(|_| label.clone()));
            }
        }
        if self.headers.shown {
            cells.extend(self.headers.names(self.row_fields, "Row Field"));
            let names = self.headers.names(values, "Value");
            for _ in &self.col_entries {
                cells.extend_from_slice(&names);
            }
        }
        cells
    }

    /// For each row of the data the column entries that it belongs to.
    fn columns_of_rows(&self) -> Vec<Vec<usize>> {
        let mut columns = vec![Vec::new(); self.summary.values.rows() as usize];
        for (place, entry) in self.col_entries.iter().enumerate() {
            for row in &entry.rows {
                columns[*row as usize].push(place);
            }
        }
        columns
    }

    fn cell(&self, rows: &[u32], row_entry: &Entry, col_entry: &Entry, col: u32) -> Value {
        if rows.is_empty() {
            return "".into();
        }
        let whole = match self.whole {
            Whole::Column => &col_entry.rows,
            Whole::Row => &row_entry.rows,
            Whole::All => self.summary.all,
            Whole::ParentColumn => &parent(col_entry, &self.col_entries, self.summary.all),
            Whole::ParentRow => &parent(row_entry, &self.row_entries, self.summary.all),
        };
        let other = match self.whole {
            Whole::ParentColumn => Some(&row_entry.rows),
            Whole::ParentRow => Some(&col_entry.rows),
            _ => None,
        };
        match other {
            Some(other) => self.summary.of(rows, col, &common(whole, other)),
            None => self.summary.of(rows, col, whole),
        }
    }
}

/// The rows of the subtotal that an entry belongs to; all rows at the first level.
fn parent(entry: &Entry, entries: &[Entry], all: &[u32]) -> Vec<u32> {
    let blank = |label: &Value| matches!(label, Value::Text(text) if text.is_empty());
    let Some(above) = entry.labels.iter().filter(|label| !blank(label)).count().checked_sub(1) else {
        return all.to_vec();
    };
    let is_parent = |other: &&Entry| {
        other.labels.iter().take(above).zip(&entry.labels).all(|(a, b)| a.same(b))
            && other.labels.iter().skip(above).all(blank)
    };
    match entries.iter().find(is_parent) {
        Some(found) if above > 0 => found.rows.clone(),
        _ => all.to_vec(),
    }
}

/// The rows in both of two ascending lists.
fn common(a: &[u32], b: &[u32]) -> Vec<u32> {
    a.iter().copied().filter(|row| b.binary_search(row).is_ok()).collect()
}
