//! `cargo xtask check`: what is quick to know, before a commit.

use super::tidy;
use crate::process::{cargo, run as run_process};
use crate::project::Project;
use crate::report::Report;

/// Runs the command; answers whether all is well.
pub fn run(project: &Project) -> bool {
    let mut report = Report::new("check");
    steps(project, &mut report);
    report.finish()
}

/// Format, hygiene, lints: `cargo xtask test` begins with the same.
pub fn steps(project: &Project, report: &mut Report) {
    report.step("format", || run_process(cargo(project).args(["fmt", "--all", "--check"])));
    report.step("tidy", || tidy::check(project));
    report.step("lints", || {
        run_process(cargo(project).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    });
}
