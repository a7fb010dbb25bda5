//! Who wraps whom: account key, compartment keys, blob keys, and where the account key is kept.
//!
//! Invariant: every wrapped key is bound to the vault and to its place, so that moving it elsewhere makes it
//! useless instead of opening something else.

use crate::crypto::{self, Key};
use crate::disk::Dir;
use crate::manifest::{self, Header};
use crate::{Error, Secret, SecretStore};

/// The name of an account key in the secret store.
pub(crate) fn entry_name(vault_id: &str, generation: u64) -> String {
    format!("vault-{vault_id}-{generation}")
}

/// Gets the account key that a header names from the secret store.
pub(crate) fn account_key(secrets: &dyn SecretStore, dir: &Dir, header: &Header) -> Result<Key, Error> {
    let store = secrets.describe();
    let asked = secrets.protection();
    if asked != header.protection {
        return Err(Error::OtherProtection { dir: dir.root().to_owned(), found: header.protection, asked });
    }
    let secret = secrets.get(&entry_name(&header.id, header.generation))?;
    let secret = secret.ok_or_else(|| Error::KeyMissing { dir: dir.root().to_owned(), store })?;
    let unfit = || Error::KeyDoesNotFit { dir: dir.root().to_owned(), store };
    let key = Key::from_bytes(&secret).ok_or_else(unfit)?;
    if manifest::fits(header, &key)? { Ok(key) } else { Err(unfit()) }
}

/// Wraps a compartment's key by the account key.
pub(crate) fn wrap_compartment(
    account: &Key,
    vault_id: &str,
    name: &str,
    key: &Key,
) -> Result<Vec<u8>, Error> {
    crypto::seal(&account.derive("compartments", b"")?, &compartment_context(vault_id, name), key.bytes())
}

/// Unwraps a compartment's key; `None` when it does not belong here.
pub(crate) fn unwrap_compartment(account: &Key, vault_id: &str, name: &str, wrapped: &[u8]) -> Option<Key> {
    let wrapping = account.derive("compartments", b"").ok()?;
    Key::from_bytes(&crypto::open(&wrapping, &compartment_context(vault_id, name), wrapped)?)
}

/// A record's place, to which its bytes and keys are bound.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordPlace<'a> {
    pub vault_id: &'a str,
    pub compartment: &'a str,
    pub record: &'a str,
}

impl RecordPlace<'_> {
    fn context(&self, kind: &str) -> Vec<u8> {
        crypto::context(&["playsheet-vault", kind, self.vault_id, self.compartment, self.record])
    }

    /// Seals a small record under its compartment's key.
    pub fn seal(&self, compartment: &Key, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        crypto::seal(&compartment.derive("records", b"")?, &self.context("record"), bytes)
    }

    /// Opens a small record.
    pub fn open(&self, compartment: &Key, sealed: &[u8]) -> Option<Secret> {
        crypto::open(&compartment.derive("records", b"").ok()?, &self.context("record"), sealed)
    }

    /// Wraps the key of the record's blob.
    pub fn wrap(&self, compartment: &Key, blob: &Key) -> Result<Vec<u8>, Error> {
        crypto::seal(&compartment.derive("blobs", b"")?, &self.context("blob"), blob.bytes())
    }

    /// Unwraps the key of the record's blob.
    pub fn unwrap(&self, compartment: &Key, wrapped: &[u8]) -> Option<Key> {
        let wrapping = compartment.derive("blobs", b"").ok()?;
        Key::from_bytes(&crypto::open(&wrapping, &self.context("blob"), wrapped)?)
    }
}

fn compartment_context(vault_id: &str, name: &str) -> Vec<u8> {
    crypto::context(&["playsheet-vault", "compartment", vault_id, name])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_in_its_own_place_only() {
        let (account, key) = (Key::random().unwrap(), Key::random().unwrap());
        let wrapped = wrap_compartment(&account, "v", "a", &key).unwrap();
        assert_eq!(unwrap_compartment(&account, "v", "a", &wrapped).unwrap().bytes(), key.bytes());
        assert!(unwrap_compartment(&account, "v", "b", &wrapped).is_none());
        assert!(unwrap_compartment(&account, "w", "a", &wrapped).is_none());
        assert!(unwrap_compartment(&key, "v", "a", &wrapped).is_none());

        let here = RecordPlace { vault_id: "v", compartment: "a", record: "r" };
        let there = RecordPlace { record: "s", ..here };
        let wrapped = here.wrap(&key, &account).unwrap();
        assert!(here.unwrap(&key, &wrapped).is_some());
        assert!(there.unwrap(&key, &wrapped).is_none());
        let sealed = here.seal(&key, b"bytes").unwrap();
        assert!(here.open(&key, &sealed).is_some());
        assert!(there.open(&key, &sealed).is_none());
        assert!(here.unwrap(&key, &sealed).is_none());
    }
}
