//! The program of the target `xls`.

#![no_main]

playsheet_fuzz_targets::fuzz!("xls");
