//! What goes between a cell's tags: values and formulas as a file writes them.
//!
//! Source: ECMA-376 part 1, 18.3.1.4 (`c`), 18.3.1.40 (`f`), 18.3.1.53 (`is`), 18.3.1.96 (`v`), 22.9.2.19 (ST_Xstring).

use super::scan::escaped;
use super::{NewFormula, SaveError};
use crate::Limits;
use std::borrow::Cow;
use std::fmt::Write;
use values::{Cell, CellError, Value};
use workbook::ArrayKind;

/// A value as XML: what a cell's `t` says, what stands between its tags, and the record of its metadata.
pub(super) struct Written {
    pub kind: Option<&'static str>,
    pub xml: String,
    pub metadata: Option<usize>,
    /// Whether the value is an error that had to be written as another one.
    pub is_plain_error: bool,
}

/// What a value's metadata can say of errors: for each record, the error it stands for.
pub(super) type Errors = [Option<CellError>];

impl Written {
    fn value(prefix: &str, kind: Option<&'static str>, text: &str) -> Written {
        let space = if keeps_blanks(text) { " xml:space=\"preserve\"" } else { "" };
        let xml = format!("<{prefix}v{space}>{}</{prefix}v>", element_text(text));
        Written { kind, xml, metadata: None, is_plain_error: false }
    }
}

/// A value; `result` where a formula gave it, which decides how a text is written.
pub(super) fn value(
    value: &Value,
    result: bool,
    prefix: &str,
    errors: &Errors,
    limits: &Limits,
) -> Result<Written, SaveError> {
    Ok(match value {
        Value::Empty | Value::Missing => {
            Written { kind: None, xml: String::new(), metadata: None, is_plain_error: false }
        }
        Value::Number(number) if number.is_finite() => Written::value(prefix, None, &self::number(*number)),
        Value::Number(_) => error(CellError::Num, prefix, errors),
        Value::Bool(truth) => Written::value(prefix, Some("b"), if *truth { "1" } else { "0" }),
        Value::Error(name) => error(*name, prefix, errors),
        Value::Text(text) => {
            if text.len() > limits.text_units && text.encode_utf16().count() > limits.text_units {
                let most = limits.text_units;
                return Err(SaveError::change(format!("a text of a cell is longer than {most} characters")));
            }
            let text = text_value(text);
            if result {
                Written::value(prefix, Some("str"), &text)
            } else {
                let space = if keeps_blanks(&text) { " xml:space=\"preserve\"" } else { "" };
                let xml =
                    format!("<{prefix}is><{prefix}t{space}>{}</{prefix}t></{prefix}is>", element_text(&text));
                Written { kind: Some("inlineStr"), xml, metadata: None, is_plain_error: false }
            }
        }
        Value::Array(_) | Value::Range(..) | Value::Areas(_) | Value::Lambda(_) => {
            return Err(SaveError::change(
                "a cell cannot hold an array, a reference or a function as its value",
            ));
        }
    })
}

/// The newer errors are written as `#VALUE!` with metadata that says which one is meant, where the file has such
/// metadata, and without it otherwise.
fn error(error: CellError, prefix: &str, errors: &Errors) -> Written {
    let is_old = matches!(
        error,
        CellError::Null
            | CellError::Div0
            | CellError::Value
            | CellError::Ref
            | CellError::Name
            | CellError::Num
            | CellError::NA
            | CellError::GettingData
    );
    if is_old {
        return Written::value(prefix, Some("e"), error.as_str());
    }
    let record = errors.iter().position(|known| *known == Some(error));
    Written {
        metadata: record.map(|record| record + 1),
        is_plain_error: record.is_none(),
        ..Written::value(prefix, Some("e"), CellError::Value.as_str())
    }
}

/// The shortest digits that read back as the same number.
pub(super) fn number(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-5..1e17).contains(&size) { format!("{number:E}") } else { number.to_string() }
}

/// A new formula's element.
pub(super) fn formula(new: &NewFormula, at: Cell, prefix: &str) -> Result<String, SaveError> {
    let mut tag = format!("<{prefix}f");
    if let Some((rect, _)) = new.array {
        if rect.first() != at {
            let message = format!("the array formula in {at} cannot fill {rect}, which does not begin there");
            return Err(SaveError::change(message));
        }
        // Writing into a string does not fail.
        let _ = write!(tag, " t=\"array\" ref=\"{rect}\"");
    }
    Ok(format!("{}</{prefix}f>", opened(tag, &new.text, at)?))
}

/// A formula's start tag, begun with name and attributes, closed and followed by its text.
pub(super) fn opened(mut tag: String, text: &str, at: Cell) -> Result<String, SaveError> {
    if text.is_empty() || text.chars().any(|c| !is_xml(c)) {
        return Err(SaveError::change(format!(
            "the formula in {at} is empty or has a character that no file can hold"
        )));
    }
    tag.push_str(if keeps_blanks(text) { " xml:space=\"preserve\">" } else { ">" });
    tag.push_str(&element_text(text));
    Ok(tag)
}

/// Whether the formula spills.
pub(super) fn is_dynamic(new: &NewFormula) -> bool {
    matches!(new.array, Some((_, ArrayKind::Dynamic)))
}

/// Text whose blanks a reader might drop.
fn keeps_blanks(text: &str) -> bool {
    text.starts_with([' ', '\t', '\n', '\r'])
        || text.ends_with([' ', '\t', '\n', '\r'])
        || text.contains('\n')
}

/// Text between tags, where quotes and breaks may stand as they are, but for a carriage return.
pub(super) fn element_text(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '\r']) {
        return Cow::Borrowed(text);
    }
    let pieces = text.split_inclusive(['"', '\n', '\t']);
    let mut safe = String::with_capacity(text.len() + 16);
    for piece in pieces {
        let kept = piece.strip_suffix(['"', '\n', '\t']);
        safe.push_str(&escaped(kept.unwrap_or(piece)));
        safe.push_str(kept.and_then(|kept| piece.get(kept.len()..)).unwrap_or_default());
    }
    Cow::Owned(safe)
}

fn is_xml(c: char) -> bool {
    c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r')
}

/// A text as values are written: what XML cannot hold as `_x0007_`, and what looks like that with its first
/// character so.
pub(super) fn text_value(text: &str) -> Cow<'_, str> {
    let looks_escaped = |rest: &str| {
        rest.get(..7).is_some_and(|escape| {
            escape.starts_with("_x")
                && escape.ends_with('_')
                && escape.get(2..6).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        })
    };
    let mut safe: Option<String> = None;
    for (place, c) in text.char_indices() {
        let escape = !is_xml(c) || c == '\r' || c == '_' && text.get(place..).is_some_and(looks_escaped);
        if escape {
            let safe = safe.get_or_insert_with(|| text.get(..place).unwrap_or_default().to_owned());
            // All characters that are escaped are single UTF-16 units.
            let _ = write!(safe, "_x{:04X}_", u32::from(c));
        } else if let Some(safe) = &mut safe {
            safe.push(c);
        }
    }
    safe.map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::unescape;

    #[test]
    fn numbers_read_back_as_they_were() {
        for (n, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (1e-7, "1E-7"),
            (123_456_789.0, "123456789"),
            (1e300, "1E300"),
            (-2.5e-300, "-2.5E-300"),
            (f64::MIN_POSITIVE, "2.2250738585072014E-308"),
        ] {
            assert_eq!(number(n), text);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), n.to_bits());
        }
    }

    #[test]
    fn texts_read_back_as_they_were() {
        for text in [
            "",
            "plain",
            "_x0041_",
            "a\u{7}b",
            "line\r\nnext",
            "_x",
            "x_x00__x0009_",
            "\u{ffff}😀",
            "é_x00e9_",
        ] {
            assert_eq!(unescape(&text_value(text)), text);
            assert!(text_value(text).chars().all(|c| is_xml(c) && c != '\r'), "{text:?}");
        }
    }

    #[test]
    fn element_text_keeps_what_it_can() {
        assert_eq!(element_text("a\"b\nc"), "a\"b\nc");
        assert_eq!(element_text("\"<\"&\n>"), "\"&lt;\"&amp;\n&gt;");
    }
}
