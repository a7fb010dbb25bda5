//! What the binary formats share: bytes, numbers, errors and formula tokens.
//!
//! `.xls` (BIFF5, BIFF8) and `.xlsb` (BIFF12) are streams of small records. They differ in the heads of the records
//! and in how wide a row number is; what a formula's tokens mean is the same in all. Decoding never fails as a
//! whole: a token that is not understood costs its formula.

mod bytes;
mod functions;
mod names;
mod put;
mod references;
mod tokens;

pub(crate) use bytes::Bytes;
pub(crate) use names::{TokenName, raw_names};
pub(crate) use put::{Put, SheetParts};
pub(crate) use references::Dialect;
pub(crate) use tokens::{Context, ExternSheet, NameText, TableText, TokenError, formula_text};

use values::{Cell, CellError, MAX_COLS, MAX_ROWS, Rect, Value};

/// The cell of a row and column, if a sheet has it.
pub(crate) fn cell(row: u32, col: u32) -> Option<Cell> {
    let col = u16::try_from(col).ok().filter(|col| *col < MAX_COLS)?;
    (row < MAX_ROWS).then(|| Cell::new(row, col))
}

/// The rectangle of its first and last rows and columns.
pub(crate) fn rect(rows: [u32; 2], cols: [u32; 2]) -> Option<Rect> {
    Some(Rect::new(cell(rows[0], cols[0])?, cell(rows[1], cols[1])?))
}

/// A number packed into four bytes. Source: [MS-XLS] 2.5.217 (RkNumber).
pub(crate) fn rk(raw: u32) -> f64 {
    let number = if raw & 2 != 0 {
        f64::from(raw.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(raw & !3) << 32)
    };
    if raw & 1 != 0 { number / 100.0 } else { number }
}

/// An error by its code. Source: [MS-XLS] 2.5.10 (BErr).
pub(crate) fn error(code: u8) -> CellError {
    match code {
        0x00 => CellError::Null,
        0x07 => CellError::Div0,
        0x0f => CellError::Value,
        0x17 => CellError::Ref,
        0x1d => CellError::Name,
        0x24 => CellError::Num,
        0x2a => CellError::NA,
        0x2b => CellError::GettingData,
        _ => CellError::Unknown,
    }
}

/// A number as a value; what is no number shows as `#NUM!`.
pub(crate) fn number(number: f64) -> Value {
    if number.is_finite() { Value::Number(number) } else { Value::Error(CellError::Num) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers() {
        for (raw, number) in [
            (0x3ff0_0000, 1.0),
            (0x3ff0_0001, 0.01),
            (0x02f1_853e, 12_345_679.0),
            (0x02f1_853f, 123_456.79),
            (0xffff_fffe, -1.0),
        ] {
            assert_eq!(rk(raw), number, "{raw:x}");
        }
    }
}
