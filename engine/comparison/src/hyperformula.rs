//! HyperFormula, through Node and the script beside this crate. It reads no .xlsx, so it gets the cells as JSON, and it
//! builds and calculates in one go, so its calculation contains what others do while loading.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hyperformula")
}

/// Whether Node and the package are there.
pub fn is_installed() -> bool {
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    node.is_ok_and(|status| status.success()) && folder().join("node_modules/hyperformula").is_dir()
}

/// Measures; the script prints the stages.
pub fn measure(file: &Path, edits: &Path) -> Result<()> {
    let cells = tempfile::NamedTempFile::new()?;
    serde_json::to_writer(&cells, &crate::workbook::cells(file)?)?;
    let mut node = Command::new("node");
    // The heap must hold a million cells.
    node.arg("--max-old-space-size=8192").arg(folder().join("bench.mjs")).arg(cells.path()).arg(edits);
    let status = node.status().context("node does not start")?;
    if !status.success() {
        bail!("bench.mjs: {status}");
    }
    Ok(())
}
