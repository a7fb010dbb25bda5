//! Date and time: the calendar, clock times, counting of days, weeks and working days.
//!
//! A date is a whole serial day and a time the fraction behind it; what a serial day is called is decided by
//! the workbook's [`DateSystem`]. Serials below 0 or after the year 9999 are `#NUM!`.

mod calendar;
mod clock;
mod count;
mod months;
mod typed;
mod week;
mod workdays;

use crate::{Context, Function};
use values::{CellError, Civil, DateSystem, Result};

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[
    calendar::FUNCTIONS,
    clock::FUNCTIONS,
    count::FUNCTIONS,
    months::FUNCTIONS,
    typed::FUNCTIONS,
    week::FUNCTIONS,
    workdays::FUNCTIONS,
];

/// The serial day of a date argument, its time cut off.
fn day(number: f64, context: &dyn Context) -> Result<i64> {
    on_calendar(number.floor() as i64, context.date_system())
}

/// The day itself where the calendar has it.
fn on_calendar(day: i64, system: DateSystem) -> Result<i64> {
    if (0..=system.max_serial()).contains(&day) { Ok(day) } else { Err(CellError::Num) }
}

/// The date of a serial day.
fn civil(day: i64, context: &dyn Context) -> Result<Civil> {
    context.date_system().civil(day).ok_or(CellError::Num)
}

/// Days of a month as the date system counts them: February 1900 has 29 in the 1900 system.
fn month_length(year: i32, month: u32, system: DateSystem) -> u32 {
    if system == DateSystem::V1900 && (year, month) == (1900, 2) {
        29
    } else {
        values::days_in_month(year, month)
    }
}
