//! End-to-end tests: real processes, servers, browser, window.
//!
//! This is what the tests share. A [`Stage`] is a portal with people and apps, a [`Player`] is somebody's computer,
//! a [`Scene`] both with an app in use; around them stand a line that can be cut ([`Proxy`]), a mail server, a display and a browser. Invariant: whatever
//! is started here lies in a temporary folder of its own, takes free ports, and ends with the value that stands
//! for it, so tests run beside each other. Waiting has a deadline everywhere; nothing sleeps for a fixed time.

pub mod bad_files;
pub mod display;
pub mod pages;
pub mod player;
pub mod programs;
pub mod proxy;
pub mod scene;
pub mod smtp;
pub mod stage;
pub mod traces;
pub mod webdriver;
pub mod window;

pub use player::Player;
pub use programs::{Ran, run};
pub use proxy::Proxy;
pub use scene::Scene;
pub use stage::Stage;

use anyhow::{Result, bail};
use std::io::Write;
use std::time::{Duration, Instant};

/// Looks again and again until there is something; fails after `patience`, naming what was waited for.
///
/// # Errors
/// Where it did not come in time, or where looking itself failed.
pub fn until<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if start.elapsed() > patience {
            bail!("waited {} s in vain for {what}", patience.as_secs());
        }
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// The variable by which whoever installed everything says that nothing may be missing.
const NEED_ALL: &str = "PLAYSHEET_TESTS_NEED_ALL";

/// Whether a test has to be skipped because this machine lacks something. It is said on the terminal even where the
/// test's own output is not shown; and where everything should be there, lacking it is a failure.
///
/// # Errors
/// Where something is missing that was to be installed.
pub fn lacks(missing: &[&str]) -> Result<bool> {
    if missing.is_empty() {
        return Ok(false);
    }
    let what = missing.join(", ");
    if std::env::var_os(NEED_ALL).is_some() {
        bail!("this machine should have {what}, and has not");
    }
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    // Unlike what is printed by macros, this is not captured.
    writeln!(
        std::io::stderr(),
        "skipped {test}: this machine has no {what}; `cargo xtask test` installs it"
    )?;
    Ok(true)
}
