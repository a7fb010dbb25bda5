//! References in tokens, and how they are written as text.

use super::Bytes;
use encoding_rs::Encoding;
use std::fmt::Write;
use values::{Cell, Col, MAX_COLS, MAX_ROWS, column_letters};

/// Which format the tokens come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `.xls` of Excel 5 and 95, with its code page: 16,384 rows, 256 columns.
    Biff5(&'static Encoding),
    /// `.xls` since Excel 97: 65,536 rows, 256 columns.
    Biff8,
    /// `.xlsb`: 1,048,576 rows, 16,384 columns.
    Biff12,
}

/// What the relative parts of a reference count from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// The sheet's corner, as the absolute ones do.
    Sheet,
    /// The cell that holds the formula, as in shared formulas.
    Host,
    /// Whatever cell a name will be used in. They go around the edges: the cell above is the last row from A1.
    Name,
}

/// One corner: where it is, and which of row and column are relative.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Spot {
    row: u32,
    col: u32,
    row_relative: bool,
    col_relative: bool,
}

impl Dialect {
    fn last_row(self) -> u32 {
        match self {
            Dialect::Biff5(_) => 0x3fff,
            Dialect::Biff8 => 0xffff,
            Dialect::Biff12 => 0xf_ffff,
        }
    }

    fn last_col(self) -> u32 {
        if self == Dialect::Biff12 { 0x3fff } else { 0xff }
    }

    /// A row, and the flags that say what is relative where they stand with it.
    fn row(self, bytes: &mut Bytes<'_>) -> Option<(u32, u16)> {
        match self {
            Dialect::Biff5(_) => bytes.u16().map(|word| (u32::from(word & 0x3fff), word & 0xc000)),
            Dialect::Biff8 => bytes.u16().map(|row| (u32::from(row), 0)),
            Dialect::Biff12 => bytes.u32().map(|row| (row, 0)),
        }
    }

    /// A column with the flags that say what is relative, which `row_flags` are where they stood with the row.
    fn col(self, bytes: &mut Bytes<'_>, row_flags: u16) -> Option<u16> {
        match self {
            Dialect::Biff5(_) => bytes.u8().map(|col| u16::from(col) | row_flags),
            _ => bytes.u16(),
        }
    }

    /// How many bytes a reference to a cell takes, and one to an area.
    pub fn sizes(self) -> (usize, usize) {
        match self {
            Dialect::Biff5(_) => (3, 6),
            Dialect::Biff8 => (4, 8),
            Dialect::Biff12 => (6, 12),
        }
    }

    /// A cell's reference as text.
    pub fn cell(self, bytes: &mut Bytes<'_>, host: Cell, base: Base) -> Option<String> {
        let (row, flags) = self.row(bytes)?;
        let mut spot = self.spot(row, self.col(bytes, flags)?, host, base)?;
        if base == Base::Name {
            self.stretch(&mut spot, true, true);
        }
        let mut text = String::new();
        push_col(&mut text, spot);
        push_row(&mut text, spot);
        Some(text)
    }

    /// An area's reference as text; whole columns and rows as such.
    pub fn area(self, bytes: &mut Bytes<'_>, host: Cell, base: Base) -> Option<String> {
        let [(top, top_flags), (bottom, bottom_flags)] = [self.row(bytes)?, self.row(bytes)?];
        let mut first = self.spot(top, self.col(bytes, top_flags)?, host, base)?;
        let mut last = self.spot(bottom, self.col(bytes, bottom_flags)?, host, base)?;
        let mut text = String::new();
        let whole_cols = first.row == 0 && last.row == self.last_row();
        let whole_rows = first.col == 0 && last.col == self.last_col();
        if base == Base::Name {
            self.stretch(&mut first, !whole_cols, !whole_rows);
            self.stretch(&mut last, !whole_cols, !whole_rows);
        }
        for (spot, is_first) in [(first, true), (last, false)] {
            if !whole_rows || whole_cols {
                push_col(&mut text, spot);
            }
            if !whole_cols {
                push_row(&mut text, spot);
            }
            if is_first {
                text.push(':');
            }
        }
        Some(text)
    }

    /// What goes around the edges of an old sheet goes around those of a larger one.
    fn stretch(self, spot: &mut Spot, rows: bool, cols: bool) {
        if rows && spot.row_relative && spot.row > self.last_row() / 2 {
            spot.row += MAX_ROWS - 1 - self.last_row();
        }
        if cols && spot.col_relative && spot.col > self.last_col() / 2 {
            spot.col += u32::from(MAX_COLS) - 1 - self.last_col();
        }
    }

    fn spot(self, row: u32, col: u16, host: Cell, base: Base) -> Option<Spot> {
        let (col_relative, row_relative) = (col & 0x4000 != 0, col & 0x8000 != 0);
        let mut col = u32::from(col & 0x3fff);
        let mut row = row;
        // Offsets go around the edges of the sheet.
        if base == Base::Host && row_relative {
            row = row.wrapping_add(host.row.0) & self.last_row();
        }
        if base == Base::Host && col_relative {
            col = col.wrapping_add(u32::from(host.col.0)) & self.last_col();
        }
        (row <= self.last_row() && col <= self.last_col()).then_some(Spot {
            row,
            col,
            row_relative,
            col_relative,
        })
    }
}

fn push_col(text: &mut String, spot: Spot) {
    if !spot.col_relative {
        text.push('$');
    }
    text.push_str(&column_letters(Col(spot.col as u16)));
}

fn push_row(text: &mut String, spot: Spot) {
    if !spot.row_relative {
        text.push('$');
    }
    // Writing to a String cannot fail.
    let _ = write!(text, "{}", spot.row + 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_areas_of_both_dialects() {
        let host = Cell::new(9, 3);
        let text =
            |dialect: Dialect, bytes: &[u8], base| dialect.cell(&mut Bytes(bytes), host, base).unwrap();
        assert_eq!(text(Dialect::Biff8, &[4, 0, 1, 0xc0], Base::Sheet), "B5");
        assert_eq!(text(Dialect::Biff8, &[4, 0, 1, 0x40], Base::Sheet), "B$5");
        assert_eq!(text(Dialect::Biff8, &[4, 0, 1, 0x80], Base::Sheet), "$B5");
        assert_eq!(text(Dialect::Biff8, &[0xff, 0xff, 0xff, 0xc0], Base::Host), "C9");
        assert_eq!(text(Dialect::Biff8, &[0, 0, 0xff, 0xff], Base::Host), "C10");
        let old = Dialect::Biff5(encoding_rs::WINDOWS_1252);
        assert_eq!(text(old, &[4, 0xc0, 1], Base::Sheet), "B5");
        assert_eq!(text(old, &[4, 0x40, 1], Base::Sheet), "B$5");
        assert_eq!(text(old, &[0xff, 0xff, 0xff], Base::Host), "C9");
        assert_eq!(text(Dialect::Biff12, &[4, 0, 0, 0, 1, 0xc0], Base::Sheet), "B5");
        assert_eq!(text(Dialect::Biff12, &[0xff, 0xff, 0x0f, 0, 0xff, 0xff], Base::Host), "C9");
        let area =
            |dialect: Dialect, bytes: &[u8]| dialect.area(&mut Bytes(bytes), host, Base::Sheet).unwrap();
        assert_eq!(area(Dialect::Biff8, &[0, 0, 2, 0, 0, 0xc0, 1, 0]), "A1:$B$3");
        assert_eq!(area(old, &[0, 0xc0, 2, 0, 0, 1]), "A1:$B$3");
        assert_eq!(area(old, &[0, 0, 0xff, 0x3f, 0, 1]), "$A:$B");
        assert_eq!(area(Dialect::Biff8, &[0, 0, 0xff, 0xff, 0, 0, 1, 0]), "$A:$B");
        assert_eq!(area(Dialect::Biff8, &[1, 0, 2, 0, 0, 0xc0, 0xff, 0xc0]), "2:3");
        assert_eq!(area(Dialect::Biff12, &[0, 0, 0, 0, 0xff, 0xff, 0xf, 0, 0, 0, 1, 0]), "$A:$B");
    }

    #[test]
    fn relative_parts_of_names_go_around_the_edges() {
        let name = |dialect: Dialect, bytes: &[u8]| {
            dialect.cell(&mut Bytes(bytes), Cell::default(), Base::Name).unwrap()
        };
        assert_eq!(name(Dialect::Biff8, &[0xff, 0xff, 0, 0xc0]), "A1048576");
        assert_eq!(name(Dialect::Biff8, &[3, 0, 0xff, 0xc0]), "XFD4");
        assert_eq!(name(Dialect::Biff8, &[0xff, 0xff, 0xff, 0]), "$IV$65536");
        assert_eq!(name(Dialect::Biff5(encoding_rs::WINDOWS_1252), &[0xff, 0xff, 0]), "A1048576");
        assert_eq!(name(Dialect::Biff12, &[0xff, 0xff, 0xf, 0, 0, 0xc0]), "A1048576");
        let area = Dialect::Biff8.area(
            &mut Bytes(&[0, 0, 0xff, 0xff, 0xff, 0xc0, 0xff, 0xc0]),
            Cell::default(),
            Base::Name,
        );
        assert_eq!(area.unwrap(), "XFD:XFD");
    }

    #[test]
    fn what_lies_outside_of_the_sheet_is_no_reference() {
        let cell = |bytes: &[u8]| Dialect::Biff12.cell(&mut Bytes(bytes), Cell::default(), Base::Sheet);
        assert!(cell(&[0, 0, 0x10, 0, 0, 0]).is_none());
        assert!(cell(&[0, 0, 0]).is_none());
    }
}
