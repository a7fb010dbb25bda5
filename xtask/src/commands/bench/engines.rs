//! The engines to measure: this one, and those that `engine/comparison` knows and this machine has.

use crate::process::{cargo, run as run_process};
use crate::project::Project;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An engine behind a command line.
pub struct Engine {
    /// Its name for people.
    pub name: String,
    program: PathBuf,
    /// What comes before the workbook on the command line.
    verb: String,
}

/// A line of `compare engines`.
#[derive(Debug, Deserialize)]
struct Known {
    /// Its word on the command line.
    id: String,
    /// Its name and version.
    name: String,
    /// Whether it can be run here.
    installed: bool,
    /// What to do where it is not.
    #[serde(default)]
    hint: String,
}

impl Engine {
    /// The engine of this repository.
    pub fn own(player: PathBuf) -> Self {
        Self { name: "Playsheet".into(), program: player, verb: "bench".into() }
    }

    /// The command that does to a workbook what its sidecar says and prints JSON.
    pub fn command(&self, file: &Path, sidecar: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(&self.verb).arg(file).arg("--edits").arg(sidecar);
        command
    }
}

/// The program of `engine/comparison`: the given one, or built now. It has a lock file and a build of its own.
pub fn comparison(project: &Project, given: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = given {
        return path.canonicalize().with_context(|| format!("{} is not there", path.display()));
    }
    let target = project.target.join("comparison");
    let mut command = cargo(project);
    command.args(["build", "--release", "--locked", "--manifest-path"]);
    command.arg(project.root.join("engine/comparison/Cargo.toml"));
    run_process(command.arg("--target-dir").arg(&target))?;
    Ok(target.join("release").join(format!("compare{}", std::env::consts::EXE_SUFFIX)))
}

/// The other engines that this machine has, all or those of the given words; says which are not there.
pub fn chosen(comparison: &Path, only: &[String]) -> Result<Vec<Engine>> {
    let mut engines = Vec::new();
    for known in known(comparison)? {
        if !only.is_empty() && !only.contains(&known.id) {
            continue;
        }
        if known.installed {
            engines.push(Engine { name: known.name, program: comparison.into(), verb: known.id });
        } else {
            println!("{} is left out: {}", known.name, known.hint);
        }
    }
    Ok(engines)
}

/// Asks the comparison which engines it knows.
fn known(comparison: &Path) -> Result<Vec<Known>> {
    let output = Command::new(comparison).arg("engines").output();
    let output = output.with_context(|| format!("{} does not start", comparison.display()))?;
    if !output.status.success() {
        bail!("the comparison does not list its engines: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).context("the comparison lists an engine that is no JSON"))
        .collect()
}
