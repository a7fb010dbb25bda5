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

use crate::{
    accounts::{self, NewAccount},
    app::{App, StartError, build},
    config::{Config, Overrides},
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
    fn new(code: u8, message: impl ToString) -> Self {
        Self { message: message.to_string(), code }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let code = if matches!(error, StartError::Inner(_)) { PROGRAM } else { SURROUNDINGS };
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
    let line = match CommandLine::try_parse_from(arguments) {
        Ok(line) => line,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("playsheet-portal: cannot start: {error}");
            return ExitCode::from(SURROUNDINGS);
        }
    };
    match runtime.block_on(run(line)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("playsheet-portal: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

async fn run(line: CommandLine) -> Result<(), Failure> {
    let mut overrides = Overrides { data_dir: line.place.data, ..Overrides::default() };
    if let Command::Serve(serve) = &line.command {
        overrides.listen = serve.listen;
        overrides.port = serve.port;
        overrides.base_url.clone_from(&serve.base_url);
    }
    let config = Config::load(line.place.config.as_deref(), std::env::vars(), &overrides)
        .map_err(|error| Failure::new(INPUT, error))?;
    match line.command {
        Command::Serve(_) => serve(config).await,
        Command::CheckConfig => {
            say(&format!("The configuration can be used. Data folder: {}", config.data_dir.display()))
        }
        Command::VerifyAudit => verify_audit(config).await,
        Command::CreateAdmin(new) => create_admin(config, new).await,
    }
}

fn say(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| Failure::new(SURROUNDINGS, error))
}

async fn serve(config: Config) -> Result<(), Failure> {
    let filter =
        EnvFilter::try_from_env("PLAYSHEET_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // Another subscriber may be set already where the portal runs inside another program; then that one counts.
    let _ = log.try_init();
    let app: App = build(config).await?;
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
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).map_err(|error| Failure::new(SURROUNDINGS, error))?;
    let password = SecretString::from(password.trim_end_matches(['\r', '\n']));
    let app = build(config).await?;
    let account = NewAccount { email, password, name: new.name };
    let id = accounts::create_administrator(app.portal(), &account).await?;
    say(&format!("Made the administrator {id}."))
}
