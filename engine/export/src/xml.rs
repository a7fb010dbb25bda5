//! A pull reader over one part in memory: local names, unescaped attributes, places in the bytes.

use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::fmt::Write;

/// Elements deeper than this are no honest workbook's.
const MOST_DEPTH: usize = 256;

/// One step through a part. Empty elements come as a start and an end.
pub(crate) enum Step<'a> {
    Start(Element<'a>),
    End,
    Text(String),
}

/// A start tag.
pub(crate) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        local(self.0.name().into_inner())
    }

    /// Whether the name has a prefix.
    pub fn has_prefix(&self) -> bool {
        self.0.name().into_inner().contains(':')
    }

    /// An attribute by its local name, unescaped.
    pub fn attr(&self, name: &str) -> Option<String> {
        self.attributes().find(|(key, _)| local(key) == name).map(|(_, value)| value)
    }

    /// All attributes with their full names, unescaped.
    pub fn attributes(&self) -> impl Iterator<Item = (String, String)> + use<> {
        let mut attributes = self.0.attributes();
        let all = attributes.with_checks(false).flatten().map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
            (attribute.key.into_inner().to_owned(), value)
        });
        all.collect::<Vec<_>>().into_iter()
    }

    /// Calls `visit` with the local name and the raw value of each attribute: no memory is taken, for parts of many
    /// cells.
    pub fn each_attribute(&self, mut visit: impl FnMut(&str, &str)) {
        for attribute in self.0.attributes().with_checks(false).flatten() {
            visit(local(attribute.key.into_inner()), &attribute.value);
        }
    }
}

/// The name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Reads a part.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
}

impl<'a> Xml<'a> {
    pub fn new(bytes: &'a [u8]) -> Xml<'a> {
        let mut reader = Reader::from_reader(bytes);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        Xml { reader, depth: 0 }
    }

    /// The next step; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Step<'a>>, String> {
        let step = match self.reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) | Event::Empty(start) => {
                self.depth += 1;
                if self.depth > MOST_DEPTH {
                    return Err("its elements are nested too deep".to_owned());
                }
                Step::Start(Element(start))
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Step::End
            }
            Event::Text(text) => Step::Text(text.into_inner().into_owned()),
            Event::CData(text) => Step::Text(escape(text.into_inner()).into_owned()),
            Event::GeneralRef(name) => Step::Text(format!("&{};", name.into_inner())),
            Event::Eof => return Ok(None),
            Event::DocType(_) => return Err("one of its parts has a document type".to_owned()),
            _ => Step::Text(String::new()),
        };
        Ok(Some(step))
    }

    /// How deep the last start tag stands: the root is 1.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The place in the bytes after the last step.
    pub fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The element whose start was just read, written again without anything of other namespaces and without
    /// some attributes, so that it can stand in another part; `None` where it is itself of another namespace's prefix.
    pub fn copy(&mut self, start: &Element<'_>, without: &[&str]) -> Result<Option<String>, String> {
        let mut out = String::new();
        let usable = !start.has_prefix();
        let outside = self.depth - 1;
        let mut names = vec![write_start(&mut out, start, without)];
        // Elements of other namespaces are left out with all that is in them.
        let mut foreign = 0_usize;
        while self.depth > outside {
            match self.next()?.ok_or("it ends within an element")? {
                Step::Start(element) if foreign > 0 || element.has_prefix() => foreign += 1,
                Step::Start(element) => names.push(write_start(&mut out, &element, without)),
                Step::End if foreign > 0 => foreign -= 1,
                Step::End => {
                    let name = names.pop().unwrap_or_default();
                    let _ = write!(out, "</{name}>");
                }
                Step::Text(text) if foreign == 0 => out.push_str(&text),
                Step::Text(_) => {}
            }
        }
        Ok(usable.then_some(out))
    }
}

/// Writes a start tag without attributes of other namespaces; gives the element's name.
fn write_start(out: &mut String, element: &Element<'_>, without: &[&str]) -> String {
    let name = element.name().to_owned();
    let _ = write!(out, "<{name}");
    for (key, value) in element.attributes() {
        let ours = !key.contains(':') && key != "xmlns" || key == "xml:space";
        if ours && !without.contains(&key.as_str()) {
            let _ = write!(out, " {key}=\"{}\"", attribute(&value));
        }
    }
    out.push('>');
    name
}

/// A value as it stands between quotes; line breaks and tabs would else become blanks.
pub(crate) fn attribute(value: &str) -> String {
    let escaped = escape(value).into_owned();
    escaped.replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

/// Text as it stands between tags.
pub(crate) fn text(value: &str) -> String {
    escape(value).into_owned()
}
