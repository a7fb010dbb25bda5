//! Brings the tests' surroundings into shape: installs what is missing where that is known to work (Debian and
//! its descendants), and says what is missing everywhere else.

use super::{apt, needs, python};
use crate::project::Project;
use anyhow::{Result, bail};

/// Installs what is missing if `install` says so. Where nothing can be installed the tests go on without it, and
/// those that need it fail by name.
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
            println!("install these by hand; tests that need them fail without");
        }
    }
    if install {
        python::prepare(project)?;
    }
    if needs::missing().is_empty() {
        println!("everything that the tests need is here");
    }
    Ok(())
}

fn still_missing() -> Result<()> {
    let missing: Vec<&str> = needs::missing().iter().map(|need| need.purpose).collect();
    if !missing.is_empty() {
        bail!("installed, and still not found: {}", missing.join(", "));
    }
    Ok(())
}
