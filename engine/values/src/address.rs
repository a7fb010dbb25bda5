//! Where a cell stands: rows, columns, cells, rectangles, areas. Counted from 0; from 1 only in text.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Rows of a sheet.
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns of a sheet, `A` to `XFD`.
pub const MAX_COLS: u16 = 16_384;

/// A row, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Row(pub u32);

/// A column, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Col(pub u16);

/// A sheet of a workbook by its place. Edits that insert, delete or move sheets number them anew and say how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SheetId(pub u16);

/// A cell of some sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell {
    /// The row, counted from 0.
    pub row: Row,
    /// The column, counted from 0.
    pub col: Col,
}

/// A rectangle of cells of some sheet; all four sides belong to it, and it is never empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rect {
    /// First row.
    pub top: Row,
    /// Last row, not before `top`.
    pub bottom: Row,
    /// First column.
    pub left: Col,
    /// Last column, not before `left`.
    pub right: Col,
}

/// A rectangle on a certain sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Area {
    /// The sheet.
    pub sheet: SheetId,
    /// The cells.
    pub rect: Rect,
}

/// Text that is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressError;

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a cell address such as B4 or B4:C9")
    }
}

impl std::error::Error for AddressError {}

impl Row {
    /// The last row of a sheet.
    pub const LAST: Row = Row(MAX_ROWS - 1);
}

impl Col {
    /// The last column of a sheet, `XFD`.
    pub const LAST: Col = Col(MAX_COLS - 1);
}

impl Cell {
    /// The cell at a row and column, counted from 0.
    pub fn new(row: u32, col: u16) -> Cell {
        Cell { row: Row(row), col: Col(col) }
    }

    /// The cell moved by rows and columns, if it stays on the sheet.
    pub fn moved(self, rows: i64, cols: i64) -> Option<Cell> {
        let row = i64::from(self.row.0).checked_add(rows)?;
        let col = i64::from(self.col.0).checked_add(cols)?;
        if (0..i64::from(MAX_ROWS)).contains(&row) && (0..i64::from(MAX_COLS)).contains(&col) {
            return Some(Cell::new(u32::try_from(row).ok()?, u16::try_from(col).ok()?));
        }
        None
    }
}

impl Rect {
    /// The rectangle between two corners, in any order.
    pub fn new(a: Cell, b: Cell) -> Rect {
        Rect {
            top: a.row.min(b.row),
            bottom: a.row.max(b.row),
            left: a.col.min(b.col),
            right: a.col.max(b.col),
        }
    }

    /// One cell.
    pub fn cell(cell: Cell) -> Rect {
        Rect::new(cell, cell)
    }

    /// A whole sheet.
    pub const SHEET: Rect = Rect { top: Row(0), bottom: Row::LAST, left: Col(0), right: Col::LAST };

    /// The top left cell.
    pub fn first(self) -> Cell {
        Cell { row: self.top, col: self.left }
    }

    /// How many rows, at least 1.
    pub fn rows(self) -> u32 {
        self.bottom.0 - self.top.0 + 1
    }

    /// How many columns, at least 1.
    pub fn cols(self) -> u32 {
        u32::from(self.right.0 - self.left.0) + 1
    }

    /// How many cells.
    pub fn count(self) -> u64 {
        u64::from(self.rows()) * u64::from(self.cols())
    }

    /// Whether it is one cell.
    pub fn is_cell(self) -> bool {
        self.top == self.bottom && self.left == self.right
    }

    /// Whether the cell belongs to it.
    pub fn contains(self, cell: Cell) -> bool {
        (self.top..=self.bottom).contains(&cell.row) && (self.left..=self.right).contains(&cell.col)
    }

    /// Whether all of `other` belongs to it.
    pub fn covers(self, other: Rect) -> bool {
        self.top <= other.top
            && self.bottom >= other.bottom
            && self.left <= other.left
            && self.right >= other.right
    }

    /// The common part, if there is one.
    pub fn intersection(self, other: Rect) -> Option<Rect> {
        let rect = Rect {
            top: self.top.max(other.top),
            bottom: self.bottom.min(other.bottom),
            left: self.left.max(other.left),
            right: self.right.min(other.right),
        };
        (rect.top <= rect.bottom && rect.left <= rect.right).then_some(rect)
    }

    /// The smallest rectangle that holds both.
    pub fn hull(self, other: Rect) -> Rect {
        Rect {
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
            left: self.left.min(other.left),
            right: self.right.max(other.right),
        }
    }

    /// All cells, row by row. Only for rectangles known to be small.
    pub fn cells(self) -> impl Iterator<Item = Cell> {
        (self.top.0..=self.bottom.0)
            .flat_map(move |row| (self.left.0..=self.right.0).map(move |col| Cell::new(row, col)))
    }
}

impl Area {
    /// An area of one cell.
    pub fn cell(sheet: SheetId, cell: Cell) -> Area {
        Area { sheet, rect: Rect::cell(cell) }
    }
}

/// The letters of a column: 0 is `A`, 16,383 is `XFD`.
pub fn column_letters(col: Col) -> String {
    let mut letters = Vec::new();
    let mut n = u32::from(col.0) + 1;
    while n > 0 {
        letters.push(b'A' + ((n - 1) % 26) as u8);
        n = (n - 1) / 26;
    }
    letters.iter().rev().map(|byte| char::from(*byte)).collect()
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.col), self.row.0 + 1)
    }
}

impl fmt::Display for Rect {
    /// `B2`, `B2:C9`, `B:C` for whole columns, `2:9` for whole rows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.top.0 == 0 && self.bottom == Row::LAST {
            return write!(f, "{}:{}", column_letters(self.left), column_letters(self.right));
        }
        if self.left.0 == 0 && self.right == Col::LAST {
            return write!(f, "{}:{}", self.top.0 + 1, self.bottom.0 + 1);
        }
        let last = Cell { row: self.bottom, col: self.right };
        if self.is_cell() { self.first().fmt(f) } else { write!(f, "{}:{}", self.first(), last) }
    }
}

impl FromStr for Cell {
    type Err = AddressError;

    /// Reads `B4` or `$B$4`, letters in any case.
    fn from_str(text: &str) -> Result<Cell, AddressError> {
        let rest = text.strip_prefix('$').unwrap_or(text);
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (letters, digits) = rest.split_at_checked(letters).ok_or(AddressError)?;
        let digits = digits.strip_prefix('$').unwrap_or(digits);
        Ok(Cell { row: parse_row(digits)?, col: letters.parse()? })
    }
}

impl FromStr for Col {
    type Err = AddressError;

    /// Reads column letters, `A` to `XFD`.
    fn from_str(letters: &str) -> Result<Col, AddressError> {
        if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(AddressError);
        }
        let number =
            letters.bytes().fold(0u32, |n, byte| n * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1);
        if number > u32::from(MAX_COLS) {
            return Err(AddressError);
        }
        u16::try_from(number - 1).map(Col).map_err(|_| AddressError)
    }
}

fn parse_row(digits: &str) -> Result<Row, AddressError> {
    if digits.len() > 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AddressError);
    }
    match digits.parse::<u32>() {
        Ok(row) if (1..=MAX_ROWS).contains(&row) => Ok(Row(row - 1)),
        _ => Err(AddressError),
    }
}

impl FromStr for Rect {
    type Err = AddressError;

    /// Reads `B2`, `B2:C9`, `B:C` and `2:9`, with or without `$`.
    fn from_str(text: &str) -> Result<Rect, AddressError> {
        let Some((a, b)) = text.split_once(':') else {
            return text.parse().map(Rect::cell);
        };
        if let (Ok(a), Ok(b)) = (a.parse::<Cell>(), b.parse::<Cell>()) {
            return Ok(Rect::new(a, b));
        }
        let (a, b) = (a.strip_prefix('$').unwrap_or(a), b.strip_prefix('$').unwrap_or(b));
        if let (Ok(a), Ok(b)) = (a.parse::<Col>(), b.parse::<Col>()) {
            return Ok(Rect { left: a.min(b), right: a.max(b), ..Rect::SHEET });
        }
        let (a, b) = (parse_row(a)?, parse_row(b)?);
        Ok(Rect { top: a.min(b), bottom: a.max(b), ..Rect::SHEET })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_back_as_written() {
        for text in ["A1", "Z9", "AA10", "XFD1048576", "B2:C9", "B:C", "2:9", "A:XFD"] {
            assert_eq!(text.parse::<Rect>().map(|rect| rect.to_string()).as_deref(), Ok(text));
        }
        assert_eq!("$b$4".parse::<Cell>(), Ok(Cell::new(3, 1)));
        assert_eq!("C9:B2".parse::<Rect>(), "B2:C9".parse::<Rect>());
    }

    #[test]
    fn what_is_not_on_a_sheet_is_not_an_address() {
        for text in [
            "",
            "A",
            "1",
            "A0",
            "XFE1",
            "A1048577",
            "A1:",
            ":A1",
            "A-1",
            "AAAA1",
            "A1:B",
            "Ä1",
            "A99999999999",
        ] {
            assert_eq!(text.parse::<Cell>(), Err(AddressError), "{text}");
            assert_eq!(text.parse::<Rect>(), Err(AddressError), "{text}");
        }
    }
}
