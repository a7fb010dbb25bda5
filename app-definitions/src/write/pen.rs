//! Lines of XML: elements with their attributes, the markup kept around them, escaping.

use std::fmt::{Display, Write as _};

use crate::id::Id;
use crate::origin::{Kept, Origin};
use crate::xml_char::is_xml_char;

/// The attributes of an element in the order they are added; absent ones are left out.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    text: String,
}

impl Attributes {
    /// An attribute with this text.
    pub(super) fn text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = write!(self.text, " {name}=\"{}\"", escape_attribute(value));
        }
    }

    /// An attribute with this value.
    pub(super) fn value<T: Display>(&mut self, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.text(name, Some(&value.to_string()));
        }
    }

    /// An attribute that is left out where it has its default.
    pub(super) fn unless<T: Display + PartialEq>(&mut self, name: &str, value: &T, default: &T) {
        if value != default {
            self.value(name, Some(value));
        }
    }

    /// The id of an element that people deal with: always written.
    pub(super) fn id(&mut self, id: &Id) {
        if !id.is_empty() {
            self.text("id", Some(id.as_str()));
        }
    }

    /// The id of a smaller element: written only if its author wrote it.
    pub(super) fn stated_id(&mut self, id: &Id) {
        if id.written {
            self.id(id);
        }
    }
}

/// Writes lines with indentation.
#[derive(Debug)]
pub(super) struct Pen {
    text: String,
    depth: usize,
}

impl Pen {
    pub(super) fn new() -> Self {
        Self { text: String::new(), depth: 0 }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// One line at the current depth. Line breaks inside stay as they are.
    pub(super) fn line(&mut self, line: &str) {
        self.indent();
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Kept markup, a line each.
    pub(super) fn kept(&mut self, kept: &[Kept]) {
        for kept in kept {
            self.line(&kept.xml);
        }
    }

    /// An element: the markup kept in front of it, its attributes, what `body` writes and the markup kept inside.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: Attributes,
        origin: &Origin,
        body: impl FnOnce(&mut Self),
    ) {
        self.start(name, attributes, origin);
        let tag_end = self.text.len();
        self.text.push_str(">\n");
        let body_start = self.text.len();
        self.depth += 1;
        body(self);
        self.kept(&origin.inside);
        self.depth -= 1;
        if self.text.len() == body_start {
            self.text.truncate(tag_end);
            self.text.push_str("/>\n");
        } else {
            self.line(&format!("</{name}>"));
        }
    }

    /// An element that holds nothing of the vocabulary.
    pub(super) fn leaf(&mut self, name: &str, attributes: Attributes, origin: &Origin) {
        self.element(name, attributes, origin, |_| {});
    }

    /// An element that holds text. The comments that stood in the text follow it.
    pub(super) fn text_element(&mut self, name: &str, attributes: Attributes, origin: &Origin, text: &str) {
        self.start(name, attributes, origin);
        let _ = write!(self.text, ">{}", escape_text(text));
        for kept in &origin.inside {
            self.text.push_str(&kept.xml);
        }
        let _ = writeln!(self.text, "</{name}>");
    }

    /// The start tag without its end.
    fn start(&mut self, name: &str, attributes: Attributes, origin: &Origin) {
        self.kept(&origin.before);
        self.indent();
        let mut attributes = attributes;
        for (name, value) in &origin.foreign {
            attributes.text(name, Some(value));
        }
        let _ = write!(self.text, "<{name}{}", attributes.text);
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
    }
}

/// Text for a place between quotes. White space other than the space itself would be lost without escapes.
pub(crate) fn escape_attribute(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            c if is_xml_char(c) => escaped.push(c),
            // A model built by hand may hold what XML cannot.
            _ => escaped.push('\u{FFFD}'),
        }
    }
    escaped
}

/// Text for a place between tags.
fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\r' => escaped.push_str("&#13;"),
            c if is_xml_char(c) => escaped.push(c),
            _ => escaped.push('\u{FFFD}'),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_would_be_lost() {
        assert_eq!(
            escape_attribute("a<b> & \"c\"\n\t\u{1}"),
            "a&lt;b&gt; &amp; &quot;c&quot;&#10;&#9;\u{FFFD}"
        );
        assert_eq!(escape_text("a<b> & \"c\"\n\r"), "a&lt;b&gt; &amp; \"c\"\n&#13;");
    }

    #[test]
    fn elements_close_themselves_unless_they_hold_something() {
        let mut pen = Pen::new();
        let origin = Origin::default();
        pen.element("a", Attributes::default(), &origin, |pen| {
            let mut attributes = Attributes::default();
            attributes.text("x", Some("1"));
            pen.leaf("b", attributes, &origin);
            pen.text_element("c", Attributes::default(), &origin, "<");
        });
        assert_eq!(pen.finish(), "<a>\n  <b x=\"1\"/>\n  <c>&lt;</c>\n</a>\n");
    }
}
