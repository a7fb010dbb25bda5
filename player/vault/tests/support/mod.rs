//! What the tests of the vault share.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use playsheet_vault::{MemoryStore, Protection, Secret, SecretError, SecretStore, Vault};

/// A marker that no random bytes contain.
pub const CANARY: &str = "CANARY-7f3a-the-marker-that-must-not-be-found";

/// A vault in a fresh folder, with a secret store that lives as long.
pub struct Bench {
    pub folder: tempfile::TempDir,
    pub secrets: Arc<MemoryStore>,
}

impl Bench {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), secrets: Arc::new(MemoryStore::new()) }
    }

    pub fn dir(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    pub fn open(&self) -> Vault {
        self.try_open().unwrap()
    }

    pub fn try_open(&self) -> Result<Vault, playsheet_vault::Error> {
        Vault::open_or_create(&self.dir(), self.secrets.clone())
    }
}

/// Stores one record in a transaction of its own.
pub fn put(vault: &Vault, compartment: &str, record: &str, bytes: &[u8]) {
    let mut change = vault.begin().unwrap();
    change.put(compartment, record, bytes).unwrap();
    change.commit().unwrap();
}

/// Stores one record as a blob, however small it is.
pub fn put_blob(vault: &Vault, compartment: &str, record: &str, bytes: &[u8]) {
    use std::io::Write as _;
    let mut blob = vault.new_blob().unwrap();
    blob.write_all(bytes).unwrap();
    let blob = blob.finish().unwrap();
    let mut change = vault.begin().unwrap();
    change.put_blob(compartment, record, blob).unwrap();
    change.commit().unwrap();
}

/// Reads a record.
pub fn get(vault: &Vault, compartment: &str, record: &str) -> Option<Vec<u8>> {
    vault.read(compartment, record).unwrap().map(|bytes| bytes.to_vec())
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The files that hold blobs.
pub fn blobs(vault_dir: &Path) -> Vec<PathBuf> {
    files(&vault_dir.join("blobs"))
}

/// Copies a folder with all below it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Bytes that look like nothing in particular, the same for the same seed.
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[4]
        })
        .collect()
}

/// A secret store in the clear, outside the vault, that several processes share: for tests alone.
pub struct FolderStore(pub PathBuf);

impl SecretStore for FolderStore {
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        // Whole or not at all, as a real secret store.
        let unfinished = self.0.join(format!("{name}.{}", std::process::id()));
        fs::write(&unfinished, secret)
            .and_then(|()| fs::rename(&unfinished, self.0.join(name)))
            .map_err(|error| failed(&error))
    }

    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        match fs::read(self.0.join(name)) {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        match fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(&error)),
            _ => Ok(()),
        }
    }

    fn protection(&self) -> Protection {
        Protection::System
    }

    fn describe(&self) -> &'static str {
        "the folder of the test"
    }
}

fn failed(error: &std::io::Error) -> SecretError {
    SecretError::Failed { store: "the folder of the test", detail: error.to_string() }
}

/// A secret store that can be told to refuse.
#[derive(Default)]
pub struct MoodyStore {
    pub inner: MemoryStore,
    pub refuses_put: AtomicBool,
    pub refuses_delete: AtomicBool,
}

impl MoodyStore {
    fn ask(&self, refuses: &AtomicBool) -> Result<(), SecretError> {
        if refuses.load(Ordering::Relaxed) {
            return Err(SecretError::Denied { store: self.describe(), detail: "it is in a mood".into() });
        }
        Ok(())
    }
}

impl SecretStore for MoodyStore {
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        self.ask(&self.refuses_put).and_then(|()| self.inner.put(name, secret))
    }

    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        self.inner.get(name)
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.ask(&self.refuses_delete).and_then(|()| self.inner.delete(name))
    }

    fn protection(&self) -> Protection {
        Protection::System
    }

    fn describe(&self) -> &'static str {
        "the moody store"
    }
}
