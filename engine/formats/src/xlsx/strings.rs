//! Shared strings. Formatting inside of a text is dropped, and so are phonetic readings.

use super::package::{Package, Relation};
use super::xml::{Xml, unescape};
use crate::{Limits, LoadError};
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
            Xml::Text(piece) if in_text => text.push_str(&piece),
            Xml::Text(_) => {}
            Xml::End(name) => match &*name {
                "t" => in_text = false,
                "si" => {
                    if strings.len() >= limits.strings {
                        return Err(LoadError::TooLarge {
                            what: "the number of its texts",
                            limit: limits.strings as u64,
                        });
                    }
                    strings.push(Text::from(&*unescape(&text)));
                }
                _ => {}
            },
            Xml::Eof => return Ok(strings),
        }
    }
}
