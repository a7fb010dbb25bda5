//! The portal's mail where it comes into a folder, one file a letter: from the portal itself, or from a mail server
//! that keeps what it gets in a maildir.

use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a letter may take: the portal sends after it answered.
const PATIENCE: Duration = Duration::from_secs(30);

/// The letters that are there already, so that the next one can be told from them.
pub fn seen(mailbox: &Path) -> BTreeSet<PathBuf> {
    letters(mailbox).into_iter().collect()
}

/// Waits for a new letter to `to` that carries a link, and gives the link.
///
/// # Errors
/// Where none comes within half a minute.
pub async fn wait_for_link(mailbox: &Path, before: &BTreeSet<PathBuf>, to: &str) -> Result<String> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        for letter in letters(mailbox).into_iter().filter(|letter| !before.contains(letter)) {
            let text = std::fs::read_to_string(&letter).unwrap_or_default();
            if is_to(&text, to)
                && let Some(link) = link_of(&text)
            {
                return Ok(link);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("no letter with a link to {to} arrived in {}", mailbox.display())
}

/// The letters of the folder. What begins with a dot is still being written.
fn letters(mailbox: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(mailbox) else { return Vec::new() };
    let whole = |path: &PathBuf| {
        path.is_file() && path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'))
    };
    entries.flatten().map(|entry| entry.path()).filter(whole).collect()
}

/// Whether the letter's head names this receiver.
fn is_to(letter: &str, to: &str) -> bool {
    let head = letter.lines().take_while(|line| !line.is_empty());
    let mut receivers =
        head.filter_map(|line| line.split_once(':')).filter(|(name, _)| name.eq_ignore_ascii_case("to"));
    receivers.any(|(_, value)| value.trim().trim_matches(['<', '>']).eq_ignore_ascii_case(to))
}

/// The first link with a token in a letter. Letters break long lines with `=`.
pub fn link_of(letter: &str) -> Option<String> {
    let joined = letter.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
    let mut links = joined.match_indices("http").map(|(at, _)| {
        let rest = joined.get(at..).unwrap_or_default();
        rest.split([' ', '\r', '\n', '<', '>', '"']).next().unwrap_or_default()
    });
    links.find(|link| token_of(link).is_some()).map(str::to_owned)
}

/// The token of a link: the value of `token` in its query.
pub fn token_of(link: &str) -> Option<String> {
    let (_, rest) = link.split_once("?token=")?;
    let is_token = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let token: String = rest.chars().take_while(is_token).collect();
    (token.len() > 20).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "From: Playsheet <playsheet@localhost>\r\nTo: ada@example.org\r\nSubject: To do\r\n\r\n\
        See http://127.0.0.1/help first. To confirm: http://127.0.0.1/confirm?token=3Dabcdefghij=\r\n\
        klmnopqrstuv.wx_y-z\r\nBye, bob@example.org";

    #[test]
    fn a_link_is_found_across_broken_lines() {
        let link = link_of(LETTER).unwrap();
        assert_eq!(link, "http://127.0.0.1/confirm?token=abcdefghijklmnopqrstuv.wx_y-z");
        assert_eq!(token_of(&link).as_deref(), Some("abcdefghijklmnopqrstuv.wx_y-z"));
        assert_eq!(link_of("no link, http://127.0.0.1/ only"), None);
    }

    #[test]
    fn a_letter_is_to_whom_its_head_says() {
        assert!(is_to(LETTER, "Ada@example.org"));
        assert!(!is_to(LETTER, "bob@example.org"));
        assert!(!is_to(LETTER, "a@example.org"));
    }

    #[tokio::test]
    async fn only_new_letters_to_the_receiver_count() {
        let folder = tempfile::tempdir().unwrap();
        let letter = |name: &str, to: &str, token: &str| {
            let text = format!("To: {to}\r\n\r\nhttp://localhost/x?token={token}\r\n");
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        letter("1.eml", "ada@example.org", "an-old-token-of-more-than-twenty");
        let before = seen(folder.path());
        letter(".2.eml.part", "ada@example.org", "half-a-token-of-more-than-twenty");
        letter("3.eml", "bob@example.org", "bobs-token-of-more-than-twenty");
        letter("4.eml", "ada@example.org", "the-new-token-of-more-than-twenty");
        let link = wait_for_link(folder.path(), &before, "ada@example.org").await.unwrap();
        assert!(link.ends_with("?token=the-new-token-of-more-than-twenty"), "{link}");
    }
}
