//! Installing packages on Debian and its descendants, without a question and without starting any service.

use super::needs::{Need, has_program};
use crate::process::{in_ci, line, succeeds};
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

/// Said to apt and to the packages' scripts: ask nothing, start no service (as in the runlevel for maintenance).
const QUIETLY: [&str; 2] = ["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"];

/// Whether this is such a system.
pub fn is_here() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    is_debian(&release) && has_program("apt-get")
}

fn is_debian(release: &str) -> bool {
    release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split(' '))
        .any(|id| id == "debian" || id == "ubuntu")
}

/// Installs the packages of these needs; apt's own words go to a log file, whose end is shown on failure.
pub fn install(project: &Project, needs: &[&Need]) -> Result<()> {
    let folder = project.test_tools();
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let log = folder.join("apt.log");
    if let Err(error) = apt_get(&["update"], &log) {
        println!("{error:#}; going on with the lists of packages that are here");
    }
    let packages = needs.iter().map(|need| available(need)).collect::<Result<Vec<_>>>()?;
    println!("installing {}", packages.join(" "));
    let mut args = vec!["install", "-y", "--no-install-recommends"];
    args.extend(packages);
    apt_get(&args, &log)
}

/// The first of the need's packages that this release has.
fn available(need: &Need) -> Result<&'static str> {
    let found = need.packages.iter().find(|package| {
        let output = Command::new("apt-cache").args(["policy", package]).env("LC_ALL", "C").output();
        output.is_ok_and(|output| has_candidate(&String::from_utf8_lossy(&output.stdout)))
    });
    found
        .copied()
        .with_context(|| format!("{}: apt knows no package {}", need.purpose, need.packages.join(" or ")))
}

fn has_candidate(policy: &str) -> bool {
    policy
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Candidate: "))
        .any(|version| version != "(none)")
}

fn apt_get(args: &[&str], log: &Path) -> Result<()> {
    let mut command = as_root();
    command.args(["apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]).args(args);
    let what = line(&command);
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let status = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .with_context(|| format!("cannot start {what}"))?;
    if !status.success() {
        bail!("{what}: {status}\n{}", end_of(log));
    }
    Ok(())
}

/// `env` with the quiet surroundings, behind `sudo` unless this is root already; in CI sudo must not ask.
fn as_root() -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let mut command = if root {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        if in_ci() {
            sudo.arg("-n");
        } else if !succeeds(Command::new("sudo").args(["-n", "true"])) {
            println!("sudo may ask for your password, to install packages");
        }
        sudo.arg("env");
        sudo
    };
    command.args(QUIETLY);
    command
}

fn end_of(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(15)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_descendants_are_recognised() {
        assert!(is_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(is_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian("ID=fedora\nVERSION_ID=40\n"));
        assert!(!is_debian(""));
    }

    #[test]
    fn a_package_without_candidate_cannot_be_installed() {
        assert!(has_candidate("xvfb:\n  Installed: (none)\n  Candidate: 2:21.1.7-3\n"));
        assert!(!has_candidate("chromium:\n  Installed: (none)\n  Candidate: (none)\n"));
        assert!(!has_candidate(""));
    }
}
