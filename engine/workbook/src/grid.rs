//! Cell values by column, in blocks of rows that are shared between copies until one of them writes.

use formula::Slide;
use std::sync::Arc;
use values::{Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, Value};

/// Rows of a block. Small enough that a block with two far cells wastes little, large enough that a column
/// of numbers reads as long slices.
pub const BLOCK_ROWS: u32 = 256;

static EMPTY: Value = Value::Empty;

/// What cells can be set to, many at once.
pub trait Storable {
    /// Whether a cell holds just this, bit for bit.
    fn is_in(&self, stored: &Value) -> bool;

    /// Sets a cell to it.
    fn put(self, stored: &mut Value);
}

impl Storable for Value {
    fn is_in(&self, stored: &Value) -> bool {
        stored.same(self)
    }

    fn put(self, stored: &mut Value) {
        *stored = self;
    }
}

impl Storable for f64 {
    fn is_in(&self, stored: &Value) -> bool {
        matches!(stored, Value::Number(number) if number.to_bits() == self.to_bits())
    }

    fn put(self, stored: &mut Value) {
        match stored {
            // Nothing of what was there needs to be given back.
            Value::Number(number) => *number = self,
            other => *other = Value::Number(self),
        }
    }
}

/// Consecutive rows of a column.
pub type RowRun = std::ops::Range<u32>;

/// The values of a sheet. Cloning shares every block.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    columns: Vec<Column>,
    /// Grows with what is stored and never shrinks, so that asking costs nothing.
    used: Option<Rect>,
}

/// One column: blocks in row order, only those that hold something.
#[derive(Clone, Debug, Default)]
pub struct Column {
    blocks: Vec<Block>,
}

/// Up to [`BLOCK_ROWS`] values from `first` on; `first` lies in block `first / BLOCK_ROWS`, all values too.
#[derive(Clone, Debug)]
struct Block {
    first: u32,
    values: Arc<Vec<Value>>,
}

impl Block {
    fn index(&self) -> u32 {
        self.first / BLOCK_ROWS
    }
}

impl Column {
    /// The value in a row; `Empty` where nothing is stored.
    pub fn get(&self, row: Row) -> &Value {
        match self.find(row.0 / BLOCK_ROWS) {
            Ok(place) => {
                let block = &self.blocks[place];
                row.0.checked_sub(block.first).and_then(|i| block.values.get(i as usize)).unwrap_or(&EMPTY)
            }
            Err(_) => &EMPTY,
        }
    }

    /// Where the block stands or would stand. A column without gaps finds it at once.
    fn find(&self, index: u32) -> Result<usize, usize> {
        match self.blocks.get(index as usize) {
            Some(block) if block.index() == index => Ok(index as usize),
            _ => self.blocks.binary_search_by_key(&index, Block::index),
        }
    }

    fn set(&mut self, row: Row, value: Value) {
        match self.find(row.0 / BLOCK_ROWS) {
            Ok(place) => set_in_block(&mut self.blocks[place], row.0, value),
            Err(_) if matches!(value, Value::Empty) => {}
            Err(place) => self.blocks.insert(place, Block { first: row.0, values: Arc::new(vec![value]) }),
        }
    }

    /// Stores consecutive values and tells the runs of rows where that changed something.
    fn replace<C: Storable>(
        &mut self,
        first: Row,
        mut values: impl ExactSizeIterator<Item = C>,
        mut changed: impl FnMut(RowRun),
    ) {
        let mut row = first.0;
        while values.len() > 0 {
            let block_end = (row / BLOCK_ROWS + 1) * BLOCK_ROWS;
            let count = values.len().min((block_end - row) as usize);
            let part = values.by_ref().take(count);
            let place = match self.find(row / BLOCK_ROWS) {
                Ok(place) => place,
                Err(place) => {
                    self.blocks.insert(place, Block { first: row, values: Arc::new(Vec::new()) });
                    place
                }
            };
            let block = &mut self.blocks[place];
            let start = row.wrapping_sub(block.first) as usize;
            if start.saturating_add(count) <= block.values.len() {
                let first = block.first;
                replace_stored(&mut block.values, start, part, |from, to| {
                    changed(first + from as u32..first + to as u32);
                });
                row += count as u32;
                continue;
            }
            for value in part {
                let old =
                    row.checked_sub(block.first).and_then(|i| block.values.get(i as usize)).unwrap_or(&EMPTY);
                if !value.is_in(old) {
                    let mut new = Value::Empty;
                    value.put(&mut new);
                    set_in_block(block, row, new);
                    changed(row..row + 1);
                }
                row += 1;
            }
        }
    }

    /// Empties rows, except where `keep` says not to.
    fn clear(&mut self, top: Row, bottom: Row, keep: &dyn Fn(Row) -> bool) {
        for block in &mut self.blocks {
            let end = block.first + block.values.len() as u32;
            let (from, to) = (top.0.max(block.first), bottom.0.saturating_add(1).min(end));
            if from >= to {
                continue;
            }
            let values = Arc::make_mut(&mut block.values);
            for row in (from..to).filter(|row| !keep(Row(*row))) {
                values[(row - block.first) as usize] = Value::Empty;
            }
        }
    }

    /// Lets rows come or go. Blocks in front of them stay shared.
    fn slide(&mut self, slide: Slide) {
        let (at, count) = slide.range();
        let (resume, by) = match slide {
            Slide::Insert { .. } => (at, i64::from(count)),
            Slide::Delete { .. } => (at.saturating_add(count), -i64::from(count)),
        };
        let before = self.blocks.partition_point(|block| block.first + block.values.len() as u32 <= at);
        for block in self.blocks.split_off(before) {
            let head = at.saturating_sub(block.first) as usize;
            self.append(block.first, block.values.get(..head).unwrap_or(&block.values));
            let skip = resume.saturating_sub(block.first) as usize;
            if let Some(rest) = block.values.get(skip..)
                && let Ok(to) = u32::try_from(i64::from(block.first) + skip as i64 + by)
            {
                let room = MAX_ROWS.saturating_sub(to) as usize;
                self.append(to, rest.get(..room).unwrap_or(rest));
            }
        }
    }

    /// Stores values below all that is stored.
    fn append(&mut self, first: u32, values: &[Value]) {
        let (mut row, mut rest) = (first, values);
        while !rest.is_empty() {
            let room = (BLOCK_ROWS - row % BLOCK_ROWS) as usize;
            let (part, later) = rest.split_at(room.min(rest.len()));
            match self.blocks.last_mut().filter(|block| block.index() == row / BLOCK_ROWS) {
                _ if part.iter().all(|value| matches!(value, Value::Empty)) => {}
                Some(block) => {
                    let values = Arc::make_mut(&mut block.values);
                    values.resize((row - block.first) as usize, Value::Empty);
                    values.extend_from_slice(part);
                }
                None => self.blocks.push(Block { first: row, values: Arc::new(part.to_vec()) }),
            }
            row += part.len() as u32;
            rest = later;
        }
    }

    /// Every stored, non-empty value from a row on.
    pub fn values_from(&self, from: Row) -> impl Iterator<Item = (Row, &Value)> {
        let first = self.blocks.partition_point(|block| block.first + block.values.len() as u32 <= from.0);
        self.blocks[first..].iter().flat_map(move |block| {
            let rows = block.values.iter().enumerate();
            rows.map(|(offset, value)| (Row(block.first + offset as u32), value))
                .filter(move |(row, value)| *row >= from && !matches!(value, Value::Empty))
        })
    }

    /// The stored values from a row on as one slice and the row it starts at.
    pub fn next_slice(&self, from: u32) -> Option<(u32, &[Value])> {
        let place = match self.find(from / BLOCK_ROWS) {
            Ok(place) | Err(place) => place,
        };
        self.blocks[place..].iter().find_map(|block| {
            let skip = from.saturating_sub(block.first) as usize;
            block.values.get(skip..).filter(|rest| !rest.is_empty()).map(|rest| (block.first.max(from), rest))
        })
    }

    pub(crate) fn slots(&self) -> usize {
        self.blocks.iter().map(|block| block.values.len()).sum()
    }
}

/// Replaces values that are stored already, from a place on; tells the runs of places that changed.
fn replace_stored<C: Storable>(
    stored: &mut Arc<Vec<Value>>,
    start: usize,
    values: impl Iterator<Item = C>,
    mut changed: impl FnMut(usize, usize),
) {
    let mut values = (start..).zip(values);
    // As long as nothing changes, the block stays shared.
    let Some((first, value)) = values.find(|(place, value)| !value.is_in(&stored[*place])) else { return };
    let stored = Arc::make_mut(stored);
    value.put(&mut stored[first]);
    let (mut run, mut end) = (first, first + 1);
    for (place, value) in values {
        let stored = &mut stored[place];
        if value.is_in(stored) {
            continue;
        }
        value.put(stored);
        if place != end {
            changed(run, end);
            run = place;
        }
        end = place + 1;
    }
    changed(run, end);
}

fn set_in_block(block: &mut Block, row: u32, value: Value) {
    let values = Arc::make_mut(&mut block.values);
    if row < block.first {
        if matches!(value, Value::Empty) {
            return;
        }
        let gap = (block.first - row) as usize;
        values.splice(0..0, std::iter::once(value).chain(std::iter::repeat_n(Value::Empty, gap - 1)));
        block.first = row;
        return;
    }
    let place = (row - block.first) as usize;
    if place >= values.len() {
        if matches!(value, Value::Empty) {
            return;
        }
        if place >= values.capacity() {
            // A column that fills from the top reaches a full block with few moves.
            values.reserve_exact((BLOCK_ROWS as usize).min(place + 1 + values.len()) - values.len());
        }
        values.resize(place, Value::Empty);
        values.push(value);
    } else {
        values[place] = value;
    }
}

/// Lets places of a list of columns come or go; new ones are empty.
pub(crate) fn slide_list<T: Default>(list: &mut Vec<T>, slide: Slide) {
    let (at, count) = slide.range();
    let at = (at as usize).min(list.len());
    match slide {
        Slide::Insert { .. } if at < list.len() => {
            list.splice(at..at, std::iter::repeat_with(T::default).take(count as usize));
            list.truncate(usize::from(MAX_COLS));
        }
        Slide::Insert { .. } => {}
        Slide::Delete { .. } => drop(list.drain(at..list.len().min(at.saturating_add(count as usize)))),
    }
}

impl Grid {
    /// The value of a cell; `Empty` where nothing is stored.
    pub fn get(&self, cell: Cell) -> &Value {
        self.columns.get(usize::from(cell.col.0)).map_or(&EMPTY, |column| column.get(cell.row))
    }

    /// Stores a value.
    pub fn set(&mut self, cell: Cell, value: Value) {
        let col = usize::from(cell.col.0);
        if col >= self.columns.len() {
            if matches!(value, Value::Empty) {
                return;
            }
            self.columns.resize_with(col + 1, Column::default);
        }
        if !matches!(value, Value::Empty) && !self.used.is_some_and(|used| used.contains(cell)) {
            let rect = Rect::cell(cell);
            self.used = Some(self.used.map_or(rect, |used| used.hull(rect)));
        }
        self.columns[col].set(cell.row, value);
    }

    /// Stores values in consecutive rows of a column and tells the runs of rows where that changed something, from
    /// above.
    pub fn replace<C: Storable>(
        &mut self,
        col: Col,
        first: Row,
        values: impl ExactSizeIterator<Item = C>,
        changed: impl FnMut(RowRun),
    ) {
        let Some(last) = (values.len() as u32).checked_sub(1) else { return };
        let place = usize::from(col.0);
        if place >= self.columns.len() {
            self.columns.resize_with(place + 1, Column::default);
        }
        let rect = Rect { top: first, bottom: Row(first.0 + last), left: col, right: col };
        self.used = Some(self.used.map_or(rect, |used| used.hull(rect)));
        self.columns[place].replace(first, values, changed);
    }

    /// Empties rows of a column, except where `keep` says not to.
    pub fn clear(&mut self, col: Col, top: Row, bottom: Row, keep: impl Fn(Row) -> bool) {
        if let Some(column) = self.columns.get_mut(usize::from(col.0)) {
            column.clear(top, bottom, &keep);
        }
    }

    /// Lets rows come or go: what stands below moves. Cost: the values that move.
    pub fn slide_rows(&mut self, slide: Slide) {
        for column in &mut self.columns {
            column.slide(slide);
        }
        self.used = self.used.and_then(|used| {
            let (top, bottom) = slide.span(used.top.0, used.bottom.0, MAX_ROWS)?;
            Some(Rect { top: Row(top), bottom: Row(bottom), ..used })
        });
    }

    /// Lets columns come or go: what stands right of them moves. Cost: the number of columns.
    pub fn slide_columns(&mut self, slide: Slide) {
        slide_list(&mut self.columns, slide);
        self.used = self.used.and_then(|used| {
            let span = slide.span(u32::from(used.left.0), u32::from(used.right.0), u32::from(MAX_COLS));
            let (left, right) = span?;
            Some(Rect { left: Col(left as u16), right: Col(right as u16), ..used })
        });
    }

    /// Puts a whole column in a place and gives the one that was there.
    pub(crate) fn swap_column(&mut self, col: Col, column: Column) -> Column {
        let place = usize::from(col.0);
        if place >= self.columns.len() {
            self.columns.resize_with(place + 1, Column::default);
        }
        std::mem::replace(&mut self.columns[place], column)
    }

    /// Puts back what [`Grid::used`] gave before, and gives what it gives now.
    pub(crate) fn swap_used(&mut self, used: Option<Rect>) -> Option<Rect> {
        std::mem::replace(&mut self.used, used)
    }

    /// The stored, non-empty values of a rectangle, column by column.
    pub fn within(&self, rect: Rect) -> impl Iterator<Item = (Cell, &Value)> {
        let right = u32::from(rect.right.0) + 1;
        let columns = self.columns.iter().enumerate().take(right as usize).skip(usize::from(rect.left.0));
        columns.flat_map(move |(col, column)| {
            let rows = column.values_from(rect.top).take_while(move |(row, _)| *row <= rect.bottom);
            rows.map(move |(row, value)| (Cell { row, col: Col(col as u16) }, value))
        })
    }

    /// A column, if anything is stored at or right of it.
    pub fn column(&self, col: Col) -> Option<&Column> {
        self.columns.get(usize::from(col.0))
    }

    /// How many columns there may be values in, counted from the first.
    pub fn width(&self) -> u16 {
        u16::try_from(self.columns.len()).unwrap_or(u16::MAX)
    }

    /// The stored values of a column from a row on as one slice, with its first row.
    pub fn next_slice(&self, col: u16, from: u32) -> Option<(u32, &[Value])> {
        self.columns.get(usize::from(col))?.next_slice(from)
    }

    /// A rectangle that holds everything stored; cells that were emptied since may still count.
    pub fn used(&self) -> Option<Rect> {
        self.used
    }

    /// Places taken up in memory, sixteen bytes each: what a reader holds against its limit.
    pub fn slots(&self) -> usize {
        self.columns.iter().map(Column::slots).sum()
    }

    /// Every stored, non-empty value, column by column.
    pub fn iter(&self) -> impl Iterator<Item = (Cell, &Value)> {
        self.columns.iter().enumerate().flat_map(|(col, column)| {
            column.blocks.iter().flat_map(move |block| {
                block
                    .values
                    .iter()
                    .enumerate()
                    .filter(|(_, value)| !matches!(value, Value::Empty))
                    .map(move |(offset, value)| (Cell::new(block.first + offset as u32, col as u16), value))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn behaves_as_a_map_whatever_the_order() {
        let mut grid = Grid::default();
        let mut map = BTreeMap::new();
        let mut state = 12_345_u64;
        for step in 0..20_000_u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let cell = Cell::new((state >> 33) as u32 % 3_000, (state >> 20) as u16 % 4);
            if step % 7 == 0 {
                grid.set(cell, Value::Empty);
                map.remove(&cell);
            } else {
                grid.set(cell, f64::from(step).into());
                map.insert(cell, f64::from(step));
            }
        }
        let stored: BTreeMap<Cell, f64> = grid
            .iter()
            .map(|(cell, value)| match value {
                Value::Number(number) => (cell, *number),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(stored, map);
        for (cell, number) in &map {
            assert!(grid.get(*cell).same(&Value::Number(*number)));
        }
    }

    #[test]
    fn slices_run_over_blocks_and_gaps() {
        let mut grid = Grid::default();
        for row in [0, 1, 255, 256, 1_000_000] {
            grid.set(Cell::new(row, 2), f64::from(row).into());
        }
        let mut from = 0;
        let mut seen = Vec::new();
        while let Some((start, slice)) = grid.next_slice(2, from) {
            let filled = slice.iter().enumerate().filter(|(_, value)| !matches!(value, Value::Empty));
            seen.extend(filled.map(|(offset, _)| start + offset as u32));
            from = start + slice.len() as u32;
        }
        assert_eq!(seen, [0, 1, 255, 256, 1_000_000]);
        assert_eq!(grid.used().unwrap().to_string(), "C1:C1000001");
    }

    /// Rows that come and go, against a map.
    #[test]
    fn rows_slide_as_in_a_map() {
        let mut state = 3_u64;
        let mut next = |bound: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % bound
        };
        for _ in 0..200 {
            let (mut grid, mut map) = (Grid::default(), BTreeMap::new());
            for step in 0..300_u32 {
                let cell = Cell::new(next(900), next(3) as u16);
                grid.set(cell, f64::from(step).into());
                map.insert(cell, f64::from(step));
            }
            for _ in 0..3 {
                let (at, count) = (next(1_000), 1 + next(400));
                let slide =
                    if next(2) == 0 { Slide::Insert { at, count } } else { Slide::Delete { at, count } };
                grid.slide_rows(slide);
                let moved = map.into_iter().filter_map(|(cell, value)| {
                    Some((Cell { row: Row(slide.place(cell.row.0, MAX_ROWS)?), ..cell }, value))
                });
                map = moved.collect();
                let stored: Vec<(Cell, &Value)> = grid.iter().collect();
                assert_eq!(stored.len(), map.len(), "{slide:?}");
                for (cell, number) in &map {
                    assert!(grid.get(*cell).same(&Value::Number(*number)), "{cell} {slide:?}");
                    assert!(grid.used().is_some_and(|used| used.contains(*cell)), "{cell} {slide:?}");
                }
            }
        }
    }

    #[test]
    fn a_copy_is_not_changed() {
        let mut grid = Grid::default();
        grid.set(Cell::new(5, 5), 1.0.into());
        let copy = grid.clone();
        grid.set(Cell::new(5, 5), 2.0.into());
        assert!(copy.get(Cell::new(5, 5)).same(&1.0.into()));
    }
}
