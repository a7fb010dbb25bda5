//! Threads for calculations in tests.

use functions::Pool;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads of the system's, each taking every so manyeth part, and how often they were asked.
#[derive(Debug)]
pub struct Threads(pub usize, pub AtomicUsize);

impl Pool for Threads {
    fn threads(&self) -> usize {
        self.0
    }

    fn each(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        self.1.fetch_add(1, Ordering::Relaxed);
        std::thread::scope(|scope| {
            for thread in 0..self.0 {
                scope.spawn(move || (thread..parts).step_by(self.0).for_each(work));
            }
        });
    }
}
