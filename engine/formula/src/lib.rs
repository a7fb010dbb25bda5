//! Formula text to tree and back.
//!
//! A [`Formula`] is a small arena whose references are stored relative to the cell that hosts it, so that a
//! copied formula is the same tree: the *template* that all its copies share. This room knows Excel's grammar
//! and nothing of cells' contents, functions' meaning or files.

mod sheets;
mod tree;

pub use sheets::{Sheets, quote_sheet};
pub use tree::{
    ArgList, Axis, BinaryOp, Corner, Extent, ExternalSheet, Formula, Node, NodeId, Ref, SheetSpec, TableItem,
    TableRef, UnaryOp,
};
