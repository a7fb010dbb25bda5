//! The functions that Excel has, with what the cases say of each.

use super::formulas::calls_expected;
use super::truth::{DIFFERS, Truth};
use crate::commands::crosscheck::cases::{self, Case};
use crate::commands::crosscheck::mark::AGAINST;
use anyhow::{Context, Result, bail};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The list of names. A test of the room holds it against the declarations, in both directions.
const NAMES: &str = "engine/functions/tests/names.txt";
/// The room's own cases.
const CASES: &str = "engine/functions/cases";
/// The cases of whole workbooks, whose formulas call functions.
const BOOKS: &str = "engine/calc/cases";
/// The folder of the functions that need a service of others.
const OUTSIDE: &str = "outside/";

/// All functions, in the order of the list.
pub struct Functions {
    /// Each once.
    pub all: Vec<Function>,
    /// The cases that hold a value which Excel does not give, as citations name them.
    pub differing: Vec<String>,
}

/// A function of Excel.
#[derive(Debug, Default)]
pub struct Function {
    /// In upper case.
    pub name: String,
    /// Microsoft's category.
    pub category: String,
    /// How many cases go back to what.
    pub cases: BTreeMap<Truth, usize>,
    /// How many of them another engine contradicts.
    pub contradicted: usize,
    /// The files with its cases, relative to the root.
    pub files: BTreeSet<String>,
    /// The error that it always gives, where it needs a service of others.
    pub error: Option<String>,
}

impl Function {
    /// All its cases.
    pub fn count(&self) -> usize {
        self.cases.values().sum()
    }
}

/// Reads the list and the cases; fails where a function has no case at all.
pub fn read(root: &Path) -> Result<Functions> {
    let names =
        std::fs::read_to_string(root.join(NAMES)).with_context(|| format!("{NAMES} cannot be read"))?;
    let mut all = listed(&names)?;
    let places: BTreeMap<String, usize> =
        all.iter().zip(0..).map(|(function, place)| (function.name.clone(), place)).collect();
    let mut own: BTreeMap<usize, Vec<Case>> = BTreeMap::new();
    let mut differing = Vec::new();
    for case in cases::read(&root.join(CASES))?.into_iter().flatten() {
        if case.source.starts_with(DIFFERS) {
            differing.push(format!("{CASES}/{}", case.place));
        }
        if let Some(place) = places.get(&case.function) {
            own.entry(*place).or_default().push(case);
        }
    }
    for (place, cases) in own {
        if let Some(function) = all.get_mut(place) {
            count(function, &cases);
        }
    }
    for (name, file) in called(root)? {
        if let Some(function) = places.get(&name).and_then(|place| all.get_mut(*place)) {
            *function.cases.entry(Truth::Derived).or_default() += 1;
            function.files.insert(file);
        }
    }
    let bare: Vec<&str> =
        all.iter().filter(|function| function.count() == 0).map(|function| function.name.as_str()).collect();
    if !bare.is_empty() {
        bail!("functions without a case: {}", bare.join(", "));
    }
    Ok(Functions { all, differing })
}

/// The names by category, as `names.txt` lists them.
fn listed(names: &str) -> Result<Vec<Function>> {
    let mut category = String::new();
    let mut all: Vec<Function> = Vec::new();
    for line in names.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(heading) => category = heading.to_owned(),
            None => all.push(Function {
                name: line.to_owned(),
                category: category.clone(),
                ..Function::default()
            }),
        }
    }
    if all.is_empty() {
        bail!("{NAMES} lists no function");
    }
    Ok(all)
}

/// Adds a function's own cases.
fn count(function: &mut Function, cases: &[Case]) {
    for case in cases {
        *function.cases.entry(Truth::of(&case.source)).or_default() += 1;
        function.contradicted += usize::from(case.source.contains(AGAINST));
        let file = case.place.split(':').next().unwrap_or_default();
        function.files.insert(format!("{CASES}/{file}"));
    }
    if cases.iter().any(|case| case.place.starts_with(OUTSIDE)) {
        function.error = usual_error(cases);
    }
}

/// The error that most cases expect, where all of them expect one.
fn usual_error(cases: &[Case]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        *counts.entry(case.expected["error"].as_str()?).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(error, _)| error.to_owned())
}

/// The functions that formulas of whole workbooks call, once a formula, with the file.
fn called(root: &Path) -> Result<Vec<(String, String)>> {
    let folder = root.join(BOOKS);
    let listing = std::fs::read_dir(&folder).with_context(|| format!("{BOOKS} cannot be listed"))?;
    let mut called = Vec::new();
    for entry in listing {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = format!("{BOOKS}/{name}");
        let cases: Vec<Json> =
            serde_json::from_slice(&std::fs::read(&path)?).with_context(|| file.clone())?;
        called.extend(cases.iter().flat_map(calls_expected).map(|name| (name, file.clone())));
    }
    Ok(called)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_by_category() -> Result<()> {
        let all = listed("# remark\n\n[Text]\nLEFT\n[Web]\nENCODEURL\n")?;
        let found: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.category.as_str())).collect();
        assert_eq!(found, [("LEFT", "Text"), ("ENCODEURL", "Web")]);
        assert!(listed("# nothing\n").is_err());
        Ok(())
    }

    #[test]
    fn cases_are_counted_by_their_truth() -> Result<()> {
        let case = |place: &str, expected: &str, source: &str| {
            cases::case(place.into(), &format!("F\t[]\t{expected}\t{source}"))
        };
        let mut function = Function::default();
        count(&mut function, &[case("a.tsv:1", "1", "by definition; decided against LibreOffice")?]);
        assert_eq!((function.count(), function.contradicted, &function.error), (1, 1, &None));
        let error = r##"{"error":"#N/A"}"##;
        let mut function = Function::default();
        count(&mut function, &[case("outside/a.tsv:1", error, "x")?, case("outside/a.tsv:2", error, "x")?]);
        assert_eq!(function.error.as_deref(), Some("#N/A"));
        let mut function = Function::default();
        count(&mut function, &[case("outside/a.tsv:1", error, "x")?, case("outside/a.tsv:2", "1", "x")?]);
        assert_eq!(function.error, None);
        Ok(())
    }
}
