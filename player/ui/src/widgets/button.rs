//! Buttons: one primary action on a screen, secondary ones beside it, quiet ones everywhere else.
//!
//! Invariant: a button always has a name for screen readers, also when it shows only an icon.

use egui::accesskit::Role;
use egui::{Color32, Response, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::piece::{face, ground, hover, line, mix, width_of};
use crate::theme::icons::Icon;
use crate::theme::{Colours, Step, Weight, focus_ring, size, space};

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    Primary,
    /// Another thing to do.
    Secondary,
    /// Something that cannot be taken back.
    Danger,
    /// Something beside the point: no ground until it is hovered.
    Quiet,
}

/// A button.
#[derive(Clone, Copy, Debug)]
pub struct Button<'a> {
    /// What it does, beginning with a verb.
    pub label: &'a str,
    /// How much it asks for attention.
    pub kind: ButtonKind,
    /// An icon before the label.
    pub icon: Option<Icon>,
    /// Whether only the icon is shown; the label is then its name and its tip.
    pub icon_only: bool,
    /// Whether it has the height of a control in a toolbar.
    pub compact: bool,
    /// Whether it is as wide as its surroundings.
    pub wide: bool,
    /// Whether its words, not the ground around them, begin at the edge of its surroundings.
    pub flush: bool,
    /// Whether it can be used now.
    pub enabled: bool,
}

impl<'a> Button<'a> {
    /// A button of a kind.
    pub const fn new(kind: ButtonKind, label: &'a str) -> Self {
        Self {
            label,
            kind,
            icon: None,
            icon_only: false,
            compact: false,
            wide: false,
            flush: false,
            enabled: true,
        }
    }

    /// Shows the button.
    pub fn show(self, ui: &mut Ui) -> Response {
        let height = if self.compact { size::COMPACT } else { size::CONTROL };
        let wanted = vec2(self.width(ui, height), height);
        if self.enabled {
            let (_, response) = ui.allocate_exact_size(wanted, Sense::click());
            return self.finish(ui, response);
        }
        let (rect, _) = ui.allocate_exact_size(wanted, Sense::hover());
        let mut child = ui.new_child(UiBuilder::new().id_salt(self.label).max_rect(rect).disabled());
        let (_, response) = child.allocate_exact_size(wanted, Sense::click());
        self.finish(&child, response)
    }

    fn finish(&self, ui: &Ui, response: Response) -> Response {
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.label));
        if ui.is_rect_visible(response.rect) {
            self.paint(ui, &response);
        }
        if self.icon_only { response.on_hover_text(self.label) } else { response }
    }

    fn width(&self, ui: &Ui, height: f32) -> f32 {
        if self.icon_only {
            return height;
        }
        if self.wide {
            return ui.available_width();
        }
        let icon = if self.icon.is_some() { size::ICON + space::GROUP } else { 0.0 };
        let padding = if self.compact { space::INSET } else { space::ITEM };
        (width_of(ui, self.label, Step::Body, Weight::Medium)
            + icon
            + if self.flush { padding } else { 2.0 * padding })
        .ceil()
    }

    fn paint(&self, ui: &Ui, response: &Response) {
        let c = Colours::of(ui);
        let (fill, edge, text) = self.colours(&c);
        let strength = if response.is_pointer_button_down_on() { 0.16 } else { 0.08 * hover(ui, response) };
        let fill = if fill == Color32::TRANSPARENT { c.veil(strength) } else { mix(fill, text, strength) };
        let mut rect = response.rect;
        if self.flush {
            rect.min.x -= if self.compact { space::INSET } else { space::ITEM };
        }
        ground(ui.painter(), rect, size::RADIUS, fill, edge);

        let middle = rect.center().y;
        if self.icon_only {
            if let Some(icon) = self.icon {
                icon.paint(ui.painter(), rect.center(), size::ICON, text);
            }
        } else {
            let icon = if self.icon.is_some() { size::ICON + space::GROUP } else { 0.0 };
            let room = rect.width() - 2.0 * space::GROUP - icon;
            let label = width_of(ui, self.label, Step::Body, Weight::Medium).min(room);
            let left = rect.center().x - (label + icon) / 2.0;
            if let Some(shown) = self.icon {
                shown.paint(ui.painter(), pos2(left + size::ICON / 2.0, middle), size::ICON, text);
            }
            line(ui, self.label, face(Step::Body, Weight::Medium, text), pos2(left + icon, middle), room);
        }
        focus_ring(ui, response, rect, size::RADIUS);
    }

    /// Ground, boundary and text.
    fn colours(&self, c: &Colours) -> (Color32, Color32, Color32) {
        match self.kind {
            ButtonKind::Primary => (c.accent, c.accent, c.on_accent),
            ButtonKind::Secondary => (c.surface, c.line_strong, c.text),
            ButtonKind::Danger => (c.bad, c.bad, Colours::of_theme(c.theme).on_accent),
            ButtonKind::Quiet if self.icon_only => (Color32::TRANSPARENT, Color32::TRANSPARENT, c.text_2),
            ButtonKind::Quiet => (Color32::TRANSPARENT, Color32::TRANSPARENT, c.accent),
        }
    }
}
