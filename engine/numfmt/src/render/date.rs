//! Dates and times. The serial is rounded once, to the smallest unit that the section shows (a second, or the digits
//! behind it), so that no part can disagree with another.

use crate::Locale;
use crate::code::lexer::AmPm;
use crate::code::section::{Calendar, DatePart, DateShape, Elapsed, Section, Token};
use crate::general::push_padded;
use crate::locale::EastAsian;
use crate::numerals::Numerals;
use crate::render::era::Era;
use crate::render::{Context, Formatted, Overflow};
use values::{Civil, DateSystem};

/// Elapsed times beyond this many days overflow; no calendar bounds them.
const MAX_ELAPSED_DAYS: f64 = 1e9;

const SECONDS_A_DAY: u64 = 86_400;

/// The Buddhist calendar is so many years ahead.
const BUDDHIST: i32 = 543;

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
    let eras = match shape.calendar {
        Calendar::OfLanguage => section.east_asian(context.locale) == Some(EastAsian::Japanese),
        Calendar::Japanese => true,
        Calendar::Gregorian | Calendar::Buddhist => false,
    };
    let numerals = section.numerals(context.locale);
    let mut writer = Writer { moment, shape, section, locale, eras, numerals, kanji_era: false };
    for token in &section.tokens {
        match token {
            Token::Date(DatePart::Subsecond { digits }) => {
                shown.text.push(context.locale.decimal);
                let from = shown.text.len();
                push_subsecond(&mut shown.text, &writer.moment, shape.subsecond, *digits);
                if let Some(numerals) = numerals {
                    numerals.replace(&mut shown.text, from);
                }
            }
            Token::Date(DatePart::Separator) => shown.text.push(locale.date_separator),
            Token::Date(part) => writer.part(&mut shown.text, *part),
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

/// Shows the parts of one moment.
struct Writer<'a> {
    moment: Moment,
    shape: &'a DateShape,
    section: &'a Section,
    /// Whose names are shown.
    locale: &'a Locale,
    /// Whether years have Japanese eras.
    eras: bool,
    numerals: Option<&'static Numerals>,
    /// Whether an era was named in kanji so far: only then can 元 follow.
    kanji_era: bool,
}

impl Writer<'_> {
    fn part(&mut self, out: &mut String, part: DatePart) {
        let from = out.len();
        self.plain_part(out, part);
        let Some(numerals) = self.numerals else {
            return;
        };
        match part {
            DatePart::Hour { .. } if self.shape.elapsed == Some(Elapsed::Hours) => {
                numerals.replace_integer(out, from);
            }
            DatePart::Minute { .. } if self.shape.elapsed == Some(Elapsed::Minutes) => {
                numerals.replace_integer(out, from);
            }
            DatePart::Second { .. } if self.shape.elapsed == Some(Elapsed::Seconds) => {
                numerals.replace_integer(out, from);
            }
            DatePart::Year(long) if !long || self.shape.calendar == Calendar::Japanese => {
                numerals.replace_field(out, from);
            }
            DatePart::EraYear { .. } if self.eras => numerals.replace_field(out, from),
            DatePart::Month { .. }
            | DatePart::Day { .. }
            | DatePart::Hour { .. }
            | DatePart::Minute { .. }
            | DatePart::Second { .. } => numerals.replace_field(out, from),
            DatePart::Year(_) | DatePart::EraYear { .. } | DatePart::BuddhistYear(_) => {
                numerals.replace(out, from);
            }
            _ => {}
        }
    }

    /// Shows a part in 0 to 9.
    fn plain_part(&mut self, out: &mut String, part: DatePart) {
        let (moment, shape, locale) = (&self.moment, self.shape, self.locale);
        match part {
            DatePart::Year(long) => self.year(out, long),
            DatePart::BuddhistYear(long) => push_year(out, moment.civil.year + BUDDHIST, long),
            DatePart::Era { letters } => self.era(out, letters),
            DatePart::EraYear { width } => self.era_year(out, width),
            DatePart::Month { width } => push_padded(out, u64::from(moment.civil.month), width),
            DatePart::MonthShort | DatePart::MonthLong | DatePart::MonthInitial => self.month(out, part),
            DatePart::Day { width } => push_padded(out, u64::from(moment.civil.day), width),
            DatePart::WeekdayShort => out.push_str(locale.days_short.get(moment.weekday).unwrap_or(&"")),
            DatePart::WeekdayLong => out.push_str(locale.days.get(moment.weekday).unwrap_or(&"")),
            DatePart::Hour { width } => push_padded(out, hour(moment, shape), width),
            DatePart::Minute { width } => push_padded(out, minute(moment, shape), width),
            DatePart::Second { width } => push_padded(out, second(moment, shape), width),
            DatePart::AmPm(style) => push_am_pm(out, style, moment.hour, locale),
            DatePart::Subsecond { .. } | DatePart::Separator => {}
        }
    }

    fn month(&self, out: &mut String, part: DatePart) {
        let locale = self.locale;
        let month = self.moment.civil.month.saturating_sub(1) as usize;
        let name = |names: &[&'static str]| names.get(month).copied().unwrap_or_default();
        match part {
            DatePart::MonthShort => out.push_str(name(&locale.months_short)),
            DatePart::MonthInitial => out.extend(name(&locale.months).chars().next()),
            _ => {
                let inflected = locale.months_genitive.as_ref().filter(|_| self.section.genitive);
                out.push_str(name(inflected.unwrap_or(&locale.months)));
            }
        }
    }

    fn year(&self, out: &mut String, long: bool) {
        let civil = self.moment.civil;
        match self.shape.calendar {
            // Its years have two digits however many are asked for.
            Calendar::Japanese => push_padded(out, Era::of(civil).year(civil), 2),
            Calendar::Buddhist => push_year(out, civil.year + BUDDHIST, long),
            Calendar::OfLanguage | Calendar::Gregorian => push_year(out, civil.year, long),
        }
    }

    fn era(&mut self, out: &mut String, letters: usize) {
        if !self.eras {
            return;
        }
        let [letter, short, name] = Era::of(self.moment.civil).names;
        self.kanji_era |= letters > 1;
        out.push_str(match letters {
            1 => letter,
            2 => short,
            _ => name,
        });
    }

    fn era_year(&self, out: &mut String, width: usize) {
        let civil = self.moment.civil;
        if !self.eras {
            return self.year(out, true);
        }
        let year = Era::of(civil).year(civil);
        if year == 1 && self.shape.gannen && self.kanji_era && self.numerals.is_none() {
            out.push('元');
        } else {
            push_padded(out, year, width);
        }
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
