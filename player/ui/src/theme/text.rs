//! Text in the steps and weights of the look, with its line heights.
//!
//! Invariant: text painted through here takes exactly the line height of its step, so that rows of different
//! weights and icons line up on the grid.

use std::sync::Arc;

use egui::epaint::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Color32, FontId, Galley, RichText, Ui};
use look::{TOKENS, TypeStep};

/// A step of the type scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Labels above fields, help, state lines.
    Caption,
    /// Text.
    Body,
    /// Text meant to be read at length.
    Reading,
    /// Values, titles of cards.
    Title,
    /// Titles of screens.
    Heading,
    /// The headline result.
    Display,
}

/// A weight of the sans family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Text.
    Regular,
    /// Emphasis inside controls.
    Medium,
    /// Labels, values, titles.
    Semibold,
}

impl Step {
    const fn tokens(self) -> TypeStep {
        match self {
            Self::Caption => TOKENS.type_scale.caption,
            Self::Body => TOKENS.type_scale.body,
            Self::Reading => TOKENS.type_scale.reading,
            Self::Title => TOKENS.type_scale.title,
            Self::Heading => TOKENS.type_scale.heading,
            Self::Display => TOKENS.type_scale.display,
        }
    }

    /// Font size in points.
    pub const fn size(self) -> f32 {
        self.tokens().size_px as f32
    }

    /// Distance from one line to the next in points.
    pub const fn line(self) -> f32 {
        self.tokens().line_px as f32
    }
}

impl Weight {
    /// The weight on the font's axis, 100 to 900.
    pub const fn value(self) -> f32 {
        match self {
            Self::Regular => TOKENS.weight.regular as f32,
            Self::Medium => TOKENS.weight.medium as f32,
            Self::Semibold => TOKENS.weight.semibold as f32,
        }
    }
}

/// The font of a step in a weight.
pub fn font(step: Step, weight: Weight) -> FontId {
    FontId::new(step.size(), weight.family())
}

/// Text of a step and weight for stock egui widgets, in their own colour.
pub fn rich(text: impl Into<String>, step: Step, weight: Weight) -> RichText {
    RichText::new(text).font(font(step, weight)).line_height(Some(step.line()))
}

/// Lays out one line that is cut with an ellipsis at `width` points.
pub fn one_line(ui: &Ui, text: &str, step: Step, weight: Weight, colour: Color32, width: f32) -> Arc<Galley> {
    galley(ui, text, step, weight, colour, TextWrapping::truncate_at_width(width.max(0.0)))
}

/// Lays out text that breaks into lines at `width` points.
pub fn wrapped(ui: &Ui, text: &str, step: Step, weight: Weight, colour: Color32, width: f32) -> Arc<Galley> {
    galley(ui, text, step, weight, colour, TextWrapping::wrap_at_width(width.max(0.0)))
}

/// Lays out text of a step and weight, wrapped as `wrap` says.
pub fn galley(
    ui: &Ui,
    text: &str,
    step: Step,
    weight: Weight,
    colour: Color32,
    wrap: TextWrapping,
) -> Arc<Galley> {
    let format = TextFormat {
        font_id: font(step, weight),
        line_height: Some(step.line()),
        color: colour,
        valign: Align::Center,
        ..TextFormat::default()
    };
    let job = LayoutJob { wrap, ..LayoutJob::simple_format(text.to_owned(), format) };
    ui.painter().layout_job(job)
}
