//! What a person can do to a view, and what a view answers.

use crate::{Node, Notice, Scalar};
use serde::Serialize;

/// Something a person did.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Typed into an input: the text as a person writes it in the session's locale.
    Type {
        /// The input's node.
        id: String,
        /// What was typed.
        text: String,
    },
    /// Gave an input a value by a slider, switch, choice or calendar.
    Set {
        /// The input's node.
        id: String,
        /// The value.
        value: Scalar,
    },
    /// Gave an input back what the spreadsheet has.
    Reset {
        /// The input's node.
        id: String,
    },
    /// Gave all inputs back what the spreadsheet has.
    ResetAll,
    /// Took the last change back.
    Undo,
    /// Did it again.
    Redo,
    /// Moved a list's window.
    Window {
        /// The list's node.
        id: String,
        /// The first row shown.
        from: u64,
        /// How many rows, at most 500.
        count: u64,
    },
    /// Searched in a list.
    Search {
        /// The list's node.
        id: String,
        /// The words; empty shows all rows.
        text: String,
    },
    /// Sorted a list.
    Sort {
        /// The list's node.
        id: String,
        /// The column shown at this place and whether downwards; `None` for the sheet's own order.
        by: Option<(usize, bool)>,
    },
}

/// What a command changed. Applied to the tree before, it gives the tree after.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Delta {
    /// The new revision.
    pub revision: u64,
    /// Nodes whose own content differs, children left out.
    pub changed: Vec<Node>,
    /// Nodes that came, with their children: (parent's id or empty for a page, place among its children, node).
    pub came: Vec<(String, usize, Node)>,
    /// Ids of nodes that went; their children go with them.
    pub gone: Vec<String>,
    /// The notices, where they differ.
    pub notices: Option<Vec<Notice>>,
}
