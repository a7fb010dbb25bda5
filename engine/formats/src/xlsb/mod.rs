//! The reader for .xlsb: the container of .xlsx with binary parts (BIFF12).
//!
//! Source: [MS-XLSB]. Parts come in the order of the .xlsx reader; tables come before the sheets, because formulas
//! of any sheet name their columns by number.

mod books;
mod pivots;
mod records;
mod scenarios;
mod sheet;
mod styles;
mod tables;
mod workbook_part;

use crate::binary::{Bytes, Context, Dialect, Put, TableText, raw_names};
use crate::budget::Budget;
use crate::formulas::FormulaCache;
use crate::names;
use crate::origin::Clues;
use crate::package::{Package, PartSource, Relation};
use crate::sheet_names::SheetNames;
use crate::xlsx::{Theme, features, without_cells};
use crate::{Limits, LoadError, LoadReport, Loaded};
use records::RecordReader;
use std::collections::HashMap;
use values::{SheetId, Text};
use workbook::{Sheet, StyleId, Workbook};
use workbook_part::{Listed, WorkbookPart};

/// What the sheets' reader needs of the other parts.
pub(crate) struct Shared {
    pub texts: Vec<Text>,
    /// Whether cell metadata marks dynamic arrays: no other use of it is known.
    pub dynamic: bool,
}

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Loaded, LoadError> {
    let mut package = Package::open(bytes, limits)?;
    let mut report = LoadReport::new(limits.notes);
    let mut workbook = Workbook::default();
    let part_name = package.office_document("xl/workbook.bin")?;
    let relations = package.relations(&part_name)?;
    let part = WorkbookPart::read(&mut package, &part_name, &mut workbook)?;
    if part.sheets.len() > limits.sheets.min(usize::from(u16::MAX)) {
        return Err(LoadError::TooLarge { what: "the number of its sheets", limit: limits.sheets as u64 });
    }
    if part.sheets.is_empty() {
        return Err(LoadError::Damaged("it lists no sheets".into()));
    }
    features(&package, &mut report);
    let by_kind =
        |kind: &str| relations.values().find(|relation| relation.kind == kind && !relation.external);
    let theme = Theme::read(&mut package, by_kind("theme"))?;
    let mut clues = Clues::read(&mut package)?;
    let styles =
        styles::read(&mut package, by_kind("styles"), &theme, limits, (&mut workbook.styles, &mut clues))?;
    workbook.calculated_in = clues.origin(part.sheets.iter().map(|listed| listed.name.as_str()));
    let shared = Shared {
        texts: shared_texts(&mut package, by_kind("sharedStrings"), limits)?,
        dynamic: marks_dynamic_arrays(&mut package, by_kind("sheetMetadata"))?,
    };
    let mut reader = Reader { package, part, relations, shared, styles, limits, workbook, report };
    reader.sheets()?;
    Ok(Loaded { workbook: reader.workbook, report: reader.report })
}

/// Everything that the sheets come after.
struct Reader<'a> {
    package: Package<'a>,
    part: WorkbookPart,
    relations: HashMap<String, Relation>,
    shared: Shared,
    styles: Vec<StyleId>,
    limits: &'a Limits,
    workbook: Workbook,
    report: LoadReport,
}

impl Reader<'_> {
    fn sheets(&mut self) -> Result<(), LoadError> {
        let mut names = SheetNames::default();
        self.part.sheets.iter().for_each(|listed| names.push(&listed.name));
        let mut budget = Budget::new(self.limits.cells);
        let package = &mut self.package;
        let books = books::read(package, &self.part.books, &self.relations, &mut budget, &mut self.report)?;
        let sheets = books::prefixes(&self.part, &books.external, &names);
        self.workbook.external_books = books.external;
        let tables = self.tables()?;
        let name_texts: Vec<String> = self.part.names.iter().map(|name| name.name.clone()).collect();
        let context = Context {
            dialect: Dialect::Biff12,
            sheets: &sheets,
            names: &name_texts,
            book_names: &books.names,
            tables: &tables,
            in_name: false,
        };
        let raw = raw_names(&self.part.names, context, &mut self.report);
        names::add(&mut self.workbook, &raw, &names, &mut self.report);
        let mut put = Put {
            names: &names,
            templates: &mut self.workbook.templates,
            report: &mut self.report,
            budget: &mut budget,
            formulas: FormulaCache::default(),
            context,
            styles: &self.styles,
        };
        for listed in &self.part.sheets {
            put.budget.next_sheet();
            let relation = self.relations.get(&listed.relation);
            let sheet = read_sheet(&mut self.package, listed, relation, &self.shared, &mut put)?;
            self.workbook.sheets.push(sheet);
        }
        let part = |listed: &Listed| {
            let relation = self.relations.get(&listed.relation);
            relation.map(|relation| relation.target.clone())
        };
        let parts: Vec<Option<String>> = self.part.sheets.iter().map(part).collect();
        let (package, workbook) = (&mut self.package, &mut self.workbook);
        crate::pivots::read_parts(package, &parts, &pivots::READERS, workbook, &mut self.report)
    }

    /// The tables of all sheets: for the model, and by number for formulas.
    fn tables(&mut self) -> Result<HashMap<u32, TableText>, LoadError> {
        let mut tables = HashMap::new();
        for (id, listed) in self.part.sheets.iter().enumerate() {
            let relation = self.relations.get(&listed.relation);
            if let Some(relation) = relation.filter(|relation| relation.kind == "worksheet") {
                let (id, target) = (SheetId(id as u16), &relation.target);
                tables::read_all(
                    &mut self.package,
                    target,
                    id,
                    &mut self.workbook,
                    &mut tables,
                    &mut self.report,
                )?;
            }
        }
        Ok(tables)
    }
}

fn read_sheet(
    package: &mut Package<'_>,
    listed: &Listed,
    relation: Option<&Relation>,
    shared: &Shared,
    put: &mut Put<'_>,
) -> Result<Sheet, LoadError> {
    let mut model = Sheet::new(&listed.name);
    model.visibility = listed.visibility;
    match relation {
        Some(relation) if relation.kind == "worksheet" && package.has(&relation.target) => {
            return sheet::read(package, &relation.target, model, shared, put);
        }
        relation => without_cells(relation.map(|relation| &*relation.kind), &listed.name, put.report),
    }
    Ok(model)
}

/// A part to read record by record; `None` where the container has none of that name.
fn part<'p, 'b>(
    package: &'p mut Package<'b>,
    relation: Option<&Relation>,
) -> Result<Option<RecordReader<PartSource<'p, 'b>>>, LoadError> {
    let source = match relation {
        Some(relation) => package.source(&relation.target)?,
        None => None,
    };
    Ok(source.map(RecordReader::new))
}

/// The shared texts. Source: [MS-XLSB] 2.4.830 (BrtSSTItem).
fn shared_texts(
    package: &mut Package<'_>,
    relation: Option<&Relation>,
    limits: &Limits,
) -> Result<Vec<Text>, LoadError> {
    let mut texts = Vec::new();
    let Some(mut records) = part(package, relation)? else { return Ok(texts) };
    while let Some((kind, mut data)) = records.next()? {
        if kind != 19 {
            continue;
        }
        if texts.len() >= limits.strings {
            return Err(LoadError::TooLarge {
                what: "the number of its texts",
                limit: limits.strings as u64,
            });
        }
        texts.push(Text::from(rich_text(&mut data).unwrap_or_default()));
    }
    Ok(texts)
}

/// A text that may have runs of formats behind it. Source: [MS-XLSB] 2.5.121 (RichStr).
fn rich_text(data: &mut Bytes<'_>) -> Option<String> {
    data.skip(1)?;
    data.wide_text()
}

/// Whether the metadata part knows the type that dynamic arrays have. Source: [MS-XLSB] 2.4.722 (BrtMdtinfo).
fn marks_dynamic_arrays(package: &mut Package<'_>, relation: Option<&Relation>) -> Result<bool, LoadError> {
    let Some(mut records) = part(package, relation)? else { return Ok(false) };
    while let Some((kind, mut data)) = records.next()? {
        if kind == 335 {
            let name = data.skip(8).and_then(|()| data.wide_text());
            if name.is_some_and(|name| name == "XLDAPR") {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
