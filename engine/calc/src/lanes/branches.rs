//! IF, IFERROR and IFNA over some rows: each branch is evaluated in the rows that choose it, or in all of them where
//! that is quicker.

use super::Lanes;
use super::lane::{Lane, Rows};
use crate::operators;
use formula::{ArgList, BinaryOp, Extent, Node, NodeId};
use functions::to_bool;
use values::{CellError, Value};

/// How deep arithmetic is still cheaper done than avoided.
const MOST_PLAIN: u32 = 3;

impl Lanes<'_, '_> {
    pub(super) fn if_(&self, id: NodeId, args: ArgList, rows: &Rows, read: bool) -> Lane {
        let nodes = self.program.formula.args(args);
        let [condition, branches @ ..] = nodes else { return self.one_by_one(id, rows) };
        let plain = match branches {
            [yes, no] if read && self.is_plain(*yes, 0) && self.is_plain(*no, 0) => Some((*yes, *no)),
            _ => None,
        };
        let quick = plain.and_then(|plain| self.either(&self.truths(*condition, rows)?, plain, rows));
        if let Some(lane) = quick {
            return lane;
        }
        let condition = self.operand(*condition, rows);
        if let Some(lane) = plain.and_then(|plain| self.either(&condition.truths()?, plain, rows)) {
            return lane;
        }
        let mut chosen: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        let mut merged = Merged::new(rows.len());
        for place in 0..rows.len() {
            let value = condition.at(place);
            if matches!(*value, Value::Array(_)) {
                let lane = self.one_by_one(id, rows);
                return if read { self.read(lane, rows) } else { lane };
            }
            match to_bool(&value, self.evaluator.reading.locale) {
                Ok(true) => chosen[0].push(place),
                Ok(false) => chosen[1].push(place),
                Err(error) => merged.put(place, error.into()),
            }
        }
        for (places, node) in chosen.into_iter().zip([branches.first(), branches.get(1)]) {
            match node {
                None => places.iter().for_each(|place| merged.put(*place, Value::Bool(false))),
                Some(_) if places.is_empty() => {}
                Some(node) => self.branch(*node, places, rows, read, &mut merged),
            }
        }
        merged.lane()
    }

    /// The one or the other of two branches that are quicker to evaluate everywhere than to choose rows for; `None` where
    /// they give something else than numbers.
    fn either(&self, truths: &[bool], (yes, no): (NodeId, NodeId), rows: &Rows) -> Option<Lane> {
        let (yes, no) = (self.operand(yes, rows), self.operand(no, rows));
        let (yes, no) = (yes.number()?, no.number()?);
        let pick = |(place, truth): (usize, &bool)| if *truth { yes.at(place) } else { no.at(place) };
        Some(Lane::Numbers(truths.iter().enumerate().map(pick).collect()))
    }

    /// A comparison of plain numbers in each row.
    fn truths(&self, id: NodeId, rows: &Rows) -> Option<Vec<bool>> {
        let (op, left, right) = match self.program.formula.node(id) {
            Node::Paren(inner) => return self.truths(*inner, rows),
            Node::Binary { op, left, right } => (*op, *left, *right),
            _ => return None,
        };
        let holds = operators::comparison(op)?;
        if !self.is_plain(left, 0) || !self.is_plain(right, 0) {
            return None;
        }
        let (left, right) = (self.operand(left, rows), self.operand(right, rows));
        let (left, right) = (left.number()?, right.number()?);
        let truth = |place| holds(values::compare_numbers(left.at(place), right.at(place)));
        Some((0..rows.len()).map(truth).collect())
    }

    /// Whether a node is arithmetic on single cells and numbers, and not much of it.
    fn is_plain(&self, id: NodeId, depth: u32) -> bool {
        match self.program.formula.node(id) {
            Node::Number(_) => true,
            Node::Ref(reference) => matches!(reference.extent, Extent::Cell(_)),
            Node::Paren(inner) => self.is_plain(*inner, depth),
            Node::Binary {
                op: BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide,
                left,
                right,
            } => depth < MOST_PLAIN && self.is_plain(*left, depth + 1) && self.is_plain(*right, depth + 1),
            _ => false,
        }
    }

    /// Evaluates a branch in the rows that chose it.
    fn branch(&self, node: NodeId, places: Vec<usize>, rows: &Rows, read: bool, merged: &mut Merged) {
        let some;
        let rows = if places.len() == rows.len() {
            rows
        } else {
            some = Rows(places.iter().map(|place| rows.0[*place]).collect());
            &some
        };
        let lane = self.lane(node, rows, read);
        for (index, (place, row)) in places.into_iter().zip(&rows.0).enumerate() {
            merged.put(
                place,
                match &lane {
                    Lane::Cells(sheet, extent) => self.range(*sheet, *extent, *row),
                    lane => match lane.at(index).into_owned() {
                        Value::Missing => Value::Number(0.0),
                        value => value,
                    },
                },
            );
        }
    }

    pub(super) fn if_error(
        &self,
        id: NodeId,
        args: ArgList,
        rows: &Rows,
        caught: impl Fn(CellError) -> bool,
    ) -> Lane {
        let [tried, otherwise] = self.program.formula.args(args) else { return self.one_by_one(id, rows) };
        let tried = self.operand(*tried, rows);
        if let Lane::Numbers(_) = tried {
            return tried;
        }
        let mut merged = Merged::new(rows.len());
        let mut failed = Vec::new();
        for place in 0..rows.len() {
            match tried.at(place).into_owned() {
                Value::Array(_) => return self.one_by_one(id, rows),
                Value::Error(error) if caught(error) => failed.push(place),
                // An empty cell shows as 0 once it passed through a function.
                Value::Empty | Value::Missing => merged.put(place, Value::Number(0.0)),
                value => merged.put(place, value),
            }
        }
        if !failed.is_empty() {
            self.branch(*otherwise, failed, rows, false, &mut merged);
        }
        merged.lane()
    }
}

/// Values put together from several branches.
struct Merged(Vec<Value>);

impl Merged {
    fn new(len: usize) -> Merged {
        Merged(vec![Value::Empty; len])
    }

    fn put(&mut self, place: usize, value: Value) {
        self.0[place] = value;
    }

    fn lane(self) -> Lane {
        if self.0.iter().any(|value| !matches!(value, Value::Number(_))) {
            return Lane::Values(self.0);
        }
        let len = self.0.len();
        Lane::collect(len, self.0.into_iter())
    }
}
