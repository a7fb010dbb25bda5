//! What fuzzing asks of the engine: a harness for each target, from bytes to checks.
//!
//! A harness takes any bytes, makes of them what its target works on, and checks what must hold whatever that is. It
//! panics where it does not. `targets/`, a workspace of its own, puts libFuzzer in front of each; the tests of this crate
//! run the inputs that are kept through the same harnesses, so `cargo test` holds what fuzzing found.
//!
//! This room knows the whole engine and nothing of libFuzzer, files or time.

mod books;
mod choices;
mod editing;
mod evaluation;
mod formulas;
mod grammar;
pub mod kept;
mod numbers;
mod parts;
mod readers;
mod saving;
pub mod seeds;

pub use parts::{MARK, join};

/// Something to fuzz.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, which is also that of its folders and of its program.
    pub name: &'static str,
    /// Bytes that an input is worth having, at most.
    pub max_bytes: usize,
    /// Runs one input; panics where something does not hold.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: [Target; 10] = [
    Target { name: "xlsx", max_bytes: 8_192, run: readers::xlsx },
    Target { name: "xls", max_bytes: 4_096, run: readers::xls },
    Target { name: "xlsb", max_bytes: 4_096, run: readers::xlsb },
    Target { name: "ods", max_bytes: 8_192, run: readers::ods },
    Target { name: "csv", max_bytes: 2_048, run: readers::csv },
    Target { name: "formula", max_bytes: 400, run: formulas::formula },
    Target { name: "numfmt", max_bytes: 200, run: numbers::numfmt },
    Target { name: "evaluator", max_bytes: 600, run: evaluation::evaluator },
    Target { name: "editing", max_bytes: 600, run: editing::editing },
    Target { name: "patch", max_bytes: 6_144, run: saving::patch },
];

/// The target of a name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Runs one input through a target's harness.
///
/// # Panics
/// Where something does not hold, and where there is no such target.
pub fn run(name: &str, data: &[u8]) {
    let target = target(name);
    assert!(target.is_some(), "there is no target {name}");
    if let Some(target) = target {
        (target.run)(data);
    }
}
