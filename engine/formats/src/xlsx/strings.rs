//! Shared strings. Formatting inside of a text is dropped, and so are phonetic readings.

use crate::package::{Package, Relation};
use crate::xml::{Xml, unescape};
use crate::{Limits, LoadError};
use std::borrow::Cow;
use values::Text;

pub(crate) fn read(
    package: &mut Package<'_>,
    relation: Option<&Relation>,
    limits: &Limits,
) -> Result<Vec<Text>, LoadError> {
    let mut strings = Vec::new();
    let Some(relation) = relation else { return Ok(strings) };
    let Some(mut xml) = package.part(&relation.target)? else { return Ok(strings) };
    let mut text = String::new();
    let mut in_text = false;
    loop {
        match xml.next()? {
            Xml::Start(element) => match element.name() {
                "si" => text.clear(),
                "t" => in_text = true,
                "rPh" => xml.skip()?,
                _ => {}
            },
            Xml::Text(piece) if in_text => {
                text.push_str(&piece);
                guard(&text, limits)?;
            }
            Xml::Text(_) => {}
            Xml::End(tag) => match tag.name() {
                "t" => in_text = false,
                "si" => {
                    if strings.len() >= limits.strings {
                        return Err(LoadError::TooLarge {
                            what: "the number of its texts",
                            limit: limits.strings as u64,
                        });
                    }
                    strings.push(Text::from(&*finished(&text, limits)?));
                }
                _ => {}
            },
            Xml::Eof => return Ok(strings),
        }
    }
}

/// Stops a text that cannot end within the limit while it grows: an escape takes seven characters for one unit
/// of the result, and a character up to three bytes.
pub(crate) fn guard(text: &str, limits: &Limits) -> Result<(), LoadError> {
    if text.len() > limits.text_units.saturating_mul(21) { Err(too_long(limits)) } else { Ok(()) }
}

/// The text without its escapes, if it is within the limit.
pub(crate) fn finished<'t>(text: &'t str, limits: &Limits) -> Result<Cow<'t, str>, LoadError> {
    let plain = unescape(text);
    if plain.len() > limits.text_units && plain.encode_utf16().count() > limits.text_units {
        return Err(too_long(limits));
    }
    Ok(plain)
}

fn too_long(limits: &Limits) -> LoadError {
    LoadError::TooLarge { what: "a text of a cell", limit: limits.text_units as u64 }
}
