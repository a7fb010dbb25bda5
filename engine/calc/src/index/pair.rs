//! An index of two columns together: the rows that hold a value of one beside a value of the other.

use super::column::{ColumnIndex, NO_CODE, Numbers, Rows};

/// Rows by the codes that two columns' indexes give them.
#[derive(Clone, Debug, Default)]
pub(super) struct PairIndex {
    groups: Numbers<Rows>,
    rows: usize,
}

impl PairIndex {
    pub fn build(left: &ColumnIndex, right: &ColumnIndex) -> PairIndex {
        let mut pairs = PairIndex::default();
        for (row, codes) in left.codes().iter().zip(right.codes()).enumerate() {
            pairs.with((*codes.0, *codes.1), |rows| rows.push(row as u32));
            pairs.rows += 1;
        }
        pairs
    }

    /// How many rows it was made from.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Follows a change of one row.
    pub fn set(&mut self, row: u32, old: (u32, u32), new: (u32, u32)) {
        self.with(old, |rows| rows.remove(row));
        self.with(new, |rows| rows.insert(row));
    }

    pub fn rows(&self, codes: (u32, u32)) -> &Rows {
        self.groups.get(&key(codes)).unwrap_or(&Rows::None)
    }

    fn with(&mut self, codes: (u32, u32), change: impl FnOnce(&mut Rows)) {
        if codes.0 != NO_CODE && codes.1 != NO_CODE {
            change(self.groups.entry(key(codes)).or_insert(Rows::None));
        }
    }
}

fn key((left, right): (u32, u32)) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}
