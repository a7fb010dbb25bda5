//! Typed text as a value of a kind of content.

use crate::Content;
use crate::words::Words;
use numfmt::Reading;
use values::Value;

/// The value of a typed text for a content, or what is wrong with it.
pub(crate) fn parse(text: &str, content: Content, reading: &Reading<'_>) -> Result<Value, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(Value::Empty);
    }
    let words = Words::of(reading.locale);
    let number = |problem: &str| numfmt::parse_number(trimmed, reading).ok_or_else(|| problem.to_owned());
    match content {
        Content::Text | Content::Url | Content::Email | Content::Phone => Ok(Value::text(text)),
        Content::Integer => match number(words.enter_number)? {
            whole if whole.fract() == 0.0 => Ok(Value::Number(whole)),
            _ => Err(words.enter_whole.to_owned()),
        },
        Content::Decimal | Content::Currency => number(words.enter_number).map(Value::Number),
        // 5 in a field of percents means 5 %, as it does in a cell with that format.
        Content::Percent if !trimmed.contains('%') => numfmt::parse_number(&format!("{trimmed}%"), reading)
            .map(Value::Number)
            .ok_or_else(|| words.enter_percentage.to_owned()),
        Content::Percent => number(words.enter_percentage).map(Value::Number),
        Content::Boolean => match trimmed.to_lowercase().as_str() {
            "true" | "yes" | "1" | "ja" | "oui" | "wahr" | "vrai" => Ok(Value::Bool(true)),
            "false" | "no" | "0" | "nein" | "non" | "falsch" | "faux" => Ok(Value::Bool(false)),
            _ => Err(words.enter_yes_or_no.to_owned()),
        },
        Content::Date => numfmt::parse_date(trimmed, reading)
            .map(|serial| Value::Number(serial.floor()))
            .ok_or_else(|| words.enter_date.to_owned()),
        Content::Time => {
            numfmt::parse_time(trimmed, reading).map(Value::Number).ok_or_else(|| words.enter_time.to_owned())
        }
        Content::DateTime => number(words.enter_moment).map(Value::Number),
        Content::Duration => number(words.enter_duration).map(Value::Number),
    }
}

/// Typed text without the unit that stands beside its field: people write `60 cm` there too.
pub(crate) fn without_unit<'t>(text: &'t str, unit: &str) -> &'t str {
    let trimmed = text.trim();
    if unit.is_empty() {
        return trimmed;
    }
    let bare = trimmed.strip_suffix(unit).or_else(|| trimmed.strip_prefix(unit));
    bare.map(str::trim).filter(|bare| bare.contains(|c: char| c.is_ascii_digit())).unwrap_or(trimmed)
}
