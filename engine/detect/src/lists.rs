//! Lists: tables, and ranges that are tables without saying so.

use crate::facts::{Facts, looks_like_heading};
use app_definitions::model::ContentType;
use std::collections::BTreeSet;
use values::{Cell, Col, Rect, Row, SheetId, Value};
use workbook::Visibility;

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

/// All lists, in the order of the sheets.
pub(crate) fn find(facts: &Facts<'_>) -> Vec<ListRange> {
    let mut lists = tables(facts);
    for (id, sheet) in facts.workbook.sheets() {
        if sheet.visibility == Visibility::Visible {
            let known: Vec<Rect> = lists.iter().filter(|list| list.sheet == id).map(|list| list.rect).collect();
            lists.extend(ranges(facts, id, &known));
        }
    }
    lists.sort_by_key(|list| (list.sheet, list.rect.top, list.rect.left));
    lists
}

fn tables(facts: &Facts<'_>) -> Vec<ListRange> {
    let visible = |table: &&workbook::Table| {
        facts.workbook.sheet(table.sheet).is_some_and(|sheet| sheet.visibility == Visibility::Visible)
    };
    let list = |table: &workbook::Table| {
        let data = table.data()?;
        let columns = table.columns.iter().enumerate().map(|(i, column)| {
            let col = Col(table.area.left.0 + i as u16);
            column_facts(facts, table.sheet, data, col, column.name.as_str())
        });
        Some(ListRange {
            sheet: table.sheet,
            rect: table.area,
            data,
            table: Some(table.name.as_str().to_owned()),
            columns: columns.collect(),
            reason: format!("{} is a table with {} rows.", table.name, data.rows()),
            score: 0.95,
        })
    };
    facts.workbook.tables.iter().filter(visible).filter_map(list).collect()
}

/// Header rows with at least two texts side by side and at least three rows of like content below.
fn ranges(facts: &Facts<'_>, sheet: SheetId, known: &[Rect]) -> Vec<ListRange> {
    let Some(of) = facts.workbook.sheet(sheet) else { return Vec::new() };
    let Some(used) = of.used() else { return Vec::new() };
    let mut found: Vec<ListRange> = Vec::new();
    let taken = |found: &[ListRange], cell: Cell| {
        known.iter().any(|rect| rect.contains(cell)) || found.iter().any(|list| list.rect.contains(cell))
    };
    // Rows that begin with a text are few; each is looked at once.
    let starts: BTreeSet<Cell> = of
        .grid
        .iter()
        .filter(|(_, value)| matches!(value, Value::Text(_)))
        .map(|(cell, _)| cell)
        .filter(|cell| {
            let left = cell.moved(0, -1);
            left.is_none_or(|left| !matches!(of.grid.get(left), Value::Text(_)))
        })
        .take(20_000)
        .collect();
    for start in starts {
        if !taken(&found, start)
            && let Some(list) = range_from(facts, sheet, start, used)
        {
            found.push(list);
        }
    }
    found
}

fn range_from(facts: &Facts<'_>, sheet: SheetId, start: Cell, used: Rect) -> Option<ListRange> {
    let header = |col: u16| match facts.value(sheet, Cell { row: start.row, col: Col(col) }) {
        Value::Text(text) if !text.trim().is_empty() && text.chars().count() <= 60 => Some(text.trim().to_owned()),
        _ => None,
    };
    let headers: Vec<String> = (start.col.0..=used.right.0).map_while(header).collect();
    let distinct: BTreeSet<&String> = headers.iter().collect();
    if headers.len() < 2 || distinct.len() < headers.len() {
        return None;
    }
    let right = start.col.0 + headers.len() as u16 - 1;
    let filled = |row: u32| {
        let cells = start.col.0..=right;
        let count = cells.filter(|col| !matches!(facts.value(sheet, Cell::new(row, *col)), Value::Empty)).count();
        count * 2 >= headers.len()
    };
    let bottom = (start.row.0 + 1..=used.bottom.0).take_while(|row| filled(*row)).last()?;
    let data = Rect { top: Row(start.row.0 + 1), bottom: Row(bottom), left: start.col, right: Col(right) };
    if data.rows() < 3 {
        return None;
    }
    let columns: Vec<ListColumn> = headers
        .iter()
        .enumerate()
        .map(|(i, header)| column_facts(facts, sheet, data, Col(start.col.0 + i as u16), header))
        .collect();
    let like = columns.iter().filter(|column| is_uniform(facts, sheet, data, column.col)).count();
    // Headers are texts over something else: a block of texts alone is a text.
    let over_something = columns.iter().any(|column| column.content != ContentType::Text);
    if like * 10 < columns.len() * 7 || !over_something {
        return None;
    }
    let styled = (start.col.0..=right).all(|col| looks_like_heading(facts.style(sheet, Cell { col: Col(col), ..start })));
    let score = 0.55 + if styled { 0.2 } else { 0.0 } + if data.rows() >= 8 { 0.1 } else { 0.0 };
    Some(ListRange {
        sheet,
        rect: Rect { top: start.row, ..data },
        data,
        table: None,
        columns,
        reason: format!("{} rows of the same shape stand below the headers in row {}.", data.rows(), start.row.0 + 1),
        score,
    })
}

fn column_facts(facts: &Facts<'_>, sheet: SheetId, data: Rect, col: Col, header: &str) -> ListColumn {
    let mut rows = data.top.0..=data.bottom.0;
    let filled = rows.find(|row| !matches!(facts.value(sheet, Cell { row: Row(*row), col }), Value::Empty));
    let first = Cell { row: Row(filled.unwrap_or(data.top.0)), col };
    ListColumn {
        header: header.to_owned(),
        col,
        content: facts.content(sheet, first),
        is_formula: facts.is_formula(sheet, first),
    }
}

/// Whether at least seven of ten filled cells of a column hold the same kind of value. A sample tells.
fn is_uniform(facts: &Facts<'_>, sheet: SheetId, data: Rect, col: Col) -> bool {
    let rank = |value: &Value| match value {
        Value::Number(_) => Some(0),
        Value::Text(_) => Some(1),
        Value::Bool(_) => Some(2),
        Value::Error(_) => Some(3),
        _ => None,
    };
    let mut counts = [0_usize; 4];
    for row in (data.top.0..=data.bottom.0).take(200) {
        if let Some(kind) = rank(facts.value(sheet, Cell { row: Row(row), col })) {
            counts[kind] += 1;
        }
    }
    let all: usize = counts.iter().sum();
    counts.iter().any(|count| *count * 10 >= all * 7)
}
