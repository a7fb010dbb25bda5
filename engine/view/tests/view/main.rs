//! Tests of the view: cases from text files, and what holds whatever a person does.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy lets test functions do so, but not what they call"
)]

mod cases;
mod properties;
mod support;
