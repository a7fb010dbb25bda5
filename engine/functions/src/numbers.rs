//! The numbers of a column laid out for loops, and comparisons with a fixed number.

use std::cmp::Ordering;
use values::{Value, compare_numbers};

/// The numbers of a column from its first row on; what is no number is not a number here either.
#[derive(Clone, Debug, Default)]
pub struct NumberColumn {
    numbers: Vec<f64>,
    errors: usize,
}

impl NumberColumn {
    /// Adds a value below the last one.
    pub fn push(&mut self, value: &Value) {
        self.errors += usize::from(value.error().is_some());
        self.numbers.push(number(value));
    }

    /// Adds rows that hold nothing, up to so many in all.
    pub fn fill(&mut self, len: usize) {
        if len > self.numbers.len() {
            self.numbers.resize(len, f64::NAN);
        }
    }

    /// Replaces the value of a row.
    pub fn set(&mut self, row: u32, old: &Value, new: &Value) {
        self.fill(row as usize + 1);
        self.errors -= usize::from(old.error().is_some()).min(self.errors);
        self.errors += usize::from(new.error().is_some());
        self.numbers[row as usize] = number(new);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Whether a row holds an error, which sums must show.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// The rows from `top` to `bottom`, as far as something is stored.
    pub fn rows(&self, top: u32, bottom: u32) -> &[f64] {
        let end = self.numbers.len().min(bottom as usize + 1);
        self.numbers.get(top as usize..end).unwrap_or(&[])
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        _ => f64::NAN,
    }
}

/// Less or greater than a fixed number, as criteria compare: on fifteen digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    number: f64,
    /// Beyond this distance numbers differ for certain.
    margin: f64,
    /// What is asked of numbers above, below and equal.
    above: bool,
    below: bool,
    equal: bool,
}

impl Bound {
    /// Numbers that are above, below or equal to `number`, where that is asked for.
    pub(crate) fn new(number: f64, above: bool, below: bool, equal: bool) -> Bound {
        // Numbers that agree on fifteen digits lie within one in 10^14 of the larger one.
        Bound { number, margin: number.abs() * 2.1e-14, above, below, equal }
    }

    /// Whether a number is so; what is not a number is not.
    #[inline]
    pub(crate) fn holds(&self, number: f64) -> bool {
        let distance = number - self.number;
        if distance > self.margin {
            self.above
        } else if distance < -self.margin {
            self.below
        } else {
            !distance.is_nan() && self.holds_near(number)
        }
    }

    #[cold]
    fn holds_near(&self, number: f64) -> bool {
        match compare_numbers(number, self.number) {
            Ordering::Less => self.below,
            Ordering::Equal => self.equal,
            Ordering::Greater => self.above,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use values::CellError;

    #[test]
    fn bounds_compare_as_numbers_do() {
        let numbers =
            [0.0, -0.0, 1.0, 0.3, 0.1 + 0.2, 0.300_000_000_000_001, -0.3, 1e300, -1e300, 5e-324, 499.999];
        for a in numbers {
            for b in numbers {
                for asked in 0..8 {
                    let (above, below, equal) = (asked & 1 != 0, asked & 2 != 0, asked & 4 != 0);
                    let expected = match compare_numbers(a, b) {
                        Ordering::Less => below,
                        Ordering::Equal => equal,
                        Ordering::Greater => above,
                    };
                    assert_eq!(Bound::new(b, above, below, equal).holds(a), expected, "{a} {b} {asked}");
                }
            }
            assert!(!Bound::new(a, true, true, true).holds(f64::NAN));
        }
    }

    #[test]
    fn columns_know_their_errors() {
        let mut column = NumberColumn::default();
        column.push(&Value::Number(1.0));
        column.fill(3);
        let error = Value::Error(CellError::NA);
        column.set(4, &Value::Empty, &error);
        assert!(column.has_errors() && column.len() == 5 && column.rows(0, 0) == [1.0]);
        column.set(4, &error, &Value::Number(2.0));
        assert!(!column.has_errors());
        assert_eq!(column.rows(4, 900), [2.0]);
        assert!(column.rows(7, 900).is_empty());
    }
}
