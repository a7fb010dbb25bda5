//! Bringing up many copies of one formula at once.
//!
//! Where a run of stale copies does not read itself, their operands are brought up first and then all copies are
//! evaluated node by node ([`crate::lanes`]). Where copies read those above them (or below), they are evaluated in
//! that order. Whatever is in the way, a cycle or an operand that waits for these very cells, leaves the cells to
//! the general way, one by one.

use crate::lanes::Lanes;
use crate::model::{Vertex, VertexId};
use crate::precedent::{Family, Precedent};
use crate::program::Program;
use crate::recalc::{Ended, Frame, Run};
use crate::scan::Scan;
use crate::spread::cell_value;
use crate::state::{ACTIVE, CIRCULAR, FORCED, STALE};
use formula::{Axis, BinaryOp, Node, UnaryOp};
use std::sync::Arc;
use values::{Area, Cell, Rect, Row, SheetId};

/// Fewer copies than this are as quick one by one.
pub(crate) const WORTHWHILE: u32 = 4;
/// Copies whose intermediate values fit a processor's cache.
pub(crate) const CHUNK: u32 = 1_024;

/// In which order the copies of a family may be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// They read none of each other.
    Any,
    /// Each reads only copies above it.
    Down,
    /// Each reads only copies below it.
    Up,
}

impl Order {
    /// The order of a family of plain formulas, if there is one that its references alone decide.
    pub fn of(program: &Program, sheet: SheetId, family: Family, precedents: &[Precedent]) -> Option<Order> {
        if family.rect().rows() <= WORTHWHILE || !reads_only_what_it_names(program) {
            return None;
        }
        let mut order = Order::Any;
        for precedent in precedents.iter().filter(|precedent| precedent.sheet == sheet) {
            if precedent.hull(family).intersection(family.rect()).is_none() {
                continue;
            }
            let axes = precedent.row_axes();
            let above = |axis: &Axis| match axis {
                Axis::Relative(offset) => *offset < 0,
                Axis::Absolute(row) => *row < family.top.0,
            };
            let below = |axis: &Axis| match axis {
                Axis::Relative(offset) => *offset > 0,
                Axis::Absolute(row) => *row > family.bottom.0,
            };
            let wanted = match () {
                () if axes.iter().all(above) => Order::Down,
                () if axes.iter().all(below) => Order::Up,
                () => return None,
            };
            if order != Order::Any && order != wanted {
                return None;
            }
            order = wanted;
        }
        Some(order)
    }
}

/// Ranges between what expressions give, and spilled ranges, are known only while evaluating.
fn reads_only_what_it_names(program: &Program) -> bool {
    !program.formula.nodes().iter().any(|node| {
        matches!(node, Node::Binary { op: BinaryOp::Range, .. } | Node::Unary { op: UnaryOp::Spill, .. })
    })
}

/// Copies of one formula that are brought up together: rows as offsets in their vertex.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copies {
    pub vertex: VertexId,
    pub first: u32,
    pub last: u32,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Their operands come first.
    Ask,
    /// Their operands have been brought up.
    Evaluate,
    /// They are evaluated one by one.
    Singly,
}

impl Run<'_> {
    /// The copies from `offset` to at most `last` that may be brought up together.
    pub(crate) fn copies(&self, vertex: VertexId, offset: u32, last: u32) -> Option<Copies> {
        let of = self.model.vertex(vertex);
        if of.order.is_none() || self.together.contains(&vertex) || last - offset < WORTHWHILE {
            return None;
        }
        let state = &self.session.states[vertex.0 as usize];
        let last = state.run_end(offset, last, STALE, ACTIVE | CIRCULAR);
        (last - offset >= WORTHWHILE).then_some(Copies { vertex, first: offset, last, stage: Stage::Ask })
    }

    /// Goes on with the copies on top of the stack.
    pub(crate) fn visit_copies(&mut self, mut copies: Copies) {
        let model = Arc::clone(&self.model);
        let vertex = model.vertex(copies.vertex);
        match copies.stage {
            Stage::Ask => {
                copies.stage = Stage::Evaluate;
                self.replace_top(Frame::Copies(copies));
                self.together.insert(copies.vertex);
                for area in operands(vertex, copies.first, copies.last) {
                    if self.session.find_stale(area, ACTIVE).is_some() {
                        self.stack.push(Frame::Area(area));
                    }
                }
            }
            Stage::Evaluate => {
                let waits = operands(vertex, copies.first, copies.last)
                    .any(|area| self.session.find_stale(area, 0).is_some());
                if waits || !self.evaluate_copies(vertex, copies) {
                    copies.stage = Stage::Singly;
                    return self.replace_top(Frame::Copies(copies));
                }
                self.leave_copies(copies);
            }
            Stage::Singly => {
                let state = &self.session.states[copies.vertex.0 as usize];
                match state.find(copies.first, copies.last, STALE, ACTIVE) {
                    Some(offset) => self.start_cell(copies.vertex, offset),
                    None => self.leave_copies(copies),
                }
            }
        }
    }

    fn replace_top(&mut self, frame: Frame) {
        if let Some(top) = self.stack.last_mut() {
            *top = frame;
        }
    }

    fn leave_copies(&mut self, copies: Copies) {
        self.together.remove(&copies.vertex);
        self.stack.pop();
    }

    /// Evaluates what is stale of the copies; gives whether that could be done.
    fn evaluate_copies(&mut self, vertex: &Vertex, copies: Copies) -> bool {
        let mut offset = copies.first;
        loop {
            let state = &self.session.states[copies.vertex.0 as usize];
            let Some(first) = state.find(offset, copies.last, STALE, 0) else { return true };
            let last = state.run_end(first, copies.last, STALE, ACTIVE | CIRCULAR);
            if state.any(first, last, ACTIVE | CIRCULAR) {
                return false;
            }
            let done = match vertex.order {
                Some(Order::Any) => self.evaluate_lanes(vertex, copies.vertex, first, last),
                Some(way) => self.evaluate_chain(vertex, copies.vertex, (first, last), way),
                None => false,
            };
            if !done {
                return false;
            }
            if self.ended != Ended::Done || last == copies.last {
                return true;
            }
            offset = last + 1;
        }
    }

    /// Which of the rows must be evaluated, as one run; `None` where nothing changed that they read.
    pub(crate) fn to_evaluate(
        &self,
        vertex: &Vertex,
        id: VertexId,
        first: u32,
        last: u32,
    ) -> Option<(u32, u32)> {
        let family = part(vertex.family, first, last);
        let changed = vertex.precedents.iter().any(|precedent| {
            self.session.any_changed(Area { sheet: precedent.sheet, rect: precedent.hull(family) })
        });
        if changed {
            return Some((first, last));
        }
        let state = &self.session.states[id.0 as usize];
        let start = state.find(first, last, FORCED, 0)?;
        Some((start, state.run_end(start, last, FORCED, 0)))
    }

    /// Evaluates copies that read the ones before them, where possible as a scan.
    fn evaluate_chain(
        &mut self,
        vertex: &Vertex,
        id: VertexId,
        (first, last): (u32, u32),
        way: Order,
    ) -> bool {
        let Some(program) = &vertex.program else { return false };
        let Some(scan) = Scan::of(vertex, program, way) else {
            return self.evaluate_in_order(vertex, id, (first, last), way);
        };
        let mut left = Some((first, last));
        while let Some((first, last)) = left {
            if self.stop() {
                return true;
            }
            let (from, to);
            (from, to, left) = next_chunk((first, last), way);
            if self.to_evaluate(vertex, id, from, to).is_none() {
                self.session.settle(id, from, to);
                continue;
            }
            let top = vertex.family.top.0;
            let host = Cell { row: Row(top + from), col: vertex.family.col };
            let evaluated = self.evaluator(vertex.sheet, host).of_fresh(|evaluator| {
                scan.run(&Lanes { evaluator, program }, vertex, (top + from, top + to), way)
            });
            let Some(mut results) = evaluated else { return false };
            let done = results.len() as u32;
            self.charge(done);
            if self.is_spent() {
                return true;
            }
            let (start, rest) = match way {
                Order::Up => (to + 1 - done, (from, to.wrapping_sub(done))),
                _ => (from, (from + done, to)),
            };
            if way == Order::Up {
                results.reverse();
            }
            if done > 0 {
                self.session.put_rows(id, start, results.into_iter());
            }
            if done <= to - from && !self.evaluate_in_order(vertex, id, rest, way) {
                return false;
            }
        }
        true
    }

    fn evaluate_in_order(&mut self, vertex: &Vertex, id: VertexId, rows: (u32, u32), way: Order) -> bool {
        let rows = rows.0..=rows.1;
        if way == Order::Up {
            self.evaluate_rows(vertex, id, rows.rev())
        } else {
            self.evaluate_rows(vertex, id, rows)
        }
    }

    /// Evaluates copies that read the ones evaluated before them, in order.
    fn evaluate_rows(&mut self, vertex: &Vertex, id: VertexId, offsets: impl Iterator<Item = u32>) -> bool {
        let mut previous_changed = false;
        for offset in offsets {
            if self.stop() {
                return true;
            }
            let forced = self.session.states[id.0 as usize].has(offset, FORCED);
            if !forced && !previous_changed && !self.session.precedents_changed(vertex, offset) {
                self.session.settle(id, offset, offset);
                continue;
            }
            let host = Cell { row: Row(vertex.family.top.0 + offset), col: vertex.family.col };
            let evaluated =
                self.evaluator(vertex.sheet, host).of_fresh(|evaluator| evaluator.formula(vertex));
            let Some(value) = evaluated else { return false };
            self.charge(1);
            if self.is_spent() {
                return true;
            }
            previous_changed = self.session.put_row(id, offset, cell_value(value));
        }
        true
    }
}

/// Some rows of a family.
pub(crate) fn part(family: Family, first: u32, last: u32) -> Family {
    Family { top: Row(family.top.0 + first), bottom: Row(family.top.0 + last), ..family }
}

/// The rows of a run that are evaluated next, and what is left then.
fn next_chunk((first, last): (u32, u32), way: Order) -> (u32, u32, Option<(u32, u32)>) {
    if last - first < CHUNK {
        return (first, last, None);
    }
    match way {
        Order::Up => (last - CHUNK + 1, last, Some((first, last - CHUNK))),
        _ => (first, first + CHUNK - 1, Some((first + CHUNK, last))),
    }
}

/// What the copies from `first` to `last` read beside themselves.
pub(crate) fn operands(vertex: &Vertex, first: u32, last: u32) -> impl Iterator<Item = Area> {
    let family = part(vertex.family, first, last);
    let own = Area { sheet: vertex.sheet, rect: family.rect() };
    vertex.precedents.iter().flat_map(move |precedent| {
        let all = Area { sheet: precedent.sheet, rect: precedent.hull(family) };
        let parts = if all.sheet == own.sheet {
            without(all.rect, own.rect)
        } else {
            [Some(all.rect), None, None, None]
        };
        parts.into_iter().flatten().map(move |rect| Area { sheet: all.sheet, rect })
    })
}

/// A rectangle without another one: what is left of it, right of it, above and below.
fn without(all: Rect, hole: Rect) -> [Option<Rect>; 4] {
    let Some(hole) = all.intersection(hole) else { return [Some(all), None, None, None] };
    let left = hole.left.0.checked_sub(1).filter(|right| *right >= all.left.0);
    let right = Some(hole.right.0 + 1).filter(|left| *left <= all.right.0);
    let above = hole.top.0.checked_sub(1).filter(|bottom| *bottom >= all.top.0);
    let below = Some(hole.bottom.0 + 1).filter(|top| *top <= all.bottom.0);
    [
        left.map(|right| Rect { right: values::Col(right), ..all }),
        right.map(|left| Rect { left: values::Col(left), ..all }),
        above.map(|bottom| Rect { bottom: Row(bottom), left: hole.left, right: hole.right, ..all }),
        below.map(|top| Rect { top: Row(top), left: hole.left, right: hole.right, ..all }),
    ]
}

/// Whether each copy of the family reads the one right above it (`Down`) or right below it (`Up`).
pub(crate) fn follows(sheet: SheetId, family: Family, precedents: &[Precedent]) -> Option<Order> {
    let own = |precedent: &&Precedent| {
        precedent.sheet == sheet && precedent.hull(family).intersection(family.rect()).is_some()
    };
    precedents.iter().filter(own).find_map(|precedent| match precedent.row_axes() {
        [Axis::Relative(-1), Axis::Relative(-1)] => Some(Order::Down),
        [Axis::Relative(1), Axis::Relative(1)] => Some(Order::Up),
        _ => None,
    })
}
