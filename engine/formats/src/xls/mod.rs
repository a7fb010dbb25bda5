//! The reader for .xls: Excel 97 to 2003 (BIFF8), and Excel 5 and 95 (BIFF5).
//!
//! First the records of the workbook as a whole (`globals`), then those of each sheet (`sheet`). Formulas are
//! tokens, which `binary` writes as text. Formulas of Excel 5 and 95 that refer to other workbooks or add-ins keep
//! their last value.

mod books;
pub(crate) mod compound;
mod globals;
mod pivots;
mod records;
mod scenarios;
mod sheet;
mod styles;

pub(crate) use books::{other as other_workbook, own as own_sheets};

use crate::binary::{Context, Dialect, ExternSheet, Put, raw_names};
use crate::budget::Budget;
use crate::formulas::FormulaCache;
use crate::names;
use crate::origin;
use crate::pivots::{Cache, Left};
use crate::sheet_names::SheetNames;
use crate::xlsx::without_cells;
use crate::{Limits, LoadError, LoadReport, Loaded};
use compound::CompoundFile;
use encoding_rs::Encoding;
use globals::{Globals, SheetKind};
use pivots::RawPivot;
use std::collections::HashMap;
use values::{DateSystem, Text};
use workbook::{Sheet, Workbook};

/// How texts and references of a stream are stored.
#[derive(Clone, Copy)]
pub(crate) enum Version {
    /// Excel 5 and 95: texts in a code page.
    Biff5(&'static Encoding),
    /// Excel 97 and later: texts in Unicode.
    Biff8,
}

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Loaded, LoadError> {
    let mut report = LoadReport::new(limits.notes);
    let container = if bytes.starts_with(&compound::MAGIC) {
        let file = CompoundFile::open(bytes);
        Some(file.ok_or_else(|| LoadError::Damaged("its container cannot be read".into()))?)
    } else {
        None
    };
    let stream = match &container {
        Some(file) => {
            if file.has("_VBA_PROJECT_CUR") {
                report.macros();
            }
            let stream = file.stream("Workbook").or_else(|| file.stream("Book"));
            stream.ok_or_else(|| LoadError::Damaged("it has no workbook stream".into()))?
        }
        None => bytes.to_vec(),
    };
    let globals = Globals::read(&stream, limits)?;
    let mut workbook = Workbook {
        date_system: if globals.is_1904 { DateSystem::V1904 } else { DateSystem::V1900 },
        precision_as_displayed: globals.precision_as_displayed,
        calculated_in: origin::of_country(globals.country, globals.macintosh),
        ..Workbook::default()
    };
    let container = container.as_ref();
    let mut reader = Reader { stream: &stream, container, globals: &globals, limits };
    reader.sheets(&mut workbook, &mut report)?;
    Ok(Loaded { workbook, report })
}

struct Reader<'a> {
    stream: &'a [u8],
    /// The file, unless it is the stream itself.
    container: Option<&'a CompoundFile<'a>>,
    globals: &'a Globals,
    limits: &'a Limits,
}

impl Reader<'_> {
    fn sheets(&mut self, workbook: &mut Workbook, report: &mut LoadReport) -> Result<(), LoadError> {
        let globals = self.globals;
        let mut names = SheetNames::default();
        for listed in &globals.sheets {
            names.push(&listed.name);
        }
        let mut budget = Budget::new(self.limits.cells);
        workbook.external_books = globals.books.external(&mut budget, report)?;
        let (dialect, sheets) = self.prefixes(&names);
        let name_texts: Vec<String> = globals.names.iter().map(|name| name.name.clone()).collect();
        let tables = HashMap::new();
        let context = Context {
            dialect,
            sheets: &sheets,
            names: &name_texts,
            book_names: &globals.books.names,
            tables: &tables,
            in_name: false,
        };
        let raw = raw_names(&globals.names, context, report);
        names::add(workbook, &raw, &names, report);
        let styles = globals.styles.add_to(&mut workbook.styles);
        let mut put = Put {
            names: &names,
            templates: &mut workbook.templates,
            report,
            budget: &mut budget,
            formulas: FormulaCache::default(),
            context,
            styles: &styles,
        };
        let mut bytes = 0;
        let mut all_pivots = Vec::new();
        for (place, listed) in globals.sheets.iter().enumerate() {
            put.budget.next_sheet();
            let mut model = Sheet::new(&listed.name);
            model.visibility = listed.visibility;
            if listed.kind == SheetKind::Cells {
                let read = sheet::read(self.stream, listed.offset, model, globals, &mut put)?;
                if place == 0 {
                    let (search, iterates) = read.iteration;
                    (workbook.search, workbook.iteration) = (search, iterates.then_some(search));
                }
                model = read.sheet;
                all_pivots.extend(read.pivots.into_iter().map(|pivot| (place, pivot)));
                bytes += read.bytes;
                if bytes > self.stream.len() {
                    return Err(LoadError::Refused("it lists the same sheet more than once".into()));
                }
            } else {
                let kind = if listed.kind == SheetKind::Chart { "chartsheet" } else { "xlMacrosheet" };
                without_cells(Some(kind), &model.name, put.report);
            }
            workbook.sheets.push(model);
        }
        self.pivots(all_pivots, workbook, report);
        Ok(())
    }

    /// What stands before references to other sheets, by the numbers that tokens use.
    fn prefixes(&self, names: &SheetNames) -> (Dialect, Vec<ExternSheet>) {
        match self.globals.version {
            Version::Biff8 => (Dialect::Biff8, self.globals.books.prefixes(names)),
            Version::Biff5(encoding) => {
                let places = 0..i16::try_from(self.globals.sheets.len()).unwrap_or(i16::MAX);
                (Dialect::Biff5(encoding), places.map(|place| own_sheets(place, place, names)).collect())
            }
        }
    }

    /// Adds the pivot tables to their sheets.
    fn pivots(&self, pivots: Vec<(usize, RawPivot)>, workbook: &mut Workbook, report: &mut LoadReport) {
        let (mut left, mut of_lines) = (Left::all(), Left::all());
        let mut known: HashMap<u16, Option<Cache>> = HashMap::new();
        let system = workbook.date_system;
        for (place, pivot) in pivots {
            let Some(sheet) = workbook.sheets.get_mut(place) else { continue };
            let cache = known
                .entry(pivot.cache)
                .or_insert_with(|| self.cache(pivot.cache, system, &mut left))
                .as_ref();
            let whole = Some(pivot).filter(RawPivot::is_whole).zip(cache);
            let pivot = whole.and_then(|(pivot, cache)| pivot.table.finish(cache, sheet, &mut of_lines));
            crate::pivots::add(sheet, pivot, report);
        }
    }

    fn cache(&self, number: u16, system: DateSystem, left: &mut Left) -> Option<Cache> {
        let stream = self.globals.caches.get(usize::from(number))?;
        let file = self.container.filter(|file| file.has(pivots::STORAGE))?;
        let stream = file.stream(&format!("{stream:04X}"))?;
        pivots::cache(&stream, self.globals.version, system, left)
    }
}

impl Version {
    /// A text with its length in two bytes before it.
    pub fn text(self, bytes: &mut crate::binary::Bytes<'_>) -> Option<String> {
        let length = usize::from(bytes.u16()?);
        self.characters(bytes, length)
    }

    /// A text with its length in one byte before it.
    pub fn short_text(self, bytes: &mut crate::binary::Bytes<'_>) -> Option<String> {
        let length = usize::from(bytes.u8()?);
        self.characters(bytes, length)
    }

    /// So many characters, with the flags before them where the version has some.
    pub fn characters(self, bytes: &mut crate::binary::Bytes<'_>, length: usize) -> Option<String> {
        match self {
            Version::Biff8 => bytes.flagged(length),
            Version::Biff5(encoding) => bytes.coded(length, encoding),
        }
    }
}

/// A text without the zeros that some writers leave in it.
pub(crate) fn clean(text: &str) -> Text {
    if text.contains('\0') { Text::from(text.replace('\0', "")) } else { Text::from(text) }
}
