//! The file budget: 600 lines without tests.
//!
//! A file that is better long says so in a comment among its first lines, with the reason:
//! `// Longer than the budget because ...`.

use super::{File, Finding, is_source};

/// Lines that a file may have, tests not counted.
const BUDGET: usize = 600;

/// How far down the reason for a longer file may stand, so that a reader meets it first.
const REASON_WITHIN: usize = 20;

/// At most one finding: the file is longer than the budget and does not say why.
pub fn findings(file: &File) -> Vec<Finding> {
    if !is_source(&file.path) || is_test(&file.path) {
        return Vec::new();
    }
    let lines = lines_without_tests(&file.text);
    if lines <= BUDGET || gives_reason(&file.text) {
        return Vec::new();
    }
    let message = format!(
        "{lines} lines without tests, the budget is {BUDGET}: split it, or open it with \
         `// Longer than the budget because ...`"
    );
    vec![Finding::at(file, 1, message)]
}

/// Whether the whole file is a test: it lies in a folder `tests` inside a crate, or is a module of tests.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs")
}

fn gives_reason(text: &str) -> bool {
    text.lines()
        .take(REASON_WITHIN)
        .filter_map(|line| line.split_once("Longer than the budget because "))
        .any(|(_, reason)| !reason.trim_matches(['.', ' ']).is_empty())
}

/// Counts lines outside `#[cfg(test)] mod ... { }`; rustfmt puts the closing brace of such a module at the
/// beginning of a line.
fn lines_without_tests(text: &str) -> usize {
    let mut count = 0;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opens = line == "#[cfg(test)]"
            && lines.peek().is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'));
        if opens {
            lines.by_ref().find(|line| *line == "}");
        } else {
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_module_of_tests_does_not_count() {
        let text = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n";
        assert_eq!(lines_without_tests(text), 3);
        assert_eq!(lines_without_tests("#[cfg(test)]\nfn helper() {}\n"), 2);
    }

    #[test]
    fn the_budget_is_exact() {
        assert!(findings(&sample("a/src/lib.rs", &"x\n".repeat(600))).is_empty());
        assert_eq!(findings(&sample("a/src/lib.rs", &"x\n".repeat(601))).len(), 1);
    }

    #[test]
    fn tests_and_data_have_no_budget() {
        let long = "x\n".repeat(601);
        for path in ["a/tests/all.rs", "a/src/tests.rs", "a/cases/all.json", "Cargo.lock"] {
            assert!(findings(&sample(path, &long)).is_empty(), "{path}");
        }
        assert_eq!(findings(&sample("tests/src/lib.rs", &long)).len(), 1);
    }

    #[test]
    fn a_reason_lifts_the_budget_and_an_empty_one_does_not() {
        let long = "x\n".repeat(601);
        let with = |reason: &str| format!("// Longer than the budget because {reason}\n{long}");
        assert!(findings(&sample("a/b.rs", &with("it is one table."))).is_empty());
        assert_eq!(findings(&sample("a/b.rs", &with("..."))).len(), 1);
        let late = format!("{long}// Longer than the budget because it is one table.\n");
        assert_eq!(findings(&sample("a/b.rs", &late)).len(), 1);
    }
}
