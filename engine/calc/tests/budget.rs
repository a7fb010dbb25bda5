//! A budget ends what is small in a file and long in the making, and what is not done is not taken for calculated.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;

use functions::Environment;
use playsheet_calc::{Ended, Session, Wanted};
use std::collections::BTreeMap;
use values::Value;
use workbook::Workbook;

const FEW: u64 = 2_000;

fn book(cells: &[(String, &str)]) -> Workbook {
    let cells = cells.iter().map(|(at, content)| (at.clone(), (*content).into())).collect();
    let sheets = grid::Sheets::from([("Sheet1".to_owned(), cells)]);
    grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new())
}

/// Few units do not suffice, many do; answers the session with few and that with many.
#[track_caller]
fn with_few_and_many(book: &Workbook, many: u64) -> [Session; 2] {
    [(FEW, Ended::OutOfBudget), (many, Ended::Done)].map(|(budget, ended)| {
        let mut session = grid::session(book.clone());
        let report = session.recalculate(&Environment { budget, ..Environment::default() }, Wanted::All);
        assert_eq!(report.ended, ended, "{budget} units");
        assert!(report.units <= budget);
        session
    })
}

#[test]
fn one_value_that_fills_a_thousand_rows_costs_what_it_fills() {
    let book = book(&[("A1:C1000".to_owned(), "{=5}")]);
    let [few, many] = with_few_and_many(&book, 2 * FEW);
    let (sheet, last) = grid::find(&few, "C1000");
    assert!(few.is_stale(sheet, last));
    assert!(!many.is_stale(sheet, last) && many.value(sheet, last).same(&Value::Number(5.0)));
}

#[test]
fn every_round_of_a_circle_costs_its_cells() {
    let circle = [("A1".to_owned(), "=A2+1"), ("A2".to_owned(), "=A1+1")];
    let book = grid::iterating(book(&circle), 2_000, 0.0);
    let [_, many] = with_few_and_many(&book, 1_000_000);
    let (sheet, first) = grid::find(&many, "A1");
    assert!(matches!(many.value(sheet, first), Value::Number(rounds) if *rounds > 2_000.0));
}
