//! What each cell is to hold in the new file: its formula with the value of now, or the value alone.
//!
//! A formula that the writer would turn into another one is written as its value, and that is a loss: a wrong
//! formula gives wrong numbers later, a value stays what it is.

use crate::{Book, Losses, Severity};
use formula::{Formula, Node, SheetSpec, Sheets, Style};
use std::collections::BTreeSet;
use values::{Area, Cell, CellError, SheetId, Value, equal_text};
use workbook::{ArrayKind, NameScope, TemplateId};

/// What a cell is to hold.
#[derive(Debug)]
pub(crate) enum Wanted<'a> {
    /// A value, `Empty` for none.
    Value(&'a Value),
    /// A formula and its value of now.
    Formula(TemplateId, &'a Value),
}

/// The book with what was decided about it.
pub(crate) struct Contents<'a> {
    pub book: &'a Book<'a>,
    /// Templates that refer to what the new file does not have.
    unwritable: BTreeSet<TemplateId>,
    /// Names that are left out, by their place in the workbook's list.
    pub dropped_names: BTreeSet<usize>,
}

impl<'a> Contents<'a> {
    pub fn new(book: &'a Book<'a>, losses: &mut Losses) -> Contents<'a> {
        let dropped_names = dropped_names(book, losses);
        let mut contents = Contents { book, unwritable: BTreeSet::new(), dropped_names };
        let templates = book.workbook.templates.iter();
        contents.unwritable = templates
            .filter(|(_, formula)| contents.leaves_the_workbook(formula))
            .map(|(id, _)| id)
            .collect();
        contents.tell(losses);
        contents
    }

    /// What a cell is to hold.
    pub fn wanted(&self, sheet: SheetId, cell: Cell) -> Wanted<'a> {
        let value = self.value(sheet, cell);
        if self.is_input(sheet, cell) {
            return Wanted::Value(value);
        }
        match self.book.workbook.sheet(sheet).and_then(|sheet| sheet.formula(cell)) {
            Some(template) if !self.unwritable.contains(&template) => Wanted::Formula(template, value),
            _ => Wanted::Value(value),
        }
    }

    /// The value of now.
    pub fn value(&self, sheet: SheetId, cell: Cell) -> &'a Value {
        const EMPTY: &Value = &Value::Empty;
        self.book.grids.get(usize::from(sheet.0)).map_or(EMPTY, |grid| grid.get(cell))
    }

    /// A template as a file holds it in a cell.
    pub fn text(&self, template: TemplateId, cell: Cell) -> String {
        let workbook = self.book.workbook;
        formula::print(workbook.templates.get(template), cell, workbook, Style::File)
    }

    /// Every cell of a sheet that holds something, once.
    pub fn cells(&self, sheet: SheetId) -> BTreeSet<Cell> {
        let grid = self.book.grids.get(usize::from(sheet.0));
        let mut cells: BTreeSet<Cell> =
            grid.into_iter().flat_map(|grid| grid.iter()).map(|(cell, _)| cell).collect();
        let formulas = self.book.workbook.sheet(sheet).map_or(&[][..], |sheet| &sheet.formulas);
        for (col, runs) in formulas.iter().enumerate() {
            for (top, bottom, _) in runs.iter() {
                cells.extend((top.0..=bottom.0).map(|row| Cell::new(row, col as u16)));
            }
        }
        cells
    }

    /// A cell as people write it.
    pub fn place(&self, sheet: SheetId, cell: Cell) -> String {
        self.book.workbook.address(Area::cell(sheet, cell))
    }

    fn is_input(&self, sheet: SheetId, cell: Cell) -> bool {
        self.book.inputs.contains(&(sheet, cell))
    }

    /// Whether a formula needs another workbook, or a name that is left out.
    fn leaves_the_workbook(&self, formula: &Formula) -> bool {
        let dropped = |name: &str| {
            let names = &self.book.workbook.names;
            self.dropped_names.iter().any(|place| equal_text(&names[*place].name, name))
        };
        formula.nodes().iter().any(|node| match node {
            Node::Name { name, .. } if dropped(name) => true,
            node => names_another_book(node),
        })
    }

    /// Says which formulas become values, and what else the cells lose.
    fn tell(&self, losses: &mut Losses) {
        for (id, sheet) in self.book.workbook.sheets() {
            for array in sheet.arrays.values().filter(|array| !self.is_input(id, array.anchor)) {
                let what = match array.kind {
                    ArrayKind::Legacy => "array formulas are written as their values",
                    ArrayKind::Dynamic => "formulas that spill are written as their values",
                };
                losses.add(Severity::Refused, what, &self.place(id, array.anchor));
            }
            for table in &sheet.data_tables {
                let place = self.book.workbook.address(Area { sheet: id, rect: table.rect });
                losses.add(Severity::Refused, "what-if data tables are written as their values", &place);
            }
            self.tell_cells(id, losses);
        }
        for table in &self.book.workbook.tables {
            let headers = table.headers().into_iter().flat_map(|rect| rect.cells());
            for cell in headers.filter(|cell| self.is_input(table.sheet, *cell)) {
                let what = "a changed header of a table no longer fits the table's columns";
                losses.add(Severity::Refused, what, &self.place(table.sheet, cell));
            }
        }
    }

    fn tell_cells(&self, id: SheetId, losses: &mut Losses) {
        let Some(sheet) = self.book.workbook.sheet(id) else { return };
        for (col, runs) in sheet.formulas.iter().enumerate() {
            for (top, bottom, _) in runs.iter().filter(|run| self.unwritable.contains(&run.2)) {
                for row in top.0..=bottom.0 {
                    let cell = Cell::new(row, col as u16);
                    if !self.is_input(id, cell) {
                        let what = "formulas that refer to other workbooks are written as their values";
                        losses.add(Severity::Refused, what, &self.place(id, cell));
                    }
                }
            }
        }
        let grid = self.book.grids.get(usize::from(id.0));
        for (cell, value) in grid.into_iter().flat_map(|grid| grid.iter()) {
            if let Value::Error(error) = value
                && written_error(*error) != *error
            {
                let what = format!("{} is written as {}", error.as_str(), written_error(*error).as_str());
                losses.add(Severity::Refused, &what, &self.place(id, cell));
            }
        }
    }
}

/// The error that stands in the file for one that the writer does not have; Excel itself writes the newer ones as
/// `#VALUE!` with a note beside them.
pub(crate) fn written_error(error: CellError) -> CellError {
    use CellError::{Div0, NA, Name, Null, Num, Ref, Value};
    match error {
        Div0 | NA | Name | Null | Num | Ref | Value => error,
        _ => Value,
    }
}

/// Names that cannot be written, because they need another workbook or were not understood.
fn dropped_names(book: &Book<'_>, losses: &mut Losses) -> BTreeSet<usize> {
    let mut dropped = BTreeSet::new();
    for (place, name) in book.workbook.names.iter().enumerate() {
        let outside =
            name.formula.as_ref().is_some_and(|formula| formula.nodes().iter().any(names_another_book));
        // What an .xlsx says stays as it says it; other formats' notation means nothing in one.
        let unread = name.formula.is_none() && book.original.is_none();
        if !outside && !unread {
            continue;
        }
        dropped.insert(place);
        let what = if outside {
            "names that refer to other workbooks are left out"
        } else {
            "names that could not be read are left out"
        };
        let scope = match name.scope {
            NameScope::Workbook => name.name.to_string(),
            NameScope::Sheet(id) => {
                let sheet = book.workbook.sheet_name(id).unwrap_or_default();
                format!("{}!{}", formula::quote_sheet(sheet), name.name)
            }
        };
        losses.add(Severity::Refused, what, &scope);
    }
    dropped
}

fn names_another_book(node: &Node) -> bool {
    let outside = |sheet: &SheetSpec| matches!(sheet, SheetSpec::External(_));
    match node {
        Node::Ref(reference) => outside(&reference.sheet),
        Node::Name { sheet, .. } => outside(sheet),
        Node::Table(table) => table.table.as_ref().is_some_and(|name| name.starts_with('[')),
        Node::Call { name, .. } => name.starts_with('[') || name.contains('!'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::written_error;
    use values::CellError;

    #[test]
    fn new_errors_are_written_as_the_one_that_old_readers_know() {
        assert_eq!(written_error(CellError::Div0), CellError::Div0);
        assert_eq!(written_error(CellError::Spill), CellError::Value);
        assert_eq!(written_error(CellError::GettingData), CellError::Value);
    }
}
