//! A window on values, wherever they lie: cells of a sheet, an array, one scalar. Reading copies nothing.

use values::{Array, Cell, Rect, Value};

/// A source of cells: a sheet's storage. Values lie in blocks of rows, so that whole columns cost only what
/// they hold.
pub trait Cells {
    /// The value of a cell; `Empty` where there is none.
    fn value(&self, cell: Cell) -> &Value;

    /// The smallest rectangle that holds everything stored, `None` for an empty sheet.
    fn used(&self) -> Option<Rect>;

    /// The stored values of `col` from row `from` on as one slice, with the row it starts at (not before
    /// `from`); `None` when nothing is stored from there to the end of the column.
    fn next_slice(&self, col: u16, from: u32) -> Option<(u32, &[Value])>;
}

/// A sheet without cells.
pub struct NoCells;

static EMPTY: Value = Value::Empty;

impl Cells for NoCells {
    fn value(&self, _: Cell) -> &Value {
        &EMPTY
    }
    fn used(&self) -> Option<Rect> {
        None
    }
    fn next_slice(&self, _: u16, _: u32) -> Option<(u32, &[Value])> {
        None
    }
}

/// A rectangle of values to read.
#[derive(Clone, Copy)]
pub struct View<'a> {
    source: Source<'a>,
    rect: Rect,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    Cells(&'a dyn Cells),
    Array(&'a Array),
    Scalar(&'a Value),
}

impl<'a> View<'a> {
    /// The cells of a rectangle.
    pub fn cells(cells: &'a dyn Cells, rect: Rect) -> View<'a> {
        View { source: Source::Cells(cells), rect }
    }

    /// An array, or a scalar as one cell. References have no view of their own: ask the context.
    pub fn of(value: &'a Value) -> View<'a> {
        match value {
            Value::Array(array) => View::array(array),
            scalar => View { source: Source::Scalar(scalar), rect: Rect::default() },
        }
    }

    /// An array.
    pub fn array(array: &'a Array) -> View<'a> {
        // An array never outgrows a sheet: whoever makes one is held to that.
        let last = Cell::new(array.rows() - 1, u16::try_from(array.cols() - 1).unwrap_or(u16::MAX));
        View { source: Source::Array(array), rect: Rect::new(Cell::default(), last) }
    }

    /// How many rows, at least 1.
    pub fn rows(&self) -> u32 {
        self.rect.rows()
    }

    /// How many columns, at least 1.
    pub fn cols(&self) -> u32 {
        self.rect.cols()
    }

    /// How many places, filled or empty.
    pub fn count(&self) -> u64 {
        self.rect.count()
    }

    /// Whether it is a row or a column.
    pub fn is_vector(&self) -> bool {
        self.rows() == 1 || self.cols() == 1
    }

    /// The cells of a sheet that it shows, if it shows such.
    pub fn rect(&self) -> Option<Rect> {
        matches!(self.source, Source::Cells(_)).then_some(self.rect)
    }

    /// The value at a place counted from 0; `Empty` where nothing is stored or beyond the edge.
    pub fn get(&self, row: u32, col: u32) -> &'a Value {
        if row >= self.rows() || col >= self.cols() {
            return &EMPTY;
        }
        match self.source {
            Source::Scalar(value) => value,
            Source::Array(array) => {
                array.get(self.rect.top.0 + row, u32::from(self.rect.left.0) + col).unwrap_or(&EMPTY)
            }
            Source::Cells(cells) => {
                cells.value(Cell::new(self.rect.top.0 + row, self.rect.left.0 + col as u16))
            }
        }
    }

    /// The value at a place counted along a vector, or row by row in a rectangle.
    pub fn at(&self, index: u64) -> &'a Value {
        let cols = u64::from(self.cols());
        match (u32::try_from(index / cols), u32::try_from(index % cols)) {
            (Ok(row), Ok(col)) => self.get(row, col),
            _ => &EMPTY,
        }
    }

    /// A smaller window inside of this one, in its own coordinates; cut at this one's edges.
    pub fn part(&self, top: u32, left: u32, rows: u32, cols: u32) -> Option<View<'a>> {
        if rows == 0 || cols == 0 || top >= self.rows() || left >= self.cols() {
            return None;
        }
        let first = Cell::new(self.rect.top.0 + top, self.rect.left.0 + left as u16);
        let bottom = self.rect.bottom.0.min(first.row.0.saturating_add(rows - 1));
        let right = u32::from(self.rect.right.0).min(u32::from(first.col.0).saturating_add(cols - 1));
        let last = Cell::new(bottom, u16::try_from(right).ok()?);
        Some(View { source: self.source, rect: Rect::new(first, last) })
    }

    /// One row of it.
    pub fn row(&self, row: u32) -> Option<View<'a>> {
        self.part(row, 0, 1, self.cols())
    }

    /// One column of it.
    pub fn col(&self, col: u32) -> Option<View<'a>> {
        self.part(0, col, self.rows(), 1)
    }

    /// Rows up to the last one that may hold something: what a loop over a whole column needs to visit.
    pub fn used_rows(&self) -> u32 {
        match self.source {
            Source::Cells(cells) => match cells.used().and_then(|used| used.intersection(self.rect)) {
                Some(used) => used.bottom.0 - self.rect.top.0 + 1,
                None => 0,
            },
            _ => self.rows(),
        }
    }

    /// Columns up to the last one that may hold something.
    pub fn used_cols(&self) -> u32 {
        match self.source {
            Source::Cells(cells) => match cells.used().and_then(|used| used.intersection(self.rect)) {
                Some(used) => u32::from(used.right.0 - self.rect.left.0) + 1,
                None => 0,
            },
            _ => self.cols(),
        }
    }

    /// Visits every stored, non-empty value row by row, with its row and column in this view. Cost follows what
    /// is stored, not the rectangle's size.
    ///
    /// # Errors
    /// The first error that `visit` gives ends the walk.
    pub fn try_for_each<E>(
        &self,
        mut visit: impl FnMut(u32, u32, &'a Value) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.source {
            Source::Scalar(value) => match value {
                Value::Empty => Ok(()),
                value => visit(0, 0, value),
            },
            Source::Array(array) => self.each_of_array(array, &mut visit),
            Source::Cells(cells) => self.each_of_cells(cells, &mut visit),
        }
    }

    fn each_of_array<E>(
        &self,
        array: &'a Array,
        visit: &mut impl FnMut(u32, u32, &'a Value) -> Result<(), E>,
    ) -> Result<(), E> {
        for row in 0..self.rows() {
            let values = array.row_values(self.rect.top.0 + row);
            let from = usize::from(self.rect.left.0);
            for (col, value) in values.iter().skip(from).take(self.cols() as usize).enumerate() {
                if !matches!(value, Value::Empty) {
                    visit(row, col as u32, value)?;
                }
            }
        }
        Ok(())
    }

    fn each_of_cells<E>(
        &self,
        cells: &'a dyn Cells,
        visit: &mut impl FnMut(u32, u32, &'a Value) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(used) = cells.used().and_then(|used| used.intersection(self.rect)) else { return Ok(()) };
        if used.left == used.right {
            return self.each_of_column(cells, used, visit);
        }
        let mut columns: Vec<Cursor<'a>> =
            (used.left.0..=used.right.0).map(|col| Cursor::new(cells, col, used.top.0)).collect();
        let mut row = used.top.0;
        while row <= used.bottom.0 {
            let mut next = u32::MAX;
            for cursor in &mut columns {
                cursor.move_to(cells, row);
                if let Some(value) = cursor.value(row)
                    && !matches!(value, Value::Empty)
                {
                    visit(row - self.rect.top.0, u32::from(cursor.col - self.rect.left.0), value)?;
                }
                next = next.min(cursor.next_row(row));
            }
            if next == u32::MAX {
                break;
            }
            row = next;
        }
        Ok(())
    }

    fn each_of_column<E>(
        &self,
        cells: &'a dyn Cells,
        used: Rect,
        visit: &mut impl FnMut(u32, u32, &'a Value) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut from = used.top.0;
        let col = u32::from(used.left.0 - self.rect.left.0);
        while let Some((start, slice)) = cells.next_slice(used.left.0, from) {
            if start > used.bottom.0 {
                break;
            }
            let len = slice.len().min((used.bottom.0 - start + 1) as usize);
            for (offset, value) in slice[..len].iter().enumerate() {
                if !matches!(value, Value::Empty) {
                    visit(start - self.rect.top.0 + offset as u32, col, value)?;
                }
            }
            from = start + slice.len() as u32;
        }
        Ok(())
    }

    /// Visits every place row by row, empty ones too. Only for views known to be small, or charged before.
    pub fn iter(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        let view = *self;
        (0..self.rows()).flat_map(move |row| (0..view.cols()).map(move |col| view.get(row, col)))
    }

    /// A copy as an array, empty cells as `Empty`.
    ///
    /// # Errors
    /// `#CALC!` where it is too large to hold (`limit` places).
    pub fn to_array(&self, limit: u64) -> values::Result<Array> {
        if self.count() > limit {
            return Err(values::CellError::Calc);
        }
        if let (Source::Array(array), true) = (self.source, self.rect.first() == Cell::default())
            && self.rows() == array.rows()
            && self.cols() == array.cols()
        {
            return Ok(array.clone());
        }
        if let (Source::Cells(cells), 1) = (self.source, self.cols()) {
            return Array::column(self.column_values(cells));
        }
        let mut all = vec![Value::Empty; self.count() as usize];
        let cols = self.cols() as usize;
        self.try_for_each(|row, col, value| {
            all[row as usize * cols + col as usize] = value.clone();
            Ok::<(), values::CellError>(())
        })?;
        Array::new(self.rows(), self.cols(), all)
    }
}

impl View<'_> {
    /// The values of its first column, slice by slice.
    fn column_values(&self, cells: &dyn Cells) -> Vec<Value> {
        let (top, rows) = (self.rect.top.0, self.rows() as usize);
        let mut values = Vec::with_capacity(rows);
        while let Some((start, slice)) = cells.next_slice(self.rect.left.0, top + values.len() as u32) {
            values.resize(rows.min((start - top) as usize), Value::Empty);
            values.extend_from_slice(&slice[..slice.len().min(rows - values.len())]);
            if values.len() == rows {
                break;
            }
        }
        values.resize(rows, Value::Empty);
        values
    }
}

/// Reads single places of one column, quick where they come in ascending order: the block that was read last is at
/// hand.
pub(crate) struct ColumnReader<'a> {
    view: View<'a>,
    col: u16,
    start: u32,
    slice: &'a [Value],
}

impl<'a> ColumnReader<'a> {
    /// A reader of the view's column `col`.
    pub(crate) fn new(view: View<'a>, col: u32) -> ColumnReader<'a> {
        let left = u32::from(view.rect.left.0) + col;
        ColumnReader { view, col: u16::try_from(left).unwrap_or(u16::MAX), start: 0, slice: &[] }
    }

    /// The value in a row of the view; `Empty` where nothing is stored.
    pub(crate) fn get(&mut self, row: u32) -> &'a Value {
        let Source::Cells(cells) = self.view.source else {
            return self.view.get(row, u32::from(self.col - self.view.rect.left.0));
        };
        let row = self.view.rect.top.0 + row;
        let place = row.wrapping_sub(self.start) as usize;
        if let Some(value) = self.slice.get(place) {
            return value;
        }
        match cells.next_slice(self.col, row) {
            Some((start, slice)) if start == row => {
                (self.start, self.slice) = (start, slice);
                slice.first().unwrap_or(&EMPTY)
            }
            _ => &EMPTY,
        }
    }
}

/// Where a walk stands in one column.
struct Cursor<'a> {
    col: u16,
    start: u32,
    slice: &'a [Value],
}

impl<'a> Cursor<'a> {
    fn new(cells: &'a dyn Cells, col: u16, from: u32) -> Cursor<'a> {
        let (start, slice) = cells.next_slice(col, from).unwrap_or((u32::MAX, &[]));
        Cursor { col, start, slice }
    }

    fn move_to(&mut self, cells: &'a dyn Cells, row: u32) {
        if self.start != u32::MAX && row >= self.start.saturating_add(self.slice.len() as u32) {
            *self = Cursor::new(cells, self.col, row);
        }
    }

    fn value(&self, row: u32) -> Option<&'a Value> {
        row.checked_sub(self.start).and_then(|offset| self.slice.get(offset as usize))
    }

    /// The next row after `row` at which this column may hold something.
    fn next_row(&self, row: u32) -> u32 {
        if self.start == u32::MAX {
            return u32::MAX;
        }
        // Beyond the slice the following one must be asked for, at the row after the slice's end.
        self.start.max(row + 1)
    }
}
