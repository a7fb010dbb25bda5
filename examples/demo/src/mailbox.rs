//! The portal's mail, which the demo has put into a folder: one file a letter.

use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a letter may take: the portal sends after it answered.
const PATIENCE: Duration = Duration::from_secs(20);

/// The letters that are there already, so that the next one can be told from them.
pub fn seen(mailbox: &Path) -> BTreeSet<PathBuf> {
    letters(mailbox).into_iter().collect()
}

/// Waits for a new letter to `to` that carries a link, and gives the link's token.
///
/// # Errors
/// Where none comes within twenty seconds.
pub async fn wait_for_token(mailbox: &Path, before: &BTreeSet<PathBuf>, to: &str) -> Result<String> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        for letter in letters(mailbox) {
            if before.contains(&letter) {
                continue;
            }
            let text = std::fs::read_to_string(&letter).unwrap_or_default();
            if text.contains(to)
                && let Some(token) = token_of(&text)
            {
                return Ok(token);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("no letter to {to} arrived in {}", mailbox.display())
}

fn letters(mailbox: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(mailbox) else { return Vec::new() };
    let files = entries.flatten().map(|entry| entry.path());
    files.filter(|file| file.extension().is_some_and(|ending| ending == "eml")).collect()
}

/// The token in a letter: the value of `token` in its first link. Letters break long lines with `=`.
pub fn token_of(letter: &str) -> Option<String> {
    let joined = letter.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
    let (_, rest) = joined.split_once("token=")?;
    let is_token = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let token: String = rest.chars().take_while(is_token).collect();
    (token.len() > 20).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_across_broken_lines() {
        let letter = "To confirm: http://127.0.0.1/confirm?token=3Dabcdefghij=\r\nklmnopqrstuv.wx_y-z\r\nBye";
        assert_eq!(token_of(letter).as_deref(), Some("abcdefghijklmnopqrstuv.wx_y-z"));
        assert_eq!(token_of("no link"), None);
    }
}
