//! The chain behind a value as a tree, and the way back to where an error began.
//!
//! The tree grows level by level, so that where it must end, it ends far from the cell that was asked for.

use super::reads::Tracer;
use super::{Cut, ErrorSource, Explanation, Origin, Part, PartKind, Step, Traced};
use std::collections::{HashSet, VecDeque};
use values::{Area, Cell, CellError, SheetId, Value};

/// Most formulas on the way back to an error.
const MOST_BACK: usize = 10_000;

type Place = (SheetId, Cell);

/// Explains a cell within the tracer's limits.
pub(super) fn explain(tracer: &Tracer<'_>, sheet: SheetId, cell: Cell) -> Explanation {
    let mut steps = vec![tracer.step(sheet, cell)];
    let mut open = VecDeque::from([(0, 0)]);
    let mut explained: HashSet<Place> = HashSet::new();
    while let Some((at, depth)) = open.pop_front() {
        let step = &steps[at];
        if !step.origin.is_computed() {
            continue;
        }
        let place = (step.sheet, step.cell);
        let cut = if explained.contains(&place) {
            Some(Cut::Repeated)
        } else if depth > 0 && tracer.limits.stop_at_captions && step.caption.is_some() {
            Some(Cut::Caption)
        } else if depth >= tracer.limits.depth {
            Some(Cut::Depth)
        } else if steps.len() >= tracer.limits.steps || tracer.environment.is_cancelled() {
            Some(Cut::Steps)
        } else {
            None
        };
        if cut.is_some() {
            steps[at].cut = cut;
            continue;
        }
        explained.insert(place);
        let is_error = steps[at].value.error().is_some();
        let (parts, more_parts) = tracer.parts(place.0, place.1);
        steps[at].more_parts = more_parts;
        for traced in parts {
            let (follow, is_example) = tracer.follow(&traced, is_error);
            let room = tracer.limits.steps.saturating_sub(steps.len());
            let mut places = Vec::new();
            let more_steps = follow.len().saturating_sub(room);
            for (sheet, cell) in follow.into_iter().take(room) {
                open.push_back((steps.len(), depth + 1));
                places.push(steps.len());
                steps.push(tracer.step(sheet, cell));
            }
            steps[at].parts.push(Part { traced, steps: places, is_example, more_steps });
        }
    }
    Explanation { steps, error: tracer.error_source(sheet, cell) }
}

impl Tracer<'_> {
    fn step(&self, sheet: SheetId, cell: Cell) -> Step {
        Step {
            sheet,
            cell,
            value: self.session.value(sheet, cell).clone(),
            origin: self.session.origin(sheet, cell),
            formula: self.formula_text(sheet, cell),
            caption: self.caption(sheet, cell),
            is_circular: self.session.circular.contains(&(sheet, cell)),
            parts: Vec::new(),
            more_parts: 0,
            cut: None,
        }
    }

    /// The cells of a part to go on with, and whether they are only an example.
    fn follow(&self, traced: &Traced, is_error: bool) -> (Vec<Place>, bool) {
        let each = self.limits.each;
        let singles = |areas: &[Area]| -> Vec<Place> {
            let single = areas.iter().filter(|area| area.rect.is_cell());
            single.map(|area| (area.sheet, area.rect.first())).collect()
        };
        if !traced.is_used {
            return (Vec::new(), false);
        }
        // A name's formula is shown by its cells; a range is shown as one.
        if singles(&traced.areas).len() == traced.areas.len() && traced.areas.len() as u64 <= each {
            return (singles(&traced.areas), false);
        }
        if traced.summary.cells <= each && traced.summary.formulas > 0 {
            let cells = traced.summary.first.iter().map(|(sheet, cell, _)| (*sheet, *cell));
            return (cells.filter(|place| !self.is_filled_within(*place, &traced.areas)).collect(), false);
        }
        let read = singles(&traced.reads);
        if !read.is_empty() && read.len() == traced.reads.len() && read.len() as u64 <= each {
            return (read, false);
        }
        if is_error && let Some(place) = traced.summary.first_error {
            return (vec![place], true);
        }
        let example = (traced.summary.formulas > 0).then(|| self.first_formula(&traced.areas)).flatten();
        (example.into_iter().collect(), example.is_some())
    }

    /// Whether an array formula of the same areas fills a cell: the formula says it all.
    fn is_filled_within(&self, (sheet, cell): Place, areas: &[Area]) -> bool {
        match self.session.origin(sheet, cell) {
            Origin::Spilled { anchor } => {
                areas.iter().any(|area| area.sheet == sheet && area.rect.contains(anchor))
            }
            _ => false,
        }
    }

    /// Goes from a cell with an error back to the one where it began.
    fn error_source(&self, sheet: SheetId, cell: Cell) -> Option<ErrorSource> {
        // The summaries of the tree must not decide how far this search gets.
        self.cells.set(self.limits.cells);
        let error = self.session.value(sheet, cell).error()?;
        let mut source = ErrorSource { sheet, cell, error, distance: 0, is_certain: true };
        let mut seen: HashSet<Place> = HashSet::from([(sheet, cell)]);
        loop {
            let next = self.read_with_error(source.sheet, source.cell, error, &seen);
            let Some((sheet, cell)) = next else { break };
            seen.insert((sheet, cell));
            source = ErrorSource { sheet, cell, distance: source.distance + 1, ..source };
            if source.distance >= MOST_BACK || self.environment.is_cancelled() {
                source.is_certain = false;
                break;
            }
        }
        source.is_certain &= self.cells.get() > 0;
        Some(source)
    }

    /// The first cell that a cell reads and that shows the error. Single cells come before ranges: a lookup gives
    /// `#N/A` of its own over ranges that may hold one too.
    fn read_with_error(
        &self,
        sheet: SheetId,
        cell: Cell,
        error: CellError,
        seen: &HashSet<Place>,
    ) -> Option<Place> {
        let areas = self.direct_reads(sheet, cell);
        let shows = |value: &Value| value.error() == Some(error);
        let single =
            areas.iter().filter(|area| area.rect.is_cell()).map(|area| (area.sheet, area.rect.first()));
        let mut single = single.filter(|place| !seen.contains(place));
        single.find(|(sheet, cell)| shows(self.session.value(*sheet, *cell))).or_else(|| {
            let ranges = areas.iter().filter(|area| !area.rect.is_cell());
            ranges
                .into_iter()
                .find_map(|area| self.find_in(*area, &|place, value| shows(value) && !seen.contains(&place)))
        })
    }

    /// What the value of a cell follows from, as areas.
    fn direct_reads(&self, sheet: SheetId, cell: Cell) -> Vec<Area> {
        let model = &self.session.model;
        match self.session.origin(sheet, cell) {
            Origin::Formula => {
                let vertex = model.vertex_at(sheet, cell).map(|id| model.vertex(id));
                let reads = vertex.and_then(|vertex| self.reads(vertex, cell));
                reads.unwrap_or_else(|| model.precedents(sheet, cell))
            }
            Origin::Spilled { anchor } => vec![Area::cell(sheet, anchor)],
            Origin::DataTable => {
                let parts = self.parts(sheet, cell).0.into_iter();
                parts.filter(|part| part.kind != PartKind::Broken).flat_map(|part| part.areas).collect()
            }
            Origin::Empty | Origin::Constant | Origin::Input { .. } => Vec::new(),
        }
    }

    /// The first cell of an area that is looked for, row by row within each column.
    pub fn find_in(&self, area: Area, wanted: &dyn Fn(Place, &Value) -> bool) -> Option<Place> {
        let grid = self.session.grid(area.sheet)?;
        let rect = area.rect;
        let used = grid.used()?.intersection(rect)?;
        for col in used.left.0..=used.right.0 {
            let mut from = rect.top.0;
            while let Some((start, slice)) =
                grid.next_slice(col, from).filter(|(start, _)| *start <= rect.bottom.0)
            {
                let len = slice.len().min((rect.bottom.0 - start) as usize + 1);
                self.cells.set(self.cells.get().saturating_sub(len as u64));
                if self.cells.get() == 0 {
                    return None;
                }
                let place = |offset: usize| (area.sheet, Cell::new(start + offset as u32, col));
                if let Some(offset) = (0..len).find(|offset| wanted(place(*offset), &slice[*offset])) {
                    return Some(place(offset));
                }
                from = start + len as u32;
            }
        }
        None
    }
}
