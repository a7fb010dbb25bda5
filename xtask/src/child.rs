//! Other programs with bounds on time and memory: what they print, how they end, what processor time they take.
//!
//! Memory is what the program and all that it started hold in RAM together. A bound on addresses (`ulimit -v`) would
//! not do: Node and LibreOffice reserve far more than they ever use.

use anyhow::{Context, Result};
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(4);

/// How often it is looked at what a running program takes, for which all processes are asked: rarely enough to cost
/// nothing, often enough that a program which fills memory as fast as it can exceeds its bound by half a GB at most.
const LOOK_CLOSER: Duration = Duration::from_millis(200);

/// What `/proc/PID/statm` counts in; a larger page makes the bound looser, never wrong in kind.
const PAGE_BYTES: u64 = 4096;

/// Bytes in the megabyte that people give bounds in.
const BYTES_PER_MB: u64 = 1024 * 1024;

/// Linux counts processor time in hundredths of a second, whatever its clock does inside.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a program may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// On the clock.
    pub time: Duration,
    /// Of processors, with all that it starts; `None` for no bound. Unlike `time` it says the same on a busy machine.
    /// Looked at on Linux only.
    pub processor: Option<Duration>,
    /// In RAM, with all that it starts, in MB; `None` for no bound. Looked at on Linux only.
    pub memory_mb: Option<u64>,
}

impl From<Duration> for Bounds {
    fn from(time: Duration) -> Self {
        Self { time, processor: None, memory_mb: None }
    }
}

/// How a program came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself.
    Itself(ExitStatus),
    /// Ended after so much time.
    Time(Duration),
    /// Ended after so much time of processors.
    Processor(Duration),
    /// Ended at so many MB.
    Memory(u64),
}

/// What became of a program.
pub struct Ran {
    /// How it ended.
    pub ending: Ending,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it complained about.
    pub stderr: String,
}

impl Ran {
    /// Why the run is of no use, or `None` where it is.
    pub fn failure(&self) -> Option<String> {
        match self.ending {
            Ending::Time(limit) => Some(format!("not done after {} s", limit.as_secs())),
            Ending::Processor(limit) => {
                Some(format!("not done after {} s of processor time", limit.as_secs()))
            }
            Ending::Memory(bound) => Some(format!("ended at its memory bound of {bound} MB")),
            Ending::Itself(status) if status.success() => None,
            Ending::Itself(status) => {
                let last = self.stderr.trim().lines().last().unwrap_or_default();
                Some(format!("{status}: {}", last.chars().take(200).collect::<String>()))
            }
        }
    }
}

/// Runs a program without an input and ends it, with all that it started, when it leaves its bounds.
pub fn run(command: &mut Command, bounds: impl Into<Bounds>) -> Result<Ran> {
    let bounds = bounds.into();
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
    let ending = watch(&mut child, bounds).with_context(|| format!("cannot wait for {what}"))?;
    let stderr = String::from_utf8_lossy(&stderr.join().unwrap_or_default()).into_owned();
    Ok(Ran { ending, stdout: stdout.join().unwrap_or_default(), stderr })
}

/// Waits for the end of a program, or brings it about.
fn watch(child: &mut Child, bounds: Bounds) -> std::io::Result<Ending> {
    let until = Instant::now() + bounds.time;
    let mut look_closer = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Ending::Itself(status));
        }
        let now = Instant::now();
        let mut left = (now >= until).then_some(Ending::Time(bounds.time));
        if now >= look_closer && (bounds.memory_mb.is_some() || bounds.processor.is_some()) {
            look_closer = now + LOOK_CLOSER;
            left = left.or(bounds.left_by(taken_by_group(child.id())));
        }
        if let Some(ending) = left {
            end(child);
            return Ok(ending);
        }
        thread::sleep(LOOK);
    }
}

/// What a group of processes takes.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    bytes: u64,
    processor_seconds: f64,
}

impl Bounds {
    fn left_by(&self, taken: Taken) -> Option<Ending> {
        let memory = self.memory_mb.filter(|bound| taken.bytes > bound.saturating_mul(BYTES_PER_MB));
        let processor = self.processor.filter(|bound| taken.processor_seconds > bound.as_secs_f64());
        memory.map(Ending::Memory).or(processor.map(Ending::Processor))
    }
}

/// What the processes of a group take now; nothing where the system does not tell.
fn taken_by_group(group: u32) -> Taken {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Taken::default() };
    let folders = processes.filter_map(|entry| Some(entry.ok()?.path()));
    // A process may end while it is looked at; what it held is free then.
    let taken = folders.filter_map(|folder| {
        let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
        if group_of(&stat)? != group {
            return None;
        }
        let pages = std::fs::read_to_string(folder.join("statm")).ok()?;
        let pages: u64 = pages.split_whitespace().nth(1)?.parse().ok()?;
        Some((pages, seconds(&stat, OWN_TIMES)?))
    });
    taken.fold(Taken::default(), |sum, (pages, seconds)| Taken {
        bytes: sum.bytes.saturating_add(pages.saturating_mul(PAGE_BYTES)),
        processor_seconds: sum.processor_seconds + seconds,
    })
}

/// The field `pgrp`; the name before it, in parentheses, may hold spaces.
fn group_of(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(2)?.parse().ok()
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
    seconds(&stat, WAITED_TIMES)
}

/// The place of `utime` and `stime` behind a process's name.
const OWN_TIMES: usize = 11;
/// The place of `cutime` and `cstime`, those of children that it waited for.
const WAITED_TIMES: usize = 13;

/// Two fields beside each other as seconds; the name before them, in parentheses, may hold spaces.
fn seconds(stat: &str, place: usize) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut ticks = rest.split_whitespace().skip(place).take(2).map(|field| field.parse::<f64>().ok());
    Some((ticks.next()?? + ticks.next()??) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn time_and_group_of_a_process_are_read() {
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 250 50 20 0";
        assert_eq!(seconds(stat, WAITED_TIMES), Some(3.0));
        assert_eq!(seconds(stat, OWN_TIMES), Some(0.23));
        assert_eq!(group_of(stat), Some(2));
        for bad in ["7 (a) S 1", ""] {
            assert_eq!((seconds(bad, WAITED_TIMES), group_of(bad)), (None, None));
        }
    }

    #[test]
    fn output_and_end_are_told() -> Result<()> {
        let ran = run(Command::new("cargo").arg("--version"), MINUTE)?;
        assert!(String::from_utf8_lossy(&ran.stdout).starts_with("cargo "));
        assert_eq!(ran.failure(), None);
        let ran = run(Command::new("cargo").arg("no-such-command"), MINUTE)?;
        assert!(ran.failure().is_some_and(|why| why.contains("exit")));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_takes_too_long_is_ended_with_what_it_started() -> Result<()> {
        let limit = Duration::from_millis(50);
        let started = Instant::now();
        let ran = run(Command::new("sh").args(["-c", "echo begun; sleep 600 & wait"]), limit)?;
        assert!(started.elapsed() < MINUTE);
        assert_eq!(ran.stdout, b"begun\n");
        assert_eq!(ran.failure().as_deref(), Some("not done after 0 s"));
        Ok(())
    }

    /// What a program starts counts as well: `tail` keeps a line without an end until it comes.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_that_takes_too_much_memory_is_ended() -> Result<()> {
        let hungry = "echo begun; tail -n 1 /dev/zero & wait";
        let bounds = Bounds { memory_mb: Some(64), ..MINUTE.into() };
        let ran = run(Command::new("sh").args(["-c", hungry]), bounds)?;
        assert_eq!(ran.ending, Ending::Memory(64));
        assert_eq!(ran.failure().as_deref(), Some("ended at its memory bound of 64 MB"));
        let ran = run(Command::new("sh").args(["-c", "echo small"]), bounds)?;
        assert_eq!((ran.failure(), ran.stdout), (None, b"small\n".to_vec()));
        Ok(())
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_that_takes_too_much_of_a_processor_is_ended() -> Result<()> {
        let bounds = Bounds { processor: Some(Duration::from_millis(100)), ..MINUTE.into() };
        let ran = run(Command::new("sh").args(["-c", "while :; do :; done"]), bounds)?;
        assert_eq!(ran.ending, Ending::Processor(Duration::from_millis(100)));
        assert!(ran.failure().is_some_and(|why| why.contains("processor time")));
        Ok(())
    }
}
