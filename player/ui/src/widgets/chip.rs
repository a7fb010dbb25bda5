//! Chips: a state in a word, and filters to switch on and off.
//!
//! Invariant: a chip always carries words; its colour only underlines them.

use egui::accesskit::Role;
use egui::{Color32, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::piece::{face, ground, hover, line, mix, width_of};
use crate::theme::icons::{self, Icon};
use crate::theme::{Colours, Step, Weight, focus_ring, size, space};

/// What a chip's state amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// Has to do with what the person just did.
    Accent,
    /// As it should be.
    Good,
    /// To be watched.
    Warn,
    /// A problem.
    Bad,
}

impl Tone {
    /// Ground and text of the tone.
    pub(super) fn colours(self, c: &Colours) -> (Color32, Color32) {
        match self {
            Self::Neutral => (mix(c.surface, c.text_2, 0.12), c.text_2),
            Self::Accent => (c.accent_soft, c.accent),
            Self::Good => (mix(c.surface, c.good, 0.10), c.good),
            Self::Warn => (c.warn_soft, c.warn),
            Self::Bad => (c.bad_soft, c.bad),
        }
    }
}

/// A state in a word.
#[derive(Clone, Copy, Debug)]
pub struct Chip<'a> {
    /// The word.
    pub label: &'a str,
    /// What it amounts to.
    pub tone: Tone,
    /// An icon before the word.
    pub icon: Option<Icon>,
}

/// Height of a chip in points.
pub(super) const CHIP_HEIGHT: f32 = 24.0;
const PADDING: f32 = 10.0;

impl<'a> Chip<'a> {
    /// A chip with a tone.
    pub const fn new(label: &'a str, tone: Tone) -> Self {
        Self { label, tone, icon: None }
    }

    /// Shows the chip where the next widget goes, reported as a label.
    pub fn show(self, ui: &mut Ui) -> Response {
        let (rect, response) = ui.allocate_exact_size(vec2(self.width(ui), CHIP_HEIGHT), Sense::hover());
        self.paint(ui, rect);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.label));
        response
    }

    /// The width of the chip.
    pub(super) fn width(&self, ui: &Ui) -> f32 {
        let icon = if self.icon.is_some() { size::ICON_SMALL + space::HAIR } else { 0.0 };
        (width_of(ui, self.label, Step::Caption, Weight::Medium) + icon + 2.0 * PADDING).ceil()
    }

    /// Paints the chip into `rect`, without reporting it.
    pub(super) fn paint(&self, ui: &Ui, rect: Rect) {
        let c = Colours::of(ui);
        let (fill, text) = self.tone.colours(&c);
        ground(ui.painter(), rect, CHIP_HEIGHT / 2.0, fill, Color32::TRANSPARENT);
        let mut left = rect.left() + PADDING;
        if let Some(icon) = self.icon {
            let centre = pos2(left + size::ICON_SMALL / 2.0, rect.center().y);
            icon.paint(ui.painter(), centre, size::ICON_SMALL, text);
            left += size::ICON_SMALL + space::HAIR;
        }
        line(
            ui,
            self.label,
            face(Step::Caption, Weight::Medium, text),
            pos2(left, rect.center().y),
            rect.right() - left,
        );
    }
}

/// A filter that is on or off. Answers whether it was switched.
pub fn filter_chip(ui: &mut Ui, label: &str, on: bool) -> bool {
    let mark = if on { size::ICON_SMALL + space::HAIR } else { 0.0 };
    let width = (width_of(ui, label, Step::Body, Weight::Regular) + mark + 2.0 * space::INSET).ceil();
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::COMPACT), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), on, label));
    let c = Colours::of(ui);
    let (fill, edge, text) =
        if on { (c.accent_soft, c.accent, c.accent) } else { (c.surface, c.line_strong, c.text) };
    let fill = mix(fill, c.text, 0.06 * hover(ui, &response));
    ground(ui.painter(), rect, size::COMPACT / 2.0, fill, edge);
    let mut left = rect.left() + space::INSET;
    if on {
        let centre = pos2(left + size::ICON_SMALL / 2.0 - 2.0, rect.center().y);
        icons::CHECK.paint(ui.painter(), centre, size::ICON_SMALL, text);
        left += mark;
    }
    line(
        ui,
        label,
        face(Step::Body, Weight::Regular, text),
        pos2(left, rect.center().y),
        rect.right() - left,
    );
    focus_ring(ui, &response, rect, size::COMPACT / 2.0);
    response.clicked()
}
