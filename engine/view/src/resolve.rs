//! From the references of a definition to areas of workbooks, healing what moved.

use app_definitions::model::{App, Bind, Fingerprint, LabelAt, OnMove};
use app_definitions::{Origin, Reference};
use calc::Model;
use formula::{Node, Sheets};
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId, Value, equal_text};
use workbook::{Side, Workbook};

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
}

/// Something about a reference that a person must know.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Whether what refers so cannot be shown.
    pub is_error: bool,
    /// Stable word: `missing-cell`, `moved-cell`, `stopped`.
    pub code: &'static str,
    /// One or two sentences.
    pub text: String,
    /// Where the definition says so.
    pub origin: Origin,
}

/// Looks references up. Binds are settled once, when the app is opened.
pub(crate) struct Resolver<'a> {
    app: &'a App,
    books: &'a [Arc<Model>],
    binds: BTreeMap<String, Result<Place, String>>,
}

impl<'a> Resolver<'a> {
    pub fn new(app: &'a App, books: &'a [Arc<Model>], problems: &mut Vec<Problem>) -> Resolver<'a> {
        let mut resolver = Resolver { app, books, binds: BTreeMap::new() };
        for bind in &app.binds {
            let place = resolver.bind(bind, problems);
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

    fn workbook(&self, book: usize) -> Option<&Arc<Workbook>> {
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

    fn bind(&self, bind: &Bind, problems: &mut Vec<Problem>) -> Result<Place, String> {
        let book = match &bind.source {
            Some(id) => {
                let place = self.app.sources.iter().position(|source| source.id.text == *id);
                place.ok_or_else(|| format!("The app has no source {id}."))?
            }
            None => 0,
        };
        let mut first_error = None;
        for target in &bind.targets() {
            match self.in_book(target, book) {
                Ok(place) => return self.checked(bind, target, place, problems),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        Err(first_error.unwrap_or_else(|| "The bind names no cell.".to_owned()))
    }

    /// A bare address may have moved: the caption beside it tells. A name or table column has not.
    fn checked(
        &self,
        bind: &Bind,
        target: &Reference,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> Result<Place, String> {
        let is_address = matches!(target, Reference::Cells { .. });
        let caption =
            bind.fingerprint.as_ref().and_then(|f| f.caption.as_deref().map(|caption| (f, caption)));
        let (Some((fingerprint, caption)), true, Some(workbook)) =
            (caption, is_address, self.workbook(place.book))
        else {
            return Ok(place);
        };
        let (sheet, cell) = place.cell();
        let label = workbook.label(sheet, cell, side(fingerprint.label_at));
        if label.is_some_and(|(_, label)| equal_text(label, caption)) {
            return Ok(place);
        }
        let found = find_caption(workbook, sheet, fingerprint, caption);
        let (from, say) = (workbook.address(place.area), |text: String, is_error, code| Problem {
            is_error,
            code,
            text,
            origin: bind.origin.clone(),
        });
        match (bind.on_move, found) {
            (OnMove::Stop, _) => {
                let text = format!(
                    "{from} no longer stands beside “{caption}”, and the app's creator wants it to stop then."
                );
                problems.push(say(text.clone(), true, "stopped"));
                Err(text)
            }
            (OnMove::Heal, Some(cell)) => {
                let area = Area::cell(sheet, cell);
                let text = format!(
                    "“{caption}” moved from {from} to {}; the app follows it.",
                    workbook.address(area)
                );
                problems.push(say(text, false, "moved-cell"));
                Ok(Place { area, ..place })
            }
            (OnMove::Heal, None) => {
                let text = format!(
                    "“{caption}” no longer stands beside {from} and was not found elsewhere on the sheet."
                );
                problems.push(say(text.clone(), true, "missing-cell"));
                Err(text)
            }
            (OnMove::Warn, _) => {
                let text =
                    format!("{from} no longer stands beside “{caption}”. The value may be another one now.");
                problems.push(say(text, false, "moved-cell"));
                Ok(place)
            }
        }
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

fn side(at: LabelAt) -> Side {
    match at {
        LabelAt::Left => Side::Left,
        LabelAt::Above => Side::Above,
    }
}

/// The cell that a caption labels now, if it is the only one on its sheet.
fn find_caption(
    workbook: &Workbook,
    sheet: SheetId,
    fingerprint: &Fingerprint,
    caption: &str,
) -> Option<Cell> {
    let mut labels = workbook.sheet(sheet)?.grid.iter().filter_map(|(cell, value)| match value {
        Value::Text(text) if equal_text(text.trim(), caption) => Some(cell),
        _ => None,
    });
    let label = labels.next()?;
    if labels.next().is_some() {
        return None;
    }
    workbook.labelled(sheet, label, side(fingerprint.label_at))
}
