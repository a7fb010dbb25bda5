//! Rows at the end of a table.

use super::guard::Touched;
use super::tables::Fill;
use super::{Content, Done, EditError, Work};
use crate::{Table, Workbook};
use std::collections::BTreeSet;
use values::{Area, Cell, Col, MAX_ROWS, Rect, Row, SheetId, Text};

impl Work<'_> {
    pub(super) fn append_rows(&mut self, name: &Text, rows: &[Vec<Content>]) -> Done {
        let table = self.book.table(name).cloned().ok_or_else(|| EditError::NoTable(name.clone()))?;
        if rows.is_empty() {
            return Err(EditError::Nothing);
        }
        if rows.iter().any(|row| row.len() > table.area.cols() as usize) {
            return Err(EditError::TooWide(table.name));
        }
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let bottom = table.area.bottom.0.checked_add(count).filter(|bottom| *bottom < MAX_ROWS);
        let Some(bottom) = bottom.map(Row) else {
            return Err(EditError::OffSheet(format!("The new rows of the table {}", table.name)));
        };
        let below = Rect { top: Row(table.area.bottom.0 + 1), bottom, ..table.area };
        if let Some(cell) = self.book.in_the_way(table.sheet, below) {
            let cell = self.book.address(Area::cell(table.sheet, cell));
            return Err(EditError::InTheWay(table.name, cell));
        }
        if let Some(totals) = table.totals() {
            let to = Rect { top: bottom, bottom, ..totals };
            self.carry(Area { sheet: table.sheet, rect: totals }, Area { sheet: table.sheet, rect: to });
        }
        self.journal.tables(self.book);
        self.effect.tables = true;
        if let Some(slot) = self.book.table_mut(&table.name) {
            slot.area.bottom = bottom;
        }
        let top = Row(table.area.bottom.0 + 1 - table.totals_rows);
        let new = Rect { top, bottom: Row(bottom.0 - table.totals_rows), ..table.area };
        self.like_last(&table, new);
        self.fill_rows(&table, new, rows)
    }

    /// New rows look as the last one does and take what it takes.
    fn like_last(&mut self, table: &Table, new: Rect) {
        let Some(last) = table.data().map(|data| data.bottom) else { return };
        let sheet = table.sheet;
        self.journal.columns(self.book, sheet, (new.left.0..=new.right.0).map(Col));
        self.journal.validations(self.book, sheet);
        let Some(of) = self.book.sheet_mut(sheet) else { return };
        for col in new.left.0..=new.right.0 {
            let style = of.styles.get(usize::from(col)).and_then(|runs| runs.get(last));
            of.put_styles(Col(col), new.top, new.bottom, style);
        }
        for rect in of.validations.iter_mut().flat_map(|validation| &mut validation.areas) {
            let inside = new.left <= rect.left && rect.right <= new.right;
            if inside && rect.bottom == last {
                rect.bottom = new.bottom;
            }
        }
        self.effect.styled.push(Area { sheet, rect: new });
    }

    fn fill_rows(&mut self, table: &Table, new: Rect, rows: &[Vec<Content>]) -> Done {
        let sheet: SheetId = table.sheet;
        let mut ready = Vec::new();
        let mut given = BTreeSet::new();
        for (row, contents) in (new.top.0..).zip(rows) {
            for (col, content) in (new.left.0..).zip(contents) {
                let cell = Cell::new(row, col);
                if !matches!(content, Content::Empty) {
                    ready.push((cell, self.ready(sheet, cell, content)?));
                    given.insert(cell);
                }
            }
        }
        self.effect.before.push(Area { sheet, rect: new });
        self.effect.after.push(Area { sheet, rect: new });
        if !ready.is_empty() {
            self.write(sheet, &Touched::Cells(given.clone()), ready)?;
        }
        let fill = Fill { table: table.name.clone(), top: new.top, bottom: new.bottom, given };
        self.fill_table(&fill)
    }
}

impl Workbook {
    /// A cell that keeps a table from growing over a rectangle: filled, merged, or part of another table or array.
    fn in_the_way(&self, sheet: SheetId, rect: Rect) -> Option<Cell> {
        let of = self.sheet(sheet)?;
        let tables = self.tables.iter().filter(|table| table.sheet == sheet).map(|table| table.area);
        let claimed = of.merged.iter().copied().chain(of.arrays.values().map(|array| array.rect));
        let claimed = claimed.chain(of.data_tables.iter().map(|table| table.rect)).chain(tables);
        let claimed = claimed.filter_map(|other| other.intersection(rect)).map(Rect::first).min();
        of.first_filled(rect).or(claimed)
    }
}
