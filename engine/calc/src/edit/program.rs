//! What a formula's program says of the cell that holds it: whether its value hangs on where it stands, and whether
//! it may spill.

use crate::program::{Compiler, Meaning, Program, is_database};
use formula::{BinaryOp, Extent, Formula, Node, NodeId, UnaryOp};
use functions::{Body, Control, Function, Kind};
use std::sync::Arc;
use values::{Cell, SheetId};
use workbook::Workbook;

/// How a value hangs on places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Placed {
    /// On nothing but the contents of what is read.
    Nowhere,
    /// On the way from the host to a range of several cells, of which it takes those beside it.
    Beside,
    /// On where its references and itself stand, as ROW.
    Here,
    /// On what any cell or sheet looks like, as FORMULATEXT.
    Anywhere,
}

/// How the value of a program hangs on places. An array formula takes ranges as a whole.
pub(super) fn placed(program: &Program, is_array: bool) -> Placed {
    let formula = &program.formula;
    let calls = (0..formula.nodes().len()).filter_map(|id| match &program.meanings[id] {
        Meaning::Function(function) | Meaning::FunctionValue(function) => Some(*function),
        _ => None,
    });
    let most = calls.map(|function| match function.name {
        "FORMULATEXT" | "CELL" | "SHEET" | "SHEETS" => Placed::Anywhere,
        // The formulas among its criteria matter, not only what they give.
        _ if is_database(function) => Placed::Anywhere,
        "ROW" | "COLUMN" => Placed::Here,
        _ => Placed::Nowhere,
    });
    let most = most.max().unwrap_or(Placed::Nowhere);
    let beside = || if is_array { Placed::Nowhere } else { taken_beside(program) };
    if most == Placed::Nowhere { beside() } else { most }
}

/// Whether a range of several cells may stand where one value is wanted.
fn taken_beside(program: &Program) -> Placed {
    let formula = &program.formula;
    let mut whole = vec![false; formula.nodes().len()];
    for (id, node) in formula.nodes().iter().enumerate() {
        let (Node::Call { args, .. }, Meaning::Function(function)) = (node, &program.meanings[id]) else {
            continue;
        };
        for (place, arg) in formula.args(*args).iter().enumerate() {
            whole[arg.0 as usize] = takes_ranges(function, place);
        }
    }
    let several = |(id, node): (usize, &Node)| match (node, &program.meanings[id]) {
        (_, Meaning::Name(_) | Meaning::Cells(..)) => !whole[id],
        (Node::Ref(reference), _) => !whole[id] && !matches!(reference.extent, Extent::Cell(_)),
        (Node::Binary { op, .. }, _) => {
            !whole[id] && matches!(op, BinaryOp::Range | BinaryOp::Union | BinaryOp::Intersection)
        }
        _ => false,
    };
    if formula.nodes().iter().enumerate().any(several) { Placed::Beside } else { Placed::Nowhere }
}

fn takes_ranges(function: &Function, place: usize) -> bool {
    let kind = function.param(place).map(|param| param.kind);
    matches!(kind, Some(Kind::Values | Kind::Array | Kind::Reference))
}

/// Whether a formula may give more than one value, so that a person who types it means it to spill.
pub(super) fn may_spill(book: &Workbook, formula: &Arc<Formula>, sheet: SheetId, host: Cell) -> bool {
    let compiler = Compiler::new(book);
    let program = compiler.compile(formula, sheet, host);
    // Children stand before their parents.
    let mut many: Vec<bool> = Vec::with_capacity(formula.nodes().len());
    for (id, node) in formula.nodes().iter().enumerate() {
        let of = |id: &NodeId| many.get(id.0 as usize).copied().unwrap_or(false);
        let is_many = match node {
            Node::Ref(reference) => !matches!(reference.extent, Extent::Cell(_)),
            Node::Table(_) => !matches!(program.meanings[id], Meaning::Binder(_)),
            Node::Name { .. } => {
                !matches!(program.meanings[id], Meaning::Binder(_) | Meaning::FunctionValue(_))
            }
            Node::Array { rows, cols, .. } => rows * cols > 1,
            Node::Unary { op: UnaryOp::Intersect, .. } => false,
            Node::Unary { op: UnaryOp::Spill, .. } | Node::Invoke { .. } => true,
            Node::Unary { operand, .. } | Node::Paren(operand) => of(operand),
            Node::Binary { op: BinaryOp::Range | BinaryOp::Union | BinaryOp::Intersection, .. } => true,
            Node::Binary { left, right, .. } => of(left) || of(right),
            Node::Call { args, .. } => match &program.meanings[id] {
                Meaning::Function(function) => call_gives_many(function, formula.args(*args), &of),
                Meaning::Error(_) => false,
                _ => true,
            },
            _ => false,
        };
        many.push(is_many);
    }
    many.last().copied().unwrap_or(false)
}

fn call_gives_many(function: &Function, args: &[NodeId], many: &dyn Fn(&NodeId) -> bool) -> bool {
    if function.array || matches!(function.name, "INDEX" | "OFFSET" | "INDIRECT") {
        return true;
    }
    match function.body {
        Body::Control(Control::Lambda | Control::IsOmitted) => false,
        Body::Control(Control::Let) => args.last().is_some_and(many),
        Body::Control(_) => args.iter().any(many),
        _ => args.iter().enumerate().any(|(place, arg)| many(arg) && !takes_ranges(function, place)),
    }
}
