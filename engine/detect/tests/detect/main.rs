//! Tests of the proposal: what a person would choose in the examples, and one rule at a time in small workbooks.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy lets test functions do so, but not what they call"
)]

mod examples;
mod handmade;
mod sentences;
mod workbooks;
