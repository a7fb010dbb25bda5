//! What fuzzing found and the inputs that reach most places, through the harnesses that fuzzing uses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use playsheet_fuzz::{TARGETS, kept, run};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The kept inputs of a target: reached places, then findings.
fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    for place in ["corpus", "cases"] {
        let path = file(place, target);
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let read = kept::inputs(&text);
        let read = read.unwrap_or_else(|line| panic!("{}: line {line} is no input", path.display()));
        inputs.extend(read.into_iter().map(|(name, input)| (format!("{place}: {name}"), input)));
    }
    inputs
}

fn file(place: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(place).join(format!("{target}.txt"))
}

fn check(target: &str) {
    let inputs = inputs(target);
    assert!(!inputs.is_empty(), "no inputs of {target} are kept");
    let fails = |input: &[u8]| catch_unwind(AssertUnwindSafe(|| run(target, input))).is_err();
    let failed: Vec<&str> =
        inputs.iter().filter(|(_, input)| fails(input)).map(|(name, _)| name.as_str()).collect();
    assert!(failed.is_empty(), "{target}: {failed:?}");
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*

        #[test]
        fn every_target_is_here() {
            assert_eq!(TARGETS.map(|target| target.name), [$(stringify!($name)),*]);
        }
    };
}

targets!(xlsx xls xlsb ods csv formula numfmt evaluator editing patch);

#[test]
fn what_is_kept_is_small() {
    let size = |place, target| std::fs::metadata(file(place, target)).map_or(0, |file| file.len());
    let all: u64 =
        TARGETS.iter().map(|target| size("corpus", target.name) + size("cases", target.name)).sum();
    assert!(all < 1 << 20, "{all} bytes");
}
