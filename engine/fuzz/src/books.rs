//! Small workbooks from choices, and what is compared of them.

use crate::choices::Choices;
use crate::grammar;
use engine::calc::Session;
use engine::formula::{Formula, Mode, Node, Style, parse, print};
use engine::values::{Area, Cell, CellError, Col, Rect, SheetId, Text, Value};
use engine::workbook::{
    ArrayFormula, ArrayKind, DefinedName, Iteration, NameScope, Sheet, Table, TableColumn, TemplateId,
    Workbook,
};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

/// The sheet that formulas stand on.
pub(crate) const CALC: SheetId = SheetId(0);
const DATA: SheetId = SheetId(1);

/// Rows and columns in which things are put.
pub(crate) const ROWS: u32 = 14;
pub(crate) const COLS: u16 = 9;
/// Cells that an input may fill by itself; copies come beside them.
const MOST_CELLS: u32 = 40;

/// What stands on the second sheet, column by column.
const COLUMNS: [[&str; 6]; 5] = [
    ["1", "2", "3", "2.5", "-4", "1"],
    ["10", "\"b\"", "TRUE", "", "\"12\"", "#N/A"],
    ["\"x\"", "\"Y\"", "\"x\"", "\"ab\"", "45292", "0.1"],
    ["\"Qty\"", "4", "6", "8", "", ""],
    ["\"Twice\"", "", "", "", "", ""],
];

/// A workbook with data, a table, a name, and a sheet where nothing stands.
pub(crate) fn empty() -> Workbook {
    let mut book = Workbook { sheets: vec![Sheet::new("Calc"), Sheet::new("Data")], ..Workbook::default() };
    for (col, texts) in COLUMNS.iter().enumerate() {
        for (row, text) in texts.iter().enumerate() {
            put_constant(&mut book, DATA, Cell::new(row as u32, col as u16), text);
        }
    }
    let columns = ["Qty", "Twice"].map(|name| TableColumn { name: Text::from(name), formula: None });
    book.tables.push(Table {
        name: Text::from("T"),
        sheet: DATA,
        area: Rect::new(Cell::new(0, 3), Cell::new(3, 4)),
        header_rows: 1,
        totals_rows: 0,
        filtered: false,
        columns: columns.into(),
    });
    let formula = parse("Data!$A$3", Cell::default(), &book, Mode::Workbook).ok().map(Arc::new);
    book.names.push(DefinedName {
        name: Text::from("Rate"),
        scope: NameScope::Workbook,
        formula,
        source: Text::from("Data!$A$3"),
        hidden: false,
    });
    for row in 1..4 {
        put(&mut book, DATA, Cell::new(row, 4), "T[[#This Row],[Qty]]*2", None);
    }
    book
}

/// A workbook with constants and formulas from choices.
pub(crate) fn book(choices: &mut Choices<'_>) -> Workbook {
    let mut book = empty();
    if choices.rarely(8) {
        book.iteration = Some(Iteration { count: choices.below(40), delta: 0.001 });
    }
    book.precision_as_displayed = choices.rarely(16);
    for _ in 0..choices.below(MOST_CELLS) {
        if choices.is_over() {
            break;
        }
        fill(&mut book, choices);
    }
    book
}

fn fill(book: &mut Workbook, choices: &mut Choices<'_>) {
    let cell = cell(choices);
    match choices.below(8) {
        0 | 1 => put_constant(book, CALC, cell, grammar::constant(choices)),
        2 => put(book, CALC, cell, &grammar::formula(choices), Some((Rect::cell(cell), ArrayKind::Dynamic))),
        3 => {
            let last = Cell::new(cell.row.0 + choices.below(3), cell.col.0 + choices.below(3) as u16);
            put(
                book,
                CALC,
                cell,
                &grammar::formula(choices),
                Some((Rect::new(cell, last), ArrayKind::Legacy)),
            );
        }
        4 | 5 => {
            let text = grammar::formula(choices);
            let Some(template) = template(book, cell, &text) else { return };
            for row in cell.row.0..=cell.row.0 + choices.below(10) {
                let copy = Cell::new(row, cell.col.0);
                if let Some(sheet) = book.sheet_mut(CALC).filter(|sheet| !is_taken(sheet, copy)) {
                    sheet.set_formula(copy, Some(template));
                }
            }
        }
        _ => put(book, CALC, cell, &grammar::formula(choices), None),
    }
}

/// A place among the cells that are filled.
pub(crate) fn cell(choices: &mut Choices<'_>) -> Cell {
    let place = choices.below(ROWS * u32::from(COLS));
    Cell::new(place / u32::from(COLS), (place % u32::from(COLS)) as u16)
}

/// Whether an array formula fills the cell: no other formula can stand there.
fn is_taken(sheet: &Sheet, cell: Cell) -> bool {
    sheet.arrays.values().any(|array| array.rect.contains(cell))
}

fn template(book: &mut Workbook, cell: Cell, text: &str) -> Option<TemplateId> {
    let formula: Formula = parse(text, cell, book, Mode::Workbook).ok()?;
    Some(book.templates.intern(formula))
}

fn put(book: &mut Workbook, id: SheetId, cell: Cell, text: &str, array: Option<(Rect, ArrayKind)>) {
    let Some(template) = template(book, cell, text) else { return };
    let Some(sheet) = book.sheet_mut(id) else { return };
    let rect = array.map_or(Rect::cell(cell), |(rect, _)| rect);
    if rect.cells().any(|cell| is_taken(sheet, cell) || sheet.formula(cell).is_some()) {
        return;
    }
    match array {
        Some((rect, kind)) => {
            sheet.arrays.insert(cell, ArrayFormula { anchor: cell, rect, template, kind });
        }
        None => sheet.set_formula(cell, Some(template)),
    }
}

fn put_constant(book: &mut Workbook, id: SheetId, cell: Cell, text: &str) {
    if let Some(sheet) = book.sheet_mut(id) {
        sheet.grid.set(cell, value(text));
    }
}

/// The value of a constant as formulas write it.
pub(crate) fn value(text: &str) -> Value {
    if let Some(quoted) = text.strip_prefix('"') {
        return Value::text(quoted.strip_suffix('"').unwrap_or(quoted));
    }
    match text {
        "" => Value::Empty,
        "TRUE" | "FALSE" => Value::Bool(text == "TRUE"),
        _ => match (text.parse::<f64>(), text.parse::<CellError>()) {
            (Ok(number), _) => Value::Number(number),
            (_, Ok(error)) => Value::Error(error),
            _ => Value::text(text),
        },
    }
}

/// Everything in a workbook as text, down to the numbers of templates.
pub(crate) fn described(book: &Workbook) -> String {
    let mut out = String::new();
    for (id, formula) in book.templates.iter() {
        line(&mut out, format_args!("template {id:?} {formula:?}"));
    }
    for sheet in &book.sheets {
        describe_sheet(&mut out, book, sheet);
    }
    line(&mut out, format_args!("{:?} {:?}", book.names, book.tables));
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a text cannot fail.
    let _ = writeln!(out, "{text}");
}

fn describe_sheet(out: &mut String, book: &Workbook, sheet: &Sheet) {
    line(out, format_args!("sheet {} {:?}", sheet.name, sheet.grid.used()));
    for (cell, value) in sheet.grid.iter() {
        line(out, format_args!(" {cell} {value:?}"));
    }
    for (col, runs) in sheet.formulas.iter().enumerate() {
        for (top, bottom, template) in runs.iter() {
            let host = Cell { row: top, col: Col(col as u16) };
            let text = print(book.templates.get(template), host, book, Style::File);
            line(out, format_args!(" {host}..{} {template:?} ={text}", bottom.0 + 1));
        }
    }
    for (col, runs) in sheet.styles.iter().enumerate().filter(|(_, runs)| !runs.is_empty()) {
        line(out, format_args!(" styles {col} {runs:?}"));
    }
    line(out, format_args!(" {:?} {:?} {:?}", sheet.arrays, sheet.data_tables, sheet.merged));
    line(
        out,
        format_args!(" {:?} {:?} {:?}", sheet.column_styles, sheet.column_widths, sheet.hidden_columns),
    );
    line(out, format_args!(" {:?} {:?} {:?}", sheet.rows, sheet.notes, sheet.filter));
}

/// Holds that two sessions show the same, bit for bit.
pub(crate) fn assert_same(a: &Session, b: &Session, what: &str) {
    let book = a.model().workbook();
    for (id, _) in book.sheets() {
        let cells: BTreeSet<Cell> = [a, b]
            .iter()
            .filter_map(|one| one.grid(id))
            .flat_map(|grid| grid.iter().map(|(cell, _)| cell))
            .collect();
        for cell in cells {
            let (x, y) = (a.value(id, cell), b.value(id, cell));
            let text = a.model().formula_text(id, cell).unwrap_or_default();
            let at = book.address(Area::cell(id, cell));
            assert!(x.same(y), "{what}: {at} {text} is {x:?} and {y:?}\n{}", described(book));
        }
    }
}

/// Holds that cells hold what cells can hold.
pub(crate) fn assert_sound(session: &Session) {
    for (id, _) in session.model().workbook().sheets() {
        for (cell, value) in session.grid(id).into_iter().flat_map(|grid| grid.iter()) {
            let is_sound = match value {
                Value::Number(number) => number.is_finite(),
                Value::Text(text) => text.encode_utf16().count() <= 32_767,
                value => value.is_scalar(),
            };
            let text = session.model().formula_text(id, cell).unwrap_or_default();
            assert!(is_sound, "{cell} {text} is {value:?}");
        }
    }
}

/// Whether numbers come by chance: those are others in each calculation.
pub(crate) fn has_chance(session: &Session) -> bool {
    let by_chance = |node: &Node| match node {
        Node::Call { name, .. } | Node::Name { name, .. } => name.starts_with("RAND"),
        _ => false,
    };
    session.model().workbook().templates.iter().any(|(_, formula)| formula.nodes().iter().any(by_chance))
}
