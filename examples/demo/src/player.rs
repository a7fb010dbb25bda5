//! The player: the same program that a person has, started as a process.

use crate::folder::{CONSUMER, Folder, Memory, PLAYER};
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
        succeeded(&output, "sign in").context("what an earlier run left may not fit; --fresh starts over")?;
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

    /// Opens the window and waits until it is closed; gives why it did not open or stay.
    pub fn window(&self) -> Result<Option<String>> {
        let output = self.run(&[], None)?;
        if output.status.success() {
            return Ok(None);
        }
        let said = said(&output);
        Ok(Some(if said.is_empty() { output.status.to_string() } else { reason(&said) }))
    }

    fn run(&self, arguments: &[&str], secret: Option<&str>) -> Result<Output> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("player").args(arguments).arg("--data").arg(self.folder.join(PLAYER));
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
    let text = String::from_utf8_lossy(&output.stderr);
    text.trim().trim_start_matches("playsheet: ").to_owned()
}

/// Of what the player said at its end, the first sentence: the rest is advice for whoever started the player alone.
/// Libraries may have said other things before.
fn reason(said: &str) -> String {
    let last = said.lines().rfind(|line| line.contains("window")).or(said.lines().last()).unwrap_or_default();
    let sentence = last.split_once(". ").map_or(last, |(first, _)| first);
    let sentence = sentence.trim_start_matches("playsheet: ").trim_end_matches('.');
    // What a library prints of its own structures is for nobody.
    let words = sentence.split_once(" {").and_then(|(before, _)| before.rsplit_once(": "));
    words.map_or(sentence, |(before, _)| before).to_owned()
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn the_reason_is_the_players_first_sentence() {
        let said = "libEGL warning: no card\nplaysheet: The window cannot be opened: no GL at all. Apps run without.";
        assert_eq!(reason(said), "The window cannot be opened: no GL at all");
        assert_eq!(reason("Segmentation fault"), "Segmentation fault");
        let structure =
            "playsheet: The window cannot be opened: no configs match: Template { size: 8 }. Error.";
        assert_eq!(reason(structure), "The window cannot be opened: no configs match");
    }
}
