//! Times of day.

use super::on_calendar;
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const SERIAL: &[Param] = &[Param::number("serial_number")];
const DAY_SECONDS: i64 = 86_400;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("HOUR", SERIAL, hour),
    Function::context("MINUTE", SERIAL, minute),
    Function::context("SECOND", SERIAL, second),
    Function::plain("TIME", &[Param::number("hour"), Param::number("minute"), Param::number("second")], time),
];

/// A serial rounded to the nearest second, which may lift it to the next day. Excel rounds so before it takes
/// any part of a date or time: `DAY` of half a second before midnight is the next day's.
pub(super) struct Moment {
    /// The serial day.
    pub(super) day: i64,
    second: i64,
}

impl Moment {
    pub(super) fn of(serial: f64, context: &dyn Context) -> Result<Moment> {
        if serial < 0.0 {
            return Err(CellError::Num);
        }
        let day = on_calendar(serial.floor() as i64, context.date_system())?;
        let second = ((serial - day as f64) * DAY_SECONDS as f64 + 0.5).floor() as i64;
        Ok(if second < DAY_SECONDS { Moment { day, second } } else { Moment { day: day + 1, second: 0 } })
    }
}

/// The hour, 0 to 23.
fn hour(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(((Moment::of(args.number(0), context)?.second / 3_600) as f64).into())
}

/// The minute, 0 to 59.
fn minute(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(((Moment::of(args.number(0), context)?.second / 60 % 60) as f64).into())
}

/// The second, 0 to 59.
fn second(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(((Moment::of(args.number(0), context)?.second % 60) as f64).into())
}

/// The fraction of a day; parts beyond their bounds run over and whole days are dropped. Dropping them after
/// the division, not before, gives the last bits that Excel gives (`TIME(24,2,3)` is 0.0014236111111110006).
fn time(args: &Args<'_>) -> Result<Value> {
    let mut total = 0;
    for (index, seconds) in [3_600, 60, 1].into_iter().enumerate() {
        let part = args.integer(index);
        if !(-32_767..=32_767).contains(&part) {
            return Err(CellError::Num);
        }
        total += part * seconds;
    }
    if total < 0 {
        return Err(CellError::Num);
    }
    let days = total as f64 / DAY_SECONDS as f64;
    Ok((days - days.floor()).into())
}
