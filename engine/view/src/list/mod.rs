//! Lists: a window on the rows of a table or range.
//!
//! Invariant: rows outside of the window are not computed unless the order, a filter, a search, a total or the
//! question whether they hold anything at all needs them.

mod order;
mod rows;

pub(crate) use rows::{Presence, Rows};

use crate::build::Builder;
use crate::resolve::Place;
use crate::state::ListState;
use crate::{ColumnRole, Content, Kind, List, ListColumn, ListRow, ListStyle, text};
use app_definitions::model::{Aggregate, Column, ColumnRole as Role, List as Definition, ListView};
use std::collections::HashMap;
use std::sync::Arc;
use values::{Cell, Col, Rect, Row, Value};

/// Rows of a window where neither definition nor person says.
const USUAL_ROWS: u64 = 50;
/// Most rows of a window.
const MOST_ROWS: u64 = 500;

/// A column with where it lies.
pub(super) struct Shown<'a> {
    definition: Option<&'a Column>,
    header: String,
    col: Col,
    content: Content,
    code: String,
}

impl Shown<'_> {
    fn role(&self) -> Option<Role> {
        self.definition.and_then(|column| column.role)
    }

    fn is_hidden(&self) -> bool {
        self.role() == Some(Role::Hidden)
    }
}

impl Builder<'_> {
    /// The area whose values a list needs before it can be built.
    pub fn list_place(&mut self, list: &Definition) -> Option<Place> {
        let place = self.resolver.place(list.reference.as_ref()?).ok()?;
        let rows = Rows::of(self.books, place);
        let state = self.list_state(list);
        let all = !state.search.is_empty()
            || order::wanted(list, &state).is_some()
            || !list.filters.is_empty()
            || list.columns.iter().any(|column| column.aggregate != Aggregate::None);
        if all {
            return Some(rows.place(rows.data));
        }
        let present = self.present(list, &rows);
        let (from, count) = window(list, &state, present.len());
        let shown = present.get(from..from + count).unwrap_or_default();
        let (top, bottom) = (shown.first()?, shown.last()?);
        Some(rows.place(Rect { top: Row(*top), bottom: Row(*bottom), ..rows.data }))
    }

    fn list_state(&self, list: &Definition) -> ListState {
        self.state.lists.get(&list.id.text).cloned().unwrap_or_default()
    }

    /// Rows of a list that hold anything, by the sheet's row.
    fn present(&mut self, list: &Definition, rows: &Rows) -> Arc<Vec<u32>> {
        let presence = self.state.presence.remove(&list.id.text);
        let presence = presence.filter(|presence| presence.fits(self.books, rows));
        let presence = presence.unwrap_or_else(|| Presence::of(self.books, rows));
        let present = presence.rows(self.books, rows);
        self.state.presence.insert(list.id.text.clone(), presence);
        present
    }

    /// A list with its window.
    pub fn list(&mut self, definition: &Definition, place: Place) -> Kind {
        let rows = Rows::of(self.books, place);
        let columns = self.columns(definition, &rows);
        let state = self.list_state(definition);
        let present = self.present(definition, &rows);
        let visible: Vec<&Shown<'_>> = columns.iter().filter(|column| !column.is_hidden()).collect();
        let matching = self.matching(definition, &rows, &columns, &state, &present);
        let sort = order::column(definition, &state, &rows, &visible);
        let matching = match sort {
            Some((col, down)) => self.sorted(&rows, col, down, &matching),
            None => matching,
        };
        let (from, count) = window(definition, &state, matching.len());
        let shown = matching.get(from..from + count).unwrap_or_default();
        let shown_by =
            sort.and_then(|(col, down)| Some((visible.iter().position(|column| column.col == col)?, down)));
        Kind::List(List {
            caption: self.caption(definition.caption.as_ref()),
            style: match definition.view {
                ListView::Table => ListStyle::Table,
                ListView::Cards | ListView::Gallery => ListStyle::Cards,
                _ => ListStyle::List,
            },
            columns: visible.iter().map(|column| self.column(column)).collect(),
            count: matching.len() as u64,
            total: present.len() as u64,
            from: from as u64,
            rows: self.window_rows(definition, &rows, &visible, shown),
            searchable: definition.search,
            search: state.search.clone(),
            sort: shown_by,
            empty_text: self.caption(definition.empty_text.as_ref()),
            totals: visible.iter().map(|column| self.total(&rows, column, &matching)).collect(),
        })
    }

    fn columns<'d>(&self, definition: &'d Definition, rows: &Rows) -> Vec<Shown<'d>> {
        let make = |definition: Option<&'d Column>, header: &str, col: Col| {
            let first = Place::at(rows.book, rows.sheet, Cell { row: rows.data.top, col });
            let code = self.books.code(first);
            let stated = definition.and_then(|column| column.content_type).map(text::content_of_type);
            let content = stated.or_else(|| text::content_of_format(&code)).unwrap_or_else(|| {
                match self.books.value(first) {
                    Value::Number(_) => Content::Decimal,
                    Value::Bool(_) => Content::Boolean,
                    _ => Content::Text,
                }
            });
            let code = if code == "General" && stated.is_some() {
                text::code_of_content(content, None)
            } else {
                code
            };
            Shown { definition, header: header.to_owned(), col, content, code }
        };
        if definition.columns.is_empty() {
            return rows.headers.iter().map(|(header, col)| make(None, header, *col)).collect();
        }
        let found = definition.columns.iter().filter_map(|column| {
            let col = rows.column(&column.column)?;
            let header =
                rows.headers.iter().find(|(_, c)| *c == col).map_or("", |(header, _)| header.as_str());
            Some(make(Some(column), header, col))
        });
        found.collect()
    }

    fn column(&self, column: &Shown<'_>) -> ListColumn {
        let own = column.definition;
        let caption = self.caption(own.and_then(|column| column.caption.as_ref()));
        ListColumn {
            id: own.map_or_else(|| column.header.clone(), |column| column.id.text.clone()),
            caption: if caption.is_empty() { column.header.clone() } else { caption },
            content: column.content,
            role: match column.role() {
                Some(Role::Title) => ColumnRole::Title,
                Some(Role::Subtitle) => ColumnRole::Subtitle,
                Some(Role::Amount) => ColumnRole::Amount,
                Some(Role::Status) => ColumnRole::Status,
                Some(Role::Badge) => ColumnRole::Badge,
                Some(Role::Date) => ColumnRole::Date,
                Some(Role::Link) => ColumnRole::Link,
                Some(Role::Image | Role::Hidden) | None => ColumnRole::Plain,
            },
            sortable: own.is_none_or(|column| column.sortable),
        }
    }

    /// A cell as the list shows it.
    pub(super) fn cell_text(&mut self, rows: &Rows, column: &Shown<'_>, row: u32) -> String {
        let system = self.books.date_system(rows.book);
        match rows.value(self.books, row, column.col) {
            Value::Empty => String::new(),
            value => self.show(&column.code, &value, system).text,
        }
    }

    /// The rows of the window, each with an id of its own: the key's text, and the row besides where another row of
    /// the window has the same key.
    fn window_rows(
        &mut self,
        definition: &Definition,
        rows: &Rows,
        columns: &[&Shown<'_>],
        shown: &[u32],
    ) -> Vec<ListRow> {
        let key_column = definition.key.as_ref().and_then(|key| rows.column(key));
        let key =
            |row: &u32| key_column.map_or_else(String::new, |col| plain(&rows.value(self.books, *row, col)));
        let keys: Vec<String> = shown.iter().map(key).collect();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for key in &keys {
            *seen.entry(key).or_default() += 1;
        }
        let mut made = Vec::with_capacity(shown.len());
        for (row, key) in shown.iter().zip(&keys) {
            let list = &definition.id.text;
            let id = match (key.as_str(), seen.get(key.as_str())) {
                ("", _) => format!("{list}/row{}", row + 1),
                (key, Some(1)) => format!("{list}/{key}"),
                (key, _) => format!("{list}/{key}/row{}", row + 1),
            };
            let cells = columns.iter().map(|column| self.cell_text(rows, column, *row)).collect();
            made.push(ListRow { id, cells });
        }
        made
    }

    fn total(&mut self, rows: &Rows, column: &Shown<'_>, matching: &[u32]) -> String {
        let aggregate = column.definition.map_or(Aggregate::None, |column| column.aggregate);
        if aggregate == Aggregate::None {
            return String::new();
        }
        let values = || matching.iter().map(|row| rows.value(self.books, *row, column.col));
        let numbers = || {
            values().filter_map(|value| if let Value::Number(number) = value { Some(number) } else { None })
        };
        let (sum, count) =
            numbers().fold((0.0, 0_u32), |(sum, count), number| (values::add(sum, number), count + 1));
        let number = match aggregate {
            Aggregate::Sum => Some(sum),
            Aggregate::Average => (count > 0).then(|| sum / f64::from(count)),
            Aggregate::Least => numbers().reduce(f64::min),
            Aggregate::Greatest => numbers().reduce(f64::max),
            Aggregate::Count => {
                return values().filter(|value| !rows::is_blank(value)).count().to_string();
            }
            Aggregate::None => None,
        };
        let system = self.books.date_system(rows.book);
        number.map(|number| self.show(&column.code, &Value::number(number), system).text).unwrap_or_default()
    }
}

/// Where the window begins among so many rows, and how many it shows. A window behind the end shows the last rows.
fn window(list: &Definition, state: &ListState, rows: usize) -> (usize, usize) {
    let page = list.page_size.map_or(USUAL_ROWS, u64::from);
    let count = usize::try_from(state.count.unwrap_or(page).min(MOST_ROWS)).unwrap_or(0);
    let from = usize::try_from(state.from).unwrap_or(usize::MAX);
    let from = if from >= rows { rows.saturating_sub(count) } else { from };
    (from, count.min(rows - from))
}

/// A value as text that does not depend on formats: what keys and filters compare.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.as_str().to_owned(),
        Value::Number(number) => numfmt::general(*number),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}
