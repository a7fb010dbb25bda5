//! Containers made from inputs, so that a changed byte is changed content and not a wrong checksum.
//!
//! A packed file is written as its parts, each after a line `=== name`. A part or a stream of records is written as
//! its records, each after [`MARK`]: two bytes of its kind, then its data up to the next mark, without lengths, which
//! would be wrong after most changes.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Begins a record.
pub const MARK: [u8; 2] = [0xF5, 0x5F];
/// Begins the line with a part's name.
const HEAD: &[u8] = b"=== ";

/// What stands before the first part, and the parts with their names.
pub(crate) fn split(data: &[u8]) -> (&[u8], Vec<(String, Vec<u8>)>) {
    let mut starts: Vec<usize> = (0..data.len())
        .filter(|at| data[*at..].starts_with(HEAD) && (*at == 0 || data[*at - 1] == b'\n'))
        .collect();
    let before = &data[..starts.first().copied().unwrap_or(data.len())];
    starts.push(data.len());
    let parts = starts.windows(2).map(|ends| part(&data[ends[0] + HEAD.len()..ends[1]]));
    (before, parts.collect())
}

fn part(section: &[u8]) -> (String, Vec<u8>) {
    let end = section.iter().position(|byte| *byte == b'\n').unwrap_or(section.len());
    let content = section.get(end + 1..).unwrap_or_default();
    // The line break before the next name is no part of the content.
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    (String::from_utf8_lossy(&section[..end]).into_owned(), content.to_vec())
}

/// The parts in one text, as [`split`] reads them.
pub fn join(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut data = Vec::new();
    for (name, content) in parts {
        data.extend_from_slice(HEAD);
        data.extend_from_slice(name.as_bytes());
        data.push(b'\n');
        data.extend_from_slice(content);
        data.push(b'\n');
    }
    data
}

/// A packed file of these parts and, of the usual ones, those that are not among them. Of two parts with the same name
/// the first counts.
pub(crate) fn zip(parts: &[(String, Vec<u8>)], usual: &[(&str, &str)]) -> Option<Vec<u8>> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let missing = usual.iter().filter(|(name, _)| !parts.iter().any(|(known, _)| known == name));
    let missing = missing.map(|(name, content)| (*name, content.as_bytes()));
    let given = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice()));
    for (name, content) in missing.chain(given) {
        if zip.start_file(name, options).is_ok() {
            zip.write_all(content).ok()?;
        }
    }
    Some(zip.finish().ok()?.into_inner())
}

/// The records of an input: kind and data. `None` where it has none and is meant as it is.
pub(crate) fn records(data: &[u8]) -> Option<Vec<(u16, &[u8])>> {
    let mut starts: Vec<usize> = (0..data.len()).filter(|at| data[*at..].starts_with(&MARK)).collect();
    // A mark within a mark's reach is one; marks cannot overlap, since their bytes differ.
    if starts.is_empty() {
        return None;
    }
    starts.push(data.len());
    let record = |ends: &[usize]| {
        let record = &data[ends[0] + MARK.len()..ends[1]];
        let (kind, data) = record.split_at_checked(2)?;
        Some((u16::from_le_bytes([kind[0], kind[1]]), data))
    };
    Some(starts.windows(2).filter_map(record).collect())
}

/// A compound file with one stream.
pub(crate) fn compound(stream: &str, content: &[u8]) -> Option<Vec<u8>> {
    let buffer = Cursor::new(Vec::new());
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, buffer).ok()?;
    file.create_stream(stream).ok()?.write_all(content).ok()?;
    Some(file.into_inner().into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_they_were_joined() {
        let parts = vec![("a".to_owned(), b"1\n2".to_vec()), ("b/c".to_owned(), b"=== \xFF\n".to_vec())];
        let data = join(&parts);
        assert_eq!(data, b"=== a\n1\n2\n=== b/c\n=== \xFF\n\n");
        let (before, read) = split(&data[..10]);
        assert!(before.is_empty() && read == parts[..1]);
        assert_eq!(split(b"no parts").0, b"no parts");
        assert_eq!(split(b"xy\n=== a"), (&b"xy\n"[..], vec![("a".to_owned(), Vec::new())]));
    }

    #[test]
    fn usual_parts_are_added_where_they_are_missing() {
        let zip = zip(&[("b".to_owned(), b"2".to_vec())], &[("a", "1"), ("b", "9")]).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
        assert_eq!(archive.len(), 2);
        let content = std::io::read_to_string(archive.by_name("b").unwrap()).unwrap();
        assert_eq!(content, "2");
    }

    #[test]
    fn records_need_no_lengths() {
        let data = b"xx\xF5\x5F\x09\x08abc\xF5\x5F\x0a\xF5\x5F\x0b\x00";
        assert_eq!(records(data), Some(vec![(0x0809, &b"abc"[..]), (0x000b, &[][..])]));
        assert_eq!(records(b"plain"), None);
    }
}
