//! End-to-end tests: real processes, servers, browser, window.
//!
//! This is what the tests share. A [`Stage`] is a portal with people and apps, a [`Player`] is somebody's computer;
//! around them stand a line that can be cut ([`Proxy`]), a mail server, a display and a browser. Invariant: whatever
//! is started here lies in a temporary folder of its own, takes free ports, and ends with the value that stands
//! for it, so tests run beside each other. Waiting has a deadline everywhere; nothing sleeps for a fixed time.

pub mod bad_files;
pub mod display;
pub mod player;
pub mod programs;
pub mod proxy;
pub mod smtp;
pub mod stage;
pub mod traces;
pub mod webdriver;

pub use player::Player;
pub use programs::{Ran, run};
pub use proxy::Proxy;
pub use stage::Stage;

use anyhow::{Result, bail};
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
