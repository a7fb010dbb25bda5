//! Places in text, counted in UTF-16 units or in bytes of an East Asian code page.

use numfmt::Locale;

/// How many units a text has.
pub(super) fn len(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// Where a text first stands in another, in bytes.
pub(super) fn find(text: &str, sought: &str) -> Option<usize> {
    match sought.as_bytes() {
        // Most separators are one character, for which the standard library has a quicker way.
        [byte] => text.find(char::from(*byte)),
        _ => text.find(sought),
    }
}

/// `count` units from unit `start` on, less where the text ends.
pub(super) fn part(text: &str, start: usize, count: usize) -> String {
    if text.is_ascii() {
        let start = start.min(text.len());
        let end = start.saturating_add(count).min(text.len());
        return text[start..end].to_owned();
    }
    let units: Vec<u16> = text.encode_utf16().skip(start).take(count).collect();
    String::from_utf16_lossy(&units)
}

/// The unit at which a byte place lies; the place must be a character's.
pub(super) fn of_byte(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(0, len)
}

/// The byte at which a unit begins, or the next character's where the unit is the second half of one. `None`
/// beyond the end.
pub(super) fn to_byte(text: &str, unit: usize) -> Option<usize> {
    if text.is_ascii() {
        return (unit <= text.len()).then_some(unit);
    }
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= unit {
            return Some(byte);
        }
        units += c.len_utf16();
    }
    (units >= unit).then_some(text.len())
}

/// Whether the byte functions count two for wide characters: where an East Asian language is the default.
/// Elsewhere they count characters.
pub(super) fn counts_bytes(locale: &Locale) -> bool {
    matches!(locale.language(), "ja" | "zh" | "ko")
}

/// Bytes of a character in an East Asian code page: 1 for ASCII and half-width katakana, else 2.
pub(super) fn width(c: char) -> usize {
    if c.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&c) { 1 } else { 2 }
}

/// Bytes of a text in an East Asian code page.
pub(super) fn byte_len(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// The characters that lie wholly within `count` bytes from byte `start` on.
pub(super) fn byte_part(text: &str, start: usize, count: usize) -> String {
    let end = start.saturating_add(count);
    let mut at = 0;
    let mut part = String::new();
    for c in text.chars() {
        let next = at + width(c);
        if at >= start && next <= end {
            part.push(c);
        }
        at = next;
    }
    part
}
