//! What fuzzing needs beside the toolchain: cargo-fuzz and a C++ compiler.

use crate::process::{cargo, run as run_process, succeeds};
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// The version that the flags used here are known to fit.
const VERSION: &str = "0.13.2";

/// Installs cargo-fuzz beside the other tools of the tests where it is missing; a compiler has to be there.
pub fn ensure(project: &Project) -> Result<()> {
    let compilers = ["c++", "g++", "clang++"];
    if !compilers.iter().any(|name| succeeds(Command::new(name).arg("--version"))) {
        bail!("libFuzzer is built from C++, and this machine has no compiler for that: install g++ or clang");
    }
    if succeeds(cargo_fuzz(project).arg("--version")) {
        return Ok(());
    }
    println!("cargo-fuzz is missing: installing version {VERSION} below {}", folder(project).display());
    let mut install = cargo(project);
    install.args(["install", "cargo-fuzz", "--locked", "--version", VERSION, "--root"]).arg(folder(project));
    run_process(&mut install).context("cargo-fuzz could not be installed")
}

/// `cargo fuzz` in the workspace's root. It passes flags that only nightly compilers take, and so the stable one is
/// told to take them: what is built here is never shipped.
pub fn cargo_fuzz(project: &Project) -> Command {
    let mut command = cargo(project);
    let own = folder(project).join("bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(own).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(all) {
        command.env("PATH", path);
    }
    command.env("RUSTC_BOOTSTRAP", "1").arg("fuzz");
    command
}

/// What the compiler builds for when it is asked for nothing else.
pub fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc does not start")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say what it builds for")
}

fn folder(project: &Project) -> PathBuf {
    project.test_tools().join("cargo-fuzz")
}
