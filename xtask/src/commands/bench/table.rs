//! The report as Markdown: goals first, then all figures, then where engines disagree or did not come to an end.

use super::agreement::Agreement;
use super::figures::{CALC, CPU, Figures, LOAD, MEMORY, Spread};
use super::goals::{Goal, Verdict};
use super::measure::Run;
use super::workbooks::Bench;
use crate::markdown::{Align, Table};

/// Disagreements shown.
const MOST_DIFFERENCES: usize = 60;

/// What was measured.
pub struct Measured<'a> {
    /// The machine, before and after.
    pub machine: (String, String),
    /// Names of the engines, ours first.
    pub engines: Vec<String>,
    /// The workbooks.
    pub benches: &'a [Bench],
    /// The goals.
    pub goals: &'a [Goal],
    /// Every run.
    pub runs: &'a [Run],
    /// How often each was run.
    pub times: usize,
    /// How far they agree.
    pub agreement: Agreement,
}

/// Writes the report.
pub fn write(measured: &Measured<'_>) -> String {
    let figures = Figures::of(measured.runs);
    let mut text = head(measured);
    text.push_str("\n## Goals\n\n");
    text.push_str(&goals(measured, &figures));
    text.push_str("\n## Figures\n\nMilliseconds, median (least–most) of the runs; edits: median of the series, with the 95th percentile, both until every formula is up to date, and in square brackets until the outputs are.\n\n");
    text.push_str(&all_figures(measured, &figures));
    text.push_str("\n## Agreement\n\n");
    text.push_str(&agreement(measured));
    let failures = failures(measured);
    if !failures.is_empty() {
        text.push_str(&format!("\n## Runs without an end\n\n{failures}"));
    }
    text
}

fn head(measured: &Measured<'_>) -> String {
    let scale = measured.benches.first().map_or(0.0, |bench| bench.sidecar.scale);
    format!(
        "# Benchmarks at scale {scale}\n\nMachine before: {}; after: {}. Runs: {}, in turn. Engines: {}.\n",
        measured.machine.0,
        measured.machine.1,
        measured.times,
        measured.engines.join(", ")
    )
}

fn goals(measured: &Measured<'_>, figures: &Figures) -> String {
    let right = Align::Right;
    let mut table = Table::new(&[
        ("workload", Align::Left),
        ("measure", Align::Left),
        ("Playsheet", right),
        ("best other", right),
        ("ratio", right),
        ("goal", right),
        ("outputs p95 or MB", right),
        ("limit", right),
        ("", Align::Left),
    ]);
    let mut counts = [0, 0];
    for (workload, bench) in measured.benches.iter().enumerate() {
        for goal in measured.goals.iter().filter(|goal| goal.workload == bench.sidecar.name) {
            let (row, verdict) = goal_row(measured, figures, workload, goal);
            table.row(row);
            counts[0] += usize::from(verdict == Verdict::Met);
            counts[1] += usize::from(verdict == Verdict::Missed);
        }
    }
    format!(
        "{} met, {} missed. A ratio is to the best other engine in this run; limits hold at scale 1.\n\n{}",
        counts[0],
        counts[1],
        table.into_text()
    )
}

fn goal_row(
    measured: &Measured<'_>,
    figures: &Figures,
    workload: usize,
    goal: &Goal,
) -> (Vec<String>, Verdict) {
    let own = figures.get(workload, &goal.measure, 0);
    let astray = &measured.agreement.astray;
    let others = (1..measured.engines.len()).filter(|engine| !astray.contains(&(workload, *engine)));
    let best = figures.best(workload, &goal.measure, others);
    let ratio = own.zip(best).filter(|(_, (_, best))| *best > 0.0).map(|(own, (_, best))| own.median / best);
    let figure = match goal.measure.as_str() {
        MEMORY => own.map(|own| own.median),
        // Limits are for what somebody looks at.
        _ => figures.outputs_p95(workload, &goal.measure, 0),
    };
    // Limits are for workbooks of full size.
    let full = measured.benches.get(workload).is_some_and(|bench| bench.sidecar.scale >= 1.0);
    let verdict = goal.judge(ratio, figure.filter(|_| full));
    let name = best.and_then(|(engine, _)| measured.engines.get(engine));
    let row = vec![
        goal.workload.clone(),
        goal.measure.clone(),
        shown(own),
        best.zip(name).map_or("–".into(), |((_, best), name)| format!("{name} {}", short(best))),
        ratio.map_or("–".into(), |ratio| format!("{}x", short(ratio))),
        goal.ratio.map_or("–".into(), |ratio| format!("{ratio}x")),
        figure.filter(|_| goal.limit.is_some()).map_or("–".into(), short),
        goal.limit.map_or("–".into(), |limit| limit.to_string()),
        verdict.word().into(),
    ];
    (row, verdict)
}

fn all_figures(measured: &Measured<'_>, figures: &Figures) -> String {
    let mut table = Table::new(&[
        ("workload", Align::Left),
        ("engine", Align::Left),
        ("load", Align::Right),
        ("full calculation", Align::Right),
        ("edits", Align::Left),
        ("peak MB", Align::Right),
        ("processor time", Align::Right),
    ]);
    for (workload, bench) in measured.benches.iter().enumerate() {
        for (engine, name) in measured.engines.iter().enumerate() {
            let get = |measure| figures.get(workload, measure, engine);
            let edits = bench.sidecar.edits.iter().filter_map(|series| {
                let p95 = figures.p95(workload, &series.id, engine)?;
                let outputs = figures.outputs_p95(workload, &series.id, engine)?;
                let median = shown(get(&series.id));
                Some(format!("{} {median} / {} [{}]", series.id, short(p95), short(outputs)))
            });
            let edits: Vec<String> = edits.collect();
            table.row([
                bench.sidecar.name.clone(),
                name.clone(),
                shown(get(LOAD)),
                shown(get(CALC)),
                edits.join(", "),
                shown(get(MEMORY)),
                shown(get(CPU)),
            ]);
        }
    }
    table.into_text()
}

fn agreement(measured: &Measured<'_>) -> String {
    let Agreement { compared, differences, astray } = &measured.agreement;
    let mut text =
        format!("{compared} outputs of other engines compared with ours, {} differ.\n", differences.len());
    for (workload, engine) in astray {
        let name = measured.benches.get(*workload).map_or("", |bench| bench.sidecar.name.as_str());
        let engine = measured.engines.get(*engine).map_or("", String::as_str);
        text.push_str(&format!("{engine} is not compared on {name}: most of its outputs differ.\n"));
    }
    if differences.is_empty() {
        return text;
    }
    let left = Align::Left;
    let mut table = Table::new(&[
        ("workload", left),
        ("engine", left),
        ("cell", left),
        ("Playsheet", left),
        ("other", left),
    ]);
    for difference in differences.iter().take(MOST_DIFFERENCES) {
        table.row([
            measured
                .benches
                .get(difference.workload)
                .map_or("", |bench| bench.sidecar.name.as_str())
                .to_owned(),
            measured.engines.get(difference.engine).cloned().unwrap_or_default(),
            difference.place.clone(),
            difference.own.shown(),
            difference.other.shown(),
        ]);
    }
    text.push('\n');
    text.push_str(&table.into_text());
    text
}

fn failures(measured: &Measured<'_>) -> String {
    let failed = measured.runs.iter().filter_map(|run| Some((run, run.failure.as_ref()?)));
    failed
        .map(|(run, why)| {
            let name = measured.benches.get(run.workload).map_or("", |bench| bench.sidecar.name.as_str());
            let engine = measured.engines.get(run.engine).map_or("", String::as_str);
            format!("- {name}, {engine}: {why}\n")
        })
        .collect()
}

fn shown(spread: Option<Spread>) -> String {
    match spread {
        None => "–".into(),
        Some(spread) if spread.least == spread.most => short(spread.median),
        Some(spread) => format!("{} ({}–{})", short(spread.median), short(spread.least), short(spread.most)),
    }
}

/// A figure with about three digits.
fn short(figure: f64) -> String {
    match figure.abs() {
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        size if size >= 1.0 => format!("{figure:.2}"),
        size if size >= 0.01 => format!("{figure:.3}"),
        _ => format!("{figure:.5}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::measure::Timings;
    use super::super::sidecar::Sidecar;
    use super::*;

    fn run(engine: usize, calc: f64) -> Run {
        let timings = Timings { calc_ms: Some(calc), peak_rss_mb: Some(50.0), ..Timings::default() };
        Run { workload: 0, engine, timings, failure: None, cpu_seconds: None }
    }

    #[test]
    fn goals_are_judged_against_the_best_other_engine() {
        let sidecar = Sidecar {
            name: "grid".into(),
            scale: 0.1,
            n_formulas: 0,
            n_values: 0,
            tolerance: 1e-9,
            edits: Vec::new(),
            outputs: Vec::new(),
        };
        let benches = [Bench { file: "grid.xlsx".into(), edits: "grid.meta.json".into(), sidecar }];
        let goal = |measure: &str, ratio, limit| Goal {
            workload: "grid".into(),
            measure: measure.into(),
            ratio,
            limit,
        };
        let goals =
            [goal(CALC, Some(0.3), None), goal(MEMORY, Some(0.5), Some(10.0)), goal(LOAD, Some(0.1), None)];
        let ended = Run { failure: Some("> 120 s".into()), ..run(2, 80.0) };
        let runs = [run(0, 9.0), run(1, 100.0), ended];
        let text = write(&Measured {
            machine: ("2 cores".into(), "2 cores".into()),
            engines: vec!["Playsheet".into(), "One".into(), "Two".into()],
            benches: &benches,
            goals: &goals,
            runs: &runs,
            times: 1,
            agreement: Agreement::default(),
        });
        assert!(text.contains("1 met, 1 missed"), "{text}");
        assert!(text.contains("| grid | calc | 9.00 | Two 80.0 | 0.113x | 0.3x |"), "{text}");
        assert!(text.contains("- grid, Two: > 120 s"), "{text}");
    }

    #[test]
    fn figures_have_three_digits() {
        assert_eq!(
            [123.4, 12.34, 1.234, 0.1234, 0.001].map(short),
            ["123", "12.3", "1.23", "0.123", "0.00100"]
        );
    }
}
