//! Dates and times as people write them.

use crate::read::cursor::{Cursor, Figures};
use crate::read::{Read, Reading};
use crate::{DateOrder, Locale};
use values::{DateSystem, days_in_month};

/// Fewest letters of a month's name that is not written out.
const MONTH_LETTERS: usize = 3;

/// A date, a time or both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// The serial of the day.
    pub(crate) date: Option<i64>,
    /// Parts of a day; 1 and more where hours beyond 23 were written.
    pub(crate) time: Option<f64>,
    format: u16,
}

/// Built-in formats by how a date or time was written.
mod format {
    pub(super) const DATE: u16 = 14;
    pub(super) const DAY_MONTH_YEAR: u16 = 15;
    pub(super) const DAY_MONTH: u16 = 16;
    pub(super) const MONTH_YEAR: u16 = 17;
    pub(super) const HOUR_MINUTE_12: u16 = 18;
    pub(super) const HOUR_MINUTE_SECOND_12: u16 = 19;
    pub(super) const HOUR_MINUTE: u16 = 20;
    pub(super) const HOUR_MINUTE_SECOND: u16 = 21;
    pub(super) const DATE_TIME: u16 = 22;
    pub(super) const ELAPSED: u16 = 46;
    pub(super) const MINUTE_SECOND_TENTH: u16 = 47;
}

impl Moment {
    pub(crate) fn read(self) -> Read {
        let number = self.date.unwrap_or(0) as f64 + self.time.unwrap_or(0.0);
        Read { number, format: Some(self.format) }
    }
}

/// Reads a date, a time, or a date and a time with spaces between them, if the whole text is that.
pub(crate) fn read_moment(text: &str, reading: &Reading<'_>) -> Option<Moment> {
    if let Some((time, format)) = read_time(text, reading.locale) {
        return Some(Moment { date: None, time: Some(time), format });
    }
    let mut cursor = Cursor::new(text);
    let (date, format) = read_date(&mut cursor, reading)?;
    if cursor.at_end() {
        return Some(Moment { date: Some(date), time: None, format });
    }
    cursor.take_char(',');
    if !cursor.spaces() {
        return None;
    }
    let (time, _) = read_time(cursor.rest(), reading.locale)?;
    Some(Moment { date: Some(date), time: Some(time), format: format::DATE_TIME })
}

fn read_date(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Option<(i64, u16)> {
    let start = *cursor;
    for read in [month_first, month_between, figures_only] {
        *cursor = start;
        if let Some(found) = read(cursor, reading) {
            return Some(found);
        }
    }
    None
}

/// `Jan 5, 2021`, `Jan 5`, `Jan 2021`, `SEPT2`.
fn month_first(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Option<(i64, u16)> {
    let month = month(cursor, reading.locale)?;
    let separator = separator(cursor);
    let first = cursor.figures()?;
    if first.length > 2 {
        return Some((serial(year(first)?, month, 1, reading.system)?, format::MONTH_YEAR));
    }
    let before_year = *cursor;
    if let Some(found) = year_after(cursor, separator, reading.locale) {
        return Some((serial(found, month, first.value, reading.system)?, format::DAY_MONTH_YEAR));
    }
    *cursor = before_year;
    if let Some(day) = serial(reading.year, month, first.value, reading.system) {
        return Some((day, format::DAY_MONTH));
    }
    // No such day: a short year, `Jan-32`.
    Some((serial(year(first)?, month, 1, reading.system)?, format::MONTH_YEAR))
}

/// `5 Jan 2021`, `5-Jan`, `2021-Jan-5`.
fn month_between(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Option<(i64, u16)> {
    let first = cursor.figures()?;
    let separator = separator(cursor);
    skip_of(cursor, reading.locale);
    let month = month(cursor, reading.locale)?;
    let before_year = *cursor;
    if first.length == 4 {
        if self::separator(cursor) != separator {
            return None;
        }
        let day = cursor.figures().filter(|day| day.length <= 2)?;
        return Some((serial(year(first)?, month, day.value, reading.system)?, format::DAY_MONTH_YEAR));
    }
    if let Some(found) = year_after(cursor, separator, reading.locale) {
        return Some((serial(found, month, first.value, reading.system)?, format::DAY_MONTH_YEAR));
    }
    *cursor = before_year;
    cursor.take_char('.');
    Some((serial(reading.year, month, first.value, reading.system)?, format::DAY_MONTH))
}

/// `1/2/2021`, `2021-01-02`, `1/2`, `1/2021`, and `1.2.` where dates have points.
fn figures_only(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Option<(i64, u16)> {
    let first = cursor.figures()?;
    let separator = cursor.next().filter(|separator| {
        matches!(separator, '/' | '-') || (*separator == '.' && reading.locale.date_separator == '.')
    })?;
    // "1. 2. 2026": only points have spaces behind them.
    let pointed = separator == '.';
    let _ = pointed && cursor.spaces();
    let second = cursor.figures()?;
    let before_third = *cursor;
    if !cursor.take_char(separator) {
        return Some((two_figures(first, second, reading)?, two_format(first, second, reading)));
    }
    let _ = pointed && cursor.spaces();
    let Some(third) = cursor.figures() else {
        // "1.2." is how a day and month are written with points.
        if !pointed {
            *cursor = before_third;
        }
        return Some((two_figures(first, second, reading)?, format::DAY_MONTH));
    };
    // Hungarian dates end in a point: "2026. 01. 02."
    let _ = pointed && first.length == 4 && cursor.take_char('.');
    let (y, m, d) = match reading.locale.date_order {
        _ if first.length == 4 => (first, second, third),
        DateOrder::MonthDayYear => (third, first, second),
        DateOrder::DayMonthYear => (third, second, first),
        DateOrder::YearMonthDay if third.length < 4 => (first, second, third),
        DateOrder::YearMonthDay if reading.locale.decimal == ',' => (third, second, first),
        DateOrder::YearMonthDay => (third, first, second),
    };
    if m.length > 2 || d.length > 2 {
        return None;
    }
    Some((serial(year(y)?, m.value, d.value, reading.system)?, format::DATE))
}

fn two_figures(first: Figures, second: Figures, reading: &Reading<'_>) -> Option<i64> {
    let system = reading.system;
    // A year comes last here: Excel reads 1/2019, but not 2019/01.
    if first.length > 2 {
        return None;
    }
    if second.length == 4 {
        return serial(year(second)?, first.value, 1, system);
    }
    let (month, day) = day_and_month(first, second, reading.locale);
    serial(reading.year, month.value, day.value, system)
        // No such day: a month and a short year, `7/82`.
        .or_else(|| serial(year(second)?, first.value, 1, system))
}

fn two_format(first: Figures, second: Figures, reading: &Reading<'_>) -> u16 {
    let (month, day) = day_and_month(first, second, reading.locale);
    let is_day = first.length <= 2
        && second.length <= 2
        && serial(reading.year, month.value, day.value, reading.system).is_some();
    if is_day { format::DAY_MONTH } else { format::MONTH_YEAR }
}

fn day_and_month(first: Figures, second: Figures, locale: &Locale) -> (Figures, Figures) {
    if locale.date_order == DateOrder::DayMonthYear { (second, first) } else { (first, second) }
}

/// What stands between the parts of a date with a month's name. Hyphens and slashes must agree, the others mix.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Hyphen,
    Slash,
    Loose,
}

fn separator(cursor: &mut Cursor<'_>) -> Separator {
    for (sign, separator) in [('-', Separator::Hyphen), ('/', Separator::Slash)] {
        if take_spaced(cursor, sign) {
            return separator;
        }
    }
    let _ = cursor.take_char('.') || cursor.take_char(',');
    cursor.spaces();
    Separator::Loose
}

/// Takes a sign with any spaces around it.
fn take_spaced(cursor: &mut Cursor<'_>, sign: char) -> bool {
    let mut ahead = *cursor;
    ahead.spaces();
    let found = ahead.take_char(sign);
    if found {
        ahead.spaces();
        *cursor = ahead;
    }
    found
}

/// The year behind a day and month, if one follows with the same separator and no `:` behind it.
fn year_after(cursor: &mut Cursor<'_>, expected: Separator, locale: &Locale) -> Option<i32> {
    if separator(cursor) != expected {
        return None;
    }
    skip_of(cursor, locale);
    let figures = cursor.figures()?;
    // In "5 Jan 12:30" the figures belong to a time.
    if cursor.peek() == Some(':') { None } else { year(figures) }
}

/// The "de" of "5 de enero de 2021".
fn skip_of(cursor: &mut Cursor<'_>, locale: &Locale) {
    if matches!(locale.language(), "es" | "pt") {
        let mut ahead = *cursor;
        if ahead.word().eq_ignore_ascii_case("de") && ahead.spaces() {
            *cursor = ahead;
        }
    }
}

/// A month's full or short name in any case, or the beginning of a full one, three letters at least, that no other
/// month has.
fn month(cursor: &mut Cursor<'_>, locale: &Locale) -> Option<u32> {
    let mut ahead = *cursor;
    let word = ahead.word();
    if word.is_empty() {
        return None;
    }
    let is = |name: &str| same_letters(name.trim_end_matches('.'), word);
    let lists = [Some(&locale.months), locale.months_genitive.as_ref(), Some(&locale.months_short)];
    let found = lists.into_iter().flatten().find_map(|names| names.iter().position(|name| is(name)));
    let index = found.or_else(|| {
        let is_enough = word.chars().nth(MONTH_LETTERS - 1).is_some();
        let mut begun = (0..locale.months.len()).filter(|index| begins_with(locale.months[*index], word));
        begun.next().filter(|_| is_enough && begun.next().is_none())
    })?;
    *cursor = ahead;
    u32::try_from(index + 1).ok()
}

/// Whether a name begins with these letters, in any case.
fn begins_with(name: &str, letters: &str) -> bool {
    if begin_apart(name, letters) {
        return false;
    }
    if name.is_ascii() && letters.is_ascii() {
        return name.get(..letters.len()).is_some_and(|head| head.eq_ignore_ascii_case(letters));
    }
    let mut name = name.chars().flat_map(char::to_lowercase);
    letters.chars().flat_map(char::to_lowercase).all(|letter| name.next() == Some(letter))
}

/// Whether two words begin with different letters for certain, which most do.
fn begin_apart(a: &str, b: &str) -> bool {
    let (a, b) = (a.bytes().next(), b.bytes().next());
    matches!((a, b), (Some(a), Some(b)) if a.is_ascii() && b.is_ascii() && !a.eq_ignore_ascii_case(&b))
}

/// Whether two words are equal but for case.
fn same_letters(a: &str, b: &str) -> bool {
    if begin_apart(a, b) {
        return false;
    }
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

/// Two digits are a year from 1930 to 2029, four digits themselves.
fn year(figures: Figures) -> Option<i32> {
    let value = i32::try_from(figures.value).ok()?;
    match figures.length {
        1 | 2 => Some(if value < 30 { 2000 + value } else { 1900 + value }),
        4 => Some(value),
        _ => None,
    }
}

/// The serial of a day that exists in the calendar, 29 February 1900 included where Excel has it.
fn serial(year: i32, month: u32, day: u32, system: DateSystem) -> Option<i64> {
    if !(1900..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let imaginary = system == DateSystem::V1900 && (year, month, day) == (1900, 2, 29);
    if day == 0 || (day > days_in_month(year, month) && !imaginary) {
        return None;
    }
    if imaginary { Some(60) } else { system.serial(year.into(), month.into(), day.into()) }
}

/// The parts of a time as they stand.
struct Clock {
    parts: [u32; 3],
    count: usize,
    colons: usize,
}

/// Reads the parts of a time, spaces around the colons allowed. A part has at most four figures, and at most two
/// where it begins with 0.
fn read_clock(cursor: &mut Cursor<'_>) -> Option<Clock> {
    let mut clock = Clock { parts: [0; 3], count: 0, colons: 0 };
    for part in &mut clock.parts {
        let Some(figures) = cursor.figures() else {
            break;
        };
        let filled = matches!((figures.length, figures.value), (3, ..100) | (4, ..1_000));
        if figures.length > 4 || filled {
            return None;
        }
        *part = figures.value;
        clock.count += 1;
        if clock.count == 3 || !take_spaced(cursor, ':') {
            break;
        }
        clock.colons += 1;
    }
    (clock.count > 0).then_some(clock)
}

/// Reads a time, if the whole text is one: `12:30`, `12:30:15.5`, `1:30 PM`, `5 p`, `30:15.5` as minutes. One part
/// may lie beyond its bounds (`36:00`, `23:300`) where no half of the day is named.
fn read_time(text: &str, locale: &Locale) -> Option<(f64, u16)> {
    let mut cursor = Cursor::new(text);
    let Clock { parts, count, colons } = read_clock(&mut cursor)?;
    let fraction = if colons > 0 && count > colons { second_fraction(&mut cursor, locale)? } else { None };
    let noon = if cursor.at_end() { None } else { Some(am_or_pm(&mut cursor, locale)?) };
    let [mut hour, mut minute, mut second] = parts;
    if count == 2 && fraction.is_some() {
        (hour, minute, second) = (0, hour, minute);
    }
    let beyond = u8::from(hour > 23) + u8::from(minute > 59) + u8::from(second > 59);
    match noon {
        None if colons == 0 || beyond > 1 => return None,
        // With AM or PM every part must be written and lie within its bounds.
        Some(_) if hour > 12 || minute > 59 || second > 59 || (colons > 0 && count == colons) => return None,
        Some(_) if count == 2 && fraction.is_some() => return None,
        Some(afternoon) => hour = hour % 12 + if afternoon { 12 } else { 0 },
        None => {}
    }
    let whole = f64::from(hour) * 3_600.0 + f64::from(minute) * 60.0 + f64::from(second);
    let format = time_format(hour, count == 3, fraction.is_some(), noon.is_some());
    Some(((whole + fraction.unwrap_or(0.0)) / 86_400.0, format))
}

fn time_format(hour: u32, seconds: bool, fraction: bool, twelve_hours: bool) -> u16 {
    match (fraction, twelve_hours, seconds) {
        (true, ..) => format::MINUTE_SECOND_TENTH,
        (_, true, true) => format::HOUR_MINUTE_SECOND_12,
        (_, true, false) => format::HOUR_MINUTE_12,
        _ if hour > 23 => format::ELAPSED,
        (_, _, true) => format::HOUR_MINUTE_SECOND,
        _ => format::HOUR_MINUTE,
    }
}

/// Digits behind the decimal separator, as a part of a second; the inner `None` where there are none: `23:59.` is
/// 23 hours and 59 minutes.
fn second_fraction(cursor: &mut Cursor<'_>, locale: &Locale) -> Option<Option<f64>> {
    if !cursor.take_char(locale.decimal) {
        return Some(None);
    }
    let Some(figures) = cursor.figures() else { return Some(None) };
    if figures.length > 9 {
        return None;
    }
    let mut scale = 1.0;
    for _ in 0..figures.length {
        scale *= 10.0;
    }
    Some(Some(f64::from(figures.value) / scale))
}

/// `AM`, `PM`, `a` or `p` behind a space, or the locale's words; true for the afternoon.
fn am_or_pm(cursor: &mut Cursor<'_>, locale: &Locale) -> Option<bool> {
    if !cursor.spaces() {
        return None;
    }
    let word = cursor.rest().to_lowercase();
    for (pm, words) in [(false, ["am", "a", locale.am]), (true, ["pm", "p", locale.pm])] {
        if words.iter().any(|own| own.to_lowercase() == word) {
            return Some(pm);
        }
    }
    None
}
