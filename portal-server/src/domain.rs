//! The types that a request is parsed into at the edge, so that nothing invalid gets inside.

use std::fmt;

use portal_api::{DeviceId, PersonId, Role};
use unicode_normalization::UnicodeNormalization;

use crate::refusal::Refusal;

/// A mail address in its one form: NFC, lower case, the domain in ASCII. A `+tag` is kept: it is another mailbox.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is none, with a sentence.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::invalid("This is not a mail address. Write it as name@example.org.");
        let normal: String = text.trim().nfc().collect();
        if normal.len() > 254 {
            return Err(bad());
        }
        let (local, domain) = normal.rsplit_once('@').ok_or_else(bad)?;
        let odd = |c: char| c.is_control() || c.is_whitespace() || "<>()[]\\,;:\"@".contains(c);
        if local.is_empty() || local.len() > 64 || local.contains(odd) || local.contains("..") {
            return Err(bad());
        }
        if local.starts_with('.') || local.ends_with('.') {
            return Err(bad());
        }
        let host = url::Host::parse(domain).map_err(|_| bad())?;
        let url::Host::Domain(domain) = host else { return Err(bad()) };
        if domain.is_empty() || domain.ends_with('.') || domain.starts_with('.') || domain.contains("..") {
            return Err(bad());
        }
        let address = Self(format!("{}@{domain}", local.to_lowercase()));
        // What cannot stand in a mail's head is no address for us.
        if address.0.parse::<lettre::Address>().is_ok() { Ok(address) } else { Err(bad()) }
    }

    /// An address that the portal itself wrote down.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the @.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(self.0.as_str(), |(local, _)| local)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("EmailAddress(…)")
    }
}

/// A name or title for people: one line, no control characters, cut to a length.
#[must_use]
pub fn one_line(text: &str, at_most: usize) -> String {
    let clean: String = text.nfc().map(|c| if c.is_control() { ' ' } else { c }).take(at_most).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A role's word in the database.
#[must_use]
pub const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Editor => "editor",
        Role::Viewer => "viewer",
        Role::Unknown => "unknown",
    }
}

/// The role of a word in the database.
#[must_use]
pub fn read_role(word: &str) -> Role {
    match word {
        "owner" => Role::Owner,
        "editor" => Role::Editor,
        "viewer" => Role::Viewer,
        _ => Role::Unknown,
    }
}

/// The person who asks, proven by a token or a browser session in this very request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// The device, where one is signed in; browser sessions are none.
    pub device: Option<DeviceId>,
    /// The person's address.
    pub email: EmailAddress,
    /// The person's name.
    pub name: String,
    /// Whether the address is confirmed.
    pub confirmed: bool,
    /// Whether the person administers the portal.
    pub administrator: bool,
    /// The person's own team.
    pub personal_team: String,
}

impl Actor {
    /// The device, for what only devices may do.
    ///
    /// # Errors
    /// When a browser session asks.
    pub fn device(&self) -> Result<DeviceId, Refusal> {
        self.device.ok_or_else(|| Refusal::forbidden("Only a signed-in player can do this, not a browser."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_the_table_says() {
        let table = include_str!("../cases/addresses.tsv");
        for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (written, expected) = line.split_once('\t').unwrap();
            let read = EmailAddress::parse(&written.replace("\\n", "\n").replace("\\0", "\0"));
            match expected {
                "refuse" => assert!(read.is_err(), "{line}"),
                expected => assert_eq!(read.unwrap().as_str(), expected, "{line}"),
            }
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(one_line("  Loan\r\nBcc: all@example.org\t\u{0} ", 100), "Loan Bcc: all@example.org");
        assert_eq!(one_line("abcdef", 3), "abc");
    }

    #[test]
    fn debug_does_not_show_addresses() {
        assert!(!format!("{:?}", EmailAddress::stored("ada@example.org")).contains("ada"));
    }
}
