//! Days of the week and weeks of the year.

use super::{civil, day};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("ISOWEEKNUM", &[Param::number("date")], isoweeknum),
    Function::context(
        "WEEKDAY",
        &[Param::number("serial_number"), Param::number("return_type").optional()],
        weekday,
    ),
    Function::context(
        "WEEKNUM",
        &[Param::strict_number("serial_number"), Param::strict_number("return_type").optional()],
        weeknum,
    ),
];

/// Which day a week begins with, 0 for Sunday, by the codes 11 (Monday) to 17 (Sunday).
fn first_day(code: i64) -> Result<i64> {
    if (11..=17).contains(&code) { Ok((code - 10) % 7) } else { Err(CellError::Num) }
}

/// The number of the weekday, counted as `return_type` says. Source: Microsoft's page on WEEKDAY.
fn weekday(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let weekday = i64::from(context.date_system().weekday(day(args.number(0), context)?));
    let number = match args.number_or(1, 1.0) as i64 {
        1 => weekday + 1,
        2 => (weekday + 6) % 7 + 1,
        3 => (weekday + 6) % 7,
        code => (weekday + 7 - first_day(code)?) % 7 + 1,
    };
    Ok((number as f64).into())
}

/// The week of the year; week 1 holds 1 January, or is the ISO week for type 21.
fn weeknum(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let first = match args.number_or(1, 1.0) as i64 {
        1 => 0,
        2 => 1,
        21 => return isoweeknum(args, context),
        code => first_day(code)?,
    };
    let day = day(args.number(0), context)?;
    let january = new_year(i64::from(civil(day, context)?.year), context)?;
    let before = (i64::from(context.date_system().weekday(january)) + 7 - first) % 7;
    Ok((((day - january + before).div_euclid(7) + 1) as f64).into())
}

/// The ISO 8601 week: it begins on Monday and belongs to the year that its Thursday lies in.
fn isoweeknum(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let day = day(args.number(0), context)?;
    let monday = day - (i64::from(context.date_system().weekday(day)) + 6) % 7;
    let thursday = monday + 3;
    let Some(date) = context.date_system().civil(thursday) else {
        // Before the first day of the calendar (the last week of its year) or after the last one (the first).
        return Ok(if thursday < 0 { 52.0 } else { 1.0 }.into());
    };
    Ok((((thursday - new_year(i64::from(date.year), context)?).div_euclid(7) + 1) as f64).into())
}

fn new_year(year: i64, context: &dyn Context) -> Result<i64> {
    context.date_system().serial(year, 1, 1).ok_or(CellError::Num)
}
