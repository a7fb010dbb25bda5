//! The workbooks to measure: written here once, or found in a folder.

use super::file;
use super::sidecar::Sidecar;
use super::workloads::{SHAPES, Shape};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A workbook with what is done to it.
pub struct Bench {
    /// The file.
    pub file: PathBuf,
    /// Its sidecar's file.
    pub edits: PathBuf,
    /// Its sidecar.
    pub sidecar: Sidecar,
}

/// The workbooks of a folder that are wanted, in the order of the workloads.
pub fn found(folder: &Path, only: &[String]) -> Result<Vec<Bench>> {
    let mut benches = Vec::new();
    for shape in chosen(only)? {
        let (file, edits) = paths(folder, shape);
        if file.is_file() && edits.is_file() {
            benches.push(Bench { sidecar: Sidecar::read(&edits)?, file, edits });
        }
    }
    if benches.is_empty() {
        bail!("{} holds no workbook with a .meta.json beside it that is wanted", folder.display());
    }
    Ok(benches)
}

/// The wanted workbooks at a scale, written where they are not there yet or older than this program.
pub fn written(folder: &Path, scale: f64, only: &[String]) -> Result<Vec<Bench>> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let program = std::env::current_exe().ok().and_then(|path| modified(&path));
    for shape in chosen(only)? {
        let (file, edits) = paths(folder, shape);
        if modified(&edits).is_none_or(|written| program.is_none_or(|program| written < program)) {
            write(shape, scale, &file, &edits)?;
        }
    }
    found(folder, only)
}

fn write(shape: &Shape, scale: f64, file: &Path, edits: &Path) -> Result<()> {
    let workload = shape.at(scale);
    let mut sidecar = Sidecar::of(shape.name, scale, &workload);
    let counts = file::write(file, workload.sheets)?;
    (sidecar.n_formulas, sidecar.n_values) = (counts.formulas, counts.values);
    println!("{}: {} formulas, {} values", shape.name, counts.formulas, counts.values);
    sidecar.write(edits)
}

fn chosen(only: &[String]) -> Result<Vec<&'static Shape>> {
    if let Some(unknown) = only.iter().find(|name| !SHAPES.iter().any(|shape| shape.name == name.as_str())) {
        let names: Vec<&str> = SHAPES.iter().map(|shape| shape.name).collect();
        bail!("there is no workload {unknown}; there are {}", names.join(", "));
    }
    Ok(SHAPES.iter().filter(|shape| only.is_empty() || only.iter().any(|name| name == shape.name)).collect())
}

fn paths(folder: &Path, shape: &Shape) -> (PathBuf, PathBuf) {
    (folder.join(format!("{}.xlsx", shape.name)), folder.join(format!("{}.meta.json", shape.name)))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::workloads::Content;
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook};

    #[test]
    fn unknown_workloads_are_refused() {
        assert!(chosen(&["grid".into(), "gird".into()]).is_err());
        assert_eq!(chosen(&["grid".into()]).map(|shapes| shapes.len()).ok(), Some(1));
    }

    /// Each workbook is read back by another library: same cells, same formulas.
    #[test]
    fn what_is_written_can_be_read() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("playsheet-bench-{}", std::process::id()));
        let benches = written(&folder, 0.000_1, &[])?;
        assert_eq!(benches.len(), SHAPES.len());
        for (bench, shape) in benches.iter().zip(&SHAPES) {
            let mut file: Xlsx<_> = open_workbook(&bench.file)?;
            let mut cells = 0;
            for sheet in shape.at(0.000_1).sheets {
                let (values, formulas) =
                    (file.worksheet_range(sheet.name)?, file.worksheet_formula(sheet.name)?);
                for (row, line) in sheet.rows.zip(0..) {
                    for (content, col) in row.iter().zip(0..) {
                        cells += 1;
                        let at = (col, content, line);
                        assert!(
                            agrees(content, values.get_value((line, col)), formulas.get_value((line, col))),
                            "{at:?}"
                        );
                    }
                }
            }
            assert!(
                cells > 0 && bench.sidecar.n_formulas > 0 && bench.sidecar.edits.len() > 1,
                "{}",
                shape.name
            );
        }
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }

    fn agrees(content: &Content, value: Option<&Data>, formula: Option<&String>) -> bool {
        match content {
            Content::Empty => formula.is_none_or(String::is_empty),
            Content::Number(number) => value == Some(&Data::Float(*number)),
            Content::Text(text) => value == Some(&Data::String(text.clone())),
            Content::Formula(text) | Content::Array(text) => formula == Some(text),
        }
    }
}
