//! The program of the target `editing`.

#![no_main]

playsheet_fuzz_targets::fuzz!("editing");
