//! Where a value stands in a column: made when lookups ask for the same column again, dropped when it changes.

use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use values::{Area, Col, SheetId, Text, Value, fold_case, significant_15};
use workbook::Grid;

/// Below this many stored rows a scan is as fast.
const WORTHWHILE: u32 = 24;
/// An index is made at the second question: one lookup alone is a scan.
const ASKED_ENOUGH: u32 = 2;

/// Positions of values in columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Indexes {
    columns: RefCell<FxHashMap<(SheetId, Col), HashMap<(u32, u32), Entry>>>,
}

#[derive(Clone, Debug)]
enum Entry {
    Asked(u32),
    Ready(ColumnIndex),
}

/// The first row (from the area's top) of each value. Texts come from files, so their hasher is keyed.
#[derive(Clone, Debug, Default)]
struct ColumnIndex {
    numbers: HashMap<u64, u32, BuildHasherDefault<rustc_hash::FxHasher>>,
    texts: HashMap<Text, u32>,
    bools: [Option<u32>; 2],
}

impl Indexes {
    /// Forgets what is known of a column.
    pub fn drop_column(&mut self, sheet: SheetId, col: Col) {
        let columns = self.columns.get_mut();
        if !columns.is_empty() {
            columns.remove(&(sheet, col));
        }
    }

    /// The first row of `area` that equals `key`: `None` where the caller should look itself.
    pub fn find(&self, grid: &Grid, area: Area, key: &Value) -> Option<Option<u32>> {
        let rect = area.rect;
        if rect.left != rect.right || rect.rows() < WORTHWHILE {
            return None;
        }
        let mut columns = self.columns.borrow_mut();
        let column = columns.entry((area.sheet, rect.left)).or_default();
        let entry = column.entry((rect.top.0, rect.bottom.0)).or_insert(Entry::Asked(0));
        if let Entry::Asked(times) = entry {
            *times += 1;
            if *times < ASKED_ENOUGH {
                return None;
            }
            *entry = Entry::Ready(ColumnIndex::build(grid, area));
        }
        match entry {
            Entry::Ready(index) => index.find(key),
            Entry::Asked(_) => None,
        }
    }
}

impl ColumnIndex {
    fn build(grid: &Grid, area: Area) -> ColumnIndex {
        let mut index = ColumnIndex::default();
        let rect = area.rect;
        let mut from = rect.top.0;
        while let Some((start, slice)) = grid.next_slice(rect.left.0, from) {
            if start > rect.bottom.0 {
                break;
            }
            let len = slice.len().min((rect.bottom.0 - start + 1) as usize);
            for (offset, value) in slice[..len].iter().enumerate() {
                index.add(start - rect.top.0 + offset as u32, value);
            }
            from = start + slice.len() as u32;
        }
        index
    }

    fn add(&mut self, row: u32, value: &Value) {
        match value {
            Value::Number(number) => {
                self.numbers.entry(number_key(*number)).or_insert(row);
            }
            Value::Text(text) => {
                self.texts.entry(Text::from(fold_case(text))).or_insert(row);
            }
            Value::Bool(value) => {
                self.bools[usize::from(*value)].get_or_insert(row);
            }
            _ => {}
        }
    }

    fn find(&self, key: &Value) -> Option<Option<u32>> {
        match key {
            Value::Number(number) => Some(self.numbers.get(&number_key(*number)).copied()),
            Value::Text(text) if text.contains(['*', '?', '~']) => None,
            Value::Text(text) => Some(self.texts.get(fold_case(text).as_str()).copied()),
            Value::Bool(value) => Some(self.bools[usize::from(*value)]),
            _ => None,
        }
    }
}

/// Numbers that agree on fifteen digits have one key.
fn number_key(number: f64) -> u64 {
    // Integers that f64 holds exactly below 10^15 are their own fifteen digits.
    let rounded =
        if number.abs() < 1e15 && number == number.trunc() { number } else { significant_15(number) };
    (rounded + 0.0).to_bits()
}
