//! Bringing values up to date, in the order in which formulas ask for each other.
//!
//! A stack of frames stands in for recursion: a chain of a million cells needs memory, not call depth. A cell
//! whose formula meets a stale cell is put back and evaluated again when that one is done. A stale cell whose
//! precedents all kept their values is not evaluated at all.

use crate::evaluate::Evaluator;
use crate::model::{Model, Vertex, VertexId, VertexKind};
use crate::session::Session;
use crate::spread::cell_value;
use crate::state::{ACTIVE, CHANGED, CIRCULAR, FORCED, STALE, offsets};
use crate::together::Copies;
use functions::Environment;
use rustc_hash::FxHashSet;
use std::cell::Cell as Slot;
use std::collections::BTreeSet;
use std::sync::Arc;
use values::{Area, Cell, Row, SheetId, Value};
use workbook::ArrayKind;

/// Which values are wanted now; what they do not need stays stale.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// Every formula.
    All,
    /// These cells and what they need.
    Areas(&'a [Area]),
}

/// How a recalculation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything wanted is up to date.
    Done,
    /// It was cancelled; what is not done is still stale.
    Cancelled,
    /// The budget of work was used up; what is not done is still stale.
    OutOfBudget,
}

/// What a recalculation did.
#[derive(Clone, Debug)]
pub struct Report {
    /// How it ended.
    pub ended: Ended,
    /// Formulas evaluated, repeated tries included: a measure of work that no clock disturbs.
    pub evaluations: u64,
    /// Units of work that it took, as [`Environment::budget`] counts them.
    pub units: u64,
    /// Cells that depend on themselves, those that stayed as they were included; they show 0 unless the workbook
    /// iterates.
    pub circular: Vec<(SheetId, Cell)>,
}

/// Work in progress.
pub(crate) enum Frame {
    /// A formula's cell to bring up; `checked` once its precedents were asked.
    Cell { vertex: VertexId, offset: u32, checked: bool },
    /// An area whose stale cells come first.
    Area(Area),
    /// Copies of one formula.
    Copies(Copies),
}

/// Spills that grow into what they read would go on for ever; each array gets this many tries in one run.
const MOST_RESPILLS: u64 = 1_000;

pub(crate) struct Run<'a> {
    pub session: &'a mut Session,
    pub environment: &'a Environment,
    pub model: Arc<Model>,
    pub stack: Vec<Frame>,
    pub budget: Slot<u64>,
    pub evaluations: u64,
    /// Vertices whose copies are being brought up together further down the stack.
    pub together: FxHashSet<VertexId>,
    respills: u64,
    /// Cells that were found to depend on themselves.
    pub cycles: BTreeSet<(SheetId, Cell)>,
    /// Arrays whose cells were emptied because what they read waits for them.
    pub emptied: FxHashSet<VertexId>,
    pub ended: Ended,
}

impl Session {
    /// Brings up what is wanted. Volatile formulas are done again each time; `environment` gives the clock, the
    /// random numbers and the limits.
    pub fn recalculate(&mut self, environment: &Environment, wanted: Wanted<'_>) -> Report {
        self.revision += 1;
        self.recalculate_again(environment, wanted)
    }

    /// The same with the random numbers of the last time, for trying values.
    pub(crate) fn recalculate_again(&mut self, environment: &Environment, wanted: Wanted<'_>) -> Report {
        self.environment = Environment { cancel: None, ..environment.clone() };
        self.mark_volatile();
        self.bring_up(environment, wanted)
    }

    /// Brings up what is stale among the wanted. Volatile formulas that are up to date stay so.
    pub(crate) fn bring_up(&mut self, environment: &Environment, wanted: Wanted<'_>) -> Report {
        let model = Arc::clone(&self.model);
        let mut run = Run {
            session: self,
            environment,
            model,
            stack: Vec::new(),
            budget: Slot::new(environment.budget),
            evaluations: 0,
            together: FxHashSet::default(),
            respills: 0,
            cycles: BTreeSet::new(),
            emptied: FxHashSet::default(),
            ended: Ended::Done,
        };
        run.bring_up_bands(wanted);
        match wanted {
            Wanted::All => run.all(),
            Wanted::Areas(areas) => areas.iter().for_each(|area| run.bring_up(*area)),
        }
        run.iterate();
        run.remember_cycles();
        let (ended, evaluations) = (run.ended, run.evaluations);
        let units = environment.budget.saturating_sub(run.budget.get());
        self.forget_changes();
        Report { ended, evaluations, units, circular: self.circular.iter().copied().collect() }
    }

    /// Whether something that a copy reads changed, or can't be known without evaluating.
    pub(crate) fn precedents_changed(&self, vertex: &Vertex, offset: u32) -> bool {
        precedent_areas(vertex, offset)
            .any(|area| self.any_changed(area) || self.find_stale(area, 0).is_some())
    }

    fn mark_volatile(&mut self) {
        let model = Arc::clone(&self.model);
        for id in &model.volatile {
            let vertex = model.vertex(*id);
            let rect = match vertex.kind {
                VertexKind::Plain => vertex.family.rect(),
                VertexKind::Array(_, rect) | VertexKind::DataTable(_, rect) => rect,
            };
            self.mark_rows(*id, vertex.family.top, vertex.family.bottom, STALE | FORCED);
            self.mark_readers(Area { sheet: vertex.sheet, rect }, STALE);
        }
    }

    /// Which values changed matters until everything that waits for it was brought up.
    fn forget_changes(&mut self) {
        if self.stale == 0 {
            self.dirty.clear();
            for id in std::mem::take(&mut self.changed) {
                self.states[id.0 as usize].clear_all(CHANGED | FORCED);
            }
        }
    }
}

impl Run<'_> {
    pub fn all(&mut self) {
        // A spill that changes late may make done cells stale again.
        while self.ended == Ended::Done && self.session.stale > 0 {
            // In the workbook's order, which is that in which most formulas are read.
            let dirty = &mut self.session.dirty;
            dirty.sort_unstable();
            dirty.dedup();
            let batch = dirty.clone();
            batch.iter().for_each(|id| self.vertex(*id));
            let Session { dirty, states, .. } = &mut *self.session;
            dirty.retain(|id| states[id.0 as usize].stale() > 0);
            if dirty.is_empty() {
                break;
            }
        }
    }

    /// Brings up a whole vertex.
    fn vertex(&mut self, id: VertexId) {
        let rows = self.model.vertex(id).family.rect().rows();
        let mut offset = 0;
        while offset < rows && self.ended == Ended::Done {
            let Some(next) = self.session.states[id.0 as usize].find(offset, rows - 1, STALE, 0) else {
                break;
            };
            self.start(id, next, rows - 1);
            self.work();
            offset = next + 1;
        }
    }

    pub fn bring_up(&mut self, area: Area) {
        self.stack.push(Frame::Area(area));
        self.work();
        // The area may hold cells that a spill made stale again.
        while self.ended == Ended::Done && self.session.find_stale(area, 0).is_some() {
            self.stack.push(Frame::Area(area));
            self.work();
        }
    }

    /// Puts a stale cell on the stack, with the copies that follow it up to `last` where that is possible.
    fn start(&mut self, vertex: VertexId, offset: u32, last: u32) {
        match self.copies(vertex, offset, last) {
            Some(copies) => self.stack.push(Frame::Copies(copies)),
            None => self.start_cell(vertex, offset),
        }
    }

    pub fn start_cell(&mut self, vertex: VertexId, offset: u32) {
        let rows = self.model.vertex(vertex).family.rect().rows();
        self.session.states[vertex.0 as usize].set(offset, ACTIVE, rows);
        self.stack.push(Frame::Cell { vertex, offset, checked: false });
    }

    /// Works the stack off.
    fn work(&mut self) {
        while let Some(frame) = self.stack.last_mut() {
            match frame {
                Frame::Area(area) => {
                    let area = *area;
                    match self.session.find_stale(area, ACTIVE) {
                        Some((vertex, offset)) => {
                            let (_, last) =
                                offsets(self.model.vertex(vertex), area.rect.top, area.rect.bottom);
                            self.start(vertex, offset, last.max(offset));
                        }
                        None => drop(self.stack.pop()),
                    }
                }
                Frame::Copies(copies) => {
                    let copies = *copies;
                    self.visit_copies(copies);
                }
                Frame::Cell { vertex, offset, checked } => {
                    let (vertex, offset) = (*vertex, *offset);
                    let first_visit = !std::mem::replace(checked, true);
                    self.visit(vertex, offset, first_visit);
                }
            }
            if self.stop() {
                return self.unwind();
            }
        }
    }

    /// Whether to stop: cancelled, or out of budget.
    pub fn stop(&mut self) -> bool {
        if self.environment.is_cancelled() {
            self.ended = Ended::Cancelled;
        } else if self.budget.get() == 0 {
            self.ended = Ended::OutOfBudget;
        }
        self.ended != Ended::Done
    }

    /// Whether functions may have run out of budget and answered with an error that is not theirs.
    pub fn is_spent(&self) -> bool {
        self.budget.get() == 0 && self.environment.budget != u64::MAX
    }

    /// Takes the cost of evaluating some cells from the budget.
    pub fn charge(&mut self, cells: u32) {
        self.evaluations += u64::from(cells);
        self.budget.set(self.budget.get().saturating_sub(u64::from(cells)));
    }

    /// Takes the cost of the cells that a legacy array fills, of which a single value may fill a million.
    pub fn charge_filling(&mut self, id: VertexId) {
        if let VertexKind::Array(ArrayKind::Legacy, rect) = self.model.vertex(id).kind {
            self.budget.set(self.budget.get().saturating_sub(rect.count() - 1));
        }
    }

    /// An evaluator of the formula in `host`.
    pub fn evaluator(&self, sheet: SheetId, host: Cell) -> Evaluator<'_> {
        Evaluator::new(self.session, self.environment, &self.budget, sheet, host)
    }

    /// Leaves everything stale that was not finished.
    fn unwind(&mut self) {
        for frame in std::mem::take(&mut self.stack) {
            if let Frame::Cell { vertex, offset, .. } = frame {
                self.session.states[vertex.0 as usize].clear(offset, ACTIVE);
            }
        }
    }

    fn visit(&mut self, vertex: VertexId, offset: u32, first_visit: bool) {
        let state = &self.session.states[vertex.0 as usize];
        if !state.has(offset, STALE) {
            return self.finish(vertex, offset);
        }
        if !state.has(offset, FORCED) {
            if first_visit && self.ask_precedents(vertex, offset) {
                return;
            }
            if !self.session.precedents_changed(self.model.vertex(vertex), offset) {
                return self.finish(vertex, offset);
            }
        }
        self.evaluate(vertex, offset);
    }

    /// Puts the stale precedents of a cell on the stack; gives whether there are any.
    fn ask_precedents(&mut self, vertex: VertexId, offset: u32) -> bool {
        let model = Arc::clone(&self.model);
        let mut any = false;
        for area in precedent_areas(model.vertex(vertex), offset) {
            if self.session.find_stale(area, ACTIVE).is_some() {
                self.stack.push(Frame::Area(area));
                any = true;
            }
        }
        any
    }

    fn evaluate(&mut self, id: VertexId, offset: u32) {
        let model = Arc::clone(&self.model);
        let vertex = model.vertex(id);
        let cell = Cell { row: Row(vertex.family.top.0 + offset), col: vertex.family.col };
        self.charge(1);
        let VertexKind::DataTable(place, rect) = vertex.kind else {
            let evaluator = self.evaluator(vertex.sheet, cell);
            let value = evaluator.formula(vertex);
            let (pending, cycles) = evaluator.into_findings();
            if let Some(area) = pending {
                self.stack.push(Frame::Area(area));
                return;
            }
            if self.untie(&cycles) {
                return;
            }
            return self.complete(id, offset, cell, value);
        };
        let Some(value) = self.session.data_table(vertex.sheet, place, self.environment, &self.budget) else {
            return;
        };
        self.session.fill(id, vertex.sheet, rect.first(), rect, &value);
        self.finish(id, offset);
    }

    fn complete(&mut self, id: VertexId, offset: u32, cell: Cell, value: Value) {
        self.charge_filling(id);
        if self.is_spent() {
            return;
        }
        self.store(id, offset, cell, value);
        self.stack.pop();
    }

    /// Stores what a formula gave.
    pub fn store(&mut self, id: VertexId, offset: u32, cell: Cell, value: Value) {
        let vertex = self.model.vertex(id);
        let circular = self.session.states[id.0 as usize].has(offset, CIRCULAR);
        let iterates = self.model.workbook.iteration.is_some();
        let value = if circular && !iterates { Value::Number(0.0) } else { value };
        let changed = match vertex.kind {
            VertexKind::Array(kind, rect) => {
                self.respills += 1;
                let limit = MOST_RESPILLS + 8 * self.model.vertices.len() as u64;
                let value = if self.respills > limit { values::CellError::Calc.into() } else { value };
                // What it fills may reach what it reads: then it is stale again, and looked at once more.
                self.session.settle(id, offset, offset);
                self.session.write_array(id, kind, rect, &value)
            }
            _ => {
                let (sheet, value) = (vertex.sheet, cell_value(value));
                let changed = !self.session.value(sheet, cell).same(&value);
                if changed {
                    self.session.write(sheet, cell, value);
                }
                changed
            }
        };
        if changed {
            let rows = vertex.family.rect().rows();
            self.session.states[id.0 as usize].set(offset, CHANGED, rows);
        }
        if !circular {
            self.session.leave_cycles(id, offset, offset);
        }
        // An array that filled what it reads is stale again.
        if circular || !matches!(vertex.kind, VertexKind::Array(..)) {
            self.session.settle(id, offset, offset);
        }
    }

    /// The cell on top of the stack is up to date.
    fn finish(&mut self, vertex: VertexId, offset: u32) {
        self.session.settle(vertex, offset, offset);
        self.stack.pop();
    }
}

fn precedent_areas(vertex: &Vertex, offset: u32) -> impl Iterator<Item = Area> {
    let host = Cell { row: Row(vertex.family.top.0 + offset), col: vertex.family.col };
    vertex
        .precedents
        .iter()
        .filter_map(move |precedent| precedent.rect(host).map(|rect| Area { sheet: precedent.sheet, rect }))
}
