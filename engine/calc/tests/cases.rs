//! Calculation cases from data files: cells, what they must show, and what they must show after edits.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;

use functions::Environment;
use playsheet_calc::{Session, Wanted};
use serde::Deserialize;
use std::collections::BTreeMap;
use values::{Area, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Cells of the only sheet, or by sheet.
    #[serde(default)]
    cells: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    sheets: grid::Sheets,
    #[serde(default)]
    names: BTreeMap<String, String>,
    #[serde(default)]
    tables: BTreeMap<String, String>,
    /// Rows of the first sheet that are hidden, from 1, and whether its filter leaves rows out.
    #[serde(default)]
    hidden: Vec<u32>,
    #[serde(default)]
    filtered: bool,
    /// Rounds and smallest change, for workbooks that iterate.
    iterate: Option<(u32, f64)>,
    expect: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    edits: Vec<Edit>,
    /// Cells that must be reported as circular.
    #[serde(default)]
    circular: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    #[serde(default)]
    set: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    reset: Vec<String>,
    expect: BTreeMap<String, serde_json::Value>,
    /// How many formulas this edit may evaluate at most.
    most_evaluations: Option<u64>,
    /// The cells that are wanted; all of them if none is named.
    #[serde(default)]
    wanted: Vec<String>,
    /// Cells that must be reported as circular then; those from the beginning unless this says otherwise.
    circular: Option<Vec<String>>,
}

fn check(
    case: &Case,
    session: &Session,
    step: usize,
    expect: &BTreeMap<String, serde_json::Value>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (reference, expected) in expect {
        let (sheet, cell) = grid::find(session, reference);
        let (found, expected) = (session.value(sheet, cell), grid::value(expected));
        let equal = match (found, &expected) {
            (Value::Number(a), Value::Number(b)) => (a - b).abs() <= 1e-12 * b.abs().max(1.0),
            (a, b) => a.same(b),
        };
        if !equal {
            wrong.push(format!("{}, step {step}, {reference}: {found:?} is not {expected:?}", case.name));
        }
    }
    wrong
}

fn run(case: &Case) -> Vec<String> {
    let mut sheets = case.sheets.clone();
    if !case.cells.is_empty() {
        sheets.insert("Sheet1".to_owned(), case.cells.clone());
    }
    let mut book = grid::workbook(&sheets, &case.names, &case.tables);
    grid::hide(&mut book, &case.hidden, case.filtered);
    if let Some((count, delta)) = case.iterate {
        book = grid::iterating(book, count, delta);
    }
    let mut session = grid::session(book);
    let environment = Environment::default();
    let report = session.recalculate(&environment, Wanted::All);
    let mut wrong = check(case, &session, 0, &case.expect);
    let cells = |session: &Session, references: &[String]| -> Vec<_> {
        references.iter().map(|reference| grid::find(session, reference)).collect()
    };
    if report.circular != cells(&session, &case.circular) {
        wrong.push(format!("{}: circular cells are {:?}", case.name, report.circular));
    }
    for (step, edit) in case.edits.iter().enumerate() {
        for (reference, json) in &edit.set {
            let (sheet, cell) = grid::find(&session, reference);
            session.set(sheet, cell, grid::value(json));
        }
        for reference in &edit.reset {
            let (sheet, cell) = grid::find(&session, reference);
            session.reset(sheet, cell);
        }
        let wanted = cells(&session, &edit.wanted).into_iter().map(|(sheet, cell)| Area::cell(sheet, cell));
        let wanted: Vec<Area> = wanted.collect();
        let wanted = if wanted.is_empty() { Wanted::All } else { Wanted::Areas(&wanted) };
        let report = session.recalculate(&environment, wanted);
        wrong.extend(check(case, &session, step + 1, &edit.expect));
        if report.circular != cells(&session, edit.circular.as_ref().unwrap_or(&case.circular)) {
            wrong.push(format!("{}, step {}: circular cells are {:?}", case.name, step + 1, report.circular));
        }
        if edit.most_evaluations.is_some_and(|most| report.evaluations > most) {
            wrong.push(format!("{}, step {}: {} evaluations", case.name, step + 1, report.evaluations));
        }
    }
    wrong
}

#[test]
fn cells_show_what_the_cases_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files {
        let cases: Vec<Case> = serde_json::from_slice(&std::fs::read(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        count += cases.len();
        wrong.extend(cases.iter().flat_map(run));
    }
    assert!(count > 30, "only {count} cases were found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Excel draws other numbers each time; here the seed decides.
#[test]
fn random_numbers_follow_the_seed() {
    let drawn = |seed: u64| {
        let cells = [("A1".to_owned(), serde_json::json!("=RAND()"))].into_iter().collect();
        let sheets = [("Sheet1".to_owned(), cells)].into_iter().collect();
        let mut session = grid::session(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
        session.recalculate(&Environment { seed, ..Environment::default() }, Wanted::All);
        let (sheet, cell) = grid::find(&session, "A1");
        session.value(sheet, cell).clone()
    };
    assert!(drawn(1).same(&drawn(1)));
    assert!(!drawn(1).same(&drawn(2)));
}
