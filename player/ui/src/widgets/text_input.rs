//! An input for text: one line, several, or a secret.
//!
//! Invariant: the value is only read; what was typed comes back as an action.

use egui::Ui;
use egui::accesskit::Role;
use egui::vec2;

use super::edit::{Edit, EditAction};
use super::field::{ControlState, FieldText, field, input_colour, input_ground, unit_inside};
use super::piece::{describe, hit_area, hover};
use crate::theme::{Step, size, space};

/// An input for text.
#[derive(Clone, Copy, Debug)]
pub struct TextInput<'a> {
    /// Label, unit, help and problem.
    pub about: FieldText<'a>,
    /// The text.
    pub value: &'a str,
    /// How many lines are shown; with more than one, Enter begins a new line.
    pub rows: usize,
    /// Whether the text is a secret and shown as dots.
    pub secret: bool,
}

impl<'a> TextInput<'a> {
    /// An input for one line of text.
    pub const fn new(about: FieldText<'a>, value: &'a str) -> Self {
        Self { about, value, rows: 1, secret: false }
    }

    /// Shows the input. Answers what the person typed, if anything.
    pub fn show(self, ui: &mut Ui) -> Option<EditAction> {
        field(ui, &self.about, |ui, label| {
            let edit = Edit {
                hint: self.about.hint,
                rows: self.rows.max(1),
                secret: self.secret,
                ..Edit::new(self.about.control_id(ui), Ok(label), self.value, input_colour(ui))
            };
            control(ui, &self.about, edit)
        })
    }
}

/// An input for a number. The text forms are the caller's, who knows the locale and the number format.
#[derive(Clone, Copy, Debug)]
pub struct NumberInput<'a> {
    /// Label, unit, help and problem.
    pub about: FieldText<'a>,
    /// The number as it is shown: `250,000`.
    pub shown: &'a str,
    /// The number as it is typed: `250000`.
    pub editable: &'a str,
    /// Whether the arrow keys ask for steps.
    pub steps: bool,
}

impl<'a> NumberInput<'a> {
    /// An input for a number that looks alike shown and typed.
    pub const fn new(about: FieldText<'a>, shown: &'a str) -> Self {
        Self { about, shown, editable: shown, steps: true }
    }

    /// Shows the input. Answers what the person typed or stepped, if anything.
    pub fn show(self, ui: &mut Ui) -> Option<EditAction> {
        field(ui, &self.about, |ui, label| {
            let edit = Edit {
                shown: self.shown,
                hint: self.about.hint,
                role: Role::NumberInput,
                steps: self.steps,
                ..Edit::new(self.about.control_id(ui), Ok(label), self.editable, input_colour(ui))
            };
            control(ui, &self.about, edit)
        })
    }
}

/// The ground of a typed input over the whole width, the unit, and the text in between.
fn control(ui: &mut Ui, about: &FieldText<'_>, edit: Edit<'_>) -> Option<EditAction> {
    let height = match edit.rows {
        1 => size::CONTROL,
        rows => rows as f32 * Step::Body.line() + 2.0 * space::GROUP,
    };
    let (rect, area) = hit_area(ui, ui.available_width(), height);
    if area.clicked() {
        ui.memory_mut(|memory| memory.request_focus(edit.id));
    }
    let state = ControlState {
        hovered: hover(ui, &area),
        focused: ui.memory(|memory| memory.has_focus(edit.id)),
        problem: about.problem.is_some(),
    };
    input_ground(ui, rect, state);
    let inner = rect.shrink2(vec2(space::INSET, if edit.rows == 1 { space::HAIR } else { space::GROUP }));
    let inner = unit_inside(ui, about, inner, space::GROUP);
    let (response, action) = edit.show(ui, inner);
    describe(ui, response.id, about.help, about.problem);
    action
}
