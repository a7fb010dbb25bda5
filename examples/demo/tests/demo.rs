//! The demo as a person starts it, on machines that lack one thing or another.
#![allow(clippy::expect_used, reason = "clippy lets test functions do so, but not what they call")]

use std::path::Path;
use std::process::{Command, Output};

/// The demo without a display and without a secret store, whatever this machine has.
fn demo(folder: &Path, options: &[&str]) -> Command {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_playsheet-demo"));
    demo.arg("--dir").arg(folder).args(options);
    for (variable, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PLAYSHEET_"))
    {
        demo.env_remove(variable);
    }
    demo.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    demo.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    demo
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs it to its good end and gives what it printed.
fn runs(mut demo: Command) -> String {
    let output = demo.output().expect("the demo starts");
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    text
}

/// Fails where one of these is not in the text, in this order.
fn shows(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let found = rest.split_once(part);
        assert!(found.is_some(), "{part} is not, or not there, in: {text}");
        rest = found.map_or("", |(_, after)| after);
    }
}

#[test]
fn it_shows_everything_without_a_display_and_again() {
    let folder = tempfile::tempdir().expect("a folder");
    // Somebody has the usual port: this test, or who had it before.
    let taken = std::net::TcpListener::bind(("127.0.0.1", 8350));
    let first = runs(demo(folder.path(), &[]));
    shows(
        &first,
        &[
            " s  Portal started at http://127.0.0.1:",
            "because port 8350 is taken",
            "Clara Creator registered",
            "Carl Consumer registered",
            "Body mass index: published",
            "Carl's player signed in",
            "a passphrase of the demo's own",
            "6 updated",
            "No display here",
            "Portal stopped",
            "Body mass index = 25.2 kg/m²",
            "6 apps painted, in ",
            "in all",
            "Portal    http://127.0.0.1:",
            "clara.creator@example.com, password ",
            "carl.consumer@example.com, password ",
        ],
    );
    assert_eq!(first.matches("Carl, invited by mail, accepted").count(), 6, "{first}");
    assert_eq!(pictures(folder.path()), 6, "{first}");
    drop(taken);

    let second = runs(demo(folder.path(), &["--no-window"]));
    shows(&second, &["6 apps are there from the last run", "0 updated, 6 up to date", "Without a window"]);
    assert!(!second.contains("registered") && !second.contains("published by"), "{second}");
    assert_eq!(password(&first), password(&second));

    // Starting over means other people; a secret store is used where there is one; and where the window cannot be
    // opened that is said, and all goes on.
    let mut broken = demo(folder.path(), &["--fresh"]);
    broken.env("DISPLAY", ":64999");
    let home = tempfile::tempdir().expect("a home");
    let session = with_secret_store(&broken, home.path());
    let third = runs(session.unwrap_or(broken));
    shows(&third, &["6 updated", "window opens", "cannot be opened: ", "goes on without", "25.2 kg/m²"]);
    assert_ne!(password(&first), password(&third));
    assert_eq!(
        third.contains("a passphrase of the demo's own"),
        !home.path().join("bus").exists(),
        "{third}"
    );
}

fn pictures(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder.join("pictures")).expect("the demo's pictures").flatten();
    let is_picture = |file: &Path| std::fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG"));
    files.filter(|file| is_picture(&file.path())).count()
}

fn password(said: &str) -> Option<&str> {
    said.split_once("clara.creator@example.com, password ")?.1.split(',').next()
}

#[test]
fn two_demos_in_one_folder_are_one_too_many() {
    let folder = tempfile::tempdir().expect("a folder");
    let lock = std::fs::File::create(folder.path().join("demo.lock")).expect("a lock");
    lock.lock().expect("the lock");
    let output = demo(folder.path(), &["--fresh"]).output().expect("the demo starts");
    assert_eq!(output.status.code(), Some(1));
    shows(&said(&output), &["another demo runs in", "--dir"]);
}

/// The same command with a secret store: gnome-keyring on a message bus of its own, with a home of its own, where its
/// folder `bus` comes to be. Nothing where this machine has none, which is said.
fn with_secret_store(inner: &Command, home: &Path) -> Option<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_installed = |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let programs = ["dbus-run-session", "gnome-keyring-daemon"];
    if !programs.iter().all(is_installed) {
        // Unlike what is printed by macros, this is not captured.
        let said = format!("no secret store is tried: this machine has no {}\n", programs.join(" and "));
        std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes()).expect("an error stream");
        return None;
    }
    let bus = home.join("bus");
    std::fs::create_dir(&bus).expect("a folder for the bus");
    let script = "chmod 700 \"$XDG_RUNTIME_DIR\"
        printf 'pw\\n' | gnome-keyring-daemon --daemonize --unlock --components=secrets >/dev/null
        exec \"$0\" \"$@\"";
    let mut session = Command::new("dbus-run-session");
    session.args(["--", "sh", "-c", script]).arg(inner.get_program()).args(inner.get_args());
    for (variable, value) in inner.get_envs() {
        match value {
            Some(value) => session.env(variable, value),
            None => session.env_remove(variable),
        };
    }
    session.env_remove("DBUS_SESSION_BUS_ADDRESS").env_remove("XDG_DATA_HOME").env_remove("XDG_CONFIG_HOME");
    session.env("HOME", home).env("XDG_RUNTIME_DIR", bus);
    Some(session)
}
