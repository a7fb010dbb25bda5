//! The whole workbook.

use crate::{CellStyle, DefinedName, NameScope, Origin, Sheet, Styles, Table, Templates, Visibility};
use formula::Sheets;
use values::{Area, Cell, DateSystem, Rect, SheetId, Text, Value, equal_text};

/// How far a calculation goes that comes to its result step by step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Iteration {
    /// Most rounds.
    pub count: u32,
    /// Ends when no cell changes by more than this.
    pub delta: f64,
}

impl Default for Iteration {
    /// What a new workbook has in Excel.
    fn default() -> Self {
        Iteration { count: 100, delta: 0.001 }
    }
}

/// A workbook in memory.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    /// Its sheets in tab order; a [`SheetId`] is a place here.
    pub sheets: Vec<Sheet>,
    /// Formula templates.
    pub templates: Templates,
    /// Cell styles.
    pub styles: Styles,
    /// Defined names.
    pub names: Vec<DefinedName>,
    /// Tables of all sheets.
    pub tables: Vec<Table>,
    /// How days are counted.
    pub date_system: DateSystem,
    /// Set where circular references are to be iterated.
    pub iteration: Option<Iteration>,
    /// How far a search for an input goes: the settings of iteration, which a file has whether it iterates or not.
    pub search: Iteration,
    /// Calculate with what cells show, not with what they hold.
    pub precision_as_displayed: bool,
    /// Whether texts of references may name a sheet before a dot, `Sheet1.A1`, as LibreOffice's do; see INDIRECT.
    pub sheets_before_dots: bool,
    /// Cached cells of other workbooks that formulas refer to, by the number in brackets.
    pub external_books: Vec<ExternalBook>,
    /// Where the values of the file were calculated, as far as it tells.
    pub calculated_in: Origin,
    /// The file's name without a path, where it is known.
    pub file_name: Text,
}

/// What a file remembers of another workbook.
#[derive(Clone, Debug, Default)]
pub struct ExternalBook {
    /// Where it was, as the file says; never opened.
    pub target: Text,
    /// Sheet names and cached values.
    pub sheets: Vec<(Text, crate::Grid)>,
    /// Its names that stand for cells.
    pub names: Vec<ExternalName>,
}

/// A name of another workbook that stands for cells of it.
#[derive(Clone, Debug)]
pub struct ExternalName {
    /// What it is called.
    pub name: Text,
    /// The sheet that it belongs to; `None` for the workbook's.
    pub scope: Option<Text>,
    /// The sheet on which the cells lie.
    pub sheet: Text,
    /// The cells.
    pub cells: Rect,
}

impl ExternalBook {
    /// The name that a formula means by `[1]sheet!name`, or by `[1]!name` with an empty sheet: a sheet's own before the
    /// workbook's.
    pub fn name(&self, name: &str, sheet: &str) -> Option<&ExternalName> {
        let called = |own: &&ExternalName| equal_text(&own.name, name);
        let on_sheet = |own: &ExternalName| own.scope.as_ref().is_some_and(|own| equal_text(own, sheet));
        let own = self.names.iter().filter(called).find(|own| on_sheet(own));
        own.or_else(|| self.names.iter().filter(called).find(|own| own.scope.is_none()))
    }
}

impl Workbook {
    /// What is remembered of the workbook that a formula means by what it has in brackets, its number from 1.
    pub fn external_book(&self, number: &str) -> Option<&ExternalBook> {
        let place = number.parse::<usize>().ok()?.checked_sub(1)?;
        self.external_books.get(place)
    }

    /// The sheet of an id.
    pub fn sheet(&self, id: SheetId) -> Option<&Sheet> {
        self.sheets.get(usize::from(id.0))
    }

    /// The sheet of an id, to change it.
    pub fn sheet_mut(&mut self, id: SheetId) -> Option<&mut Sheet> {
        self.sheets.get_mut(usize::from(id.0))
    }

    /// All sheets with their ids.
    pub fn sheets(&self) -> impl Iterator<Item = (SheetId, &Sheet)> {
        self.sheets.iter().enumerate().map(|(id, sheet)| (SheetId(id as u16), sheet))
    }

    /// The first sheet that is shown: what a bare address means.
    pub fn first_visible_sheet(&self) -> Option<SheetId> {
        self.sheets().find(|(_, sheet)| sheet.visibility == Visibility::Visible).map(|(id, _)| id)
    }

    /// The value that the file had for a cell.
    pub fn value(&self, sheet: SheetId, cell: Cell) -> &Value {
        const EMPTY: &Value = &Value::Empty;
        self.sheet(sheet).map_or(EMPTY, |sheet| sheet.grid.get(cell))
    }

    /// The style of a cell.
    pub fn style(&self, sheet: SheetId, cell: Cell) -> &CellStyle {
        self.styles.get(self.sheet(sheet).map(|sheet| sheet.style(cell)).unwrap_or_default())
    }

    /// A name as a formula on `sheet` sees it: the sheet's own first, then the workbook's.
    pub fn name(&self, name: &str, sheet: Option<SheetId>) -> Option<&DefinedName> {
        let in_scope = |scope| self.names.iter().find(move |n| n.scope == scope && equal_text(&n.name, name));
        sheet.and_then(|id| in_scope(NameScope::Sheet(id))).or_else(|| in_scope(NameScope::Workbook))
    }

    /// A table by its name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| equal_text(&table.name, name))
    }

    /// The table that a cell lies in.
    pub fn table_at(&self, sheet: SheetId, cell: Cell) -> Option<&Table> {
        self.tables.iter().find(|table| table.sheet == sheet && table.area.contains(cell))
    }

    /// Where a cell stands, as a person writes it: `Sheet1!B4`.
    pub fn address(&self, area: Area) -> String {
        match self.sheet(area.sheet) {
            Some(sheet) => format!("{}!{}", formula::quote_sheet(&sheet.name), area.rect),
            None => area.rect.to_string(),
        }
    }
}

impl Sheets for Workbook {
    fn sheet_by_name(&self, name: &str) -> Option<SheetId> {
        self.sheets().find(|(_, sheet)| equal_text(&sheet.name, name)).map(|(id, _)| id)
    }

    fn sheet_name(&self, id: SheetId) -> Option<&str> {
        self.sheet(id).map(|sheet| sheet.name.as_str())
    }

    fn has_name(&self, name: &str) -> bool {
        self.names.iter().any(|defined| equal_text(&defined.name, name)) || self.table(name).is_some()
    }
}
