//! XML to model, with a diagnostic for everything that is wrong.
//!
//! Three stages: `parse` makes a tree of well-formed XML within limits; this folder's other modules make the model from
//! the tree, element by element, driven by the table in `vocabulary`; `check` then looks at what only shows when the
//! whole is known. Each stage goes on as far as it makes sense, so that one reading tells everything.

mod app;
mod attributes;
mod children;
mod content;
mod data;
mod fields;
mod namespaces;
mod parse;
mod text;
mod tree;

use std::sync::Arc;

use crate::check;
use crate::derive;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted, shown};
use crate::model::App;
use crate::origin::Kept;
use crate::vocabulary::{ElementRule, is_access_data};

use text::SourceText;
use tree::{AttributeKind, Element, local_part};

/// How much of a document is read. Everything beyond is refused, so that hostile input costs little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: usize,
    /// Levels of elements inside each other.
    pub depth: usize,
    /// Elements in all.
    pub elements: usize,
    /// Attributes on one element.
    pub attributes: usize,
    /// Diagnostics; of further problems only their existence is reported.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 4 * 1024 * 1024, depth: 64, elements: 20_000, attributes: 64, diagnostics: 200 }
    }
}

/// Reads an app definition.
///
/// The diagnostics come in the order of the document. The app is good only if none of them is an error (see
/// [`Diagnostic::is_error`]); with errors, an app may still come back so that tools can show as much as there is. None
/// comes back if the document is not well-formed, is not an app definition of this version, or passes a limit.
pub fn read(xml: impl AsRef<[u8]>, limits: &Limits) -> (Option<App>, Vec<Diagnostic>) {
    let xml = xml.as_ref();
    let mut out = Diagnostics::new(limits.diagnostics);
    let app = read_into(xml, limits, &mut out);
    (app, out.finish())
}

fn read_into(xml: &[u8], limits: &Limits, out: &mut Diagnostics) -> Option<App> {
    if xml.len() > limits.bytes {
        let message = format!("The document has {} bytes; at most {} are read.", xml.len(), limits.bytes);
        out.push(
            Diagnostic::new(Code::TooLarge, message)
                .hint("Definitions hold no data; remove what does not belong."),
        );
        return None;
    }
    let source = match SourceText::decode(xml) {
        Ok(source) => source,
        Err(problem) => {
            out.push(problem);
            return None;
        }
    };
    let document = parse::parse(&source, limits, out)?;
    let mut reading = Reading {
        source: &source,
        out,
        reserved: Vec::new(),
        basic: false,
        well_formed: document.well_formed,
    };
    reading.refuse_access_data(&document.root, "");
    let mut app = reading.document(&document)?;
    if !document.well_formed {
        return None;
    }
    let reserved = std::mem::take(&mut reading.reserved);
    derive::assign_ids(&mut app, &reserved);
    check::check_into(&app, out);
    Some(app)
}

/// The making of a model from a tree.
struct Reading<'r, 'x> {
    source: &'r SourceText<'x>,
    out: &'r mut Diagnostics,
    /// Ids inside elements that are kept unread; derived ids keep off them.
    reserved: Vec<String>,
    /// Whether this is the basic form, without a namespace.
    basic: bool,
    /// Whether the document is well-formed; where not, what seems to be missing may only be lost.
    well_formed: bool,
}

/// An element of the vocabulary in its place, ready to be read.
struct Known<'t, 'x> {
    element: &'t Element<'x>,
    rule: &'static ElementRule,
    path: Arc<str>,
    /// Comments and foreign markup in front of it.
    before: Vec<Kept>,
}

/// What to do with elements that this version does not show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Later {
    /// Keep them as markup in front of the next element.
    Aside,
    /// Hand them out like the others, because their place matters.
    InPlace,
}

impl<'x> Reading<'_, 'x> {
    /// Refuses publish mode and access list wherever they stand: they belong to the record beside a definition.
    fn refuse_access_data(&mut self, element: &Element<'x>, outside: &str) {
        let path = format!("{outside}{}", shown(element.local()));
        if is_access_data(element.local()) {
            let what = format!("<{}>", element.local());
            self.out.push(access_data(&what).at(self.source.place(element.start), path.as_str()));
        }
        for attribute in &element.attributes {
            let name = local_part(attribute.name);
            if attribute.kind != AttributeKind::Declaration && is_access_data(name) {
                let place = self.source.place(attribute.name_at);
                self.out.push(access_data(name).at(place, format!("{path}/@{name}")));
            }
        }
        for inner in element.elements() {
            self.refuse_access_data(inner, &format!("{path}/"));
        }
    }

    fn problem(&mut self, diagnostic: Diagnostic, element: &Element<'x>, path: &str) {
        self.out.push(diagnostic.at(self.source.place(element.start), path));
    }
}

fn access_data(what: &str) -> Diagnostic {
    Diagnostic::new(Code::AccessData, format!("{} never stands in a definition.", quoted(what)))
        .hint("Remove it; who may use an app is decided in the portal.")
}
