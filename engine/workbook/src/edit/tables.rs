//! Tables: columns that are called as their headers are, calculated columns, and places that follow the cells.

use super::guard::{Along, Touched};
use super::{Done, EditError, Work};
use crate::{Table, TableColumn, TemplateId, Workbook};
use formula::{Formula, Host, Mode, Shift, Slide, TableChange, parse};
use std::collections::BTreeSet;
use values::{Area, Cell, Col, Rect, Row, SheetId, Text, Value, equal_text};

/// A formula that fills a column of a table.
pub(super) struct ColumnFormula {
    /// The table and the column, by their places in the lists.
    pub place: (usize, usize),
    pub formula: Formula,
    /// The first cell that it fills, for which it is written.
    pub host: Host,
    /// The last row that it fills.
    pub bottom: Row,
}

/// New rows of a table, whose calculated columns are to be filled.
pub(super) struct Fill {
    pub table: Text,
    pub top: Row,
    pub bottom: Row,
    /// Cells that have got contents of their own.
    pub given: BTreeSet<Cell>,
}

impl Workbook {
    /// The formulas that fill columns of tables, those aside that cannot be read.
    pub(super) fn column_formulas(&self) -> Vec<ColumnFormula> {
        let mut all = Vec::new();
        for (place, table) in self.tables.iter().enumerate() {
            let Some(data) = table.data() else { continue };
            for (index, column) in table.columns.iter().enumerate() {
                let Some(text) = &column.formula else { continue };
                let Some(cell) = data.first().moved(0, index as i64) else { continue };
                if let Ok(formula) = parse(text, cell, self, Mode::Workbook) {
                    let host = Host { sheet: table.sheet, cell };
                    all.push(ColumnFormula { place: (place, index), formula, host, bottom: data.bottom });
                }
            }
        }
        all
    }
}

impl Work<'_> {
    /// Calls the columns of tables what their headers say now. A header is text and differs from the others.
    pub(super) fn name_columns(&mut self, sheet: SheetId, touched: &Touched) -> Done {
        let tables = self.book.tables.iter().filter(|table| table.sheet == sheet);
        let hit = tables.filter(|table| table.headers().is_some_and(|rect| touched.count_in(rect) > 0));
        let hit: Vec<Text> = hit.map(|table| table.name.clone()).collect();
        for table in hit {
            self.name_columns_of(&table, touched);
        }
        Ok(())
    }

    fn name_columns_of(&mut self, name: &Text, touched: &Touched) {
        let Some(table) = self.book.table(name).cloned() else { return };
        let sheet = table.sheet;
        let mut names: Vec<Text> = table.columns.iter().map(|column| column.name.clone()).collect();
        for (index, col) in (table.area.left.0..=table.area.right.0).enumerate() {
            let cell = Cell { row: table.area.top, col: Col(col) };
            if index >= names.len() || !touched.contains(cell) {
                continue;
            }
            let others: Vec<Text> =
                names.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, name)| name.clone()).collect();
            let new = match header_text(self.book.value(sheet, cell)) {
                Some(text) => unique(&text, &others),
                None => numbered("Column", 1, &others),
            };
            self.put_header(sheet, cell, &new);
            let Some(slot) = names.get_mut(index) else { continue };
            let from = std::mem::replace(slot, new.clone());
            if from == new {
                continue;
            }
            self.journal.tables(self.book);
            self.effect.tables = true;
            let column = self.book.table_mut(name).and_then(|table| table.columns.get_mut(index));
            if let Some(column) = column {
                column.name = new.clone();
            }
            self.change_table(&TableChange::RenameColumn { table: name.clone(), from, to: new });
        }
    }

    /// Writes a header. What it held is kept already, or was not there before.
    fn put_header(&mut self, sheet: SheetId, cell: Cell, name: &Text) {
        let is_so = matches!(self.book.value(sheet, cell), Value::Text(text) if text == name);
        let has_formula = self.book.sheet(sheet).is_some_and(|of| of.formula(cell).is_some());
        if is_so && !has_formula {
            return;
        }
        self.journal.cells(self.book, sheet, std::iter::once(cell));
        if let Some(of) = self.book.sheet_mut(sheet) {
            of.put(cell, Value::Text(name.clone()), None);
        }
        self.effect.after.push(Area::cell(sheet, cell));
    }

    /// What tables do not allow when rows or columns go.
    pub(super) fn guard_tables(&self, sheet: SheetId, along: Along, slide: Slide) -> Done {
        let Slide::Delete { at, count } = slide else { return Ok(()) };
        if along == Along::Cols {
            return Ok(());
        }
        let gone = along.rect(at, at + count - 1);
        for table in self.book.tables.iter().filter(|table| table.sheet == sheet) {
            let meets = |rect: Option<Rect>| rect.is_some_and(|rect| rect.intersection(gone).is_some());
            let covers = |rect: Option<Rect>| rect.is_some_and(|rect| gone.covers(rect));
            if covers(Some(table.area)) {
                continue;
            }
            if meets(table.headers()) {
                return Err(EditError::PartOfTable(
                    table.name.clone(),
                    "its header row can only be deleted with all of the table",
                ));
            }
            if covers(table.data()) {
                return Err(EditError::PartOfTable(
                    table.name.clone(),
                    "at least one of its rows must stay; delete all of the table, or empty the row",
                ));
            }
        }
        Ok(())
    }

    /// Lets tables follow rows or columns that came or went; gives the new rows within tables.
    pub(super) fn slide_tables(&mut self, sheet: SheetId, along: Along, slide: Slide) -> Vec<Fill> {
        let tables = self.book.tables.iter().filter(|table| table.sheet == sheet);
        let names: Vec<Text> = tables.map(|table| table.name.clone()).collect();
        if names.is_empty() {
            return Vec::new();
        }
        self.journal.tables(self.book);
        let shift = match along {
            Along::Rows => Shift::Rows { sheet, slide },
            Along::Cols => Shift::Cols { sheet, slide },
        };
        let mut fills = Vec::new();
        for name in names {
            let Some(table) = self.book.table(&name).cloned() else { continue };
            let Some(area) = shift.area(Area { sheet, rect: table.area }) else {
                self.drop_table(&name);
                continue;
            };
            if area.rect == table.area {
                continue;
            }
            self.effect.tables = true;
            let totals = table.totals().and_then(|rect| shift.area(Area { sheet, rect }));
            if let Some(slot) = self.book.table_mut(&name) {
                slot.area = area.rect;
                slot.totals_rows = u32::from(totals.is_some());
            }
            match along {
                Along::Rows => fills.extend(new_rows(&table, slide)),
                Along::Cols => self.slide_columns_of(&name, &table, slide),
            }
        }
        fills
    }

    fn slide_columns_of(&mut self, name: &Text, before: &Table, slide: Slide) {
        let (at, count) = slide.range();
        let left = u32::from(before.area.left.0);
        match slide {
            Slide::Insert { .. } if at > left => {
                let first = ((at - left) as usize).min(before.columns.len());
                for index in first..first + count as usize {
                    let Some(table) = self.book.table_mut(name) else { return };
                    let taken: Vec<Text> = table.columns.iter().map(|column| column.name.clone()).collect();
                    let new = numbered("Column", 1, &taken);
                    table.columns.insert(index, TableColumn { name: new.clone(), formula: None });
                    let header = table.headers().map(|rect| rect.first());
                    if let Some(cell) = header.and_then(|first| first.moved(0, index as i64)) {
                        self.put_header(before.sheet, cell, &new);
                    }
                }
            }
            Slide::Insert { .. } => {}
            Slide::Delete { .. } => {
                let stays = |index: usize| {
                    let col = left + index as u32;
                    col < at || col - at >= count
                };
                let columns = before.columns.iter().enumerate();
                let columns: Vec<(Text, bool)> =
                    columns.map(|(index, column)| (column.name.clone(), stays(index))).collect();
                if columns.iter().all(|(_, stays)| *stays) {
                    return;
                }
                if let Some(table) = self.book.table_mut(name) {
                    let mut index = 0;
                    table.columns.retain(|_| {
                        index += 1;
                        stays(index - 1)
                    });
                }
                self.change_table(&TableChange::DeleteColumns { table: name.clone(), columns });
            }
        }
    }

    /// Fills the calculated columns of new rows.
    pub(super) fn fill_table(&mut self, fill: &Fill) -> Done {
        let Some(table) = self.book.table(&fill.table).cloned() else { return Ok(()) };
        for (index, col) in (table.area.left.0..=table.area.right.0).enumerate() {
            let Some(template) = self.column_template(&table, index, Col(col), fill) else { continue };
            let rows = (fill.top.0..=fill.bottom.0).map(|row| Cell::new(row, col));
            let cells: Vec<Cell> = rows.filter(|cell| !fill.given.contains(cell)).collect();
            self.journal.cells(self.book, table.sheet, cells.iter().copied());
            let Some(of) = self.book.sheet_mut(table.sheet) else { return Err(EditError::NoSheet) };
            for cell in &cells {
                of.put(*cell, Value::Empty, Some(template));
            }
            let cells: BTreeSet<Cell> = cells.into_iter().collect();
            let areas = super::cells::columns_of(&cells);
            self.effect.after.extend(areas.into_iter().map(|rect| Area { sheet: table.sheet, rect }));
        }
        Ok(())
    }

    /// The formula that fills a column: the one that all of its older rows have, or the one that the table names.
    fn column_template(&mut self, table: &Table, index: usize, col: Col, fill: &Fill) -> Option<TemplateId> {
        let data = table.data()?;
        let older = u64::from(data.rows()).checked_sub(u64::from(fill.bottom.0 - fill.top.0) + 1)?;
        let runs = self.book.sheet(table.sheet)?.formulas.get(usize::from(col.0));
        let mut found: Option<TemplateId> = None;
        let (mut count, mut alike) = (0, true);
        for (top, bottom, template) in runs.into_iter().flat_map(|runs| runs.touching(data.top, data.bottom))
        {
            let (top, bottom) = (top.max(data.top).0, bottom.min(data.bottom).0);
            count += u64::from(bottom - top) + 1;
            alike &= *found.get_or_insert(template) == template;
        }
        if let Some(template) = found.filter(|_| alike && count == older) {
            return Some(template);
        }
        let text = table.columns.get(index)?.formula.as_ref()?;
        let cell = Cell { row: data.top, col };
        let formula = parse(text, cell, &*self.book, Mode::Workbook).ok()?;
        Some(self.book.templates.intern(formula))
    }
}

impl Workbook {
    pub(super) fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| equal_text(&table.name, name))
    }
}

/// The rows that an insertion puts between the rows of a table.
fn new_rows(before: &Table, slide: Slide) -> Option<Fill> {
    let Slide::Insert { at, count } = slide else { return None };
    let data = before.data()?;
    // In front of the totals is within the table too.
    let end = data.bottom.0 + before.totals_rows;
    let inside = data.top.0 <= at && before.area.top.0 < at && at <= end;
    inside.then(|| Fill {
        table: before.name.clone(),
        top: Row(at),
        bottom: Row(at + count - 1),
        given: BTreeSet::new(),
    })
}

/// A cell's value as a header: text as it is, others as they are written.
fn header_text(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(Text::from(number.to_string())),
        Value::Bool(value) => Some(Text::from(if *value { "TRUE" } else { "FALSE" })),
        Value::Error(error) => Some(Text::from(error.as_str())),
        _ => None,
    }
}

fn unique(name: &Text, taken: &[Text]) -> Text {
    let is_taken = taken.iter().any(|other| equal_text(other, name));
    if is_taken { numbered(name, 2, taken) } else { name.clone() }
}

/// The first of `Column1`, `Column2`, … that is not taken.
fn numbered(base: &str, from: usize, taken: &[Text]) -> Text {
    let names = (from..=from + taken.len()).map(|n| Text::from(format!("{base}{n}")));
    let mut free = names.filter(|name| !taken.iter().any(|other| equal_text(other, name)));
    free.next().unwrap_or_else(|| Text::from(base))
}
