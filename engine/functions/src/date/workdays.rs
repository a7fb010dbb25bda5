//! Working days: counting them and moving by them.
//!
//! Weekends repeat every seven days, so whole weeks are counted at once and only a last part of a week day by
//! day; holidays are looked at one by one. No loop depends on how far apart two dates are.

use super::{day, on_calendar};
use crate::numeric::strict;
use crate::{Args, Context, Function, Param};
use values::{Area, CellError, DateSystem, Result, Value};

const START: Param = Param::strict_number("start_date");
const END: Param = Param::strict_number("end_date");
const DAYS: Param = Param::strict_number("days");
const WEEKEND: Param = Param::scalar("weekend").optional();
const HOLIDAYS: Param = Param::values("holidays").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("NETWORKDAYS", &[START, END, HOLIDAYS], networkdays),
    Function::context("NETWORKDAYS.INTL", &[START, END, WEEKEND, HOLIDAYS], networkdays_intl),
    Function::context("WORKDAY", &[START, DAYS, HOLIDAYS], workday),
    Function::context("WORKDAY.INTL", &[START, DAYS, WEEKEND, HOLIDAYS], workday_intl),
];

/// Which days are worked, Monday first.
#[derive(Clone, Copy)]
struct Week {
    worked: [bool; 7],
    system: DateSystem,
}

impl Week {
    fn standard(system: DateSystem) -> Week {
        Week { worked: [true, true, true, true, true, false, false], system }
    }

    /// Reads a weekend argument: a code, or seven digits with 1 for days off, Monday first. Source: Microsoft's
    /// page on WORKDAY.INTL.
    fn new(weekend: &Value, system: DateSystem) -> Result<Week> {
        let mut worked = [true; 7];
        match weekend {
            Value::Missing => return Ok(Week::standard(system)),
            Value::Empty => return Err(CellError::Num),
            Value::Number(code) => match *code as i64 {
                // 1 is Saturday and Sunday, 2 is Sunday and Monday, and so on.
                code @ 1..=7 => {
                    let first = (code + 4) as usize % 7;
                    worked[first] = false;
                    worked[(first + 1) % 7] = false;
                }
                code @ 11..=17 => worked[(code - 11 + 6) as usize % 7] = false,
                _ => return Err(CellError::Num),
            },
            Value::Text(pattern) if pattern.len() == 7 => {
                for (slot, digit) in worked.iter_mut().zip(pattern.bytes()) {
                    *slot = match digit {
                        b'0' => true,
                        b'1' => false,
                        _ => return Err(CellError::Value),
                    };
                }
            }
            _ => return Err(CellError::Value),
        }
        Ok(Week { worked, system })
    }

    fn per_week(&self) -> i64 {
        self.worked.iter().filter(|worked| **worked).count() as i64
    }

    fn is_worked(&self, day: i64) -> bool {
        self.worked[(self.system.weekday(day) as usize + 6) % 7]
    }

    /// Worked days from `from` to `to`, both included, holidays aside.
    fn count(&self, from: i64, to: i64) -> i64 {
        let weeks = (to - from + 1) / 7;
        let rest = (from + weeks * 7..=to).filter(|day| self.is_worked(*day)).count() as i64;
        weeks * self.per_week() + rest
    }

    /// The worked day next to `day` in a direction.
    fn next(&self, mut day: i64, step: i64) -> i64 {
        for _ in 0..7 {
            day += step;
            if self.is_worked(day) {
                break;
            }
        }
        day
    }
}

/// Worked days from the first date to the last, negative where they stand the other way round.
fn networkdays(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    count(args, Week::standard(context.date_system()), 2, context)
}

/// The same with a weekend of choice.
fn networkdays_intl(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    count(args, Week::new(args.value(2), context.date_system())?, 3, context)
}

fn count(args: &Args<'_>, week: Week, holidays_at: usize, context: &dyn Context) -> Result<Value> {
    let (start, end) = (day(args.number(0), context)?, day(args.number(1), context)?);
    let (from, to) = (start.min(end), start.max(end));
    let off = match listed_holidays(args.value(holidays_at), (from, to), week, context) {
        Some(off) => off,
        None => {
            let holidays = holidays(args.value(holidays_at), week, context)?;
            holidays.iter().filter(|day| (from..=to).contains(*day)).count() as i64
        }
    };
    let worked = week.count(from, to) - off;
    Ok((if start <= end { worked } else { -worked } as f64).into())
}

/// The date so many working days after (or before) a date.
fn workday(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    shift(args, Week::standard(context.date_system()), 2, context)
}

/// The same with a weekend of choice; one without any working day is `#VALUE!`.
fn workday_intl(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    shift(args, Week::new(args.value(2), context.date_system())?, 3, context)
}

fn shift(args: &Args<'_>, week: Week, holidays_at: usize, context: &dyn Context) -> Result<Value> {
    let start = day(args.number(0), context)?;
    let days = args.integer(1);
    let mut holidays = holidays(args.value(holidays_at), week, context)?;
    if week.per_week() == 0 {
        return Err(CellError::Value);
    }
    // No shift this far stays on the calendar.
    if days.abs() > 3_000_000 {
        return Err(CellError::Num);
    }
    if days == 0 {
        return Ok((start as f64).into());
    }
    let step = days.signum();
    let weeks = (days.abs() - 1) / week.per_week();
    let mut at = start + step * weeks * 7;
    for _ in 0..days.abs() - weeks * week.per_week() {
        at = week.next(at, step);
    }
    // Each holiday on the way pushes the day on by one, which may meet the next holiday.
    if step < 0 {
        holidays.reverse();
    }
    for holiday in holidays.into_iter().filter(|day| (day - start) * step > 0) {
        if (at - holiday) * step < 0 {
            break;
        }
        at = week.next(at, step);
    }
    Ok((on_calendar(at, context.date_system())? as f64).into())
}

/// How many holidays fall on worked days between two days, where they stand in a column without gaps, as most lists do.
fn listed_holidays(value: &Value, (from, to): (i64, i64), week: Week, context: &dyn Context) -> Option<i64> {
    let Value::Range(sheet, rect) = value else { return None };
    let numbers = context.numbers(Area { sheet: *sheet, rect: *rect })?;
    let days = numbers.days(rect.top.0, rect.bottom.0)?;
    let last = context.date_system().max_serial();
    // A day beyond the calendar is an error, which the longer way finds.
    if days.last().is_none_or(|day| day > last) {
        return None;
    }
    // Seven days in a row have all remainders.
    let worked = std::array::from_fn(|remainder| week.is_worked(7 + remainder as i64));
    Some(days.count(from, to, worked))
}

/// The holidays that fall on worked days, each once, in order.
fn holidays(value: &Value, week: Week, context: &dyn Context) -> Result<Vec<i64>> {
    let mut all = Vec::new();
    if !matches!(value, Value::Missing) {
        strict::for_each_number(std::slice::from_ref(value), context, &mut |number| {
            all.push(day(number, context)?);
            Ok(())
        })?;
    }
    all.sort_unstable();
    all.dedup();
    all.retain(|day| week.is_worked(*day));
    Ok(all)
}
