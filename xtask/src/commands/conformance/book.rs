//! The formula cells of a workbook with the values its file has cached for them.

use crate::values::Value;

/// A workbook, as far as comparing needs it.
#[derive(Debug, Default)]
pub struct Book {
    /// The sheets' names.
    pub sheets: Vec<String>,
    /// The cells that hold a formula.
    pub cells: Vec<FormulaCell>,
}

/// A formula and what the file says it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct FormulaCell {
    /// Which of the book's sheets.
    pub sheet: usize,
    /// Counted from 0.
    pub row: u32,
    /// Counted from 0.
    pub col: u32,
    /// The formula without its `=`; `None` in the formats that hold it in tokens, which are not decoded here.
    pub formula: Option<String>,
    /// The cached value; `None` where the file has none.
    pub cached: Option<Value>,
    /// Whether the tokens say that it is volatile.
    pub volatile: bool,
}

impl FormulaCell {
    /// A cell at a place of the book, with nothing known of it yet.
    pub fn new(sheet: usize, row: u32, col: u32) -> Self {
        Self { sheet, row, col, formula: None, cached: None, volatile: false }
    }
}

/// The errors that files hold as a byte.
pub fn error_of_byte(byte: u8) -> String {
    match byte {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        other => return format!("#ERR{other}"),
    }
    .into()
}
