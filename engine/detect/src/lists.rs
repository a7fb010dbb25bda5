//! Lists: tables, and ranges that are tables without saying so.

use crate::facts::{Facts, looks_like_heading};
use app_definitions::model::ContentType;
use formula::{Formula, Node};
use std::collections::BTreeSet;
use std::fmt::Write;
use values::{Area, Cell, Col, Rect, Row, SheetId, Value};
use workbook::{Table, Visibility};

/// A list in the workbook.
#[derive(Clone, Debug)]
pub(crate) struct ListRange {
    pub sheet: SheetId,
    /// With its header row.
    pub rect: Rect,
    /// Without header and totals.
    pub data: Rect,
    /// The table's name, where it is one.
    pub table: Option<String>,
    pub columns: Vec<ListColumn>,
    pub reason: String,
    pub score: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct ListColumn {
    pub header: String,
    pub col: Col,
    pub content: ContentType,
    pub is_formula: bool,
}

/// Texts that may begin a header row; a sheet of words alone has no more to tell.
const MOST_STARTS: usize = 20_000;
/// Rows that a guess about a column looks at.
const SAMPLE: usize = 200;
/// Fewer rows are no list.
const LEAST_ROWS: u32 = 3;
/// Longer texts are no headers.
const LONGEST_HEADER: usize = 60;

/// All lists, in the order of the sheets.
pub(crate) fn find(facts: &Facts<'_>) -> Vec<ListRange> {
    let mut lists: Vec<ListRange> =
        facts.workbook.tables.iter().filter_map(|table| of_table(facts, table)).collect();
    for (id, _) in facts.visible_sheets() {
        let known: Vec<Rect> = lists.iter().filter(|list| list.sheet == id).map(|list| list.rect).collect();
        lists.extend(ranges(facts, id, &known));
    }
    lists.sort_by_key(|list| (list.sheet, list.rect.top, list.rect.left));
    lists
}

fn of_table(facts: &Facts<'_>, table: &Table) -> Option<ListRange> {
    let sheet = facts.sheet(table.sheet).filter(|sheet| sheet.visibility == Visibility::Visible)?;
    let data = table.data()?;
    let columns = (table.area.left.0..)
        .zip(&table.columns)
        .filter(|(col, _)| sheet.column_visible(Col(*col)))
        .map(|(col, column)| column_facts(facts, table.sheet, data, Col(col), column.name.as_str()))
        .collect();
    let place = facts.workbook.address(Area { sheet: table.sheet, rect: table.area });
    Some(ListRange {
        sheet: table.sheet,
        rect: table.area,
        data,
        table: Some(table.name.as_str().to_owned()),
        columns,
        reason: format!("{place} is the table {} with {}.", table.name, rows_in_words(data)),
        score: 0.95,
    })
}

/// Header rows with at least two texts side by side and at least three rows of like content below.
fn ranges(facts: &Facts<'_>, sheet: SheetId, known: &[Rect]) -> Vec<ListRange> {
    let Some(of) = facts.sheet(sheet) else { return Vec::new() };
    let Some(used) = of.used() else { return Vec::new() };
    // Rows that begin with a text are few; each is looked at once.
    let starts: BTreeSet<Cell> = of
        .grid
        .iter()
        .filter(|(_, value)| matches!(value, Value::Text(_)))
        .map(|(cell, _)| cell)
        .filter(|cell| cell.moved(0, -1).is_none_or(|left| facts.text(sheet, left).is_none()))
        .take(MOST_STARTS)
        .collect();
    let mut found: Vec<ListRange> = Vec::new();
    for start in starts {
        let taken = known.iter().chain(found.iter().map(|list| &list.rect)).any(|rect| rect.contains(start));
        if !taken {
            let limit = known.iter().copied().filter(|rect| rect.top > start.row).collect::<Vec<Rect>>();
            found.extend(range_from(facts, sheet, start, used, &limit));
        }
    }
    found
}

fn range_from(
    facts: &Facts<'_>,
    sheet: SheetId,
    start: Cell,
    used: Rect,
    below: &[Rect],
) -> Option<ListRange> {
    let headers = headers_from(facts, sheet, start, used)?;
    let right = Col(start.col.0 + headers.len() as u16 - 1);
    let filled = |row: u32| {
        let cells = (start.col.0..=right.0).map(|col| Cell::new(row, col));
        let is_free = cells.clone().all(|cell| !below.iter().any(|rect| rect.contains(cell)));
        let count =
            cells.filter(|cell| !facts.is_empty(sheet, *cell) || facts.is_formula(sheet, *cell)).count();
        is_free && count * 2 >= headers.len()
    };
    let bottom = (start.row.0 + 1..=used.bottom.0).take_while(|row| filled(*row)).last()?;
    let data = Rect { top: Row(start.row.0 + 1), bottom: Row(bottom), left: start.col, right };
    if data.rows() < LEAST_ROWS {
        return None;
    }
    let columns: Vec<ListColumn> = (start.col.0..)
        .zip(&headers)
        .map(|(col, header)| column_facts(facts, sheet, data, Col(col), header))
        .collect();
    let like = columns.iter().filter(|column| is_uniform(facts, sheet, data, column.col)).count();
    // Headers are texts over something else: a block of texts alone is a text.
    let over_something = columns.iter().any(|column| column.content != ContentType::Text);
    let mixed = columns.iter().any(|column| is_mixed(facts, sheet, data, column.col));
    if like * 10 < columns.len() * 7 || !over_something || mixed {
        return None;
    }
    let header = Rect { top: start.row, bottom: start.row, ..data };
    let styled = header.cells().all(|cell| looks_like_heading(facts.style(sheet, cell)));
    let score = 0.55 + if styled { 0.2 } else { 0.0 } + if data.rows() >= 8 { 0.1 } else { 0.0 };
    let rect = Rect { top: start.row, ..data };
    let place = facts.workbook.address(Area { sheet, rect });
    Some(ListRange {
        sheet,
        rect,
        data,
        table: None,
        columns,
        reason: format!(
            "{place}: {} of the same shape stand below the headers in row {}.",
            rows_in_words(data),
            start.row.0 + 1
        ),
        score,
    })
}

/// At least two different texts side by side that nobody computes or enters.
fn headers_from(facts: &Facts<'_>, sheet: SheetId, start: Cell, used: Rect) -> Option<Vec<String>> {
    let header = |col: u16| {
        let cell = Cell { row: start.row, col: Col(col) };
        let plain = !facts.is_formula(sheet, cell) && !facts.is_marked(sheet, cell);
        let text = facts.text(sheet, cell).filter(|text| plain && text.chars().count() <= LONGEST_HEADER)?;
        Some(text.to_owned())
    };
    let headers: Vec<String> = (start.col.0..=used.right.0).map_while(header).collect();
    let distinct: BTreeSet<&String> = headers.iter().collect();
    (headers.len() >= 2 && distinct.len() == headers.len()).then_some(headers)
}

fn rows_in_words(data: Rect) -> String {
    if data.rows() == 1 { "1 row".to_owned() } else { format!("{} rows", data.rows()) }
}

fn column_facts(facts: &Facts<'_>, sheet: SheetId, data: Rect, col: Col, header: &str) -> ListColumn {
    let mut rows = data.top.0..=data.bottom.0;
    let shows = |row: &u32| match facts.value(sheet, Cell { row: Row(*row), col }) {
        Value::Empty => false,
        Value::Text(text) => !text.is_empty(),
        _ => true,
    };
    let first = Cell { row: Row(rows.find(shows).unwrap_or(data.top.0)), col };
    ListColumn {
        header: header.to_owned(),
        col,
        content: facts.content(sheet, first),
        is_formula: facts.is_formula(sheet, first),
    }
}

fn sample(data: Rect, col: Col) -> impl Iterator<Item = Cell> {
    (data.top.0..=data.bottom.0).take(SAMPLE).map(move |row| Cell { row: Row(row), col })
}

/// Whether at least seven of ten filled cells of a column hold the same kind of value. A sample tells.
fn is_uniform(facts: &Facts<'_>, sheet: SheetId, data: Rect, col: Col) -> bool {
    let mut counts = [0_usize; 4];
    for cell in sample(data, col) {
        let kind = match facts.value(sheet, cell) {
            Value::Number(_) => 0,
            Value::Text(text) if !text.is_empty() => 1,
            Value::Bool(_) => 2,
            Value::Error(_) => 3,
            _ => continue,
        };
        counts[kind] += 1;
    }
    let all: usize = counts.iter().sum();
    counts.iter().any(|count| *count * 10 >= all * 7)
}

/// Whether a column's formulas differ from row to row, as they do beside labels and not in a list.
fn is_mixed(facts: &Facts<'_>, sheet: SheetId, data: Rect, col: Col) -> bool {
    let Some(of) = facts.sheet(sheet) else { return false };
    let templates: Vec<_> = sample(data, col).filter_map(|cell| of.formula(cell)).collect();
    let known: BTreeSet<_> = templates.iter().collect();
    let shapes: BTreeSet<String> = known.iter().map(|id| shape(facts.workbook.templates.get(**id))).collect();
    // The first row of a running total may differ from the others.
    shapes.len() > 2 && shapes.len() * 2 > templates.len()
}

/// A formula without its constants: rows that count different codes are alike.
fn shape(formula: &Formula) -> String {
    let mut shape = String::new();
    for node in formula.nodes() {
        let _ = match node {
            Node::Number(_) | Node::Text(_) | Node::Bool(_) | Node::Error(_) => write!(shape, "constant;"),
            other => write!(shape, "{other:?};"),
        };
    }
    shape
}
