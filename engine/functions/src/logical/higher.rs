//! Functions that call a function value for each part of an array.
//!
//! Where the array is a reference, its parts are passed as references, so that functions inside of the LAMBDA
//! can ask for them (`BYROW(A1:B9,LAMBDA(r,SUBTOTAL(103,r)))`).

use crate::call::MAX_ARRAY;
use crate::{Args, Context, Function, Param, View};
use values::{Array, CellError, Lambda, MAX_ROWS, Rect, Result, Value};

const ARRAY: Param = Param::array("array");
const LAMBDA: Param = Param::lambda("lambda");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("BYCOL", &[ARRAY, Param::array("lambda")], bycol).giving_array(),
    Function::context("BYROW", &[ARRAY, Param::array("lambda")], byrow).giving_array(),
    Function::context("MAKEARRAY", &[Param::number("rows"), Param::number("cols"), LAMBDA], makearray)
        .giving_array(),
    Function::context("MAP", &[ARRAY, Param::array("lambda_or_array")], map).repeating(1).giving_array(),
    Function::context("REDUCE", &[Param::array("initial_value"), ARRAY, LAMBDA], reduce).giving_array(),
    Function::context("SCAN", &[Param::array("initial_value"), ARRAY, LAMBDA], scan).giving_array(),
];

/// An array argument, able to give its parts as what they are.
struct Parts<'a> {
    value: &'a Value,
    view: View<'a>,
}

impl<'a> Parts<'a> {
    fn of(value: &'a Value, context: &'a dyn Context) -> Result<Parts<'a>> {
        if let Value::Error(error) = value {
            return Err(*error);
        }
        Ok(Parts { value, view: context.look(value)? })
    }

    /// A rectangle inside: a reference if the whole is one, else an array or a scalar.
    fn part(&self, top: u32, left: u32, rows: u32, cols: u32) -> Value {
        if let Value::Range(sheet, rect) = self.value {
            let first = values::Cell::new(rect.top.0 + top, rect.left.0 + left as u16);
            let last = values::Cell::new(first.row.0 + rows - 1, first.col.0 + (cols - 1) as u16);
            return Value::Range(*sheet, Rect::new(first, last));
        }
        if (rows, cols) == (1, 1) {
            return self.view.get(top, left).clone();
        }
        match self.view.part(top, left, rows, cols) {
            Some(part) => part.to_array(MAX_ARRAY).into(),
            None => CellError::NA.into(),
        }
    }

    /// The value at a place, `#N/A` where there is none.
    fn place(&self, row: u32, col: u32) -> Value {
        if row < self.view.rows() && col < self.view.cols() {
            self.part(row, col, 1, 1)
        } else {
            CellError::NA.into()
        }
    }
}

/// What one place of a result can hold of what a function gave; functions too, for REDUCE to call one after the other.
fn single(value: Value, context: &dyn Context) -> Value {
    match value {
        Value::Range(sheet, rect) if rect.is_cell() => {
            context.cell(sheet, rect.first()).unwrap_or_else(Value::Error)
        }
        Value::Array(array) if array.len() == 1 => array.first().clone(),
        Value::Range(..) | Value::Areas(_) | Value::Array(_) => CellError::Calc.into(),
        scalar => scalar,
    }
}

fn charged(rows: u32, cols: u32, context: &dyn Context) -> Result<usize> {
    let count = u64::from(rows) * u64::from(cols);
    if count > MAX_ARRAY {
        return Err(CellError::Calc);
    }
    context.spend(count)?;
    Ok(count as usize)
}

/// The function values of an argument: one, or as many as stand in a row, or in a column where `down`.
fn functions_of(value: &Value, down: bool) -> Result<Vec<&Lambda>> {
    fn lambda(value: &Value) -> Result<&Lambda> {
        if let Value::Lambda(lambda) = value { Ok(lambda) } else { Err(CellError::Value) }
    }
    match value {
        Value::Error(error) => Err(*error),
        Value::Array(array) if (if down { array.cols() } else { array.rows() }) == 1 => {
            array.iter().map(lambda).collect()
        }
        other => Ok(vec![lambda(other)?]),
    }
}

/// One value for each column; several functions one below the other give a row each.
fn bycol(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (parts, functions) = (Parts::of(args.value(0), context)?, functions_of(args.value(1), true)?);
    let (rows, cols) = (parts.view.rows(), parts.view.cols());
    let mut values = Vec::with_capacity(charged(functions.len() as u32, cols, context)?);
    for lambda in &functions {
        values.extend(
            (0..cols).map(|col| single(context.apply(lambda, &[parts.part(0, col, rows, 1)]), context)),
        );
    }
    Ok(Array::new(functions.len() as u32, cols, values)?.into())
}

/// One value for each row; several functions side by side give a column each.
fn byrow(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (parts, functions) = (Parts::of(args.value(0), context)?, functions_of(args.value(1), false)?);
    let (rows, cols) = (parts.view.rows(), parts.view.cols());
    let mut values = Vec::with_capacity(charged(rows, functions.len() as u32, context)?);
    for row in 0..rows {
        let part = parts.part(row, 0, 1, cols);
        for lambda in &functions {
            values.push(single(context.apply(lambda, std::slice::from_ref(&part)), context));
        }
    }
    Ok(Array::new(rows, functions.len() as u32, values)?.into())
}

/// An array of what the function gives for each row and column number.
fn makearray(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (rows, cols, lambda) = (size(args.number(0))?, size(args.number(1))?, args.lambda(2)?);
    let mut values = Vec::with_capacity(charged(rows, cols, context)?);
    for row in 1..=rows {
        for col in 1..=cols {
            let place = [f64::from(row).into(), f64::from(col).into()];
            values.push(single(context.apply(lambda, &place), context));
        }
    }
    Ok(Array::new(rows, cols, values)?.into())
}

/// A whole number of rows or columns. Unlike elsewhere a part is refused, as results of Excel show.
fn size(number: f64) -> Result<u32> {
    let is_size = (1.0..=f64::from(MAX_ROWS)).contains(&number) && number.fract() == 0.0;
    if is_size { Ok(number as u32) } else { Err(CellError::Value) }
}

/// The function's value for each place of the arrays; places that one of them lacks are `#N/A`.
fn map(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let last = args.len().saturating_sub(1);
    let lambda: &Lambda = args.lambda(last)?;
    let arrays: Vec<Parts<'_>> =
        args.from(0).iter().take(last).map(|value| Parts::of(value, context)).collect::<Result<_>>()?;
    let rows = arrays.iter().map(|parts| parts.view.rows()).max().unwrap_or(0);
    let cols = arrays.iter().map(|parts| parts.view.cols()).max().unwrap_or(0);
    let mut values = Vec::with_capacity(charged(rows, cols, context)?);
    for row in 0..rows {
        for col in 0..cols {
            let place: Vec<Value> = arrays.iter().map(|parts| parts.place(row, col)).collect();
            values.push(single(context.apply(lambda, &place), context));
        }
    }
    if values.len() == 1 {
        return values.pop().ok_or(CellError::Calc);
    }
    Ok(Array::new(rows, cols, values)?.into())
}

/// Folds the array, row by row, into one value, which may itself be an array.
fn reduce(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let mut result = Value::Empty;
    fold(args, context, |step| result = step.clone())?;
    Ok(result)
}

/// As REDUCE, with each value on the way.
fn scan(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let mut values = Vec::new();
    fold(args, context, |step| values.push(single(step.clone(), context)))?;
    let view = context.look(args.value(1))?;
    Ok(Array::new(view.rows(), view.cols(), values)?.into())
}

/// Calls the function along the array and shows each value that came of it. Without an initial value the first
/// place is where it starts.
fn fold(args: &Args<'_>, context: &dyn Context, mut step: impl FnMut(&Value)) -> Result<()> {
    let (parts, lambda) = (Parts::of(args.value(1), context)?, args.lambda(2)?);
    let (rows, cols) = (parts.view.rows(), parts.view.cols());
    charged(rows, cols, context)?;
    let mut so_far = args.given(0).then(|| args.value(0).clone());
    for row in 0..rows {
        for col in 0..cols {
            let place = parts.part(row, col, 1, 1);
            let next = match so_far {
                Some(so_far) => context.apply(lambda, &[so_far, place]),
                None => place,
            };
            step(&next);
            so_far = Some(next);
        }
    }
    Ok(())
}
