//! Why an edit is refused: what stands in the way, where, and what helps.

use formula::ParseError;
use std::fmt;
use values::Text;

/// Why an edit was not carried out. Places are told as a person writes them: `Sheet1!B4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The workbook has no sheet of this id.
    NoSheet,
    /// No table is called so.
    NoTable(Text),
    /// The edit names no cell, row or column at all.
    Nothing,
    /// It would reach beyond the last row or column.
    OffSheet(String),
    /// A filled cell would be pushed off the sheet.
    PushedOff(String),
    /// Part of an array formula would change.
    PartOfArray(String),
    /// Part of a what-if data table would change.
    PartOfDataTable(String),
    /// Part of a pivot table would change.
    PartOfPivot(String),
    /// Part of merged cells would change.
    PartOfMerged(String),
    /// Part of a table that must stay whole would change: its name and why not.
    PartOfTable(Text, &'static str),
    /// A table cannot grow: its name, and the cell that is in the way.
    InTheWay(Text, String),
    /// A row for a table has more values than the table has columns.
    TooWide(Text),
    /// A cell cannot hold such a value.
    NoConstant(String),
    /// The text for a cell is no formula.
    BadFormula(String, ParseError),
    /// A sheet cannot be called so.
    SheetName(Text, &'static str),
    /// The last visible sheet must stay.
    LastSheet(Text),
    /// More cells than can be filled at once.
    TooMuch,
    /// There are as many sheets as there can be.
    TooManySheets,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::NoSheet => write!(f, "The workbook has no such sheet."),
            EditError::NoTable(name) => write!(f, "The workbook has no table called {name}."),
            EditError::Nothing => write!(f, "The change names no cells. Give at least one."),
            EditError::OffSheet(what) => {
                write!(f, "{what} would reach beyond the sheet, which ends at XFD1048576.")
            }
            EditError::PushedOff(cell) => write!(
                f,
                "{cell} is not empty and would be pushed off the sheet. Empty it, or insert somewhere else."
            ),
            EditError::PartOfArray(array) => write!(
                f,
                "Part of the array formula in {array} cannot be changed. Change all of its cells together."
            ),
            EditError::PartOfDataTable(table) => {
                write!(f, "Part of the data table in {table} cannot be changed. Change all of it together.")
            }
            EditError::PartOfPivot(pivot) => {
                write!(f, "Part of the pivot table in {pivot} cannot be moved. Take all of it.")
            }
            EditError::PartOfMerged(merged) => {
                write!(
                    f,
                    "Part of the merged cells {merged} cannot be changed. Take all of them, or unmerge them."
                )
            }
            EditError::PartOfTable(table, why) => write!(f, "The table {table} does not allow that: {why}."),
            EditError::InTheWay(table, cell) => {
                write!(
                    f,
                    "The table {table} cannot grow, since {cell} is in the way. Move or empty it first."
                )
            }
            EditError::TooWide(table) => {
                write!(f, "A new row has more values than the table {table} has columns.")
            }
            EditError::NoConstant(cell) => {
                write!(f, "{cell} can hold a number, a text, a truth value or an error, and nothing else.")
            }
            EditError::BadFormula(cell, error) => write!(f, "The formula for {cell} cannot be read. {error}"),
            EditError::SheetName(name, why) => write!(f, "A sheet cannot be called \"{name}\": {why}."),
            EditError::LastSheet(name) => {
                write!(f, "{name} is the only visible sheet and must stay. Add or show another one first.")
            }
            EditError::TooMuch => {
                write!(f, "Those are too many cells to fill at once. Fill fewer than 16 million at a time.")
            }
            EditError::TooManySheets => write!(f, "The workbook has as many sheets as it can have."),
        }
    }
}

impl std::error::Error for EditError {}
