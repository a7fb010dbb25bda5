//! Bytes that are overwritten when they are forgotten, also while they are still arriving.

use std::fmt;

use axum::body::Bytes;
use zeroize::Zeroizing;

/// The bytes of an upload. Clones share them; the last one to go overwrites them.
#[derive(Clone)]
pub struct SecretBytes(Bytes);

impl SecretBytes {
    /// The bytes, shared and still overwritten at the end.
    #[must_use]
    pub fn share(&self) -> Bytes {
        self.0.clone()
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SecretBytes({})", self.0.len())
    }
}

/// An upload while it arrives, piece by piece, up to a limit.
pub struct Gathered {
    bytes: Zeroizing<Vec<u8>>,
    at_most: usize,
}

impl Gathered {
    /// Nothing yet.
    #[must_use]
    pub fn up_to(at_most: usize) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(at_most.min(64 * 1024))), at_most }
    }

    /// Adds a piece; says whether it still fitted.
    #[must_use]
    pub fn add(&mut self, piece: &[u8]) -> bool {
        let needed = self.bytes.len().saturating_add(piece.len());
        if needed > self.at_most {
            return false;
        }
        if needed > self.bytes.capacity() {
            // A vector that grows by itself would leave its old bytes behind.
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.saturating_mul(2).min(self.at_most)));
            larger.extend_from_slice(&self.bytes);
            self.bytes = larger;
        }
        self.bytes.extend_from_slice(piece);
        true
    }

    /// All of it.
    #[must_use]
    pub fn finish(self) -> SecretBytes {
        SecretBytes(Bytes::from_owner(self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_together_up_to_the_limit() {
        let mut gathered = Gathered::up_to(200_000);
        for _ in 0..20 {
            assert!(gathered.add(&[7; 10_000]));
        }
        assert!(!gathered.add(&[7]));
        let all = gathered.finish();
        assert_eq!(all.as_slice().len(), 200_000);
        assert_eq!(format!("{all:?}"), "SecretBytes(200000)");
    }
}
