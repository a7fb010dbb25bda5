//! A list as cards side by side: name, what is known of it, the figure that matters, the state.
//!
//! Invariant: all cards of a list have one size, so that only those on screen are laid out.

use egui::accesskit::Role;
use egui::{Id, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use super::row::{keys, paint_titles, report, row_id};
use super::{List, ListAction, Row};
use crate::theme::{Colours, Step, Weight, focus_ring, size, space};
use crate::widgets::chip::CHIP_HEIGHT;
use crate::widgets::piece::{face, ground, line, line_to, node};

/// Least width of a card in points.
const LEAST: f32 = 240.0;
/// Height of a title with its subtitle.
const TITLES: f32 = 36.0;

/// How the cards are laid out.
struct Grid {
    across: usize,
    room: f32,
    height: f32,
    /// The column whose figure stands large at the foot.
    figure: Option<usize>,
}

impl Grid {
    fn of(list: &List<'_>, width: f32) -> Self {
        let gap = space::ITEM;
        let across = (((width + gap) / (LEAST + gap)).floor() as usize).max(1);
        let figure = list.columns.iter().rposition(|column| column.figures);
        let lines = list.columns.len() - usize::from(figure.is_some());
        let lines_height = if lines > 0 { lines as f32 * Step::Body.line() + space::GROUP } else { 0.0 };
        let foot = if figure.is_some() || list.states { Step::Title.line() + space::GROUP } else { 0.0 };
        Self { across, room: width, height: 2.0 * space::ITEM + TITLES + lines_height + foot, figure }
    }
}

impl Grid {
    /// Width of the card at an index, in whole points, so that every row ends at the edge.
    fn width(&self, index: usize) -> f32 {
        let column = index % self.across;
        let start = |column: usize| ((self.room + space::ITEM) * column as f32 / self.across as f32).round();
        start(column + 1) - start(column) - space::ITEM
    }
}

/// Shows the cards.
pub(super) fn cards<'r>(
    ui: &mut Ui,
    id: Id,
    list: &List<'_>,
    mut row: impl FnMut(usize) -> Row<'r>,
) -> Option<ListAction> {
    let grid = Grid::of(list, ui.available_width());
    let builder = UiBuilder::new().accessibility_role(Role::List).accessibility_label(list.name);
    ui.scope_builder(builder, |ui| {
        node(ui, ui.unique_id(), |node| node.set_size_of_set(list.shown));
        ui.spacing_mut().item_spacing = vec2(space::ITEM, space::ITEM);
        let at: usize = ui.data(|data| data.get_temp(id.with("at")).unwrap_or_default());
        let moved = keys(ui, id, at, list.shown);
        // Cards are higher than rows; as many of them as fit, but one and a half at least.
        let room = list.max_height.max(1.5 * grid.height);
        let mut area = ScrollArea::vertical()
            .id_salt(id)
            .max_height(room)
            .min_scrolled_height(room)
            .auto_shrink([false, true]);
        if let Some(target) = moved {
            ui.data_mut(|data| data.insert_temp(id.with("at"), target));
            let below = (target / grid.across + 1) as f32 * (grid.height + space::ITEM);
            area = area.vertical_scroll_offset((below - room).max(0.0));
        }
        area.show_rows(ui, grid.height, list.shown.div_ceil(grid.across), |ui, range| {
            for line in range {
                ui.horizontal(|ui| {
                    for index in line * grid.across..((line + 1) * grid.across).min(list.shown) {
                        card(ui, id, list, &grid, index, &row(index), index == at);
                    }
                });
            }
        });
        if let Some(target) = moved {
            ui.memory_mut(|memory| memory.request_focus(row_id(id, target)));
        }
    });
    None
}

fn card(ui: &mut Ui, id: Id, list: &List<'_>, grid: &Grid, index: usize, shown: &Row<'_>, stop: bool) {
    let c = Colours::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(grid.width(index), grid.height), Sense::hover());
    let sense = if stop { Sense::FOCUSABLE } else { Sense::hover() };
    let response = ui.interact(rect, row_id(id, index), sense);
    report(ui, &response, list, index, shown, Role::ListItem);
    ground(ui.painter(), rect, size::RADIUS_CARD, c.surface, c.line);
    let inner = rect.shrink(space::ITEM);
    paint_titles(ui, Rect::from_min_size(inner.min, vec2(inner.width(), TITLES)), shown);
    let others = list.columns.iter().zip(&shown.values).enumerate();
    let mut y = inner.top() + TITLES + space::GROUP + Step::Body.line() / 2.0;
    for (_, (column, value)) in others.filter(|(at, _)| Some(*at) != grid.figure) {
        let quiet = face(Step::Caption, Weight::Regular, c.text_2);
        let used = line(ui, column.heading, quiet, pos2(inner.left(), y), inner.width() * 0.5);
        let plain = face(Step::Body, Weight::Regular, c.text);
        line_to(ui, value, plain, pos2(inner.right(), y), inner.width() - used - space::GROUP);
        y += Step::Body.line();
    }
    foot(ui, inner, grid, shown);
    focus_ring(ui, &response, rect, size::RADIUS_CARD);
}

/// The figure at the left, the state at the right.
fn foot(ui: &Ui, inner: Rect, grid: &Grid, shown: &Row<'_>) {
    let c = Colours::of(ui);
    let y = inner.bottom() - Step::Title.line() / 2.0;
    let mut room = inner.width();
    if let Some(chip) = shown.status {
        let width = chip.width(ui).min(inner.width() / 2.0);
        let middle = pos2(inner.right() - width / 2.0, y);
        chip.paint(ui, Rect::from_center_size(middle, vec2(width, CHIP_HEIGHT)));
        room -= width + space::GROUP;
    }
    if let Some(figure) = grid.figure.and_then(|at| shown.values.get(at)) {
        line(ui, figure, face(Step::Title, Weight::Semibold, c.text), pos2(inner.left(), y), room);
    }
}
