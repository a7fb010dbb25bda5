//! The reader for .ods: calamine reads values and formula texts, behind a scan of our own.
//!
//! calamine lays each sheet out as a full rectangle and copies a repeated cell as often as the file says, so a small
//! file can ask for all memory there is, which ends the process. Therefore `scan` walks the content first, holds what
//! calamine would take against the limits, and notes what calamine does not give: merged cells, array formulas,
//! kinds of values, settings. `formula` turns formulas into Excel's notation.
//!
//! calamine may panic over a broken file. That is caught here and becomes an error; the message that the program's
//! panic hook prints is beyond a library's reach.

mod formula;
mod scan;

use crate::budget::Budget;
use crate::formulas::{FormulaCache, unreadable};
use crate::names::{self, RawName};
use crate::package::Package;
use crate::sheet_names::SheetNames;
use crate::xml::Xml;
use crate::{Limits, LoadError, LoadReport, Loaded, NoteKind, iso};
use ::formula::quote_sheet;
use calamine::{Data, Ods, Range, Reader, SheetVisible};
use scan::{Kind, Scan, ScannedSheet};
use std::collections::HashMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use values::{Cell, CellError, MAX_COLS, MAX_ROWS, Text, Value};
use workbook::{ArrayFormula, ArrayKind, CellStyle, Sheet, StyleId, TemplateId, Visibility, Workbook};

/// What calamine gives, free of its types' lives.
struct Contents {
    sheets: Vec<(String, Visibility, Range<Data>, Range<String>)>,
    names: Vec<(String, String)>,
}

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Loaded, LoadError> {
    let mut package = Package::open(bytes, limits)?;
    refuse_encrypted(&mut package)?;
    let mut budget = Budget::new(limits.cells);
    let scan = Scan::read(&mut package, limits, &mut budget)?;
    let contents = match catch_unwind(AssertUnwindSafe(|| contents(bytes))) {
        Ok(contents) => contents?,
        Err(_) => return Err(LoadError::Damaged("its content does not follow the format".into())),
    };
    let mut report = LoadReport::new(limits.notes);
    if package.names().any(|name| name.starts_with("basic/") || name.starts_with("scripts/")) {
        report.macros();
    }
    let mut names = SheetNames::default();
    contents.sheets.iter().for_each(|(name, ..)| names.push(name));
    let mut workbook = Workbook {
        date_system: scan.date_system,
        iteration: scan.iteration,
        search: scan.search,
        precision_as_displayed: scan.precision_as_displayed,
        ..Workbook::default()
    };
    let raw = raw_names(&contents.names, &mut report);
    names::add(&mut workbook, &raw, &names, &mut report);
    let styles = styles(&mut workbook);
    let mut put = Put { workbook, report, names: &names, styles, formulas: FormulaCache::default() };
    for (name, visibility, values, formulas) in &contents.sheets {
        let scanned = scan.sheets.get(name.as_str());
        let mut sheet = Sheet::new(name);
        sheet.visibility = *visibility;
        put.formulas = FormulaCache::default();
        put.sheet(&mut sheet, values, formulas, scanned);
        put.workbook.sheets.push(sheet);
    }
    let Put { workbook, report, .. } = put;
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
    Ok(Contents { sheets, names: ods.defined_names().to_vec() })
}

fn raw_names(names: &[(String, String)], report: &mut LoadReport) -> Vec<RawName> {
    let raw = names.iter().map(|(name, source)| {
        let source = formula::name_to_excel(source).unwrap_or_else(|error| {
            report.note(NoteKind::Formula, name, format!("The name {name} cannot be read: {error}."));
            String::new()
        });
        RawName { name: name.clone(), sheet: None, hidden: false, source }
    });
    raw.collect()
}

/// A style for each kind of value: the file's own number formats are not read.
fn styles(workbook: &mut Workbook) -> HashMap<Kind, StyleId> {
    let codes = [
        (Kind::Date, 14),
        (Kind::DateTime, 22),
        (Kind::Time, 46),
        (Kind::Percentage, 10),
        (Kind::Currency, 4),
    ];
    codes
        .into_iter()
        .map(|(kind, format)| {
            let number_format = Text::from(numfmt::builtin(format).unwrap_or("General"));
            (kind, workbook.styles.push(CellStyle { number_format, ..CellStyle::default() }))
        })
        .collect()
}

struct Put<'a> {
    workbook: Workbook,
    report: LoadReport,
    names: &'a SheetNames,
    styles: HashMap<Kind, StyleId>,
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
            for (area, kind) in &scanned.kinds {
                if let Some(style) = self.styles.get(kind) {
                    area.cells().for_each(|at| sheet.set_style(at, *style));
                }
            }
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
            sheet.grid.set(at, self.value(data, is_formula));
        }
    }

    fn value(&self, data: &Data, is_formula: bool) -> Value {
        let number = |number: Option<f64>| match number.filter(|number| number.is_finite()) {
            Some(number) => Value::Number(number),
            None => Value::Error(CellError::Num),
        };
        match data {
            Data::Float(float) => number(Some(*float)),
            Data::Int(int) => number(Some(*int as f64)),
            Data::Bool(truth) => Value::Bool(*truth),
            Data::DateTimeIso(text) => number(iso::serial(text, self.workbook.date_system)),
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

    fn template(&mut self, sheet: &Sheet, at: Cell, text: &str) -> TemplateId {
        let read = formula::to_excel(text).and_then(|text| {
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
