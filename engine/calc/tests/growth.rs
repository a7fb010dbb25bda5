//! Work grows as the workbook grows, no faster: counted, not timed.
//!
//! Each workload of the benchmarks is built at a hundredth and at a tenth of its full size. What a full calculation and
//! an edit cost is told by the formulas evaluated and by the units of the budget, which no clock disturbs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod built;

use built::build;
use built::workloads::{Edit, Input, SHAPES, Scope, Shape};
use functions::Environment;
use playsheet_calc::{Ended, Model, Session, Wanted};
use std::sync::Arc;
use values::Value;

const SMALL: f64 = 0.01;
const LARGE: f64 = 0.1;

/// Values typed of each series: the first may build an index that the others use.
const TYPED: usize = 3;

/// What grows faster than it should, how often the work may become at most, and why. An entry that is not needed
/// fails the test: take it out.
const BORNE: &[(&str, &str, f64)] = &[
    // The sum of all lengths reads its whole column, whichever of the texts changed.
    ("strings", "row_text", 10.5),
    // A bound beside an equality is no index: the rows that meet the equality are looked through for the bound.
    ("sumifs", CALCULATION, 100.0),
    ("sumifs", "data_key", 100.0),
];

/// Less work than this is not compared: whether a formula looks for the edited row at all decides about it.
const LITTLE: u64 = 64;

/// The full calculation's name beside those of the series of edits.
const CALCULATION: &str = "full calculation";

#[test]
fn work_grows_no_faster_than_the_workbook() {
    let failures: Vec<String> = SHAPES.iter().flat_map(compare).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What grows too fast in one workload, or is borne without need.
fn compare(shape: &Shape) -> Vec<String> {
    let (mut small, mut large) = (Grown::new(shape, SMALL), Grown::new(shape, LARGE));
    let size = f64::from(shape.rows_at(LARGE)) / f64::from(shape.rows_at(SMALL));
    // A search in a sorted column or an index takes a little longer in a longer one.
    let searches = matches!(shape.name, "lookup" | "sumifs");
    let linear = if searches { size * 1.3 } else { size * 1.05 };
    let mut failures = Vec::new();
    failures.extend(judge(shape, CALCULATION, linear, &mut small, &mut large));
    for index in 0..small.edits.len() {
        small.type_but_last(index);
        large.type_but_last(index);
        let edit = &small.edits[index];
        let (series, bound) = (edit.id, if edit.scope == Scope::Local { 2.0 } else { linear });
        small.type_value(index, TYPED - 1);
        large.type_value(index, TYPED - 1);
        failures.extend(judge(shape, series, bound, &mut small, &mut large));
    }
    failures
}

/// Brings both up to date; says what is wrong where the larger one needed more than its share of work.
fn judge(shape: &Shape, what: &str, bound: f64, small: &mut Grown, large: &mut Grown) -> Option<String> {
    let borne = BORNE.iter().find(|(name, series, _)| (*name, *series) == (shape.name, what));
    let units = small.units().max(LITTLE);
    let allowed = |bound: f64| (units as f64 * bound).ceil() as u64;
    let within = large.suffices(allowed(bound));
    let bearable = borne.is_some_and(|(.., most)| large.suffices(allowed(*most)));
    let (before, after) = (small.calculate().max(LITTLE / 4), large.calculate());
    let most = borne.map_or(bound, |(.., most)| *most);
    if after as f64 > before as f64 * most {
        return Some(format!("{} {what}: {before} evaluations become {after}", shape.name));
    }
    match (within, borne) {
        (true, None) => None,
        (true, Some(_)) => Some(format!("{} {what}: need not be borne any more", shape.name)),
        (false, _) if bearable => None,
        (false, _) => {
            Some(format!("{} {what}: {units} units become more than {most:.2} times as many", shape.name))
        }
    }
}

/// A workload at some size.
struct Grown {
    session: Session,
    edits: Vec<Edit>,
}

impl Grown {
    fn new(shape: &Shape, scale: f64) -> Grown {
        let workload = shape.at(scale);
        let edits = workload.edits.clone();
        let mut session = Session::new(Arc::new(Model::new(Arc::new(build(workload)))));
        session.invalidate();
        Grown { session, edits }
    }

    /// Brings everything up to date; how many formulas were evaluated.
    fn calculate(&mut self) -> u64 {
        let report = self.session.recalculate(&Environment::default(), Wanted::All);
        assert_eq!(report.ended, Ended::Done);
        report.evaluations
    }

    /// Whether a budget of so many units brings everything up to date, tried on a copy, which costs nothing.
    fn suffices(&self, units: u64) -> bool {
        let environment = Environment { budget: units, ..Environment::default() };
        self.session.clone().recalculate(&environment, Wanted::All).ended == Ended::Done
    }

    /// The least budget that suffices, to a hundredth: the bounds leave more room than that.
    fn units(&self) -> u64 {
        let mut enough = 1_u64;
        while !self.suffices(enough) {
            enough *= 2;
        }
        let mut short = enough / 2;
        while enough - short > 1 + enough / 100 {
            let middle = short + (enough - short) / 2;
            if self.suffices(middle) { enough = middle } else { short = middle }
        }
        enough
    }

    /// Types all but the last of a series' first values and calculates after each.
    fn type_but_last(&mut self, index: usize) {
        for number in 0..TYPED - 1 {
            self.type_value(index, number);
            self.calculate();
        }
    }

    fn type_value(&mut self, index: usize, number: usize) {
        let edit = &self.edits[index];
        let book = Arc::clone(self.session.model().workbook());
        let sheet = formula::Sheets::sheet_by_name(&*book, edit.sheet).unwrap();
        let value = match &edit.values[number] {
            Input::Number(number) => Value::number(*number),
            Input::Text(text) => Value::text(text),
        };
        self.session.set(sheet, edit.cell.parse().unwrap(), value);
    }
}
