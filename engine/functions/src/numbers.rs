//! The numbers of a column laid out for loops, and comparisons with a fixed number.

use crate::Context;
use std::cmp::Ordering;
use std::ops::Deref;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};
use values::{Area, Value, compare_numbers};

/// The numbers of a column from its first row on; what is no number is not a number here either.
#[derive(Clone, Debug, Default)]
pub struct NumberColumn {
    numbers: Vec<f64>,
    blocks: Vec<Block>,
    errors: usize,
    days: OnceLock<Option<Days>>,
}

/// Rows of a block whose sum is kept.
const BLOCK: usize = 256;

/// Stands for an error, as the plain NaN stands for everything else that is no number.
const ERROR: u64 = 0x7ff8_0000_0000_0001;

impl NumberColumn {
    /// Adds a value below the last one.
    pub fn push(&mut self, value: &Value) {
        self.put(number(value));
    }

    fn put(&mut self, number: f64) {
        if self.numbers.len().is_multiple_of(BLOCK) {
            self.blocks.push(Block::default());
        }
        if let Some(block) = self.blocks.last_mut() {
            block.add(number);
        }
        self.errors += usize::from(number.to_bits() == ERROR);
        self.numbers.push(number);
        self.days.take();
    }

    /// Adds rows that hold nothing, up to so many in all.
    pub fn fill(&mut self, len: usize) {
        while self.numbers.len() < len {
            self.put(f64::NAN);
        }
    }

    /// Replaces the value of a row.
    pub fn set(&mut self, row: u32, new: &Value) {
        self.set_rows(std::iter::once((row, new)));
    }

    /// Replaces the values of some rows, given in ascending order.
    pub fn set_rows<'v>(&mut self, rows: impl Iterator<Item = (u32, &'v Value)>) {
        let mut open = None;
        for (row, new) in rows {
            self.fill(row as usize + 1);
            let new = number(new);
            let old = std::mem::replace(&mut self.numbers[row as usize], new);
            self.errors -= usize::from(old.to_bits() == ERROR).min(self.errors);
            self.errors += usize::from(new.to_bits() == ERROR);
            let block = row as usize / BLOCK;
            if let Some(left) = open.replace(block).filter(|left| *left != block) {
                self.renew(left);
            }
        }
        if let Some(left) = open {
            self.renew(left);
        }
        self.days.take();
    }

    fn renew(&mut self, block: usize) {
        let mut renewed = Block::default();
        self.numbers.iter().skip(block * BLOCK).take(BLOCK).for_each(|number| renewed.add(*number));
        self.blocks[block] = renewed;
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

    /// Adds the numbers from `top` to `bottom` to a sum, bit for bit as adding one after the other does; and says
    /// how many they are.
    pub(crate) fn add_to(&self, sum: &mut f64, top: u32, bottom: u32) -> u64 {
        let rows = self.rows(top, bottom);
        if let Some((exact, count)) = self.exact_sum(*sum, top as usize, rows) {
            *sum = exact;
            return count;
        }
        let mut count = 0;
        for number in rows.iter().filter(|number| !number.is_nan()) {
            *sum += number;
            count += 1;
        }
        count
    }

    /// The sum where no addition rounds, so that the order is all the same: whole blocks at once.
    fn exact_sum(&self, start: f64, top: usize, rows: &[f64]) -> Option<(f64, u64)> {
        let end = top + rows.len();
        let (first, last) = (top.div_ceil(BLOCK), end / BLOCK);
        let mut all = Block::default();
        all.add(start);
        let whole = self.blocks.get(first..last)?;
        for block in whole {
            all.join(block);
            if !all.is_exact() {
                return None;
            }
        }
        let head = rows.get(..first * BLOCK - top)?;
        let tail = rows.get(last * BLOCK - top..)?;
        head.iter().chain(tail).for_each(|number| all.add(*number));
        all.is_exact().then_some((all.sum, u64::from(all.count) - 1))
    }

    /// The days that stand in the rows from `top` to `bottom`; `None` where those are not all that the column holds, or
    /// where something else stands there too.
    pub(crate) fn days(&self, top: u32, bottom: u32) -> Option<&Days> {
        if self.rows(top, bottom).len() != (bottom - top) as usize + 1
            || self.numbers.len() > bottom as usize + 1
        {
            return None;
        }
        let days = self.days.get_or_init(|| Days::of(&self.numbers)).as_ref()?;
        (days.first_row == top as usize).then_some(days)
    }
}

/// A column's numbers from whoever keeps them. Counting who holds them costs threads that count at the same time more
/// than most formulas do, so they are only lent where that goes.
#[derive(Debug)]
pub enum Lent<'a> {
    /// For as long as the formula is evaluated.
    Lent(&'a NumberColumn),
    /// Held together with others.
    Shared(Arc<NumberColumn>),
}

impl Deref for Lent<'_> {
    type Target = NumberColumn;

    fn deref(&self) -> &NumberColumn {
        match self {
            Lent::Lent(column) => column,
            Lent::Shared(column) => column,
        }
    }
}

/// The numbers of an area of one column, where they are at hand.
pub(crate) struct Numbers<'a> {
    column: Lent<'a>,
    area: Area,
}

impl<'a> Numbers<'a> {
    pub(crate) fn of(area: Area, context: &'a dyn Context) -> Option<Numbers<'a>> {
        Some(Numbers { column: context.numbers(area)?, area })
    }

    /// In the rows' order; what is no number is not a number here either.
    pub(crate) fn rows(&self) -> &[f64] {
        self.column.rows(self.area.rect.top.0, self.area.rect.bottom.0)
    }

    /// Whether the column holds an error, which sums must show.
    pub(crate) fn have_errors(&self) -> bool {
        self.column.has_errors()
    }

    /// Whether every cell of the area holds a number.
    pub(crate) fn are_all(&self) -> bool {
        let rows = self.rows();
        rows.len() == self.area.rect.rows() as usize && rows.iter().all(|number| !number.is_nan())
    }

    /// Adds them to a sum, bit for bit as one after the other; says how many they are.
    pub(crate) fn add_to(&self, sum: &mut f64) -> u64 {
        self.column.add_to(sum, self.area.rect.top.0, self.area.rect.bottom.0)
    }
}

/// Some numbers and what tells whether their sum is exact.
#[derive(Clone, Copy, Debug)]
struct Block {
    sum: f64,
    /// The sum without signs.
    magnitude: f64,
    /// All numbers are multiples of 2 to this.
    unit: i32,
    count: u32,
}

impl Default for Block {
    fn default() -> Block {
        Block { sum: 0.0, magnitude: 0.0, unit: i32::MAX, count: 0 }
    }
}

impl Block {
    fn add(&mut self, number: f64) {
        if !number.is_nan() {
            self.sum += number;
            self.magnitude += number.abs();
            self.unit = self.unit.min(unit(number));
            self.count += 1;
        }
    }

    fn join(&mut self, other: &Block) {
        self.sum += other.sum;
        self.magnitude += other.magnitude;
        self.unit = self.unit.min(other.unit);
        self.count += other.count;
    }

    /// Whether no sum on the way can need more than the 53 bits that a number has.
    fn is_exact(&self) -> bool {
        self.magnitude == 0.0 || (self.unit > -1_000 && self.magnitude < two_to(self.unit.saturating_add(53)))
    }
}

/// The exponent of the lowest bit of a number that is set; 0 is a multiple of everything.
fn unit(number: f64) -> i32 {
    let bits = number.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
    match exponent {
        0 if fraction == 0 => i32::MAX,
        // Below every normal number: never taken for exact.
        0 => i32::MIN,
        _ => exponent - 1_075 + (fraction | 1 << 52).trailing_zeros() as i32,
    }
}

/// A power of two; infinite beyond the largest.
fn two_to(exponent: i32) -> f64 {
    match exponent {
        1_024.. => f64::INFINITY,
        -1_022..=1_023 => f64::from_bits(((exponent + 1_023) as u64) << 52),
        _ => 0.0,
    }
}

/// The different days of a list, in order, and how many of them fall on which day of the week.
#[derive(Clone, Debug)]
pub(crate) struct Days {
    first_row: usize,
    days: Vec<i64>,
    /// By place: how many days before it leave which remainder by seven.
    before: Vec<[u32; 7]>,
}

/// Beyond every calendar, and exact as a number.
const END_OF_DAYS: f64 = 3_000_000.0;

impl Days {
    fn of(numbers: &[f64]) -> Option<Days> {
        let first_row = numbers.iter().position(|number| !number.is_nan())?;
        let rows = numbers.get(first_row..)?;
        if !rows.iter().all(|day| (0.0..END_OF_DAYS).contains(day)) {
            return None;
        }
        let mut days: Vec<i64> = rows.iter().map(|day| day.floor() as i64).collect();
        days.sort_unstable();
        days.dedup();
        let mut count = [0; 7];
        let mut before = vec![count];
        for day in &days {
            count[(day % 7) as usize] += 1;
            before.push(count);
        }
        Some(Days { first_row, days, before })
    }

    /// The last one.
    pub(crate) fn last(&self) -> Option<i64> {
        self.days.last().copied()
    }

    /// How many days from `from` to `to` there are whose remainder by seven is wanted.
    pub(crate) fn count(&self, from: i64, to: i64, wanted: [bool; 7]) -> i64 {
        let (first, end) =
            (self.days.partition_point(|day| *day < from), self.days.partition_point(|day| *day <= to));
        let (Some(low), Some(high)) = (self.before.get(first), self.before.get(end)) else { return 0 };
        let of_kind = |(kind, wanted): (usize, &bool)| if *wanted { high[kind] - low[kind] } else { 0 };
        wanted.iter().enumerate().map(of_kind).map(i64::from).sum()
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        Value::Error(_) => f64::from_bits(ERROR),
        _ => f64::NAN,
    }
}

/// The numbers of a column in some rows; what is no number is not a number here either.
#[derive(Debug, Default)]
pub struct GroupNumbers {
    rows: Vec<f64>,
    has_errors: bool,
    asked: AtomicU32,
    sorted: OnceLock<Vec<f64>>,
}

/// Putting numbers in order pays when they are counted so often.
const SORTING_PAYS: u32 = 8;

impl GroupNumbers {
    /// The numbers among some values, given in the rows' order.
    pub fn new<'v>(values: impl Iterator<Item = &'v Value>) -> GroupNumbers {
        let rows: Vec<f64> = values.map(number).collect();
        let has_errors = rows.iter().any(|number| number.to_bits() == ERROR);
        GroupNumbers { rows, has_errors, ..GroupNumbers::default() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// In the rows' order.
    pub(crate) fn rows(&self) -> &[f64] {
        &self.rows
    }

    /// Whether a row holds an error, which sums must show.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// How many numbers a bound allows, once that was asked often enough.
    pub(crate) fn count(&self, bound: &Bound) -> Option<u64> {
        if self.asked.fetch_add(1, Relaxed) < SORTING_PAYS {
            return None;
        }
        let sorted = self.sorted.get_or_init(|| {
            let mut sorted: Vec<f64> = self.rows.iter().copied().filter(|number| !number.is_nan()).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            sorted
        });
        // What holds for a number holds for all numbers beyond it on the side that is asked for.
        let count = if bound.asks_above() {
            sorted.len() - sorted.partition_point(|number| !bound.holds(*number))
        } else {
            sorted.partition_point(|number| bound.holds(*number))
        };
        Some(count as u64)
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

    /// Whether greater numbers are asked for, rather than lesser ones.
    pub(crate) fn asks_above(&self) -> bool {
        self.above
    }

    /// Whether a number is so; what is not a number is not.
    #[inline]
    pub(crate) fn holds(&self, number: f64) -> bool {
        // Which side it is changes from row to row: without a branch the processor need not guess.
        let distance = number - self.number;
        let (above, below) = (distance > self.margin, distance < -self.margin);
        if above | below {
            (above & self.above) | (below & self.below)
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
        column.set(4, &error);
        assert!(column.has_errors() && column.len() == 5 && column.rows(0, 0) == [1.0]);
        column.set(4, &Value::Number(2.0));
        assert!(!column.has_errors());
        assert_eq!(column.rows(4, 900), [2.0]);
        assert!(column.rows(7, 900).is_empty());
    }

    /// Sums of blocks against adding one after the other, bit for bit.
    #[test]
    fn sums_are_those_of_a_plain_loop() {
        let mut state = 7_u64;
        let mut next = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        for kind in 0..6 {
            let mut column = NumberColumn::default();
            for _ in 0..2_000 {
                let number = next(100_000) as f64 - 50_000.0;
                let value = match kind {
                    0 => Value::Number(number),
                    1 => Value::Number(number / 4.0),
                    2 => Value::Number(number / 100.0),
                    3 => Value::Number(number * 1e300),
                    4 => Value::Number(number * 5e-324),
                    _ if next(3) == 0 => Value::Empty,
                    _ => Value::Number(number * 90_071_992.0),
                };
                column.push(&value);
            }
            for _ in 0..200 {
                column.set(next(2_000) as u32, &Value::Number(next(9) as f64 / 8.0));
                let (a, b) = (next(2_100) as u32, next(2_100) as u32);
                let (top, bottom) = (a.min(b), a.max(b));
                let start = [0.0, 0.1, 1e15][next(3) as usize];
                let (mut sum, mut expected) = (start, start);
                let count = column.add_to(&mut sum, top, bottom);
                let numbers = column.rows(top, bottom).iter().filter(|number| !number.is_nan());
                assert_eq!(count, numbers.clone().count() as u64);
                numbers.for_each(|number| expected += number);
                assert_eq!(sum.to_bits(), expected.to_bits(), "{kind} {start} {top} {bottom}");
            }
        }
    }
}
