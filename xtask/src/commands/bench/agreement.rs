//! Whether engines come to the same outputs: a figure for a wrong result is worth nothing.

use super::measure::{Output, Run};
use super::workbooks::Bench;
use crate::values::{Tolerance, Value};
use std::collections::{BTreeMap, BTreeSet};

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

/// How far the engines agree.
#[derive(Debug, Default, PartialEq)]
pub struct Agreement {
    /// Outputs compared.
    pub compared: usize,
    /// Those that differ.
    pub differences: Vec<Difference>,
    /// Workloads and engines with more wrong outputs than right ones: whoever answers `#NAME?` is quick.
    pub astray: BTreeSet<(usize, usize)>,
}

/// Compares the first run of each engine with ours.
pub fn compare(benches: &[Bench], runs: &[Run]) -> Agreement {
    let mut first: BTreeMap<(usize, usize), &Run> = BTreeMap::new();
    for run in runs {
        first.entry((run.workload, run.engine)).or_insert(run);
    }
    let mut agreement = Agreement::default();
    for ((workload, engine), run) in first.iter().filter(|((_, engine), _)| *engine > 0) {
        let (Some(bench), Some(own)) = (benches.get(*workload), first.get(&(*workload, 0))) else { continue };
        let tolerance = Tolerance::relative(bench.sidecar.tolerance);
        let pairs = pairs(&own.timings.outputs, &run.timings.outputs);
        let (compared, before) = (pairs.len(), agreement.differences.len());
        for (place, own, other) in pairs {
            if !own.agrees(&other, tolerance) {
                let (workload, engine) = (*workload, *engine);
                agreement.differences.push(Difference { workload, engine, place, own, other });
            }
        }
        agreement.compared += compared;
        if (agreement.differences.len() - before) * 2 > compared {
            agreement.astray.insert((*workload, *engine));
        }
    }
    agreement
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
    fn whoever_is_mostly_wrong_is_astray() -> serde_json::Result<()> {
        let sidecar = serde_json::from_str(
            r#"{"name":"w","scale":1,"n_formulas":1,"n_values":1,"tolerance":1e-9,"edits":[],"outputs":[]}"#,
        )?;
        let benches = [Bench { file: "w.xlsx".into(), edits: "w.meta.json".into(), sidecar }];
        let run = |engine, values: [f64; 3]| {
            let output =
                |(value, row)| format!(r#"{{"after":null,"sheet":"S","cell":"A{row}","value":{value}}}"#);
            let outputs: Vec<String> = values.into_iter().zip(1..).map(output).collect();
            let timings = serde_json::from_str(&format!(r#"{{"outputs":[{}]}}"#, outputs.join(",")));
            timings.map(|timings| Run { workload: 0, engine, timings, failure: None, cpu_seconds: None })
        };
        let runs = [run(0, [1.0, 2.0, 3.0])?, run(1, [1.0, 2.0, 9.0])?, run(2, [1.0, 9.0, 9.0])?];
        let agreement = compare(&benches, &runs);
        assert_eq!((agreement.compared, agreement.differences.len()), (6, 3));
        assert_eq!(agreement.astray, BTreeSet::from([(0, 2)]));
        Ok(())
    }

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
