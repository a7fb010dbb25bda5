//! The reader for .ods: calamine reads values and formula texts, behind a scan of our own.
//!
//! calamine lays each sheet out as a full rectangle and copies a repeated cell as often as the file says, so a small
//! file can ask for all memory there is, which ends the process. Therefore `scan` walks the content first, holds what
//! calamine would take against the limits, and notes what calamine does not give: merged cells, array formulas,
//! styles (`styles`, `number`), settings. `formula` turns formulas into Excel's notation.
//!
//! calamine may panic over a broken file. That is caught here and becomes an error; the message that the program's
//! panic hook prints is beyond a library's reach.

mod externals;
mod flat;
mod formula;
mod functions;
mod number;
mod pivots;
mod scan;
mod styles;
mod validations;

use crate::budget::Budget;
use crate::formulas::{FormulaCache, unreadable};
use crate::names::{self, RawName};
use crate::package::Package;
use crate::sheet_names::SheetNames;
use crate::xml::Xml;
use crate::{Limits, LoadError, LoadReport, Loaded, NoteKind, iso, origin};
use ::formula::{Sheets, quote_sheet};
use calamine::{Data, Ods, Range, Reader, SheetVisible};
use formula::Source;
use scan::{Kind, Look, Scan, ScannedName, ScannedSheet};
use std::collections::{HashMap, HashSet};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use values::{Cell, CellError, DateSystem, MAX_COLS, MAX_ROWS, Rect, Row, Text, Value, fold_case};
use workbook::{
    ArrayFormula, ArrayKind, CellStyle, RowInfo, Sheet, StyleId, TemplateId, Visibility, Workbook,
};

/// What calamine gives, free of its types' lives.
struct Contents {
    sheets: Vec<Table>,
}

/// A table: its name, whether it is shown, values and formulas.
type Table = (String, Visibility, Range<Data>, Range<String>);

/// Reads a flat document.
pub(crate) fn read_flat(bytes: &[u8], limits: &Limits) -> Result<Loaded, LoadError> {
    let (container, has_macros) = flat::contained(bytes, limits)?;
    let mut loaded = read(&container, limits)?;
    if has_macros {
        loaded.report.macros();
    }
    Ok(loaded)
}

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Loaded, LoadError> {
    let mut package = Package::open(bytes, limits)?;
    refuse_encrypted(&mut package)?;
    let mut budget = Budget::new(limits.cells);
    let scan = Scan::read(&mut package, limits, &mut budget)?;
    let mut contents = match catch_unwind(AssertUnwindSafe(|| contents(bytes))) {
        Ok(contents) => contents?,
        Err(_) => return Err(LoadError::Damaged("its content does not follow the format".into())),
    };
    let mut report = LoadReport::new(limits.notes);
    if package.names().any(|name| name.starts_with("basic/") || name.starts_with("scripts/")) {
        report.macros();
    }
    let external_books =
        externals::take(&mut contents, |data| value(data, scan.date_system, false), &mut report);
    let books: Vec<String> = external_books.iter().map(|book| book.target.to_string()).collect();
    let mut names = SheetNames::default();
    contents.sheets.iter().for_each(|(name, ..)| names.push(name));
    let mut workbook = Workbook {
        date_system: scan.date_system,
        iteration: scan.iteration,
        search: scan.search,
        precision_as_displayed: scan.precision_as_displayed,
        sheets_before_dots: true,
        calculated_in: origin::of_language(scan.looks.language()),
        external_books,
        ..Workbook::default()
    };
    let raw = raw_names(&scan, &names, &books, &mut report);
    names::add(&mut workbook, &raw, &names, &mut report);
    let mut put = Put {
        workbook,
        report,
        names: &names,
        books: &books,
        scan: &scan,
        styles: HashMap::new(),
        formulas: FormulaCache::default(),
    };
    for (name, visibility, values, formulas) in &contents.sheets {
        let scanned = scan.sheets.get(name.as_str());
        let mut sheet = Sheet::new(name);
        sheet.visibility = *visibility;
        put.formulas = FormulaCache::default();
        put.sheet(&mut sheet, values, formulas, scanned);
        put.workbook.sheets.push(sheet);
    }
    let Put { mut workbook, mut report, .. } = put;
    let mut left = crate::pivots::Left::all();
    for raw in &scan.pivots {
        let sheet = raw.sheet().and_then(|name| names.sheet_by_name(&name));
        if let Some(sheet) = sheet.and_then(|id| workbook.sheet_mut(id)) {
            let pivot = raw.finish(sheet, &mut left);
            crate::pivots::add(sheet, pivot, &mut report);
        }
    }
    if workbook.sheets.is_empty() {
        return Err(LoadError::Damaged("it lists no sheets".into()));
    }
    Ok(Loaded { workbook, report })
}

/// Parts of an encrypted file are listed with how they are encrypted.
fn refuse_encrypted(package: &mut Package<'_>) -> Result<(), LoadError> {
    let Some(mut xml) = package.part("META-INF/manifest.xml")? else {
        return Err(LoadError::Damaged("it has no list of its parts".into()));
    };
    loop {
        match xml.next()? {
            Xml::Start(element) if element.name() == "encryption-data" => return Err(LoadError::Encrypted),
            Xml::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn contents(bytes: &[u8]) -> Result<Contents, LoadError> {
    let damaged = |error: calamine::OdsError| LoadError::Damaged(error.to_string());
    let mut ods: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(damaged)?;
    let listed: Vec<_> =
        ods.sheets_metadata().iter().map(|sheet| (sheet.name.clone(), sheet.visible)).collect();
    let mut sheets = Vec::with_capacity(listed.len());
    for (name, visible) in listed {
        let values = ods.worksheet_range(&name).map_err(damaged)?;
        let formulas = ods.worksheet_formula(&name).map_err(damaged)?;
        let visibility =
            if visible == SheetVisible::Visible { Visibility::Visible } else { Visibility::Hidden };
        sheets.push((name, visibility, values, formulas));
    }
    Ok(Contents { sheets })
}

/// The names of the workbook and of its sheets.
fn raw_names(scan: &Scan, sheets: &SheetNames, books: &[String], report: &mut LoadReport) -> Vec<RawName> {
    let of_sheets = scan.sheets.iter().flat_map(|(sheet, scanned)| {
        let sheet = sheets.sheet_by_name(sheet).map(|id| id.0);
        scanned.names.iter().filter(move |_| sheet.is_some()).map(move |name| (sheet, name))
    });
    let mut all: Vec<_> = scan.names.iter().map(|name| (None, name)).chain(of_sheets).collect();
    all.sort_by_key(|(sheet, _)| *sheet);
    let raw = all.into_iter().map(|(sheet, ScannedName { name, text, base, hidden })| {
        let source =
            formula::name_to_excel(text, Source { books, regexes: scan.regexes }).unwrap_or_else(|error| {
                report.note(NoteKind::Formula, name, format!("The name {name} cannot be read: {error}."));
                String::new()
            });
        RawName { name: name.clone(), sheet, hidden: *hidden, source, base: base_cell(base) }
    });
    let mut raw: Vec<RawName> = raw.collect();
    databases(scan, &mut raw);
    raw
}

/// Adds the ranges that are databases: formulas use their names as they do others, which come first.
fn databases(scan: &Scan, raw: &mut Vec<RawName>) {
    let mut known: HashSet<String> =
        raw.iter().filter(|name| name.sheet.is_none()).map(|name| fold_case(&name.name)).collect();
    for (name, address) in &scan.databases {
        if let Some(source) = formula::absolute(address)
            && known.insert(fold_case(name))
        {
            raw.push(RawName { name: name.clone(), source, ..RawName::default() });
        }
    }
}

/// The cell that relative references count from, by its address.
fn base_cell(address: &str) -> Cell {
    formula::places(address).next().and_then(|(_, cell)| cell.parse().ok()).unwrap_or_default()
}

/// The built-in format for a kind of value, where no style says more.
fn format_of(kind: Kind) -> &'static str {
    let format = match kind {
        Kind::Date => 14,
        Kind::DateTime => 22,
        Kind::Time => 46,
        Kind::Percentage => 10,
        Kind::Currency => 4,
    };
    numfmt::builtin(format).unwrap_or("General")
}

/// Cells without content so far away from all others are not styled.
const STYLED_MARGIN: u32 = 64;

struct Put<'a> {
    workbook: Workbook,
    report: LoadReport,
    names: &'a SheetNames,
    /// Other files, in the order in which formulas number them.
    books: &'a [String],
    scan: &'a Scan,
    styles: HashMap<Look, StyleId>,
    formulas: FormulaCache,
}

impl Put<'_> {
    fn sheet(
        &mut self,
        sheet: &mut Sheet,
        values: &Range<Data>,
        formulas: &Range<String>,
        scanned: Option<&ScannedSheet>,
    ) {
        if let Some(scanned) = scanned {
            sheet.merged.clone_from(&scanned.merged);
            sheet.protected = scanned.protected;
            for rule in &self.scan.rules {
                let areas = scanned.rules.areas.get(&rule.name).cloned().unwrap_or_default();
                let validation = rule.validation(areas, self.names, &sheet.name, &mut self.report);
                sheet.validations.extend(validation);
            }
            let end = |range: Option<(u32, u32)>| range.unwrap_or((0, 0));
            let (a, b) = (end(values.end()), end(formulas.end()));
            let bottom = a.0.max(b.0).saturating_add(STYLED_MARGIN).min(MAX_ROWS - 1);
            let right = a.1.max(b.1).saturating_add(STYLED_MARGIN).min(u32::from(MAX_COLS) - 1);
            let styled = Rect::new(Cell::default(), Cell::new(bottom, right as u16));
            self.looks(sheet, scanned, styled);
        }
        for (at, text) in used(formulas).filter(|(_, text)| !text.is_empty()) {
            self.report.formulas += 1;
            let template = self.template(sheet, at, text);
            match scanned.and_then(|scanned| scanned.arrays.get(&at)) {
                Some(rect) => {
                    let (rect, kind) = (*rect, ArrayKind::Legacy);
                    sheet.arrays.insert(at, ArrayFormula { anchor: at, rect, template, kind });
                }
                None => sheet.set_formula(at, Some(template)),
            }
        }
        for (at, data) in used(values) {
            let is_formula = sheet.formula(at).is_some() || sheet.arrays.contains_key(&at);
            sheet.grid.set(at, value(data, self.workbook.date_system, is_formula));
        }
    }

    /// What cells look like, and which rows and columns are hidden.
    fn looks(&mut self, sheet: &mut Sheet, scanned: &ScannedSheet, styled: Rect) {
        for run in &scanned.columns {
            let (first, last) = (Row(u32::from(run.first)), Row(u32::from(run.last)));
            if let Some(style) = run.style {
                let style = self.style(Look { style: Some(style), kind: None });
                if style != StyleId::default() {
                    sheet.column_styles.set_span(first, last, Some(style));
                }
            }
            if run.hidden {
                sheet.hidden_columns.set_span(first, last, Some(true));
            }
        }
        for (area, look) in &scanned.looks {
            if let Some(area) = area.intersection(styled) {
                let style = self.style(*look);
                sheet.set_styles(area, style);
            }
        }
        for (first, last, filtered) in &scanned.hidden_rows {
            let (top, bottom) = (Row(*first), Row(*last));
            sheet.rows.set_span(top, bottom, Some(RowInfo { hidden: true, outline: 0 }));
            if *filtered {
                sheet.filtered = true;
                let rows = Rect { top, bottom, ..Rect::SHEET };
                sheet.filter = Some(sheet.filter.map_or(rows, |all| all.hull(rows)));
            }
        }
    }

    /// The style of cells; the kind of their value says what they show where their style does not.
    fn style(&mut self, look: Look) -> StyleId {
        if let Some(known) = self.styles.get(&look) {
            return *known;
        }
        let name = look.style.and_then(|number| self.scan.style_numbers.names.get(number as usize));
        let mut style = name.map(|name| self.scan.looks.style(name)).unwrap_or_default();
        if let Some(kind) = look.kind.filter(|_| style.number_format == "General") {
            style.number_format = Text::from(format_of(kind));
        }
        let id =
            if style == CellStyle::default() { StyleId::default() } else { self.workbook.styles.push(style) };
        self.styles.insert(look, id);
        id
    }

    fn template(&mut self, sheet: &Sheet, at: Cell, text: &str) -> TemplateId {
        let read = formula::to_excel(text, Source { books: self.books, regexes: self.scan.regexes })
            .and_then(|text| {
                let template = self.formulas.template(&text, at, self.names, &mut self.workbook.templates);
                template.map_err(|error| error.to_string())
            });
        read.unwrap_or_else(|error| {
            let place = format!("{}!{at}", quote_sheet(&sheet.name));
            let error = error.trim_end_matches('.');
            let message = format!("The formula cannot be read: {error}. The cell shows #NAME?.");
            self.report.note(NoteKind::Formula, place, message);
            unreadable(self.names, &mut self.workbook.templates)
        })
    }
}

/// A value as calamine gives it.
fn value(data: &Data, system: DateSystem, is_formula: bool) -> Value {
    let number = |number: Option<f64>| match number.filter(|number| number.is_finite()) {
        Some(number) => Value::Number(number),
        None => Value::Error(CellError::Num),
    };
    match data {
        Data::Float(float) => number(Some(*float)),
        Data::Int(int) => number(Some(*int as f64)),
        Data::Bool(truth) => Value::Bool(*truth),
        Data::DateTimeIso(text) => number(iso::serial(text, system)),
        Data::DurationIso(text) => number(iso::duration(text)),
        // An error is stored as its text. `Err:502` and its like have no counterpart of their own.
        Data::String(text) if is_formula && text.starts_with("Err:") => Value::Error(CellError::Value),
        Data::String(text) if is_formula && text.starts_with('#') => {
            text.parse().map_or_else(|()| Value::text(text), Value::Error)
        }
        Data::String(text) => Value::text(text),
        Data::Error(_) => Value::Error(CellError::Value),
        _ => Value::Empty,
    }
}

/// The cells of a range that a sheet of ours has.
fn used<T: calamine::CellType>(range: &Range<T>) -> impl Iterator<Item = (Cell, &T)> {
    let (top, left) = range.start().unwrap_or((0, 0));
    range.used_cells().filter_map(move |(row, col, value)| {
        let row = top.checked_add(u32::try_from(row).ok()?).filter(|row| *row < MAX_ROWS)?;
        let col = left.checked_add(u32::try_from(col).ok()?)?;
        let col = u16::try_from(col).ok().filter(|col| *col < MAX_COLS)?;
        Some((Cell::new(row, col), value))
    })
}
