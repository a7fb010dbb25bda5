//! A Python environment of the tests' own in the target folder, with a real mail server in it.

use crate::process::{run, succeeds};
use crate::project::Project;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// The package that is the mail server, and how it is imported.
const PACKAGE: &str = "aiosmtpd==1.4.6";
const MODULE: &str = "aiosmtpd";

/// The environment's Python.
pub fn interpreter(project: &Project) -> PathBuf {
    folder(project).join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// Whether the environment is there and whole.
pub fn is_prepared(project: &Project) -> bool {
    succeeds(Command::new(interpreter(project)).args(["-c", &format!("import {MODULE}")]))
}

/// Makes the environment unless it is there and whole.
pub fn prepare(project: &Project) -> Result<()> {
    if is_prepared(project) {
        return Ok(());
    }
    let python = interpreter(project);
    let folder = folder(project);
    println!("making a Python environment with {MODULE} in {}", folder.display());
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
        .context("the mail server for the tests needs a Python environment")?;
    run(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        PACKAGE,
    ]))
    .context("the mail server for the tests cannot be installed")
}

fn folder(project: &Project) -> PathBuf {
    project.test_tools().join("python")
}
