//! Reading formula cells and their cached values without a line of the reader that is measured.
//!
//! .xlsx and .xlsm go through calamine. It gives no error values of .xlsb and not every formula cell of .xls, and
//! the product itself reads .ods through it, so these three have small readers here, which take what comparing
//! needs and nothing else.

mod ods;
mod tokens;
mod xls;
mod xlsb;
mod xlsx;

use super::book::Book;
use anyhow::{Context, Result, bail};
use std::io::Cursor;
use std::path::Path;
use zip::ZipArchive;

/// The endings of files that can be compared.
pub const ENDINGS: [&str; 8] = ["xlsx", "xlsm", "xltx", "xltm", "xlsb", "xls", "ods", "fods"];

/// The ending of a file in lower case, if it is one of a spreadsheet.
pub fn ending(path: &Path) -> Option<&'static str> {
    let own = path.extension()?.to_str()?.to_ascii_lowercase();
    ENDINGS.into_iter().find(|ending| *ending == own)
}

/// Reads a workbook. Libraries that read hostile files may panic; that is an error of this file, not of the run.
pub fn read(path: &Path) -> Result<Book> {
    let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let ending = ending(path).unwrap_or_default();
    std::panic::catch_unwind(|| read_bytes(bytes, ending))
        .unwrap_or_else(|_| bail!("the independent reader panicked"))
}

fn read_bytes(bytes: Vec<u8>, ending: &str) -> Result<Book> {
    if matches!(ending, "ods" | "fods") {
        return ods::read(bytes);
    }
    if bytes.starts_with(b"PK") {
        let package = ZipArchive::new(Cursor::new(bytes.as_slice()))?;
        let binary = package.file_names().flatten().any(|name| name.eq_ignore_ascii_case("xl/workbook.bin"));
        return if binary { xlsb::read(package) } else { xlsx::read(bytes) };
    }
    if ending == "xls" {
        return xls::read(bytes);
    }
    bail!("no zip file; perhaps it is encrypted")
}
