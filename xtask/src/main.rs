//! Everything that a contributor does: `cargo xtask check`, `cargo xtask test` and so on.
//!
//! Each command is one file in `commands/` with its `Args` (where it takes any) and a `run` that answers
//! whether all went well. A new command is such a file, a line in `commands.rs`, and a line each in
//! [`Command`] and [`run`]. CI runs the same commands, so what is green here is green there.

mod child;
mod commands;
mod markdown;
mod player;
mod process;
mod project;
mod report;
mod values;

use anyhow::Result;
use clap::{Parser, Subcommand};
use commands::{bench, check, compatibility, conformance, crosscheck, examples, fuzz, pictures, test, tidy};
use project::Project;
use std::process::ExitCode;

/// Everything that a contributor does.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures load, calculation and edits on workbooks made for it, and other engines beside them
    Bench(bench::Args),
    /// The fast part: format, hygiene and lints; changes nothing
    Check,
    /// Writes COMPATIBILITY.md anew, after cases or known differences changed
    Compatibility,
    /// Recalculates a folder of workbooks and compares with the values that Excel stored in them
    Conformance(conformance::Args),
    /// Computes the function cases with other engines and reports where they disagree
    Crosscheck(crosscheck::Args),
    /// Writes the example workbooks anew, after their generator or the engine changed
    Examples,
    /// Throws made-up input at the readers, formulas, formats, evaluation and editing, and keeps what breaks them
    Fuzz(fuzz::Args),
    /// Paints the README's pictures with the product itself
    Pictures,
    /// Everything: installs what the tests need, then format, hygiene, lints and all tests
    Test(test::Args),
    /// The house rules that no compiler knows: file sizes, marks of unfinished work, words that do not belong here
    Tidy,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<bool> {
    let project = Project::find()?;
    match command {
        Command::Bench(args) => bench::run(&project, &args),
        Command::Check => Ok(check::run(&project)),
        Command::Compatibility => compatibility::run(&project),
        Command::Conformance(args) => conformance::run(&project, &args),
        Command::Crosscheck(args) => crosscheck::run(&project, &args),
        Command::Examples => Ok(examples::run(&project)),
        Command::Fuzz(args) => fuzz::run(&project, &args),
        Command::Pictures => pictures::run(&project),
        Command::Test(args) => Ok(test::run(&project, &args)),
        Command::Tidy => Ok(tidy::run(&project)),
    }
}
