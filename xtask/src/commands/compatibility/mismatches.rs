//! What is left different on real workbooks: classes of cells, each with its reason and how many there are.

use super::rows;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The file: class, reason, cells, workbooks.
const FILE: &str = "engine/mismatches.tsv";

/// A class of cells that show something else than Excel stored.
#[derive(Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Its name.
    pub class: String,
    /// Why these cells differ.
    pub reason: String,
    /// How many cells, as measured.
    pub cells: String,
    /// In how many workbooks.
    pub workbooks: String,
}

/// Reads the classes.
pub fn read(root: &Path) -> Result<Vec<Mismatch>> {
    let text = std::fs::read_to_string(root.join(FILE)).with_context(|| format!("{FILE} cannot be read"))?;
    parse(&text)
}

fn parse(text: &str) -> Result<Vec<Mismatch>> {
    let row = |(line, fields): (usize, Vec<&str>)| match fields[..] {
        [class, reason, cells, workbooks] if !class.is_empty() && !reason.is_empty() => {
            for count in [cells, workbooks] {
                if count != "–" && count.parse::<u64>().is_err() {
                    bail!("{FILE}:{line}: a number, or – where none was counted, not {count:?}");
                }
            }
            Ok(Mismatch {
                class: class.into(),
                reason: reason.into(),
                cells: cells.into(),
                workbooks: workbooks.into(),
            })
        }
        _ => bail!("{FILE}:{line}: four fields: class, reason, cells, workbooks"),
    };
    rows(text).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_reasons_and_numbers() -> Result<()> {
        assert_eq!(parse("a\tb\t1\t–\n")?.len(), 1);
        for bad in ["a\tb\t1", "a\t\t1\t2", "a\tb\tmany\t2"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        Ok(())
    }
}
