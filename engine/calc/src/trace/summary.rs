//! What some cells hold, in a few figures.

use super::Summary;
use super::reads::Tracer;
use crate::spread::Spread;
use values::{Area, Cell, Col, SheetId, Value, significant_15};

/// Values that a summary names.
const MOST_NAMED: usize = 8;

impl Tracer<'_> {
    /// Counts what areas hold. Cost follows the filled cells, up to the limit.
    pub fn summary(&self, areas: &[Area]) -> Summary {
        let mut summary = Summary { is_whole: true, ..Summary::default() };
        for area in areas {
            summary.cells += area.rect.count();
            summary.formulas += self.formulas(*area);
            self.count(*area, &mut summary);
        }
        summary.sum = significant_15(summary.sum);
        summary
    }

    fn count(&self, area: Area, summary: &mut Summary) {
        let Some(grid) = self.session.grid(area.sheet) else { return };
        let rect = area.rect;
        let Some(used) = grid.used().and_then(|used| used.intersection(rect)) else { return };
        for col in used.left.0..=used.right.0 {
            let mut from = rect.top.0;
            while let Some((start, slice)) =
                grid.next_slice(col, from).filter(|(start, _)| *start <= rect.bottom.0)
            {
                let len = slice.len().min((rect.bottom.0 - start) as usize + 1);
                let left = self.cells.get();
                if left == 0 {
                    summary.is_whole = false;
                    return;
                }
                // A slice is a block at most, so the limit is met closely enough.
                self.cells.set(left.saturating_sub(len as u64));
                for (offset, value) in slice[..len].iter().enumerate() {
                    summary.add(area.sheet, Cell::new(start + offset as u32, col), value);
                }
                from = start + len as u32;
            }
        }
    }

    /// How many cells of an area formulas compute.
    fn formulas(&self, area: Area) -> u64 {
        let rect = area.rect;
        let right = rect.right.0.min(self.session.model.formula_columns(area.sheet).saturating_sub(1));
        let plain: u64 = (rect.left.0..=right)
            .flat_map(|col| self.session.model.spans(area.sheet, Col(col), rect.top, rect.bottom))
            .map(|span| u64::from(span.bottom.min(rect.bottom).0 - span.top.max(rect.top).0) + 1)
            .sum();
        let filled = |spread: &Spread| {
            let common = spread.rect.intersection(rect).map_or(0, |common| common.count());
            let own = self.session.model.vertex_at(area.sheet, spread.anchor).is_some();
            common - u64::from(own && rect.contains(spread.anchor))
        };
        let spreads = self.session.spreads.get(usize::from(area.sheet.0)).into_iter().flatten();
        plain + spreads.map(filled).sum::<u64>()
    }

    /// The first cell of some areas that a formula computes.
    pub fn first_formula(&self, areas: &[Area]) -> Option<(SheetId, Cell)> {
        areas.iter().find_map(|area| {
            let rect = area.rect;
            let right = rect.right.0.min(self.session.model.formula_columns(area.sheet).saturating_sub(1));
            let first = (rect.left.0..=right).find_map(|col| {
                let span = self.session.model.spans(area.sheet, Col(col), rect.top, rect.bottom).first()?;
                Some(Cell { row: span.top.max(rect.top), col: Col(col) })
            });
            let spread = || {
                let spreads = self.session.spreads.get(usize::from(area.sheet.0))?;
                spreads.iter().find_map(|spread| Some(spread.rect.intersection(rect)?.first()))
            };
            first.or_else(spread).map(|cell| (area.sheet, cell))
        })
    }
}

impl Summary {
    fn add(&mut self, sheet: SheetId, cell: Cell, value: &Value) {
        match value {
            Value::Empty => return,
            Value::Number(number) => {
                self.numbers += 1;
                self.sum += number;
            }
            Value::Error(_) => {
                self.errors += 1;
                self.first_error.get_or_insert((sheet, cell));
            }
            _ => {}
        }
        self.filled += 1;
        if self.first.len() < MOST_NAMED {
            self.first.push((sheet, cell, value.clone()));
        }
    }
}
