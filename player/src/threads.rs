//! The threads that calculations share their work with, one set for the program.

use engine::functions::Pool;
use rayon::ThreadPool;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

/// Bytes of stack of a thread that calculates: workbooks may nest formulas as deep as the parser lets them.
pub(crate) const STACK: usize = 16 * 1024 * 1024;
/// More threads only wait for memory.
const MOST: usize = 8;

/// Threads beside the one that calculates.
#[derive(Debug)]
struct Threads {
    others: ThreadPool,
}

/// Threads for this computer's processors; none where there is but one, or where the system gives no thread.
pub(crate) fn pool() -> Option<Arc<dyn Pool>> {
    let others = available_parallelism().map_or(1, usize::from).min(MOST) - 1;
    if others == 0 {
        return None;
    }
    let name = |number: usize| format!("calculation {number}");
    let others = rayon::ThreadPoolBuilder::new()
        .num_threads(others)
        .thread_name(name)
        .stack_size(STACK)
        .build()
        .ok()?;
    Some(Arc::new(Threads { others }))
}

impl Pool for Threads {
    fn threads(&self) -> usize {
        self.others.current_num_threads() + 1
    }

    fn each(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        let help = || {
            let taken = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
            taken.take_while(|part| *part < parts).for_each(work);
        };
        self.others.in_place_scope(|scope| {
            for _ in 1..parts.min(self.threads()) {
                scope.spawn(|_| help());
            }
            help();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn each_part_is_done_once() {
        for others in 1..4 {
            let others = rayon::ThreadPoolBuilder::new().num_threads(others).build().expect("threads");
            let threads = Threads { others };
            for parts in [0, 1, 2, 7, 1_000] {
                let done = Mutex::new(vec![0_u32; parts]);
                threads.each(parts, &|part| done.lock().expect("no panic")[part] += 1);
                assert_eq!(done.into_inner().expect("no panic"), vec![1; parts]);
            }
        }
    }
}
