//! Days between dates and the months of a calendar, as securities count them.
//!
//! Source: Microsoft's pages on the coupon functions; where they are silent, results of Excel's own.

use crate::{Args, Context, Param};
use values::{CellError, Civil, DateSystem, Result};

/// The optional argument that chooses how days are counted.
pub(super) const BASIS: Param = Param::strict_number("basis").optional();
/// Coupons a year.
pub(super) const FREQUENCY: Param = Param::strict_number("frequency");

/// How days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// Twelve months of 30 days by the rule of US securities.
    Us30,
    /// The days that there are, over the days that the year has.
    Actual,
    /// The days that there are, over 360.
    Actual360,
    /// The days that there are, over 365.
    Actual365,
    /// Twelve months of 30 days by the European rule.
    Eu30,
}

/// Which ends of a span the US rule moves to the 30th.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moves {
    /// The start; the end only after a moved start.
    Start,
    /// Both, each for itself.
    Both,
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub(super) serial: i64,
    civil: Civil,
    system: DateSystem,
}

impl Day {
    /// The date of an argument, without its time.
    pub(super) fn of(args: &Args<'_>, index: usize, context: &dyn Context) -> Result<Day> {
        Day::new(args.number(index).floor() as i64, context.date_system())
    }

    fn new(serial: i64, system: DateSystem) -> Result<Day> {
        let civil = system.civil(serial).ok_or(CellError::Num)?;
        Ok(Day { serial, civil, system })
    }

    /// 1 January of its year.
    pub(super) fn year_start(self) -> Result<Day> {
        let serial = self.system.serial(self.civil.year.into(), 1, 1).ok_or(CellError::Num)?;
        Day::new(serial, self.system)
    }

    /// The same day, but 28 February for a leap day.
    pub(super) fn without_leap_day(self) -> Result<Day> {
        let leap_day = self.civil.month == 2 && self.civil.day == 29;
        if leap_day { Day::new(self.serial - 1, self.system) } else { Ok(self) }
    }

    fn month_end(self) -> u32 {
        month_length(self.civil.year, self.civil.month)
    }

    /// Whether it is the last day of its month.
    pub(super) fn is_last(self) -> bool {
        self.civil.day == self.month_end()
    }

    fn is_last_of_february(self) -> bool {
        self.civil.month == 2 && self.is_last()
    }

    /// Months from another date, days aside.
    fn months_from(self, other: Day) -> i64 {
        i64::from(self.civil.year - other.civil.year) * 12 + i64::from(self.civil.month)
            - i64::from(other.civil.month)
    }

    /// The date some months away: on the last of the month if so wished, else on the same day or the last that
    /// the month has.
    pub(super) fn plus_months(self, months: i64, to_last: bool) -> Result<Day> {
        let count = i64::from(self.civil.year) * 12 + i64::from(self.civil.month) - 1 + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let length = month_length(i32::try_from(year).map_err(|_| CellError::Num)?, month as u32);
        let day = if to_last { length } else { self.civil.day.min(length) };
        let serial = self.system.serial(year, month, i64::from(day)).ok_or(CellError::Num)?;
        Day::new(serial, self.system)
    }
}

/// Days of a month; 29 for February 1900, as the 1900 system has it.
fn month_length(year: i32, month: u32) -> u32 {
    if (year, month) == (1900, 2) { 29 } else { values::days_in_month(year, month) }
}

fn leap(year: i32) -> bool {
    month_length(year, 2) == 29
}

/// The basis of an argument; `#NUM!` where it is none.
pub(super) fn basis(args: &Args<'_>, index: usize) -> Result<Basis> {
    match args.integer(index) {
        0 => Ok(Basis::Us30),
        1 => Ok(Basis::Actual),
        2 => Ok(Basis::Actual360),
        3 => Ok(Basis::Actual365),
        4 => Ok(Basis::Eu30),
        _ => Err(CellError::Num),
    }
}

/// Coupons a year: 1, 2 or 4.
pub(super) fn frequency(args: &Args<'_>, index: usize) -> Result<f64> {
    match args.integer(index) {
        frequency @ (1 | 2 | 4) => Ok(frequency as f64),
        _ => Err(CellError::Num),
    }
}

/// Months between coupons.
pub(super) fn months(frequency: f64) -> i64 {
    (12.0 / frequency) as i64
}

fn days_of_30(start: Civil, end: Civil, from: u32, to: u32) -> f64 {
    let months = i64::from(end.year - start.year) * 12 + i64::from(end.month) - i64::from(start.month);
    (months * 30 + i64::from(to) - i64::from(from)) as f64
}

/// Days of 30-day months by the US rule.
pub(super) fn us_days(start: Day, end: Day, moves: Moves) -> f64 {
    let (mut from, mut to) = (start.civil.day, end.civil.day);
    if end.is_last_of_february() && (start.is_last_of_february() || moves == Moves::Both) {
        to = 30;
    }
    if to == 31 && (from >= 30 || moves == Moves::Both) {
        to = 30;
    }
    if from == 31 || start.is_last_of_february() {
        from = 30;
    }
    days_of_30(start.civil, end.civil, from, to)
}

impl Basis {
    /// Days from one date to another.
    pub(super) fn days(self, start: Day, end: Day) -> f64 {
        match self {
            Basis::Us30 => us_days(start, end, Moves::Start),
            Basis::Eu30 => {
                let (from, to) = (start.civil.day.min(30), end.civil.day.min(30));
                days_of_30(start.civil, end.civil, from, to)
            }
            Basis::Actual | Basis::Actual360 | Basis::Actual365 => (end.serial - start.serial) as f64,
        }
    }

    /// Days of the year that a span is measured in. For the actual year: 366 where the span of up to a year
    /// touches a leap day, and the mean of all its years where it is longer.
    pub(super) fn year(self, start: Day, end: Day) -> f64 {
        match self {
            Basis::Us30 | Basis::Eu30 | Basis::Actual360 => 360.0,
            Basis::Actual365 => 365.0,
            Basis::Actual => actual_year(start.civil, end.civil),
        }
    }
}

fn actual_year(start: Civil, end: Civil) -> f64 {
    let next_year = start.year + 1 == end.year && (start.month, start.day) >= (end.month, end.day);
    if start.year != end.year && !next_year {
        let years = i64::from((end.year - start.year).abs()) + 1;
        let leaps =
            (start.year.min(end.year)..=start.year.max(end.year)).filter(|year| leap(*year)).count() as i64;
        return (years * 365 + leaps) as f64 / years as f64;
    }
    let has_leap_day = if start.year == end.year {
        leap(start.year)
    } else {
        (leap(start.year) && start.month <= 2)
            || (leap(end.year) && (end.month > 2 || (end.month, end.day) == (2, 29)))
    };
    if has_leap_day { 366.0 } else { 365.0 }
}

/// The coupon dates around a settlement, and how many coupons are left.
pub(super) struct Coupons {
    pub(super) previous: Day,
    pub(super) next: Day,
    /// Coupons after settlement, maturity's too.
    pub(super) count: f64,
}

impl Coupons {
    /// Counts back from maturity in equal steps of months.
    pub(super) fn around(settlement: Day, maturity: Day, frequency: f64) -> Result<Coupons> {
        let step = months(frequency);
        let to_last = maturity.is_last();
        // The step back that surely is not after settlement, and then forward while the next one is not either.
        let mut back = (maturity.months_from(settlement) + step - 1).div_euclid(step).max(1);
        while back > 1 && maturity.plus_months(-(back - 1) * step, to_last)?.serial <= settlement.serial {
            back -= 1;
        }
        while maturity.plus_months(-back * step, to_last)?.serial > settlement.serial {
            back += 1;
        }
        Ok(Coupons {
            previous: maturity.plus_months(-back * step, to_last)?,
            next: maturity.plus_months(-(back - 1) * step, to_last)?,
            count: back as f64,
        })
    }

    /// Days of the coupon period.
    pub(super) fn period(&self, frequency: f64, basis: Basis) -> f64 {
        match basis {
            Basis::Actual => (self.next.serial - self.previous.serial) as f64,
            Basis::Actual365 => 365.0 / frequency,
            _ => 360.0 / frequency,
        }
    }
}
