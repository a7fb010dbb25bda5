//! Workbooks from plain cell texts, for tests: `{"A1": 2, "B1": "=A1*2"}`.

use formula::{Mode, parse};
use playsheet_calc::{Model, Session};
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Cell, CellError, Rect, SheetId, Text, Value};
use workbook::{
    ArrayFormula, ArrayKind, DefinedName, Iteration, NameScope, RowInfo, Sheet, Table, TableColumn, Workbook,
};

/// Cells by sheet and address.
pub type Sheets = BTreeMap<String, BTreeMap<String, serde_json::Value>>;

/// The value that a case's JSON means; texts that read as an error are that error.
pub fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Number(number) => number.as_f64().unwrap().into(),
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::String(text) => match text.parse::<CellError>() {
            Ok(error) => error.into(),
            Err(()) => Value::text(text),
        },
        _ => Value::Empty,
    }
}

/// Builds a workbook. `=…` is a plain formula, `{=…}` at `A1:B2` a legacy array, `~=…` a dynamic array.
pub fn workbook(
    sheets: &Sheets,
    names: &BTreeMap<String, String>,
    tables: &BTreeMap<String, String>,
) -> Workbook {
    let mut book =
        Workbook { sheets: sheets.keys().map(|name| Sheet::new(name)).collect(), ..Workbook::default() };
    let symbols = book.clone();
    for (name, place) in tables {
        let (sheet, rect) = place.split_once('!').unwrap();
        let sheet = formula::Sheets::sheet_by_name(&symbols, sheet).unwrap();
        let area: Rect = rect.parse().unwrap();
        let cells = &sheets[symbols.sheet(sheet).unwrap().name.as_str()];
        let header = |col: u16| {
            let cell = Cell { row: area.top, col: values::Col(col) };
            TableColumn { name: Text::from(cells[&cell.to_string()].as_str().unwrap()), formula: None }
        };
        let columns = (area.left.0..=area.right.0).map(header).collect();
        let name = Text::from(name.as_str());
        book.tables.push(Table {
            name,
            sheet,
            area,
            header_rows: 1,
            totals_rows: 0,
            columns,
            filtered: false,
        });
    }
    for (name, text) in names {
        let formula = Arc::new(parse(text, Cell::default(), &symbols, Mode::Workbook).unwrap());
        book.names.push(DefinedName {
            name: Text::from(name.as_str()),
            scope: NameScope::Workbook,
            formula: Some(formula),
            source: Text::from(text.as_str()),
            hidden: false,
        });
    }
    for (id, cells) in sheets.values().enumerate() {
        for (address, content) in cells {
            put(&mut book, &symbols, SheetId(id as u16), address, content);
        }
    }
    book
}

fn put(book: &mut Workbook, symbols: &Workbook, sheet: SheetId, address: &str, content: &serde_json::Value) {
    let rect: Rect = address.parse().unwrap();
    let cell = rect.first();
    let text = content.as_str().unwrap_or_default();
    let array =
        text.strip_prefix("{=").and_then(|text| text.strip_suffix('}')).map(|t| (t, ArrayKind::Legacy));
    let array = array.or_else(|| text.strip_prefix("~=").map(|text| (text, ArrayKind::Dynamic)));
    if let Some((text, kind)) = array {
        let template = book.templates.intern(parse(text, cell, symbols, Mode::Workbook).unwrap());
        let formula = ArrayFormula { anchor: cell, rect, template, kind };
        book.sheet_mut(sheet).unwrap().arrays.insert(cell, formula);
    } else if let Some(text) = text.strip_prefix('=') {
        let template = book.templates.intern(parse(text, cell, symbols, Mode::Workbook).unwrap());
        book.sheet_mut(sheet).unwrap().set_formula(cell, Some(template));
    } else {
        book.sheet_mut(sheet).unwrap().grid.set(cell, value(content));
    }
}

/// A session in which nothing is calculated yet.
#[allow(dead_code, reason = "each test file uses its own part of this module")]
pub fn session(book: Workbook) -> Session {
    let mut session = Session::new(Arc::new(Model::new(Arc::new(book))));
    session.invalidate();
    session
}

/// The cell of `Sheet!A1`, or of the first sheet.
#[allow(dead_code, reason = "each test file uses its own part of this module")]
pub fn find(session: &Session, reference: &str) -> (SheetId, Cell) {
    let book = session.model().workbook();
    match reference.split_once('!') {
        Some((sheet, cell)) => {
            (formula::Sheets::sheet_by_name(&**book, sheet).unwrap(), cell.parse().unwrap())
        }
        None => (SheetId(0), reference.parse().unwrap()),
    }
}

/// Hides rows of the first sheet, counted from 1, beside a filter that leaves rows out or does not.
#[allow(dead_code, reason = "each test file uses its own part of this module")]
pub fn hide(book: &mut Workbook, rows: &[u32], filtered: bool) {
    let Some(sheet) = book.sheet_mut(SheetId(0)) else { return };
    sheet.filtered = filtered;
    for row in rows {
        sheet.rows.set(values::Row(row - 1), Some(RowInfo { hidden: true, outline: 0 }));
    }
}

/// Turns iteration on.
#[allow(dead_code, reason = "each test file uses its own part of this module")]
pub fn iterating(book: Workbook, count: u32, delta: f64) -> Workbook {
    Workbook { iteration: Some(Iteration { count, delta }), ..book }
}
