//! Cell addresses in A1 form, as app definitions write them.
//!
//! A small parser of this crate's own: the definition knows nothing of workbooks, so it shares no types with the
//! engine. Coordinates are 0-based here and 1-based only in text. `$` signs are accepted and dropped, since an app's
//! addresses are never copied.

use std::fmt;

/// Columns of a sheet: A to XFD.
pub const COLUMNS: u32 = 16_384;
/// Rows of a sheet: 1 to 1048576.
pub const ROWS: u32 = 1_048_576;

/// One cell, 0-based: `B1` is column 1, row 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellAddress {
    /// 0-based column, below [`COLUMNS`].
    pub column: u32,
    /// 0-based row, below [`ROWS`].
    pub row: u32,
}

/// A cell or a rectangle of cells; `first` is its upper left corner, `last` its lower right one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Area {
    /// Upper left corner.
    pub first: CellAddress,
    /// Lower right corner; equal to `first` for a single cell.
    pub last: CellAddress,
}

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not of the form `B2` or `B2:D9`.
    #[error("is not a cell address")]
    Malformed,
    /// Well formed, but beyond column XFD or row 1048576.
    #[error("lies outside the sheet, which ends at XFD1048576")]
    OutsideSheet,
}

impl Area {
    /// The area of a single cell.
    pub fn cell(column: u32, row: u32) -> Self {
        let cell = CellAddress { column, row };
        Self { first: cell, last: cell }
    }

    /// The rectangle between two corners, whichever way round they are given.
    pub fn between(a: CellAddress, b: CellAddress) -> Self {
        Self {
            first: CellAddress { column: a.column.min(b.column), row: a.row.min(b.row) },
            last: CellAddress { column: a.column.max(b.column), row: a.row.max(b.row) },
        }
    }

    /// Whether this is one cell.
    pub fn is_cell(&self) -> bool {
        self.first == self.last
    }

    /// Reads `B2` or `B2:D9`, in either case, with or without `$`.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (first, last) = match text.split_once(':') {
            Some((first, last)) => (CellAddress::parse(first)?, CellAddress::parse(last)?),
            None => {
                let cell = CellAddress::parse(text)?;
                (cell, cell)
            }
        };
        Ok(Self::between(first, last))
    }
}

impl CellAddress {
    /// Reads `B2`, in either case, with or without `$`.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.strip_prefix('$').unwrap_or(text);
        let letters = text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (column, row) = text.split_at(letters);
        let row = row.strip_prefix('$').unwrap_or(row);
        let digits = row.bytes().all(|b| b.is_ascii_digit()) && !row.starts_with('0');
        if !(1..=3).contains(&column.len()) || !(1..=7).contains(&row.len()) || !digits {
            return Err(AddressError::Malformed);
        }
        let column = column
            .bytes()
            .fold(0, |number, letter| number * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
        let row: u32 = row.parse().map_err(|_| AddressError::Malformed)?;
        if column > COLUMNS || row > ROWS {
            return Err(AddressError::OutsideSheet);
        }
        Ok(Self { column: column - 1, row: row - 1 })
    }
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Vec::new();
        let mut rest = self.column;
        loop {
            letters.push(char::from(b'A' + (rest % 26) as u8));
            if rest < 26 {
                break;
            }
            rest = rest / 26 - 1;
        }
        let letters: String = letters.iter().rev().collect();
        write!(f, "{letters}{}", u64::from(self.row) + 1)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_cell() { write!(f, "{}", self.first) } else { write!(f, "{}:{}", self.first, self.last) }
    }
}

impl serde::Serialize for Area {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for (text, printed) in [
            ("A1", "A1"),
            ("b2", "B2"),
            ("$C$3", "C3"),
            ("Z26", "Z26"),
            ("AA27", "AA27"),
            ("XFD1048576", "XFD1048576"),
            ("B9:D2", "B2:D9"),
            ("A1:A1", "A1"),
        ] {
            assert_eq!(Area::parse(text).map(|area| area.to_string()).as_deref(), Ok(printed), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in
            ["", "A", "1", "A0", "A01", "1A", "A1:", ":A1", "A1:B", "ABCD1", "A12345678", "Ä1", "A-1", "$$A1"]
        {
            assert_eq!(Area::parse(text), Err(AddressError::Malformed), "{text}");
        }
        for text in ["XFE1", "A1048577", "A1:ZZZ9"] {
            assert_eq!(Area::parse(text), Err(AddressError::OutsideSheet), "{text}");
        }
    }

    #[test]
    fn writes_every_column_as_it_reads_it() {
        for column in 0..COLUMNS {
            let cell = CellAddress { column, row: 7 };
            assert_eq!(CellAddress::parse(&cell.to_string()), Ok(cell));
        }
    }
}
