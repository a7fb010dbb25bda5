//! The commands, a file each.

mod bench;
mod check;
mod recalc;
mod run;

use crate::exit::{Failure, Outcome};
use crate::options::{Arguments, Command};
use std::process::ExitCode;

/// Runs what the arguments ask for.
pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let global = &arguments.global;
    match &arguments.command {
        Some(Command::Run(options)) => run::run(options, global),
        Some(Command::Check(options)) => check::run(options, global),
        Some(Command::Recalc(options)) => recalc::run(options, global),
        Some(Command::Bench(options)) => bench::run(options, global),
        None => Err(Failure::usage("Give a command; `playsheet --help` lists them.")),
    }
}
