//! Random workbooks and random edits: what is calculated step by step equals what is calculated from nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;

use functions::Environment;
use playsheet_calc::{Session, Wanted};
use proptest::prelude::*;
use std::collections::BTreeMap;
use values::{Area, Cell, Rect, SheetId, Value};

const ROWS: u32 = 12;
const COLS: u16 = 5;

/// A formula for a cell that reads only columns left of it and rows above it, so that there are no cycles.
fn formula(cell: Cell, choice: u8, seed: u32) -> String {
    let left = |n: u32| {
        Cell::new(seed.wrapping_mul(7).wrapping_add(n) % ROWS, cell.col.0 - 1 - (n as u16 % cell.col.0))
    };
    let above =
        |n: u32| if cell.row.0 == 0 { left(n) } else { Cell { row: values::Row(n % cell.row.0), ..cell } };
    let (a, b) = (left(seed), above(seed.wrapping_add(3)));
    match choice % 9 {
        0 => format!("={a}+1"),
        1 => format!("={a}*{b}-2"),
        2 => format!("=SUM({}:{b})", Cell { row: values::Row(0), ..b }),
        3 => format!("=MAX({},{a})", Rect::new(a, left(seed.wrapping_add(1)))),
        4 => format!("=ROUND({a}/3,1)"),
        5 => format!("={a}&\"-\"&{b}"),
        6 => {
            format!("=SUM({})", Rect::new(Cell::new(0, cell.col.0 - 1), Cell::new(ROWS - 1, cell.col.0 - 1)))
        }
        7 => format!("={a}>{b}"),
        _ => format!("=COUNT(A:{})", values::column_letters(values::Col(cell.col.0 - 1))),
    }
}

fn cells() -> impl Strategy<Value = BTreeMap<String, serde_json::Value>> {
    prop::collection::vec((any::<u8>(), any::<u32>(), any::<bool>()), usize::from(COLS) * ROWS as usize)
        .prop_map(|all| {
            let mut cells = BTreeMap::new();
            for (place, (choice, seed, same)) in all.into_iter().enumerate() {
                let cell = Cell::new(place as u32 / u32::from(COLS), (place % usize::from(COLS)) as u16);
                let content = match cell.col.0 {
                    0 => serde_json::json!(f64::from(seed % 100)),
                    // Copies of one formula down a column make families.
                    col if same => {
                        let letter = values::column_letters(values::Col(col - 1));
                        serde_json::json!(format!("={letter}{}*2", cell.row.0 + 1))
                    }
                    _ => serde_json::json!(formula(cell, choice, seed)),
                };
                cells.insert(cell.to_string(), content);
            }
            cells
        })
}

fn from_nothing(session: &Session) -> Session {
    let mut fresh = session.clone();
    fresh.invalidate();
    fresh.recalculate(&Environment::default(), Wanted::All);
    fresh
}

fn assert_same(a: &Session, b: &Session, what: &str) {
    for cell in Rect::new(Cell::default(), Cell::new(ROWS, COLS)).cells() {
        let (x, y) = (a.value(SheetId(0), cell), b.value(SheetId(0), cell));
        assert!(x.same(y), "{what}, {cell}: {x:?} is not {y:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn edits_give_what_a_full_calculation_gives(
        cells in cells(),
        edits in prop::collection::vec((0..ROWS, 0..COLS, -50..50_i32, any::<bool>(), any::<bool>()), 1..12),
    ) {
        let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
        let environment = Environment::default();
        let mut session = grid::session(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
        session.recalculate(&environment, Wanted::All);
        assert_same(&session, &from_nothing(&session), "at first");
        for (row, col, number, reset, all) in edits {
            let cell = Cell::new(row, col);
            if reset {
                session.reset(SheetId(0), cell);
            } else {
                session.set(SheetId(0), cell, Value::Number(f64::from(number)));
            }
            if all {
                session.recalculate(&environment, Wanted::All);
                assert_same(&session, &from_nothing(&session), "after an edit");
            } else {
                let wanted = Rect::new(Cell::new(row, COLS - 1), Cell::new(ROWS - 1, COLS - 1));
                let areas = [Area { sheet: SheetId(0), rect: wanted }];
                session.recalculate(&environment, Wanted::Areas(&areas));
                let fresh = from_nothing(&session);
                for cell in wanted.cells() {
                    assert!(!session.is_stale(SheetId(0), cell));
                    assert!(session.value(SheetId(0), cell).same(fresh.value(SheetId(0), cell)), "wanted {cell}");
                }
            }
        }
        session.recalculate(&environment, Wanted::All);
        assert_same(&session, &from_nothing(&session), "at last");
    }
}
