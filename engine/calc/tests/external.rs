//! References to other workbooks: they show what the file remembers of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "shared by the tests of this crate, which do not all use all of it")]
mod grid;

use functions::Environment;
use playsheet_calc::Wanted;
use std::collections::BTreeMap;
use values::{Cell, Text, Value};
use workbook::{ExternalBook, ExternalName, Grid};

#[test]
fn what_is_not_remembered_is_empty_and_tables_keep_their_columns() {
    let formulas = [
        ("A1", "=VLOOKUP(\"x\",[1]Empty!$A$2:$B$3,2,FALSE)", serde_json::json!("#N/A")),
        ("A2", "=COLUMNS([1]Empty!$A$2:$C$3)", serde_json::json!(3)),
        ("A3", "=VLOOKUP(\"k\",[1]Data!A:C,2,FALSE)", serde_json::json!(7)),
        ("A4", "=VLOOKUP(\"k\",[1]Data!A:C,3,FALSE)", serde_json::json!(0)),
        ("A5", "=SUM([1]Data!B1:B9)", serde_json::json!(7)),
        ("A6", "=[1]Gone!B1", serde_json::json!("#REF!")),
        ("A7", "=[1]!Rate*2", serde_json::json!(14)),
        ("A8", "=SUM([1]!Table)", serde_json::json!(7)),
        ("A9", "=[1]Data!Rate", serde_json::json!("k")),
        ("A10", "=Own+1", serde_json::json!(8)),
        ("A11", "=[1]!Nobody", serde_json::json!("#REF!")),
        ("A12", "=[2]!Rate", serde_json::json!("#REF!")),
    ];
    let cells = formulas.iter().map(|(cell, formula, _)| ((*cell).to_owned(), serde_json::json!(formula)));
    let sheets = [("Sheet1".to_owned(), cells.collect())].into_iter().collect();
    let mut data = Grid::default();
    data.set(Cell::new(4, 0), Value::text("k"));
    data.set(Cell::new(4, 1), Value::Number(7.0));
    let names = BTreeMap::from([("Own".to_owned(), "[1]!Rate".to_owned())]);
    let mut book = grid::workbook(&sheets, &names, &BTreeMap::new());
    let sheets = vec![(Text::from("Empty"), Grid::default()), (Text::from("Data"), data)];
    let called = |name: &str, scope: Option<&str>, cells: &str| ExternalName {
        name: Text::from(name),
        scope: scope.map(Text::from),
        sheet: Text::from("Data"),
        cells: cells.parse().unwrap(),
    };
    let names = vec![
        called("Rate", Some("Data"), "A5"),
        called("RATE", None, "B5"),
        called("Rate", Some("Empty"), "A1"),
        called("Table", None, "A1:C9"),
    ];
    book.external_books = vec![ExternalBook { target: Text::from("other.xlsx"), sheets, names }];
    let mut session = grid::session(book);
    session.recalculate(&Environment::default(), Wanted::All);
    for (cell, formula, expected) in &formulas {
        let (sheet, at) = grid::find(&session, cell);
        let (found, expected) = (session.value(sheet, at), grid::value(expected));
        assert!(found.same(&expected), "{formula}: {found:?} is not {expected:?}");
    }
}
