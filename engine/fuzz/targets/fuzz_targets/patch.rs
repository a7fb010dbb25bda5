//! The program of the target `patch`.

#![no_main]

playsheet_fuzz_targets::fuzz!("patch");
