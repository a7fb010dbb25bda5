//! From the references of a definition to areas of workbooks.
//!
//! Binds are settled once, when the app is opened; everything else is looked up when it is needed.

use crate::heal;
use crate::problems::Problem;
use app_definitions::Reference;
use app_definitions::model::{App, Bind};
use calc::Model;
use formula::{Node, Sheets};
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId};
use workbook::Workbook;

/// An area of one of the app's workbooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub book: usize,
    pub area: Area,
}

impl Place {
    /// Its first cell.
    pub fn cell(self) -> (SheetId, Cell) {
        (self.area.sheet, self.area.rect.first())
    }

    /// One cell of a book.
    pub fn at(book: usize, sheet: SheetId, cell: Cell) -> Place {
        Place { book, area: Area::cell(sheet, cell) }
    }
}

/// Looks references up.
pub(crate) struct Resolver {
    books: Vec<Arc<Model>>,
    binds: BTreeMap<String, Result<Place, String>>,
}

impl Resolver {
    /// Settles the binds of a definition and says what is wrong with them.
    pub fn new(app: &App, books: &[Arc<Model>], problems: &mut Vec<Problem>) -> Resolver {
        let mut resolver = Resolver { books: books.to_vec(), binds: BTreeMap::new() };
        for bind in &app.binds {
            let place = resolver.bind(app, bind, problems);
            if let Err(text) = &place
                && !problems.iter().any(|problem| problem.text == *text)
            {
                problems.push(Problem::error("missing-cell", text.as_str(), &bind.origin));
            }
            resolver.binds.insert(bind.id.text.clone(), place);
        }
        resolver
    }

    /// All binds that were found.
    pub fn binds(&self) -> impl Iterator<Item = (&str, Place)> {
        self.binds.iter().filter_map(|(id, place)| place.as_ref().ok().map(|place| (id.as_str(), *place)))
    }

    /// The area of a reference, or a sentence on why there is none.
    pub fn place(&self, reference: &Reference) -> Result<Place, String> {
        match reference {
            Reference::Bind(id) => match self.binds.get(id) {
                Some(place) => place.clone(),
                None => Err(format!("The app has no bind #{id}.")),
            },
            other => self.in_book(other, 0),
        }
    }

    /// The workbook of a source.
    pub fn workbook(&self, book: usize) -> Option<&Arc<Workbook>> {
        self.books.get(book).map(|model| model.workbook())
    }

    fn in_book(&self, reference: &Reference, book: usize) -> Result<Place, String> {
        let Some(workbook) = self.workbook(book) else {
            return Err("The spreadsheet is not there.".to_owned());
        };
        let area = match reference {
            Reference::Cells { sheet, area } => cells(workbook, sheet.as_deref(), area)?,
            Reference::Name(name) => named(workbook, name)?,
            Reference::TableColumn { table, column } => table_column(workbook, table, column)?,
            Reference::Column(column) => {
                return Err(format!("@{column} means something only inside of a list."));
            }
            Reference::Bind(id) => return Err(format!("#{id} refers to itself.")),
        };
        Ok(Place { book, area })
    }

    /// The strongest target of a bind that is there: its name, its table column, its cells.
    fn bind(&self, app: &App, bind: &Bind, problems: &mut Vec<Problem>) -> Result<Place, String> {
        let book = match &bind.source {
            Some(id) => {
                let place = app.sources.iter().position(|source| source.id.text == *id);
                place.ok_or_else(|| format!("The app has no source {id}."))?
            }
            None => 0,
        };
        let mut first_error: Option<String> = None;
        for target in &bind.targets() {
            match self.in_book(target, book) {
                Ok(place) => {
                    let place = match self.workbook(book) {
                        Some(workbook) => heal::checked(workbook, bind, target, place, problems)?,
                        None => place,
                    };
                    if let (Some(error), Some(workbook)) = (first_error, self.workbook(book)) {
                        let text = format!("{error} The app uses {} instead.", workbook.address(place.area));
                        problems.push(Problem::warning("missing-name", text, &bind.origin));
                    }
                    return Ok(place);
                }
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        Err(first_error.unwrap_or_else(|| "The bind names no cell.".to_owned()))
    }
}

fn cells(workbook: &Workbook, sheet: Option<&str>, area: &app_definitions::Area) -> Result<Area, String> {
    let id = match sheet {
        Some(name) => {
            workbook.sheet_by_name(name).ok_or_else(|| format!("The spreadsheet has no sheet {name}."))?
        }
        None => workbook.first_visible_sheet().ok_or("The spreadsheet has no visible sheet.")?,
    };
    let cell = |at: app_definitions::CellAddress| {
        let col = u16::try_from(at.column).ok().filter(|col| *col <= Col::LAST.0)?;
        (at.row <= Row::LAST.0).then(|| Cell::new(at.row, col))
    };
    match (cell(area.first), cell(area.last)) {
        (Some(first), Some(last)) => Ok(Area { sheet: id, rect: Rect::new(first, last) }),
        _ => Err("The address lies outside of every sheet.".to_owned()),
    }
}

fn named(workbook: &Workbook, name: &str) -> Result<Area, String> {
    if let Some(defined) = workbook.name(name, workbook.first_visible_sheet()) {
        let root = defined.formula.as_ref().map(|formula| formula.node(formula.root()));
        let area = match root {
            Some(Node::Ref(reference)) => reference.area(SheetId(0), Cell::default()),
            _ => None,
        };
        return area.ok_or_else(|| format!("The name {name} stands for something other than cells."));
    }
    match workbook.table(name) {
        Some(table) => table
            .data()
            .map(|rect| Area { sheet: table.sheet, rect })
            .ok_or_else(|| format!("The table {name} has no rows.")),
        None => Err(format!("The spreadsheet has no name or table {name}.")),
    }
}

fn table_column(workbook: &Workbook, table: &str, column: &str) -> Result<Area, String> {
    let of = workbook.table(table).ok_or_else(|| format!("The spreadsheet has no table {table}."))?;
    let col = of.column(column).ok_or_else(|| format!("The table {table} has no column {column}."))?;
    let data = of.data().ok_or_else(|| format!("The table {table} has no rows."))?;
    Ok(Area { sheet: of.sheet, rect: Rect { left: col, right: col, ..data } })
}
