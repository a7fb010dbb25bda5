//! Opens sealed objects as they arrive: the portal's format, version 1.
//!
//! A header of 32 bytes (magic, object id, nonce prefix, chunk size), then chunks of 65,536 bytes, each sealed by
//! AES-256-GCM with its number and whether it is the last. A chunk is known to be the last only when nothing follows
//! it, so one whole chunk is always held back.
//!
//! Invariant: what is given out was authenticated; that it is all there is known once [`Opener::finish`] has agreed.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use portal_api::{ObjectId, Ticket};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::digest;
use zeroize::Zeroizing;

use crate::SyncError;

const MAGIC: [u8; 8] = *b"PSSEAL\n\x01";
const HEADER: usize = 32;
const CHUNK: usize = 65_536;
const TAG: usize = 16;

/// Opens one object, piece by piece.
pub(crate) struct Opener {
    object: ObjectId,
    cipher: LessSafeKey,
    header: [u8; HEADER],
    header_taken: bool,
    held: Zeroizing<Vec<u8>>,
    number: u64,
    hash: digest::Context,
    opened: u64,
    size: u64,
    sha256: String,
}

fn damaged(why: &'static str) -> SyncError {
    SyncError::SealedObject { why }
}

impl Opener {
    /// Starts to open the object of a ticket.
    pub fn new(ticket: &Ticket) -> Result<Self, SyncError> {
        let bad_key = || damaged("its key is not one");
        let key = Zeroizing::new(BASE64URL.decode(&ticket.key).map_err(|_| bad_key())?);
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| bad_key())?;
        Ok(Self {
            object: ticket.object_id,
            cipher: LessSafeKey::new(key),
            header: [0; HEADER],
            header_taken: false,
            held: Zeroizing::new(Vec::with_capacity(HEADER + CHUNK + TAG)),
            number: 0,
            hash: digest::Context::new(&digest::SHA256),
            opened: 0,
            size: ticket.size,
            sha256: ticket.etag.to_ascii_lowercase(),
        })
    }

    /// Takes the next bytes and writes what they open to.
    pub fn push(&mut self, mut bytes: &[u8], target: &mut impl Write) -> Result<(), SyncError> {
        while !bytes.is_empty() {
            let full = if self.header_taken { CHUNK + TAG } else { HEADER };
            // The chunk that is held is complete and more follows, so it is not the last.
            if self.header_taken && self.held.len() == full {
                self.open(false, target)?;
            }
            let room = full.saturating_sub(self.held.len()).min(bytes.len());
            let (now, rest) = bytes.split_at(room);
            self.held.extend_from_slice(now);
            bytes = rest;
            if !self.header_taken && self.held.len() == HEADER {
                self.take_header()?;
            }
        }
        Ok(())
    }

    /// Ends the object and checks it against its ticket.
    pub fn finish(mut self, target: &mut impl Write) -> Result<(), SyncError> {
        if !self.header_taken || self.held.is_empty() {
            return Err(damaged("it was cut short"));
        }
        if self.held.len() == TAG && self.number > 0 {
            return Err(damaged("it has an empty chunk at its end"));
        }
        self.open(true, target)?;
        if self.opened != self.size {
            return Err(damaged("it is not as long as announced"));
        }
        let sha256: String = self.hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        if sha256 == self.sha256 {
            Ok(())
        } else {
            Err(damaged("it is not the spreadsheet that was announced"))
        }
    }

    fn take_header(&mut self) -> Result<(), SyncError> {
        let (head, _) = self.held.split_first_chunk::<HEADER>().ok_or_else(|| damaged("it was cut short"))?;
        self.header = *head;
        self.held.clear();
        self.header_taken = true;
        let chunk = u32::try_from(CHUNK).unwrap_or_default().to_be_bytes();
        let expected = MAGIC.iter().chain(self.object.0.as_bytes()).chain(self.prefix()).chain(&chunk);
        if self.header.iter().eq(expected) {
            Ok(())
        } else {
            Err(damaged("it is not the object of its ticket"))
        }
    }

    fn prefix(&self) -> &[u8] {
        self.header.get(24..28).unwrap_or_default()
    }

    fn open(&mut self, last: bool, target: &mut impl Write) -> Result<(), SyncError> {
        let mut nonce = [0; 12];
        let number = self.number.to_be_bytes();
        for (to, from) in nonce.iter_mut().zip(self.prefix().iter().chain(&number)) {
            *to = *from;
        }
        let additional: Vec<u8> =
            self.header.iter().chain(&number).copied().chain([u8::from(last)]).collect();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = self.cipher.open_in_place(nonce, Aad::from(&additional), &mut self.held);
        let opened = opened.map_err(|_| damaged("a part of it does not open"))?;
        self.hash.update(opened);
        self.opened = self.opened.saturating_add(opened.len() as u64);
        if self.opened > self.size {
            return Err(damaged("it is longer than announced"));
        }
        target.write_all(opened).map_err(disk)?;
        self.held.clear();
        self.number = self.number.saturating_add(1);
        Ok(())
    }
}

/// A failed write into the vault: its error, where it is one.
pub(crate) fn disk(error: std::io::Error) -> SyncError {
    let action = "write";
    let kind = error.kind();
    match error.into_inner().map(|inner| inner.downcast::<vault::Error>()) {
        Some(Ok(inner)) => SyncError::Vault(*inner),
        Some(Err(other)) => SyncError::Vault(vault::Error::Disk {
            action,
            path: "vault".into(),
            source: std::io::Error::new(kind, other),
        }),
        None => SyncError::Vault(vault::Error::Disk { action, path: "vault".into(), source: kind.into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn ticket(object: ObjectId, plain: &[u8]) -> Ticket {
        let sha256 = digest::digest(&digest::SHA256, plain);
        Ticket {
            url: String::new(),
            expires_ms: 0,
            object_id: object,
            key: BASE64URL.encode(KEY),
            etag: sha256.as_ref().iter().map(|byte| format!("{byte:02x}")).collect(),
            size: plain.len() as u64,
            version: 1,
        }
    }

    /// Seals by the description of the format alone.
    fn seal(object: ObjectId, plain: &[u8]) -> Vec<u8> {
        let mut header = MAGIC.to_vec();
        header.extend(object.0.as_bytes());
        header.extend([1, 2, 3, 4]);
        header.extend(65_536_u32.to_be_bytes());
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &KEY).unwrap());
        let count = plain.len().div_ceil(CHUNK).max(1);
        let mut sealed = header.clone();
        for number in 0..count {
            let mut chunk = plain[number * CHUNK..plain.len().min((number + 1) * CHUNK)].to_vec();
            let mut nonce = [0; 12];
            nonce[..4].copy_from_slice(&[1, 2, 3, 4]);
            nonce[4..].copy_from_slice(&(number as u64).to_be_bytes());
            let mut additional = header.clone();
            additional.extend((number as u64).to_be_bytes());
            additional.push(u8::from(number + 1 == count));
            cipher
                .seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(&additional),
                    &mut chunk,
                )
                .unwrap();
            sealed.extend(chunk);
        }
        sealed
    }

    fn open(ticket: &Ticket, sealed: &[u8], piece: usize) -> Result<Vec<u8>, SyncError> {
        let mut opener = Opener::new(ticket)?;
        let mut plain = Vec::new();
        for piece in sealed.chunks(piece) {
            opener.push(piece, &mut plain)?;
        }
        opener.finish(&mut plain)?;
        Ok(plain)
    }

    fn text(length: usize) -> Vec<u8> {
        (0..length).map(|number| (number % 251) as u8).collect()
    }

    #[test]
    fn every_length_opens_in_pieces_of_any_length() {
        let object = ObjectId::mint();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5] {
            let (plain, sealed) = (text(length), seal(object, &text(length)));
            for piece in [1_000, 65_552, sealed.len()] {
                assert_eq!(
                    open(&ticket(object, &plain), &sealed, piece).unwrap(),
                    plain,
                    "{length} by {piece}"
                );
            }
        }
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_found() {
        let object = ObjectId::mint();
        let (plain, sealed) = (text(200), seal(object, &text(200)));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(open(&ticket(object, &plain), &changed, 64).is_err(), "byte {place}");
            assert!(open(&ticket(object, &plain), &sealed[..place], 64).is_err(), "cut at {place}");
        }
    }

    #[test]
    fn what_the_ticket_says_must_be_true() {
        let object = ObjectId::mint();
        let (plain, sealed) = (text(CHUNK + 9), seal(object, &text(CHUNK + 9)));
        let good = ticket(object, &plain);
        for bad in [
            Ticket { object_id: ObjectId::mint(), ..good.clone() },
            Ticket { key: BASE64URL.encode([8; 32]), ..good.clone() },
            Ticket { key: "short".into(), ..good.clone() },
            Ticket { etag: "00".repeat(32), ..good.clone() },
            Ticket { size: good.size - 1, ..good.clone() },
            Ticket { size: good.size + 1, ..good.clone() },
        ] {
            assert!(matches!(open(&bad, &sealed, 9_999), Err(SyncError::SealedObject { .. })));
        }
        // The first chunk alone, and an empty chunk after a full last one.
        assert!(open(&good, &sealed[..HEADER + CHUNK + TAG], 9_999).is_err());
        assert!(open(&good, &[&sealed[..], &[0; TAG][..]].concat(), 9_999).is_err());
    }
}
