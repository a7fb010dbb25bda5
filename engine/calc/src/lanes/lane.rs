//! What a node gives in each of some rows, and arithmetic on such.

use crate::operators;
use crate::spread::cell_value;
use formula::{BinaryOp, Extent};
use std::borrow::Cow;
use values::{Cell, CellError, SheetId, Value};
use workbook::Grid;

/// What a node gives in each of some rows.
#[derive(Debug)]
pub(crate) enum Lane {
    /// The same in all of them.
    Same(Value),
    /// A number in each.
    Numbers(Vec<f64>),
    /// Anything in each.
    Values(Vec<Value>),
    /// References that were not read yet.
    Cells(SheetId, Extent),
}

/// What a cell shows of a value that has been read already; of an array its first value.
fn plain_cell_value(value: Value) -> Value {
    match value {
        Value::Array(array) => cell_value(array.first().clone()),
        other => cell_value(other),
    }
}

/// Some rows of a family, ascending.
#[derive(Clone, Debug)]
pub(crate) struct Rows(pub(super) Vec<u32>);

impl Rows {
    pub fn span(first: u32, last: u32) -> Rows {
        Rows((first..=last).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// First and last row, where no row between them is missing.
    pub fn consecutive(&self) -> Option<(u32, u32)> {
        let (first, last) = (*self.0.first()?, *self.0.last()?);
        ((last - first) as usize + 1 == self.len()).then_some((first, last))
    }
}

/// Collects values and keeps them as plain numbers as long as they are numbers.
pub(super) struct Collector {
    numbers: Vec<f64>,
    values: Vec<Value>,
}

impl Collector {
    pub(super) fn new(len: usize) -> Collector {
        Collector { numbers: Vec::with_capacity(len), values: Vec::new() }
    }

    pub(super) fn push(&mut self, value: Value, len: usize) {
        match value {
            Value::Number(number) if self.values.is_empty() => self.numbers.push(number),
            other => {
                if self.values.is_empty() {
                    self.values.reserve(len);
                    self.values.extend(self.numbers.drain(..).map(Value::Number));
                }
                self.values.push(other);
            }
        }
    }

    /// Adds copies of stored values.
    pub(super) fn extend(&mut self, stored: &[Value], len: usize) {
        for value in stored {
            match value {
                Value::Number(number) if self.values.is_empty() => self.numbers.push(*number),
                other => self.push(other.clone(), len),
            }
        }
    }

    pub(super) fn lane(self) -> Lane {
        if self.values.is_empty() { Lane::Numbers(self.numbers) } else { Lane::Values(self.values) }
    }
}

impl Lane {
    pub(super) fn collect(len: usize, values: impl Iterator<Item = Value>) -> Lane {
        let mut collector = Collector::new(len);
        values.for_each(|value| collector.push(value, len));
        collector.lane()
    }

    /// The value in a place; references must have been read.
    pub fn at(&self, place: usize) -> Cow<'_, Value> {
        match self {
            Lane::Same(value) => Cow::Borrowed(value),
            Lane::Numbers(numbers) => Cow::Owned(Value::Number(numbers[place])),
            Lane::Values(values) => Cow::Borrowed(&values[place]),
            Lane::Cells(..) => Cow::Owned(CellError::Value.into()),
        }
    }

    /// The value that it gives in all rows, if there is one.
    pub(super) fn steady(&self) -> Value {
        if let Lane::Same(value) = self { value.clone() } else { Value::Missing }
    }

    /// All values, in the rows' order.
    pub fn into_values(self, len: usize) -> Vec<Value> {
        match self {
            Lane::Same(value) => vec![value; len],
            Lane::Numbers(numbers) => numbers.into_iter().map(Value::Number).collect(),
            Lane::Values(values) => values,
            Lane::Cells(..) => vec![CellError::Value.into(); len],
        }
    }

    /// What cells hold of it in `len` rows.
    pub fn stored(self, len: usize) -> Lane {
        match self {
            Lane::Numbers(_) => self,
            other => Lane::Values(other.into_values(len).into_iter().map(plain_cell_value).collect()),
        }
    }

    /// Some of its places, where it has so many.
    pub fn part(&self, from: usize, len: usize) -> Option<Lane> {
        let places = from..from.checked_add(len)?;
        Some(match self {
            Lane::Numbers(numbers) => Lane::Numbers(numbers.get(places)?.to_vec()),
            Lane::Values(values) => Lane::Values(values.get(places)?.to_vec()),
            Lane::Same(value) => Lane::Same(value.clone()),
            Lane::Cells(..) => return None,
        })
    }

    /// Whether a column holds just this from a row on.
    pub fn is_stored(&self, grid: &Grid, col: u16, first: u32) -> bool {
        let stored = |place: usize| grid.get(Cell::new(first + place as u32, col));
        match self {
            Lane::Numbers(numbers) => {
                let mut numbers = numbers.iter().enumerate();
                numbers.all(|(place, number)| stored(place).same(&Value::Number(*number)))
            }
            Lane::Values(values) => values.iter().enumerate().all(|(place, value)| stored(place).same(value)),
            Lane::Same(_) | Lane::Cells(..) => false,
        }
    }

    /// The truth values, where it is those in every row.
    pub(super) fn truths(&self) -> Option<Vec<bool>> {
        let Lane::Values(values) = self else { return None };
        let truth = |value: &Value| if let Value::Bool(truth) = value { Some(*truth) } else { None };
        values.iter().map(truth).collect()
    }

    pub(super) fn number(&self) -> Option<NumberLane<'_>> {
        match self {
            Lane::Same(Value::Number(number)) => Some(NumberLane::Same(*number)),
            Lane::Numbers(numbers) => Some(NumberLane::Each(numbers)),
            _ => None,
        }
    }
}

/// A lane of numbers only.
#[derive(Clone, Copy)]
pub(super) enum NumberLane<'a> {
    Same(f64),
    Each(&'a [f64]),
}

impl NumberLane<'_> {
    pub(super) fn at(&self, place: usize) -> f64 {
        match self {
            NumberLane::Same(number) => *number,
            NumberLane::Each(numbers) => numbers[place],
        }
    }
}

/// Arithmetic on numbers; `None` where some result is no number, and for what is no arithmetic.
pub(super) fn arithmetic(
    op: BinaryOp,
    a: NumberLane<'_>,
    b: NumberLane<'_>,
    is_final: bool,
    len: usize,
) -> Option<Lane> {
    match (op, is_final) {
        (BinaryOp::Add, true) => each(a, b, len, values::add),
        (BinaryOp::Add, false) => each(a, b, len, |a, b| a + b),
        (BinaryOp::Subtract, true) => each(a, b, len, values::subtract),
        (BinaryOp::Subtract, false) => each(a, b, len, |a, b| a - b),
        (BinaryOp::Multiply, _) => each(a, b, len, |a, b| a * b),
        // A division by zero gives what is not finite, so that the caller finds the error.
        (BinaryOp::Divide, _) => each(a, b, len, |a, b| a / b),
        _ => None,
    }
}

fn each(a: NumberLane<'_>, b: NumberLane<'_>, len: usize, apply: impl Fn(f64, f64) -> f64) -> Option<Lane> {
    let numbers: Vec<f64> = match (a, b) {
        (NumberLane::Same(a), NumberLane::Same(b)) => {
            let number = apply(a, b);
            return number.is_finite().then_some(Lane::Same(Value::Number(number)));
        }
        (NumberLane::Same(a), NumberLane::Each(b)) => b.iter().map(|b| apply(a, *b)).collect(),
        (NumberLane::Each(a), NumberLane::Same(b)) => a.iter().map(|a| apply(*a, b)).collect(),
        (NumberLane::Each(a), NumberLane::Each(b)) => a.iter().zip(b).map(|(a, b)| apply(*a, *b)).collect(),
    };
    debug_assert_eq!(numbers.len(), len);
    numbers.iter().all(|number| number.is_finite()).then_some(Lane::Numbers(numbers))
}

/// Comparisons of numbers; `None` for other operators.
pub(super) fn comparison(op: BinaryOp, a: NumberLane<'_>, b: NumberLane<'_>, len: usize) -> Option<Lane> {
    let holds = operators::comparison(op)?;
    let truth = |place: usize| Value::Bool(holds(values::compare_numbers(a.at(place), b.at(place))));
    if let (NumberLane::Same(_), NumberLane::Same(_)) = (a, b) {
        return Some(Lane::Same(truth(0)));
    }
    Some(Lane::Values((0..len).map(truth).collect()))
}
