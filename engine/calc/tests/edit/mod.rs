//! Edited workbooks for tests: as text to compare, against a session built anew, and edits as data.

use crate::grid;
use formula::{Sheets, Style, print};
use functions::Environment;
use playsheet_calc::{Editor, Model, Session, Wanted};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, SheetId, Text, Value};
use workbook::{Content, Edit, PasteKind, Sheet, Workbook};

/// Everything in a workbook as text, down to the ids of templates.
pub fn described(book: &Workbook) -> String {
    let mut out = String::new();
    for (id, formula) in book.templates.iter() {
        writeln!(out, "template {id:?} {formula:?}").unwrap();
    }
    for (_, sheet) in book.sheets() {
        describe_sheet(&mut out, book, sheet);
    }
    for name in &book.names {
        writeln!(out, "name {name:?}").unwrap();
    }
    for table in &book.tables {
        writeln!(out, "table {table:?}").unwrap();
    }
    out
}

fn describe_sheet(out: &mut String, book: &Workbook, sheet: &Sheet) {
    writeln!(out, "sheet {} {:?}", sheet.name, sheet.grid.used()).unwrap();
    for (cell, value) in sheet.grid.iter() {
        writeln!(out, " {cell} {value:?}").unwrap();
    }
    for (col, runs) in sheet.formulas.iter().enumerate() {
        for (top, bottom, template) in runs.iter() {
            let host = Cell { row: top, col: Col(col as u16) };
            let text = print(book.templates.get(template), host, book, Style::File);
            writeln!(out, " {host}..{} {template:?} ={text}", bottom.0 + 1).unwrap();
        }
    }
    for (col, runs) in sheet.styles.iter().enumerate().filter(|(_, runs)| !runs.is_empty()) {
        writeln!(out, " styles {col} {runs:?}").unwrap();
    }
    writeln!(out, " {:?}", sheet.arrays).unwrap();
    writeln!(out, " {:?} {:?} {:?}", sheet.data_tables, sheet.merged, sheet.validations).unwrap();
    writeln!(out, " {:?} {:?} {:?}", sheet.column_styles, sheet.column_widths, sheet.hidden_columns).unwrap();
    writeln!(out, " {:?} {:?} {:?} {:?}", sheet.rows, sheet.notes, sheet.hyperlinks, sheet.filter).unwrap();
}

/// What differs between a session that followed all edits and one built from the edited workbook. Both must have
/// calculated everything; where cells depend on themselves there is no telling.
pub fn differences(session: &Session) -> Vec<String> {
    let model = Model::new(Arc::clone(session.model().workbook()));
    let mut fresh = Session::new(Arc::new(model));
    for (sheet, cell, value) in session.inputs() {
        fresh.set(sheet, cell, value.clone());
    }
    fresh.invalidate();
    let report = fresh.recalculate(&Environment::default(), Wanted::All);
    if !report.circular.is_empty() {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let book = session.model().workbook();
    for (sheet, _) in book.sheets() {
        let cells = |session: &Session| -> BTreeSet<Cell> {
            session.grid(sheet).into_iter().flat_map(|grid| grid.iter().map(|(cell, _)| cell)).collect()
        };
        for cell in cells(session).union(&cells(&fresh)) {
            let (found, expected) = (session.value(sheet, *cell), fresh.value(sheet, *cell));
            if !found.same(expected) {
                let text = session.model().formula_text(sheet, *cell).unwrap_or_default();
                let at = book.address(Area::cell(sheet, *cell));
                wrong.push(format!("{at} {text}: {found:?} is not {expected:?}"));
            }
        }
    }
    wrong
}

/// Brings everything up; gives how many formulas that took.
pub fn calculate(editor: &mut Editor) -> u64 {
    editor.session_mut().recalculate(&Environment::default(), Wanted::All).evaluations
}

/// An edit as a case says it. Places are `A1`, `Sheet2!A1:B2`, rows `3:4`, columns `B:C`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Contents by cell: `=…` a formula, `~=…` one that spills, `null` nothing.
    Set(BTreeMap<String, serde_json::Value>),
    /// As a person types formulas: the editor decides whether they spill.
    Type(BTreeMap<String, String>),
    Clear(String),
    Copy(String, String),
    PasteValues(String, String),
    PasteFormulas(String, String),
    Move(String, String),
    FillDown(String),
    FillRight(String),
    InsertRows(String),
    DeleteRows(String),
    InsertColumns(String),
    DeleteColumns(String),
    InsertSheet(u16, String),
    DeleteSheet(String),
    RenameSheet(String, String),
    MoveSheet(String, u16),
    AppendRows(String, Vec<Vec<serde_json::Value>>),
}

pub fn area(book: &Workbook, text: &str) -> Area {
    let (sheet, rect) = match text.rsplit_once('!') {
        Some((sheet, rect)) => (sheet_of(book, sheet), rect),
        None => (SheetId(0), text),
    };
    Area { sheet, rect: rect.parse().unwrap_or_else(|_| panic!("{text} is no place")) }
}

fn sheet_of(book: &Workbook, name: &str) -> SheetId {
    book.sheet_by_name(name).unwrap_or_else(|| panic!("no sheet is called {name}"))
}

fn content(json: &serde_json::Value) -> Content {
    let text = json.as_str().unwrap_or_default();
    if let Some(text) = text.strip_prefix('~') {
        Content::Spilling(Text::from(text))
    } else if text.starts_with('=') {
        Content::Formula(Text::from(text))
    } else {
        match grid::value(json) {
            Value::Empty => Content::Empty,
            value => Content::Value(value),
        }
    }
}

impl Change {
    /// The edits of the engine that it means.
    pub fn edits(&self, editor: &Editor) -> Vec<Edit> {
        let book = editor.workbook();
        let place = |text: &str| area(book, text);
        let paste = |from: &str, to: &str, what| {
            let block = Arc::new(editor.copy(place(from)).unwrap());
            vec![Edit::Paste { block, to: place(to), what }]
        };
        let rows = |text: &str| (place(text).sheet, place(text).rect.top, place(text).rect.rows());
        let columns = |text: &str| (place(text).sheet, place(text).rect.left, place(text).rect.cols());
        match self {
            Change::Set(cells) => {
                let cells = cells.iter().map(|(at, json)| (place(at), content(json)));
                set(cells.collect())
            }
            Change::Type(cells) => {
                let cells = cells.iter().map(|(at, text)| {
                    let Area { sheet, rect } = place(at);
                    (place(at), editor.typed_formula(sheet, rect.first(), text).unwrap())
                });
                set(cells.collect())
            }
            Change::Clear(at) => vec![Edit::Clear { area: place(at) }],
            Change::Copy(from, to) => paste(from, to, PasteKind::All),
            Change::PasteValues(from, to) => paste(from, to, PasteKind::Values),
            Change::PasteFormulas(from, to) => paste(from, to, PasteKind::Formulas),
            Change::Move(from, to) => {
                let (from, to) = (place(from), place(to));
                vec![Edit::Move { from, sheet: to.sheet, to: to.rect.first() }]
            }
            Change::FillDown(at) => vec![Edit::FillDown { area: place(at) }],
            Change::FillRight(at) => vec![Edit::FillRight { area: place(at) }],
            Change::InsertRows(at) => {
                let (sheet, at, count) = rows(at);
                vec![Edit::InsertRows { sheet, at, count }]
            }
            Change::DeleteRows(at) => {
                let (sheet, at, count) = rows(at);
                vec![Edit::DeleteRows { sheet, at, count }]
            }
            Change::InsertColumns(at) => {
                let (sheet, at, count) = columns(at);
                vec![Edit::InsertColumns { sheet, at, count }]
            }
            Change::DeleteColumns(at) => {
                let (sheet, at, count) = columns(at);
                vec![Edit::DeleteColumns { sheet, at, count }]
            }
            Change::InsertSheet(at, name) => {
                vec![Edit::InsertSheet { at: SheetId(at - 1), name: Text::from(name.as_str()) }]
            }
            Change::DeleteSheet(name) => vec![Edit::DeleteSheet { sheet: sheet_of(book, name) }],
            Change::RenameSheet(name, to) => {
                vec![Edit::RenameSheet { sheet: sheet_of(book, name), name: Text::from(to.as_str()) }]
            }
            Change::MoveSheet(name, to) => {
                vec![Edit::MoveSheet { sheet: sheet_of(book, name), to: SheetId(to - 1) }]
            }
            Change::AppendRows(table, rows) => {
                let rows = rows.iter().map(|row| row.iter().map(content).collect()).collect();
                vec![Edit::AppendRows { table: Text::from(table.as_str()), rows }]
            }
        }
    }
}

/// One edit for each sheet that cells are set on.
fn set(cells: Vec<(Area, Content)>) -> Vec<Edit> {
    let mut by_sheet: BTreeMap<SheetId, Vec<(Cell, Content)>> = BTreeMap::new();
    for (at, content) in cells {
        by_sheet.entry(at.sheet).or_default().push((at.rect.first(), content));
    }
    by_sheet.into_iter().map(|(sheet, cells)| Edit::Set { sheet, cells }).collect()
}

/// The rectangles of one sheet as text.
pub fn shown(rects: &[Rect]) -> String {
    let mut all: Vec<String> = rects.iter().map(Rect::to_string).collect();
    all.sort();
    all.join(" ")
}
