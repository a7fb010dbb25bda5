//! The time guard: the vault remembers the latest time it has seen, so that a clock set back shows.
//!
//! Leases end at a time; a person who sets the clock back must not lengthen them. The guard only ever moves
//! forward, except through [`crate::Transaction::set_seen_time`], which is for a time that a trusted party vouches for.

/// How far the clock may run behind the latest time seen, in seconds, before that counts as set back.
///
/// Clocks drift and are corrected by small steps. As the latest time seen never moves back, all steps together
/// gain a person no more than this.
pub const CLOCK_TOLERANCE_S: i64 = 300;

/// How far the clock must have advanced, in seconds, before the vault writes that down.
///
/// A person who sets the clock back right after a write gains at most this much.
pub(crate) const WRITE_EVERY_S: i64 = 60;

/// What the time shown now means for a vault that has seen `seen_s`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Time went on so little that it need not be written.
    Same,
    /// Time went on: write it.
    Later,
    /// The clock was set back.
    SetBack,
}

/// Compares the time shown now with the latest time seen.
pub(crate) fn read(seen_s: i64, now_s: i64) -> Reading {
    if now_s < seen_s.saturating_sub(CLOCK_TOLERANCE_S) {
        Reading::SetBack
    } else if now_s >= seen_s.saturating_add(WRITE_EVERY_S) {
        Reading::Later
    } else {
        Reading::Same
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_at_the_edges() {
        for (seen, now, reading) in [
            (1_000, 1_000, Reading::Same),
            (1_000, 1_059, Reading::Same),
            (1_000, 1_060, Reading::Later),
            (1_000, 700, Reading::Same),
            (1_000, 699, Reading::SetBack),
            (i64::MAX, i64::MAX, Reading::Later),
            (i64::MIN, i64::MIN, Reading::Same),
            (i64::MAX, i64::MIN, Reading::SetBack),
        ] {
            assert_eq!(read(seen, now), reading, "seen {seen}, now {now}");
        }
    }
}
