//! Editing cases from data files: what cells show and how formulas read after each edit. After each step the session
//! that followed is held to one built anew; at the end all steps are undone and done again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod edit;
mod grid;

use edit::{Change, calculate, described, differences};
use formula::{Style, print};
use playsheet_calc::{Editor, Session};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Cell, Rect, SheetId, Text, Value};
use workbook::{Validation, ValidationKind, ValidationOperator, ValidationStyle, Workbook};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Tables whose last row shows totals.
    #[serde(default)]
    totals: Vec<String>,
    /// Formulas of calculated columns, by `Table.Column`.
    #[serde(default)]
    calculated: BTreeMap<String, String>,
    /// Merged cells of the first sheet.
    #[serde(default)]
    merged: Vec<String>,
    /// List validations of the first sheet: cells and the list's formula as their first cell sees it.
    #[serde(default)]
    lists: BTreeMap<String, String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    edit: Change,
    /// Inputs set over the workbook before the edit.
    #[serde(default)]
    inputs: BTreeMap<String, serde_json::Value>,
    /// What cells show afterwards.
    #[serde(default)]
    expect: BTreeMap<String, serde_json::Value>,
    /// How formulas read afterwards; `-` for none.
    #[serde(default)]
    formulas: BTreeMap<String, String>,
    #[serde(default)]
    names: BTreeMap<String, String>,
    /// Places of tables.
    #[serde(default)]
    tables: BTreeMap<String, String>,
    /// The merged cells of the first sheet.
    merged: Option<String>,
    /// The validations of the first sheet: cells and formula.
    lists: Option<BTreeMap<String, String>>,
    /// The inputs that are set afterwards.
    has_inputs: Option<BTreeMap<String, serde_json::Value>>,
    /// The cells of the first sheet whose content or formula text is another than at first.
    changed: Option<String>,
    /// Part of the message where the edit is refused.
    error: Option<String>,
    /// How many formulas may be evaluated at most.
    most_evaluations: Option<u64>,
}

fn book(case: &Case) -> Workbook {
    let mut sheets = case.sheets.clone();
    if !case.cells.is_empty() {
        sheets.insert("Sheet1".to_owned(), case.cells.clone());
    }
    let mut book = grid::workbook(&sheets, &case.names, &case.tables);
    for table in &mut book.tables {
        table.totals_rows = u32::from(case.totals.iter().any(|name| *name == *table.name));
        for column in &mut table.columns {
            let text = case.calculated.get(&format!("{}.{}", table.name, column.name));
            column.formula = text.map(|text| Text::from(text.as_str()));
        }
    }
    let lists: Vec<Validation> = case.lists.iter().map(|(at, text)| list(&book, at, text)).collect();
    book.sheets[0].validations = lists;
    book.sheets[0].merged = case.merged.iter().map(|rect| rect.parse().unwrap()).collect();
    book
}

fn list(book: &Workbook, at: &str, text: &str) -> Validation {
    let areas: Vec<Rect> = at.split(' ').map(|rect| rect.parse().unwrap()).collect();
    let host = areas[0].first();
    let first = formula::parse(text, host, book, formula::Mode::Workbook).unwrap();
    Validation {
        areas,
        kind: ValidationKind::List,
        operator: ValidationOperator::default(),
        first: Some(Arc::new(first)),
        second: None,
        host,
        allow_blank: true,
        dropdown: true,
        style: ValidationStyle::default(),
        error_title: None,
        error: None,
        prompt_title: None,
        prompt: None,
    }
}

fn equal(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(a), Value::Number(b)) => (a - b).abs() <= 1e-12 * b.abs().max(1.0),
        (a, b) => a.same(b),
    }
}

fn check(step: &Step, session: &Session, editor: &Editor) -> Vec<String> {
    let mut wrong = Vec::new();
    let book = editor.workbook();
    for (at, expected) in &step.expect {
        let (sheet, cell) = grid::find(session, at);
        let (found, expected) = (session.value(sheet, cell), grid::value(expected));
        if !equal(found, &expected) {
            wrong.push(format!("{at}: {found:?} is not {expected:?}"));
        }
    }
    for (at, expected) in &step.formulas {
        let (sheet, cell) = grid::find(session, at);
        let found = session.model().formula_text(sheet, cell).unwrap_or("-".to_owned());
        if found != *expected {
            wrong.push(format!("{at}: {found} is not {expected}"));
        }
    }
    for (name, expected) in &step.names {
        let name = book.name(name, None).unwrap_or_else(|| panic!("no name {name}"));
        let printed = print(name.formula.as_ref().unwrap(), Cell::default(), book, Style::File);
        if printed != *expected || *name.source != *expected {
            wrong.push(format!("{}: {printed}, written {}, is not {expected}", name.name, name.source));
        }
    }
    for (name, expected) in &step.tables {
        let found = book.table(name).map_or("-".to_owned(), |table| {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            format!(
                "{} {}",
                book.address(values::Area { sheet: table.sheet, rect: table.area }),
                columns.join(",")
            )
        });
        if found != *expected {
            wrong.push(format!("table {name}: {found} is not {expected}"));
        }
    }
    if let Some(expected) = &step.merged {
        let found = edit::shown(&book.sheets[0].merged);
        if found != *expected {
            wrong.push(format!("merged: {found} is not {expected}"));
        }
    }
    wrong.extend(step.lists.as_ref().map(|expected| check_lists(book, expected)).unwrap_or_default());
    if let Some(expected) = &step.has_inputs {
        let found: BTreeMap<String, String> = session
            .inputs()
            .map(|(sheet, cell, v)| (book.address(values::Area::cell(sheet, cell)), format!("{v:?}")))
            .collect();
        let expected: BTreeMap<String, String> =
            expected.iter().map(|(at, json)| (at.clone(), format!("{:?}", grid::value(json)))).collect();
        if found != expected {
            wrong.push(format!("inputs: {found:?} is not {expected:?}"));
        }
    }
    if let Some(expected) = &step.changed {
        let found = editor.changes().cells().remove(&SheetId(0)).unwrap_or_default();
        if edit::shown(&found) != *expected {
            wrong.push(format!("changed: {} is not {expected}", edit::shown(&found)));
        }
    }
    wrong
}

fn check_lists(book: &Workbook, expected: &BTreeMap<String, String>) -> Vec<String> {
    let found: BTreeMap<String, String> = book.sheets[0]
        .validations
        .iter()
        .map(|validation| {
            let text = print(validation.first.as_ref().unwrap(), validation.host, book, Style::File);
            (validation.areas.iter().map(Rect::to_string).collect::<Vec<_>>().join(" "), format!("={text}"))
        })
        .collect();
    if found == *expected { Vec::new() } else { vec![format!("lists: {found:?} is not {expected:?}")] }
}

fn run_step(step: &Step, editor: &mut Editor) -> Vec<String> {
    for (at, json) in &step.inputs {
        let (sheet, cell) = grid::find(editor.session(), at);
        editor.session_mut().set(sheet, cell, grid::value(json));
    }
    calculate(editor);
    let before = described(editor.workbook());
    let done = editor.apply("", &step.edit.edits(editor));
    let evaluations = calculate(editor);
    let mut wrong = check(step, editor.session(), editor);
    if step.most_evaluations.is_some_and(|most| evaluations > most) {
        wrong.push(format!("{evaluations} evaluations"));
    }
    match (&done, &step.error) {
        (Ok(_), None) => {}
        (Err(error), Some(expected)) if error.to_string().contains(expected.as_str()) => {
            assert_eq!(before, described(editor.workbook()), "a refused edit changed something");
        }
        (found, expected) => wrong.push(format!("{found:?} and not {expected:?}")),
    }
    wrong.extend(differences(editor.session()));
    wrong
}

fn run(case: &Case) -> Vec<String> {
    let mut editor = Editor::new(grid::session(book(case)));
    calculate(&mut editor);
    let mut states = vec![described(editor.workbook())];
    let mut wrong = Vec::new();
    for (at, step) in case.steps.iter().enumerate() {
        wrong.extend(run_step(step, &mut editor).into_iter().map(|what| format!("step {}, {what}", at + 1)));
        if step.error.is_none() {
            states.push(described(editor.workbook()));
        }
    }
    for state in states.iter().rev().skip(1) {
        assert!(editor.undo().is_some(), "{}: nothing to undo", case.name);
        calculate(&mut editor);
        assert_eq!(described(editor.workbook()), *state, "{}: undo", case.name);
        wrong.extend(differences(editor.session()).into_iter().map(|what| format!("undo, {what}")));
    }
    assert!(editor.changes().is_empty(), "{}: the log is not empty", case.name);
    for state in states.iter().skip(1) {
        assert!(editor.redo().is_some(), "{}: nothing to redo", case.name);
        calculate(&mut editor);
        assert_eq!(described(editor.workbook()), *state, "{}: redo", case.name);
        wrong.extend(differences(editor.session()).into_iter().map(|what| format!("redo, {what}")));
    }
    wrong.into_iter().map(|what| format!("{}: {what}", case.name)).collect()
}

#[test]
fn edits_do_what_the_cases_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/editing");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files {
        let cases: Vec<Case> = serde_json::from_slice(&std::fs::read(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        count += cases.len();
        wrong.extend(cases.iter().flat_map(run));
    }
    assert!(count > 40, "only {count} cases were found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
