//! `cargo xtask bench`: how long the engine takes, and with `--compare` how long others take for the same.
//!
//! The workbooks are made here (`workloads` says what is in them), each engine runs in turn as a program of its
//! own with a time limit, and the report judges the ratios against the goals in `engine/comparison/goals.tsv`. Figures from
//! different runs or machines are not to be compared; ratios within one run are.

mod agreement;
pub mod engines;
mod figures;
mod file;
mod goals;
mod machine;
pub mod measure;
mod sidecar;
mod table;
mod workbooks;
mod workloads;

use crate::child::Bounds;
use crate::player;
use crate::project::Project;
use anyhow::{Context, Result, bail};
use engines::Engine;
use measure::Run;
use std::path::PathBuf;
use std::time::Duration;
use table::Measured;
use workbooks::Bench;

/// What `cargo xtask bench` takes.
#[derive(clap::Args)]
pub struct Args {
    /// The part of the workbooks' full size, such as 0.1
    #[arg(long, value_name = "PART", default_value_t = 0.1)]
    scale: f64,
    /// Measure other engines too: those of engine/comparison that this machine has
    #[arg(long)]
    compare: bool,
    /// How often to run each engine on each workbook
    #[arg(long, value_name = "N", default_value_t = 3)]
    runs: usize,
    /// Only these workloads, such as grid,lookup
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Only these other engines, by their word on the comparison's command line
    #[arg(long, value_name = "ENGINES", value_delimiter = ',')]
    engines: Vec<String>,
    /// A folder of workbooks with their .meta.json files, instead of making them
    #[arg(long, value_name = "DIR")]
    workbooks: Option<PathBuf>,
    /// Seconds that one engine may take for one workbook
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    limit: u64,
    /// MB of memory that one engine may hold
    #[arg(long, value_name = "MB", default_value_t = 16_384)]
    memory: u64,
    /// Where to write the report as Markdown; without it, it is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A playsheet program that is already built
    #[arg(long, value_name = "FILE")]
    player: Option<PathBuf>,
    /// A compare program of engine/comparison that is already built
    #[arg(long, value_name = "FILE")]
    comparison: Option<PathBuf>,
}

/// Runs the command; answers whether our engine did all its work.
pub fn run(project: &Project, args: &Args) -> Result<bool> {
    if !(args.scale > 0.0 && args.scale <= 10.0) {
        bail!("--scale {} is not between 0 and 10", args.scale);
    }
    let benches = match &args.workbooks {
        Some(folder) => workbooks::found(folder, &args.only)?,
        None => {
            let folder = project.target.join("bench").join(format!("scale-{}", args.scale));
            workbooks::written(&folder, args.scale, &args.only)?
        }
    };
    let goals = std::fs::read_to_string(project.root.join("engine/comparison/goals.tsv"))
        .context("engine/comparison/goals.tsv cannot be read")?;
    let goals = goals::read(&goals)?;
    let engines = engines(project, args)?;
    let before = machine::line();
    let bounds = Bounds { memory_mb: Some(args.memory), ..Duration::from_secs(args.limit).into() };
    let runs = in_turn(&benches, &engines, args.runs.max(1), bounds)?;
    let measured = Measured {
        machine: (before, machine::line()),
        engines: engines.into_iter().map(|engine| engine.name).collect(),
        agreement: agreement::compare(&benches, &runs),
        benches: &benches,
        goals: &goals,
        runs: &runs,
        times: args.runs.max(1),
    };
    let report = table::write(&measured);
    match &args.out {
        Some(out) => {
            std::fs::write(out, report).with_context(|| format!("{} cannot be written", out.display()))?;
        }
        None => print!("{report}"),
    }
    Ok(runs.iter().all(|run| run.engine > 0 || run.failure.is_none()))
}

/// Ours first, then those that are asked for and there.
fn engines(project: &Project, args: &Args) -> Result<Vec<Engine>> {
    let mut engines = vec![Engine::own(player::program(project, args.player.as_deref())?)];
    if !args.compare {
        return Ok(engines);
    }
    let comparison = engines::comparison(project, args.comparison.as_deref())?;
    engines.extend(engines::chosen(&comparison, &args.engines)?);
    Ok(engines)
}

/// Every engine on every workbook, again and again, so that a busy minute of the machine falls on all of them.
fn in_turn(benches: &[Bench], engines: &[Engine], times: usize, bounds: Bounds) -> Result<Vec<Run>> {
    let mut runs: Vec<Run> = Vec::new();
    for time in 1..=times {
        for workload in benches.iter().enumerate() {
            for engine in engines.iter().enumerate() {
                let (bench, name) = (&workload.1.sidecar.name, &engine.1.name);
                // Whoever did not come to an end once will not do so a second time.
                let hopeless = runs
                    .iter()
                    .any(|run| (run.workload, run.engine) == (workload.0, engine.0) && run.failure.is_some());
                if hopeless {
                    continue;
                }
                let run = measure::measure(workload, engine, bounds)?;
                let ended = run.failure.as_deref().unwrap_or("done");
                println!("run {time} of {times}: {bench}, {name}: {ended}");
                runs.push(run);
            }
        }
    }
    Ok(runs)
}
