//! Changing a vault: all of a transaction at once, or nothing.
//!
//! A commit writes in this order: blobs (complete before they are handed in), the new account key into the secret
//! store if there is one, the manifest by an atomic rename, and only then are old blobs and the old account key
//! deleted. A crash in between leaves either the old state or the new one; what nobody points to any more is swept
//! up when the vault is opened next, and a key that could not be deleted is remembered in the manifest.

use std::sync::Arc;

use crate::blob::FinishedBlob;
use crate::clock::{self, Reading};
use crate::crypto::Key;
use crate::disk::{self, Lock};
use crate::keys::{self, RecordPlace};
use crate::manifest::{self, Bytes, Compartment, Manifest, Place, Record, Version};
use crate::vault::{Loaded, Vault};
use crate::{Error, Protection, SecretError, SecretStore};

/// Records up to this many bytes lie inside the manifest.
const INLINE_MAX: usize = 4 * 1_024;

/// A change under way. Dropping it without [`Transaction::commit`] leaves the vault as it was.
pub struct Transaction<'v> {
    vault: &'v Vault,
    _lock: Lock,
    base: Arc<Loaded>,
    manifest: Manifest,
    blobs: Vec<FinishedBlob>,
    /// Whether the vault moves to a new account key.
    renew_key: bool,
    /// Where the account key is to lie from now on, when that changes.
    new_secrets: Option<Arc<dyn SecretStore>>,
}

/// A change that is done.
#[derive(Debug)]
pub struct Commit {
    /// The vault's counter now.
    pub counter: u64,
    /// Why an old account key could not be deleted yet. The vault itself is changed; until the key is deleted,
    /// which every later commit tries again, an old copy of the folder can still be opened.
    pub key_left: Option<SecretError>,
}

impl<'v> Transaction<'v> {
    pub(crate) fn new(vault: &'v Vault, lock: Lock, base: Arc<Loaded>) -> Self {
        let manifest = base.manifest.clone();
        Self { vault, _lock: lock, base, manifest, blobs: Vec::new(), renew_key: false, new_secrets: None }
    }

    /// Stores a record, in place of an earlier one. The compartment is made when there is none.
    ///
    /// # Errors
    /// [`Error::BadName`]; errors of the disk for records that get a file.
    pub fn put(&mut self, compartment: &str, record: &str, bytes: &[u8]) -> Result<(), Error> {
        use std::io::Write as _;
        if bytes.len() > INLINE_MAX {
            let mut blob = crate::BlobWriter::start(&self.vault.dir, &self.base.header.id)?;
            let written = blob.write_all(bytes);
            written.map_err(|error| Error::disk("write", &self.vault.dir.blobs(), error))?;
            return self.put_blob(compartment, record, blob.finish()?);
        }
        let base = Arc::clone(&self.base);
        let place = RecordPlace { vault_id: &base.header.id, compartment, record };
        let key = self.compartment_key(compartment, record)?;
        let sealed = place.seal(&key, bytes)?;
        let sha256 = ring::digest::digest(&ring::digest::SHA256, &sealed).as_ref().to_vec();
        let size = bytes.len() as u64;
        self.insert(
            compartment,
            record,
            Record { size, sha256: Bytes(sha256), place: Place::Inline(Bytes(sealed)) },
        )
    }

    /// Stores a finished blob as a record, in place of an earlier one. The compartment is made when there is none.
    ///
    /// # Errors
    /// [`Error::BadName`]; [`Error::ForeignBlob`] when it was written for another vault.
    pub fn put_blob(&mut self, compartment: &str, record: &str, blob: FinishedBlob) -> Result<(), Error> {
        let base = Arc::clone(&self.base);
        if blob.vault_id != base.header.id {
            return Err(Error::ForeignBlob);
        }
        let place = RecordPlace { vault_id: &base.header.id, compartment, record };
        let key = self.compartment_key(compartment, record)?;
        let wrapped = Bytes(place.wrap(&key, &blob.key)?);
        let entry = Record {
            size: blob.size(),
            sha256: Bytes(blob.sha256.clone()),
            place: Place::Blob { file: blob.file_name().to_owned(), key: wrapped },
        };
        self.insert(compartment, record, entry)?;
        self.blobs.push(blob);
        Ok(())
    }

    /// Removes a record; whether there was one. Its key goes with it: what is left of its bytes on the disk stays
    /// sealed, but whoever kept an old copy of the vault can still open that; [`Transaction::withdraw`] is the
    /// stronger act.
    pub fn remove(&mut self, compartment: &str, record: &str) -> bool {
        let found = self.manifest.compartments.get_mut(compartment);
        found.is_some_and(|found| found.records.remove(record).is_some())
    }

    /// Destroys a compartment: its records, its key, and the account key that wrapped it. The vault moves to a new
    /// account key, so that an old copy of the folder opens nothing any more. Whether there was one.
    pub fn withdraw(&mut self, compartment: &str) -> bool {
        let found = self.manifest.compartments.remove(compartment).is_some();
        self.renew_key |= found;
        found
    }

    /// Protects the vault in another way from now on, or by another passphrase.
    pub fn protect_with(&mut self, secrets: Arc<dyn SecretStore>) {
        self.new_secrets = Some(secrets);
        self.renew_key = true;
    }

    /// Tells the vault the time, as [`Vault::pass_time`], but as part of this change.
    ///
    /// # Errors
    /// [`Error::ClockSetBack`] when the clock shows clearly less than the latest time seen.
    pub fn pass_time(&mut self, now_s: i64) -> Result<(), Error> {
        let seen_s = self.manifest.seen_s;
        if clock::read(seen_s, now_s) == Reading::SetBack {
            return Err(Error::ClockSetBack { seen_s, now_s });
        }
        self.manifest.seen_s = seen_s.max(now_s);
        Ok(())
    }

    /// Sets the latest time seen, also to an earlier one: only with a time that a trusted party vouches for, to free
    /// a vault that once saw a clock run ahead.
    pub fn set_seen_time(&mut self, now_s: i64) {
        self.manifest.seen_s = now_s;
    }

    /// A record's size as it will be after the commit; `None` when there will be no such record.
    #[must_use]
    pub fn size_of(&self, compartment: &str, record: &str) -> Option<u64> {
        Some(self.manifest.compartments.get(compartment)?.records.get(record)?.size)
    }

    /// A record's bytes as they are before this change; nobody else can change them meanwhile.
    ///
    /// # Errors
    /// As [`Vault::read`].
    pub fn read(&self, compartment: &str, record: &str) -> Result<Option<crate::Secret>, Error> {
        self.vault.read(compartment, record)
    }

    /// Makes the change.
    ///
    /// # Errors
    /// The vault is as it was before, with one exception: when only flushing the folder failed, which is the last
    /// step, the change is made, but a power cut could undo it.
    pub fn commit(mut self) -> Result<Commit, Error> {
        let old_secrets = self.vault.secrets();
        let secrets = self.new_secrets.clone().unwrap_or_else(|| Arc::clone(&old_secrets));
        let base = Arc::clone(&self.base);
        if !self.blobs.is_empty() {
            disk::flush_folder(&self.vault.dir.blobs())?;
        }
        let renewed = if self.renew_key { Some(self.rewrap()?) } else { None };
        let generation = base.header.generation.saturating_add(u64::from(renewed.is_some()));
        let account = renewed.clone().unwrap_or_else(|| base.account.clone());
        let entry = keys::entry_name(&base.header.id, generation);
        if renewed.is_some() {
            secrets.put(&entry, account.bytes())?;
        }
        let written =
            self.write(base.header.counter.saturating_add(1), generation, account, secrets.protection());
        if written.is_err() && renewed.is_some() {
            // The key opens nothing, as no manifest names it: failing to delete it harms nobody.
            drop(secrets.delete(&entry));
        }
        let loaded = written?;
        for blob in &mut self.blobs {
            blob.claim();
        }
        let flushed = disk::flush_folder(self.vault.dir.root());
        if let Err(error) = flushed {
            // The old manifest might come back: what it needs must stay.
            self.vault.set_state(secrets, loaded);
            return Err(error);
        }
        self.delete_old_blobs(&loaded.manifest);
        let (loaded, key_left) = self.delete_old_keys(old_secrets.as_ref(), loaded);
        let counter = loaded.header.counter;
        self.vault.set_state(secrets, loaded);
        Ok(Commit { counter, key_left })
    }

    /// Replaces the manifest.
    fn write(
        &self,
        counter: u64,
        generation: u64,
        account: Key,
        protection: Protection,
    ) -> Result<Loaded, Error> {
        let version = Version { id: &self.base.header.id, generation, counter, protection };
        let encoded = manifest::encode(&self.manifest, version, &account)?;
        disk::replace(&self.vault.dir.manifest(), &encoded.file)?;
        Ok(Loaded { line: encoded.line, header: encoded.header, account, manifest: self.manifest.clone() })
    }

    /// Deletes the blobs that only the state before pointed to. What cannot be deleted now is swept up later.
    fn delete_old_blobs(&self, now: &Manifest) {
        let before = self.base.manifest.compartments.values().flat_map(|found| found.records.values());
        for record in before {
            if let Place::Blob { file, .. } = &record.place
                && !now.uses_blob(file)
            {
                drop(disk::remove(&self.vault.dir.blob(file)));
            }
        }
    }

    /// Deletes retired account keys and takes them off the list, which is one more manifest.
    fn delete_old_keys(
        &mut self,
        secrets: &dyn SecretStore,
        loaded: Loaded,
    ) -> (Loaded, Option<SecretError>) {
        let mut still_there = Vec::new();
        let mut reason = None;
        for generation in &loaded.manifest.retired {
            if let Err(error) = secrets.delete(&keys::entry_name(&loaded.header.id, *generation)) {
                still_there.push(*generation);
                reason = Some(error);
            }
        }
        if still_there == loaded.manifest.retired {
            return (loaded, reason);
        }
        self.manifest.retired = still_there;
        let header = &loaded.header;
        let counter = header.counter.saturating_add(1);
        // Should this fail, the list stays longer than need be until the next commit.
        let again = self.write(counter, header.generation, loaded.account.clone(), header.protection);
        (again.unwrap_or(loaded), reason)
    }

    /// Wraps all compartments by a new account key, which it returns.
    fn rewrap(&mut self) -> Result<Key, Error> {
        let base = Arc::clone(&self.base);
        let id = &base.header.id;
        let account = Key::random()?;
        for (name, compartment) in &mut self.manifest.compartments {
            let key = keys::unwrap_compartment(&base.account, id, name, &compartment.key.0);
            let key = key.ok_or_else(|| damaged_compartment(name))?;
            compartment.key = Bytes(keys::wrap_compartment(&account, id, name, &key)?);
        }
        self.manifest.retired.push(base.header.generation);
        Ok(account)
    }

    /// The key of a compartment, which is made when there is none.
    fn compartment_key(&mut self, compartment: &str, record: &str) -> Result<Key, Error> {
        manifest::check_name(compartment)?;
        manifest::check_name(record)?;
        let base = Arc::clone(&self.base);
        let id = &base.header.id;
        if let Some(found) = self.manifest.compartments.get(compartment) {
            let key = keys::unwrap_compartment(&base.account, id, compartment, &found.key.0);
            return key.ok_or_else(|| damaged_compartment(compartment));
        }
        let key = Key::random()?;
        let wrapped = keys::wrap_compartment(&base.account, id, compartment, &key)?;
        let made = Compartment { key: Bytes(wrapped), records: std::collections::BTreeMap::new() };
        self.manifest.compartments.insert(compartment.to_owned(), made);
        Ok(key)
    }

    fn insert(&mut self, compartment: &str, record: &str, entry: Record) -> Result<(), Error> {
        let found = self.manifest.compartments.get_mut(compartment);
        let found = found.ok_or_else(|| Error::NoCompartment { compartment: compartment.to_owned() })?;
        found.records.insert(record.to_owned(), entry);
        Ok(())
    }
}

fn damaged_compartment(name: &str) -> Error {
    Error::RecordDamaged {
        compartment: name.to_owned(),
        record: String::new(),
        damage: crate::Damage::Altered,
    }
}
