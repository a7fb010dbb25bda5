//! Saves changes into the file they were made in: cells that changed are rewritten, everything else stays byte for
//! byte, charts, pivots, macros and extensions included.
//!
//! A part that needs no change is copied packed as it is (`archive`). A sheet's part is read as a run of pieces
//! (`scan`) and written again with other cells in their places (`sheet`, `cell`, `content`); a formula that others
//! share is handed on when its cell goes (`shared`). What the workbook says as a whole follows (`book`: calculation
//! on opening, the calculation chain, relations, content types; `metadata`: dynamic arrays; `tables`). Rows and
//! columns that came or went are made in the same pass (`places`), and so in whatever else speaks of cells: around
//! the rows (`around`) and in other parts (`elsewhere`).
//!
//! Texts are written into their cells (`inlineStr`) rather than into the list of shared texts: the list then stays as it is,
//! cells do not depend on another part's numbering, and programs read both alike.
//!
//! Invariant: nothing is calculated here. Values come from the caller, and where the caller has none, the file says
//! that it is to be calculated on opening.

mod archive;
mod around;
mod book;
mod cell;
mod content;
mod elsewhere;
mod error;
mod metadata;
mod places;
mod scan;
mod shared;
mod sheet;
mod tables;
mod tree;

pub use error::SaveError;

use crate::package::Package;
use crate::{FileFormat, Limits, LoadError, sniff};
use archive::{Packed, Parts};
use book::Book;
use formula::Shift;
use std::collections::{BTreeMap, BTreeSet};
use values::{Cell, Rect, SheetId, Text, Value};
use workbook::ArrayKind;

/// What changed since the file was read.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Rows and columns that came or went, in their order and before all else; references in formulas, names and
    /// whatever else speaks of cells follow by themselves.
    pub places: Vec<Shift>,
    /// The cells that changed, by sheet, at the places where they stand after `places`.
    pub cells: BTreeMap<SheetId, BTreeMap<Cell, Content>>,
    /// Tables that cover other cells now.
    pub tables: Vec<TableArea>,
    /// Whether some formula's value is not known, so that the file must be calculated when it is opened.
    pub stale: bool,
}

/// What a cell holds now.
#[derive(Clone, Debug)]
pub enum Content {
    /// A constant, or nothing; a formula that the cell had is gone.
    Value(Value),
    /// A formula.
    Formula(NewFormula),
    /// Another result of the formula that the cell has, or of the array formula that fills it.
    Result {
        /// The value of now; `Empty` where an array no longer fills the cell.
        value: Value,
        /// The cells that the array formula of this cell fills now; `None` where that is as before.
        fills: Option<Rect>,
    },
}

/// A formula that a cell was given.
#[derive(Clone, Debug)]
pub struct NewFormula {
    /// Its text as files hold it, without `=`: what [`formula::print`] writes in [`formula::Style::File`].
    pub text: Text,
    /// Its value of now.
    pub value: Value,
    /// For an array formula: the cells that it fills, of which this one is the first, and how it spreads.
    pub array: Option<(Rect, ArrayKind)>,
}

/// A table that grew or shrank.
#[derive(Clone, Debug)]
pub struct TableArea {
    /// The sheet it lies on.
    pub sheet: SheetId,
    /// Its name.
    pub name: Text,
    /// All of it now, header and totals rows included.
    pub area: Rect,
}

/// A saved workbook.
#[derive(Debug)]
pub struct Saved {
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether it says that it is to be calculated on opening.
    pub calculates_on_opening: bool,
    /// What a person should know about the file, one sentence each.
    pub notes: Vec<String>,
}

/// Writes changes into the workbook that `original` is.
///
/// # Errors
/// Where the original is no .xlsx or .xlsm file or beyond the limits, and where it cannot hold a change. Nothing is
/// left out silently.
pub fn save(original: &[u8], changes: &Changes, limits: &Limits) -> Result<Saved, SaveError> {
    if original.len() as u64 > limits.file_bytes {
        return Err(LoadError::TooLarge { what: "the file", limit: limits.file_bytes }.into());
    }
    let format = sniff::format(original, "")?;
    if format != FileFormat::Xlsx {
        return Err(SaveError::Format(format));
    }
    if changes.places.iter().any(|shift| !matches!(shift, Shift::Rows { .. } | Shift::Cols { .. })) {
        let what = "blocks of cells that were cut and put elsewhere, and sheets that came, went or changed places, \
            cannot be written into the file they were in; save it as a new file";
        return Err(SaveError::change(what));
    }
    let mut package = Package::open(original, limits)?;
    let mut book = Book::read(&mut package, changes, limits)?;
    let mut parts = Parts::default();
    let moved = book.places().any();
    let mut effects =
        Effects { formulas_changed: moved, chain_changed: moved, stale: changes.stale, plain_errors: 0 };
    for sheet in sheets(&book, changes) {
        save_sheet(&mut package, &mut book, sheet, changes, &mut effects, &mut parts)?;
    }
    if moved {
        elsewhere::save(&mut package, &book, &mut parts)?;
    }
    tables::save(&mut package, &book, changes, &mut parts)?;
    book.save(&mut package, &effects, &mut parts)?;
    let bytes = parts.assemble(original, &mut package)?;
    Ok(Saved { bytes, calculates_on_opening: effects.calculates(), notes: notes(&package, &effects) })
}

/// The sheets to go through: where cells moved, formulas of any may follow.
fn sheets(book: &Book<'_>, changes: &Changes) -> BTreeSet<SheetId> {
    let mut sheets: BTreeSet<SheetId> = changes.cells.keys().copied().collect();
    if book.places().any() {
        sheets.extend(book.sheets_with_cells());
    }
    sheets
}

/// What the changes of cells mean for the workbook as a whole.
#[derive(Clone, Copy, Debug, Default)]
struct Effects {
    /// A formula is another one, or there is one more or less.
    formulas_changed: bool,
    /// The cells with formulas are not those of before.
    chain_changed: bool,
    /// Some value is not known.
    stale: bool,
    /// An error was written as `#VALUE!`, as which files hold the newer ones.
    plain_errors: u64,
}

impl Effects {
    fn calculates(&self) -> bool {
        self.formulas_changed || self.stale || self.plain_errors > 0
    }
}

fn save_sheet(
    package: &mut Package<'_>,
    book: &mut Book<'_>,
    id: SheetId,
    changes: &Changes,
    effects: &mut Effects,
    parts: &mut Parts,
) -> Result<(), SaveError> {
    let none = BTreeMap::new();
    let cells = changes.cells.get(&id).unwrap_or(&none);
    let part = book.sheet_part(id)?.to_owned();
    let has_dynamic = |content: &Content| {
        matches!(content, Content::Formula(NewFormula { array: Some((_, ArrayKind::Dynamic)), .. }))
    };
    if cells.values().any(has_dynamic) {
        book.need_dynamic_record(package)?;
    }
    let grown = tables::grown(package, book, id, changes)?;
    let job = sheet::Job { id, book, cells, grown };
    let depth = book.limits.depth;
    let Some(source) = package.source(&part)? else {
        return Err(LoadError::Damaged(format!("it has no part {part}")).into());
    };
    let mut scanner = scan::Scanner::new(source, depth);
    let mut changed = false;
    let packed = Packed::new(|out| {
        let mut pass = sheet::Pass::new(&job, out);
        while let Some(piece) = scanner.next()? {
            pass.piece(piece)?;
        }
        changed = pass.end(effects)?;
        Ok(())
    })?;
    if changed {
        parts.replace(&part, packed);
    }
    Ok(())
}

fn notes(package: &Package<'_>, effects: &Effects) -> Vec<String> {
    let mut notes = Vec::new();
    if package.names().any(|name| name.starts_with("_xmlsignatures/")) {
        notes.push("The file carries a digital signature, which no longer fits its content.".to_owned());
    }
    if effects.plain_errors > 0 {
        notes.push(format!(
            "{} results are errors that the file holds as #VALUE! until it is calculated on opening.",
            effects.plain_errors
        ));
    }
    notes
}
