//! A secret store that forgets everything when the process ends: for tests and trials.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::SecretStore;
use crate::{Protection, Secret, SecretError};

/// Keeps secrets in the memory of this process. A vault made with it cannot be opened by another process.
#[derive(Default)]
pub struct MemoryStore {
    secrets: Mutex<BTreeMap<String, Secret>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The names under which there is a secret, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for MemoryStore {
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        self.lock().insert(name.to_owned(), Secret::new(secret.to_vec()));
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.lock().get(name).cloned())
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.lock().remove(name);
        Ok(())
    }

    fn protection(&self) -> Protection {
        Protection::System
    }

    fn describe(&self) -> &'static str {
        "the memory of this process"
    }
}
