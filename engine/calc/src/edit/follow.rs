//! The session after an edit of its workbook.

use super::carry::Before;
use super::places::Shifts;
use crate::model::Model;
use crate::session::{Session, Storage};
use crate::state::{FORCED, STALE};
use formula::Shift;
use std::sync::Arc;
use values::{Area, Cell, CellError, Col, Rect, SheetId, Value};
use workbook::{Effect, Grid, Workbook};

type Input = ((SheetId, Cell), Value);

impl Session {
    /// Takes the workbook out, so that it can be changed without a copy where nobody else holds it.
    pub(super) fn release_workbook(&mut self) -> Arc<Workbook> {
        match Arc::get_mut(&mut self.model) {
            Some(model) => std::mem::take(&mut model.workbook),
            None => Arc::clone(self.model.workbook()),
        }
    }

    /// Puts a workbook under the graph, which is right for it.
    fn give_workbook(&mut self, book: Arc<Workbook>) {
        match Arc::get_mut(&mut self.model) {
            Some(model) => model.workbook = book,
            None => {
                let mut model = (*self.model).clone();
                model.workbook = book;
                self.model = Arc::new(model);
            }
        }
    }

    /// Puts the workbook back after an edit that was refused.
    pub(super) fn restore_workbook(&mut self, book: Arc<Workbook>) {
        if let Some(model) = Arc::get_mut(&mut self.model) {
            model.workbook = book;
        }
    }

    /// Follows effects there or back, and brings back the inputs that were lost the other way.
    pub(super) fn travel(&mut self, book: Arc<Workbook>, effects: &[Effect], inputs: &mut Vec<Input>) {
        let lost = self.follow(book, effects);
        for ((sheet, cell), value) in std::mem::replace(inputs, lost) {
            self.set(sheet, cell, value);
        }
    }

    /// Takes over an edited workbook. Gives the inputs that are lost, at the places that they had before.
    ///
    /// Cost: where only constants changed, what depends on them. Else a new graph, whose cost follows the families of
    /// formulas, and the values that move.
    pub(super) fn follow(&mut self, book: Arc<Workbook>, effects: &[Effect]) -> Vec<Input> {
        let shifts: Vec<&Shift> = effects.iter().filter_map(|effect| effect.shift.as_ref()).collect();
        let contents = contents(effects);
        let is_plain = shifts.is_empty()
            && effects.iter().all(|effect| !effect.names && !effect.tables && effect.rewritten.is_empty());
        if is_plain && !contents.iter().any(|area| self.holds_formulas(*area, &book)) {
            let lost = self.drop_inputs(&contents, Shifts(&[]));
            self.give_workbook(book);
            for area in &contents {
                self.take_contents(*area);
            }
            self.mark_contents(&contents);
            return lost;
        }
        let shifts = Shifts(&shifts);
        let lost = self.drop_inputs(&contents, shifts);
        let before = Before::of(self, shifts, &contents);
        self.move_cells(shifts, &book);
        self.model = Arc::new(if is_plain { self.model.with_formulas(book) } else { Model::new(book) });
        for area in &contents {
            self.take_contents(*area);
        }
        before.carry_into(self);
        let model = Arc::clone(&self.model);
        self.circular.retain(|(sheet, cell)| model.vertex_at(*sheet, *cell).is_some());
        self.mark_contents(&contents);
        self.free_blocked();
        lost
    }

    /// Whether formulas stand in an area or fill it, before or after.
    fn holds_formulas(&self, area: Area, book: &Workbook) -> bool {
        let Area { sheet, rect } = area;
        let right = rect.right.0.min(self.model.formula_columns(sheet).saturating_sub(1));
        let before = (rect.left.0..=right)
            .any(|col| !self.model.spans(sheet, Col(col), rect.top, rect.bottom).is_empty());
        let spread =
            self.spreads.get(usize::from(sheet.0)).is_some_and(|all| all.find(rect, |_| true).is_some());
        before || spread || book.sheet(sheet).is_some_and(|of| of.has_formula_in(rect))
    }

    /// Moves inputs with their cells. Those whose cells are gone or got new contents are dropped and given.
    fn drop_inputs(&mut self, contents: &[Area], shifts: Shifts<'_>) -> Vec<Input> {
        let mut lost = Vec::new();
        for ((sheet, cell), value) in std::mem::take(&mut self.inputs) {
            let to = shifts.cell(sheet, cell);
            let is_set = |(sheet, cell): (SheetId, Cell)| {
                contents.iter().any(|area| area.sheet == sheet && area.rect.contains(cell))
            };
            match to.filter(|to| !is_set(*to)) {
                Some(to) => drop(self.inputs.insert(to, value)),
                None => lost.push(((sheet, cell), value)),
            }
        }
        let blockers = std::mem::take(&mut self.blockers);
        self.blockers = blockers.into_iter().filter_map(|(sheet, cell)| shifts.cell(sheet, cell)).collect();
        lost
    }

    /// Values go where their cells go.
    fn move_cells(&mut self, shifts: Shifts<'_>, book: &Workbook) {
        for shift in shifts.0 {
            match shift {
                Shift::Rows { sheet, slide } => {
                    if let Some(storage) = self.grids.get_mut(usize::from(sheet.0)) {
                        storage.0.slide_rows(*slide);
                    }
                }
                Shift::Cols { sheet, slide } => {
                    if let Some(storage) = self.grids.get_mut(usize::from(sheet.0)) {
                        storage.0.slide_columns(*slide);
                    }
                }
                Shift::Move { from, to } => self.move_block(*from, *to, shift),
                Shift::Sheets { places, count } => {
                    let mut grids = vec![Storage(Grid::default()); usize::from(*count)];
                    for (grid, place) in std::mem::take(&mut self.grids).into_iter().zip(places.iter()) {
                        if let Some(slot) = place.and_then(|place| grids.get_mut(usize::from(place.0))) {
                            *slot = grid;
                        }
                    }
                    self.grids = grids;
                }
            }
        }
        self.grids.resize_with(book.sheets.len(), || Storage(Grid::default()));
        self.indexes = crate::index::Indexes::default();
        let circular = std::mem::take(&mut self.circular);
        self.circular = circular.into_iter().filter_map(|(sheet, cell)| shifts.cell(sheet, cell)).collect();
    }

    fn move_block(&mut self, from: Area, to: Area, shift: &Shift) {
        let Some(grid) = self.grids.get_mut(usize::from(from.sheet.0)) else { return };
        let moved: Vec<(Cell, Value)> =
            grid.0.within(from.rect).map(|(cell, value)| (cell, value.clone())).collect();
        empty(&mut grid.0, from.rect);
        let Some(grid) = self.grids.get_mut(usize::from(to.sheet.0)) else { return };
        empty(&mut grid.0, to.rect);
        for (cell, value) in moved {
            if let Some((_, cell)) = shift.cell(from.sheet, cell) {
                grid.0.set(cell, value);
            }
        }
    }

    /// Takes the contents of cells from the workbook: constants, and for formulas what was cached.
    fn take_contents(&mut self, area: Area) {
        let model = Arc::clone(&self.model);
        let Some(sheet) = model.workbook().sheet(area.sheet) else { return };
        let Some(Storage(grid)) = self.grids.get_mut(usize::from(area.sheet.0)) else { return };
        if area.rect == Rect::SHEET {
            *grid = sheet.grid.clone();
        } else {
            empty(grid, area.rect);
            for (cell, value) in sheet.grid.within(area.rect) {
                grid.set(cell, value.clone());
            }
        }
        let width = u32::from(sheet.grid.width().max(grid.width()));
        for col in (area.rect.left.0..=area.rect.right.0).take_while(|col| u32::from(*col) < width) {
            self.indexes.drop_column(area.sheet, Col(col));
        }
        self.blockers.retain(|(on, cell)| *on != area.sheet || !area.rect.contains(*cell));
    }

    /// What reads cells with new contents must be evaluated, and so must what spills there or would.
    fn mark_contents(&mut self, contents: &[Area]) {
        for area in contents {
            self.mark_readers(*area, STALE | FORCED);
            self.respread(*area);
        }
    }

    /// Whatever was in the way of a spill may be gone now.
    fn free_blocked(&mut self) {
        let model = Arc::clone(&self.model);
        for id in model.sheets.iter().flat_map(|graph| &graph.spreading) {
            let vertex = model.vertex(*id);
            let anchor = Cell::from(vertex.family);
            if self.value(vertex.sheet, anchor).error() == Some(CellError::Spill) {
                self.mark_rows(*id, anchor.row, anchor.row, STALE | FORCED);
                self.mark_readers(Area::cell(vertex.sheet, anchor), STALE);
            }
        }
    }
}

/// The cells with new contents, where they stand at the end.
fn contents(effects: &[Effect]) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for effect in effects {
        if let Some(shift) = &effect.shift {
            areas = areas.into_iter().flat_map(|area| workbook::carried(area, shift)).collect();
        }
        areas.extend(&effect.after);
    }
    areas.sort_unstable();
    areas.dedup();
    areas
}

fn empty(grid: &mut Grid, rect: Rect) {
    let right = rect.right.0.min(grid.width().saturating_sub(1));
    for col in rect.left.0..=right {
        grid.clear(Col(col), rect.top, rect.bottom, |_| false);
    }
}
