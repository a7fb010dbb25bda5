//! The reader for .xlsx and .xlsm: one module a part of the container.
//!
//! Order matters: relations, workbook, styles, strings and metadata first, then each sheet in one streaming
//! pass. Source: ECMA-376 part 1, chapter 18; both the transitional and the strict dialect.

mod cells;
mod color;
mod external;
mod metadata;
mod names;
mod package;
mod sheet;
mod strings;
mod styles;
mod tables;
mod validation;
mod xml;

use crate::{Limits, LoadError, LoadReport, Loaded, NoteKind};
use formula::Sheets;
use package::{Package, Relation};
use std::collections::HashMap;
use values::{DateSystem, SheetId, Text, fold_case};
use workbook::{Iteration, Sheet, StyleId, Visibility, Workbook};
use xml::Xml;

/// What the sheets' reader needs of the other parts.
pub(crate) struct Shared<'a> {
    pub names: SheetNames,
    pub strings: Vec<Text>,
    pub styles: Vec<StyleId>,
    /// For each cell-metadata record (from 1): whether it marks a dynamic array.
    pub dynamic: Vec<bool>,
    pub limits: &'a Limits,
}

/// The sheets by name, before the workbook exists.
#[derive(Default)]
pub(crate) struct SheetNames {
    names: Vec<Text>,
    ids: HashMap<String, SheetId>,
}

impl SheetNames {
    fn push(&mut self, name: &str) {
        let id = SheetId(self.names.len() as u16);
        self.ids.entry(fold_case(name)).or_insert(id);
        self.names.push(Text::from(name));
    }
}

impl Sheets for SheetNames {
    fn sheet_by_name(&self, name: &str) -> Option<SheetId> {
        self.ids.get(&fold_case(name)).copied()
    }
    fn sheet_name(&self, id: SheetId) -> Option<&str> {
        self.names.get(usize::from(id.0)).map(Text::as_str)
    }
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
    names: Vec<names::RawName>,
    external: Vec<String>,
}

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Loaded, LoadError> {
    let mut package = Package::open(bytes, limits)?;
    let mut report = LoadReport::new(limits.notes);
    let mut workbook = Workbook::default();
    let part_name = workbook_part(&mut package)?;
    let relations = package.relations(&part_name)?;
    let part = read_workbook(&mut package, &part_name, &mut workbook)?;
    if part.sheets.len() > limits.sheets {
        return Err(LoadError::TooLarge { what: "the number of its sheets", limit: limits.sheets as u64 });
    }
    note_features(&package, &relations, &mut report);

    let by_kind =
        |kind: &str| relations.values().find(|relation| relation.kind == kind && !relation.external);
    let colors = color::read_theme(&mut package, by_kind("theme"))?;
    let mut shared = Shared {
        names: SheetNames::default(),
        strings: strings::read(&mut package, by_kind("sharedStrings"), limits)?,
        styles: styles::read(&mut package, by_kind("styles"), &colors, limits, &mut workbook.styles)?,
        dynamic: metadata::read(&mut package, by_kind("sheetMetadata"))?,
        limits,
    };
    for listed in &part.sheets {
        shared.names.push(&listed.name);
    }
    workbook.external_books = external::read(&mut package, &part.external, &relations, &mut report)?;
    names::add(&mut workbook, &part.names, &shared.names, &mut report);
    let mut slots = 0;
    for (id, listed) in part.sheets.iter().enumerate() {
        let id = SheetId(id as u16);
        let mut sheet = Sheet::new(&listed.name);
        sheet.visibility = listed.visibility;
        match relations.get(&listed.relation) {
            Some(relation) if relation.kind == "worksheet" && package.has(&relation.target) => {
                let target = relation.target.clone();
                sheet::read(&mut package, &target, id, &mut sheet, &shared, &mut workbook, &mut report)?;
            }
            Some(relation) if relation.kind == "chartsheet" => {
                report.note(NoteKind::NotShown, &listed.name, "This sheet is a chart; it holds no cells.");
            }
            _ => report.note(
                NoteKind::Broken,
                &listed.name,
                "The file lists this sheet but does not contain it.",
            ),
        }
        slots += sheet.grid.slots();
        if slots > limits.cells {
            return Err(LoadError::TooLarge { what: "the number of its cells", limit: limits.cells as u64 });
        }
        workbook.sheets.push(sheet);
    }
    if workbook.sheets.is_empty() {
        return Err(LoadError::Damaged("it lists no sheets".into()));
    }
    Ok(Loaded { workbook, report })
}

fn workbook_part(package: &mut Package<'_>) -> Result<String, LoadError> {
    let relations = package.relations("")?;
    let found = relations.into_values().find(|relation| relation.kind == "officeDocument");
    let name = found.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
    if package.has(&name) { Ok(name) } else { Err(LoadError::Damaged("it has no workbook part".into())) }
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
                    if element.flag("iterate", false) {
                        let count = element.number("iterateCount").unwrap_or(100);
                        let delta = element.number("iterateDelta").unwrap_or(0.001);
                        workbook.iteration = Some(Iteration { count, delta });
                    }
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
                "definedName" => names::RawName::start(&element),
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

/// What the file holds beside cells, and what becomes of it.
fn note_features(package: &Package<'_>, relations: &HashMap<String, Relation>, report: &mut LoadReport) {
    if relations.values().any(|relation| relation.kind == "vbaProject") {
        report.note(NoteKind::Macros, "", "The file contains macros. Playsheet never runs macros.");
    }
    if package.names().any(|name| name == "xl/connections.xml") {
        report.note(
            NoteKind::Connection,
            "",
            "The file has connections to other data. They are never opened.",
        );
    }
    if package.names().any(|name| name.starts_with("xl/pivottables/")) {
        report.note(NoteKind::NotShown, "", "Pivot tables keep the values they were saved with.");
    }
}
