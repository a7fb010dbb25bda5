//! The goals, as data: `engine/comparison/goals.tsv`.
//!
//! A line names a workload, a measure, the part of the best other engine's figure that is allowed (`-` for none),
//! and a limit that holds at full size on any machine (`-` for none): milliseconds for the 95th percentile of a series
//! of edits, MB for memory.

use anyhow::{Context, Result, bail};

/// One goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The workload.
    pub workload: String,
    /// `load`, `calc`, `memory`, `cpu` or a series of edits.
    pub measure: String,
    /// Allowed part of the best other engine's figure.
    pub ratio: Option<f64>,
    /// Allowed milliseconds or MB at full size.
    pub limit: Option<f64>,
}

/// Whether a goal is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All that could be measured is within bounds.
    Met,
    /// Something is not.
    Missed,
    /// Nothing could be measured.
    Open,
}

impl Verdict {
    /// As it stands in the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "**missed**",
            Self::Open => "–",
        }
    }
}

impl Goal {
    /// Judges a ratio and an absolute figure, where they are known.
    pub fn judge(&self, ratio: Option<f64>, figure: Option<f64>) -> Verdict {
        let checks = [self.ratio.zip(ratio), self.limit.zip(figure)];
        let mut known = checks.iter().flatten().peekable();
        if known.peek().is_none() {
            return Verdict::Open;
        }
        if known.all(|(allowed, found)| found <= allowed) { Verdict::Met } else { Verdict::Missed }
    }
}

/// Reads the goals.
pub fn read(text: &str) -> Result<Vec<Goal>> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(line, number)| goal(line).with_context(|| format!("line {number} of the goals"))).collect()
}

fn goal(line: &str) -> Result<Goal> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [workload, measure, ratio, limit] = fields.as_slice() else {
        bail!("{} fields where there are four", fields.len());
    };
    Ok(Goal {
        workload: (*workload).into(),
        measure: (*measure).into(),
        ratio: bound(ratio)?,
        limit: bound(limit)?,
    })
}

fn bound(text: &str) -> Result<Option<f64>> {
    match text {
        "-" => Ok(None),
        text => text.parse().map(Some).with_context(|| format!("{text} is neither a number nor -")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::workloads::SHAPES;
    use super::*;
    use std::collections::BTreeSet;

    /// The file itself: every measure of every workload once, and none that does not exist.
    #[test]
    fn the_goals_cover_every_measure() -> Result<()> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/comparison/goals.tsv");
        let goals = read(&std::fs::read_to_string(path)?)?;
        let named: BTreeSet<(&str, &str)> =
            goals.iter().map(|goal| (goal.workload.as_str(), goal.measure.as_str())).collect();
        assert_eq!(named.len(), goals.len(), "one goal a measure");
        let mut expected = BTreeSet::new();
        for shape in &SHAPES {
            expected.extend(["load", "calc", "memory", "cpu"].map(|measure| (shape.name, measure)));
            expected.extend(shape.at(0.0).edits.iter().map(|edit| (shape.name, edit.id)));
        }
        assert_eq!(named, expected);
        Ok(())
    }

    #[test]
    fn lines_are_read_and_bad_ones_named() -> Result<()> {
        let goals = read("# remark\n\ngrid\tmemory\t1.0\t100\nchain\thead\t0.3\t-\n")?;
        assert_eq!(goals.len(), 2);
        assert_eq!(goals.first().map(|goal| (goal.ratio, goal.limit)), Some((Some(1.0), Some(100.0))));
        for bad in ["grid\tload\t1\n", "grid\tload\tx\t-\n"] {
            assert!(read(bad).is_err_and(|error| error.to_string().contains("line 1")));
        }
        Ok(())
    }

    #[test]
    fn what_is_not_measured_is_not_judged() {
        let goal =
            Goal { workload: "grid".into(), measure: "memory".into(), ratio: Some(1.0), limit: Some(100.0) };
        assert_eq!(goal.judge(Some(1.0), Some(100.0)), Verdict::Met);
        assert_eq!(goal.judge(Some(0.5), Some(101.0)), Verdict::Missed);
        assert_eq!(goal.judge(Some(1.1), None), Verdict::Missed);
        assert_eq!(goal.judge(None, Some(1.0)), Verdict::Met);
        assert_eq!(goal.judge(None, None), Verdict::Open);
    }
}
