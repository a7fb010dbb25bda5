//! `playsheet export`: the workbook with these inputs, as a new .xlsx.
//!
//! Invariant: the file to write is whole or as it was before. It is written beside its place and moved there.

use crate::app::{self, Opened, SpreadsheetFile};
use crate::exit::{Failure, Outcome};
use crate::input;
use crate::options::{Export, Global};
use crate::whole_file;
use engine::Document;
use engine::calc::Session;
use engine::formats::{self, FileFormat, Limits, NoteKind};
use engine::workbook::Workbook;
use export::{Book, Exported, Severity};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(options: &Export, global: &Global) -> Outcome<ExitCode> {
    let out = &options.xlsx;
    if !out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        let message = format!("--xlsx {} must end in .xlsx, or programs will not open it.", out.display());
        return Err(Failure::usage(message));
    }
    if !options.file.exists() {
        let message = format!(
            "{} is not there. Export takes a spreadsheet or an app definition on disk.",
            options.file.display()
        );
        return Err(Failure::input(message));
    }
    let opened = app::open(&options.file, options.spreadsheet.as_deref(), global)?;
    for remark in &opened.remarks {
        eprintln!("{}", remark.render(&options.file.display().to_string()));
    }
    let (document, source) = only_spreadsheet(&opened)?;
    for read in [&options.file, &source.path] {
        if is_same_file(out, read) {
            let message = format!(
                "{} would be overwritten by its own export. Give --xlsx another name.",
                read.display()
            );
            return Err(Failure::input(message));
        }
    }
    let mut session = app::start(&opened, input::environment(global)?, &options.set)?;
    session.finish_rest();
    let session = session.workbook(0).ok_or_else(|| Failure::input("The app has no spreadsheet."))?;
    let mut losses = conversion_losses(document);
    let exported = write(document, source, session)?;
    losses.extend(exported.losses.iter().map(|loss| (loss.severity, loss.to_string())));
    judge(out, &losses, options.anyway)?;
    whole_file::write(out, &exported.bytes).map_err(|error| {
        Failure::surroundings(format!("The workbook cannot be written to {}: {error}.", out.display()))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The one spreadsheet of an app, with its file.
fn only_spreadsheet(opened: &Opened) -> Outcome<(&Document, &SpreadsheetFile)> {
    match (opened.documents.as_slice(), opened.files.as_slice()) {
        ([document], [file]) => Ok((document, file)),
        (documents, _) => Err(Failure::input(format!(
            "This app has {} spreadsheets, and export writes one. Export the spreadsheet itself, with --set Sheet1!B2=5.",
            documents.len()
        ))),
    }
}

/// Makes the new workbook from what the session shows.
fn write(document: &Document, source: &SpreadsheetFile, session: &Session) -> Outcome<Exported> {
    let workbook = document.model.workbook();
    let book = Book {
        workbook,
        grids: workbook.sheets().filter_map(|(id, _)| session.grid(id)).collect(),
        inputs: session.inputs().map(|(sheet, cell, _)| (sheet, cell)).collect(),
        original: (document.report.format == FileFormat::Xlsx).then_some(source.bytes.as_slice()),
    };
    let read = |bytes: &[u8]| -> Result<Workbook, String> {
        let loaded = formats::open(bytes, "export.xlsx", &Limits::default());
        loaded.map(|loaded| loaded.workbook).map_err(|error| error.to_string())
    };
    // The writer's library panics where it does not understand a file. The room turns that into an error; what the
    // panic itself would print tells a person nothing.
    std::panic::set_hook(Box::new(|_| {}));
    let exported = export::export(&book, &read);
    drop(std::panic::take_hook());
    exported.map_err(|error| {
        let error = error.to_string();
        Failure::input(format!("{}: {}.", source.path.display(), error.trim_end_matches('.')))
    })
}

/// What was lost before: a workbook of another format holds what its reader understood.
fn conversion_losses(document: &Document) -> Vec<(Severity, String)> {
    let report = &document.report;
    if report.format == FileFormat::Xlsx {
        return Vec::new();
    }
    let mut losses = Vec::new();
    if report.formulas_incomplete {
        let message = format!(
            "some formulas of the {} file could not be read and are written as values.",
            report.format
        );
        losses.push((Severity::Refused, message));
    }
    for note in &report.notes {
        let severity = match note.kind {
            NoteKind::Formula | NoteKind::Broken | NoteKind::Macros => Severity::Refused,
            NoteKind::NotShown | NoteKind::Connection => Severity::Warned,
            NoteKind::ExternalLink | NoteKind::Reading => continue,
        };
        let place = if note.place.is_empty() { String::new() } else { format!("{}: ", note.place) };
        losses.push((severity, format!("not kept of the {} file: {place}{}", report.format, note.message)));
    }
    losses
}

/// Says what is lost; refuses what changes results, unless it is wanted all the same.
fn judge(out: &Path, losses: &[(Severity, String)], anyway: bool) -> Outcome<()> {
    let grave: Vec<&str> =
        losses.iter().filter(|loss| loss.0 == Severity::Refused).map(|loss| loss.1.as_str()).collect();
    if !grave.is_empty() && !anyway {
        return Err(Failure::input(format!(
            "{} is not written, since results would no longer be what they are in the original:\n  {}\nTo write it with these losses, add --anyway.",
            out.display(),
            grave.join("\n  ")
        )));
    }
    for (_, message) in losses {
        eprintln!("playsheet: {message}");
    }
    Ok(())
}

/// Whether two paths lead to one file that is there.
fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::judge;
    use export::Severity;
    use std::path::Path;

    #[test]
    fn grave_losses_are_refused_unless_wanted() {
        let losses =
            [(Severity::Refused, "macros are left out.".to_owned()), (Severity::Warned, "x.".to_owned())];
        let refused = judge(Path::new("out.xlsx"), &losses, false).unwrap_err().to_string();
        assert!(refused.contains("macros are left out.") && refused.contains("--anyway"), "{refused}");
        assert!(judge(Path::new("out.xlsx"), &losses, true).is_ok());
        assert!(judge(Path::new("out.xlsx"), &losses[1..], false).is_ok());
    }
}
