//! Everything a calculation takes from outside: clock, randomness, locale, threads, budget, cancellation.

use numfmt::{Locale, Reading};
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use values::DateSystem;

/// A numbering of characters with one byte, as the operating system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CharacterSet {
    /// Windows code page 1252.
    #[default]
    Windows,
    /// Mac OS Roman, which Excel on a Macintosh uses.
    Macintosh,
}

/// Threads for work that falls into independent parts.
pub trait Pool: Debug + Send + Sync {
    /// How many parts it works on at the same time; at least 1.
    fn threads(&self) -> usize;

    /// Calls `work` once with each number below `parts`, in any order and on any thread, and comes back when all are
    /// done. A panic in a part becomes one here.
    fn each(&self, parts: usize, work: &(dyn Fn(usize) + Sync));
}

/// What comes from outside. The engine itself has no clock, no random numbers and no locale of its own.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Local date and time as a 1900-system serial, for NOW and TODAY.
    pub now: f64,
    /// Where RAND and its like start; the same seed gives the same numbers.
    pub seed: u64,
    /// Separators, month names, date order.
    pub locale: &'static Locale,
    /// What CHAR and CODE number their characters by.
    pub characters: CharacterSet,
    /// Units of work (about one cell read or one operation) that a recalculation may use; beyond it, cells
    /// that are not done show `#CALC!` and the recalculation says so.
    pub budget: u64,
    /// Set from another thread to stop a recalculation at the next cell.
    pub cancel: Option<Arc<AtomicBool>>,
    /// Threads to share the work with. The values are the same bit for bit with any number of them, and with none.
    pub pool: Option<Arc<dyn Pool>>,
}

impl Environment {
    /// What texts are read against in a workbook that counts days so.
    pub fn reading(&self, system: DateSystem) -> Reading<'static> {
        // A date without a year is of this year; the clock counts days as the 1900 system does.
        let today = DateSystem::V1900.civil(self.now as i64);
        Reading { locale: self.locale, system, year: today.map_or(1900, |civil| civil.year) }
    }

    /// Whether another thread asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

impl Default for Environment {
    /// 2024-01-01 00:00, seed 0, en-US, no limit that a workbook of a person would meet, no further thread.
    fn default() -> Self {
        Environment {
            now: 45_292.0,
            seed: 0,
            locale: Locale::en_us(),
            characters: CharacterSet::Windows,
            budget: u64::MAX,
            cancel: None,
            pool: None,
        }
    }
}
