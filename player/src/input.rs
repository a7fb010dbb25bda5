//! What a person gives on the command line: files, references, values, the clock.

use crate::exit::{Failure, Outcome};
use crate::options::Global;
use crate::threads;
use engine::Document;
use engine::calc::Session;
use engine::formats::Limits;
use engine::formula::Sheets;
use engine::functions::Environment;
use engine::numfmt::{Locale, parse_typed};
use engine::values::{Cell, DateSystem, Rect, SheetId, Value};
use engine::workbook::Workbook;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Reads a spreadsheet from disk.
pub(crate) fn open(path: &Path) -> Outcome<Document> {
    open_keeping(path).map(|(document, _)| document)
}

/// Reads a spreadsheet from disk and keeps the file's bytes: what was read, whatever becomes of the file.
pub(crate) fn open_keeping(path: &Path) -> Outcome<(Document, Vec<u8>)> {
    let limits = Limits::default();
    let bytes = read(path, limits.file_bytes).map_err(|error| {
        let message = format!("{} cannot be read: {error}.", path.display());
        // A file that is not there is the caller's mistake; a disk that fails is not.
        match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::IsADirectory => Failure::input(message),
            _ => Failure::surroundings(message),
        }
    })?;
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let document = Document::open(&bytes, &name, &limits)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    Ok((document, bytes))
}

/// Reads a file, but never more than one byte beyond the limit: the reader refuses what is larger, and a file may
/// claim any size without holding anything.
fn read(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The environment that the options ask for; the clock is the machine's unless one is given.
pub(crate) fn environment(global: &Global) -> Outcome<Environment> {
    let locale = match &global.locale {
        Some(tag) => Locale::from_tag(tag).ok_or_else(|| {
            Failure::usage(format!("The locale {tag} is not known. Give one such as en-US, de-DE or fr-FR."))
        })?,
        None => Locale::en_us(),
    };
    let now = match &global.now {
        Some(text) => parse_moment(text)?,
        None => serial(jiff::Zoned::now().datetime()),
    };
    let pool = threads::pool();
    Ok(Environment { now, seed: global.seed.unwrap_or(0), locale, pool, ..Environment::default() })
}

fn parse_moment(text: &str) -> Outcome<f64> {
    let refuse = || {
        Failure::usage(format!(
            "--now {text} is no date and time. Write it as 2026-11-21 or 2026-11-21T08:30:00."
        ))
    };
    let moment: jiff::civil::DateTime = match text.parse() {
        Ok(moment) => moment,
        Err(_) => text.parse::<jiff::civil::Date>().map_err(|_| refuse())?.into(),
    };
    Ok(serial(moment))
}

fn serial(moment: jiff::civil::DateTime) -> f64 {
    let system = DateSystem::V1900;
    let day = system.serial(moment.year().into(), moment.month().into(), moment.day().into()).unwrap_or(0);
    let ms = i64::from(moment.hour()) * 3_600_000
        + i64::from(moment.minute()) * 60_000
        + i64::from(moment.second()) * 1_000
        + i64::from(moment.millisecond());
    day as f64 + ms as f64 / 86_400_000.0
}

/// Sets `REF=VALUE` pairs in a session.
pub(crate) fn set_all(session: &mut Session, pairs: &[String], environment: &Environment) -> Outcome<()> {
    let workbook = std::sync::Arc::clone(session.model().workbook());
    let reading = environment.reading(workbook.date_system);
    for pair in pairs {
        let (reference, text) = split_pair(pair)?;
        let (sheet, cell) = find_cell(&workbook, reference)?;
        session.set(sheet, cell, parse_typed(text, &reading).value);
    }
    Ok(())
}

/// Splits at the first `=` outside of a quoted sheet name.
pub(crate) fn split_pair(pair: &str) -> Outcome<(&str, &str)> {
    let mut quoted = false;
    for (place, c) in pair.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '=' if !quoted => return Ok((&pair[..place], &pair[place + 1..])),
            _ => {}
        }
    }
    Err(Failure::usage(format!("--set {pair} has no value. Write it as REF=VALUE, for example Sheet1!B2=5.")))
}

/// The cell that `Sheet!A1`, `A1` (of the first visible sheet) or a defined name means.
pub(crate) fn find_cell(workbook: &Workbook, reference: &str) -> Outcome<(SheetId, Cell)> {
    let first = workbook.first_visible_sheet().unwrap_or_default();
    if let Some((sheet, rect)) = reference.rsplit_once('!') {
        let name = sheet.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')).unwrap_or(sheet);
        let name = name.replace("''", "'");
        let id = workbook.sheet_by_name(&name);
        let id = id.ok_or_else(|| Failure::input(format!("The spreadsheet has no sheet {name}.")))?;
        let rect = rect.parse::<Rect>().map_err(|_| Failure::input(format!("{reference} is no cell.")))?;
        return Ok((id, rect.first()));
    }
    if let Some(found) = named_cell(workbook, reference, first) {
        return Ok(found);
    }
    match reference.parse::<Cell>() {
        Ok(cell) => Ok((first, cell)),
        Err(_) => Err(Failure::input(format!(
            "{reference} is neither a cell nor a name of this spreadsheet. Write cells as Sheet1!B2."
        ))),
    }
}

fn named_cell(workbook: &Workbook, name: &str, sheet: SheetId) -> Option<(SheetId, Cell)> {
    let formula = workbook.name(name, Some(sheet))?.formula.as_ref()?;
    match formula.node(formula.root()) {
        engine::formula::Node::Ref(reference) => {
            let area = reference.area(sheet, Cell::default())?;
            Some((area.sheet, area.rect.first()))
        }
        _ => None,
    }
}

/// A cell's value as JSON, `null` for empty and for errors.
pub(crate) fn json_value(value: &Value) -> serde_json::Value {
    match value {
        Value::Number(number) => serde_json::Number::from_f64(*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Bool(value) => (*value).into(),
        _ => serde_json::Value::Null,
    }
}
