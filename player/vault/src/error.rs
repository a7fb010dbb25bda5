//! What can go wrong with a vault, in words for the person, and whose fault it is.
//!
//! Every error names the thing (file, record, secret store) and what to do about it. No error carries a key, a
//! passphrase or stored bytes.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Whose fault a failure is: the exit codes of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitClass {
    /// What the person gave is at fault: exit code 1.
    Input,
    /// The program is at fault: exit code 3.
    Program,
    /// The surroundings are at fault (disk, secret store, network, portal): exit code 4.
    Surroundings,
}

impl ExitClass {
    /// The exit code of a process that ends with this failure.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Input => 1,
            Self::Program => 3,
            Self::Surroundings => 4,
        }
    }
}

/// How a record or the manifest was found to be damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// The file is not there.
    Missing,
    /// The file is shorter than what was written.
    Truncated,
    /// The file is longer than what was written.
    Extended,
    /// The bytes are not those that were written in this place.
    Altered,
    /// The file is not of this format at all.
    NotAVault,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "its file is missing",
            Self::Truncated => "its file was cut short",
            Self::Extended => "its file was made longer",
            Self::Altered => "its bytes were changed",
            Self::NotAVault => "it is not in the format of a vault",
        })
    }
}

/// A failure of the vault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no vault in this folder.
    #[error("there is no vault in {}; sign in to make one", .dir.display())]
    NoVault {
        /// The folder that was looked into.
        dir: PathBuf,
    },
    /// The vault was made by a newer version of this program.
    #[error("the vault in {} has format {found}, which this version does not know; use a newer version of Playsheet", .dir.display())]
    TooNew {
        /// The vault's folder.
        dir: PathBuf,
        /// The format number found.
        found: u32,
    },
    /// The manifest, which lists all records, cannot be used: the whole vault is closed.
    #[error("the vault in {} is damaged: the list of its records cannot be used, {damage}; erase the vault, sign in again and sync", .dir.display())]
    ManifestDamaged {
        /// The vault's folder.
        dir: PathBuf,
        /// What was found.
        damage: Damage,
    },
    /// One record cannot be used; the others can.
    #[error(
        "the record {record:?} of {compartment:?} in the vault is damaged: {damage}; sync to get it again"
    )]
    RecordDamaged {
        /// The compartment.
        compartment: String,
        /// The record.
        record: String,
        /// What was found.
        damage: Damage,
    },
    /// The secret store has no key for this vault: it is a copy, or its key was destroyed.
    #[error(
        "{store} has no key for the vault in {}: the vault was copied from elsewhere, is an old copy, or its key was deleted; erase the vault, sign in again and sync",
        .dir.display()
    )]
    KeyMissing {
        /// The vault's folder.
        dir: PathBuf,
        /// The secret store in words.
        store: &'static str,
    },
    /// The secret store's key does not fit this vault.
    #[error("the key that {store} holds does not fit the vault in {}; erase the vault, sign in again and sync", .dir.display())]
    KeyDoesNotFit {
        /// The vault's folder.
        dir: PathBuf,
        /// The secret store in words.
        store: &'static str,
    },
    /// The vault is protected in another way than it was asked to be opened.
    #[error("the vault in {} is protected by {found}, not by {asked}; open it that way", .dir.display())]
    OtherProtection {
        /// The vault's folder.
        dir: PathBuf,
        /// How it is protected.
        found: crate::Protection,
        /// How it was to be opened.
        asked: crate::Protection,
    },
    /// The secret store failed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Another process works with the vault and did not finish in time.
    #[error("another Playsheet is writing to the vault in {}; try again when it is done", .dir.display())]
    Busy {
        /// The vault's folder.
        dir: PathBuf,
    },
    /// The clock shows an earlier time than the vault has seen before.
    #[error(
        "the clock was set back by {} (it shows an earlier time than this vault has seen); set the clock right, or sync",
        duration_in_words(.seen_s.saturating_sub(*.now_s))
    )]
    ClockSetBack {
        /// The latest time seen, in seconds since 1970 (UTC).
        seen_s: i64,
        /// The time shown now, in the same unit.
        now_s: i64,
    },
    /// Reading or writing failed.
    #[error("could not {action} {}: {source}", .path.display())]
    Disk {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A name is empty, too long or holds control characters.
    #[error("{name:?} cannot name a compartment or record: use 1 to {max} bytes without control characters", max = crate::NAME_MAX)]
    BadName {
        /// The name, shortened.
        name: String,
    },
    /// The compartment does not exist.
    #[error("the vault has no compartment {compartment:?}")]
    NoCompartment {
        /// The compartment asked for.
        compartment: String,
    },
    /// More than what this vault accepts was to be stored or read.
    #[error("{what} is larger than the limit of {limit} bytes")]
    TooLarge {
        /// What was too large.
        what: &'static str,
        /// The limit in bytes.
        limit: u64,
    },
    /// Cryptography refused to work; ring says no more than that.
    #[error("the cryptography library failed while the vault was {during}; this is a fault of the program")]
    Crypto {
        /// What was being done.
        during: &'static str,
    },
    /// A finished blob of another vault was to be stored.
    #[error("a blob that was written for another vault was to be stored; this is a fault of the program")]
    ForeignBlob,
}

impl Error {
    /// Whose fault this is.
    #[must_use]
    pub fn exit_class(&self) -> ExitClass {
        match self {
            Self::Secret(error) => error.exit_class(),
            Self::OtherProtection { .. } | Self::NoCompartment { .. } | Self::TooLarge { .. } => {
                ExitClass::Input
            }
            Self::BadName { .. } | Self::Crypto { .. } | Self::ForeignBlob => ExitClass::Program,
            _ => ExitClass::Surroundings,
        }
    }

    /// Whether only a fresh vault helps: erase it, sign in again, sync.
    #[must_use]
    pub fn needs_new_vault(&self) -> bool {
        matches!(self, Self::ManifestDamaged { .. } | Self::KeyMissing { .. } | Self::KeyDoesNotFit { .. })
    }

    pub(crate) fn disk(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Disk { action, path: path.to_owned(), source }
    }
}

/// A failure of the place that keeps the vault's key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// There is no secret store, or it cannot be reached.
    #[error("{store} cannot be reached ({detail}); start it, or choose a passphrase for the vault instead")]
    Unavailable {
        /// The secret store in words.
        store: &'static str,
        /// What it said.
        detail: String,
    },
    /// The secret store is locked and nobody unlocked it.
    #[error("{store} is locked ({detail}); unlock it and try again")]
    Locked {
        /// The secret store in words.
        store: &'static str,
        /// What it said.
        detail: String,
    },
    /// The secret store refused.
    #[error("{store} denied access to the vault's key ({detail}); allow it and try again")]
    Denied {
        /// The secret store in words.
        store: &'static str,
        /// What it said.
        detail: String,
    },
    /// The secret store answered with something unusable.
    #[error("{store} failed ({detail}); try again, or choose a passphrase for the vault instead")]
    Failed {
        /// The secret store in words.
        store: &'static str,
        /// What it said.
        detail: String,
    },
    /// The passphrase does not open the key.
    #[error("the passphrase is wrong (or the file with the vault's key was changed)")]
    WrongPassphrase,
    /// The passphrase is too short or too long.
    #[error("a passphrase needs at least {min} characters and at most {max} bytes")]
    UnfitPassphrase {
        /// Fewest characters.
        min: usize,
        /// Most bytes.
        max: usize,
    },
    /// The file with the sealed key is not in the expected format.
    #[error("the sealed key {name:?} of the vault is damaged; erase the vault, sign in again and sync")]
    SealedKeyDamaged {
        /// The key's name.
        name: String,
    },
    /// Reading or writing the file with the sealed key failed.
    #[error("could not {action} {}: {source}", .path.display())]
    Disk {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl SecretError {
    /// Whose fault this is.
    #[must_use]
    pub fn exit_class(&self) -> ExitClass {
        match self {
            Self::WrongPassphrase | Self::UnfitPassphrase { .. } => ExitClass::Input,
            _ => ExitClass::Surroundings,
        }
    }
}

impl From<Error> for SecretError {
    /// Errors of the file helpers, which the key files share with the vault.
    fn from(error: Error) -> Self {
        match error {
            Error::Disk { action, path, source } => Self::Disk { action, path, source },
            Error::Secret(error) => error,
            other => Self::Failed { store: "the key file", detail: other.to_string() },
        }
    }
}

/// A number of seconds as a person would say it, rounded down.
fn duration_in_words(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..=119 => (seconds, "second"),
        120..=7_199 => (seconds / 60, "minute"),
        7_200..=172_799 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_a_person_says_them() {
        for (seconds, words) in [
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (7_200, "2 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(duration_in_words(seconds), words);
        }
    }

    #[test]
    fn a_wrong_passphrase_is_the_persons_fault_and_a_locked_store_is_not() {
        let wrong = Error::from(SecretError::WrongPassphrase);
        let locked =
            Error::from(SecretError::Locked { store: "the keyring", detail: "prompt dismissed".into() });
        assert_eq!(wrong.exit_class().code(), 1);
        assert_eq!(locked.exit_class().code(), 4);
    }
}
