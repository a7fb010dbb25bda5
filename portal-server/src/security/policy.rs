//! Which passwords are taken: 15 characters or more, at most 256 bytes after NFC, none that guessers try first.
//!
//! No rules about kinds of characters, no forced changes: length and a block list keep guessers out, rules do not.

use portal_api::ProblemCode;
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroize;

use crate::refusal::Refusal;

/// The most bytes of a password, after NFC.
pub const MAX_BYTES: usize = 256;

/// Passwords of 15 and more characters that guessers try first, in lower case, one a line.
const BLOCKED: &str = include_str!("blocked-passwords.txt");

/// Words that are no secret on this portal.
const CONTEXT: [&str; 5] = ["playsheet", "spreadsheet", "portal", "password", "passwort"];

/// A password that may be set: normalised, and judged by [`judge`].
pub struct AcceptedPassword(SecretString);

impl AcceptedPassword {
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The form in which passwords are compared and hashed: NFC, so that one keyboard's ä is another's.
#[must_use]
pub fn normalised(password: &SecretString) -> SecretString {
    password.expose_secret().nfc().collect::<String>().into()
}

/// Judges a new password for an account.
///
/// # Errors
/// `weak_password`, with a sentence that says what would be better.
pub fn judge(password: &SecretString, email: &str, min_length: usize) -> Result<AcceptedPassword, Refusal> {
    let weak = |detail: String| Err(Refusal::new(ProblemCode::WeakPassword, detail));
    let normal = normalised(password);
    let text = normal.expose_secret();
    if text.chars().count() < min_length {
        return weak(format!(
            "Use at least {min_length} characters. Four or five unrelated words are easy to keep."
        ));
    }
    if text.len() > MAX_BYTES {
        return weak(format!("Use at most {MAX_BYTES} bytes."));
    }
    let mut lower = text.to_lowercase();
    let guessable = is_guessable(&lower, email);
    lower.zeroize();
    if guessable {
        return weak(
            "This password is among the first that guessers try. Choose unrelated words.".to_owned(),
        );
    }
    Ok(AcceptedPassword(normal))
}

fn is_guessable(lower: &str, email: &str) -> bool {
    BLOCKED.lines().any(|blocked| blocked == lower)
        || repeats(lower)
        || steps(lower)
        || little_is_left(lower, email)
}

/// A few characters again and again.
fn repeats(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    (1..=6).any(|period| characters.iter().zip(characters.iter().skip(period)).all(|(a, b)| a == b))
}

/// Characters in the order of the alphabet, the digits or a keyboard's rows, forwards or backwards.
fn steps(text: &str) -> bool {
    const ROWS: &str = "qwertyuiopasdfghjklzxcvbnm1234567890 qwertzuiopasdfghjklyxcvbnm azertyuiopqsdfghjklmwxcvbn \
                        abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz 0123456789012345678901234567890";
    let inside = |part: &str| ROWS.contains(part) || ROWS.contains(&part.chars().rev().collect::<String>());
    inside(text)
}

/// Without the account's own address and the portal's words too little is left to guess.
fn little_is_left(text: &str, email: &str) -> bool {
    let mut rest = text.to_owned();
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let label = domain.split('.').next().unwrap_or_default();
    for word in [email, local, label].into_iter().chain(CONTEXT).filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(word, "");
    }
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    rest.zeroize();
    left < 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_judged_as_the_table_says() {
        let table = include_str!("../../cases/passwords.tsv");
        for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (verdict, password) = line.split_once('\t').unwrap();
            let taken = judge(&SecretString::from(password), "margarethe@example.org", 15).is_ok();
            assert_eq!(taken, verdict == "take", "{line}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        let judge = |text: String| judge(&SecretString::from(text), "a@example.org", 15).is_ok();
        assert!(judge("zwölf Äpfel für Özgür".to_owned()));
        let long: String = (0..64).map(|n| char::from(b'a' + (n * 7 % 26) as u8)).collect();
        assert!(judge(long.repeat(3) + &long[..63]));
        assert!(!judge(long.repeat(4) + "x"));
    }

    #[test]
    fn two_spellings_of_one_password_are_one() {
        let composed = normalised(&SecretString::from("\u{e4}pfel"));
        let decomposed = normalised(&SecretString::from("a\u{308}pfel"));
        assert_eq!(composed.expose_secret(), decomposed.expose_secret());
    }
}
