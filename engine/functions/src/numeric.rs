//! Reading numbers out of arguments, as the reducing functions do.
//!
//! A scalar written as an argument is coerced; in a reference or an array only what counts by itself counts.

use crate::{Args, Context, coerce};
use values::{Area, CellError, Result, Value};

/// What counts as a number inside of references and arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Numbers only, as in SUM.
    Numbers,
    /// Also TRUE as 1, FALSE and text as 0, as in AVERAGEA.
    Everything,
}

/// Calls `visit` for each number of the arguments, in the order in which Excel reads them.
///
/// # Errors
/// The first error value met; `#VALUE!` for a written text that is no number.
pub fn for_each_number(
    args: &[Value],
    counting: Counting,
    context: &dyn Context,
    visit: &mut dyn FnMut(f64),
) -> Result<()> {
    for arg in args {
        match arg {
            Value::Areas(areas) => {
                for area in areas.iter() {
                    numbers_of_area(*area, counting, context, visit)?;
                }
            }
            Value::Range(sheet, rect) => {
                numbers_of_area(Area { sheet: *sheet, rect: *rect }, counting, context, visit)?;
            }
            Value::Array(array) => {
                for value in array.iter() {
                    number_inside(value, counting, visit)?;
                }
            }
            // What a person wrote as an argument means what it says.
            scalar => visit(coerce::to_number(scalar, &context.environment().locale)?),
        }
    }
    Ok(())
}

fn numbers_of_area(
    area: Area,
    counting: Counting,
    context: &dyn Context,
    visit: &mut dyn FnMut(f64),
) -> Result<()> {
    context.view(area)?.try_for_each(|_, _, value| number_inside(value, counting, visit))
}

fn number_inside(value: &Value, counting: Counting, visit: &mut dyn FnMut(f64)) -> Result<()> {
    match value {
        Value::Number(number) => visit(*number),
        Value::Error(error) => return Err(*error),
        Value::Bool(value) if counting == Counting::Everything => visit(f64::from(u8::from(*value))),
        Value::Text(_) if counting == Counting::Everything => visit(0.0),
        _ => {}
    }
    Ok(())
}

/// All numbers of the arguments in reading order.
///
/// # Errors
/// As [`for_each_number`].
pub fn numbers(args: &[Value], counting: Counting, context: &dyn Context) -> Result<Vec<f64>> {
    let mut all = Vec::new();
    for_each_number(args, counting, context, &mut |number| all.push(number))?;
    Ok(all)
}

/// The numbers of one argument.
///
/// # Errors
/// As [`for_each_number`].
pub fn numbers_of(args: &Args<'_>, index: usize, context: &dyn Context) -> Result<Vec<f64>> {
    numbers(std::slice::from_ref(args.value(index)), Counting::Numbers, context)
}

/// Pairs of numbers from two arguments of the same size, leaving out places where one is no number, as
/// CORREL and SLOPE do.
///
/// # Errors
/// `#N/A` where the sizes differ; the first error value met.
pub fn number_pairs(a: &Value, b: &Value, context: &dyn Context) -> Result<Vec<(f64, f64)>> {
    let (a, b) = (context.look(a)?, context.look(b)?);
    if a.count() != b.count() {
        return Err(CellError::NA);
    }
    let used = u64::from(a.used_rows().max(b.used_rows())) * u64::from(a.cols().max(1));
    let count = if a.cols() == b.cols() { used.min(a.count()) } else { a.count() };
    context.spend(count)?;
    let mut pairs = Vec::new();
    for index in 0..count {
        match (a.at(index), b.at(index)) {
            (Value::Error(error), _) | (_, Value::Error(error)) => return Err(*error),
            (Value::Number(x), Value::Number(y)) => pairs.push((*x, *y)),
            _ => {}
        }
    }
    Ok(pairs)
}
