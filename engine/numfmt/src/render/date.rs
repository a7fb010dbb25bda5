//! Dates and times. The serial is rounded once, to the smallest unit that the section shows (a second, or the digits
//! behind it), so that no part can disagree with another.

use crate::Locale;
use crate::code::lexer::AmPm;
use crate::code::section::{DatePart, DateShape, Elapsed, Section, Token};
use crate::general::push_padded;
use crate::render::{Context, Formatted, Overflow};
use values::{Civil, DateSystem};

/// Elapsed times beyond this many days overflow; no calendar bounds them.
const MAX_ELAPSED_DAYS: f64 = 1e9;

const SECONDS_A_DAY: u64 = 86_400;

/// A serial, rounded and taken apart.
struct Moment {
    civil: Civil,
    weekday: usize,
    hour: u64,
    minute: u64,
    second: u64,
    /// Digits behind the second, as many as the section shows.
    subsecond: u64,
    days: u64,
}

/// Shows a serial as a date section wants it.
pub(crate) fn push_date(
    shown: &mut Formatted,
    section: &Section,
    shape: &DateShape,
    serial: f64,
    context: &Context<'_>,
) -> Result<(), Overflow> {
    if serial < 0.0 {
        // Only the 1904 system has negative dates; elapsed units alone need no calendar.
        if context.system != DateSystem::V1904 && !shape.only_elapsed {
            return Err(Overflow);
        }
        shown.text.push('-');
    }
    let moment = moment(serial.abs(), shape, context.system)?;
    let locale = section.locale.unwrap_or(context.locale);
    for token in &section.tokens {
        match token {
            Token::Date(DatePart::Subsecond { digits }) => {
                shown.text.push(context.locale.decimal);
                push_subsecond(&mut shown.text, &moment, shape.subsecond, *digits);
            }
            Token::Date(DatePart::Separator) => shown.text.push(locale.date_separator),
            Token::Date(part) => push_part(&mut shown.text, *part, &moment, shape, section, locale),
            _ => shown.push_plain(token),
        }
    }
    Ok(())
}

fn moment(serial: f64, shape: &DateShape, system: DateSystem) -> Result<Moment, Overflow> {
    if serial >= MAX_ELAPSED_DAYS {
        return Err(Overflow);
    }
    let per_second = 10u64.pow(shape.subsecond as u32);
    let per_day = SECONDS_A_DAY * per_second;
    let units = (serial * per_day as f64 + 0.5).floor() as u64;
    let days = units / per_day;
    let seconds = units / per_second % SECONDS_A_DAY;
    let civil = match system.civil(days as i64) {
        Some(civil) => civil,
        None if shape.only_elapsed => Civil { year: 1900, month: 1, day: 0 },
        None => return Err(Overflow),
    };
    Ok(Moment {
        civil,
        weekday: system.weekday(days as i64) as usize,
        hour: seconds / 3_600,
        minute: seconds / 60 % 60,
        second: seconds % 60,
        subsecond: units % per_second,
        days,
    })
}

/// Shows the leading digits of the fraction of a second, which has `total` of them.
fn push_subsecond(out: &mut String, moment: &Moment, total: usize, digits: usize) {
    let drop = total.saturating_sub(digits) as u32;
    push_padded(out, moment.subsecond / 10u64.pow(drop), digits);
}

fn push_part(
    out: &mut String,
    part: DatePart,
    moment: &Moment,
    shape: &DateShape,
    section: &Section,
    locale: &Locale,
) {
    let civil = moment.civil;
    let month = civil.month.saturating_sub(1) as usize;
    let name = |names: &[&'static str]| names.get(month).copied().unwrap_or_default();
    let long_months = locale.months_genitive.as_ref().filter(|_| section.genitive).unwrap_or(&locale.months);
    match part {
        DatePart::Year(long) => {
            push_year(out, civil.year + if shape.buddhist { 543 } else { 0 }, long);
        }
        DatePart::BuddhistYear(long) => push_year(out, civil.year + 543, long),
        DatePart::Month { width } => push_padded(out, u64::from(civil.month), width),
        DatePart::MonthShort => out.push_str(name(&locale.months_short)),
        DatePart::MonthLong => out.push_str(name(long_months)),
        DatePart::MonthInitial => out.extend(name(&locale.months).chars().next()),
        DatePart::Day { width } => push_padded(out, u64::from(civil.day), width),
        DatePart::WeekdayShort => out.push_str(locale.days_short.get(moment.weekday).unwrap_or(&"")),
        DatePart::WeekdayLong => out.push_str(locale.days.get(moment.weekday).unwrap_or(&"")),
        DatePart::Hour { width } => push_padded(out, hour(moment, shape), width),
        DatePart::Minute { width } => push_padded(out, minute(moment, shape), width),
        DatePart::Second { width } => push_padded(out, second(moment, shape), width),
        DatePart::AmPm(style) => push_am_pm(out, style, moment.hour, locale),
        DatePart::Subsecond { .. } | DatePart::Separator => {}
    }
}

fn push_year(out: &mut String, year: i32, long: bool) {
    let year = u64::from(year.unsigned_abs());
    if long { push_padded(out, year, 4) } else { push_padded(out, year % 100, 2) }
}

/// With `[h]` every hour of the section counts from the serial's beginning.
fn hour(moment: &Moment, shape: &DateShape) -> u64 {
    if shape.elapsed == Some(Elapsed::Hours) {
        moment.days * 24 + moment.hour
    } else if shape.twelve_hours {
        (moment.hour + 11) % 12 + 1
    } else {
        moment.hour
    }
}

fn minute(moment: &Moment, shape: &DateShape) -> u64 {
    if shape.elapsed == Some(Elapsed::Minutes) {
        (moment.days * 24 + moment.hour) * 60 + moment.minute
    } else {
        moment.minute
    }
}

fn second(moment: &Moment, shape: &DateShape) -> u64 {
    if shape.elapsed == Some(Elapsed::Seconds) {
        moment.days * SECONDS_A_DAY + moment.hour * 3_600 + moment.minute * 60 + moment.second
    } else {
        moment.second
    }
}

fn push_am_pm(out: &mut String, style: AmPm, hour: u64, locale: &Locale) {
    match style {
        AmPm::Words => out.push_str(if hour < 12 { locale.am } else { locale.pm }),
        AmPm::Letters(am, pm) => out.push(if hour < 12 { am } else { pm }),
    }
}
