//! The instance key and the keys derived from it.
//!
//! One random 256-bit secret in a file with mode 0600; every other key comes from it by HKDF-SHA256 with a label of
//! its own, so that no two uses share a key. Invariant: the secret itself is used for nothing but derivation.

use std::{
    fs::OpenOptions,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use ring::hkdf;
use thiserror::Error;
use zeroize::Zeroizing;

use super::bytes;
use crate::files::create_private_file;

/// What a derived key is for. Each label stands for one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// Signs access tokens.
    AccessToken,
    /// Signs confirmation links.
    ConfirmLink,
    /// Signs invitation links.
    InviteLink,
    /// Signs password-reset links.
    ResetLink,
    /// Signs tickets for sealed objects.
    Ticket,
    /// Derives refresh tokens.
    Refresh,
    /// Wraps the data keys of sealed objects.
    ObjectWrap,
    /// Chains the audit log.
    Audit,
    /// Seeds the Ed25519 key that signs leases.
    Lease,
    /// Names the instance; not secret.
    InstanceId,
    /// Names the generation of the token keys; not secret.
    KeyId,
}

impl KeyUse {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::AccessToken => b"jwt/access",
            Self::ConfirmLink => b"jwt/confirm",
            Self::InviteLink => b"jwt/invite",
            Self::ResetLink => b"jwt/reset",
            Self::Ticket => b"jwt/ticket",
            Self::Refresh => b"refresh",
            Self::ObjectWrap => b"object/wrap",
            Self::Audit => b"audit/chain",
            Self::Lease => b"lease/ed25519",
            Self::InstanceId => b"instance/id",
            Self::KeyId => b"jwt/kid",
        }
    }
}

/// Why there is no instance key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the instance key {path} cannot be used: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The file's content is no key.
    #[error("the instance key {0} is damaged: it must hold 32 bytes in base64url; restore it from a backup")]
    Damaged(PathBuf),
    /// Others may read the file.
    #[error("the instance key {0} can be read by other users; take their right away (chmod 600)")]
    Exposed(PathBuf),
    /// No randomness.
    #[error("the operating system gives no random bytes")]
    NoRandomness,
    /// A key could not be derived.
    #[error("a key could not be derived from the instance key")]
    Derivation,
}

/// The instance key. Zeroed when dropped.
pub struct InstanceKey {
    secret: Zeroizing<[u8; 32]>,
}

impl InstanceKey {
    /// Takes a key that is at hand.
    #[must_use]
    pub fn from_bytes(secret: [u8; 32]) -> Self {
        Self { secret: Zeroizing::new(secret) }
    }

    /// Reads the key's file, or makes it with a fresh key, readable for its owner only.
    ///
    /// # Errors
    /// When the file cannot be read or made, is damaged, or can be read by others.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match Self::load(path) {
            Err(KeyError::File { reason, .. }) if reason.kind() == std::io::ErrorKind::NotFound => {
                match Self::create(path) {
                    // Another process was faster: its key counts.
                    Err(KeyError::File { reason, .. })
                        if reason.kind() == std::io::ErrorKind::AlreadyExists =>
                    {
                        Self::load(path)
                    }
                    other => other,
                }
            }
            other => other,
        }
    }

    /// Reads the key's file.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or can be read by others.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let failed = |reason| KeyError::File { path: path.to_owned(), reason };
        let file = OpenOptions::new().read(true).open(path).map_err(failed)?;
        check_mode(&file, path)?;
        let mut text = Zeroizing::new(String::new());
        (&file).take(200).read_to_string(&mut text).map_err(failed)?;
        let bytes = Zeroizing::new(bytes::from_base64(text.trim()).unwrap_or_default());
        let secret: [u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyError::Damaged(path.to_owned()))?;
        Ok(Self::from_bytes(secret))
    }

    fn create(path: &Path) -> Result<Self, KeyError> {
        let failed = |reason| KeyError::File { path: path.to_owned(), reason };
        let secret: [u8; 32] = bytes::random().map_err(|_| KeyError::NoRandomness)?;
        let mut file = create_private_file(path).map_err(failed)?;
        let text = Zeroizing::new(format!("{}\n", bytes::to_base64(&secret)));
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(Self::from_bytes(secret))
    }

    /// The key for one use.
    ///
    /// # Errors
    /// When the derivation fails, which a 256-bit output of HKDF-SHA256 gives no reason for.
    pub fn derive(&self, key_use: KeyUse) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"playsheet portal instance key, version 1");
        let pseudorandom = salt.extract(self.secret.as_slice());
        let label = [key_use.label()];
        let mut key = Zeroizing::new([0; 32]);
        let material = pseudorandom.expand(&label, hkdf::HKDF_SHA256).map_err(|_| KeyError::Derivation)?;
        material.fill(key.as_mut_slice()).map_err(|_| KeyError::Derivation)?;
        Ok(key)
    }

    /// The public name of this instance, the same for the key's whole life.
    ///
    /// # Errors
    /// As [`InstanceKey::derive`].
    pub fn instance_id(&self) -> Result<String, KeyError> {
        let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *self.derive(KeyUse::InstanceId)?;
        Ok(bytes::to_base64(&id))
    }

    /// The public name of this generation of token keys.
    ///
    /// # Errors
    /// As [`InstanceKey::derive`].
    pub fn key_id(&self) -> Result<String, KeyError> {
        let [a, b, c, d, e, f, ..] = *self.derive(KeyUse::KeyId)?;
        Ok(bytes::to_base64(&[a, b, c, d, e, f]))
    }
}

#[cfg(unix)]
fn check_mode(file: &std::fs::File, path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let failed = |reason| KeyError::File { path: path.to_owned(), reason };
    let mode = file.metadata().map_err(failed)?.permissions().mode();
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyError::Exposed(path.to_owned())) }
}

#[cfg(not(unix))]
fn check_mode(_file: &std::fs::File, _path: &Path) -> Result<(), KeyError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_use_has_a_key_of_its_own() {
        let key = InstanceKey::from_bytes([7; 32]);
        let uses = [
            KeyUse::AccessToken,
            KeyUse::ConfirmLink,
            KeyUse::InviteLink,
            KeyUse::ResetLink,
            KeyUse::Ticket,
            KeyUse::Refresh,
            KeyUse::ObjectWrap,
            KeyUse::Audit,
            KeyUse::Lease,
            KeyUse::InstanceId,
            KeyUse::KeyId,
        ];
        let mut keys: Vec<_> = uses.iter().map(|u| *key.derive(*u).unwrap()).collect();
        assert!(!keys.contains(&[0; 32]));
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), uses.len());
    }

    #[test]
    fn the_file_is_made_once_and_for_the_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("instance.key");
        let first = InstanceKey::load_or_create(&path).unwrap();
        let second = InstanceKey::load_or_create(&path).unwrap();
        assert_eq!(first.instance_id().unwrap(), second.instance_id().unwrap());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(InstanceKey::load_or_create(&path), Err(KeyError::Exposed(_))));
        }
    }

    #[test]
    fn a_damaged_file_is_said_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("instance.key");
        let first = InstanceKey::load_or_create(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, "short").unwrap();
        assert!(matches!(InstanceKey::load_or_create(&path), Err(KeyError::Damaged(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "short");
        std::fs::write(&path, text).unwrap();
        assert_eq!(
            InstanceKey::load_or_create(&path).unwrap().instance_id().unwrap(),
            first.instance_id().unwrap()
        );
    }
}
