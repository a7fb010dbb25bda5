//! Messages that pass: at the bottom right, with a history.
//!
//! Invariant: a message about a problem stays until it is dismissed; every message is kept in the history, the
//! oldest given up beyond a hundred.

use std::collections::VecDeque;

use egui::accesskit::{Live, Role};
use egui::{
    Align2, Area, Context, Frame, Id, Margin, Order, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::banner::{icon_of, put};
use super::button::{Button, ButtonKind};
use super::card::EmptyState;
use super::chip::Tone;
use super::piece::{node, snapped, text, width_of};
use super::words::words;
use crate::theme::{Colours, Step, Weight, icons, shadow, size, space, wrapped};

/// A message that passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// The thing, its state, the next step, as sentences.
    pub text: String,
    /// What it amounts to.
    pub tone: Tone,
    /// The verb of the one thing to do about it.
    pub action: Option<String>,
}

/// What a person did to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastAction {
    /// Asked for the action of the message with this number.
    Act(u64),
}

/// How many messages are shown at once.
const SHOWN: usize = 3;
/// How many are kept.
const KEPT: usize = 100;
/// Seconds that a message is shown if nothing keeps it.
const SECONDS: f64 = 6.0;
const WIDTH: f32 = 380.0;

#[derive(Clone, Debug)]
struct Entry {
    number: u64,
    toast: Toast,
    /// When it was first shown, in egui's seconds.
    since: Option<f64>,
    gone: bool,
}

/// The messages of a session.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    entries: VecDeque<Entry>,
    next: u64,
}

impl Toasts {
    /// Adds a message. Answers its number.
    pub fn push(&mut self, toast: Toast) -> u64 {
        let number = self.next;
        self.next += 1;
        self.entries.push_back(Entry { number, toast, since: None, gone: false });
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
        number
    }

    /// The message with a number, if it is still kept.
    pub fn get(&self, number: u64) -> Option<&Toast> {
        self.entries.iter().find(|entry| entry.number == number).map(|entry| &entry.toast)
    }

    /// All messages that are kept, the newest first.
    pub fn history(&self) -> impl Iterator<Item = &Toast> {
        self.entries.iter().rev().map(|entry| &entry.toast)
    }

    /// Shows none of the messages any more; they stay in the history.
    pub fn put_away(&mut self) {
        self.entries.iter_mut().for_each(|entry| entry.gone = true);
    }

    /// Shows the messages that have not passed, `above` points above the lower edge of the window. Answers what the
    /// person did, if anything.
    pub fn show(&mut self, ctx: &Context, above: f32) -> Option<ToastAction> {
        let now = ctx.input(|input| input.time);
        let mut bottom = ctx.content_rect().bottom() - above - space::ITEM;
        let waiting: Vec<usize> =
            (0..self.entries.len()).rev().filter(|&i| !self.entries[i].gone).take(SHOWN).collect();
        let mut done = None;
        for index in waiting {
            let Some(entry) = self.entries.get_mut(index) else { continue };
            let since = *entry.since.get_or_insert(now);
            let stays = matches!(entry.toast.tone, Tone::Bad | Tone::Warn) || entry.toast.action.is_some();
            let left = SECONDS - (now - since);
            if !stays {
                ctx.request_repaint_after_secs(left.max(0.0) as f32);
            }
            let (height, outcome, hovered) = entry.show(ctx, bottom);
            bottom -= height + space::GROUP;
            if hovered {
                entry.since = Some(now);
            }
            match outcome {
                Outcome::Dismissed => entry.gone = true,
                Outcome::Acted => {
                    entry.gone = true;
                    done = Some(ToastAction::Act(entry.number));
                }
                Outcome::None if !stays && left <= 0.0 && !hovered => entry.gone = true,
                Outcome::None => {}
            }
        }
        done
    }

    /// Shows the history, the newest first.
    pub fn show_history(&self, ui: &mut Ui) {
        let c = Colours::of(ui);
        if self.entries.is_empty() {
            let own = words(ui.ctx());
            EmptyState { icon: icons::HISTORY, text: &own.no_history, action: None }.show(ui);
            return;
        }
        for toast in self.history() {
            ui.horizontal_top(|ui| {
                let (_, colour) = toast.tone.colours(&c);
                let (rect, _) = ui.allocate_exact_size(vec2(size::ICON, size::ICON), Sense::hover());
                icon_of(toast.tone).paint(ui.painter(), rect.center(), size::ICON, colour);
                ui.add_space(space::HAIR);
                text(ui, &toast.text, Step::Body, Weight::Regular, c.text);
            });
        }
    }
}

enum Outcome {
    None,
    Dismissed,
    Acted,
}

impl Entry {
    /// Shows the message above `bottom`. Answers its height, what the person did, and whether it is hovered.
    fn show(&self, ctx: &Context, bottom: f32) -> (f32, Outcome, bool) {
        let screen = ctx.content_rect();
        // Where a message would nearly fill the screen, it does.
        let room = screen.width() - 2.0 * space::ITEM;
        let width = if room < 1.5 * WIDTH { room } else { WIDTH };
        let area = Area::new(Id::unique(("toast", self.number)))
            .order(Order::Foreground)
            .pivot(Align2::RIGHT_BOTTOM)
            .fixed_pos(pos2(screen.right() - space::ITEM, bottom))
            .constrain(false);
        let shown = area.show(ctx, |ui| {
            let c = Colours::of(ui);
            Frame::new()
                .fill(c.surface)
                .stroke(Stroke::new(size::LINE, c.line))
                .corner_radius(size::RADIUS_CARD)
                .shadow(shadow(c.theme))
                .inner_margin(Margin {
                    left: space::ITEM as i8,
                    right: space::GROUP as i8,
                    top: space::INSET as i8,
                    bottom: space::INSET as i8,
                })
                .show(ui, |ui| self.content(ui, width - space::ITEM - space::GROUP - 2.0 * size::LINE))
                .inner
        });
        (shown.response.rect.height(), shown.inner, shown.response.contains_pointer())
    }

    fn content(&self, ui: &mut Ui, width: f32) -> Outcome {
        let c = Colours::of(ui);
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = space::HAIR;
        let indent = size::ICON + space::INSET;
        let room = width - indent - size::COMPACT - space::HAIR;
        let galley = wrapped(ui, &self.toast.text, Step::Body, Weight::Regular, c.text, room);
        let height = (galley.size().y + size::COMPACT - Step::Body.line()).max(size::COMPACT);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &self.toast.text));
        let urgent = matches!(self.toast.tone, Tone::Bad | Tone::Warn);
        node(ui, response.id, |node| node.set_live(if urgent { Live::Assertive } else { Live::Polite }));

        let (_, colour) = self.toast.tone.colours(&c);
        let middle = rect.top() + size::COMPACT / 2.0;
        icon_of(self.toast.tone).paint(
            ui.painter(),
            pos2(rect.left() + size::ICON / 2.0, middle),
            size::ICON,
            colour,
        );
        let top = rect.top() + (size::COMPACT - Step::Body.line()) / 2.0;
        ui.painter().galley(snapped(ui, pos2(rect.left() + indent, top)), galley, c.text);
        let dismiss = words(ui.ctx()).dismiss.clone();
        let cross = Rect::from_min_size(
            pos2(rect.right() - size::COMPACT, rect.top()),
            vec2(size::COMPACT, size::COMPACT),
        );
        let button = Button {
            icon: Some(icons::CLOSE),
            icon_only: true,
            compact: true,
            ..Button::new(ButtonKind::Quiet, &dismiss)
        };
        let mut outcome = if put(ui, cross, button) { Outcome::Dismissed } else { Outcome::None };
        if let Some(action) = &self.toast.action {
            let wide = width_of(ui, action, Step::Body, Weight::Medium) + 2.0 * space::INSET;
            let (row, _) = ui.allocate_exact_size(vec2(width, size::COMPACT), Sense::hover());
            // The words of the button line up with the words of the message.
            let left = row.left() + indent - space::INSET;
            let place = Rect::from_min_size(pos2(left, row.top()), vec2(wide, size::COMPACT));
            if put(ui, place, Button { compact: true, ..Button::new(ButtonKind::Quiet, action) }) {
                outcome = Outcome::Acted;
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_keeps_the_newest_hundred() {
        let mut toasts = Toasts::default();
        for number in 0..150 {
            toasts.push(Toast { text: number.to_string(), tone: Tone::Neutral, action: None });
        }
        let history: Vec<&str> = toasts.history().map(|toast| toast.text.as_str()).collect();
        assert_eq!((history.len(), history[0], history[99]), (100, "149", "50"));
        assert_eq!(toasts.get(49), None);
        assert_eq!(toasts.get(50).unwrap().text, "50");
    }
}
