//! `cargo xtask compatibility`: COMPATIBILITY.md, written from the cases.
//!
//! Everything on the page stands in data files: the functions that Excel has, the cases, the known differences of each
//! room (`differences.tsv`, each with what shows it) and what is left on real workbooks. A test of this crate fails while
//! the page is another than these files give.

mod differences;
#[path = "../../../engine/functions/tests/counting/formulas.rs"]
mod formulas;
mod functions;
mod mismatches;
mod page;
mod truth;

use crate::project::Project;
use anyhow::{Context, Result};
use std::path::Path;

/// The page, relative to the root.
const PAGE: &str = "COMPATIBILITY.md";

/// Writes the page; the answer is always that all went well.
pub fn run(project: &Project) -> Result<bool> {
    let text = text(&project.root)?;
    std::fs::write(project.root.join(PAGE), text).with_context(|| format!("{PAGE} cannot be written"))?;
    println!("{PAGE} is written");
    Ok(true)
}

/// What the page should be.
fn text(root: &Path) -> Result<String> {
    let functions = functions::read(root)?;
    let rooms = differences::read(root, &functions)?;
    let mismatches = mismatches::read(root)?;
    Ok(page::write(&functions, &rooms, &mismatches))
}

/// The lines of a data file that are no remarks, each with its number and its fields.
fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(index, line)| (index + 1, line.split('\t').collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_what_the_cases_say() -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the root is above xtask")?;
        let found = std::fs::read_to_string(root.join(PAGE))?;
        let expected = text(root)?;
        let differs =
            found.lines().zip(expected.lines()).zip(1..).find(|((found, expected), _)| found != expected);
        assert!(
            found == expected,
            "{PAGE} is not what the cases say: run `cargo xtask compatibility`. First difference: {differs:?}"
        );
        Ok(())
    }

    #[test]
    fn remarks_and_empty_lines_are_no_rows() {
        let found: Vec<_> = rows("# a\n\nb\tc\n").collect();
        assert_eq!(found, [(3, vec!["b", "c"])]);
    }
}
