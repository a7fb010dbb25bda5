//! Moving a date by months.

use super::{civil, day, month_length};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const SHIFT: &[Param] = &[Param::strict_number("start_date"), Param::strict_number("months")];

pub(crate) const FUNCTIONS: &[Function] =
    &[Function::context("EDATE", SHIFT, edate), Function::context("EOMONTH", SHIFT, eomonth)];

/// The same day of another month, or that month's last day where it is shorter.
fn edate(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let start = civil(day(args.number(0), context)?, context)?;
    let (year, month) = shifted(start.year, start.month, args.integer(1))?;
    let day = start.day.min(month_length(year, month, context.date_system()));
    serial(year, month, day, context)
}

/// The last day of a month so many months away.
fn eomonth(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let start = civil(day(args.number(0), context)?, context)?;
    let (year, month) = shifted(start.year, start.month, args.integer(1))?;
    serial(year, month, month_length(year, month, context.date_system()), context)
}

fn shifted(year: i32, month: u32, months: i64) -> Result<(i32, u32)> {
    // No shift this far stays on the calendar.
    if months.abs() > 120_000 {
        return Err(CellError::Num);
    }
    let total = i64::from(year) * 12 + i64::from(month) - 1 + months;
    let year = i32::try_from(total.div_euclid(12)).map_err(|_| CellError::Num)?;
    Ok((year, total.rem_euclid(12) as u32 + 1))
}

fn serial(year: i32, month: u32, day: u32, context: &dyn Context) -> Result<Value> {
    let serial = context.date_system().serial(year.into(), month.into(), day.into()).ok_or(CellError::Num)?;
    Ok((serial as f64).into())
}
