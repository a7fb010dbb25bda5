//! The player's window.
//!
//! Three kinds of threads work together, and only through channels:
//!
//! - the window's own thread paints [`ui::screens`] and never waits for anything;
//! - the *keeper* ([`keeper`]) owns the vault and talks to the portal; a sync has a thread of its own, so that apps
//!   open while it runs;
//! - every open app is calculated on a thread of its own ([`running`]), which ends when the app is closed.
//!
//! Whoever has news puts an [`Event`] into one channel and asks for a repaint.
//!
//! Invariant: no secret store, file, network or calculation is ever waited for on the window's thread.

mod errors;
mod event;
mod gallery;
mod geometry;
mod keeper;
mod moments;
mod running;
mod shell;

use crate::exit::{Failure, Outcome};
use crate::options::Global;
use crate::{input, store};
use event::Event;
use geometry::Geometry;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use ui::screens::Language;

pub(crate) use running::Parcel;
pub(crate) use shell::{file_parcel, sentence};

/// How long an app that is opened by its name may take before the window shows itself, so that a broken file is
/// said where it was asked for.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What the window opens on.
pub(crate) enum Start {
    /// The gallery.
    Gallery,
    /// One app and nothing else: its name, and how it is opened.
    Alone(String, Parcel),
}

/// Opens the window and stays until it is closed.
pub(crate) fn open(global: &Global, start: Start) -> Outcome<ExitCode> {
    let folder = store::data_dir(global)?;
    let environment = input::environment(&Global { locale: Some(locale(global)), ..global.clone() })?;
    let language = Language::of(environment.locale);
    let (events, inbox) = event::channel();
    let setup = match start {
        Start::Gallery => {
            let passphrase =
                global.passphrase_stdin.then(|| store::ask("Passphrase of the vault: ")).transpose()?;
            shell::Setup::Gallery { passphrase }
        }
        Start::Alone(name, parcel) => {
            let app = running::spawn(1, parcel, &environment, &events);
            let first = inbox.recv_timeout(PATIENCE).ok();
            if let Some(Event::NotOpened { why, .. }) = first {
                return Err(Failure::input(why));
            }
            shell::Setup::Alone { name, app, first }
        }
    };
    let geometry = Geometry::read(&folder);
    let options = eframe::NativeOptions { viewport: geometry.viewport(), ..eframe::NativeOptions::default() };
    let parts = shell::Parts { folder, language, environment, events, inbox, geometry, setup };
    let run = AssertUnwindSafe(move || {
        eframe::run_native(
            "Playsheet",
            options,
            Box::new(move |context| Ok(Box::new(shell::Shell::new(context, parts)))),
        )
    });
    // The libraries that a window needs are loaded at run time; where one is missing, some of them panic.
    match std::panic::catch_unwind(run) {
        Ok(Ok(())) => Ok(ExitCode::SUCCESS),
        Ok(Err(error)) => Err(no_window(&error.to_string())),
        Err(panic) => Err(no_window(&said(panic.as_ref()))),
    }
}

/// The locale of the window: the one asked for, else the computer's, as far as it is known.
fn locale(global: &Global) -> String {
    let known = |tag: &String| engine::numfmt::Locale::from_tag(tag).is_some();
    let of_computer = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|tag| !tag.is_empty()))
    };
    global.locale.clone().or_else(|| of_computer().filter(known)).unwrap_or_else(|| "en-US".to_owned())
}

fn no_window(why: &str) -> Failure {
    Failure::surroundings(format!(
        "The window cannot be opened: {}. Apps run without one too: `playsheet run` computes an app and prints it, `playsheet render` paints it into a picture.",
        without_place(why.trim_end_matches('.'))
    ))
}

/// An error of the windowing libraries without the place in their sources, which tells a person nothing.
fn without_place(text: &str) -> String {
    let place = text.find(" at ").and_then(|at| {
        let file = text.get(at..)?.find(".rs:")?;
        let rest = text.get(at + file + ".rs:".len()..)?;
        let (line, said) = rest.split_once(": ")?;
        line.chars().all(|c| c.is_ascii_digit() || c == ':').then_some((at, said))
    });
    match place {
        Some((at, said)) => format!("{}: {said}", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What a panic said.
pub(crate) fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "an unknown error".to_owned())
}

/// Something shared that a thread may stop.
type Shared<T> = Arc<std::sync::Mutex<T>>;

#[cfg(test)]
mod tests {
    use super::without_place;

    #[test]
    fn errors_lose_their_place_in_the_sources() {
        let text = "EventLoopError: os error at /x/winit/src/mod.rs:765: DISPLAY is not set";
        assert_eq!(without_place(text), "EventLoopError: os error: DISPLAY is not set");
        assert_eq!(without_place("found no GL at all"), "found no GL at all");
    }
}
