//! `playsheet run`: an app without a window.

use crate::exit::Outcome;
use crate::options::{Global, Run};
use crate::{app, input, print};
use std::io::{Write, stdout};
use std::process::ExitCode;

pub(crate) fn run(options: &Run, global: &Global) -> Outcome<ExitCode> {
    let opened = app::open(&options.file, options.spreadsheet.as_deref(), global)?;
    for remark in &opened.remarks {
        eprintln!("{}", remark.render(&options.file.display().to_string()));
    }
    let session = app::start(&opened, input::environment(global)?, &options.set)?;
    let mut out = stdout().lock();
    if options.json {
        serde_json::to_writer_pretty(&mut out, session.view()).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    } else {
        out.write_all(print::text(session.view()).as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}
