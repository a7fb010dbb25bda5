//! Changes of places: where rows, columns, cells, areas and sheets go.

use crate::SheetSpec;
use std::sync::Arc;
use values::{Area, Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId};

/// What happens to the rows or the columns of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slide {
    /// So many new ones stand in front of the one that was at `at`.
    Insert {
        /// The first new one.
        at: u32,
        /// How many.
        count: u32,
    },
    /// So many from `at` on are gone.
    Delete {
        /// The first that goes.
        at: u32,
        /// How many.
        count: u32,
    },
}

impl Slide {
    /// Where a row or column goes; `None` where it is deleted, or pushed off the end at `limit`.
    pub fn place(self, place: u32, limit: u32) -> Option<u32> {
        match self {
            Slide::Insert { at, .. } | Slide::Delete { at, .. } if place < at => Some(place),
            Slide::Insert { count, .. } => place.checked_add(count).filter(|place| *place < limit),
            Slide::Delete { at, count } => (place - at >= count).then(|| place - count),
        }
    }

    /// What a span becomes: an insertion within it makes it longer, one in front of it moves it; of what is
    /// deleted only the rest remains, `None` where there is none. A span of everything stays that.
    pub fn span(self, first: u32, last: u32, limit: u32) -> Option<(u32, u32)> {
        if first == 0 && last + 1 == limit {
            return Some((first, last));
        }
        match self {
            Slide::Insert { .. } => {
                Some((self.place(first, limit)?, self.place(last, limit).unwrap_or(limit - 1)))
            }
            Slide::Delete { at, .. } => {
                let first = self.place(first, limit).unwrap_or(at);
                let last = self.place(last, limit).or_else(|| at.checked_sub(1))?;
                (first <= last).then_some((first, last))
            }
        }
    }

    /// What takes it back.
    pub fn inverse(self) -> Slide {
        match self {
            Slide::Insert { at, count } => Slide::Delete { at, count },
            Slide::Delete { at, count } => Slide::Insert { at, count },
        }
    }

    /// The first row or column concerned, and how many.
    pub fn range(self) -> (u32, u32) {
        match self {
            Slide::Insert { at, count } | Slide::Delete { at, count } => (at, count),
        }
    }

    /// Where the answer of [`Slide::place`] makes a step.
    fn steps(self, limit: u32, found: &mut dyn FnMut(u32)) {
        let (at, count) = self.range();
        found(at);
        match self {
            Slide::Insert { .. } => found(limit.saturating_sub(count)),
            Slide::Delete { .. } => found(at.saturating_add(count)),
        }
    }
}

/// A change of where cells stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Rows of a sheet come or go.
    Rows {
        /// The sheet.
        sheet: SheetId,
        /// What happens to its rows.
        slide: Slide,
    },
    /// Columns of a sheet come or go.
    Cols {
        /// The sheet.
        sheet: SheetId,
        /// What happens to its columns.
        slide: Slide,
    },
    /// A block is cut out and put elsewhere, over what stood there.
    Move {
        /// Where it was.
        from: Area,
        /// Where it is, of the same size.
        to: Area,
    },
    /// Sheets come, go or change places.
    Sheets {
        /// The new id of each sheet by its old one; `None` for a deleted sheet.
        places: Arc<[Option<SheetId>]>,
        /// How many sheets there are afterwards.
        count: u16,
    },
}

impl Shift {
    /// A sheet is put in front of the one that has the id now.
    pub fn insert_sheet(id: SheetId, sheets: u16) -> Shift {
        let place = |old: u16| Some(SheetId(if old < id.0 { old } else { old + 1 }));
        Shift::Sheets { places: (0..sheets).map(place).collect(), count: sheets + 1 }
    }

    /// A sheet is deleted.
    pub fn delete_sheet(id: SheetId, sheets: u16) -> Shift {
        Shift::insert_sheet(id, sheets.saturating_sub(1)).inverse()
    }

    /// A sheet gets another id; those between make room.
    pub fn move_sheet(id: SheetId, to: SheetId, sheets: u16) -> Shift {
        let place = |old: u16| {
            Some(SheetId(match old {
                old if old == id.0 => to.0,
                old if id.0 < old && old <= to.0 => old - 1,
                old if to.0 <= old && old < id.0 => old + 1,
                old => old,
            }))
        };
        Shift::Sheets { places: (0..sheets).map(place).collect(), count: sheets }
    }

    /// The way back, as far as places are concerned.
    pub fn inverse(&self) -> Shift {
        match self {
            Shift::Rows { sheet, slide } => Shift::Rows { sheet: *sheet, slide: slide.inverse() },
            Shift::Cols { sheet, slide } => Shift::Cols { sheet: *sheet, slide: slide.inverse() },
            Shift::Move { from, to } => Shift::Move { from: *to, to: *from },
            Shift::Sheets { places, count } => {
                let mut back = vec![None; usize::from(*count)];
                for (old, new) in places.iter().enumerate() {
                    if let Some(slot) = new.and_then(|new| back.get_mut(usize::from(new.0))) {
                        *slot = Some(SheetId(old as u16));
                    }
                }
                Shift::Sheets { places: back.into(), count: places.len() as u16 }
            }
        }
    }

    /// Where a cell and what it holds go; `None` where both are deleted, overwritten or pushed off the sheet.
    pub fn cell(&self, sheet: SheetId, cell: Cell) -> Option<(SheetId, Cell)> {
        match self {
            Shift::Rows { sheet: on, slide } if *on == sheet => {
                Some((sheet, Cell { row: Row(slide.place(cell.row.0, MAX_ROWS)?), ..cell }))
            }
            Shift::Cols { sheet: on, slide } if *on == sheet => {
                let col = slide.place(u32::from(cell.col.0), u32::from(MAX_COLS))?;
                Some((sheet, Cell { col: Col(u16::try_from(col).ok()?), ..cell }))
            }
            Shift::Move { from, to } => {
                if from.sheet == sheet && from.rect.contains(cell) {
                    Some((to.sheet, cell.moved(rows_apart(from, to), cols_apart(from, to))?))
                } else if to.sheet == sheet && to.rect.contains(cell) {
                    None
                } else {
                    Some((sheet, cell))
                }
            }
            Shift::Sheets { .. } => Some((self.sheet(sheet)?, cell)),
            _ => Some((sheet, cell)),
        }
    }

    /// Where a sheet goes; `None` where it is deleted.
    pub fn sheet(&self, sheet: SheetId) -> Option<SheetId> {
        match self {
            Shift::Sheets { places, .. } => places.get(usize::from(sheet.0)).copied().flatten(),
            _ => Some(sheet),
        }
    }

    /// What a reference to some cells means afterwards; `None` where nothing of them is left. Ranges grow and
    /// shrink with what comes and goes inside of them, and with an end that is cut and put elsewhere.
    pub fn area(&self, area: Area) -> Option<Area> {
        let Area { sheet, rect } = area;
        match self {
            Shift::Rows { sheet: on, slide } if *on == sheet => {
                let (top, bottom) = slide.span(rect.top.0, rect.bottom.0, MAX_ROWS)?;
                Some(Area { sheet, rect: Rect { top: Row(top), bottom: Row(bottom), ..rect } })
            }
            Shift::Cols { sheet: on, slide } if *on == sheet => {
                let (left, right) = (u32::from(rect.left.0), u32::from(rect.right.0));
                let (left, right) = slide.span(left, right, u32::from(MAX_COLS))?;
                let col = |place: u32| u16::try_from(place).ok().map(Col);
                Some(Area { sheet, rect: Rect { left: col(left)?, right: col(right)?, ..rect } })
            }
            Shift::Move { from, to } => moved(area, *from, *to),
            Shift::Sheets { .. } => Some(Area { sheet: self.sheet(sheet)?, rect }),
            _ => Some(area),
        }
    }

    /// Whether two areas, one before and one after the change, hold the very same cells with the same contents.
    pub fn keeps(&self, before: Area, after: Area) -> bool {
        if let Shift::Move { from, to } = self {
            let inside = from.sheet == before.sheet && from.rect.covers(before.rect);
            let apart =
                |other: &Area| other.sheet != before.sheet || other.rect.intersection(before.rect).is_none();
            return self.area(before) == Some(after) && (inside || (apart(from) && apart(to)));
        }
        let is_as_large = before.rect.rows() == after.rect.rows() && before.rect.cols() == after.rect.cols();
        // All rows of a sheet are as many as before, and yet others.
        let whole = match self {
            Shift::Rows { sheet, .. } => *sheet == before.sheet && before.rect.rows() == MAX_ROWS,
            Shift::Cols { sheet, .. } => *sheet == before.sheet && before.rect.cols() == u32::from(MAX_COLS),
            _ => false,
        };
        is_as_large && !whole && self.area(before) == Some(after)
    }

    /// What a sheet in front of a `!` becomes; `None` where it is deleted.
    pub fn spec(&self, spec: &SheetSpec) -> Option<SheetSpec> {
        let Shift::Sheets { .. } = self else { return Some(spec.clone()) };
        match spec {
            SheetSpec::Sheet(sheet) => self.sheet(*sheet).map(SheetSpec::Sheet),
            SheetSpec::Span(first, last) => {
                let (first, last) = self.span_ends(*first, *last)?;
                let (first, last) = (self.sheet(first)?, self.sheet(last)?);
                let (first, last) = (first.min(last), first.max(last));
                Some(if first == last { SheetSpec::Sheet(first) } else { SheetSpec::Span(first, last) })
            }
            _ => Some(spec.clone()),
        }
    }

    /// Whether a 3-D reference names other sheets now.
    pub(super) fn ends_moved(&self, spec: &SheetSpec) -> bool {
        match spec {
            SheetSpec::Span(first, last) => {
                let ends = self.span_ends(*first, *last);
                let crossed = ends.is_some_and(|(a, b)| self.sheet(a) >= self.sheet(b));
                ends != Some((*first, *last)) || crossed
            }
            _ => false,
        }
    }

    /// The first and the last sheet of a span that remain.
    fn span_ends(&self, first: SheetId, last: SheetId) -> Option<(SheetId, SheetId)> {
        let mut left = (first.0..=last.0).map(SheetId).filter(|id| self.sheet(*id).is_some());
        let first = left.next()?;
        Some((first, left.next_back().unwrap_or(first)))
    }

    /// Calls `found` for each row of a sheet from which on rows go elsewhere than those before.
    pub(super) fn row_steps(&self, sheet: SheetId, found: &mut dyn FnMut(u32)) {
        match self {
            Shift::Rows { sheet: on, slide } if *on == sheet => slide.steps(MAX_ROWS, found),
            Shift::Move { from, to } => {
                for area in [from, to].into_iter().filter(|area| area.sheet == sheet) {
                    found(area.rect.top.0);
                    found(area.rect.bottom.0 + 1);
                }
            }
            _ => {}
        }
    }
}

fn rows_apart(from: &Area, to: &Area) -> i64 {
    i64::from(to.rect.top.0) - i64::from(from.rect.top.0)
}

fn cols_apart(from: &Area, to: &Area) -> i64 {
    i64::from(to.rect.left.0) - i64::from(from.rect.left.0)
}

/// What a reference means after a block was cut and put elsewhere.
fn moved(area: Area, from: Area, to: Area) -> Option<Area> {
    let (rows, cols) = (rows_apart(&from, &to), cols_apart(&from, &to));
    let rect = area.rect;
    if area.sheet == from.sheet && from.rect.covers(rect) {
        let first = rect.first().moved(rows, cols)?;
        let last = Cell { row: rect.bottom, col: rect.right }.moved(rows, cols)?;
        return Some(Area { sheet: to.sheet, rect: Rect::new(first, last) });
    }
    if area.sheet == to.sheet && to.rect.covers(rect) {
        return None;
    }
    if area.sheet == from.sheet && from.sheet == to.sheet {
        return Some(Area { sheet: area.sheet, rect: pulled(rect, from.rect, rows, cols) });
    }
    Some(area)
}

/// A range one of whose edges is within a block that moves along the range: the edge goes with it.
fn pulled(rect: Rect, block: Rect, rows: i64, cols: i64) -> Rect {
    let along = |first: u32, last: u32, from: u32, to: u32, by: i64| {
        let shifted = |place: u32| u32::try_from(i64::from(place) + by).ok();
        if (from..=to).contains(&last) && !(from..=to).contains(&first) {
            shifted(last).filter(|last| *last >= first).map(|last| (first, last))
        } else if (from..=to).contains(&first) && !(from..=to).contains(&last) {
            shifted(first).filter(|first| *first <= last).map(|first| (first, last))
        } else {
            None
        }
    };
    let (left, right) = (u32::from(rect.left.0), u32::from(rect.right.0));
    if cols == 0 && block.left <= rect.left && rect.right <= block.right {
        if let Some((top, bottom)) = along(rect.top.0, rect.bottom.0, block.top.0, block.bottom.0, rows) {
            return Rect { top: Row(top), bottom: Row(bottom.min(Row::LAST.0)), ..rect };
        }
    } else if rows == 0
        && block.top <= rect.top
        && rect.bottom <= block.bottom
        && let Some((left, right)) =
            along(left, right, u32::from(block.left.0), u32::from(block.right.0), cols)
    {
        let col = |place: u32| Col(u16::try_from(place).unwrap_or(Col::LAST.0).min(Col::LAST.0));
        return Rect { left: col(left), right: col(right), ..rect };
    }
    rect
}
