//! Values as people read and write them: formats of cells, of content types, of the definition.

use crate::{Content, Scalar};
use app_definitions::model::ContentType;
use numfmt::{Format, Kind, Locale};
use std::collections::HashMap;
use values::{DateSystem, Value};

/// Compiled number formats by their code.
#[derive(Debug, Default)]
pub(crate) struct Formats {
    compiled: HashMap<String, Format>,
}

/// A value as shown.
pub(crate) struct Shown {
    pub text: String,
    pub color: Option<String>,
}

impl Formats {
    /// Formats a value with a code; a broken code shows as General.
    pub fn show(&mut self, code: &str, value: &Value, locale: &Locale, system: DateSystem) -> Shown {
        if !self.compiled.contains_key(code) {
            let format = Format::parse(code).unwrap_or_else(|_| Format::general());
            self.compiled.insert(code.to_owned(), format);
        }
        match self.compiled.get(code) {
            Some(format) => {
                let formatted = format.format(value, locale, system);
                let color = formatted.color.map(|color| {
                    let [red, green, blue] = color.rgb();
                    format!("#{red:02x}{green:02x}{blue:02x}")
                });
                Shown { text: formatted.text.trim().to_owned(), color }
            }
            None => Shown { text: String::new(), color: None },
        }
    }
}

/// What a cell's number format says of its content.
pub(crate) fn content_of_format(code: &str) -> Option<Content> {
    let format = Format::parse(code).ok()?;
    Some(match format.kind() {
        Kind::Currency | Kind::Accounting => Content::Currency,
        Kind::Percent => Content::Percent,
        Kind::Date => Content::Date,
        Kind::Time => Content::Time,
        Kind::DateTime => Content::DateTime,
        Kind::Duration => Content::Duration,
        Kind::Number | Kind::Scientific | Kind::Fraction => {
            if format.class().decimals == 0 {
                Content::Integer
            } else {
                Content::Decimal
            }
        }
        Kind::General | Kind::Text | Kind::Words => return None,
    })
}

/// The content that a definition states.
pub(crate) fn content_of_type(content: ContentType) -> Content {
    match content {
        ContentType::Integer => Content::Integer,
        ContentType::Decimal => Content::Decimal,
        ContentType::Percent => Content::Percent,
        ContentType::Currency => Content::Currency,
        ContentType::Boolean => Content::Boolean,
        ContentType::Date => Content::Date,
        ContentType::Time => Content::Time,
        ContentType::DateTime => Content::DateTime,
        ContentType::Duration => Content::Duration,
        ContentType::Url => Content::Url,
        ContentType::Email => Content::Email,
        ContentType::Phone => Content::Phone,
        ContentType::Text | ContentType::Image | ContentType::RichText | ContentType::Geo => Content::Text,
    }
}

/// The code that shows a content where neither definition nor cell has one.
pub(crate) fn code_of_content(content: Content, decimals: Option<u32>) -> String {
    let digits = |count: u32| {
        if count == 0 { String::new() } else { format!(".{}", "0".repeat(count.min(15) as usize)) }
    };
    match (content, decimals) {
        (Content::Integer, None) => "#,##0".to_owned(),
        (Content::Integer | Content::Decimal, Some(count)) => format!("#,##0{}", digits(count)),
        (Content::Currency, count) => format!("#,##0{}", digits(count.unwrap_or(2))),
        (Content::Percent, count) => format!("0{}%", digits(count.unwrap_or(0))),
        (Content::Date, _) => "m/d/yyyy".to_owned(),
        (Content::Time, _) => "h:mm".to_owned(),
        (Content::DateTime, _) => "m/d/yyyy h:mm".to_owned(),
        (Content::Duration, _) => "[h]:mm".to_owned(),
        (_, Some(count)) => format!("#,##0{}", digits(count)),
        _ => "General".to_owned(),
    }
}

/// A number as a person edits it: every digit that counts, no groups to stumble over.
pub(crate) fn editable(
    value: &Value,
    content: Content,
    locale: &Locale,
    system: DateSystem,
    formats: &mut Formats,
) -> String {
    match (value, content) {
        (Value::Number(number), Content::Percent) => {
            // Fifteen digits: 0.07 times a hundred is 7, not 7.000000000000001.
            format!("{}%", numfmt::general_in(values::significant_15(number * 100.0), locale))
        }
        (Value::Number(_), Content::Date | Content::Time | Content::DateTime | Content::Duration) => {
            formats.show(&code_of_content(content, None), value, locale, system).text
        }
        (Value::Number(number), _) => numfmt::general_in(*number, locale),
        (Value::Bool(true), _) => "TRUE".to_owned(),
        (Value::Bool(false), _) => "FALSE".to_owned(),
        (Value::Text(text), _) => text.as_str().to_owned(),
        _ => String::new(),
    }
}

/// A cell's value as the view has it.
pub(crate) fn scalar(value: &Value) -> Scalar {
    match value {
        Value::Number(number) => Scalar::Number(*number),
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Text(text) => Scalar::Text(text.as_str().to_owned()),
        Value::Error(error) => Scalar::Error(error.as_str().to_owned()),
        _ => Scalar::Empty,
    }
}

/// The view's value as a cell has it.
pub(crate) fn value(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Number(number) => Value::number(*number),
        Scalar::Bool(value) => Value::Bool(*value),
        Scalar::Text(text) => Value::text(text),
        Scalar::Error(_) | Scalar::Empty => Value::Empty,
    }
}

/// What a cell error means to a person who sees no cells.
pub(crate) fn error_in_words(error: values::CellError) -> &'static str {
    use values::CellError;
    match error {
        CellError::Div0 => "needs a number other than 0",
        CellError::NA => "not found",
        CellError::Value => "needs other entries",
        CellError::Num => "no possible result",
        CellError::Ref => "a cell it needs is gone",
        CellError::Name => "uses something unknown",
        CellError::Null => "two ranges do not meet",
        CellError::Spill => "has no room for its results",
        CellError::Calc => "cannot be calculated",
        _ => "not available here",
    }
}
