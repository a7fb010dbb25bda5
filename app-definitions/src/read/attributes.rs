//! The attributes of one tag: their pieces from quick-xml, with places and with what XML asks of them.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use quick_xml::events::attributes::{AttrError, Attribute as Piece};

use super::Limits;
use super::text::{SourceText, offset_in};
use super::tree::{Attribute, AttributeKind};
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::xml_char::{is_xml_char, is_xml_name};

/// The attributes of a tag and what is wrong with them.
pub(super) struct Attributes<'s, 'x> {
    source: &'s SourceText<'x>,
    /// Byte offset of the tag's content, right behind its `<`.
    content_at: usize,
    pub(super) attributes: Vec<Attribute<'x>>,
    pub(super) problems: Vec<Diagnostic>,
    /// The limit was passed; reading stops.
    pub(super) too_many: bool,
}

/// Reads the attributes of the tag whose `<` stands at `start`.
pub(super) fn read<'s, 'x>(
    tag: &BytesStart<'_>,
    start: usize,
    source: &'s SourceText<'x>,
    limits: &Limits,
) -> Attributes<'s, 'x> {
    let (attributes, problems) = (Vec::new(), Vec::new());
    let mut read = Attributes { source, content_at: start + 1, attributes, problems, too_many: false };
    for (count, piece) in tag.attributes().enumerate() {
        match piece {
            _ if count == limits.attributes => {
                let message = format!("One element has more than {} attributes.", limits.attributes);
                read.report(Code::TooManyAttributes, start, message, "No element has that many.");
                read.too_many = true;
                return read;
            }
            Ok(piece) => read.piece(tag, &piece),
            Err(error) => read.syntax_problem(&error),
        }
    }
    read
}

impl Attributes<'_, '_> {
    /// Takes up one attribute. Whatever quick-xml lets pass and XML does not is reported.
    fn piece(&mut self, content: &str, piece: &Piece<'_>) {
        let (name, value) = (piece.key.as_ref(), &*piece.value);
        let at = offset_in(content, name);
        let (name_at, value_at) = (self.content_at + at, self.content_at + offset_in(content, value));
        if !is_xml_name(name) {
            let message = format!("{} is not a name that an attribute can have.", quoted(name));
            self.report(Code::InvalidName, name_at, message, "Start it with a letter.");
        }
        let spaced = content.get(..at).is_some_and(|before| before.ends_with([' ', '\t', '\r', '\n']));
        if !spaced {
            let message = format!("There is no space in front of the attribute {}.", quoted(name));
            self.report(Code::AttributeSyntax, name_at, message, "Add one.");
        }
        if value.contains('<') {
            let message = format!("The value of {} holds a `<`.", quoted(name));
            let hint = "Write &lt; instead, or look for a missing quote.";
            self.report(Code::AttributeSyntax, name_at, message, hint);
        }
        let Some(resolved) = resolve(piece) else {
            let message = format!("The value {} holds an `&` that starts no entity of XML.", quoted(value));
            let hint = "Write &amp; for a plain &; only &amp; &lt; &gt; &quot; and &apos; exist.";
            self.report(Code::UnknownEntity, value_at, message, hint);
            return;
        };
        // What needed no change is borrowed from the document.
        let text = self.source.text;
        let name = text.get(name_at..name_at + name.len()).unwrap_or_default();
        let value = match text.get(value_at..value_at + value.len()) {
            Some(written) if written == resolved => Cow::Borrowed(written),
            _ => Cow::Owned(resolved),
        };
        self.attributes.push(Attribute { name, kind: AttributeKind::Plain, value, name_at, value_at });
    }

    fn syntax_problem(&mut self, error: &AttrError) {
        let (code, at, message, hint) = match *error {
            AttrError::ExpectedEq(at) => {
                (Code::AttributeSyntax, at, "An attribute needs `=` and a value.", "Write name=\"value\".")
            }
            AttrError::ExpectedValue(at) => (
                Code::AttributeSyntax,
                at,
                "An attribute has no value behind its `=`.",
                "Write name=\"value\".",
            ),
            AttrError::UnquotedValue(at) => (
                Code::AttributeSyntax,
                at,
                "An attribute's value has no quotes around it.",
                "Write name=\"value\".",
            ),
            AttrError::ExpectedQuote(at, _) => (
                Code::AttributeSyntax,
                at,
                "An attribute's value has no quote at its end.",
                "Add the closing quote.",
            ),
            AttrError::Duplicated(at, _) => (
                Code::DuplicateAttribute,
                at,
                "The element has this attribute twice.",
                "Keep one of the two.",
            ),
        };
        self.report(code, self.content_at + at, message, hint);
    }

    fn report(&mut self, code: Code, at: usize, message: impl Into<String>, hint: &str) {
        self.problems.push(Diagnostic::new(code, message).hint(hint).at(self.source.place(at), ""));
    }
}

/// The value with its entities resolved; white space becomes spaces, as XML says.
fn resolve(piece: &Piece<'_>) -> Option<String> {
    let value = piece.normalized_value(XmlVersion::Explicit1_0).ok()?;
    // Bad characters that stand there as themselves have been reported for the whole document.
    let reported = !piece.value.chars().all(is_xml_char);
    (reported || value.chars().all(is_xml_char)).then(|| value.into_owned())
}
