//! Arrays put together and unrolled: HSTACK, VSTACK, TOCOL, TOROW, WRAPCOLS, WRAPROWS.

use super::shape::is_vector;
use super::{array_of, array_or_scalar, charge_array};
use crate::call::MAX_ARRAY;
use crate::{Args, Context, Function, Param};
use std::sync::Arc;
use values::{Array, CellError, Result, Value};

const ARRAY: Param = Param::array("array");
const IGNORE: Param = Param::number("ignore").optional();
const BY_COLUMN: Param = Param::bool("scan_by_column").optional();
const WRAP: &[Param] =
    &[Param::array("vector"), Param::number("wrap_count"), Param::any("pad_with").optional()];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("HSTACK", &[ARRAY], hstack).repeating(1).giving_array(),
    Function::context("TOCOL", &[ARRAY, IGNORE, BY_COLUMN], tocol).giving_array(),
    Function::context("TOROW", &[ARRAY, IGNORE, BY_COLUMN], torow).giving_array(),
    Function::context("VSTACK", &[ARRAY], vstack).repeating(1).giving_array(),
    Function::context("WRAPCOLS", WRAP, wrapcols).giving_array(),
    Function::context("WRAPROWS", WRAP, wraprows).giving_array(),
];

/// All arguments as arrays, each area of a reference to several (sheets, for one) by itself; an error is an array
/// of itself.
fn arrays(args: &[Value], context: &dyn Context) -> Result<Vec<Arc<Array>>> {
    let mut all = Vec::new();
    let mut count = 0;
    let mut add = |array: Arc<Array>| {
        count += array.len() as u64;
        all.push(array);
        if count > MAX_ARRAY { Err(CellError::Calc) } else { Ok(()) }
    };
    for arg in args {
        match arg {
            Value::Error(_) | Value::Lambda(_) => add(Arc::new(Array::single(arg.clone())))?,
            Value::Areas(areas) => {
                for area in areas.iter() {
                    add(array_of(&Value::range(*area), context)?)?;
                }
            }
            arg => add(array_of(arg, context)?)?,
        }
    }
    Ok(all)
}

/// Side by side; lower ones are filled up with `#N/A`.
fn hstack(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let arrays = arrays(args.from(0), context)?;
    let rows = arrays.iter().map(|array| array.rows()).max().unwrap_or(0);
    let cols: u64 = arrays.iter().map(|array| u64::from(array.cols())).sum();
    charge_array(rows.into(), cols, context)?;
    let mut values = Vec::new();
    for row in 0..rows {
        for array in &arrays {
            if row < array.rows() {
                values.extend_from_slice(array.row_values(row));
            } else {
                values.extend((0..array.cols()).map(|_| Value::from(CellError::NA)));
            }
        }
    }
    array_or_scalar(rows, cols as u32, values)
}

/// One below the other; narrower ones are filled up with `#N/A`.
fn vstack(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let arrays = arrays(args.from(0), context)?;
    let cols = arrays.iter().map(|array| array.cols()).max().unwrap_or(0);
    let rows: u64 = arrays.iter().map(|array| u64::from(array.rows())).sum();
    charge_array(rows, cols.into(), context)?;
    let mut values = Vec::new();
    for array in &arrays {
        for row in 0..array.rows() {
            values.extend_from_slice(array.row_values(row));
            values.extend((array.cols()..cols).map(|_| Value::from(CellError::NA)));
        }
    }
    array_or_scalar(rows as u32, cols, values)
}

/// All values in one column.
fn tocol(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let values = unrolled(args, context)?;
    array_or_scalar(values.len() as u32, 1, values)
}

/// All values in one row.
fn torow(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let values = unrolled(args, context)?;
    array_or_scalar(1, values.len() as u32, values)
}

/// The values row by row, or column by column, without blanks (1), errors (2) or both (3).
fn unrolled(args: &Args<'_>, context: &dyn Context) -> Result<Vec<Value>> {
    let ignore = args.number_if_given(1, 0.0) as i64;
    if !(0..=3).contains(&ignore) {
        return Err(CellError::Value);
    }
    let keep = |value: &Value| match value {
        Value::Empty => ignore & 1 == 0,
        Value::Error(_) => ignore & 2 == 0,
        _ => true,
    };
    let value = args.value(0);
    if let Value::Areas(_) = value {
        let arrays = arrays(std::slice::from_ref(value), context)?;
        let arrays =
            arrays.into_iter().map(|array| if args.bool(2) { Arc::new(array.transposed()) } else { array });
        let values = arrays.flat_map(|array| Arc::unwrap_or_clone(array).into_values());
        return Ok(values.filter(keep).collect());
    }
    if ignore & 1 != 0 && !args.bool(2) && value.error().is_none() {
        // Blanks are dropped: whole columns cost what they hold.
        let mut values = Vec::new();
        context.look(value)?.try_for_each(|_, _, value| {
            if values.len() as u64 >= MAX_ARRAY {
                return Err(CellError::Calc);
            }
            if keep(value) {
                values.push(value.clone());
            }
            Ok(())
        })?;
        context.spend(values.len() as u64)?;
        return Ok(values);
    }
    let array = array_of(value, context)?;
    let array = if args.bool(2) { Arc::new(array.transposed()) } else { array };
    Ok(Arc::unwrap_or_clone(array).into_values().into_iter().filter(keep).collect())
}

/// Rows of so many values each.
fn wraprows(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    wrapped(args, context).map(Value::from)
}

/// Columns of so many values each.
fn wrapcols(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(wrapped(args, context)?.transposed().into())
}

/// The vector in rows of `wrap_count`, the last one filled up.
fn wrapped(args: &Args<'_>, context: &dyn Context) -> Result<Array> {
    let array = array_of(args.value(0), context)?;
    if !is_vector(&array) {
        return Err(CellError::Value);
    }
    let wrap = args.integer(1);
    if wrap < 1 {
        return Err(CellError::Num);
    }
    let count = array.len() as u64;
    // A row longer than the vector is cut to it, as there is nothing to fill the rest of the only row with.
    let wrap = (wrap as u64).min(count);
    let rows = count.div_ceil(wrap);
    charge_array(rows, wrap, context)?;
    let pad = if args.given(2) { args.value(2).clone() } else { CellError::NA.into() };
    let mut values = Arc::unwrap_or_clone(array).into_values();
    values.resize((rows * wrap) as usize, pad);
    Array::new(rows as u32, wrap as u32, values)
}
