//! Cells that get new contents.

use super::guard::Touched;
use super::{Content, Done, EditError, Work};
use crate::{ArrayFormula, ArrayKind, Sheet, TemplateId, Workbook};
use formula::{Formula, Mode, parse};
use std::collections::{BTreeMap, BTreeSet};
use values::{Area, Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId, Value};

/// Above this, whole columns are kept for taking an edit back, not single cells.
const MANY_CELLS: usize = 4_096;

/// What a cell gets, ready to be stored.
pub(super) struct Ready {
    pub value: Value,
    pub formula: Option<TemplateId>,
    pub spills: bool,
}

impl Work<'_> {
    pub(super) fn set(&mut self, sheet: SheetId, cells: &[(Cell, Content)]) -> Done {
        let contents: BTreeMap<Cell, &Content> =
            cells.iter().map(|(cell, content)| (*cell, content)).collect();
        if contents.is_empty() {
            return Err(EditError::Nothing);
        }
        if contents.keys().any(|cell| cell.row.0 >= MAX_ROWS || cell.col.0 >= MAX_COLS) {
            return Err(EditError::OffSheet("A cell".to_owned()));
        }
        let touched = Touched::Cells(contents.keys().copied().collect());
        self.book.guard_contents(sheet, &touched, None)?;
        let mut ready = Vec::with_capacity(contents.len());
        for (cell, content) in contents {
            ready.push((cell, self.ready(sheet, cell, content)?));
        }
        self.write(sheet, &touched, ready)
    }

    /// Reads what a cell is to hold.
    pub(super) fn ready(
        &mut self,
        sheet: SheetId,
        cell: Cell,
        content: &Content,
    ) -> Result<Ready, EditError> {
        let (text, spills) = match content {
            Content::Empty => return Ok(Ready { value: Value::Empty, formula: None, spills: false }),
            Content::Value(value) if value.is_scalar() => {
                return Ok(Ready { value: value.clone(), formula: None, spills: false });
            }
            Content::Value(_) => {
                return Err(EditError::NoConstant(self.book.address(Area::cell(sheet, cell))));
            }
            Content::Formula(text) => (text, false),
            Content::Spilling(text) => (text, true),
        };
        let formula = self.book.read_formula(sheet, cell, text)?;
        Ok(Ready { value: Value::Empty, formula: Some(self.book.templates.intern(formula)), spills })
    }

    /// Stores contents that were allowed, and what follows from them for spills and tables.
    pub(super) fn write(&mut self, sheet: SheetId, touched: &Touched, ready: Vec<(Cell, Ready)>) -> Done {
        let adds_spill = ready.iter().any(|(_, ready)| ready.spills);
        let freed = self.free_arrays(sheet, touched, adds_spill);
        let cells: BTreeSet<Cell> = ready.iter().map(|(cell, _)| *cell).chain(freed).collect();
        self.keep(sheet, &cells);
        let Some(of) = self.book.sheet_mut(sheet) else { return Err(EditError::NoSheet) };
        for cell in &cells {
            of.put(*cell, Value::Empty, None);
        }
        for (cell, Ready { value, formula, spills }) in ready {
            match formula {
                Some(template) if spills => {
                    let (rect, kind) = (Rect::cell(cell), ArrayKind::Dynamic);
                    of.arrays.insert(cell, ArrayFormula { anchor: cell, rect, template, kind });
                }
                formula => of.put(cell, value, formula),
            }
        }
        let areas = columns_of(&cells).into_iter().map(|rect| Area { sheet, rect });
        self.effect.before.extend(areas.clone());
        self.effect.after.extend(areas);
        self.name_columns(sheet, touched)
    }

    /// Keeps what cells hold now.
    fn keep(&mut self, sheet: SheetId, cells: &BTreeSet<Cell>) {
        if cells.len() <= MANY_CELLS {
            self.journal.cells(self.book, sheet, cells.iter().copied());
        } else {
            let columns: BTreeSet<Col> = cells.iter().map(|cell| cell.col).collect();
            self.journal.columns(self.book, sheet, columns.into_iter());
        }
    }

    /// Takes away the array formulas that lose their anchor, and frees the cells of spills that are written into.
    /// `adds_spill` says that others will come.
    /// Gives the cells that are empty now; they still hold what was spilled into them.
    fn free_arrays(&mut self, sheet: SheetId, touched: &Touched, adds_spill: bool) -> Vec<Cell> {
        let Some(of) = self.book.sheet(sheet) else { return Vec::new() };
        let hit = of.arrays.values().filter(|array| touched.count_in(array.rect) > 0);
        let hit: Vec<ArrayFormula> = hit.cloned().collect();
        let data_table = of.data_tables.iter().any(|table| touched.count_in(table.rect) > 0);
        if data_table {
            // All of its cells are overwritten; the list has no piece of its own.
            self.journal.sheet(self.book, sheet);
        } else if !hit.is_empty() || adds_spill {
            self.journal.arrays(self.book, sheet);
        }
        let mut freed = Vec::new();
        let Some(of) = self.book.sheet_mut(sheet) else { return freed };
        of.data_tables.retain(|table| touched.count_in(table.rect) == 0);
        for array in hit {
            freed.extend(of.spilled_cells(&array));
            if touched.contains(array.anchor) {
                of.arrays.remove(&array.anchor);
            } else if let Some(array) = of.arrays.get_mut(&array.anchor) {
                array.rect = Rect::cell(array.anchor);
            }
        }
        freed
    }

    pub(super) fn clear(&mut self, area: Area) -> Done {
        let Area { sheet, rect } = area;
        let touched = Touched::Rect(rect);
        self.book.guard_contents(sheet, &touched, None)?;
        let freed = self.free_arrays(sheet, &touched, false);
        let outside: BTreeSet<Cell> = freed.into_iter().filter(|cell| !rect.contains(*cell)).collect();
        let of = self.book.known(sheet)?;
        let width = of.formulas.len().max(usize::from(of.grid.width()));
        let columns = (rect.left.0..=rect.right.0).take_while(|col| usize::from(*col) < width).map(Col);
        self.journal.columns(self.book, sheet, columns.clone());
        self.journal.cells(self.book, sheet, outside.iter().copied());
        let Some(of) = self.book.sheet_mut(sheet) else { return Err(EditError::NoSheet) };
        for col in columns {
            of.clear_column(col, rect.top, rect.bottom);
        }
        for cell in &outside {
            of.put(*cell, Value::Empty, None);
        }
        let outside = columns_of(&outside).into_iter().map(|rect| Area { sheet, rect });
        let areas: Vec<Area> = [area].into_iter().chain(outside).collect();
        self.effect.before.extend(&areas);
        self.effect.after.extend(&areas);
        self.name_columns(sheet, &touched)
    }
}

impl Workbook {
    /// Reads a formula's text for a cell; inside of a table its name is filled in where it is left out.
    ///
    /// # Errors
    /// Where the text is no formula.
    pub fn read_formula(&self, sheet: SheetId, cell: Cell, text: &str) -> Result<Formula, EditError> {
        let formula = parse(text, cell, self, Mode::Workbook)
            .map_err(|error| EditError::BadFormula(self.address(Area::cell(sheet, cell)), error))?;
        let table = self.table_at(sheet, cell);
        Ok(table.and_then(|table| formula.with_table_name(&table.name)).unwrap_or(formula))
    }
}

impl Sheet {
    /// Gives a cell a value and perhaps a plain formula, in place of those that it had.
    pub(super) fn put(&mut self, cell: Cell, value: Value, formula: Option<TemplateId>) {
        self.grid.set(cell, value);
        self.set_formula(cell, formula);
    }

    /// Empties rows of a column.
    pub(super) fn clear_column(&mut self, col: Col, top: Row, bottom: Row) {
        self.grid.clear(col, top, bottom, |_| false);
        if let Some(runs) = self.formulas.get_mut(usize::from(col.0)) {
            runs.set_span(top, bottom, None);
        }
    }

    /// The filled cells that an array formula claims beside its own, without those that have a formula.
    pub(super) fn spilled_cells(&self, array: &ArrayFormula) -> Vec<Cell> {
        let filled = self.grid.within(array.rect).map(|(cell, _)| cell);
        filled.filter(|cell| *cell != array.anchor && self.formula(*cell).is_none()).collect()
    }
}

/// Cells as rectangles one column wide, in column order.
pub(super) fn columns_of(cells: &BTreeSet<Cell>) -> Vec<Rect> {
    let mut sorted: Vec<Cell> = cells.iter().copied().collect();
    sorted.sort_unstable_by_key(|cell| (cell.col, cell.row));
    let mut rects: Vec<Rect> = Vec::new();
    for cell in sorted {
        match rects.last_mut() {
            Some(rect) if rect.left == cell.col && rect.bottom.0 + 1 == cell.row.0 => rect.bottom = cell.row,
            _ => rects.push(Rect::cell(cell)),
        }
    }
    rects
}
