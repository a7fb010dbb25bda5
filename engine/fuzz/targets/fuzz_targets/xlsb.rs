//! The program of the target `xlsb`.

#![no_main]

playsheet_fuzz_targets::fuzz!("xlsb");
