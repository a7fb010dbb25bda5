//! Known differences from Excel: a file in each room, each row with what differs, what it concerns, and what shows it.
//!
//! What shows it is a test or a case that runs, cited as `file: text`. In a .rs file the text is the name of a test;
//! elsewhere the file holds cases, and one line of it has the text, a tabulator counting as a blank. A citation that names
//! nothing is an error, and so is a function's case that says it differs from Excel and is not cited.

use super::functions::Functions;
use super::rows;
use super::truth::DIFFERS;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::path::Path;

/// The chapters of the page with their files.
const ROOMS: [(&str, &[&str]); 5] = [
    ("Functions", &["engine/functions/differences.tsv"]),
    ("Calculation", &["engine/calc/differences.tsv"]),
    ("Number formats and typed text", &["engine/numfmt/differences.tsv"]),
    ("Files", &["engine/formats/differences.tsv", "engine/export/differences.tsv"]),
    ("App definitions", &["engine/view/differences.tsv"]),
];

/// A chapter.
pub struct Room {
    /// Its heading.
    pub title: &'static str,
    /// What differs there.
    pub differences: Vec<Difference>,
}

/// One difference.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// In plain words.
    pub what: String,
    /// The functions that it concerns, or an area in words.
    pub concerns: String,
    /// What shows it, at least one.
    pub shown_by: Vec<Citation>,
}

/// A test or a case.
#[derive(Debug, PartialEq, Eq)]
pub struct Citation {
    /// Relative to the root.
    pub file: String,
    /// The name of a test, or a part of the case's line.
    pub text: String,
}

impl Difference {
    /// The functions that it concerns.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.concerns.split(',').map(str::trim)
    }
}

/// Reads all rooms and looks up every citation; fails with all that is wrong.
pub fn read(root: &Path, functions: &Functions) -> Result<Vec<Room>> {
    let names: BTreeSet<&str> = functions.all.iter().map(|function| function.name.as_str()).collect();
    let mut rooms = Vec::new();
    let mut wrong = Vec::new();
    let mut cited = BTreeSet::new();
    for (title, files) in ROOMS {
        let mut differences = Vec::new();
        for file in files {
            let text =
                std::fs::read_to_string(root.join(file)).with_context(|| format!("{file} cannot be read"))?;
            for (line, fields) in rows(&text) {
                let difference = parse(&fields).with_context(|| format!("{file}:{line}"))?;
                if file.starts_with("engine/functions/") {
                    let unknown = difference.functions().filter(|name| !names.contains(name));
                    wrong.extend(unknown.map(|name| format!("{file}:{line}: there is no function {name}")));
                }
                for citation in &difference.shown_by {
                    match look_up(root, citation) {
                        Ok(line) => _ = cited.insert(format!("{}:{line}", citation.file)),
                        Err(error) => wrong.push(format!("{file}:{line}: {error:#}")),
                    }
                }
                differences.push(difference);
            }
        }
        rooms.push(Room { title, differences });
    }
    let hidden = functions.differing.iter().filter(|place| !cited.contains(*place));
    wrong.extend(
        hidden.map(|place| format!("{place}: its source says \"{DIFFERS}\", and no difference cites it")),
    );
    if !wrong.is_empty() {
        bail!("known differences:\n{}", wrong.join("\n"));
    }
    Ok(rooms)
}

fn parse(fields: &[&str]) -> Result<Difference> {
    let [what, concerns, shown_by @ ..] = fields else {
        bail!("what differs, what it concerns, what shows it")
    };
    if what.is_empty() || concerns.is_empty() || shown_by.is_empty() {
        bail!("a difference without words, area or anything that shows it");
    }
    let citation = |text: &&str| {
        let (file, text) = text.split_once(": ").with_context(|| format!("{text:?} is no `file: text`"))?;
        Ok(Citation { file: file.into(), text: text.into() })
    };
    let shown_by: Result<Vec<Citation>> = shown_by.iter().map(citation).collect();
    Ok(Difference { what: (*what).into(), concerns: (*concerns).into(), shown_by: shown_by? })
}

/// The line, counted from 1, of the test or case that a citation names.
fn look_up(root: &Path, citation: &Citation) -> Result<usize> {
    let Citation { file, text } = citation;
    let content =
        std::fs::read_to_string(root.join(file)).with_context(|| format!("{file} cannot be read"))?;
    let found = if file.ends_with(".rs") {
        test_line(&content, text)
    } else if file.contains("/cases/") {
        content.lines().position(|line| line.replace('\t', " ").contains(text.as_str()))
    } else {
        bail!("{file} is neither a test nor a file of cases");
    };
    found.map(|index| index + 1).with_context(|| format!("{file} has nothing that is called {text:?}"))
}

/// Where a test of that name begins: attributes may stand between the mark of a test and its head.
fn test_line(content: &str, name: &str) -> Option<usize> {
    let head = format!("fn {name}(");
    let lines: Vec<&str> = content.lines().map(str::trim).collect();
    lines.iter().enumerate().position(|(index, line)| {
        let above = lines.get(..index).unwrap_or_default().iter().rev();
        line.starts_with(&head)
            && above.take_while(|line| line.starts_with("#[")).any(|line| *line == "#[test]")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_words_and_citations() -> Result<()> {
        let found = parse(&["a", "LEFT, MID", "x.rs: b", "y/cases/c.tsv: LEFT [1]"])?;
        assert_eq!(found.functions().collect::<Vec<_>>(), ["LEFT", "MID"]);
        assert_eq!(found.shown_by.len(), 2);
        for bad in [&["a", "b"][..], &["", "b", "x.rs: c"], &["a", "b", "x.rs"]] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        Ok(())
    }

    #[test]
    fn a_citation_names_a_test_or_a_case() -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let here = "src/commands/compatibility/differences.rs";
        let ask = |file: &str, text: &str| look_up(root, &Citation { file: file.into(), text: text.into() });
        assert!(ask(here, "rows_have_words_and_citations")? > 100);
        assert!(ask(here, "look_up").is_err(), "no test");
        assert!(ask(here, "nowhere").is_err());
        assert!(ask("src/gone.rs", "nowhere").is_err());
        let cases = "../engine/functions/cases/text/cut.tsv";
        assert!(ask(cases, r#"LEFT ["Sale Price",4]"#).is_ok());
        assert!(ask(cases, r#"LEFT ["Sale Price",44]"#).is_err());
        assert!(ask("../README.md", "Playsheet").is_err(), "no file of cases");
        Ok(())
    }

    #[test]
    fn attributes_may_stand_above_a_test() {
        assert_eq!(test_line("#[test]\n#[cfg(unix)]\nfn a() {}\n", "a"), Some(2));
        assert_eq!(test_line("#[test]\nfn b() {}\nfn a() {}\n", "a"), None);
    }
}
