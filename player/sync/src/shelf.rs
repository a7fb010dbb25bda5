//! What the account's compartment of the vault holds beside the sign-in, and how JSON lies in the vault at all.
//!
//! The compartment `account` holds `sign-in`, `shelf` (apps that are not here any more and why, apps that the
//! person removed) and `sources` (names and passwords of HTTP sources). Every app has a compartment of its own.

use std::collections::BTreeSet;

use portal_api::AppId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vault::{Damage, Transaction, Vault};
use zeroize::Zeroizing;

use crate::SyncError;

/// The compartment of the account.
pub(crate) const ACCOUNT: &str = "account";
/// The record of the shelf.
const SHELF: &str = "shelf";

/// An app that ended on this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The app.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Why, in a sentence.
    pub reason: String,
    /// When, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
}

/// What is remembered of apps that are not here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shelf {
    /// Apps that ended here and may come back with a sync.
    #[serde(default)]
    pub ended: Vec<Ended>,
    /// Apps that the person removed; they come back only when asked for by name.
    #[serde(default)]
    pub removed: BTreeSet<AppId>,
}

impl Shelf {
    pub fn read(vault: &Vault) -> Result<Self, SyncError> {
        Ok(read_json(vault, ACCOUNT, SHELF)?.unwrap_or_default())
    }

    pub fn write(&self, change: &mut Transaction<'_>) -> Result<(), SyncError> {
        write_json(change, ACCOUNT, SHELF, self)
    }

    /// Remembers that an app ended, in place of what was remembered of it before.
    pub fn end(&mut self, ended: Ended) {
        self.forget(ended.id);
        self.ended.push(ended);
    }

    /// Forgets that an app ended.
    pub fn forget(&mut self, id: AppId) {
        self.ended.retain(|ended| ended.id != id);
    }
}

/// Reads a record as JSON. A record that is not what it should be counts as damaged.
pub(crate) fn read_json<T: DeserializeOwned>(
    vault: &Vault,
    compartment: &str,
    record: &str,
) -> Result<Option<T>, SyncError> {
    let Some(bytes) = vault.read(compartment, record)? else { return Ok(None) };
    match serde_json::from_slice(&bytes) {
        Ok(value) => Ok(Some(value)),
        Err(_) => Err(SyncError::Vault(vault::Error::RecordDamaged {
            compartment: compartment.to_owned(),
            record: record.to_owned(),
            damage: Damage::Altered,
        })),
    }
}

/// Writes a record as JSON.
pub(crate) fn write_json(
    change: &mut Transaction<'_>,
    compartment: &str,
    record: &str,
    value: &impl Serialize,
) -> Result<(), SyncError> {
    let bytes = serde_json::to_vec(value).map(Zeroizing::new);
    let bytes = bytes.map_err(|error| SyncError::Setup { detail: error.to_string() })?;
    Ok(change.put(compartment, record, &bytes)?)
}
