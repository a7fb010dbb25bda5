//! Which families make bands, and the order in which bands can be brought up.

use crate::model::{Vertex, VertexId, VertexKind};
use crate::precedent::{Family, Precedent};
use crate::recalc::Wanted;
use crate::session::Session;
use crate::together::{CHUNK, Order, WORTHWHILE};
use formula::{Axis, Extent};
use std::collections::BTreeMap;
use values::{Area, Col, Rect, Row, SheetId};
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
    pub rest: Vec<Area>,
}

/// Families over the same rows, each after those that it reads.
pub(super) struct Band {
    pub sheet: SheetId,
    /// The families' first row.
    pub top: u32,
    pub members: Vec<Member>,
}

/// One family of a band.
pub(super) struct Member {
    pub vertex: VertexId,
    /// The first and the last row that is wanted of it.
    pub wanted: (u32, u32),
}

impl Band {
    /// The first and the last row that is wanted of some family.
    pub fn wanted(&self) -> Option<(u32, u32)> {
        let rows = self.members.iter().map(|member| member.wanted);
        rows.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

impl Member {
    /// Whether some of these rows are.
    pub fn is_wanted(&self, first: u32, last: u32) -> bool {
        self.wanted.0 <= last && self.wanted.1 >= first
    }
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
pub(super) fn of_many(session: &Session, wanted: Wanted<'_>) -> Vec<Level> {
    let stale = Stale::of(session);
    if stale.vertices.len() as u64 * CELLS_EACH > session.stale { Vec::new() } else { levels(&stale, wanted) }
}

/// The plan for few stale cells.
pub(super) fn of_few(session: &Session, wanted: Wanted<'_>) -> Vec<Level> {
    levels(&Stale::of(session), wanted)
}

/// The stale vertices that are wanted, in an order in which each comes after what it reads; those that go round in circles
/// and what follows from them are left out.
fn levels(stale: &Stale<'_>, wanted: Wanted<'_>) -> Vec<Level> {
    let Some(edges) = stale.edges() else { return Vec::new() };
    let order = in_order(stale.vertices.len(), edges);
    let rows = stale.wanted(&order, wanted);
    let mut levels: Vec<Level> = Vec::new();
    let mut bands: BTreeMap<(usize, SheetId, u32, u32), Vec<Member>> = BTreeMap::new();
    for (place, level) in order {
        let Some((first, last)) = rows[place] else { continue };
        let id = stale.vertices[place];
        let vertex = stale.session.model.vertex(id);
        if levels.len() <= level {
            levels.resize_with(level + 1, Level::default);
        }
        if is_banded(vertex) {
            let key = (level, vertex.sheet, vertex.family.top.0, vertex.family.bottom.0);
            bands.entry(key).or_default().push(Member { vertex: id, wanted: (first, last) });
        } else if is_single(vertex) {
            levels[level].singles.push(id);
        } else if matches!(vertex.kind, VertexKind::Array(..)) && !vertex.volatile {
            levels[level].arrays.push(id);
        } else {
            let rect = Rect { top: Row(first), bottom: Row(last), ..vertex.family.rect() };
            levels[level].rest.push(Area { sheet: vertex.sheet, rect });
        }
    }
    for ((level, sheet, top, _), members) in bands {
        levels[level].bands.push(Band { sheet, top, members });
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

/// What is stale of a session.
struct Stale<'a> {
    session: &'a Session,
    /// The vertices with stale cells, in order; elsewhere meant by their places in this list.
    vertices: Vec<VertexId>,
    /// What the array formulas among them fill now.
    filled: Vec<(usize, Area)>,
}

impl Stale<'_> {
    fn of(session: &Session) -> Stale<'_> {
        let mut vertices = session.dirty.clone();
        vertices.sort_unstable();
        vertices.dedup();
        vertices.retain(|id| session.states[id.0 as usize].stale() > 0);
        let spreads = (0..).zip(&session.spreads);
        let spreads = spreads.flat_map(|(sheet, spreads)| spreads.iter().map(move |spread| (sheet, spread)));
        let filled = spreads.filter_map(|(sheet, spread)| {
            let place = vertices.binary_search(&spread.vertex).ok()?;
            Some((place, Area { sheet: SheetId(sheet), rect: spread.rect }))
        });
        Stale { session, filled: filled.collect(), vertices }
    }

    /// Visits each stale vertex with cells in an area, and which of its rows they lie in; gives what that took.
    fn within(&self, area: Area, mut visit: impl FnMut(usize, (u32, u32))) -> usize {
        let Area { sheet, rect } = area;
        let mut steps = self.filled.len();
        for (place, filled) in &self.filled {
            if filled.sheet == sheet && filled.rect.intersection(rect).is_some() {
                let row = filled.rect.top.0;
                visit(*place, (row, row));
            }
        }
        let right = rect.right.0.min(self.session.model.formula_columns(sheet).saturating_sub(1));
        for col in rect.left.0..=right {
            let spans = self.session.model.spans(sheet, Col(col), rect.top, rect.bottom);
            steps += 1 + spans.len();
            for span in spans {
                if let Ok(place) = self.vertices.binary_search(&span.vertex) {
                    visit(place, (span.top.max(rect.top).0, span.bottom.min(rect.bottom).0));
                }
            }
        }
        steps
    }

    /// Which stale vertices read which; `None` where that takes too long to find out.
    fn edges(&self) -> Option<Vec<Edge>> {
        let model = &self.session.model;
        let mut edges = Vec::new();
        let mut left = self.vertices.len() * STEPS + STEPS_AT_LEAST;
        for (to, id) in self.vertices.iter().enumerate() {
            let reader = model.vertex(*id);
            for precedent in &reader.precedents {
                let is_cell_beside =
                    matches!(precedent.extent, Extent::Cell(corner) if corner.row == Axis::Relative(0));
                let area = Area { sheet: precedent.sheet, rect: precedent.hull(reader.family) };
                let steps = self.within(area, |from, _| {
                    let beside =
                        is_cell_beside && are_side_by_side(model.vertex(self.vertices[from]), reader);
                    if from != to {
                        edges.push(Edge { from: from as u32, to: to as u32, beside });
                    }
                });
                left = left.checked_sub(steps)?;
            }
        }
        Some(edges)
    }

    /// The first and the last row that is wanted of each vertex, itself or for what reads it.
    fn wanted(&self, order: &[(usize, usize)], wanted: Wanted<'_>) -> Vec<Option<(u32, u32)>> {
        let model = &self.session.model;
        let Wanted::Areas(areas) = wanted else {
            let rows = |id: &VertexId| model.vertex(*id).family;
            return self.vertices.iter().map(rows).map(|of| Some((of.top.0, of.bottom.0))).collect();
        };
        let mut rows: Vec<Option<(u32, u32)>> = vec![None; self.vertices.len()];
        let mut open: Vec<Area> = areas.to_vec();
        let mut readers = order.iter().rev();
        loop {
            for area in open.drain(..) {
                self.within(area, |place, (first, last)| {
                    let (from, to) = rows[place].unwrap_or((first, last));
                    rows[place] = Some((from.min(first), to.max(last)));
                });
            }
            // What reads comes before what it reads, so that its rows are all known.
            let Some((place, _)) = readers.next() else { return rows };
            if let Some((first, last)) = rows[*place] {
                let vertex = model.vertex(self.vertices[*place]);
                let (from, to) = match vertex.order {
                    Some(Order::Any) => (first, last),
                    // A chain is followed from its beginning.
                    _ => (vertex.family.top.0, vertex.family.bottom.0),
                };
                rows[*place] = Some((from, to));
                let family = Family { top: Row(from), bottom: Row(to), ..vertex.family };
                open.extend(
                    vertex
                        .precedents
                        .iter()
                        .map(|precedent| Area { sheet: precedent.sheet, rect: precedent.hull(family) }),
                );
            }
        }
    }
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
