//! Sheets that come, go, change places or names.
//!
//! A sheet's id is its place among the tabs, so the ids of all sheets behind it change with it; references follow.

use super::follow::names_sheet;
use super::{Done, EditError, Work};
use crate::{NameScope, Sheet, Visibility, Workbook};
use formula::{Adjusted, Formula, Host, Shift, Style, TableChange, print};
use values::{Area, Cell, Rect, SheetId, Text, equal_text};

/// The characters that a sheet's name may have in Excel.
const MOST_CHARS: usize = 31;

impl Workbook {
    fn guard_name(&self, name: &Text, own: Option<SheetId>) -> Done {
        let wrong = |why| Err(EditError::SheetName(name.clone(), why));
        if name.trim().is_empty() {
            return wrong("it needs at least one character that can be seen");
        }
        if name.chars().count() > MOST_CHARS {
            return wrong("a name has at most 31 characters");
        }
        if name.contains(['[', ']', ':', '*', '?', '/', '\\']) || name.chars().any(char::is_control) {
            return wrong("the characters [ ] : * ? / \\ cannot stand in it");
        }
        if name.starts_with('\'') || name.ends_with('\'') {
            return wrong("an apostrophe can stand neither first nor last");
        }
        if equal_text(name, "History") {
            return wrong("spreadsheets keep that name for themselves");
        }
        let taken = self.sheets().any(|(id, sheet)| Some(id) != own && equal_text(&sheet.name, name));
        if taken { wrong("another sheet is called so") } else { Ok(()) }
    }

    fn sheet_count(&self) -> u16 {
        u16::try_from(self.sheets.len()).unwrap_or(u16::MAX)
    }

    fn guard_last(&self, sheet: SheetId) -> Done {
        let is_shown = |sheet: &Sheet| sheet.visibility == Visibility::Visible;
        let of = self.known(sheet)?;
        let others = self.sheets().any(|(id, other)| id != sheet && is_shown(other));
        if is_shown(of) && !others { Err(EditError::LastSheet(of.name.clone())) } else { Ok(()) }
    }
}

impl Work<'_> {
    pub(super) fn insert_sheet(&mut self, at: SheetId, name: &Text) -> Done {
        self.book.guard_name(name, None)?;
        let count = self.book.sheet_count();
        if count >= u16::MAX - 1 {
            return Err(EditError::TooManySheets);
        }
        let at = SheetId(at.0.min(count));
        self.journal.sheets(self.book);
        self.book.sheets.insert(usize::from(at.0), Sheet::new(name));
        self.renumber(Shift::insert_sheet(at, count));
        Ok(())
    }

    pub(super) fn delete_sheet(&mut self, sheet: SheetId) -> Done {
        self.book.guard_last(sheet)?;
        let tables = self.book.tables.iter().filter(|table| table.sheet == sheet);
        let tables: Vec<Text> = tables.map(|table| table.name.clone()).collect();
        for table in tables {
            self.drop_table(&table);
        }
        let count = self.book.sheet_count();
        let shift = Shift::delete_sheet(sheet, count);
        // Texts name sheets, not ids: in them only what refers to this one changes.
        let places = (0..count).map(|id| Some(SheetId(id)).filter(|id| *id != sheet)).collect();
        let hole = Shift::Sheets { places, count };
        self.follow_column_formulas(&|from, formula| {
            (formula.adjusted(from, from, &hole).formula, from.cell)
        });
        // What was rewritten so far stands on sheets that have other numbers from now on.
        let numbered = |area: &mut Area| shift.sheet(area.sheet).map(|id| area.sheet = id).is_some();
        self.effect.rewritten.retain_mut(numbered);
        self.journal.sheets(self.book);
        self.effect.before.push(Area { sheet, rect: Rect::SHEET });
        self.book.sheets.remove(usize::from(sheet.0));
        self.renumber(shift);
        Ok(())
    }

    pub(super) fn move_sheet(&mut self, sheet: SheetId, to: SheetId) -> Done {
        self.book.known(sheet)?;
        self.book.known(to)?;
        let shift = Shift::move_sheet(sheet, to, self.book.sheet_count());
        self.journal.sheets(self.book);
        let moved = self.book.sheets.remove(usize::from(sheet.0));
        self.book.sheets.insert(usize::from(to.0), moved);
        self.renumber(shift);
        Ok(())
    }

    pub(super) fn rename_sheet(&mut self, sheet: SheetId, name: &Text) -> Done {
        self.book.guard_name(name, Some(sheet))?;
        let before = self.book.known(sheet)?.name.clone();
        if before == *name {
            return Ok(());
        }
        let mut columns = self.book.column_formulas();
        columns.retain(|column| names_sheet(&column.formula, sheet));
        self.journal.sheets(self.book);
        if let Some(of) = self.book.sheet_mut(sheet) {
            of.name = name.clone();
        }
        self.print_columns(columns);
        self.effect.renamed = Some((sheet, before));
        self.change_templates(&|formula| Adjusted { formula: None, rewritten: names_sheet(formula, sheet) });
        self.reprint_names(sheet);
        Ok(())
    }

    /// The texts of names that mention a sheet are written anew; its id says the same as before.
    fn reprint_names(&mut self, sheet: SheetId) {
        let names = self.book.names.iter().enumerate();
        let changed: Vec<(usize, Text)> = names
            .filter_map(|(place, name)| {
                let formula = name.formula.as_ref().filter(|formula| names_sheet(formula, sheet))?;
                let text = print(formula, Cell::default(), &*self.book, Style::File);
                Some((place, Text::from(text)))
            })
            .collect();
        if changed.is_empty() {
            return;
        }
        self.journal.names(self.book);
        self.effect.names = true;
        for (place, source) in changed {
            if let Some(name) = self.book.names.get_mut(place) {
                name.source = source;
            }
        }
    }

    /// Gives all that names sheets by their ids the new ones.
    fn renumber(&mut self, shift: Shift) {
        self.renumber_names(&shift);
        self.renumber_tables(&shift);
        let host = Host { sheet: SheetId(0), cell: Cell::default() };
        let change = |formula: &Formula| formula.adjusted(host, host, &shift);
        self.change_templates(&change);
        self.effect.shift = Some(shift);
    }

    fn renumber_names(&mut self, shift: &Shift) {
        let scoped = |scope: NameScope| matches!(scope, NameScope::Sheet(_));
        if !self.book.names.iter().any(|name| scoped(name.scope)) {
            return;
        }
        self.journal.names(self.book);
        let before = self.book.names.len();
        self.book.names.retain_mut(|name| match name.scope {
            NameScope::Workbook => true,
            NameScope::Sheet(sheet) => {
                shift.sheet(sheet).map(|sheet| name.scope = NameScope::Sheet(sheet)).is_some()
            }
        });
        self.effect.names |= self.book.names.len() != before;
    }

    fn renumber_tables(&mut self, shift: &Shift) {
        if self.book.tables.is_empty() {
            return;
        }
        self.journal.tables(self.book);
        for table in &mut self.book.tables {
            if let Some(sheet) = shift.sheet(table.sheet) {
                table.sheet = sheet;
            }
        }
    }

    /// Takes a table away; formulas that name it lose it.
    pub(super) fn drop_table(&mut self, table: &Text) {
        self.journal.tables(self.book);
        self.effect.tables = true;
        self.book.tables.retain(|other| !equal_text(&other.name, table));
        self.change_table(&TableChange::Delete { table: table.clone() });
    }

    /// Lets all formulas follow a change of a table.
    pub(super) fn change_table(&mut self, change: &TableChange) {
        let change = |formula: &Formula| {
            let formula = formula.with_table_change(change);
            Adjusted { rewritten: formula.is_some(), formula }
        };
        self.change_templates(&change);
        self.follow_column_formulas(&|from, formula| (change(formula).formula, from.cell));
    }
}
