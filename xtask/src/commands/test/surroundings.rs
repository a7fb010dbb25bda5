//! Brings the tests' surroundings into shape: installs what is missing where that is known to work (Debian and
//! its descendants), and says what is missing everywhere else.

use super::{apt, needs, python};
use crate::project::Project;
use anyhow::{Result, bail};

/// Installs what is missing if `install` says so. Where nothing can be installed the tests go on without it, and
/// those that need it say that they are skipped.
pub fn prepare(project: &Project, install: bool) -> Result<()> {
    let missing = needs::missing();
    if !missing.is_empty() {
        println!("missing:");
        for need in &missing {
            println!("  {} (Debian: {})", need.purpose, need.packages.join(" or "));
        }
        if install && apt::is_here() {
            apt::install(project, &missing)?;
            still_missing()?;
        } else {
            println!("install these by hand; tests that need them are skipped without");
        }
    }
    if install {
        python::prepare(project)?;
    }
    if are_complete(project) {
        println!("everything that the tests need is here");
    }
    Ok(())
}

/// Whether nothing is missing, so that no test may be skipped.
pub fn are_complete(project: &Project) -> bool {
    needs::missing().is_empty() && python::is_prepared(project)
}

fn still_missing() -> Result<()> {
    let missing: Vec<&str> = needs::missing().iter().map(|need| need.purpose).collect();
    if !missing.is_empty() {
        bail!("installed, and still not found: {}", missing.join(", "));
    }
    Ok(())
}
