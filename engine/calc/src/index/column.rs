//! One column's index: which rows hold a value, and a code for what each row holds.

use super::MOST_CHANGES;
use functions::Criterion;
use numfmt::Reading;
use rustc_hash::FxHasher;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use values::{Col, Text, Value, fold_case, folded, significant_15};
use workbook::Grid;

/// Stands for nothing, and for what no lookup or criterion finds by an index.
pub(super) const NO_CODE: u32 = u32::MAX;

/// Keys of fifteen-digit numbers.
pub(super) type Numbers<T> = HashMap<u64, T, BuildHasherDefault<FxHasher>>;

/// Ascending rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    None,
    One(u32),
    Many(Vec<u32>),
}

impl Rows {
    /// Adds a row below all others.
    pub fn push(&mut self, row: u32) {
        match self {
            Rows::None => *self = Rows::One(row),
            Rows::One(first) => *self = Rows::Many(vec![*first, row]),
            Rows::Many(rows) => rows.push(row),
        }
    }

    pub fn insert(&mut self, row: u32) {
        match self {
            Rows::One(other) if *other == row => {}
            Rows::One(other) if *other > row => *self = Rows::Many(vec![row, *other]),
            Rows::Many(rows) => {
                if let Err(place) = rows.binary_search(&row) {
                    rows.insert(place, row);
                }
            }
            _ => self.push(row),
        }
    }

    pub fn remove(&mut self, row: u32) {
        match self {
            Rows::One(only) if *only == row => *self = Rows::None,
            Rows::Many(rows) => {
                if let Ok(place) = rows.binary_search(&row) {
                    rows.remove(place);
                }
            }
            _ => {}
        }
    }

    /// All rows.
    pub fn all(&self) -> &[u32] {
        match self {
            Rows::None => &[],
            Rows::One(row) => std::slice::from_ref(row),
            Rows::Many(rows) => rows.as_slice(),
        }
    }

    /// The rows from `top` to `bottom`.
    pub fn within(&self, top: u32, bottom: u32) -> &[u32] {
        let rows = self.all();
        let from = rows.partition_point(|row| *row < top);
        let to = rows.partition_point(|row| *row <= bottom);
        rows.get(from..to).unwrap_or(&[])
    }
}

/// The rows of each value of a column.
#[derive(Clone, Debug)]
pub(super) struct ColumnIndex {
    /// What texts were read against.
    pub reading: Reading<'static>,
    numbers: Numbers<u32>,
    /// Texts come from files, so their hasher is keyed.
    texts: HashMap<Text, u32>,
    /// Codes of texts that criteria count as numbers.
    number_texts: Numbers<Vec<u32>>,
    bools: [Option<u32>; 2],
    groups: Vec<Rows>,
    /// By row.
    codes: Vec<u32>,
}

impl ColumnIndex {
    pub fn build(grid: &Grid, col: Col, reading: Reading<'static>) -> ColumnIndex {
        let mut index = ColumnIndex {
            reading,
            numbers: Numbers::default(),
            texts: HashMap::new(),
            number_texts: Numbers::default(),
            bools: [None; 2],
            groups: Vec::new(),
            codes: Vec::new(),
        };
        let mut from = 0;
        while let Some((start, slice)) = grid.next_slice(col.0, from) {
            index.codes.resize(start as usize, NO_CODE);
            for (offset, value) in slice.iter().enumerate() {
                let code = index.code_for(value);
                index.codes.push(code);
                if let Some(rows) = index.groups.get_mut(code as usize) {
                    rows.push(start + offset as u32);
                }
            }
            from = start + slice.len() as u32;
        }
        index
    }

    /// Whether it is as good as new for whoever reads texts so.
    pub fn serves(&self, reading: Reading<'static>) -> bool {
        let same = std::ptr::eq(self.reading.locale, reading.locale)
            && (self.reading.system, self.reading.year) == (reading.system, reading.year);
        // Values that are gone keep their codes.
        same && self.groups.len() <= 2 * self.codes.len() + MOST_CHANGES as usize
    }

    /// How many rows it covers.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// The code of what a row holds.
    pub fn code_at(&self, row: u32) -> u32 {
        self.codes.get(row as usize).copied().unwrap_or(NO_CODE)
    }

    /// The codes of all rows.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    pub fn rows(&self, code: u32) -> &Rows {
        self.groups.get(code as usize).unwrap_or(&Rows::None)
    }

    /// Follows a change of one row; gives the codes of what it held and holds.
    pub fn set(&mut self, row: u32, new: &Value) -> (u32, u32) {
        if self.codes.len() <= row as usize {
            self.codes.resize(row as usize + 1, NO_CODE);
        }
        let (old, new) = (self.code_at(row), self.code_for(new));
        self.codes[row as usize] = new;
        if let Some(rows) = self.groups.get_mut(old as usize) {
            rows.remove(row);
        }
        if let Some(rows) = self.groups.get_mut(new as usize) {
            rows.insert(row);
        }
        (old, new)
    }

    fn code_for(&mut self, value: &Value) -> u32 {
        let next = self.groups.len() as u32;
        let code = match value {
            Value::Number(number) => *self.numbers.entry(number_key(*number)).or_insert(next),
            Value::Bool(value) => *self.bools[usize::from(*value)].get_or_insert(next),
            Value::Text(text) => *self.texts.entry(Text::from(fold_case(text))).or_insert_with(|| {
                if let Some(number) = as_number(text, &self.reading) {
                    self.number_texts.entry(number_key(number)).or_default().push(next);
                }
                next
            }),
            _ => return NO_CODE,
        };
        if code == next {
            self.groups.push(Rows::None);
        }
        code
    }

    /// The code of a value that lookups compare with; `None` where no row holds it, or held it.
    pub fn code_of(&self, key: &Value) -> Option<u32> {
        match key {
            Value::Number(number) => self.numbers.get(&number_key(*number)).copied(),
            Value::Text(text) => self.texts.get(&*folded(text)).copied(),
            Value::Bool(value) => self.bools[usize::from(*value)],
            _ => None,
        }
    }

    /// The codes of all that a criterion asks for; `None` where an index cannot tell.
    pub fn codes_of(&self, criterion: &Criterion) -> Option<Vec<u32>> {
        if let Some(text) = criterion.exact_text() {
            return Some(self.texts.get(&*folded(text)).copied().into_iter().collect());
        }
        let key = number_key(criterion.exact_number()?);
        let texts = self.number_texts.get(&key).into_iter().flatten();
        Some(self.numbers.get(&key).into_iter().chain(texts).copied().collect())
    }
}

/// The number that a criterion takes a text for. Most texts begin like none.
fn as_number(text: &str, reading: &Reading<'_>) -> Option<f64> {
    let first = text.trim_start().chars().next()?;
    let likely =
        first.is_ascii_digit() || matches!(first, '+' | '-' | '.' | ',' | '(' | '$') || !first.is_ascii();
    // A month's name may begin a date, and a date is a number.
    (likely || first.is_ascii_alphabetic()).then(|| numfmt::parse_number(text, reading)).flatten()
}

/// Numbers that agree on fifteen digits have one key.
fn number_key(number: f64) -> u64 {
    // Integers that f64 holds exactly below 10^15 are their own fifteen digits.
    let rounded =
        if number.abs() < 1e15 && number == number.trunc() { number } else { significant_15(number) };
    // Adding 0 makes -0 a plain 0.
    (rounded + 0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_in_order() {
        let mut rows = Rows::None;
        for row in [5, 9, 1, 7, 5] {
            rows.insert(row);
        }
        assert_eq!(rows.within(0, 100), [1, 5, 7, 9]);
        assert_eq!(rows.within(2, 7), [5, 7]);
        for row in [5, 8, 1, 9, 7] {
            rows.remove(row);
        }
        assert!(rows.within(0, 100).is_empty());
        rows = Rows::One(3);
        rows.remove(4);
        rows.insert(3);
        assert_eq!(rows.within(0, 9), [3], "once");
    }
}
