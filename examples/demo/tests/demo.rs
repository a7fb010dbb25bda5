//! The demo as a person starts it, on a machine without a display.
#![allow(clippy::expect_used, reason = "clippy lets test functions do so, but not what they call")]

use std::path::Path;
use std::process::{Command, Output};

fn demo(folder: &Path, options: &[&str]) -> Output {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_playsheet-demo"));
    demo.args(["--no-window", "--dir"]).arg(folder).args(options);
    for (variable, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PLAYSHEET_"))
    {
        demo.env_remove(variable);
    }
    // Whether this machine has a secret store must not matter.
    demo.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").env_remove("DISPLAY");
    demo.output().expect("the demo starts")
}

fn said(output: &Output) -> String {
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    text
}

#[test]
fn it_shows_everything_without_a_window_and_again() {
    let folder = tempfile::tempdir().expect("a folder");
    // Somebody may have the usual port; another is taken then.
    let taken = std::net::TcpListener::bind(("127.0.0.1", 8350));
    let first = said(&demo(folder.path(), &[]));
    assert_eq!(first.matches("invitation accepted").count(), 6, "{first}");
    for shown in
        ["portal started at http://127.0.0.1:", "6 updated", "portal stopped", "Body mass index = 25.2 kg/m²"]
    {
        assert!(first.contains(shown), "{shown} is not in: {first}");
    }
    let pictures = |folder: &Path| {
        let files = std::fs::read_dir(folder).expect("the demo's folder").flatten().map(|entry| entry.path());
        files.filter(|file| file.extension().is_some_and(|ending| ending == "png")).count()
    };
    assert_eq!(pictures(folder.path()), 6, "{first}");
    drop(taken);

    let second = said(&demo(folder.path(), &[]));
    assert_eq!(second.matches("is published already").count(), 6, "{second}");
    assert!(second.contains("0 updated, 6 up to date"), "{second}");
}
