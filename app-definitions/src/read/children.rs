//! What stands inside an element: known elements in their places, text, and markup that is kept.

use std::collections::HashMap;
use std::sync::Arc;

use super::tree::{Child, Element, Namespace};
use super::{Known, Later, Reading};
use crate::diagnostics::{Code, Diagnostic, quoted, shown};
use crate::nearest::nearest;
use crate::origin::{Kept, KeptKind};
use crate::vocabulary::{
    BASIC, BASIC_ONLY, Content, ELEMENTS, ElementRule, is_access_data, parents_of, rule_of,
};
use crate::xml_char::is_xml_name;

impl<'x> Reading<'_, 'x> {
    /// The known elements inside an element, each with the markup in front of it, and the markup behind the last one.
    /// Everything else is reported.
    pub(super) fn children<'t>(
        &mut self,
        parent: &'t Element<'x>,
        rule: &ElementRule,
        path: &str,
        later: Later,
    ) -> (Vec<Known<'t, 'x>>, Vec<Kept>) {
        let mut known = Vec::new();
        let mut kept: Vec<Kept> = Vec::new();
        let mut paths = ChildPaths::new(parent, path);
        for child in &parent.children {
            match child {
                Child::Comment(xml) => kept.push(keep(KeptKind::Comment, xml)),
                Child::Instruction(xml) => kept.push(keep(KeptKind::Instruction, xml)),
                Child::Text { text, at } => self.unexpected_text(text, *at, parent, path),
                Child::Element(element) => {
                    let path = paths.next(element.local());
                    match self.place(element, rule, &path) {
                        Place::Known(rule) if rule.is_later() => {
                            self.note_later(element, &path);
                            if later == Later::InPlace {
                                let before = std::mem::take(&mut kept);
                                known.push(Known { element, rule, path, before });
                            } else {
                                kept.push(Kept { kind: KeptKind::Unsupported, xml: self.verbatim(element) });
                            }
                        }
                        Place::Known(rule) => {
                            let before = std::mem::take(&mut kept);
                            known.push(Known { element, rule, path, before });
                        }
                        Place::Foreign => {
                            kept.push(Kept { kind: KeptKind::Foreign, xml: self.verbatim(element) });
                        }
                        Place::Refused => {}
                    }
                }
            }
        }
        (known, kept)
    }

    /// Whether an element may stand where it stands.
    fn place(&mut self, element: &Element<'x>, parent: &ElementRule, path: &str) -> Place {
        let ours = match element.namespace {
            Namespace::Ours => true,
            Namespace::Absent => self.basic,
            Namespace::Foreign(_) => false,
        };
        let local = element.local();
        if parent.content == Content::Text {
            self.in_text(element, path);
            Place::Refused
        } else if ours && is_access_data(local) {
            // Refused already, with a better message.
            Place::Refused
        } else if ours {
            self.place_of_known(element, parent, path)
        } else if element.namespace == Namespace::Absent {
            let message = format!("`<{}>` has no namespace.", shown(local));
            let problem = Diagnostic::new(Code::UnknownElement, message);
            self.problem(problem.hint("Remove xmlns=\"\" from it."), element, path);
            Place::Refused
        } else {
            Place::Foreign
        }
    }

    /// Whether an element that should be one of the vocabulary is, and may stand inside `parent`.
    fn place_of_known(&mut self, element: &Element<'x>, parent: &ElementRule, path: &str) -> Place {
        let local = element.local();
        let basic = || BASIC.iter().find(|rule| rule.name == local);
        if let Some(rule) = basic().filter(|_| self.basic && parent.name == "app") {
            return Place::Known(rule);
        }
        let problem = match rule_of(local) {
            Some(rule) if rule.is_later() || parent.holds(local) => return Place::Known(rule),
            Some(_) => {
                let message = format!("`<{local}>` means nothing inside `<{}>`.", parent.name);
                let hint = match parents_of(local).as_slice() {
                    [] => "It is the root of a definition.".to_owned(),
                    parents => format!("Put it into {}.", one_of(parents)),
                };
                Diagnostic::new(Code::MisplacedElement, message).hint(hint)
            }
            // The name itself has been reported.
            None if !is_xml_name(element.name) => return Place::Refused,
            None => {
                let message = format!("There is no element {}.", quoted(&format!("<{local}>")));
                Diagnostic::new(Code::UnknownElement, message).hint(element_hint(local, parent))
            }
        };
        self.problem(problem, element, path);
        Place::Refused
    }

    fn in_text(&mut self, element: &Element<'x>, path: &str) {
        let message = format!("{} stands where only text may stand.", quoted(&format!("<{}>", element.name)));
        let hint = "Write &lt; for a < that is meant as text.";
        self.problem(Diagnostic::new(Code::MisplacedElement, message).hint(hint), element, path);
    }

    /// The text inside an element that holds text, without white space around it, and its comments.
    pub(super) fn inner_text(&mut self, known: &Known<'_, 'x>) -> (String, Vec<Kept>) {
        let mut whole = String::new();
        let mut kept = Vec::new();
        let mut paths = ChildPaths::new(known.element, &known.path);
        for child in &known.element.children {
            match child {
                Child::Text { text, .. } => whole.push_str(text),
                Child::Comment(xml) => kept.push(keep(KeptKind::Comment, xml)),
                Child::Instruction(xml) => kept.push(keep(KeptKind::Instruction, xml)),
                Child::Element(element) => {
                    let path = paths.next(element.local());
                    self.in_text(element, &path);
                }
            }
        }
        let text = whole.trim();
        if text.is_empty() {
            let message = format!("`<{}>` is empty.", known.element.local());
            let hint = "Write the text between its tags, or remove the element.";
            self.problem(Diagnostic::new(Code::EmptyValue, message).hint(hint), known.element, &known.path);
        }
        (text.to_owned(), kept)
    }

    fn unexpected_text(&mut self, text: &str, at: usize, parent: &Element<'x>, path: &str) {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return;
        }
        let at = at + (text.len() - text.trim_start().len());
        let message =
            format!("`<{}>` holds the text {}, which is not shown.", parent.local(), quoted(trimmed));
        let hint = "Texts stand in attributes, such as <text caption=\"...\"/>.";
        self.out
            .push(Diagnostic::new(Code::UnexpectedText, message).hint(hint).at(self.source.place(at), path));
    }

    /// Says that an element is kept but not shown, and remembers the ids inside it.
    fn note_later(&mut self, element: &Element<'x>, path: &Arc<str>) {
        let name = element.local();
        let diagnostic = if name == "ext" {
            Diagnostic::new(Code::KeptAside, "`<ext>` is an extension; it is kept and not read.")
        } else {
            Diagnostic::new(Code::NotShown, format!("`<{name}>` is kept, but this version does not show it."))
                .hint("The rest of the app works without it.")
        };
        self.problem(diagnostic, element, path);
        self.reserve_ids(element);
    }

    fn reserve_ids(&mut self, element: &Element<'x>) {
        if let Some(id) = element.plain_attribute("id") {
            self.reserved.push(id.value.trim().to_owned());
        }
        for inner in element.elements() {
            self.reserve_ids(inner);
        }
    }

    /// An element as it was written. Where names without a prefix mean something else than our namespace, the
    /// element gets a declaration, because writing puts it where they mean ours.
    pub(super) fn verbatim(&self, element: &Element<'x>) -> String {
        let xml = self.source.text.get(element.start..element.end).unwrap_or_default();
        let declares = element.attributes.iter().any(|attribute| attribute.name == "xmlns");
        let uri = match &element.default_outside {
            Namespace::Ours => return xml.to_owned(),
            Namespace::Absent if self.basic => return xml.to_owned(),
            _ if declares => return xml.to_owned(),
            Namespace::Absent => "",
            Namespace::Foreign(uri) => uri,
        };
        let (name, rest) = xml.split_at(1 + element.name.len());
        format!("{name} xmlns=\"{}\"{rest}", crate::write::escape_attribute(uri))
    }
}

/// What becomes of an element.
enum Place {
    Known(&'static ElementRule),
    Foreign,
    Refused,
}

/// Paths of the elements inside one element: numbered where several have the same name.
struct ChildPaths<'p> {
    parent: &'p str,
    /// For each name how many there are, and how many have been passed.
    names: HashMap<&'p str, (u32, u32)>,
}

impl<'p> ChildPaths<'p> {
    fn new(parent: &'p Element<'_>, path: &'p str) -> Self {
        let mut names: HashMap<&str, (u32, u32)> = HashMap::new();
        for element in parent.elements() {
            names.entry(element.local()).or_default().0 += 1;
        }
        Self { parent: path, names }
    }

    fn next(&mut self, name: &str) -> Arc<str> {
        match self.names.get_mut(name) {
            Some((all, passed)) if *all > 1 => {
                *passed += 1;
                format!("{}/{}[{passed}]", self.parent, shown(name)).into()
            }
            _ => format!("{}/{}", self.parent, shown(name)).into(),
        }
    }
}

pub(super) fn keep(kind: KeptKind, xml: &str) -> Kept {
    Kept { kind, xml: xml.to_owned() }
}

/// What to write instead of an unknown element.
fn element_hint(name: &str, parent: &ElementRule) -> String {
    if let Some((_, instead)) = BASIC_ONLY.iter().find(|(basic, _)| *basic == name) {
        return (*instead).to_owned();
    }
    let here = parent.children().iter().copied();
    let anywhere = ELEMENTS.iter().map(|element| element.name);
    match nearest(name, here).or_else(|| nearest(name, anywhere)) {
        Some(known) => format!("Did you mean `<{known}>`?"),
        None if parent.children().is_empty() => format!("`<{}>` holds no elements.", parent.name),
        None => format!("`<{}>` holds {}.", parent.name, one_of(parent.children())),
    }
}

/// `<a>`, `<b>` or `<c>`.
fn one_of(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().map(|name| format!("`<{name}>`")).collect();
    match shown.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
