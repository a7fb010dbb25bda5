//! Making dates of years, months and days, and taking them apart.

use super::civil;
use crate::date::clock::Moment;
use crate::{Args, Context, Function, Param};
use values::{CellError, DateSystem, Result, Value};

const SERIAL: &[Param] = &[Param::number("serial_number")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("DATE", &[Param::number("year"), Param::number("month"), Param::number("day")], date),
    Function::context("DAY", SERIAL, day),
    Function::context("MONTH", SERIAL, month),
    Function::context("NOW", &[], now).volatile(),
    Function::context("TODAY", &[], today).volatile(),
    Function::context("YEAR", SERIAL, year),
];

/// The serial of a date; months and days run over into the next year or month, years below 1900 count from
/// there. Source: Microsoft's page on DATE.
fn date(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let year = match args.integer(0) {
        year @ 0..1900 => year + 1900,
        year @ 1900..10_000 => year,
        _ => return Err(CellError::Num),
    };
    let serial =
        context.date_system().serial(year, args.integer(1), args.integer(2)).ok_or(CellError::Num)?;
    Ok((serial as f64).into())
}

/// The day of the month, after rounding to the second as all clock functions do.
fn day(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let moment = Moment::of(args.number(0), context)?;
    Ok(f64::from(civil(moment.day, context)?.day).into())
}

/// The month, 1 to 12.
fn month(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let moment = Moment::of(args.number(0), context)?;
    Ok(f64::from(civil(moment.day, context)?.month).into())
}

/// The year, 1900 to 9999.
fn year(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let moment = Moment::of(args.number(0), context)?;
    Ok(f64::from(civil(moment.day, context)?.year).into())
}

/// Date and time of the environment's clock.
fn now(_: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(local_now(context).into())
}

/// The date of the environment's clock.
fn today(_: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(local_now(context).floor().into())
}

fn local_now(context: &dyn Context) -> f64 {
    let epoch = match context.date_system() {
        DateSystem::V1900 => 0,
        // The clock counts days as the 1900 system does.
        DateSystem::V1904 => DateSystem::V1900.max_serial() - DateSystem::V1904.max_serial(),
    };
    context.environment().now - epoch as f64
}
