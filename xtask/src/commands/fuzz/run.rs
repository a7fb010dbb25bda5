//! One target under libFuzzer: running it, making a finding smaller, keeping few inputs of many.

use super::{Places, Target};
use crate::child::{Ran, run as run_child};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Seconds after which an input counts as one that never ends.
const INPUT_SECONDS: u64 = 10;
/// Memory beyond which an input counts as one that takes too much.
const MEMORY_MB: u64 = 2_048;
/// Seconds that a finding is made smaller for.
const SMALLER_SECONDS: u64 = 60;
/// Time for starting, reading the first inputs and ending.
const SPARE: Duration = Duration::from_secs(600);

/// A target and how it is to be run.
pub struct Run<'a> {
    pub places: &'a Places,
    pub target: &'a Target,
    pub seconds: u64,
    pub jobs: u32,
}

/// What became of a run.
pub struct Outcome {
    /// What libFuzzer said at the end.
    pub said: Said,
    /// How long it ran.
    pub took: Duration,
    /// What ended it early.
    pub finding: Option<Finding>,
}

/// An input that something does not hold for.
pub struct Finding {
    /// What panicked, or what libFuzzer says of it.
    pub message: String,
    /// The file with the input.
    pub input: PathBuf,
}

/// What libFuzzer reports of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub executions: u64,
    /// Edges of the program that were reached.
    pub edges: u64,
    /// Inputs that reached something new.
    pub inputs: u64,
    pub slowest_s: u64,
    pub memory_mb: u64,
}

impl Run<'_> {
    /// Runs the target.
    pub fn fuzz(&self) -> Result<Outcome> {
        let (corpus, findings) = (self.folder("corpus")?, self.folder("findings")?);
        let mut command = self.program();
        command.args([self.longest(), format!("-artifact_prefix={}/", findings.display())]);
        command.args([format!("-max_total_time={}", self.seconds), "-print_final_stats=1".to_owned()]);
        if self.jobs > 1 {
            command.arg(format!("-fork={}", self.jobs));
        }
        let started = Instant::now();
        let ran =
            self.child(command.arg(&corpus).arg(self.places.start().join(&self.target.name)), self.seconds)?;
        let log = self.places.root.join(format!("{}.log", self.target.name));
        std::fs::write(&log, &ran.stderr).with_context(|| format!("cannot write {}", log.display()))?;
        let finding = finding(&ran.stderr);
        if let (None, Some(why)) = (&finding, ran.failure()) {
            bail!("{}: {why}; see {}", self.target.name, log.display());
        }
        Ok(Outcome { said: said(&ran.stderr), took: started.elapsed(), finding })
    }

    /// The input made smaller as long as it still fails; the input itself where that does not work, as with one that
    /// takes too long.
    pub fn minimised(&self, input: &Path) -> Result<PathBuf> {
        let smaller = input.with_extension("smaller");
        let mut command = self.program();
        command.args(["-minimize_crash=1".to_owned(), format!("-max_total_time={SMALLER_SECONDS}")]);
        command.arg(format!("-exact_artifact_path={}", smaller.display())).arg(input);
        self.child(&mut command, SMALLER_SECONDS)?;
        let is_one = std::fs::metadata(&smaller).is_ok_and(|file| file.len() > 0);
        Ok(if is_one { smaller } else { input.to_owned() })
    }

    /// A folder with the smallest inputs that together reach all that was reached.
    pub fn merged(&self) -> Result<PathBuf> {
        let corpus = self.folder("corpus")?;
        let merged = self.places.root.join("merged").join(&self.target.name);
        if merged.exists() {
            std::fs::remove_dir_all(&merged).with_context(|| format!("cannot empty {}", merged.display()))?;
        }
        std::fs::create_dir_all(&merged).with_context(|| format!("cannot make {}", merged.display()))?;
        let mut command = self.program();
        command
            .args(["-merge=1".to_owned(), self.longest()])
            .arg(&merged)
            .arg(corpus)
            .arg(self.places.start().join(&self.target.name));
        self.child(&mut command, 0)?;
        Ok(merged)
    }

    /// The target's program with the bounds that always hold.
    fn program(&self) -> Command {
        let mut command = Command::new(self.places.programs.join(&self.target.name));
        command.args([format!("-timeout={INPUT_SECONDS}"), format!("-rss_limit_mb={MEMORY_MB}")]);
        let words = self.places.start().join(format!("{}.dict", self.target.name));
        if words.exists() {
            command.arg(format!("-dict={}", words.display()));
        }
        command
    }

    /// Not for making a finding smaller: libFuzzer then loses it.
    fn longest(&self) -> String {
        format!("-max_len={}", self.target.max_bytes)
    }

    fn child(&self, command: &mut Command, seconds: u64) -> Result<Ran> {
        run_child(command, Duration::from_secs(seconds) + SPARE)
    }

    fn folder(&self, kind: &str) -> Result<PathBuf> {
        let folder = self.places.root.join(kind).join(&self.target.name);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }
}

/// What libFuzzer says of its work; the places are counted up to the last line that tells them.
fn said(log: &str) -> Said {
    let last = |before: &str| {
        let at = log.rfind(before)? + before.len();
        let digits: String = log[at..].trim_start().chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    let number = |before: &str| last(before).unwrap_or(0);
    Said {
        executions: number("stat::number_of_executed_units:"),
        edges: number(" cov:"),
        inputs: number(" corp:"),
        slowest_s: number("stat::slowest_unit_time_sec:"),
        memory_mb: number("stat::peak_rss_mb:"),
    }
}

/// The finding that ended a run: the last panic before it, or libFuzzer's own words where nothing panicked.
fn finding(log: &str) -> Option<Finding> {
    let (before, after) = log.split_once("Test unit written to ")?;
    let input = PathBuf::from(after.lines().next()?.trim());
    let error = before.lines().rev().find_map(|line| line.split_once("ERROR: ")).map(|(_, words)| words);
    let mut lines = before.lines().skip_while(|line| !line.starts_with("panicked at "));
    let panicked = lines.next().map(|place| format!("{place} {}", lines.next().unwrap_or_default()));
    let message = panicked.or_else(|| error.map(str::to_owned)).unwrap_or_else(|| "it ended".to_owned());
    Some(Finding { message, input })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libfuzzer_says_is_read() {
        let log = "#1\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 30Mb\n\
                   #900\tDONE   cov: 345 ft: 678 corp: 21/1Kb lim: 90 exec/s: 30 rss: 31Mb\nDone 900 runs in 30 second(s)\n\
                   stat::number_of_executed_units: 900\nstat::slowest_unit_time_sec:    2\nstat::peak_rss_mb:    31\n";
        let expected = Said { executions: 900, edges: 345, inputs: 21, slowest_s: 2, memory_mb: 31 };
        assert_eq!(said(log), expected);
        assert!(finding(log).is_none());
        assert_eq!(said(""), Said::default());
    }

    #[test]
    fn findings_are_told_with_their_inputs() {
        let log = "#5 NEW cov: 3\npanicked at engine/a.rs:7:9:\nindex out of bounds\n==9== ERROR: libFuzzer: deadly signal\n\
                   artifact_prefix='f/'; Test unit written to f/crash-1\nBase64: AA==\n";
        let found = finding(log).map(|found| (found.message, found.input));
        assert_eq!(
            found,
            Some(("panicked at engine/a.rs:7:9: index out of bounds".to_owned(), PathBuf::from("f/crash-1")))
        );
        let log = "==9== ERROR: libFuzzer: timeout after 10 seconds\nartifact_prefix='f/'; Test unit written to f/timeout-1\n";
        assert!(finding(log).is_some_and(|found| found.message == "libFuzzer: timeout after 10 seconds"));
    }
}
