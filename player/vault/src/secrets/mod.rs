//! Where the account key lies: behind one trait, the secret store of the operating system, a passphrase, or both.
//!
//! Invariant: a store keeps a secret so that whoever has only the disk cannot read it. There is no store that
//! writes a secret in the clear, and none is chosen in silence when another one fails.

mod memory;
mod passphrase;
mod system;

pub use memory::MemoryStore;
pub use passphrase::PassphraseStore;
pub use system::SystemStore;

use crate::{Protection, Secret, SecretError};

/// A place that keeps secrets of a few dozen bytes under names of ASCII letters, digits and hyphens.
///
/// Calls may wait for the person (a keyring that asks for its password): never call from the thread that paints.
pub trait SecretStore: Send + Sync {
    /// Keeps a secret under this name, in place of an earlier one.
    ///
    /// # Errors
    /// When the store cannot be reached, is locked, or refuses.
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), SecretError>;

    /// The secret of this name, or `None` when there is none.
    ///
    /// # Errors
    /// When the store cannot be reached, is locked, refuses, or a passphrase is wrong.
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError>;

    /// Deletes the secret of this name; that there is none is no failure.
    ///
    /// # Errors
    /// When the store cannot be reached, is locked, or refuses.
    fn delete(&self, name: &str) -> Result<(), SecretError>;

    /// What protects the secrets here; the vault remembers it, to ask for the right thing when it is opened.
    fn protection(&self) -> Protection;

    /// The store in words, as the subject of a sentence.
    fn describe(&self) -> &'static str;
}
