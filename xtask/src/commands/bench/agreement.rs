//! Whether engines come to the same outputs: a figure for a wrong result is worth nothing.

use super::measure::{Output, Run};
use super::workbooks::Bench;
use crate::values::{Tolerance, Value};
use std::collections::BTreeMap;

/// An output that another engine has differently.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// Which workload.
    pub workload: usize,
    /// Which engine.
    pub engine: usize,
    /// The cell, and after which edits.
    pub place: String,
    /// Ours.
    pub own: Value,
    /// Theirs.
    pub other: Value,
}

/// Compares the first run of each engine with ours; the number of outputs compared, and those that differ.
pub fn compare(benches: &[Bench], runs: &[Run]) -> (usize, Vec<Difference>) {
    let mut first: BTreeMap<(usize, usize), &Run> = BTreeMap::new();
    for run in runs {
        first.entry((run.workload, run.engine)).or_insert(run);
    }
    let mut compared = 0;
    let mut differences = Vec::new();
    for ((workload, engine), run) in first.iter().filter(|((_, engine), _)| *engine > 0) {
        let (Some(bench), Some(own)) = (benches.get(*workload), first.get(&(*workload, 0))) else { continue };
        let tolerance = Tolerance::relative(bench.sidecar.tolerance);
        for (place, own, other) in pairs(&own.timings.outputs, &run.timings.outputs) {
            compared += 1;
            if !own.agrees(&other, tolerance) {
                differences.push(Difference { workload: *workload, engine: *engine, place, own, other });
            }
        }
    }
    (compared, differences)
}

/// The outputs that both have, with their places.
fn pairs(own: &[Output], other: &[Output]) -> Vec<(String, Value, Value)> {
    let place = |output: &Output| {
        let after = output.after.as_ref().map(|series| format!(" after {series}")).unwrap_or_default();
        format!("{}!{}{after}", output.sheet, output.cell)
    };
    let others: BTreeMap<String, Value> =
        other.iter().map(|output| (place(output), output.value())).collect();
    own.iter()
        .filter_map(|output| {
            let place = place(output);
            let other = others.get(&place)?.clone();
            Some((place, output.value(), other))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_paired_by_place_and_edit() -> serde_json::Result<()> {
        let own: Vec<Output> = serde_json::from_str(
            r#"[{"after":null,"sheet":"S","cell":"A1","value":1},{"after":"head","sheet":"S","cell":"A1","value":2}]"#,
        )?;
        let other: Vec<Output> = serde_json::from_str(
            r#"[{"after":"head","sheet":"S","cell":"A1","value":3},{"after":"tail","sheet":"S","cell":"A1","value":4}]"#,
        )?;
        let paired = pairs(&own, &other);
        assert_eq!(paired, [("S!A1 after head".to_owned(), Value::Number(2.0), Value::Number(3.0))]);
        Ok(())
    }
}
