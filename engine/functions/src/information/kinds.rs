//! Questions about the kind of a value.

use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const VALUE: &[Param] = &[Param::any("value")];
const NUMBER: &[Param] = &[Param::strict_number("number")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("ERROR.TYPE", &[Param::any("error_val")], error_type),
    Function::plain("ISBLANK", VALUE, |args| {
        is(args, |value| matches!(value, Value::Empty | Value::Missing))
    }),
    Function::plain("ISERR", VALUE, |args| {
        is(args, |value| value.error().is_some_and(|e| e != CellError::NA))
    }),
    Function::plain("ISERROR", VALUE, |args| is(args, |value| value.error().is_some())),
    Function::plain("ISEVEN", NUMBER, |args| Ok((halves(args) == 0.0).into())),
    Function::plain("ISLOGICAL", VALUE, |args| is(args, |value| matches!(value, Value::Bool(_)))),
    Function::plain("ISNA", VALUE, |args| is(args, |value| value.error() == Some(CellError::NA))),
    Function::plain("ISNONTEXT", VALUE, |args| is(args, |value| !matches!(value, Value::Text(_)))),
    Function::plain("ISNUMBER", VALUE, |args| is(args, |value| matches!(value, Value::Number(_)))),
    Function::plain("ISODD", NUMBER, |args| Ok((halves(args) != 0.0).into())),
    Function::plain("ISREF", &[Param::values("value")], |args| is(args, Value::is_reference)),
    Function::plain("ISTEXT", VALUE, |args| is(args, |value| matches!(value, Value::Text(_)))),
    Function::context("N", &[Param::values("value")], n),
    Function::plain("NA", &[], |_| Err(CellError::NA)),
    Function::context("TYPE", &[Param::values("value")], kind),
];

fn is(args: &Args<'_>, test: fn(&Value) -> bool) -> Result<Value> {
    Ok(test(args.value(0)).into())
}

/// What is left of a whole number divided by two.
fn halves(args: &Args<'_>) -> f64 {
    args.number(0).trunc() % 2.0
}

/// The number of an error; `#N/A` for what is none.
fn error_type(args: &Args<'_>) -> Result<Value> {
    args.value(0).error().map(|error| f64::from(error.type_number()).into()).ok_or(CellError::NA)
}

/// A value as a number where it is one by itself: text is 0. Of a reference only the first cell counts.
fn n(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    of_first_cell_or_each(args.value(0), context, |value| match value {
        Value::Number(_) | Value::Error(_) => value.clone(),
        Value::Bool(truth) => f64::from(u8::from(*truth)).into(),
        _ => 0.0.into(),
    })
}

/// Applies a function of one scalar as N and T do: to the first cell of a reference, to each place of an array.
pub(crate) fn of_first_cell_or_each(
    value: &Value,
    context: &dyn Context,
    apply: impl Fn(&Value) -> Value,
) -> Result<Value> {
    Ok(match value {
        Value::Range(sheet, rect) => apply(&context.cell(*sheet, rect.first())?),
        Value::Areas(areas) => match areas.first() {
            Some(area) => apply(&context.cell(area.sheet, area.rect.first())?),
            None => CellError::Value.into(),
        },
        Value::Array(array) => array.map(apply).into(),
        Value::Lambda(_) => CellError::Value.into(),
        scalar => apply(scalar),
    })
}

/// The number of a value's kind. Source: Microsoft's page on TYPE.
fn kind(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let of_scalar = |value: &Value| match value {
        Value::Text(_) => 2.0,
        Value::Bool(_) => 4.0,
        Value::Error(_) => 16.0,
        _ => 1.0,
    };
    let number = match args.value(0) {
        Value::Range(sheet, rect) if rect.is_cell() => of_scalar(&context.cell(*sheet, rect.first())?),
        Value::Areas(_) => 16.0,
        Value::Range(..) | Value::Array(_) => 64.0,
        Value::Lambda(_) => 128.0,
        scalar => of_scalar(scalar),
    };
    Ok(number.into())
}
