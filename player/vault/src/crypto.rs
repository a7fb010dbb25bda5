//! The few pieces of cryptography that the vault uses, all from ring: AES-256-GCM, HKDF-SHA-256, random bytes.
//!
//! Invariant: a key never seals two things under the same nonce. Keys that seal many things use random nonces;
//! blob keys are used for one blob only and count their chunks. Raw keys are wiped when dropped; the expanded form
//! that ring makes of one lives only as long as the call, or the blob, that uses it.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::{Error, Secret};

/// Bytes of a key.
pub(crate) const KEY_LEN: usize = 32;
/// Bytes that sealing adds for authentication.
pub(crate) const TAG_LEN: usize = 16;

/// A 256-bit key, wiped when dropped.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; KEY_LEN]>);

impl Key {
    /// A fresh random key.
    pub fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        fill_random(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// The key of these bytes; `None` when there are not exactly 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        if bytes.len() != KEY_LEN {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    /// The raw bytes, to be wrapped by another key or handed to the secret store.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// A key for one purpose. Keys of different labels or salts say nothing about each other.
    pub fn derive(&self, label: &str, salt: &[u8]) -> Result<Self, Error> {
        let failed = |_| Error::Crypto { during: "deriving a key" };
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(self.bytes());
        let mut key = Zeroizing::new([0; KEY_LEN]);
        let info = [label.as_bytes()];
        prk.expand(&info, hkdf::HKDF_SHA256).and_then(|okm| okm.fill(key.as_mut_slice())).map_err(failed)?;
        Ok(Self(key))
    }

    /// The cipher of this key.
    pub fn cipher(&self) -> Result<LessSafeKey, Error> {
        let key = UnboundKey::new(&AES_256_GCM, self.bytes())
            .map_err(|_| Error::Crypto { during: "preparing a key" })?;
        Ok(LessSafeKey::new(key))
    }
}

/// Fills a buffer with random bytes from the operating system.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), Error> {
    SystemRandom::new().fill(bytes).map_err(|_| Error::Crypto { during: "drawing random bytes" })
}

/// `N` random bytes from the operating system, in hexadecimal: for names.
pub(crate) fn random_name<const N: usize>() -> Result<String, Error> {
    let mut bytes = [0; N];
    fill_random(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Seals `plain` under a random nonce, bound to `context`: nonce, ciphertext, tag.
pub(crate) fn seal(key: &Key, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
    let failed = |_| Error::Crypto { during: "sealing" };
    let mut nonce = [0; NONCE_LEN];
    fill_random(&mut nonce)?;
    let mut sealed = Vec::with_capacity(NONCE_LEN.saturating_add(plain.len()).saturating_add(TAG_LEN));
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let (_, body) = sealed.split_at_mut(NONCE_LEN);
    let tag = key
        .cipher()?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), body)
        .map_err(failed)?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// Opens what [`seal`] made; `None` when the key, the context or any byte differs.
pub(crate) fn open(key: &Key, context: &[u8], sealed: &[u8]) -> Option<Secret> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = key.cipher().ok()?.open_in_place(nonce, Aad::from(context), &mut body).ok()?.len();
    body.truncate(length);
    Some(body)
}

/// Joins the parts of a context so that no two different lists of parts give the same bytes.
pub(crate) fn context(parts: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_the_same_key_and_context() {
        let key = Key::random().unwrap();
        let sealed = seal(&key, b"here", b"plain").unwrap();
        assert_eq!(open(&key, b"here", &sealed).unwrap().as_slice(), b"plain");
        assert!(open(&key, b"there", &sealed).is_none());
        assert!(open(&Key::random().unwrap(), b"here", &sealed).is_none());
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(open(&key, b"here", &changed).is_none(), "byte {position}");
            assert!(open(&key, b"here", &sealed[..position]).is_none(), "cut at {position}");
        }
    }

    #[test]
    fn the_same_plain_text_is_never_sealed_twice_the_same() {
        let key = Key::random().unwrap();
        assert_ne!(seal(&key, b"", b"plain").unwrap(), seal(&key, b"", b"plain").unwrap());
    }

    #[test]
    fn keys_of_different_labels_and_salts_differ() {
        let key = Key::random().unwrap();
        let derived = key.derive("a", b"1").unwrap();
        assert_eq!(derived.bytes(), key.derive("a", b"1").unwrap().bytes());
        assert_ne!(derived.bytes(), key.derive("b", b"1").unwrap().bytes());
        assert_ne!(derived.bytes(), key.derive("a", b"2").unwrap().bytes());
        assert_ne!(derived.bytes(), key.bytes());
    }

    #[test]
    fn contexts_cannot_be_confused_by_moving_a_boundary() {
        assert_ne!(context(&["ab", "c"]), context(&["a", "bc"]));
        assert_ne!(context(&["a"]), context(&["a", ""]));
    }
}
