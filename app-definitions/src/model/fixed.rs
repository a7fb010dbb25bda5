//! Fixed content: texts, headings, lines, spaces and pictures.

use serde::Serialize;

use super::values::Caption;
use crate::id::Id;
use crate::origin::Origin;
use crate::reference::Reference;
use crate::words::words;

/// A paragraph in a small subset of Markdown; never HTML.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Text {
    /// Its id.
    pub id: Id,
    /// The words; `None` only in a definition that is refused.
    pub caption: Option<Caption>,
    /// Ids of the styles that apply to it.
    pub style: Option<String>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

/// A heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Heading {
    /// Its id.
    pub id: Id,
    /// The words; `None` only in a definition that is refused.
    pub caption: Option<Caption>,
    /// Its rank, 1 (highest) to 6; fits its surroundings where there is none.
    pub level: Option<u32>,
    /// Ids of the styles that apply to it.
    pub style: Option<String>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

/// A line between things, with or without words on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Divider {
    /// Its id.
    pub id: Id,
    /// Words on the line.
    pub caption: Option<Caption>,
    /// Ids of the styles that apply to it.
    pub style: Option<String>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

/// Empty space.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spacer {
    /// Its id.
    pub id: Id,
    /// Ids of the styles that apply to it.
    pub style: Option<String>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

/// A picture: from a cell or packed beside the definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Image {
    /// Its id.
    pub id: Id,
    /// The cell that holds the picture.
    pub reference: Option<Reference>,
    /// The id of the asset that is the picture.
    pub asset: Option<String>,
    /// What it shows, for those who cannot see it.
    pub alternative: Option<Caption>,
    /// How it fills its place.
    pub fit: Fit,
    /// Height in pixels, 16 to 4000.
    pub height: Option<u32>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

words! {
    /// How a picture fills its place.
    #[derive(Default)]
    pub enum Fit {
        /// Whole, with space around it.
        #[default]
        Contain = "contain",
        /// Without space around it, cut where it is too large.
        Cover = "cover",
        /// Stretched.
        Fill = "fill",
    }
}

impl Text {
    /// A paragraph.
    pub fn new(caption: impl Into<String>) -> Self {
        Self { caption: Some(Caption::literal(caption)), ..Self::default() }
    }
}

impl Heading {
    /// A heading of the rank that fits its surroundings.
    pub fn new(caption: impl Into<String>) -> Self {
        Self { caption: Some(Caption::literal(caption)), ..Self::default() }
    }
}
