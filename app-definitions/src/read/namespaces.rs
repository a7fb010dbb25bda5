//! Which namespace a prefix means, element by element.

use std::rc::Rc;

use super::text::SourceText;
use super::tree::{Attribute, AttributeKind, Namespace};
use crate::diagnostics::{Code, Diagnostic, quoted, shown};
use crate::vocabulary::NAMESPACE;

/// The namespace that the prefix `xml` always means.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The declarations in force, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Scopes<'x> {
    /// Prefix (empty for names without one) and namespace.
    declared: Vec<(&'x str, Namespace)>,
    /// How many declarations were in force outside each open element.
    outside: Vec<usize>,
}

impl<'x> Scopes<'x> {
    /// Takes up the declarations of an element and tells each attribute's kind. Answers with what is wrong.
    pub(super) fn enter(
        &mut self,
        attributes: &mut [Attribute<'x>],
        source: &SourceText<'_>,
    ) -> Vec<Diagnostic> {
        self.outside.push(self.declared.len());
        let mut problems = Vec::new();
        for attribute in attributes.iter_mut() {
            let prefix = match attribute.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => match rest.strip_prefix(':') {
                    Some(prefix) => prefix,
                    None => continue,
                },
                None => continue,
            };
            attribute.kind = AttributeKind::Declaration;
            if attribute.value.is_empty() && !prefix.is_empty() {
                let message = format!("The prefix {} is declared without a namespace.", quoted(prefix));
                let place = source.place(attribute.value_at);
                problems.push(Diagnostic::new(Code::UndeclaredPrefix, message).at(place, ""));
            }
            self.declared.push((prefix, to_namespace(&attribute.value)));
        }
        let mut seen: Vec<(Namespace, &str)> = Vec::new();
        for attribute in
            attributes.iter_mut().filter(|attribute| attribute.kind != AttributeKind::Declaration)
        {
            let Some((prefix, local)) = attribute.name.split_once(':') else { continue };
            attribute.kind = match self.lookup(prefix) {
                Some(namespace) if seen.contains(&(namespace.clone(), local)) => {
                    let message = format!("The element has the attribute {} twice.", quoted(attribute.name));
                    let place = source.place(attribute.name_at);
                    problems.push(Diagnostic::new(Code::DuplicateAttribute, message).at(place, ""));
                    AttributeKind::Foreign
                }
                Some(namespace) => {
                    seen.push((namespace.clone(), local));
                    if namespace == Namespace::Ours { AttributeKind::Ours } else { AttributeKind::Foreign }
                }
                None => {
                    let message = format!("No namespace is declared for the prefix {}.", quoted(prefix));
                    let hint = format!(
                        "Add xmlns:{}=\"...\" to the root, or take the attribute away.",
                        shown(prefix)
                    );
                    let place = source.place(attribute.name_at);
                    problems.push(Diagnostic::new(Code::UndeclaredPrefix, message).hint(hint).at(place, ""));
                    AttributeKind::Foreign
                }
            };
        }
        problems
    }

    /// Forgets the declarations of the innermost element.
    pub(super) fn leave(&mut self) {
        let outside = self.outside.pop().unwrap_or(0);
        self.declared.truncate(outside);
    }

    /// The namespace of names without a prefix.
    pub(super) fn unprefixed(&self) -> Namespace {
        self.lookup("").unwrap_or(Namespace::Absent)
    }

    /// The namespace of an element; `None` if its prefix is not declared.
    pub(super) fn element(&self, name: &str) -> Option<Namespace> {
        match name.split_once(':') {
            Some((prefix, _)) => self.lookup(prefix),
            None => Some(self.unprefixed()),
        }
    }

    fn lookup(&self, prefix: &str) -> Option<Namespace> {
        let found = self.declared.iter().rev().find(|(declared, _)| *declared == prefix);
        let built_in = || (prefix == "xml").then(|| Namespace::Foreign(Rc::from(XML)));
        found.map(|(_, namespace)| namespace.clone()).or_else(built_in)
    }
}

fn to_namespace(name: &str) -> Namespace {
    match name {
        "" => Namespace::Absent,
        NAMESPACE => Namespace::Ours,
        other => Namespace::Foreign(Rc::from(other)),
    }
}
