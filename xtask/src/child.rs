//! Other programs with a time limit: what they print, how they end, what processor time they take.

use anyhow::{Context, Result};
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(4);

/// Linux counts processor time in hundredths of a second, whatever its clock does inside.
const TICKS_PER_SECOND: f64 = 100.0;

/// What became of a program.
pub struct Ran {
    /// How it ended; `None` where the time limit ended it.
    pub status: Option<ExitStatus>,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it complained about.
    pub stderr: String,
}

impl Ran {
    /// Why the run is of no use, or `None` where it is.
    pub fn failure(&self, limit: Duration) -> Option<String> {
        match self.status {
            None => Some(format!("not done after {} s", limit.as_secs())),
            Some(status) if status.success() => None,
            Some(status) => {
                let last = self.stderr.trim().lines().last().unwrap_or_default();
                Some(format!("{status}: {}", last.chars().take(200).collect::<String>()))
            }
        }
    }
}

/// Runs a program without an input and ends it, with all that it started, when the limit is over.
pub fn run(command: &mut Command, limit: Duration) -> Result<Ran> {
    let what = crate::process::line(command);
    alone(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {what}"))?;
    let stdout = reader(child.stdout.take());
    let stderr = reader(child.stderr.take());
    let until = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait().with_context(|| format!("cannot wait for {what}"))? {
            break Some(status);
        }
        if Instant::now() >= until {
            end(&mut child);
            break None;
        }
        thread::sleep(LOOK);
    };
    let stderr = String::from_utf8_lossy(&stderr.join().unwrap_or_default()).into_owned();
    Ok(Ran { status, stdout: stdout.join().unwrap_or_default(), stderr })
}

/// Reads a pipe to its end on a thread of its own, so that neither side waits for the other.
fn reader(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // A pipe that breaks holds what came until then.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// A process group of its own, so that what the program starts in turn can be ended with it.
#[cfg(unix)]
fn alone(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn alone(_: &mut Command) {}

fn end(child: &mut Child) {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        crate::process::succeeds(Command::new("kill").args(["-KILL", "--", &group]));
    }
    // Both fail only where the program is gone already.
    let _ = child.kill();
    let _ = child.wait();
}

/// Processor time, in seconds, of all programs that this one waited for; `None` where the system does not tell.
pub fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    waited_seconds(&stat)
}

/// The fields `cutime` and `cstime`; the name before them, in parentheses, may hold spaces.
fn waited_seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut ticks = rest.split_whitespace().skip(13).take(2).map(|field| field.parse::<f64>().ok());
    Some((ticks.next()?? + ticks.next()??) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_programs_that_ended_is_read() {
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 250 50 20 0";
        assert_eq!(waited_seconds(stat), Some(3.0));
        assert_eq!(waited_seconds("7 (a) S 1 2"), None);
        assert_eq!(waited_seconds(""), None);
    }

    #[test]
    fn output_and_end_are_told() -> Result<()> {
        let ran = run(Command::new("cargo").arg("--version"), Duration::from_secs(60))?;
        assert!(String::from_utf8_lossy(&ran.stdout).starts_with("cargo "));
        assert_eq!(ran.failure(Duration::from_secs(60)), None);
        let ran = run(Command::new("cargo").arg("no-such-command"), Duration::from_secs(60))?;
        assert!(ran.failure(Duration::from_secs(60)).is_some_and(|why| why.contains("exit")));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_takes_too_long_is_ended_with_what_it_started() -> Result<()> {
        let limit = Duration::from_millis(50);
        let started = Instant::now();
        let ran = run(Command::new("sh").args(["-c", "echo begun; sleep 600 & wait"]), limit)?;
        assert!(started.elapsed() < Duration::from_secs(60));
        assert_eq!(ran.stdout, b"begun\n");
        assert_eq!(ran.failure(limit).as_deref(), Some("not done after 0 s"));
        Ok(())
    }
}
