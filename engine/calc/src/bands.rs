//! Families side by side, evaluated tile by tile.
//!
//! Much of a sheet is columns of formulas over the same rows, each of which reads others in its own row. Such a band is
//! cut into tiles of rows; of a tile all columns are evaluated one after the other while its values are in the
//! processor's cache, each on a thread of its own, and only then stored. Bands come in an order in which everything they
//! read beside themselves is up to date before ([`plan`]).
//!
//! This is a way ahead of the general one, not instead of it: a tile that meets anything unusual is left stale, and comes
//! up as all else does. Invariant: what a tile gives is bit for bit what its cells give one by one.

mod plan;
mod tile;

use crate::chunks;
use crate::model::VertexId;
use crate::recalc::{Ended, Run, Wanted};
use crate::session::Session;
use crate::state::STALE;
use crate::together::CHUNK;
use functions::Environment;
use plan::{Band, Level, Member};
pub(crate) use tile::Tile;
use tile::{Brought, Given};
use values::{Cell, Row};

/// Fewer stale cells than this are brought up before a plan for them is made.
const WORTHWHILE: u64 = 4 * CHUNK as u64;
/// Cells of one round for each thread: enough that none waits long for the slowest, few enough for the memory.
const ROUND: usize = 256 * 1024;
/// Cells on their own that make a unit.
const SINGLES: usize = 4;
/// What an array counts for in a round, whose size nobody knows before.
const ARRAY: usize = 16 * 1024;

/// What one thread does at a time.
#[derive(Clone, Copy)]
enum Unit<'a> {
    /// Rows of a band, as they are numbered in the sheet.
    Tile(&'a Band, u32, u32),
    /// Formulas of a few cells.
    Singles(&'a [VertexId]),
    /// An array formula.
    Array(VertexId),
}

impl Unit<'_> {
    fn cells(&self) -> usize {
        match self {
            Unit::Tile(band, first, last) => band.members.len() * ((last - first) as usize + 1),
            Unit::Singles(ids) => ids.len(),
            Unit::Array(_) => ARRAY,
        }
    }
}

impl Run<'_> {
    /// Brings up much of what is wanted and stale, where there is much.
    pub(crate) fn bring_up_bands(&mut self, wanted: Wanted<'_>) {
        // Whoever counts units wants to stop at the same cell each time.
        if self.environment.budget != u64::MAX {
            return;
        }
        let has_threads = self.environment.pool.is_some();
        let levels = if self.session.stale >= WORTHWHILE {
            plan::of_many(self.session, wanted)
        } else if has_threads && plan::has_large_arrays(self.session) {
            plan::of_few(self.session, wanted)
        } else {
            return;
        };
        for level in levels {
            if self.ended != Ended::Done {
                return;
            }
            self.bring_up_level(&level);
        }
    }

    fn bring_up_level(&mut self, level: &Level) {
        let units = units(self.session, level);
        let pool = self.environment.pool.as_deref();
        let threads = pool.map_or(1, functions::Pool::threads);
        let mut rest = units.as_slice();
        while !rest.is_empty() && !self.stop() {
            let mut cells = 0;
            let count = rest.iter().take_while(|unit| {
                let fits = cells < ROUND * threads;
                cells += unit.cells();
                fits
            });
            let (round, later) = rest.split_at(count.count());
            rest = later;
            let (session, environment) = (&*self.session, self.environment);
            let results =
                chunks::on_threads(pool, environment, round, |unit| work(session, environment, *unit));
            for brought in results.into_iter().flatten().flatten() {
                self.take(brought);
            }
        }
        for area in &level.rest {
            self.bring_up(*area);
        }
    }

    /// Stores what was brought up.
    fn take(&mut self, brought: Brought) {
        let Brought { vertex, first, last, given } = brought;
        match given {
            Given::Kept => self.session.settle(vertex, first, last),
            Given::Lane(lane) => {
                self.charge(last - first + 1);
                self.put_lane(vertex, first, last, lane);
            }
            Given::Value(value) => {
                let family = self.model.vertex(vertex).family;
                self.charge(1);
                self.store(vertex, first, Cell { row: Row(family.top.0 + first), col: family.col }, value);
            }
        }
    }
}

/// The units of a level with something stale in them.
fn units<'a>(session: &Session, level: &'a Level) -> Vec<Unit<'a>> {
    let mut units: Vec<Unit<'a>> = level.singles.chunks(SINGLES).map(Unit::Singles).collect();
    units.extend(level.arrays.iter().map(|id| Unit::Array(*id)));
    for band in &level.bands {
        let has_work = |first: u32, last: u32| {
            let has_work = |member: &Member| {
                member.is_wanted(first, last)
                    && session.states[member.vertex.0 as usize].any(first - band.top, last - band.top, STALE)
            };
            band.members.iter().any(has_work)
        };
        let Some((top, bottom)) = band.wanted() else { continue };
        let tiles = (top..=bottom).step_by(CHUNK as usize);
        let tiles = tiles.map(|first| (first, bottom.min(first + CHUNK - 1)));
        let tiles = tiles.filter(|(first, last)| has_work(*first, *last));
        units.extend(tiles.map(|(first, last)| Unit::Tile(band, first, last)));
    }
    units
}

fn work(session: &Session, environment: &Environment, unit: Unit<'_>) -> Vec<Brought> {
    match unit {
        Unit::Tile(band, first, last) => tile::evaluate(session, environment, band, first, last),
        Unit::Singles(ids) => {
            ids.iter().flat_map(|id| tile::evaluate_single(session, environment, *id)).collect()
        }
        Unit::Array(id) => tile::evaluate_single(session, environment, id),
    }
}
