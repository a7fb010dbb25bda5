//! Readers for spreadsheet files: bytes in, a workbook and a report of what could not be kept out.
//!
//! Files are hostile. Limits are held before memory is taken, a broken piece costs that piece and a line in the
//! report, and what is no spreadsheet gets an error that says what it is. Types of the libraries used here do
//! not leave this room.

mod error;
mod limits;
mod report;
mod sniff;
mod xlsx;

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
        other => return Err(LoadError::Unsupported(other)),
    };
    loaded.workbook.file_name = name.rsplit(['/', '\\']).next().unwrap_or(name).into();
    loaded.report.format = format;
    Ok(loaded)
}
