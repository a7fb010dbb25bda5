//! What a session knew before an edit, taken over for the formulas that still mean the same.
//!
//! A formula keeps its value if it reads the same cells as before, wherever those are now, none of them came, went or
//! got another content, and its value does not hang on where it stands. Who reads content that changed is not looked
//! at here: that is marked afterwards.

use super::places::{Piece, Shifts};
use super::program::{Placed, placed};
use crate::model::{Model, Vertex, VertexId, VertexKind};
use crate::program::{Meaning, Program};
use crate::session::Session;
use crate::spread::Spread;
use crate::state::{FORCED, OVERRIDDEN, STALE, VertexState};
use std::collections::HashMap;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId, Value};
use workbook::ArrayKind;

/// Spills that hold, by where their anchor is now, and those that were torn, which have no cells.
type Spreads = HashMap<(SheetId, Cell), Option<Rect>>;

/// A session as it was.
pub(super) struct Before<'a> {
    model: Arc<Model>,
    states: Vec<VertexState>,
    shifts: Shifts<'a>,
    contents: &'a [Area],
    spreads: Spreads,
    /// Cells that were emptied with a torn spill, where they are now.
    emptied: Vec<Area>,
    memo: HashMap<*const Program, Placed>,
}

impl<'a> Before<'a> {
    /// Takes what there is to carry out of a session, and empties the cells of spills that the change tears.
    pub fn of(session: &mut Session, shifts: Shifts<'a>, contents: &'a [Area]) -> Before<'a> {
        let (spreads, emptied) = fold_spreads(session, shifts, contents);
        Before {
            model: Arc::clone(&session.model),
            states: std::mem::take(&mut session.states),
            shifts,
            contents,
            spreads,
            emptied,
            memo: HashMap::new(),
        }
    }

    /// Gives a session on the new graph what still holds, and marks the rest.
    pub fn carry_into(mut self, session: &mut Session) {
        let model = Arc::clone(&session.model);
        session.states = vec![VertexState::default(); model.vertices.len()];
        session.changed.clear();
        self.carry_spreads(session);
        let mut known: Vec<Vec<(u32, u32)>> = vec![Vec::new(); model.vertices.len()];
        let mut stale: Vec<(VertexId, Row, Row)> = Vec::new();
        let old = Arc::clone(&self.model);
        for (id, vertex) in old.vertices.iter().enumerate() {
            let rows = vertex.family;
            for piece in self.shifts.pieces(vertex.sheet, rows.col, rows.top, rows.bottom) {
                self.carry_piece(VertexId(id as u32), vertex, piece, session, &mut known, &mut stale);
            }
        }
        let contents: Vec<_> = self.contents.iter().flat_map(|area| formulas_in(&model, *area)).collect();
        for (id, top, bottom) in &contents {
            let first = model.vertex(*id).family.top.0;
            let state = &mut session.states[id.0 as usize];
            (top.0..=bottom.0).for_each(|row| state.clear(row - first, OVERRIDDEN));
        }
        cover(session, &model);
        session.stale = session.states.iter().map(|state| u64::from(state.stale())).sum();
        let dirty = session.states.iter().enumerate().filter(|(_, state)| state.stale() > 0);
        session.dirty = dirty.map(|(id, _)| VertexId(id as u32)).collect();
        let carried = 0..session.states.len();
        session.changed = carried.map(|id| VertexId(id as u32)).collect();
        stale.extend(unknown(&model, known));
        stale.extend(contents);
        for (id, top, bottom) in stale {
            mark(session, &model, id, top, bottom);
        }
        for area in &self.emptied {
            session.mark_readers(*area, STALE | FORCED);
        }
    }

    /// Takes over the flags of consecutive copies that stayed together.
    fn carry_piece(
        &mut self,
        id: VertexId,
        vertex: &Vertex,
        piece: Piece,
        session: &mut Session,
        known: &mut [Vec<(u32, u32)>],
        stale: &mut Vec<(VertexId, Row, Row)>,
    ) {
        let model = Arc::clone(&session.model);
        let last = Row(piece.cell.row.0 + piece.rows - 1);
        for span in model.spans(piece.sheet, piece.cell.col, piece.cell.row, last) {
            let (top, bottom) = (span.top.max(piece.cell.row), span.bottom.min(last));
            let new = model.vertex(span.vertex);
            let host = |row: Row| Row(piece.from.0 + (row.0 - piece.cell.row.0));
            let holds = [top, bottom].into_iter().all(|row| self.holds(vertex, host(row), new, row));
            let (first, end) = (top.0 - new.family.top.0, bottom.0 - new.family.top.0);
            if holds {
                let from = host(top).0 - vertex.family.top.0;
                let flags = &self.states[id.0 as usize];
                session.states[span.vertex.0 as usize].take_over(
                    flags,
                    from,
                    first,
                    end,
                    new.family.rect().rows(),
                );
            } else {
                stale.push((span.vertex, top, bottom));
            }
            known[span.vertex.0 as usize].push((first, end));
        }
    }

    /// Whether a formula cell still has the value that it had.
    fn holds(&mut self, old: &Vertex, old_row: Row, new: &Vertex, new_row: Row) -> bool {
        let (was, is) =
            (Cell { row: old_row, col: old.family.col }, Cell { row: new_row, col: new.family.col });
        let same_kind = match (old.kind, new.kind) {
            (VertexKind::Plain, VertexKind::Plain) => true,
            (VertexKind::Array(a, _), VertexKind::Array(b, _)) => a == b,
            _ => false,
        };
        let (Some(a), Some(b)) = (&old.program, &new.program) else { return false };
        if self.spreads.get(&(new.sheet, is)) == Some(&None) {
            return false;
        }
        if !same_kind || old.precedents.len() != new.precedents.len() || a.meanings.len() != b.meanings.len()
        {
            return false;
        }
        let has_moved = old.sheet != new.sheet || was != is;
        let mut away = has_moved;
        let mut beside = true;
        for (p, q) in old.precedents.iter().zip(&new.precedents) {
            let (before, now) = match (p.rect(was), q.rect(is)) {
                (None, None) => continue,
                (Some(before), Some(now)) => (before, now),
                _ => return false,
            };
            let (before, now) = (Area { sheet: p.sheet, rect: before }, Area { sheet: q.sheet, rect: now });
            if !self.shifts.keeps(before, now) {
                return false;
            }
            away |= before != now;
            beside &= now.rect.is_cell() || apart(was, before.rect) == apart(is, now.rect);
        }
        let is_array = matches!(new.kind, VertexKind::Array(ArrayKind::Dynamic | ArrayKind::Legacy, _));
        let in_place = match self.placed(b, is_array) {
            Placed::Nowhere => true,
            Placed::Beside => beside,
            Placed::Here => !away,
            Placed::Anywhere => false,
        };
        in_place && same_rows((a, was), (b, is))
    }

    fn placed(&mut self, program: &Arc<Program>, is_array: bool) -> Placed {
        *self.memo.entry(Arc::as_ptr(program)).or_insert_with(|| placed(program, is_array))
    }

    /// Spills that hold stay; the others begin anew, or as the workbook has them.
    fn carry_spreads(&self, session: &mut Session) {
        let model = Arc::clone(&session.model);
        session.spreads = vec![Default::default(); model.sheets.len()];
        for (sheet, graph) in model.sheets.iter().enumerate() {
            for id in &graph.spreading {
                let vertex = model.vertex(*id);
                let anchor = Cell::from(vertex.family);
                let spread = match (self.spreads.get(&(vertex.sheet, anchor)), vertex.kind) {
                    (Some(Some(rect)), VertexKind::Array(..)) => {
                        Some(Spread { vertex: *id, anchor, rect: *rect })
                    }
                    (Some(None), VertexKind::Array(ArrayKind::Dynamic, _)) => None,
                    _ => Spread::at_load(&model, *id),
                };
                if let Some(spread) = spread {
                    session.spreads[sheet].put(spread);
                }
            }
        }
    }
}

/// What spills where after the change, by its anchor; and the cells that lost what was spilled into them.
fn fold_spreads(session: &mut Session, shifts: Shifts<'_>, contents: &[Area]) -> (Spreads, Vec<Area>) {
    let mut spreads = HashMap::new();
    let mut emptied = Vec::new();
    let all = std::mem::take(&mut session.spreads);
    for (sheet, spread) in all.iter().enumerate().flat_map(|(id, list)| list.iter().map(move |s| (id, s))) {
        let before = Area { sheet: SheetId(sheet as u16), rect: spread.rect };
        let anchor = shifts.cell(before.sheet, spread.anchor);
        let is_new = anchor.is_none_or(|(sheet, cell)| {
            contents.iter().any(|area| area.sheet == sheet && area.rect.contains(cell))
        });
        let is_touched = |after: &Area| {
            let mut contents = contents.iter().filter(|area| area.sheet == after.sheet);
            contents.any(|area| area.rect.intersection(after.rect).is_some())
        };
        let after = shifts.area(before).filter(|after| shifts.keeps(before, *after) && !is_touched(after));
        if after.is_none() && !matches!(session.model.vertex(spread.vertex).kind, VertexKind::DataTable(..)) {
            for cell in spread.rect.cells().filter(|cell| *cell != spread.anchor) {
                let is_own = session.model.vertex_at(before.sheet, cell).is_none()
                    && !session.blockers.contains(&(before.sheet, cell));
                if is_own {
                    session.write(before.sheet, cell, Value::Empty);
                }
            }
            emptied.extend(shifts.area(before));
        }
        if let Some(anchor) = anchor.filter(|_| !is_new) {
            spreads.insert(anchor, after.map(|area| area.rect));
        }
    }
    (spreads, emptied)
}

/// Whether references to a row of a table find the host within the table's rows as before, or outside as before.
fn same_rows((a, was): (&Program, Cell), (b, is): (&Program, Cell)) -> bool {
    a.meanings.iter().zip(&b.meanings).all(|pair| match pair {
        (Meaning::RowOf(_, _, before), Meaning::RowOf(_, _, now)) => {
            (before.top..=before.bottom).contains(&was.row) == (now.top..=now.bottom).contains(&is.row)
        }
        (Meaning::RowOf(..), _) | (_, Meaning::RowOf(..)) => false,
        _ => true,
    })
}

/// The way from a host to a range: what a formula takes of it that stands beside.
fn apart(host: Cell, rect: Rect) -> (i64, i64) {
    let rows = i64::from(rect.top.0) - i64::from(host.row.0);
    let cols = i64::from(rect.left.0) - i64::from(host.col.0);
    // Of whole columns the row beside the host is taken, wherever that is; it is the same cell if both moved alike.
    (rows, cols)
}

/// The formulas of an area.
fn formulas_in(model: &Model, area: Area) -> Vec<(VertexId, Row, Row)> {
    let Area { sheet, rect } = area;
    let right = rect.right.0.min(model.formula_columns(sheet).saturating_sub(1));
    let spans = (rect.left.0..=right).flat_map(|col| model.spans(sheet, Col(col), rect.top, rect.bottom));
    spans.map(|span| (span.vertex, span.top.max(rect.top), span.bottom.min(rect.bottom))).collect()
}

/// The rows of vertices that are in none of the known runs.
fn unknown(model: &Model, known: Vec<Vec<(u32, u32)>>) -> Vec<(VertexId, Row, Row)> {
    let mut gaps = Vec::new();
    for (id, mut runs) in known.into_iter().enumerate() {
        runs.sort_unstable();
        let vertex = &model.vertices[id];
        let rows = vertex.family.rect().rows();
        let row = |offset: u32| Row(vertex.family.top.0 + offset);
        let mut next = 0;
        for (first, last) in runs.into_iter().chain([(rows, rows)]) {
            if first > next {
                gaps.push((VertexId(id as u32), row(next), row(first - 1)));
            }
            next = next.max(last + 1);
        }
    }
    gaps
}

/// Formulas under an input are covered by it.
fn cover(session: &mut Session, model: &Model) {
    for (sheet, cell) in session.inputs.keys() {
        if let Some(id) = model.vertex_at(*sheet, *cell) {
            let family = model.vertex(id).family;
            let state = &mut session.states[id.0 as usize];
            let offset = cell.row.0 - family.top.0;
            state.set(offset, OVERRIDDEN, family.rect().rows());
            state.clear(offset, STALE | FORCED);
        }
    }
}

fn mark(session: &mut Session, model: &Model, id: VertexId, top: Row, bottom: Row) {
    session.mark_rows(id, top, bottom, STALE | FORCED);
    let vertex = model.vertex(id);
    let rect = match vertex.kind {
        VertexKind::Plain => Rect { top, bottom, ..vertex.family.rect() },
        VertexKind::Array(_, rect) | VertexKind::DataTable(_, rect) => rect,
    };
    session.mark_readers(Area { sheet: vertex.sheet, rect }, STALE);
}
