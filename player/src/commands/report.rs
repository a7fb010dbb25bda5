//! `playsheet report`: what of a spreadsheet will not work, before anybody depends on it.

use crate::exit::Outcome;
use crate::input;
use crate::options::{Global, Report};
use engine::Document;
use engine::calc::{Session, Wanted};
use engine::values::{Area, Cell, SheetId, Value};
use std::process::ExitCode;

/// Results that differ from the cached ones are listed up to this many.
const MOST_LISTED: usize = 20;

pub(crate) fn run(options: &Report, global: &Global) -> Outcome<ExitCode> {
    let document = input::open(&options.file)?;
    let environment = input::environment(global)?;
    let mut session = document.session();
    session.invalidate();
    let report = session.recalculate(&environment, Wanted::All);
    println!("{}: {} formulas", options.file.display(), document.report.formulas);
    let mut problems = notes(&document);
    problems += unknown(&document);
    for (sheet, cell) in &report.circular {
        println!("circular: {} depends on itself and counts as 0.", address(&document, *sheet, *cell));
        problems += 1;
    }
    problems += differences(&document, &session);
    if problems == 0 {
        println!("Everything in it works.");
    }
    Ok(ExitCode::SUCCESS)
}

fn notes(document: &Document) -> usize {
    for note in &document.report.notes {
        let place = if note.place.is_empty() { String::new() } else { format!("{}: ", note.place) };
        println!("{place}{}", note.message);
    }
    if document.report.more_notes > 0 {
        println!("… and {} more notes.", document.report.more_notes);
    }
    document.report.notes.len() + document.report.more_notes
}

fn unknown(document: &Document) -> usize {
    let unknown = document.model.unknown_names();
    for (name, families) in &unknown {
        println!("unknown: {families} formulas and their copies use {name} and show #NAME?.");
    }
    unknown.len()
}

/// Cells whose result is not the one that the file had: proof of equality, or of what differs.
fn differences(document: &Document, session: &Session) -> usize {
    let workbook = document.model.workbook();
    let differs = |(sheet, cell): &(SheetId, Cell)| {
        let (now, then) = (session.value(*sheet, *cell), workbook.value(*sheet, *cell));
        match (now, then) {
            // A file without cached values proves nothing.
            (_, Value::Empty) => false,
            (Value::Number(a), Value::Number(b)) => (a - b).abs() > 1e-9 * a.abs().max(b.abs()).max(1e-3),
            (a, b) => !a.same(b),
        }
    };
    let different: Vec<(SheetId, Cell)> = session.computed().filter(differs).collect();
    for (sheet, cell) in different.iter().take(MOST_LISTED) {
        let (now, then) = (session.value(*sheet, *cell), workbook.value(*sheet, *cell));
        println!(
            "differs: {} is {}, the file has {}.",
            address(document, *sheet, *cell),
            shown(now),
            shown(then)
        );
    }
    if different.len() > MOST_LISTED {
        println!("… and {} more cells differ.", different.len() - MOST_LISTED);
    }
    different.len()
}

fn address(document: &Document, sheet: SheetId, cell: Cell) -> String {
    document.model.workbook().address(Area::cell(sheet, cell))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => engine::numfmt::general(*number),
        Value::Text(text) => format!("“{text}”"),
        Value::Bool(value) => value.to_string().to_uppercase(),
        Value::Error(error) => error.as_str().to_owned(),
        _ => "empty".to_owned(),
    }
}
