//! What a file may cost before it is refused.

use std::fmt;
use std::io::{self, Read};

/// Bounds that hold while a file is read, not after.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Size of the file.
    pub file_bytes: u64,
    /// Parts of the container.
    pub parts: usize,
    /// All parts together once unpacked.
    pub unpacked_bytes: u64,
    /// How many times larger than packed a part of more than a megabyte may be.
    pub ratio: u64,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Places for cells in memory, gaps within a block of a column included; sixteen bytes each. Array formulas and
    /// what-if tables may fill as many cells.
    pub cells: usize,
    /// Distinct strings.
    pub strings: usize,
    /// Length of one text of a cell, in UTF-16 units.
    pub text_units: usize,
    /// Cell styles.
    pub styles: usize,
    /// Nesting of XML elements.
    pub depth: u32,
    /// Notes kept in the report; more are only counted.
    pub notes: usize,
}

impl Default for Limits {
    /// What a large but honest workbook needs: a million formulas fit several times.
    fn default() -> Self {
        Limits {
            file_bytes: 256 << 20,
            parts: 10_000,
            unpacked_bytes: 2 << 30,
            ratio: 200,
            sheets: 4_096,
            cells: 64 << 20,
            strings: 8 << 20,
            text_units: 32_767,
            styles: 65_536,
            depth: 64,
            notes: 1_000,
        }
    }
}

impl Limits {
    /// The limits for files from strangers: what the portal accepts.
    pub fn upload() -> Limits {
        Limits {
            file_bytes: 25 << 20,
            parts: 2_000,
            unpacked_bytes: 200 << 20,
            cells: 5 << 20,
            ..Limits::default()
        }
    }
}

/// More was unpacked than the limit allows.
#[derive(Debug)]
pub(crate) struct OverLimit(pub u64);

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "more than {} bytes", self.0)
    }
}

impl std::error::Error for OverLimit {}

/// Passes bytes on until a limit, then fails: declared sizes are claims, these bytes are counted.
pub(crate) struct Counted<R> {
    pub inner: R,
    pub left: u64,
    pub limit: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buf)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => {
                self.left = left;
                Ok(count)
            }
            None => Err(io::Error::other(OverLimit(self.limit))),
        }
    }
}
