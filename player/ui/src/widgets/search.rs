//! A search field: answers every change at once, and can be emptied.
//!
//! Invariant: the text is only read; what was typed comes back.

use egui::accesskit::Role;
use egui::{Id, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

use super::edit::{Edit, EditAction};
use super::piece::{ground, hit_area, hover, mix};
use super::words::words;
use crate::theme::{Colours, icons, painted_focus_ring, size, space};

/// A search field over the whole width, `height` points high. Answers the text when it changed.
pub(crate) fn search_field(ui: &mut Ui, id: Id, name: &str, value: &str, height: f32) -> Option<String> {
    let (rect, area) = hit_area(ui, ui.available_width(), height);
    if area.clicked() {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    let c = Colours::of(ui);
    let edge = mix(c.line_strong, c.text_2, hover(ui, &area));
    ground(ui.painter(), rect, size::RADIUS, c.surface, edge);
    if ui.memory(|memory| memory.has_focus(id)) {
        painted_focus_ring(ui.painter(), &c, rect, size::RADIUS);
    }
    let y = rect.center().y;
    let glass = pos2(rect.left() + space::GROUP + size::ICON / 2.0, y);
    icons::SEARCH.paint(ui.painter(), glass, size::ICON, c.text_2);

    let mut inner = rect.shrink2(vec2(space::GROUP, space::HAIR));
    inner.min.x += size::ICON + space::GROUP;
    let mut cleared = false;
    if !value.is_empty() {
        let cross = Rect::from_center_size(pos2(rect.right() - height / 2.0, y), vec2(height, height));
        inner.max.x = cross.left();
        let response = ui.interact(cross, id.with("clear"), Sense::click());
        let label = words(ui.ctx()).clear_search.clone();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
        let colour = mix(c.text_2, c.text, hover(ui, &response));
        icons::CLOSE.paint(ui.painter(), cross.center(), size::ICON_SMALL, colour);
        crate::theme::focus_ring(ui, &response, cross.shrink(space::HAIR), size::RADIUS);
        cleared = response.clicked();
    }
    let edit = Edit { hint: name, role: Role::SearchInput, ..Edit::new(id, Err(name), value, c.text) };
    let (_, action) = edit.show(ui, inner);
    if cleared {
        return Some(String::new());
    }
    match action? {
        EditAction::Typing(text) | EditAction::Typed(text) => Some(text),
        EditAction::Step(_) => None,
    }
}
