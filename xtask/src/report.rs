//! The steps of a command: each is announced, timed and remembered, and the last line says how it all went.
//!
//! A step that fails does not stop the next one, so that one run tells everything that is wrong.

use anyhow::Result;
use std::time::{Duration, Instant};

/// What a command has done up to now.
pub struct Report {
    command: &'static str,
    started: Instant,
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    failed: Option<String>,
}

impl Report {
    /// A report for `cargo xtask <command>`.
    pub fn new(command: &'static str) -> Self {
        Self { command, started: Instant::now(), steps: Vec::new() }
    }

    /// Does one step and answers whether it went well.
    pub fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        println!("\n== {name}");
        let started = Instant::now();
        let failed = work().err().map(|error| format!("{error:#}"));
        if let Some(message) = &failed {
            println!("{name}: {message}");
        }
        let good = failed.is_none();
        self.steps.push(Step { name, took: started.elapsed(), failed });
        good
    }

    /// Prints what each step did and the overall line; answers whether all went well.
    pub fn finish(self) -> bool {
        println!();
        for step in &self.steps {
            let word = if step.failed.is_none() { "ok" } else { "FAILED" };
            println!("{:<14}{word:<8}{}", step.name, duration(step.took));
        }
        let line = self.overall(self.started.elapsed());
        println!("{line}");
        self.steps.iter().all(|step| step.failed.is_none())
    }

    fn overall(&self, took: Duration) -> String {
        let failed: Vec<&str> =
            self.steps.iter().filter(|step| step.failed.is_some()).map(|step| step.name).collect();
        let took = duration(took);
        if failed.is_empty() {
            format!("cargo xtask {}: all green in {took}", self.command)
        } else {
            format!("cargo xtask {}: FAILED in {} after {took}", self.command, failed.join(", "))
        }
    }
}

/// A duration as a person says it: `4.2 s`, `12 min 3 s`.
fn duration(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn a_failed_step_fails_the_whole_and_is_named() {
        let mut report = Report::new("check");
        assert!(!report.step("first", || bail!("broken")));
        assert!(report.step("second", || Ok(())));
        assert_eq!(
            report.overall(Duration::from_secs(125)),
            "cargo xtask check: FAILED in first after 2 min 5 s"
        );
        assert!(!report.finish());
    }

    #[test]
    fn all_good_steps_are_green() {
        let mut report = Report::new("check");
        assert!(report.step("only", || Ok(())));
        assert_eq!(report.overall(Duration::from_millis(1240)), "cargo xtask check: all green in 1.2 s");
        assert!(report.finish());
    }
}
