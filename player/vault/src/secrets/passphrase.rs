//! Secrets sealed under a passphrase: in files beside the vault, or inside another secret store.
//!
//! The key is PBKDF2-HMAC-SHA256 of the passphrase with a fresh salt for each secret. Files alone are for
//! computers without a secret store, and only by explicit choice; inside another store, both are needed to open
//! the vault. What a passphrase cannot do: an old copy of a vault whose key lies in such files opens with the
//! passphrase it had then, whatever was withdrawn since.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::pbkdf2;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::SecretStore;
use crate::crypto::{self, KEY_LEN, Key};
use crate::disk::{self, Dir};
use crate::{Protection, Secret, SecretError};

/// Fewest characters of a passphrase.
const CHARACTERS_MIN: usize = 8;
/// Most bytes of a passphrase.
const BYTES_MAX: usize = 1_024;
/// Rounds for new secrets.
const ROUNDS: u32 = 600_000;
/// Fewest and most rounds that are accepted when opening: a changed file must not make the program hang.
const ROUNDS_ACCEPTED: std::ops::RangeInclusive<u32> = 600_000..=10_000_000;
/// Bytes of a salt.
const SALT_LEN: usize = 16;
/// The largest sealed secret that is read.
const SEALED_MAX: u64 = 64 * 1_024;

/// Seals secrets under a passphrase.
pub struct PassphraseStore {
    place: Place,
    passphrase: Zeroizing<String>,
}

enum Place {
    Files(PathBuf),
    Inside(Arc<dyn SecretStore>),
}

/// A sealed secret as it is written.
#[derive(Serialize, Deserialize)]
struct Sealed {
    kdf: String,
    rounds: u32,
    salt: String,
    sealed: String,
}

const KDF: &str = "pbkdf2-hmac-sha256";

impl PassphraseStore {
    /// Keeps sealed secrets in files of this vault's folder; the passphrase is all that protects them.
    ///
    /// # Errors
    /// [`SecretError::UnfitPassphrase`] when it is too short or too long.
    pub fn in_vault(vault_dir: &Path, passphrase: &str) -> Result<Self, SecretError> {
        Self::new(Place::Files(Dir::new(vault_dir).keys()), passphrase)
    }

    /// Keeps sealed secrets inside another store: opening takes that store and the passphrase.
    ///
    /// # Errors
    /// [`SecretError::UnfitPassphrase`] when it is too short or too long.
    pub fn inside(store: Arc<dyn SecretStore>, passphrase: &str) -> Result<Self, SecretError> {
        Self::new(Place::Inside(store), passphrase)
    }

    fn new(place: Place, passphrase: &str) -> Result<Self, SecretError> {
        // The same letters may arrive composed or decomposed, depending on the keyboard and the window.
        let passphrase: Zeroizing<String> = Zeroizing::new(passphrase.nfc().collect());
        if passphrase.chars().count() < CHARACTERS_MIN || passphrase.len() > BYTES_MAX {
            return Err(SecretError::UnfitPassphrase { min: CHARACTERS_MIN, max: BYTES_MAX });
        }
        Ok(Self { place, passphrase })
    }

    fn key(&self, rounds: u32, salt: &[u8]) -> Option<Key> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        let rounds = NonZeroU32::new(rounds)?;
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            rounds,
            salt,
            self.passphrase.as_bytes(),
            key.as_mut_slice(),
        );
        Key::from_bytes(key.as_slice())
    }

    fn seal(&self, name: &str, secret: &[u8]) -> Result<Vec<u8>, SecretError> {
        let failed = |detail: String| SecretError::Failed { store: self.describe(), detail };
        let mut salt = [0; SALT_LEN];
        crypto::fill_random(&mut salt).map_err(|error| failed(error.to_string()))?;
        let key = self.key(ROUNDS, &salt).ok_or_else(|| failed("no key could be derived".into()))?;
        let sealed = crypto::seal(&key, &context(name), secret).map_err(|error| failed(error.to_string()))?;
        let sealed = Sealed {
            kdf: KDF.into(),
            rounds: ROUNDS,
            salt: BASE64.encode(salt),
            sealed: BASE64.encode(sealed),
        };
        serde_json::to_vec(&sealed).map_err(|error| failed(error.to_string()))
    }

    fn open(&self, name: &str, sealed: &[u8]) -> Result<Secret, SecretError> {
        let damaged = || SecretError::SealedKeyDamaged { name: name.to_owned() };
        let sealed: Sealed = serde_json::from_slice(sealed).map_err(|_| damaged())?;
        if sealed.kdf != KDF || !ROUNDS_ACCEPTED.contains(&sealed.rounds) {
            return Err(damaged());
        }
        let salt = BASE64.decode(&sealed.salt).map_err(|_| damaged())?;
        let body = BASE64.decode(&sealed.sealed).map_err(|_| damaged())?;
        let key = self.key(sealed.rounds, &salt).ok_or_else(damaged)?;
        crypto::open(&key, &context(name), &body).ok_or(SecretError::WrongPassphrase)
    }
}

impl SecretStore for PassphraseStore {
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        let sealed = self.seal(name, secret)?;
        match &self.place {
            Place::Files(folder) => {
                disk::private_folder(folder)?;
                disk::replace(&folder.join(name), &sealed)?;
                Ok(disk::flush_folder(folder)?)
            }
            Place::Inside(store) => store.put(name, &sealed),
        }
    }

    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        let sealed = match &self.place {
            Place::Files(folder) => {
                disk::read_limited(&folder.join(name), "a sealed key", SEALED_MAX)?.map(Secret::new)
            }
            Place::Inside(store) => store.get(name)?,
        };
        sealed.map(|sealed| self.open(name, &sealed)).transpose()
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        match &self.place {
            Place::Files(folder) => Ok(disk::remove(&folder.join(name))?),
            Place::Inside(store) => store.delete(name),
        }
    }

    fn protection(&self) -> Protection {
        match &self.place {
            Place::Files(_) => Protection::Passphrase,
            Place::Inside(_) => Protection::SystemAndPassphrase,
        }
    }

    fn describe(&self) -> &'static str {
        match &self.place {
            Place::Files(_) => "the folder with the sealed key",
            Place::Inside(store) => store.describe(),
        }
    }
}

fn context(name: &str) -> Vec<u8> {
    crypto::context(&["playsheet-vault", "passphrase", name])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryStore;

    const GOOD: &str = "correct horse battery";

    #[test]
    fn a_secret_opens_with_its_passphrase_and_name_only() {
        let folder = tempfile::tempdir().unwrap();
        let store = PassphraseStore::in_vault(folder.path(), GOOD).unwrap();
        store.put("vault-1", b"key").unwrap();
        assert_eq!(store.get("vault-1").unwrap().unwrap().as_slice(), b"key");
        assert!(store.get("vault-2").unwrap().is_none());

        let other = PassphraseStore::in_vault(folder.path(), "correct horse stapler").unwrap();
        assert!(matches!(other.get("vault-1"), Err(SecretError::WrongPassphrase)));

        std::fs::rename(folder.path().join("keys/vault-1"), folder.path().join("keys/vault-2")).unwrap();
        assert!(matches!(store.get("vault-2"), Err(SecretError::WrongPassphrase)));
        store.delete("vault-2").unwrap();
        store.delete("vault-2").unwrap();
        assert!(store.get("vault-2").unwrap().is_none());
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_passphrase() {
        let inner = Arc::new(MemoryStore::new());
        let composed = PassphraseStore::inside(inner.clone(), "Gr\u{fc}\u{df}e aus Z\u{fc}rich").unwrap();
        let decomposed = PassphraseStore::inside(inner, "Gru\u{308}\u{df}e aus Zu\u{308}rich").unwrap();
        composed.put("n", b"key").unwrap();
        assert_eq!(decomposed.get("n").unwrap().unwrap().as_slice(), b"key");
    }

    #[test]
    fn inside_another_store_lies_nothing_readable() {
        let inner = Arc::new(MemoryStore::new());
        let store = PassphraseStore::inside(inner.clone(), GOOD).unwrap();
        store.put("n", b"the account key itself").unwrap();
        let kept = inner.get("n").unwrap().unwrap();
        assert!(!kept.windows(11).any(|part| part == b"account key"));
        assert_eq!(store.protection(), Protection::SystemAndPassphrase);
    }

    #[test]
    fn short_and_endless_passphrases_are_refused() {
        for unfit in ["", "short", &"x".repeat(BYTES_MAX + 1)] {
            let result = PassphraseStore::inside(Arc::new(MemoryStore::new()), unfit);
            assert!(matches!(result, Err(SecretError::UnfitPassphrase { .. })), "{} bytes", unfit.len());
        }
    }

    #[test]
    fn a_changed_key_file_neither_hangs_nor_weakens() {
        let inner = Arc::new(MemoryStore::new());
        let store = PassphraseStore::inside(inner.clone(), GOOD).unwrap();
        for text in [
            "",
            "{}",
            "not json",
            r#"{"kdf":"pbkdf2-hmac-sha256","rounds":1,"salt":"AAAA","sealed":"AAAA"}"#,
            r#"{"kdf":"pbkdf2-hmac-sha256","rounds":4294967295,"salt":"AAAA","sealed":"AAAA"}"#,
            r#"{"kdf":"none","rounds":600000,"salt":"AAAA","sealed":"AAAA"}"#,
            r#"{"kdf":"pbkdf2-hmac-sha256","rounds":600000,"salt":"*","sealed":"AAAA"}"#,
        ] {
            inner.put("n", text.as_bytes()).unwrap();
            assert!(matches!(store.get("n"), Err(SecretError::SealedKeyDamaged { .. })), "{text}");
        }
        inner
            .put("n", br#"{"kdf":"pbkdf2-hmac-sha256","rounds":600000,"salt":"AAAA","sealed":"AAAA"}"#)
            .unwrap();
        assert!(matches!(store.get("n"), Err(SecretError::WrongPassphrase)));
    }
}
