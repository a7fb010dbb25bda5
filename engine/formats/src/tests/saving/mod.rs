//! Saving changes into files: what changes, what stays byte for byte, and what is read back.

mod cases;
mod containers;
mod examples;
mod hostile;
mod parts;
mod places;
mod random;

use super::support::*;
use crate::Limits;
use crate::patch::{Changes, Content, NewFormula, SaveError, Saved, save};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use values::{Cell, SheetId, Value};
use zip::ZipArchive;

fn cell(text: &str) -> Cell {
    text.parse().unwrap()
}

/// Changes of one sheet's cells.
fn on_sheet(sheet: u16, cells: impl IntoIterator<Item = (Cell, Content)>) -> Changes {
    Changes { cells: BTreeMap::from([(SheetId(sheet), cells.into_iter().collect())]), ..Changes::default() }
}

fn constant(value: impl Into<Value>) -> Content {
    Content::Value(value.into())
}

fn result(value: impl Into<Value>) -> Content {
    Content::Result { value: value.into(), fills: None }
}

fn formula(text: &str, value: impl Into<Value>) -> Content {
    Content::Formula(NewFormula { text: text.into(), value: value.into(), array: None })
}

#[track_caller]
fn saved(original: &[u8], changes: &Changes) -> Saved {
    match save(original, changes, &Limits::default()) {
        Ok(saved) => saved,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn refused(original: &[u8], changes: &Changes) -> String {
    match save(original, changes, &Limits::upload()) {
        Ok(_) => panic!("it was saved"),
        Err(error) => error.to_string(),
    }
}

/// The content of a part; empty where there is none.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    if let Ok(mut file) = archive.by_name(name) {
        file.read_to_string(&mut text).unwrap();
    }
    text
}

/// The file with another text in one of its parts.
fn with_part(bytes: &[u8], name: &str, text: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Parts::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let own = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        parts = parts.with(&own, if own == name { text.as_bytes().to_vec() } else { content });
    }
    parts.bytes()
}

/// An entry as it lies in the file.
#[derive(Debug, PartialEq)]
struct Raw {
    name: String,
    /// Local header, packed content and what follows it.
    local: Vec<u8>,
    /// The record in the directory without the offset.
    record: Vec<u8>,
}

/// All entries in the directory's order.
fn entries(bytes: &[u8]) -> Vec<Raw> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let directory = archive.central_directory_start() as usize;
    let places: Vec<(String, usize, usize)> = (0..archive.len())
        .map(|index| {
            let file = archive.by_index_raw(index).unwrap();
            (
                file.name().unwrap().into_owned(),
                file.header_start() as usize,
                file.central_header_start() as usize,
            )
        })
        .collect();
    let mut ends: Vec<usize> = places.iter().map(|(_, start, _)| *start).chain([directory]).collect();
    ends.sort_unstable();
    let word = |place: usize| usize::from(u16::from_le_bytes([bytes[place], bytes[place + 1]]));
    places
        .into_iter()
        .map(|(name, start, record)| {
            let end = ends[ends.partition_point(|end| *end <= start)];
            let length = 46 + word(record + 28) + word(record + 30) + word(record + 32);
            let mut record = bytes[record..record + length].to_vec();
            record[42..46].fill(0);
            Raw { name, local: bytes[start..end].to_vec(), record }
        })
        .collect()
}

/// Holds that only these parts differ, that all are still there but those said to be gone, in their order, and that
/// new ones come last.
#[track_caller]
fn assert_kept(original: &[u8], saved: &[u8], changed: &[&str], gone: &[&str], new: &[&str]) {
    let (before, after) = (entries(original), entries(saved));
    let is_in = |list: &[&str], raw: &Raw| list.contains(&raw.name.as_str());
    let names = |entries: &[Raw]| entries.iter().map(|raw| raw.name.clone()).collect::<Vec<_>>();
    let mut expected: Vec<String> = names(&before);
    expected.retain(|name| !gone.contains(&name.as_str()));
    expected.extend(new.iter().map(|name| (*name).to_owned()));
    assert_eq!(names(&after), expected);
    for raw in before.iter().filter(|raw| !is_in(changed, raw) && !is_in(gone, raw)) {
        assert!(after.contains(raw), "{} is not as it was", raw.name);
    }
    for name in changed {
        assert_ne!(part(original, name), part(saved, name), "{name} is as it was");
    }
}

/// What differs between two texts: what was there and what is there, without their common beginning and end.
fn difference<'t>(before: &'t str, after: &'t str) -> (&'t str, &'t str) {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = before.chars().zip(after.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (before, after) = (&before[start..], &after[start..]);
    let end: usize =
        before.chars().rev().zip(after.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    (&before[..before.len() - end], &after[..after.len() - end])
}
