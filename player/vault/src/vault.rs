//! Opening a vault and reading from it.
//!
//! Readers take no lock: the manifest is replaced as a whole and blobs are written once, so a reader sees one
//! state or the next. When another process has changed the vault since, the next call reads the new manifest;
//! when it has moved to a new account key, that key is asked for.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::blob::{BlobWriter, Expected, RecordReader};
use crate::clock::{self, Reading};
use crate::crypto::{self, Key};
use crate::disk::{self, Dir};
use crate::keys::{self, RecordPlace};
use crate::manifest::{
    self, BadLine, Compartment, Header, LINE_MAX, MANIFEST_MAX, Manifest, Place, Record, Version,
};
use crate::transaction::Transaction;
use crate::{Damage, Error, Protection, Secret, SecretStore};

/// How often a read starts over when other processes keep replacing what it is about to read.
const READ_TRIES: usize = 5;

/// An open vault. Several processes, and several threads of each, may have it open at the same time.
pub struct Vault {
    pub(crate) dir: Dir,
    pub(crate) lock_wait: Duration,
    state: Mutex<State>,
}

struct State {
    secrets: Arc<dyn SecretStore>,
    loaded: Arc<Loaded>,
}

/// One state of the vault, as read from disk.
pub(crate) struct Loaded {
    pub line: Vec<u8>,
    pub header: Header,
    pub account: Key,
    pub manifest: Manifest,
}

/// What is known of a record without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordInfo {
    /// The record's name.
    pub name: String,
    /// Its bytes.
    pub size: u64,
}

impl Vault {
    /// What protects the vault in this folder, to ask the person for the right thing; `None` when there is no vault.
    ///
    /// # Errors
    /// When the folder cannot be read or what is there is not a vault of this version.
    pub fn inspect(dir: &Path) -> Result<Option<Protection>, Error> {
        let dir = Dir::new(dir);
        match read_line(&dir) {
            Ok((_, header)) => Ok(Some(header.protection)),
            Err(Error::NoVault { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the vault in this folder.
    ///
    /// # Errors
    /// [`Error::NoVault`] when there is none; otherwise damage, a missing key, or what the secret store says.
    pub fn open(dir: &Path, secrets: Arc<dyn SecretStore>) -> Result<Self, Error> {
        let dir = Dir::new(dir);
        read_line(&dir)?;
        dir.prepare()?;
        let lock = dir.lock(disk::LOCK_WAIT)?;
        let loaded = load(&dir, secrets.as_ref(), None)?;
        dir.sweep(|name| loaded.manifest.uses_blob(name));
        if !dir.mark().exists() {
            disk::replace(&dir.mark(), loaded.header.id.as_bytes())?;
        }
        drop(lock);
        Ok(Self::new(dir, secrets, loaded))
    }

    /// Opens the vault in this folder, or makes one when there never was any.
    ///
    /// # Errors
    /// As [`Vault::open`]. A vault whose manifest was lost is [`Error::ManifestDamaged`], not a fresh vault.
    pub fn open_or_create(dir: &Path, secrets: Arc<dyn SecretStore>) -> Result<Self, Error> {
        match Self::open(dir, Arc::clone(&secrets)) {
            Err(Error::NoVault { .. }) => Self::create(&Dir::new(dir), secrets),
            other => other,
        }
    }

    fn create(dir: &Dir, secrets: Arc<dyn SecretStore>) -> Result<Self, Error> {
        dir.prepare()?;
        let lock = dir.lock(disk::LOCK_WAIT)?;
        if read_line(dir).is_ok() {
            drop(lock);
            return Self::open(dir.root(), secrets);
        }
        let id = crypto::random_name::<16>()?;
        let account = Key::random()?;
        let version = Version { id: &id, generation: 1, counter: 1, protection: secrets.protection() };
        let encoded = manifest::encode(&Manifest::default(), version, &account)?;
        let entry = keys::entry_name(&id, 1);
        secrets.put(&entry, account.bytes())?;
        let written = disk::replace(&dir.manifest(), &encoded.file)
            .and_then(|()| disk::replace(&dir.mark(), id.as_bytes()))
            .and_then(|()| disk::flush_folder(dir.root()));
        if let Err(error) = written {
            // Without a manifest the key opens nothing; failing to delete it harms nobody.
            drop(disk::remove(&dir.manifest()));
            drop(secrets.delete(&entry));
            return Err(error);
        }
        let loaded =
            Loaded { line: encoded.line, header: encoded.header, account, manifest: Manifest::default() };
        Ok(Self::new(dir.clone(), secrets, loaded))
    }

    fn new(dir: Dir, secrets: Arc<dyn SecretStore>, loaded: Loaded) -> Self {
        let state = Mutex::new(State { secrets, loaded: Arc::new(loaded) });
        Self { dir, lock_wait: disk::LOCK_WAIT, state }
    }

    /// Erases a vault: first its key, then its files. Works on damaged vaults too.
    ///
    /// # Errors
    /// When files cannot be deleted. A secret store that fails does not keep the files from being deleted, but is
    /// reported after that.
    pub fn erase(dir: &Path, secrets: Option<&dyn SecretStore>) -> Result<(), Error> {
        let dir = Dir::new(dir);
        if !dir.root().exists() {
            return Ok(());
        }
        let _lock = dir.lock(disk::LOCK_WAIT)?;
        let mut key_deleted = Ok(());
        if let (Some(secrets), Ok((_, header))) = (secrets, read_line(&dir)) {
            key_deleted = secrets.delete(&keys::entry_name(&header.id, header.generation));
        }
        for folder in [dir.keys(), dir.blobs()] {
            match std::fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::disk("delete", &folder, error));
                }
                _ => {}
            }
        }
        disk::remove(&dir.manifest())?;
        disk::remove(&dir.mark())?;
        Ok(key_deleted?)
    }

    /// The same vault, but giving up on another process's lock after this time.
    #[must_use]
    pub fn with_lock_wait(mut self, wait: Duration) -> Self {
        self.lock_wait = wait;
        self
    }

    /// The vault's folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.root()
    }

    /// A number that grows with every change, so that whoever remembers it recognises an older copy.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn counter(&self) -> Result<u64, Error> {
        Ok(self.current()?.header.counter)
    }

    /// What protects the vault.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn protection(&self) -> Result<Protection, Error> {
        Ok(self.current()?.header.protection)
    }

    /// The names of all compartments, in order.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn compartments(&self) -> Result<Vec<String>, Error> {
        Ok(self.current()?.manifest.compartments.keys().cloned().collect())
    }

    /// The records of a compartment, in order of their names; none when there is no such compartment.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn records(&self, compartment: &str) -> Result<Vec<RecordInfo>, Error> {
        let loaded = self.current()?;
        let records = loaded.manifest.compartments.get(compartment).map(|found| &found.records);
        let info = |(name, record): (&String, &Record)| RecordInfo { name: name.clone(), size: record.size };
        Ok(records.into_iter().flatten().map(info).collect())
    }

    /// A record's bytes, all of them; `None` when there is no such record.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`] when this record was changed; errors of the disk and of the whole vault.
    pub fn read(&self, compartment: &str, record: &str) -> Result<Option<Secret>, Error> {
        self.reader(compartment, record)?.map(RecordReader::read_all).transpose()
    }

    /// A reader of a record's bytes, for those that need not be in memory all at once.
    ///
    /// # Errors
    /// As [`Vault::read`]. Damage further inside shows while reading.
    pub fn reader(&self, compartment: &str, record: &str) -> Result<Option<RecordReader>, Error> {
        let mut tries = READ_TRIES;
        loop {
            let loaded = self.current()?;
            let Some((found, entry)) = loaded
                .manifest
                .compartments
                .get(compartment)
                .and_then(|found| Some((found, found.records.get(record)?)))
            else {
                return Ok(None);
            };
            tries = tries.saturating_sub(1);
            match self.open_record(&loaded, found, entry, (compartment, record)) {
                // Another process may have replaced the record between the manifest and the blob.
                Err(Error::RecordDamaged { damage: Damage::Missing, .. })
                    if tries > 0 && self.current()?.line != loaded.line => {}
                outcome => return outcome.map(Some),
            }
        }
    }

    fn open_record(
        &self,
        loaded: &Loaded,
        found: &Compartment,
        entry: &Record,
        (compartment, record): (&str, &str),
    ) -> Result<RecordReader, Error> {
        let damaged = |damage| Error::RecordDamaged {
            compartment: compartment.to_owned(),
            record: record.to_owned(),
            damage,
        };
        let altered = || damaged(Damage::Altered);
        let place = RecordPlace { vault_id: &loaded.header.id, compartment, record };
        let key = keys::unwrap_compartment(&loaded.account, place.vault_id, compartment, &found.key.0);
        let key = key.ok_or_else(altered)?;
        match &entry.place {
            Place::Inline(sealed) => {
                let bytes = place.open(&key, &sealed.0).ok_or_else(altered)?;
                Ok(RecordReader::of_bytes(bytes, (compartment, record)))
            }
            Place::Blob { file, key: wrapped } => {
                let blob_key = place.unwrap(&key, &wrapped.0).ok_or_else(altered)?;
                let path = self.dir.blob(file);
                let opened = File::open(&path).map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => damaged(Damage::Missing),
                    _ => Error::disk("open", &path, error),
                })?;
                let expected = Expected { key: blob_key, size: entry.size, sha256: entry.sha256.0.clone() };
                RecordReader::of_file(&path, opened, expected, (compartment, record))
            }
        }
    }

    /// Reads every record and tells which ones are damaged.
    ///
    /// # Errors
    /// When the vault as a whole cannot be read. Damaged records are the answer, not an error.
    pub fn check(&self) -> Result<Vec<Error>, Error> {
        let loaded = self.current()?;
        let mut found = Vec::new();
        for (compartment, content) in &loaded.manifest.compartments {
            for record in content.records.keys() {
                let outcome = self
                    .reader(compartment, record)
                    .and_then(|reader| reader.map_or(Ok(()), RecordReader::check));
                found.extend(outcome.err());
            }
        }
        Ok(found)
    }

    /// Starts a blob, to be taken by a transaction of this vault later. Takes the lock for a moment only: a slow
    /// download keeps nobody waiting.
    ///
    /// # Errors
    /// [`Error::Busy`] and errors of the disk.
    pub fn new_blob(&self) -> Result<BlobWriter, Error> {
        let loaded = self.current()?;
        let _lock = self.dir.lock(self.lock_wait)?;
        BlobWriter::start(&self.dir, &loaded.header.id)
    }

    /// Starts a change. Other writers wait until it is committed or dropped.
    ///
    /// # Errors
    /// [`Error::Busy`] when another process does not finish; errors of the disk and of the whole vault.
    pub fn begin(&self) -> Result<Transaction<'_>, Error> {
        let lock = self.dir.lock(self.lock_wait)?;
        let loaded = self.current()?;
        Ok(Transaction::new(self, lock, loaded))
    }

    /// Tells the vault the time. It remembers the latest one.
    ///
    /// # Errors
    /// [`Error::ClockSetBack`] when the clock shows clearly less than the latest time seen.
    pub fn pass_time(&self, now_s: i64) -> Result<(), Error> {
        let seen_s = self.seen_time()?;
        match clock::read(seen_s, now_s) {
            Reading::Same => Ok(()),
            Reading::SetBack => Err(Error::ClockSetBack { seen_s, now_s }),
            Reading::Later => {
                let mut change = self.begin()?;
                change.pass_time(now_s)?;
                change.commit().map(drop)
            }
        }
    }

    /// The latest time the vault has seen, in seconds since 1970 (UTC).
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn seen_time(&self) -> Result<i64, Error> {
        Ok(self.current()?.manifest.seen_s)
    }

    /// The newest state: read again when another process has changed it.
    pub(crate) fn current(&self) -> Result<Arc<Loaded>, Error> {
        let mut tries = READ_TRIES;
        loop {
            let line = self.line()?;
            let mut state = self.state();
            if state.loaded.line == line {
                return Ok(Arc::clone(&state.loaded));
            }
            tries = tries.saturating_sub(1);
            match load(&self.dir, state.secrets.as_ref(), Some(&state.loaded)) {
                Ok(loaded) => state.loaded = Arc::new(loaded),
                // Another process may have deleted the key between our look at the manifest and at the secret store.
                Err(Error::KeyMissing { .. }) if tries > 0 && self.line()? != line => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn line(&self) -> Result<Vec<u8>, Error> {
        read_line(&self.dir).map(|(line, _)| line).map_err(|error| match error {
            Error::NoVault { dir } => Error::ManifestDamaged { dir, damage: Damage::Missing },
            other => other,
        })
    }

    pub(crate) fn secrets(&self) -> Arc<dyn SecretStore> {
        Arc::clone(&self.state().secrets)
    }

    pub(crate) fn set_state(&self, secrets: Arc<dyn SecretStore>, loaded: Loaded) {
        *self.state() = State { secrets, loaded: Arc::new(loaded) };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked cannot have left half a state: it is replaced as a whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the line in the clear. A manifest that is gone is told apart from a vault that never was.
fn read_line(dir: &Dir) -> Result<(Vec<u8>, Header), Error> {
    let path = dir.manifest();
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let dir = dir.root().to_owned();
            let had_one = dir.join("mark").exists();
            return Err(if had_one {
                Error::ManifestDamaged { dir, damage: Damage::Missing }
            } else {
                Error::NoVault { dir }
            });
        }
        Err(error) => return Err(Error::disk("open", &path, error)),
    };
    let mut start = Vec::new();
    file.take(LINE_MAX).read_to_end(&mut start).map_err(|error| Error::disk("read", &path, error))?;
    let (header, length) = manifest::decode_line(&start).map_err(|bad| bad_line(dir, &bad))?;
    start.truncate(length);
    Ok((start, header))
}

/// Reads the whole manifest. The account key of `before` is used when the generation is still the same.
fn load(dir: &Dir, secrets: &dyn SecretStore, before: Option<&Loaded>) -> Result<Loaded, Error> {
    let damaged = |damage| Error::ManifestDamaged { dir: dir.root().to_owned(), damage };
    let file = disk::read_limited(&dir.manifest(), "the vault's list of records", MANIFEST_MAX)?;
    let file = file.ok_or_else(|| damaged(Damage::Missing))?;
    let (header, length) = manifest::decode_line(&file).map_err(|bad| bad_line(dir, &bad))?;
    let known = before
        .filter(|before| before.header.id == header.id && before.header.generation == header.generation);
    let account = match known {
        Some(before) if manifest::fits(&header, &before.account)? => before.account.clone(),
        _ => keys::account_key(secrets, dir, &header)?,
    };
    let manifest = manifest::decode(&file, length, &header, &account).map_err(damaged)?;
    let line = file.split_at_checked(length).map(|(line, _)| line.to_vec()).unwrap_or_default();
    Ok(Loaded { line, header, account, manifest })
}

fn bad_line(dir: &Dir, bad: &BadLine) -> Error {
    let dir = dir.root().to_owned();
    match bad {
        BadLine::Damaged(damage) => Error::ManifestDamaged { dir, damage: *damage },
        BadLine::TooNew(found) => Error::TooNew { dir, found: *found },
    }
}
