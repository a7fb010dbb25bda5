//! A set of cells that answers quickly whether any of them lies in a range.

use std::collections::{BTreeMap, BTreeSet};

/// Cells by sheet, column and row.
#[derive(Debug, Default)]
pub struct Places {
    columns: BTreeMap<(usize, u32), BTreeSet<u32>>,
}

impl Places {
    /// Whether nothing was put in.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Puts a cell in.
    pub fn insert(&mut self, sheet: usize, row: u32, col: u32) {
        self.columns.entry((sheet, col)).or_default().insert(row);
    }

    /// Whether a cell of the range is in, one place not counted.
    pub fn hit(
        &self,
        sheet: usize,
        rows: (u32, u32),
        cols: (u32, u32),
        but: Option<(usize, u32, u32)>,
    ) -> bool {
        self.columns.range((sheet, cols.0)..=(sheet, cols.1)).any(|((_, col), column)| {
            column.range(rows.0..=rows.1).any(|row| but != Some((sheet, *row, *col)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cells_of_the_range_count() {
        let mut places = Places::default();
        assert!(places.is_empty());
        places.insert(1, 5, 3);
        assert!(places.hit(1, (0, 9), (0, 9), None));
        assert!(!places.hit(0, (0, 9), (0, 9), None));
        assert!(!places.hit(1, (6, 9), (0, 9), None));
        assert!(!places.hit(1, (0, 9), (4, 9), None));
        assert!(!places.hit(1, (0, 9), (0, 9), Some((1, 5, 3))));
        assert!(places.hit(1, (0, 9), (0, 9), Some((1, 5, 4))));
    }
}
