//! Writing new workbooks: the model and the values of now in, an .xlsx and the list of what it lost out.
//!
//! Where the source is an .xlsx or .xlsm, umya-spreadsheet reads the original, the cells that differ are set, and
//! umya writes it again, so that looks and charts stay (`edit`); from other formats, and where umya cannot take the
//! original over, a workbook is built anew (`build`). What umya cannot write but a small hand can is put right in the written parts (`finish`). Then two
//! checks say what is missing, rather than a list of umya's weaknesses that would age: everything in the two
//! containers is counted and compared (`inventory`), and the written file is read back and held cell by cell
//! against the model (`compare`). This room knows no calculation and opens no file; reading back is the caller's.

mod build;
mod build_style;
mod compare;
mod compare_looks;
mod contents;
mod edit;
mod finish;
mod fragments;
mod inventory;
mod loss;
mod package;
mod rules;
mod xml;

pub use loss::{Loss, Losses, Severity};

use std::collections::BTreeSet;
use values::{Cell, SheetId};
use workbook::{Grid, Workbook};

/// What is to be written.
pub struct Book<'a> {
    /// Sheets, formulas, styles, names.
    pub workbook: &'a Workbook,
    /// The values of now, a grid for each sheet of the workbook.
    pub grids: Vec<&'a Grid>,
    /// The cells that were set: they hold their value, whatever formula the workbook has for them.
    pub inputs: BTreeSet<(SheetId, Cell)>,
    /// The file that the workbook was read from, where it was an .xlsx or .xlsm.
    pub original: Option<&'a [u8]>,
}

/// A written workbook.
#[derive(Debug)]
pub struct Exported {
    /// The .xlsx file.
    pub bytes: Vec<u8>,
    /// What it lacks beside the workbook it was made of. The caller decides about those that are
    /// [`Severity::Refused`]; the file is sound in any case.
    pub losses: Losses,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The original cannot be taken apart or is beyond what can be rewritten.
    #[error("the original cannot be rewritten: {0}")]
    Original(String),
    /// The writer failed.
    #[error("the new workbook cannot be written: {0}")]
    Writing(String),
    /// What was written could not be read back.
    #[error("the new workbook cannot be read back: {0}")]
    ReadingBack(String),
}

/// Writes a workbook as a new .xlsx. `read` reads the bytes of one, to hold what was written against what was meant.
///
/// # Errors
/// Where the original cannot be rewritten, or the result cannot be read back.
pub fn export(
    book: &Book<'_>,
    read: &dyn Fn(&[u8]) -> Result<Workbook, String>,
) -> Result<Exported, ExportError> {
    let mut losses = Losses::default();
    let contents = contents::Contents::new(book, &mut losses);
    let (bytes, before) = match book.original {
        Some(original) => {
            let before = inventory::take(original).map_err(ExportError::Original)?;
            (of_original(&contents, original, &mut losses)?, Some(before))
        }
        None => (anew(&contents, &fragments::of_model(&contents))?, None),
    };
    if let Some(before) = &before {
        let after = inventory::take(&bytes).map_err(ExportError::ReadingBack)?;
        inventory::compare(before, &after, &mut losses);
    }
    let written = read(&bytes).map_err(ExportError::ReadingBack)?;
    compare::compare(&contents, &written, &mut losses);
    Ok(Exported { bytes, losses })
}

/// The original with the values of now, or, where umya cannot take it over, a new workbook with its cells.
fn of_original(
    contents: &contents::Contents<'_>,
    original: &[u8],
    losses: &mut Losses,
) -> Result<Vec<u8>, ExportError> {
    let dropped = &contents.dropped_names;
    let kept = fragments::of_original(original, dropped).map_err(ExportError::Original)?;
    match caught(|| edit::rewrite(contents, original)) {
        Ok(written) => finish::finish(&written, &kept).map_err(ExportError::Writing),
        Err(why) => {
            let what = format!(
                "the writer cannot take this file over ({why}), so its cells are written into a new one"
            );
            losses.add(Severity::Warned, &what, "");
            let made = fragments::of_model(contents);
            anew(contents, &fragments::Fragments { validations: made.validations, ..kept })
        }
    }
}

/// A new workbook from the model alone.
fn anew(contents: &contents::Contents<'_>, fragments: &fragments::Fragments) -> Result<Vec<u8>, ExportError> {
    let written = caught(|| build::build(contents)).map_err(ExportError::Writing)?;
    finish::finish(&written, fragments).map_err(ExportError::Writing)
}

/// Runs what calls umya. It panics on files that are not as it expects; here that is an error like others. What the
/// panic says speaks of umya's inside, not of the file.
fn caught<T>(run: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    result.unwrap_or_else(|_| Err("it stops halfway".to_owned()))
}
