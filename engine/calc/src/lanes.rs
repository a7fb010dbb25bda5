//! Copies of one formula evaluated together, node by node instead of cell by cell.
//!
//! A [`Lane`] holds what one node gives in each of some rows. Each operation on lanes gives bit for bit what the
//! same operation gives cell by cell: it either is a loop over the scalar operation, or hands the rows one by one
//! to the [`Evaluator`]. What the formulas read must be up to date before.

mod branches;
mod lane;

use crate::evaluate::Evaluator;
use crate::operators::{self, is_reference_operator};
use crate::program::{Meaning, Program, is_final_sum};
use formula::{ArgList, Axis, BinaryOp, Extent, Node, NodeId, Ref, SheetSpec, UnaryOp};
use functions::{Body, Control, Function, Kind, Mode, lift_binary, lift_unary};
use lane::{Collector, NumberLane, arithmetic, comparison};
pub(crate) use lane::{Lane, Rows};
use std::sync::Arc;
use values::{Cell, CellError, Row, SheetId, Value};

/// Functions that only look at the numbers of their arguments, wherever those stand.
const REDUCERS: [&str; 6] = ["AVERAGE", "COUNT", "MAX", "MIN", "PRODUCT", "SUM"];

/// One family's formula over some of its rows.
pub(crate) struct Lanes<'a, 'b> {
    pub evaluator: &'b Evaluator<'a>,
    pub program: &'b Arc<Program>,
}

impl Lanes<'_, '_> {
    /// What the formula gives in each row, references read.
    pub fn formula(&self, rows: &Rows) -> Lane {
        self.operand(self.program.formula.root(), rows)
    }

    /// Moves the evaluator to the copy in `row`.
    fn go(&self, row: u32) {
        let col = self.evaluator.host.get().col;
        self.evaluator.host.set(Cell { row: Row(row), col });
    }

    /// A node's value in each row, references read as one cell each.
    pub fn operand(&self, id: NodeId, rows: &Rows) -> Lane {
        self.lane(id, rows, true)
    }

    /// A node in each row; `read` where references are to be read.
    fn lane(&self, id: NodeId, rows: &Rows, read: bool) -> Lane {
        let lane = match self.program.formula.node(id) {
            Node::Number(number) => Lane::Same(Value::Number(*number)),
            Node::Text(text) => Lane::Same(Value::Text(text.clone())),
            Node::Bool(value) => Lane::Same(Value::Bool(*value)),
            Node::Error(error) => Lane::Same(Value::Error(*error)),
            Node::Missing => Lane::Same(Value::Missing),
            Node::Paren(inner) => return self.lane(*inner, rows, read),
            Node::Ref(reference) => self.reference(id, reference, rows),
            Node::Name { .. } | Node::Table(_) => match &self.program.meanings[id.0 as usize] {
                Meaning::Cells(sheet, extent) => Lane::Cells(*sheet, *extent),
                _ => self.one_by_one(id, rows),
            },
            Node::Call { args, .. } => return self.call(id, *args, rows, read),
            Node::Unary { op: op @ (UnaryOp::Minus | UnaryOp::Percent), operand } => {
                self.unary(*op, *operand, rows)
            }
            Node::Binary { op, .. } if !is_reference_operator(*op) => self.spine(id, rows),
            _ => self.one_by_one(id, rows),
        };
        if read { self.read(lane, rows) } else { lane }
    }

    /// The way that always works: cell by cell.
    fn one_by_one(&self, id: NodeId, rows: &Rows) -> Lane {
        let values = rows.0.iter().map(|row| {
            self.go(*row);
            self.evaluator.eval(self.program, id, Mode::Cell, &None)
        });
        Lane::collect(rows.len(), values)
    }

    fn reference(&self, id: NodeId, reference: &Ref, rows: &Rows) -> Lane {
        if let Meaning::Error(error) = self.program.meanings[id.0 as usize] {
            return Lane::Same(error.into());
        }
        match reference.sheet {
            SheetSpec::Here => Lane::Cells(self.evaluator.sheet, reference.extent),
            SheetSpec::Sheet(sheet) => Lane::Cells(sheet, reference.extent),
            _ => self.one_by_one(id, rows),
        }
    }

    /// Reads references: one cell for each row.
    fn read(&self, lane: Lane, rows: &Rows) -> Lane {
        match lane {
            Lane::Cells(sheet, Extent::Cell(corner)) => match (corner.row, rows.consecutive()) {
                (Axis::Absolute(_), _) => {
                    let host = Cell { row: Row(rows.0[0]), col: self.evaluator.host.get().col };
                    Lane::Same(self.cell(sheet, Extent::Cell(corner).resolve(host).map(values::Rect::first)))
                }
                (Axis::Relative(offset), Some((first, last))) => {
                    let host = Cell { row: Row(first), col: self.evaluator.host.get().col };
                    let bottom = i64::from(last) + i64::from(offset);
                    match Extent::Cell(corner).resolve(host) {
                        Some(top) if bottom < i64::from(values::MAX_ROWS) => {
                            self.column(sheet, top.left.0, top.top.0, rows.len())
                        }
                        _ => self.each_cell(sheet, Extent::Cell(corner), rows),
                    }
                }
                _ => self.each_cell(sheet, Extent::Cell(corner), rows),
            },
            Lane::Cells(sheet, extent) => {
                let values = rows.0.iter().map(|row| {
                    self.go(*row);
                    let range = self.range(sheet, extent, *row);
                    self.evaluator.dereference(range, Mode::Cell)
                });
                Lane::collect(rows.len(), values)
            }
            Lane::Same(value) if value.is_reference() => {
                self.read(Lane::Values(vec![value; rows.len()]), rows)
            }
            Lane::Values(mut values) => {
                for (value, row) in values.iter_mut().zip(&rows.0) {
                    if value.is_reference() {
                        self.go(*row);
                        *value = self.evaluator.dereference(std::mem::take(value), Mode::Cell);
                    }
                }
                Lane::Values(values)
            }
            other => other,
        }
    }

    fn cell(&self, sheet: SheetId, cell: Option<Cell>) -> Value {
        match cell {
            Some(cell) => {
                let beside = self.evaluator.tile.and_then(|tile| tile.value(sheet, cell));
                beside.unwrap_or_else(|| self.evaluator.session.value(sheet, cell).clone())
            }
            None => CellError::Ref.into(),
        }
    }

    fn each_cell(&self, sheet: SheetId, extent: Extent, rows: &Rows) -> Lane {
        let col = self.evaluator.host.get().col;
        let values = rows.0.iter().map(|row| {
            let host = Cell { row: Row(*row), col };
            self.cell(sheet, extent.resolve(host).map(values::Rect::first))
        });
        Lane::collect(rows.len(), values)
    }

    /// Consecutive cells of a column.
    fn column(&self, sheet: SheetId, col: u16, top: u32, len: usize) -> Lane {
        if let Some(lane) = self.evaluator.tile.and_then(|tile| tile.column(sheet, col, top, len)) {
            return lane;
        }
        let mut collector = Collector::new(len);
        let Some(grid) = self.evaluator.session.grid(sheet) else { return Lane::Same(CellError::Ref.into()) };
        let end = top + len as u32;
        let mut row = top;
        while row < end {
            let (start, slice) = match grid.next_slice(col, row) {
                Some((start, slice)) if start < end => (start, slice),
                _ => (end, &[][..]),
            };
            for _ in row..start {
                collector.push(Value::Empty, len);
            }
            let take = slice.len().min((end - start) as usize);
            collector.extend(&slice[..take], len);
            row = start + take as u32;
        }
        collector.lane()
    }

    fn range(&self, sheet: SheetId, extent: Extent, row: u32) -> Value {
        let host = Cell { row: Row(row), col: self.evaluator.host.get().col };
        extent.resolve(host).map_or(CellError::Ref.into(), |rect| Value::Range(sheet, rect))
    }

    fn unary(&self, op: UnaryOp, operand: NodeId, rows: &Rows) -> Lane {
        let reading = &self.evaluator.reading;
        let apply = |value: &Value| lift_unary(value, |value| operators::unary(op, value, reading));
        match self.operand(operand, rows) {
            Lane::Same(value) => Lane::Same(apply(&value)),
            lane => Lane::collect(rows.len(), (0..rows.len()).map(|place| apply(&lane.at(place)))),
        }
    }

    /// A chain of infix operators, walked in a loop as it may be as deep as it is long.
    fn spine(&self, id: NodeId, rows: &Rows) -> Lane {
        let mut chain = Vec::new();
        let mut at = id;
        while let Node::Binary { op, left, right } = self.program.formula.node(at) {
            if is_reference_operator(*op) {
                break;
            }
            chain.push((*op, *right, at));
            at = *left;
        }
        let mut left = self.operand(at, rows);
        while let Some((op, right, node)) = chain.pop() {
            let right = self.operand(right, rows);
            left = self.binary(op, &left, &right, is_final_sum(&self.program.formula, node), rows.len());
        }
        left
    }

    fn binary(&self, op: BinaryOp, left: &Lane, right: &Lane, is_final: bool, len: usize) -> Lane {
        if let (Some(a), Some(b)) = (left.number(), right.number())
            && let Some(lane) = arithmetic(op, a, b, is_final, len).or_else(|| comparison(op, a, b, len))
        {
            return lane;
        }
        let reading = &self.evaluator.reading;
        let apply = |a: &Value, b: &Value| operators::binary(op, a, b, is_final, reading);
        let both = |a: &Value, b: &Value| lift_binary(a, b, self.evaluator, apply);
        match (left, right) {
            (Lane::Same(a), Lane::Same(b)) => Lane::Same(both(a, b)),
            _ => Lane::collect(len, (0..len).map(|place| both(&left.at(place), &right.at(place)))),
        }
    }

    fn call(&self, id: NodeId, args: ArgList, rows: &Rows, read: bool) -> Lane {
        let lane = match &self.program.meanings[id.0 as usize] {
            Meaning::Function(function) => match function.body {
                Body::Control(Control::If) => return self.if_(id, args, rows, read),
                Body::Control(Control::IfError) => self.if_error(id, args, rows, |_| true),
                Body::Control(Control::IfNa) => self.if_error(id, args, rows, |error| error == CellError::NA),
                Body::Control(_) => self.one_by_one(id, rows),
                _ => self.function(id, function, args, rows),
            },
            _ => self.one_by_one(id, rows),
        };
        if read { self.read(lane, rows) } else { lane }
    }

    fn function(&self, id: NodeId, function: &'static Function, args: ArgList, rows: &Rows) -> Lane {
        let nodes = self.program.formula.args(args);
        let mut lanes = Vec::with_capacity(nodes.len());
        let is_reducer = REDUCERS.contains(&function.name);
        for (index, node) in nodes.iter().enumerate() {
            match self.argument(*node, function.param(index).map_or(Kind::Any, |param| param.kind), rows) {
                Some(cells @ Lane::Cells(_, Extent::Cell(_))) if is_reducer => {
                    // A number in a cell counts as one that is written down.
                    match self.read(cells, rows) {
                        numbers @ (Lane::Numbers(_) | Lane::Same(Value::Number(_))) => lanes.push(numbers),
                        _ => lanes.extend(self.argument(*node, Kind::Values, rows)),
                    }
                }
                Some(lane) => lanes.push(lane),
                None => return self.one_by_one(id, rows),
            }
        }
        if let Some(lane) =
            self.running_sum(function, &lanes, rows).or_else(|| self.windows(function, &lanes, rows))
        {
            return lane;
        }
        if let Some(lane) = self.of_numbers(function, &lanes, rows) {
            return lane;
        }
        let is_same = is_same_everywhere(function, &lanes);
        // What is the same in all rows stays where it is, prepared by the first call: threads that took and gave back
        // one text for each row would wait for each other.
        let mut values: Vec<Value> = lanes.iter().map(Lane::steady).collect();
        let mut call = |place: usize, row: u32| {
            for (value, lane) in values.iter_mut().zip(&mut lanes) {
                match lane {
                    Lane::Same(same) if same.is_reference() => *value = same.clone(),
                    Lane::Same(_) => {}
                    Lane::Numbers(numbers) => *value = Value::Number(numbers[place]),
                    Lane::Values(values) => *value = std::mem::take(&mut values[place]),
                    Lane::Cells(sheet, extent) => *value = self.range(*sheet, *extent, row),
                }
            }
            self.go(row);
            functions::call(function, &mut values, Mode::Cell, self.evaluator)
        };
        if is_same {
            return Lane::Same(call(0, rows.0[0]));
        }
        Lane::collect(rows.len(), rows.0.iter().enumerate().map(|(place, row)| call(place, *row)))
    }

    /// A function of numbers that differ by row: nothing about them needs to be asked or turned into something.
    fn of_numbers(&self, function: &Function, lanes: &[Lane], rows: &Rows) -> Option<Lane> {
        let numbers: Vec<NumberLane<'_>> = lanes.iter().map(Lane::number).collect::<Option<_>>()?;
        let differs = numbers.iter().any(|lane| matches!(lane, NumberLane::Each(_)));
        if !differs || !functions::takes_numbers(function, lanes.len()) {
            return None;
        }
        let quick = match (&function.body, function.of_numbers) {
            // What is left out is 0.
            (Body::Numbers(body), _) => of_numbers_alone(body, function.params.len(), &numbers, rows.len()),
            (_, Some(body)) => of_numbers_alone(|args| Ok(body(args)), lanes.len(), &numbers, rows.len()),
            _ => None,
        };
        if let Some(numbers) = quick {
            return Some(Lane::Numbers(numbers));
        }
        let mut args = vec![Value::Missing; lanes.len()];
        let values = rows.0.iter().enumerate().map(|(place, row)| {
            for (arg, lane) in args.iter_mut().zip(&numbers) {
                *arg = Value::Number(lane.at(place));
            }
            if let Body::Context(_) = function.body {
                self.go(*row);
            }
            functions::call_prepared(function, &args, self.evaluator)
        });
        Some(Lane::collect(rows.len(), values))
    }

    /// An argument prepared for its parameter; `None` where only the evaluator knows how.
    fn argument(&self, node: NodeId, kind: Kind, rows: &Rows) -> Option<Lane> {
        let is_leaf = !matches!(
            self.program.formula.node(node),
            Node::Call { .. }
                | Node::Binary { .. }
                | Node::Unary { .. }
                | Node::Paren(_)
                | Node::Invoke { .. }
        );
        Some(match kind {
            Kind::Lambda => return None,
            Kind::Array if !is_leaf => return None,
            Kind::Array | Kind::Values | Kind::Reference => self.lane(node, rows, false),
            Kind::StrictNumber | Kind::StrictScalar => match self.lane(node, rows, false) {
                // Several cells are an error there, not the one beside the formula.
                cells @ Lane::Cells(_, Extent::Cell(_)) => self.read(cells, rows),
                other => other,
            },
            Kind::Number | Kind::Text | Kind::Bool | Kind::Scalar | Kind::Any => self.operand(node, rows),
        })
    }

    /// `SUM(A$1:A1)` copied down: each sum goes on where the one above it ended, in the same order of addition.
    fn running_sum(&self, function: &Function, lanes: &[Lane], rows: &Rows) -> Option<Lane> {
        let ("SUM", [Lane::Cells(sheet, Extent::Rect(a, b))]) = (function.name, lanes) else { return None };
        let (first, last) = rows.consecutive()?;
        let (Axis::Absolute(top), Axis::Relative(_)) = (a.row, b.row) else { return None };
        let rect = |row| match self.range(*sheet, Extent::Rect(*a, *b), row) {
            Value::Range(_, rect) if rect.top.0 == top && rect.left == rect.right => Some(rect),
            _ => None,
        };
        let (from, to) = (rect(first)?, rect(last)?);
        let grid = self.evaluator.session.grid(*sheet)?;
        let mut sums = Vec::with_capacity(rows.len());
        let mut sum = 0.0;
        let mut row = top;
        while row <= to.bottom.0 {
            let (start, slice) = grid.next_slice(to.left.0, row).unwrap_or((u32::MAX, &[]));
            let gap_end = start.min(to.bottom.0 + 1);
            sums.extend((row.max(from.bottom.0)..gap_end).map(|_| sum));
            for (offset, value) in slice.iter().enumerate() {
                let at = start + offset as u32;
                if at > to.bottom.0 {
                    break;
                }
                match value {
                    Value::Number(number) => sum += number,
                    Value::Error(_) => return None,
                    _ => {}
                }
                if at >= from.bottom.0 {
                    sums.push(sum);
                }
            }
            row = gap_end.saturating_add(slice.len() as u32);
        }
        (sums.len() == rows.len() && sums.iter().all(|sum| sum.is_finite())).then(|| Lane::Numbers(sums))
    }
}

/// What a function of so many numbers gives in each row; `None` where that is no number in some.
fn of_numbers_alone(
    body: impl Fn(&[f64]) -> values::Result<f64>,
    count: usize,
    lanes: &[NumberLane<'_>],
    len: usize,
) -> Option<Vec<f64>> {
    let mut args = [0.0; Function::MOST_NUMBERS];
    let args = args.get_mut(..count)?;
    let mut results = Vec::with_capacity(len);
    for place in 0..len {
        for (arg, lane) in args.iter_mut().zip(lanes) {
            *arg = lane.at(place);
        }
        // Adding 0 makes -0 a plain 0.
        let result = body(args).ok()? + 0.0;
        if !result.is_finite() {
            return None;
        }
        results.push(result);
    }
    Some(results)
}

/// Whether a call gives the same in every row: its arguments do, and it does not look where it stands.
fn is_same_everywhere(function: &Function, lanes: &[Lane]) -> bool {
    let is_same = |(index, lane): (usize, &Lane)| match lane {
        Lane::Same(value) => value.is_scalar() || matches!(value, Value::Missing),
        Lane::Cells(_, extent) => {
            // Where one cell is wanted, a range gives the one beside the formula.
            let whole = function
                .param(index)
                .is_some_and(|param| matches!(param.kind, Kind::Values | Kind::Array | Kind::Reference));
            whole && is_fixed(*extent)
        }
        _ => false,
    };
    !function.volatile && !lanes.is_empty() && lanes.iter().enumerate().all(is_same)
}

/// Whether all copies mean the same rows; the column is the same in a family anyway.
fn is_fixed(extent: Extent) -> bool {
    let fixed = |axis: Axis| matches!(axis, Axis::Absolute(_));
    match extent {
        Extent::Cell(corner) => fixed(corner.row),
        Extent::Rect(a, b) => fixed(a.row) && fixed(b.row),
        Extent::Rows(a, b) => fixed(a) && fixed(b),
        Extent::Cols(..) => true,
    }
}
