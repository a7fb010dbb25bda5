//! What the worksheet function TEXT does beyond showing a value.

use crate::{Format, Kind, Reading, parse_number};
use values::{CellError, Value};

/// TEXT: the value as a code shows it. The code is read in the locale's own notation; text that reads as a number
/// is shown as that number, and an empty cell as 0.
///
/// # Errors
/// `#VALUE!` for what is no format code and for dates outside of the calendar; an error that is passed in.
pub fn format_text(value: &Value, code: &str, reading: &Reading<'_>) -> values::Result<String> {
    let format = Format::parse_local(code, reading.locale).map_err(|_| CellError::Value)?;
    format.text_of(value, reading)
}

impl Format {
    /// TEXT with a code that is compiled already; see [`format_text`].
    ///
    /// # Errors
    /// `#VALUE!` for dates outside of the calendar; an error that is passed in.
    pub fn text_of(&self, value: &Value, reading: &Reading<'_>) -> values::Result<String> {
        let number = match value {
            Value::Error(error) => return Err(*error),
            Value::Empty | Value::Missing => Some(Value::Number(0.0)),
            // `@` shows text as it is, whatever it could be read as.
            Value::Text(text) if self.kind() != Kind::Text => parse_number(text, reading).map(Value::Number),
            _ => None,
        };
        let shown = self.format(number.as_ref().unwrap_or(value), reading.locale, reading.system);
        if shown.overflow { Err(CellError::Value) } else { Ok(shown.text) }
    }
}
