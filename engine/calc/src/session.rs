//! One person's state on a workbook: inputs over its cells, the values that follow, and what is out of date.

use crate::index::Indexes;
use crate::matter::Edit;
use crate::model::{Model, Vertex, VertexId, VertexKind};
use crate::precedent::Family;
use crate::spread::Spread;
use crate::spreads::Spreads;
use crate::state::{CHANGED, FORCED, OVERRIDDEN, STALE, VertexState, offsets};
use crate::together::Order;
use functions::{Cells, Environment};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId, Value};
use workbook::{Grid, RowRun, Storable};

/// A sheet's cells, as functions read them.
#[derive(Clone, Debug)]
pub(crate) struct Storage(pub Grid);

impl Cells for Storage {
    fn value(&self, cell: Cell) -> &Value {
        self.0.get(cell)
    }
    fn used(&self) -> Option<Rect> {
        self.0.used()
    }
    fn next_slice(&self, col: u16, from: u32) -> Option<(u32, &[Value])> {
        self.0.next_slice(col, from)
    }
}

/// Inputs and results over a shared, unchanging workbook.
///
/// Cloning is cheap: cells are shared until one of the copies writes them.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) model: Arc<Model>,
    pub(crate) grids: Vec<Storage>,
    pub(crate) states: Vec<VertexState>,
    /// By sheet: what one formula fills beyond its own cell.
    pub(crate) spreads: Vec<Spreads>,
    /// Cells that were set, and so differ from the workbook.
    pub(crate) inputs: BTreeMap<(SheetId, Cell), Value>,
    /// Filled cells where an array would spill to or has spilled to: what a person put in its way.
    pub(crate) blockers: BTreeSet<(SheetId, Cell)>,
    /// Stale cells in all.
    pub(crate) stale: u64,
    /// Vertices with CHANGED flags.
    pub(crate) changed: Vec<VertexId>,
    /// Cells found to depend on themselves.
    pub(crate) circular: BTreeSet<(SheetId, Cell)>,
    pub(crate) indexes: Indexes,
    /// The surroundings of the last recalculation.
    pub(crate) environment: Environment,
    /// Vertices that became stale, some perhaps no longer, some more than once.
    pub(crate) dirty: Vec<VertexId>,
    /// Grows with every recalculation.
    pub(crate) revision: u64,
}

/// So few vertices are looked through quicker than what the model knows of an area.
const FEW: usize = 32;

impl Session {
    /// A session that shows the values the file had cached.
    pub fn new(model: Arc<Model>) -> Session {
        let workbook = model.workbook();
        let grids = workbook.sheets.iter().map(|sheet| Storage(sheet.grid.clone())).collect();
        let mut spreads = vec![Spreads::default(); workbook.sheets.len()];
        for (sheet, graph) in model.sheets.iter().enumerate() {
            spreads[sheet] = graph.spreading.iter().filter_map(|id| Spread::at_load(&model, *id)).collect();
        }
        Session {
            grids,
            spreads,
            states: vec![VertexState::default(); model.vertices.len()],
            inputs: BTreeMap::new(),
            blockers: BTreeSet::new(),
            stale: 0,
            changed: Vec::new(),
            circular: BTreeSet::new(),
            indexes: Indexes::default(),
            environment: Environment::default(),
            dirty: Vec::new(),
            revision: 0,
            model,
        }
    }

    /// The graph it works on.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// The value of a cell as last calculated. It may be out of date until [`Session::recalculate`] ran for it.
    pub fn value(&self, sheet: SheetId, cell: Cell) -> &Value {
        const EMPTY: &Value = &Value::Empty;
        self.grids.get(usize::from(sheet.0)).map_or(EMPTY, |storage| storage.0.get(cell))
    }

    /// All values of a sheet.
    pub fn grid(&self, sheet: SheetId) -> Option<&Grid> {
        self.grids.get(usize::from(sheet.0)).map(|storage| &storage.0)
    }

    /// Whether a cell shows a value that may be out of date.
    pub fn is_stale(&self, sheet: SheetId, cell: Cell) -> bool {
        self.find_stale(Area::cell(sheet, cell), 0).is_some()
    }

    /// The cells whose formulas fill more than themselves now, with what they fill.
    pub fn spilled(&self) -> impl Iterator<Item = (SheetId, Cell, Rect)> {
        self.spreads.iter().enumerate().flat_map(|(sheet, spreads)| {
            spreads.iter().map(move |spread| (SheetId(sheet as u16), spread.anchor, spread.rect))
        })
    }

    /// Every cell whose value comes from a formula, those that an array fills included; a cell that two formulas
    /// claim comes twice.
    pub fn computed(&self) -> impl Iterator<Item = (SheetId, Cell)> {
        let families = self
            .model
            .vertices
            .iter()
            .flat_map(|vertex| vertex.family.rect().cells().map(move |cell| (vertex.sheet, cell)));
        let spread = self.spilled().flat_map(|(sheet, anchor, rect)| {
            rect.cells().filter(move |cell| *cell != anchor).map(move |cell| (sheet, cell))
        });
        families.chain(spread)
    }

    /// Cells that depend on themselves, as of the last recalculation.
    pub fn circular(&self) -> impl Iterator<Item = (SheetId, Cell)> {
        self.circular.iter().copied()
    }

    /// The inputs that were set.
    pub fn inputs(&self) -> impl Iterator<Item = (SheetId, Cell, &Value)> {
        self.inputs.iter().map(|((sheet, cell), value)| (*sheet, *cell, value))
    }

    /// Sets a cell; a formula that stands there is covered until [`Session::reset`]. What depends on it becomes
    /// stale. Cost: what it reaches.
    pub fn set(&mut self, sheet: SheetId, cell: Cell, value: Value) {
        if usize::from(sheet.0) >= self.grids.len() {
            return;
        }
        self.inputs.insert((sheet, cell), value.clone());
        if let Some(vertex) = self.model.vertex_at(sheet, cell)
            && self.cover(vertex, cell, true)
        {
            self.withdraw(vertex);
            // That no formula stands there any more matters to FORMULATEXT and its like, whatever the value.
            self.mark_readers(Area::cell(sheet, cell), STALE | FORCED);
        }
        self.write_input(sheet, cell, value);
    }

    /// Gives a cell back what the workbook has for it.
    pub fn reset(&mut self, sheet: SheetId, cell: Cell) {
        if self.inputs.remove(&(sheet, cell)).is_none() {
            return;
        }
        match self.model.vertex_at(sheet, cell) {
            Some(vertex) => {
                self.cover(vertex, cell, false);
                self.occupy(vertex);
                self.mark_rows(vertex, cell.row, cell.row, STALE | FORCED);
                self.mark_readers(Area::cell(sheet, cell), STALE | FORCED);
            }
            None => {
                let value = self.model.workbook().value(sheet, cell).clone();
                self.write_input(sheet, cell, value);
            }
        }
    }

    /// The input that was set for a cell.
    pub fn input(&self, sheet: SheetId, cell: Cell) -> Option<&Value> {
        self.inputs.get(&(sheet, cell))
    }

    /// Covers a formula with an input, or takes the input away; gives whether that is something new.
    fn cover(&mut self, vertex: VertexId, cell: Cell, covered: bool) -> bool {
        let (offset, rows) = {
            let of = self.model.vertex(vertex);
            (cell.row.0 - of.family.top.0, of.family.rect().rows())
        };
        let state = &mut self.states[vertex.0 as usize];
        let is_new = state.has(offset, OVERRIDDEN) != covered;
        if covered {
            let sheet = self.model.vertex(vertex).sheet;
            self.circular.remove(&(sheet, cell));
            if state.has(offset, STALE) {
                self.stale -= 1;
            }
            state.set(offset, OVERRIDDEN, rows);
            state.clear(offset, STALE | FORCED);
        } else {
            state.clear(offset, OVERRIDDEN);
        }
        is_new
    }

    fn write_input(&mut self, sheet: SheetId, cell: Cell, value: Value) {
        let spreads = &self.spreads[usize::from(sheet.0)];
        let covered = spreads.find(Rect::cell(cell), |spread| spread.anchor != cell).is_some();
        match value {
            Value::Empty => drop(self.blockers.remove(&(sheet, cell))),
            _ if covered => drop(self.blockers.insert((sheet, cell))),
            _ => {}
        }
        if self.value(sheet, cell).same(&value) && !covered {
            return;
        }
        let old = self.value(sheet, cell).clone();
        let new = value.clone();
        self.write(sheet, cell, value);
        let mut open = Vec::new();
        let model = Arc::clone(&self.model);
        for (id, top, bottom) in self.rows_that_matter(Edit { sheet, cell, old: &old, new: &new }) {
            self.mark_vertex(id, model.vertex(id), top, bottom, STALE | FORCED, &mut open);
        }
        self.mark_open(open);
        self.respread(Area::cell(sheet, cell));
    }

    /// A value in the way of a spill, or out of it, concerns the formula that spills.
    pub(crate) fn respread(&mut self, area: Area) {
        let model = Arc::clone(&self.model);
        for id in &model.sheets[usize::from(area.sheet.0)].spreading {
            let vertex = model.vertex(*id);
            let shown = self.spreads[usize::from(area.sheet.0)].of(*id);
            let blocked =
                self.value(vertex.sheet, vertex.family.into()).error() == Some(values::CellError::Spill);
            if blocked || shown.is_some_and(|spread| spread.rect.intersection(area.rect).is_some()) {
                self.mark_rows(*id, vertex.family.top, vertex.family.bottom, STALE | FORCED);
                self.mark_readers(Area { sheet: vertex.sheet, rect: vertex.family.rect() }, STALE);
            }
        }
    }

    /// Stores a value and drops what was remembered of its column.
    pub(crate) fn write(&mut self, sheet: SheetId, cell: Cell, value: Value) {
        if let Some(storage) = self.grids.get_mut(usize::from(sheet.0)) {
            self.indexes.changed(sheet, cell, &value);
            storage.0.set(cell, value);
        }
    }

    /// Marks every formula that reads the area, and all that follow from it. The first ones get `flags`,
    /// the others are only stale: whether they must be evaluated shows when their turn comes.
    pub(crate) fn mark_readers(&mut self, area: Area, flags: u8) {
        self.mark_open(vec![(area, flags)]);
    }

    fn mark_open(&mut self, mut open: Vec<(Area, u8)>) {
        let model = Arc::clone(&self.model);
        while let Some((area, flags)) = open.pop() {
            model.rows_reading(area, |id, top, bottom| {
                self.mark_vertex(id, model.vertex(id), top, bottom, flags, &mut open);
            });
        }
    }

    /// Marks rows of one vertex and notes for `open` what newly became stale.
    fn mark_vertex(
        &mut self,
        id: VertexId,
        vertex: &Vertex,
        top: Row,
        bottom: Row,
        flags: u8,
        open: &mut Vec<(Area, u8)>,
    ) {
        let mut newly = self.mark_rows(id, top, bottom, flags);
        // Where each copy reads the one beside it, the mark runs to the family's end; step by step that would be
        // a search of the graph for each row.
        let rest = match vertex.follows {
            Some(Order::Down) if !newly.is_empty() && bottom < vertex.family.bottom => {
                Some((Row(bottom.0 + 1), vertex.family.bottom))
            }
            Some(Order::Up) if !newly.is_empty() && top > vertex.family.top => {
                Some((vertex.family.top, Row(top.0 - 1)))
            }
            _ => None,
        };
        if let Some((top, bottom)) = rest {
            newly.extend(self.mark_rows(id, top, bottom, STALE));
        }
        for (top, bottom) in newly {
            let rect = match vertex.kind {
                VertexKind::Plain => Rect { top, bottom, ..vertex.family.rect() },
                VertexKind::Array(_, rect) | VertexKind::DataTable(_, rect) => {
                    let now = self.spreads[usize::from(vertex.sheet.0)].of(id);
                    now.map_or(rect, |spread| spread.rect.hull(rect))
                }
            };
            open.push((Area { sheet: vertex.sheet, rect }, STALE));
        }
    }

    /// Marks rows of one vertex; gives the runs of rows that were not stale before.
    pub(crate) fn mark_rows(&mut self, id: VertexId, top: Row, bottom: Row, flags: u8) -> Vec<(Row, Row)> {
        let (first, last, family) = {
            let vertex = self.model.vertex(id);
            let (first, last) = offsets(vertex, top, bottom);
            (first, last, vertex.family)
        };
        let state = &mut self.states[id.0 as usize];
        let was_clean = state.stale() == 0;
        let newly = state.mark(first, last, flags, OVERRIDDEN, family.rect().rows());
        if was_clean && !newly.is_empty() {
            self.dirty.push(id);
        }
        self.stale += newly.iter().map(|(first, last)| u64::from(last - first) + 1).sum::<u64>();
        let row = |offset: u32| Row(family.top.0 + offset);
        newly.into_iter().map(|(first, last)| (row(first), row(last))).collect()
    }

    /// Copies of a vertex are up to date, without having been evaluated.
    pub(crate) fn settle(&mut self, id: VertexId, first: u32, last: u32) {
        self.stale -= u64::from(self.states[id.0 as usize].settle(first, last));
        if self.changed.last() != Some(&id) {
            self.changed.push(id);
        }
    }

    /// Stores consecutive values of a column; gives the runs of rows where that is something new.
    pub(crate) fn replace_rows<C: Storable>(
        &mut self,
        sheet: SheetId,
        col: Col,
        first: Row,
        values: impl ExactSizeIterator<Item = C>,
    ) -> Vec<RowRun> {
        let mut changed: Vec<RowRun> = Vec::new();
        if let Some(storage) = self.grids.get_mut(usize::from(sheet.0)) {
            storage.0.replace(col, first, values, |run| match changed.last_mut() {
                Some(last) if last.end == run.start => last.end = run.end,
                _ => changed.push(run),
            });
            if !changed.is_empty() {
                self.indexes.changed_rows(sheet, col, &changed, &storage.0);
            }
        }
        changed
    }

    /// Stores what copies of a vertex gave, from the offset `first` on.
    pub(crate) fn put_rows<C: Storable>(
        &mut self,
        id: VertexId,
        first: u32,
        values: impl ExactSizeIterator<Item = C>,
    ) {
        let model = Arc::clone(&self.model);
        let vertex = model.vertex(id);
        let Family { col, top, .. } = vertex.family;
        let (len, rows) = (values.len() as u32, vertex.family.rect().rows());
        let changed = self.replace_rows(vertex.sheet, col, Row(top.0 + first), values);
        for run in changed {
            self.states[id.0 as usize].set_run(run.start - top.0, run.end - 1 - top.0, CHANGED, rows);
        }
        let last = first + len.saturating_sub(1);
        self.leave_cycles(id, first, last);
        self.settle(id, first, last);
    }

    /// Stores what one copy gave; gives whether that is something new.
    pub(crate) fn put_row(&mut self, id: VertexId, offset: u32, value: Value) -> bool {
        let (sheet, cell, rows) = {
            let vertex = self.model.vertex(id);
            let Family { col, top, .. } = vertex.family;
            (vertex.sheet, Cell { row: Row(top.0 + offset), col }, vertex.family.rect().rows())
        };
        let changed = !self.value(sheet, cell).same(&value);
        if changed {
            self.write(sheet, cell, value);
            self.states[id.0 as usize].set(offset, CHANGED, rows);
        }
        self.leave_cycles(id, offset, offset);
        self.settle(id, offset, offset);
        changed
    }

    /// The first stale cell of an area without any of the flags `without`, in an order of its own.
    pub(crate) fn find_stale(&self, area: Area, without: u8) -> Option<(VertexId, u32)> {
        if self.stale == 0 {
            return None;
        }
        if self.dirty.len() <= FEW {
            let stale = self.dirty.iter().find_map(|id| {
                let (first, last) = self.rows_within(*id, area)?;
                let offset = self.states[id.0 as usize].find(first, last, STALE, without)?;
                Some((*id, offset))
            });
            return stale.or_else(|| self.find_stale_spread(area, without));
        }
        let rect = area.rect;
        let right = rect.right.0.min(self.model.formula_columns(area.sheet).saturating_sub(1));
        for col in rect.left.0..=right {
            for span in self.model.spans(area.sheet, Col(col), rect.top, rect.bottom) {
                let state = &self.states[span.vertex.0 as usize];
                if state.stale() == 0 {
                    continue;
                }
                let (first, last) = offsets(self.model.vertex(span.vertex), rect.top, rect.bottom);
                if let Some(offset) = state.find(first, last, STALE, without) {
                    return Some((span.vertex, offset));
                }
            }
        }
        self.find_stale_spread(area, without)
    }

    fn find_stale_spread(&self, area: Area, without: u8) -> Option<(VertexId, u32)> {
        let spreads = self.spreads.get(usize::from(area.sheet.0))?;
        let is_stale =
            |spread: &Spread| self.states[spread.vertex.0 as usize].find(0, 0, STALE, without).is_some();
        spreads.find(area.rect, is_stale).map(|spread| (spread.vertex, 0))
    }

    /// The offsets of a vertex' cells that lie in an area.
    fn rows_within(&self, id: VertexId, area: Area) -> Option<(u32, u32)> {
        let vertex = self.model.vertex(id);
        let rect = vertex.family.rect().intersection(area.rect).filter(|_| vertex.sheet == area.sheet)?;
        Some(offsets(vertex, rect.top, rect.bottom))
    }

    /// Whether a formula cell of the area changed since all was last up to date.
    pub(crate) fn any_changed(&self, area: Area) -> bool {
        if self.changed.len() <= FEW {
            return self.changed.iter().any(|id| {
                let rows = self.rows_within(*id, area);
                rows.is_some_and(|(first, last)| self.states[id.0 as usize].any(first, last, CHANGED))
            });
        }
        let rect = area.rect;
        let right = rect.right.0.min(self.model.formula_columns(area.sheet).saturating_sub(1));
        (rect.left.0..=right).any(|col| {
            self.model.spans(area.sheet, Col(col), rect.top, rect.bottom).iter().any(|span| {
                let (first, last) = offsets(self.model.vertex(span.vertex), rect.top, rect.bottom);
                self.states[span.vertex.0 as usize].any(first, last, CHANGED)
            })
        })
    }

    /// Makes every formula stale and forgets all cached results, so that nothing but formulas and constants
    /// decides what comes.
    pub fn invalidate(&mut self) {
        let model = Arc::clone(&self.model);
        self.circular.clear();
        for sheet in 0..self.spreads.len() {
            for spread in std::mem::take(&mut self.spreads[sheet]) {
                for cell in spread.rect.cells().filter(|cell| *cell != spread.anchor) {
                    if model.vertex_at(SheetId(sheet as u16), cell).is_none() {
                        self.write(SheetId(sheet as u16), cell, Value::Empty);
                    }
                }
            }
            // An array whose formula an input covers fills nothing.
            let spreading = model.sheets[sheet].spreading.iter();
            let uncovered = spreading.filter(|id| !self.states[id.0 as usize].has(0, OVERRIDDEN));
            self.spreads[sheet] = uncovered.filter_map(|id| Spread::at_load(&model, *id)).collect();
        }
        for (id, vertex) in model.vertices.iter().enumerate() {
            self.mark_rows(VertexId(id as u32), vertex.family.top, vertex.family.bottom, STALE | FORCED);
            let Family { col, top, bottom } = vertex.family;
            let overridden = |row: Row| self.states[id].has(row.0 - top.0, OVERRIDDEN);
            if let Some(storage) = self.grids.get_mut(usize::from(vertex.sheet.0)) {
                storage.0.clear(col, top, bottom, overridden);
            }
            self.indexes.drop_column(vertex.sheet, col);
        }
    }
}
