//! Formula text to tree and back.
//!
//! A [`Formula`] is a small arena whose references are stored relative to the cell that hosts it, so that a
//! copied formula is the same tree: the *template* that all its copies share. This room knows Excel's grammar
//! and nothing of cells' contents, functions' meaning or files.
//!
//! Text becomes tokens (`scan`, `lexer`), tokens become a tree (`parser`, with `sheets` and `structured` for
//! what stands before `!` and in a table's brackets), and a tree becomes text again (`printer`). What parser and
//! printer must agree on stands in `grammar` and `functions`. A file's copies of one formula are told by their
//! tokens alone ([`template_key`]), those further down a column by their text ([`Copies`]). What becomes of
//! references when cells come, go or move is told in `adjust`.

mod adjust;
mod copies;
mod error;
mod functions;
mod grammar;
mod key;
mod lexer;
mod messages;
mod parser;
mod printer;
mod reference;
mod scan;
mod sheets;
mod structured;
mod tree;

pub use adjust::{Adjusted, Host, Shift, Slide, TableChange};
pub use copies::Copies;
pub use error::ParseError;
pub use key::template_key;
pub use parser::{
    MAX_BRACKET_DEPTH, MAX_CALL_DEPTH, MAX_CHARS, MAX_NODES, Mode, Separators, parse, parse_up_to,
};
pub use printer::{Style, print, print_node};
pub use reference::{parse_a1_reference, parse_dotted_reference, parse_r1c1_reference};
pub use sheets::{Sheets, quote_sheet};
pub use tree::{
    ArgList, Axis, BinaryOp, Corner, Extent, ExternalSheet, Formula, Node, NodeId, Ref, SheetSpec, TableItem,
    TableRef, UnaryOp,
};
