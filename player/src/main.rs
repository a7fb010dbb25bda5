//! `playsheet`: the player. All work is done in the library, so that other programs can run it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    playsheet_player::run_command_line(std::env::args_os())
}
