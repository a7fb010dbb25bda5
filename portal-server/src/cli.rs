//! The command line of `playsheet-portal`.
//!
//! Exit codes: 0 done, 1 the input is at fault, 2 usage, 3 the program is, 4 the surroundings are (disk, network,
//! database).

use std::{
    ffi::OsString,
    io::{BufRead, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use portal_api::ProblemCode;
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use url::Url;
use zeroize::Zeroizing;

use crate::{
    accounts::{self, NewAccount},
    app::{App, StartError, Surroundings, build, build_in},
    backup::{self, BackupError},
    config::{Config, Overrides},
    creation::{Workbench, run_worker},
    domain::EmailAddress,
    refusal::Refusal,
    store::audit::Verdict,
};

#[derive(Parser)]
#[command(name = "playsheet-portal", version, about = "The Playsheet portal: accounts, apps, sharing")]
struct CommandLine {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Place {
    /// The configuration, a TOML file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of database, objects, mailbox and instance key
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until stopped
    Serve(Serve),
    /// Read the configuration and say whether it can be used
    CheckConfig,
    /// Check the audit log from its first entry to its last
    VerifyAudit,
    /// Back the portal up into a new folder, sealed by a passphrase that is read from standard input
    Backup(Backup),
    /// Restore a backup into a new data folder; everybody must sign in again
    Restore(Backup),
    /// Compute one upload for a portal; started by the portal itself
    #[command(hide = true)]
    Worker,
    /// Make an account that administers the portal; the password is read from standard input
    CreateAdmin(CreateAdmin),
}

#[derive(Args)]
struct Serve {
    /// The address to listen on, such as 127.0.0.1:8080
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The port to listen on; 0 takes a free one. The address is printed as one line: listening http://…
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// The address that people and players use
    #[arg(long, value_name = "URL")]
    base_url: Option<Url>,
}

#[derive(Args)]
struct Backup {
    /// The backup's folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

#[derive(Args)]
struct CreateAdmin {
    /// The mail address
    #[arg(long)]
    email: String,
    /// The name that others see
    #[arg(long, default_value = "")]
    name: String,
}

const INPUT: u8 = 1;
const USAGE: u8 = 2;
const PROGRAM: u8 = 3;
const SURROUNDINGS: u8 = 4;

/// What is said on standard error, and the exit code that goes with it.
struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    fn new(code: u8, message: impl std::fmt::Display) -> Self {
        Self { message: format!("{message}"), code }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let code = if matches!(error, StartError::Inner(_)) { PROGRAM } else { SURROUNDINGS };
        Self::new(code, error)
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let code = match &error {
            BackupError::Inner(_) => PROGRAM,
            BackupError::File { .. } | BackupError::Start(_) => SURROUNDINGS,
            _ => INPUT,
        };
        Self::new(code, error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal.code {
            ProblemCode::Internal => PROGRAM,
            ProblemCode::Unavailable => SURROUNDINGS,
            _ => INPUT,
        };
        match refusal.cause {
            Some(cause) => Self::new(code, cause),
            None => Self::new(code, refusal.detail),
        }
    }
}

/// Runs the program with these arguments, the first of which is its name, and answers with its exit code.
pub fn run_command_line(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let workbench = workbench(arguments.len());
    let line = match CommandLine::try_parse_from(arguments) {
        Ok(line) => line,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    if matches!(line.command, Command::Worker) {
        // Whatever goes wrong in a worker, the portal sees it end.
        let ended = run_worker(std::io::stdin().lock(), std::io::stdout().lock());
        return ended.map_or(ExitCode::from(PROGRAM), |()| ExitCode::SUCCESS);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("playsheet-portal: cannot start: {error}");
            return ExitCode::from(SURROUNDINGS);
        }
    };
    match runtime.block_on(run(line, workbench)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("playsheet-portal: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

/// How this program starts itself again as a worker: what stood before the arguments that it was given stays.
fn workbench(given: usize) -> Workbench {
    let all: Vec<OsString> = std::env::args_os().collect();
    let before = all.len().saturating_sub(given);
    match std::env::current_exe() {
        Ok(program) => {
            let mut arguments: Vec<OsString> = all.into_iter().skip(1).take(before).collect();
            arguments.push("worker".into());
            Workbench::Processes { program, arguments }
        }
        Err(_) => Workbench::Threads,
    }
}

async fn run(line: CommandLine, workbench: Workbench) -> Result<(), Failure> {
    let mut overrides = Overrides { data_dir: line.place.data, ..Overrides::default() };
    if let Command::Serve(serve) = &line.command {
        overrides.listen = serve.listen;
        overrides.port = serve.port;
        overrides.base_url.clone_from(&serve.base_url);
    }
    let config = Config::load(line.place.config.as_deref(), std::env::vars(), &overrides)
        .map_err(|error| Failure::new(INPUT, error))?;
    match line.command {
        Command::Serve(_) => serve(config, workbench).await,
        Command::Worker => Ok(()),
        Command::CheckConfig => {
            say(&format!("The configuration can be used. Data folder: {}", config.data_dir.display()))
        }
        Command::VerifyAudit => verify_audit(config).await,
        Command::Backup(Backup { folder }) => {
            let objects = backup::backup(&config, &folder, &read_secret()?).await?;
            say(&format!("Backed up into {}, with {objects} objects.", folder.display()))
        }
        Command::Restore(Backup { folder }) => {
            let place = config.data_dir.clone();
            let objects = backup::restore(config, &folder, &read_secret()?).await?;
            say(&format!(
                "Restored into {}, with {objects} objects. Everybody must sign in again.",
                place.display()
            ))
        }
        Command::CreateAdmin(new) => create_admin(config, new).await,
    }
}

fn say(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| Failure::new(SURROUNDINGS, error))
}

async fn serve(config: Config, workbench: Workbench) -> Result<(), Failure> {
    let filter =
        EnvFilter::try_from_env("PLAYSHEET_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // Another subscriber may be set already where the portal runs inside another program; then that one counts.
    let _ = log.try_init();
    let app: App = build_in(config, Surroundings { workbench, ..Surroundings::default() }).await?;
    let listener = app.listen().await?;
    let address = listener.local_addr().map_err(|error| Failure::new(SURROUNDINGS, error))?;
    say(&format!("listening http://{address}"))?;
    app.serve(listener, stop_signal()).await?;
    Ok(())
}

/// Completes when the program is asked to stop.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

async fn verify_audit(config: Config) -> Result<(), Failure> {
    let app = build(config).await?;
    let verdict = app.portal().audit.verify(app.portal().store.read()).await;
    match verdict.map_err(|cause| Failure::new(SURROUNDINGS, cause))? {
        Verdict::Whole { entries } => say(&format!("The audit log is whole: {entries} entries.")),
        Verdict::Broken { sequence, reason } => {
            let message = format!("The audit log was changed: at entry {sequence}, {reason}.");
            Err(Failure::new(INPUT, message))
        }
    }
}

async fn create_admin(config: Config, new: CreateAdmin) -> Result<(), Failure> {
    let email = EmailAddress::parse(&new.email)?;
    let password = read_secret()?;
    let app = build(config).await?;
    let account = NewAccount { email, password, name: new.name };
    let id = accounts::create_administrator(app.portal(), &account).await?;
    say(&format!("Made the administrator {id}."))
}

/// The first line of standard input.
fn read_secret() -> Result<SecretString, Failure> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::new(SURROUNDINGS, error))?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}
