//! `playsheet check`: everything that is wrong with a definition, with its place and a hint.

use crate::exit::Outcome;
use crate::options::{Check, Global};
use crate::{app, input};
use engine::view::AppSession;
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(options: &Check, global: &Global) -> Outcome<ExitCode> {
    let name = options.file.display().to_string();
    let (definition, diagnostics) = app::read_definition(&options.file)?;
    let (mut errors, mut warnings) = (0, 0);
    for diagnostic in &diagnostics {
        println!("{}", diagnostic.render(&name));
        if diagnostic.is_error() { errors += 1 } else { warnings += 1 }
    }
    if let (Some(definition), Some(spreadsheet)) = (definition, &options.spreadsheet) {
        let document = input::open(spreadsheet)?;
        let books = vec![Arc::clone(&document.model); definition.sources.len().max(1)];
        let session = AppSession::open(Arc::new(definition), books, input::environment(global)?, true);
        for problem in session.problems() {
            let place = problem.origin.place();
            let severity = if problem.is_error { "error" } else { "warning" };
            println!(
                "{name}:{}:{}: {severity}[{}]: {}",
                place.line, place.column, problem.code, problem.text
            );
            if problem.is_error { errors += 1 } else { warnings += 1 }
        }
    }
    match (errors, warnings) {
        (0, 0) => println!("{name}: no problems"),
        _ => println!("{name}: {errors} errors, {warnings} warnings"),
    }
    Ok(if errors > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
