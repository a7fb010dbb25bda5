//! Where values stand in columns: made when lookups and criteria ask for the same columns again, and kept up to date
//! as single cells change. One index serves every range of its column.
//!
//! Invariant: an index says what the column holds now. Whoever writes a cell says so here.

mod column;
mod groups;
mod lifted;
mod pair;

use column::{ColumnIndex, NO_CODE};
use functions::{Criterion, GroupNumbers, MatchingRows, NumberColumn, RowGroup};
use groups::Groups;
use lifted::Lifted;
use numfmt::Reading;
use pair::PairIndex;
use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use values::{Area, Array, Cell, Col, Rect, Row, SheetId, Value};
use workbook::{Grid, RowRun};

/// Below this many rows a scan is as fast.
const WORTHWHILE: u32 = 24;
/// An index is made at the second question: one lookup alone is a scan.
const ASKED_ENOUGH: u32 = 2;
/// Rows of all indexes together; columns beyond it are scanned.
const MOST_ROWS: usize = 32 << 20;
/// Cells of a column that may change one by one before its indexes are made anew when somebody asks.
const MOST_CHANGES: u32 = 256;

type ColumnId = (SheetId, Col);

/// What is kept of columns. Threads that evaluate formulas share it.
#[derive(Debug, Default)]
pub(crate) struct Indexes {
    kept: RwLock<Kept>,
}

impl Clone for Indexes {
    fn clone(&self) -> Indexes {
        Indexes { kept: RwLock::new(self.kept().clone()) }
    }
}

#[derive(Clone, Debug, Default)]
struct Kept {
    columns: FxHashMap<ColumnId, Entry<ColumnIndex>>,
    numbers: FxHashMap<ColumnId, Entry<NumberColumn>>,
    pairs: FxHashMap<(ColumnId, ColumnId), Entry<PairIndex>>,
    groups: Groups,
    lifted: Lifted,
    /// How many cells changed since somebody asked.
    changes: FxHashMap<ColumnId, u32>,
    /// Rows of all entries together.
    rows: usize,
}

#[derive(Clone, Debug)]
enum Entry<T> {
    Asked(u32),
    Ready(Arc<T>),
}

/// A criterion that an index answers.
struct Exact {
    place: usize,
    area: Area,
    index: Arc<ColumnIndex>,
    codes: Vec<u32>,
}

impl Exact {
    /// Whether a row, counted from the area's top, meets it.
    fn holds(&self, row: u32) -> bool {
        let code = self.index.code_at(self.area.rect.top.0 + row);
        code != NO_CODE && self.codes.contains(&code)
    }

    fn count(&self) -> usize {
        let rect = self.area.rect;
        let rows = |code: &u32| self.index.rows(*code).within(rect.top.0, rect.bottom.0).len();
        self.codes.iter().map(rows).sum()
    }

    /// The rows that meet it, counted from the area's top.
    fn rows(&self) -> Vec<u32> {
        let rect = self.area.rect;
        let within = |code: &u32| self.index.rows(*code).within(rect.top.0, rect.bottom.0);
        let mut rows: Vec<u32> =
            self.codes.iter().flat_map(|code| within(code).iter().map(|row| row - rect.top.0)).collect();
        if self.codes.len() > 1 {
            rows.sort_unstable();
        }
        rows
    }
}

impl Indexes {
    /// What is kept, to look at. An index is whole between any two questions, even where a thread ended in between.
    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept, to add to it.
    fn keep(&self) -> RwLockWriteGuard<'_, Kept> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept_mut(&mut self) -> &mut Kept {
        self.kept.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what is known of a column.
    pub fn drop_column(&mut self, sheet: SheetId, col: Col) {
        self.kept_mut().drop_column((sheet, col));
    }

    /// Follows a change of one cell.
    pub fn changed(&mut self, sheet: SheetId, cell: Cell, new: &Value) {
        let kept = self.kept_mut();
        let id = (sheet, cell.col);
        let is_known = kept.columns.contains_key(&id)
            || kept.numbers.contains_key(&id)
            || kept.groups.know(id)
            || kept.lifted.know(id);
        if !is_known {
            return;
        }
        let changes = kept.changes.entry(id).or_insert(0);
        *changes += 1;
        if *changes > MOST_CHANGES {
            return kept.drop_column(id);
        }
        if let Some(Entry::Ready(numbers)) = kept.numbers.get_mut(&id) {
            Arc::make_mut(numbers).set(cell.row.0, new);
        }
        kept.lifted.changed(id, cell.row.0);
        let Kept { columns, groups, .. } = &mut *kept;
        groups.changed(id, |key| match columns.get(&key) {
            Some(Entry::Ready(index)) => index.code_at(cell.row.0),
            _ => NO_CODE,
        });
        let Some(Entry::Ready(index)) = kept.columns.get_mut(&id) else { return };
        let (old, new) = Arc::make_mut(index).set(cell.row.0, new);
        kept.groups.moved(id, old, new);
        kept.follow_in_pairs(id, cell.row.0, old, new);
    }

    /// Follows changes in some rows of a column, as its grid holds them now.
    pub fn changed_rows(&mut self, sheet: SheetId, col: Col, rows: &[RowRun], grid: &Grid) {
        let kept = self.kept_mut();
        let id = (sheet, col);
        let count = |runs: &[RowRun]| runs.iter().map(ExactSizeIterator::len).sum::<usize>();
        // Numbers are cheap to follow; all else is made anew when somebody asks.
        match kept.numbers.get_mut(&id) {
            Some(Entry::Ready(numbers)) if count(rows) < numbers.len() / 8 => {
                let rows = rows.iter().cloned().flatten();
                let values = rows.map(|row| (row, grid.get(Cell { row: Row(row), col })));
                Arc::make_mut(numbers).set_rows(values);
                kept.drop_all_but_numbers(id);
            }
            _ => kept.drop_column(id),
        }
    }

    /// The group of rows that meet a criterion, see [`functions::Context::group`].
    pub fn group(
        &self,
        grid: &Grid,
        area: Area,
        criterion: &Criterion,
        reading: Reading<'static>,
    ) -> Option<RowGroup> {
        // Whether an index is worth while is for those to find out who can do without it.
        if !self.kept().has_index((area.sheet, area.rect.left)) {
            return None;
        }
        let codes = self.with_column(grid, area, reading, |index| index.codes_of(criterion))??;
        match codes.as_slice() {
            [] => Some(RowGroup { area, code: None }),
            [code] => Some(RowGroup { area, code: Some(*code) }),
            _ => None,
        }
    }

    /// The numbers beside a group; `None` where the area's rows are others, or not all that hold the value.
    pub fn group_numbers(&self, grid: &Grid, group: RowGroup, area: Area) -> Option<Arc<GroupNumbers>> {
        let (of, beside) = (group.area.rect, area.rect);
        if (of.top, of.bottom) != (beside.top, beside.bottom) || beside.left != beside.right {
            return None;
        }
        let Some(code) = group.code else { return Some(Arc::default()) };
        let (key, id) = ((group.area.sheet, of.left), (area.sheet, beside.left));
        {
            let kept = self.kept();
            if !kept.is_whole((key, code), of) {
                return None;
            }
            if let (Some(known), false) = (kept.groups.known((key, code), id), kept.changes.contains_key(&id))
            {
                return Some(known);
            }
        }
        let kept = &mut *self.keep();
        let Some(Entry::Ready(index)) = kept.columns.get(&key) else { return None };
        let room = MOST_ROWS.saturating_sub(kept.rows);
        kept.changes.remove(&id);
        kept.groups.numbers((key, code), id, index.rows(code).all(), grid, room)
    }

    /// Asks a column's index; `None` where there is none and the caller should look itself.
    fn with_column<T>(
        &self,
        grid: &Grid,
        area: Area,
        reading: Reading<'static>,
        ask: impl FnOnce(&Arc<ColumnIndex>) -> T,
    ) -> Option<T> {
        if let Some(index) = self.kept().ready_column(area, reading) {
            return Some(ask(index));
        }
        let index = self.keep().column(grid, area, reading)?;
        Some(ask(&index))
    }

    /// The first row of `area` that equals `key`, from the area's top: `None` where the caller should look itself.
    pub fn find(
        &self,
        grid: &Grid,
        area: Area,
        key: &Value,
        reading: Reading<'static>,
    ) -> Option<Option<u32>> {
        if matches!(key, Value::Text(text) if text.contains(['*', '?', '~'])) {
            return None;
        }
        if !matches!(key, Value::Number(_) | Value::Text(_) | Value::Bool(_)) {
            return None;
        }
        let rect = area.rect;
        self.with_column(grid, area, reading, |index| {
            let rows =
                index.code_of(key).map_or(&[][..], |code| index.rows(code).within(rect.top.0, rect.bottom.0));
            // Criteria compare fifteen digits, and so does the index; lookups compare every bit.
            let is_equal = |row: &&u32| match (key, grid.get(Cell { row: Row(**row), col: rect.left })) {
                (Value::Number(key), Value::Number(number)) => key == number,
                _ => true,
            };
            rows.iter().find(is_equal).map(|row| row - rect.top.0)
        })
    }

    /// Whether anything is kept for areas like this one.
    pub fn serve(area: Area) -> bool {
        area.rect.left == area.rect.right && area.rect.rows() >= WORTHWHILE
    }

    /// The numbers of a column that an area lies in; `None` where the caller should look itself.
    pub fn numbers(&self, grid: &Grid, area: Area) -> Option<Arc<NumberColumn>> {
        if !Indexes::serve(area) {
            return None;
        }
        let id = (area.sheet, area.rect.left);
        {
            let kept = self.kept();
            if let (Some(Entry::Ready(column)), false) =
                (kept.numbers.get(&id), kept.changes.contains_key(&id))
            {
                return Some(Arc::clone(column));
            }
        }
        let mut kept = self.keep();
        let rows = kept.rows;
        let build = || {
            let mut column = NumberColumn::default();
            while let Some((start, slice)) = grid.next_slice(id.1.0, column.len() as u32) {
                column.fill(start as usize);
                slice.iter().for_each(|value| column.push(value));
            }
            column
        };
        let (column, added) = ready(&mut kept.numbers, id, rows, build, NumberColumn::len)?;
        kept.noted(id, added);
        Some(column)
    }

    /// What a function of one argument gives for each cell of an area, see [`functions::Context::lifted`].
    pub fn lifted(
        &self,
        grid: &Grid,
        area: Area,
        function: &'static str,
        of_one: &dyn Fn(&Value) -> Value,
    ) -> Option<Arc<Array>> {
        let (id, rect) = ((area.sheet, area.rect.left), area.rect);
        if rect.left != rect.right {
            return None;
        }
        let work = {
            let kept = &mut *self.keep();
            kept.lifted.begin(id, function, rect, MOST_ROWS.saturating_sub(kept.rows))?
        };
        // The function may ask for what is kept here too.
        let array = work.done(grid, rect, of_one)?;
        let kept = &mut *self.keep();
        kept.changes.remove(&id);
        kept.lifted.put(id, function, rect, &array);
        Some(array)
    }

    /// The rows that meet those criteria of equality for which an index is kept. All areas have as many rows.
    pub fn matching<'g>(
        &self,
        grid: impl Fn(SheetId) -> Option<&'g Grid>,
        conditions: &[(Area, &Criterion)],
        reading: Reading<'static>,
    ) -> Option<MatchingRows> {
        let mut exact: Vec<Exact> = Vec::new();
        for (place, (area, criterion)) in conditions.iter().enumerate() {
            if !criterion.is_exact() {
                continue;
            }
            let Some(index) = self.with_column(grid(area.sheet)?, *area, reading, Arc::clone) else {
                continue;
            };
            if let Some(codes) = index.codes_of(criterion) {
                exact.push(Exact { place, area: *area, index, codes });
            }
        }
        // The fewest rows first.
        exact.sort_by_cached_key(Exact::count);
        let few = exact.first()?;
        let mut rows = match exact.get(1).and_then(|second| self.pair_rows(few, second)) {
            Some(rows) => rows,
            None => few.rows(),
        };
        rows.retain(|row| exact.iter().skip(1).all(|other| other.holds(*row)));
        let mut met = vec![false; conditions.len()];
        exact.iter().for_each(|condition| met[condition.place] = true);
        Some(MatchingRows { rows, met })
    }

    /// The rows that meet two criteria of one value each, by an index of both columns.
    fn pair_rows(&self, left: &Exact, right: &Exact) -> Option<Vec<u32>> {
        let rect = left.area.rect;
        let ([a], [b], true) = (&*left.codes, &*right.codes, rect.top == right.area.rect.top) else {
            return None;
        };
        let id = |exact: &Exact| (exact.area.sheet, exact.area.rect.left);
        // The same two columns make one index, whichever has the fewer rows this time.
        let (first, second, codes) =
            if id(left) <= id(right) { (left, right, (*a, *b)) } else { (right, left, (*b, *a)) };
        let rows = |pairs: &PairIndex| {
            let rows = pairs.rows(codes).within(rect.top.0, rect.bottom.0);
            rows.iter().map(|row| row - rect.top.0).collect()
        };
        let ids = (id(first), id(second));
        if let Some(Entry::Ready(pairs)) = self.kept().pairs.get(&ids) {
            return Some(rows(pairs));
        }
        let kept = &mut *self.keep();
        let build = || PairIndex::build(&first.index, &second.index);
        let (pairs, added) = ready(&mut kept.pairs, ids, kept.rows, build, PairIndex::len)?;
        kept.rows += added;
        Some(rows(&pairs))
    }
}

impl Kept {
    fn drop_column(&mut self, id: ColumnId) {
        if let Some(Entry::Ready(numbers)) = self.numbers.remove(&id) {
            self.rows -= numbers.len().min(self.rows);
        }
        self.drop_all_but_numbers(id);
    }

    fn drop_all_but_numbers(&mut self, id: ColumnId) {
        self.changes.remove(&id);
        self.groups.drop_column(id);
        self.lifted.drop_column(id);
        if let Some(entry) = self.columns.remove(&id) {
            if let Entry::Ready(index) = entry {
                self.rows -= index.len().min(self.rows);
            }
            let rows = &mut self.rows;
            self.pairs.retain(|(left, right), entry| {
                let stays = *left != id && *right != id;
                if let (false, Entry::Ready(pair)) = (stays, entry) {
                    *rows -= pair.len().min(*rows);
                }
                stays
            });
        }
    }

    /// Somebody asked for a column, and so many rows came to what is kept.
    fn noted(&mut self, id: ColumnId, added: usize) {
        self.rows += added;
        self.changes.remove(&id);
    }

    fn has_index(&self, id: ColumnId) -> bool {
        matches!(self.columns.get(&id), Some(Entry::Ready(_)))
    }

    /// Whether all rows that hold a value lie in `rect`.
    fn is_whole(&self, (key, code): (ColumnId, u32), rect: Rect) -> bool {
        let Some(Entry::Ready(index)) = self.columns.get(&key) else { return false };
        let rows = index.rows(code).all();
        rows.first().is_none_or(|row| *row >= rect.top.0)
            && rows.last().is_none_or(|row| *row <= rect.bottom.0)
    }

    /// The index of an area's column, where it is as good as new and nobody needs to note the question.
    fn ready_column(&self, area: Area, reading: Reading<'static>) -> Option<&Arc<ColumnIndex>> {
        let id = (area.sheet, area.rect.left);
        let Some(Entry::Ready(index)) = self.columns.get(&id) else { return None };
        (Indexes::serve(area) && index.serves(reading) && !self.changes.contains_key(&id)).then_some(index)
    }

    fn column(&mut self, grid: &Grid, area: Area, reading: Reading<'static>) -> Option<Arc<ColumnIndex>> {
        if !Indexes::serve(area) {
            return None;
        }
        let id = (area.sheet, area.rect.left);
        if let Some(Entry::Ready(index)) = self.columns.get(&id)
            && !index.serves(reading)
        {
            self.drop_column(id);
            self.columns.insert(id, Entry::Asked(ASKED_ENOUGH));
        }
        let rows = self.rows;
        let build = || ColumnIndex::build(grid, id.1, reading);
        let (index, added) = ready(&mut self.columns, id, rows, build, ColumnIndex::len)?;
        self.noted(id, added);
        Some(index)
    }

    fn follow_in_pairs(&mut self, id: ColumnId, row: u32, old: u32, new: u32) {
        let Kept { columns, pairs, .. } = self;
        let code_in = |id: &ColumnId| match columns.get(id) {
            Some(Entry::Ready(index)) => index.code_at(row),
            _ => NO_CODE,
        };
        for ((left, right), entry) in pairs.iter_mut() {
            let Entry::Ready(pair) = entry else { continue };
            let codes = |code: u32| match (*left == id, *right == id) {
                (true, true) => (code, code),
                (true, false) => (code, code_in(right)),
                _ => (code_in(left), code),
            };
            if *left == id || *right == id {
                Arc::make_mut(pair).set(row, codes(old), codes(new));
            }
        }
    }
}

/// What is kept under an id, made if it was asked for often enough and there is room; and how many rows that added.
fn ready<K: Copy + Eq + Hash, T>(
    entries: &mut FxHashMap<K, Entry<T>>,
    id: K,
    rows: usize,
    build: impl FnOnce() -> T,
    len: impl Fn(&T) -> usize,
) -> Option<(Arc<T>, usize)> {
    match entries.entry(id).or_insert(Entry::Asked(0)) {
        Entry::Ready(kept) => Some((Arc::clone(kept), 0)),
        Entry::Asked(times) => {
            *times = times.saturating_add(1);
            if *times < ASKED_ENOUGH || rows > MOST_ROWS {
                return None;
            }
            let built = Arc::new(build());
            let added = len(&built);
            if rows + added > MOST_ROWS {
                return None;
            }
            entries.insert(id, Entry::Ready(Arc::clone(&built)));
            Some((built, added))
        }
    }
}
