//! The reader for .xlsx and .xlsm: one module a part of the container.
//!
//! Order matters: relations, workbook, styles, strings and metadata first, then each sheet in one streaming
//! pass. Source: ECMA-376 part 1, chapter 18; both the transitional and the strict dialect.

mod cells;
mod color;
mod external;
pub(crate) mod metadata;
mod pivots;
mod quick;
mod scenarios;
mod sheet;
mod strings;
pub(crate) mod styles;
pub(crate) mod tables;
mod validation;

pub(crate) use color::{Theme, indexed_color};

use crate::budget::Budget;
use crate::names::{self, RawName};
use crate::origin::Clues;
use crate::package::{Package, Relation};
use crate::sheet_names::SheetNames;
use crate::xml::{Element, Xml};
use crate::{Limits, LoadError, LoadReport, Loaded, NoteKind};
use metadata::Metadata;
use values::{DateSystem, SheetId, Text};
use workbook::{Iteration, Sheet, StyleId, Visibility, Workbook};

/// What the sheets' reader needs of the other parts.
pub(crate) struct Shared<'a> {
    pub names: SheetNames,
    pub strings: Vec<Text>,
    pub styles: Vec<StyleId>,
    pub metadata: Metadata,
    pub limits: &'a Limits,
}

/// A sheet as the workbook part lists it.
struct Listed {
    name: String,
    relation: String,
    visibility: Visibility,
}

/// The workbook part.
#[derive(Default)]
struct WorkbookPart {
    sheets: Vec<Listed>,
    names: Vec<RawName>,
    external: Vec<String>,
}

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Loaded, LoadError> {
    let mut package = Package::open(bytes, limits)?;
    let mut report = LoadReport::new(limits.notes);
    let mut workbook = Workbook::default();
    let part_name = package.office_document("xl/workbook.xml")?;
    let relations = package.relations(&part_name)?;
    let part = read_workbook(&mut package, &part_name, &mut workbook)?;
    // A sheet's id has sixteen bits.
    if part.sheets.len() > limits.sheets.min(usize::from(u16::MAX)) {
        return Err(LoadError::TooLarge { what: "the number of its sheets", limit: limits.sheets as u64 });
    }
    features(&package, &mut report);

    let by_kind =
        |kind: &str| relations.values().find(|relation| relation.kind == kind && !relation.external);
    let theme = Theme::read(&mut package, by_kind("theme"))?;
    let mut clues = Clues::read(&mut package)?;
    let mut shared = Shared {
        names: SheetNames::default(),
        strings: strings::read(&mut package, by_kind("sharedStrings"), limits)?,
        styles: styles::read(
            &mut package,
            by_kind("styles"),
            &theme,
            limits,
            (&mut workbook.styles, &mut clues),
        )?,
        metadata: metadata::read(&mut package, &relations)?,
        limits,
    };
    part.sheets.iter().for_each(|listed| shared.names.push(&listed.name));
    workbook.calculated_in = clues.origin(part.sheets.iter().map(|listed| listed.name.as_str()));
    let mut budget = Budget::new(limits.cells);
    workbook.external_books =
        external::read(&mut package, &part.external, &relations, &mut budget, &mut report)?;
    names::add(&mut workbook, &part.names, &shared.names, &mut report);
    for (id, listed) in part.sheets.iter().enumerate() {
        budget.next_sheet();
        let mut sheet = Sheet::new(&listed.name);
        sheet.visibility = listed.visibility;
        let mut to = sheet::Target {
            id: SheetId(id as u16),
            sheet: &mut sheet,
            workbook: &mut workbook,
            report: &mut report,
        };
        read_sheet(&mut package, relations.get(&listed.relation), &mut to, &shared, &mut budget)?;
        workbook.sheets.push(sheet);
    }
    if workbook.sheets.is_empty() {
        return Err(LoadError::Damaged("it lists no sheets".into()));
    }
    let sheet_part =
        |listed: &Listed| relations.get(&listed.relation).map(|relation| relation.target.clone());
    let parts: Vec<Option<String>> = part.sheets.iter().map(sheet_part).collect();
    crate::pivots::read_parts(&mut package, &parts, &pivots::READERS, &mut workbook, &mut report)?;
    Ok(Loaded { workbook, report })
}

fn read_sheet(
    package: &mut Package<'_>,
    relation: Option<&Relation>,
    to: &mut sheet::Target<'_>,
    shared: &Shared<'_>,
    budget: &mut Budget,
) -> Result<(), LoadError> {
    match relation {
        Some(relation) if relation.kind == "worksheet" && package.has(&relation.target) => {
            return sheet::read(package, &relation.target, to, shared, budget);
        }
        relation => without_cells(relation.map(|relation| &*relation.kind), &to.sheet.name, to.report),
    }
    Ok(())
}

/// Says what a sheet without cells is, by the kind of its part. Macro sheets have cells, but what they hold are steps
/// of macros, which never run.
pub(crate) fn without_cells(kind: Option<&str>, name: &str, report: &mut LoadReport) {
    let (of, message) = match kind {
        Some("chartsheet") => (NoteKind::NotShown, "This sheet is a chart; it holds no cells."),
        Some("dialogsheet") => (NoteKind::NotShown, "This sheet is a dialog; it holds no cells."),
        Some("xlMacrosheet" | "xlIntlMacrosheet") => {
            report.macros();
            (NoteKind::NotShown, "This sheet is a macro sheet; its cells are not read.")
        }
        _ => (NoteKind::Broken, "The file lists this sheet but does not contain it."),
    };
    report.note(of, name, message);
}

fn read_workbook(
    package: &mut Package<'_>,
    name: &str,
    workbook: &mut Workbook,
) -> Result<WorkbookPart, LoadError> {
    let mut part = WorkbookPart::default();
    let Some(mut xml) = package.part(name)? else {
        return Err(LoadError::Damaged("it has no workbook part".into()));
    };
    loop {
        let mut name = match xml.next()? {
            Xml::Start(element) => match element.name() {
                "workbookPr" => {
                    if element.flag("date1904", false) {
                        workbook.date_system = DateSystem::V1904;
                    }
                    continue;
                }
                "calcPr" => {
                    let usual = Iteration::default();
                    let count = element.number("iterateCount").unwrap_or(usual.count);
                    let delta = element.float("iterateDelta").unwrap_or(usual.delta);
                    workbook.search = Iteration { count, delta };
                    workbook.iteration = element.flag("iterate", false).then_some(workbook.search);
                    workbook.precision_as_displayed = !element.flag("fullPrecision", true);
                    continue;
                }
                "sheet" => {
                    part.sheets.push(Listed {
                        name: element.attr("name").unwrap_or_default().into_owned(),
                        relation: element.attr("id").unwrap_or_default().into_owned(),
                        visibility: visibility(element.attr("state").as_deref()),
                    });
                    continue;
                }
                "externalReference" => {
                    part.external.extend(element.attr("id").map(|id| id.into_owned()));
                    continue;
                }
                "definedName" => defined_name(&element),
                _ => continue,
            },
            Xml::Eof => return Ok(part),
            _ => continue,
        };
        name.source = xml.text()?;
        part.names.push(name);
    }
}

fn visibility(state: Option<&str>) -> Visibility {
    match state {
        Some("hidden") => Visibility::Hidden,
        Some("veryHidden") => Visibility::VeryHidden,
        _ => Visibility::Visible,
    }
}

/// A name whose text follows its start tag.
fn defined_name(element: &Element<'_>) -> RawName {
    RawName {
        name: element.attr("name").unwrap_or_default().into_owned(),
        sheet: element.number("localSheetId"),
        hidden: element.flag("hidden", false),
        ..RawName::default()
    }
}

/// Says what the container holds beside cells, and what becomes of it.
pub(crate) fn features(package: &Package<'_>, report: &mut LoadReport) {
    let count = |wanted: &dyn Fn(&str) -> bool| package.names().filter(|name| wanted(name)).count() as u64;
    if count(&|name| name.ends_with("vbaproject.bin")) > 0 {
        report.macros();
    }
    if count(&|name| name.starts_with("xl/connections.") || name.starts_with("xl/querytables/query")) > 0 {
        let message = "The file has connections to other data. They are never opened.";
        report.note(NoteKind::Connection, "", message);
    }
    let pivots = count(&|name| name.starts_with("xl/pivottables/pivottable"));
    report.feature("", pivots, "pivot table", "kept with the values of the last save");
    let slicers = count(&|name| name.starts_with("xl/slicers/slicer"));
    report.feature("", slicers, "slicer part", "not shown");
    let objects = count(&|name| name.starts_with("xl/embeddings/"));
    report.feature("", objects, "embedded file", "never opened");
    let controls = count(&|name| name.starts_with("xl/ctrlprops/") || name.starts_with("xl/activex/activex"));
    report.feature("", controls, "form control", "not shown");
}
