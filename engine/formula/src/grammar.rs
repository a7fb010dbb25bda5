//! What parser and printer must agree on: how tightly operators bind, and what may stand beside them.

use crate::{BinaryOp, Extent, Node, SheetSpec, UnaryOp};

/// How tightly a construct binds; the higher the tighter.
pub(crate) type Level = u8;

pub(crate) const LOWEST: Level = 1;
pub(crate) const PERCENT: Level = 6;
pub(crate) const PREFIX: Level = 7;
pub(crate) const UNION: Level = 8;
pub(crate) const INTERSECTION: Level = 9;
pub(crate) const POSTFIX: Level = 11;
const PRIMARY: Level = 12;

/// The functions that files write for `A1:.B9`, `A1.:B9` and `A1.:.B9`.
pub(crate) const TRIM_TRAILING: &str = "_TRO_TRAILING";
pub(crate) const TRIM_LEADING: &str = "_TRO_LEADING";
pub(crate) const TRIM_BOTH: &str = "_TRO_ALL";

/// All binary operators take from the left: `2^3^2` is 64, and `-2^2` is 4 since the sign binds tighter.
pub(crate) fn level(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual => LOWEST,
        BinaryOp::Concat => 2,
        BinaryOp::Add | BinaryOp::Subtract => 3,
        BinaryOp::Multiply | BinaryOp::Divide => 4,
        BinaryOp::Power => 5,
        BinaryOp::Union => UNION,
        BinaryOp::Intersection => INTERSECTION,
        BinaryOp::Range => 10,
    }
}

/// How tightly a node holds together when it is written out.
pub(crate) fn node_level(node: &Node) -> Level {
    match node {
        Node::Binary { op, .. } => level(*op),
        Node::Unary { op: UnaryOp::Percent, .. } => PERCENT,
        Node::Unary { op: UnaryOp::Minus | UnaryOp::Plus | UnaryOp::Intersect, .. } => PREFIX,
        Node::Unary { op: UnaryOp::Spill, .. } => POSTFIX,
        // Written with its sign.
        Node::Number(number) if number.is_sign_negative() => PREFIX,
        _ => PRIMARY,
    }
}

/// Whether a node may give a reference, and so stand at `:`, a blank, a union's comma or `#`.
pub(crate) fn gives_reference(node: &Node) -> bool {
    match node {
        Node::Ref(_)
        | Node::Name { .. }
        | Node::Table(_)
        | Node::Call { .. }
        | Node::Invoke { .. }
        | Node::Paren(_)
        | Node::Error(_)
        | Node::Binding(_) => true,
        Node::Unary { op, .. } => *op == UnaryOp::Spill,
        Node::Binary { op, .. } => level(*op) >= UNION,
        _ => false,
    }
}

/// Whether `#` may stand behind a node as it is; behind a range it would belong to the second part alone.
pub(crate) fn takes_spill(node: &Node) -> bool {
    let range = matches!(node, Node::Ref(reference) if matches!(reference.extent, Extent::Rect(..)));
    node_level(node) >= POSTFIX && gives_reference(node) && !range && !is_trimmed(node)
}

/// Whether a node is a call that people see as `A1.:.B9`.
fn is_trimmed(node: &Node) -> bool {
    matches!(node, Node::Call { name, .. } if matches!(name.as_str(), TRIM_TRAILING | TRIM_LEADING | TRIM_BOTH))
}

/// Whether arguments may follow a node as it is: `LAMBDA(…)(1)`, `Sheet1!Name(1)`, `A1#(1)`. Behind anything
/// else they would read as something different, so it stands in parentheses.
pub(crate) fn takes_arguments(node: &Node) -> bool {
    match node {
        Node::Call { .. } => !is_trimmed(node),
        Node::Name { sheet, .. } => *sheet != SheetSpec::Here,
        Node::Invoke { .. } | Node::Paren(_) | Node::Table(_) | Node::Error(_) | Node::Binding(_) => true,
        Node::Unary { op, .. } => *op == UnaryOp::Spill,
        _ => false,
    }
}
