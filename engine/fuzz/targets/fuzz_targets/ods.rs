//! The program of the target `ods`.

#![no_main]

playsheet_fuzz_targets::fuzz!("ods");
