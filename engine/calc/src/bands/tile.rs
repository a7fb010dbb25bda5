//! Some rows of a band: all its families evaluated without storing anything.

use super::plan::Band;
use crate::evaluate::Evaluator;
use crate::lanes::{Lane, Lanes, Rows};
use crate::model::{Vertex, VertexId};
use crate::program::Program;
use crate::scan::Scan;
use crate::session::Session;
use crate::state::{ACTIVE, CIRCULAR, FORCED, OVERRIDDEN, STALE};
use crate::together::{Order, operands};
use functions::Environment;
use std::cell::Cell as Slot;
use std::sync::Arc;
use values::{Area, Cell, Row, SheetId, Value};

/// Rows of one vertex, as offsets, and what became of them.
pub(super) struct Brought {
    pub vertex: VertexId,
    pub first: u32,
    pub last: u32,
    pub given: Given,
}

/// What rows were found to hold.
pub(super) enum Given {
    /// What they held before.
    Kept,
    /// This, as cells hold it.
    Lane(Lane),
    /// This, as a formula gave it.
    Value(Value),
}

/// What the families of a band that were evaluated so far give in some rows.
pub(crate) struct Tile {
    sheet: SheetId,
    first: u32,
    last: u32,
    columns: Vec<Column>,
}

struct Column {
    col: u16,
    vertex: VertexId,
    given: Given,
}

impl Tile {
    /// What a column gives in `len` rows from `top` on, where it is one of the tile's that changed.
    pub fn column(&self, sheet: SheetId, col: u16, top: u32, len: usize) -> Option<Lane> {
        let lane = self.lane(sheet, col)?;
        let from = top.checked_sub(self.first)? as usize;
        lane.part(from, len)
    }

    /// The value of a cell, where it is one of the tile's that changed.
    pub fn value(&self, sheet: SheetId, cell: Cell) -> Option<Value> {
        let from = cell.row.0.checked_sub(self.first).filter(|_| cell.row.0 <= self.last)?;
        Some(self.lane(sheet, cell.col.0)?.at(from as usize).into_owned())
    }

    /// Whether some cell of an area changed, so that what is stored of it is out of date.
    pub fn touches(&self, area: Area) -> bool {
        area.sheet == self.sheet
            && area.rect.top.0 <= self.last
            && area.rect.bottom.0 >= self.first
            && self.columns.iter().any(|column| {
                matches!(column.given, Given::Lane(_))
                    && (area.rect.left.0..=area.rect.right.0).contains(&column.col)
            })
    }

    fn lane(&self, sheet: SheetId, col: u16) -> Option<&Lane> {
        let column = self.columns.iter().find(|column| column.col == col && sheet == self.sheet)?;
        match &column.given {
            Given::Lane(lane) => Some(lane),
            Given::Kept | Given::Value(_) => None,
        }
    }

    /// Whether an area is just the tile's rows of a column that was brought up, and then whether that changed.
    fn column_changed(&self, area: Area) -> Option<bool> {
        let rect = area.rect;
        let is_rows = area.sheet == self.sheet
            && rect.left == rect.right
            && (rect.top.0, rect.bottom.0) == (self.first, self.last);
        let column = self.columns.iter().find(|column| is_rows && column.col == rect.left.0)?;
        Some(matches!(column.given, Given::Lane(_)))
    }

    /// Evaluates a family's rows; `None` where something stands in the way.
    fn evaluate(
        &self,
        session: &Session,
        environment: &Environment,
        vertex: &Vertex,
        id: VertexId,
    ) -> Option<Given> {
        let program = vertex.program.as_ref()?;
        let top = vertex.family.top.0;
        let (first, last) = (self.first - top, self.last - top);
        let state = &session.states[id.0 as usize];
        let is_plain = !state.any(first, last, ACTIVE | CIRCULAR | OVERRIDDEN);
        if !is_plain || !state.has(first, STALE) || state.run_end(first, last, STALE, 0) != last {
            return None;
        }
        let mut changed = state.any(first, last, FORCED);
        for area in operands(vertex, first, last) {
            match self.column_changed(area) {
                Some(column_changed) => changed |= column_changed,
                None if session.find_stale(area, 0).is_some() => return None,
                None => changed = changed || session.any_changed(area),
            }
        }
        if !changed {
            return Some(Given::Kept);
        }
        let budget = Slot::new(u64::MAX);
        let host = Cell { row: Row(self.first), col: vertex.family.col };
        let mut evaluator = Evaluator::new(session, environment, &budget, vertex.sheet, host);
        evaluator.tile = Some(self);
        let lane = evaluator.of_fresh(|evaluator| self.lane_of(evaluator, program, vertex))??;
        let lane = lane.stored(self.len());
        let grid = session.grid(vertex.sheet)?;
        Some(if lane.is_stored(grid, vertex.family.col.0, self.first) {
            Given::Kept
        } else {
            Given::Lane(lane)
        })
    }

    fn lane_of(&self, evaluator: &Evaluator<'_>, program: &Arc<Program>, vertex: &Vertex) -> Option<Lane> {
        let lanes = Lanes { evaluator, program };
        match vertex.order? {
            Order::Any => Some(lanes.formula(&Rows::span(self.first, self.last))),
            way => {
                let scan = Scan::of(vertex, program, way)?;
                let mut results = scan.run(&lanes, vertex, (self.first, self.last), way);
                if way == Order::Up {
                    results.reverse();
                }
                (results.len() == self.len()).then_some(Lane::Numbers(results))
            }
        }
    }

    fn len(&self) -> usize {
        (self.last - self.first) as usize + 1
    }
}

/// Evaluates the families of a band in some rows, as far as nothing stands in the way.
pub(super) fn evaluate(
    session: &Session,
    environment: &Environment,
    band: &Band,
    first: u32,
    last: u32,
) -> Vec<Brought> {
    let mut tile = Tile { sheet: band.sheet, first, last, columns: Vec::with_capacity(band.members.len()) };
    let (from, to) = (first - band.top, last - band.top);
    for member in band.members.iter().filter(|member| member.is_wanted(first, last)) {
        let id = member.vertex;
        if !session.states[id.0 as usize].any(from, to, STALE) {
            continue;
        }
        let vertex = session.model.vertex(id);
        let Some(given) = tile.evaluate(session, environment, vertex, id) else { break };
        tile.columns.push(Column { col: vertex.family.col.0, vertex: id, given });
    }
    let brought = |Column { vertex, given, .. }| Brought { vertex, first: from, last: to, given };
    tile.columns.into_iter().map(brought).collect()
}

/// Evaluates the stale cells of a formula that stands in few, up to the first that has to wait.
pub(super) fn evaluate_single(session: &Session, environment: &Environment, id: VertexId) -> Vec<Brought> {
    let vertex = session.model.vertex(id);
    let state = &session.states[id.0 as usize];
    let mut brought = Vec::new();
    for offset in 0..vertex.family.rect().rows() {
        if !state.has(offset, STALE) || state.has(offset, ACTIVE | CIRCULAR) {
            continue;
        }
        let cell = Cell { row: Row(vertex.family.top.0 + offset), col: vertex.family.col };
        let given = if state.has(offset, FORCED) || session.precedents_changed(vertex, offset) {
            let budget = Slot::new(u64::MAX);
            let evaluator = Evaluator::new(session, environment, &budget, vertex.sheet, cell);
            let value = evaluator.formula(vertex);
            let (pending, cycles) = evaluator.into_findings();
            if pending.is_some() || !cycles.is_empty() {
                break;
            }
            Given::Value(value)
        } else {
            Given::Kept
        };
        brought.push(Brought { vertex: id, first: offset, last: offset, given });
    }
    brought
}
