//! Random families tall enough to be evaluated in tiles, and edits that reach many rows: tiles give what their cells give
//! one by one, with threads and without.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;
mod shapes;
mod threads;

use functions::Environment;
use playsheet_calc::{Model, Session, Wanted};
use proptest::prelude::*;
use shapes::{COLS, INPUTS, assert_same, cells, constant};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use threads::Threads;
use values::{Area, Cell, Rect, Row, SheetId, Value};

/// More than one tile, and not a whole number of them.
const ROWS: u32 = 1_400;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn tiles_give_what_their_cells_give_one_by_one(
        cells in cells(ROWS),
        edits in prop::collection::vec((0..6_u32, 0..COLS, any::<u32>()), 1..5),
        far in (0..ROWS, INPUTS..COLS, any::<u32>()),
        threads in 1..4_usize,
    ) {
        let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
        let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
        let pool = Arc::new(Threads(threads, AtomicUsize::new(0)));
        let shared = Environment { pool: Some(pool), ..Environment::default() };
        let mut together = Session::new(Arc::new(Model::new(Arc::clone(&workbook))));
        let mut singly = Session::new(Arc::new(Model::new(workbook).one_by_one()));
        let alone = Environment::default();
        for (session, environment) in [(&mut together, &shared), (&mut singly, &alone)] {
            session.invalidate();
            session.recalculate(environment, Wanted::All);
        }
        assert_same(&together, &singly, ROWS, "at first");
        // An input in the middle of a family first, so that some tile is not a family's alone.
        for (row, col, seed) in [far].into_iter().chain(edits) {
            let some = Cell::new(seed % ROWS, COLS - 1 - row as u16 % 3);
            let wanted = Area { sheet: SheetId(0), rect: Rect::new(some, Cell { row: Row(ROWS / 2), ..some }) };
            for (session, environment) in [(&mut together, &shared), (&mut singly, &alone)] {
                session.set(SheetId(0), Cell::new(row, col), grid::value(&constant(seed)));
                session.recalculate(environment, Wanted::Areas(&[wanted]));
                assert!(wanted.rect.cells().all(|cell| !session.is_stale(SheetId(0), cell)));
            }
            for cell in wanted.rect.cells() {
                let (x, y) = (together.value(SheetId(0), cell), singly.value(SheetId(0), cell));
                assert!(x.same(y), "wanted {cell}: {x:?} is not {y:?}");
            }
            for (session, environment) in [(&mut together, &shared), (&mut singly, &alone)] {
                session.recalculate(environment, Wanted::All);
            }
            assert_same(&together, &singly, ROWS, "after an edit");
        }
        for (session, environment) in [(&mut together, &shared), (&mut singly, &alone)] {
            session.invalidate();
            session.recalculate(environment, Wanted::All);
        }
        assert_same(&together, &singly, ROWS, "afresh");
    }
}

/// Columns over the same rows that read each other beside and, some, as a whole; a chain; formulas of one cell between
/// them; a cycle that only some rows enter.
#[test]
fn bands_come_in_the_order_in_which_they_are_read() {
    const TALL: u32 = 2_500;
    let mut cells = BTreeMap::from([
        ("A1".to_owned(), serde_json::json!(1.5)),
        ("J1".to_owned(), serde_json::json!(format!("=SUM(D1:D{TALL})"))),
        ("J2".to_owned(), serde_json::json!("=J1/2")),
        ("J3".to_owned(), serde_json::json!(format!("=MAX(F1:F{TALL})-J2"))),
    ]);
    for row in 1..=TALL {
        for (col, formula) in [
            ("B", "=ROW()*$A$1"),
            ("C", "=IF(B#>700,B#-$J$4,B#&\"\")"),
            ("D", "=IFERROR(C#+B#,2)*3"),
            ("E", "=D#-$J$2"),
            ("F", "=ROUND(E#/7,1)+SUM(B#:C#)"),
            ("G", "=VLOOKUP(F#,$F$1:$G$3,1)"),
            ("H", "=MAX(E#,F#)+$J$3"),
        ] {
            cells.insert(format!("{col}{row}"), formula.replace('#', &row.to_string()).into());
        }
        if row > 1 && row <= 900 {
            cells.insert(format!("I{row}"), format!("=I{}+H{row}-$A$1", row - 1).into());
        }
    }
    let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
    let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
    let mut together = Session::new(Arc::new(Model::new(Arc::clone(&workbook))));
    let mut singly = Session::new(Arc::new(Model::new(workbook).one_by_one()));
    let pool = Arc::new(Threads(2, AtomicUsize::new(0)));
    let shared = Environment { pool: Some(pool), ..Environment::default() };
    let mut evaluations = Vec::new();
    for (step, number) in [1.5, 2.0, 2.0, -1.0].into_iter().enumerate() {
        for session in [&mut together, &mut singly] {
            if step == 0 {
                session.invalidate();
            }
            session.set(SheetId(0), Cell::new(0, 0), Value::Number(number));
        }
        let report = together.recalculate(&shared, Wanted::All);
        singly.recalculate(&Environment::default(), Wanted::All);
        for row in 0..TALL {
            for col in 0..10 {
                let cell = Cell::new(row, col);
                let (x, y) = (together.value(SheetId(0), cell), singly.value(SheetId(0), cell));
                assert!(x.same(y), "step {step}, {cell}: {x:?} is not {y:?}");
            }
        }
        assert!(together.circular().eq(singly.circular()), "step {step}");
        evaluations.push(report.evaluations);
    }
    assert_eq!(evaluations[2], 0, "nothing changed");
}

/// Arrays that read long columns and each other's cells, evaluated at the same time: what they fill, what stands in their
/// way and what reads them is as without threads.
#[test]
fn large_arrays_at_the_same_time_give_what_they_give_in_turn() {
    const LONG: u32 = 17_000;
    let mut cells = BTreeMap::from([("D1".to_owned(), serde_json::json!(40))]);
    for row in 1..=LONG {
        cells.insert(format!("A{row}"), f64::from(row * 7919 % 101).into());
    }
    let column = format!("$A$1:$A${LONG}");
    let formulas = [
        ("F1", format!("~=FILTER({column},{column}>$D$1,0)")),
        ("H1", "~=SORT(F1#)".to_owned()),
        ("J1", format!("~={column}*$D$1")),
        ("L1", format!("~=UNIQUE({column}+$D$1)")),
        ("L200", format!("~=SUM(J1#)+SUM(H1#)+SUM({column})")),
        ("N1", "~=TAKE(J1#,3)".to_owned()),
        ("P1", format!("~=ROWS(FILTER({column},{column}<$D$1,1/0))")),
        ("R1", format!("~=SUM(({column}>$D$1)*F1:F{LONG})")),
    ];
    cells.extend(formulas.map(|(cell, formula)| (cell.to_owned(), formula.into())));
    let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
    let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
    let mut in_turn = Session::new(Arc::new(Model::new(workbook)));
    in_turn.invalidate();
    in_turn.recalculate(&Environment::default(), Wanted::All);
    let mut together = in_turn.clone();
    let pool = Arc::new(Threads(3, AtomicUsize::new(0)));
    let shared =
        Environment { pool: Some(Arc::clone(&pool) as Arc<dyn functions::Pool>), ..Environment::default() };
    for (cell, value) in [
        ("D1", 50.0.into()),
        ("A9", 77.0.into()),
        ("F5", 1.0.into()),
        ("D1", 7.0.into()),
        ("F5", Value::Empty),
        ("D1", Value::Text("x".into())),
    ] {
        for (session, environment) in [(&mut together, &shared), (&mut in_turn, &Environment::default())] {
            session.set(SheetId(0), cell.parse().unwrap(), value.clone());
            session.recalculate(environment, Wanted::All);
        }
        for cell in Rect::new(Cell::default(), Cell::new(LONG, 18)).cells() {
            let (x, y) = (together.value(SheetId(0), cell), in_turn.value(SheetId(0), cell));
            assert!(x.same(y), "{cell}: {x:?} is not {y:?}");
        }
        let spilled =
            |session: &Session| session.spilled().map(|at| format!("{at:?}")).collect::<BTreeSet<_>>();
        assert_eq!(spilled(&together), spilled(&in_turn));
    }
    assert!(pool.1.load(Ordering::Relaxed) >= 4, "nothing was shared");
}
