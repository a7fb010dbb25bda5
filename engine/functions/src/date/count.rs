//! Counting between two dates: days, 30-day months, parts of years.
//!
//! Excel's conventions differ from the textbooks in places; what is done here agrees with values that Excel
//! gives, named at each function.

use super::{civil, day, month_length};
use crate::{Args, Context, Function, Param};
use values::{CellError, Civil, DateSystem, Result, Value, is_leap_year};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "DATEDIF",
        &[Param::number("start_date"), Param::number("end_date"), Param::text("unit")],
        datedif,
    ),
    Function::context("DAYS", &[Param::number("end_date"), Param::number("start_date")], days),
    Function::context(
        "DAYS360",
        &[Param::number("start_date"), Param::number("end_date"), Param::bool("method").optional()],
        days360,
    ),
    Function::context(
        "YEARFRAC",
        &[
            Param::strict_number("start_date"),
            Param::strict_number("end_date"),
            Param::strict_number("basis").optional(),
        ],
        yearfrac,
    )
    .telling_last_error(),
];

/// Days from the second date to the first.
fn days(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(((day(args.number(0), context)? - day(args.number(1), context)?) as f64).into())
}

/// The difference in the unit: Y, M, D whole years, months, days; YM months without years, MD days without
/// months, YD days without years.
fn datedif(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (from, to) = (day(args.number(0), context)?, day(args.number(1), context)?);
    if from > to {
        return Err(CellError::Num);
    }
    let (start, end) = (civil(from, context)?, civil(to, context)?);
    let months = i64::from(end.year - start.year) * 12 + i64::from(end.month)
        - i64::from(start.month)
        - i64::from(end.day < start.day);
    let result = match args.text(2).to_ascii_uppercase().as_str() {
        "Y" => months / 12,
        "M" => months,
        "D" => to - from,
        "YM" => months % 12,
        "MD" => days_without_months(start, end, context.date_system()),
        "YD" => days_without_years(from, start, end, context)?,
        _ => return Err(CellError::Num),
    };
    Ok((result as f64).into())
}

/// Where the end's day of month comes first, the days are counted from the start's day in the month before the
/// end, run over where that month is shorter: 31 January to 1 March 2007 gives -2, as in Excel.
fn days_without_months(start: Civil, end: Civil, system: DateSystem) -> i64 {
    let between = i64::from(end.day) - i64::from(start.day);
    if between >= 0 {
        return between;
    }
    let (year, month) = if end.month == 1 { (end.year - 1, 12) } else { (end.year, end.month - 1) };
    between + i64::from(month_length(year, month, system))
}

/// The end is moved next after the start. A 29 February that neither of the two years has does not count.
fn days_without_years(from: i64, start: Civil, end: Civil, context: &dyn Context) -> Result<i64> {
    let wraps = (end.month, end.day) < (start.month, start.day);
    let year = start.year + i32::from(wraps);
    let moved =
        context.date_system().serial(year.into(), end.month.into(), end.day.into()).ok_or(CellError::Num)?;
    let extra = is_leap_year(year)
        && !is_leap_year(start.year)
        && !is_leap_year(end.year)
        && (end.month, end.day) > (2, 28);
    Ok(moved - from - i64::from(extra))
}

/// Days of a year of twelve 30-day months, by the US or the European rule.
fn days360(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let start = civil(day(args.number(0), context)?, context)?;
    let end = civil(day(args.number(1), context)?, context)?;
    let system = context.date_system();
    let (mut from, mut to) = (start.day, end.day);
    if args.bool(2) {
        (from, to) = (from.min(30), to.min(30));
    } else {
        if from == 31 || is_end_of_february(start, system) {
            from = 30;
        }
        // An end on the 31st after a start before the 30th counts as the 1st of the next month, which is day 31.
        if to == 31 && from >= 30 {
            to = 30;
        }
    }
    Ok(((months_of_30(start, end) + i64::from(to) - i64::from(from)) as f64).into())
}

fn months_of_30(start: Civil, end: Civil) -> i64 {
    (i64::from(end.year - start.year) * 12 + i64::from(end.month) - i64::from(start.month)) * 30
}

fn is_end_of_february(date: Civil, system: DateSystem) -> bool {
    date.month == 2 && date.day == month_length(date.year, 2, system)
}

/// The part of a year between two dates, in either order, by a day-count basis.
fn yearfrac(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (a, b) = (day(args.number(0), context)?, day(args.number(1), context)?);
    let (from, to) = (a.min(b), a.max(b));
    let (start, end) = (civil(from, context)?, civil(to, context)?);
    let actual = (to - from) as f64;
    let fraction = match args.number_if_given(2, 0.0).floor() as i64 {
        0 => us_30_360(start, end, context.date_system()) as f64 / 360.0,
        1 => actual / year_length(from, to, start, end, context)?,
        2 => actual / 360.0,
        3 => actual / 365.0,
        4 => {
            (months_of_30(start, end) + i64::from(end.day.min(30)) - i64::from(start.day.min(30))) as f64
                / 360.0
        }
        _ => return Err(CellError::Num),
    };
    Ok(fraction.into())
}

/// The 30/360 rule of US securities, which, unlike DAYS360, also moves an end in February.
fn us_30_360(start: Civil, end: Civil, system: DateSystem) -> i64 {
    let (mut from, mut to) = (start.day, end.day);
    if is_end_of_february(start, system) {
        if is_end_of_february(end, system) {
            to = 30;
        }
        from = 30;
    }
    if to == 31 && from >= 30 {
        to = 30;
    }
    if from == 31 {
        from = 30;
    }
    months_of_30(start, end) + i64::from(to) - i64::from(from)
}

/// Days of the year that basis 1 divides by: 365 or 366 for spans of up to a year, else the mean of all the
/// years that the span touches. Source: values of Excel's, as described by D. Wheeler for OpenFormula.
fn year_length(from: i64, to: i64, start: Civil, end: Civil, context: &dyn Context) -> Result<f64> {
    let system = context.date_system();
    let within_a_year = start.year == end.year
        || (start.year + 1 == end.year && (start.month, start.day) >= (end.month, end.day));
    if !within_a_year {
        let first = system.serial(start.year.into(), 1, 1).ok_or(CellError::Num)?;
        // The day after the year's last is not on the calendar for 9999.
        let last = system.serial(end.year.into(), 12, 31).ok_or(CellError::Num)?;
        // The calendar of 1900 has a 29 February that the mean does not count.
        let counted = last + 1 - first - i64::from(start.year == 1900 && system == DateSystem::V1900);
        return Ok(counted as f64 / f64::from(end.year - start.year + 1));
    }
    let leap = |year: i32| month_length(year, 2, system) == 29;
    let has_leap_day = if start.year == end.year {
        leap(start.year)
    } else {
        [start.year, end.year].into_iter().any(|year| {
            leap(year) && system.serial(year.into(), 2, 29).is_some_and(|day| (from..=to).contains(&day))
        })
    };
    Ok(if has_leap_day { 366.0 } else { 365.0 })
}
