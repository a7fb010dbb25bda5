//! The functions that the cases of whole workbooks (`calc/cases/*.json`) call.
//!
//! `cargo xtask compatibility` counts with this very file, so that the page and the tests know the same cases.

use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The functions that a case's formulas call, once for each formula.
pub fn calls_expected(case: &Json) -> Vec<String> {
    expected_formulas(case).iter().flat_map(|formula| calls(formula)).collect()
}

/// The formulas of a case whose values are expected, at once or after an edit.
fn expected_formulas(case: &Json) -> Vec<String> {
    let edits = case["edits"].as_array().into_iter().flatten();
    let expected: BTreeSet<&str> = [case]
        .into_iter()
        .chain(edits)
        .filter_map(|step| step["expect"].as_object())
        .flat_map(|cells| cells.keys().map(String::as_str))
        .collect();
    let sheets = case["sheets"].as_object().into_iter().flatten();
    let sheets = sheets.map(|(name, cells)| (format!("{name}!"), cells));
    let mut formulas = Vec::new();
    for (sheet, cells) in sheets.chain([(String::new(), &case["cells"])]) {
        for (address, content) in cells.as_object().into_iter().flatten() {
            // An array formula stands at its rectangle and is expected by its first cell.
            let first = address.split(':').next().unwrap_or_default();
            if expected.contains(format!("{sheet}{first}").as_str()) {
                formulas.extend(content.as_str().filter(|text| text.contains('=')).map(str::to_owned));
            }
        }
    }
    formulas
}

/// The names before opening parentheses, outside of texts, each once.
fn calls(formula: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for code in formula.split('"').step_by(2) {
        for before in code.split('(').rev().skip(1) {
            let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
            let name = before.rsplit(|c| !of_name(c)).next().unwrap_or_default();
            names.insert(name.to_ascii_uppercase());
        }
    }
    names
}
