//! What a session knows of each formula: whether its value is up to date, and whether it changed.

use crate::model::Vertex;
use values::Row;

/// A value that may be out of date.
pub(crate) const STALE: u8 = 1;
/// It must be evaluated: something that it reads was edited, or it is volatile.
pub(crate) const FORCED: u8 = 2;
/// Its value changed since all was last up to date.
pub(crate) const CHANGED: u8 = 4;
/// It is being evaluated further up.
pub(crate) const ACTIVE: u8 = 8;
/// It was found to depend on itself.
pub(crate) const CIRCULAR: u8 = 16;
/// An input stands in its place.
pub(crate) const OVERRIDDEN: u8 = 32;

/// Flags of a vertex' cells; nothing is kept while all are up to date.
///
/// Invariant: only offsets from `low` up to but without `high` have flags, so that what an edit costs follows the
/// cells that it reaches.
#[derive(Clone, Debug, Default)]
pub(crate) struct VertexState {
    flags: Vec<u8>,
    low: u32,
    high: u32,
    stale: u32,
}

impl VertexState {
    /// How many cells are stale.
    pub fn stale(&self) -> u32 {
        self.stale
    }

    pub fn has(&self, offset: u32, flag: u8) -> bool {
        self.flags.get(offset as usize).is_some_and(|flags| flags & flag != 0)
    }

    pub fn set(&mut self, offset: u32, flag: u8, rows: u32) {
        self.widen(offset, offset, rows);
        if let Some(flags) = self.flags.get_mut(offset as usize) {
            if flag & STALE != 0 && *flags & STALE == 0 {
                self.stale += 1;
            }
            *flags |= flag;
        }
    }

    /// Sets a flag other than `STALE` from one offset to another.
    pub fn set_run(&mut self, first: u32, last: u32, flag: u8, rows: u32) {
        self.widen(first, last, rows);
        let cells = self.flags.get_mut(first as usize..=last as usize).unwrap_or_default();
        cells.iter_mut().for_each(|flags| *flags |= flag);
    }

    pub fn clear(&mut self, offset: u32, flag: u8) {
        if let Some(flags) = self.flags.get_mut(offset as usize) {
            if flag & STALE != 0 && *flags & STALE != 0 {
                self.stale -= 1;
            }
            *flags &= !flag;
        }
    }

    /// Takes over the flags of another vertex' cells from the offset `from` on, for its own from `first` to `last`.
    pub fn take_over(&mut self, other: &VertexState, from: u32, first: u32, last: u32, rows: u32) {
        let flags = other.slice(from, from + (last - first));
        if flags.iter().all(|flags| *flags == 0) {
            return;
        }
        for (offset, flags) in (first..=last).zip(flags) {
            self.set(offset, *flags & !ACTIVE, rows);
        }
    }

    /// Takes a flag from all cells.
    pub fn clear_all(&mut self, flag: u8) {
        let (mut low, mut high) = (self.high, self.low);
        let window = self.flags.get_mut(self.low as usize..self.high as usize).unwrap_or_default();
        for (offset, flags) in (self.low..).zip(window) {
            *flags &= !flag;
            if *flags != 0 {
                (low, high) = (low.min(offset), offset + 1);
            }
        }
        (self.low, self.high) = if low < high { (low, high) } else { (0, 0) };
        if flag & STALE != 0 {
            self.stale = 0;
        }
    }

    /// Makes room for flags from `first` to `last`.
    fn widen(&mut self, first: u32, last: u32, rows: u32) {
        if self.flags.is_empty() {
            self.flags = vec![0; rows as usize];
        }
        let end = last.saturating_add(1).min(self.flags.len() as u32);
        if self.low == self.high {
            (self.low, self.high) = (first.min(end), end);
        } else {
            (self.low, self.high) = (self.low.min(first), self.high.max(end));
        }
    }

    /// Whether a cell from `first` to `last` has the flag.
    pub fn any(&self, first: u32, last: u32, flag: u8) -> bool {
        self.slice(first.max(self.low), last).iter().any(|flags| flags & flag != 0)
    }

    /// The first cell from `first` to `last` with all of `with` and none of `without`.
    pub fn find(&self, first: u32, last: u32, with: u8, without: u8) -> Option<u32> {
        let hit = |flags: &u8| flags & (with | without) == with;
        let first = first.max(self.low);
        self.slice(first, last).iter().position(hit).map(|place| first + place as u32)
    }

    /// The end of the run from `first` on whose cells have all of `with` and none of `without`; at least `first`,
    /// at most `last`.
    pub fn run_end(&self, first: u32, last: u32, with: u8, without: u8) -> u32 {
        let breaks = |flags: &u8| flags & (with | without) != with;
        let flags = self.slice(first, last);
        let run = flags.iter().skip(1).position(breaks);
        first + run.unwrap_or(flags.len().saturating_sub(1)) as u32
    }

    /// Marks all cells of a run; gives the runs of offsets that were not stale before, those aside that have
    /// `skip`.
    pub fn mark(&mut self, first: u32, last: u32, flags: u8, skip: u8, rows: u32) -> Vec<(u32, u32)> {
        self.widen(first, last, rows);
        let mut newly: Vec<(u32, u32)> = Vec::new();
        let last = (last as usize + 1).min(self.flags.len());
        let Some(cells) = self.flags.get_mut(first as usize..last) else { return newly };
        for (offset, cell) in (first..).zip(cells) {
            if *cell & skip != 0 {
                continue;
            }
            let was_stale = *cell & STALE != 0;
            *cell |= flags | STALE;
            if !was_stale {
                self.stale += 1;
                match newly.last_mut() {
                    Some((_, end)) if *end + 1 == offset => *end = offset,
                    _ => newly.push((offset, offset)),
                }
            }
        }
        newly
    }

    /// Takes what says that cells are out of date from a run; gives how many were.
    pub fn settle(&mut self, first: u32, last: u32) -> u32 {
        let (first, last) = (first.max(self.low), (last as usize + 1).min(self.high as usize));
        let Some(cells) = self.flags.get_mut(first as usize..last) else { return 0 };
        let mut settled = 0;
        for cell in cells {
            settled += u32::from(*cell & STALE);
            *cell &= !(STALE | FORCED | ACTIVE);
        }
        self.stale -= settled;
        settled
    }

    /// The flags from `first` to `last`, as far as there are any.
    fn slice(&self, first: u32, last: u32) -> &[u8] {
        let last = (last as usize + 1).min(self.high as usize);
        self.flags.get(first as usize..last).unwrap_or(&[])
    }
}

/// Cells of a vertex as offsets from its first row.
pub(crate) fn offsets(vertex: &Vertex, top: Row, bottom: Row) -> (u32, u32) {
    let first = top.max(vertex.family.top).0 - vertex.family.top.0;
    let last = bottom.min(vertex.family.bottom).0.saturating_sub(vertex.family.top.0);
    (first, last)
}
