//! Workbook to proposed app.
//!
//! A spreadsheet says a lot about how it is meant to be used: which cells are constants that formulas read,
//! which formulas nobody reads, what stands beside them, what is unlocked, validated, named, a table. From
//! that a definition is proposed, each part with its reason, for a person to adjust.
//!
//! `facts` asks the workbook about single cells and `labels` about the words around them; `inputs`, `outputs`, `lists`
//! and `charts` find the parts, `warnings` what will not work; `definition` makes an app of them and `propose` the
//! whole proposal.

mod charts;
mod definition;
mod facts;
mod inputs;
mod labels;
mod lists;
mod outputs;
mod proposal;
mod propose;
mod warnings;

pub use proposal::{Charted, Found, Listed, ListedColumn, Proposal, Warning};
pub use propose::propose;
