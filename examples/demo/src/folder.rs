//! The demo's folder and what it remembers from run to run.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// What the demo remembers.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Memory {
    /// Passwords of the two people, who exist only here.
    pub creator_password: String,
    /// The same of the other one.
    pub consumer_password: String,
    /// Protects the player's vault where the system has no secret store.
    pub passphrase: String,
    /// Set once a vault was made under the passphrase.
    pub uses_passphrase: bool,
    /// Published apps by the example's name: the app's id and what was published.
    pub published: BTreeMap<String, Published>,
}

/// A published example.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Published {
    /// The app's id.
    pub app: String,
    /// Hash of definition and spreadsheet.
    pub content: String,
}

/// The folder. Two demos in one folder would be two portals on one database, so it is locked while this lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

/// The portal's folder in it, with the mailbox.
pub const PORTAL: &str = "portal";
/// The player's folder in it, with the vault.
pub const PLAYER: &str = "player";
/// Where pictures of apps go.
pub const PICTURES: &str = "pictures";
/// What the portal logs.
pub const PORTAL_LOG: &str = "portal.log";
const MEMORY: &str = "memory.json";
const LOCK: &str = "demo.lock";

/// The address of the person who publishes.
pub const CREATOR: &str = "clara.creator@example.com";
/// The address of the person who runs apps.
pub const CONSUMER: &str = "carl.consumer@example.com";

impl Folder {
    /// The folder of an earlier run, or a new one.
    pub fn open(wanted: Option<&Path>, fresh: bool) -> Result<Folder> {
        let path = match wanted {
            Some(path) => path.to_owned(),
            None => beside_program()?,
        };
        make(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("{} is not there", path.display()))?;
        let lock = File::create(path.join(LOCK)).with_context(|| format!("{LOCK} cannot be made"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "another demo runs in {}. Close it first, or give this one another folder with --dir",
                path.display()
            ),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", path.display()));
            }
        }
        if fresh {
            clear(&path).with_context(|| format!("{} cannot be emptied", path.display()))?;
        }
        Ok(Folder { path, _lock: lock })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is called `name` in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// What an earlier run remembered; passwords are made up the first time.
    pub fn memory(&self) -> Result<Memory> {
        let file = self.join(MEMORY);
        if file.is_file() {
            let text = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            return serde_json::from_slice(&text)
                .with_context(|| format!("{} is broken; start over with --fresh", file.display()));
        }
        Ok(Memory {
            creator_password: new_secret(),
            consumer_password: new_secret(),
            passphrase: new_secret(),
            ..Memory::default()
        })
    }

    /// Remembers, as a whole or not at all.
    pub fn remember(&self, memory: &Memory) -> Result<()> {
        let (file, draft) = (self.join(MEMORY), self.join("memory.json.new"));
        std::fs::write(&draft, serde_json::to_vec_pretty(memory)?)
            .and_then(|()| std::fs::rename(&draft, &file))
            .with_context(|| format!("{} cannot be written", file.display()))
    }
}

/// Makes a folder that only this person can look into: it holds passwords.
fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Deletes what a demo makes, and nothing that somebody else may have put there.
fn clear(path: &Path) -> std::io::Result<()> {
    for name in [PORTAL, PLAYER, PICTURES, PORTAL_LOG, MEMORY] {
        let entry = path.join(name);
        if entry.is_dir() {
            std::fs::remove_dir_all(entry)?;
        } else if entry.exists() {
            std::fs::remove_file(entry)?;
        }
    }
    Ok(())
}

/// A secret that can be read and typed: `duka-lome-vire-sapo-nifa`.
fn new_secret() -> String {
    const CONSONANTS: [char; 16] =
        ['b', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'w', 'z'];
    const VOWELS: [char; 4] = ['a', 'e', 'i', 'o'];
    // Byte 6 and byte 8 of a random UUID are partly fixed.
    let random = uuid::Uuid::new_v4();
    let bytes =
        random.as_bytes().iter().enumerate().filter(|(at, _)| !matches!(at, 6 | 8)).map(|(_, byte)| byte);
    let mut secret = String::new();
    for (number, byte) in bytes.take(10).enumerate() {
        if number > 0 && number % 2 == 0 {
            secret.push('-');
        }
        secret.extend(CONSONANTS.get(usize::from(byte >> 4)));
        secret.extend(VOWELS.get(usize::from(byte & 3)));
    }
    secret
}

/// Beside the program, which lies in a build folder that nobody keeps for ever.
fn beside_program() -> Result<PathBuf> {
    let program = std::env::current_exe().context("the program does not know where it lies")?;
    Ok(program.parent().unwrap_or(Path::new(".")).join("playsheet-demo-data"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_stays_until_somebody_starts_over() {
        let outer = tempfile::tempdir().unwrap();
        let wanted = outer.path().join("demo");
        let folder = Folder::open(Some(&wanted), false).unwrap();
        let first = folder.memory().unwrap();
        folder.remember(&first).unwrap();
        std::fs::write(folder.join(PORTAL_LOG), "old").unwrap();
        let second = Folder::open(Some(&wanted), true).unwrap_err();
        assert!(format!("{second:#}").contains("another demo runs in"), "{second:#}");
        drop(folder);
        let again = Folder::open(Some(&wanted), false).unwrap();
        assert_eq!(again.memory().unwrap().creator_password, first.creator_password);
        drop(again);
        let afresh = Folder::open(Some(&wanted), true).unwrap();
        assert_ne!(afresh.memory().unwrap().creator_password, first.creator_password);
        assert!(!afresh.join(PORTAL_LOG).exists());
    }

    #[test]
    fn starting_over_deletes_nothing_that_is_no_demo() {
        let outer = tempfile::tempdir().unwrap();
        std::fs::write(outer.path().join("letter.txt"), "dear").unwrap();
        let folder = Folder::open(Some(outer.path()), true).unwrap();
        assert!(folder.join("letter.txt").exists());
        drop(folder);
        std::fs::write(outer.path().join("memory.json"), "{").unwrap();
        let broken = Folder::open(Some(outer.path()), false).unwrap().memory();
        assert!(format!("{:#}", broken.unwrap_err()).contains("--fresh"));
    }
    #[test]
    fn secrets_can_be_typed_and_are_long_enough() {
        let secret = new_secret();
        assert_eq!(secret.len(), 24);
        assert!(secret.chars().all(|c| c == '-' || c.is_ascii_lowercase()), "{secret}");
        assert_ne!(secret, new_secret());
    }
}
