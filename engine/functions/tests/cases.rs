//! Calls functions with the arguments of the case files and compares the results.
//!
//! `cases/<category>/*.tsv` holds a case a line: function, arguments (a JSON list), expected value (JSON), source
//! or note, and settings (JSON) where there are any. `support` says how values are written. Lines that begin with
//! `#` are remarks.

#![allow(clippy::unwrap_used, clippy::panic)]

mod counting;
mod hostile;
mod support;

use playsheet_functions as functions;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::{World, agrees};
use values::Value;

/// One line of a case file.
struct Case {
    place: String,
    function: String,
    args: Vec<Json>,
    expected: Json,
    settings: Json,
}

fn case_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            case_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "tsv") {
            files.push(path);
        }
    }
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut files = Vec::new();
    case_files(&root, &mut files);
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            if !line.is_empty() && !line.starts_with('#') {
                cases.push(read(format!("{name}:{}", number + 1), line));
            }
        }
    }
    cases
}

fn read(place: String, line: &str) -> Case {
    let fields: Vec<&str> = line.split('\t').collect();
    assert!((4..=5).contains(&fields.len()), "{place}: four or five fields, not {}", fields.len());
    let json =
        |text: &str| serde_json::from_str::<Json>(text).unwrap_or_else(|error| panic!("{place}: {error}"));
    let args = json(fields[1]).as_array().cloned().unwrap_or_else(|| panic!("{place}: no list of arguments"));
    assert!(!fields[3].trim().is_empty(), "{place}: no source");
    Case {
        function: fields[0].to_owned(),
        args,
        expected: json(fields[2]),
        settings: fields.get(4).map_or(Json::Null, |text| json(text)),
        place,
    }
}

fn evaluate(case: &Case) -> Value {
    let function =
        functions::find(&case.function).unwrap_or_else(|| panic!("{}: no such function", case.place));
    assert!(function.accepts(case.args.len()), "{}: so many arguments are not accepted", case.place);
    let mut world = World::new(&case.settings);
    let mut args: Vec<Value> = case.args.iter().map(|arg| world.argument(arg)).collect();
    let mode = world.mode;
    let result = functions::call(function, &mut args, mode, &world);
    // Where the reference itself is not asked for, a case expects what a cell would show of it.
    if case.expected["reference"].is_string() { result } else { functions::materialise(&result, &world) }
}

#[test]
fn every_case_gives_its_value() {
    let cases = cases();
    let mut wrong = Vec::new();
    for case in &cases {
        let found = evaluate(case);
        if !agrees(&case.expected, &found) {
            let args: Vec<String> = case.args.iter().map(Json::to_string).collect();
            wrong.push(format!(
                "{}: {}({}) should be {}, is {found:?}",
                case.place,
                case.function,
                args.join(", "),
                case.expected
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases fail:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The same call gives the same bits, and no case needs more work than a workbook would grant it.
#[test]
fn cases_are_repeatable() {
    for case in cases() {
        let (first, second) = (evaluate(&case), evaluate(&case));
        assert!(first.same(&second), "{}: {first:?} and then {second:?}", case.place);
    }
}

/// Every function of Excel's lists has at least twelve cases, but for those that `counting/fewer.tsv` excuses.
#[test]
fn every_function_has_twelve_cases() {
    let mut counts: BTreeMap<String, usize> = counting::in_formulas();
    for case in cases() {
        *counts.entry(case.function).or_default() += 1;
    }
    let wrong = counting::shortcomings(&counts);
    assert!(wrong.is_empty(), "{} functions:\n{}", wrong.len(), wrong.join("\n"));
}
