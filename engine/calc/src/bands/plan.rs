//! Which families make bands, and the order in which bands can be brought up.

use crate::model::{Vertex, VertexId, VertexKind};
use crate::precedent::Precedent;
use crate::session::Session;
use crate::together::{CHUNK, Order, WORTHWHILE};
use formula::{Axis, Extent};
use std::collections::BTreeMap;
use values::{Area, Col, SheetId};
use workbook::Grid;

/// Steps of looking for what reads what that are allowed for each stale vertex, and in any case: formulas that all read
/// everything are not worth a plan.
const STEPS: usize = 64;
const STEPS_AT_LEAST: usize = 65_536;
/// A plan for vertices with fewer stale cells than this costs more than it saves.
const CELLS_EACH: u64 = 32;

/// Plans for arrays are made for so few vertices only that making them costs nothing beside what an array does.
const MOST_ARRAYS: usize = 256;
/// Cells that a large array formula reads.
const LARGE: u64 = 16 * 1024;

/// What can be brought up once all levels before it are.
#[derive(Default)]
pub(super) struct Level {
    pub bands: Vec<Band>,
    /// Formulas of a few cells that are read on their own.
    pub singles: Vec<VertexId>,
    /// Array formulas.
    pub arrays: Vec<VertexId>,
    /// Everything else.
    pub rest: Vec<VertexId>,
}

/// Families over the same rows, each after those that it reads.
pub(super) struct Band {
    pub sheet: SheetId,
    pub top: u32,
    pub bottom: u32,
    pub members: Vec<VertexId>,
}

/// One stale vertex reads another, both as places in the list of stale ones.
struct Edge {
    from: u32,
    to: u32,
    /// Only in its own row, in the same band.
    beside: bool,
}

/// Whether some stale array formulas read so much that it is worth while to evaluate them at the same time.
pub(super) fn has_large_arrays(session: &Session) -> bool {
    if session.dirty.len() > MOST_ARRAYS {
        return false;
    }
    let is_large = |id: &&VertexId| {
        let vertex = session.model.vertex(**id);
        let reads = |precedent: &Precedent| {
            let used = session.grid(precedent.sheet).and_then(Grid::used);
            let area = used.and_then(|used| used.intersection(precedent.hull(vertex.family)));
            area.is_some_and(|area| area.count() >= LARGE)
        };
        matches!(vertex.kind, VertexKind::Array(..))
            && session.states[id.0 as usize].stale() > 0
            && vertex.precedents.iter().any(reads)
    };
    session.dirty.iter().filter(is_large).nth(1).is_some()
}

/// The plan for many stale cells; empty where it is not worth while.
pub(super) fn of_many(session: &Session) -> Vec<Level> {
    let stale = stale(session);
    if stale.len() as u64 * CELLS_EACH > session.stale {
        return Vec::new();
    }
    levels(session, &stale)
}

/// The plan for few stale cells.
pub(super) fn of_few(session: &Session) -> Vec<Level> {
    levels(session, &stale(session))
}

/// The vertices with stale cells, in order.
fn stale(session: &Session) -> Vec<VertexId> {
    let mut stale = session.dirty.clone();
    stale.sort_unstable();
    stale.dedup();
    stale.retain(|id| session.states[id.0 as usize].stale() > 0);
    stale
}

/// The stale vertices in an order in which each comes after what it reads; those that go round in circles and what
/// follows from them are left out.
fn levels(session: &Session, stale: &[VertexId]) -> Vec<Level> {
    let model = &session.model;
    let Some(edges) = edges(session, stale) else { return Vec::new() };
    let mut levels: Vec<Level> = Vec::new();
    let mut bands: BTreeMap<(usize, SheetId, u32, u32), Vec<VertexId>> = BTreeMap::new();
    for (place, level) in in_order(stale.len(), edges) {
        let id = stale[place];
        let vertex = model.vertex(id);
        if levels.len() <= level {
            levels.resize_with(level + 1, Level::default);
        }
        if is_banded(vertex) {
            let key = (level, vertex.sheet, vertex.family.top.0, vertex.family.bottom.0);
            bands.entry(key).or_default().push(id);
        } else if is_single(vertex) {
            levels[level].singles.push(id);
        } else if matches!(vertex.kind, VertexKind::Array(..)) && !vertex.volatile {
            levels[level].arrays.push(id);
        } else {
            levels[level].rest.push(id);
        }
    }
    for ((level, sheet, top, bottom), members) in bands {
        levels[level].bands.push(Band { sheet, top, bottom, members });
    }
    levels
}

/// Whether a family may be evaluated in tiles. A chain can't be cut.
fn is_banded(vertex: &Vertex) -> bool {
    match vertex.order {
        Some(Order::Any) => true,
        Some(_) => vertex.family.rect().rows() <= CHUNK,
        None => false,
    }
}

fn is_single(vertex: &Vertex) -> bool {
    vertex.kind == VertexKind::Plain && !vertex.volatile && vertex.family.rect().rows() <= WORTHWHILE
}

/// Which stale vertices read which; `None` where that takes too long to find out.
fn edges(session: &Session, stale: &[VertexId]) -> Option<Vec<Edge>> {
    let model = &session.model;
    let filled = filled(session, stale);
    let mut edges = Vec::new();
    let mut left = stale.len() * STEPS + STEPS_AT_LEAST;
    for (to, id) in stale.iter().enumerate() {
        let reader = model.vertex(*id);
        for precedent in &reader.precedents {
            let rect = precedent.hull(reader.family);
            left = left.checked_sub(filled.len())?;
            for (from, area) in &filled {
                let meets = area.sheet == precedent.sheet && area.rect.intersection(rect).is_some();
                if meets && *from as usize != to {
                    edges.push(Edge { from: *from, to: to as u32, beside: false });
                }
            }
            let right = rect.right.0.min(model.formula_columns(precedent.sheet).saturating_sub(1));
            for col in rect.left.0..=right {
                let spans = model.spans(precedent.sheet, Col(col), rect.top, rect.bottom);
                left = left.checked_sub(1 + spans.len())?;
                for span in spans.iter().filter(|span| span.vertex != *id) {
                    let Ok(from) = stale.binary_search(&span.vertex) else { continue };
                    let is_cell_beside = matches!(
                        precedent.extent,
                        Extent::Cell(corner) if corner.row == Axis::Relative(0)
                    );
                    let beside = is_cell_beside && are_side_by_side(model.vertex(span.vertex), reader);
                    edges.push(Edge { from: from as u32, to: to as u32, beside });
                }
            }
        }
    }
    Some(edges)
}

/// What the stale array formulas fill now, each with its place among the stale vertices.
fn filled(session: &Session, stale: &[VertexId]) -> Vec<(u32, Area)> {
    let spreads = (0..).zip(&session.spreads);
    let spreads = spreads.flat_map(|(sheet, spreads)| spreads.iter().map(move |spread| (sheet, spread)));
    let filled = spreads.filter_map(|(sheet, spread)| {
        let place = stale.binary_search(&spread.vertex).ok()?;
        Some((place as u32, Area { sheet: SheetId(sheet), rect: spread.rect }))
    });
    filled.collect()
}

fn are_side_by_side(a: &Vertex, b: &Vertex) -> bool {
    let rows = |vertex: &Vertex| (vertex.sheet, vertex.family.top, vertex.family.bottom);
    is_banded(a) && is_banded(b) && rows(a) == rows(b)
}

/// Places in an order in which each comes after those that it reads, each with its level: that of what it reads beside
/// itself, or one more than that of what it reads elsewhere.
fn in_order(count: usize, mut edges: Vec<Edge>) -> Vec<(usize, usize)> {
    edges.sort_unstable_by_key(|edge| (edge.from, edge.to));
    let mut waits = vec![0_u32; count];
    edges.iter().for_each(|edge| waits[edge.to as usize] += 1);
    let mut levels = vec![0_usize; count];
    let mut order: Vec<usize> = (0..count).filter(|place| waits[*place] == 0).collect();
    let mut done = 0;
    while let Some(&place) = order.get(done) {
        done += 1;
        let start = edges.partition_point(|edge| (edge.from as usize) < place);
        for edge in edges[start..].iter().take_while(|edge| edge.from as usize == place) {
            let to = edge.to as usize;
            levels[to] = levels[to].max(levels[place] + usize::from(!edge.beside));
            waits[to] -= 1;
            if waits[to] == 0 {
                order.push(to);
            }
        }
    }
    order.into_iter().map(|place| (place, levels[place])).collect()
}
