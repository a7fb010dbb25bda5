//! Cells that wait for each other: which of them depend on themselves, and which only seem to.
//!
//! A formula that meets a cell that waits for it is not yet a cycle. A cell in between may only have asked whether
//! something that it may read has changed, and an array may no longer fill what was read. Those are done again first,
//! so that what is circular does not hang on what was calculated before. An array that reads what it fills is circular,
//! as in Excel: it is not taken apart into its cells.

use crate::model::{VertexId, VertexKind};
use crate::recalc::{Frame, Run};
use crate::session::Session;
use crate::spread::cell_value;
use crate::state::{ACTIVE, CHANGED, CIRCULAR, FORCED, STALE};
use std::sync::Arc;
use values::{Area, Cell, Row, SheetId, Value};
use workbook::ArrayKind;

/// Cycles behind cycles are gone round again so often at most: a workbook may ask for thousands of rounds each time.
const MOST_TIMES: u32 = 16;

/// How far, in parts of a value, a settled cycle may be from what its formulas give.
const CLOSELY: f64 = 1e-6;

impl Run<'_> {
    /// A formula met cells that wait for it. Gives whether something else is to be done first; else they are marked as
    /// cycles.
    pub(crate) fn untie(&mut self, cycles: &[(VertexId, u32)]) -> bool {
        let places = cycles.iter().filter_map(|(vertex, offset)| self.place_on_stack(*vertex, *offset));
        let places: Vec<usize> = places.collect();
        if places.iter().any(|place| self.stop_asking(*place)) {
            return true;
        }
        if places.iter().min().is_some_and(|first| self.empty_arrays(*first)) {
            return true;
        }
        places.iter().for_each(|place| self.mark_cycle(*place));
        false
    }

    /// Where a cell that waits only asked whether something that it may read has changed, that is no cycle yet: it
    /// need not read it, as with a branch that is not taken. Such cells are to be evaluated instead, the first one
    /// now; gives whether there are any from a place of the stack on.
    fn stop_asking(&mut self, from: usize) -> bool {
        let mut first = None;
        for place in from..self.stack.len() {
            let Frame::Cell { vertex, offset, .. } = self.stack[place] else { continue };
            let state = &mut self.session.states[vertex.0 as usize];
            if !state.has(offset, FORCED) {
                first = first.or(Some(place));
                state.set(offset, FORCED, self.model.vertex(vertex).family.rect().rows());
            }
        }
        let Some(first) = first else { return false };
        self.go_back_to(first);
        true
    }

    /// Takes everything from the stack that was begun after a place of it.
    fn go_back_to(&mut self, place: usize) {
        for frame in self.stack.split_off(place + 1) {
            match frame {
                Frame::Cell { vertex, offset, .. } => {
                    self.session.states[vertex.0 as usize].clear(offset, ACTIVE);
                }
                Frame::Copies(copies) => drop(self.together.remove(&copies.vertex)),
                Frame::Area(_) => {}
            }
        }
    }

    /// What an array filled before may be all that ties cells to it. Takes it away, once for each array in a run; gives
    /// whether there was any from a place of the stack on. What is read then is what the array does not fill, and if it
    /// comes to fill it after all, it is circular.
    fn empty_arrays(&mut self, from: usize) -> bool {
        let model = Arc::clone(&self.model);
        let mut arrays = Vec::new();
        for frame in self.stack.get(from..).unwrap_or_default() {
            if let Frame::Cell { vertex, .. } = frame
                && matches!(model.vertex(*vertex).kind, VertexKind::Array(ArrayKind::Dynamic, _))
                && self.session.fills_more_than_its_cell(*vertex)
                && self.emptied.insert(*vertex)
            {
                arrays.push(*vertex);
            }
        }
        if arrays.is_empty() {
            return false;
        }
        arrays.iter().for_each(|id| self.session.withdraw(*id));
        self.go_back_to(from);
        true
    }

    fn place_on_stack(&self, vertex: VertexId, offset: u32) -> Option<usize> {
        let is_it = |frame: &Frame| match frame {
            Frame::Cell { vertex: other, offset: at, .. } => (*other, *at) == (vertex, offset),
            Frame::Area(_) | Frame::Copies(_) => false,
        };
        self.stack.iter().position(is_it)
    }

    /// Everything from a place of the stack on is a cycle.
    fn mark_cycle(&mut self, from: usize) {
        for frame in self.stack.get(from..).unwrap_or_default() {
            if let Frame::Cell { vertex, offset, .. } = frame {
                let of = self.model.vertex(*vertex);
                self.session.states[vertex.0 as usize].set(*offset, CIRCULAR, of.family.rect().rows());
                let cell = Cell { row: Row(of.family.top.0 + offset), col: of.family.col };
                self.cycles.insert((of.sheet, cell));
            }
        }
    }

    /// Goes round the cells of cycles as often as the workbook asks for, then brings up what follows from them.
    pub(crate) fn iterate(&mut self) {
        let Some(iteration) = self.model.workbook.iteration else { return };
        let cells: Vec<(SheetId, Cell)> = self.cycles.iter().copied().collect();
        if cells.is_empty() {
            return;
        }
        // A cell between two cycles is in neither: it follows the first only here, and the second goes round again.
        let most_rounds = iteration.count.min(32_767);
        for _ in 0..most_rounds.min(MOST_TIMES) {
            let settled = self.go_round(&cells, most_rounds, iteration.delta);
            self.follow(&cells);
            if !settled || self.stop() || self.agree(&cells, iteration.delta) {
                break;
            }
        }
    }

    /// Evaluates the cells of cycles again and again; gives whether they settled.
    fn go_round(&mut self, cells: &[(SheetId, Cell)], most_rounds: u32, delta: f64) -> bool {
        for _ in 0..most_rounds {
            let mut most = 0.0_f64;
            for (sheet, cell) in cells {
                most = most.max(self.iterate_cell(*sheet, *cell));
                if self.stop() {
                    return false;
                }
            }
            if most <= delta {
                return true;
            }
        }
        false
    }

    /// Brings up what follows from the cells of cycles, which stay as they are.
    fn follow(&mut self, cells: &[(SheetId, Cell)]) {
        for (sheet, cell) in cells {
            self.session.mark_readers(Area::cell(*sheet, *cell), STALE | FORCED);
        }
        for (sheet, cell) in cells {
            if let Some(vertex) = self.model.vertex_at(*sheet, *cell) {
                let offset = cell.row.0 - self.model.vertex(vertex).family.top.0;
                if self.session.states[vertex.0 as usize].has(offset, STALE) {
                    self.session.stale -= 1;
                    self.session.states[vertex.0 as usize].clear(offset, STALE | FORCED);
                }
            }
        }
        self.all();
    }

    /// Whether the cells of cycles still have, closely, the values that their formulas give.
    fn agree(&mut self, cells: &[(SheetId, Cell)], delta: f64) -> bool {
        let model = Arc::clone(&self.model);
        for (sheet, cell) in cells {
            let Some(id) = model.vertex_at(*sheet, *cell) else { continue };
            let value = cell_value(self.evaluator(*sheet, *cell).formula(model.vertex(id)));
            self.charge(1);
            match (self.session.value(*sheet, *cell), &value) {
                (Value::Number(has), Value::Number(gives)) => {
                    if (has - gives).abs() > delta.max(has.abs() * CLOSELY) {
                        return false;
                    }
                }
                (has, gives) if has.same(gives) => {}
                _ => return false,
            }
        }
        true
    }

    /// Evaluates one cell of a cycle with what stands in the others; gives by how much it changed.
    fn iterate_cell(&mut self, sheet: SheetId, cell: Cell) -> f64 {
        let Some(id) = self.model.vertex_at(sheet, cell) else { return 0.0 };
        let model = Arc::clone(&self.model);
        let vertex = model.vertex(id);
        let value = self.evaluator(sheet, cell).formula(vertex);
        self.charge(1);
        self.charge_filling(id);
        if self.is_spent() {
            return f64::INFINITY;
        }
        let before = self.session.value(sheet, cell).clone();
        match vertex.kind {
            VertexKind::Array(kind, rect) => drop(self.session.write_array(id, kind, rect, &value)),
            _ => self.session.write(sheet, cell, cell_value(value)),
        }
        match (&before, self.session.value(sheet, cell)) {
            (Value::Number(before), Value::Number(after)) => (after - before).abs(),
            (before, after) if before.same(after) => 0.0,
            _ => f64::INFINITY,
        }
    }

    /// What depends on itself is remembered until it is evaluated again; a cell belongs to a cycle for this run alone.
    pub(crate) fn remember_cycles(&mut self) {
        for (sheet, cell) in &self.cycles {
            if let Some(vertex) = self.model.vertex_at(*sheet, *cell) {
                let offset = cell.row.0 - self.model.vertex(vertex).family.top.0;
                self.session.states[vertex.0 as usize].clear(offset, CIRCULAR);
            }
        }
        self.session.circular.append(&mut self.cycles);
    }
}

impl Session {
    /// Copies of a vertex were evaluated and depend on themselves no longer. Those that did count as changed: what they
    /// tied together is to be looked at again even where their values stay.
    pub(crate) fn leave_cycles(&mut self, id: VertexId, first: u32, last: u32) {
        if self.circular.is_empty() {
            return;
        }
        let (sheet, family) = {
            let vertex = self.model.vertex(id);
            (vertex.sheet, vertex.family)
        };
        let cell = |offset: u32| (sheet, Cell { row: Row(family.top.0 + offset), col: family.col });
        let known = self.circular.range(cell(first)..=cell(last));
        let known: Vec<(SheetId, Cell)> = known.filter(|(_, at)| at.col == family.col).copied().collect();
        for at in known {
            self.circular.remove(&at);
            let offset = at.1.row.0 - family.top.0;
            self.states[id.0 as usize].set(offset, CHANGED, family.rect().rows());
        }
    }
}
