//! The vault of this person on this computer, and what lies in it.

use crate::exit::{Failure, Outcome};
use crate::options::Global;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use sync::{Account, AppStore, SyncError, SystemClock};
use vault::{PassphraseStore, Protection, SecretStore, SystemStore, Vault};

/// Where the player keeps its things: `--data`, else the system's place for them.
pub(crate) fn data_dir(global: &Global) -> Outcome<PathBuf> {
    if let Some(dir) = &global.data {
        return Ok(dir.clone());
    }
    let dirs = directories::ProjectDirs::from("", "", "playsheet");
    dirs.map(|dirs| dirs.data_local_dir().to_owned()).ok_or_else(|| {
        Failure::surroundings("This account has no home folder. Name a folder with --data DIR.")
    })
}

/// Opens the vault that is there; `None` where there is none.
pub(crate) fn open(global: &Global) -> Outcome<Option<Arc<Vault>>> {
    let dir = data_dir(global)?.join("vault");
    let Some(protection) = Vault::inspect(&dir)? else { return Ok(None) };
    let secrets = secrets(global, &dir, protection)?;
    Ok(Some(Arc::new(Vault::open(&dir, secrets)?)))
}

/// Opens the vault, or makes one: under the system's secret store, or under a passphrase where one is given.
pub(crate) fn open_or_create(global: &Global) -> Outcome<Arc<Vault>> {
    let dir = data_dir(global)?.join("vault");
    let fresh = if global.passphrase_stdin { Protection::Passphrase } else { Protection::System };
    let protection = Vault::inspect(&dir)?.unwrap_or(fresh);
    let secrets = secrets(global, &dir, protection)?;
    Ok(Arc::new(Vault::open_or_create(&dir, secrets)?))
}

fn secrets(global: &Global, dir: &std::path::Path, protection: Protection) -> Outcome<Arc<dyn SecretStore>> {
    let system = || SystemStore::connect().map_err(|error| no_secret_store(&error));
    Ok(match protection {
        Protection::System => Arc::new(system()?),
        Protection::Passphrase => Arc::new(PassphraseStore::in_vault(dir, &passphrase(global)?)?),
        Protection::SystemAndPassphrase => {
            Arc::new(PassphraseStore::inside(Arc::new(system()?), &passphrase(global)?)?)
        }
    })
}

fn no_secret_store(error: &vault::SecretError) -> Failure {
    Failure::surroundings(format!(
        "{error} Without a secret store, protect the vault with a passphrase: add --passphrase-stdin."
    ))
}

fn passphrase(global: &Global) -> Outcome<String> {
    if global.passphrase_stdin || std::io::stdin().is_terminal() {
        return ask("Passphrase of the vault: ");
    }
    Err(Failure::usage(
        "The vault is protected by a passphrase. Give it on standard input with --passphrase-stdin.",
    ))
}

/// A secret from the person: typed without being shown, or the next line of standard input.
pub(crate) fn ask(prompt: &str) -> Outcome<String> {
    if std::io::stdin().is_terminal() {
        let mut err = std::io::stderr();
        write!(err, "{prompt}")?;
        err.flush()?;
        return Ok(rpassword::read_password()?);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let text = line.trim_end_matches(['\r', '\n']).to_owned();
    if text.is_empty() { Err(Failure::usage("Standard input ended before the password.")) } else { Ok(text) }
}

/// The signed-in account of an open vault.
pub(crate) fn account(vault: &Arc<Vault>) -> Outcome<Account> {
    let account = Account::load(Arc::clone(vault), Arc::new(SystemClock))?;
    account.ok_or_else(not_signed_in)
}

/// Nobody is signed in here.
pub(crate) fn not_signed_in() -> Failure {
    Failure::input("Nobody is signed in here. Sign in with `playsheet login URL --email ADDRESS`.")
}

/// The apps of an open vault.
pub(crate) fn apps(vault: &Arc<Vault>) -> AppStore {
    AppStore::new(Arc::clone(vault), Arc::new(SystemClock))
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        Failure::of_class(error.exit_class(), &error)
    }
}

impl From<vault::Error> for Failure {
    fn from(error: vault::Error) -> Self {
        Failure::of_class(error.exit_class(), &error)
    }
}

impl From<vault::SecretError> for Failure {
    fn from(error: vault::SecretError) -> Self {
        vault::Error::from(error).into()
    }
}
