//! The report as Markdown: what is wrong at its root first, then everything by folder, format and function.

use super::judge::Tally;
use super::totals::{FileResult, Total, Totals};
use crate::markdown::{Align, Table, percent};

/// Root mismatches shown in all.
const MOST_EXAMPLES: usize = 200;

/// Writes the report.
pub fn write(files: &[FileResult], totals: &Totals) -> String {
    let mut text = String::from("# Recalculated values against cached values\n\n");
    text.push_str(&summary(&totals.all));
    section(&mut text, "By folder", &sums(totals.folders.iter().map(|(name, total)| (name.as_str(), total))));
    section(&mut text, "By format", &sums(totals.formats.iter().map(|(name, total)| (*name, total))));
    section(&mut text, "Functions with wrong cells, by roots", &functions(&totals.failing()));
    section(&mut text, "Root mismatches", &examples(files));
    section(&mut text, "Files that failed", &failures(files));
    section(&mut text, "Slowest files", &slowest(files));
    let mut all: Vec<(&str, Tally)> =
        totals.functions.iter().map(|(name, tally)| (name.as_str(), *tally)).collect();
    all.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.cells));
    section(&mut text, "All functions", &functions(&all));
    text
}

/// The result in one sentence.
pub fn summary(all: &Total) -> String {
    format!(
        "{} workbooks, {} failed; {} of {} cells right ({}), {} right on average per file, {} files right in every \
         cell; {} wrong at the root, {} without a result.\n",
        all.files,
        all.failed,
        all.matched,
        all.compared,
        percent(all.matched, all.compared),
        mean(all),
        all.perfect,
        all.roots,
        all.missing
    )
}

fn mean(total: &Total) -> String {
    if total.rated == 0 { "–".into() } else { format!("{:.2} %", 100.0 * total.rates / total.rated as f64) }
}

fn section(text: &mut String, title: &str, content: &str) {
    if !content.is_empty() {
        text.push_str(&format!("\n## {title}\n\n{content}"));
    }
}

fn sums<'a>(rows: impl Iterator<Item = (&'a str, &'a Total)>) -> String {
    let columns = [
        ("", Align::Left),
        ("files", Align::Right),
        ("failed", Align::Right),
        ("all right", Align::Right),
        ("compared", Align::Right),
        ("right", Align::Right),
        ("rate", Align::Right),
        ("mean per file", Align::Right),
        ("wrong", Align::Right),
        ("no result", Align::Right),
        ("roots", Align::Right),
        ("external right/all", Align::Right),
        ("left out", Align::Right),
    ];
    let mut table = Table::new(&columns);
    for (name, total) in rows {
        table.row([
            name.to_owned(),
            total.files.to_string(),
            total.failed.to_string(),
            total.perfect.to_string(),
            total.compared.to_string(),
            total.matched.to_string(),
            percent(total.matched, total.compared),
            mean(total),
            (total.compared - total.matched - total.missing).to_string(),
            total.missing.to_string(),
            total.roots.to_string(),
            format!("{}/{}", total.external.1, total.external.0),
            total.left_out.to_string(),
        ]);
    }
    table.into_text()
}

fn functions(rows: &[(&str, Tally)]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let right = Align::Right;
    let mut table = Table::new(&[
        ("function", Align::Left),
        ("cells", right),
        ("right", right),
        ("rate", right),
        ("roots", right),
    ]);
    for (name, tally) in rows {
        table.row([
            (*name).to_owned(),
            tally.cells.to_string(),
            tally.matched.to_string(),
            percent(tally.matched, tally.cells),
            tally.roots.to_string(),
        ]);
    }
    table.into_text()
}

fn examples(files: &[FileResult]) -> String {
    let roots: u64 = files.iter().map(|file| file.verdict.roots).sum();
    let all = files.iter().flat_map(|file| file.verdict.examples.iter().map(move |example| (file, example)));
    let left = Align::Left;
    let mut table = Table::new(&[
        ("file", left),
        ("cell", left),
        ("formula", left),
        ("cached", left),
        ("computed", left),
    ]);
    let mut shown = 0;
    for (file, example) in all.take(MOST_EXAMPLES) {
        shown += 1;
        table.row([
            file.path.clone(),
            example.place.clone(),
            example.formula.chars().take(120).collect(),
            example.expected.shown(),
            example.found.as_ref().map_or("no result".into(), crate::values::Value::shown),
        ]);
    }
    match shown {
        0 => String::new(),
        _ => format!("{shown} of {roots}.\n\n{}", table.into_text()),
    }
}

fn failures(files: &[FileResult]) -> String {
    let failed = files.iter().filter_map(|file| Some((file, file.failure.as_ref()?)));
    failed.map(|(file, why)| format!("- {}: {why}\n", file.path)).collect()
}

/// The files that took longest, with the time of the whole program.
fn slowest(files: &[FileResult]) -> String {
    let mut by_time: Vec<&FileResult> = files.iter().collect();
    by_time.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    by_time.iter().take(10).map(|file| format!("- {}: {:.2} s\n", file.path, file.seconds)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::judge::{Example, Verdict};
    use super::*;
    use crate::values::Value;

    #[test]
    fn the_report_tells_roots_and_failures() {
        let example = Example {
            place: "S!A1".into(),
            formula: "SUM(1)".into(),
            expected: Value::Number(1.0),
            found: Some(Value::Error("#N/A".into())),
        };
        let tally = Tally { cells: 2, matched: 1, roots: 1 };
        let verdict = Verdict {
            compared: 2,
            matched: 1,
            roots: 1,
            functions: [("SUM".to_owned(), tally)].into(),
            examples: vec![example],
            ..Verdict::default()
        };
        let good =
            FileResult { path: "a/x.xlsx".into(), ending: "xlsx", verdict, failure: None, seconds: 0.1 };
        let bad = FileResult {
            path: "b.xls".into(),
            ending: "xls",
            verdict: Verdict::default(),
            failure: Some("not done after 10 s".into()),
            seconds: 10.0,
        };
        let files = [good, bad];
        let text = write(&files, &Totals::of(&files));
        assert!(text.contains("2 workbooks, 1 failed; 1 of 2 cells right (50.00 %)"), "{text}");
        assert!(text.contains("| a/x.xlsx | S!A1 | SUM(1) | 1 | #N/A |"), "{text}");
        assert!(text.contains("- b.xls: not done after 10 s"), "{text}");
        assert!(text.contains("| SUM | 2 | 1 | 50.00 % | 1 |"), "{text}");
    }
}
