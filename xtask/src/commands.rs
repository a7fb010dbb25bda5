//! One file a command; see the crate's head for how to add one.

pub mod bench;
pub mod check;
pub mod compatibility;
pub mod conformance;
pub mod crosscheck;
pub mod examples;
pub mod fuzz;
pub mod pictures;
pub mod test;
pub mod tidy;
