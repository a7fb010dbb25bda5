//! Files' results added up by folder, by format and by function.

use super::judge::{Tally, Verdict};
use std::collections::BTreeMap;

/// What became of one file.
pub struct FileResult {
    /// Its path below the folder, with `/` between folders.
    pub path: String,
    /// Its ending.
    pub ending: &'static str,
    /// The comparison; empty where the file could not be read.
    pub verdict: Verdict,
    /// Why the file failed, where it did.
    pub failure: Option<String>,
    /// Seconds that the recalculation took.
    pub seconds: f64,
}

/// Sums over some files.
#[derive(Debug, Default, PartialEq)]
pub struct Total {
    /// All files.
    pub files: u64,
    /// Files that failed.
    pub failed: u64,
    /// Files right in every compared cell, of those with one.
    pub perfect: u64,
    /// Files with a compared cell.
    pub rated: u64,
    /// The sum of their rates.
    pub rates: f64,
    /// Cells compared.
    pub compared: u64,
    /// Of these, right.
    pub matched: u64,
    /// Of these, without any result.
    pub missing: u64,
    /// Wrong cells where the wrong begins.
    pub roots: u64,
    /// Formulas on other workbooks or servers: all, and right ones.
    pub external: (u64, u64),
    /// Cells left out.
    pub left_out: u64,
}

impl Total {
    /// Adds a file.
    pub fn add(&mut self, file: &FileResult) {
        let verdict = &file.verdict;
        self.files += 1;
        self.failed += u64::from(file.failure.is_some());
        if verdict.compared > 0 {
            self.perfect += u64::from(verdict.compared == verdict.matched);
            self.rated += 1;
            self.rates += verdict.matched as f64 / verdict.compared as f64;
        }
        self.compared += verdict.compared;
        self.matched += verdict.matched;
        self.missing += verdict.missing;
        self.roots += verdict.roots;
        self.external.0 += verdict.external.0;
        self.external.1 += verdict.external.1;
        self.left_out += verdict.left_out;
    }
}

/// All sums.
#[derive(Default)]
pub struct Totals {
    /// By the first folder of the path, or the name of a file that lies in none.
    pub folders: BTreeMap<String, Total>,
    /// By ending.
    pub formats: BTreeMap<&'static str, Total>,
    /// By function.
    pub functions: BTreeMap<String, Tally>,
    /// Of everything.
    pub all: Total,
}

impl Totals {
    /// Adds all files up.
    pub fn of(files: &[FileResult]) -> Self {
        let mut totals = Self::default();
        for file in files {
            let folder = file.path.split('/').next().unwrap_or_default().to_owned();
            totals.folders.entry(folder).or_default().add(file);
            totals.formats.entry(file.ending).or_default().add(file);
            totals.all.add(file);
            for (name, tally) in &file.verdict.functions {
                let sum = totals.functions.entry(name.clone()).or_default();
                sum.cells += tally.cells;
                sum.matched += tally.matched;
                sum.roots += tally.roots;
            }
        }
        totals
    }

    /// The functions with wrong cells, most roots first.
    pub fn failing(&self) -> Vec<(&str, Tally)> {
        let mut failing: Vec<(&str, Tally)> = self
            .functions
            .iter()
            .filter(|(_, tally)| tally.matched < tally.cells)
            .map(|(name, tally)| (name.as_str(), *tally))
            .collect();
        failing.sort_by_key(|(_, tally)| std::cmp::Reverse((tally.roots, tally.cells - tally.matched)));
        failing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, compared: u64, matched: u64) -> FileResult {
        let tally = Tally { cells: compared, matched, roots: compared - matched };
        let functions = [("SUM".to_owned(), tally)].into();
        let verdict =
            Verdict { compared, matched, roots: compared - matched, functions, ..Verdict::default() };
        FileResult { path: path.into(), ending: "xlsx", verdict, failure: None, seconds: 0.0 }
    }

    #[test]
    fn folders_formats_and_functions_are_added_up() {
        let mut broken = file("b/z.xls", 0, 0);
        (broken.ending, broken.failure) = ("xls", Some("encrypted".into()));
        let totals = Totals::of(&[file("a/x.xlsx", 4, 4), file("a/b/y.xlsx", 4, 1), broken]);
        let a = totals.folders.get("a");
        assert_eq!(
            a.map(|total| (total.files, total.perfect, total.rated, total.matched)),
            Some((2, 1, 2, 5))
        );
        assert_eq!(a.map(|total| total.rates), Some(1.25));
        assert_eq!(totals.formats.get("xls").map(|total| (total.failed, total.rated)), Some((1, 0)));
        assert_eq!(totals.all.compared, 8);
        assert_eq!(totals.failing(), [("SUM", Tally { cells: 8, matched: 5, roots: 3 })]);
    }
}
