//! Reading numbers out of arguments, as the reducing functions do.
//!
//! A scalar written as an argument is coerced; in a reference or an array only what counts by itself counts.

pub(crate) mod beta;
pub(crate) mod decimal;
pub(crate) mod gamma;
pub(crate) mod linear;
pub(crate) mod normal;
pub(crate) mod powers;
pub(crate) mod sample;
pub(crate) mod solve;
pub(crate) mod strict;

use crate::numbers::Numbers;
use crate::{Args, Context, coerce};
use values::{Area, CellError, Result, Value};

/// What counts as a number inside of references and arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Numbers only, as in SUM.
    Numbers,
    /// In references also TRUE as 1, FALSE and text as 0, as in MAXA; in arrays numbers only, which is how Excel
    /// has it.
    Everything,
    /// As `Everything`, but text in arrays counts as 0 too, as in AVERAGEA.
    EverythingAndText,
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
                    match (value, counting) {
                        (Value::Text(_), Counting::EverythingAndText) => visit(0.0),
                        _ => number_inside(value, Counting::Numbers, visit)?,
                    }
                }
            }
            // What a person wrote as an argument means what it says.
            scalar => visit(coerce::to_number(scalar, &context.reading())?),
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
    let view = context.view(area)?;
    if counting == Counting::Numbers
        && let Some(numbers) = at_hand(area, context)
    {
        numbers.rows().iter().filter(|number| !number.is_nan()).for_each(|number| visit(*number));
        return Ok(());
    }
    view.try_for_each(|_, _, value| number_inside(value, counting, visit))
}

/// The numbers of an area, where they are at hand and there is no error among them.
fn at_hand(area: Area, context: &dyn Context) -> Option<Numbers<'_>> {
    Numbers::of(area, context).filter(|numbers| !numbers.have_errors())
}

fn number_inside(value: &Value, counting: Counting, visit: &mut dyn FnMut(f64)) -> Result<()> {
    match value {
        Value::Number(number) => visit(*number),
        Value::Error(error) => return Err(*error),
        Value::Bool(value) if counting != Counting::Numbers => visit(f64::from(u8::from(*value))),
        Value::Text(_) if counting != Counting::Numbers => visit(0.0),
        _ => {}
    }
    Ok(())
}

/// The sum of all numbers of the arguments from left to right, and how many they are.
///
/// # Errors
/// As [`for_each_number`].
pub(crate) fn sum_and_count(args: &[Value], context: &dyn Context) -> Result<(f64, u64)> {
    let (mut sum, mut count) = (0.0, 0);
    for arg in args {
        let area = match arg {
            Value::Range(sheet, rect) => Some(Area { sheet: *sheet, rect: *rect }),
            _ => None,
        };
        let view = area.map(|area| context.view(area)).transpose()?;
        if let Some(numbers) = area.and_then(|area| at_hand(area, context)) {
            count += numbers.add_to(&mut sum);
            continue;
        }
        let mut add = |number: f64| {
            sum += number;
            count += 1;
        };
        match view {
            Some(view) => {
                view.try_for_each(|_, _, value| number_inside(value, Counting::Numbers, &mut add))?;
            }
            None => for_each_number(std::slice::from_ref(arg), Counting::Numbers, context, &mut add)?,
        }
    }
    Ok((sum, count))
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
/// `#N/A` where the sizes differ, whatever stands in them; else the error of the first pair that has one, the first
/// argument's before the second's. Results of Excel show both.
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
            (Value::Error(error), _) | (_, Value::Error(error)) => return Err(paired_error(*error)),
            (Value::Number(x), Value::Number(y)) => pairs.push((*x, *y)),
            _ => {}
        }
    }
    Ok(pairs)
}

/// What becomes of an error among two lists of numbers: Excel tells `#NULL!` as `#NUM!`.
pub(crate) fn paired_error(error: CellError) -> CellError {
    if error == CellError::Null { CellError::Num } else { error }
}

/// A power as Excel's `^` and POWER have it: negative numbers have odd roots.
///
/// # Errors
/// `#NUM!` for 0^0, for even roots of negative numbers and beyond the range of a double; `#DIV/0!` for negative
/// powers of 0.
pub fn power(base: f64, exponent: f64) -> Result<f64> {
    if base == 0.0 {
        return match exponent {
            0.0 => Err(CellError::Num),
            exponent if exponent < 0.0 => Err(CellError::Div0),
            _ => Ok(0.0),
        };
    }
    let power = libm::pow(base, exponent);
    if power.is_nan() {
        let root = 1.0 / exponent;
        // The reciprocal of an odd number, as well as a double can say it.
        if (root - root.round()).abs() < 1e-9 && root.round() % 2.0 != 0.0 {
            return Ok(-libm::pow(-base, exponent));
        }
        return Err(CellError::Num);
    }
    if power.is_finite() { Ok(power) } else { Err(CellError::Num) }
}
