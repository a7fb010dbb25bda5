//! What the worksheet function TEXT does beyond showing a value.

use crate::{Format, Kind, Locale, Reading, parse_number};
use std::cell::RefCell;
use std::rc::Rc;
use values::{CellError, Value};

/// TEXT: the value as a code shows it. The code is read in the locale's own notation; text that reads as a number
/// is shown as that number, and an empty cell as 0.
///
/// # Errors
/// `#VALUE!` for what is no format code and for dates outside of the calendar; an error that is passed in.
pub fn format_text(value: &Value, code: &str, reading: &Reading<'_>) -> values::Result<String> {
    let format = compiled(code, reading.locale).ok_or(CellError::Value)?;
    format.text_of(value, reading)
}

/// Codes that are remembered: columns of TEXT use one or two.
const PLACES: usize = 8;

// Pure results of pure arguments: what one thread remembers changes nothing but the time.
thread_local! {
    static COMPILED: RefCell<Vec<(&'static str, String, Rc<Format>)>> = const { RefCell::new(Vec::new()) };
}

fn compiled(code: &str, locale: &Locale) -> Option<Rc<Format>> {
    COMPILED.with_borrow_mut(|known| {
        if let Some((.., format)) = known.iter().find(|(tag, of, _)| *tag == locale.tag && of == code) {
            return Some(Rc::clone(format));
        }
        let format = Rc::new(Format::parse_local(code, locale).ok()?);
        if known.len() == PLACES {
            known.remove(0);
        }
        known.push((locale.tag, code.to_owned(), Rc::clone(&format)));
        Some(format)
    })
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
