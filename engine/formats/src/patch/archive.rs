//! The container with some entries replaced, taken out or added, and every other one as it was: same bytes, same
//! order, same dates, flags and extra fields.
//!
//! An entry is kept by copying its span of the file, local header and data descriptor included, and its record in
//! the directory, where only the offset is new. Invariant: spans do not overlap, so the result is no longer than
//! the original plus what was put in. Source: PKWARE's APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16, 4.5.3.

use super::SaveError;
use crate::LoadError;
use crate::package::{Entry, Package, normal};
use std::collections::{HashMap, HashSet};
use std::io::{BufWriter, Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The bytes of a part, packed.
pub(super) struct Packed {
    method: u16,
    crc: u32,
    size: u32,
    data: Vec<u8>,
}

/// What becomes of the container's entries, by their names in lower case.
#[derive(Default)]
pub(super) struct Parts {
    replaced: HashMap<String, Packed>,
    removed: HashSet<String>,
    /// With the name as it is written.
    added: Vec<(String, Packed)>,
}

/// The first second of 1980, for parts that are new: there is no clock here.
const FIRST_DATE: [u8; 4] = [0, 0, 0x21, 0];

impl Packed {
    /// Packs what `write` writes.
    pub fn new(
        write: impl FnOnce(&mut BufWriter<ZipWriter<Cursor<Vec<u8>>>>) -> Result<(), SaveError>,
    ) -> Result<Packed, SaveError> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file("part", options)?;
        let mut out = BufWriter::with_capacity(1 << 16, zip);
        write(&mut out)?;
        let zip = out.into_inner().map_err(|error| SaveError::from(error.into_error()))?;
        let bytes = zip.finish()?.into_inner();
        let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice()))?;
        let (crc, size, packed) = {
            let file = archive.by_index_raw(0)?;
            (file.crc32(), file.size(), file.compressed_size())
        };
        let size = u32::try_from(size).map_err(|_| too_large())?;
        let data = span(&bytes, data_start(&bytes, 0)?, packed)?.to_vec();
        Ok(Packed { method: 8, crc, size, data })
    }

    /// Packs bytes.
    pub fn of(bytes: &[u8]) -> Result<Packed, SaveError> {
        Packed::new(|out| Ok(out.write_all(bytes)?))
    }
}

impl Parts {
    /// Puts other content into a part.
    pub fn replace(&mut self, name: &str, packed: Packed) {
        self.replaced.insert(normal(name), packed);
    }

    /// Takes a part out.
    pub fn remove(&mut self, name: &str) {
        self.removed.insert(normal(name));
    }

    /// Adds a part behind all others.
    pub fn add(&mut self, name: &str, packed: Packed) {
        self.added.push((name.to_owned(), packed));
    }

    /// The changed container.
    pub fn assemble(&self, original: &[u8], package: &mut Package<'_>) -> Result<Vec<u8>, SaveError> {
        let entries = package.entries()?;
        let (directory, comment) = package.directory();
        let mut out = Vec::with_capacity(original.len());
        let mut offsets = HashMap::new();
        for (entry, end) in in_file_order(&entries, directory) {
            if self.removed.contains(&entry.name) {
                continue;
            }
            let data = data_start(original, entry.header)?;
            if data.saturating_add(entry.packed) > end {
                return Err(damaged("parts of it overlap"));
            }
            offsets.insert(entry.directory, offset(&out)?);
            match self.replaced.get(&entry.name) {
                None => {
                    out.extend_from_slice(span(original, entry.header, end.saturating_sub(entry.header))?);
                }
                Some(packed) => packed.local(&mut out, record(original, entry)?)?,
            }
        }
        let mut records = Vec::new();
        let mut count = 0_usize;
        for entry in &entries {
            let Some(offset) = offsets.get(&entry.directory) else { continue };
            let kept = record(original, entry)?;
            match self.replaced.get(&entry.name) {
                None => kept_record(&mut records, kept, *offset)?,
                Some(packed) => packed.record(&mut records, kept, *offset)?,
            }
            count += 1;
        }
        for (name, packed) in &self.added {
            let made = new_record(name)?;
            let offset = offset(&out)?;
            packed.local(&mut out, &made)?;
            packed.record(&mut records, &made, offset)?;
            count += 1;
        }
        let start = offset(&out)?;
        out.append(&mut records);
        finish(&mut out, start, count, comment)?;
        Ok(out)
    }
}

/// The entries as they lie one behind the other, each with where the next one or the directory begins.
fn in_file_order(entries: &[Entry], directory: u64) -> impl Iterator<Item = (&Entry, u64)> {
    let mut order: Vec<&Entry> = entries.iter().collect();
    order.sort_by_key(|entry| entry.header);
    let ends: Vec<u64> = order
        .iter()
        .skip(1)
        .map(|next| next.header)
        .chain([directory])
        .map(|end| end.min(directory))
        .collect();
    order.into_iter().zip(ends)
}

/// The fields of a directory record that are used here, by their place in it.
const METHOD: usize = 10;
const CRC: usize = 16;
const PACKED: usize = 20;
const SIZE: usize = 24;
const NAME_LENGTH: usize = 28;
const EXTRA_LENGTH: usize = 30;
const COMMENT_LENGTH: usize = 32;
const OFFSET: usize = 42;
const RECORD: usize = 46;
/// The flag that says that a name is UTF-8.
const UTF_8: u16 = 0x0800;

impl Packed {
    /// The local header and the content, with name and date from the directory's record.
    fn local(&self, out: &mut Vec<u8>, record: &[u8]) -> Result<(), SaveError> {
        let name = span(record, RECORD as u64, u64::from(word(record, NAME_LENGTH)?))?;
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&20_u16.to_le_bytes());
        out.extend_from_slice(&(word(record, 8)? & UTF_8).to_le_bytes());
        out.extend_from_slice(&self.method.to_le_bytes());
        out.extend_from_slice(span(record, 12, 4)?);
        out.extend_from_slice(&self.sizes()?);
        out.extend_from_slice(&word(record, NAME_LENGTH)?.to_le_bytes());
        out.extend_from_slice(&0_u16.to_le_bytes());
        out.extend_from_slice(name);
        out.extend_from_slice(&self.data);
        Ok(())
    }

    /// The record in the directory, its extra field aside as it was.
    fn record(&self, out: &mut Vec<u8>, record: &[u8], offset: u32) -> Result<(), SaveError> {
        let name = u64::from(word(record, NAME_LENGTH)?);
        let extra = u64::from(word(record, EXTRA_LENGTH)?);
        let mut head = span(record, 0, RECORD as u64)?.to_vec();
        put(&mut head, 6, &20_u16.to_le_bytes());
        put(&mut head, 8, &(word(record, 8)? & UTF_8).to_le_bytes());
        put(&mut head, METHOD, &self.method.to_le_bytes());
        put(&mut head, CRC, &self.sizes()?);
        put(&mut head, EXTRA_LENGTH, &0_u16.to_le_bytes());
        put(&mut head, OFFSET, &offset.to_le_bytes());
        out.extend_from_slice(&head);
        out.extend_from_slice(span(record, RECORD as u64, name)?);
        out.extend_from_slice(span(
            record,
            RECORD as u64 + name + extra,
            u64::from(word(record, COMMENT_LENGTH)?),
        )?);
        Ok(())
    }

    fn sizes(&self) -> Result<Vec<u8>, SaveError> {
        let packed = u32::try_from(self.data.len()).map_err(|_| too_large())?;
        Ok([self.crc.to_le_bytes(), packed.to_le_bytes(), self.size.to_le_bytes()].concat())
    }
}

/// A record as it was, but for the offset.
fn kept_record(out: &mut Vec<u8>, record: &[u8], offset: u32) -> Result<(), SaveError> {
    let from = out.len();
    out.extend_from_slice(record);
    let Some(copy) = out.get_mut(from..) else { return Ok(()) };
    if span(record, OFFSET as u64, 4)? != [0xff; 4] {
        put(copy, OFFSET, &offset.to_le_bytes());
        return Ok(());
    }
    // The offset stands in the extra field for large files, behind the sizes that stand there too.
    let large = |place: usize| Ok::<bool, SaveError>(span(record, place as u64, 4)? == [0xff; 4]);
    let before = 8 * (usize::from(large(SIZE)?) + usize::from(large(PACKED)?));
    let mut place = RECORD + usize::from(word(record, NAME_LENGTH)?);
    let end = place + usize::from(word(record, EXTRA_LENGTH)?);
    while place + 4 <= end {
        if word(record, place)? == 1 {
            put(copy, place + 4 + before, &u64::from(offset).to_le_bytes());
            return Ok(());
        }
        place += 4 + usize::from(word(record, place + 2)?);
    }
    Err(damaged("its container does not say where a part is"))
}

/// A record for an entry that is new; content and offset are put in later.
fn new_record(name: &str) -> Result<Vec<u8>, SaveError> {
    let length = u16::try_from(name.len()).map_err(|_| too_large())?;
    let mut record = vec![0; RECORD];
    put(&mut record, 0, b"PK\x01\x02\x14\0\x14\0");
    put(&mut record, 8, &(if name.is_ascii() { 0 } else { UTF_8 }).to_le_bytes());
    put(&mut record, 12, &FIRST_DATE);
    put(&mut record, NAME_LENGTH, &length.to_le_bytes());
    record.extend_from_slice(name.as_bytes());
    Ok(record)
}

/// The end of the directory.
fn finish(out: &mut Vec<u8>, start: u32, count: usize, comment: &[u8]) -> Result<(), SaveError> {
    let length = offset(out)?.saturating_sub(start);
    let count = u16::try_from(count).ok().filter(|count| *count < u16::MAX).ok_or_else(too_large)?;
    let comment_length = u16::try_from(comment.len()).map_err(|_| too_large())?;
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&comment_length.to_le_bytes());
    out.extend_from_slice(comment);
    Ok(())
}

/// An entry's record in the directory.
fn record<'b>(bytes: &'b [u8], entry: &Entry) -> Result<&'b [u8], SaveError> {
    let head = span(bytes, entry.directory, RECORD as u64)?;
    let lengths = [NAME_LENGTH, EXTRA_LENGTH, COMMENT_LENGTH];
    let mut length = RECORD as u64;
    for place in lengths {
        length += u64::from(word(head, place)?);
    }
    span(bytes, entry.directory, length)
}

/// Where the content of an entry begins, by its local header.
fn data_start(bytes: &[u8], header: u64) -> Result<u64, SaveError> {
    let head = span(bytes, header, 30)?;
    if !head.starts_with(b"PK\x03\x04") {
        return Err(damaged("a part of it is not where its container says"));
    }
    Ok(header + 30 + u64::from(word(head, 26)?) + u64::from(word(head, 28)?))
}

fn span(bytes: &[u8], start: u64, length: u64) -> Result<&[u8], SaveError> {
    let range = usize::try_from(start).ok().zip(usize::try_from(start.saturating_add(length)).ok());
    let found = range.and_then(|(start, end)| bytes.get(start..end));
    found.ok_or_else(|| damaged("its container ends early"))
}

fn word(bytes: &[u8], place: usize) -> Result<u16, SaveError> {
    let found = bytes.get(place..place + 2).and_then(|bytes| <[u8; 2]>::try_from(bytes).ok());
    found.map(u16::from_le_bytes).ok_or_else(|| damaged("its container ends early"))
}

/// Overwrites bytes; what does not fit is left, which the callers' lengths rule out.
fn put(bytes: &mut [u8], place: usize, new: &[u8]) {
    if let Some(old) = bytes.get_mut(place..place + new.len()) {
        old.copy_from_slice(new);
    }
}

fn offset(out: &[u8]) -> Result<u32, SaveError> {
    u32::try_from(out.len()).map_err(|_| too_large())
}

fn damaged(what: &str) -> SaveError {
    LoadError::Damaged(what.into()).into()
}

fn too_large() -> SaveError {
    LoadError::TooLarge { what: "the saved file", limit: u64::from(u32::MAX) }.into()
}
