//! Bytes to text: byte-order marks, UTF-16 by its zeros, UTF-8 where it is valid, else Windows-1252.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Whether bytes can be text: no zeros but those of UTF-16.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(4_096)).unwrap_or_default();
    Encoding::for_bom(bytes).is_some() || utf16(start).is_some() || !bytes.contains(&0)
}

/// The text, its lines ended by `\n` alone.
pub(super) fn decode(bytes: &[u8]) -> String {
    let start = bytes.get(..bytes.len().min(4_096)).unwrap_or_default();
    let (encoding, from) = match (Encoding::for_bom(bytes), utf16(start)) {
        (Some((encoding, mark)), _) => (encoding, mark),
        (None, Some(encoding)) => (encoding, 0),
        (None, None) if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        (None, None) => (WINDOWS_1252, 0),
    };
    let bytes = bytes.get(from..).unwrap_or_default();
    let text = encoding.decode_without_bom_handling(bytes).0;
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// UTF-16 without its mark: mostly Latin text, so every other byte is zero.
fn utf16(start: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
    if half == 0 || !start.len().is_multiple_of(2) {
        return None;
    }
    match (even * 10 < half, odd * 10 < half) {
        (true, false) if odd * 2 > half => Some(UTF_16LE),
        (false, true) if even * 2 > half => Some(UTF_16BE),
        _ => None,
    }
}
