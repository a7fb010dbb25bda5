//! A slider with its value beside it and its ends below.
//!
//! Invariant: every value that comes back lies between the ends and on a step.

use egui::accesskit::{Action, ActionData, Role};
use egui::{EventFilter, Id, Key, Modifiers, Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::edit::{Edit, EditAction};
use super::field::{ControlState, FieldText, input_colour, input_ground, note, unit_inside};
use super::piece::{describe, face, hover, line, line_to, mix, node, text};
use crate::theme::{Colours, Step, Weight, painted_focus_ring, size, space};

/// A number between two ends.
#[derive(Clone, Copy, Debug)]
pub struct Slider<'a> {
    /// Label, unit, help and problem.
    pub about: FieldText<'a>,
    /// The number.
    pub value: f64,
    /// The least number.
    pub least: f64,
    /// The greatest number.
    pub greatest: f64,
    /// The distance from one possible number to the next; 0 if every number is possible.
    pub step: f64,
    /// The number as it is shown.
    pub shown: &'a str,
    /// The number as it is typed.
    pub editable: &'a str,
    /// The least number as it is shown.
    pub least_shown: &'a str,
    /// The greatest number as it is shown.
    pub greatest_shown: &'a str,
}

/// What a person did to a slider.
#[derive(Clone, Debug, PartialEq)]
pub enum SliderAction {
    /// Is dragging; the knob stands here now.
    Dragging(f64),
    /// Let go here, or moved here by key.
    Set(f64),
    /// Typed this beside the slider and is done.
    Typed(String),
}

const KNOB: f32 = 9.0;
const TRACK: f32 = 4.0;
const VALUE_WIDTH: f32 = 104.0;

impl Slider<'_> {
    /// Shows the slider. Answers what the person did, if anything.
    pub fn show(self, ui: &mut Ui) -> Option<SliderAction> {
        ui.scope(|ui| {
            if !self.about.enabled {
                ui.disable();
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = space::HAIR;
                let c = Colours::of(ui);
                let label = text(ui, self.about.label, Step::Caption, Weight::Semibold, c.text_2);
                let action = self.control(ui, label.id);
                note(ui, &self.about);
                action
            })
            .inner
        })
        .inner
    }

    fn control(&self, ui: &mut Ui, label: Id) -> Option<SliderAction> {
        let width = ui.available_width();
        let (rect, _) =
            ui.allocate_exact_size(vec2(width, size::CONTROL + Step::Caption.line()), Sense::hover());
        let row = Rect::from_min_size(rect.min, vec2(width, size::CONTROL));
        let value = Rect::from_min_max(pos2(row.right() - VALUE_WIDTH.min(width / 2.0), row.top()), row.max);
        let track = Rect::from_min_max(row.min, pos2(value.left() - space::ITEM, row.bottom()));

        let moved = self.track(ui, label, track);
        let typed = self.typed(ui, label, value);
        let c = Colours::of(ui);
        let below = rect.bottom() - Step::Caption.line() / 2.0;
        let half = track.width() / 2.0;
        line(
            ui,
            self.least_shown,
            face(Step::Caption, Weight::Regular, c.hint),
            pos2(track.left(), below),
            half,
        );
        line_to(
            ui,
            self.greatest_shown,
            face(Step::Caption, Weight::Regular, c.hint),
            pos2(track.right(), below),
            half,
        );
        moved.or(typed)
    }

    /// The value beside the track, to be typed.
    fn typed(&self, ui: &mut Ui, label: Id, rect: Rect) -> Option<SliderAction> {
        let id = self.about.control_id(ui).with("typed");
        let area = ui.interact(rect, id.with("area"), Sense::CLICK);
        if area.clicked() {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        let focused = ui.memory(|memory| memory.has_focus(id));
        let problem = self.about.problem.is_some();
        input_ground(ui, rect, ControlState { hovered: hover(ui, &area), focused, problem });
        let inner = unit_inside(ui, &self.about, rect.shrink2(vec2(space::INSET, space::HAIR)), space::HAIR);
        let edit = Edit {
            shown: self.shown,
            role: Role::NumberInput,
            steps: true,
            ..Edit::new(id, Ok(label), self.editable, input_colour(ui))
        };
        let (response, action) = edit.show(ui, inner);
        describe(ui, response.id, self.about.help, self.about.problem);
        match action? {
            EditAction::Typing(_) => None,
            EditAction::Typed(typed) => Some(SliderAction::Typed(typed)),
            EditAction::Step(steps) => self.changed(self.stepped(f64::from(steps))).map(SliderAction::Set),
        }
    }

    /// The track with the knob.
    fn track(&self, ui: &mut Ui, label: Id, rect: Rect) -> Option<SliderAction> {
        let response = ui.interact(rect, self.about.control_id(ui), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), self.value, ""));
        self.report(ui, label, &response);
        let run = rect.left() + KNOB..=rect.right() - KNOB;
        let pointed = response.interact_pointer_pos().map(|at| self.at(&run, at.x));
        let knob = pointed.unwrap_or(self.value);
        self.paint(ui, &response, &run, knob);

        if response.drag_stopped() || (response.clicked() && pointed.is_some()) {
            return Some(SliderAction::Set(pointed.unwrap_or(self.value)));
        }
        if let Some(value) = pointed {
            return self.changed(value).map(SliderAction::Dragging);
        }
        self.asked(ui, &response).and_then(|value| self.changed(value)).map(SliderAction::Set)
    }

    fn report(&self, ui: &Ui, label: Id, response: &Response) {
        node(ui, response.id, |node| {
            node.clear_label();
            node.push_labelled_by(label.accesskit_id());
            node.set_value(self.about.with_unit(self.shown));
            node.set_min_numeric_value(self.least);
            node.set_max_numeric_value(self.greatest);
            node.set_numeric_value_step(self.stride());
            for action in [Action::Increment, Action::Decrement, Action::SetValue] {
                node.add_action(action);
            }
        });
    }

    /// The value that keys or a screen reader ask for.
    fn asked(&self, ui: &Ui, response: &Response) -> Option<f64> {
        if !ui.is_enabled() {
            return None;
        }
        let wanted = ui.input(|input| {
            input.accesskit_action_requests(response.id, Action::SetValue).find_map(|request| {
                match request.data {
                    Some(ActionData::NumericValue(value)) => Some(value),
                    _ => None,
                }
            })
        });
        if let Some(value) = wanted {
            return Some(self.on_step(value));
        }
        let count =
            |action| ui.input(|input| input.num_accesskit_action_requests(response.id, action) as f64);
        let mut steps = count(Action::Increment) - count(Action::Decrement);
        if response.has_focus() {
            let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            let pressed =
                |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key) as f64);
            steps += pressed(Key::ArrowRight) + pressed(Key::ArrowUp) + 10.0 * pressed(Key::PageUp);
            steps -= pressed(Key::ArrowLeft) + pressed(Key::ArrowDown) + 10.0 * pressed(Key::PageDown);
            if pressed(Key::Home) > 0.0 {
                return Some(self.least);
            }
            if pressed(Key::End) > 0.0 {
                return Some(self.greatest);
            }
        }
        (steps != 0.0).then(|| self.stepped(steps))
    }

    fn paint(&self, ui: &Ui, response: &Response, run: &std::ops::RangeInclusive<f32>, value: f64) {
        let c = Colours::of(ui);
        let painter = ui.painter();
        let y = response.rect.center().y;
        let x = run.start() + (run.end() - run.start()) * self.share(value);
        let (filled, rest) = if ui.is_enabled() {
            (c.accent, mix(c.surface, c.line_strong, 0.55))
        } else {
            (c.line_strong, c.line)
        };
        let bar =
            |from: f32, to: f32| Rect::from_min_max(pos2(from, y - TRACK / 2.0), pos2(to, y + TRACK / 2.0));
        painter.rect_filled(bar(*run.start() - KNOB, *run.end() + KNOB), TRACK / 2.0, rest);
        painter.rect_filled(bar(*run.start() - KNOB, x), TRACK / 2.0, filled);
        let held = response.is_pointer_button_down_on();
        let veil = if held { 0.16 } else { 0.10 * hover(ui, response) };
        painter.circle_filled(pos2(x, y), KNOB + 5.0, filled.gamma_multiply(veil));
        painter.circle(pos2(x, y), KNOB - 1.0, c.surface, Stroke::new(2.0, filled));
        if response.has_focus() {
            let knob = Rect::from_center_size(pos2(x, y), vec2(2.0 * KNOB, 2.0 * KNOB));
            painted_focus_ring(painter, &c, knob, KNOB);
        }
    }

    /// Where `value` lies between the ends, 0 to 1.
    fn share(&self, value: f64) -> f32 {
        let span = self.greatest - self.least;
        if span > 0.0 { ((value - self.least) / span).clamp(0.0, 1.0) as f32 } else { 0.0 }
    }

    /// The value at the horizontal position `x`.
    fn at(&self, run: &std::ops::RangeInclusive<f32>, x: f32) -> f64 {
        let length = (run.end() - run.start()).max(1.0);
        let share = f64::from(((x - run.start()) / length).clamp(0.0, 1.0));
        self.on_step(self.least + share * (self.greatest - self.least))
    }

    /// How far one key press goes.
    fn stride(&self) -> f64 {
        if self.step > 0.0 { self.step } else { (self.greatest - self.least) / 100.0 }
    }

    fn stepped(&self, steps: f64) -> f64 {
        self.on_step(self.value + steps * self.stride())
    }

    /// The nearest value that is possible.
    fn on_step(&self, value: f64) -> f64 {
        if value.is_nan() {
            return self.value;
        }
        let value = if self.step > 0.0 {
            let steps = ((value - self.least) / self.step + 0.5).floor();
            let raw = self.least + steps * self.step;
            // Steps such as 0.05 pile up binary noise; what was meant has at most twelve decimals.
            let scale = 1e12;
            let rounded = (raw * scale + 0.5).floor() / scale;
            if raw.abs() < 1e3 { rounded } else { raw }
        } else {
            value
        };
        value.max(self.least).min(self.greatest.max(self.least))
    }

    fn changed(&self, value: f64) -> Option<f64> {
        (value != self.value).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slider(value: f64, least: f64, greatest: f64, step: f64) -> Slider<'static> {
        Slider {
            about: FieldText::new("s", "S"),
            value,
            least,
            greatest,
            step,
            shown: "",
            editable: "",
            least_shown: "",
            greatest_shown: "",
        }
    }

    #[test]
    fn values_lie_on_steps_between_the_ends() {
        let rate = slider(2.5, 0.0, 10.0, 0.05);
        assert_eq!(rate.on_step(2.574), 2.55);
        assert_eq!(rate.on_step(-3.0), 0.0);
        assert_eq!(rate.on_step(99.0), 10.0);
        assert_eq!(rate.on_step(f64::NAN), 2.5);
        assert_eq!(slider(0.0, -5.0, 5.0, 2.0).on_step(0.1), 1.0);
        assert_eq!(slider(0.0, 0.0, 1.0, 0.0).on_step(0.123), 0.123);
    }

    #[test]
    fn ends_that_are_equal_or_reversed_do_no_harm() {
        assert_eq!(slider(3.0, 3.0, 3.0, 1.0).share(3.0), 0.0);
        assert_eq!(slider(3.0, 3.0, 3.0, 1.0).on_step(8.0), 3.0);
        assert_eq!(slider(3.0, 5.0, 1.0, 1.0).on_step(3.0), 5.0);
    }
}
