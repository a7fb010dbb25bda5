//! `playsheet propose`: the definition that a spreadsheet suggests, or the reasons for it.

use crate::exit::{Failure, Outcome};
use crate::input;
use crate::options::{Global, Propose};
use engine::app_definitions;
use engine::detect::{Charted, Found, Listed, Proposal, Warning, propose};
use serde::Serialize;
use std::io::{Write, stdout};
use std::process::ExitCode;

/// The proposal as programs read it: these keys and no others.
#[derive(Serialize)]
struct Reasons<'a> {
    kind: &'a str,
    inputs: &'a [Found],
    outputs: &'a [Found],
    lists: &'a [Listed],
    charts: &'a [Charted],
    warnings: &'a [Warning],
    alternatives: &'a [Found],
    declined: Option<&'a str>,
}

pub(crate) fn run(options: &Propose, _global: &Global) -> Outcome<ExitCode> {
    let document = input::open(&options.file)?;
    let name = options.file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let proposal = propose(&document.model, &name);
    let mut out = stdout().lock();
    if options.json {
        serde_json::to_writer_pretty(&mut out, &reasons(&proposal)).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    for warning in &proposal.warnings {
        eprintln!("playsheet: {}", warning.message);
    }
    match &proposal.declined {
        Some(reason) => {
            Err(Failure::input(format!("{}: no app is proposed. {reason}", options.file.display())))
        }
        None => {
            out.write_all(app_definitions::write(&proposal.app).as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn reasons(proposal: &Proposal) -> Reasons<'_> {
    Reasons {
        kind: proposal.kind,
        inputs: &proposal.inputs,
        outputs: &proposal.outputs,
        lists: &proposal.lists,
        charts: &proposal.charts,
        warnings: &proposal.warnings,
        alternatives: &proposal.alternatives,
        declined: proposal.declined.as_deref(),
    }
}
