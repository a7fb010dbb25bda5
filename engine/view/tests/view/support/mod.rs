//! Cases of the view as text files: a workbook, a definition, steps, and what is to be seen.
//!
//! A file holds cases that start with `=== name`. A case is made of lines that start with a word:
//!
//! ```text
//! workbook FILE            an example's workbook, instead of sheets
//! definition FILE          an example's definition, instead of `app`
//! sheet NAME [hidden]      a sheet; its cells follow as `B2: 5`, `B3: =B2*2`, `B4: text`
//! name NAME: S!$B$2        a defined name
//! table NAME: S!A1:C4      a table; its headers are cells
//! format S!B2:B9: 0.00%    a number format
//! validation S!B2: whole between 1 and 9 | error Text | prompt Text | style warning | noblank
//! locale de-DE             the person's locale
//! app                      the definition, up to `</app>`
//! type ID TEXT · set ID VALUE · reset ID · resetall · undo · redo
//! window ID FROM COUNT · search ID TEXT · sort ID COLUMN asc|desc · sort ID none
//! view [ID]                what is shown, or one node of it: indented lines
//! problems                 what is wrong between definition and workbook: indented lines
//! delta                    what the last step changed: indented lines
//! ```

mod print;
mod workbooks;

pub use print::{delta, node, problems, view};
use workbooks::{Draft, example_folder, value};

use app_definitions::model::App;
use calc::Model;
use functions::Environment;
use numfmt::Locale;
use playsheet_view::{AppSession, Command, Scalar};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A case, line by line, so that a file can be written again with what is seen now.
#[derive(Debug)]
pub struct Case {
    pub name: String,
    pub lines: Vec<Line>,
}

/// A line with the block below it.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub word: String,
    pub rest: String,
    pub block: Vec<String>,
}

/// All cases of a folder's `.txt` files.
pub fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    files.sort();
    files
}

/// Reads the cases of a file.
pub fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases: Vec<Case> = Vec::new();
    let mut in_app = false;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            cases.push(Case { name: name.to_owned(), lines: Vec::new() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        let indented = line.strip_prefix("  ");
        if in_app || (indented.is_some() && !case.lines.is_empty()) {
            let last = case.lines.last_mut().unwrap();
            last.block.push(if in_app { line } else { indented.unwrap_or(line) }.to_owned());
            in_app &= !line.starts_with("</app>");
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        in_app = word == "app";
        case.lines.push(Line { word: word.to_owned(), rest: rest.to_owned(), block: Vec::new() });
    }
    cases
}

/// Writes cases as [`read`] reads them.
pub fn write(path: &Path, cases: &[Case]) {
    let mut out = String::new();
    for case in cases {
        out += &format!("=== {}\n", case.name);
        for line in &case.lines {
            out += format!("{} {}", line.word, line.rest).trim_end();
            out.push('\n');
            let indent = if line.word == "app" { "" } else { "  " };
            for inner in &line.block {
                out += format!("{indent}{inner}").trim_end();
                out.push('\n');
            }
        }
        out.push('\n');
    }
    std::fs::write(path, out).unwrap();
}

/// A case that was started: its session, and what is still to be done.
pub struct Running {
    pub session: AppSession,
    pub app: Arc<App>,
    pub models: Vec<Arc<Model>>,
    pub environment: Environment,
}

/// Opens the app of a case over its workbook.
pub fn start(case: &Case) -> Running {
    let mut draft = Draft::default();
    let mut app = None;
    let mut environment = Environment::default();
    for line in &case.lines {
        match line.word.as_str() {
            "definition" => {
                app = Some(std::fs::read_to_string(example_folder().join(&line.rest)).unwrap());
            }
            "app" => app = Some(line.block.join("\n")),
            "locale" => environment.locale = Locale::from_tag(&line.rest).unwrap(),
            _ => draft.line(line),
        }
    }
    let xml = app.unwrap_or_else(|| panic!("{} has no app", case.name));
    let (app, diagnostics) = app_definitions::read(&xml, &app_definitions::Limits::default());
    let errors: Vec<String> =
        diagnostics.iter().filter(|d| d.is_error()).map(|d| d.render(&case.name)).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let models = vec![Arc::new(Model::new(Arc::new(draft.workbook())))];
    let app = Arc::new(app.unwrap());
    let session = AppSession::open(Arc::clone(&app), models.clone(), environment.clone(), false);
    Running { session, app, models, environment }
}

/// A new session with the same inputs.
pub fn fresh(running: &Running) -> AppSession {
    let (app, models) = (Arc::clone(&running.app), running.models.clone());
    let mut fresh = AppSession::open(app, models, running.environment.clone(), false);
    let session = running.session.workbook(0).unwrap();
    let inputs: Vec<_> = session.inputs().map(|(sheet, cell, value)| (sheet, cell, value.clone())).collect();
    for (sheet, cell, value) in inputs {
        fresh.set_cell(0, sheet, cell, value);
    }
    fresh
}

/// The command of a step, if the line is one.
pub fn command(line: &Line) -> Option<Command> {
    let (id, rest) = line.rest.split_once(' ').unwrap_or((line.rest.as_str(), ""));
    let (id, rest) = (id.to_owned(), rest.to_owned());
    let numbers = || rest.split(' ').map(|n| n.parse().unwrap()).collect::<Vec<u64>>();
    Some(match line.word.as_str() {
        "type" => Command::Type { id, text: rest },
        "set" => {
            let value = match value(&rest) {
                values::Value::Number(number) => Scalar::Number(number),
                values::Value::Bool(value) => Scalar::Bool(value),
                values::Value::Text(text) => Scalar::Text(text.as_str().to_owned()),
                _ => Scalar::Empty,
            };
            Command::Set { id, value }
        }
        "reset" => Command::Reset { id },
        "resetall" => Command::ResetAll,
        "undo" => Command::Undo,
        "redo" => Command::Redo,
        "window" => Command::Window { id, from: numbers()[0], count: numbers()[1] },
        "search" => Command::Search { id, text: rest },
        "sort" => match rest.split_once(' ') {
            Some((column, way)) => Command::Sort { id, by: Some((column.parse().unwrap(), way == "desc")) },
            None => Command::Sort { id, by: None },
        },
        _ => return None,
    })
}
