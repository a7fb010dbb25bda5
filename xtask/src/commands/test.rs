//! `cargo xtask test`: everything that CI asks, from the packages that the tests need to the last end-to-end test.
//!
//! One build serves it all: the binaries that the end-to-end tests start and the tests themselves are built
//! in one go and in one profile, so that no crate is built twice with different features.

mod apt;
mod needs;
mod python;
mod surroundings;
mod totals;

use super::check;
use crate::process::{cargo, line, run as run_process};
use crate::project::Project;
use crate::report::Report;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use totals::Totals;

/// The variable that tells the tests which Python has the packages they use.
const PYTHON_VARIABLE: &str = "PLAYSHEET_TEST_PYTHON";
/// The variable that tells the tests to fail, not to skip, where this machine lacks what they need.
const NEED_ALL_VARIABLE: &str = "PLAYSHEET_TESTS_NEED_ALL";

/// What `cargo xtask test` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Install nothing: only say what is missing
    #[arg(long)]
    no_install: bool,
}

/// Runs the command; answers whether all is well.
pub fn run(project: &Project, args: &Args) -> bool {
    let mut report = Report::new("test");
    let prepared = report.step("surroundings", || surroundings::prepare(project, !args.no_install));
    let need_all = prepared && surroundings::are_complete(project);
    check::steps(project, &mut report);
    let built = report
        .step("build", || run_process(cargo(project).args(["build", "--workspace", "--bins", "--tests"])));
    let mut totals = Totals::default();
    if built {
        report.step("tests", || tests(project, need_all, &mut totals));
    }
    println!("\n{}total: {totals}", totals.slowest());
    report.finish()
}

/// Runs all tests, those in examples of doc comments too, and counts them from cargo's own lines.
fn tests(project: &Project, need_all: bool, totals: &mut Totals) -> Result<()> {
    let mut command = cargo(project);
    command.args(["test", "--workspace", "--no-fail-fast"]);
    if need_all {
        command.env(PYTHON_VARIABLE, python::interpreter(project)).env(NEED_ALL_VARIABLE, "1");
    }
    let good = run_counting(&mut command, totals)?;
    if !good {
        bail!("{}: {totals}", line(&command));
    }
    if totals.passed == 0 {
        bail!("{}: no test ran", line(&command));
    }
    Ok(())
}

/// Runs the command, passes each line on as it comes, and counts; answers whether it ended well.
fn run_counting(command: &mut Command, totals: &mut Totals) -> Result<bool> {
    let what = line(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {what}"))?;
    if let Some(stdout) = child.stdout.take() {
        let mut out = std::io::stdout().lock();
        for bytes in BufReader::new(stdout).split(b'\n') {
            let bytes = bytes.with_context(|| format!("cannot read what {what} prints"))?;
            out.write_all(&bytes)?;
            out.write_all(b"\n")?;
            totals.add(&String::from_utf8_lossy(&bytes));
        }
    }
    Ok(child.wait()?.success())
}
