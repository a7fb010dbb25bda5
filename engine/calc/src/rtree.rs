//! A packed R-tree: rectangles built once, asked many times which of them meet a rectangle.
//!
//! Sort-tile-recursive packing (Leutenegger, Lopez, Edgington 1997); sixteen entries a node.

use values::Rect;

const FANOUT: usize = 16;

/// Rectangles with what they stand for.
#[derive(Clone, Debug)]
pub(crate) struct RTree<T> {
    entries: Vec<(Rect, T)>,
    /// From the leaves' parents up; each node is the hull of `FANOUT` nodes (or entries) below.
    levels: Vec<Vec<Rect>>,
}

impl<T> Default for RTree<T> {
    fn default() -> Self {
        RTree { entries: Vec::new(), levels: Vec::new() }
    }
}

impl<T: Copy> RTree<T> {
    pub fn build(mut entries: Vec<(Rect, T)>) -> RTree<T> {
        let slices = (entries.len() as f64 / FANOUT as f64).sqrt().ceil().max(1.0) as usize;
        let per_slice = entries.len().div_ceil(slices).max(1);
        entries.sort_by_key(|(rect, _)| u32::from(rect.left.0) + u32::from(rect.right.0));
        for slice in entries.chunks_mut(per_slice) {
            slice.sort_by_key(|(rect, _)| u64::from(rect.top.0) + u64::from(rect.bottom.0));
        }
        let mut levels: Vec<Vec<Rect>> = Vec::new();
        let mut below: Vec<Rect> = entries.iter().map(|(rect, _)| *rect).collect();
        while below.len() > FANOUT {
            let level: Vec<Rect> = below.chunks(FANOUT).filter_map(hull).collect();
            levels.push(level.clone());
            below = level;
        }
        RTree { entries, levels }
    }

    /// Calls `found` for every entry that meets `rect`.
    pub fn query(&self, rect: Rect, found: &mut impl FnMut(T)) {
        match self.levels.last() {
            Some(top) => {
                for node in 0..top.len() {
                    self.descend(self.levels.len() - 1, node, rect, found);
                }
            }
            None => self.leaf(0, self.entries.len(), rect, found),
        }
    }

    fn descend(&self, level: usize, node: usize, rect: Rect, found: &mut impl FnMut(T)) {
        if self.levels[level][node].intersection(rect).is_none() {
            return;
        }
        let (from, to) = (node * FANOUT, (node + 1) * FANOUT);
        if level == 0 {
            self.leaf(from, to.min(self.entries.len()), rect, found);
        } else {
            for child in from..to.min(self.levels[level - 1].len()) {
                self.descend(level - 1, child, rect, found);
            }
        }
    }

    fn leaf(&self, from: usize, to: usize, rect: Rect, found: &mut impl FnMut(T)) {
        for (entry, value) in &self.entries[from..to] {
            if entry.intersection(rect).is_some() {
                found(*value);
            }
        }
    }
}

fn hull(rects: &[Rect]) -> Option<Rect> {
    rects.iter().copied().reduce(Rect::hull)
}

#[cfg(test)]
mod tests {
    use super::*;
    use values::Cell;

    #[test]
    fn finds_what_a_scan_finds() {
        let mut state = 7_u64;
        let mut next = |bound: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % bound
        };
        let mut rect = || {
            let a = Cell::new(next(2_000), next(40) as u16);
            Rect::new(a, Cell::new(a.row.0 + next(60), a.col.0 + next(5) as u16))
        };
        let all: Vec<(Rect, usize)> = (0..3_000).map(|id| (rect(), id)).collect();
        for count in [0, 1, 16, 17, 300, 3_000] {
            let tree = RTree::build(all[..count].to_vec());
            for _ in 0..100 {
                let asked = rect();
                let mut found = Vec::new();
                tree.query(asked, &mut |id| found.push(id));
                found.sort_unstable();
                let hits = all[..count].iter().filter(|(rect, _)| rect.intersection(asked).is_some());
                assert_eq!(found, hits.map(|(_, id)| *id).collect::<Vec<_>>());
            }
        }
    }
}
