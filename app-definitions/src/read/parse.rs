//! XML text to tree, with limits and without stopping at the first problem.
//!
//! quick-xml finds the pieces; matching of tags, namespaces and the rules of well-formedness that it leaves open are
//! checked here, so that this reader refuses what every XML processor refuses. Entities other than the five of XML do
//! not exist, and a document type declaration ends the reading.

use std::borrow::Cow;
use std::rc::Rc;

use quick_xml::errors::{Error, IllFormedError};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::Limits;
use super::attributes;
use super::namespaces::Scopes;
use super::text::SourceText;
use super::tree::{Child, Document, Element, Namespace};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted, shown};
use crate::xml_char::{is_xml_char, is_xml_name};

/// Reads the tree of a document. `None` if there is no root or a limit was passed.
pub(super) fn parse<'x>(
    source: &SourceText<'x>,
    limits: &Limits,
    out: &mut Diagnostics,
) -> Option<Document<'x>> {
    let mut parser = Parser {
        source,
        limits,
        out,
        scopes: Scopes::default(),
        open: Vec::new(),
        before: Vec::new(),
        root: None,
        after: Vec::new(),
        elements: 0,
        well_formed: true,
        broken_off: false,
    };
    parser.check_characters();
    parser.run().ok()?;
    parser.finish()
}

/// Reading cannot go on.
struct Stop;

struct Parser<'s, 'x> {
    source: &'s SourceText<'x>,
    limits: &'s Limits,
    out: &'s mut Diagnostics,
    scopes: Scopes<'x>,
    /// The elements that are open, the root first.
    open: Vec<Element<'x>>,
    before: Vec<Child<'x>>,
    root: Option<Element<'x>>,
    after: Vec<Child<'x>>,
    elements: usize,
    well_formed: bool,
    /// The document breaks off in the middle of markup.
    broken_off: bool,
}

impl<'x> Parser<'_, 'x> {
    fn run(&mut self) -> Result<(), Stop> {
        let text = self.source.text;
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.check_comments = true;
        loop {
            let start = to_offset(reader.buffer_position());
            let event = reader.read_event();
            let end = to_offset(reader.buffer_position());
            let span = text.get(start..end).unwrap_or_default();
            match event {
                Ok(Event::Eof) => return Ok(()),
                Ok(event) => self.event(&event, span, start, end)?,
                Err(_) if self.out.has_overflowed() => return Err(Stop),
                Err(error) => {
                    self.syntax_error(&error, to_offset(reader.error_position()));
                    // Only ill-formed pieces can be stepped over; and never without moving on.
                    if !matches!(error, Error::IllFormed(_)) || end == start {
                        self.broken_off = true;
                        return Ok(());
                    }
                }
            }
        }
    }

    fn event(&mut self, event: &Event<'_>, span: &'x str, start: usize, end: usize) -> Result<(), Stop> {
        if self.out.has_overflowed() {
            return Err(Stop);
        }
        match event {
            Event::Start(tag) => self.start_tag(tag, start, end, false)?,
            Event::Empty(tag) => self.start_tag(tag, start, end, true)?,
            Event::End(_) => self.end_tag(span, start, end),
            Event::Text(text) => {
                if let Some(at) = span.find("]]>") {
                    self.report(
                        Code::XmlSyntax,
                        start + at,
                        "`]]>` may not stand in text.",
                        "Write ]]&gt; instead.",
                    );
                }
                self.text(Cow::Owned(text.xml10_content().into_owned()), start);
            }
            Event::CData(text) => self.text(Cow::Owned(text.xml10_content().into_owned()), start),
            Event::GeneralRef(reference) => self.entity(reference, start),
            Event::Comment(_) => self.child(Child::Comment(span)),
            Event::PI(instruction) => {
                let target = instruction.target();
                if !is_xml_name(target) || target.eq_ignore_ascii_case("xml") {
                    let message = format!("{} is not a name that an instruction can have.", quoted(target));
                    self.report(
                        Code::InvalidName,
                        start,
                        message,
                        "Write <?name ...?>, or a comment: <!-- ... -->.",
                    );
                }
                self.child(Child::Instruction(span));
            }
            Event::Decl(_) => self.declaration(span, start),
            Event::DocType(_) => {
                let message = "The document has a document type declaration, which is never read.";
                self.report(Code::Doctype, start, message, "Remove the <!DOCTYPE ...>.");
                return Err(Stop);
            }
            Event::Eof => {}
        }
        Ok(())
    }

    /// Finds characters that XML does not allow; the first one is reported.
    fn check_characters(&mut self) {
        let found = self.source.text.char_indices().find(|&(_, c)| !is_xml_char(c));
        if let Some((at, c)) = found {
            let message = format!("The character U+{:04X} may not stand in XML.", u32::from(c));
            self.report(Code::InvalidCharacter, at, message, "Remove it.");
        }
    }

    fn declaration(&mut self, span: &str, start: usize) {
        if start != 0 {
            let message = "The XML declaration must be the very first thing in the document.";
            self.report(
                Code::XmlDeclaration,
                start,
                message,
                "Move <?xml ...?> to the start of the first line.",
            );
            return;
        }
        if !is_usual_declaration(span) {
            let message = "The XML declaration names another version or encoding than 1.0 and UTF-8.";
            let hint = "Write <?xml version=\"1.0\" encoding=\"UTF-8\"?>.";
            self.report(Code::XmlDeclaration, start, message, hint);
        }
    }

    fn start_tag(&mut self, tag: &BytesStart<'_>, start: usize, end: usize, empty: bool) -> Result<(), Stop> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            let message = format!("The document has more than {} elements.", self.limits.elements);
            self.report(Code::TooManyElements, start, message, "Split the app into several.");
            return Err(Stop);
        }
        if self.open.len() >= self.limits.depth {
            let message = format!("Elements are nested more than {} deep here.", self.limits.depth);
            self.report(Code::TooDeep, start, message, "Take out levels that hold only one element.");
            return Err(Stop);
        }
        let name_length = tag.name().as_ref().len();
        let name = self.source.text.get(start + 1..start + 1 + name_length).unwrap_or_default();
        if !is_xml_name(name) {
            let message = format!("{} is not a name that an element can have.", quoted(name));
            self.report(Code::InvalidName, start, message, "Start tags with a letter right behind the <.");
        }
        if self.open.is_empty() && self.root.is_some() {
            let message = format!("`<{}>` stands behind the end of the document's root.", shown(name));
            self.report(Code::OutsideRoot, start, message, "Keep one <app> with everything inside it.");
        }
        let default_outside = self.scopes.unprefixed();
        let read = attributes::read(tag, start, self.source, self.limits);
        let too_many = read.too_many;
        for problem in read.problems {
            self.well_formed &= !problem.is_error();
            self.out.push(problem);
        }
        if too_many {
            return Err(Stop);
        }
        let mut attributes = read.attributes;
        let problems = self.scopes.enter(&mut attributes, self.source);
        self.problems(problems);
        let namespace = self.scopes.element(name).unwrap_or_else(|| {
            self.undeclared(name, start);
            Namespace::Foreign(Rc::from(""))
        });
        let children = Vec::new();
        self.open.push(Element { name, namespace, default_outside, attributes, children, start, end });
        if empty {
            self.close(end);
        }
        Ok(())
    }

    fn undeclared(&mut self, name: &str, at: usize) {
        let prefix = name.split(':').next().unwrap_or_default();
        let message = format!("No namespace is declared for the prefix {}.", quoted(prefix));
        let hint = format!("Add xmlns:{}=\"...\" to the root, or take the prefix away.", shown(prefix));
        self.report(Code::UndeclaredPrefix, at, message, hint);
    }

    fn end_tag(&mut self, span: &str, start: usize, end: usize) {
        let name = span.strip_prefix("</").and_then(|rest| rest.strip_suffix('>')).unwrap_or(span).trim_end();
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            let message = format!("`</{}>` closes an element that is not open.", shown(name));
            let hint = match self.open.last() {
                Some(open) => format!("Write </{}> or remove it.", shown(open.name)),
                None => "Remove it.".to_owned(),
            };
            self.report(Code::MismatchedTag, start, message, hint);
            return;
        };
        if let Some(inner) = self.open.last().filter(|_| at + 1 < self.open.len()) {
            let (name, inner, line) = (shown(name), shown(inner.name), self.source.place(inner.start).line);
            let message = format!("`</{name}>` stands where `<{inner}>` of line {line} is still open.");
            self.report(Code::MismatchedTag, start, message, format!("Write </{inner}> in front of it."));
        }
        while self.open.len() > at + 1 {
            self.close(start);
        }
        self.close(end);
    }

    /// Closes the innermost element.
    fn close(&mut self, end: usize) {
        let Some(mut element) = self.open.pop() else { return };
        element.end = end;
        self.scopes.leave();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Child::Element(element)),
            // A second root has been reported; the first one stays.
            None if self.root.is_none() => self.root = Some(element),
            None => {}
        }
    }

    fn text(&mut self, text: Cow<'x, str>, at: usize) {
        let blank = text.trim().is_empty();
        match self.open.last_mut() {
            Some(parent) => match parent.children.last_mut() {
                Some(Child::Text { text: whole, .. }) => whole.to_mut().push_str(&text),
                _ => parent.children.push(Child::Text { text, at }),
            },
            None if blank => {}
            None => {
                let at = at + (text.len() - text.trim_start().len());
                let message = format!("The text {} stands outside the root element.", quoted(text.trim()));
                self.report(
                    Code::OutsideRoot,
                    at,
                    message,
                    "Remove it, or put it into a comment: <!-- ... -->.",
                );
            }
        }
    }

    fn entity(&mut self, reference: &BytesRef<'_>, start: usize) {
        let resolved = match reference.resolve_char_ref() {
            Ok(Some(c)) if is_xml_char(c) => Some(Cow::Owned(c.to_string())),
            Ok(Some(_)) | Err(_) => None,
            Ok(None) => resolve_predefined_entity(reference).map(Cow::Borrowed),
        };
        match resolved {
            Some(text) => self.text(text, start),
            None => {
                let message = format!("XML does not know {}.", quoted(&format!("&{};", &**reference)));
                let hint = "Write the character itself; only &amp; &lt; &gt; &quot; and &apos; exist.";
                self.report(Code::UnknownEntity, start, message, hint);
            }
        }
    }

    fn child(&mut self, child: Child<'x>) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(child),
            None if self.root.is_none() => self.before.push(child),
            None => self.after.push(child),
        }
    }

    fn syntax_error(&mut self, error: &Error, at: usize) {
        let (code, hint) = match error {
            Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                (Code::XmlSyntax, "Write - instead of -- in comments.")
            }
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                (Code::UnknownEntity, "Write &amp; for a plain &.")
            }
            _ => (Code::XmlSyntax, "Look for a missing > or quote just there."),
        };
        let message = match error {
            Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                "`--` may not stand in a comment.".to_owned()
            }
            Error::IllFormed(IllFormedError::UnclosedReference) => "This & starts no entity.".to_owned(),
            Error::Syntax(syntax) => format!("This is not XML: {syntax}."),
            other => format!("This is not XML: {other}."),
        };
        self.report(code, at, message, hint);
    }

    fn report(&mut self, code: Code, at: usize, message: impl Into<String>, hint: impl Into<String>) {
        let place = self.source.place(at);
        self.problems(vec![Diagnostic::new(code, message).hint(hint).at(place, "")]);
    }

    fn problems(&mut self, problems: Vec<Diagnostic>) {
        for problem in problems {
            self.well_formed = false;
            self.out.push(problem);
        }
    }

    fn finish(mut self) -> Option<Document<'x>> {
        if let Some(inner) = self.open.last().filter(|_| !self.broken_off) {
            let (name, start) = (shown(inner.name), inner.start);
            let message = format!("`<{name}>` is never closed.");
            self.report(Code::MismatchedTag, start, message, format!("Add </{name}> where it ends."));
        }
        while !self.open.is_empty() {
            self.close(self.source.text.len());
        }
        match self.root {
            Some(root) => {
                Some(Document { before: self.before, root, after: self.after, well_formed: self.well_formed })
            }
            None => {
                if self.well_formed {
                    let message = "There is no element in the document.";
                    self.report(Code::EmptyDocument, 0, message, "An app definition starts with <app>.");
                }
                None
            }
        }
    }
}

/// Whether a declaration is well-formed and names version 1.0 and, if any encoding, UTF-8.
fn is_usual_declaration(declaration: &str) -> bool {
    let inside = declaration.strip_prefix("<?xml").and_then(|rest| rest.strip_suffix("?>"));
    let Some(mut rest) = inside else { return false };
    let mut found: Vec<(&str, &str)> = Vec::new();
    while !rest.trim_start().is_empty() {
        let spaced = rest.starts_with([' ', '\t', '\r', '\n']);
        let Some((name, value)) = rest.trim_start().split_once('=').filter(|_| spaced) else { return false };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else {
            return false;
        };
        let Some((value, behind)) = value[1..].split_once(quote) else { return false };
        found.push((name.trim_end(), value));
        rest = behind;
    }
    let is_utf8 = |encoding: &str| encoding.eq_ignore_ascii_case("utf-8");
    match found.as_slice() {
        [("version", "1.0")] | [("version", "1.0"), ("standalone", "yes" | "no")] => true,
        [("version", "1.0"), ("encoding", encoding)]
        | [("version", "1.0"), ("encoding", encoding), ("standalone", "yes" | "no")] => is_utf8(encoding),
        _ => false,
    }
}

fn to_offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_those_of_xml() {
        for good in [
            "<?xml version=\"1.0\"?>",
            "<?xml version='1.0' encoding = \"utf-8\" ?>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
        ] {
            assert!(is_usual_declaration(good), "{good}");
        }
        for bad in [
            "<?xml?>",
            "<?xml encoding=\"UTF-8\"?>",
            "<?xml version=\"1.1\"?>",
            "<?xml version=\"1.0\" encoding=\"latin1\"?>",
            "<?xml version=\"1.0\"encoding=\"UTF-8\"?>",
            "<?xml version=\"1.0\" encoding=\"UTF-8?>",
            "<?xml version=\"1.0\" standalone=\"maybe\"?>",
            "<?xml version=\"1.0\" more?>",
        ] {
            assert!(!is_usual_declaration(bad), "{bad}");
        }
    }
}
