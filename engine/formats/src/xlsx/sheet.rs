//! One worksheet part, in one pass.

use super::cells::{Cells, RawCell, RawFormula};
use super::package::{Package, PartReader, Relation};
use super::validation::RawValidation;
use super::xml::{Element, Xml};
use super::{Shared, tables};
use crate::{LoadError, LoadReport, NoteKind};
use std::collections::HashMap;
use values::{Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId, Text};
use workbook::{Hyperlink, RowInfo, Sheet, Workbook};

/// What the sheet refers to in other parts.
#[derive(Default)]
struct References {
    tables: Vec<String>,
    /// Places in the sheet's links, with the id of what they point to.
    links: Vec<(usize, String)>,
    drawings: bool,
}

/// Reads a sheet's part into `sheet`.
pub(crate) fn read(
    package: &mut Package<'_>,
    part: &str,
    id: SheetId,
    sheet: &mut Sheet,
    shared: &Shared<'_>,
    workbook: &mut Workbook,
    report: &mut LoadReport,
) -> Result<(), LoadError> {
    let relations = package.relations(part)?;
    let references = {
        let Some(mut xml) = package.part(part)? else { return Ok(()) };
        let date_system = workbook.date_system;
        let cells = Cells::new(sheet, shared, &mut workbook.templates, report, date_system);
        Pass { xml: &mut xml, cells, references: References::default(), next: Cell::default() }.run()?
    };
    for table in &references.tables {
        let Some(relation) = relations.get(table) else { continue };
        match tables::read(package, &relation.target, id)? {
            Some(table) => workbook.tables.push(table),
            None => {
                report.note(NoteKind::Broken, &*sheet.name, "A table of this sheet has no name or no range.")
            }
        }
    }
    for (place, id) in references.links {
        if let (Some(link), Some(relation)) = (sheet.hyperlinks.get_mut(place), relations.get(&id)) {
            link.target = Some(Text::from(relation.target.as_str()));
        }
    }
    if references.drawings {
        report.note(NoteKind::NotShown, &*sheet.name, "Charts and pictures on the sheet are not shown.");
    }
    read_notes(package, &relations, sheet)
}

/// Notes (classic comments) by cell.
fn read_notes(
    package: &mut Package<'_>,
    relations: &HashMap<String, Relation>,
    sheet: &mut Sheet,
) -> Result<(), LoadError> {
    let Some(relation) = relations.values().find(|relation| relation.kind == "comments") else {
        return Ok(());
    };
    let Some(mut xml) = package.part(&relation.target)? else { return Ok(()) };
    loop {
        let at = match xml.next()? {
            Xml::Start(element) if element.name() == "comment" => {
                element.attr("ref").and_then(|at| at.parse().ok())
            }
            Xml::Eof => return Ok(()),
            _ => continue,
        };
        let text = xml.text()?;
        if let Some(at) = at {
            sheet.notes.insert(at, Text::from(text));
        }
    }
}

struct Pass<'a, 'p, 'b, 'x> {
    xml: &'x mut PartReader<'p, 'b>,
    cells: Cells<'a>,
    references: References,
    /// Where a cell or row without an address stands.
    next: Cell,
}

impl Pass<'_, '_, '_, '_> {
    fn run(mut self) -> Result<References, LoadError> {
        loop {
            match self.xml.next()? {
                Xml::Start(element) => match element.name() {
                    "sheetData" => self.rows()?,
                    "dataValidation" => {
                        let raw = RawValidation::start(&element);
                        self.validation(raw)?;
                    }
                    _ => around(&element, &mut self.cells, &mut self.references),
                },
                Xml::Eof => return Ok(self.references),
                _ => {}
            }
        }
    }

    /// All rows, the bulk of the part.
    fn rows(&mut self) -> Result<(), LoadError> {
        let limits = self.cells.shared.limits;
        let mut raw = RawCell::default();
        let mut text = Target::None;
        loop {
            match self.xml.next()? {
                Xml::Start(element) => match element.name() {
                    "c" => raw.start(&element, self.next),
                    "v" | "t" => (text, raw.has_value) = (Target::Value, true),
                    "f" => {
                        raw.formula_text.clear();
                        raw.formula = Some(RawFormula::start(&element));
                        text = Target::Formula;
                    }
                    "row" => self.next = row(&element, &mut self.cells, self.next),
                    "rPh" => self.xml.skip()?,
                    _ => {}
                },
                Xml::Text(piece) => match text {
                    Target::Value => raw.value.push_str(&piece),
                    Target::Formula => raw.formula_text.push_str(&piece),
                    Target::None => {}
                },
                Xml::End(name) => match &*name {
                    "v" | "t" | "f" => text = Target::None,
                    "c" => {
                        self.cells.put(&mut raw);
                        let at = raw.at();
                        self.next = Cell { row: at.row, col: Col((at.col.0 + 1).min(MAX_COLS - 1)) };
                    }
                    "row" => {
                        self.next = Cell::new((self.next.row.0 + 1).min(MAX_ROWS - 1), 0);
                        // Held row by row: one row holds at most as many cells as there are columns.
                        if self.cells.sheet.grid.slots() > limits.cells {
                            return Err(LoadError::TooLarge {
                                what: "the number of its cells",
                                limit: limits.cells as u64,
                            });
                        }
                    }
                    "sheetData" => return Ok(()),
                    _ => {}
                },
                Xml::Eof => return Err(LoadError::Damaged("a sheet ends in the middle".into())),
            }
        }
    }

    /// The formulas (and in the extension the cells) of a validation follow its start tag.
    fn validation(&mut self, mut raw: RawValidation) -> Result<(), LoadError> {
        loop {
            let name = match self.xml.next()? {
                Xml::Start(element) => element.name().to_owned(),
                Xml::End(name) if name == "dataValidation" => break,
                Xml::Eof => break,
                _ => continue,
            };
            // The extension wraps formulas in `xm:f`; their text is the same.
            match name.as_str() {
                "formula1" => raw.formulas[0] = self.xml.text()?,
                "formula2" => raw.formulas[1] = self.xml.text()?,
                "sqref" => raw.cells = self.xml.text()?,
                _ => self.xml.skip()?,
            }
        }
        let name = self.cells.sheet.name.clone();
        let validation = raw.finish(&name, &self.cells.shared.names, self.cells.report);
        self.cells.sheet.validations.extend(validation);
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Target {
    None,
    Value,
    Formula,
}

/// A row's own attributes; gives its first cell.
fn row(element: &Element<'_>, cells: &mut Cells<'_>, next: Cell) -> Cell {
    let (mut row, mut info) = (next.row, RowInfo::default());
    element.each(|name, value| match name {
        "r" => {
            let number = value.parse::<u32>().ok().filter(|number| (1..=MAX_ROWS).contains(number));
            row = number.map_or(next.row, |number| Row(number - 1));
        }
        "hidden" => info.hidden = matches!(value, "1" | "true"),
        "outlineLevel" => info.outline = value.parse().unwrap_or(0),
        _ => {}
    });
    if info != RowInfo::default() {
        cells.sheet.rows.set(row, Some(info));
    }
    Cell { row, col: Col(0) }
}

/// Everything around the rows.
fn around(element: &Element<'_>, cells: &mut Cells<'_>, references: &mut References) {
    let area = || element.attr("ref").and_then(|text| text.parse::<Rect>().ok());
    match element.name() {
        "sheetFormatPr" => {
            if let Some(width) = element.number("defaultColWidth") {
                cells.sheet.default_width = width;
            }
        }
        "col" => column(element, cells),
        "pane" if matches!(element.attr("state").as_deref(), Some("frozen" | "frozenSplit")) => {
            let split = |name: &str| element.number::<f64>(name).map_or(0, |count| count as u32);
            cells.sheet.frozen = (split("ySplit"), split("xSplit"));
        }
        "sheetProtection" => cells.sheet.protected = element.flag("sheet", false),
        "autoFilter" => cells.sheet.filter = area(),
        "mergeCell" => cells.sheet.merged.extend(area()),
        "hyperlink" => {
            if let Some(area) = area() {
                let location = element.attr("location").map(|text| Text::from(&*text));
                if let Some(id) = element.attr("id") {
                    references.links.push((cells.sheet.hyperlinks.len(), id.into_owned()));
                }
                cells.sheet.hyperlinks.push(Hyperlink { area, target: None, location });
            }
        }
        "tablePart" => references.tables.extend(element.attr("id").map(|id| id.into_owned())),
        "drawing" => references.drawings = true,
        _ => {}
    }
}

fn column(element: &Element<'_>, cells: &mut Cells<'_>) {
    let number = |name: &str| element.number::<u32>(name).filter(|n| (1..=u32::from(MAX_COLS)).contains(n));
    let (Some(first), Some(last)) = (number("min"), number("max")) else { return };
    let (first, last) = (Row(first.min(last) - 1), Row(last - 1));
    if element.flag("hidden", false) {
        cells.sheet.hidden_columns.set_span(first, last, Some(true));
    }
    if let Some(style) =
        element.number("style").filter(|number| *number > 0).and_then(|number| cells.style(number))
    {
        cells.sheet.column_styles.set_span(first, last, Some(style));
    }
    if let Some(width) = element.number("width") {
        for col in first.0..=last.0 {
            cells.sheet.column_widths.insert(Col(col as u16), width);
        }
    }
}
