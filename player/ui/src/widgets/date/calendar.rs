//! The calendar that a date input opens: one month, with its weeks as rows.
//!
//! Invariant: exactly one day is a stop for the keyboard; arrows move by a day or a week, Page Up and Page Down by
//! a month.

use egui::accesskit::Role;
use egui::{
    Color32, EventFilter, Id, Key, Modifiers, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::day::{Date, DateLocale};
use crate::theme::{Colours, Step, Weight, focus_ring, icons, size, space};
use crate::widgets::button::{Button, ButtonKind};
use crate::widgets::piece::{face, ground, hover, line, node, width_of};
use crate::widgets::words::words;

/// Edge of a day.
const CELL: f32 = size::CONTROL;
/// Distance from the edge of a day to its ground, where the focus ring has room.
const INSIDE: f32 = space::HAIR;

/// Shows a month. Answers the day that was picked. `id` keeps the day the keyboard stands on.
pub(super) fn calendar(
    ui: &mut Ui,
    id: Id,
    value: Option<Date>,
    today: Date,
    locale: &DateLocale,
) -> Option<Date> {
    let known: Option<Date> = ui.data(|data| data.get_temp(id));
    let mut at = known.unwrap_or(value.unwrap_or(today));
    ui.set_width(7.0 * CELL);
    ui.spacing_mut().item_spacing = vec2(0.0, space::HAIR);
    at = head(ui, at, locale);
    weekdays(ui, locale);
    let moved = keys(ui, id, at);
    let (picked, pointed) = days(ui, id, at, value, today, locale);
    at = moved.or(pointed).unwrap_or(at);
    if known.is_none() || moved.is_some() {
        ui.memory_mut(|memory| memory.request_focus(day_id(id, at)));
    }
    ui.add_space(space::HAIR);
    let words = words(ui.ctx());
    let go = Button { compact: true, ..Button::new(ButtonKind::Quiet, &words.today) }.show(ui).clicked();
    ui.data_mut(|data| data.insert_temp(id, at));
    picked.or_else(|| go.then_some(today))
}

fn day_id(id: Id, date: Date) -> Id {
    id.with(date.number())
}

/// Month and year between two arrows. Answers the day to stand on.
fn head(ui: &mut Ui, at: Date, locale: &DateLocale) -> Date {
    let words = words(ui.ctx());
    let mut to = at;
    ui.horizontal(|ui| {
        let arrow = |label, icon| Button {
            icon: Some(icon),
            icon_only: true,
            ..Button::new(ButtonKind::Quiet, label)
        };
        if arrow(&words.previous_month, icons::PREVIOUS).show(ui).clicked() {
            to = at.plus_months(-1).unwrap_or(at);
        }
        let (rect, response) = ui.allocate_exact_size(vec2(5.0 * CELL, CELL), Sense::hover());
        let month = locale.months.get(at.month() as usize - 1).map_or("", String::as_str);
        let title = format!("{month} {}", at.year());
        let width = width_of(ui, &title, Step::Body, Weight::Semibold);
        let left = rect.center().x - width / 2.0;
        let text = Colours::of(ui).text;
        line(ui, &title, face(Step::Body, Weight::Semibold, text), pos2(left, rect.center().y), rect.width());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &title));
        if arrow(&words.next_month, icons::NEXT).show(ui).clicked() {
            to = at.plus_months(1).unwrap_or(at);
        }
    });
    to
}

fn weekdays(ui: &mut Ui, locale: &DateLocale) {
    let (rect, _) = ui.allocate_exact_size(vec2(7.0 * CELL, Step::Caption.line()), Sense::hover());
    for column in 0..7 {
        let name = locale.weekdays.get((locale.first_weekday + column) % 7).map_or("", String::as_str);
        let centre = rect.left() + (column as f32 + 0.5) * CELL;
        let width = width_of(ui, name, Step::Caption, Weight::Regular);
        let hint = Colours::of(ui).hint;
        line(
            ui,
            name,
            face(Step::Caption, Weight::Regular, hint),
            pos2(centre - width / 2.0, rect.center().y),
            CELL,
        );
    }
}

/// Where the keys move the day, if it has the keyboard.
fn keys(ui: &Ui, id: Id, at: Date) -> Option<Date> {
    let day = day_id(id, at);
    if !ui.memory(|memory| memory.has_focus(day)) {
        return None;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(day, arrows));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let days = [(Key::ArrowLeft, -1), (Key::ArrowRight, 1), (Key::ArrowUp, -7), (Key::ArrowDown, 7)];
    let months = [(Key::PageUp, -1), (Key::PageDown, 1)];
    let by_day = days.iter().find(|(key, _)| pressed(*key)).and_then(|&(_, days)| at.plus_days(days));
    by_day.or_else(|| {
        months.iter().find(|(key, _)| pressed(*key)).and_then(|&(_, months)| at.plus_months(months))
    })
}

/// The days. Answers the one that was picked, and the one that the keyboard went to.
fn days(
    ui: &mut Ui,
    id: Id,
    at: Date,
    value: Option<Date>,
    today: Date,
    locale: &DateLocale,
) -> (Option<Date>, Option<Date>) {
    let (rect, _) = ui.allocate_exact_size(vec2(7.0 * CELL, 6.0 * CELL), Sense::hover());
    let (mut picked, mut pointed) = (None, None);
    let Some(first) = Date::new(at.year(), at.month(), 1) else { return (None, None) };
    let before = (first.weekday() + 7 - locale.first_weekday % 7) % 7;
    for place in 0..42usize {
        let Some(date) = first.plus_days(place as i64 - before as i64) else { continue };
        let corner = pos2(rect.left() + (place % 7) as f32 * CELL, rect.top() + (place / 7) as f32 * CELL);
        let cell = Rect::from_min_size(corner, vec2(CELL, CELL));
        let mark =
            Mark { chosen: value == Some(date), today: date == today, outside: date.month() != at.month() };
        let sense = if date == at { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(cell, day_id(id, date), sense);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, locale.text(date)));
        node(ui, response.id, |node| node.set_selected(mark.chosen));
        mark.paint(ui, cell, date.day(), hover(ui, &response));
        focus_ring(ui, &response, cell.shrink(INSIDE), size::RADIUS);
        if response.clicked() {
            picked = Some(date);
        }
        if response.gained_focus() && date != at {
            pointed = Some(date);
        }
    }
    (picked, pointed)
}

/// How a day differs from the others.
struct Mark {
    chosen: bool,
    today: bool,
    outside: bool,
}

impl Mark {
    fn paint(&self, ui: &Ui, cell: Rect, day: u32, hovered: f32) {
        let c = Colours::of(ui);
        let inner = cell.shrink(INSIDE);
        let (fill, colour) = match (self.chosen, self.outside) {
            (true, _) => (c.accent, c.on_accent),
            (false, true) => (c.veil(0.06 * hovered), c.hint),
            (false, false) => (c.veil(0.06 * hovered), c.text),
        };
        ground(ui.painter(), inner, size::RADIUS, fill, Color32::TRANSPARENT);
        if self.today && !self.chosen {
            let stroke = Stroke::new(size::LINE, c.accent);
            ui.painter().rect_stroke(inner, size::RADIUS, stroke, StrokeKind::Inside);
        }
        let weight = if self.chosen || self.today { Weight::Semibold } else { Weight::Regular };
        let text = day.to_string();
        let width = width_of(ui, &text, Step::Body, weight);
        line(
            ui,
            &text,
            face(Step::Body, weight, colour),
            pos2(cell.center().x - width / 2.0, cell.center().y),
            CELL,
        );
    }
}
