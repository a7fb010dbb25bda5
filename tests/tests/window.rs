//! The player's real window on a display without a screen: it paints an app, takes what is typed, computes, and
//! closes.

use anyhow::{Context, Result, bail};
use playsheet_tests::display::{Display, Picture};
use playsheet_tests::programs::{Running, program};
use playsheet_tests::stage::example_file;
use playsheet_tests::until;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// A window that shows an app has text, borders and colours; an empty one has a handful.
const COLOURS: usize = 100;
/// Where results stand: right of the inputs and below the bar, in pixels.
const RESULTS: (usize, usize) = (410, 70);
/// Pixels of a figure that became another one.
const CHANGED: usize = 100;

/// Opens an example in a window that has the keyboard.
fn open(display: &Display, folder: &Path, app: &str) -> Result<Running> {
    let mut player = program("playsheet")?;
    player.arg("open").arg(example_file(app)).arg("--data").arg(folder.join("player"));
    // Nothing of this machine's person is looked at or changed.
    player.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
    player.env_remove("DBUS_SESSION_BUS_ADDRESS");
    player.stdin(Stdio::null()).stdout(Stdio::null()).stderr(std::fs::File::create(folder.join("log"))?);
    let running = display.lend(&mut player).spawn().context("the player cannot be started")?;
    Ok(Running(running))
}

fn said(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

#[test]
fn the_window_paints_takes_a_value_and_closes() -> Result<()> {
    let missing = Display::missing();
    if !missing.is_empty() {
        println!("skipped: this machine has no {}", missing.join(", no "));
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let display = Display::start(1280, 800)?;
    let mut player = open(&display, folder, "bmi.xml")?;
    if let Err(error) = display.focus("Playsheet") {
        bail!("{error:#}; the player says: {}", said(folder));
    }
    let painted = |picture: &Picture| picture.colours() > COLOURS;
    let opened = display.look_for("the app in the window", folder, painted)?;

    // With the keyboard alone: to the first field, another value, and on to the next field, which takes it in.
    let mut typed = None;
    for _ in 0..12 {
        display.hands(&["key", "Tab"])?;
        let before = display.look_for("the next field", folder, painted)?;
        display.hands(&["key", "ctrl+a"])?;
        display.hands(&["type", "--delay", "40", "120"])?;
        display.hands(&["key", "Tab"])?;
        let after = display.look_for("what was typed", folder, painted)?;
        if before.differences(&after, RESULTS.0, RESULTS.1) > CHANGED {
            typed = Some(after);
            break;
        }
        assert_eq!(opened.differences(&after, RESULTS.0, RESULTS.1), 0, "moving about changes no result");
    }
    typed.context("no field took a value and changed a result")?;

    // Told to end, it does so by itself and without complaint.
    display.hands(&["key", "ctrl+q"])?;
    let status = until("the window to close", Duration::from_secs(30), || Ok(player.0.try_wait()?))?;
    assert_eq!(status.code(), Some(0), "{}", said(folder));
    assert!(!said(folder).contains("panicked"), "{}", said(folder));
    Ok(())
}

#[test]
fn without_a_display_the_surroundings_are_at_fault() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut player = program("playsheet")?;
    player.arg("open").arg(example_file("bmi.xml")).arg("--data").arg(folder.path());
    player.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    playsheet_tests::run(&mut player, "")?.failed(4, &["window"])?;
    Ok(())
}
