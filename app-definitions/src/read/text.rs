//! The document as text, and where each byte of it stands.

use crate::diagnostics::{Code, Diagnostic};
use crate::origin::Place;

/// Bytes between two remembered character counts; what is counted anew for one place is at most this long.
const STRIDE: usize = 256;

/// The text of a document with an index of its lines.
#[derive(Debug)]
pub(super) struct SourceText<'x> {
    pub(super) text: &'x str,
    /// Byte offset of each line's first character.
    lines: Vec<usize>,
    /// Characters in front of each multiple of [`STRIDE`] bytes.
    counts: Vec<usize>,
}

impl<'x> SourceText<'x> {
    /// Decodes a document. A byte order mark is dropped.
    pub(super) fn decode(bytes: &'x [u8]) -> Result<Self, Diagnostic> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(text)),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let good = Self::new(std::str::from_utf8(good).unwrap_or_default());
                Err(Diagnostic::new(Code::NotUtf8, "The document is not UTF-8 text from here on.")
                    .hint("Save the definition with the encoding UTF-8.")
                    .at(good.place(good.text.len()), ""))
            }
        }
    }

    fn new(text: &'x str) -> Self {
        let newlines = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let lines = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
        let mut characters = 0;
        let mut counts = Vec::with_capacity(text.len() / STRIDE + 1);
        for block in text.as_bytes().chunks(STRIDE) {
            counts.push(characters);
            characters += count_characters(block);
        }
        counts.push(characters);
        Self { text, lines, counts }
    }

    /// Line and column of a byte offset, both from 1.
    pub(super) fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let line = self.lines.partition_point(|&start| start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
        Place { line: saturate(line), column: saturate(column) }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / STRIDE;
        let counted = self.counts.get(block).copied().unwrap_or(0);
        let rest = self.text.as_bytes().get(block * STRIDE..offset).unwrap_or_default();
        counted + count_characters(rest)
    }
}

/// Characters that start in these bytes of UTF-8.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000).count()
}

fn saturate(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The byte offset of `part` in `whole`, of which it is a slice.
pub(super) fn offset_in(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let text = format!("äb\n{}x\n\ny", "ö".repeat(300));
        let source = SourceText::decode(text.as_bytes()).unwrap();
        let place = |part: &str| {
            let place = source.place(text.find(part).unwrap());
            (place.line, place.column)
        };
        assert_eq!(place("ä"), (1, 1));
        assert_eq!(place("b"), (1, 2));
        assert_eq!(place("ö"), (2, 1));
        assert_eq!(place("x"), (2, 301));
        assert_eq!(place("y"), (4, 1));
        let end = source.place(usize::MAX);
        assert_eq!((end.line, end.column), (4, 2));
    }

    #[test]
    fn places_agree_with_counting_from_the_start() {
        let text = "a\nbä\r\n\tcc—𝄞d\n".repeat(40);
        let source = SourceText::decode(text.as_bytes()).unwrap();
        for (offset, _) in text.char_indices() {
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            let place = source.place(offset);
            assert_eq!((place.line as usize, place.column as usize), (line, column), "byte {offset}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_found() {
        let error = SourceText::decode(b"<app>\n \xE9</app>").unwrap_err();
        assert_eq!((error.code, error.line, error.column), (Code::NotUtf8, 2, 2));
        assert!(SourceText::decode(b"\xEF\xBB\xBF<app/>").is_ok_and(|source| source.text == "<app/>"));
    }
}
