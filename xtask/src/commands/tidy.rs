//! `cargo xtask tidy`: the house rules that neither compiler nor clippy know.
//!
//! Each rule is one file here with one function from a file (or the project) to its findings; nothing is
//! changed, nothing is printed below this file. Only what git tracks or would track is looked at.

mod budget;
mod lockfile;
mod manifests;
mod marks;
mod words;

use crate::project::Project;
use crate::report::Report;
use anyhow::{Result, bail};
use std::fmt;

/// A text file of the repository.
pub struct File {
    /// Relative to the root, with `/` between folders.
    pub path: String,
    /// Its whole content.
    pub text: String,
}

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl Finding {
    /// A finding at a line, counted from 1.
    pub fn at(file: &File, line: usize, message: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Runs the command; answers whether the repository is tidy.
pub fn run(project: &Project) -> bool {
    let mut report = Report::new("tidy");
    report.step("tidy", || check(project));
    report.finish()
}

/// Prints every finding; fails if there is one.
pub fn check(project: &Project) -> Result<()> {
    let files = read(project)?;
    let mut findings: Vec<Finding> = files.iter().flat_map(file_findings).collect();
    findings.extend(manifests::findings(project)?);
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("places that break a rule: {}", findings.len());
    }
    println!("{} files, nothing found", files.len());
    Ok(())
}

fn file_findings(file: &File) -> Vec<Finding> {
    let mut findings = budget::findings(file);
    findings.extend(marks::findings(file));
    findings.extend(words::findings(file));
    findings.extend(lockfile::findings(file));
    findings
}

/// The text files; what is not UTF-8 (workbooks, pictures, fonts) has no lines to judge, and what git still lists
/// but is gone from the folder is about to leave the repository.
fn read(project: &Project) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for path in project.files()? {
        if let Ok(text) = std::fs::read_to_string(project.root.join(&path)) {
            files.push(File { path, text });
        }
    }
    if files.is_empty() {
        bail!("git lists no text file under {}", project.root.display());
    }
    Ok(files)
}

/// Whether a person writes this file as program or page, so that size and marks count.
fn is_source(path: &str) -> bool {
    const ENDINGS: [&str; 10] =
        [".rs", ".js", ".mjs", ".css", ".html", ".py", ".sh", ".sql", ".ftl", ".ci/run"];
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
fn sample(path: &str, text: &str) -> File {
    File { path: path.into(), text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_like_a_compilers() {
        let finding = Finding::at(&sample("engine/a.rs", ""), 7, "too long");
        assert_eq!(finding.to_string(), "engine/a.rs:7: too long");
    }

    #[test]
    fn every_rule_is_asked() {
        let long = "let a = 1;\n".repeat(700);
        assert_eq!(file_findings(&sample("engine/a.rs", &long)).len(), 1);
        let mark = format!("// {}: later\n", concat!("TO", "DO"));
        assert_eq!(file_findings(&sample("engine/a.rs", &mark)).len(), 1);
        let word = format!("no {} is faster\n", concat!("ri", "val"));
        assert_eq!(file_findings(&sample("README.md", &word)).len(), 1);
        let lock = "[[package]]\nname = \"aws-lc-rs\"\n";
        assert_eq!(file_findings(&sample("Cargo.lock", lock)).len(), 1);
        assert!(file_findings(&sample("engine/a.rs", "//! Fine.\n")).is_empty());
    }
}
