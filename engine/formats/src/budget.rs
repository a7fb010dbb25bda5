//! Counts what cells cost in memory before it is taken, over all sheets of a file.
//!
//! A grid keeps each column in blocks, so a cell far below another of its block costs the gap between them.
//! Invariant: what is charged is never less than what the grid then holds.

use crate::LoadError;
use values::Cell;
use workbook::BLOCK_ROWS;

/// What an empty column costs, in places of a cell: the heads of its values, formulas and styles.
const COLUMN_COST: usize = 5;

/// Places for cells that may still be taken.
pub(crate) struct Budget {
    left: usize,
    limit: usize,
    /// The last row charged in each column of the sheet; the highest number before the first.
    last: Vec<u32>,
}

impl Budget {
    /// A budget of so many places, each as large as a value.
    pub fn new(limit: usize) -> Budget {
        Budget { left: limit, limit, last: Vec::new() }
    }

    /// Begins another sheet.
    pub fn next_sheet(&mut self) {
        self.last.clear();
    }

    /// Charges a cell, whether it will hold a value, a formula or a style.
    pub fn charge(&mut self, at: Cell) -> Result<(), LoadError> {
        let (row, col) = (at.row.0, usize::from(at.col.0));
        let mut cost = 1;
        if col >= self.last.len() {
            cost += COLUMN_COST * (col + 1 - self.last.len());
            self.last.resize(col + 1, u32::MAX);
        }
        if let Some(last) = self.last.get_mut(col) {
            cost += match *last {
                u32::MAX => 0,
                last if last / BLOCK_ROWS == row / BLOCK_ROWS && row > last => (row - last - 1) as usize,
                last if row > last => 0,
                _ => BLOCK_ROWS as usize,
            };
            *last = row;
        }
        self.take(cost)
    }

    /// Charges places that are no cells of a sheet's own.
    pub fn take(&mut self, places: usize) -> Result<(), LoadError> {
        let over = LoadError::TooLarge { what: "the number of its cells", limit: self.limit as u64 };
        self.left = self.left.checked_sub(places).ok_or(over)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use workbook::Grid;

    #[test]
    fn never_charges_less_than_the_grid_holds() {
        let mut state = 7_u64;
        for round in 0..20 {
            let (mut budget, mut grid) = (Budget::new(1 << 30), Grid::default());
            for step in 0..2_000_u32 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Half of the rounds go down row by row, as honest files do.
                let row = if round % 2 == 0 { step * 3 } else { (state >> 33) as u32 % 5_000 };
                let cell = Cell::new(row, (state >> 20) as u16 % 3);
                budget.charge(cell).unwrap();
                grid.set(cell, 1.0.into());
                assert!(budget.limit - budget.left >= grid.slots());
            }
        }
    }

    #[test]
    fn ends_at_the_limit() {
        let mut budget = Budget::new(300);
        budget.charge(Cell::new(0, 0)).unwrap();
        assert!(budget.charge(Cell::new(0, 16_383)).is_err());
    }
}
