//! Descriptive data, the theme and the texts in each language.

use serde::Serialize;

use super::values::{Caption, Color};
use crate::origin::Origin;
use crate::words::words;

/// What an app is, for those who look for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Meta {
    /// Its name.
    pub name: Option<Caption>,
    /// What it does.
    pub description: Option<Caption>,
    /// The id of the asset that is its icon.
    pub icon: Option<String>,
    /// Under what it is listed.
    pub category: Option<Caption>,
    /// Who is responsible, usually an e-mail address.
    pub owner: Option<String>,
    /// Whom to ask, usually an e-mail address.
    pub contact: Option<String>,
    /// Terms of use, or where to find them.
    pub terms: Option<Caption>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
    /// Where each of its elements came from.
    #[serde(skip)]
    pub origins: MetaOrigins,
}

/// Where the elements of [`Meta`] came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetaOrigins {
    /// Of the name.
    pub name: Origin,
    /// Of the description.
    pub description: Origin,
    /// Of the icon.
    pub icon: Origin,
    /// Of the category.
    pub category: Origin,
    /// Of the owner.
    pub owner: Origin,
    /// Of the contact.
    pub contact: Origin,
    /// Of the terms.
    pub terms: Origin,
}

impl Meta {
    /// Whether there is nothing to write: nothing said, and no markup kept.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How an app looks, as far as it differs from the player.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Theme {
    /// Colour of what matters most.
    pub primary: Option<Color>,
    /// Colour of actions and selections.
    pub accent: Option<Color>,
    /// Colour behind everything.
    pub background: Option<Color>,
    /// Colour of text.
    pub text: Option<Color>,
    /// A font's name.
    pub font: Option<String>,
    /// Radius of corners in pixels, 0 to 32.
    pub radius: Option<u32>,
    /// How close things stand.
    pub density: Density,
    /// The id of the asset that is the logo.
    pub logo: Option<String>,
    /// Whether a dark variant may be derived from the colours.
    pub dark: bool,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            primary: None,
            accent: None,
            background: None,
            text: None,
            font: None,
            radius: None,
            density: Density::default(),
            logo: None,
            dark: true,
            origin: Origin::default(),
        }
    }
}

words! {
    /// How close things stand.
    #[derive(Default)]
    pub enum Density {
        /// As the player decides.
        #[default]
        Normal = "normal",
        /// Closer.
        Compact = "compact",
        /// Further apart, for fingers.
        Touch = "touch",
    }
}

/// The texts of one locale.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Strings {
    /// The locale, such as `de` or `de-CH`.
    pub locale: String,
    /// The texts.
    pub texts: Vec<Translation>,
    /// Where they came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Strings {
    /// The text of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.texts.iter().find(|text| text.key == key).map(|text| text.text.as_str())
    }
}

/// One text in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Translation {
    /// What captions call it, without the `@`.
    pub key: String,
    /// The text.
    pub text: String,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}
