//! Cards, empty states, skeletons and progress: what frames content or stands in for it.
//!
//! Invariant: what stands in for content says in words what is missing and offers at most one action.

use egui::accesskit::Role;
use egui::{Frame, InnerResponse, Margin, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::button::{Button, ButtonKind};
use super::piece::{centred, face, ground, line, line_to, mix, node, snapped, width_of};
use super::words::words;
use crate::theme::icons::Icon;
use crate::theme::{Colours, Step, Weight, reduced_motion, size, space};

/// Shows `add` on a card over the whole width.
pub fn card<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let padding = card_padding(ui.available_width());
    padded(ui, [padding, padding], add)
}

/// Shows `add` on a card whose first row holds words beside compact controls: the words, not the controls, stand as far
/// from the edge as those of other cards.
pub fn tool_card<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let padding = card_padding(ui.available_width());
    padded(ui, [padding - (size::COMPACT - Step::Body.line()) / 2.0, padding], add)
}

/// Shows rows on a card over the whole width: rows bring their own room above and below.
pub fn row_card<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    padded(ui, [space::GROUP, space::GROUP], |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        add(ui)
    })
}

/// Padding of a card that is `width` points wide.
pub(super) fn card_padding(width: f32) -> f32 {
    if width < 420.0 { space::ITEM } else { space::SECTION }
}

fn padded<R>(ui: &mut Ui, [top, bottom]: [f32; 2], add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let c = Colours::of(ui);
    let padding = card_padding(ui.available_width());
    let inside = |points: f32| (points - size::LINE) as i8;
    Frame::new()
        .fill(c.surface)
        .stroke(Stroke::new(size::LINE, c.line))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(Margin {
            top: inside(top),
            bottom: inside(bottom),
            ..Margin::symmetric(inside(padding), 0)
        })
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui)
        })
}

/// A place with nothing in it yet: one sentence that teaches, one action.
#[derive(Clone, Copy, Debug)]
pub struct EmptyState<'a> {
    /// A picture of what is missing.
    pub icon: Icon,
    /// What is missing and how it comes.
    pub text: &'a str,
    /// The verb of the one thing to do.
    pub action: Option<&'a str>,
}

impl EmptyState<'_> {
    /// Shows the empty state over the whole width. Answers whether the person asked for its action.
    pub fn show(self, ui: &mut Ui) -> bool {
        let c = Colours::of(ui);
        let width = ui.available_width();
        ui.vertical_centered(|ui| {
            ui.set_width(width);
            ui.add_space(space::PAGE);
            let (rect, _) = ui.allocate_exact_size(vec2(width, size::TILE_ICON), Sense::hover());
            ui.painter().circle_filled(rect.center(), size::TILE_ICON / 2.0, c.sunken);
            self.icon.paint(ui.painter(), rect.center(), size::ICON + space::HAIR, c.text_2);
            ui.add_space(space::GROUP);
            let room = width.min(380.0) - 2.0 * space::ITEM;
            let galley = centred(ui, self.text, Step::Body, Weight::Regular, c.text_2, room);
            let (rect, response) = ui.allocate_exact_size(vec2(width, galley.size().y), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.text));
            ui.painter().galley(snapped(ui, pos2(rect.center().x, rect.top())), galley, c.text_2);
            ui.add_space(space::GROUP);
            let clicked =
                self.action.is_some_and(|label| Button::new(ButtonKind::Secondary, label).show(ui).clicked());
            ui.add_space(space::PAGE);
            clicked
        })
        .inner
    }
}

/// Lines that stand in for content that is being fetched; show them from 300 ms on.
pub fn skeleton(ui: &mut Ui, lines: usize) {
    let c = Colours::of(ui);
    let label = words(ui.ctx()).loading.clone();
    let pulse = if reduced_motion(ui.ctx()) {
        0.5
    } else {
        ui.ctx().request_repaint_after_secs(0.05);
        let phase = ui.input(|input| input.time).rem_euclid(1.6) as f32 / 0.8;
        if phase < 1.0 { phase } else { 2.0 - phase }
    };
    let fill = mix(c.surface, c.line_strong, 0.14 + 0.12 * pulse);
    let pitch = Step::Body.line() + space::GROUP;
    let height = (lines as f32 * pitch - space::GROUP).max(0.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    for at in 0..lines {
        let share = [1.0, 0.82, 0.91, 0.64][at % 4];
        let top = rect.min + vec2(0.0, at as f32 * pitch + 3.0);
        ui.painter().rect_filled(Rect::from_min_size(top, vec2(rect.width() * share, 14.0)), 4.0, fill);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &label));
}

/// Progress of something long, with a number and a way to cancel; show it from 500 ms on.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// What is being done.
    pub label: &'a str,
    /// How much of it is done, 0 to 1; `None` if that is not known.
    pub share: Option<f32>,
    /// How much is done, in words: "12 of 40 MB".
    pub amount: &'a str,
    /// Whether it can be cancelled.
    pub cancellable: bool,
}

impl Progress<'_> {
    /// Shows the progress. Answers whether the person cancelled it.
    pub fn show(self, ui: &mut Ui) -> bool {
        ui.scope(|ui| self.content(ui)).inner
    }

    fn content(&self, ui: &mut Ui) -> bool {
        let c = Colours::of(ui);
        ui.spacing_mut().item_spacing.y = space::HAIR;
        let mut cancelled = false;
        ui.horizontal(|ui| {
            let cancel = words(ui.ctx()).cancel.clone();
            let button = Button { compact: true, ..Button::new(ButtonKind::Secondary, &cancel) };
            let room = if self.cancellable {
                (width_of(ui, &cancel, Step::Body, Weight::Medium) + 2.0 * space::INSET).ceil()
            } else {
                0.0
            };
            let width = ui.available_width() - room - ui.spacing().item_spacing.x;
            let (rect, _) = ui.allocate_exact_size(vec2(width, size::COMPACT), Sense::hover());
            let y = rect.center().y;
            let amount = line_to(
                ui,
                self.amount,
                face(Step::Body, Weight::Regular, c.text_2),
                pos2(rect.right(), y),
                width / 2.0,
            );
            line(
                ui,
                self.label,
                face(Step::Body, Weight::Regular, c.text),
                pos2(rect.left(), y),
                width - amount - space::ITEM,
            );
            cancelled = self.cancellable && button.show(ui).clicked();
        });
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 6.0), Sense::hover());
        ground(ui.painter(), rect, 3.0, c.line, c.line);
        let share = self.share.unwrap_or(0.3).clamp(0.0, 1.0);
        let bar = Rect::from_min_size(rect.min, vec2(rect.width() * share, rect.height()));
        ground(ui.painter(), bar, 3.0, c.accent, c.accent);
        let spoken = format!("{} {}", self.label, self.amount);
        response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, spoken.trim_end()));
        node(ui, response.id, |node| {
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(1.0);
            if let Some(share) = self.share {
                node.set_numeric_value(f64::from(share));
            }
        });
        cancelled
    }
}
