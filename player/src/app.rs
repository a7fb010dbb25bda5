//! Opening an app from files: a definition with its spreadsheet, or a spreadsheet with a proposed definition.

use crate::exit::{Failure, Outcome};
use crate::options::Global;
use crate::{commands, input, store};
use engine::Document;
use engine::app_definitions::model::{App, Source};
use engine::app_definitions::{self, Diagnostic, Limits};
use engine::functions::Environment;
use engine::view::{AppSession, Command};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// File endings of spreadsheets, the most likely first.
const ENDINGS: [&str; 7] = ["xlsx", "xlsm", "xlsb", "xls", "ods", "fods", "csv"];

/// An app with the documents it works on.
pub(crate) struct Opened {
    pub app: App,
    pub documents: Vec<Document>,
    /// The files that the documents were read from, where they lie on disk.
    pub files: Vec<SpreadsheetFile>,
    /// What the reader said of the definition; no errors.
    pub remarks: Vec<Diagnostic>,
}

/// A spreadsheet on disk, as it was read.
pub(crate) struct SpreadsheetFile {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

/// Opens a definition or a spreadsheet from disk, or an app that was synced to this computer by its name or id.
pub(crate) fn open(file: &Path, spreadsheet: Option<&Path>, global: &Global) -> Outcome<Opened> {
    let is_name = file.components().count() == 1 && !file.exists();
    if is_name && let (Some(name), Some(vault)) = (file.to_str(), store::open(global)?) {
        let apps = store::apps(&vault);
        let app = apps.open(commands::find_app(&apps, name)?.id)?;
        return open_synced(&app);
    }
    if is_definition(file) {
        return open_definition(file, spreadsheet);
    }
    let (document, read) = open_spreadsheet(file)?;
    let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let proposal = engine::detect::propose(&document.model, &name);
    Ok(Opened { app: proposal.app, documents: vec![document], files: vec![read], remarks: Vec::new() })
}

fn open_spreadsheet(path: &Path) -> Outcome<(Document, SpreadsheetFile)> {
    let (document, bytes) = input::open_keeping(path)?;
    Ok((document, SpreadsheetFile { path: path.to_owned(), bytes }))
}

/// Opens an app from the vault: nothing of it is on disk in the clear.
pub(crate) fn open_synced(app: &sync::OpenApp) -> Outcome<Opened> {
    let (definition, diagnostics) = app_definitions::read(app.definition.as_slice(), &Limits::default());
    let error = diagnostics.iter().find(|diagnostic| diagnostic.is_error());
    let (Some(definition), None) = (definition, error) else {
        let why = error.map(|error| error.message.clone()).unwrap_or_default();
        return Err(Failure::input(format!("The definition of {} cannot be read: {why}", app.name)));
    };
    let open = |spreadsheet: &sync::OpenSpreadsheet| {
        let name = spreadsheet.file_name.as_deref().unwrap_or("spreadsheet.xlsx");
        Document::open(&spreadsheet.bytes, name, &engine::formats::Limits::default())
            .map_err(|error| Failure::input(format!("The spreadsheet of {}: {error}", app.name)))
    };
    let documents = app.spreadsheets.iter().map(open).collect::<Outcome<Vec<Document>>>()?;
    Ok(Opened { app: definition, documents, files: Vec::new(), remarks: diagnostics })
}

/// Whether a file is meant as an app definition.
fn is_definition(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml"))
}

/// Reads a definition; everything that is wrong with it is the failure.
fn open_definition(file: &Path, spreadsheet: Option<&Path>) -> Outcome<Opened> {
    let (app, diagnostics) = read_definition(file)?;
    let name = file.display().to_string();
    let errors: Vec<String> = diagnostics.iter().filter(|d| d.is_error()).map(|d| d.render(&name)).collect();
    let (Some(app), true) = (app, errors.is_empty()) else {
        return Err(Failure::input(format!("the app definition has errors.\n{}", errors.join("\n"))));
    };
    let files = match spreadsheet {
        Some(file) => vec![file.to_owned()],
        None => spreadsheets_of(&app, file)?,
    };
    let opened = files.iter().map(|file| open_spreadsheet(file)).collect::<Outcome<Vec<_>>>()?;
    let (documents, files) = opened.into_iter().unzip();
    Ok(Opened { app, documents, files, remarks: diagnostics })
}

/// Reads a definition with everything that is to be said about it.
pub(crate) fn read_definition(file: &Path) -> Outcome<(Option<App>, Vec<Diagnostic>)> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::input(format!("{} cannot be read: {error}.", file.display())))?;
    Ok(app_definitions::read(&bytes, &Limits::default()))
}

/// The spreadsheets of a definition that lies on disk: files it names, else one beside it with its name.
fn spreadsheets_of(app: &App, definition: &Path) -> Outcome<Vec<PathBuf>> {
    let folder = definition.parent().unwrap_or(Path::new(""));
    let beside =
        || ENDINGS.iter().map(|ending| definition.with_extension(ending)).find(|file| file.is_file());
    if app.sources.is_empty() {
        let missing = || {
            Failure::input(format!(
                "No spreadsheet lies beside {}. Name it with --spreadsheet FILE.",
                definition.display()
            ))
        };
        return Ok(vec![beside().ok_or_else(missing)?]);
    }
    let find = |source: &Source| {
        let named = source.url.as_deref().and_then(|url| local_file(url, folder));
        named.or_else(beside).ok_or_else(|| {
            let url = source.url.as_deref().unwrap_or("its address");
            Failure::input(format!(
                "The spreadsheet {url} is not on this disk. Name it with --spreadsheet FILE."
            ))
        })
    };
    app.sources.iter().map(find).collect()
}

/// The file that an address names, where it is a file and stays inside of the definition's folder.
fn local_file(url: &str, folder: &Path) -> Option<PathBuf> {
    if url.contains("://") || url.starts_with('/') || url.contains("..") {
        return None;
    }
    let file = folder.join(url);
    file.is_file().then_some(file)
}

/// Starts an app and sets inputs by caption, id, name or cell.
pub(crate) fn start(opened: &Opened, environment: Environment, set: &[String]) -> Outcome<AppSession> {
    let models = opened.documents.iter().map(|document| Arc::clone(&document.model)).collect();
    let mut session = AppSession::open(Arc::new(opened.app.clone()), models, environment, false);
    for pair in set {
        let (reference, text) = input::split_pair(pair)?;
        set_one(&mut session, opened, reference.trim(), text)?;
    }
    Ok(session)
}

fn set_one(session: &mut AppSession, opened: &Opened, reference: &str, text: &str) -> Outcome<()> {
    if let Some(id) = session.find_item(reference).map(str::to_owned) {
        session.apply(&Command::Type { id: id.clone(), text: text.to_owned() });
        let node = session.view().node(&id);
        let message = node.and_then(|node| match &node.kind {
            engine::view::Kind::Input(input) => input.message.as_ref(),
            _ => None,
        });
        return match (node.map(|node| &node.kind), message) {
            (Some(engine::view::Kind::Input(_)), Some(message))
                if message.level == engine::view::Level::Error =>
            {
                Err(Failure::input(format!("{reference}={text} is refused: {}", message.text)))
            }
            (Some(engine::view::Kind::Input(_)), _) => Ok(()),
            _ => Err(Failure::input(format!("{reference} is no input of this app."))),
        };
    }
    let Some(document) = opened.documents.first() else { return Ok(()) };
    let workbook = document.model.workbook();
    let (sheet, cell) = input::find_cell(workbook, reference)?;
    let reading = session.environment_mut().reading(workbook.date_system);
    session.set_cell(0, sheet, cell, engine::numfmt::parse_typed(text, &reading).value);
    Ok(())
}
