//! The whole product in one command: a portal, a creator who publishes apps, a consumer who runs them.
//!
//! Nothing is pretended: the portal is a process of its own, everything goes through its public interface and its
//! mail, and the player keeps what it got in its vault. This program contains the portal and the player and starts
//! itself again to be one of them, so that one build is enough.

mod folder;
mod player;
mod steps;

use clap::Parser;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Shows Playsheet working: publishes example apps and opens the player.
#[derive(Debug, Parser)]
#[command(name = "playsheet-demo", version)]
struct Arguments {
    /// Forget what an earlier run left and start over
    #[arg(long)]
    fresh: bool,
    /// The folder for everything that the demo keeps
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Do not open a window, as on a machine without a display
    #[arg(long)]
    no_window: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // Started again as one of the programs that it contains.
    match arguments.get(1).and_then(|word| word.to_str()) {
        Some("portal") => return portal_server::run_command_line(without_program(&arguments)),
        Some("player") => return ::player::run_command_line(without_program(&arguments)),
        _ => {}
    }
    let arguments = Arguments::parse_from(arguments);
    match steps::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The demo stopped: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments as the contained program would have got them: its own name first.
fn without_program(arguments: &[OsString]) -> Vec<OsString> {
    arguments.get(1..).unwrap_or_default().to_vec()
}
