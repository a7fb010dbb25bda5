//! The secret store of the operating system: Credential Manager on Windows, Keychain on macOS, the Secret
//! Service (GNOME Keyring, KWallet) elsewhere.
//!
//! keyring chooses and opens the store; entries are made through keyring-core, which alone can label them and
//! keep them on this computer (Windows would otherwise let them roam). Every call runs on a thread of its own:
//! the Secret Service client blocks, which an asynchronous runtime does not allow on its threads.

use std::collections::HashMap;
use std::thread;

use keyring_core::{Entry, Error as StoreError};

use super::SecretStore;
use crate::{Protection, Secret, SecretError};

/// The name under which the person finds the entries.
const SERVICE: &str = "Playsheet";

/// The store in words.
const STORE: &str = if cfg!(windows) {
    "the Windows Credential Manager"
} else if cfg!(target_os = "macos") {
    "the macOS Keychain"
} else {
    "the Secret Service (the keyring of the desktop)"
};

/// The secret store that the operating system offers to the signed-in person.
#[derive(Debug)]
pub struct SystemStore {
    _connected: (),
}

impl SystemStore {
    /// Connects to the store.
    ///
    /// The outcome is settled for the life of the process: a store that is started later is found by the next one.
    ///
    /// # Errors
    /// [`SecretError::Unavailable`] when there is none, as on a server without a desktop session.
    pub fn connect() -> Result<Self, SecretError> {
        on_own_thread(|| match keyring::Entry::store_status() {
            Ok(()) => Ok(Self { _connected: () }),
            Err(error) => Err(SecretError::Unavailable { store: STORE, detail: detail(error) }),
        })
    }
}

impl SecretStore for SystemStore {
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        on_own_thread(|| entry(name)?.set_secret(secret).map_err(|error| translate(&error)))
    }

    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        on_own_thread(|| match entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(StoreError::NoEntry) => Ok(None),
            Err(error) => Err(translate(&error)),
        })
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        on_own_thread(|| match entry(name)?.delete_credential() {
            Ok(()) | Err(StoreError::NoEntry) => Ok(()),
            Err(error) => Err(translate(&error)),
        })
    }

    fn protection(&self) -> Protection {
        Protection::System
    }

    fn describe(&self) -> &'static str {
        STORE
    }
}

fn entry(name: &str) -> Result<Entry, SecretError> {
    let options: HashMap<&str, &str> = if cfg!(windows) {
        HashMap::from([("persistence", "Local")])
    } else if cfg!(target_os = "macos") {
        HashMap::new()
    } else {
        HashMap::from([("label", "Playsheet: key of the vault")])
    };
    Entry::new_with_modifiers(SERVICE, name, &options).map_err(|error| translate(&error))
}

/// Runs a call on a thread of its own and waits for it. A panic inside a store becomes an error.
fn on_own_thread<T: Send>(call: impl FnOnce() -> Result<T, SecretError> + Send) -> Result<T, SecretError> {
    let failed = |detail: String| SecretError::Failed { store: STORE, detail };
    thread::scope(|scope| {
        let worker = thread::Builder::new().name("secret store".into()).spawn_scoped(scope, call);
        match worker {
            Ok(worker) => worker.join().unwrap_or_else(|_| Err(failed("it broke off".into()))),
            Err(error) => Err(failed(error.to_string())),
        }
    })
}

/// A store's error in our terms.
fn translate(error: &StoreError) -> SecretError {
    let store = STORE;
    let detail = detail(error);
    let says_locked = detail.to_ascii_lowercase().contains("locked");
    match error {
        StoreError::NoDefaultStore => SecretError::Unavailable { store, detail },
        // The Secret Service refuses in one way only: it is locked and nobody answered its question. It says so
        // by a plain failure when something is to be written.
        StoreError::NoStorageAccess(_) if cfg!(not(any(windows, target_os = "macos"))) => {
            SecretError::Locked { store, detail }
        }
        StoreError::PlatformFailure(_) if says_locked => SecretError::Locked { store, detail },
        StoreError::NoStorageAccess(_) => SecretError::Denied { store, detail },
        StoreError::PlatformFailure(_) if lost_connection(&detail) => {
            SecretError::Unavailable { store, detail }
        }
        _ => SecretError::Failed { store, detail },
    }
}

/// Whether a Secret Service failure means that the bus or the service went away.
fn lost_connection(detail: &str) -> bool {
    ["ServiceUnknown", "NoReply", "Disconnected", "Broken pipe", "Connection", "no secret service"]
        .iter()
        .any(|word| detail.contains(word))
}

/// What a store said, without bytes of a secret, which some of its errors carry.
fn detail(error: &StoreError) -> String {
    match error {
        StoreError::BadEncoding(_) | StoreError::BadDataFormat(..) => {
            "the secret has an unknown format".into()
        }
        StoreError::Ambiguous(entries) => format!("there are {} secrets of the same name", entries.len()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &'static str) -> Box<dyn std::error::Error + Send + Sync> {
        text.into()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn each_refusal_of_the_store_gets_its_own_error() {
        let locked = translate(&StoreError::NoStorageAccess(said("SS error: prompt dismissed")));
        assert!(matches!(locked, SecretError::Locked { .. }), "{locked}");
        let locked =
            translate(&StoreError::PlatformFailure(said("Cannot create an item in a locked collection")));
        assert!(matches!(locked, SecretError::Locked { .. }), "{locked}");
        let gone =
            translate(&StoreError::PlatformFailure(said("org.freedesktop.DBus.Error.ServiceUnknown: gone")));
        assert!(matches!(gone, SecretError::Unavailable { .. }), "{gone}");
        let odd = translate(&StoreError::TooLong("secret".into(), 2_560));
        assert!(matches!(odd, SecretError::Failed { .. }), "{odd}");
    }

    #[test]
    fn errors_never_show_the_bytes_of_a_secret() {
        let shown = translate(&StoreError::BadEncoding(b"top secret".to_vec())).to_string();
        assert!(!shown.contains("top secret") && !shown.contains("116"), "{shown}");
    }

    #[test]
    fn a_store_that_breaks_off_is_an_error() {
        let result: Result<(), _> = on_own_thread(|| panic!("as a broken store would"));
        assert!(matches!(result, Err(SecretError::Failed { .. })));
    }
}
