//! The player's real window on a display without a screen: it paints an app, takes what is typed, computes, and
//! closes; and the demo ends with it.

use anyhow::Result;
use playsheet_tests::display::{Display, Picture};
use playsheet_tests::programs::program;
use playsheet_tests::stage::example_file;
use playsheet_tests::window::{Part, Window};
use playsheet_tests::{lacks, run};
use std::process::Command;

/// Everything.
const ALL: Part = Part { left: 0, top: 0 };
/// Where results stand: right of the inputs, below the headline, which tells a change in the window alone.
const RESULTS: Part = Part { left: 410, top: 205 };

/// Paints the example without a window.
fn painted(options: &[&str]) -> Result<Command> {
    let mut player = program("playsheet")?;
    player.arg("render").arg(example_file("bmi.xml")).args(options);
    Ok(player)
}

#[test]
fn the_window_paints_takes_a_value_and_closes() -> Result<()> {
    if lacks(&Display::missing())? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("player");
    let mut player = program("playsheet")?;
    player.arg("open").arg(example_file("bmi.xml")).arg("--data").arg(&data);
    let window = Window::open(&mut player, folder.path(), &data, "")?;
    window.shows_painted("the app as it is painted without a window", ALL, 0, &mut painted(&[])?, "")?;

    // With the keyboard alone: past the slider to the first field, another value, and on, which takes it in.
    window.tab()?;
    window.tab()?;
    window.press(&["ctrl+a"])?;
    window.write("172")?;
    window.tab()?;
    let other = ["--set", "Body height=172"];
    window.shows_painted("the results for another height", RESULTS, 0, &mut painted(&other)?, "")?;
    window.press(&["ctrl+z"])?;
    window.shows_painted("the results as before", RESULTS, 0, &mut painted(&[])?, "")?;
    window.close()
}

#[test]
fn without_a_display_the_surroundings_are_at_fault() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut player = program("playsheet")?;
    player.arg("open").arg(example_file("bmi.xml")).arg("--data").arg(folder.path());
    player.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    run(&mut player, "")?.failed(4, &["window"])?;
    Ok(())
}

/// Hides libraries from a program: under these names it finds files that are none.
#[cfg(target_os = "linux")]
fn without(libraries: &[&str], folder: &std::path::Path, command: &mut Command) -> Result<()> {
    let hidden = folder.join("hidden");
    std::fs::create_dir_all(&hidden)?;
    for library in libraries {
        std::fs::write(hidden.join(library), "")?;
    }
    command.env("LD_LIBRARY_PATH", hidden);
    Ok(())
}

#[cfg(target_os = "linux")]
const FOR_PAINTING: [&str; 6] =
    ["libGL.so.1", "libGL.so", "libEGL.so.1", "libEGL.so", "libvulkan.so.1", "libgbm.so.1"];

#[cfg(target_os = "linux")]
#[test]
fn pictures_need_no_library_for_windows_and_none_for_painting() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let picture = folder.path().join("app.png");
    let mut player = painted(&["--out"])?;
    player.arg(&picture).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let for_windows = ["libX11.so.6", "libX11-xcb.so.1", "libwayland-client.so.0", "libxkbcommon.so.0"];
    without(&[&FOR_PAINTING[..], &for_windows].concat(), folder.path(), &mut player)?;
    run(&mut player, "")?.ended(0)?;
    assert!(Picture::read_png(&picture)?.has_colours(50));
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_window_that_cannot_be_painted_is_the_surroundings_fault() -> Result<()> {
    if lacks(&Display::missing())? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let display = Display::start(640, 480)?;
    let mut player = program("playsheet")?;
    player.arg("open").arg(example_file("bmi.xml")).arg("--data").arg(folder.path().join("player"));
    without(&FOR_PAINTING, folder.path(), &mut player)?;
    run(display.lend(&mut player), "")?.failed(4, &["The window cannot be opened", "playsheet render"])?;
    Ok(())
}

#[test]
fn the_demo_ends_when_its_window_is_closed() -> Result<()> {
    if lacks(&Display::missing())? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("demo/player");
    let mut demo = program("playsheet-demo")?;
    demo.arg("--dir").arg(folder.path().join("demo"));
    let window = Window::open(&mut demo, folder.path(), &data, "")?;
    // Six tiles with letters on colours, not one empty page.
    window.look_for("the gallery", |picture| picture.has_colours(100))?;
    window.close()
}
