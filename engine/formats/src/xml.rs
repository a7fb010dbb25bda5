//! A pull reader over one XML part: local names, bounded depth, no document types, text in pieces.
//!
//! Element names are compared without their prefix: the strict and the transitional dialect differ only in
//! namespaces, and files may choose any prefix.

use crate::LoadError;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use std::borrow::Cow;
use std::io::BufRead;
use values::Text;

/// One step through a part. Empty elements come as a start and an end.
pub(crate) enum Xml<'a> {
    Start(Element<'a>),
    End(EndTag<'a>),
    Text(Cow<'a, str>),
    Eof,
}

/// A start tag.
pub(crate) struct Element<'a>(BytesStart<'a>);

/// An end tag.
pub(crate) struct EndTag<'a>(BytesEnd<'a>);

impl EndTag<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        local(self.0.name().into_inner())
    }
}

impl Element<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        local(self.0.name().into_inner())
    }

    /// An attribute by its local name, unescaped.
    pub fn attr(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = self.0.attributes();
        let found =
            attributes.with_checks(false).flatten().find(|attr| local(attr.key.into_inner()) == name)?;
        if found.value.contains('&') {
            return found.normalized_value(XmlVersion::Implicit1_0).ok();
        }
        Some(found.value)
    }

    /// An attribute as a text in which `_x000D_` stands for a character.
    pub fn text(&self, name: &str) -> Option<Text> {
        self.attr(name).map(|text| Text::from(&*unescape(&text)))
    }

    /// An attribute as a number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attr(name)?.trim().parse().ok()
    }

    /// An attribute as a finite number.
    pub fn float(&self, name: &str) -> Option<f64> {
        self.number(name).filter(|number: &f64| number.is_finite())
    }

    /// An attribute as a truth value; `default` where it is missing or neither.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        match self.attr(name).as_deref() {
            Some("1" | "true" | "on" | "t") => true,
            Some("0" | "false" | "off" | "f") => false,
            _ => default,
        }
    }

    /// Calls `visit` with each attribute's local name and raw value: one pass for cells, of which there are many.
    pub fn each(&self, mut visit: impl FnMut(&str, &str)) {
        for attribute in self.0.attributes().with_checks(false).flatten() {
            visit(local(attribute.key.into_inner()), &attribute.value);
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Reads a part.
pub(crate) struct XmlReader<R> {
    reader: Reader<R>,
    buf: Vec<u8>,
    depth: u32,
    most: u32,
}

impl<R: BufRead> XmlReader<R> {
    pub fn new(source: R, most_depth: u32) -> XmlReader<R> {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        XmlReader { reader, buf: Vec::new(), depth: 0, most: most_depth }
    }

    /// Where the bytes come from. Only whole elements may be taken from it.
    pub fn source(&mut self) -> &mut R {
        self.reader.get_mut()
    }

    /// The next step. What a spreadsheet has no use for (comments, processing instructions) comes as empty text.
    pub fn next(&mut self) -> Result<Xml<'_>, LoadError> {
        self.buf.clear();
        kept(self.reader.read_event_into(&mut self.buf)?, &mut self.depth, self.most)
    }

    /// Skips to the end of the element whose start was just read.
    pub fn skip(&mut self) -> Result<(), LoadError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// The text of the element whose start was just read, its children's text included.
    pub fn text(&mut self) -> Result<String, LoadError> {
        let outside = self.depth.saturating_sub(1);
        let mut text = String::new();
        while self.depth > outside {
            match self.next()? {
                Xml::Text(piece) => text.push_str(&piece),
                Xml::Start(_) | Xml::End(_) | Xml::Eof => {}
            }
        }
        Ok(text)
    }
}

fn kept<'a>(event: Event<'a>, depth: &mut u32, most: u32) -> Result<Xml<'a>, LoadError> {
    Ok(match event {
        // The reader is set to split empty elements; `Empty` stands here for the compiler.
        Event::Start(start) | Event::Empty(start) => {
            *depth += 1;
            if *depth > most {
                return Err(LoadError::Refused(format!("elements are nested more than {most} deep")));
            }
            Xml::Start(Element(start))
        }
        Event::End(end) => {
            *depth = depth.saturating_sub(1);
            Xml::End(EndTag(end))
        }
        Event::Text(text) => Xml::Text(text.xml10_content()),
        Event::CData(data) => Xml::Text(data.into_inner()),
        Event::GeneralRef(reference) => {
            let name: &str = &reference;
            let text = match reference.resolve_char_ref()? {
                Some(c) => c.to_string(),
                None => match name {
                    "lt" => "<".to_owned(),
                    "gt" => ">".to_owned(),
                    "amp" => "&".to_owned(),
                    "quot" => "\"".to_owned(),
                    "apos" => "'".to_owned(),
                    _ => return Err(LoadError::Damaged(format!("it uses the unknown entity &{name};"))),
                },
            };
            Xml::Text(Cow::Owned(text))
        }
        Event::Eof if *depth > 0 => return Err(LoadError::Damaged("a part ends in the middle".into())),
        Event::Eof => Xml::Eof,
        Event::DocType(_) => {
            return Err(LoadError::Refused(
                "a part declares a document type, which spreadsheets never do".into(),
            ));
        }
        Event::Decl(_) | Event::PI(_) | Event::Comment(_) => Xml::Text(Cow::Borrowed("")),
    })
}

/// Resolves `_x000D_` escapes of text values. Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    // Escapes are UTF-16 units; pairs of them make one character.
    let mut high: Option<u16> = None;
    let mut rest = text;
    while let Some(place) = rest.find("_x") {
        let unit = rest
            .get(place + 2..place + 7)
            .and_then(|escape| escape.strip_suffix('_'))
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let Some(unit) = unit else {
            plain.push_str(&rest[..place + 2]);
            (rest, high) = (&rest[place + 2..], None);
            continue;
        };
        if place > 0 {
            high = None;
        }
        plain.push_str(&rest[..place]);
        rest = &rest[place + 7..];
        let units: Vec<u16> = high.into_iter().chain([unit]).collect();
        match char::decode_utf16(units).next() {
            Some(Ok(c)) => {
                plain.push(c);
                high = None;
            }
            _ => high = Some(unit),
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_text() {
        for (text, plain) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00g0_", "_x00g0_"),
            ("_xD83D__xDE00_", "😀"),
            ("x_", "x_"),
            ("_x", "_x"),
            ("_x0041", "_x0041"),
        ] {
            assert_eq!(unescape(text), plain);
        }
    }
}
