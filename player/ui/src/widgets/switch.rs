//! Yes or no: a switch for a setting, a check box for one of several things.
//!
//! Invariant: the words beside it are part of what is clicked, and its name.

use egui::accesskit::{Role, Toggled};
use egui::{Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::field::{FieldText, note};
use super::piece::{describe, ground, hover, mix, node};
use crate::theme::{Colours, Motion, Step, Weight, icons, painted_focus_ring, size, space, wrapped};

const SWITCH_WIDTH: f32 = 40.0;
const SWITCH_HEIGHT: f32 = 24.0;
const BOX: f32 = 20.0;

/// A switch with its words to the right. Answers the new state if the person flipped it.
pub fn switch(ui: &mut Ui, about: &FieldText<'_>, on: bool) -> Option<bool> {
    let flipped = toggle(ui, about, Role::Switch, Some(on), SWITCH_WIDTH, |ui, response, mark| {
        let c = Colours::of(ui);
        let share =
            ui.ctx().animate_bool_with_time(response.id.with("on"), on, Motion::Quick.seconds(ui.ctx()));
        let (off_edge, on_fill) =
            if ui.is_enabled() { (c.input_line, c.input) } else { (c.line, c.line_strong) };
        let fill = mix(c.input_soft, on_fill, share);
        ground(ui.painter(), mark, SWITCH_HEIGHT / 2.0, fill, mix(off_edge, on_fill, share));
        let travel = SWITCH_WIDTH - SWITCH_HEIGHT;
        let knob = pos2(mark.left() + SWITCH_HEIGHT / 2.0 + travel * share, mark.center().y);
        ui.painter().circle_filled(knob, SWITCH_HEIGHT / 2.0 - 4.0, mix(off_edge, c.surface, share));
        SWITCH_HEIGHT / 2.0
    });
    flipped.then_some(!on)
}

/// A check box with its words to the right; `None` is neither on nor off. Answers the new state if the person
/// clicked it.
pub fn checkbox(ui: &mut Ui, about: &FieldText<'_>, on: Option<bool>) -> Option<bool> {
    let clicked = toggle(ui, about, Role::CheckBox, on, BOX, |ui, response, mark| {
        let c = Colours::of(ui);
        let marked = on != Some(false);
        let (edge, full) = match (about.problem, ui.is_enabled()) {
            (_, false) => (c.line, c.line_strong),
            (Some(_), true) => (c.bad, c.input),
            (None, true) => (mix(c.input_line, c.input, hover(ui, response)), c.input),
        };
        let fill = if marked { full } else { c.input_soft };
        ground(ui.painter(), mark, size::RADIUS - 2.0, fill, if marked { full } else { edge });
        if marked {
            let icon = if on.is_none() { icons::PARTLY } else { icons::CHECK };
            icon.paint(ui.painter(), mark.center(), size::ICON_SMALL, c.surface);
        }
        size::RADIUS - 2.0
    });
    clicked.then_some(!on.unwrap_or(false))
}

/// The part that both share. `paint` paints the mark and answers the radius of its corners.
fn toggle(
    ui: &mut Ui,
    about: &FieldText<'_>,
    role: Role,
    on: Option<bool>,
    width: f32,
    paint: impl FnOnce(&Ui, &Response, Rect) -> f32,
) -> bool {
    ui.scope(|ui| {
        if !about.enabled {
            ui.disable();
        }
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let c = Colours::of(ui);
            let gap = space::INSET;
            let colour = if ui.is_enabled() { c.text } else { c.text_2 };
            let room = ui.available_width() - width - gap;
            let galley = wrapped(ui, about.label, Step::Body, Weight::Regular, colour, room);
            let wanted = vec2(
                width + gap + galley.size().x,
                (galley.size().y + size::COMPACT - Step::Body.line()).max(size::COMPACT),
            );
            let (rect, _) = ui.allocate_exact_size(wanted, Sense::hover());
            let response = ui.interact(rect, about.control_id(ui), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), about.label));
            node(ui, response.id, |node| {
                node.set_toggled(on.map_or(Toggled::Mixed, Toggled::from));
            });
            describe(ui, response.id, about.help, about.problem);
            let height = if role == Role::Switch { SWITCH_HEIGHT } else { BOX };
            let mark = Rect::from_min_size(
                pos2(rect.left(), rect.top() + (size::COMPACT - height) / 2.0),
                vec2(width, height),
            );
            let corner = paint(ui, &response, mark);
            let first_line = (size::COMPACT - Step::Body.line()) / 2.0;
            let top = if galley.rows.len() > 1 {
                rect.top() + first_line
            } else {
                rect.center().y - galley.size().y / 2.0
            };
            ui.painter().galley(pos2(mark.right() + gap, top), galley, colour);
            if response.has_focus() {
                painted_focus_ring(ui.painter(), &c, mark, corner);
            }
            if about.problem.is_some() || !about.help.is_empty() {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = 0.0;
                    ui.spacing_mut().interact_size.y = 0.0;
                    ui.add_space(width + gap);
                    ui.vertical(|ui| note(ui, about));
                });
            }
            response.clicked()
        })
        .inner
    })
    .inner
}
