//! Goal seek, what-if tables and scenarios from `cases/what_if`, and what holds for all of them: the session stays as
//! it is, the work can be stopped, and what is accepted can be undone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;

use functions::Environment;
use playsheet_calc::{
    Editor, Ended, Goal, Progress, SeekLimits, SeekOutcome, Session, Variation, Wanted, WhatIf, WhatIfError,
    scenario_edit,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use values::{Cell, Rect, SheetId, Text, Value};
use workbook::{DataTable, Iteration, Scenario};

fn cases<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = format!("{}/cases/what_if/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(&path).unwrap();
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn calculated(
    cells: &BTreeMap<String, serde_json::Value>,
    sheets: &grid::Sheets,
    change: impl FnOnce(&mut workbook::Workbook),
) -> Session {
    let mut sheets = sheets.clone();
    if !cells.is_empty() {
        sheets.insert("Sheet1".to_owned(), cells.clone());
    }
    let mut book = grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new());
    change(&mut book);
    let mut session = grid::session(book);
    session.recalculate(&Environment::default(), Wanted::All);
    session
}

fn everything(session: &Session) -> Vec<(SheetId, Cell, Value)> {
    let sheets = 0..session.model().workbook().sheets.len() as u16;
    let all = sheets.map(SheetId).flat_map(|sheet| {
        let grid = session.grid(sheet).unwrap();
        let used = grid.used().into_iter().flat_map(Rect::cells);
        used.map(move |cell| (sheet, cell, grid.get(cell).clone())).collect::<Vec<_>>()
    });
    all.collect()
}

fn assert_unchanged(name: &str, before: &[(SheetId, Cell, Value)], session: &Session) {
    let after = everything(session);
    assert_eq!(before.len(), after.len(), "{name}");
    for ((_, cell, a), (_, _, b)) in before.iter().zip(&after) {
        assert!(a.same(b), "{name}: {cell} is {b:?}, was {a:?}");
    }
    assert_eq!(session.inputs().count(), 0, "{name}");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeekCase {
    name: String,
    /// Where the expectation comes from.
    #[serde(default, rename = "source")]
    _source: String,
    #[serde(default)]
    cells: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    sheets: grid::Sheets,
    /// The workbook's settings: rounds and difference.
    search: Option<(u32, f64)>,
    formula: String,
    target: f64,
    input: String,
    expect: Option<SeekExpected>,
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeekExpected {
    #[serde(default)]
    outcome: String,
    value: Option<f64>,
    /// How far the value may be off; nothing unless given.
    #[serde(default)]
    within: f64,
    result: Option<f64>,
    /// Whether the target is met to the last digit.
    #[serde(default)]
    exact: bool,
    /// How far off the target is at most.
    difference: Option<f64>,
    most_tries: Option<u32>,
}

fn seek(case: &SeekCase) -> Result<(), String> {
    let session = calculated(&case.cells, &case.sheets, |book| {
        if let Some((count, delta)) = case.search {
            book.search = Iteration { count, delta };
        }
    });
    let before = everything(&session);
    let find = |cell: &str| grid::find(&session, cell);
    let goal = Goal { formula: find(&case.formula), target: case.target, input: find(&case.input) };
    let limits = SeekLimits::of(session.model().workbook());
    let found = session.seek(&goal, limits, &Environment::default(), &mut |_| {});
    assert_unchanged(&case.name, &before, &session);
    let (expect, found) = match (&case.expect, &case.error, found) {
        (Some(expect), None, Ok(found)) => (expect, found),
        (None, Some(error), Err(found)) if found.to_string().contains(error) => return Ok(()),
        (.., found) => return Err(format!("{found:?}")),
    };
    let is_outcome = match expect.outcome.as_str() {
        "" => found.outcome == SeekOutcome::Found,
        "not found" => found.outcome == SeekOutcome::NotFound,
        other => panic!("{other}"),
    };
    let is_right = is_outcome
        && expect.value.is_none_or(|value| (found.value - value).abs() <= expect.within)
        && expect.result.is_none_or(|result| (found.result - result).abs() <= 1e-9)
        && (!expect.exact || found.difference == 0.0)
        && expect.difference.is_none_or(|difference| found.difference.abs() <= difference)
        && expect.most_tries.is_none_or(|most| found.tries <= most)
        && found.tries <= limits.tries
        && (found.result - case.target - found.difference).abs() <= 1e-9 * case.target.abs().max(1.0);
    // What is told must be what the workbook shows once it is accepted.
    let mut editor = Editor::new(session);
    editor.apply("Goal seek", &[goal.edit(found.value)]).unwrap();
    editor.session_mut().recalculate(&Environment::default(), Wanted::All);
    let shown = editor.session().value(goal.formula.0, goal.formula.1).clone();
    let draws = case.cells.values().any(|cell| cell.as_str().is_some_and(|text| text.contains("RAND")));
    let is_shown = matches!(shown, Value::Number(shown) if shown.to_bits() == found.result.to_bits());
    assert_eq!(editor.undo().map(|effects| effects.len()), Some(1));
    editor.session_mut().recalculate(&Environment::default(), Wanted::All);
    if !draws {
        assert_unchanged(&case.name, &before, editor.session());
    }
    if is_right && (is_shown || draws) { Ok(()) } else { Err(format!("{found:?}, then shown {shown:?}")) }
}

#[test]
fn goals_are_reached_or_it_is_said_why_not() {
    let cases: Vec<SeekCase> = cases("seek");
    assert!(cases.len() >= 30);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| seek(case).err().map(|error| format!("{}: {error}", case.name)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn cells(list: &[(&str, serde_json::Value)]) -> BTreeMap<String, serde_json::Value> {
    list.iter().map(|(cell, content)| ((*cell).to_owned(), content.clone())).collect()
}

/// A try costs what depends on the input, not what the workbook holds.
#[test]
fn a_search_costs_little_beside_a_large_workbook() {
    let mut all = cells(&[("A1", 1.into()), ("B1", "=A1^3-A1".into())]);
    for row in 1..=20_000 {
        all.insert(format!("D{row}"), f64::from(row).into());
        all.insert(format!("E{row}"), format!("=D{row}*2+1").into());
    }
    let session = calculated(&all, &grid::Sheets::new(), |_| {});
    let find = |cell: &str| grid::find(&session, cell);
    let goal = Goal { formula: find("B1"), target: 120.0, input: find("A1") };
    let environment = Environment { budget: 2_000, ..Environment::default() };
    let limits = SeekLimits::of(session.model().workbook());
    let found = session.seek(&goal, limits, &environment, &mut |_| {}).unwrap();
    assert_eq!((found.outcome, found.value), (SeekOutcome::Found, 5.0));
}

#[test]
fn a_search_ends_when_it_is_cancelled_or_has_used_up_its_budget() {
    let all = cells(&[("A1", 1.into()), ("B1", "=(A1-2)^2+1".into())]);
    let session = calculated(&all, &grid::Sheets::new(), |_| {});
    let find = |cell: &str| grid::find(&session, cell);
    let goal = Goal { formula: find("B1"), target: 0.0, input: find("A1") };
    let limits = SeekLimits::of(session.model().workbook());
    let flag = Arc::new(AtomicBool::new(false));
    let environment = Environment { cancel: Some(Arc::clone(&flag)), ..Environment::default() };
    let mut told = Vec::new();
    let found = session.seek(&goal, limits, &environment, &mut |Progress { done, of }| {
        told.push(done);
        assert_eq!(of, u64::from(limits.tries));
        flag.store(done == 5, Ordering::Relaxed);
    });
    let found = found.unwrap();
    assert_eq!((found.outcome, told), (SeekOutcome::Cancelled, vec![1, 2, 3, 4, 5]));
    assert!(found.difference >= 1.0 && found.difference <= 2.0, "{found:?}");
    let environment = Environment { budget: 40, ..Environment::default() };
    let found = session.seek(&goal, limits, &environment, &mut |_| {}).unwrap();
    assert_eq!(found.outcome, SeekOutcome::OutOfBudget);
    assert!(found.tries < limits.tries);
    // A search that is stopped before it begins has nothing to tell.
    let mut stale = session.clone();
    stale.invalidate();
    flag.store(true, Ordering::Relaxed);
    let environment = Environment { cancel: Some(flag), ..Environment::default() };
    assert!(stale.seek(&goal, limits, &environment, &mut |_| {}).is_err());
}

/// Whatever numbers a formula gives, a search comes to its end within its limit, and tells the best that it saw.
#[test]
fn hostile_functions_end_within_the_limits() {
    let formulas = [
        "=IF(A1=1,5,1/0)",
        "=IF(MOD(ROUND(A1*1000,0),2)=0,1E+300,-1E+300)",
        "=IF(A1>1,\"x\",IF(A1<-1,NA(),A1))",
        "=1E+308*SIGN(A1)+1E+300",
        "=TAN(A1*1E+6)*1E-300",
        "=SIN(1/(A1+1E-9))",
        "=A1^99",
    ];
    for formula in formulas {
        let session =
            calculated(&cells(&[("A1", 1.into()), ("B1", formula.into())]), &grid::Sheets::new(), |_| {});
        let find = |cell: &str| grid::find(&session, cell);
        for target in [0.0, -3.25, 1e300, -1e-300] {
            for tries in [1, 7, 400] {
                let goal = Goal { formula: find("B1"), target, input: find("A1") };
                let mut seen = Vec::new();
                let limits = SeekLimits { tries, tolerance: 0.0 };
                let found = session.seek(&goal, limits, &Environment::default(), &mut |now| seen.push(now));
                assert!(seen.len() <= tries as usize, "{formula}");
                if let Ok(found) = found {
                    assert!(found.value.is_finite() && found.difference.is_finite(), "{formula}: {found:?}");
                }
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableCase {
    name: String,
    #[serde(default)]
    cells: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    sheets: grid::Sheets,
    /// The same table on the sheet: `rect`, and the input cells.
    datatable: BTreeMap<String, String>,
    /// Input and where its values stand.
    down: Option<(String, String)>,
    across: Option<(String, String)>,
    results: Vec<String>,
    /// For each result its values, row by row.
    expect: Vec<Vec<serde_json::Value>>,
}

#[test]
fn tables_show_what_a_data_table_on_the_sheet_shows() {
    for case in cases::<TableCase>("tables") {
        let input = |way: &str| case.datatable.get(way).map(|cell| cell.parse::<Cell>().unwrap());
        let (row, column) = (input("row"), input("column"));
        let rect: Rect = case.datatable["rect"].parse().unwrap();
        let table = DataTable {
            rect,
            two_dimensional: row.is_some() && column.is_some(),
            by_row: row.is_some(),
            first_input: row.or(column),
            second_input: row.and(column),
        };
        let session = calculated(&case.cells, &case.sheets, |book| book.sheets[0].data_tables.push(table));
        let before = everything(&session);
        let variation = |given: &Option<(String, String)>| {
            given.as_ref().map(|(input, values)| Variation {
                input: grid::find(&session, input),
                values: values
                    .parse::<Rect>()
                    .unwrap()
                    .cells()
                    .map(|cell| session.value(SheetId(0), cell).clone())
                    .collect(),
            })
        };
        let (down, across) = (variation(&case.down), variation(&case.across));
        let results: Vec<_> = case.results.iter().map(|cell| grid::find(&session, cell)).collect();
        let wanted = WhatIf { down: down.as_ref(), across: across.as_ref(), results: &results };
        let mut told = Vec::new();
        let found =
            session.what_if(&wanted, &Environment::default(), &mut |progress| told.push(progress)).unwrap();
        assert_unchanged(&case.name, &before, &session);
        assert_eq!(found.ended, Ended::Done);
        let mut all = Vec::new();
        for (values, expected) in found.values.iter().zip(&case.expect) {
            assert_eq!(values.len(), expected.len(), "{}", case.name);
            for (value, expected) in values.iter().zip(expected) {
                assert!(value.same(&grid::value(expected)), "{}: {value:?} is not {expected}", case.name);
            }
            all.push(values);
        }
        assert_eq!(all.len(), case.expect.len(), "{}", case.name);
        let tries = all[0].len() as u64;
        let last = Progress { done: tries, of: tries };
        assert_eq!((told.len() as u64, told.last()), (tries, Some(&last)), "{}", case.name);
        // The same cells on the sheet: several results stand side by side.
        for cell in rect.cells() {
            let (row, col) = (cell.row.0 - rect.top.0, u32::from(cell.col.0 - rect.left.0));
            let value = match all.as_slice() {
                [one] => one.get(row, col),
                several => several[col as usize].get(row, 0),
            };
            let shown = session.value(SheetId(0), cell);
            assert!(value.is_some_and(|value| value.same(shown)), "{}: {cell} shows {shown:?}", case.name);
        }
    }
}

#[test]
fn tables_end_early_and_refuse_what_makes_no_sense() {
    let all = cells(&[("A1", 1.into()), ("B1", "=A1*2".into())]);
    let session = calculated(&all, &grid::Sheets::new(), |_| {});
    let (input, result) = (grid::find(&session, "A1"), grid::find(&session, "B1"));
    let variation = |count: u32| Variation {
        input,
        values: (0..count).map(|number| Value::Number(f64::from(number))).collect(),
    };
    let flag = Arc::new(AtomicBool::new(false));
    let environment = Environment { cancel: Some(Arc::clone(&flag)), ..Environment::default() };
    let down = variation(10);
    let wanted = WhatIf { down: Some(&down), across: None, results: &[result] };
    let table = session.what_if(&wanted, &environment, &mut |progress| {
        flag.store(progress.done == 3, Ordering::Relaxed);
    });
    let table = table.unwrap();
    assert_eq!(table.ended, Ended::Cancelled);
    let shown: Vec<String> = table.values[0].iter().map(|value| format!("{value:?}")).collect();
    assert_eq!(shown[..4], ["Number(0.0)", "Number(2.0)", "Number(4.0)", "Error(Calc)"]);
    let refused = |wanted: WhatIf<'_>| {
        session.what_if(&wanted, &Environment::default(), &mut |_| {}).map(|_| ()).unwrap_err()
    };
    let nothing = variation(0);
    let none = WhatIf { down: None, across: None, results: &[] };
    assert_eq!(refused(WhatIf { results: &[result], ..none }), WhatIfError::Nothing);
    assert_eq!(refused(WhatIf { down: Some(&down), ..none }), WhatIfError::Nothing);
    let empty = WhatIf { down: Some(&nothing), results: &[result], ..none };
    assert_eq!(refused(empty), WhatIfError::Nothing);
    let same = WhatIf { down: Some(&down), across: Some(&down), results: &[result] };
    assert_eq!(refused(same), WhatIfError::OneInput);
    let long = variation(2_000);
    let other = Variation { input: grid::find(&session, "A2"), ..variation(2_000) };
    let large = WhatIf { down: Some(&long), across: Some(&other), results: &[result] };
    assert_eq!(refused(large), WhatIfError::TooLarge);
    let nowhere = WhatIf { down: Some(&down), results: &[(SheetId(9), Cell::default())], ..none };
    assert_eq!(refused(nowhere), WhatIfError::NoCell);
}

/// A data table that is cut off is not taken for calculated.
#[test]
fn a_data_table_that_ran_out_of_budget_stays_stale() {
    let mut all = cells(&[("A1", 1.into()), ("B2", "=A1*2".into())]);
    for row in 3..=52 {
        all.insert(format!("A{row}"), row.into());
    }
    let mut sheets = grid::Sheets::new();
    sheets.insert("Sheet1".to_owned(), all);
    let mut book = grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new());
    book.sheets[0].data_tables.push(DataTable {
        rect: "B3:B52".parse().unwrap(),
        two_dimensional: false,
        by_row: false,
        first_input: Some(Cell::default()),
        second_input: None,
    });
    let mut session = grid::session(book);
    let (sheet, last) = grid::find(&session, "B52");
    let report = session.recalculate(&Environment { budget: 30, ..Environment::default() }, Wanted::All);
    assert_eq!(report.ended, Ended::OutOfBudget);
    assert!(session.is_stale(sheet, last));
    let report = session.recalculate(&Environment::default(), Wanted::All);
    assert_eq!(report.ended, Ended::Done);
    assert!(!session.is_stale(sheet, last) && session.value(sheet, last).same(&Value::Number(104.0)));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioCase {
    name: String,
    cells: BTreeMap<String, serde_json::Value>,
    scenarios: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
    results: Vec<String>,
    changing: Vec<String>,
    /// Values of the changing cells, then of the results.
    expect: BTreeMap<String, Vec<serde_json::Value>>,
}

fn same(found: &[Value], expected: &[serde_json::Value]) -> bool {
    found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| a.same(&grid::value(b)))
}

#[test]
fn scenarios_are_compared_shown_and_taken_back() {
    let environment = Environment::default();
    for case in cases::<ScenarioCase>("scenarios") {
        let session = calculated(&case.cells, &grid::Sheets::new(), |_| {});
        let before = everything(&session);
        let scenarios: Vec<Scenario> = case
            .scenarios
            .iter()
            .map(|(name, cells)| Scenario {
                name: Text::from(name.as_str()),
                cells: cells.iter().map(|(cell, json)| (cell.parse().unwrap(), grid::value(json))).collect(),
                ..Scenario::default()
            })
            .collect();
        let listed: Vec<(SheetId, &Scenario)> = scenarios.iter().map(|one| (SheetId(0), one)).collect();
        let results: Vec<_> = case.results.iter().map(|cell| grid::find(&session, cell)).collect();
        let summary = session.compare_scenarios(&listed, &results, &environment, &mut |_| {});
        assert_unchanged(&case.name, &before, &session);
        let changing: Vec<String> = summary.changing.iter().map(|(_, cell)| cell.to_string()).collect();
        assert_eq!(changing, case.changing, "{}", case.name);
        assert_eq!(summary.columns.len(), scenarios.len() + 1);
        for column in &summary.columns {
            let name = column.name.as_ref().map_or("current", |name| name.as_str());
            let changing = column.changing.iter().map(|(value, _)| value.clone());
            let found: Vec<Value> = changing.chain(column.results.iter().cloned()).collect();
            assert!(same(&found, &case.expect[name]), "{}, {name}: {found:?}", case.name);
        }
        for scenario in &scenarios {
            let expected = &case.expect[scenario.name.as_str()][case.changing.len()..];
            let mut editor = Editor::new(session.clone());
            editor.apply("Scenario", &[scenario_edit(SheetId(0), scenario)]).unwrap();
            editor.session_mut().recalculate(&environment, Wanted::All);
            let shown = |of: &Session| -> Vec<Value> {
                results.iter().map(|(sheet, cell)| of.value(*sheet, *cell).clone()).collect()
            };
            assert!(same(&shown(editor.session()), expected), "{}, {}", case.name, scenario.name);
            editor.undo().unwrap();
            editor.session_mut().recalculate(&environment, Wanted::All);
            assert_unchanged(&case.name, &before, editor.session());
            let mut over = session.clone();
            over.show_scenario(SheetId(0), scenario);
            over.recalculate(&environment, Wanted::All);
            assert!(same(&shown(&over), expected), "{}, {}", case.name, scenario.name);
        }
    }
}
