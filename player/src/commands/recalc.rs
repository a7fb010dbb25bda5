//! `playsheet recalc`: every formula again, ignoring cached values, a JSON line each.
//!
//! Without a locale of the caller's it calculates as the file was last calculated, as far as the file tells: the
//! results are there to be compared with its own.

use crate::exit::Outcome;
use crate::input;
use crate::options::{Global, Recalc};
use engine::calc::Wanted;
use engine::values::{Cell, SheetId, Value};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;

/// One formula cell.
#[derive(Serialize)]
struct Line<'a> {
    sheet: &'a str,
    cell: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

pub(crate) fn run(options: &Recalc, global: &Global) -> Outcome<ExitCode> {
    let document = input::open(&options.file)?;
    let environment = input::environment(global)?;
    let mut session = document.session();
    // What the caller writes is in the caller's locale, whatever the file was calculated in.
    input::set_all(&mut session, &options.set, &environment)?;
    let environment =
        if global.locale.is_none() { document.as_last_calculated(environment) } else { environment };
    session.invalidate();
    let report = session.recalculate(&environment, Wanted::All);

    let workbook = document.model.workbook();
    let mut out = BufWriter::new(stdout().lock());
    let computed: BTreeSet<(SheetId, Cell)> = session.computed().collect();
    for (sheet, cell) in computed {
        let name = workbook.sheet(sheet).map_or("", |sheet| sheet.name.as_str());
        let line = match session.value(sheet, cell) {
            Value::Error(error) => {
                Line { sheet: name, cell: cell.to_string(), value: None, error: Some(error.as_str()) }
            }
            value => Line {
                sheet: name,
                cell: cell.to_string(),
                value: Some(input::json_value(value)),
                error: None,
            },
        };
        serde_json::to_writer(&mut out, &line).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    for note in &document.report.notes {
        let place = if note.place.is_empty() { String::new() } else { format!("{}: ", note.place) };
        eprintln!("playsheet: {place}{}", note.message);
    }
    if let Some(hint) = workbook.calculated_in.locale.as_ref().filter(|_| global.locale.is_none()) {
        eprintln!(
            "playsheet: calculated as in {}. {} Give --locale to choose another.",
            hint.tag, hint.reason
        );
    }
    for (name, families) in document.model.unknown_names() {
        eprintln!("playsheet: {name} is not known ({families} formulas and their copies show #NAME?).");
    }
    for (sheet, cell) in &report.circular {
        let name = workbook.sheet(*sheet).map_or("", |sheet| sheet.name.as_str());
        eprintln!("playsheet: {name}!{cell} depends on itself.");
    }
    Ok(ExitCode::SUCCESS)
}
