//! Every function that Excel has is here: `names.txt` lists them.

#![allow(clippy::unwrap_used)]

use playsheet_functions as functions;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const NAMES: &str = include_str!("names.txt");

fn names() -> BTreeSet<&'static str> {
    let is_name = |line: &&str| !line.is_empty() && !line.starts_with(['#', '[']);
    NAMES.lines().filter(is_name).collect()
}

/// The functions that the case files under `folder` call.
fn with_cases(folder: &Path, found: &mut BTreeSet<String>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            with_cases(&path, found);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            found.extend(lines.filter_map(|line| line.split('\t').next()).map(str::to_owned));
        }
    }
}

#[test]
fn no_function_is_missing() {
    let names = names();
    assert!(names.len() > 500, "the list itself is there: {}", names.len());
    let missing: Vec<_> = names.iter().filter(|name| functions::find(name).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// What Excel does not have is marked by its first letter: no formula that a person types can call it by accident.
#[test]
fn no_function_is_invented() {
    let names = names();
    // TABLE is how Excel shows a what-if table; USDOLLAR it knows from old workbooks. Neither is in a list of functions.
    let unlisted = ["TABLE", "USDOLLAR"];
    let is_own = |name: &&str| !names.contains(name) && !name.starts_with('_') && !unlisted.contains(name);
    let invented: Vec<_> = functions::all().map(|function| function.name).filter(is_own).collect();
    assert!(invented.is_empty(), "{invented:?}");
}

/// Those that steer evaluation (IF, LET, LAMBDA ...) have theirs where formulas are evaluated.
#[test]
fn every_function_has_cases() {
    let mut found = BTreeSet::new();
    with_cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"), &mut found);
    let steers = |function: &functions::Function| matches!(function.body, functions::Body::Control(_));
    let bare: Vec<_> = functions::all()
        .filter(|function| !steers(function) && !found.contains(function.name))
        .map(|function| function.name)
        .collect();
    assert!(bare.is_empty(), "{bare:?}");
}
