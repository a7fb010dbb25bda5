//! The sum of what cargo prints at the end of each test binary:
//! `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`.

use std::fmt;

/// How many tests there were, over all test binaries.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Tests that ran and passed.
    pub passed: u64,
    /// Tests that ran and failed.
    pub failed: u64,
    /// Tests that were switched off.
    pub skipped: u64,
}

impl Totals {
    /// Adds the line if it is such a line.
    pub fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else { return };
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
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.01s",
            "9 passed; 9 failed",
            "test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 0 filtered out; finished in 12.50s",
        ] {
            totals.add(line);
        }
        assert_eq!(totals, Totals { passed: 5, failed: 1, skipped: 4 });
        assert_eq!(totals.to_string(), "5 passed, 1 failed, 4 skipped");
        assert_eq!(Totals::default().to_string(), "0 passed, 0 failed");
    }
}
