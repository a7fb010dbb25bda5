//! Lists: a window on the rows of a table or range.

use crate::item::Builder;
use crate::resolve::Place;
use crate::state::ListState;
use crate::{ColumnRole, Content, Kind, List, ListColumn, ListRow, ListStyle, text};
use app_definitions::model::{
    Aggregate, Column, ColumnRef, ColumnRole as Role, FilterOp, List as Definition, ListView, Order,
};
use std::cmp::Ordering;
use values::{Area, Cell, Col, Rect, Row, SheetId, Value, compare_numbers, compare_text, fold_case};

/// Where the rows of a list lie.
struct Rows {
    book: usize,
    sheet: SheetId,
    /// The data without header and totals.
    data: Rect,
    /// Header texts with their columns.
    headers: Vec<(String, Col)>,
}

/// A column with where it lies.
struct Shown<'a> {
    definition: Option<&'a Column>,
    header: String,
    col: Col,
    content: Content,
    code: String,
}

impl Builder<'_> {
    /// The area whose values a list needs before it can be built.
    pub fn list_place(&self, list: &Definition) -> Option<Place> {
        let place = self.resolver.place(list.reference.as_ref()?).ok()?;
        let rows = self.rows(place);
        let state = self.state.lists.get(&list.id.text).cloned().unwrap_or_default();
        let columns = self.columns(list, &rows);
        let all = !state.search.is_empty()
            || self.order(list, &state).is_some()
            || !list.filters.is_empty()
            || list.columns.iter().any(|column| column.aggregate != Aggregate::None)
            || columns.iter().all(|column| self.is_computed(&rows, column.col));
        let mut rect = rows.data;
        if !all {
            let present = self.present(&rows, &columns);
            let mut window = present.iter().skip(state.from as usize).take(state.count as usize);
            let first = *window.next()?;
            let last = window.next_back().copied().unwrap_or(first);
            rect = Rect { top: Row(first), bottom: Row(last), ..rect };
        }
        Some(Place { book: rows.book, area: Area { sheet: rows.sheet, rect } })
    }

    /// A list with its window.
    pub fn list(&mut self, definition: &Definition, place: Place) -> Kind {
        let rows = self.rows(place);
        let columns = self.columns(definition, &rows);
        let state = self.state.lists.get(&definition.id.text).cloned().unwrap_or_default();
        let visible: Vec<&Shown<'_>> =
            columns.iter().filter(|column| role(column) != Some(Role::Hidden)).collect();
        let present = self.present(&rows, &columns);
        let mut matching = self.matching(definition, &rows, &visible, &state, &present);
        let sort = self.order(definition, &state).and_then(|(by, down)| match by {
            SortBy::Shown(place) => visible.get(place).map(|column| (place, column.col, down)),
            SortBy::Column(column) => {
                let col = rows.column(column)?;
                let place = visible.iter().position(|shown| shown.col == col).unwrap_or(usize::MAX);
                Some((place, col, down))
            }
        });
        if let Some((_, col, down)) = sort {
            self.sort(&rows, col, down, &mut matching);
        }
        let from = state.from.min(matching.len() as u64);
        let window = matching.iter().skip(from as usize).take(state.count.min(500) as usize);
        let shown = window.map(|row| self.row(definition, &rows, &visible, *row)).collect();
        let totals = visible.iter().map(|column| self.total(&rows, column, &matching)).collect();
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
            from,
            rows: shown,
            searchable: definition.search,
            search: state.search.clone(),
            sort: sort.filter(|(place, _, _)| *place != usize::MAX).map(|(place, _, down)| (place, down)),
            empty_text: self.caption(definition.empty_text.as_ref()),
            totals,
        })
    }

    /// Rows of a table; of a plain range, whose first row is its header where it holds only texts.
    fn rows(&self, place: Place) -> Rows {
        let (sheet, rect) = (place.area.sheet, place.area.rect);
        let workbook = self.books.sessions.get(place.book).map(|session| session.model().workbook());
        let table = workbook.and_then(|workbook| {
            workbook.tables.iter().find(|table| {
                table.sheet == sheet && table.data().is_some_and(|data| data == rect || table.area == rect)
            })
        });
        if let Some(table) = table {
            let headers = table.columns.iter().enumerate();
            let headers = headers
                .map(|(i, column)| (column.name.as_str().to_owned(), Col(table.area.left.0 + i as u16)));
            return Rows {
                book: place.book,
                sheet,
                data: table.data().unwrap_or(rect),
                headers: headers.collect(),
            };
        }
        let header = |col: u16| match self.books.at(place.book, sheet, Cell { row: rect.top, col: Col(col) })
        {
            Value::Text(text) if !text.trim().is_empty() => Some((text.trim().to_owned(), Col(col))),
            _ => None,
        };
        let cols = rect.left.0..=rect.right.0;
        let headers: Option<Vec<(String, Col)>> = cols.clone().map(header).collect();
        match headers {
            Some(headers) if rect.rows() > 1 => {
                Rows { book: place.book, sheet, data: Rect { top: Row(rect.top.0 + 1), ..rect }, headers }
            }
            _ => {
                let letters = cols.map(|col| (values::column_letters(Col(col)), Col(col))).collect();
                Rows { book: place.book, sheet, data: rect, headers: letters }
            }
        }
    }

    fn columns<'d>(&self, definition: &'d Definition, rows: &Rows) -> Vec<Shown<'d>> {
        let make = |definition: Option<&'d Column>, header: &str, col: Col| {
            let first =
                Place { book: rows.book, area: Area::cell(rows.sheet, Cell { row: rows.data.top, col }) };
            let code = self.cell_code(first);
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
            role: match role(column) {
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

    /// Rows that show anything: tables often end in empty rows, and schedules in formulas that give "". Where a
    /// list has columns that people fill, these tell, and no formula needs to be calculated to know how long it is.
    fn present(&self, rows: &Rows, columns: &[Shown<'_>]) -> Vec<u32> {
        let typed: Vec<Col> =
            columns.iter().map(|column| column.col).filter(|col| !self.is_computed(rows, *col)).collect();
        let telling =
            if typed.is_empty() { columns.iter().map(|column| column.col).collect() } else { typed };
        let filled = |row: &u32| {
            telling.iter().any(|col| {
                match self.books.at(rows.book, rows.sheet, Cell { row: Row(*row), col: *col }) {
                    Value::Empty => false,
                    Value::Text(text) => !text.is_empty(),
                    _ => true,
                }
            })
        };
        (rows.data.top.0..=rows.data.bottom.0).filter(filled).collect()
    }

    /// Whether a column of a list is filled by formulas.
    fn is_computed(&self, rows: &Rows, col: Col) -> bool {
        let first = Cell { row: rows.data.top, col };
        self.books
            .sessions
            .get(rows.book)
            .is_some_and(|session| session.model().is_formula(rows.sheet, first))
    }

    fn matching(
        &mut self,
        definition: &Definition,
        rows: &Rows,
        columns: &[&Shown<'_>],
        state: &ListState,
        present: &[u32],
    ) -> Vec<u32> {
        let words: Vec<String> = state.search.split_whitespace().map(fold_case).collect();
        let filters: Vec<(Col, FilterOp, Value)> = definition
            .filters
            .iter()
            .filter_map(|filter| {
                let value = filter.value.as_ref().map(|value| self.books.setting(value, self.resolver));
                Some((rows.column(&filter.column)?, filter.op, value.unwrap_or_default()))
            })
            .collect();
        let reading = self.reading(rows.book);
        let mut found = Vec::new();
        for row in present {
            let at = |col: Col| Cell { row: Row(*row), col };
            let fits = filters.iter().all(|(col, op, wanted)| {
                meets(&self.books.at(rows.book, rows.sheet, at(*col)), *op, wanted, &reading)
            });
            if fits && (words.is_empty() || self.contains(rows, columns, *row, &words)) {
                found.push(*row);
            }
        }
        found
    }

    /// Whether every word stands in some searchable column, as it is shown.
    fn contains(&mut self, rows: &Rows, columns: &[&Shown<'_>], row: u32, words: &[String]) -> bool {
        let mut all = String::new();
        for column in columns.iter().filter(|column| column.definition.is_none_or(|column| column.searchable))
        {
            all.push_str(&self.cell_text(rows, column, row));
            all.push('\n');
        }
        let all = fold_case(&all);
        words.iter().all(|word| all.contains(word.as_str()))
    }

    fn cell_text(&mut self, rows: &Rows, column: &Shown<'_>, row: u32) -> String {
        let value = self.books.at(rows.book, rows.sheet, Cell { row: Row(row), col: column.col });
        let system = self.books.date_system(rows.book);
        match value {
            Value::Empty => String::new(),
            value => self.show(&column.code, &value, system).text,
        }
    }

    fn row(&mut self, definition: &Definition, rows: &Rows, columns: &[&Shown<'_>], row: u32) -> ListRow {
        let key = definition.key.as_ref().and_then(|key| rows.column(key)).map(|col| {
            let value = self.books.at(rows.book, rows.sheet, Cell { row: Row(row), col });
            numfmt_key(&value)
        });
        let key = key.filter(|key| !key.is_empty()).unwrap_or_else(|| format!("row{}", row + 1));
        ListRow {
            id: format!("{}/{key}", definition.id.text),
            cells: columns.iter().map(|column| self.cell_text(rows, column, row)).collect(),
        }
    }

    fn sort(&self, rows: &Rows, col: Col, down: bool, matching: &mut [u32]) {
        let value = |row: u32| self.books.at(rows.book, rows.sheet, Cell { row: Row(row), col });
        let mut keyed: Vec<(Value, u32)> = matching.iter().map(|row| (value(*row), *row)).collect();
        keyed.sort_by(|(a, _), (b, _)| {
            let order = order(a, b);
            // Empty cells come last in both directions, as in Excel.
            let empty = |value: &Value| matches!(value, Value::Empty);
            if down && !empty(a) && !empty(b) { order.reverse() } else { order }
        });
        for (slot, (_, row)) in matching.iter_mut().zip(keyed) {
            *slot = row;
        }
    }

    fn order<'d>(&self, definition: &'d Definition, state: &ListState) -> Option<(SortBy<'d>, bool)> {
        if state.sorted_by_hand {
            return state.sort.map(|(place, down)| (SortBy::Shown(place), down));
        }
        let own = definition.sort_by.as_ref().map(|column| (column, definition.order));
        let sort = own.or_else(|| definition.sorts.first().map(|sort| (&sort.column, sort.order)));
        sort.map(|(column, order)| (SortBy::Column(column), order == Order::Descending))
    }

    fn total(&mut self, rows: &Rows, column: &Shown<'_>, matching: &[u32]) -> String {
        let aggregate = column.definition.map_or(Aggregate::None, |column| column.aggregate);
        if aggregate == Aggregate::None {
            return String::new();
        }
        let values = matching
            .iter()
            .map(|row| self.books.at(rows.book, rows.sheet, Cell { row: Row(*row), col: column.col }));
        let numbers: Vec<f64> = values
            .filter_map(|value| match value {
                Value::Number(number) => Some(number),
                _ => None,
            })
            .collect();
        let sum: f64 = numbers.iter().sum();
        let number = match aggregate {
            Aggregate::Sum => Some(sum),
            Aggregate::Average => (!numbers.is_empty()).then(|| sum / numbers.len() as f64),
            Aggregate::Least => numbers.iter().copied().reduce(f64::min),
            Aggregate::Greatest => numbers.iter().copied().reduce(f64::max),
            Aggregate::Count => return matching.len().to_string(),
            Aggregate::None => None,
        };
        let system = self.books.date_system(rows.book);
        number.map(|number| self.show(&column.code, &Value::number(number), system).text).unwrap_or_default()
    }
}

enum SortBy<'a> {
    Shown(usize),
    Column(&'a ColumnRef),
}

impl Rows {
    fn column(&self, column: &ColumnRef) -> Option<Col> {
        match column {
            ColumnRef::Header(header) => {
                self.headers.iter().find(|(text, _)| values::equal_text(text, header)).map(|(_, col)| *col)
            }
            ColumnRef::Offset(offset) => {
                let col = u32::from(self.data.left.0).checked_add(offset.checked_sub(1)?)?;
                u16::try_from(col).ok().map(Col).filter(|col| *col <= self.data.right)
            }
        }
    }
}

fn role(column: &Shown<'_>) -> Option<Role> {
    column.definition.and_then(|column| column.role)
}

fn numfmt_key(value: &Value) -> String {
    match value {
        Value::Text(text) => text.as_str().to_owned(),
        Value::Number(number) => numfmt::general(*number),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

/// Numbers, then texts, then truth values, then errors, then empty cells.
fn order(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Number(_) => 0,
        Value::Text(_) => 1,
        Value::Bool(_) => 2,
        Value::Error(_) => 3,
        _ => 4,
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare_numbers(*a, *b),
        (Value::Text(a), Value::Text(b)) => compare_text(a, b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// Whether a value passes a preset filter. A text that reads as a number is compared as one with numbers.
fn meets(value: &Value, op: FilterOp, wanted: &Value, reading: &numfmt::Reading<'_>) -> bool {
    let wanted = match (value, wanted) {
        (Value::Number(_), Value::Text(text)) => {
            numfmt::parse_number(text, reading).map(Value::Number).unwrap_or_else(|| wanted.clone())
        }
        (Value::Bool(_), Value::Text(text)) => Value::Bool(text.eq_ignore_ascii_case("true")),
        _ => wanted.clone(),
    };
    let texts = || (fold_case(&numfmt_key(value)), fold_case(&numfmt_key(&wanted)));
    let is_empty = matches!(value, Value::Empty) || matches!(value, Value::Text(text) if text.is_empty());
    let compared = order(value, &wanted);
    match op {
        FilterOp::Equal => compared == Ordering::Equal,
        FilterOp::NotEqual => compared != Ordering::Equal,
        FilterOp::Less => !is_empty && compared == Ordering::Less,
        FilterOp::AtMost => !is_empty && compared != Ordering::Greater,
        FilterOp::Greater => !is_empty && compared == Ordering::Greater,
        FilterOp::AtLeast => !is_empty && compared != Ordering::Less,
        FilterOp::Contains => {
            let (a, b) = texts();
            a.contains(&b)
        }
        FilterOp::StartsWith => {
            let (a, b) = texts();
            a.starts_with(&b)
        }
        FilterOp::EndsWith => {
            let (a, b) = texts();
            a.ends_with(&b)
        }
        FilterOp::Empty => is_empty,
        FilterOp::NotEmpty => !is_empty,
    }
}
