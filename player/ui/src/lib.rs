//! Theme, widgets and screens of the player.
//!
//! - [`theme`] turns the shared design tokens into fonts, colours and an egui style.
//! - [`widgets`] are the house widgets: each takes plain data, paints itself, reports itself to screen readers
//!   and answers with what the person did. [`UiExt`] puts them on [`egui::Ui`].
//! - [`screens`] are the player's screens: what is shown comes in as a [`screens::Desk`], what the person did goes
//!   out as [`screens::Action`]s.
//! - [`raster`] paints a user interface into a picture on the CPU, with no GPU, window or driver.
//!
//! Invariant: nothing in a widget changes the application's data, blocks, or does work for rows that are not on
//! screen; a frame reads a snapshot and answers with actions.

pub mod raster;
pub mod screens;
pub mod theme;
pub mod widgets;

pub use widgets::UiExt;
