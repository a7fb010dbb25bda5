//! Explanations from `cases/trace.txt`: cells, what is asked, and the answer line by line.
//!
//! `# name` begins a case. `A1: 5`, `B1: =A1*2`, `Other!A1: text` are cells as in the other cases, `name X: …` and
//! `table X: …` define names and tables, `datatable B3:B5 column A1` a data table, `set A1: 5` an input, `limits`
//! what differs from the usual limits. `explain`, `precedents` and `dependents` ask; lines with `| ` are the answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;

use functions::Environment;
use playsheet_calc::{Explanation, Origin, PartKind, Session, Step, Summary, TraceLimits, Traced, Wanted};
use std::collections::BTreeMap;
use std::fmt::Write;
use values::{Area, Rect, SheetId, Value};
use workbook::DataTable;

#[derive(Default)]
struct Case {
    name: String,
    sheets: grid::Sheets,
    names: BTreeMap<String, String>,
    tables: BTreeMap<String, String>,
    data_tables: Vec<DataTable>,
    set: Vec<(String, serde_json::Value)>,
    limits: TraceLimits,
    dependents: Option<usize>,
    asked: Vec<(String, String)>,
    answer: String,
}

fn content(text: &str) -> serde_json::Value {
    serde_json::from_str(&text.to_lowercase())
        .ok()
        .filter(|json: &serde_json::Value| json.is_number() || json.is_boolean())
        .unwrap_or_else(|| text.into())
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(name) = line.strip_prefix("# ") {
            cases.push(Case { name: name.to_owned(), ..Case::default() });
            continue;
        }
        let case = cases.last_mut().unwrap();
        if line.starts_with('|') {
            writeln!(case.answer, "{line}").unwrap();
        } else if let Some((first, rest)) = line.split_once(": ") {
            match first.split_once(' ') {
                Some(("name", name)) => drop(case.names.insert(name.into(), rest.into())),
                Some(("table", name)) => drop(case.tables.insert(name.into(), rest.into())),
                Some(("set", cell)) => case.set.push((cell.into(), content(rest))),
                _ => {
                    let (sheet, cell) = first.split_once('!').unwrap_or(("Sheet1", first));
                    case.sheets.entry(sheet.into()).or_default().insert(cell.into(), content(rest));
                }
            }
        } else {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["datatable", rect, way, inputs @ ..] => {
                    let input = |index: usize| inputs.get(index).map(|cell| cell.parse().unwrap());
                    case.data_tables.push(DataTable {
                        rect: rect.parse().unwrap(),
                        two_dimensional: *way == "both",
                        by_row: *way == "row",
                        first_input: input(0),
                        second_input: input(1),
                    });
                }
                ["limits", "depth", n] => case.limits.depth = n.parse().unwrap(),
                ["limits", "steps", n] => case.limits.steps = n.parse().unwrap(),
                ["limits", "cells", n] => case.limits.cells = n.parse().unwrap(),
                ["limits", "units", n] => case.limits.units = n.parse().unwrap(),
                ["limits", "dependents", n] => case.dependents = n.parse().ok(),
                ["limits", "captions"] => case.limits.stop_at_captions = true,
                [what, cell] => case.asked.push(((*what).into(), (*cell).into())),
                _ => panic!("{line}"),
            }
        }
    }
    cases
}

struct Writer<'a> {
    session: &'a Session,
    out: String,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        writeln!(self.out, "| {:1$}{2}", "", depth * 2, text.trim_end()).unwrap();
    }

    fn address(&self, area: Area) -> String {
        let text = self.session.model().workbook().address(area);
        text.strip_prefix("Sheet1!").unwrap_or(&text).to_owned()
    }

    fn step(&mut self, explanation: &Explanation, step: &Step, depth: usize) {
        let mut text =
            format!("{} = {}", self.address(Area::cell(step.sheet, step.cell)), value(&step.value));
        if let Some(formula) = &step.formula {
            write!(text, " {formula}").unwrap();
        }
        if let Some(caption) = &step.caption {
            write!(text, " \"{}\" in {}", caption.text, caption.at).unwrap();
        }
        match step.origin {
            Origin::Formula | Origin::Constant => {}
            origin => write!(text, " {origin:?}").unwrap(),
        }
        if step.is_circular {
            text.push_str(" circular");
        }
        if let Some(cut) = step.cut {
            write!(text, " cut: {cut:?}").unwrap();
        }
        self.line(depth, &text);
        for part in &step.parts {
            self.traced(&part.traced, depth + 1, if part.is_example { " example" } else { "" });
            for place in &part.steps {
                self.step(explanation, &explanation.steps[*place], depth + 2);
            }
            if part.more_steps > 0 {
                self.line(depth + 2, &format!("and {} more", part.more_steps));
            }
        }
        if step.more_parts > 0 {
            self.line(depth + 1, &format!("{} more", step.more_parts));
        }
    }

    fn traced(&mut self, traced: &Traced, depth: usize, remark: &str) {
        let mut text = format!("- {}", traced.text);
        match &traced.kind {
            PartKind::Cells => {}
            PartKind::Name { definition } => write!(text, " is {definition}").unwrap(),
            kind => write!(text, " {kind:?}").unwrap(),
        }
        match &traced.value {
            Some(content) => write!(text, " = {}", value(content)).unwrap(),
            None => write!(text, " {}", summary(&traced.summary)).unwrap(),
        }
        if !traced.is_used {
            text.push_str(" not used");
        } else if traced.reads != traced.areas {
            let reads: Vec<String> = traced.reads.iter().map(|area| self.address(*area)).collect();
            write!(text, " read {}", reads.join(" ")).unwrap();
        }
        self.line(depth, &format!("{text}{remark}"));
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Empty => "empty".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Error(error) => error.as_str().to_owned(),
        other => format!("{other:?}"),
    }
}

fn summary(summary: &Summary) -> String {
    let first: Vec<String> =
        summary.first.iter().map(|(_, cell, content)| format!("{cell}={}", value(content))).collect();
    let Summary { cells, filled, formulas, numbers, sum, errors, is_whole, .. } = summary;
    let whole = if *is_whole { "" } else { " not whole" };
    format!(
        "[{cells} cells, {filled} filled, {formulas} formulas, {numbers} numbers, sum {sum}, {errors} errors: {}{whole}]",
        first.join(" ")
    )
}

fn answer(case: &Case) -> String {
    let mut book = grid::workbook(&case.sheets, &case.names, &case.tables);
    book.sheets[0].data_tables.clone_from(&case.data_tables);
    let mut session = grid::session(book);
    for (cell, json) in &case.set {
        let (sheet, cell) = grid::find(&session, cell);
        session.set(sheet, cell, grid::value(json));
    }
    let environment = Environment::default();
    session.recalculate(&environment, Wanted::All);
    let mut writer = Writer { session: &session, out: String::new() };
    for (what, cell) in &case.asked {
        let (sheet, cell) = grid::find(&session, cell);
        match what.as_str() {
            "explain" => {
                let explanation = session.explain(sheet, cell, case.limits, &environment);
                writer.step(&explanation, &explanation.steps[0], 0);
                if let Some(source) = &explanation.error {
                    let at = writer.address(Area::cell(source.sheet, source.cell));
                    let sure = if source.is_certain { "" } else { ", not certain" };
                    writer.line(0, &format!("{} from {at}, {} back{sure}", source.error, source.distance));
                }
            }
            "precedents" => {
                for traced in session.precedents(sheet, cell, &environment) {
                    writer.traced(&traced, 0, "");
                }
            }
            "dependents" => {
                let (dependents, more) =
                    session.dependents(sheet, cell, case.dependents.unwrap_or(usize::MAX));
                for found in dependents {
                    let formula = found.formula.unwrap_or_default();
                    let text =
                        format!("{} {formula} {}", writer.address(found.area), summary(&found.summary));
                    writer.line(0, &text);
                }
                if more > 0 {
                    writer.line(0, &format!("and {more} more"));
                }
            }
            other => panic!("{other} is not known"),
        }
    }
    writer.out
}

#[test]
fn answers_are_those_of_the_cases() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/cases/trace.txt")).unwrap();
    let cases = read(&text);
    assert!(cases.len() >= 20, "only {} cases were found", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        let found = answer(case);
        assert!(!found.is_empty(), "{} answers nothing", case.name);
        if found != case.answer {
            write!(wrong, "\n# {}\n{found}is not\n{}", case.name, case.answer).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A chain of a hundred thousand formulas and ranges over all of it: within the limits, and not deep on the stack.
#[test]
fn long_chains_and_large_ranges_end_at_the_limits() {
    let mut cells: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    cells.insert("A1".to_owned(), "=1/0".into());
    for row in 2..=20_000 {
        cells.insert(format!("A{row}"), format!("=A{}+1", row - 1).into());
    }
    cells.insert("B1".to_owned(), "=SUM(A:A)+A20000".into());
    let sheets = grid::Sheets::from([("Sheet1".to_owned(), cells)]);
    let mut session = grid::session(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
    let environment = Environment::default();
    session.recalculate(&environment, Wanted::All);
    let b1 = grid::find(&session, "B1");
    let limits = TraceLimits { depth: 1_000_000, ..TraceLimits::default() };
    let explanation = session.explain(b1.0, b1.1, limits, &environment);
    assert!(explanation.steps.len() <= limits.steps);
    let source = explanation.error.unwrap();
    assert!(!source.is_certain && source.distance == 10_000, "{source:?}");
    let (whole, more) = session.dependents(SheetId(0), Rect::SHEET.first(), 100);
    assert_eq!((whole.len(), more), (2, 0), "the next cell and the sum");
}
