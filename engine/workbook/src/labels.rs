//! What stands beside a cell and says what it is.

use crate::Workbook;
use values::{Cell, SheetId, Value};

/// Where a label stands as seen from its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In the same row.
    Left,
    /// In the same column.
    Above,
}

/// Labels stand close: what is further away than this labels something else.
const REACH: u32 = 6;

impl Workbook {
    /// The text that labels a cell: the nearest one on that side with nothing but empty cells between, with the
    /// cell it stands in.
    pub fn label(&self, sheet: SheetId, cell: Cell, side: Side) -> Option<(Cell, &str)> {
        let (rows, cols) = match side {
            Side::Left => (0, -1),
            Side::Above => (-1, 0),
        };
        let mut next = cell.moved(rows, cols);
        for _ in 0..REACH {
            let at = next?;
            match self.value(sheet, at) {
                Value::Text(text) if !text.trim().is_empty() => return Some((at, text.trim())),
                Value::Empty => {}
                _ => return None,
            }
            next = at.moved(rows, cols);
        }
        None
    }

    /// The cell that a label labels: the nearest one with a value or formula on the other side, else the one
    /// next to it.
    pub fn labelled(&self, sheet: SheetId, label: Cell, side: Side) -> Option<Cell> {
        let (rows, cols) = match side {
            Side::Left => (0, 1),
            Side::Above => (1, 0),
        };
        let of = self.sheet(sheet)?;
        let mut next = label.moved(rows, cols);
        for _ in 0..REACH {
            let cell = next?;
            if !matches!(of.grid.get(cell), Value::Empty) || of.formula(cell).is_some() {
                return Some(cell);
            }
            next = cell.moved(rows, cols);
        }
        label.moved(rows, cols)
    }
}
