//! The player: the same program that a person has, started as a process.

use crate::folder::{CONSUMER, Folder, Memory};
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// The exit code by which the player says that its surroundings are at fault: no secret store, no display.
const SURROUNDINGS: i32 = 4;

/// The player with its data in the demo's folder.
pub struct Player<'a> {
    folder: &'a Folder,
    passphrase: Option<String>,
}

impl<'a> Player<'a> {
    /// Signs the player in. Without a secret store the vault gets a passphrase, which is said.
    pub fn sign_in(folder: &'a Folder, memory: &mut Memory, address: &str) -> Result<Player<'a>> {
        let passphrase = memory.uses_passphrase.then(|| memory.passphrase.clone());
        let mut player = Player { folder, passphrase };
        let arguments = ["login", address, "--email", CONSUMER];
        let mut output = player.run(&arguments, Some(&memory.consumer_password))?;
        if output.status.code() == Some(SURROUNDINGS) && player.passphrase.is_none() {
            player.passphrase = Some(memory.passphrase.clone());
            memory.uses_passphrase = true;
            output = player.run(&arguments, Some(&memory.consumer_password))?;
        }
        succeeded(&output, "sign in")?;
        Ok(player)
    }

    /// Whether the vault is protected by the demo's own passphrase.
    pub fn uses_passphrase(&self) -> bool {
        self.passphrase.is_some()
    }

    /// Runs a command and gives what it printed.
    pub fn command(&self, arguments: &[&str]) -> Result<String> {
        let output = self.run(arguments, None)?;
        succeeded(&output, arguments.first().unwrap_or(&"start"))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Opens the window and waits until it is closed; gives why not where there can be none.
    pub fn window(&self) -> Result<Option<String>> {
        let output = self.run(&[], None)?;
        match output.status.code() {
            Some(0) => Ok(None),
            Some(SURROUNDINGS) => Ok(Some(said(&output))),
            _ => bail!("the player's window ended with an error: {}", said(&output)),
        }
    }

    fn run(&self, arguments: &[&str], secret: Option<&str>) -> Result<Output> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("player").args(arguments).arg("--data").arg(self.folder.join("player"));
        if self.passphrase.is_some() {
            command.arg("--passphrase-stdin");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().context("the player cannot be started")?;
        if let Some(mut stdin) = process.stdin.take() {
            let lines = [self.passphrase.as_deref(), secret];
            let text: String = lines.into_iter().flatten().map(|line| format!("{line}\n")).collect();
            // A command that needs no secret may end before it reads one.
            let _ = stdin.write_all(text.as_bytes());
        }
        process.wait_with_output().context("the player did not end")
    }
}

fn succeeded(output: &Output, what: &str) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    bail!("the player could not {what}: {}", said(output))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}
