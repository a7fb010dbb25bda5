//! Random workbooks and random edits: after each edit the session that followed equals one built anew, and all that
//! was done is undone and done again bit for bit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "each test file uses its own part of this module")]
mod edit;
mod grid;

use edit::{calculate, described, differences};
use playsheet_calc::Editor;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId, Text, Value, column_letters};
use workbook::{Content, Edit, PasteKind, StyleId, Workbook};

const ROWS: u32 = 14;
const COLS: u16 = 6;

/// A formula that reads only what stands left of it or above it, so that there are no cycles.
fn random_formula(cell: Cell, seed: u32) -> String {
    let pick = |n: u32, count: u32| seed.wrapping_mul(2_654_435_761).wrapping_shr(n * 3) % count.max(1);
    let letters = |n: u32| column_letters(Col(pick(n, u32::from(cell.col.0)) as u16));
    let left = |n: u32| format!("{}{}", letters(n), pick(n + 1, ROWS) + 1);
    let here = cell.row.0 + 1;
    let beside = column_letters(Col(cell.col.0 - 1));
    let above = if cell.row.0 == 0 { left(1) } else { format!("{}{}", column_letters(cell.col), cell.row.0) };
    match seed % 19 {
        0 => format!("={beside}{here}+1"),
        1 => format!("={}*2-{}", left(1), left(2)),
        2 => format!("=SUM({}:{})", left(1), left(3)),
        3 => format!("=SUM(${beside}$1:{beside}{here})"),
        4 => format!("={above}+1"),
        5 => format!("=SUM({beside}:{beside})"),
        6 => format!("=SUM(Data!{}:5)", pick(1, 4) + 1),
        7 => format!("=ROW()+ROW({})", left(1)),
        8 => format!("={beside}$1:{beside}$14"),
        9 => format!("=INDEX({beside}1:{beside}14,3)"),
        10 => format!("=IF({}>2,{},{})", left(1), left(2), left(3)),
        11 => format!("=VLOOKUP({},$A$1:${beside}$14,1,FALSE)", left(1)),
        12 => format!("=OFFSET(A1,{},0)", pick(1, 5)),
        13 => "=SUM(T[Qty])".to_owned(),
        14 => "=Rate*2".to_owned(),
        15 => "=SUM(Data!A1:B5)&Data!B3".to_owned(),
        16 => format!("=ADDRESS(ROW({}),COLUMN())", left(2)),
        17 => format!("=FORMULATEXT({})", left(2)),
        _ => format!("={}+Data!$A$2", left(1)),
    }
}

fn constant(seed: u32) -> serde_json::Value {
    match seed % 5 {
        0 => serde_json::json!("text"),
        1 => serde_json::json!(true),
        2 => serde_json::Value::Null,
        _ => serde_json::json!(f64::from(seed % 23) - 4.0),
    }
}

fn book(seeds: &[u32]) -> Workbook {
    let mut calc = BTreeMap::new();
    for (place, seed) in seeds.iter().enumerate() {
        let cell = Cell::new(place as u32 % ROWS, (place as u32 / ROWS) as u16);
        let content = match (cell.col.0, seed % 7) {
            (0, _) | (_, 0) => constant(seed / 7),
            // Most columns are copies of one formula.
            (col, 1..=4) if col != 3 => serde_json::json!(random_formula(cell, u32::from(col) * 5 + 4)),
            _ => serde_json::json!(random_formula(cell, seed / 7)),
        };
        calc.insert(cell.to_string(), content);
    }
    calc.insert("H1".to_owned(), serde_json::json!("~=SEQUENCE(3)*A2"));
    calc.insert("H6".to_owned(), serde_json::json!("=SUM(H1#)"));
    calc.insert("I8:I9".to_owned(), serde_json::json!("{=A8:A9*2}"));
    let mut data = BTreeMap::new();
    for row in 1..=5 {
        data.insert(format!("A{row}"), serde_json::json!(row));
        data.insert(format!("B{row}"), serde_json::json!(format!("=A{row}*10")));
    }
    for (at, content) in
        [("D1", "Qty"), ("E1", "Twice"), ("E2", "=T[[#This Row],[Qty]]*2"), ("E3", "=T[[#This Row],[Qty]]*2")]
    {
        data.insert(at.to_owned(), serde_json::json!(content));
    }
    data.insert("D2".to_owned(), serde_json::json!(4));
    data.insert("D3".to_owned(), serde_json::json!(6));
    let sheets = BTreeMap::from([("Calc".to_owned(), calc), ("Data".to_owned(), data)]);
    let names = BTreeMap::from([("Rate".to_owned(), "=Data!$A$3".to_owned())]);
    let tables = BTreeMap::from([("T".to_owned(), "Data!D1:E3".to_owned())]);
    let mut book = grid::workbook(&sheets, &names, &tables);
    let style = book.styles.push(workbook::CellStyle { locked: false, ..workbook::CellStyle::default() });
    book.sheets[0].set_style(Cell::new(2, 1), style);
    book.sheets[0].column_styles.set(Row(3), Some(StyleId(1)));
    book.sheets[0].merged.push(Rect::new(Cell::new(11, 7), Cell::new(12, 8)));
    book.sheets[0].notes.insert(Cell::new(4, 2), Text::from("note"));
    book
}

/// An edit somewhere around what is filled; many are refused.
fn edit(editor: &Editor, kind: u8, seed: u32) -> Vec<Edit> {
    let pick =
        |n: u32, count: u32| seed.wrapping_mul(40_503).wrapping_add(seed >> 9).wrapping_shr(n * 4) % count;
    let sheet = SheetId(pick(0, 4).min(editor.workbook().sheets.len() as u32 - 1).min(1) as u16);
    let cell = Cell::new(pick(1, ROWS), 1 + pick(2, u32::from(COLS) + 2) as u16);
    let rect = Rect::new(cell, Cell::new(cell.row.0 + pick(3, 3), cell.col.0 + pick(4, 2) as u16));
    let area = Area { sheet, rect };
    let count = 1 + pick(3, 2);
    // A copy that goes down or right reads left or above still.
    let to = Cell::new(rect.top.0 + 1 + pick(5, 4), rect.left.0 + pick(6, 3) as u16);
    let name = Text::from(format!("S{}", pick(1, 1_000)));
    vec![match kind % 18 {
        0 | 1 => {
            Edit::Set { sheet, cells: vec![(cell, Content::Value(Value::Number(f64::from(seed % 50))))] }
        }
        2 | 3 => {
            let text = Text::from(random_formula(cell, seed >> 3));
            Edit::Set { sheet: SheetId(0), cells: vec![(cell, Content::Formula(text)), (to, Content::Empty)] }
        }
        4 => Edit::Set { sheet, cells: vec![(cell, Content::Spilling(Text::from("=SEQUENCE(2)*A1")))] },
        5 => Edit::Clear { area },
        6 => Edit::Paste {
            block: Arc::new(editor.copy(area).unwrap()),
            to: Area::cell(sheet, to),
            what: [PasteKind::All, PasteKind::Formulas, PasteKind::Values, PasteKind::Styles]
                [pick(1, 4) as usize],
        },
        7 => Edit::Move { from: area, sheet: SheetId(pick(1, 5).min(1) as u16 * sheet.0), to },
        8 => Edit::FillDown { area },
        9 => Edit::FillRight { area },
        10 | 11 => Edit::InsertRows { sheet, at: cell.row, count },
        12 => Edit::DeleteRows { sheet, at: cell.row, count },
        13 => Edit::InsertColumns { sheet, at: cell.col, count },
        14 => Edit::DeleteColumns { sheet, at: cell.col, count },
        15 => Edit::AppendRows {
            table: Text::from("T"),
            rows: vec![vec![Content::Value(Value::Number(3.0))]; count as usize],
        },
        16 => Edit::InsertSheet { at: SheetId(pick(1, 3) as u16), name },
        _ => match pick(1, 3) {
            0 => Edit::RenameSheet { sheet, name },
            1 => Edit::MoveSheet { sheet: SheetId(0), to: SheetId(1) },
            _ => Edit::DeleteSheet { sheet: SheetId(pick(2, 3) as u16) },
        },
    }]
}

fn assert_current(editor: &mut Editor, what: &str) {
    calculate(editor);
    let wrong = differences(editor.session());
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

/// Whether every cell with another content or formula text than at first is in the log.
fn assert_logged(editor: &Editor, first: &Workbook, what: &str) {
    let changes = editor.changes();
    let now = editor.workbook();
    let cells = changes.cells();
    for (sheet, of) in now.sheets() {
        let listed =
            |cell: Cell| cells.get(&sheet).is_some_and(|rects| rects.iter().any(|rect| rect.contains(cell)));
        let back = |cell: Cell| {
            let shifts: Vec<_> = changes.shifts().collect();
            shifts
                .into_iter()
                .rev()
                .try_fold((sheet, cell), |(sheet, cell), shift| shift.inverse().cell(sheet, cell))
        };
        let columns = u16::try_from(of.formulas.len()).unwrap().max(of.grid.width()).max(COLS);
        for cell in
            Rect::new(Cell::default(), Cell::new(ROWS + 30, columns)).cells().filter(|cell| !listed(*cell))
        {
            let before = back(cell).map_or_else(String::new, |(sheet, cell)| content(first, sheet, cell));
            assert_eq!(content(now, sheet, cell), before, "{cell} of {} is not in the log: {what}", of.name);
        }
    }
}

/// What a cell holds, as text.
fn content(book: &Workbook, sheet: SheetId, cell: Cell) -> String {
    let Some(of) = book.sheet(sheet) else { return String::new() };
    let array = of.arrays.get(&cell).map(|array| array.template);
    match of.formula(cell).or(array) {
        Some(id) => format!("={}", formula::print(book.templates.get(id), cell, book, formula::Style::File)),
        None if matches!(of.grid.get(cell), Value::Empty) => String::new(),
        None => format!("{:?}", of.grid.get(cell)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_follows_equals_what_is_built_anew_and_undoing_gives_back_all(
        seeds in prop::collection::vec(any::<u32>(), ROWS as usize * usize::from(COLS)),
        edits in prop::collection::vec((any::<u8>(), any::<u32>(), any::<bool>()), 1..10),
    ) {
        let mut editor = Editor::new(grid::session(book(&seeds)));
        assert_current(&mut editor, "at first");
        let first = editor.workbook().clone();
        let mut states = vec![described(&first)];
        let mut log = Vec::new();
        for (kind, seed, input) in edits {
            if input {
                editor.session_mut().set(SheetId(0), Cell::new(seed % ROWS, (seed % 5) as u16), Value::Number(9.0));
            }
            let edits = edit(&editor, kind, seed);
            log.push(format!("{edits:?}"));
            let before = states.last().unwrap().clone();
            match editor.apply("step", &edits) {
                Ok(_) => states.push(described(editor.workbook())),
                Err(error) => {
                    assert!(error.to_string().ends_with('.'), "{error}");
                    assert_eq!(described(editor.workbook()), before, "refused: {log:#?}");
                }
            }
            assert_current(&mut editor, &format!("{log:#?}"));
            assert_logged(&editor, &first, &format!("{log:#?}"));
        }
        for state in states.iter().rev().skip(1) {
            assert!(editor.undo().is_some());
            assert_eq!(&described(editor.workbook()), state, "undone: {log:#?}");
            assert_current(&mut editor, &format!("undone: {log:#?}"));
        }
        assert!(editor.undo().is_none() && editor.changes().is_empty());
        for state in states.iter().skip(1) {
            assert!(editor.redo().is_some());
            assert_eq!(&described(editor.workbook()), state, "done again: {log:#?}");
            assert_current(&mut editor, &format!("done again: {log:#?}"));
        }
        assert!(editor.redo().is_none());
    }
}
