//! Where cells and references go when rows and columns came or went, blocks were cut and put elsewhere, or sheets
//! got other names.
//!
//! A formula is read as its cell saw it before, taken along, and written anew only where it reads differently:
//! all others keep their text. What a moved block holds is not moved here: whoever tells of the changes tells it.

use super::SaveError;
use crate::sheet_names::SheetNames;
use formula::{Formula, Host, Mode, Node, SheetSpec, Sheets, Shift, Style};
use values::{Area, Cell, Col, Rect, Row, SheetId};

/// The changes of places, in their order.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub shifts: &'a [Shift],
    /// The sheets' names in the file.
    pub names: &'a SheetNames,
    /// The sheets' names now, and which are others.
    pub new_names: &'a SheetNames,
    pub renamed: &'a [SheetId],
}

/// A formula after the changes.
pub(super) struct Moved {
    /// The template, as its cell sees it now.
    pub formula: Formula,
    /// Whether its text is another one.
    pub rewritten: bool,
}

impl Places<'_> {
    /// Whether there are any.
    pub fn any(self) -> bool {
        !self.shifts.is_empty() || !self.renamed.is_empty()
    }

    /// Whether cells of a sheet went elsewhere.
    pub fn concern(self, sheet: SheetId) -> bool {
        self.shifts.iter().any(|shift| match shift {
            Shift::Rows { sheet: on, .. } | Shift::Cols { sheet: on, .. } => *on == sheet,
            Shift::Move { from, to } => from.sheet == sheet || to.sheet == sheet,
            // Sheets keep their numbers here.
            Shift::Sheets { .. } => false,
        })
    }

    /// Whether columns of a sheet came or went.
    pub fn concern_columns(self, sheet: SheetId) -> bool {
        self.shifts.iter().any(|shift| matches!(shift, Shift::Cols { sheet: on, .. } if *on == sheet))
    }

    /// Where a row went; `None` where it is gone.
    pub fn row(self, sheet: SheetId, row: Row) -> Option<Row> {
        self.slid(sheet, Rect { top: row, bottom: row, ..Rect::SHEET }).map(|area| area.top)
    }

    /// Where a column went; `None` where it is gone.
    pub fn column(self, sheet: SheetId, col: Col) -> Option<Col> {
        self.slid(sheet, Rect { left: col, right: col, ..Rect::SHEET }).map(|area| area.left)
    }

    /// Where a cell of the file stands; `None` where it is gone. What is moved is the content of cells, not they.
    pub fn cell(self, sheet: SheetId, cell: Cell) -> Option<Cell> {
        let slides = self.shifts.iter().filter(|shift| !matches!(shift, Shift::Move { .. }));
        slides.into_iter().try_fold(cell, |cell, shift| shift.cell(sheet, cell).map(|(_, cell)| cell))
    }

    /// Whether a cell of the file lost what it had because a block was moved away from it or over it.
    pub fn lost_content(self, sheet: SheetId, cell: Cell) -> bool {
        let mut cell = Some(cell);
        self.shifts.iter().any(|shift| match (shift, cell) {
            (Shift::Move { from, to }, Some(cell)) => {
                [from, to].into_iter().any(|area| area.sheet == sheet && area.rect.contains(cell))
            }
            (shift, Some(at)) => {
                cell = shift.cell(sheet, at).map(|(_, cell)| cell);
                false
            }
            (_, None) => false,
        })
    }

    /// Where a cell's content went; `None` where it is gone or overwritten.
    pub fn content(self, sheet: SheetId, cell: Cell) -> Option<Cell> {
        let went = self.shifts.iter().try_fold((sheet, cell), |(sheet, cell), shift| shift.cell(sheet, cell));
        went.filter(|(now, _)| *now == sheet).map(|(_, cell)| cell)
    }

    /// What became of a range by rows and columns that came or went.
    pub fn slid(self, sheet: SheetId, rect: Rect) -> Option<Rect> {
        let slides = self.shifts.iter().filter(|shift| !matches!(shift, Shift::Move { .. }));
        slides
            .into_iter()
            .try_fold(rect, |rect, shift| shift.area(Area { sheet, rect }).map(|area| area.rect))
    }

    /// The first cell that is left of those right of and below one that is gone, itself in its row or column where
    /// these are left: where it stood and where it stands.
    pub fn next_left(self, sheet: SheetId, gone: Cell) -> Option<(Cell, Cell)> {
        let rest = Rect { top: gone.row, left: gone.col, bottom: Row::LAST, right: Col::LAST };
        let to = self.slid(sheet, rest)?.first();
        let back = |cell, shift: &Shift| shift.inverse().cell(sheet, cell).map(|(_, cell)| cell);
        let from = self.shifts.iter().rev().try_fold(to, back)?;
        (self.cell(sheet, from) == Some(to)).then_some((from, to))
    }

    /// What became of a range; `None` where nothing of it is left on its sheet.
    pub fn area(self, sheet: SheetId, rect: Rect) -> Option<Rect> {
        let area = self.shifts.iter().try_fold(Area { sheet, rect }, |area, shift| shift.area(area))?;
        (area.sheet == sheet).then_some(area.rect)
    }

    /// Refuses what a block took to another sheet: it would have to stand in that one's part.
    pub fn stays(self, sheet: SheetId, rect: Rect, what: &str) -> Result<(), SaveError> {
        let area = self.shifts.iter().try_fold(Area { sheet, rect }, |area, shift| shift.area(area));
        if area.is_none_or(|area| area.sheet == sheet) {
            return Ok(());
        }
        let from = self.names.sheet_name(sheet).unwrap_or_default();
        Err(SaveError::change(format!(
            "cells of {from} with {what} were moved to another sheet; save it as a new file"
        )))
    }

    /// A template that stood in `from`, as its cell sees it now; `None` where the cell is gone.
    pub fn template(self, sheet: SheetId, before: &Formula, from: Cell) -> Option<Moved> {
        let mut moved = Moved { formula: before.clone(), rewritten: self.is_renamed(before) };
        let mut from = Host { sheet, cell: from };
        for shift in self.shifts {
            let (sheet, cell) = shift.cell(from.sheet, from.cell)?;
            let to = Host { sheet, cell };
            let adjusted = moved.formula.adjusted(from, to, shift);
            moved.rewritten |= adjusted.rewritten;
            if let Some(formula) = adjusted.formula {
                moved.formula = formula;
            }
            from = to;
        }
        Some(moved)
    }

    /// The text of a formula of a cell that is still there; `None` where it reads as before, or cannot be read.
    pub fn text(self, sheet: SheetId, text: &str, from: Cell) -> Option<String> {
        let to = self.content(sheet, from)?;
        let moved = self.template(sheet, &self.parse(text, from)?, from)?;
        moved.rewritten.then(|| self.print(&moved.formula, to))
    }

    /// The text of a formula that is not in a cell and has its references pinned; `None` where it reads as before.
    /// What has no sheet in front of it lies on `sheet`.
    pub fn pinned(self, sheet: SheetId, text: &str) -> Option<String> {
        let mut formula = self.parse(text, Cell::default())?;
        let host = Host { sheet, cell: Cell::default() };
        let mut rewritten = self.is_renamed(&formula);
        for shift in self.shifts {
            let adjusted = formula.adjusted(host, host, shift);
            rewritten |= adjusted.rewritten;
            if let Some(adjusted) = adjusted.formula {
                formula = adjusted;
            }
        }
        rewritten.then(|| self.print(&formula, Cell::default()))
    }

    /// The text of a defined name; `None` where it reads as before.
    pub fn name(self, text: &str) -> Option<String> {
        let mut formula = self.parse(text, Cell::default())?;
        let mut rewritten = self.is_renamed(&formula);
        for shift in self.shifts {
            let adjusted = formula.adjusted_name(shift);
            rewritten |= adjusted.rewritten;
            if let Some(adjusted) = adjusted.formula {
                formula = adjusted;
            }
        }
        rewritten.then(|| self.print(&formula, Cell::default()))
    }

    /// Whether a formula names a sheet that has another name now.
    fn is_renamed(self, formula: &Formula) -> bool {
        let is_other = |sheet: &SheetSpec| match sheet {
            SheetSpec::Sheet(sheet) => self.renamed.contains(sheet),
            SheetSpec::Span(first, last) => self.renamed.contains(first) || self.renamed.contains(last),
            SheetSpec::Here | SheetSpec::Unknown(_) | SheetSpec::External(_) => false,
        };
        !self.renamed.is_empty()
            && formula.nodes().iter().any(|node| match node {
                Node::Ref(reference) => is_other(&reference.sheet),
                Node::Name { sheet, .. } => is_other(sheet),
                _ => false,
            })
    }

    pub fn parse(self, text: &str, at: Cell) -> Option<Formula> {
        formula::parse(text, at, self.names, Mode::Workbook).ok()
    }

    pub fn print(self, formula: &Formula, at: Cell) -> String {
        formula::print(formula, at, self.new_names, Style::File)
    }
}
