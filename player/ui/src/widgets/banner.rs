//! Banners: messages across the screen that stay while their cause does.
//!
//! Invariant: a banner says in words what it amounts to, offers at most one action, and is announced to screen
//! readers, at once if it is about a problem.

use egui::accesskit::{Live, Role};
use egui::{Frame, Margin, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::button::{Button, ButtonKind};
use super::chip::Tone;
use super::piece::{announce, mix, node, snapped, width_of};
use super::words::words;
use crate::theme::icons::{self, Icon};
use crate::theme::{Colours, Step, Weight, size, space, wrapped};

/// A message across the screen that stays while its cause does.
#[derive(Clone, Copy, Debug)]
pub struct Banner<'a> {
    /// The thing, its state, the next step, as sentences.
    pub text: &'a str,
    /// What it amounts to.
    pub tone: Tone,
    /// The verb of the one thing to do about it.
    pub action: Option<&'a str>,
    /// Whether it can be dismissed.
    pub dismissible: bool,
}

/// What a person did to a banner or a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerAction {
    /// Asked for its action.
    Act,
    /// Dismissed it.
    Dismiss,
}

impl Banner<'_> {
    /// Shows the banner. Answers what the person did, if anything.
    pub fn show(self, ui: &mut Ui) -> Option<BannerAction> {
        let c = Colours::of(ui);
        let (fill, colour) = self.tone.colours(&c);
        let fill = if self.tone == Tone::Neutral { c.surface } else { fill };
        let shown = Frame::new()
            .fill(fill)
            .stroke(Stroke::new(size::LINE, mix(fill, colour, 0.25)))
            .corner_radius(size::RADIUS_CARD)
            .inner_margin(Margin::symmetric(space::ITEM as i8, space::INSET as i8))
            .show(ui, |ui| self.content(ui, &c));
        let (text, inner) = shown.inner;
        if matches!(self.tone, Tone::Bad | Tone::Warn) {
            node(ui, text, |node| node.set_live(Live::Assertive));
        } else {
            announce(ui, text);
        }
        inner
    }

    fn content(&self, ui: &mut Ui, c: &Colours) -> (egui::Id, Option<BannerAction>) {
        let width = ui.available_width();
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = space::HAIR;
        let (_, colour) = self.tone.colours(c);
        let indent = size::ICON + space::INSET;
        let cross = if self.dismissible { size::COMPACT } else { 0.0 };
        let action_width = self.action.map_or(0.0, |label| {
            width_of(ui, label, Step::Body, Weight::Medium) + 2.0 * space::INSET + space::ITEM
        });
        let beside = width - indent - cross - action_width > 260.0;
        let room = width - indent - cross - if beside { action_width } else { 0.0 };
        let galley = wrapped(ui, self.text, Step::Body, Weight::Regular, c.text, room);
        let height = (galley.size().y + size::COMPACT - Step::Body.line()).max(size::COMPACT);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        let words_before = self.spoken(ui);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words_before));
        let first_line = rect.top() + size::COMPACT / 2.0;
        icon_of(self.tone).paint(
            ui.painter(),
            pos2(rect.left() + size::ICON / 2.0, first_line),
            size::ICON,
            colour,
        );
        let top = rect.top() + (size::COMPACT - Step::Body.line()) / 2.0;
        ui.painter().galley(snapped(ui, pos2(rect.left() + indent, top)), galley, c.text);

        let done = self.dismissible.then(|| self.cross(ui, rect, cross)).flatten();
        let acted = self.button(ui, rect, cross, indent, beside.then_some(action_width));
        (response.id, acted.or(done))
    }

    /// The cross that dismisses the banner.
    fn cross(&self, ui: &mut Ui, rect: Rect, edge: f32) -> Option<BannerAction> {
        let place = Rect::from_min_size(pos2(rect.right() - edge, rect.top()), vec2(edge, edge));
        let dismiss = words(ui.ctx()).dismiss.clone();
        let button = Button {
            icon: Some(icons::CLOSE),
            icon_only: true,
            compact: true,
            ..Button::new(ButtonKind::Quiet, &dismiss)
        };
        put(ui, place, button).then_some(BannerAction::Dismiss)
    }

    /// The button of the action: beside the words, over a width, or else below them.
    fn button(
        &self,
        ui: &mut Ui,
        rect: Rect,
        cross: f32,
        indent: f32,
        beside: Option<f32>,
    ) -> Option<BannerAction> {
        let button = Button { compact: true, ..Button::new(ButtonKind::Secondary, self.action?) };
        let clicked = match beside {
            Some(width) => {
                let wide = width - space::ITEM;
                let gap = if cross > 0.0 { space::GROUP } else { 0.0 };
                let left = rect.right() - cross - gap - wide;
                put(ui, Rect::from_min_size(pos2(left, rect.top()), vec2(wide, size::COMPACT)), button)
            }
            None => {
                let row = ui.horizontal(|ui| {
                    ui.add_space(indent);
                    button.show(ui).clicked()
                });
                row.inner
            }
        };
        clicked.then_some(BannerAction::Act)
    }

    fn spoken(&self, ui: &Ui) -> String {
        let own = words(ui.ctx());
        match self.tone {
            Tone::Bad => format!("{}: {}", own.problem, self.text),
            Tone::Warn => format!("{}: {}", own.warning, self.text),
            _ => self.text.to_owned(),
        }
    }
}

/// Shows a button at a place that has been allocated before.
pub(super) fn put(ui: &mut Ui, place: Rect, button: Button<'_>) -> bool {
    let mut child = ui.new_child(egui::UiBuilder::new().id_salt(button.label).max_rect(place));
    button.show(&mut child).clicked()
}

/// The icon of a tone.
pub(super) const fn icon_of(tone: Tone) -> Icon {
    match tone {
        Tone::Neutral | Tone::Accent => icons::INFO,
        Tone::Good => icons::SUCCESS,
        Tone::Warn => icons::WARNING,
        Tone::Bad => icons::PROBLEM,
    }
}
