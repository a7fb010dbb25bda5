//! Chains of copies as scans: where each copy reads the one before it, as in `A2 = A1 + B2`, and does nothing but
//! arithmetic with it, the rows are computed in one loop over plain numbers.
//!
//! Invariant: a scan gives bit for bit what the copies give one by one. It ends before the first row whose result is
//! no finite number; that row is left to the evaluator.

use crate::lanes::{Lane, Lanes, Rows};
use crate::model::Vertex;
use crate::operators::is_reference_operator;
use crate::program::{Meaning, Program, is_final_sum};
use crate::together::Order;
use formula::{Axis, BinaryOp, Extent, Node, NodeId, Ref, SheetSpec, UnaryOp};
use values::{Cell, Row, Value};

/// Longer formulas are rare, and then the evaluator's overhead is small beside the work.
const MOST_STEPS: usize = 64;
/// Numbers that wait for their operator.
const MOST_WAITING: usize = 16;
/// How far back a chain may reach; further ones gain nothing that matters.
const MOST_BACK: u32 = 64;

/// A formula of a chain in postfix order.
#[derive(Debug)]
pub(crate) struct Scan {
    steps: Vec<Step>,
    /// Parts that do not read the chain: they are evaluated for all rows before.
    parts: Vec<NodeId>,
    /// How many rows back the chain reads at most.
    back: u32,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Number(f64),
    /// One of the parts.
    Part(usize),
    /// The copy so many rows before.
    Own(u32),
    Binary(BinaryOp, bool),
    Minus,
    Percent,
}

/// What a part gives in each row.
enum Part {
    Same(f64),
    Each(Vec<f64>),
}

impl Scan {
    /// The chain of a vertex, if it is one of arithmetic. The rows follow each other downwards or upwards.
    pub fn of(vertex: &Vertex, program: &Program, way: Order) -> Option<Scan> {
        let mut scan = Scan { steps: Vec::new(), parts: Vec::new(), back: 0 };
        let waiting = scan.add(vertex, program, way, program.formula.root())?;
        (waiting <= MOST_WAITING && scan.back > 0).then_some(scan)
    }

    /// Adds a node; gives how many numbers wait at most while it is computed.
    fn add(&mut self, vertex: &Vertex, program: &Program, way: Order, id: NodeId) -> Option<usize> {
        if self.steps.len() >= MOST_STEPS {
            return None;
        }
        let formula = &program.formula;
        match formula.node(id) {
            Node::Number(number) => self.push(Step::Number(*number)),
            Node::Paren(inner) => return self.add(vertex, program, way, *inner),
            Node::Unary { op: op @ (UnaryOp::Minus | UnaryOp::Percent), operand } => {
                let waiting = self.add(vertex, program, way, *operand)?;
                self.push(if *op == UnaryOp::Minus { Step::Minus } else { Step::Percent });
                return Some(waiting);
            }
            Node::Binary { op, left, right } if is_arithmetic(*op) => {
                let left = self.add(vertex, program, way, *left)?;
                let right = self.add(vertex, program, way, *right)?;
                self.push(Step::Binary(*op, is_final_sum(formula, id)));
                return Some(left.max(right + 1));
            }
            Node::Ref(reference) if rows_back(vertex, reference, way).is_some() => {
                let back = rows_back(vertex, reference, way).filter(|back| *back <= MOST_BACK)?;
                self.back = self.back.max(back);
                self.push(Step::Own(back));
            }
            _ if is_apart(vertex, program, id) => {
                self.push(Step::Part(self.parts.len()));
                self.parts.push(id);
            }
            _ => return None,
        }
        Some(1)
    }

    fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// The results of consecutive rows, in the chain's direction, as far as they are finite numbers.
    pub fn run(
        &self,
        lanes: &Lanes<'_, '_>,
        vertex: &Vertex,
        (first, last): (u32, u32),
        way: Order,
    ) -> Vec<f64> {
        let rows = Rows::span(first, last);
        let len = rows.len();
        let mut parts = Vec::with_capacity(self.parts.len());
        for id in &self.parts {
            match numbers(lanes.operand(*id, &rows)) {
                Some(part) => parts.push(part),
                None => return Vec::new(),
            }
        }
        let back = self.back as usize;
        let mut own = self.before(lanes, vertex, (first, last), way);
        own.reserve(len);
        for step in 0..len {
            let place = if way == Order::Down { step } else { len - 1 - step };
            let result = self.row(&parts, place, &own);
            if !result.is_finite() {
                break;
            }
            own.push(result);
        }
        own.split_off(back)
    }

    /// What the rows before the first one hold, the nearest last; what is no number there is not finite here.
    fn before(
        &self,
        lanes: &Lanes<'_, '_>,
        vertex: &Vertex,
        (first, last): (u32, u32),
        way: Order,
    ) -> Vec<f64> {
        let cell = |back: u32| {
            let row = match way {
                Order::Down => first.checked_sub(back)?,
                _ => last.checked_add(back).filter(|row| *row < values::MAX_ROWS)?,
            };
            number(
                lanes.evaluator.session.value(vertex.sheet, Cell { row: Row(row), col: vertex.family.col }),
            )
        };
        (1..=self.back).rev().map(|back| cell(back).unwrap_or(f64::NAN)).collect()
    }

    fn row(&self, parts: &[Part], place: usize, own: &[f64]) -> f64 {
        let mut waiting = [0.0; MOST_WAITING + 1];
        let mut top = 0;
        for step in &self.steps {
            match *step {
                Step::Minus => waiting[top] = 0.0 - waiting[top],
                Step::Percent => waiting[top] /= 100.0,
                Step::Binary(op, is_final) => {
                    top -= 1;
                    waiting[top] = binary(op, is_final, waiting[top], waiting[top + 1]);
                    if !waiting[top].is_finite() {
                        return f64::NAN;
                    }
                }
                leaf => {
                    top += 1;
                    waiting[top] = match leaf {
                        Step::Number(number) => number,
                        Step::Own(back) => own[own.len() - back as usize],
                        Step::Part(index) => match &parts[index] {
                            Part::Same(number) => *number,
                            Part::Each(numbers) => numbers[place],
                        },
                        _ => f64::NAN,
                    };
                }
            }
        }
        waiting[top]
    }
}

/// A division by zero gives what is not finite, as does every other error.
fn binary(op: BinaryOp, is_final: bool, a: f64, b: f64) -> f64 {
    match (op, is_final) {
        (BinaryOp::Add, true) => values::add(a, b),
        (BinaryOp::Add, false) => a + b,
        (BinaryOp::Subtract, true) => values::subtract(a, b),
        (BinaryOp::Subtract, false) => a - b,
        (BinaryOp::Multiply, _) => a * b,
        _ => a / b,
    }
}

fn is_arithmetic(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide)
}

/// What arithmetic takes a value for, where that is certain without looking at texts.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Empty => Some(0.0),
        _ => None,
    }
}

fn numbers(lane: Lane) -> Option<Part> {
    Some(match lane {
        Lane::Same(value) => Part::Same(number(&value)?),
        Lane::Numbers(numbers) => Part::Each(numbers),
        Lane::Values(values) => Part::Each(values.iter().map(number).collect::<Option<_>>()?),
        Lane::Cells(..) => return None,
    })
}

/// How many rows before its own each copy reads in its own column.
fn rows_back(vertex: &Vertex, reference: &Ref, way: Order) -> Option<u32> {
    let Extent::Cell(corner) = reference.extent else { return None };
    let Axis::Relative(offset) = corner.row else { return None };
    let back = if way == Order::Down { -i64::from(offset) } else { i64::from(offset) };
    (is_own_column(vertex, reference) && back > 0).then_some(back as u32)
}

/// Whether a reference meets the column of the copies.
fn is_own_column(vertex: &Vertex, reference: &Ref) -> bool {
    let is_here = match reference.sheet {
        SheetSpec::Here => true,
        SheetSpec::Sheet(sheet) => sheet == vertex.sheet,
        _ => return true,
    };
    let host = Cell { row: vertex.family.top, col: vertex.family.col };
    let col = |axis: Axis| match axis {
        Axis::Absolute(col) => i64::from(col),
        Axis::Relative(offset) => i64::from(host.col.0) + i64::from(offset),
    };
    let (left, right) = match reference.extent {
        Extent::Cell(corner) => (col(corner.col), col(corner.col)),
        Extent::Rect(a, b) => (col(a.col).min(col(b.col)), col(a.col).max(col(b.col))),
        Extent::Cols(a, b) => (col(a).min(col(b)), col(a).max(col(b))),
        Extent::Rows(..) => return is_here,
    };
    is_here && (left..=right).contains(&i64::from(host.col.0))
}

/// Whether a part of the formula reads nothing of its own column, and names all that it reads.
fn is_apart(vertex: &Vertex, program: &Program, id: NodeId) -> bool {
    let formula = &program.formula;
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        match formula.node(id) {
            Node::Number(_) | Node::Text(_) | Node::Bool(_) | Node::Missing => {}
            Node::Ref(reference) if !is_own_column(vertex, reference) => {}
            Node::Paren(inner) => open.push(*inner),
            Node::Unary { op: UnaryOp::Minus | UnaryOp::Percent, operand } => open.push(*operand),
            Node::Binary { op, left, right } if !is_reference_operator(*op) => {
                open.extend([*left, *right]);
            }
            Node::Call { args, .. } => match &program.meanings[id.0 as usize] {
                Meaning::Function(function) if !function.volatile => open.extend(formula.args(*args)),
                _ => return false,
            },
            _ => return false,
        }
    }
    true
}
