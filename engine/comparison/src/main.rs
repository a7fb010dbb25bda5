//! Other spreadsheet engines behind the command line of `playsheet bench`, so that one program can measure all.
//!
//! `compare engines` lists what there is, a JSON object a line. `compare ENGINE FILE --edits META` does to a workbook
//! what the sidecar says and prints a JSON object after each stage with all that is known by then; whoever ends it
//! for taking too long still has the stages before. Each engine is one file; those written in Rust implement
//! [`engine::Engine`], the others are programs of their own.

mod engine;
mod formualizer;
mod hyperformula;
mod ironcalc;
mod libreoffice;
mod protocol;
mod workbook;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Other spreadsheet engines behind one command line.
#[derive(Parser)]
#[command(name = "compare")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the engines
    Engines,
    /// Measures formualizer
    Formualizer(Bench),
    /// Measures IronCalc
    Ironcalc(Bench),
    /// Measures HyperFormula
    Hyperformula(Bench),
    /// Measures LibreOffice
    Libreoffice(Bench),
}

/// A workbook and what to do to it.
#[derive(Args)]
struct Bench {
    /// The workbook
    file: PathBuf,
    /// What to edit and what to read, as a JSON file
    #[arg(long, value_name = "META")]
    edits: PathBuf,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("compare: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Engines => {
            list();
            Ok(())
        }
        Command::Formualizer(bench) => {
            protocol::measure::<formualizer::Formualizer>(&bench.file, &bench.edits)
        }
        Command::Ironcalc(bench) => protocol::measure::<ironcalc::IronCalc>(&bench.file, &bench.edits),
        Command::Hyperformula(bench) => hyperformula::measure(&bench.file, &bench.edits),
        Command::Libreoffice(bench) => libreoffice::measure(&bench.file, &bench.edits),
    }
}

fn list() {
    println!("{}", json!({"id": "formualizer", "name": "formualizer 0.13", "installed": true}));
    println!("{}", json!({"id": "ironcalc", "name": "IronCalc 0.9", "installed": true}));
    println!(
        "{}",
        json!({
            "id": "hyperformula",
            "name": "HyperFormula 3.5",
            "installed": hyperformula::is_installed(),
            "hint": "install Node, then run `npm install` in engine/comparison/hyperformula",
        })
    );
    println!(
        "{}",
        json!({
            "id": "libreoffice",
            "name": "LibreOffice",
            "installed": libreoffice::is_installed(),
            "hint": "install it so that `soffice` is found",
        })
    );
}
