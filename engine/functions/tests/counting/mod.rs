//! How many cases a function has, and how many it should have.
//!
//! Functions that choose what is evaluated (IF, LET, ...) or that ask for the workbook cannot be called with plain
//! arguments: their cases are formulas, in `calc/cases/*.json`. A formula cell whose value is expected counts as a
//! case of every function that it calls.

mod formulas;

use formulas::calls_expected;
use playsheet_functions as functions;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const NAMES: &str = include_str!("../names.txt");
const FEWER: &str = include_str!("fewer.tsv");
const ENOUGH: usize = 12;

/// What is wrong with the counts: functions with too few cases, and excuses that are not needed any more.
pub fn shortcomings(counts: &BTreeMap<String, usize>) -> Vec<String> {
    let excused = excused();
    let is_name = |line: &&str| !line.is_empty() && !line.starts_with(['#', '[']);
    let names: BTreeSet<&str> = NAMES.lines().filter(is_name).collect();
    let mut wrong: Vec<String> = excused
        .keys()
        .filter(|name| !names.contains(*name))
        .map(|name| format!("{name} is excused and does not exist"))
        .collect();
    for name in names.iter().filter(|name| functions::find(name).is_some()) {
        let count = counts.get(*name).copied().unwrap_or(0);
        match excused.get(name) {
            Some(_) if count >= ENOUGH => wrong.push(format!("{name} has {count} cases and needs no excuse")),
            Some(least) if count < *least => {
                wrong.push(format!("{name} has {count} cases, not the {least} that make sense"));
            }
            None if count < ENOUGH => wrong.push(format!("{name} has {count} cases")),
            _ => {}
        }
    }
    wrong
}

/// The functions that cannot have twelve, with the number that makes sense.
fn excused() -> BTreeMap<&'static str, usize> {
    let lines = FEWER.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [name, least, reason] if !reason.is_empty() => (name, least.parse().unwrap()),
            _ => panic!("a name, a number and a reason, not {line:?}"),
        })
        .collect()
}

/// For each function the formulas that call it, in the cases of whole workbooks.
pub fn in_formulas() -> BTreeMap<String, usize> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../calc/cases");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut counts = BTreeMap::new();
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let cases: Vec<Json> = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        for name in cases.iter().flat_map(calls_expected) {
            *counts.entry(name).or_default() += 1;
        }
    }
    counts
}
