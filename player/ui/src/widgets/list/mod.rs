//! A list: search, filters and sort above, rows of one height below, only those on screen laid out.
//!
//! The list holds no rows. It asks for the row at an index when that row is on screen, and answers with what the
//! person did; whoever owns the rows searches, filters and sorts them.
//!
//! Invariant: ten thousand rows cost what the rows on screen cost.

mod cards;
mod row;
mod toolbar;

use egui::accesskit::Role;
use egui::{Frame, Id, Margin, Rect, ScrollArea, Stroke, Ui, UiBuilder, vec2};

use super::card::{EmptyState, skeleton};
use super::chip::Chip;
use super::piece::node;
use super::words::{Words, words};
use crate::theme::icons;
use crate::theme::{Colours, size, space};

/// A column beside the titles.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// Its heading.
    pub heading: &'a str,
    /// Whether it holds figures, which stand at the right.
    pub figures: bool,
    /// Whether the list can be sorted by it.
    pub sortable: bool,
}

/// By what a list is sorted. Column 0 is the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: usize,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// A filter that is on or off.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    /// Its words.
    pub label: &'a str,
    /// Whether it is on.
    pub on: bool,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct Row<'a> {
    /// What it is.
    pub title: std::borrow::Cow<'a, str>,
    /// More about it.
    pub subtitle: std::borrow::Cow<'a, str>,
    /// The values of the columns.
    pub values: Vec<std::borrow::Cow<'a, str>>,
    /// Its state.
    pub status: Option<Chip<'a>>,
}

/// What there is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListState<'a> {
    /// Rows.
    Ready,
    /// They are being fetched.
    Loading,
    /// There are none at all: a sentence that teaches, and an action.
    Empty {
        /// What is missing and how it comes.
        text: &'a str,
        /// The verb of the one thing to do.
        action: Option<&'a str>,
    },
}

/// A list.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// Tells the list apart from all others on the screen.
    pub id: &'a str,
    /// What it lists.
    pub name: &'a str,
    /// The heading of the titles.
    pub title: &'a str,
    /// The columns beside the titles.
    pub columns: &'a [Column<'a>],
    /// How many rows match.
    pub shown: usize,
    /// How many rows there are.
    pub total: usize,
    /// What is searched for; `None` if the list cannot be searched.
    pub search: Option<&'a str>,
    /// The filters.
    pub filters: &'a [Filter<'a>],
    /// By what it is sorted.
    pub sort: Option<Sort>,
    /// What there is to show.
    pub state: ListState<'a>,
    /// Whether a row can be opened.
    pub opens: bool,
    /// Whether rows have states, which stand at the right.
    pub states: bool,
    /// Whether rows are cards side by side.
    pub cards: bool,
    /// What is below the rows: a text for the titles and for each column, empty where there is none; nothing at all
    /// where no column has any.
    pub totals: &'a [&'a str],
    /// Least width of the rows in points; where there is less, they scroll sideways.
    pub least_width: f32,
    /// Greatest height of the rows in points; they scroll beyond it.
    pub max_height: f32,
}

/// What a person did to a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListAction {
    /// Searches for this.
    Search(String),
    /// Switched the filter with this index.
    Filter(usize),
    /// Wants all rows again: no search, no filter.
    ShowAll,
    /// Sorts by this.
    Sort(Sort),
    /// Opened the row with this index.
    Open(usize),
    /// Asked for the action of the empty list.
    Act,
}

/// Below this width rows show titles, the last figure and the state only.
const NARROW: f32 = 560.0;

impl<'a> List<'a> {
    /// A list of so many rows, with a name and columns.
    pub const fn new(id: &'a str, name: &'a str, columns: &'a [Column<'a>], rows: usize) -> Self {
        Self {
            id,
            name,
            title: name,
            columns,
            shown: rows,
            total: rows,
            search: None,
            filters: &[],
            sort: None,
            state: ListState::Ready,
            opens: false,
            states: false,
            cards: false,
            totals: &[],
            least_width: 0.0,
            max_height: 10.0 * size::ROW,
        }
    }

    /// Shows the list; `row` answers the row at an index. Answers what the person did, if anything.
    pub fn show<'r>(self, ui: &mut Ui, row: impl FnMut(usize) -> Row<'r>) -> Option<ListAction> {
        let id = ui.make_persistent_id(("list", self.id));
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = space::INSET;
            let above = toolbar::toolbar(ui, id, &self);
            let below = self.body(ui, id, row);
            above.or(below)
        })
        .inner
    }

    fn body<'r>(&self, ui: &mut Ui, id: Id, row: impl FnMut(usize) -> Row<'r>) -> Option<ListAction> {
        let c = Colours::of(ui);
        let frame = Frame::new()
            .fill(c.surface)
            .stroke(Stroke::new(size::LINE, c.line))
            .corner_radius(size::RADIUS_CARD);
        match self.state {
            ListState::Loading => {
                frame.inner_margin(Margin::same(space::ITEM as i8)).show(ui, |ui| skeleton(ui, 4));
                None
            }
            ListState::Empty { text, action } => {
                let empty = EmptyState { icon: icons::EMPTY, text, action };
                frame.show(ui, |ui| empty.show(ui)).inner.then_some(ListAction::Act)
            }
            ListState::Ready if self.shown == 0 => self.no_match(ui, frame),
            ListState::Ready if self.cards => cards::cards(ui, id, self, row),
            ListState::Ready if self.least_width > ui.available_width() => {
                let across = ScrollArea::horizontal().id_salt(id.with("across")).auto_shrink([false, true]);
                let wide = |ui: &mut Ui| {
                    ui.set_width(self.least_width - 2.0 * size::LINE);
                    self.rows(ui, id, row)
                };
                across.show(ui, |ui| frame.show(ui, wide).inner).inner
            }
            ListState::Ready => frame.show(ui, |ui| self.rows(ui, id, row)).inner,
        }
    }

    fn no_match(&self, ui: &mut Ui, frame: Frame) -> Option<ListAction> {
        let own = words(ui.ctx());
        let text = match self.search {
            Some(search) if !search.trim().is_empty() => Words::fill(&own.no_match_for, &[search.trim()]),
            _ => own.no_match.clone(),
        };
        let empty = EmptyState { icon: icons::SEARCH, text: &text, action: Some(&own.show_all) };
        frame.show(ui, |ui| empty.show(ui)).inner.then_some(ListAction::ShowAll)
    }

    fn rows<'r>(&self, ui: &mut Ui, id: Id, mut row: impl FnMut(usize) -> Row<'r>) -> Option<ListAction> {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let width = ui.available_width();
        let layout = row::Layout::new(self, width);
        let builder = UiBuilder::new().accessibility_role(Role::Table).accessibility_label(self.name);
        ui.scope_builder(builder, |ui| {
            node(ui, ui.unique_id(), |node| {
                node.set_row_count(self.shown);
                node.set_column_count(self.columns.len() + 1);
            });
            let mut action = if layout.narrow { None } else { row::head(ui, id, self, &layout) };
            let top_at = id.with("at");
            let at: usize = ui.data(|data| data.get_temp(top_at).unwrap_or_default());
            let moved = row::keys(ui, id, at, self.shown);
            let mut area = ScrollArea::vertical()
                .id_salt(id)
                .max_height(self.max_height)
                .min_scrolled_height(self.max_height)
                .auto_shrink([false, true]);
            if let Some(target) = moved {
                ui.data_mut(|data| data.insert_temp(top_at, target));
                let above = (target as f32 + 1.0) * layout.height - self.max_height;
                area = area.vertical_scroll_offset(above.max(0.0));
            }
            area.show_rows(ui, layout.height, self.shown, |ui, range| {
                for index in range {
                    let shown = row(index);
                    let last = index + 1 == self.shown;
                    if row::row(ui, id, self, &layout, index, &shown, row::Place { last, stop: index == at })
                    {
                        ui.data_mut(|data| data.insert_temp(top_at, index));
                        action = Some(ListAction::Open(index));
                    }
                }
            });
            if !self.totals.is_empty() && !layout.narrow {
                row::totals(ui, self, &layout);
            }
            if let Some(target) = moved {
                ui.memory_mut(|memory| memory.request_focus(row::row_id(id, target)));
            }
            action
        })
        .inner
    }
}

/// The rectangle of the cell between two distances from the left of `rect`.
fn cell(rect: Rect, from: f32, to: f32) -> Rect {
    Rect::from_min_max(rect.min + vec2(from, 0.0), egui::pos2(rect.left() + to, rect.bottom()))
}
