//! What Excel refuses: an edit that would cut in two what must stay whole, or reach beyond the sheet.

use super::{Done, EditError};
use crate::{ArrayKind, Sheet, Workbook};
use formula::Slide;
use std::collections::BTreeSet;
use values::{Area, Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId};

/// The cells that an edit gives new contents.
pub(super) enum Touched {
    Rect(Rect),
    Cells(BTreeSet<Cell>),
}

impl Touched {
    /// How many of a rectangle's cells.
    pub fn count_in(&self, rect: Rect) -> u64 {
        match self {
            Touched::Rect(touched) => touched.intersection(rect).map_or(0, Rect::count),
            Touched::Cells(cells) => self.rows_of(cells, rect).count() as u64,
        }
    }

    pub fn contains(&self, cell: Cell) -> bool {
        match self {
            Touched::Rect(touched) => touched.contains(cell),
            Touched::Cells(cells) => cells.contains(&cell),
        }
    }

    fn rows_of<'a>(&self, cells: &'a BTreeSet<Cell>, rect: Rect) -> impl Iterator<Item = &'a Cell> {
        let last = Cell { row: rect.bottom, col: Col(u16::MAX) };
        cells.range(Cell { row: rect.top, col: Col(0) }..=last).filter(move |cell| rect.contains(**cell))
    }
}

/// An axis of a sheet, for what is the same for rows and columns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Along {
    Rows,
    Cols,
}

impl Along {
    pub fn limit(self) -> u32 {
        match self {
            Along::Rows => MAX_ROWS,
            Along::Cols => u32::from(MAX_COLS),
        }
    }

    pub fn span(self, rect: Rect) -> (u32, u32) {
        match self {
            Along::Rows => (rect.top.0, rect.bottom.0),
            Along::Cols => (u32::from(rect.left.0), u32::from(rect.right.0)),
        }
    }

    /// All cells of some rows or columns.
    pub fn rect(self, first: u32, last: u32) -> Rect {
        let last = last.min(self.limit() - 1);
        match self {
            Along::Rows => Rect { top: Row(first), bottom: Row(last), ..Rect::SHEET },
            Along::Cols => Rect { left: Col(first as u16), right: Col(last as u16), ..Rect::SHEET },
        }
    }
}

impl Workbook {
    pub(super) fn known(&self, sheet: SheetId) -> Result<&Sheet, EditError> {
        self.sheet(sheet).ok_or(EditError::NoSheet)
    }

    fn place(&self, sheet: SheetId, rect: Rect) -> String {
        self.address(Area { sheet, rect })
    }

    /// Whether cells may get new contents: array formulas and data tables whole or not at all, merged cells only
    /// where they hold something. What lies within `leaving` will be gone by then.
    pub(super) fn guard_contents(&self, sheet: SheetId, touched: &Touched, leaving: Option<Rect>) -> Done {
        let of = self.known(sheet)?;
        let stays = |rect: Rect| !leaving.is_some_and(|leaving| leaving.covers(rect));
        let legacy = of.arrays.values().filter(|array| array.kind == ArrayKind::Legacy);
        for array in legacy.filter(|array| stays(array.rect)) {
            let count = touched.count_in(array.rect);
            if count != 0 && count != array.rect.count() {
                return Err(EditError::PartOfArray(self.place(sheet, array.rect)));
            }
        }
        for table in of.data_tables.iter().filter(|table| stays(table.rect)) {
            let count = touched.count_in(table.rect);
            if count != 0 && count != table.rect.count() {
                return Err(EditError::PartOfDataTable(self.place(sheet, table.rect)));
            }
        }
        for merged in of.merged.iter().filter(|merged| stays(**merged)) {
            let count = touched.count_in(*merged);
            let is_fine = match touched {
                Touched::Rect(_) => count == 0 || count == merged.count(),
                Touched::Cells(_) => count <= u64::from(touched.contains(merged.first())),
            };
            if !is_fine {
                return Err(EditError::PartOfMerged(self.place(sheet, *merged)));
            }
        }
        Ok(())
    }

    /// Whether a block may be taken from a place or put there: pivot tables whole or not at all. What lies within
    /// `leaving` will be gone by then.
    pub(super) fn guard_pivots(&self, area: Area, leaving: Option<Rect>) -> Done {
        let of = self.known(area.sheet)?;
        let is_torn = |rect: Rect| {
            let stays = !leaving.is_some_and(|leaving| leaving.covers(rect));
            stays && rect.intersection(area.rect).is_some() && !area.rect.covers(rect)
        };
        match of.pivots.iter().find(|pivot| is_torn(pivot.area)) {
            Some(pivot) => Err(EditError::PartOfPivot(self.place(area.sheet, pivot.area))),
            None => Ok(()),
        }
    }

    /// Whether rows or columns may come or go.
    pub(super) fn guard_slide(&self, sheet: SheetId, along: Along, slide: Slide) -> Done {
        let of = self.known(sheet)?;
        let (at, count) = slide.range();
        if count == 0 {
            return Err(EditError::Nothing);
        }
        let end = at.checked_add(count).filter(|end| *end <= along.limit());
        let Some(end) = end else {
            let what = if along == Along::Rows { "The rows" } else { "The columns" };
            return Err(EditError::OffSheet(what.to_owned()));
        };
        let is_cut = |rect: Rect| {
            let (first, last) = along.span(rect);
            match slide {
                Slide::Insert { .. } => first < at && at <= last,
                Slide::Delete { .. } => first < end && at <= last && !(at <= first && last < end),
            }
        };
        let legacy = of.arrays.values().filter(|array| array.kind == ArrayKind::Legacy);
        if let Some(array) = legacy.map(|array| array.rect).find(|rect| is_cut(*rect)) {
            return Err(EditError::PartOfArray(self.place(sheet, array)));
        }
        // Its formulas and values stand along the edges and belong to it.
        let with_edges = |rect: Rect| Rect {
            top: Row(rect.top.0.saturating_sub(1)),
            left: Col(rect.left.0.saturating_sub(1)),
            ..rect
        };
        if let Some(table) = of.data_tables.iter().find(|table| is_cut(with_edges(table.rect))) {
            return Err(EditError::PartOfDataTable(self.place(sheet, table.rect)));
        }
        if let Some(pivot) = of.pivots.iter().find(|pivot| is_cut(pivot.area)) {
            return Err(EditError::PartOfPivot(self.place(sheet, pivot.area)));
        }
        match slide {
            Slide::Insert { .. } => self.guard_pushed(sheet, along, count),
            Slide::Delete { .. } => Ok(()),
        }
    }

    /// Whether the last rows or columns are empty, so that nothing is pushed off the sheet.
    fn guard_pushed(&self, sheet: SheetId, along: Along, count: u32) -> Done {
        let edge = along.rect(along.limit() - count, along.limit() - 1);
        let of = self.known(sheet)?;
        let table = self.tables.iter().filter(|table| table.sheet == sheet).map(|table| table.area);
        let area = of.merged.iter().copied().chain(table).find_map(|rect| rect.intersection(edge));
        match of.first_filled(edge).or(area.map(Rect::first)) {
            Some(cell) => Err(EditError::PushedOff(self.place(sheet, Rect::cell(cell)))),
            None => Ok(()),
        }
    }
}

impl Sheet {
    /// A cell of a rectangle that holds a value or a formula, if one does.
    pub(super) fn first_filled(&self, rect: Rect) -> Option<Cell> {
        let value = self.grid.within(rect).map(|(cell, _)| cell).next();
        let array = || self.arrays.keys().copied().find(|anchor| rect.contains(*anchor));
        value.or_else(|| self.first_formula(rect)).or_else(array)
    }

    /// Whether a formula of any kind stands in a rectangle or fills some of it.
    pub fn has_formula_in(&self, rect: Rect) -> bool {
        let meets = |other: Rect| other.intersection(rect).is_some();
        self.first_formula(rect).is_some()
            || self.arrays.values().any(|array| meets(array.rect))
            || self.data_tables.iter().any(|table| meets(table.rect))
    }

    fn first_formula(&self, rect: Rect) -> Option<Cell> {
        let columns = self.formulas.iter().enumerate().skip(usize::from(rect.left.0));
        columns.take_while(|(col, _)| *col <= usize::from(rect.right.0)).find_map(|(col, runs)| {
            let (top, _, _) = runs.touching(rect.top, rect.bottom).next()?;
            Some(Cell { row: top.max(rect.top), col: Col(col as u16) })
        })
    }
}
