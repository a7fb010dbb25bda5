//! Excel's coercions between kinds of scalars.

use numfmt::{Locale, Reading};
use values::{CellError, Result, Text, Value};

/// A scalar as a number: empty is 0, TRUE is 1, text is read as a person would have typed it.
///
/// # Errors
/// The error that it is; `#VALUE!` for text that is no number, and for what is no scalar.
pub fn to_number(value: &Value, reading: &Reading<'_>) -> Result<f64> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Empty | Value::Missing => Ok(0.0),
        Value::Bool(value) => Ok(f64::from(u8::from(*value))),
        Value::Text(text) => numfmt::parse_number(text, reading).ok_or(CellError::Value),
        Value::Error(error) => Err(*error),
        Value::Array(_) | Value::Range(..) | Value::Areas(_) | Value::Lambda(_) => Err(CellError::Value),
    }
}

/// A scalar as text: numbers as General prints them, truth values in the locale's words, empty as "".
///
/// # Errors
/// The error that it is; `#VALUE!` for what is no scalar.
pub fn to_text(value: &Value, locale: &Locale) -> Result<Text> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Number(number) => Ok(Text::from(numfmt::general_in(*number, locale))),
        Value::Bool(truth) => Ok(Text::from(locale.truth_word(*truth))),
        Value::Empty | Value::Missing => Ok(Text::new()),
        Value::Error(error) => Err(*error),
        Value::Array(_) | Value::Range(..) | Value::Areas(_) | Value::Lambda(_) => Err(CellError::Value),
    }
}

/// A scalar as a truth value: numbers other than 0 are TRUE, text must say so itself, in the locale's words.
///
/// # Errors
/// The error that it is; `#VALUE!` for other text, and for what is no scalar.
pub fn to_bool(value: &Value, locale: &Locale) -> Result<bool> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::Number(number) => Ok(*number != 0.0),
        Value::Empty | Value::Missing => Ok(false),
        Value::Text(text) => locale.truth_of(text).ok_or(CellError::Value),
        Value::Error(error) => Err(*error),
        _ => Err(CellError::Value),
    }
}

/// Cuts toward zero; saturates at the bounds of i64, short of the one that has no opposite.
pub(crate) fn truncate(number: f64) -> i64 {
    (number as i64).max(-i64::MAX)
}
