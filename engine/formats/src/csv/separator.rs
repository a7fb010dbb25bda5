//! Which character separates the fields.

use csv::StringRecord;

/// How many records are looked at.
const SAMPLE: usize = 100;

/// The separator that the first line tells (`sep=;`), and the text after that line.
pub(super) fn told(text: &str) -> (&str, Option<u8>) {
    let Some((first, rest)) = text.split_once('\n') else { return (text, None) };
    let told = first.trim().trim_matches('"');
    match told.get(..4).filter(|key| key.eq_ignore_ascii_case("sep=")).map(|_| &told.as_bytes()[4..]) {
        Some([separator]) if separator.is_ascii() && *separator != b'"' => (rest, Some(*separator)),
        _ if first.eq_ignore_ascii_case("sep=\t") => (rest, Some(b'\t')),
        _ => (text, None),
    }
}

/// The separator by which most of the first records have the same number of fields. Where two do as
/// well, the comma comes last: it stands inside of numbers and sentences too.
pub(super) fn guess(text: &str, extension: &str) -> u8 {
    let usual =
        if matches!(extension.to_ascii_lowercase().as_str(), "tsv" | "tab" | "txt") { b'\t' } else { b',' };
    let mut best = (0, usual);
    for separator in [b'\t', b';', b'|', b','] {
        let (alike, fields) = regularity(text, separator);
        if fields > 1 && alike > best.0 {
            best = (alike, separator);
        }
    }
    best.1
}

/// How many of each hundred records have the most frequent number of fields above 1, and that number.
fn regularity(text: &str, separator: u8) -> (usize, usize) {
    let mut reader = super::reader(text, separator);
    let (mut record, mut counts, mut all) = (StringRecord::new(), Vec::<(usize, usize)>::new(), 0);
    while all < SAMPLE && reader.read_record(&mut record).unwrap_or(false) {
        all += 1;
        match counts.iter_mut().find(|(fields, _)| *fields == record.len()) {
            Some((_, count)) => *count += 1,
            None => counts.push((record.len(), 1)),
        }
    }
    let most =
        counts.iter().filter(|(fields, _)| *fields > 1).max_by_key(|(fields, count)| (*count, *fields));
    most.map_or((0, 1), |(fields, count)| (count * 100 / all.max(1), *fields))
}
