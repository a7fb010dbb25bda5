//! What the reader knows about an element beside what it says: where it stood, and what stood around it.
//!
//! Places never take part in comparisons: two definitions that say the same are equal wherever their lines break.
//! Comments and foreign markup do, because writing has to keep them.

use std::sync::Arc;

/// A line and a column in the XML, both from 1; 0 where there was no XML. Columns count characters.
///
/// All places are equal to each other, so that types which carry one compare by content.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// The places of one element: of the element itself and of each attribute's value. Like places, all equal.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Where the element's `<` stood.
    pub element: Place,
    /// The element's path, such as `app/layout/page[1]/item[2]`; empty if it was not read.
    pub path: Arc<str>,
    /// Attributes of the vocabulary that the element had, each with the place of its value.
    pub attributes: Vec<(&'static str, Place)>,
}

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

/// What was written beside the vocabulary and is kept as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What it is.
    pub kind: KeptKind,
    /// The markup, byte for byte.
    pub xml: String,
}

/// What kind of markup is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptKind {
    /// `<!-- ... -->`
    Comment,
    /// `<?...?>`
    Instruction,
    /// An element of another namespace.
    Foreign,
    /// An element of the vocabulary that this version does not show, in a place other than the layout.
    Unsupported,
}

/// Where an element came from, and the markup around it that writing keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Places in the XML; default for an element that was not read.
    pub places: Places,
    /// Kept markup directly in front of the element.
    pub before: Vec<Kept>,
    /// Kept markup inside the element, behind its last child.
    pub inside: Vec<Kept>,
    /// Attributes of other namespaces and namespace declarations, as written, with their values unescaped.
    pub foreign: Vec<(String, String)>,
}

impl Origin {
    /// Where the element stood.
    pub fn place(&self) -> Place {
        self.places.element
    }

    /// Where the value of this attribute stood, or the element if it does not have the attribute.
    pub fn attribute(&self, name: &str) -> Place {
        self.written(name).unwrap_or(self.places.element)
    }

    /// Whether the document gave the element this attribute, even with a value that could not be read.
    pub fn has_attribute(&self, name: &str) -> bool {
        self.written(name).is_some()
    }

    /// The element's path in the document.
    pub fn path(&self) -> &str {
        &self.places.path
    }

    fn written(&self, name: &str) -> Option<Place> {
        self.places.attributes.iter().find(|(known, _)| *known == name).map(|&(_, place)| place)
    }
}
