//! The program `playsheet-portal`. All it does stands in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    playsheet_portal_server::run_command_line(std::env::args_os())
}
