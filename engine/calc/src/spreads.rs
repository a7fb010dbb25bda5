//! What the array formulas of one sheet fill, found by formula and by place.
//!
//! A sheet may hold thousands of small arrays, and each of their cells is asked for who fills it: from a few on they
//! are listed by blocks of rows. An array is listed in each block that it reaches, a tall one apart.

use crate::model::VertexId;
use crate::spread::Spread;
use std::collections::HashMap;
use values::Rect;

/// So few are looked through quicker than found.
const FEW: usize = 32;
/// Rows of a block, as a power of two.
const BLOCK_BITS: u32 = 6;
/// What reaches over more blocks is tall.
const TALL: u32 = 8;

/// The arrays of a sheet that fill more than their own cell, one for each formula at most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spreads {
    all: Vec<Spread>,
    index: Option<Index>,
}

#[derive(Clone, Debug, Default)]
struct Index {
    /// Where each formula's array is in the list.
    places: HashMap<VertexId, usize>,
    blocks: HashMap<u32, Vec<VertexId>>,
    tall: Vec<VertexId>,
}

impl Spreads {
    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Spread> {
        self.all.iter()
    }

    /// What a formula fills.
    pub fn of(&self, id: VertexId) -> Option<&Spread> {
        self.all.get(self.place(id)?)
    }

    fn place(&self, id: VertexId) -> Option<usize> {
        match &self.index {
            Some(index) => index.places.get(&id).copied(),
            None => self.all.iter().position(|spread| spread.vertex == id),
        }
    }

    /// One that has cells of a rectangle and is what is looked for.
    pub fn find(&self, rect: Rect, is_it: impl Fn(&Spread) -> bool) -> Option<&Spread> {
        let fits = |spread: &&Spread| spread.rect.intersection(rect).is_some() && is_it(spread);
        let (first, last) = blocks(rect);
        match &self.index {
            Some(index) if ((last - first) as usize) < self.all.len() => {
                let near = (first..=last).filter_map(|block| index.blocks.get(&block)).flatten();
                near.chain(&index.tall).filter_map(|id| self.of(*id)).find(fits)
            }
            _ => self.all.iter().find(fits),
        }
    }

    /// Notes what a formula fills, in the place of what it filled before.
    pub fn put(&mut self, spread: Spread) {
        if self.of(spread.vertex) == Some(&spread) {
            return;
        }
        self.remove(spread.vertex);
        self.all.push(spread);
        match &mut self.index {
            Some(index) => index.add(spread, self.all.len() - 1),
            None if self.all.len() > FEW => {
                let mut index = Index::default();
                self.all.iter().enumerate().for_each(|(place, spread)| index.add(*spread, place));
                self.index = Some(index);
            }
            None => {}
        }
    }

    /// Forgets what a formula fills.
    pub fn remove(&mut self, id: VertexId) {
        let Some(place) = self.place(id) else { return };
        let gone = self.all.swap_remove(place);
        if let Some(index) = &mut self.index {
            index.remove(gone);
            if let Some(moved) = self.all.get(place) {
                index.places.insert(moved.vertex, place);
            }
        }
    }
}

impl Index {
    fn add(&mut self, spread: Spread, place: usize) {
        self.places.insert(spread.vertex, place);
        let (first, last) = blocks(spread.rect);
        if last - first >= TALL {
            return self.tall.push(spread.vertex);
        }
        for block in first..=last {
            self.blocks.entry(block).or_default().push(spread.vertex);
        }
    }

    fn remove(&mut self, spread: Spread) {
        self.places.remove(&spread.vertex);
        let (first, last) = blocks(spread.rect);
        if last - first >= TALL {
            return self.tall.retain(|id| *id != spread.vertex);
        }
        for block in first..=last {
            if let Some(ids) = self.blocks.get_mut(&block) {
                ids.retain(|id| *id != spread.vertex);
            }
        }
    }
}

/// The first and the last block that a rectangle reaches.
fn blocks(rect: Rect) -> (u32, u32) {
    (rect.top.0 >> BLOCK_BITS, rect.bottom.0 >> BLOCK_BITS)
}

impl FromIterator<Spread> for Spreads {
    fn from_iter<I: IntoIterator<Item = Spread>>(all: I) -> Spreads {
        let mut spreads = Spreads::default();
        all.into_iter().for_each(|spread| spreads.put(spread));
        spreads
    }
}

impl IntoIterator for Spreads {
    type Item = Spread;
    type IntoIter = std::vec::IntoIter<Spread>;
    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<'a> IntoIterator for &'a Spreads {
    type Item = &'a Spread;
    type IntoIter = std::slice::Iter<'a, Spread>;
    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use values::Cell;

    #[test]
    fn finds_what_a_plain_list_holds() {
        let mut state = 11_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let (mut spreads, mut plain) = (Spreads::default(), Vec::<Spread>::new());
        for step in 0..3_000 {
            let vertex = VertexId(random(120) as u32);
            plain.retain(|spread| spread.vertex != vertex);
            if random(3) == 0 {
                spreads.remove(vertex);
            } else {
                let height = if random(9) == 0 { random(2_000) } else { random(70) } as u32;
                let anchor = Cell::new(random(3_000) as u32, random(20) as u16);
                let last = Cell::new(anchor.row.0 + height, anchor.col.0 + random(4) as u16);
                let spread = Spread { vertex, anchor, rect: Rect::new(anchor, last) };
                spreads.put(spread);
                plain.push(spread);
            }
            assert_eq!(spreads.of(vertex), plain.iter().find(|spread| spread.vertex == vertex));
            let corner = Cell::new(random(3_000) as u32, random(20) as u16);
            let height = if step % 5 == 0 { 40_000 } else { random(100) as u32 };
            let asked = Rect::new(corner, Cell::new(corner.row.0 + height, corner.col.0));
            let odd = |spread: &Spread| spread.vertex.0 % 2 == 1;
            let found = spreads.find(asked, odd);
            let meets = |spread: &Spread| odd(spread) && spread.rect.intersection(asked).is_some();
            assert_eq!(found.is_some(), plain.iter().any(meets));
            assert!(found.is_none_or(meets));
        }
        let ids = |list: &[Spread]| {
            let mut ids: Vec<u32> = list.iter().map(|spread| spread.vertex.0).collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(ids(&spreads.into_iter().collect::<Vec<_>>()), ids(&plain));
    }
}
