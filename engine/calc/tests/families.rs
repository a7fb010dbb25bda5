//! Random families of formulas and random edits: copies evaluated together give what they give one by one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;
mod shapes;

use functions::Environment;
use playsheet_calc::{Model, Session, Wanted};
use proptest::prelude::*;
use shapes::{COLS, assert_same, cells, constant};
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Area, Cell, Rect, Row, SheetId, Value};

const ROWS: u32 = 40;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn copies_together_give_what_they_give_one_by_one(
        cells in cells(ROWS),
        edits in prop::collection::vec((0..ROWS, 0..COLS, any::<u32>(), any::<bool>()), 1..24),
    ) {
        let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
        let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
        let environment = Environment::default();
        let mut together = Session::new(Arc::new(Model::new(Arc::clone(&workbook))));
        let mut afresh = together.clone();
        let mut singly = Session::new(Arc::new(Model::new(workbook).one_by_one()));
        for session in [&mut together, &mut singly] {
            session.invalidate();
            session.recalculate(&environment, Wanted::All);
        }
        assert_same(&together, &singly, ROWS, "at first");
        for (row, col, seed, all) in edits {
            afresh.set(SheetId(0), Cell::new(row, col), grid::value(&constant(seed)));
            let value = grid::value(&constant(seed));
            let wanted = [Area { sheet: SheetId(0), rect: Rect { top: Row(row / 2), ..Rect::new(Cell::new(row, COLS - 2), Cell::new(ROWS - 1, COLS - 1)) } }];
            for session in [&mut together, &mut singly] {
                session.set(SheetId(0), Cell::new(row, col), value.clone());
                session.recalculate(&environment, if all { Wanted::All } else { Wanted::Areas(&wanted) });
            }
            if all {
                assert_same(&together, &singly, ROWS, "after an edit");
            }
        }
        for session in [&mut together, &mut singly] {
            session.recalculate(&environment, Wanted::All);
        }
        assert_same(&together, &singly, ROWS, "at last");
        // What was kept of columns and followed each edit is what a first look finds.
        afresh.invalidate();
        afresh.recalculate(&environment, Wanted::All);
        assert_same(&together, &afresh, ROWS, "done afresh");
    }
}

/// What one formula reads of its own column, near and far, decides how its copies are evaluated.
#[test]
fn copies_that_read_each_other_are_evaluated_in_order() {
    let mut cells =
        BTreeMap::from([("A1".to_owned(), serde_json::json!(1)), ("C60".to_owned(), serde_json::json!(1))]);
    for row in 2..60 {
        cells.insert(format!("A{row}"), serde_json::json!(format!("=A{}+1", row - 1)));
        cells.insert(format!("C{row}"), serde_json::json!(format!("=C{}*2-1", row + 1)));
        cells
            .insert(format!("D{row}"), serde_json::json!(format!("=IF(ROW()>30,D{},D{})", row - 1, row + 1)));
    }
    let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
    let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
    let mut session = Session::new(Arc::new(Model::new(workbook)));
    session.invalidate();
    session.recalculate(&Environment::default(), Wanted::All);
    assert!(session.value(SheetId(0), Cell::new(58, 0)).same(&Value::Number(59.0)));
    assert!(session.value(SheetId(0), Cell::new(1, 2)).same(&Value::Number(1.0)));
}

/// Chains longer than what is evaluated at once, with cells in them where no number is.
#[test]
fn long_chains_are_what_their_rows_are() {
    const LONG: u32 = 3_000;
    let mut cells = BTreeMap::from([
        ("A1".to_owned(), serde_json::json!(1)),
        (format!("B{LONG}"), serde_json::json!("2")),
        ("D1500".to_owned(), serde_json::json!("no number")),
    ]);
    for row in 2..=LONG {
        cells.insert(format!("A{row}"), serde_json::json!(format!("=A{}+1-D{row}%", row - 1)));
        cells.insert(
            format!("B{}", row - 1),
            serde_json::json!(format!("=IF(D{row}>0,1,2)*B{row}/3+C{row}",)),
        );
        cells.insert(format!("C{row}"), serde_json::json!(row % 7));
    }
    let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
    let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
    let mut together = Session::new(Arc::new(Model::new(Arc::clone(&workbook))));
    let mut singly = Session::new(Arc::new(Model::new(workbook).one_by_one()));
    let edits = [(1_499, 3, 0.5), (0, 0, 7.0), (2_047, 2, f64::MAX), (2_047, 2, 1.0), (2_998, 3, -1.0)];
    for session in [&mut together, &mut singly] {
        session.invalidate();
        session.recalculate(&Environment::default(), Wanted::All);
    }
    for edit in [None].into_iter().chain(edits.map(Some)) {
        for session in [&mut together, &mut singly] {
            if let Some((row, col, number)) = edit {
                session.set(SheetId(0), Cell::new(row, col), Value::Number(number));
            }
            session.recalculate(&Environment::default(), Wanted::All);
        }
        for row in 0..LONG {
            for col in 0..2 {
                let cell = Cell::new(row, col);
                let (x, y) = (together.value(SheetId(0), cell), singly.value(SheetId(0), cell));
                assert!(x.same(y), "{edit:?}, {cell}: {x:?} is not {y:?}");
            }
        }
    }
}
