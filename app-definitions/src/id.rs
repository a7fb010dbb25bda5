//! Ids of a definition's elements.
//!
//! Ids are what stays the same when a definition is edited: views, stored inputs and scenarios are keyed by them.
//! Every element that is read has one; where the document gives none, one is derived (see `derive`).

use std::fmt;

/// Longest id, in characters.
pub const LONGEST_ID: usize = 100;

/// Whether `text` can be an id: a letter or `_`, then letters, digits and `_`, all of them ASCII.
pub fn is_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && text.len() <= LONGEST_ID
}

/// The id of one element, and whether it stands in the document.
///
/// Two ids are equal if their texts are: whether an id was written or derived says where it comes from, not what it is.
#[derive(Clone, Debug, Default)]
pub struct Id {
    /// The id; empty only in a model that was built by hand and has not been given ids yet.
    pub text: String,
    /// Whether the document states it. Derived ids of items and containers are written, so they are stable from then on.
    pub written: bool,
}

impl Id {
    /// An id that the document is to state.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), written: true }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether no id has been given yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Id {}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
