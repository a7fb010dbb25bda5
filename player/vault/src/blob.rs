//! Large records: files of 64 KiB chunks, each sealed under a key that is made for this one write.
//!
//! A chunk's nonce holds its number and whether it is the last, so chunks cannot be left out, repeated,
//! exchanged or cut off. Writing needs no right to the vault: a blob belongs to nothing until a transaction takes
//! it, and vanishes with its writer.
//!
//! Invariant: a file is written once, from front to back, and is complete on disk before a transaction takes it.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use ring::digest;
use zeroize::{Zeroize, Zeroizing};

use crate::crypto::{self, Key, TAG_LEN};
use crate::disk::{self, Dir};
use crate::{Damage, Error, Secret};

/// Bytes of a chunk before sealing.
const CHUNK: usize = 64 * 1_024;
/// Bytes of a chunk in the file.
const SEALED_CHUNK: usize = CHUNK + TAG_LEN;

/// The nonce of a chunk: unique under a key that is used for one blob.
fn nonce(number: u64, last: bool) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    for (target, byte) in bytes.iter_mut().skip(4).zip(number.to_be_bytes()) {
        *target = byte;
    }
    if let Some(flag) = bytes.first_mut() {
        *flag = u8::from(last);
    }
    Nonce::assume_unique_for_key(bytes)
}

/// How many bytes a blob of `size` bytes takes in its file.
fn stored_len(size: u64) -> u64 {
    let chunks = size.div_ceil(CHUNK as u64).max(1);
    size.saturating_add(chunks.saturating_mul(TAG_LEN as u64))
}

/// A blob's file while nothing points to it. Dropping deletes it.
#[derive(Debug)]
struct Unclaimed {
    path: PathBuf,
    name: String,
    claimed: bool,
}

impl Drop for Unclaimed {
    fn drop(&mut self) {
        if !self.claimed {
            drop(disk::remove(&self.path));
        }
    }
}

/// Writes one blob, sealing as it goes; see [`crate::Vault::new_blob`].
///
/// Without [`BlobWriter::finish`], and without a transaction that takes the result, nothing remains.
pub struct BlobWriter {
    unclaimed: Unclaimed,
    file: BufWriter<File>,
    vault_id: String,
    key: Key,
    cipher: LessSafeKey,
    hash: digest::Context,
    chunk: Zeroizing<Vec<u8>>,
    number: u64,
    size: u64,
}

impl BlobWriter {
    /// Starts a blob. The caller holds the vault's lock, so that no sweep takes the file before it is locked.
    pub(crate) fn start(dir: &Dir, vault_id: &str) -> Result<Self, Error> {
        let name = crypto::random_name::<16>()?;
        let path = dir.blob(&name);
        let file = disk::private_file().create_new(true).open(&path);
        let file = file.map_err(|error| Error::disk("create", &path, error))?;
        file.lock().map_err(|error| Error::disk("lock", &path, error))?;
        let key = Key::random()?;
        Ok(Self {
            unclaimed: Unclaimed { path, name, claimed: false },
            file: BufWriter::with_capacity(SEALED_CHUNK, file),
            vault_id: vault_id.to_owned(),
            cipher: key.cipher()?,
            key,
            hash: digest::Context::new(&digest::SHA256),
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK)),
            number: 0,
            size: 0,
        })
    }

    /// Writes the rest and makes it safe on disk. The blob then waits for a transaction.
    ///
    /// # Errors
    /// When the disk fails or is full.
    pub fn finish(mut self) -> Result<FinishedBlob, Error> {
        self.seal_chunk(true)?;
        let failed = |error| Error::disk("write", &self.unclaimed.path, error);
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        Ok(FinishedBlob {
            unclaimed: self.unclaimed,
            _lock: file,
            vault_id: self.vault_id,
            key: self.key,
            sha256: self.hash.finish().as_ref().to_vec(),
            size: self.size,
        })
    }

    fn seal_chunk(&mut self, last: bool) -> Result<(), Error> {
        let failed = |_| Error::Crypto { during: "sealing a chunk" };
        let tag = self
            .cipher
            .seal_in_place_separate_tag(nonce(self.number, last), Aad::empty(), &mut self.chunk)
            .map_err(failed)?;
        for part in [self.chunk.as_slice(), tag.as_ref()] {
            self.hash.update(part);
            self.file.write_all(part).map_err(|error| Error::disk("write", &self.unclaimed.path, error))?;
        }
        self.chunk.clear();
        self.number = self.number.saturating_add(1);
        Ok(())
    }
}

impl Write for BlobWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk is sealed only when more follows: the last one is sealed as the last.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.seal_chunk(false).map_err(io::Error::other)?;
        }
        let room = CHUNK.saturating_sub(self.chunk.len());
        let (now, _) = bytes.split_at(room.min(bytes.len()));
        self.chunk.extend_from_slice(now);
        self.size = self.size.saturating_add(now.len() as u64);
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A blob that is complete on disk and waits for [`crate::Transaction::put_blob`]. Dropping deletes it.
pub struct FinishedBlob {
    unclaimed: Unclaimed,
    /// Tells other processes' sweeps that somebody still wants the file.
    _lock: File,
    pub(crate) vault_id: String,
    pub(crate) key: Key,
    pub(crate) sha256: Vec<u8>,
    size: u64,
}

impl FinishedBlob {
    /// Bytes of the blob before sealing.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn file_name(&self) -> &str {
        &self.unclaimed.name
    }

    /// Keeps the file: a manifest points to it now.
    pub(crate) fn claim(&mut self) {
        self.unclaimed.claimed = true;
    }
}

/// What a blob's file must be for it to be opened.
pub(crate) struct Expected {
    pub key: Key,
    pub size: u64,
    pub sha256: Vec<u8>,
}

/// Opens chunk after chunk of a blob's file.
struct Chunks {
    path: PathBuf,
    file: File,
    cipher: LessSafeKey,
    hash: digest::Context,
    sha256: Vec<u8>,
    left: u64,
    number: u64,
    done: bool,
}

/// Why a chunk could not be given out.
enum Refusal {
    Damage(Damage),
    Disk(Error),
}

impl Chunks {
    fn open(path: &Path, file: File, expected: Expected) -> Result<Self, Refusal> {
        let length = file.metadata().map_err(|error| Refusal::Disk(Error::disk("read", path, error)))?.len();
        match length.cmp(&stored_len(expected.size)) {
            std::cmp::Ordering::Less => return Err(Refusal::Damage(Damage::Truncated)),
            std::cmp::Ordering::Greater => return Err(Refusal::Damage(Damage::Extended)),
            std::cmp::Ordering::Equal => {}
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            cipher: expected.key.cipher().map_err(Refusal::Disk)?,
            hash: digest::Context::new(&digest::SHA256),
            sha256: expected.sha256,
            left: expected.size,
            number: 0,
            done: false,
        })
    }

    /// The next chunk in `chunk`; `false` when there was none left.
    fn next(&mut self, chunk: &mut Zeroizing<Vec<u8>>) -> Result<bool, Refusal> {
        chunk.zeroize();
        if self.done {
            return Ok(false);
        }
        let last = self.left <= CHUNK as u64;
        let size = usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK);
        chunk.resize(size.saturating_add(TAG_LEN), 0);
        self.file.read_exact(chunk).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Refusal::Damage(Damage::Truncated),
            _ => Refusal::Disk(Error::disk("read", &self.path, error)),
        })?;
        self.hash.update(chunk);
        let altered = |_| Refusal::Damage(Damage::Altered);
        let length =
            self.cipher.open_in_place(nonce(self.number, last), Aad::empty(), chunk).map_err(altered)?.len();
        chunk.truncate(length);
        self.number = self.number.saturating_add(1);
        self.left = self.left.saturating_sub(length as u64);
        if last {
            self.done = true;
            if self.hash.clone().finish().as_ref() != self.sha256 {
                return Err(Refusal::Damage(Damage::Altered));
            }
        }
        Ok(true)
    }
}

/// Reads one record, a chunk at a time; see [`crate::Vault::reader`].
///
/// What was read is known to be whole only when the end was reached without an error. An error from the
/// [`Read`] side carries the vault's [`Error`].
pub struct RecordReader {
    compartment: String,
    record: String,
    size: u64,
    chunks: Option<Chunks>,
    chunk: Secret,
    taken: usize,
}

impl RecordReader {
    /// Reads from a blob's file.
    pub(crate) fn of_file(
        path: &Path,
        file: File,
        expected: Expected,
        (compartment, record): (&str, &str),
    ) -> Result<Self, Error> {
        let mut reader = Self::of_bytes(Secret::default(), (compartment, record));
        reader.size = expected.size;
        match Chunks::open(path, file, expected) {
            Ok(chunks) => reader.chunks = Some(chunks),
            Err(refusal) => return Err(reader.refused(refusal)),
        }
        Ok(reader)
    }

    /// Reads from bytes that are open already.
    pub(crate) fn of_bytes(bytes: Secret, (compartment, record): (&str, &str)) -> Self {
        Self {
            compartment: compartment.to_owned(),
            record: record.to_owned(),
            size: bytes.len() as u64,
            chunks: None,
            chunk: bytes,
            taken: 0,
        }
    }

    /// Bytes of the whole record.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads what is left, all of it.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`] and errors of the disk.
    pub fn read_all(mut self) -> Result<Secret, Error> {
        let left = self.size.saturating_sub(self.taken as u64);
        let mut all = Secret::new(Vec::with_capacity(usize::try_from(left).unwrap_or_default()));
        loop {
            let (_, unread) = self.chunk.split_at_checked(self.taken).unwrap_or_default();
            all.extend_from_slice(unread);
            if !self.advance()? {
                return Ok(all);
            }
        }
    }

    /// Reads the whole record and forgets it, to see whether it is sound.
    pub(crate) fn check(mut self) -> Result<(), Error> {
        while self.advance()? {}
        Ok(())
    }

    /// Opens the next chunk; `false` at the end.
    fn advance(&mut self) -> Result<bool, Error> {
        self.taken = 0;
        let Some(chunks) = &mut self.chunks else {
            self.chunk.zeroize();
            return Ok(false);
        };
        let more = chunks.next(&mut self.chunk);
        more.map_err(|refusal| {
            self.chunk.zeroize();
            self.refused(refusal)
        })
    }

    fn refused(&self, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Disk(error) => error,
            Refusal::Damage(damage) => Error::RecordDamaged {
                compartment: self.compartment.clone(),
                record: self.record.clone(),
                damage,
            },
        }
    }
}

impl Read for RecordReader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        while self.taken >= self.chunk.len() {
            let more = self.advance().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            if !more {
                return Ok(0);
            }
        }
        let (_, mut unread) = self.chunk.split_at_checked(self.taken).unwrap_or_default();
        let count = unread.read(target)?;
        self.taken = self.taken.saturating_add(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_differ_by_number_and_by_being_the_last() {
        let all: std::collections::BTreeSet<_> =
            [(0, false), (0, true), (1, false), (1, true), (u64::MAX, true)]
                .into_iter()
                .map(|(number, last)| *nonce(number, last).as_ref())
                .collect();
        assert_eq!(all.len(), 5);
    }

    #[test]
    fn stored_lengths_count_a_tag_a_chunk() {
        for (size, stored) in [(0, 16), (1, 17), (65_536, 65_552), (65_537, 65_569), (u64::MAX, u64::MAX)] {
            assert_eq!(stored_len(size), stored, "{size}");
        }
    }
}
