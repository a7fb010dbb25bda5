//! Results: a row with caption and value, and the headline of an app.
//!
//! A result that has just changed glows for a moment. An error is said in words; the cell's own error stands in
//! the tip.
//!
//! Invariant: caption, value, unit and change are one node for screen readers, announced when it changes.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::epaint::text::TextWrapping;
use egui::{Color32, Galley, Id, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::card::card_padding;
use super::chip::{CHIP_HEIGHT, Chip, Tone};
use super::field::with_unit;
use super::piece::{announce, ground, snapped};
use super::words::{Words, words};
use crate::theme::{Colours, Motion, Step, Weight, galley, icons, size, space, wrapped};

/// What a result amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputValue<'a> {
    /// A value as it is shown.
    Value(&'a str),
    /// There is none yet; in words: "needs a body height".
    Missing(&'a str),
    /// It could not be computed; in words, and the cell's own error for the tip.
    Error {
        /// What is wrong, in words.
        words: &'a str,
        /// The cell's error, such as `#DIV/0!`.
        cell_error: &'a str,
    },
}

/// How a value has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// Rose by this much, as it is shown.
    Rose(&'a str),
    /// Fell by this much, as it is shown.
    Fell(&'a str),
}

/// A result.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// Tells the result apart from all others on the screen.
    pub id: &'a str,
    /// What it is.
    pub caption: &'a str,
    /// What it amounts to.
    pub value: OutputValue<'a>,
    /// Its unit.
    pub unit: &'a str,
    /// Whether the unit stands before the value.
    pub unit_before: bool,
    /// The colour of the value, where its number format asks for one.
    pub colour: Option<Color32>,
    /// How it changed after the last input.
    pub change: Option<Change<'a>>,
}

impl<'a> Output<'a> {
    /// A result with a caption and a value.
    pub const fn new(id: &'a str, caption: &'a str, value: OutputValue<'a>) -> Self {
        Self { id, caption, value, unit: "", unit_before: false, colour: None, change: None }
    }

    /// Shows the result as a row: caption left, value right. Words that have no room there go below, at the left.
    pub fn show_row(self, ui: &mut Ui) -> Response {
        let c = Colours::of(ui);
        let width = ui.available_width();
        let (text, colour, step) = self.shown(&c, Step::Title);
        let icon = if step == Step::Title { None } else { Some(self.icon()) };
        let indent = if icon.is_some() { size::ICON_SMALL + space::HAIR } else { 0.0 };
        let (value, beside) = fitted(ui, &text, step, colour, width - indent, width * BESIDE);
        let taken = value.size().x + indent;
        let room = if beside { width - taken - space::ITEM } else { width };
        let caption = wrapped(ui, self.caption, Step::Body, Weight::Regular, c.text_2, room);

        let (caption_height, value_height) = (caption.size().y, value.size().y);
        let content = if beside {
            caption_height.max(value_height)
        } else {
            caption_height + space::HAIR + value_height
        };
        let height = (content + 2.0 * space::GROUP).max(size::ROW);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        self.glow(ui, rect.expand2(vec2(space::GROUP, 0.0)), size::RADIUS);
        let middle = rect.center().y;
        let (caption_y, at) = if beside {
            (middle - caption_height / 2.0, pos2(rect.right() - value.size().x, middle - value_height / 2.0))
        } else {
            let top = middle - content / 2.0;
            (top, pos2(rect.left() + indent, top + caption_height + space::HAIR))
        };
        if let Some(icon) = icon {
            let centre = pos2(at.x - space::HAIR - size::ICON_SMALL / 2.0, at.y + Step::Body.line() / 2.0);
            icon.paint(ui.painter(), centre, size::ICON_SMALL, colour);
        }
        ui.painter().galley(snapped(ui, pos2(rect.left(), caption_y)), caption, c.text_2);
        ui.painter().galley(snapped(ui, at), value, colour);
        self.report(ui, &response);
        self.tip(response)
    }

    /// Shows the result as the headline of an app: a card with the value large.
    pub fn show_headline(self, ui: &mut Ui) -> Response {
        let c = Colours::of(ui);
        let width = ui.available_width();
        let padding = card_padding(width);
        let (text, colour, step) = self.shown(&c, Step::Display);
        let inner = (width - 2.0 * padding).max(1.0);
        let value = if step == Step::Display {
            headline(ui, &text, colour, inner)
        } else {
            galley(ui, &text, Step::Title, Weight::Medium, colour, TextWrapping::wrap_at_width(inner))
        };
        let caption = wrapped(ui, self.caption, Step::Body, Weight::Regular, c.text_2, inner);
        let chip = self.change.map(|change| change.chip());
        let chip_width = chip.as_ref().map_or(0.0, |label| Chip::new(label, Tone::Accent).width(ui));
        let chip_beside = value.size().x + space::INSET + chip_width <= inner;
        let chip_below = if chip.is_some() && !chip_beside { CHIP_HEIGHT + space::GROUP } else { 0.0 };
        let height = caption.size().y + space::HAIR + value.size().y + chip_below + 2.0 * padding;

        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        ground(ui.painter(), rect, size::RADIUS_CARD, c.surface, c.line);
        self.glow(ui, rect.shrink(size::LINE), size::RADIUS_CARD);
        let left = rect.left() + padding;
        let value_top = rect.top() + padding + caption.size().y + space::HAIR;
        let value_size = value.size();
        ui.painter().galley(snapped(ui, pos2(left, rect.top() + padding)), caption, c.text_2);
        ui.painter().galley(snapped(ui, pos2(left, value_top)), value, colour);
        if let Some(label) = chip {
            let (x, y) = if chip_beside {
                // On the middle of the figures, not of the line.
                (left + value_size.x + space::INSET, value_top + value_size.y / 2.0 - CHIP_HEIGHT / 2.0 + 1.0)
            } else {
                (left, value_top + value_size.y + space::GROUP)
            };
            let place = Rect::from_min_size(snapped(ui, pos2(x, y)), vec2(chip_width, CHIP_HEIGHT));
            Chip::new(&label, Tone::Accent).paint(ui, place);
        }
        self.report(ui, &response);
        self.tip(response)
    }

    /// The text with its unit, and its colour.
    pub(crate) fn text(&self, c: &Colours) -> (String, Color32) {
        let (text, colour, _) = self.shown(c, Step::Body);
        (text, colour)
    }

    /// The text, its colour and its step: `value` for a value, body for words.
    fn shown(&self, c: &Colours, value: Step) -> (String, Color32, Step) {
        match self.value {
            OutputValue::Value(text) => {
                (with_unit(text, self.unit, self.unit_before), self.colour.unwrap_or(c.text), value)
            }
            OutputValue::Missing(text) => (text.to_owned(), c.text_2, Step::Body),
            OutputValue::Error { words, .. } => (words.to_owned(), c.bad, Step::Body),
        }
    }

    fn icon(&self) -> icons::Icon {
        match self.value {
            OutputValue::Error { .. } => icons::PROBLEM,
            _ => icons::INFO,
        }
    }

    fn tip(&self, response: Response) -> Response {
        match self.value {
            OutputValue::Error { cell_error, .. } if !cell_error.is_empty() => {
                response.on_hover_text(cell_error)
            }
            _ => response,
        }
    }

    fn report(&self, ui: &Ui, response: &Response) {
        let c = Colours::of(ui);
        let (value, _, _) = self.shown(&c, Step::Title);
        let own = words(ui.ctx());
        let change = match self.change {
            Some(Change::Rose(by)) => format!(", {}", Words::fill(&own.rose_by, &[by])),
            Some(Change::Fell(by)) => format!(", {}", Words::fill(&own.fell_by, &[by])),
            None => String::new(),
        };
        let sentence = format!("{}: {value}{change}", self.caption);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
        announce(ui, response.id);
    }

    /// The soft ground of a value that has just changed, fading out.
    fn glow(&self, ui: &Ui, rect: Rect, corner: f32) {
        let seconds = Motion::Glow.seconds(ui.ctx());
        let id = Id::unique(("output-glow", self.id));
        let (text, now) = (format!("{:?}", self.value), ui.input(|input| input.time));
        let known: Option<(String, f64)> = ui.data(|data| data.get_temp(id));
        let since = match known {
            // What is seen for the first time has not changed.
            None => f64::NEG_INFINITY,
            Some((before, since)) if before == text => since,
            Some(_) => now,
        };
        ui.data_mut(|data| data.insert_temp(id, (text, since)));
        let share = if seconds > 0.0 { 1.0 - ((now - since) as f32 / seconds).min(1.0) } else { 0.0 };
        if share > 0.0 {
            let c = Colours::of(ui);
            // Even at first, gone smoothly at the end.
            let strength = (share * 2.0).min(1.0);
            let fill = c.accent_soft.gamma_multiply(strength);
            ground(ui.painter(), rect, corner, fill, Color32::TRANSPARENT);
            ui.ctx().request_repaint();
        }
    }
}

/// How much of the width a value may take beside its caption.
const BESIDE: f32 = 0.66;

/// Lays out a value: as large as `step` if it has room beside its caption, else in the size of text. Answers
/// whether it stands beside the caption.
fn fitted(ui: &Ui, text: &str, step: Step, colour: Color32, width: f32, beside: f32) -> (Arc<Galley>, bool) {
    let lay = |step: Step, weight| {
        galley(ui, text, step, weight, colour, TextWrapping::wrap_at_width(width.max(1.0)))
    };
    let fits = |galley: &Galley| galley.size().x <= beside && galley.rows.len() == 1;
    let weight = if step == Step::Body { Weight::Regular } else { Weight::Semibold };
    let large = lay(step, weight);
    if fits(&large) {
        return (large, true);
    }
    let small = lay(Step::Body, if step == Step::Body { weight } else { Weight::Medium });
    let beside = fits(&small);
    (small, beside)
}

/// Lays out a headline: as large as it fits on one line, since a number must not be torn apart.
fn headline(ui: &Ui, text: &str, colour: Color32, width: f32) -> Arc<Galley> {
    let lay = |step, wrap| galley(ui, text, step, Weight::Semibold, colour, wrap);
    [Step::Display, Step::Heading, Step::Title]
        .into_iter()
        .map(|step| lay(step, TextWrapping::no_max_width()))
        .find(|galley| galley.size().x <= width)
        .unwrap_or_else(|| lay(Step::Title, TextWrapping::wrap_at_width(width)))
}

impl Change<'_> {
    /// What the chip says.
    fn chip(self) -> String {
        match self {
            Self::Rose(by) => format!("▲ {by}"),
            Self::Fell(by) => format!("▼ {by}"),
        }
    }
}

/// A title of a step, broken into lines where it is long.
pub(super) fn title(ui: &mut Ui, title: &str, step: Step) -> Response {
    let c = Colours::of(ui);
    let galley = wrapped(ui, title, step, Weight::Semibold, c.text, ui.available_width());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y), Sense::hover());
    ui.painter().galley(rect.min, galley, c.text);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
    response
}
