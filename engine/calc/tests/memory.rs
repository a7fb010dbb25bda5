//! How many bytes cells take, counted by the allocator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod built;

use built::build;
use built::workloads::SHAPES;
use cap::Cap;
use functions::Environment;
use playsheet_calc::{Model, Session, Wanted};
use std::alloc::System;
use std::sync::{Arc, Mutex, PoisonError};
use values::{Cell, SheetId, Value};
use workbook::{Sheet, Workbook};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// What is counted belongs to one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Bytes that a calculated session and its workbook hold.
fn held(book: impl FnOnce() -> Workbook) -> (usize, Session) {
    let before = MEMORY.allocated();
    let mut session = Session::new(Arc::new(Model::new(Arc::new(book()))));
    session.invalidate();
    session.recalculate(&Environment::default(), Wanted::All);
    (MEMORY.allocated() - before, session)
}

#[test]
fn a_formula_cell_in_a_family_takes_at_most_60_bytes() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let grid = SHAPES.iter().find(|shape| shape.name == "grid").unwrap();
    let (bytes, session) = held(|| build(grid.at(0.1)));
    let formulas = session.computed().count();
    assert!(formulas > 100_000, "only {formulas} formulas");
    // The inputs beside the formulas are in this too.
    let each = bytes as f64 / formulas as f64;
    assert!(each <= 60.0, "{each:.1} bytes a formula cell");
}

#[test]
fn a_plain_number_takes_16_bytes() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (rows, cols) = (50_000_u32, 10_u16);
    let (bytes, _session) = held(|| {
        let mut book = Workbook { sheets: vec![Sheet::new("Sheet1")], ..Workbook::default() };
        let grid = &mut book.sheet_mut(SheetId(0)).unwrap().grid;
        for row in 0..rows {
            for col in 0..cols {
                grid.set(Cell::new(row, col), Value::Number(f64::from(row * 10 + u32::from(col)) / 8.0));
            }
        }
        book
    });
    let each = bytes as f64 / (f64::from(rows) * f64::from(cols));
    // Columns are kept in blocks, of which the last has room for more.
    assert!(each <= 16.5, "{each:.2} bytes a number");
}
