//! How deep functions and brackets stand in each other once a file holds the formula.
//!
//! Files write `@`, `#` and the dots of a range that is trimmed as functions, so a formula may be deeper there than
//! where it was typed. What is read must fit into both: what a file's text cannot hold would be lost by saving.

use super::{MAX_BRACKET_DEPTH, MAX_CALL_DEPTH};
use crate::error::ParseError;
use crate::{Formula, Node, NodeId, UnaryOp};

/// How deep calls and brackets of all kinds stand in each other, in a node and all below it.
#[derive(Clone, Copy, Default)]
struct Depth {
    calls: u32,
    brackets: u32,
}

impl Depth {
    fn max(self, other: Depth) -> Depth {
        Depth { calls: self.calls.max(other.calls), brackets: self.brackets.max(other.brackets) }
    }

    fn in_call(self) -> Depth {
        Depth { calls: self.calls + 1, brackets: self.brackets + 1 }
    }
}

/// Refuses what is too deep as files write it.
///
/// # Errors
/// Where calls or brackets stand deeper than a formula's may.
pub(super) fn check_in_files(formula: &Formula, text: &str) -> Result<(), ParseError> {
    let mut depths: Vec<Depth> = Vec::with_capacity(formula.nodes().len());
    for node in formula.nodes() {
        // Children stand before their parents.
        let of = |id: &NodeId| depths.get(id.0 as usize).copied().unwrap_or_default();
        let deepest = |ids: &[NodeId]| ids.iter().map(of).fold(Depth::default(), Depth::max);
        depths.push(match node {
            Node::Call { args, .. } => deepest(formula.args(*args)).in_call(),
            Node::Invoke { callee, args } => of(callee).max(deepest(formula.args(*args)).in_call()),
            Node::Unary { op: UnaryOp::Intersect | UnaryOp::Spill, operand } => of(operand).in_call(),
            Node::Unary { operand, .. } => of(operand),
            Node::Binary { left, right, .. } => of(left).max(of(right)),
            Node::Paren(inner) => Depth { brackets: of(inner).brackets + 1, ..of(inner) },
            _ => Depth::default(),
        });
    }
    let Depth { calls, brackets } = depths.last().copied().unwrap_or_default();
    if calls <= MAX_CALL_DEPTH && brackets <= MAX_BRACKET_DEPTH {
        return Ok(());
    }
    let message = match calls > MAX_CALL_DEPTH {
        true => format!(
            "Functions, with @ and # among them, stand more than {MAX_CALL_DEPTH} deep in each other."
        ),
        false => {
            format!(
                "Brackets, with @ and # among them, stand more than {MAX_BRACKET_DEPTH} deep in each other."
            )
        }
    };
    Err(ParseError::new(0..text.len(), message).hint("Put parts of the formula into cells of their own."))
}
