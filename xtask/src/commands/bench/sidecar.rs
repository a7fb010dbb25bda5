//! What lies beside a benchmark workbook: which cells are edited with what, and which are read.

use super::workloads::{Input, Scope, Workload};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file `NAME.meta.json`, of which `playsheet bench` reads `edits` and `outputs`.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
pub struct Sidecar {
    /// The workload.
    pub name: String,
    /// The part of its full size.
    pub scale: f64,
    /// Cells with formulas.
    pub n_formulas: u64,
    /// Cells with constants.
    pub n_values: u64,
    /// How far apart results may be.
    pub tolerance: f64,
    /// Series of edits.
    pub edits: Vec<Series>,
    /// Cells to read.
    pub outputs: Vec<Place>,
}

/// One cell that is edited again and again.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
pub struct Series {
    /// Its name.
    pub id: String,
    sheet: String,
    cell: String,
    /// `local` where the edit reaches a handful of formulas at any size.
    pub scope: String,
    values: Vec<serde_json::Value>,
}

/// A cell.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Place {
    sheet: String,
    cell: String,
}

impl Sidecar {
    /// What there is to say of a workload before it is written; its counts are still open.
    pub fn of(name: &str, scale: f64, workload: &Workload) -> Self {
        let series = workload.edits.iter().map(|edit| Series {
            id: edit.id.into(),
            sheet: edit.sheet.into(),
            cell: edit.cell.clone(),
            scope: scope(edit.scope).into(),
            values: edit.values.iter().map(json).collect(),
        });
        let place = |(sheet, cell): &(&str, String)| Place { sheet: (*sheet).into(), cell: cell.clone() };
        Self {
            name: name.into(),
            scale,
            n_formulas: 0,
            n_values: 0,
            tolerance: workload.tolerance,
            edits: series.collect(),
            outputs: workload.outputs.iter().map(place).collect(),
        }
    }

    /// Reads one.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        serde_json::from_slice(&text)
            .with_context(|| format!("{} does not describe a benchmark", path.display()))
    }

    /// Writes it.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Local => "local",
        Scope::Column => "column",
        Scope::All => "all",
        Scope::Table => "table",
    }
}

fn json(input: &Input) -> serde_json::Value {
    match input {
        Input::Number(number) => (*number).into(),
        Input::Text(text) => text.as_str().into(),
    }
}
