//! Numbers of one column gathered by the values of another: what SUMIFS and COUNTIFS with one equality and some bounds
//! go through. A group is gathered when it is asked for and forgotten when one of its cells changes.

use super::ColumnId;
use functions::GroupNumbers;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use values::{Cell, Row};
use workbook::Grid;

/// By the column of the values and the column of the numbers: the groups by the value's code.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    kept: FxHashMap<(ColumnId, ColumnId), FxHashMap<u32, Arc<GroupNumbers>>>,
    /// Rows of all groups together.
    rows: usize,
}

impl Groups {
    /// Whether a column has a part in some group.
    pub fn know(&self, id: ColumnId) -> bool {
        self.kept.keys().any(|(key, numbers)| *key == id || *numbers == id)
    }

    /// The numbers of a column in the rows of a group, where they have been gathered.
    pub fn known(&self, (key, code): (ColumnId, u32), id: ColumnId) -> Option<Arc<GroupNumbers>> {
        self.kept.get(&(key, id))?.get(&code).cloned()
    }

    /// The numbers of a column in the rows of a group, kept where there is room for so many.
    pub fn numbers(
        &mut self,
        (key, code): (ColumnId, u32),
        id: ColumnId,
        rows: &[u32],
        grid: &Grid,
        room: usize,
    ) -> Option<Arc<GroupNumbers>> {
        let groups = self.kept.entry((key, id)).or_default();
        if let Some(known) = groups.get(&code) {
            return Some(Arc::clone(known));
        }
        if self.rows + rows.len() > room {
            return None;
        }
        let values = rows.iter().map(|row| grid.get(Cell { row: Row(*row), col: id.1 }));
        let gathered = Arc::new(GroupNumbers::new(values));
        self.rows += rows.len();
        groups.insert(code, Arc::clone(&gathered));
        Some(gathered)
    }

    /// A number of a column changed, in a row of which `code` tells what other columns hold.
    pub fn changed(&mut self, id: ColumnId, code: impl Fn(ColumnId) -> u32) {
        let rows = &mut self.rows;
        for ((key, _), groups) in self.kept.iter_mut().filter(|((_, numbers), _)| *numbers == id) {
            forget(groups, code(*key), rows);
        }
    }

    /// A row went from one group of a column to another.
    pub fn moved(&mut self, id: ColumnId, old: u32, new: u32) {
        let rows = &mut self.rows;
        for (_, groups) in self.kept.iter_mut().filter(|((key, _), _)| *key == id) {
            forget(groups, old, rows);
            forget(groups, new, rows);
        }
    }

    /// Forgets all groups of a column and beside it.
    pub fn drop_column(&mut self, id: ColumnId) {
        let rows = &mut self.rows;
        self.kept.retain(|(key, numbers), groups| {
            let stays = *key != id && *numbers != id;
            if !stays {
                groups.values().for_each(|group| *rows -= group.len().min(*rows));
            }
            stays
        });
    }
}

fn forget(groups: &mut FxHashMap<u32, Arc<GroupNumbers>>, code: u32, rows: &mut usize) {
    if let Some(group) = groups.remove(&code) {
        *rows -= group.len().min(*rows);
    }
}
