//! What functions of one argument give for each cell of a column, as in `SUMPRODUCT(LEN(A1:A40000))`: kept as an
//! array, of which only the rows that changed are made again.

use super::ColumnId;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use values::{Array, Cell, Col, Rect, Row, Value};
use workbook::Grid;

/// Below this many rows an array is made as fast as it is found.
const WORTHWHILE: u32 = 32;
/// Rows that may wait to be made again; beyond it the array is forgotten.
const MOST_WAITING: usize = 1_024;

/// Arrays by column and function.
#[derive(Clone, Debug, Default)]
pub(super) struct Lifted {
    kept: FxHashMap<(ColumnId, &'static str), Kept>,
    /// Rows of all arrays together.
    rows: usize,
}

#[derive(Clone, Debug)]
enum Kept {
    /// Somebody asked for it once.
    Asked,
    Ready {
        rect: Rect,
        array: Arc<Array>,
        waiting: Vec<u32>,
    },
}

/// What is to be done for an answer.
pub(super) enum Work {
    /// Make all of it.
    Make,
    /// Make these rows of it again.
    Renew(Arc<Array>, Vec<u32>),
}

impl Lifted {
    /// Whether something is kept of a column.
    pub fn know(&self, id: ColumnId) -> bool {
        self.kept.keys().any(|(column, _)| *column == id)
    }

    /// Begins an answer for some rows of a column; `None` where nothing is to be kept. What is begun must be put back.
    pub fn begin(&mut self, id: ColumnId, function: &'static str, rect: Rect, room: usize) -> Option<Work> {
        let rows = rect.rows() as usize;
        if rect.rows() < WORTHWHILE {
            return None;
        }
        match self.kept.get(&(id, function)) {
            None => {
                self.kept.insert((id, function), Kept::Asked);
                None
            }
            Some(Kept::Asked) => (self.rows + rows <= room).then_some(Work::Make),
            Some(Kept::Ready { rect: known, .. }) if *known != rect => None,
            Some(Kept::Ready { .. }) => match self.kept.remove(&(id, function)) {
                Some(Kept::Ready { array, waiting, .. }) => {
                    self.rows -= array.len().min(self.rows);
                    Some(Work::Renew(array, waiting))
                }
                _ => None,
            },
        }
    }

    pub fn put(&mut self, id: ColumnId, function: &'static str, rect: Rect, array: &Arc<Array>) {
        self.rows += array.len();
        let ready = Kept::Ready { rect, array: Arc::clone(array), waiting: Vec::new() };
        // Two threads may have made it at the same time.
        if let Some(Kept::Ready { array, .. }) = self.kept.insert((id, function), ready) {
            self.rows -= array.len().min(self.rows);
        }
    }

    /// A cell of a column changed.
    pub fn changed(&mut self, id: ColumnId, row: u32) {
        let rows = &mut self.rows;
        self.kept.retain(|(column, _), kept| match kept {
            Kept::Ready { rect, array, waiting }
                if *column == id && (rect.top.0..=rect.bottom.0).contains(&row) =>
            {
                waiting.push(row);
                let stays = waiting.len() <= MOST_WAITING;
                *rows -= if stays { 0 } else { array.len().min(*rows) };
                stays
            }
            _ => true,
        });
    }

    /// Forgets all that is kept of a column.
    pub fn drop_column(&mut self, id: ColumnId) {
        let rows = &mut self.rows;
        self.kept.retain(|(column, _), kept| {
            if let (true, Kept::Ready { array, .. }) = (*column == id, &*kept) {
                *rows -= array.len().min(*rows);
            }
            *column != id
        });
    }
}

impl Work {
    /// Does it.
    pub fn done(self, grid: &Grid, rect: Rect, of_one: &dyn Fn(&Value) -> Value) -> Option<Arc<Array>> {
        let of = |row: u32| of_one(grid.get(Cell { row: Row(row), col: Col(rect.left.0) }));
        match self {
            Work::Make => Array::column((rect.top.0..=rect.bottom.0).map(of).collect()).ok().map(Arc::new),
            Work::Renew(mut array, waiting) => {
                for row in waiting {
                    Arc::make_mut(&mut array).set(row - rect.top.0, 0, of(row));
                }
                Some(array)
            }
        }
    }
}
