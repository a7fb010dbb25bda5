//! What the portal asks of an app definition before it publishes it, behind one small trait.
//!
//! The portal needs to know little: that the document is well-formed and harmless, its name and description, which
//! sources it declares, and how to put the app's id and version into it. What items and layouts mean is none of its
//! business.

mod vocabulary;

use portal_api::{AppId, PlaceProblem, SourceAuth, SourceId};

pub use vocabulary::VocabularyCheck;

/// What the portal needs to know of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedDefinition {
    /// The id in the document; counts only for an app that the uploader may edit.
    pub declared_id: Option<AppId>,
    /// The app's name; never empty.
    pub name: String,
    /// The app's description.
    pub description: String,
    /// The sources that it declares; empty where it names none and so has the one called `main`.
    pub sources: Vec<DeclaredSource>,
}

/// One source that a definition declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredSource {
    /// Its id.
    pub id: SourceId,
    /// Where its spreadsheet lives.
    pub place: DeclaredPlace,
}

/// Where a declared source's spreadsheet lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclaredPlace {
    /// In the portal.
    Hosted,
    /// At an address that the player asks itself; not judged yet.
    Http {
        /// The address.
        url: String,
        /// How to sign in there.
        auth: SourceAuth,
    },
}

/// Judges definitions and marks them.
pub trait DefinitionCheck: Send + Sync {
    /// Reads a document.
    ///
    /// # Errors
    /// All problems found, each with its place.
    fn check(&self, document: &str) -> Result<CheckedDefinition, Vec<PlaceProblem>>;

    /// The same document with this id and version.
    ///
    /// # Errors
    /// As [`DefinitionCheck::check`].
    fn stamp(&self, document: &str, id: AppId, version: u64) -> Result<String, Vec<PlaceProblem>>;
}
