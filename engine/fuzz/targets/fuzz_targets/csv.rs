//! The program of the target `csv`.

#![no_main]

playsheet_fuzz_targets::fuzz!("csv");
