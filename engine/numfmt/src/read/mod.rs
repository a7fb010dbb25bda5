//! Text to values: what a person typed, and what text is worth where a number is needed.
//!
//! Numbers come first, then fractions, then dates and times; what is none of these stays text. Nothing is guessed:
//! a date whose day and month do not fit the locale's order is text, as in Excel.

mod cursor;
mod date;
mod fraction;
mod number;

use crate::Locale;
use values::{CellError, DateSystem, Value};

/// What text must be read against.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Separators, order of dates, names of months, currency.
    pub locale: &'a Locale,
    /// Where serial dates begin.
    pub system: DateSystem,
    /// The year of dates that are written without one: this year, by the caller's clock.
    pub year: i32,
}

/// What a typed text is.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The value: empty, number, boolean, error or text.
    pub value: Value,
    /// The built-in format that Excel gives to a cell without one, see [`crate::builtin_in`].
    pub format: Option<u16>,
}

/// A number read from text, with the id of the built-in format that fits how it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Read {
    pub(crate) number: f64,
    pub(crate) format: Option<u16>,
}

/// The longest text that can be a date or time.
const MAX_DATE_CHARS: usize = 80;

fn read(text: &str, reading: &Reading<'_>) -> Option<Read> {
    let text = trim(text);
    // Most text is words: no number or date does without a digit.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number::read_number(text, reading.locale)
        .or_else(|| fraction::read_fraction(text))
        .or_else(|| read_moment(text, reading).map(|moment| moment.read()))
}

fn read_moment(text: &str, reading: &Reading<'_>) -> Option<date::Moment> {
    if text.chars().nth(MAX_DATE_CHARS).is_some() {
        return None;
    }
    date::read_moment(text, reading)
}

/// Without spaces, tabs and line ends around it. A no-break space is no space here: Excel keeps it.
fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// The number that a text is worth in arithmetic and to VALUE: a number in any of the ways that people write one
/// (`1,234.5`, `50%`, `$5`, `(5)`, `1e3`, `1 1/2`), or the serial of a date or time. `None` for other text, also
/// for empty text.
pub fn parse_number(text: &str, reading: &Reading<'_>) -> Option<f64> {
    read(text, reading).map(|read| read.number)
}

/// The serial of the date in a text, for DATEVALUE; a time beside it is ignored, and a time alone is day 0.
/// `None` for numbers and other text.
pub fn parse_date(text: &str, reading: &Reading<'_>) -> Option<f64> {
    let moment = read_moment(trim(text), reading)?;
    Some(moment.date.unwrap_or(0) as f64)
}

/// The time of day in a text as a part of a day, for TIMEVALUE; a date beside it is ignored, and a date alone is
/// midnight. `None` for numbers and other text.
pub fn parse_time(text: &str, reading: &Reading<'_>) -> Option<f64> {
    let moment = read_moment(trim(text), reading)?;
    let time = moment.time.unwrap_or(0.0);
    Some(time - time.floor())
}

/// What a text is when a person types it into a cell: TRUE and FALSE in English or in the locale's words, an error's
/// name, a number or date in the locale's way, or text. An apostrophe at the beginning makes anything text.
pub fn parse_typed(text: &str, reading: &Reading<'_>) -> Typed {
    if text.is_empty() {
        return Typed { value: Value::Empty, format: None };
    }
    if let Some(literal) = text.strip_prefix('\'') {
        return Typed { value: Value::text(literal), format: None };
    }
    let trimmed = trim(text);
    if let Some(truth) = reading.locale.truth_of(trimmed).or_else(|| Locale::en_us().truth_of(trimmed)) {
        return Typed { value: Value::Bool(truth), format: None };
    }
    if trimmed.starts_with('#')
        && let Ok(error) = trimmed.parse::<CellError>()
    {
        return Typed { value: Value::Error(error), format: None };
    }
    match read(text, reading) {
        Some(Read { number, format }) => Typed { value: Value::Number(number), format },
        None => Typed { value: Value::text(text), format: None },
    }
}
