//! What a first walk through the content finds: how large it is laid out, and what calamine does not give.
//!
//! Source: OASIS OpenDocument 1.3, part 3, chapter 9. Invariant: what calamine then takes for cells, in places of
//! sixteen bytes, is less than what was charged.

use super::pivots::{self, DataPilot};
use super::styles::{Begin, Looks};
use super::validations::{self, RawRule};
use crate::budget::Budget;
use crate::package::{Package, PartReader};
use crate::pivots::Left;
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
    /// What cells look like that say something of it.
    pub looks: Vec<(Rect, Look)>,
    /// Columns from one to another that have a style for their cells or are hidden.
    pub columns: Vec<ColumnRun>,
    /// Rows from one to another that are hidden, and whether by a filter.
    pub hidden_rows: Vec<(u32, u32, bool)>,
    pub protected: bool,
    /// Names that only this sheet knows.
    pub names: Vec<ScannedName>,
    /// Cells by the rule that they follow.
    pub rules: Rules,
}

/// A name as the file has it.
#[derive(Debug)]
pub(super) struct ScannedName {
    pub name: String,
    /// A formula, or the address of a range.
    pub text: String,
    /// The cell that relative references count from.
    pub base: String,
    pub hidden: bool,
}

impl ScannedName {
    /// The name of a start tag, if it is one of a name.
    fn of(element: &Element<'_>) -> Option<ScannedName> {
        let text = |name: &str| element.attr(name).map(|text| text.into_owned());
        let source = match element.name() {
            "named-range" => text("cell-range-address"),
            "named-expression" => text("expression"),
            _ => return None,
        };
        Some(ScannedName {
            name: text("name")?,
            text: source?,
            base: text("base-cell-address").unwrap_or_default(),
            hidden: element.flag("hidden", false),
        })
    }
}

/// Cells by the names of their rules.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub areas: BTreeMap<String, Vec<Rect>>,
    /// The area that ends in the last row, by its rule and columns.
    last: HashMap<(String, u16, u16), usize>,
}

impl Rules {
    /// Adds cells of rows that come from top to bottom.
    fn add(&mut self, rule: &str, area: Rect) {
        let areas = self.areas.entry(rule.to_owned()).or_default();
        let key = (rule.to_owned(), area.left.0, area.right.0);
        let above = self.last.get(&key).and_then(|place| areas.get_mut(*place));
        match above.filter(|above| above.bottom.0 + 1 == area.top.0) {
            Some(above) => above.bottom = area.bottom,
            None => {
                self.last.insert(key, areas.len());
                areas.push(area);
            }
        }
    }
}

/// What decides on the style of a cell: a style of the file by its number, and the kind of its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Look {
    pub style: Option<u32>,
    pub kind: Option<Kind>,
}

/// Columns that are alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnRun {
    pub first: u16,
    pub last: u16,
    pub style: Option<u32>,
    pub hidden: bool,
}

/// Numbers for the names of styles that cells use.
#[derive(Default)]
pub(super) struct StyleNumbers {
    numbers: HashMap<String, u32>,
    pub names: Vec<String>,
}

impl StyleNumbers {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }
}

/// What is known of the file.
#[derive(Default)]
pub(super) struct Scan {
    pub sheets: HashMap<String, ScannedSheet>,
    pub date_system: DateSystem,
    pub iteration: Option<Iteration>,
    pub search: Iteration,
    pub precision_as_displayed: bool,
    /// Whether criteria are regular expressions.
    pub regexes: bool,
    pub looks: Looks,
    pub style_numbers: StyleNumbers,
    pub pivots: Vec<DataPilot>,
    /// Names that the whole workbook knows.
    pub names: Vec<ScannedName>,
    /// Ranges that are databases: their names and addresses.
    pub databases: Vec<(String, String)>,
    /// What cells may hold.
    pub rules: Vec<RawRule>,
}

/// What begins in the content and is read as a whole.
enum Begun {
    Nothing,
    Table(String, bool),
    Style(Begin),
    Pivots,
    Rules,
}

impl Scan {
    pub fn read(package: &mut Package<'_>, limits: &Limits, budget: &mut Budget) -> Result<Scan, LoadError> {
        // Where nothing is said, they are.
        let mut scan = Scan { regexes: true, ..Scan::default() };
        if package.has("styles.xml") {
            scan.part(package, "styles.xml", limits, budget)?;
        }
        if !scan.part(package, "content.xml", limits, budget)? {
            return Err(LoadError::Damaged("it has no content".into()));
        }
        Ok(scan)
    }

    /// Walks through a part; tells whether the container has it.
    fn part(
        &mut self,
        package: &mut Package<'_>,
        part: &str,
        limits: &Limits,
        budget: &mut Budget,
    ) -> Result<bool, LoadError> {
        let Some(mut xml) = package.part(part)? else { return Ok(false) };
        // Styles within this element are those that people choose by name.
        let mut is_common = false;
        loop {
            let begun = match xml.next()? {
                Xml::Start(element) if element.name() == "styles" => {
                    is_common = true;
                    Begun::Nothing
                }
                Xml::Start(element) => self.begin(&element),
                Xml::End(tag) => {
                    is_common &= tag.name() != "styles";
                    Begun::Nothing
                }
                Xml::Eof => return Ok(true),
                Xml::Text(_) => Begun::Nothing,
            };
            match begun {
                Begun::Nothing => {}
                Begun::Rules => validations::read(&mut xml, &mut self.rules)?,
                Begun::Pivots => pivots::read(&mut xml, &mut self.pivots, &mut Left::all())?,
                Begun::Table(name, protected) => {
                    if self.sheets.len() >= limits.sheets.min(usize::from(u16::MAX)) {
                        let limit = limits.sheets as u64;
                        return Err(LoadError::TooLarge { what: "the number of its sheets", limit });
                    }
                    let sheet = ScannedSheet { protected, ..ScannedSheet::default() };
                    let numbers = &mut self.style_numbers;
                    let table = Table { xml: &mut xml, limits, budget, numbers, sheet };
                    self.sheets.insert(name, table.read()?);
                }
                Begun::Style(begin) => {
                    self.looks.read(&mut xml, begin, is_common)?;
                    if self.looks.len() > limits.styles {
                        let limit = limits.styles as u64;
                        return Err(LoadError::TooLarge { what: "the number of its cell styles", limit });
                    }
                }
            }
        }
    }

    fn begin(&mut self, element: &Element<'_>) -> Begun {
        match element.name() {
            "table" => {
                let name = element.attr("name").map(|name| name.into_owned());
                return name
                    .map_or(Begun::Nothing, |name| Begun::Table(name, element.flag("protected", false)));
            }
            "data-pilot-tables" => return Begun::Pivots,
            "content-validations" => return Begun::Rules,
            "named-range" | "named-expression" => self.names.extend(ScannedName::of(element)),
            "database-range" => {
                // Those that nobody named hold the filter or the order of a sheet.
                let name = element.attr("name").filter(|name| !name.starts_with("__Anonymous_"));
                let place = element.attr("target-range-address");
                self.databases.extend(name.zip(place).map(|(name, at)| (name.into_owned(), at.into_owned())));
            }
            "null-date" => {
                if element.attr("date-value").is_some_and(|date| date.starts_with("1904-01-01")) {
                    self.date_system = DateSystem::V1904;
                }
            }
            "calculation-settings" => {
                self.precision_as_displayed = element.flag("precision-as-shown", false);
                self.regexes = element.flag("use-regular-expressions", true);
            }
            "iteration" => {
                let usual = Iteration::default();
                let count = element.number("steps").unwrap_or(usual.count);
                let delta = element.float("maximum-difference").unwrap_or(usual.delta);
                self.search = Iteration { count, delta };
                let is_on = element.attr("status").as_deref() == Some("enable");
                self.iteration = is_on.then_some(self.search);
            }
            _ => return Begin::of(element).map_or(Begun::Nothing, Begun::Style),
        }
        Begun::Nothing
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
    /// The style of its cells that have none of their own.
    style: Option<u32>,
}

/// One cell's tag.
#[derive(Default)]
struct CellTag {
    repeated: u64,
    has_value: bool,
    bytes: u64,
    style: Option<String>,
    kind: Option<Kind>,
    merged: [u64; 2],
    array: [u64; 2],
    rule: Option<String>,
}

struct Table<'a, 'p, 'b> {
    xml: &'a mut PartReader<'p, 'b>,
    limits: &'a Limits,
    budget: &'a mut Budget,
    numbers: &'a mut StyleNumbers,
    sheet: ScannedSheet,
}

/// A row's tag: how often it stands there, the style of its cells, and whether it is hidden, and by a filter.
struct RowTag {
    repeated: u64,
    style: Option<u32>,
    hidden: Option<bool>,
}

impl Table<'_, '_, '_> {
    fn read(mut self) -> Result<ScannedSheet, LoadError> {
        let (mut rows, mut used_rows, mut first_row, mut width) = (0_u64, 0_u64, None, 0_u64);
        let mut column = 0_u64;
        loop {
            let tag = match self.xml.next()? {
                Xml::Start(element) if element.name() == "table-row" => RowTag {
                    repeated: repeated(&element, "number-rows-repeated"),
                    style: element.attr("default-cell-style-name").map(|name| self.numbers.number(&name)),
                    hidden: match element.attr("visibility").as_deref() {
                        Some("collapse") => Some(false),
                        Some("filter") => Some(true),
                        _ => None,
                    },
                },
                Xml::Start(element) if element.name() == "table-column" => {
                    let style =
                        element.attr("default-cell-style-name").map(|name| self.numbers.number(&name));
                    let hidden = element.attr("visibility").is_some_and(|visibility| visibility != "visible");
                    let count = repeated(&element, "number-columns-repeated");
                    column = self.sheet.column_run(column, count, style, hidden);
                    continue;
                }
                Xml::Start(element) if element.name().starts_with("named-") => {
                    self.sheet.names.extend(ScannedName::of(&element));
                    continue;
                }
                Xml::Start(element) if element.name() == "table" => {
                    return Err(LoadError::Refused("a sheet contains another sheet".into()));
                }
                Xml::End(tag) if tag.name() == "table" => break,
                Xml::Eof => break,
                _ => continue,
            };
            let repeated = tag.repeated;
            if let Some(filtered) = tag.hidden {
                let last = rows.saturating_add(repeated).min(u64::from(MAX_ROWS)).saturating_sub(1);
                if rows <= last {
                    self.sheet.hidden_rows.push((rows as u32, last as u32, filtered));
                }
            }
            let row = self.row(rows, &tag)?;
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

    fn row(&mut self, at: u64, tag: &RowTag) -> Result<Row, LoadError> {
        let repeated = tag.repeated.min(u64::from(MAX_ROWS));
        let mut row = Row { repeated, style: tag.style, ..Row::default() };
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
        let area = |rows: u64, cols: u64| {
            let last = |from: u64, count: u64, most: u64| (from + count.max(1) - 1).min(most - 1);
            let bottom = last(row_at, rows, u64::from(MAX_ROWS));
            let right = last(from, cols, u64::from(MAX_COLS));
            let first = Cell::new(u32::try_from(row_at).ok()?, u16::try_from(from).ok()?);
            Some(Rect::new(first, Cell::new(bottom as u32, right as u16)))
        };
        let is_empty = !cell.has_value && text == 0;
        let own = cell.style.as_ref().map(|name| self.numbers.number(name)).or(row.style);
        let kind = cell.kind.filter(|_| !is_empty);
        if own.is_some() || kind.is_some() {
            let style = own.or_else(|| self.sheet.column_style(from));
            let area = if repeated > 0 { area(row.repeated, repeated) } else { None };
            self.sheet.looks.extend(area.map(|area| (area, Look { style, kind })));
        }
        if let Some(rule) = &cell.rule
            && repeated > 0
            && let Some(area) = area(row.repeated, repeated)
        {
            self.sheet.rules.add(rule, area);
        }
        if is_empty {
            return;
        }
        row.width = row.col;
        row.bytes = row.bytes.saturating_add(cell.bytes.saturating_add(text).saturating_mul(repeated));
        if cell.array != [0, 0]
            && let Some(rect) = area(cell.array[0], cell.array[1])
        {
            self.sheet.arrays.insert(rect.first(), rect);
        }
        if cell.merged[0].max(cell.merged[1]) > 1 {
            self.sheet.merged.extend(area(cell.merged[0], cell.merged[1]));
        }
    }
}

impl ScannedSheet {
    /// Adds columns from a place on; gives the place behind them.
    fn column_run(&mut self, first: u64, count: u64, style: Option<u32>, hidden: bool) -> u64 {
        let end = first.saturating_add(count).min(u64::from(MAX_COLS));
        if first < end && (style.is_some() || hidden) {
            self.columns.push(ColumnRun { first: first as u16, last: (end - 1) as u16, style, hidden });
        }
        end.max(first)
    }

    fn column_style(&self, col: u64) -> Option<u32> {
        // The runs are in their order and do not overlap.
        let place = self.columns.partition_point(|run| u64::from(run.last) < col);
        self.columns.get(place).filter(|run| u64::from(run.first) <= col).and_then(|run| run.style)
    }
}

impl CellTag {
    fn read(element: &Element<'_>) -> CellTag {
        let mut cell = CellTag { repeated: 1, ..CellTag::default() };
        element.each(|name, value| {
            let number = || value.trim().parse::<u64>().unwrap_or(1).min(1 << 24);
            match name {
                "style-name" => cell.style = Some(value.to_owned()),
                "content-validation-name" => cell.rule = Some(value.to_owned()),
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
