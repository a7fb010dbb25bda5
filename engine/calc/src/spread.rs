//! Array results on the sheet: legacy arrays fill their rectangle, dynamic ones spill as far as they go.

use crate::model::{Model, VertexId, VertexKind};
use crate::session::Session;
use crate::state::{FORCED, STALE};
use values::{Area, Cell, CellError, Rect, SheetId, Value};
use workbook::ArrayKind;

/// What one formula fills beyond its own cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    pub vertex: VertexId,
    pub anchor: Cell,
    pub rect: Rect,
}

impl Spread {
    /// What a formula filled when the file was saved; `None` where that was its own cell only.
    pub fn at_load(model: &Model, id: VertexId) -> Option<Spread> {
        let vertex = model.vertex(id);
        match vertex.kind {
            VertexKind::Array(_, rect) | VertexKind::DataTable(_, rect) if !rect.is_cell() => {
                Some(Spread { vertex: id, anchor: vertex.family.into(), rect })
            }
            VertexKind::DataTable(_, rect) => Some(Spread { vertex: id, anchor: rect.first(), rect }),
            _ => None,
        }
    }
}

impl Session {
    /// Writes the result of an array formula at `anchor`; gives whether the anchor's own value changed.
    pub(crate) fn write_array(&mut self, id: VertexId, kind: ArrayKind, rect: Rect, value: &Value) -> bool {
        let (sheet, anchor) = {
            let vertex = self.model.vertex(id);
            (vertex.sheet, vertex.family.into())
        };
        match kind {
            ArrayKind::Legacy => self.fill(id, sheet, anchor, rect, value),
            ArrayKind::Dynamic => match self.spill_rect(id, sheet, anchor, value) {
                Ok(rect) => self.fill(id, sheet, anchor, rect, value),
                Err(error) => self.fill(id, sheet, anchor, Rect::cell(anchor), &error.into()),
            },
        }
    }

    /// Where a result would spill to.
    fn spill_rect(
        &self,
        id: VertexId,
        sheet: SheetId,
        anchor: Cell,
        value: &Value,
    ) -> Result<Rect, CellError> {
        let Value::Array(array) = value else { return Ok(Rect::cell(anchor)) };
        let last = anchor.moved(i64::from(array.rows()) - 1, i64::from(array.cols()) - 1);
        let rect = Rect::new(anchor, last.ok_or(CellError::Spill)?);
        if self.is_blocked(id, sheet, anchor, rect) { Err(CellError::Spill) } else { Ok(rect) }
    }

    /// Whether anything stands in `rect` that the formula has not put there itself.
    fn is_blocked(&self, id: VertexId, sheet: SheetId, anchor: Cell, rect: Rect) -> bool {
        let own = self.own_spread(id, sheet).map_or(Rect::cell(anchor), |spread| spread.rect);
        if self.spreads[usize::from(sheet.0)].find(rect, |other| other.vertex != id).is_some() {
            return true;
        }
        let row = |row: values::Row| Cell { row, col: values::Col(0) };
        let mut in_the_way = self
            .blockers
            .range((sheet, row(rect.top))..=(sheet, Cell { col: rect.right, ..row(rect.bottom) }));
        if in_the_way.any(|(_, cell)| rect.contains(*cell)) {
            return true;
        }
        let merged = self.model.workbook().sheet(sheet).map_or(&[][..], |sheet| &sheet.merged);
        if merged.iter().any(|merged| merged.intersection(rect).is_some_and(|_| !rect.is_cell())) {
            return true;
        }
        let formula = |col: u16| {
            let spans = self.model.spans(sheet, values::Col(col), rect.top, rect.bottom);
            spans.iter().any(|span| span.vertex != id)
        };
        if (rect.left.0..=rect.right.0).any(formula) {
            return true;
        }
        let grid = &self.grids[usize::from(sheet.0)].0;
        (rect.left.0..=rect.right.0).any(|col| {
            let mut from = rect.top.0;
            while let Some((start, slice)) = grid.next_slice(col, from) {
                if start > rect.bottom.0 {
                    return false;
                }
                let foreign = |(offset, value): (usize, &Value)| {
                    let cell = Cell::new(start + offset as u32, col);
                    cell.row <= rect.bottom && !matches!(value, Value::Empty) && !own.contains(cell)
                };
                if slice.iter().enumerate().any(foreign) {
                    return true;
                }
                from = start + slice.len() as u32;
            }
            false
        })
    }

    /// An input covers the formula of an array: what it filled beside its own cell is free.
    pub(crate) fn withdraw(&mut self, id: VertexId) {
        let sheet = self.model.vertex(id).sheet;
        let Some(spread) = self.own_spread(id, sheet) else { return };
        self.spreads[usize::from(sheet.0)].remove(id);
        for cell in spread.rect.cells().filter(|cell| *cell != spread.anchor) {
            let input = self.input(sheet, cell).cloned();
            self.write(sheet, cell, input.unwrap_or(Value::Empty));
        }
        let area = Area { sheet, rect: spread.rect };
        self.mark_readers(area, STALE | FORCED);
        self.respread(area);
    }

    /// The formula of an array is no longer covered. Legacy arrays have their cells at once; dynamic ones take what
    /// is free when they are evaluated.
    pub(crate) fn occupy(&mut self, id: VertexId) {
        let vertex = self.model.vertex(id);
        let sheet = vertex.sheet;
        let is_dynamic = matches!(vertex.kind, VertexKind::Array(ArrayKind::Dynamic, _));
        let is_missing = self.own_spread(id, sheet).is_none();
        if !is_dynamic
            && is_missing
            && let Some(spread) = Spread::at_load(&self.model, id)
        {
            self.spreads[usize::from(sheet.0)].put(spread);
        }
    }

    /// Whether cells beside its own show what an array formula gave.
    pub(crate) fn fills_more_than_its_cell(&self, id: VertexId) -> bool {
        self.own_spread(id, self.model.vertex(id).sheet).is_some()
    }

    fn own_spread(&self, id: VertexId, sheet: SheetId) -> Option<Spread> {
        self.spreads[usize::from(sheet.0)].of(id).copied()
    }

    /// Fills `rect` from the value, clears what the formula filled before beyond it, and marks the readers of
    /// every cell that changed.
    pub(crate) fn fill(
        &mut self,
        id: VertexId,
        sheet: SheetId,
        anchor: Cell,
        rect: Rect,
        value: &Value,
    ) -> bool {
        let before = self.own_spread(id, sheet);
        let mut changed = Changed { anchor, anchor_too: false, others: None };
        if let Some(before) = before {
            for cell in before.rect.cells().filter(|cell| !rect.contains(*cell)) {
                if !self.blockers.contains(&(sheet, cell)) {
                    self.put_cell(sheet, cell, Value::Empty, &mut changed);
                }
            }
        }
        let place = |cell: Cell| place(value, cell.row.0 - rect.top.0, u32::from(cell.col.0 - rect.left.0));
        if rect.rows() < COLUMNS_WORTHWHILE {
            for cell in rect.cells() {
                self.put_cell(sheet, cell, place(cell), &mut changed);
            }
        } else {
            for col in (rect.left.0..=rect.right.0).map(values::Col) {
                let values =
                    (0..rect.rows()).map(|down| place(Cell { row: values::Row(rect.top.0 + down), col }));
                let rows = self.replace_rows(sheet, col, rect.top, values).into_iter().flatten();
                rows.for_each(|row| changed.note(Cell { row: values::Row(row), col }));
            }
        }
        let spreads = &mut self.spreads[usize::from(sheet.0)];
        if rect.is_cell() {
            spreads.remove(id);
        } else {
            spreads.put(Spread { vertex: id, anchor, rect });
        }
        if before.map(|spread| spread.rect).filter(|r| *r != rect).is_some()
            || (before.is_none() && !rect.is_cell())
        {
            // `anchor#` means other cells now, whatever their values.
            self.mark_readers(Area::cell(sheet, anchor), STALE | FORCED);
        }
        if let Some(rect) = changed.others {
            self.mark_readers(Area { sheet, rect }, STALE | FORCED);
        }
        changed.anchor_too
    }

    fn put_cell(&mut self, sheet: SheetId, cell: Cell, value: Value, changed: &mut Changed) {
        if !self.value(sheet, cell).same(&value) {
            self.write(sheet, cell, value);
            changed.note(cell);
        }
    }
}

/// What filling the cells of an array changed.
struct Changed {
    anchor: Cell,
    anchor_too: bool,
    /// A rectangle around the other cells.
    others: Option<Rect>,
}

impl Changed {
    fn note(&mut self, cell: Cell) {
        if cell == self.anchor {
            self.anchor_too = true;
        } else {
            self.others = Some(self.others.map_or(Rect::cell(cell), |all| all.hull(Rect::cell(cell))));
        }
    }
}

/// Arrays of so many rows are stored column by column.
const COLUMNS_WORTHWHILE: u32 = 16;

/// What one cell of an array shows: single rows and columns repeat, cells beyond show `#N/A`, a function among the
/// values `#VALUE!`, where one alone is `#CALC!`.
fn place(value: &Value, row: u32, col: u32) -> Value {
    let value = match value {
        Value::Array(array) => match array.broadcast(row, col) {
            Some(Value::Lambda(_)) => CellError::Value.into(),
            Some(value) => value.clone(),
            None => CellError::NA.into(),
        },
        scalar => scalar.clone(),
    };
    cell_value(value)
}

/// A formula's cell is never empty: what would be empty shows as 0.
pub(crate) fn cell_value(value: Value) -> Value {
    match value {
        Value::Empty | Value::Missing => Value::Number(0.0),
        Value::Lambda(_) => CellError::Calc.into(),
        Value::Array(_) | Value::Range(..) | Value::Areas(_) => CellError::Value.into(),
        scalar => scalar,
    }
}
