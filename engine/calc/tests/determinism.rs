//! The same workbook gives the same bits: in whatever order its cells are asked for, together or one by one, in however
//! many threads, and on every platform.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;
mod threads;

use functions::{Environment, Pool};
use playsheet_calc::{Model, Session, Wanted};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use threads::Threads;
use values::{Area, Cell, SheetId, Value};
use workbook::Workbook;

/// The workbooks of all other cases. What they expect is checked elsewhere.
#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    cells: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    sheets: grid::Sheets,
    #[serde(default)]
    names: BTreeMap<String, String>,
    #[serde(default)]
    tables: BTreeMap<String, String>,
    iterate: Option<(u32, f64)>,
    #[serde(default)]
    circular: Vec<String>,
}

fn cases() -> Vec<(String, Workbook)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases");
    let files = ["arrays", "control", "control_functions", "database", "graph", "operators"];
    let mut books = Vec::new();
    for file in files {
        let text = std::fs::read(format!("{folder}/{file}.json")).unwrap();
        let cases: Vec<Case> =
            serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        // A circle shows what iteration left; random numbers are drawn anew at each calculation.
        let draws = |case: &Case| {
            let all = case.cells.values().chain(case.sheets.values().flat_map(BTreeMap::values));
            let text = |cell: &serde_json::Value| cell.as_str().is_some_and(|text| text.contains("RAND"));
            all.into_iter().any(text)
        };
        let plain = cases
            .into_iter()
            .filter(|case| case.iterate.is_none() && case.circular.is_empty() && !draws(case));
        books.extend(plain.map(|case| {
            let mut sheets = case.sheets;
            if !case.cells.is_empty() {
                sheets.insert("Sheet1".to_owned(), case.cells);
            }
            (format!("{file}: {}", case.name), grid::workbook(&sheets, &case.names, &case.tables))
        }));
    }
    books
}

/// A workbook in which every quick way of calculating is taken: sums whose result hangs on their order, running totals,
/// windows, lookups, conditional sums, chains, elementary functions.
fn large() -> Workbook {
    let mut cells: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    let formulas = [
        ("C", "=SIN(A#)*EXP(-A#/50)+LN(B#+1)"),
        ("D", "=SUM($A$1:A#)"),
        ("E", "=SUM(A#:A@)/3+AVERAGE(B#:B@)"),
        ("F", "=SUMIFS($A$1:$A$400,$B$1:$B$400,B#)+COUNTIF($B$1:$B$400,\">\"&B#)"),
        ("G", "=VLOOKUP(B#,$B$1:$D$400,2,FALSE)^1.5"),
        ("I", "=STDEV($C$1:C@)+PMT(B#/1000,120,-A#)"),
    ];
    let mut random = 12_345_u64;
    for row in 1..=400_u32 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        cells.insert(format!("A{row}"), ((random >> 33) as f64 / 7.0e5).into());
        cells.insert(format!("B{row}"), f64::from((random >> 50) as u32 % 37).into());
        for (col, formula) in formulas {
            let text = formula.replace('#', &row.to_string()).replace('@', &(row + 6).to_string());
            cells.insert(format!("{col}{row}"), text.into());
        }
        let chain = if row == 1 { "=A1".to_owned() } else { format!("=H{}*0.97+A{row}", row - 1) };
        cells.insert(format!("H{row}"), chain.into());
    }
    cells.insert("J1".to_owned(), "=SUM(A:I)".into());
    cells.insert("J2".to_owned(), "=SUMPRODUCT(A1:A400,B1:B400,C1:C400)".into());
    cells.insert("K1".to_owned(), "~=SORT(A1:A400*B1:B400)".into());
    let sheets = grid::Sheets::from([("Sheet1".to_owned(), cells)]);
    grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new())
}

/// All values bit by bit.
fn bits(session: &Session) -> String {
    let mut out = String::new();
    for sheet in (0..session.model().workbook().sheets.len() as u16).map(SheetId) {
        let grid = session.grid(sheet).unwrap();
        for (cell, value) in grid.iter() {
            match value {
                Value::Number(number) => {
                    writeln!(out, "{} {cell} {:016x}", sheet.0, number.to_bits()).unwrap();
                }
                other => writeln!(out, "{} {cell} {other:?}", sheet.0).unwrap(),
            }
        }
    }
    out
}

fn fresh(model: &Arc<Model>) -> Session {
    let mut session = Session::new(Arc::clone(model));
    session.invalidate();
    session
}

fn whole(model: &Arc<Model>) -> String {
    let mut session = fresh(model);
    session.recalculate(&Environment::default(), Wanted::All);
    bits(&session)
}

/// Asks for the formula cells one after the other in an order of its own, then for the rest.
fn on_demand(model: &Arc<Model>, order: u64) -> String {
    let mut session = fresh(model);
    let mut cells: Vec<(SheetId, Cell)> = session.computed().collect();
    let key = |(sheet, cell): &(SheetId, Cell)| {
        let place = u64::from(sheet.0) << 48 | u64::from(cell.row.0) << 16 | u64::from(cell.col.0);
        (place ^ order).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(order | 1)
    };
    match order {
        0 => cells.reverse(),
        _ => cells.sort_by_key(key),
    }
    for (sheet, cell) in cells {
        session.recalculate(&Environment::default(), Wanted::Areas(&[Area::cell(sheet, cell)]));
    }
    session.recalculate(&Environment::default(), Wanted::All);
    bits(&session)
}

#[track_caller]
fn assert_same(what: &str, expected: &str, found: &str) {
    let different: Vec<String> = expected
        .lines()
        .zip(found.lines())
        .filter(|(a, b)| a != b)
        .map(|(a, b)| format!("{a} is now {b}"))
        .take(10)
        .collect();
    assert!(different.is_empty() && expected.len() == found.len(), "{what}:\n{}", different.join("\n"));
}

#[test]
fn the_order_of_asking_makes_no_difference() {
    let books = cases();
    assert!(books.len() > 50, "only {} workbooks", books.len());
    for (name, book) in books {
        let model = Arc::new(Model::new(Arc::new(book)));
        let expected = whole(&model);
        for order in 0..4 {
            assert_same(&format!("{name}, order {order}"), &expected, &on_demand(&model, order));
        }
        let one_by_one = Arc::new(Model::clone(&model).one_by_one());
        assert_same(&format!("{name}, one by one"), &expected, &whole(&one_by_one));
    }
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    let model = Arc::new(Model::new(Arc::new(large())));
    let expected = whole(&model);
    assert!(expected.lines().count() > 4_000);
    for threads in [1, 2, 8] {
        let found: Vec<String> = std::thread::scope(|scope| {
            let work = |order: u64| {
                let model = &model;
                scope.spawn(
                    move || if order.is_multiple_of(2) { whole(model) } else { on_demand(model, order) },
                )
            };
            let running: Vec<_> = (0..threads).map(work).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (order, found) in found.iter().enumerate() {
            assert_same(&format!("{threads} threads, order {order}"), &expected, found);
        }
    }
    let one_by_one = Arc::new(Model::clone(&model).one_by_one());
    assert_same("one by one", &expected, &whole(&one_by_one));
}

/// Families long enough to be shared among threads: texts, lookups, conditional sums, dates, errors, random numbers.
fn long() -> Workbook {
    let formulas = [
        ("C", "=A#&\"-\"&TEXT(B#,\"0.0\")&IF(MOD(A#,3)=0,\"x\",D$1)"),
        ("E", "=VLOOKUP(B#,$A$1:$B$4200,2,FALSE)"),
        ("F", "=SUMIFS($A$1:$A$4200,$B$1:$B$4200,B#,$A$1:$A$4200,\">100\")"),
        ("G", "=NETWORKDAYS(A#+40000,A#+40400,$H$1:$H$40)"),
        ("I", "=IFERROR(SQRT(B#-50),\"none\")"),
        ("J", "=EDATE(40000+A#,B#)+RAND()"),
        ("K", "=XLOOKUP(C#,$C$1:$C$4200,$A$1:$A$4200)+LEN(SUBSTITUTE(C#,\"-\",D$1))"),
        ("L", "=SUMPRODUCT(LEN($C$1:$C$60))+COUNTIFS($B$1:$B$4200,B#,$A$1:$A$4200,A#)"),
        ("M", "=1/(B#-MEDIAN(B#,7))"),
    ];
    let mut cells: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    cells.insert("D1".to_owned(), "joined".into());
    for row in 1..=4_200_u32 {
        cells.insert(format!("A{row}"), f64::from(row * 7919 % 4_201).into());
        cells.insert(format!("B{row}"), f64::from(row * 31 % 101).into());
        if row <= 40 {
            cells.insert(format!("H{row}"), f64::from(40_000 + row * 9).into());
        }
        for (col, formula) in formulas {
            cells.insert(format!("{col}{row}"), formula.replace('#', &row.to_string()).into());
        }
    }
    let sheets = grid::Sheets::from([("Sheet1".to_owned(), cells)]);
    grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new())
}

#[test]
fn threads_that_share_a_calculation_make_no_difference() {
    let model = Arc::new(Model::new(Arc::new(long())));
    let after = |pool: Option<Arc<dyn Pool>>| {
        let environment = Environment { pool, ..Environment::default() };
        let mut session = fresh(&model);
        let mut all = Vec::new();
        let edits = [("A100", 12.0), ("B17", 55.0), ("D1", 3.0), ("H7", 40_123.0), ("A4199", -1.0)];
        for (cell, value) in edits {
            let report = session.recalculate(&environment, Wanted::All);
            all.push((bits(&session), report.evaluations, report.circular));
            session.set(SheetId(0), cell.parse().unwrap(), Value::Number(value));
        }
        session.recalculate(&environment, Wanted::All);
        all.push((bits(&session), 0, Vec::new()));
        all
    };
    let expected = after(None);
    assert!(expected[0].0.contains("Error(Div0)") && expected[0].0.contains("Error(NA)"));
    for threads in [2, 5] {
        let pool = Arc::new(Threads(threads, AtomicUsize::new(0)));
        let found = after(Some(Arc::clone(&pool) as Arc<dyn Pool>));
        for (step, (expected, found)) in expected.iter().zip(found).enumerate() {
            assert_same(&format!("{threads} threads, step {step}"), &expected.0, &found.0);
            assert_eq!((expected.1, &expected.2), (found.1, &found.2), "{threads} threads, step {step}");
        }
        assert!(pool.1.load(Ordering::Relaxed) > 10, "nothing was shared");
    }
}

#[test]
fn what_was_calculated_step_by_step_is_what_is_calculated_at_once() {
    let model = Arc::new(Model::new(Arc::new(large())));
    let mut session = fresh(&model);
    session.recalculate(&Environment::default(), Wanted::All);
    for step in 0..40_u32 {
        let cell = Cell::new(step * 37 % 400, (step % 2) as u16);
        session.set(SheetId(0), cell, Value::Number(f64::from(step * 7 % 37) + 0.1));
        let wanted = [Area::cell(SheetId(0), Cell::new(step * 11 % 400, 4 + (step % 5) as u16))];
        session.recalculate(&Environment::default(), Wanted::Areas(&wanted));
    }
    session.recalculate(&Environment::default(), Wanted::All);
    let mut at_once = session.clone();
    at_once.invalidate();
    at_once.recalculate(&Environment::default(), Wanted::All);
    assert_same("after edits", &bits(&at_once), &bits(&session));
}

/// The last bit of what functions give, from `cases/bits.txt`: a platform with another one fails here.
#[test]
fn functions_give_the_same_bits_on_every_platform() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/cases/bits.txt")).unwrap();
    let lines: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| line.split_once(' ').unwrap())
        .collect();
    assert!(lines.len() >= 100, "only {} formulas", lines.len());
    let mut cells: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for (row, (_, formula)) in (1..).zip(&lines) {
        cells.insert(format!("A{row}"), (*formula).into());
    }
    for row in 1..=200_u32 {
        cells.insert(format!("D{row}"), (f64::from(row * 7919 % 1009) / 9.7).into());
        cells.insert(format!("E{row}"), (f64::from(row * 104_729 % 997) / 31.0 - 12.0).into());
    }
    let sheets = grid::Sheets::from([("Sheet1".to_owned(), cells)]);
    let mut session = grid::session(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
    session.recalculate(&Environment::default(), Wanted::All);
    let mut wrong = String::new();
    for (row, (expected, formula)) in (0..).zip(&lines) {
        let found = match session.value(SheetId(0), Cell::new(row, 0)) {
            Value::Number(number) => format!("{:016x}", number.to_bits()),
            other => panic!("{formula} gives {other:?}"),
        };
        if found != *expected {
            writeln!(wrong, "{found} {formula}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "other bits:\n{wrong}");
}
