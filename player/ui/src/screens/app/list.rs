//! Lists of the view: a window of rows at a time, asked for as the person scrolls.
//!
//! Invariant: only rows on screen are laid out; a row outside of the window is shown as a placeholder for the frames
//! until its window has come.

use std::cell::RefCell;

use egui::Ui;
use engine::view::{ColumnRole, Command, Content, List, ListRow, ListStyle};

use super::{Screen, tone};
use crate::UiExt as _;
use crate::screens::desk::Action;
use crate::theme::{Colours, Step, Weight, one_line, size, space};
use crate::widgets::{Chip, Column, List as Widget, ListAction, ListState, Row, Sort, Tone};

/// Least width of a column beside the titles, in points.
const COLUMN: f32 = 104.0;
/// Least width of the titles.
const TITLE: f32 = 200.0;
/// Width from which rows show all of their columns.
const TABLE_FROM: f32 = 560.0;
/// Rows beyond those on screen that a window has at each end.
const SLACK: u64 = 60;
/// The most rows of one window.
const WINDOW: u64 = 500;

/// Which column is what in a row.
struct Plan {
    title: usize,
    subtitle: Option<usize>,
    status: Option<usize>,
    /// Whether the status is a state that is well or not, and not a mere badge.
    judged: bool,
    /// The others, in order.
    rest: Vec<usize>,
}

impl Plan {
    fn of(list: &List) -> Self {
        let with = |roles: &[ColumnRole]| list.columns.iter().position(|column| roles.contains(&column.role));
        let state = with(&[ColumnRole::Status]);
        let status = state.or_else(|| with(&[ColumnRole::Badge]));
        let subtitle = with(&[ColumnRole::Subtitle]);
        let free = |at: &usize| Some(*at) != status && Some(*at) != subtitle;
        let first = (0..list.columns.len()).find(free).unwrap_or(0);
        let title = with(&[ColumnRole::Title]).unwrap_or(first);
        let rest = (0..list.columns.len()).filter(|at| free(at) && *at != title).collect();
        Self { title, subtitle, status, judged: state.is_some(), rest }
    }

    /// The view's column of a column of the widget.
    fn of_widget(&self, column: usize) -> Option<usize> {
        match column.checked_sub(1) {
            None => Some(self.title),
            Some(at) => self.rest.get(at).copied(),
        }
    }

    /// Least width of the rows where all columns are shown; nothing where they are not. More columns than there is
    /// room for scroll sideways; a plain list shows less on a narrow screen instead.
    fn width_of_rows(&self, list: &List, room: f32) -> Option<f32> {
        let needed = TITLE + self.rest.len() as f32 * COLUMN;
        match list.style {
            ListStyle::Cards => None,
            _ if room >= TABLE_FROM => Some(needed),
            ListStyle::Table if needed > room => Some(needed.max(TABLE_FROM)),
            ListStyle::Table | ListStyle::List => None,
        }
    }

    /// The widget's column of a column of the view.
    fn of_view(&self, column: usize) -> Option<usize> {
        if column == self.title {
            return Some(0);
        }
        self.rest.iter().position(|at| *at == column).map(|at| at + 1)
    }
}

/// Height of everything of a list but its rows: caption, toolbar, head, what is below.
pub(super) fn around(list: &List, width: f32) -> f32 {
    let when = |there: bool, height: f32| if there { height } else { 0.0 };
    let narrow = width < TABLE_FROM;
    let tabular = Plan::of(list).width_of_rows(list, width).is_some();
    let toolbar = if narrow { 2.0 * size::CONTROL + space::GROUP } else { size::CONTROL };
    let totals = list.totals.iter().any(|total| !total.is_empty());
    when(!list.caption.is_empty(), Step::Title.line() + space::GROUP)
        + toolbar
        + space::GROUP
        + when(tabular, size::CONTROL)
        + when(totals, if tabular { size::CONTROL } else { space::GROUP + size::COMPACT })
        + 2.0 * size::LINE
}

/// Shows a list. Its rows scroll inside of `height` points.
pub(super) fn list(
    ui: &mut Ui,
    screen: &Screen<'_>,
    id: &str,
    list: &List,
    height: f32,
    out: &mut Vec<Action>,
) {
    if !list.caption.is_empty() {
        ui.section_title(&list.caption);
    }
    let plan = Plan::of(list);
    let tabular = plan.width_of_rows(list, ui.available_width()).is_some();
    rows(ui, screen, id, list, &plan, height, out);
    if !tabular {
        totals(ui, list, &plan);
    }
}

fn rows(
    ui: &mut Ui,
    screen: &Screen<'_>,
    id: &str,
    list: &List,
    plan: &Plan,
    height: f32,
    out: &mut Vec<Action>,
) {
    let texts = screen.language.texts;
    let caption = |at: usize| list.columns.get(at).map_or("", |column| column.caption.as_str());
    let columns: Vec<Column<'_>> = plan
        .rest
        .iter()
        .filter_map(|at| list.columns.get(*at))
        .map(|column| Column {
            heading: &column.caption,
            figures: is_figure(column.content) || column.role == ColumnRole::Amount,
            sortable: column.sortable,
        })
        .collect();
    let sortable = list.columns.iter().any(|column| column.sortable);
    let sort = match list.sort {
        Some((column, descending)) => plan.of_view(column).map(|column| Sort { column, descending }),
        // Sorted by none of them, but it can be.
        None => None,
    };
    let sort = sort.or(sortable.then_some(Sort { column: usize::MAX, descending: false }));
    let empty = if list.empty_text.is_empty() { texts.list_empty } else { &list.empty_text };
    let state =
        if list.total == 0 { ListState::Empty { text: empty, action: None } } else { ListState::Ready };
    let name = if list.caption.is_empty() { texts.list } else { &list.caption };
    let texts_below = totals_of(list, plan);
    let widget = Widget {
        title: match caption(plan.title) {
            "" => texts.entry,
            title => title,
        },
        total: as_count(list.total),
        search: list.searchable.then_some(list.search.as_str()),
        sort,
        state,
        states: plan.status.is_some(),
        cards: list.style == ListStyle::Cards,
        totals: &texts_below,
        least_width: plan.width_of_rows(list, ui.available_width()).unwrap_or_default(),
        max_height: height,
        ..Widget::new(id, name, &columns, as_count(list.count))
    };
    let asked = RefCell::new(Asked::default());
    let action = ui.list(widget, |index| match row_at(list, index) {
        Some(row) => shown(row, plan),
        None => {
            asked.borrow_mut().add(index as u64);
            Row { title: "…".into(), ..Row::default() }
        }
    });
    if let Some(window) = asked.into_inner().window(id, list) {
        ask(ui, list, window, out);
    }
    out.extend(action.and_then(|action| command(id, plan, action)).map(Action::Do));
}

fn command(id: &str, plan: &Plan, action: ListAction) -> Option<Command> {
    let id = id.to_owned();
    match action {
        ListAction::Search(text) => Some(Command::Search { id, text }),
        ListAction::ShowAll => Some(Command::Search { id, text: String::new() }),
        ListAction::Sort(sort) => {
            let by = plan.of_widget(sort.column).map(|column| (column, sort.descending));
            Some(Command::Sort { id, by })
        }
        ListAction::Filter(_) | ListAction::Open(_) | ListAction::Act => None,
    }
}

fn row_at(list: &List, index: usize) -> Option<&ListRow> {
    let at = (index as u64).checked_sub(list.from)?;
    list.rows.get(usize::try_from(at).ok()?)
}

fn shown<'r>(row: &'r ListRow, plan: &Plan) -> Row<'r> {
    let text = |at: usize| row.cells.get(at).map_or("", String::as_str);
    Row {
        title: text(plan.title).into(),
        subtitle: plan.subtitle.map_or("", text).into(),
        values: plan.rest.iter().map(|at| text(*at).into()).collect(),
        status: plan
            .status
            .map(|at| (text(at), plan.judged))
            .filter(|(text, _)| !text.is_empty())
            .map(|(text, judged)| Chip::new(text, if judged { tone::of(text) } else { Tone::Neutral })),
    }
}

/// What is below each column of the widget; nothing where there is nothing below any of them.
fn totals_of<'l>(list: &'l List, plan: &Plan) -> Vec<&'l str> {
    let columns = std::iter::once(plan.title).chain(plan.rest.iter().copied());
    let totals: Vec<&str> = columns.map(|at| list.totals.get(at).map_or("", String::as_str)).collect();
    if list.count == 0 || totals.iter().all(|total| total.is_empty()) { Vec::new() } else { totals }
}

/// The rows that were on screen but outside of the window.
#[derive(Default)]
struct Asked {
    range: Option<(u64, u64)>,
}

impl Asked {
    fn add(&mut self, index: u64) {
        let (least, greatest) = self.range.unwrap_or((index, index));
        self.range = Some((least.min(index), greatest.max(index)));
    }

    /// The window that has what was asked for, with what is near it.
    fn window(&self, id: &str, list: &List) -> Option<Command> {
        let (least, greatest) = self.range?;
        // What is on screen lies partly in the window there is: both ends of the screen go into the new one.
        let near =
            |at: u64| at >= list.from.saturating_sub(SLACK) && at <= list.from + list.rows.len() as u64;
        let first = if near(least) && least > list.from { least.saturating_sub(SLACK) } else { least };
        let from = first.saturating_sub(SLACK);
        let count = (greatest + SLACK + 1).saturating_sub(from).clamp(1, WINDOW);
        Some(Command::Window { id: id.to_owned(), from, count })
    }
}

/// Asks for a window once, not in every frame until it comes.
fn ask(ui: &Ui, list: &List, window: Command, out: &mut Vec<Action>) {
    let Command::Window { id, from, count } = &window else { return };
    let key = ui.make_persistent_id(("window", id));
    let asked = (*from, *count, list.from, list.count);
    let before: Option<(u64, u64, u64, u64)> = ui.data(|data| data.get_temp(key));
    if before != Some(asked) {
        ui.data_mut(|data| data.insert_temp(key, asked));
        out.push(Action::Do(window));
    }
}

fn as_count(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}

fn is_figure(content: Content) -> bool {
    matches!(
        content,
        Content::Integer | Content::Decimal | Content::Percent | Content::Currency | Content::Duration
    )
}

/// Sums and their like below cards and narrow rows, which have no columns to stand under.
fn totals(ui: &mut Ui, list: &List, plan: &Plan) {
    let columns = std::iter::once(plan.title).chain(plan.rest.iter().copied());
    let parts: Vec<(&str, &str)> = columns
        .filter_map(|at| {
            let total = list.totals.get(at).filter(|total| !total.is_empty())?;
            Some((list.columns.get(at)?.caption.as_str(), total.as_str()))
        })
        .collect();
    if parts.is_empty() || list.count == 0 {
        return;
    }
    let c = Colours::of(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(space::SECTION, space::HAIR);
        ui.add_space(space::ITEM);
        for (caption, total) in parts {
            let label = one_line(ui, caption, Step::Caption, Weight::Regular, c.text_2, 240.0);
            let value = one_line(ui, total, Step::Body, Weight::Semibold, c.text, 240.0);
            let wide = label.size().x + space::GROUP + value.size().x;
            let (rect, response) =
                ui.allocate_exact_size(egui::vec2(wide, size::COMPACT), egui::Sense::hover());
            let y = rect.center().y;
            let left = rect.left() + label.size().x + space::GROUP;
            ui.painter().galley(egui::pos2(rect.left(), y - label.size().y / 2.0).round(), label, c.text_2);
            ui.painter().galley(egui::pos2(left, y - value.size().y / 2.0).round(), value, c.text);
            let spoken = format!("{caption}: {total}");
            response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, &spoken));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::view::ListColumn;

    fn list(roles: &[ColumnRole]) -> List {
        let columns = roles.iter().map(|role| ListColumn { role: *role, ..ListColumn::default() }).collect();
        List { columns, count: 10_000, total: 10_000, rows: vec![ListRow::default(); 50], ..List::default() }
    }

    #[test]
    fn columns_find_their_places_and_back() {
        use ColumnRole::{Amount, Plain, Status, Subtitle, Title};
        let plan = Plan::of(&list(&[Plain, Status, Title, Amount, Subtitle]));
        assert_eq!((plan.title, plan.subtitle, plan.status), (2, Some(4), Some(1)));
        assert_eq!(plan.rest, [0, 3]);
        for at in [2, 0, 3] {
            assert_eq!(plan.of_view(at).and_then(|column| plan.of_widget(column)), Some(at));
        }
        let plain = Plan::of(&list(&[Plain, Plain]));
        assert_eq!((plain.title, plain.rest.as_slice()), (0, [1].as_slice()));
        assert_eq!(Plan::of(&list(&[])).rest.len(), 0);
    }

    #[test]
    fn a_window_holds_what_was_asked_for() {
        for (least, greatest) in [(50u64, 62), (9_000, 9_012), (0, 3), (9_990, 9_999)] {
            let mut asked = Asked::default();
            asked.add(greatest);
            asked.add(least);
            let Some(Command::Window { from, count, .. }) = asked.window("l", &list(&[])) else {
                panic!("no window for {least}..{greatest}")
            };
            assert!(from <= least && greatest < from + count, "{from}+{count} for {least}..={greatest}");
            assert!(count <= WINDOW);
        }
        assert!(Asked::default().window("l", &list(&[])).is_none());
    }
}
