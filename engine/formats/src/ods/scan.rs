//! What a first walk through the content finds: how large it is laid out, and what calamine does not give.
//!
//! Source: OASIS OpenDocument 1.3, part 3, chapter 9. Invariant: what calamine then takes for cells, in places of
//! sixteen bytes, is less than what was charged.

use crate::budget::Budget;
use crate::package::{Package, PartReader};
use crate::xml::{Element, Xml};
use crate::{Limits, LoadError};
use std::collections::{BTreeMap, HashMap};
use values::{Cell, DateSystem, MAX_COLS, MAX_ROWS, Rect};
use workbook::Iteration;

/// Places that calamine takes for one cell of its rectangle: a value and a text, laid out twice.
const PLACES_PER_CELL: u64 = 8;

/// A kind of value that Excel would tell by a number format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Date,
    DateTime,
    Time,
    Percentage,
    Currency,
}

/// What is known of a sheet.
#[derive(Debug, Default)]
pub(super) struct ScannedSheet {
    pub merged: Vec<Rect>,
    /// Array formulas by their first cell.
    pub arrays: BTreeMap<Cell, Rect>,
    pub kinds: Vec<(Rect, Kind)>,
}

/// What is known of the file.
#[derive(Default)]
pub(super) struct Scan {
    pub sheets: HashMap<String, ScannedSheet>,
    pub date_system: DateSystem,
    pub iteration: Option<Iteration>,
    pub search: Iteration,
    pub precision_as_displayed: bool,
}

impl Scan {
    pub fn read(package: &mut Package<'_>, limits: &Limits, budget: &mut Budget) -> Result<Scan, LoadError> {
        let mut scan = Scan::default();
        let Some(mut xml) = package.part("content.xml")? else {
            return Err(LoadError::Damaged("it has no content".into()));
        };
        let mut tables = 0;
        loop {
            let name = match xml.next()? {
                Xml::Start(element) => match element.name() {
                    "table" => element.attr("name").map(|name| name.into_owned()),
                    "null-date" => {
                        if element.attr("date-value").is_some_and(|date| date.starts_with("1904-01-01")) {
                            scan.date_system = DateSystem::V1904;
                        }
                        None
                    }
                    "calculation-settings" => {
                        scan.precision_as_displayed = element.flag("precision-as-shown", false);
                        None
                    }
                    "iteration" => {
                        let usual = Iteration::default();
                        let count = element.number("steps").unwrap_or(usual.count);
                        let delta = element.float("maximum-difference").unwrap_or(usual.delta);
                        scan.search = Iteration { count, delta };
                        let is_on = element.attr("status").as_deref() == Some("enable");
                        scan.iteration = is_on.then_some(scan.search);
                        None
                    }
                    _ => None,
                },
                Xml::Eof => return Ok(scan),
                _ => None,
            };
            if let Some(name) = name {
                tables += 1;
                if tables > limits.sheets.min(usize::from(u16::MAX)) {
                    let limit = limits.sheets as u64;
                    return Err(LoadError::TooLarge { what: "the number of its sheets", limit });
                }
                let sheet = Table { xml: &mut xml, limits, budget, sheet: ScannedSheet::default() }.read()?;
                scan.sheets.insert(name, sheet);
            }
        }
    }
}

/// A row while its cells are read.
#[derive(Default)]
struct Row {
    /// How often it stands there.
    repeated: u64,
    /// Columns passed, and those up to the last one with content.
    col: u64,
    width: u64,
    /// Bytes of texts, each as often as it is repeated.
    bytes: u64,
}

/// One cell's tag.
#[derive(Default)]
struct CellTag {
    repeated: u64,
    has_value: bool,
    bytes: u64,
    kind: Option<Kind>,
    merged: [u64; 2],
    array: [u64; 2],
}

struct Table<'a, 'p, 'b> {
    xml: &'a mut PartReader<'p, 'b>,
    limits: &'a Limits,
    budget: &'a mut Budget,
    sheet: ScannedSheet,
}

impl Table<'_, '_, '_> {
    fn read(mut self) -> Result<ScannedSheet, LoadError> {
        let (mut rows, mut used_rows, mut first_row, mut width) = (0_u64, 0_u64, None, 0_u64);
        loop {
            let repeated = match self.xml.next()? {
                Xml::Start(element) if element.name() == "table-row" => {
                    repeated(&element, "number-rows-repeated")
                }
                Xml::Start(element) if element.name() == "table" => {
                    return Err(LoadError::Refused("a sheet contains another sheet".into()));
                }
                Xml::End(tag) if tag.name() == "table" => break,
                Xml::Eof => break,
                _ => continue,
            };
            let row = self.row(rows, repeated)?;
            rows = rows.saturating_add(repeated).min(u64::from(MAX_ROWS));
            if row.width > 0 {
                used_rows = rows;
                first_row.get_or_insert(rows.saturating_sub(repeated));
                width = width.max(row.width);
            }
            self.charge(row.width.saturating_mul(PLACES_PER_CELL) / 2)?;
            self.charge((row.bytes / 16).saturating_mul(row.repeated))?;
        }
        let height = used_rows.saturating_sub(first_row.unwrap_or(0));
        self.charge(height.saturating_mul(width).saturating_mul(PLACES_PER_CELL))?;
        Ok(self.sheet)
    }

    fn charge(&mut self, places: u64) -> Result<(), LoadError> {
        self.budget.take(usize::try_from(places).unwrap_or(usize::MAX))
    }

    fn row(&mut self, at: u64, repeated: u64) -> Result<Row, LoadError> {
        let mut row = Row { repeated: repeated.min(u64::from(MAX_ROWS)), ..Row::default() };
        loop {
            let cell = match self.xml.next()? {
                Xml::Start(element) if matches!(element.name(), "table-cell" | "covered-table-cell") => {
                    CellTag::read(&element)
                }
                Xml::End(tag) if tag.name() == "table-row" => return Ok(row),
                Xml::Eof => return Ok(row),
                _ => continue,
            };
            let text = self.content()?;
            self.cell(at, &mut row, &cell, text);
        }
    }

    /// How many bytes a cell's text takes, its blanks written out.
    fn content(&mut self) -> Result<u64, LoadError> {
        let (mut depth, mut bytes, mut annotation) = (1_u32, 0_u64, None);
        while depth > 0 {
            match self.xml.next()? {
                Xml::Start(element) => {
                    depth += 1;
                    match element.name() {
                        "s" => bytes = bytes.saturating_add(repeated(&element, "c")),
                        "annotation" if annotation.is_none() => annotation = Some(depth),
                        _ => bytes += 1,
                    }
                }
                Xml::End(_) => {
                    if annotation == Some(depth) {
                        annotation = None;
                    }
                    depth -= 1;
                }
                Xml::Text(text) if annotation.is_none() => bytes = bytes.saturating_add(text.len() as u64),
                Xml::Text(_) => {}
                Xml::Eof => break,
            }
            if bytes > self.limits.text_units as u64 * 4 {
                let limit = self.limits.text_units as u64;
                return Err(LoadError::TooLarge { what: "a text of a cell", limit });
            }
        }
        Ok(bytes)
    }

    fn cell(&mut self, row_at: u64, row: &mut Row, cell: &CellTag, text: u64) {
        let from = row.col;
        let repeated = cell.repeated.min(u64::from(MAX_COLS).saturating_sub(row.col));
        row.col += repeated;
        if !cell.has_value && text == 0 {
            return;
        }
        row.width = row.col;
        row.bytes = row.bytes.saturating_add(cell.bytes.saturating_add(text).saturating_mul(repeated));
        let area = |rows: u64, cols: u64| {
            let last = |from: u64, count: u64, most: u64| (from + count.max(1) - 1).min(most - 1);
            let bottom = last(row_at, rows, u64::from(MAX_ROWS));
            let right = last(from, cols, u64::from(MAX_COLS));
            let first = Cell::new(u32::try_from(row_at).ok()?, u16::try_from(from).ok()?);
            Some(Rect::new(first, Cell::new(bottom as u32, right as u16)))
        };
        if cell.array != [0, 0]
            && let Some(rect) = area(cell.array[0], cell.array[1])
        {
            self.sheet.arrays.insert(rect.first(), rect);
        }
        if cell.merged[0].max(cell.merged[1]) > 1 {
            self.sheet.merged.extend(area(cell.merged[0], cell.merged[1]));
        }
        if let Some(kind) = cell.kind {
            self.sheet.kinds.extend(area(row.repeated, repeated).map(|area| (area, kind)));
        }
    }
}

impl CellTag {
    fn read(element: &Element<'_>) -> CellTag {
        let mut cell = CellTag { repeated: 1, ..CellTag::default() };
        element.each(|name, value| {
            let number = || value.trim().parse::<u64>().unwrap_or(1).min(1 << 24);
            match name {
                "number-columns-repeated" => cell.repeated = number(),
                "number-columns-spanned" => cell.merged[1] = number(),
                "number-rows-spanned" => cell.merged[0] = number(),
                "number-matrix-columns-spanned" => cell.array[1] = number(),
                "number-matrix-rows-spanned" => cell.array[0] = number(),
                "formula" | "string-value" => {
                    cell.bytes += value.len() as u64;
                    cell.has_value = true;
                }
                "date-value" => {
                    cell.kind = Some(if value.contains('T') { Kind::DateTime } else { Kind::Date });
                    cell.has_value = true;
                }
                "value" | "boolean-value" | "time-value" => cell.has_value = true,
                "value-type" => match value {
                    "percentage" => cell.kind = Some(Kind::Percentage),
                    "currency" => cell.kind = Some(Kind::Currency),
                    "time" => cell.kind = Some(Kind::Time),
                    _ => {}
                },
                _ => {}
            }
        });
        cell
    }
}

fn repeated(element: &Element<'_>, attribute: &str) -> u64 {
    element.number::<u64>(attribute).unwrap_or(1).min(1 << 40)
}
