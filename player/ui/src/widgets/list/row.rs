//! Head and rows of a list.
//!
//! Invariant: every row has the same height, and head and rows share one layout, so that columns line up.

use egui::accesskit::{Role, SortDirection};
use egui::{
    Color32, EventFilter, Id, Key, Modifiers, Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::{List, ListAction, NARROW, Row, Sort, cell};
use crate::theme::{Colours, Step, Weight, focus_ring, icons, size, space};
use crate::widgets::chip::CHIP_HEIGHT;
use crate::widgets::piece::{face, ground, hover, line, line_to, mix, node, width_of};

/// Where columns begin and end, as distances from the left of the list.
pub(super) struct Layout {
    pub(super) narrow: bool,
    pub(super) height: f32,
    title: [f32; 2],
    columns: Vec<[f32; 2]>,
    status: [f32; 2],
}

/// Width of the states' column.
const STATUS: f32 = 128.0;

impl Layout {
    pub(super) fn new(list: &List<'_>, width: f32) -> Self {
        let narrow = width < NARROW;
        let (left, right) = (space::ITEM, width - space::ITEM);
        let height = if narrow { size::ROW + 2.0 * space::GROUP } else { size::ROW };
        if narrow {
            let amount = (width * 0.42).min(190.0);
            let columns = list.columns.iter().map(|_| [right - amount, right]).collect();
            return Self {
                narrow,
                height,
                title: [left, right - amount - space::GROUP],
                columns,
                status: [0.0, 0.0],
            };
        }
        let count = list.columns.len() as f32;
        let status = if list.states { STATUS.min(width / 4.0) } else { 0.0 };
        let title = ((width - status) * if count > 2.0 { 0.34 } else { 0.44 }).max(180.0);
        let each = (right - status - left - title) / count.max(1.0);
        let columns = (0..list.columns.len())
            .map(|i| {
                let from = left + title + i as f32 * each;
                [from + space::ITEM, from + each]
            })
            .collect();
        Self {
            narrow,
            height,
            title: [left, left + title],
            columns,
            status: [right - status + space::ITEM, right],
        }
    }
}

/// Where a row stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Whether it is the last one, which has no line below.
    pub(super) last: bool,
    /// Whether it is the stop for the keyboard.
    pub(super) stop: bool,
}

pub(super) fn row_id(id: Id, index: usize) -> Id {
    id.with(("row", index))
}

/// The head, which stays while the rows scroll. Answers how the person sorts.
pub(super) fn head(ui: &mut Ui, id: Id, list: &List<'_>, layout: &Layout) -> Option<ListAction> {
    let c = Colours::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::hover());
    let corner =
        egui::CornerRadius { nw: size::RADIUS_CARD as u8, ne: size::RADIUS_CARD as u8, sw: 0, se: 0 };
    ui.painter().rect_filled(rect, corner, c.sunken);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(size::LINE, c.line));
    let titles = std::iter::once((list.title, false, true, layout.title));
    let columns = list.columns.iter().zip(&layout.columns);
    let columns = columns.map(|(column, place)| (column.heading, column.figures, column.sortable, *place));
    let mut action = None;
    for (column, (heading, figures, sortable, [from, to])) in titles.chain(columns).enumerate() {
        let sorted = list.sort.filter(|sort| sort.column == column);
        let sortable = sortable && list.sort.is_some();
        let place = cell(rect, from, to);
        let sense = if sortable { Sense::click() } else { Sense::hover() };
        let response = ui.interact(place, id.with(("head", column)), sense);
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, heading));
        node(ui, response.id, |node| {
            node.set_column_index(column);
            if let Some(sort) = sorted {
                let direction =
                    if sort.descending { SortDirection::Descending } else { SortDirection::Ascending };
                node.set_sort_direction(direction);
            }
        });
        paint_heading(ui, &response, heading, figures, sorted);
        if response.clicked() {
            let descending = sorted.is_some_and(|sort| !sort.descending);
            action = Some(ListAction::Sort(Sort { column, descending }));
        }
    }
    action
}

fn paint_heading(ui: &Ui, response: &Response, heading: &str, figures: bool, sorted: Option<Sort>) {
    let c = Colours::of(ui);
    let rect = response.rect;
    let colour = if sorted.is_some() { c.text } else { mix(c.text_2, c.text, hover(ui, response)) };
    let y = rect.center().y;
    let arrow = if sorted.is_some() { size::ICON_SMALL + space::HAIR } else { 0.0 };
    let room = rect.width() - arrow;
    let width = width_of(ui, heading, Step::Caption, Weight::Semibold).min(room);
    let left = if figures { rect.right() - width } else { rect.left() };
    line(ui, heading, face(Step::Caption, Weight::Semibold, colour), pos2(left, y), room);
    if let Some(sort) = sorted {
        // Before figures, so that the heading stays above them; after words.
        let x = if figures {
            left - arrow + size::ICON_SMALL / 2.0
        } else {
            left + width + arrow - size::ICON_SMALL / 2.0
        };
        let icon = if sort.descending { icons::DESCENDING } else { icons::ASCENDING };
        icon.paint(ui.painter(), pos2(x, y), size::ICON_SMALL, colour);
    }
    focus_ring(ui, response, rect.shrink2(vec2(0.0, space::GROUP)), size::RADIUS);
}

/// Where the keys move from the row at `at`, if it has the keyboard.
pub(super) fn keys(ui: &Ui, id: Id, at: usize, rows: usize) -> Option<usize> {
    let row = row_id(id, at);
    if rows == 0 || !ui.memory(|memory| memory.has_focus(row)) {
        return None;
    }
    let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(row, arrows));
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as isize;
    let step = pressed(Key::ArrowDown) - pressed(Key::ArrowUp)
        + 10 * (pressed(Key::PageDown) - pressed(Key::PageUp));
    let target = match (pressed(Key::Home), pressed(Key::End)) {
        (1.., _) => 0,
        (_, 1..) => rows - 1,
        _ => at.saturating_add_signed(step).min(rows - 1),
    };
    (target != at).then_some(target)
}

/// One row. Answers whether the person opened it.
pub(super) fn row(
    ui: &mut Ui,
    id: Id,
    list: &List<'_>,
    layout: &Layout,
    index: usize,
    shown: &Row<'_>,
    place: Place,
) -> bool {
    let c = Colours::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), layout.height), Sense::hover());
    let sense = match (list.opens, place.stop) {
        (true, true) => Sense::click(),
        (true, false) => Sense::CLICK,
        (false, true) => Sense::FOCUSABLE,
        (false, false) => Sense::hover(),
    };
    let response = ui.interact(rect, row_id(id, index), sense);
    report(ui, &response, list, index, shown, Role::Row);
    if list.opens {
        let veil = c.veil(0.04 * hover(ui, &response));
        ground(ui.painter(), rect.shrink(size::LINE), size::RADIUS, veil, Color32::TRANSPARENT);
    }
    if !place.last {
        let line = Stroke::new(size::LINE, c.line);
        ui.painter().hline(rect.left() + space::ITEM..=rect.right() - space::ITEM, rect.bottom() - 0.5, line);
    }
    if layout.narrow {
        paint_narrow(ui, rect, list, layout, shown);
    } else {
        paint_wide(ui, rect, list, layout, shown);
    }
    focus_ring(ui, &response, rect.shrink(space::HAIR + 1.0), size::RADIUS);
    response.clicked()
}

/// Tells screen readers what a row says.
pub(super) fn report(
    ui: &Ui,
    response: &Response,
    list: &List<'_>,
    index: usize,
    shown: &Row<'_>,
    role: Role,
) {
    response.widget_info(|| {
        let mut parts = vec![shown.title.to_string()];
        if !shown.subtitle.is_empty() {
            parts.push(shown.subtitle.to_string());
        }
        let values = list.columns.iter().zip(&shown.values).filter(|(_, value)| !value.is_empty());
        parts.extend(values.map(|(column, value)| format!("{} {value}", column.heading)));
        parts.extend(shown.status.map(|chip| chip.label.to_owned()));
        WidgetInfo::labeled(role, true, parts.join(", "))
    });
    node(ui, response.id, |node| node.set_row_index(index));
}

/// Paints title and subtitle around the middle of `place`.
pub(super) fn paint_titles(ui: &Ui, place: Rect, shown: &Row<'_>) {
    let c = Colours::of(ui);
    let (x, y, room) = (place.left(), place.center().y, place.width());
    if shown.subtitle.is_empty() {
        line(ui, &shown.title, face(Step::Body, Weight::Medium, c.text), pos2(x, y), room);
        return;
    }
    // Title and subtitle as one block of 20 + 16 points around the middle.
    line(
        ui,
        &shown.title,
        face(Step::Body, Weight::Medium, c.text),
        pos2(x, y - Step::Caption.line() / 2.0),
        room,
    );
    line(
        ui,
        &shown.subtitle,
        face(Step::Caption, Weight::Regular, c.text_2),
        pos2(x, y + Step::Body.line() / 2.0),
        room,
    );
}

/// The sums and their like below the rows, each below its column.
pub(super) fn totals(ui: &mut Ui, list: &List<'_>, layout: &Layout) {
    let c = Colours::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::hover());
    let corner =
        egui::CornerRadius { nw: 0, ne: 0, sw: size::RADIUS_CARD as u8, se: size::RADIUS_CARD as u8 };
    ui.painter().rect_filled(rect, corner, c.sunken);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(size::LINE, c.line));
    let strong = face(Step::Body, Weight::Semibold, c.text);
    let places = std::iter::once((list.title, false, layout.title));
    let columns = list.columns.iter().zip(&layout.columns);
    let places = places.chain(columns.map(|(column, place)| (column.heading, column.figures, *place)));
    let mut spoken = Vec::new();
    for ((heading, figures, [from, to]), total) in places.zip(list.totals) {
        let place = cell(rect, from, to);
        let y = place.center().y;
        if figures {
            line_to(ui, total, strong, pos2(place.right(), y), place.width());
        } else {
            line(ui, total, strong, pos2(place.left(), y), place.width());
        }
        if !total.is_empty() {
            spoken.push(format!("{heading}: {total}"));
        }
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, spoken.join(", ")));
}

fn paint_wide(ui: &Ui, rect: Rect, list: &List<'_>, layout: &Layout, shown: &Row<'_>) {
    let c = Colours::of(ui);
    let [from, to] = layout.title;
    paint_titles(ui, cell(rect, from, to - space::GROUP), shown);
    for ((column, value), [from, to]) in list.columns.iter().zip(&shown.values).zip(&layout.columns) {
        let place = cell(rect, *from, *to);
        let (y, room) = (place.center().y, place.width());
        if column.figures {
            line_to(ui, value, face(Step::Body, Weight::Regular, c.text), pos2(place.right(), y), room);
        } else {
            line(ui, value, face(Step::Body, Weight::Regular, c.text_2), pos2(place.left(), y), room);
        }
    }
    if let Some(chip) = shown.status {
        let place = cell(rect, layout.status[0], layout.status[1]);
        let width = chip.width(ui).min(place.width());
        let left = place.right() - width;
        chip.paint(
            ui,
            Rect::from_center_size(pos2(left + width / 2.0, place.center().y), vec2(width, CHIP_HEIGHT)),
        );
    }
}

/// Titles left; right the last figure, where the total stands, with the state below it.
fn paint_narrow(ui: &Ui, rect: Rect, list: &List<'_>, layout: &Layout, shown: &Row<'_>) {
    let c = Colours::of(ui);
    let [_, right] = layout.columns.first().copied().unwrap_or([0.0, rect.width() - space::ITEM]);
    let right = rect.left() + right;
    let figure = list.columns.iter().rposition(|column| column.figures).and_then(|at| shown.values.get(at));
    let chip = shown.status.map(|chip| (chip, chip.width(ui).min(rect.width() * 0.45)));
    let y = rect.center().y;
    let [from, _] = layout.title;
    let mut used = 0.0f32;
    if let Some(value) = figure {
        let y = if chip.is_some() { y - CHIP_HEIGHT / 2.0 } else { y };
        let width = rect.width() * 0.5;
        used = line_to(ui, value, face(Step::Body, Weight::Medium, c.text), pos2(right, y), width);
    }
    if let Some((chip, width)) = chip {
        let y = if figure.is_some() { y + Step::Body.line() / 2.0 + 2.0 } else { y };
        chip.paint(ui, Rect::from_center_size(pos2(right - width / 2.0, y), vec2(width, CHIP_HEIGHT)));
        used = used.max(width);
    }
    let room = right - rect.left() - used - space::INSET;
    paint_titles(ui, cell(rect, from, room), shown);
}
