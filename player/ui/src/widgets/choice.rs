//! A choice of up to four short words, as segments side by side.
//!
//! Invariant: exactly the chosen segment, or the first if none is chosen, is a stop for the keyboard; the arrow
//! keys move the choice.

use egui::accesskit::Role;
use egui::{Color32, EventFilter, Key, Modifiers, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::field::{ControlState, FieldText, field, input_colour, input_ground};
use super::piece::{describe, face, ground, hover, line, mix, node, width_of};
use crate::theme::{Colours, Step, Weight, painted_focus_ring, size, space};

/// A choice shown as segments.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a, S> {
    /// Label, help and problem.
    pub about: FieldText<'a>,
    /// What there is to choose from.
    pub choices: &'a [S],
    /// Which is chosen.
    pub chosen: Option<usize>,
}

impl<S: AsRef<str>> Choice<'_, S> {
    /// Whether the choices are few and short enough for segments over `width` points.
    pub fn fits(&self, ui: &Ui, width: f32) -> bool {
        let each = width / self.choices.len().max(1) as f32;
        let fits = |choice: &S| {
            width_of(ui, choice.as_ref(), Step::Body, Weight::Medium) + 2.0 * space::GROUP <= each
        };
        self.choices.len() <= 4 && self.choices.iter().all(fits)
    }

    /// Shows the segments. Answers which one the person chose, if another one.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        field(ui, &self.about, |ui, label| {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::hover());
            input_ground(
                ui,
                rect,
                ControlState { problem: self.about.problem.is_some(), ..Default::default() },
            );
            let group = self.about.control_id(ui);
            node(ui, group, |node| {
                node.set_role(Role::RadioGroup);
                node.push_labelled_by(label.accesskit_id());
            });
            let width = rect.width() / self.choices.len().max(1) as f32;
            let mut picked = None;
            for (index, choice) in self.choices.iter().enumerate() {
                let left = rect.left() + index as f32 * width;
                let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
                picked = picked.or(self.segment(ui, index, choice.as_ref(), cell));
            }
            picked.filter(|&index| Some(index) != self.chosen)
        })
    }

    fn segment(&self, ui: &Ui, index: usize, name: &str, cell: Rect) -> Option<usize> {
        let chosen = self.chosen == Some(index);
        let stop = chosen || (self.chosen.is_none() && index == 0);
        let sense = if stop { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(cell, self.about.control_id(ui).with(index), sense);
        let full = format!("{}: {name}", self.about.label);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), chosen, &full));
        describe(ui, response.id, self.about.help, self.about.problem);
        self.paint(ui, &response, name, chosen);
        if response.clicked() {
            return Some(index);
        }
        if response.has_focus() { self.moved(ui, &response, index) } else { None }
    }

    /// Where the arrow keys move the choice. The keyboard follows it.
    pub(super) fn moved(&self, ui: &Ui, response: &Response, index: usize) -> Option<usize> {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let count = self.choices.len();
        let target = if pressed(Key::ArrowRight) || pressed(Key::ArrowDown) {
            (index + 1) % count
        } else if pressed(Key::ArrowLeft) || pressed(Key::ArrowUp) {
            (index + count - 1) % count
        } else {
            return None;
        };
        let id = self.about.control_id(ui).with(target);
        ui.memory_mut(|memory| memory.request_focus(id));
        Some(target)
    }

    fn paint(&self, ui: &Ui, response: &Response, name: &str, chosen: bool) {
        let c = Colours::of(ui);
        let inner = response.rect.shrink(3.0);
        let corner = size::RADIUS - 2.0;
        if chosen {
            let edge = if ui.is_enabled() { c.input } else { c.line_strong };
            ground(ui.painter(), inner, corner, c.surface, edge);
        } else {
            let veil = c.veil(0.06 * hover(ui, response));
            ground(ui.painter(), inner, corner, veil, Color32::TRANSPARENT);
        }
        let weight = if chosen { Weight::Semibold } else { Weight::Regular };
        let colour = if chosen { input_colour(ui) } else { mix(c.text_2, c.text, hover(ui, response)) };
        let room = inner.width() - space::HAIR;
        let width = width_of(ui, name, Step::Body, weight).min(room);
        let left = inner.center().x - width / 2.0;
        line(ui, name, face(Step::Body, weight, colour), pos2(left, inner.center().y), room);
        if response.has_focus() {
            painted_focus_ring(ui.painter(), &c, inner, corner);
        }
    }
}
