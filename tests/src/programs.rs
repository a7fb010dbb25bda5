//! The product's programs, as they were built beside the tests, and running them to their end.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// No command of these tests takes this long unless it hangs, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(90);

/// A program of the product, such as `playsheet`.
///
/// # Errors
/// Where it was not built.
pub fn program(name: &str) -> Result<Command> {
    let mut command = Command::new(path(name)?);
    // Settings of whoever runs the tests are none of the product's.
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("PLAYSHEET_") {
            command.env_remove(variable);
        }
    }
    Ok(command)
}

/// Where a program of the product lies: two folders above the test's own program, in cargo's folder of the profile.
///
/// # Errors
/// Where it was not built.
pub fn path(name: &str) -> Result<PathBuf> {
    let test = std::env::current_exe().context("the test does not know where it lies")?;
    let folder = test.parent().and_then(|deps| deps.parent()).context("the test lies in no build folder")?;
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!(
            "{} is missing: the programs are built before these tests. Run `cargo xtask test`, or \
             `cargo build -p playsheet-portal-server -p playsheet-player --bins` first",
            program.display()
        );
    }
    Ok(program)
}

/// The folder that cargo builds into, for tools that only tests need.
///
/// # Errors
/// Where the test's own program lies in no build folder.
pub fn build_folder() -> Result<PathBuf> {
    let test = std::env::current_exe().context("the test does not know where it lies")?;
    test.ancestors().nth(3).map(PathBuf::from).context("the test lies in no build folder")
}

/// Whether a program can be found on this machine.
pub fn is_installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// The same command under limits of the shell's `ulimit`: `-v` bounds memory, `-f` the size of a file, in KiB. A write
/// beyond that fails as it does on a full disk, since the signal that would end the program is ignored.
pub fn limited(command: &Command, limits: &[(&str, u32)]) -> Command {
    // `-f` counts in blocks of 512 bytes.
    let units = |(limit, kib): &(&str, u32)| {
        format!("ulimit {limit} {}; ", if *limit == "-f" { kib * 2 } else { *kib })
    };
    let limits: String = limits.iter().map(units).collect();
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("trap '' XFSZ; {limits}exec \"$0\" \"$@\"")]);
    limited.arg(command.get_program()).args(command.get_args());
    for (variable, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(variable, value),
            None => limited.env_remove(variable),
        };
    }
    limited
}

/// What a program said and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// Passes on what ended with this exit code.
    ///
    /// # Errors
    /// Where it ended otherwise; the error shows what was said.
    pub fn ended(self, code: i32) -> Result<Ran> {
        if self.code == Some(code) {
            return Ok(self);
        }
        bail!(
            "ended with {:?} instead of {code}\nstdout: {}\nstderr: {}",
            self.code,
            self.stdout,
            self.stderr
        )
    }

    /// Passes on what failed with this exit code and said all of this to the person, in plain words.
    ///
    /// # Errors
    /// Where it ended otherwise, left something out, or spoke like a program.
    pub fn failed(self, code: i32, words: &[impl AsRef<str>]) -> Result<Ran> {
        let ran = self.ended(code)?;
        for word in words.iter().map(AsRef::as_ref) {
            if !ran.stderr.contains(word) {
                bail!("does not say {word:?} but: {}", ran.stderr);
            }
        }
        for inner in ["panicked", "RUST_BACKTRACE", "Error {", "Some(", "None)"] {
            if ran.stderr.contains(inner) {
                bail!("speaks like a program: {}", ran.stderr);
            }
        }
        Ok(ran)
    }
}

/// Runs a program with this input until it ends.
///
/// # Errors
/// Where it cannot be started, or hangs: then it is killed.
pub fn run(command: &mut Command, input: &str) -> Result<Ran> {
    run_within(command, input, PATIENCE)
}

/// As [`run`], with another deadline.
///
/// # Errors
/// As [`run`].
pub fn run_within(command: &mut Command, input: &str, patience: Duration) -> Result<Ran> {
    let what = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{what} cannot be started"))?;
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    if let Some(mut stdin) = child.stdin.take() {
        // A program that fails early does not read its input.
        let _ = stdin.write_all(input.as_bytes());
    }
    let ended = wait(&mut child, patience)?;
    let text = |reader: JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned()
    };
    match ended {
        Some(code) => Ok(Ran { code, stdout: text(stdout), stderr: text(stderr) }),
        None => {
            let arguments: Vec<&OsStr> = command.get_args().collect();
            bail!(
                "{what} {arguments:?} did not end within {} s; it said: {}",
                patience.as_secs(),
                text(stderr)
            )
        }
    }
}

/// The exit code, or `None` where the program had to be killed at the deadline.
fn wait(child: &mut Child, patience: Duration) -> Result<Option<Option<i32>>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.code()));
        }
        if start.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Reads a pipe to its end beside everything else, so that the program never waits for a reader.
fn drain(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read until the pipe broke is all there is.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// A process that is ended with the value that stands for it.
#[derive(Debug)]
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
