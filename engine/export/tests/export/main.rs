//! The room `export` against files: what is written is read back, by the reader of `formats` and by plain looks into
//! the container.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy lets test functions do so, but not what they call"
)]

mod examples;
mod fixtures;
mod hostile;
mod losses;
mod new_workbooks;
mod support;
