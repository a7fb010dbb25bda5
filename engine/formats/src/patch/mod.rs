//! Saves changes into the file they were made in: cells that changed are rewritten, everything else stays byte for
//! byte, charts, pivots, macros and extensions included.
//!
//! A part that needs no change is copied packed as it is (`archive`). A sheet's part is read as a run of pieces
//! (`scan`) and written again with other cells in their places (`sheet`, `cell`, `content`); a formula that others
//! share is handed on when its cell goes (`shared`). What the workbook says as a whole follows (`book`: calculation
//! on opening, the calculation chain, names; `links`: relations and content types; `metadata`: dynamic arrays;
//! `tables`). Rows and columns that came or went, moved blocks and sheets' new names are made in the same pass
//! (`places`), and so in whatever else speaks of cells: around the rows (`around`) and in other parts (`elsewhere`).
//! Sheets that came or went are a matter of the workbook's list and of the parts that only they lead to (`sheets`), and
//! of the titles that the file lists beside it (`titles`).
//!
//! Texts are written into their cells (`inlineStr`) rather than into the list of shared texts: the list then stays
//! as it is, cells do not depend on another part's numbering, and programs read both alike.
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
mod links;
mod metadata;
mod places;
pub(crate) mod scan;
mod shared;
mod sheet;
mod sheets;
mod tables;
mod titles;
mod tree;

pub use error::SaveError;

use crate::package::Package;
use crate::{FileFormat, Limits, LoadError, sniff};
use archive::{Packed, Parts};
use book::Book;
use formula::Shift;
use sheets::Plan;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use values::{Cell, Rect, SheetId, Text, Value};
use workbook::{ArrayKind, StyleId};

/// What changed since the file was read.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Rows, columns and sheets that came or went, sheets that changed places and blocks that were moved, in their order
    /// and before all else; references in formulas, names and whatever else speaks of cells follow by themselves. What
    /// a moved block and a new sheet hold is to be among `cells`: they are empty otherwise. Sheets are numbered as they
    /// stand at that time, here, and as they stand in the end, elsewhere.
    pub places: Vec<Shift>,
    /// Sheets that have another name now, and new ones with theirs.
    pub renamed: BTreeMap<SheetId, Text>,
    /// The cells that changed, by sheet, at the places where they stand after `places`.
    pub cells: BTreeMap<SheetId, BTreeMap<Cell, Content>>,
    /// Cells that look different now, where they stand after `places`, with a style that the file had when it was
    /// read, or the default one.
    pub styles: BTreeMap<SheetId, BTreeMap<Cell, StyleId>>,
    /// Tables that cover other cells now.
    pub tables: Vec<TableArea>,
    /// Whether `styles` lacks cells below the used rows, because there are too many of them.
    pub looks_left_out: bool,
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
    let mut package = Package::open(original, limits)?;
    let (plan, changes) = Plan::of(changes, sheets::count(&mut package)?)?;
    let changes = &*changes;
    let mut book = Book::read(&mut package, changes, plan, limits)?;
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
    titles::save(&mut package, &book, &mut parts)?;
    book.save(&mut package, &effects, &mut parts)?;
    let bytes = parts.assemble(original, &mut package)?;
    Ok(Saved {
        bytes,
        calculates_on_opening: effects.calculates(),
        notes: notes(&package, &book, changes, &effects),
    })
}

/// The sheets to go through: where cells moved, formulas of any may follow.
fn sheets(book: &Book<'_>, changes: &Changes) -> BTreeSet<SheetId> {
    let mut sheets: BTreeSet<SheetId> = changes.cells.keys().chain(changes.styles.keys()).copied().collect();
    if book.places().any() {
        sheets.extend(book.sheets_with_cells());
    }
    sheets.extend(book.plan.added());
    sheets
}

/// What becomes of one cell.
#[derive(Default)]
struct Edit<'a> {
    content: Option<&'a Content>,
    /// The number of its style.
    style: Option<String>,
}

impl Edit<'_> {
    /// Whether a cell that the file lacks may stay away.
    fn is_nothing(&self) -> bool {
        let is_empty = |content: &Content| {
            matches!(content, Content::Value(Value::Empty) | Content::Result { value: Value::Empty, .. })
        };
        self.content.is_none_or(is_empty) && self.style.as_deref().is_none_or(|style| style == "0")
    }
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
    let mut cells: BTreeMap<Cell, Edit<'_>> = BTreeMap::new();
    for (cell, content) in changes.cells.get(&id).into_iter().flatten() {
        cells.entry(*cell).or_default().content = Some(content);
    }
    for (cell, style) in changes.styles.get(&id).into_iter().flatten() {
        cells.entry(*cell).or_default().style = Some(book.style(*style)?);
    }
    let part = book.sheet_part(id)?.to_owned();
    let has_dynamic = |content: &Content| {
        matches!(content, Content::Formula(NewFormula { array: Some((_, ArrayKind::Dynamic)), .. }))
    };
    if cells.values().filter_map(|edit| edit.content).any(has_dynamic) {
        book.need_dynamic_record(package)?;
    }
    let grown = tables::grown(package, book, id, changes)?;
    let job = sheet::Job { id, book, cells: &cells, grown };
    let depth = book.limits.depth;
    if book.is_new(id) {
        let (packed, _) = rewritten(&job, book.empty_sheet().as_bytes(), depth, effects)?;
        parts.add(&part, packed);
        return Ok(());
    }
    let Some(source) = package.source(&part)? else {
        return Err(LoadError::Damaged(format!("it has no part {part}")).into());
    };
    let (packed, changed) = rewritten(&job, source, depth, effects)?;
    if changed {
        parts.replace(&part, packed);
    }
    Ok(())
}

/// A sheet's part with its changes, and whether it is another one now.
fn rewritten(
    job: &sheet::Job<'_>,
    source: impl BufRead,
    depth: u32,
    effects: &mut Effects,
) -> Result<(Packed, bool), SaveError> {
    let mut scanner = scan::Scanner::new(source, depth);
    let mut changed = false;
    let packed = Packed::new(|out| {
        let mut pass = sheet::Pass::new(job, out);
        while let Some(piece) = scanner.next()? {
            pass.piece(piece)?;
        }
        changed = pass.end(effects)?;
        Ok(())
    })?;
    Ok((packed, changed))
}

fn notes(package: &Package<'_>, book: &Book<'_>, changes: &Changes, effects: &Effects) -> Vec<String> {
    let mut notes = Vec::new();
    if changes.looks_left_out {
        notes.push(
            "So many empty cells below the used rows look different now that the file keeps their former looks; \
             give the columns these looks in a spreadsheet program."
                .to_owned(),
        );
    }
    if package.names().any(|name| name.starts_with("_xmlsignatures/")) {
        notes.push("The file carries a digital signature, which no longer fits its content.".to_owned());
    }
    let has_macros = package.names().any(|name| name.ends_with("vbaproject.bin"));
    if has_macros && !book.plan.deleted.is_empty() {
        notes.push("The macros of deleted sheets stay in the file.".to_owned());
    }
    if effects.plain_errors > 0 {
        notes.push(format!(
            "{} results are errors that the file holds as #VALUE! until it is calculated on opening.",
            effects.plain_errors
        ));
    }
    notes
}
