//! What is to be said about a file after reading it.

use std::fmt;

/// A kind of spreadsheet file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileFormat {
    /// .xlsx, .xlsm and their templates, strict or transitional.
    #[default]
    Xlsx,
    /// .xlsb
    Xlsb,
    /// .xls
    Xls,
    /// .ods
    Ods,
    /// .fods: the same in one XML document.
    Fods,
    /// .csv and other text with separators.
    Csv,
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileFormat::Xlsx => ".xlsx",
            FileFormat::Xlsb => ".xlsb",
            FileFormat::Xls => ".xls",
            FileFormat::Ods => ".ods",
            FileFormat::Fods => ".fods",
            FileFormat::Csv => ".csv",
        })
    }
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// A formula that could not be read; the cell shows `#NAME?`.
    Formula,
    /// A piece of the file that is broken and was left out.
    Broken,
    /// Macros, which never run.
    Macros,
    /// Links to other workbooks, of which only cached values are used.
    ExternalLink,
    /// Connections to data outside, which are never opened.
    Connection,
    /// Something that is kept in the file but not shown.
    NotShown,
    /// How something was read that can be read in several ways.
    Reading,
}

/// One note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadNote {
    /// What it is about.
    pub kind: NoteKind,
    /// `Sheet!A1`, a sheet, or a part of the file; empty for the whole.
    pub place: String,
    /// One plain sentence.
    pub message: String,
}

/// Everything to be said about a file.
#[derive(Clone, Debug, Default)]
pub struct LoadReport {
    /// What it is.
    pub format: FileFormat,
    /// The notes, up to a limit.
    pub notes: Vec<LoadNote>,
    /// Notes beyond the limit.
    pub more_notes: usize,
    /// Cells with a formula.
    pub formulas: u64,
    /// Whether formulas were lost on the way, so that the workbook shows values but does not compute.
    pub formulas_incomplete: bool,
    limit: usize,
}

impl LoadReport {
    pub(crate) fn new(limit: usize) -> LoadReport {
        LoadReport { limit, ..LoadReport::default() }
    }

    pub(crate) fn note(&mut self, kind: NoteKind, place: impl Into<String>, message: impl Into<String>) {
        if self.notes.len() < self.limit {
            self.notes.push(LoadNote { kind, place: place.into(), message: message.into() });
        } else {
            self.more_notes += 1;
        }
    }

    /// Says that a sheet has `count` of something and what becomes of them; nothing where it has none.
    pub(crate) fn feature(&mut self, place: &str, count: u64, what: &str, becomes: &str) {
        let message = match count {
            0 => return,
            1 => format!("1 {what} is {becomes}."),
            _ => format!("{count} {what}s are {becomes}."),
        };
        self.note(NoteKind::NotShown, place, message);
    }

    /// Says once that the file has macros.
    pub(crate) fn macros(&mut self) {
        if self.notes.iter().any(|note| note.kind == NoteKind::Macros) {
            return;
        }
        self.note(NoteKind::Macros, "", "The file contains macros. Playsheet never runs macros.");
    }

    /// Says that formulas refer to another file.
    pub(crate) fn external_link(&mut self, target: &str) {
        let message = format!(
            "Formulas refer to another file ({target}). The values it had when this one was saved are used."
        );
        self.note(NoteKind::ExternalLink, "", message);
    }
}
