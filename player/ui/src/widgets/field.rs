//! The frame that every input shares: label above, control, help or problem below.
//!
//! Invariant: the label names the control for screen readers, and help and problem describe it; a problem shows
//! as boundary, icon and sentence, never as colour alone.

use egui::{Color32, Id, Rect, Ui, pos2};

use super::piece::{face, ground, line, line_to, mix, sentence, text, width_of};
use crate::theme::{Colours, Step, Weight, icons, painted_focus_ring, size, space};

/// What every input has beside its value.
#[derive(Clone, Copy, Debug)]
pub struct FieldText<'a> {
    /// Tells the input apart from all others on the screen; stable as long as the input is the same.
    pub id: &'a str,
    /// What is asked for.
    pub label: &'a str,
    /// The unit of the value, shown inside the control at the right.
    pub unit: &'a str,
    /// Whether the unit stands before the value, at the left.
    pub unit_before: bool,
    /// One line of help below.
    pub help: &'a str,
    /// What is wrong with the value, as a sentence; shown instead of the help.
    pub problem: Option<&'a str>,
    /// Shown while there is no value.
    pub hint: &'a str,
    /// Whether the value can be changed now.
    pub enabled: bool,
}

impl<'a> FieldText<'a> {
    /// A field with a label and nothing else.
    pub const fn new(id: &'a str, label: &'a str) -> Self {
        Self { id, label, unit: "", unit_before: false, help: "", problem: None, hint: "", enabled: true }
    }

    /// A value with its unit where it stands, divided by a space that does not break.
    pub fn with_unit(&self, value: &str) -> String {
        with_unit(value, self.unit, self.unit_before)
    }

    /// The egui id of the field's control.
    pub(super) fn control_id(&self, ui: &Ui) -> Id {
        ui.make_persistent_id(("field", self.id))
    }
}

/// Shows a field: the label, what `control` shows (it is given the label's id), and help or problem.
pub(super) fn field<R>(ui: &mut Ui, about: &FieldText<'_>, control: impl FnOnce(&mut Ui, Id) -> R) -> R {
    ui.scope(|ui| {
        if !about.enabled {
            ui.disable();
        }
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = space::HAIR;
            let c = Colours::of(ui);
            let label = text(ui, about.label, Step::Caption, Weight::Semibold, c.text_2);
            let inner = control(ui, label.id);
            note(ui, about);
            inner
        })
        .inner
    })
    .inner
}

/// Help or problem below a control.
pub(super) fn note(ui: &mut Ui, about: &FieldText<'_>) {
    let c = Colours::of(ui);
    if let Some(problem) = about.problem {
        sentence(ui, Some(icons::PROBLEM), problem, c.bad);
    } else if !about.help.is_empty() {
        sentence(ui, None, about.help, c.hint);
    }
}

/// The state of a control, as far as its ground shows it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ControlState {
    /// How far it is hovered, 0 to 1.
    pub(super) hovered: f32,
    /// Whether it has the keyboard.
    pub(super) focused: bool,
    /// Whether its value is not valid.
    pub(super) problem: bool,
}

/// Paints the ground of an input: soft blue, since that is what a person may change.
pub(super) fn input_ground(ui: &Ui, rect: Rect, state: ControlState) {
    let c = Colours::of(ui);
    let (fill, edge) = if ui.is_enabled() {
        let edge = if state.problem { c.bad } else { mix(c.input_line, c.input, state.hovered) };
        (c.input_soft, edge)
    } else {
        (c.sunken, c.line)
    };
    ground(ui.painter(), rect, size::RADIUS, fill, edge);
    if state.problem && ui.is_enabled() {
        ground(ui.painter(), rect.shrink(size::LINE), size::RADIUS - size::LINE, Color32::TRANSPARENT, c.bad);
    }
    if state.focused {
        painted_focus_ring(ui.painter(), &c, rect, size::RADIUS);
    }
}

/// A value with its unit before or behind it, divided by a space that does not break.
pub(super) fn with_unit(value: &str, unit: &str, before: bool) -> String {
    match (unit, before) {
        ("", _) => value.to_owned(),
        (unit, true) => format!("{unit}\u{a0}{value}"),
        (unit, false) => format!("{value}\u{a0}{unit}"),
    }
}

/// Paints the unit at its end of `inner`, where the value of a control stands. Answers the room that is left for the
/// value.
pub(super) fn unit_inside(ui: &Ui, about: &FieldText<'_>, inner: Rect, gap: f32) -> Rect {
    if about.unit.is_empty() {
        return inner;
    }
    let quiet = face(Step::Body, Weight::Regular, Colours::of(ui).text_2);
    let unit = width_of(ui, about.unit, Step::Body, Weight::Regular).min(inner.width() / 2.0);
    // On the middle of the first line, however many there are.
    let y = inner.top() + (size::CONTROL / 2.0 - space::HAIR).min(inner.height() / 2.0);
    let mut left = inner;
    if about.unit_before {
        line(ui, about.unit, quiet, pos2(inner.left(), y), unit + 1.0);
        left.min.x += unit + gap;
    } else {
        line_to(ui, about.unit, quiet, pos2(inner.right(), y), unit + 1.0);
        left.max.x -= unit + gap;
    }
    left
}

/// The colour of a value that a person may change.
pub(super) fn input_colour(ui: &Ui) -> Color32 {
    let c = Colours::of(ui);
    if ui.is_enabled() { c.input } else { c.text_2 }
}
