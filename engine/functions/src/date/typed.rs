//! Dates and times out of text.

use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("DATEVALUE", &[Param::scalar("date_text")], datevalue),
    Function::context("TIMEVALUE", &[Param::scalar("time_text")], timevalue),
];

/// The serial day of a date in text, a time beside it left out. A number is no text.
fn datevalue(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let Value::Text(text) = args.value(0) else { return Err(CellError::Value) };
    let day = numfmt::parse_date(text, &context.reading()).ok_or(CellError::Value)?;
    Ok(day.into())
}

/// The part of a day of a time in text, a date beside it left out. A number is no text.
fn timevalue(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let Value::Text(text) = args.value(0) else { return Err(CellError::Value) };
    let time = numfmt::parse_time(text, &context.reading()).ok_or(CellError::Value)?;
    Ok(time.into())
}
