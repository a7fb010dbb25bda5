//! `cargo xtask examples`: writes the example workbooks anew, after their generator or the engine changed.

use crate::process::{cargo, run as run_process};
use crate::project::Project;
use crate::report::Report;

/// Runs the command; answers whether all is well.
pub fn run(project: &Project) -> bool {
    let mut report = Report::new("examples");
    report
        .step("examples", || run_process(cargo(project).args(["run", "-p", "playsheet-example-generator"])));
    report.finish()
}
