//! A cursor over bytes that may end at any place.

use encoding_rs::{Encoding, UTF_16LE};

/// Bytes still to be read. Every read past the end gives `None` and takes nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next bytes as they are.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Passes over bytes.
    pub fn skip(&mut self, count: usize) -> Option<()> {
        self.take(count).map(drop)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_le_bytes)
    }

    pub fn f64(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes)
    }

    /// So many UTF-16 units.
    pub fn wide(&mut self, units: usize) -> Option<String> {
        let bytes = self.take(units.checked_mul(2)?)?;
        Some(UTF_16LE.decode_without_bom_handling(bytes).0.into_owned())
    }

    /// So many characters of one byte each: the low halves of UTF-16 units.
    pub fn narrow(&mut self, count: usize) -> Option<String> {
        Some(self.take(count)?.iter().map(|byte| char::from(*byte)).collect())
    }

    /// So many bytes of text in a code page.
    pub fn coded(&mut self, count: usize, encoding: &'static Encoding) -> Option<String> {
        Some(encoding.decode_without_bom_handling(self.take(count)?).0.into_owned())
    }

    /// Characters of BIFF8, wide or narrow as the flags before them say.
    pub fn flagged(&mut self, units: usize) -> Option<String> {
        if self.u8()? & 1 != 0 { self.wide(units) } else { self.narrow(units) }
    }

    /// A text of BIFF12: its length in UTF-16 units, then those; `None` also for the length that means none.
    pub fn wide_text(&mut self) -> Option<String> {
        let units = usize::try_from(self.u32()?).ok()?;
        self.wide(units)
    }

    /// A text of BIFF12 that may be missing: missing gives the empty text.
    pub fn nullable_text(&mut self) -> Option<String> {
        if self.0.starts_with(&[0xff; 4]) {
            self.skip(4)?;
            return Some(String::new());
        }
        self.wide_text()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}
