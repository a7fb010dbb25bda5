//! `playsheet explain`: why a cell has its value.
//!
//! The engine gives the chain behind the value; here it becomes a tree to read or JSON. Both show the same.

mod json;
mod text;

use crate::exit::{Failure, Outcome};
use crate::options::{Explain, Global};
use crate::{app, input};
use engine::calc::{Dependents, ErrorSource, Explanation, Origin, PartKind, Session, TraceLimits};
use engine::functions::Environment;
use engine::numfmt::Locale;
use engine::values::{Area, Cell, CellError, SheetId, Value};
use engine::view::{AppSession, shown};
use engine::workbook::Workbook;
use std::io::{Write, stdout};
use std::process::ExitCode;

/// Formulas that use the cell are told up to so many; the others are counted.
const MOST_DEPENDENTS: usize = 1_000;

pub(crate) fn run(options: &Explain, global: &Global) -> Outcome<ExitCode> {
    let opened = app::open(&options.file, options.spreadsheet.as_deref(), global)?;
    for remark in &opened.remarks {
        eprintln!("{}", remark.render(&options.file.display().to_string()));
    }
    let environment = input::environment(global)?;
    let mut app = app::start(&opened, environment.clone(), &options.set)?;
    app.finish_rest();
    let (book, sheet, cell) = find(&app, &opened, options.cell.trim())?;
    let session = app.workbook(book).ok_or_else(|| Failure::input("The app has no spreadsheet."))?;
    let limits =
        TraceLimits { depth: options.depth, stop_at_captions: options.brief, ..TraceLimits::default() };
    let report = Report::new(session, &environment, session.explain(sheet, cell, limits, &environment));
    let mut out = stdout().lock();
    if options.json {
        serde_json::to_writer_pretty(&mut out, &json::answer(&report)).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    } else {
        out.write_all(text::tree(&report).as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The workbook and the cell that a person means, in the order in which `run` understands references.
fn find(app: &AppSession, opened: &app::Opened, reference: &str) -> Outcome<(usize, SheetId, Cell)> {
    if let Some(id) = app.find_item(reference) {
        return app.cell_of(id).ok_or_else(|| Failure::input(format!("{reference} is bound to no cell.")));
    }
    let Some(document) = opened.documents.first() else {
        return Err(Failure::input("The app has no spreadsheet."));
    };
    let (sheet, cell) = input::find_cell(document.model.workbook(), reference)?;
    Ok((0, sheet, cell))
}

/// An explanation with what is needed to show it.
struct Report<'a> {
    session: &'a Session,
    workbook: &'a Workbook,
    locale: &'static Locale,
    explanation: Explanation,
    dependents: Vec<Dependents>,
    /// How many formulas use the cell beside those.
    more_dependents: usize,
    /// Why the error is where it began.
    reason: Option<String>,
}

impl<'a> Report<'a> {
    fn new(session: &'a Session, environment: &Environment, explanation: Explanation) -> Report<'a> {
        let (dependents, more_dependents) = explanation
            .steps
            .first()
            .map(|step| session.dependents(step.sheet, step.cell, MOST_DEPENDENTS))
            .unwrap_or_default();
        let reason = explanation.error.as_ref().map(|source| reason(session, source, environment));
        let workbook = session.model().workbook();
        Report {
            session,
            workbook,
            locale: environment.locale,
            explanation,
            dependents,
            more_dependents,
            reason,
        }
    }

    /// A value as its cell shows it.
    fn shown(&self, sheet: SheetId, cell: Cell, value: &Value) -> String {
        let code = &self.workbook.style(sheet, cell).number_format;
        shown(code, value, self.locale, self.workbook.date_system)
    }

    /// An address with its sheet.
    fn address(&self, sheet: SheetId, cell: Cell) -> String {
        self.workbook.address(Area::cell(sheet, cell))
    }

    fn sheet_name(&self, sheet: SheetId) -> &'a str {
        self.workbook.sheet(sheet).map_or("", |sheet| sheet.name.as_str())
    }
}

/// What makes a formula give an error of its own.
fn reason(session: &Session, source: &ErrorSource, environment: &Environment) -> String {
    match session.origin(source.sheet, source.cell) {
        Origin::Constant => return "the error stands there as a constant".to_owned(),
        Origin::Input { .. } => return "the error was set there".to_owned(),
        _ => {}
    }
    let parts = session.precedents(source.sheet, source.cell, environment);
    let is_broken = |kind: &PartKind, value: &Option<Value>| {
        *kind == PartKind::Broken && value.as_ref().and_then(Value::error) == Some(source.error)
    };
    if let Some(part) = parts.iter().find(|part| is_broken(&part.kind, &part.value)) {
        return match source.error {
            CellError::Name => format!("{} is not known", part.text),
            CellError::Ref if part.text == "#REF!" => "it refers to cells that were deleted".to_owned(),
            _ => format!("{} does not lead to cells", part.text),
        };
    }
    let why = match source.error {
        CellError::Div0 => "it divides by zero or by an empty cell",
        CellError::NA => "it does not find what it looks for, or has no value to give",
        CellError::Value => "it gets a value of a kind that it cannot use, such as text for a number",
        CellError::Num => "a number is out of range, or there is no result",
        CellError::Ref => "it refers to cells that do not exist",
        CellError::Name => "it uses a name or function that is not known",
        CellError::Null => "its ranges have no cell in common",
        CellError::Spill => "something is in the way of its results",
        CellError::Calc => "its result cannot be calculated or shown in a cell",
        _ => "its formula gives the error",
    };
    why.to_owned()
}
