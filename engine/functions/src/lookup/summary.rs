//! What makes the values of a GROUPBY or PIVOTBY: the functions, each over a value column.

use crate::Context;
use values::{Array, CellError, Lambda, Result, Value};

/// The functions of a call.
pub(super) struct Functions<'a> {
    list: Vec<&'a Lambda>,
    /// What each is called where results say so.
    names: Vec<Value>,
    /// Whether they stand one below the other, and so give rows each.
    pub(super) stacked: bool,
    /// Whether results say what the functions are called.
    pub(super) named: bool,
}

impl<'a> Functions<'a> {
    /// Reads the argument: one function, or several in a row or a column, with names of choice behind them.
    pub(super) fn of(value: &'a Value, context: &dyn Context) -> Result<Functions<'a>> {
        let array = match value {
            Value::Lambda(lambda) => {
                let names = vec![name_of(lambda, context)];
                return checked(
                    Functions { list: vec![lambda], names, stacked: false, named: false },
                    context,
                );
            }
            Value::Array(array) => array,
            other => return Err(context.look(other)?.get(0, 0).error().unwrap_or(CellError::Value)),
        };
        let is_function = |row: u32, col: u32| matches!(array.get(row, col), Some(Value::Lambda(_)));
        let (stacked, has_names) = match (array.rows(), array.cols()) {
            (1, _) => (false, false),
            (2, _) if !is_function(1, 0) => (false, true),
            (_, 1) => (true, false),
            (_, 2) if !is_function(0, 1) => (true, true),
            _ => return Err(CellError::Value),
        };
        let place = |nth: u32, behind: u32| if stacked { (nth, behind) } else { (behind, nth) };
        let count = if stacked { array.rows() } else { array.cols() };
        let (mut list, mut names) = (Vec::new(), Vec::new());
        for nth in 0..count {
            let (row, col) = place(nth, 0);
            let Some(Value::Lambda(lambda)) = array.get(row, col) else { return Err(CellError::Value) };
            list.push(&**lambda);
            let (row, col) = place(nth, 1);
            let given = array.get(row, col).filter(|_| has_names).cloned();
            names.push(given.unwrap_or_else(|| name_of(lambda, context)));
        }
        let several = list.len() > 1;
        checked(Functions { list, names, stacked: stacked && several, named: several || has_names }, context)
    }

    /// How many.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// How many columns the values of a group take: stacked ones take a row each.
    pub(super) fn width(&self, pairs: &[Pair<'_>]) -> usize {
        if self.stacked { 1 } else { pairs.len() }
    }

    /// Whether they stand side by side and results say what they are called, which shows headers where Excel chooses.
    pub(super) fn named_across(&self) -> bool {
        self.named && !self.stacked
    }

    /// What goes with which value column: one function with each column, each function with the only column, or the
    /// first with the first and so on.
    pub(super) fn paired(&self, columns: u32) -> Result<Vec<Pair<'a>>> {
        let pair = |nth: usize, col: u32| -> Option<Pair<'a>> {
            Some(Pair { function: self.list.get(nth)?, name: self.names.get(nth)?.clone(), col })
        };
        let pairs: Option<Vec<Pair<'a>>> = match (self.list.len(), columns) {
            (1, _) => (0..columns).map(|col| pair(0, col)).collect(),
            (count, 1) => (0..count).map(|nth| pair(nth, 0)).collect(),
            (count, _) if count == columns as usize => {
                (0..columns).map(|col| pair(col as usize, col)).collect()
            }
            _ => None,
        };
        pairs.ok_or(CellError::Value)
    }
}

/// Functions that must be given more than the values and a total are refused.
fn checked<'a>(functions: Functions<'a>, context: &dyn Context) -> Result<Functions<'a>> {
    let fits = functions.list.iter().all(|lambda| context.describe(lambda).required <= 2);
    if fits { Ok(functions) } else { Err(CellError::Value) }
}

fn name_of(lambda: &Lambda, context: &dyn Context) -> Value {
    context.describe(lambda).name.unwrap_or("CUSTOM").into()
}

/// A function and the value column that it is applied to.
pub(super) struct Pair<'a> {
    function: &'a Lambda,
    pub(super) name: Value,
    pub(super) col: u32,
}

/// What makes values of data rows.
pub(super) struct Summary<'a> {
    /// The value columns, header row included.
    pub(super) values: &'a Array,
    pub(super) pairs: Vec<Pair<'a>>,
    pub(super) context: &'a dyn Context,
}

impl Summary<'_> {
    /// A pair's function over some rows of its column. PERCENTOF, and a LAMBDA of two arguments, get the values of
    /// `whole` too; another function that wants two is an error in each place.
    ///
    /// # Errors
    /// `#VALUE!` where the function gives anything but one value, which refuses the whole summary.
    pub(super) fn of(&self, pair: usize, rows: &[u32], whole: &[u32]) -> Result<Value> {
        let Pair { function, col, .. } = self.pairs.get(pair).ok_or(CellError::Value)?;
        let column = |rows: &[u32]| -> Value {
            let values = rows.iter().filter_map(|row| self.values.get(*row, *col).cloned()).collect();
            Array::column(values).into()
        };
        self.context.spend(rows.len() as u64)?;
        let result = if self.takes_whole(function) {
            self.context.spend(whole.len() as u64)?;
            self.context.apply(function, &[column(rows), column(whole)])
        } else {
            self.context.apply(function, &[column(rows)])
        };
        match result {
            Value::Array(array) if array.len() == 1 => Ok(array.first().clone()),
            Value::Range(sheet, rect) if rect.is_cell() => self.context.cell(sheet, rect.first()),
            Value::Array(_) | Value::Range(..) | Value::Areas(_) | Value::Lambda(_) => Err(CellError::Value),
            scalar => Ok(scalar),
        }
    }

    fn takes_whole(&self, function: &Lambda) -> bool {
        let kind = self.context.describe(function);
        kind.required == 2 && kind.name.is_none_or(|name| name == "PERCENTOF")
    }

    /// Whether any pair's function gets the values of a whole, so that it matters which.
    pub(super) fn compares(&self) -> bool {
        self.pairs.iter().any(|pair| self.takes_whole(pair.function))
    }

    /// The values of all pairs.
    pub(super) fn all_of(&self, rows: &[u32], whole: &[u32]) -> Result<Vec<Value>> {
        (0..self.pairs.len()).map(|pair| self.of(pair, rows, whole)).collect()
    }
}
