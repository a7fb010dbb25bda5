//! The demo's folder and what it remembers from run to run.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the demo remembers.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Memory {
    /// Passwords of the two people, who exist only here.
    pub creator_password: String,
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
    pub app: String,
    /// Hash of definition and spreadsheet.
    pub content: String,
}

/// The folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

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
        if fresh && path.join("memory.json").is_file() {
            std::fs::remove_dir_all(&path)
                .with_context(|| format!("{} cannot be deleted", path.display()))?;
        }
        std::fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("{} is not there", path.display()))?;
        Ok(Folder { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// What an earlier run remembered; passwords are made up the first time.
    pub fn memory(&self) -> Result<Memory> {
        let file = self.join("memory.json");
        if file.is_file() {
            let text = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            return serde_json::from_slice(&text)
                .with_context(|| format!("{} is broken; start over with --fresh", file.display()));
        }
        let secret = || format!("demo-{}", uuid::Uuid::new_v4().simple());
        Ok(Memory {
            creator_password: secret(),
            consumer_password: secret(),
            passphrase: secret(),
            ..Memory::default()
        })
    }

    /// Remembers, as a whole or not at all.
    pub fn remember(&self, memory: &Memory) -> Result<()> {
        let (file, draft) = (self.join("memory.json"), self.join("memory.json.new"));
        std::fs::write(&draft, serde_json::to_vec_pretty(memory)?)
            .and_then(|()| std::fs::rename(&draft, &file))
            .with_context(|| format!("{} cannot be written", file.display()))
    }
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
        std::fs::write(folder.join("portal.log"), "old").unwrap();
        let again = Folder::open(Some(&wanted), false).unwrap();
        assert_eq!(again.memory().unwrap().creator_password, first.creator_password);
        let afresh = Folder::open(Some(&wanted), true).unwrap();
        assert_ne!(afresh.memory().unwrap().creator_password, first.creator_password);
        assert!(!afresh.join("portal.log").exists());
    }

    #[test]
    fn starting_over_deletes_nothing_that_is_no_demo() {
        let outer = tempfile::tempdir().unwrap();
        std::fs::write(outer.path().join("letter.txt"), "dear").unwrap();
        Folder::open(Some(outer.path()), true).unwrap();
        assert!(outer.path().join("letter.txt").exists());
        std::fs::write(outer.path().join("memory.json"), "{").unwrap();
        let broken = Folder::open(Some(outer.path()), false).unwrap().memory();
        assert!(format!("{:#}", broken.unwrap_err()).contains("--fresh"));
    }
}
