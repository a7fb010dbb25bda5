//! The sum of what cargo prints at the end of each test program, and which of them took longest:
//! `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
//!
//! Which program a result belongs to is said on the other stream; the first test's name tells it as well.

use std::fmt;

/// How many tests there were, over all test binaries.
#[derive(Debug, Default)]
pub struct Totals {
    /// Tests that ran and passed.
    pub passed: u64,
    /// Tests that ran and failed.
    pub failed: u64,
    /// Tests that were switched off.
    pub skipped: u64,
    /// The name of a test of the program that runs.
    current: Option<String>,
    /// Seconds and a test of each program that took more than a moment.
    slow: Vec<(f64, String)>,
}

/// From here on, in seconds, a test program is worth naming.
const WORTH_NAMING_S: f64 = 20.0;

impl Totals {
    /// Adds the line if it is such a line.
    pub fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            let name = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "));
            if let (Some((name, _)), None) = (name, &self.current) {
                self.current = Some(name.to_owned());
            }
            return;
        };
        let took = result.rsplit_once("finished in ").and_then(|(_, took)| took.trim().strip_suffix('s'));
        let test = self.current.take().unwrap_or_default();
        if let Some(took) = took.and_then(|took| took.parse().ok()).filter(|took| *took >= WORTH_NAMING_S) {
            self.slow.push((took, test));
        }
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(word), None) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else { continue };
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }
}

impl Totals {
    /// A line for each of the slowest test programs, slowest first.
    pub fn slowest(&self) -> String {
        let mut slow: Vec<&(f64, String)> = self.slow.iter().collect();
        slow.sort_by(|one, other| other.0.total_cmp(&one.0));
        let line = |(took, test): &(f64, String)| format!("{took:>7.1} s  the tests around {test}\n");
        slow.into_iter().take(10).map(line).collect()
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_binaries_are_summed() {
        let mut totals = Totals::default();
        for line in [
            "running 3 tests",
            "test sums::are_right ... ok",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.01s",
            "9 passed; 9 failed",
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test slow::first ... ok",
            "test slow::second ... ok",
            "test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 0 filtered out; finished in 92.50s",
        ] {
            totals.add(line);
        }
        assert_eq!((totals.passed, totals.failed, totals.skipped), (5, 1, 4));
        assert_eq!(totals.slowest(), "   92.5 s  the tests around slow::first\n");
        assert_eq!(totals.to_string(), "5 passed, 1 failed, 4 skipped");
        assert_eq!(Totals::default().to_string(), "0 passed, 0 failed");
    }
}
