//! The encrypted store of the player.
//!
//! A vault is one folder that holds *compartments* (the player keeps one for each app), and in each
//! compartment *records*: an opaque name and opaque bytes. It knows ring, the operating system's secret store
//! and files; it knows nothing of apps, portals or spreadsheets.
//!
//! ```text
//! secret store of the operating system, or a passphrase
//!   └─ account key, one a generation
//!        ├─ manifest: which compartments and records there are; one file, replaced by an atomic rename
//!        └─ compartment key
//!             ├─ small records, inside the manifest
//!             └─ blob key, fresh for every write ─ one file of 64 KiB chunks
//! ```
//!
//! Everything is AES-256-GCM. Withdrawing a compartment moves the vault to a new account key and deletes the
//! old one from the secret store, so that an old copy of the folder opens nothing any more.
//!
//! Invariants: a reader sees either all of a transaction or nothing of it, also after a crash or with a full
//! disk; no byte that was stored, and no name, reaches the disk unencrypted; what was changed from outside is
//! an error that names the record and never other data; nothing here panics on what a file holds.
//!
//! ```
//! # fn main() -> Result<(), playsheet_vault::Error> {
//! # let folder = tempfile::tempdir().unwrap();
//! use std::sync::Arc;
//! let secrets = Arc::new(playsheet_vault::MemoryStore::new());
//! let vault = playsheet_vault::Vault::open_or_create(&folder.path().join("vault"), secrets)?;
//!
//! let mut change = vault.begin()?;
//! change.put("letters", "first", b"Dear reader")?;
//! change.commit()?;
//!
//! assert_eq!(vault.read("letters", "first")?.as_deref().map(Vec::as_slice), Some(&b"Dear reader"[..]));
//! # Ok(())
//! # }
//! ```

mod blob;
mod clock;
mod crypto;
mod disk;
mod error;
mod keys;
mod manifest;
mod secrets;
mod transaction;
mod vault;

pub use blob::{BlobWriter, FinishedBlob, RecordReader};
pub use clock::CLOCK_TOLERANCE_S;
pub use error::{Damage, Error, ExitClass, SecretError};
pub use manifest::Protection;
pub use secrets::{MemoryStore, PassphraseStore, SecretStore, SystemStore};
pub use transaction::{Commit, Transaction};
pub use vault::{RecordInfo, Vault};

/// Bytes that are wiped from memory when dropped.
pub type Secret = zeroize::Zeroizing<Vec<u8>>;

/// The longest name of a compartment or record, in bytes.
pub const NAME_MAX: usize = 200;
