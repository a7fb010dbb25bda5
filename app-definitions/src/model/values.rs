//! Values of attributes that are more than plain text: captions, conditions, bounds, settings, colours, periods.
//!
//! Each has one `parse` and one `Display`, and printing then parsing gives an equal value.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::expression::{Expression, LONGEST_EXPRESSION};
use crate::id::is_id;
use crate::reference::{Reference, ReferenceError};

/// Why a value cannot be read. Prints as the end of a sentence that starts with the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Not a reference.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// `=` with nothing behind it.
    #[error("is an expression without a formula")]
    EmptyExpression,
    /// Longer than a workbook's formula may be.
    #[error("is longer than {LONGEST_EXPRESSION} characters")]
    LongExpression,
    /// Not a number that can be computed with.
    #[error("is not a finite number")]
    NotFinite,
    /// Not a date of the calendar or not a time of day.
    #[error("is not a date or time")]
    NotAMoment,
}

impl Expression {
    /// Reads an expression: `=` and a formula behind it. `None` for a text that does not start with `=`.
    pub fn parse(text: &str) -> Option<Result<Self, ValueError>> {
        let formula = text.strip_prefix('=')?;
        Some(if formula.trim().is_empty() {
            Err(ValueError::EmptyExpression)
        } else if text.chars().count() > LONGEST_EXPRESSION {
            Err(ValueError::LongExpression)
        } else {
            Ok(Self::new(text))
        })
    }
}

/// Text that people read: written out, or the key of a text that `<strings>` holds for each locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caption {
    /// The text itself.
    Literal(String),
    /// `@key`: looked up in the strings of the locale.
    Key(String),
}

impl Caption {
    /// Reads a caption. `@key` is a key, `@@` starts a literal `@`.
    pub fn parse(text: &str) -> Self {
        match text.strip_prefix('@') {
            Some(rest) if rest.starts_with('@') => Self::Literal(rest.to_owned()),
            Some(key) if is_text_key(key) => Self::Key(key.to_owned()),
            _ => Self::Literal(text.to_owned()),
        }
    }

    /// A caption that shows this text as it is.
    pub fn literal(text: impl Into<String>) -> Self {
        Self::Literal(text.into())
    }

    /// The text or the key, for deriving ids and for messages.
    pub fn words(&self) -> &str {
        match self {
            Self::Literal(text) | Self::Key(text) => text,
        }
    }
}

impl fmt::Display for Caption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "@{key}"),
            Self::Literal(text) if Self::parse(text) != *self => write!(f, "@{text}"),
            Self::Literal(text) => f.write_str(text),
        }
    }
}

/// Whether `text` can be the key of a text: a letter or `_`, then letters, digits, `_`, `.` and `-`, all ASCII.
pub fn is_text_key(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// Something that is true or false: fixed, in a cell, or computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `true` or `false`.
    Constant(bool),
    /// A TRUE/FALSE cell.
    Reference(Reference),
    /// An expression.
    Expression(Expression),
}

impl Condition {
    /// Reads `true`, `false`, an expression or a reference.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match text.trim() {
            "true" => Ok(Self::Constant(true)),
            "false" => Ok(Self::Constant(false)),
            text => match Expression::parse(text) {
                Some(expression) => Ok(Self::Expression(expression?)),
                None => Ok(Self::Reference(Reference::parse(text)?)),
            },
        }
    }

    /// Whether this is `true` whatever the workbook says.
    pub fn is_always(&self) -> bool {
        *self == Self::Constant(true)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(value) => write!(f, "{value}"),
            Self::Reference(reference) => write!(f, "{reference}"),
            Self::Expression(expression) => write!(f, "{expression}"),
        }
    }
}

/// An end of a range or a step: a number, a date or time, a cell, or computed.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// A finite number.
    Number(f64),
    /// A date, a time or both.
    Moment(Moment),
    /// A cell that holds the number or date.
    Reference(Reference),
    /// An expression.
    Expression(Expression),
}

impl Bound {
    /// Reads a number (`.` as decimal point), an ISO date or time, an expression or a reference.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if let Some(expression) = Expression::parse(text) {
            return Ok(Self::Expression(expression?));
        }
        if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
            return match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Self::Number(number)),
                Ok(_) => Err(ValueError::NotFinite),
                Err(_) => Moment::parse(text).map(Self::Moment).ok_or(ValueError::NotAMoment),
            };
        }
        Ok(Self::Reference(Reference::parse(text)?))
    }

    /// Whether this bound certainly lies above `other`; unknown where one is not written out.
    pub fn is_above(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a > b,
            (Self::Moment(a), Self::Moment(b)) => a.is_after(b),
            _ => false,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Moment(moment) => write!(f, "{moment}"),
            Self::Reference(reference) => write!(f, "{reference}"),
            Self::Expression(expression) => write!(f, "{expression}"),
        }
    }
}

/// A date, a time or both, in ISO 8601: `2026-01-31`, `08:30`, `08:30:15`, `2026-01-31T08:30`.
///
/// A time without a date may exceed 24 hours, so that it can bound a duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    text: String,
    date: Option<(u32, u32, u32)>,
    seconds: Option<u32>,
}

impl Moment {
    /// Reads a date that the calendar has and a time below 10,000 hours (below 24 behind a date).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (Some(date), Some(time)),
            None if text.contains(':') => (None, Some(text)),
            None => (Some(text), None),
        };
        let date = date.map(parse_date);
        let seconds = time.map(parse_time);
        if date == Some(None) || seconds == Some(None) {
            return None;
        }
        let (date, seconds) = (date.flatten(), seconds.flatten());
        if date.is_some() && seconds.is_some_and(|seconds| seconds >= 86_400) {
            return None;
        }
        Some(Self { text: text.to_owned(), date, seconds })
    }

    /// Year, month (1–12) and day (1–31), if it has a date.
    pub fn date(&self) -> Option<(u32, u32, u32)> {
        self.date
    }

    /// Seconds since midnight or of the duration, if it has a time.
    pub fn seconds(&self) -> Option<u32> {
        self.seconds
    }

    fn is_after(&self, other: &Self) -> bool {
        let comparable = self.date.is_some() == other.date.is_some();
        comparable && (self.date, self.seconds.unwrap_or(0)) > (other.date, other.seconds.unwrap_or(0))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Digits only, within these lengths; signs and spaces are no digits.
fn parse_digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let digits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn parse_date(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('-');
    let year = parse_digits(parts.next()?, 4..=4)?;
    let month = parse_digits(parts.next()?, 2..=2)?;
    let day = parse_digits(parts.next()?, 2..=2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (parts.next().is_none() && (1..=days).contains(&day)).then_some((year, month, day))
}

fn parse_time(text: &str) -> Option<u32> {
    let mut parts = text.split(':');
    let hours = parse_digits(parts.next()?, 1..=4)?;
    let minutes = parse_digits(parts.next()?, 2..=2)?;
    let seconds = match parts.next() {
        Some(seconds) => parse_digits(seconds, 2..=2)?,
        None => 0,
    };
    (parts.next().is_none() && minutes < 60 && seconds < 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

/// A value that may be written out, held by a bind, or computed: a default, a filter's value, a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Written out; read as a workbook would read it when typed.
    Literal(String),
    /// `#id`: what the bind of this id names.
    Reference(Reference),
    /// An expression.
    Expression(Expression),
}

impl Setting {
    /// Reads an expression, `#id` or a literal.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match (Expression::parse(text), text.trim().strip_prefix('#')) {
            (Some(expression), _) => Ok(Self::Expression(expression?)),
            (None, Some(id)) if is_id(id) => Ok(Self::Reference(Reference::Bind(id.to_owned()))),
            (None, _) => Ok(Self::Literal(text.to_owned())),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => f.write_str(text),
            Self::Reference(reference) => write!(f, "{reference}"),
            Self::Expression(expression) => write!(f, "{expression}"),
        }
    }
}

/// A column of a list: by its header, or by its number from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRef {
    /// The header's text.
    Header(String),
    /// The number of the column, from 1; a header of just this number comes first.
    Offset(u32),
}

impl ColumnRef {
    /// Reads a number from 1 to 16384, or else a header; `@Header` says the same as `Header`.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        match parse_digits(text, 1..=5) {
            Some(offset @ 1..=16_384) if !text.starts_with('0') => Self::Offset(offset),
            _ => Self::Header(text.strip_prefix('@').unwrap_or(text).to_owned()),
        }
    }
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offset(offset) => write!(f, "{offset}"),
            Self::Header(header) if Self::parse(header) != *self => write!(f, "@{header}"),
            Self::Header(header) => f.write_str(header),
        }
    }
}

impl Default for ColumnRef {
    fn default() -> Self {
        Self::Header(String::new())
    }
}

/// A colour, each part from 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Color {
    /// Reads `#rrggbb` or `#rgb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> = text
            .strip_prefix('#')?
            .chars()
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        match digits.as_slice() {
            [r, g, b] => Some(Self { red: r * 17, green: g * 17, blue: b * 17 }),
            [r, s, g, h, b, c] => Some(Self { red: r * 16 + s, green: g * 16 + h, blue: b * 16 + c }),
            _ => None,
        }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// A length of time in whole seconds, written as `30s`, `15m`, `8h` or `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// Seconds, at least 1.
    pub seconds: u64,
}

/// Units of a period, the largest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl Period {
    /// So many days.
    pub fn days(days: u64) -> Self {
        Self { seconds: days.saturating_mul(86_400) }
    }

    /// Reads a number from 1 to 999999999 and a unit: `s`, `m`, `h` or `d`.
    pub fn parse(text: &str) -> Option<Self> {
        let (unit, seconds) = UNITS.into_iter().find(|&(unit, _)| text.ends_with(unit))?;
        let number = text.strip_suffix(unit).and_then(|number| parse_digits(number, 1..=9))?;
        let positive = number > 0 && !text.starts_with('0');
        positive.then(|| Self { seconds: u64::from(number) * seconds })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = UNITS.into_iter().find(|&(_, seconds)| self.seconds.is_multiple_of(seconds));
        let (unit, seconds) = whole.unwrap_or(('s', 1));
        write!(f, "{}{unit}", self.seconds / seconds)
    }
}

/// Whether `text` is a locale such as `de`, `de-CH` or `zh-Hant-TW`.
pub fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts
        .next()
        .is_some_and(|part| matches!(part.len(), 2 | 3) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    language
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Serialises each of these types as the text that stands in the XML.
macro_rules! serialize_as_text {
    ($($name:ident),+) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        })+
    };
}

serialize_as_text!(Caption, Condition, Bound, Moment, Setting, ColumnRef, Color, Period);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_texts_or_keys() {
        for (text, caption) in [
            ("Body Height", Caption::Literal("Body Height".into())),
            ("@calc", Caption::Key("calc".into())),
            ("@@calc", Caption::Literal("@calc".into())),
            ("@@@", Caption::Literal("@@".into())),
            ("@ home", Caption::Literal("@ home".into())),
            ("@", Caption::Literal("@".into())),
        ] {
            assert_eq!(Caption::parse(text), caption, "{text}");
            assert_eq!(Caption::parse(&caption.to_string()), caption, "{text}");
        }
    }

    #[test]
    fn bounds_are_numbers_moments_references_or_expressions() {
        for text in [
            "80",
            "-1.5",
            "0.1",
            "2026-02-28",
            "08:30",
            "100:00:05",
            "2026-01-31T23:59",
            "#limit",
            "=#a*2",
            "B7",
        ] {
            assert_eq!(Bound::parse(text).map(|bound| bound.to_string()).as_deref(), Ok(text));
        }
        for (text, error) in [
            ("1e999", ValueError::NotFinite),
            ("2026-02-29", ValueError::NotAMoment),
            ("2026-13-01", ValueError::NotAMoment),
            ("2026-01-31T24:00", ValueError::NotAMoment),
            ("08:60", ValueError::NotAMoment),
            ("1,5", ValueError::NotAMoment),
            ("=", ValueError::EmptyExpression),
            ("a b", ValueError::Reference(ReferenceError::Unreadable)),
        ] {
            assert_eq!(Bound::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn bounds_compare_where_both_are_written_out() {
        for (a, b, above) in [
            ("2", "1", true),
            ("1", "1", false),
            ("10", "9.5", true),
            ("2026-02-01", "2026-01-31", true),
            ("2026-01-31T08:00", "2026-01-31", true),
            ("100:00", "9:00", true),
            ("08:00", "2026-01-31", false),
            ("#a", "1", false),
        ] {
            let (low, high) = (Bound::parse(a).unwrap(), Bound::parse(b).unwrap());
            assert_eq!(low.is_above(&high), above, "{a} above {b}");
        }
    }

    #[test]
    fn colours_and_periods() {
        assert_eq!(Color::parse("#0B6e56").unwrap().to_string(), "#0b6e56");
        assert_eq!(Color::parse("#fa0").unwrap().to_string(), "#ffaa00");
        for text in ["", "#", "#12", "#1234", "#ggg", "red", "0b6e56", "#+12345"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
        for (text, printed) in [("7d", "7d"), ("48h", "2d"), ("90m", "90m"), ("60s", "1m"), ("90s", "90s")] {
            assert_eq!(Period::parse(text).unwrap().to_string(), printed);
        }
        for text in ["", "d", "7", "0d", "07d", "-7d", "7w", "1.5h", "1234567890s", "7 d"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn columns_are_headers_or_numbers() {
        for (text, column) in [
            ("Date", ColumnRef::Header("Date".into())),
            ("@Date", ColumnRef::Header("Date".into())),
            ("3", ColumnRef::Offset(3)),
            ("@3", ColumnRef::Header("3".into())),
            ("16385", ColumnRef::Header("16385".into())),
            ("@@home", ColumnRef::Header("@home".into())),
        ] {
            assert_eq!(ColumnRef::parse(text), column, "{text}");
            assert_eq!(ColumnRef::parse(&column.to_string()), column, "{text}");
        }
    }

    #[test]
    fn locales() {
        for text in ["de", "de-CH", "zh-Hant-TW", "gsw"] {
            assert!(is_locale(text), "{text}");
        }
        for text in ["", "d", "german", "de_CH", "de-", "de-C", "d3"] {
            assert!(!is_locale(text), "{text}");
        }
    }
}
