//! Edits of small workbooks: what is refused changes nothing, what is undone is gone, what is done again is there again,
//! and the session that followed shows what a new one calculates.

use crate::books::{CALC, COLS, ROWS, assert_same, assert_sound, book, cell, described, has_chance, value};
use crate::choices::Choices;
use crate::grammar;
use engine::calc::{Editor, Ended, Model, Session, Wanted};
use engine::functions::Environment;
use engine::values::{Area, Cell, Col, Rect, Row, SheetId, Text, Value};
use engine::workbook::{Content, Edit, PasteKind, Workbook};
use std::sync::Arc;

/// Units of work for one calculation.
const BUDGET: u64 = 30_000;
const MOST_EDITS: u32 = 10;

pub(crate) fn editing(data: &[u8]) {
    let mut choices = Choices::new(data);
    let count = 1 + choices.below(MOST_EDITS);
    let (edits, cells) = data.split_at(data.len().min(usize::from(choices.byte())));
    let (mut choices, mut cells) = (Choices::new(edits), Choices::new(cells));
    let mut editor = Editor::new(Session::new(Arc::new(Model::new(Arc::new(book(&mut cells))))));
    editor.session_mut().invalidate();
    calculate(&mut editor);
    let mut states = vec![described(editor.workbook())];
    for _ in 0..count {
        let edit = edit(editor.workbook(), &editor, &mut choices);
        match editor.apply("step", std::slice::from_ref(&edit)) {
            Ok(_) => states.push(described(editor.workbook())),
            Err(error) => {
                assert!(error.to_string().ends_with('.'), "{error}");
                assert!(
                    states.last() == Some(&described(editor.workbook())),
                    "refused, but changed: {edit:?}"
                );
            }
        }
        if choices.rarely(3) {
            calculate(&mut editor);
        }
    }
    follows(&mut editor);
    for state in states.iter().rev().skip(1) {
        assert!(editor.undo().is_some(), "nothing to undo");
        assert_described(&editor, state, "undone");
    }
    assert!(editor.undo().is_none() && editor.changes().is_empty(), "more to undo than was done");
    follows(&mut editor);
    for state in states.iter().skip(1) {
        assert!(editor.redo().is_some(), "nothing to do again");
        assert_described(&editor, state, "done again");
    }
    follows(&mut editor);
}

fn assert_described(editor: &Editor, state: &str, what: &str) {
    let now = described(editor.workbook());
    let other = now.lines().zip(state.lines()).find(|(now, state)| now != state);
    assert!(now == state, "{what}, it is not what it was: {other:?}");
}

fn calculate(editor: &mut Editor) -> bool {
    let environment = Environment { budget: BUDGET, ..Environment::default() };
    let report = editor.session_mut().recalculate(&environment, Wanted::All);
    report.ended == Ended::Done && report.circular.is_empty()
}

/// The session shows what one that is built anew calculates.
fn follows(editor: &mut Editor) {
    let is_whole = calculate(editor);
    assert_sound(editor.session());
    let mut fresh = Session::new(Arc::new(Model::new(Arc::clone(editor.session().model().workbook()))));
    fresh.invalidate();
    let environment = Environment { budget: BUDGET, ..Environment::default() };
    let report = fresh.recalculate(&environment, Wanted::All);
    let has_one_answer = !has_chance(&fresh) && report.circular.is_empty();
    if is_whole && report.ended == Ended::Done && has_one_answer {
        assert_same(editor.session(), &fresh, "followed and built anew");
    }
}

/// An edit somewhere around what is filled; many are refused.
pub(crate) fn edit(book: &Workbook, editor: &Editor, choices: &mut Choices<'_>) -> Edit {
    let sheet = if choices.rarely(4) { SheetId(choices.below(4) as u16) } else { CALC };
    let at = cell(choices);
    let last = Cell::new(at.row.0 + choices.below(4), at.col.0 + choices.below(3) as u16);
    let area = Area { sheet, rect: Rect::new(at, last) };
    match choices.below(20) {
        0..=3 => Edit::Set {
            sheet,
            cells: (0..=choices.below(3)).map(|_| (cell(choices), content(choices))).collect(),
        },
        4 => Edit::Clear { area },
        5 | 6 => paste(editor, area, choices),
        7 | 8 => Edit::Move { from: area, sheet: SheetId(choices.below(2) as u16), to: cell(choices) },
        9 => Edit::FillDown { area },
        10 => Edit::FillRight { area },
        11 | 12 => Edit::InsertRows { sheet, at: at.row, count: count(choices) },
        13 => Edit::DeleteRows { sheet, at: at.row, count: count(choices) },
        14 => Edit::InsertColumns { sheet, at: at.col, count: count(choices) },
        15 => Edit::DeleteColumns { sheet, at: at.col, count: count(choices) },
        16 | 17 => append(book, choices),
        _ => of_sheets(sheet, choices),
    }
}

fn count(choices: &mut Choices<'_>) -> u32 {
    match choices.below(16) {
        0 => 0,
        1 => u32::MAX,
        2 => Row::LAST.0,
        3 => u32::from(Col::LAST.0) - u32::from(COLS) - ROWS,
        few => few % 4 + 1,
    }
}

fn content(choices: &mut Choices<'_>) -> Content {
    match choices.below(6) {
        0 => Content::Empty,
        1 | 2 => Content::Value(value(grammar::constant(choices))),
        3 => Content::Spilling(Text::from(grammar::formula(choices))),
        _ => Content::Formula(Text::from(grammar::formula(choices))),
    }
}

fn paste(editor: &Editor, area: Area, choices: &mut Choices<'_>) -> Edit {
    let kinds = [PasteKind::All, PasteKind::Formulas, PasteKind::Values, PasteKind::Styles];
    let to = cell(choices);
    let last = Cell::new(to.row.0 + choices.below(5), to.col.0 + choices.below(3) as u16);
    match editor.copy(area) {
        Some(block) => Edit::Paste {
            block: Arc::new(block),
            to: Area { sheet: SheetId(choices.below(2) as u16), rect: Rect::new(to, last) },
            what: kinds[choices.below(4) as usize],
        },
        None => Edit::Clear { area },
    }
}

fn append(book: &Workbook, choices: &mut Choices<'_>) -> Edit {
    let named = book.tables.get(choices.below(book.tables.len() as u32 + 1) as usize);
    let row = vec![Content::Value(Value::Number(3.0)), content(choices)];
    Edit::AppendRows {
        table: named.map_or_else(|| Text::from("T"), |table| table.name.clone()),
        rows: vec![row; choices.below(3) as usize],
    }
}

fn of_sheets(sheet: SheetId, choices: &mut Choices<'_>) -> Edit {
    let names =
        ["New", "data", "It's", "", "A1", "[x]", "2024", "a sheet whose name is longer than any", "Calc"];
    let name = Text::from(choices.one_of(&names));
    let other = SheetId(choices.below(4) as u16);
    match choices.below(4) {
        0 => Edit::InsertSheet { at: other, name },
        1 => Edit::RenameSheet { sheet, name },
        2 => Edit::MoveSheet { sheet, to: other },
        _ => Edit::DeleteSheet { sheet: other },
    }
}
