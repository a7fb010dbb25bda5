//! What only shows when the whole definition is known: ids, references, texts, and attributes that do not go together.
//!
//! A check says nothing about a value that the reader could not read, since that has been reported.

mod items;
mod references;
mod sources;
mod texts;

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{App, Bind, Source};

/// Everything that is wrong with a definition as a whole.
///
/// [`crate::read`] does this too; here it is for definitions that were built or changed in memory, whose diagnostics
/// have no places.
pub fn check(app: &App) -> Vec<Diagnostic> {
    let mut out = Diagnostics::new(usize::MAX);
    check_into(app, &mut out);
    out.finish()
}

pub(crate) fn check_into(app: &App, out: &mut Diagnostics) {
    let index = Index::new(app);
    sources::check(&index, out);
    references::check(&index, out);
    items::check(&index, out);
    texts::check(app, out);
}

/// A definition with its binds and sources by id, so that a large one is checked in one pass.
struct Index<'a> {
    app: &'a App,
    binds: HashMap<&'a str, &'a Bind>,
    sources: HashMap<&'a str, &'a Source>,
}

impl<'a> Index<'a> {
    fn new(app: &'a App) -> Self {
        // Of several with the same id the first counts, as it does when an app is used.
        let binds = app.binds.iter().rev().map(|bind| (bind.id.as_str(), bind)).collect();
        let sources = app.sources.iter().rev().map(|source| (source.id.as_str(), source)).collect();
        Self { app, binds, sources }
    }

    fn bind(&self, id: &str) -> Option<&'a Bind> {
        self.binds.get(id).copied()
    }

    /// The id of the source that a bind belongs to; empty if there are no sources.
    fn source_id(&self, bind: Option<&'a Bind>) -> &'a str {
        let own = bind.and_then(|bind| bind.source.as_deref());
        let first = || self.app.sources.first().map(|source| source.id.as_str());
        own.or_else(first).unwrap_or_default()
    }
}
