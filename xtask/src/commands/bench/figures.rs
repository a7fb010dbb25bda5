//! All runs' figures by workload, measure and engine, and how much they differ from run to run.

use super::measure::Run;
use std::collections::BTreeMap;

/// Measures that every workload has; beside them each has its series of edits.
pub const LOAD: &str = "load";
/// The full calculation.
pub const CALC: &str = "calc";
/// Peak memory in MB.
pub const MEMORY: &str = "memory";
/// Processor time of a whole run.
pub const CPU: &str = "cpu";

/// The middle of some runs and how far they reach; milliseconds, or MB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The middle one, the lower of two.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

impl Spread {
    fn of(mut figures: Vec<f64>) -> Option<Self> {
        figures.sort_by(f64::total_cmp);
        let median = *figures.get(figures.len().checked_sub(1)? / 2)?;
        Some(Self { median, least: *figures.first()?, most: *figures.last()? })
    }
}

type Key = (usize, String, usize);

/// The figures.
#[derive(Debug, Default)]
pub struct Figures {
    medians: BTreeMap<Key, Vec<f64>>,
    p95: BTreeMap<Key, Vec<f64>>,
    outputs_p95: BTreeMap<Key, Vec<f64>>,
}

impl Figures {
    /// Sorts the figures of all runs.
    pub fn of(runs: &[Run]) -> Self {
        let mut figures = Self::default();
        for run in runs {
            let timings = &run.timings;
            figures.add(run, LOAD, timings.load_ms);
            figures.add(run, CALC, timings.calc_ms);
            figures.add(run, MEMORY, timings.peak_rss_mb);
            // A run that was ended, or that knows no edits, did not do all the work.
            let whole = run.failure.is_none() && !timings.edits.is_empty();
            figures.add(run, CPU, run.cpu_seconds.filter(|_| whole).map(|seconds| seconds * 1_000.0));
            for edit in &timings.edits {
                figures.add(run, &edit.id, Some(edit.median_ms));
                let key = (run.workload, edit.id.clone(), run.engine);
                figures.p95.entry(key.clone()).or_default().push(edit.p95_ms);
                let outputs = edit.outputs_p95_ms.unwrap_or(edit.p95_ms);
                figures.outputs_p95.entry(key).or_default().push(outputs);
            }
        }
        figures
    }

    fn add(&mut self, run: &Run, measure: &str, figure: Option<f64>) {
        if let Some(figure) = figure {
            self.medians.entry((run.workload, measure.to_owned(), run.engine)).or_default().push(figure);
        }
    }

    /// The figures of one engine.
    pub fn get(&self, workload: usize, measure: &str, engine: usize) -> Option<Spread> {
        Spread::of(self.medians.get(&(workload, measure.to_owned(), engine))?.clone())
    }

    /// Below which all but one in twenty edits of a series stay.
    pub fn p95(&self, workload: usize, series: &str, engine: usize) -> Option<f64> {
        Spread::of(self.p95.get(&(workload, series.to_owned(), engine))?.clone()).map(|spread| spread.median)
    }

    /// The same until the outputs are up to date.
    pub fn outputs_p95(&self, workload: usize, series: &str, engine: usize) -> Option<f64> {
        let figures = self.outputs_p95.get(&(workload, series.to_owned(), engine))?;
        Spread::of(figures.clone()).map(|spread| spread.median)
    }

    /// The best of some engines.
    pub fn best(
        &self,
        workload: usize,
        measure: &str,
        engines: impl Iterator<Item = usize>,
    ) -> Option<(usize, f64)> {
        engines
            .filter_map(|engine| Some((engine, self.get(workload, measure, engine)?.median)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::measure::{EditTiming, Timings};
    use super::*;

    fn run(engine: usize, load: f64, edit: f64) -> Run {
        let edits = vec![EditTiming {
            id: "head".into(),
            median_ms: edit,
            p95_ms: edit * 2.0,
            outputs_p95_ms: (engine == 0).then_some(edit / 2.0),
        }];
        let timings = Timings { load_ms: Some(load), edits, ..Timings::default() };
        Run { workload: 0, engine, timings, failure: None, cpu_seconds: Some(0.5) }
    }

    #[test]
    fn runs_are_brought_together() {
        let figures = Figures::of(&[
            run(0, 3.0, 1.0),
            run(0, 1.0, 1.0),
            run(0, 2.0, 1.0),
            run(1, 9.0, 4.0),
            run(2, 8.0, 5.0),
        ]);
        assert_eq!(figures.get(0, LOAD, 0), Some(Spread { median: 2.0, least: 1.0, most: 3.0 }));
        assert_eq!(figures.p95(0, "head", 1), Some(8.0));
        assert_eq!(
            (figures.outputs_p95(0, "head", 0), figures.outputs_p95(0, "head", 1)),
            (Some(0.5), Some(8.0))
        );
        assert_eq!(figures.best(0, LOAD, 1..3), Some((2, 8.0)));
        assert_eq!(figures.best(0, "head", 1..3), Some((1, 4.0)));
        assert_eq!(figures.get(0, CALC, 0), None);
        assert_eq!(figures.get(0, CPU, 0).map(|spread| spread.median), Some(500.0));
    }

    #[test]
    fn the_processor_time_of_an_ended_run_does_not_count() {
        let ended = Run { failure: Some("> 1 s".into()), ..run(1, 1.0, 1.0) };
        assert_eq!(Figures::of(&[ended]).get(0, CPU, 1), None);
    }
}
