//! The program of the target `numfmt`.

#![no_main]

playsheet_fuzz_targets::fuzz!("numfmt");
