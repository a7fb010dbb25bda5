//! A choice of one among a few, listed one below the other, each with its words in full.
//!
//! Invariant: exactly the chosen line, or the first if none is chosen, is a stop for the keyboard; the arrow keys move
//! the choice.

use egui::accesskit::Role;
use egui::{Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::choice::Choice;
use super::field::field;
use super::piece::{describe, hover, mix, node};
use crate::theme::{Colours, Step, Weight, painted_focus_ring, size, space, wrapped};

/// Diameter of the ring before the words.
const RING: f32 = 20.0;

/// Shows the choices as lines with a ring before them. Answers which one the person chose, if another one.
pub(super) fn show<S: AsRef<str>>(ui: &mut Ui, choice: &Choice<'_, S>) -> Option<usize> {
    field(ui, &choice.about, |ui, label| {
        let group = choice.about.control_id(ui);
        node(ui, group, |node| {
            node.set_role(Role::RadioGroup);
            node.push_labelled_by(label.accesskit_id());
        });
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut picked = None;
        for (index, name) in choice.choices.iter().enumerate() {
            let response = one(ui, choice, index, name.as_ref());
            if response.clicked() {
                picked = Some(index);
            } else if response.has_focus() {
                picked = picked.or(choice.moved(ui, &response, index));
            }
        }
        picked.filter(|&index| Some(index) != choice.chosen)
    })
}

/// One line: the ring and the words, which are clicked as a whole.
fn one<S: AsRef<str>>(ui: &mut Ui, choice: &Choice<'_, S>, index: usize, name: &str) -> Response {
    let c = Colours::of(ui);
    let chosen = choice.chosen == Some(index);
    let colour = if ui.is_enabled() { c.text } else { c.text_2 };
    let weight = if chosen { Weight::Medium } else { Weight::Regular };
    let indent = RING + space::INSET;
    let words = wrapped(ui, name, Step::Body, weight, colour, ui.available_width() - indent);
    let height = (words.size().y + size::COMPACT - Step::Body.line()).max(size::COMPACT);
    let (rect, _) = ui.allocate_exact_size(vec2(indent + words.size().x, height), Sense::hover());
    let stop = chosen || (choice.chosen.is_none() && index == 0);
    let sense = if stop { Sense::click() } else { Sense::CLICK };
    let response = ui.interact(rect, choice.about.control_id(ui).with(index), sense);
    let full = format!("{}: {name}", choice.about.label);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), chosen, &full));
    describe(ui, response.id, choice.about.help, choice.about.problem);

    let middle = pos2(rect.left() + RING / 2.0, rect.top() + size::COMPACT / 2.0);
    let edge = match (ui.is_enabled(), chosen, choice.about.problem) {
        (false, ..) => c.line_strong,
        (true, _, Some(_)) => c.bad,
        (true, true, None) => c.input,
        (true, false, None) => mix(c.input_line, c.input, hover(ui, &response)),
    };
    let ground = if ui.is_enabled() { c.input_soft } else { c.sunken };
    ui.painter().circle(middle, RING / 2.0 - 1.0, ground, Stroke::new(if chosen { 2.0 } else { 1.0 }, edge));
    if chosen {
        ui.painter().circle_filled(middle, RING / 4.0, edge);
    }
    let top = rect.top() + (size::COMPACT - Step::Body.line()) / 2.0;
    ui.painter().galley(pos2(rect.left() + indent, top).round(), words, colour);
    if response.has_focus() {
        let ring = egui::Rect::from_center_size(middle, vec2(RING, RING));
        painted_focus_ring(ui.painter(), &c, ring, RING / 2.0);
    }
    response
}
