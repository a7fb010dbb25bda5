//! A real mail server: takes letters by SMTP and keeps them in a maildir.

use crate::programs::{Running, build_folder};
use crate::until;
use anyhow::{Context, Result, bail};
use std::fs::TryLockError;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The Python package that is the server.
const PACKAGE: &str = "aiosmtpd==1.4.6";

/// The running server.
#[derive(Debug)]
pub struct MailServer {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    /// The folder of the letters that nobody has read.
    pub letters: PathBuf,
    _process: Running,
}

impl MailServer {
    /// Starts a server that keeps its letters under this folder.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(python: &Path, folder: &Path) -> Result<MailServer> {
        MailServer::start_at(python, folder, free_port()?)
    }

    /// As [`MailServer::start`], on this port.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start_at(python: &Path, folder: &Path, port: u16) -> Result<MailServer> {
        for part in ["tmp", "new", "cur"] {
            std::fs::create_dir_all(folder.join(part))?;
        }
        let process = Command::new(python)
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("log"))?)
            .spawn()
            .context("the mail server cannot be started")?;
        let mut process = Running(process);
        until("the mail server", Duration::from_secs(30), || {
            if let Some(status) = process.0.try_wait()? {
                let said = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
                bail!("the mail server ended with {status}: {said}");
            }
            Ok(TcpStream::connect(("127.0.0.1", port)).ok())
        })?;
        Ok(MailServer { port, letters: folder.join("new"), _process: process })
    }

    /// The part of a portal's configuration that sends letters by this server.
    pub fn settings(&self) -> String {
        format!(
            "[mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nretry_s = 1\n",
            self.port
        )
    }
}

/// A port that nobody has at the moment. The server cannot choose one itself.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The Python of [`python`]; nothing, which is said, where none can be had.
///
/// # Errors
/// Where it should be there; see [`lacks`](crate::lacks).
pub fn python_or_skip() -> Result<Option<PathBuf>> {
    match python() {
        Ok(python) => Ok(Some(python)),
        Err(reason) => {
            crate::lacks(&[&format!("mail server: {reason:#}")])?;
            Ok(None)
        }
    }
}

/// A Python that has the server: the one that `PLAYSHEET_TEST_PYTHON` names, the machine's, or one in an environment
/// of the tests' own that is made now. The error says why there is none.
///
/// # Errors
/// Where there is no Python, or the server cannot be installed.
pub fn python() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("PLAYSHEET_TEST_PYTHON").map(PathBuf::from) {
        if !has_server(&named) {
            bail!("PLAYSHEET_TEST_PYTHON is {}, which has no aiosmtpd", named.display());
        }
        return Ok(named);
    }
    let common = PathBuf::from("python3");
    if has_server(&common) {
        return Ok(common);
    }
    own_environment()
}

fn has_server(python: &Path) -> bool {
    let mut command = Command::new(python);
    command
        .args(["-c", "import aiosmtpd"])
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|ran| ran.status.success())
}

/// An environment in cargo's build folder; one process makes it, the others wait.
fn own_environment() -> Result<PathBuf> {
    let tools = build_folder()?.join("test-tools");
    std::fs::create_dir_all(&tools)?;
    let lock = std::fs::File::create(tools.join("python.lock"))?;
    until("another process that installs the mail server", Duration::from_secs(180), || {
        match lock.try_lock() {
            Ok(()) => Ok(Some(())),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    })?;
    let folder = tools.join("python");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if has_server(&python) {
        return Ok(python);
    }
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    succeed(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        PACKAGE,
    ]))?;
    Ok(python)
}

fn succeed(command: &mut Command) -> Result<()> {
    let ran = command.stdin(Stdio::null()).output().context("no Python for the mail server")?;
    if !ran.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&ran.stderr).trim());
    }
    Ok(())
}
