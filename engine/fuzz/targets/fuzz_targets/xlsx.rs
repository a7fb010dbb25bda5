//! The program of the target `xlsx`.

#![no_main]

playsheet_fuzz_targets::fuzz!("xlsx");
