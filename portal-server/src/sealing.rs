//! Sealed objects: how the bytes of a hosted spreadsheet are kept and sent. Each object has a data key of its own;
//! the portal keeps it wrapped by the instance key, a ticket hands it to a player.
//!
//! # The format, version 1
//!
//! All numbers are big-endian. An object is a header of 32 bytes and one or more chunks.
//!
//! | offset | bytes | content |
//! | --- | --- | --- |
//! | 0 | 8 | magic: `50 53 53 45 41 4C 0A 01` (`PSSEAL`, a line feed, the format's version 1) |
//! | 8 | 16 | the object's id, as the 16 bytes of the UUID |
//! | 24 | 4 | the nonce prefix, random for each object |
//! | 28 | 4 | the chunk size in bytes of plain text: 65,536 |
//!
//! The plain text is cut into chunks of 65,536 bytes; the last has what is left, and only an empty object has an
//! empty chunk. Each chunk is AES-256-GCM cipher text followed by its 16-byte tag, under the object's 32-byte key:
//!
//! - nonce (12 bytes): the nonce prefix, then the chunk's number from 0 as 8 bytes;
//! - additional data (41 bytes): the 32 bytes of the header, the chunk's number as 8 bytes, one byte that is 1 for
//!   the last chunk and 0 for all others.
//!
//! So a chunk of another object, in another place, or missing at the end does not open. A reader takes 65,552 bytes
//! at a time; where no byte follows, the chunk is the last. The opened length is known from the ticket as well.
//!
//! # A wrapped data key
//!
//! 61 bytes: the version 1, a random nonce of 12 bytes, and the 32-byte key sealed by AES-256-GCM (48 bytes) under a
//! key derived from the instance key, with the object's id (16 bytes) as additional data.

use portal_api::ObjectId;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{refusal::Cause, security::bytes};

/// The first eight bytes of every sealed object.
pub const MAGIC: [u8; 8] = *b"PSSEAL\n\x01";
/// Plain bytes in every chunk but the last.
pub const CHUNK_BYTES: usize = 65_536;
/// Bytes of the header.
pub const HEADER_BYTES: usize = 32;
/// Bytes of the tag after each chunk.
pub const TAG_BYTES: usize = 16;

/// A data key. Zeroed when dropped.
pub type DataKey = Zeroizing<[u8; 32]>;

/// Why a sealed object does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The header is none of this format, or of another object.
    #[error("not a sealed object of this id")]
    Header,
    /// A chunk was changed, moved or cut off, or the key is another object's.
    #[error("chunk {0} does not open")]
    Chunk(u64),
}

/// Seals plain bytes under a key that is used for nothing else.
///
/// # Errors
/// When there is no randomness, or the cipher fails.
pub fn seal(object: ObjectId, key: &DataKey, plain: &[u8]) -> Result<Vec<u8>, Cause> {
    let cipher = cipher(key).ok_or(Cause::Cryptography("not an AES key"))?;
    let prefix: [u8; 4] = bytes::random()?;
    let header = header(object, prefix);
    let chunks = plain.len().div_ceil(CHUNK_BYTES).max(1);
    let mut sealed = Vec::with_capacity(HEADER_BYTES + plain.len() + chunks * TAG_BYTES);
    sealed.extend_from_slice(&header);
    for number in 0..chunks {
        let start = number * CHUNK_BYTES;
        let end = plain.len().min(start + CHUNK_BYTES);
        let mut chunk = plain.get(start..end).unwrap_or_default().to_vec();
        let place = Place { number: number as u64, last: number + 1 == chunks };
        cipher
            .seal_in_place_append_tag(place.nonce(prefix), Aad::from(place.additional(&header)), &mut chunk)
            .map_err(|_| Cause::Cryptography("a chunk could not be sealed"))?;
        sealed.extend_from_slice(&chunk);
    }
    Ok(sealed)
}

/// Opens a sealed object.
///
/// # Errors
/// When the header is not this object's, or any chunk was changed, moved, added or cut off.
pub fn open(object: ObjectId, key: &DataKey, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let cipher = cipher(key).ok_or(OpenError::Header)?;
    let (head, body) = sealed.split_first_chunk::<HEADER_BYTES>().ok_or(OpenError::Header)?;
    let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, a, b, c, d, ..] = *head;
    let prefix = [a, b, c, d];
    if *head != header(object, prefix) {
        return Err(OpenError::Header);
    }
    if body.is_empty() {
        return Err(OpenError::Chunk(0));
    }
    let chunks = body.len().div_ceil(CHUNK_BYTES + TAG_BYTES) as u64;
    let mut plain = Vec::with_capacity(body.len());
    for (number, chunk) in (0..).zip(body.chunks(CHUNK_BYTES + TAG_BYTES)) {
        let place = Place { number, last: number + 1 == chunks };
        let mut chunk = chunk.to_vec();
        let opened = cipher
            .open_in_place(place.nonce(prefix), Aad::from(place.additional(head)), &mut chunk)
            .map_err(|_| OpenError::Chunk(number))?;
        if opened.is_empty() && number > 0 {
            return Err(OpenError::Chunk(number));
        }
        plain.extend_from_slice(opened);
    }
    Ok(plain)
}

struct Place {
    number: u64,
    last: bool,
}

impl Place {
    fn nonce(&self, prefix: [u8; 4]) -> Nonce {
        let mut nonce = [0; 12];
        for (to, from) in nonce.iter_mut().zip(prefix.iter().chain(&self.number.to_be_bytes())) {
            *to = *from;
        }
        Nonce::assume_unique_for_key(nonce)
    }

    fn additional(&self, header: &[u8; HEADER_BYTES]) -> [u8; HEADER_BYTES + 9] {
        let mut data = [0; HEADER_BYTES + 9];
        let last = [u8::from(self.last)];
        let parts = header
            .iter()
            .chain(self.number.to_be_bytes().as_slice())
            .chain(&last)
            .copied()
            .collect::<Vec<_>>();
        for (to, from) in data.iter_mut().zip(parts) {
            *to = from;
        }
        data
    }
}

fn header(object: ObjectId, prefix: [u8; 4]) -> [u8; HEADER_BYTES] {
    let size = u32::try_from(CHUNK_BYTES).unwrap_or_default().to_be_bytes();
    let mut header = [0; HEADER_BYTES];
    let parts = MAGIC.iter().chain(object.0.as_bytes()).chain(&prefix).chain(&size);
    for (to, from) in header.iter_mut().zip(parts) {
        *to = *from;
    }
    header
}

fn cipher(key: &DataKey) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key.as_slice()).ok().map(LessSafeKey::new)
}

/// Wraps and unwraps data keys.
pub struct KeyWrap {
    cipher: LessSafeKey,
}

impl KeyWrap {
    /// Wraps by a key of the instance.
    ///
    /// # Errors
    /// When the cipher does not take the key.
    pub fn new(key: &Zeroizing<[u8; 32]>) -> Result<Self, Cause> {
        Ok(Self { cipher: cipher(key).ok_or(Cause::Cryptography("not an AES key"))? })
    }

    /// A fresh data key, bare and wrapped.
    ///
    /// # Errors
    /// When there is no randomness, or the cipher fails.
    pub fn fresh(&self, object: ObjectId) -> Result<(DataKey, Vec<u8>), Cause> {
        let key: DataKey = Zeroizing::new(bytes::random()?);
        let nonce: [u8; 12] = bytes::random()?;
        let mut sealed = Zeroizing::new(key.to_vec());
        let tag = self
            .cipher
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(object.0.as_bytes()),
                sealed.as_mut_slice(),
            )
            .map_err(|_| Cause::Cryptography("a key could not be wrapped"))?;
        let mut wrapped = vec![1];
        wrapped.extend_from_slice(&nonce);
        wrapped.extend_from_slice(&sealed);
        wrapped.extend_from_slice(tag.as_ref());
        Ok((key, wrapped))
    }

    /// The bare data key of an object.
    ///
    /// # Errors
    /// When the wrapped key was changed, or belongs to another object or instance.
    pub fn unwrap(&self, object: ObjectId, wrapped: &[u8]) -> Result<DataKey, Cause> {
        let bad = || Cause::Cryptography("a wrapped key does not open; is this the right instance key?");
        let rest = wrapped.strip_prefix(&[1]).ok_or_else(bad)?;
        let (nonce, sealed) = rest.split_first_chunk::<12>().ok_or_else(bad)?;
        let mut sealed = Zeroizing::new(sealed.to_vec());
        let opened = self
            .cipher
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(object.0.as_bytes()),
                sealed.as_mut_slice(),
            )
            .map_err(|_| bad())?;
        let key: [u8; 32] = (&*opened).try_into().map_err(|_| bad())?;
        Ok(Zeroizing::new(key))
    }
}

#[cfg(test)]
#[path = "sealing_tests.rs"]
mod tests;
