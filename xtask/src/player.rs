//! The program that is measured: built here with all optimisations, or one that is already built.

use crate::process::{cargo, run as run_process};
use crate::project::Project;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The `playsheet` to measure: the given one, or a release build of this workspace.
pub fn program(project: &Project, given: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = given {
        return path.canonicalize().with_context(|| format!("{} is not there", path.display()));
    }
    run_process(cargo(project).args(["build", "--release", "--package", "playsheet-player"]))?;
    Ok(project.target.join("release").join(format!("playsheet{}", std::env::consts::EXE_SUFFIX)))
}
