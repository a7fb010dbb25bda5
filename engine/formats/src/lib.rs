//! Readers for spreadsheet files: bytes in, a workbook and a report of what could not be kept out; and the patcher
//! that writes changes back into an .xlsx file ([`patch`]).
//!
//! Files are hostile. Limits are held before memory is taken, a broken piece costs that piece and a line in the
//! report, and what is no spreadsheet gets an error that says what it is. Types of the libraries used here do
//! not leave this room.

mod binary;
mod budget;
mod csv;
mod error;
mod formulas;
mod iso;
mod limits;
mod names;
mod ods;
mod origin;
mod package;
pub mod patch;
mod pivots;
mod report;
mod scenarios;
mod sheet_names;
mod sniff;
mod validation;
mod window;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

pub use error::LoadError;
pub use limits::Limits;
pub use report::{FileFormat, LoadNote, LoadReport, NoteKind};

use workbook::Workbook;

/// A workbook with what is to be said about the file it came from.
#[derive(Debug)]
pub struct Loaded {
    /// The workbook.
    pub workbook: Workbook,
    /// What the file is and what could not be kept.
    pub report: LoadReport,
}

/// Reads a spreadsheet. `name` is the file's name, which decides between formats that look alike.
///
/// # Errors
/// Where the bytes are no spreadsheet, an encrypted or a broken one, or one beyond the limits.
pub fn open(bytes: &[u8], name: &str, limits: &Limits) -> Result<Loaded, LoadError> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(LoadError::TooLarge { what: "the file", limit: limits.file_bytes });
    }
    let format = sniff::format(bytes, name)?;
    let mut loaded = match format {
        FileFormat::Xlsx => xlsx::read(bytes, limits)?,
        FileFormat::Xlsb => xlsb::read(bytes, limits)?,
        FileFormat::Xls => xls::read(bytes, limits)?,
        FileFormat::Ods => ods::read(bytes, limits)?,
        FileFormat::Fods => ods::read_flat(bytes, limits)?,
        FileFormat::Csv => csv::read(bytes, file_name(name), limits)?,
    };
    refuse_large_arrays(&loaded.workbook, limits)?;
    loaded.workbook.file_name = file_name(name).into();
    loaded.report.format = format;
    Ok(loaded)
}

/// Array formulas and what-if tables fill cells that the file need not list: a few bytes can claim a whole sheet.
fn refuse_large_arrays(workbook: &Workbook, limits: &Limits) -> Result<(), LoadError> {
    let areas = workbook.sheets.iter().flat_map(|sheet| {
        let arrays = sheet.arrays.values().map(|array| array.rect);
        arrays.chain(sheet.data_tables.iter().map(|table| table.rect))
    });
    let limit = limits.cells as u64;
    match areas.map(|rect| rect.count()).fold(0, u64::saturating_add) {
        filled if filled > limit => {
            Err(LoadError::TooLarge { what: "the number of cells that its array formulas fill", limit })
        }
        _ => Ok(()),
    }
}

/// The name without the folders before it.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests;
