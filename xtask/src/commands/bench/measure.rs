//! One engine on one workbook: runs it within its bounds and reads what it measured.

use super::engines::Engine;
use super::workbooks::Bench;
use crate::child::{self, Bounds, Ending};
use crate::values::Value;
use anyhow::Result;
use serde::Deserialize;
use std::path::Path;

/// What an engine says of itself. Whatever it cannot tell is missing.
#[derive(Debug, Default, Deserialize)]
pub struct Timings {
    /// From the file to an engine that is ready.
    #[serde(default)]
    pub load_ms: Option<f64>,
    /// Every formula once.
    #[serde(default)]
    pub calc_ms: Option<f64>,
    /// Each series of edits.
    #[serde(default)]
    pub edits: Vec<EditTiming>,
    /// What the outputs were.
    #[serde(default)]
    pub outputs: Vec<Output>,
    /// The most memory it held.
    #[serde(default)]
    pub peak_rss_mb: Option<f64>,
}

/// The times of one series: each is an edit with its recalculation and the reading of the outputs.
#[derive(Debug, Deserialize)]
pub struct EditTiming {
    /// The series.
    pub id: String,
    /// The middle one.
    pub median_ms: f64,
    /// All but one in twenty are quicker.
    pub p95_ms: f64,
    /// The same until the outputs are up to date, where an engine can leave the rest for later.
    #[serde(default)]
    pub outputs_p95_ms: Option<f64>,
}

/// An output's value, after the full calculation or after a series.
#[derive(Debug, Deserialize)]
pub struct Output {
    /// The series; `None` after the full calculation.
    pub after: Option<String>,
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: String,
    #[serde(default)]
    value: serde_json::Value,
    #[serde(default)]
    error: Option<String>,
}

impl Output {
    /// The value.
    pub fn value(&self) -> Value {
        match &self.error {
            Some(error) => Value::Error(error.clone()),
            None => Value::from_json(&self.value),
        }
    }
}

/// One run.
pub struct Run {
    /// Which workload.
    pub workload: usize,
    /// Which engine.
    pub engine: usize,
    /// What it measured, as far as it came.
    pub timings: Timings,
    /// Why it did not come to its end.
    pub failure: Option<String>,
    /// Processor time of the whole run, on all cores, with starting and ending.
    pub cpu_seconds: Option<f64>,
}

/// Measures.
pub fn measure(
    (workload, bench): (usize, &Bench),
    (engine, program): (usize, &Engine),
    bounds: Bounds,
) -> Result<Run> {
    let before = child::processor_seconds();
    let ran = child::run(&mut program.command(&bench.file, &bench.edits), bounds)?;
    let cpu_seconds = child::processor_seconds().zip(before).map(|(after, before)| after - before);
    let failure = match ran.ending {
        Ending::Time(limit) => Some(format!("> {} s", limit.as_secs())),
        _ => ran.failure(),
    };
    Ok(Run { workload, engine, timings: timings(&ran.stdout).unwrap_or_default(), failure, cpu_seconds })
}

/// What an engine reads after calculating a workbook, or why it did not come to an end.
pub fn outputs(
    engine: &Engine,
    file: &Path,
    sidecar: &Path,
    bounds: Bounds,
) -> Result<Result<Vec<Output>, String>> {
    let ran = child::run(&mut engine.command(file, sidecar), bounds)?;
    let printed = timings(&ran.stdout).ok_or_else(|| "printed nothing that can be read".to_owned());
    Ok(ran.failure().map_or(printed, Err).map(|timings| timings.outputs))
}

/// One JSON object over any number of lines, or a line for every stage, each with all that is known by then.
fn timings(printed: &[u8]) -> Option<Timings> {
    serde_json::from_slice(printed).ok().or_else(|| {
        printed.split(|byte| *byte == b'\n').rev().find_map(|line| serde_json::from_slice(line).ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_complete_stage_counts() {
        let printed = b"{\"load_ms\":1.5}\n{\"load_ms\":1.5,\"calc_ms\":2}\n{\"load_ms\":1.5,\"ca";
        assert_eq!(timings(printed).and_then(|timings| timings.calc_ms), Some(2.0));
        assert!(timings(b"").is_none());
    }

    #[test]
    fn one_object_over_many_lines_is_read() {
        let printed = br##"{
            "load_ms": 1.5, "calc_ms": 2, "peak_rss_mb": null,
            "edits": [{"id": "head", "median_ms": 0.1, "p95_ms": 0.2}],
            "outputs": [{"after": null, "sheet": "S", "cell": "A1", "error": "#N/A"}]
        }"##;
        let timings = timings(printed).unwrap_or_default();
        assert_eq!(timings.edits.first().map(|edit| edit.p95_ms), Some(0.2));
        assert_eq!(timings.outputs.first().map(Output::value), Some(Value::Error("#N/A".into())));
        assert_eq!(timings.peak_rss_mb, None);
    }
}
