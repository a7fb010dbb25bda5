//! Where cells and references go when rows and columns came or went.
//!
//! A formula is read as its cell saw it before, taken along, and written anew only where it reads differently:
//! all others keep their text.

use crate::sheet_names::SheetNames;
use formula::{Formula, Host, Mode, Shift, Style};
use values::{Area, Cell, Rect, SheetId};

/// The changes of places, in their order.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub shifts: &'a [Shift],
    pub names: &'a SheetNames,
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
        !self.shifts.is_empty()
    }

    /// Whether cells of a sheet went elsewhere.
    pub fn concern(self, sheet: SheetId) -> bool {
        self.shifts.iter().any(|shift| match shift {
            Shift::Rows { sheet: on, .. } | Shift::Cols { sheet: on, .. } => *on == sheet,
            Shift::Move { .. } | Shift::Sheets { .. } => true,
        })
    }

    /// Where a cell went; `None` where it is gone.
    pub fn cell(self, sheet: SheetId, cell: Cell) -> Option<Cell> {
        self.shifts.iter().try_fold(cell, |cell, shift| shift.cell(sheet, cell).map(|(_, cell)| cell))
    }

    /// What became of a range; `None` where nothing of it is left.
    pub fn area(self, sheet: SheetId, rect: Rect) -> Option<Rect> {
        self.shifts
            .iter()
            .try_fold(rect, |rect, shift| shift.area(Area { sheet, rect }).map(|area| area.rect))
    }

    /// A template that stood in `from`, as its cell sees it now; `None` where the cell is gone.
    pub fn template(self, sheet: SheetId, before: &Formula, from: Cell) -> Option<Moved> {
        let mut moved = Moved { formula: before.clone(), rewritten: false };
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
        let to = self.cell(sheet, from)?;
        let moved = self.template(sheet, &self.parse(text, from)?, from)?;
        moved.rewritten.then(|| self.print(&moved.formula, to))
    }

    pub fn parse(self, text: &str, at: Cell) -> Option<Formula> {
        formula::parse(text, at, self.names, Mode::Workbook).ok()
    }

    pub fn print(self, formula: &Formula, at: Cell) -> String {
        formula::print(formula, at, self.names, Style::File)
    }
}
