//! The cases of pivot tables: their sheets, formulas with what they give, and how a workbook is held against them.

use calc::{Editor, Ended, Session, Wanted};
use functions::Environment;
use std::path::Path;
use values::{Cell, SheetId, Text, Value};
use workbook::{Content, Edit};

/// The sheets of the cases; the formulas stand on the last one.
pub const SHEETS: [&str; 6] = ["Records", "Compact", "Values", "Groups", "Cube", "Formulas"];

/// A formula and what it gives.
pub type Case = (String, String);

/// A file of the cases.
pub fn read(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/pivots");
    std::fs::read_to_string(folder.join(name)).ok()
}

/// The formulas of a case file with what they give.
pub fn formulas(name: &str) -> Vec<Case> {
    let text = read(name).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            (columns.next().unwrap(), columns.next().unwrap())
        })
        .collect()
}

/// Puts the formulas of cases below each other and calculates them.
pub fn put(editor: &mut Editor, sheet: SheetId, cases: &[Case]) {
    let cells = (0..)
        .zip(cases)
        .map(|(row, (formula, _))| (Cell::new(row, 0), Content::Formula(Text::from(formula.as_str()))));
    editor.apply("formulas", &[Edit::Set { sheet, cells: cells.collect() }]).unwrap();
    calculate(editor);
}

pub fn calculate(editor: &mut Editor) {
    let report = editor.session_mut().recalculate(&Environment::default(), Wanted::All);
    assert_eq!(report.ended, Ended::Done);
}

/// Holds the formulas that were put on a sheet against what they should give.
pub fn check<'a>(session: &Session, sheet: SheetId, cases: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let wrong: Vec<String> = (0..)
        .zip(cases)
        .filter_map(|(row, (formula, expected))| {
            let found = shown(session.value(sheet, Cell::new(row, 0)));
            (found != expected).then(|| format!("{formula}: {found} is not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A value as the cases write it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Error(error) => error.as_str().to_owned(),
        other => format!("{other:?}"),
    }
}
