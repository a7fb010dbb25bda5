//! SORT, SORTBY, UNIQUE and FILTER.

use super::order::compare_directed;
use super::shape::is_vector;
use super::{array_of, array_or_scalar};
use crate::{Args, Context, Function, Param};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::Hash;
use std::sync::Arc;
use values::{Array, CellError, Result, Value, folded};

const ARRAY: Param = Param::array("array");
const BY_COL: Param = Param::bool("by_col").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "FILTER",
        &[ARRAY, Param::array("include"), Param::array("if_empty").optional()],
        filter,
    )
    .giving_array(),
    Function::context(
        "SORT",
        &[ARRAY, Param::array("sort_index").optional(), Param::array("sort_order").optional(), BY_COL],
        sort,
    )
    .giving_array(),
    Function::context(
        "SORTBY",
        &[ARRAY, Param::array("by_array"), Param::number("sort_order").optional()],
        sortby,
    )
    .repeating(2)
    .giving_array(),
    Function::context("UNIQUE", &[ARRAY, BY_COL, Param::bool("exactly_once").optional()], unique)
        .giving_array(),
];

/// The rows of an array in another choice or order.
fn rows_of(array: &Array, rows: &[u32]) -> Result<Value> {
    let values = rows.iter().flat_map(|row| array.row_values(*row)).cloned().collect();
    array_or_scalar(rows.len() as u32, array.cols(), values)
}

/// The same for columns where `by_col`, of an array that was transposed before.
fn turned_back(result: Value, by_col: bool) -> Value {
    match result {
        Value::Array(array) if by_col => array.transposed().into(),
        other => other,
    }
}

/// Rows (or columns) in the order of one or more of their values; equal ones stay as they stood.
fn sort(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let array = array_of(args.value(0), context)?;
    let by_col = args.bool(3);
    let array = if by_col { Arc::new(array.transposed()) } else { array };
    let keys = numbers_or(args.value(1), 1.0, context)?;
    let orders = numbers_or(args.value(2), 1.0, context)?;
    if orders.len() > 1 && orders.len() != keys.len() {
        return Err(CellError::Value);
    }
    let mut levels = Vec::with_capacity(keys.len());
    for (nth, key) in keys.iter().enumerate() {
        if !(1.0..=f64::from(array.cols())).contains(&key.trunc()) {
            return Err(CellError::Value);
        }
        let order = orders.get(nth).or_else(|| orders.first()).copied().unwrap_or(1.0);
        levels.push((*key as u32 - 1, descending(order)?));
    }
    let rows = in_order(array.rows(), &levels, |level, row| &array.row_values(row)[level as usize]);
    Ok(turned_back(rows_of(&array, &rows)?, by_col))
}

/// Rows in the order of their values at some levels, the first one deciding; equal ones stay as they stood.
fn in_order<'v>(rows: u32, levels: &[(u32, bool)], value: impl Fn(u32, u32) -> &'v Value + Copy) -> Vec<u32> {
    if let [(level, descending)] = levels
        && let Some(rows) = in_order_of_numbers(rows, *descending, |row| value(*level, row))
    {
        return rows;
    }
    let mut rows: Vec<u32> = (0..rows).collect();
    rows.sort_by(|a, b| by_levels(levels, |level| (value(level, *a), value(level, *b))));
    rows
}

/// The same for one level of numbers only: they are sorted as integers of the same order, each with its row.
fn in_order_of_numbers<'v>(
    rows: u32,
    descending: bool,
    value: impl Fn(u32) -> &'v Value,
) -> Option<Vec<u32>> {
    let key = |row: u32| match value(row) {
        Value::Number(number) => {
            let bits = (number + 0.0).to_bits();
            // The order of `f64::total_cmp`: of negative numbers all bits turn, of others the sign.
            let ascending = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
            Some((if descending { !ascending } else { ascending }, row))
        }
        _ => None,
    };
    let mut keys: Vec<(u64, u32)> = (0..rows).map(key).collect::<Option<_>>()?;
    keys.sort_unstable();
    Some(keys.into_iter().map(|(_, row)| row).collect())
}

fn by_levels<'v>(levels: &[(u32, bool)], values: impl Fn(u32) -> (&'v Value, &'v Value)) -> Ordering {
    levels
        .iter()
        .map(|(level, descending)| {
            let (a, b) = values(*level);
            compare_directed(a, b, *descending)
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn descending(order: f64) -> Result<bool> {
    match order.trunc() {
        1.0 => Ok(false),
        -1.0 => Ok(true),
        _ => Err(CellError::Value),
    }
}

fn numbers_or(value: &Value, default: f64, context: &dyn Context) -> Result<Vec<f64>> {
    if matches!(value, Value::Missing) {
        return Ok(vec![default]);
    }
    array_of(value, context)?.iter().map(|value| crate::to_number(value, &context.reading())).collect()
}

/// Rows or columns in the order of other rows or columns of the same length.
fn sortby(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let array = array_of(args.value(0), context)?;
    let mut keys: Vec<Arc<Array>> = Vec::new();
    let mut levels = Vec::new();
    let mut by_col = None;
    for (nth, pair) in args.from(1).chunks(2).enumerate() {
        let key = array_of(pair.first().unwrap_or(&Value::Missing), context)?;
        let horizontal = key.rows() == 1 && (key.cols() > 1 || array.rows() > 1);
        let fits = if horizontal { key.cols() == array.cols() } else { key.rows() == array.rows() };
        if !is_vector(&key) || !fits || *by_col.get_or_insert(horizontal) != horizontal {
            return Err(CellError::Value);
        }
        let order = match pair.get(1) {
            None | Some(Value::Missing) => 1.0,
            Some(order) => crate::to_number(order, &context.reading())?,
        };
        levels.push((nth as u32, descending(order)?));
        keys.push(key);
    }
    let by_col = by_col.unwrap_or(false);
    let array = if by_col { Arc::new(array.transposed()) } else { array };
    let rows = in_order(array.rows(), &levels, |level, row| &keys[level as usize].values()[row as usize]);
    Ok(turned_back(rows_of(&array, &rows)?, by_col))
}

/// A value as UNIQUE and grouping see it: case does not count. To grouping, empty is a value of its own.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Identity<'v> {
    Empty,
    Number(u64),
    Text(Cow<'v, str>),
    Bool(bool),
    Error(CellError),
}

impl Identity<'_> {
    pub(super) fn of(value: &Value) -> Identity<'_> {
        match value {
            // Adding 0 makes one of the two zeros.
            Value::Number(number) => Identity::Number((number + 0.0).to_bits()),
            Value::Text(text) => Identity::Text(folded(text)),
            Value::Bool(truth) => Identity::Bool(*truth),
            Value::Error(error) => Identity::Error(*error),
            _ => Identity::Empty,
        }
    }
}

/// The first row of each identity, and whether it is the only one.
fn first_of_each<I: Eq + Hash>(identities: impl Iterator<Item = I>) -> Vec<(u32, bool)> {
    let mut places: FxHashMap<I, usize> = FxHashMap::default();
    let mut found: Vec<(u32, bool)> = Vec::new();
    for (row, identity) in (0..).zip(identities) {
        let place = *places.entry(identity).or_insert(found.len());
        match found.get_mut(place) {
            Some((_, once)) => *once = false,
            None => found.push((row, true)),
        }
    }
    found
}

/// Each different row (or column) once, or only those that stand there once.
fn unique(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let array = array_of(args.value(0), context)?;
    let by_col = args.bool(1);
    let array = if by_col { Arc::new(array.transposed()) } else { array };
    // An empty cell and empty text are one.
    let identity = |value| match Identity::of(value) {
        Identity::Empty => Identity::Text(Cow::Borrowed("")),
        other => other,
    };
    let found = if array.cols() == 1 {
        first_of_each(array.iter().map(identity))
    } else {
        let rows = (0..array.rows()).map(|row| array.row_values(row));
        first_of_each(rows.map(|values| values.iter().map(identity).collect::<Vec<_>>()))
    };
    let rows: Vec<u32> =
        found.into_iter().filter(|(_, once)| *once || !args.bool(2)).map(|(row, _)| row).collect();
    Ok(turned_back(rows_of(&array, &rows)?, by_col))
}

/// The rows or columns for which a condition holds; `#CALC!` or a value of choice where none does.
fn filter(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let array = array_of(args.value(0), context)?;
    let include = array_of(args.value(1), context)?;
    let by_row = include.cols() == 1 && include.rows() == array.rows();
    let by_col = include.rows() == 1 && include.cols() == array.cols();
    if !by_row && !by_col {
        return Err(CellError::Value);
    }
    let array = if by_row { array } else { Arc::new(array.transposed()) };
    let mut rows = Vec::new();
    for (row, value) in (0..).zip(include.iter()) {
        let kept = match value {
            Value::Bool(truth) => *truth,
            Value::Number(number) => *number != 0.0,
            Value::Empty => false,
            Value::Error(error) => return Err(*error),
            _ => return Err(CellError::Value),
        };
        if kept {
            rows.push(row);
        }
    }
    if rows.is_empty() && args.given(2) {
        return Ok(args.value(2).clone());
    }
    Ok(turned_back(rows_of(&array, &rows)?, !by_row))
}
