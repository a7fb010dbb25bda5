//! Where values stand in a column: made when lookups and criteria ask for the same column again, dropped when
//! the column changes. One index serves every range of its column.

use functions::Criterion;
use numfmt::Reading;
use rustc_hash::{FxHashMap, FxHasher};
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash};
use std::sync::Arc;
use values::{Area, Col, SheetId, Text, Value, fold_case, significant_15};
use workbook::Grid;

/// Below this many rows a scan is as fast.
const WORTHWHILE: u32 = 24;
/// An index is made at the second question: one lookup alone is a scan.
const ASKED_ENOUGH: u32 = 2;
/// Rows of all indexes together; columns beyond it are scanned.
const MOST_ROWS: usize = 32 << 20;

/// Positions of values in columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Indexes {
    columns: RefCell<FxHashMap<(SheetId, Col), Entry>>,
}

#[derive(Clone, Debug)]
enum Entry {
    Asked(u32),
    Ready(Arc<ColumnIndex>),
}

/// Keys of fifteen-digit numbers.
type Numbers = HashMap<u64, Group, BuildHasherDefault<FxHasher>>;
/// Texts come from files, so their hasher is keyed.
type Texts = HashMap<Text, Group>;

/// A part of the index' row list: rows in ascending order.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    start: u32,
    len: u32,
}

/// The rows of each value of a column.
#[derive(Debug, Default)]
struct ColumnIndex {
    numbers: Numbers,
    texts: Texts,
    /// Texts that criteria count as numbers.
    number_texts: Numbers,
    bools: [Group; 2],
    rows: Vec<u32>,
}

impl Indexes {
    /// Forgets what is known of a column.
    pub fn drop_column(&mut self, sheet: SheetId, col: Col) {
        let columns = self.columns.get_mut();
        if !columns.is_empty() {
            columns.remove(&(sheet, col));
        }
    }

    /// The first row of `area` that equals `key`, from the area's top: `None` where the caller should look itself.
    pub fn find(&self, grid: &Grid, area: Area, key: &Value, reading: &Reading<'_>) -> Option<Option<u32>> {
        if matches!(key, Value::Text(text) if text.contains(['*', '?', '~'])) {
            return None;
        }
        let index = self.column(grid, area, reading)?;
        let group = match key {
            Value::Number(number) => index.numbers.get(&number_key(*number)).copied(),
            Value::Text(text) => index.texts.get(fold_case(text).as_str()).copied(),
            Value::Bool(value) => Some(index.bools[usize::from(*value)]),
            _ => return None,
        };
        Some(group.and_then(|group| index.within(group, area).first().map(|row| row - area.rect.top.0)))
    }

    /// The rows of `area` that meet a criterion, from the area's top, ascending.
    pub fn matching(
        &self,
        grid: &Grid,
        area: Area,
        criterion: &Criterion,
        reading: &Reading<'_>,
    ) -> Option<Arc<[u32]>> {
        let top = area.rect.top.0;
        if let Some(text) = criterion.exact_text() {
            let index = self.column(grid, area, reading)?;
            let group = index.texts.get(fold_case(text).as_str()).copied().unwrap_or_default();
            return Some(index.within(group, area).iter().map(|row| row - top).collect());
        }
        let key = number_key(criterion.exact_number()?);
        let index = self.column(grid, area, reading)?;
        let rows = |groups: &Numbers| index.within(groups.get(&key).copied().unwrap_or_default(), area);
        let (numbers, texts) = (rows(&index.numbers), rows(&index.number_texts));
        let mut all: Vec<u32> = numbers.iter().chain(texts).map(|row| row - top).collect();
        if !texts.is_empty() {
            all.sort_unstable();
        }
        Some(all.into())
    }

    fn column(&self, grid: &Grid, area: Area, reading: &Reading<'_>) -> Option<Arc<ColumnIndex>> {
        let rect = area.rect;
        if rect.left != rect.right || rect.rows() < WORTHWHILE {
            return None;
        }
        let mut columns = self.columns.borrow_mut();
        let entry = columns.entry((area.sheet, rect.left)).or_insert(Entry::Asked(0));
        if let Entry::Asked(times) = entry {
            *times += 1;
            if *times < ASKED_ENOUGH {
                return None;
            }
            let built = Arc::new(ColumnIndex::build(grid, rect.left, reading));
            let held = |entry: &Entry| if let Entry::Ready(index) = entry { index.rows.len() } else { 0 };
            if columns.values().map(held).sum::<usize>() + built.rows.len() > MOST_ROWS {
                return None;
            }
            columns.insert((area.sheet, rect.left), Entry::Ready(Arc::clone(&built)));
            return Some(built);
        }
        match entry {
            Entry::Ready(index) => Some(Arc::clone(index)),
            Entry::Asked(_) => None,
        }
    }
}

/// Rows gathered by key before they are laid out.
struct Gathered<K, S> {
    groups: HashMap<K, u32, S>,
    rows: Vec<(u32, u32)>,
}

impl<K: Eq + Hash, S: std::hash::BuildHasher + Default> Gathered<K, S> {
    fn new() -> Self {
        Gathered { groups: HashMap::default(), rows: Vec::new() }
    }

    fn add(&mut self, key: K, row: u32) {
        let next = self.groups.len() as u32;
        let group = *self.groups.entry(key).or_insert(next);
        self.rows.push((group, row));
    }

    /// Lays the rows out group by group behind those already in `rows`.
    fn lay_out(self, rows: &mut Vec<u32>) -> HashMap<K, Group, S> {
        let mut groups = vec![Group::default(); self.groups.len()];
        for (group, _) in &self.rows {
            groups[*group as usize].len += 1;
        }
        let mut next = rows.len() as u32;
        let mut places = Vec::with_capacity(groups.len());
        for group in &mut groups {
            group.start = next;
            places.push(next);
            next += group.len;
        }
        rows.resize(next as usize, 0);
        for (group, row) in self.rows {
            let place = &mut places[group as usize];
            rows[*place as usize] = row;
            *place += 1;
        }
        self.groups.into_iter().map(|(key, group)| (key, groups[group as usize])).collect()
    }
}

impl ColumnIndex {
    fn build(grid: &Grid, col: Col, reading: &Reading<'_>) -> ColumnIndex {
        let mut numbers: Gathered<u64, BuildHasherDefault<FxHasher>> = Gathered::new();
        let mut number_texts: Gathered<u64, BuildHasherDefault<FxHasher>> = Gathered::new();
        let mut texts: Gathered<Text, std::hash::RandomState> = Gathered::new();
        let mut bools: Gathered<bool, std::hash::RandomState> = Gathered::new();
        let mut from = 0;
        while let Some((start, slice)) = grid.next_slice(col.0, from) {
            for (offset, value) in slice.iter().enumerate() {
                let row = start + offset as u32;
                match value {
                    Value::Number(number) => numbers.add(number_key(*number), row),
                    Value::Text(text) => {
                        if let Some(number) = as_number(text, reading) {
                            number_texts.add(number_key(number), row);
                        }
                        texts.add(Text::from(fold_case(text)), row);
                    }
                    Value::Bool(value) => bools.add(*value, row),
                    _ => {}
                }
            }
            from = start + slice.len() as u32;
        }
        let mut rows = Vec::new();
        let bools = bools.lay_out(&mut rows);
        let of = |value: bool| bools.get(&value).copied().unwrap_or_default();
        ColumnIndex {
            numbers: numbers.lay_out(&mut rows),
            texts: texts.lay_out(&mut rows),
            number_texts: number_texts.lay_out(&mut rows),
            bools: [of(false), of(true)],
            rows,
        }
    }

    /// The rows of a group that lie in an area.
    fn within(&self, group: Group, area: Area) -> &[u32] {
        let rows = self.rows.get(group.start as usize..(group.start + group.len) as usize).unwrap_or(&[]);
        let from = rows.partition_point(|row| *row < area.rect.top.0);
        let to = rows.partition_point(|row| *row <= area.rect.bottom.0);
        &rows[from..to]
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
