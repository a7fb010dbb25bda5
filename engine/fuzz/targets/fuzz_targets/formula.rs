//! The program of the target `formula`.

#![no_main]

playsheet_fuzz_targets::fuzz!("formula");
