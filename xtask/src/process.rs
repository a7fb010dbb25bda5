//! Running other programs: never with an input, and with an error that says which one failed.

use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// Cargo in the workspace's root, as a person would start it there.
///
/// `cargo run` gave this process variables about the package `xtask`. Build scripts watch some of them, so they
/// are taken away again: otherwise each change between `cargo test` and `cargo xtask test` would build those
/// crates anew. In CI nothing is built twice, so incremental state would only cost time and disk.
pub fn cargo(project: &Project) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&project.root);
    for (name, _) in std::env::vars_os() {
        if is_about_a_package(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    if in_ci() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Whether CI runs this (`CI=true`), where nobody can answer a question.
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// Runs the command with its output on the terminal, and fails if it does.
pub fn run(command: &mut Command) -> Result<()> {
    let what = line(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {what}"))?;
    if !status.success() {
        bail!("{what}: {status}");
    }
    Ok(())
}

/// Whether the command runs and ends well; what it prints is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).output().is_ok_and(|output| output.status.success())
}

/// The command as one would type it, without the folder of the program.
pub fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(program.as_os_str()).to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}

fn is_about_a_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_")
        || variable.starts_with("CARGO_MANIFEST_")
        || variable == "CARGO_CRATE_NAME"
        || variable == "CARGO_BIN_NAME"
        || variable == "CARGO_PRIMARY_PACKAGE"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_describes_a_package_is_taken_away() {
        assert!(is_about_a_package("CARGO_PKG_NAME"));
        assert!(is_about_a_package("CARGO_MANIFEST_DIR"));
        assert!(!is_about_a_package("CARGO_TARGET_DIR"));
        assert!(!is_about_a_package("CARGO_HOME"));
    }

    #[test]
    fn a_command_reads_as_one_types_it() {
        assert_eq!(
            line(Command::new("some/folder/cargo").args(["test", "--workspace"])),
            "cargo test --workspace"
        );
    }

    #[test]
    fn a_failing_program_is_named() {
        let failed = run(Command::new("cargo").arg("no-such-command").stderr(Stdio::null()));
        let message = failed.map_err(|error| error.to_string());
        assert!(message.is_err_and(|text| text.contains("cargo no-such-command")));
        assert!(run(&mut Command::new("no-such-program-anywhere")).is_err());
    }
}
