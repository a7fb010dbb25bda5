//! Blocks that are cut out and put elsewhere.

use super::effect::without;
use super::guard::Touched;
use super::{Done, EditError, Work};
use crate::Sheet;
use formula::Shift;
use values::{Area, Cell, Col, Rect, SheetId, Value};

impl Work<'_> {
    pub(super) fn move_block(&mut self, from: Area, sheet: SheetId, to: Cell) -> Done {
        self.book.known(from.sheet)?;
        self.book.known(sheet)?;
        let last = to.moved(i64::from(from.rect.rows()) - 1, i64::from(from.rect.cols()) - 1);
        let Some(last) = last.filter(|_| to.moved(0, 0).is_some()) else {
            return Err(EditError::OffSheet("The moved cells".to_owned()));
        };
        let to = Area { sheet, rect: Rect::new(to, last) };
        if to == from {
            return Ok(());
        }
        self.book.guard_contents(from.sheet, &Touched::Rect(from.rect), None)?;
        let own = (from.sheet == sheet).then_some(from.rect);
        self.book.guard_contents(sheet, &Touched::Rect(to.rect), own)?;
        self.book.guard_pivots(from, None)?;
        self.book.guard_pivots(to, own)?;
        self.guard_moved_tables(from, to)?;
        self.carry(from, to);
        Ok(())
    }

    fn guard_moved_tables(&self, from: Area, to: Area) -> Done {
        for table in &self.book.tables {
            let on = |area: Area| table.sheet == area.sheet;
            let moves = on(from) && from.rect.covers(table.area);
            let meets = |rect: Option<Rect>, area: Area| {
                on(area) && rect.is_some_and(|rect| rect.intersection(area.rect).is_some())
            };
            let refuse = |why| Err(EditError::PartOfTable(table.name.clone(), why));
            if !moves && meets(table.headers(), from) {
                return refuse("its header row can only be moved with all of the table");
            }
            if !moves && meets(table.headers(), to) {
                return refuse("cells cannot be moved onto its header row");
            }
            let brought = self
                .book
                .tables
                .iter()
                .any(|other| other.sheet == from.sheet && from.rect.covers(other.area));
            if !moves && brought && meets(Some(table.area), to) {
                return refuse("another table cannot be moved onto it");
            }
        }
        Ok(())
    }

    /// Moves cells with all that belongs to them, over what stands where they go.
    pub(super) fn carry(&mut self, from: Area, to: Area) {
        let shift = Shift::Move { from, to };
        for sheet in super::follow::sheets_of(&shift) {
            self.journal.sheet(self.book, sheet);
        }
        let rest = |area: Area, other: Area| match area.sheet == other.sheet {
            true => without(area.rect, other.rect),
            false => vec![area.rect],
        };
        let areas = |area: Area, other| rest(area, other).into_iter().map(move |rect| Area { rect, ..area });
        self.effect.before.extend(areas(to, from));
        self.effect.after.extend(areas(from, to));
        self.effect.styled.extend([from, to]);
        self.fold_spills(&shift);
        self.follow(&shift);
        let carried = self.book.sheet_mut(from.sheet).map(|of| of.lift(from, &shift));
        if let Some(of) = self.book.sheet_mut(to.sheet) {
            of.make_room(to);
        }
        if let (Some(carried), Some(of)) = (carried, self.book.sheet_mut(to.sheet)) {
            of.lay(carried, to);
        }
        self.move_tables(from, &shift);
        self.effect.shift = Some(shift);
    }

    fn move_tables(&mut self, from: Area, shift: &Shift) {
        let moves = |area: Area| area.sheet == from.sheet && from.rect.covers(area.rect);
        if !self.book.tables.iter().any(|table| moves(Area { sheet: table.sheet, rect: table.area })) {
            return;
        }
        self.journal.tables(self.book);
        self.effect.tables = true;
        for table in &mut self.book.tables {
            let area = Area { sheet: table.sheet, rect: table.area };
            if let Some(new) = shift.area(area).filter(|_| moves(area)) {
                (table.sheet, table.area) = (new.sheet, new.rect);
            }
        }
    }
}

/// What a block takes along, formulas and validations aside, which follow by themselves.
struct Carried {
    values: Vec<(Cell, Value)>,
    styles: Vec<super::block::StyleRun>,
    /// Pieces of the sheet with nothing on it but what moves, at their new places.
    rest: Sheet,
}

impl Sheet {
    /// Takes a block out of the sheet.
    fn lift(&mut self, from: Area, shift: &Shift) -> Carried {
        let Area { sheet, rect } = from;
        let new = |rect: Rect| shift.area(Area { sheet, rect }).map(|area| area.rect);
        let values: Vec<(Cell, Value)> = self
            .grid
            .within(rect)
            .filter_map(|(cell, value)| Some((shift.cell(sheet, cell)?.1, value.clone())))
            .collect();
        let styles = self.copied_styles(rect);
        self.clear_cells(rect);
        let mut rest = Sheet::default();
        let (moved, merged) = std::mem::take(&mut self.merged).into_iter().partition(|own| rect.covers(*own));
        self.merged = merged;
        rest.merged = Vec::into_iter(moved).filter_map(new).collect();
        for mut link in std::mem::take(&mut self.hyperlinks) {
            match new(link.area).filter(|_| rect.covers(link.area)) {
                Some(area) => {
                    link.area = area;
                    rest.hyperlinks.push(link);
                }
                None => self.hyperlinks.push(link),
            }
        }
        for (cell, note) in std::mem::take(&mut self.notes) {
            match shift.cell(sheet, cell).filter(|_| rect.contains(cell)) {
                Some((_, cell)) => rest.notes.insert(cell, note),
                None => self.notes.insert(cell, note),
            };
        }
        for mut table in std::mem::take(&mut self.data_tables) {
            // Its inputs stay on the sheet where it looks for them.
            let input =
                |cell: Cell| shift.cell(sheet, cell).filter(|(to, _)| *to == sheet).map(|(_, cell)| cell);
            table.first_input = table.first_input.and_then(input);
            table.second_input = table.second_input.and_then(input);
            match new(table.rect).filter(|_| rect.covers(table.rect)) {
                Some(rect) => {
                    table.rect = rect;
                    rest.data_tables.push(table);
                }
                None => self.data_tables.push(table),
            }
        }
        for mut pivot in std::mem::take(&mut self.pivots) {
            match new(pivot.area).filter(|_| rect.covers(pivot.area)) {
                Some(area) => {
                    pivot.area = area;
                    rest.pivots.push(pivot);
                }
                None => self.pivots.push(pivot),
            }
        }
        // The cells of a scenario are those of its own sheet.
        self.scenarios.follow(|cell| match shift.cell(sheet, cell) {
            Some((to, now)) if to == sheet => Some(now),
            _ => None,
        });
        if let Some(filter) = self.filter.filter(|filter| rect.covers(*filter)) {
            (self.filter, rest.filter) = (None, new(filter));
        }
        Carried { values, styles, rest }
    }

    fn clear_cells(&mut self, rect: Rect) {
        let width = self.grid.width().max(u16::try_from(self.styles.len()).unwrap_or(u16::MAX));
        for col in (rect.left.0..=rect.right.0).take_while(|col| *col < width).map(Col) {
            self.grid.clear(col, rect.top, rect.bottom, |_| false);
            self.put_styles(col, rect.top, rect.bottom, None);
        }
    }

    /// Takes away what is overwritten.
    fn make_room(&mut self, to: Area) {
        let rect = to.rect;
        self.clear_cells(rect);
        self.merged.retain(|own| !rect.covers(*own));
        self.hyperlinks.retain(|link| !rect.covers(link.area));
        self.notes.retain(|cell, _| !rect.contains(*cell));
        self.data_tables.retain(|table| !rect.covers(table.rect));
        self.pivots.retain(|pivot| !rect.covers(pivot.area));
    }

    fn lay(&mut self, carried: Carried, to: Area) {
        let Carried { values, styles, rest } = carried;
        for (cell, value) in values {
            self.grid.set(cell, value);
        }
        self.lay_styles(&styles, to.rect.first());
        self.merged.extend(rest.merged);
        self.hyperlinks.extend(rest.hyperlinks);
        self.notes.extend(rest.notes);
        self.data_tables.extend(rest.data_tables);
        self.pivots.extend(rest.pivots);
        self.filter = rest.filter.or(self.filter);
    }
}
