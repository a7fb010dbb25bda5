//! The time, as something that tests can set.

use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00Z.
    fn now_ms(&self) -> i64;
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        // A clock before 1970 reads as 1970: every lease and every time seen is later.
        since.map_or(0, |passed| i64::try_from(passed.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Whole seconds of a number of milliseconds.
pub(crate) fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1_000)
}
