//! The player: the window and the command line over the same engine.
//!
//! The command line is a contract that others build on: options, output and exit codes stay as they are.

mod app;
mod commands;
mod exit;
mod input;
mod options;
mod print;
mod store;
mod threads;
mod whole_file;
mod window;

use clap::Parser;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line and gives its exit code: 0 done, 1 the input is at fault, 2 usage, 3 the program is,
/// 4 the surroundings are.
pub fn run_command_line(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match options::Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not mistakes; clap says which and where they go.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match commands::run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("playsheet: {error}");
            error.exit_code()
        }
    }
}
