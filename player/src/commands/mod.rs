//! The commands, a file each.

mod account;
mod bench;
mod check;
mod explain;
mod export;
mod open;
mod propose;
mod recalc;
mod render;
mod report;
mod run;

pub(crate) use account::{computer_name, find as find_app};

use crate::exit::Outcome;
use crate::options::{Arguments, Command};
use std::process::ExitCode;

/// Runs what the arguments ask for.
pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let global = &arguments.global;
    match &arguments.command {
        Some(Command::Open(options)) => open::run(options, global),
        Some(Command::Render(options)) => render::run(options, global),
        Some(Command::Run(options)) => run::run(options, global),
        Some(Command::Propose(options)) => propose::run(options, global),
        Some(Command::Check(options)) => check::run(options, global),
        Some(Command::Report(options)) => report::run(options, global),
        Some(Command::Explain(options)) => explain::run(options, global),
        Some(Command::Login(options)) => account::login(options, global),
        Some(Command::Logout) => account::logout(global),
        Some(Command::List(options)) => account::list(options, global),
        Some(Command::Sync(options)) => account::sync(options, global),
        Some(Command::Remove(options)) => account::remove(options, global),
        Some(Command::Status) => account::status(global),
        Some(Command::Recalc(options)) => recalc::run(options, global),
        Some(Command::Export(options)) => export::run(options, global),
        Some(Command::Bench(options)) => bench::run(options, global),
        None => open::gallery(global),
    }
}
