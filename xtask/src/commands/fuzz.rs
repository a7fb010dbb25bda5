//! `cargo xtask fuzz`: libFuzzer on every harness of `engine/fuzz`, one after the other.
//!
//! What it begins with, what it found and what is worth keeping goes through the program `inputs` of that crate, which
//! knows how inputs are kept; here processes are started and what they say is read.

mod run;
mod tools;

use crate::markdown::{Align, Table};
use crate::process::{cargo, run as run_process};
use crate::project::Project;
use anyhow::{Context, Result, bail};
use run::{Outcome, Run};
use std::path::PathBuf;
use std::process::Stdio;

/// What can be chosen.
#[derive(clap::Args)]
pub struct Args {
    /// The targets to run; all of them if none is named
    targets: Vec<String>,
    /// How long each target runs, in seconds
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// How many processes work on a target
    #[arg(long, default_value_t = 1)]
    jobs: u32,
    /// Checks memory too (AddressSanitizer): several times slower, for the unsafe code of libraries
    #[arg(long)]
    memory: bool,
    /// Keeps inputs that reach what was reached, for the test suite
    #[arg(long)]
    keep: bool,
}

/// The columns of the report.
const COLUMNS: [(&str, Align); 8] = [
    ("target", Align::Left),
    ("seconds", Align::Right),
    ("executions", Align::Right),
    ("edges", Align::Right),
    ("inputs", Align::Right),
    ("longest input, s", Align::Right),
    ("memory, MB", Align::Right),
    ("found", Align::Left),
];

/// A target as the harnesses list it.
struct Target {
    name: String,
    max_bytes: usize,
}

/// Where everything lies.
struct Places {
    /// Below the folder that cargo builds to.
    root: PathBuf,
    /// What the compiler builds for.
    host: String,
    /// The folder of the built targets.
    programs: PathBuf,
}

/// Runs the command; answers whether nothing was found.
pub fn run(project: &Project, args: &Args) -> Result<bool> {
    let places = Places::new(project, args.memory)?;
    let targets = chosen(unpack(project, &places)?, &args.targets)?;
    tools::ensure(project)?;
    build(project, &places, args.memory)?;
    let mut table = Table::new(&COLUMNS);
    let mut found = 0;
    for target in &targets {
        println!("{}: {} s", target.name, args.seconds);
        let run = Run { places: &places, target, seconds: args.seconds, jobs: args.jobs };
        let outcome = run.fuzz()?;
        if let Some(finding) = &outcome.finding {
            found += 1;
            let smaller = run.minimised(&finding.input)?;
            println!("  found: {}\n  {}", finding.message, smaller.display());
            keep_finding(project, &target.name, &finding.message, &smaller)?;
        }
        if args.keep {
            let merged = run.merged()?;
            inputs(project, &["pack", &target.name, &merged.to_string_lossy()])?;
        }
        table.row(row(target, &outcome));
    }
    println!("\n{}", table.into_text());
    if found > 0 {
        println!(
            "{found} findings. Their inputs are in engine/fuzz/cases: give each a name there that says what it was, mend \
             what it shows, and run `cargo test -p playsheet-fuzz`."
        );
    }
    Ok(found == 0)
}

impl Places {
    fn new(project: &Project, memory: bool) -> Result<Places> {
        let root = project.target.join(if memory { "fuzz-memory" } else { "fuzz" });
        let host = tools::host()?;
        let programs = root.join(&host).join("release");
        Ok(Places { root, host, programs })
    }

    /// What libFuzzer begins with.
    fn start(&self) -> PathBuf {
        self.root.join("start")
    }
}

/// Makes the inputs to begin with; answers the targets that there are.
fn unpack(project: &Project, places: &Places) -> Result<Vec<Target>> {
    let start = places.start();
    if start.exists() {
        std::fs::remove_dir_all(&start).with_context(|| format!("cannot empty {}", start.display()))?;
    }
    let printed = inputs(project, &["unpack", &start.to_string_lossy()])?;
    let target = |line: &str| {
        let (name, most) = line.split_once(' ')?;
        Some(Target { name: name.to_owned(), max_bytes: most.parse().ok()? })
    };
    printed.lines().map(|line| target(line).with_context(|| format!("the harnesses list {line:?}"))).collect()
}

fn chosen(mut targets: Vec<Target>, names: &[String]) -> Result<Vec<Target>> {
    let known = |name: &&String| targets.iter().any(|target| target.name == **name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let all: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        bail!("there is no target {unknown}; there are {}", all.join(", "));
    }
    targets.retain(|target| names.is_empty() || names.contains(&target.name));
    Ok(targets)
}

/// Runs the program `inputs` of the harnesses' crate; answers what it prints.
fn inputs(project: &Project, words: &[&str]) -> Result<String> {
    let mut command = cargo(project);
    command.args(["run", "--quiet", "-p", "playsheet-fuzz", "--example", "inputs", "--"]).args(words);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.context("cargo does not start")?;
    if !output.status.success() {
        bail!("inputs {}: {}", words.join(" "), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn build(project: &Project, places: &Places, memory: bool) -> Result<()> {
    let mut command = tools::cargo_fuzz(project);
    command.args(["build", "--fuzz-dir", "engine/fuzz/targets", "--target", &places.host, "--sanitizer"]);
    command.arg(if memory { "address" } else { "none" }).arg("--target-dir").arg(&places.root);
    run_process(&mut command)
}

/// Puts a finding among the inputs that the test suite runs.
fn keep_finding(project: &Project, target: &str, message: &str, input: &std::path::Path) -> Result<()> {
    // Without the place, which would be one of this machine.
    let words = message.split_once(": ").map_or(message, |(_, words)| words);
    let name: String = words.chars().filter(|c| !c.is_control()).take(100).collect();
    inputs(project, &["keep", target, &name, &input.to_string_lossy()]).map(drop)
}

fn row(target: &Target, outcome: &Outcome) -> Vec<String> {
    let finding = outcome.finding.as_ref().map_or("none", |finding| &finding.message);
    vec![
        target.name.clone(),
        outcome.took.as_secs().to_string(),
        outcome.said.executions.to_string(),
        outcome.said.edges.to_string(),
        outcome.said.inputs.to_string(),
        outcome.said.slowest_s.to_string(),
        outcome.said.memory_mb.to_string(),
        finding.chars().take(80).collect(),
    ]
}
