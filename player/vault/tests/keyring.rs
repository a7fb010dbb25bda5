//! The real Secret Service: gnome-keyring on a session bus of the test's own, with a home of its own, so that
//! nobody's keyring is touched. Where the programs are not installed, the tests say so and skip.
//!
//! The inner halves run in this same test program, started again on the bus with a role; see [`inside`].
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use playsheet_vault::{Error, PassphraseStore, Protection, SecretError, SecretStore, SystemStore, Vault};
use support::{copy, files, get, noise, put};

const ROLE: &str = "PLAYSHEET_KEYRING_TEST_ROLE";
const FOLDER: &str = "PLAYSHEET_KEYRING_TEST_FOLDER";

/// Starts the keyring with this password, unlocked or locked.
const UNLOCKED: &str =
    "printf 'pw\\n' | gnome-keyring-daemon --daemonize --unlock --components=secrets >/dev/null";
const LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null </dev/null";

fn installed() -> bool {
    let found = ["dbus-run-session", "gnome-keyring-daemon"].iter().all(|program| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    });
    if !found {
        eprintln!(
            "skipped: needs dbus-run-session and gnome-keyring-daemon (packages dbus and gnome-keyring)"
        );
    }
    found
}

/// Runs a role of [`inside`] in a session of its own that shares `home` with other sessions.
fn session(home: &Path, prepare: &str, role: &str) -> Output {
    let runtime = tempfile::tempdir().unwrap();
    let script = format!("{prepare}\nexec \"$0\" --exact inside --nocapture --test-threads=1");
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", &script]).arg(std::env::current_exe().unwrap());
    isolate(&mut command, home, runtime.path(), role);
    command.output().unwrap()
}

fn isolate(command: &mut Command, home: &Path, runtime: &Path, role: &str) {
    command.env("HOME", home).env("XDG_RUNTIME_DIR", runtime).env(ROLE, role).env(FOLDER, home.join("vault"));
    for inherited in
        ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"]
    {
        command.env_remove(inherited);
    }
}

fn must_pass(output: &Output) {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
    assert!(String::from_utf8_lossy(&output.stdout).contains("played"), "{}", String::from_utf8_lossy(&text));
}

/// The part that runs on the test's own bus. Without a role it checks that roles are known.
#[test]
fn inside() {
    let Ok(role) = std::env::var(ROLE) else {
        assert!(play("no such role", Path::new("")).is_none());
        return;
    };
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    play(&role, &folder).unwrap();
    println!("played");
}

fn play(role: &str, folder: &Path) -> Option<()> {
    match role {
        "entries" => entries(),
        "create" => create(folder),
        "reopen" => reopen(folder),
        "withdraw" => withdraw(folder),
        "both" => both(folder),
        "locked" => locked(folder),
        "no bus" => no_bus(folder),
        _ => return None,
    }
    Some(())
}

fn system() -> Arc<SystemStore> {
    Arc::new(SystemStore::connect().unwrap())
}

fn entries() {
    let store = system();
    assert!(store.get("vault-test-1").unwrap().is_none());
    store.delete("vault-test-1").unwrap();
    for secret in [noise(1, 32), noise(2, 4_096), Vec::new(), b"text \0 and zero".to_vec()] {
        store.put("vault-test-1", &secret).unwrap();
        store.put("vault-test-2", b"other").unwrap();
        assert_eq!(store.get("vault-test-1").unwrap().unwrap().as_slice(), secret);
    }
    store.delete("vault-test-1").unwrap();
    assert!(store.get("vault-test-1").unwrap().is_none());
    assert_eq!(store.get("vault-test-2").unwrap().unwrap().as_slice(), b"other");
}

fn create(folder: &Path) {
    let vault = Vault::open_or_create(folder, system()).unwrap();
    put(&vault, "keeps", "r", b"stays");
    put(&vault, "goes", "large", &noise(1, 100_000));
    assert_eq!(vault.protection().unwrap(), Protection::System);
}

fn reopen(folder: &Path) {
    let vault = Vault::open(folder, system()).unwrap();
    assert_eq!(get(&vault, "keeps", "r").unwrap(), b"stays");
    assert_eq!(get(&vault, "goes", "large").unwrap(), noise(1, 100_000));
}

fn withdraw(folder: &Path) {
    let old = folder.with_extension("old");
    copy(folder, &old);
    let vault = Vault::open(folder, system()).unwrap();
    let mut change = vault.begin().unwrap();
    change.withdraw("goes");
    assert!(change.commit().unwrap().key_left.is_none());
    assert_eq!(get(&Vault::open(folder, system()).unwrap(), "keeps", "r").unwrap(), b"stays");
    let error = Vault::open(&old, system()).err().unwrap();
    assert!(matches!(error, Error::KeyMissing { .. }), "{error}");
}

fn both(folder: &Path) {
    let store = |passphrase| Arc::new(PassphraseStore::inside(system(), passphrase).unwrap());
    put(&Vault::open_or_create(folder, store("also this passphrase")).unwrap(), "c", "r", b"twice");
    assert_eq!(
        get(&Vault::open(folder, store("also this passphrase")).unwrap(), "c", "r").unwrap(),
        b"twice"
    );
    let wrong = Vault::open(folder, store("not this passphrase")).err().unwrap();
    assert!(matches!(wrong, Error::Secret(SecretError::WrongPassphrase)), "{wrong}");
}

fn locked(folder: &Path) {
    let error = Vault::open(folder, system()).err().unwrap();
    assert!(matches!(error, Error::Secret(SecretError::Locked { .. })), "{error:?}");
    assert_eq!(error.exit_class().code(), 4);
    let error = system().put("vault-test-3", b"x").unwrap_err();
    assert!(matches!(error, SecretError::Locked { .. }), "{error:?}");
}

fn no_bus(folder: &Path) {
    let error = SystemStore::connect().unwrap_err();
    assert!(matches!(error, SecretError::Unavailable { .. }), "{error:?}");
    assert!(error.to_string().contains("passphrase"), "{error}");
    assert!(!folder.exists());
}

#[test]
fn secrets_are_kept_in_the_real_keyring() {
    if installed() {
        let home = tempfile::tempdir().unwrap();
        must_pass(&session(home.path(), UNLOCKED, "entries"));
    }
}

#[test]
fn a_vault_survives_the_session_in_the_real_keyring() {
    if installed() {
        let home = tempfile::tempdir().unwrap();
        must_pass(&session(home.path(), UNLOCKED, "create"));
        must_pass(&session(home.path(), UNLOCKED, "reopen"));
        let keyring: Vec<_> =
            files(home.path()).into_iter().filter(|path| path.ends_with("login.keyring")).collect();
        assert_eq!(keyring.len(), 1, "the test has its own keyring");
        must_pass(&session(home.path(), LOCKED, "locked"));
        must_pass(&session(home.path(), UNLOCKED, "withdraw"));
    }
}

#[test]
fn the_real_keyring_and_a_passphrase_protect_together() {
    if installed() {
        let home = tempfile::tempdir().unwrap();
        must_pass(&session(home.path(), UNLOCKED, "both"));
    }
}

#[test]
fn without_a_bus_a_passphrase_is_proposed_and_nothing_is_written() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "inside", "--nocapture", "--test-threads=1"]);
    isolate(&mut command, home.path(), home.path(), "no bus");
    command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/none", home.path().display()));
    must_pass(&command.output().unwrap());
    assert!(fs::read_dir(home.path()).unwrap().next().is_none());
}
