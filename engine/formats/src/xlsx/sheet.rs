//! One worksheet part, in one pass.

use super::cells::{Cells, RawCell, RawFormula};
use super::quick::{self, Found};
use super::{Shared, scenarios, strings, tables, validation};
use crate::budget::Budget;
use crate::formulas::FormulaCache;
use crate::package::{Package, PartReader, Relation};
use crate::validation::RawValidation;
use crate::xml::{Element, Xml, unescape};
use crate::{LoadError, LoadReport, NoteKind};
use std::collections::HashMap;
use std::io::BufRead;
use values::{Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId, Text};
use workbook::{Hyperlink, RowInfo, Sheet, Workbook};

/// Where a sheet's part is read to.
pub(crate) struct Target<'a> {
    pub id: SheetId,
    pub sheet: &'a mut Sheet,
    /// Takes its tables and templates.
    pub workbook: &'a mut Workbook,
    pub report: &'a mut LoadReport,
}

/// What the sheet refers to in other parts, and what is counted to be said.
#[derive(Default)]
struct References {
    tables: Vec<String>,
    /// Places in the sheet's links, with the id of what they point to.
    links: Vec<(usize, String)>,
    drawing: Option<String>,
    conditional_formats: u64,
    sparklines: u64,
}

/// Reads a sheet's part.
pub(crate) fn read(
    package: &mut Package<'_>,
    part: &str,
    to: &mut Target<'_>,
    shared: &Shared<'_>,
    budget: &mut Budget,
) -> Result<(), LoadError> {
    let relations = package.relations(part)?;
    let references = {
        let Some(mut xml) = package.part(part)? else { return Ok(()) };
        let cells = Cells {
            sheet: to.sheet,
            shared,
            date_system: to.workbook.date_system,
            templates: &mut to.workbook.templates,
            budget,
            report: to.report,
            formulas: FormulaCache::default(),
            masters: HashMap::new(),
        };
        let next = Cell::default();
        Pass { xml: &mut xml, cells, references: References::default(), next, next_column: 1 }.run()?
    };
    let name = to.sheet.name.clone();
    for table in &references.tables {
        let Some(relation) = relations.get(table) else { continue };
        match tables::read(package, &relation.target, to.id)? {
            Some(table) => to.workbook.tables.push(table),
            None => {
                to.report.note(NoteKind::Broken, &*name, "A table of this sheet has no name or no range.");
            }
        }
    }
    for (place, id) in references.links {
        if let (Some(link), Some(relation)) = (to.sheet.hyperlinks.get_mut(place), relations.get(&id)) {
            link.target = Some(Text::from(relation.target.as_str()));
        }
    }
    if let Some(drawing) = references.drawing.and_then(|id| relations.get(&id)) {
        note_drawing(package, &drawing.target, &name, to.report)?;
    }
    to.report.feature(&name, references.conditional_formats, "conditional format", "not applied");
    to.report.feature(&name, references.sparklines, "group of sparklines", "not shown");
    read_notes(package, &relations, to.sheet)
}

/// Says what lies over the cells.
fn note_drawing(
    package: &mut Package<'_>,
    part: &str,
    sheet: &str,
    report: &mut LoadReport,
) -> Result<(), LoadError> {
    let relations = package.relations(part)?;
    let count = |kinds: &[&str]| {
        relations.values().filter(|relation| kinds.contains(&relation.kind.as_str())).count() as u64
    };
    let (charts, pictures) = (count(&["chart", "chartEx"]), count(&["image"]));
    report.feature(sheet, charts, "chart", "not shown");
    report.feature(sheet, pictures, "picture", "not shown");
    if charts + pictures == 0 {
        report.note(NoteKind::NotShown, sheet, "Shapes on the sheet are not shown.");
    }
    Ok(())
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
            sheet.notes.insert(at, Text::from(&*unescape(&text)));
        }
    }
}

/// Where the next row begins that does not say where it stands.
fn row_below(at: Cell) -> Cell {
    Cell::new((at.row.0 + 1).min(MAX_ROWS - 1), 0)
}

struct Pass<'a, 'p, 'b, 'x> {
    xml: &'x mut PartReader<'p, 'b>,
    cells: Cells<'a>,
    references: References,
    /// Where a cell or row without an address stands.
    next: Cell,
    /// The first column, from 1, that no `col` has described yet.
    next_column: u32,
}

impl Pass<'_, '_, '_, '_> {
    fn run(mut self) -> Result<References, LoadError> {
        loop {
            match self.xml.next()? {
                Xml::Start(element) => match element.name() {
                    "sheetData" => self.rows()?,
                    "dataValidation" => {
                        let raw = validation::start(&element);
                        self.validation(raw)?;
                    }
                    // Panes and filters of other people's views of the sheet.
                    "customSheetViews" => self.xml.skip()?,
                    "col" => column(&element, &mut self.cells, &mut self.next_column),
                    _ => around(&element, &mut self.cells, &mut self.references),
                },
                Xml::Eof => return Ok(self.references),
                _ => {}
            }
        }
    }

    /// All rows, the bulk of the part.
    fn rows(&mut self) -> Result<(), LoadError> {
        let mut raw = RawCell::default();
        // Whether text belongs to a formula; `None` outside of values and formulas.
        let mut in_formula = None;
        let mut resumed = self.quick_rows(&mut raw)?;
        loop {
            let mut between_cells = false;
            match self.xml.next()? {
                Xml::Start(element) => match element.name() {
                    "c" => raw.start(&element, self.next)?,
                    "v" | "t" => (in_formula, raw.has_value) = (Some(false), true),
                    "f" => {
                        raw.formula_text.clear();
                        let mut formula = RawFormula::default();
                        element.each(|name, value| formula.attribute(name, value));
                        raw.formula = Some(formula);
                        in_formula = Some(true);
                    }
                    "row" if resumed => resumed = false,
                    "row" => {
                        let mut tag = RowTag::new(self.next.row);
                        element.each(|name, value| tag.attribute(name, value));
                        self.next = tag.put(self.cells.sheet)?;
                        between_cells = true;
                    }
                    "rPh" => self.xml.skip()?,
                    _ => {}
                },
                Xml::Text(piece) => {
                    if let Some(in_formula) = in_formula {
                        raw.push(&piece, in_formula, self.cells.shared)?;
                    }
                }
                Xml::End(tag) => match tag.name() {
                    "v" | "t" | "f" => in_formula = None,
                    "c" => {
                        self.put(&mut raw)?;
                        between_cells = true;
                    }
                    "row" => {
                        self.next = row_below(self.next);
                        resumed = self.quick_rows(&mut raw)?;
                    }
                    "sheetData" => return Ok(()),
                    _ => {}
                },
                Xml::Eof => return Ok(()),
            }
            if between_cells {
                self.quick_cells(&mut raw)?;
            }
        }
    }

    /// The next rows, as long as they are as usual. Gives whether the last one was left in the middle: then its start
    /// tag comes again, for the general reader to know where it is.
    fn quick_rows(&mut self, raw: &mut RawCell) -> Result<bool, LoadError> {
        loop {
            let mut tag = RowTag::new(self.next.row);
            let (len, open) = match quick::row_start(self.xml.source().unread(), &mut tag) {
                (Found::Whole(len), open) => (len, open),
                (Found::Cut, _) if self.more()? => continue,
                _ => return Ok(false),
            };
            self.xml.source().consume(len);
            self.next = tag.put(self.cells.sheet)?;
            if open {
                self.quick_cells(raw)?;
                match quick::row_end(self.xml.source().unread()) {
                    Found::Whole(len) => self.xml.source().consume(len),
                    _ => {
                        self.xml.source().put_back(b"<row>");
                        return Ok(true);
                    }
                }
            }
            self.next = row_below(self.next);
        }
    }

    /// The next cells of a row, as long as they are as usual.
    fn quick_cells(&mut self, raw: &mut RawCell) -> Result<(), LoadError> {
        loop {
            let len = match quick::cell(self.xml.source().unread(), raw, self.next) {
                Found::Whole(len) => len,
                Found::Cut if self.more()? => continue,
                Found::Cut | Found::Other => return Ok(()),
            };
            self.xml.source().consume(len);
            strings::guard(&raw.value, self.cells.shared.limits)?;
            self.put(raw)?;
        }
    }

    fn more(&mut self) -> Result<bool, LoadError> {
        self.xml.source().more().map_err(|error| LoadError::from(&error))
    }

    /// Puts a cell into the sheet; the next one stands right of it, where it does not say.
    fn put(&mut self, raw: &mut RawCell) -> Result<(), LoadError> {
        self.cells.put(raw)?;
        let at = raw.at();
        self.next = Cell { row: at.row, col: Col((at.col.0 + 1).min(MAX_COLS - 1)) };
        Ok(())
    }

    /// The formulas (and in the extension the cells) of a validation follow its start tag.
    fn validation(&mut self, mut raw: RawValidation) -> Result<(), LoadError> {
        loop {
            let name = match self.xml.next()? {
                Xml::Start(element) => element.name().to_owned(),
                Xml::End(tag) if tag.name() == "dataValidation" => break,
                Xml::Eof => break,
                _ => continue,
            };
            // The extension wraps formulas in `xm:f`; their text is the same.
            match name.as_str() {
                "formula1" => raw.formulas[0] = self.xml.text()?,
                "formula2" => raw.formulas[1] = self.xml.text()?,
                "sqref" => raw.areas = validation::areas(&self.xml.text()?),
                _ => self.xml.skip()?,
            }
        }
        let name = self.cells.sheet.name.clone();
        let validation = raw.finish(&name, &self.cells.shared.names, self.cells.report);
        self.cells.sheet.validations.extend(validation);
        Ok(())
    }
}

/// What a row's start tag says.
pub(super) struct RowTag {
    /// `None` where it is no number that a sheet has.
    row: Option<Row>,
    info: RowInfo,
}

impl RowTag {
    /// A row that stands in `next` unless it says otherwise.
    pub fn new(next: Row) -> RowTag {
        RowTag { row: Some(next), info: RowInfo::default() }
    }

    /// Takes an attribute of the start tag.
    pub fn attribute(&mut self, name: &str, value: &str) {
        match name {
            "r" => {
                let number = value.parse::<u32>().ok().filter(|number| (1..=MAX_ROWS).contains(number));
                self.row = number.map(|number| Row(number - 1));
            }
            "hidden" => self.info.hidden = matches!(value, "1" | "true"),
            "outlineLevel" => self.info.outline = value.parse().unwrap_or(0),
            _ => {}
        }
    }

    /// Keeps what is said of the row; gives its first cell.
    fn put(self, sheet: &mut Sheet) -> Result<Cell, LoadError> {
        let Some(row) = self.row else {
            return Err(LoadError::Damaged("a row has a number that no sheet has".into()));
        };
        if self.info != RowInfo::default() {
            sheet.rows.set(row, Some(self.info));
        }
        Ok(Cell { row, col: Col(0) })
    }
}

/// Everything around the rows.
fn around(element: &Element<'_>, cells: &mut Cells<'_>, references: &mut References) {
    let area = || element.attr("ref").and_then(|text| text.parse::<Rect>().ok());
    match element.name() {
        "sheetFormatPr" => {
            if let Some(width) = element.float("defaultColWidth") {
                cells.sheet.default_width = width as f32;
            }
        }
        "pane" if matches!(element.attr("state").as_deref(), Some("frozen" | "frozenSplit")) => {
            let split = |name: &str| element.float(name).map_or(0, |count| count as u32);
            cells.sheet.frozen = (split("ySplit"), split("xSplit"));
        }
        "sheetProtection" => cells.sheet.protected = element.flag("sheet", false),
        "autoFilter" => cells.sheet.filter = area(),
        "sheetPr" => cells.sheet.filtered |= element.flag("filterMode", false),
        name if tables::is_filter_condition(name) => cells.sheet.filtered = true,
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
        "scenarios" | "scenario" | "inputCells" => scenarios::read(element, &mut cells.sheet.scenarios),
        "tablePart" => references.tables.extend(element.attr("id").map(|id| id.into_owned())),
        "drawing" => references.drawing = element.attr("id").map(|id| id.into_owned()),
        "cfRule" => references.conditional_formats += 1,
        "sparklineGroup" => references.sparklines += 1,
        _ => {}
    }
}

/// Columns come in order; what overlaps is no honest file, and would cost more than it says.
fn column(element: &Element<'_>, cells: &mut Cells<'_>, next: &mut u32) {
    let number = |name: &str| element.number::<u32>(name).filter(|n| (1..=u32::from(MAX_COLS)).contains(n));
    let (Some(first), Some(last)) = (number("min"), number("max")) else { return };
    if first < *next || last < first {
        return;
    }
    *next = last + 1;
    let (first, last) = (Row(first - 1), Row(last - 1));
    if element.flag("hidden", false) {
        cells.sheet.hidden_columns.set_span(first, last, Some(true));
    }
    if let Some(style) =
        element.number("style").filter(|number| *number > 0).and_then(|number| cells.style(number))
    {
        cells.sheet.column_styles.set_span(first, last, Some(style));
    }
    if let Some(width) = element.float("width") {
        for col in first.0..=last.0 {
            cells.sheet.column_widths.insert(Col(col as u16), width as f32);
        }
    }
}
