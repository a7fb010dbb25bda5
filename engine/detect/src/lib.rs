//! Workbook to proposed app.
//!
//! A spreadsheet says a lot about how it is meant to be used: which cells are constants that formulas read,
//! which formulas nobody reads, what stands beside them, what is unlocked, validated, named, a table. From
//! that a definition is proposed, each part with its reason, for a person to adjust.

mod facts;
mod items;
mod lists;
mod proposal;
mod propose;

pub use proposal::{Charted, Found, Listed, ListedColumn, Proposal, Warning};
pub use propose::propose;
