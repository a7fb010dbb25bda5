//! Formulas that several cells share: one cell has the text, the others only its number.
//!
//! When the cell with the text goes or gets other content, the next one takes the text over as it reads there. When
//! rows or columns move, cells that still agree go on sharing; one that no longer does gets a text of its own.

use super::SaveError;
use super::places::Places;
use formula::Formula;
use std::collections::HashMap;
use values::{Cell, Rect, Row, SheetId};

/// The formulas of a sheet that need to be watched, by their numbers.
pub(super) struct Groups<'a> {
    pub sheet: SheetId,
    pub places: Places<'a>,
    groups: HashMap<u32, Group>,
    /// How many of them have no cell with the text at the moment.
    orphans: usize,
}

struct Group {
    /// The formula as files had it.
    before: Formula,
    /// The formula of the cell that has the text now; `None` where that cell is gone.
    after: Option<Formula>,
    /// The cells that share it, as the file had them.
    area: Rect,
}

/// What becomes of a cell that has only the number.
pub(super) enum Member {
    /// It stays as it is.
    Stays,
    /// It has the text from now on, for these cells.
    HasText(String, Rect),
    /// It no longer shares.
    Alone(String),
}

impl<'a> Groups<'a> {
    pub fn new(sheet: SheetId, places: Places<'a>) -> Groups<'a> {
        Groups { sheet, places, groups: HashMap::new(), orphans: 0 }
    }

    /// Whether some cells lack the one that had their text, so that every cell has to be looked at.
    pub fn has_orphans(&self) -> bool {
        self.orphans > 0
    }

    /// A cell with a text, which stays in its cell. Gives the text where that is another one now.
    pub fn defines(&mut self, number: u32, text: &str, from: Cell, area: Rect) -> Option<String> {
        self.forget(number);
        if !self.places.any() {
            return None;
        }
        let before = self.places.parse(text, from)?;
        let moved = self.places.template(self.sheet, &before, from)?;
        let to = self.places.cell(self.sheet, from)?;
        let text = moved.rewritten.then(|| self.places.print(&moved.formula, to));
        self.groups.insert(number, Group { before, after: Some(moved.formula), area });
        text
    }

    /// A cell with a text that loses it.
    pub fn loses(&mut self, number: u32, text: &str, from: Cell, area: Rect) -> Result<(), SaveError> {
        self.forget(number);
        let Some(before) = self.places.parse(text, from) else {
            return Err(SaveError::change(format!(
                "other cells share the formula in {from}, which cannot be read and so cannot be handed on"
            )));
        };
        self.groups.insert(number, Group { before, after: None, area });
        self.orphans += 1;
        Ok(())
    }

    /// How the formula of a cell with only the number reads now, where its formula is watched.
    pub fn reads(&self, number: u32, from: Cell) -> Option<String> {
        let to = self.places.cell(self.sheet, from)?;
        let moved = self.places.template(self.sheet, &self.groups.get(&number)?.before, from)?;
        Some(self.places.print(&moved.formula, to))
    }

    /// A cell with only the number, which stays in its cell.
    pub fn member(&mut self, number: u32, from: Cell) -> Member {
        let Some(group) = self.groups.get_mut(&number) else { return Member::Stays };
        let Some(to) = self.places.cell(self.sheet, from) else { return Member::Stays };
        let Some(moved) = self.places.template(self.sheet, &group.before, from) else { return Member::Stays };
        match &group.after {
            Some(after) if *after == moved.formula => Member::Stays,
            Some(_) => Member::Alone(self.places.print(&moved.formula, to)),
            None => {
                self.orphans = self.orphans.saturating_sub(1);
                let text = self.places.print(&moved.formula, to);
                group.after = Some(moved.formula);
                let rest = rest_of(group.area, from);
                let rest = self.places.slid(self.sheet, rest).unwrap_or(Rect::cell(to));
                Member::HasText(text, rest.hull(Rect::cell(to)))
            }
        }
    }

    fn forget(&mut self, number: u32) {
        if self.groups.remove(&number).is_some_and(|group| group.after.is_none()) {
            self.orphans = self.orphans.saturating_sub(1);
        }
    }
}

/// The cells of an area that come no earlier than one of them.
fn rest_of(area: Rect, first: Cell) -> Rect {
    if !area.contains(first) {
        return Rect::cell(first);
    }
    let left = if area.bottom == first.row { first.col } else { area.left };
    Rect { top: Row(first.row.0), left, ..area }
}
