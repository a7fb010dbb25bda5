//! Values as people read and write them: formats of cells, of content types, of the definition.

use crate::{Content, Scalar};
use app_definitions::model::ContentType;
use numfmt::{Format, Kind, Locale};
use std::collections::HashMap;
use values::{DateSystem, Value};

/// The code of the built-in short date in the United States: what files mean by it differs with the country.
const SHORT_DATE: &str = "m/d/yyyy";
/// The same with a time.
const SHORT_MOMENT: &str = "m/d/yyyy h:mm";

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
    /// Formats a value with a code; a broken code shows as General, the short date in the order of the locale.
    pub fn show(&mut self, code: &str, value: &Value, locale: &Locale, system: DateSystem) -> Shown {
        let localised = match code {
            SHORT_DATE => numfmt::builtin_in(14, locale),
            SHORT_MOMENT => numfmt::builtin_in(22, locale),
            _ => None,
        };
        let code = localised.as_deref().unwrap_or(code);
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

/// A value as its cell shows it, without colour. A broken code shows as General.
pub fn shown(code: &str, value: &Value, locale: &Locale, system: DateSystem) -> String {
    Formats::default().show(code, value, locale, system).text
}

/// The currency that a number format shows, and whether it stands before the number.
pub(crate) fn currency_of_format(code: &str) -> Option<(String, bool)> {
    let class = Format::parse(code).ok()?.class().clone();
    let currency = class.currency.filter(|_| matches!(class.kind, Kind::Currency | Kind::Accounting))?;
    let digit = code.find(['0', '#', '?'])?;
    let before = code.find(&*currency).is_some_and(|place| place < digit);
    Some((currency.trim().to_owned(), before))
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
        (Content::Date, _) => SHORT_DATE.to_owned(),
        (Content::Time, _) => "h:mm".to_owned(),
        (Content::DateTime, _) => SHORT_MOMENT.to_owned(),
        (Content::Duration, _) => "[h]:mm".to_owned(),
        (_, Some(count)) => format!("#,##0{}", digits(count)),
        _ => "General".to_owned(),
    }
}

/// A number format with so many digits behind the point in each of its sections.
pub(crate) fn with_decimals(code: &str, decimals: u32) -> String {
    let fraction =
        if decimals == 0 { String::new() } else { format!(".{}", "0".repeat(decimals.min(15) as usize)) };
    let mut out = String::with_capacity(code.len());
    let mut chars = code.chars().peekable();
    // Within a run of digit places: `Some(true)` once its point was met, whose digits are dropped.
    let mut run: Option<bool> = None;
    while let Some(c) = chars.next() {
        match (c, run) {
            ('0' | '#' | '?', None) => (run, out) = (Some(false), out + &c.to_string()),
            ('0' | '#' | '?' | ',', Some(false)) => out.push(c),
            ('.', Some(false)) => run = Some(true),
            ('0' | '#' | '?', Some(true)) => {}
            _ => {
                if run.take().is_some() {
                    out.push_str(&fraction);
                }
                out.push(c);
                // Quoted, escaped and bracketed characters are no places.
                let end = match c {
                    '"' => Some('"'),
                    '[' => Some(']'),
                    _ => None,
                };
                match (c, end) {
                    ('\\' | '_' | '*', _) => out.extend(chars.next()),
                    (_, Some(end)) => {
                        for inner in chars.by_ref() {
                            out.push(inner);
                            if inner == end {
                                break;
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    if run.is_some() {
        out.push_str(&fraction);
    }
    out
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
        (Value::Number(number), Content::Date | Content::Time | Content::DateTime | Content::Duration) => {
            let mut code = code_of_content(content, None);
            if content == Content::DateTime
                && let Some(local) = numfmt::builtin_in(22, locale)
            {
                code = local.into_owned();
            }
            if content != Content::Date && has_seconds(*number) {
                code.push_str(":ss");
            }
            formats.show(&code, value, locale, system).text
        }
        (Value::Number(number), _) => numfmt::general_in(*number, locale),
        (Value::Bool(truth), _) => locale.truth_word(*truth).to_owned(),
        (Value::Text(text), _) => text.as_str().to_owned(),
        _ => String::new(),
    }
}

/// Whether a moment does not fall on a full minute, so that leaving out its seconds would lose them.
fn has_seconds(serial: f64) -> bool {
    const SECONDS_A_DAY: f64 = 86_400.0;
    (serial * SECONDS_A_DAY + 0.5).floor() % 60.0 != 0.0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exchanged_in_each_section_and_nowhere_else() {
        for (code, decimals, expected) in [
            ("0", 2, "0.00"),
            ("#,##0.00 \"€\"", 0, "#,##0 \"€\""),
            ("#,##0", 1, "#,##0.0"),
            ("0.0%;-0.0%", 3, "0.000%;-0.000%"),
            ("[$€-407] #,##0.00;[Red]\\-#,##0.00", 1, "[$€-407] #,##0.0;[Red]\\-#,##0.0"),
            ("\"0.0\" 0.0_)", 2, "\"0.0\" 0.00_)"),
            ("\\0 0", 1, "\\0 0.0"),
            ("General", 2, "General"),
            ("", 2, ""),
        ] {
            assert_eq!(with_decimals(code, decimals), expected, "{code}");
        }
    }

    #[test]
    fn the_currency_of_a_format_is_found_with_its_side() {
        let found = |code| currency_of_format(code);
        assert_eq!(found("#,##0.00 \"€\""), Some(("€".to_owned(), false)));
        assert_eq!(found("[$£-809]#,##0"), Some(("£".to_owned(), true)));
        assert_eq!(found("0.00"), None);
        assert_eq!(found("0%"), None);
    }
}
