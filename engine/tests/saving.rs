//! Edited workbooks saved into their files: what is read back is what the editor shows, formulas, names, tables and
//! looks included, and calculating everything anew gives the same values.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use calc::{Editor, Session, Wanted};
use formats::Limits;
use formats::patch::save;
use formula::Style;
use functions::Environment;
use playsheet_engine::{Document, saving};
use std::collections::BTreeMap;

use values::{Area, Cell, Rect, Row, SheetId, Text, Value};
use workbook::{Content, Edit, Workbook};

const EXAMPLES: [(&str, &[u8]); 6] = [
    ("bmi.xlsx", include_bytes!("../../examples/bmi.xlsx")),
    ("loan.xlsx", include_bytes!("../../examples/loan.xlsx")),
    ("quote.xlsx", include_bytes!("../../examples/quote.xlsx")),
    ("catalogue.xlsx", include_bytes!("../../examples/catalogue.xlsx")),
    ("budget.xlsx", include_bytes!("../../examples/budget.xlsx")),
    ("shifts.xlsx", include_bytes!("../../examples/shifts.xlsx")),
];

/// A small generator of numbers, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % end.max(1)
    }
}

fn calculate(session: &mut Session) {
    session.invalidate();
    let report = session.recalculate(&Environment::default(), Wanted::All);
    assert_eq!(report.ended, calc::Ended::Done, "{report:?}");
}

fn edit(book: &Workbook, numbers: &mut Numbers) -> Edit {
    let sheet = SheetId(numbers.below(book.sheets.len() as u32) as u16);
    let cell = Cell::new(numbers.below(30), numbers.below(8) as u16);
    let rect =
        Rect::new(cell, Cell::new(cell.row.0 + numbers.below(4), cell.col.0 + numbers.below(3) as u16));
    let (area, count) = (Area { sheet, rect }, 1 + numbers.below(2));
    let set = |content| Edit::Set { sheet, cells: vec![(cell, content)] };
    match numbers.below(14) {
        0 => set(Content::Value(f64::from(numbers.below(90)).into())),
        1 => set(Content::Value(Value::text("a <text>"))),
        2 => set(Content::Formula(Text::from("=SUM($A$1:B9)*2"))),
        3 => set(Content::Spilling(Text::from("=SEQUENCE(3)*2"))),
        4 => Edit::Clear { area },
        5 | 6 => Edit::InsertRows { sheet, at: cell.row, count },
        7 => Edit::DeleteRows { sheet, at: cell.row, count },
        8 => Edit::InsertColumns { sheet, at: cell.col, count },
        9 => Edit::DeleteColumns { sheet, at: cell.col, count },
        10 => Edit::FillDown { area },
        11 => Edit::Move { from: area, sheet, to: Cell::new(numbers.below(40), numbers.below(9) as u16) },
        12 => Edit::RenameSheet { sheet, name: Text::from(format!("It's {}", numbers.below(99))) },
        _ => match book.tables.get(numbers.below(book.tables.len() as u32) as usize) {
            Some(table) => {
                let rows = vec![vec![Content::Value(1.0.into())], vec![Content::Empty, Content::Empty]];
                Edit::AppendRows { table: table.name.clone(), rows }
            }
            None => Edit::InsertRows { sheet, at: Row(0), count },
        },
    }
}

/// The same among edits of the sheets themselves.
fn sheet_edit(book: &Workbook, numbers: &mut Numbers) -> Edit {
    let count = book.sheets.len() as u32;
    let mut any = |more: u32| SheetId(numbers.below(count + more) as u16);
    let (sheet, to, at) = (any(0), any(0), any(1));
    match numbers.below(9) {
        0 => Edit::InsertSheet { at, name: Text::from(format!("New {}", numbers.below(99))) },
        1 => Edit::DeleteSheet { sheet },
        2 | 3 => Edit::MoveSheet { sheet, to },
        4 => {
            let top = Cell::new(numbers.below(30), numbers.below(8) as u16);
            let rect = Rect::new(top, Cell::new(top.row.0 + numbers.below(3), top.col.0 + 1));
            Edit::Move { from: Area { sheet, rect }, sheet: to, to: Cell::new(numbers.below(40), 2) }
        }
        5 => {
            let other = formula::quote_sheet(&book.sheets[usize::from(to.0)].name);
            let formula = Text::from(format!("=SUM({other}!A1:C9)"));
            let cell = Cell::new(numbers.below(40), numbers.below(9) as u16);
            Edit::Set { sheet, cells: vec![(cell, Content::Formula(formula))] }
        }
        _ => edit(book, numbers),
    }
}

/// All that is compared of a workbook, with a session's values.
fn dump(book: &Workbook, session: &Session) -> Vec<String> {
    let mut lines = Vec::new();
    let print = |template, at| formula::print(book.templates.get(template), at, book, Style::File);
    for (id, sheet) in book.sheets() {
        lines.push(format!("sheet {}", sheet.name));
        let mut cells: BTreeMap<Cell, String> = BTreeMap::new();
        for (cell, value) in session.grid(id).unwrap().iter() {
            cells.insert(cell, format!("{value:?}"));
        }
        for (col, runs) in sheet.formulas.iter().enumerate() {
            for (first, last, template) in runs.iter() {
                for row in first.0..=last.0 {
                    let cell = Cell::new(row, col as u16);
                    cells.entry(cell).or_default().push_str(&format!(" ={}", print(template, cell)));
                }
            }
        }
        let fills: BTreeMap<Cell, Rect> =
            session.spilled().filter(|(on, ..)| *on == id).map(|(_, anchor, rect)| (anchor, rect)).collect();
        for (cell, array) in &sheet.arrays {
            let rect = fills.get(cell).copied().unwrap_or(Rect::cell(*cell));
            let text = format!(" {rect} {:?} {{={}}}", array.kind, print(array.template, *cell));
            cells.entry(*cell).or_default().push_str(&text);
        }
        lines.extend(cells.into_iter().map(|(cell, text)| format!("{cell} {text}")));
        let mut merged: Vec<String> = sheet.merged.iter().map(Rect::to_string).collect();
        merged.sort();
        lines.push(format!("merged {merged:?}, filter {:?}", sheet.filter.map(|rect| rect.to_string())));
    }
    let mut tables: Vec<String> = book
        .tables
        .iter()
        .map(|table| {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            format!("table {} {:?} {} {columns:?}", table.name, table.sheet, table.area)
        })
        .collect();
    tables.sort();
    lines.extend(tables);
    for name in &book.names {
        let text =
            name.formula.as_ref().map(|formula| formula::print(formula, Cell::default(), book, Style::File));
        lines.push(format!("name {} {text:?}", name.name));
    }
    lines
}

/// Holds that cells with something in them look alike, as far as the model knows looks.
fn assert_looks(name: &str, edited: &Workbook, read: &Workbook, edits: &[Edit]) {
    for (id, sheet) in edited.sheets() {
        for (cell, _) in sheet.grid.iter() {
            assert_eq!(
                edited.style(id, cell),
                read.style(id, cell),
                "{name}: {}!{cell}: {edits:#?}",
                sheet.name
            );
        }
    }
}

type Make = fn(&Workbook, &mut Numbers) -> Edit;

fn check(name: &str, original: &[u8], numbers: &mut Numbers, done: &mut BTreeMap<String, u32>, make: Make) {
    let document = Document::open(original, name, &Limits::default()).unwrap();
    let mut editor = Editor::new(document.session());
    let mut edits = Vec::new();
    for _ in 0..1 + numbers.below(5) {
        let edit = make(editor.workbook(), numbers);
        if editor.apply("step", std::slice::from_ref(&edit)).is_ok() {
            let kind = format!("{edit:?}").split([' ', '{']).next().unwrap_or_default().to_owned();
            *done.entry(kind).or_default() += 1;
            edits.push(edit);
        }
    }
    calculate(editor.session_mut());
    let changes = saving::edited(document.model.workbook(), &editor);
    let saved = match save(original, &changes, &Limits::default()) {
        Ok(saved) => saved,
        // A table's heading can only be text in a file.
        Err(error) if error.to_string().contains("the heading in") => return,
        // What lies over cells or belongs to them stays on its sheet.
        Err(error) if error.to_string().contains("moved to another sheet; save it as a new file") => {
            *done.entry("refused".to_owned()).or_default() += 1;
            return;
        }
        Err(error) if error.to_string().contains("the file lacks a table") => return,
        Err(error) => panic!("{name}: {error}: {edits:#?}"),
    };
    let read = Document::open(&saved.bytes, name, &Limits::default()).unwrap();
    let mut session = read.session();
    let expected = dump(editor.workbook(), editor.session());
    for pass in ["as saved", "calculated"] {
        let mut found = dump(read.model.workbook(), &session);
        let mut expected = expected.clone();
        if pass == "as saved" {
            // Until it is calculated, a file without metadata for newer errors has `#VALUE!` for them.
            for line in expected.iter_mut().chain(&mut found) {
                *line = line.replace("Error(Spill)", "Error(Value)").replace("Error(Calc)", "Error(Value)");
            }
        }
        if let Some((a, b)) = expected.iter().zip(&found).find(|(a, b)| a != b) {
            panic!("{name}, {pass}: edited {a}\nread {b}\n{edits:#?}");
        }
        assert_eq!(expected.len(), found.len(), "{name}, {pass}: {edits:#?}");
        calculate(&mut session);
    }
    assert_looks(name, editor.workbook(), read.model.workbook(), &edits);
}

#[test]
fn edited_workbooks_are_read_back_as_they_were() {
    let mut numbers = Numbers(9);
    let mut done = BTreeMap::new();
    for _ in 0..6 {
        for (name, original) in EXAMPLES {
            check(name, original, &mut numbers, &mut done, edit);
        }
    }
    for kind in
        ["Set", "Clear", "InsertRows", "DeleteRows", "InsertColumns", "Move", "AppendRows", "RenameSheet"]
    {
        assert!(done.get(kind).is_some_and(|count| *count > 1), "{kind}: {done:?}");
    }
}

#[test]
fn sheets_come_go_and_change_places() {
    let mut numbers = Numbers(4);
    let mut done = BTreeMap::new();
    // Each is a file that is opened, edited, saved and read again, which an unoptimised build takes its time for;
    // fuzzing has the patience for many.
    for _ in 0..5 {
        for (name, original) in EXAMPLES {
            check(name, original, &mut numbers, &mut done, sheet_edit);
        }
    }
    for kind in ["InsertSheet", "DeleteSheet", "MoveSheet", "Move", "Set"] {
        assert!(done.get(kind).is_some_and(|count| *count > 2), "{kind}: {done:?}");
    }
    let refused = done.get("refused").copied().unwrap_or(0);
    assert!(refused < 6, "{done:?}");
}

/// Two cells in far corners span seventeen thousand million places, of which nothing is to be told.
#[test]
fn a_cleared_sheet_costs_what_it_held() {
    let (name, original) = EXAMPLES[0];
    let document = Document::open(original, name, &Limits::default()).unwrap();
    let mut editor = Editor::new(document.session());
    let sheet = SheetId(0);
    let corner = Cell { row: Row::LAST, col: values::Col::LAST };
    let far = Edit::Set { sheet, cells: vec![(corner, Content::Value(1.0.into()))] };
    editor.apply("far", &[far]).unwrap();
    editor.apply("clear", &[Edit::Clear { area: Area { sheet, rect: Rect::SHEET } }]).unwrap();
    calculate(editor.session_mut());
    let changes = saving::edited(document.model.workbook(), &editor);
    let saved = save(original, &changes, &Limits::default()).unwrap();
    let read = Document::open(&saved.bytes, name, &Limits::default()).unwrap();
    let left: Vec<_> = read.model.workbook().sheet(sheet).unwrap().grid.iter().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Rows that come below a cell with looks of its own take these, however many they are.
#[test]
fn looks_are_kept_far_below_the_used_rows() {
    let (name, original) = EXAMPLES[0];
    let document = Document::open(original, name, &Limits::default()).unwrap();
    let (sheet, book) = (SheetId(0), document.model.workbook());
    let of = book.sheet(sheet).unwrap();
    let bottom = of.used().unwrap().bottom;
    let column_style = |col| of.column_styles.get(Row(u32::from(col))).unwrap_or_default();
    let has_own = |cell: &Cell| of.style(*cell) != column_style(cell.col.0);
    let model = (0..=bottom.0).rev().flat_map(|row| (0..6).map(move |col| Cell::new(row, col))).find(has_own);
    let model = model.expect("some cell has a look of its own");
    let mut editor = Editor::new(document.session());
    let rows = Edit::InsertRows { sheet, at: Row(model.row.0 + 1), count: 80_000 };
    editor.apply("rows", &[rows]).unwrap();
    calculate(editor.session_mut());
    let changes = saving::edited(book, &editor);
    let saved = save(original, &changes, &Limits::default()).unwrap();
    assert!(!changes.looks_left_out && saved.notes.is_empty(), "{:?}", saved.notes);
    let read = Document::open(&saved.bytes, name, &Limits::default()).unwrap();
    for down in [1, 5, 70_000, 79_999, 80_000] {
        let cell = Cell { row: Row(model.row.0 + down), ..model };
        assert_eq!(read.model.workbook().style(sheet, cell), editor.workbook().style(sheet, cell), "{cell}");
        assert_eq!(editor.workbook().style(sheet, cell), book.style(sheet, model), "{cell}");
    }
}
