//! The look that the player and the portal share: design tokens, contrast, brand colours, bundled fonts.
//!
//! `tokens.toml` is the one data file. It is read while this crate compiles, so at run time there is nothing
//! to parse and nothing to fail: [`TOKENS`] is a constant. The player turns it into an egui style, the portal
//! into CSS custom properties with [`Tokens::css_custom_properties`].
//!
//! Invariant: this crate knows no UI toolkit, opens no file and depends on nothing but `libm` (and, with the
//! feature `fonts`, on the crates that carry the font bytes).

mod brand;
mod colour;
mod css;
#[cfg(feature = "fonts")]
pub mod fonts;
mod readable;
mod source;
mod tokens;

pub use brand::{Brand, brand, series_of};
pub use colour::{BadColour, Rgb, contrast};
pub use readable::{ink, mark};
pub use tokens::{
    Control, Focus, Motion, Palette, Radius, Shadow, Space, TOKENS, Theme, Tokens, Type, TypeStep, Weight,
};
