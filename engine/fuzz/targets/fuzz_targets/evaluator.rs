//! The program of the target `evaluator`.

#![no_main]

playsheet_fuzz_targets::fuzz!("evaluator");
