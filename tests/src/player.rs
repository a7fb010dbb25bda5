//! Somebody's computer with the player on it, driven by its command line.

use crate::programs::{Ran, limited, program, run};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Protects the vaults of these tests, which have no secret store.
const PASSPHRASE: &str = "twelve green bottles on a very long wall";

/// A player with a folder of its own.
#[derive(Debug)]
pub struct Player {
    data: PathBuf,
}

impl Player {
    /// A player that keeps its things in this folder.
    pub fn new(data: impl Into<PathBuf>) -> Player {
        Player { data: data.into() }
    }

    /// Where it keeps its things.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Runs a command with another passphrase than the vault's.
    ///
    /// # Errors
    /// As [`Player::run`].
    pub fn run_with(&self, arguments: &[&str], passphrase: &str) -> Result<Ran> {
        run(&mut self.command(arguments)?, &format!("{passphrase}\n"))
    }

    /// A command of this player, which reads the vault's passphrase from its input.
    ///
    /// # Errors
    /// Where the program was not built.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = program("playsheet")?;
        command.args(arguments).arg("--data").arg(&self.data).arg("--passphrase-stdin");
        Ok(command)
    }

    /// Runs a command.
    ///
    /// # Errors
    /// Where it cannot be run or hangs; how it ends is the caller's to judge.
    pub fn run(&self, arguments: &[&str]) -> Result<Ran> {
        run(&mut self.command(arguments)?, &input(None))
    }

    /// As [`Player::run`], where no file may grow beyond so many KiB: what a full disk looks like to a program.
    ///
    /// # Errors
    /// As [`Player::run`].
    #[cfg(unix)]
    pub fn run_on_full_disk(&self, arguments: &[&str], kib: u32) -> Result<Ran> {
        let mut command = limited(&self.command(arguments)?, &[("-f", kib)]);
        run(&mut command, &input(None))
    }

    /// Signs in.
    ///
    /// # Errors
    /// As [`Player::run`].
    pub fn login(&self, address: &str, email: &str, password: &str) -> Result<Ran> {
        let mut command = self.command(&["login", address, "--email", email])?;
        run(&mut command, &input(Some(password)))
    }

    /// The names of the apps on this computer.
    ///
    /// # Errors
    /// Where they cannot be listed.
    pub fn apps(&self) -> Result<Vec<String>> {
        let listed = self.run(&["list", "--names"])?.ended(0)?;
        Ok(listed.stdout.lines().map(str::to_owned).collect())
    }
}

/// What a command reads: the vault's passphrase, then perhaps a password, a line each.
pub fn input(password: Option<&str>) -> String {
    let password = password.map(|password| format!("{password}\n")).unwrap_or_default();
    format!("{PASSPHRASE}\n{password}")
}
