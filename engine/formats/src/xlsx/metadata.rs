//! Metadata of cells and values: which array formulas are dynamic, and which errors stand for newer ones.
//!
//! Source: [MS-XLSX] 2.6.x: `XLDAPR` with `dynamicArrayProperties`; `XLRICHVALUE` with `rvb`, whose values of the
//! structure `_error` say what a `#VALUE!` stands for.

use crate::LoadError;
use crate::package::{Package, Relation};
use crate::xml::{Element, Xml};
use std::collections::HashMap;
use values::CellError;

/// What records of metadata mean, by their number in cells less one.
#[derive(Default)]
pub(crate) struct Metadata {
    /// For each record of cells: whether it marks a dynamic array.
    pub dynamic: Vec<bool>,
    /// For each record of values: the error it stands for.
    pub errors: Vec<Option<CellError>>,
}

/// The metadata part while it is read. Records name a type (from 1) and a block of that type's (from 0).
#[derive(Default)]
struct MetadataPart {
    types: Vec<String>,
    section: Section,
    /// For each block of dynamic arrays: its flag.
    arrays: Vec<bool>,
    /// For each block of rich values: the number of the value.
    values: Vec<Option<usize>>,
    cell_records: Vec<(usize, usize)>,
    value_records: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Section {
    #[default]
    None,
    Arrays,
    Values,
    CellRecords,
    ValueRecords,
}

/// Reads the metadata and, where values have some, the parts it refers to.
pub(crate) fn read(
    package: &mut Package<'_>,
    relations: &HashMap<String, Relation>,
) -> Result<Metadata, LoadError> {
    let by_kind = |kind: &str| {
        relations.values().find(|relation| relation.kind.eq_ignore_ascii_case(kind) && !relation.external)
    };
    let mut part = MetadataPart::default();
    if let Some(relation) = by_kind("sheetMetadata")
        && let Some(mut xml) = package.part(&relation.target)?
    {
        loop {
            match xml.next()? {
                Xml::Start(element) => part.element(&element),
                Xml::End(tag) => {
                    if matches!(tag.name(), "futureMetadata" | "cellMetadata" | "valueMetadata") {
                        part.section = Section::None;
                    }
                }
                Xml::Eof => break,
                Xml::Text(_) => {}
            }
        }
    }
    let mut metadata = Metadata { dynamic: part.dynamic(), errors: Vec::new() };
    if !part.value_records.is_empty()
        && let (Some(structures), Some(values)) = (by_kind("rdRichValueStructure"), by_kind("rdRichValue"))
    {
        let structures = read_structures(package, structures)?;
        let errors = read_errors(package, values, &structures)?;
        metadata.errors = part.errors(&errors);
    }
    Ok(metadata)
}

impl MetadataPart {
    fn element(&mut self, element: &Element<'_>) {
        match (element.name(), self.section) {
            ("metadataType", _) => self.types.push(element.attr("name").unwrap_or_default().into_owned()),
            ("futureMetadata", _) => {
                self.section = match element.attr("name").as_deref() {
                    Some("XLDAPR") => Section::Arrays,
                    Some("XLRICHVALUE") => Section::Values,
                    _ => Section::None,
                }
            }
            ("cellMetadata", _) => self.section = Section::CellRecords,
            ("valueMetadata", _) => self.section = Section::ValueRecords,
            ("bk", Section::Arrays) => self.arrays.push(false),
            ("bk", Section::Values) => self.values.push(None),
            ("dynamicArrayProperties", Section::Arrays) => {
                if let Some(last) = self.arrays.last_mut() {
                    *last = element.flag("fDynamic", false);
                }
            }
            ("rvb", Section::Values) => {
                if let Some(last) = self.values.last_mut() {
                    *last = element.number("i");
                }
            }
            ("rc", Section::CellRecords) => self.cell_records.push(record(element)),
            ("rc", Section::ValueRecords) => self.value_records.push(record(element)),
            _ => {}
        }
    }

    fn is(&self, kind: usize, name: &str) -> bool {
        kind.checked_sub(1).and_then(|place| self.types.get(place)).is_some_and(|kind| kind == name)
    }

    fn dynamic(&self) -> Vec<bool> {
        let of = |(kind, block): &(usize, usize)| {
            // A record of the right type without its block still marks a dynamic array.
            self.is(*kind, "XLDAPR") && self.arrays.get(*block).copied().unwrap_or(true)
        };
        self.cell_records.iter().map(of).collect()
    }

    fn errors(&self, errors: &[Option<CellError>]) -> Vec<Option<CellError>> {
        let of = |(kind, block): &(usize, usize)| {
            let value =
                self.values.get(*block).copied().flatten().filter(|_| self.is(*kind, "XLRICHVALUE"))?;
            errors.get(value).copied().flatten()
        };
        self.value_records.iter().map(of).collect()
    }
}

fn record(element: &Element<'_>) -> (usize, usize) {
    (element.number("t").unwrap_or(0), element.number("v").unwrap_or(usize::MAX))
}

/// For each structure of rich values: at which place its values have the type of an error, if it is one.
fn read_structures(package: &mut Package<'_>, relation: &Relation) -> Result<Vec<Option<usize>>, LoadError> {
    let mut structures = Vec::new();
    let Some(mut xml) = package.part(&relation.target)? else { return Ok(structures) };
    let (mut is_error, mut place) = (false, 0);
    loop {
        match xml.next()? {
            Xml::Start(element) if element.name() == "s" => {
                (is_error, place) = (element.attr("t").as_deref() == Some("_error"), 0);
                structures.push(None);
            }
            Xml::Start(element) if element.name() == "k" => {
                if is_error
                    && element.attr("n").as_deref() == Some("errorType")
                    && let Some(last) = structures.last_mut()
                {
                    *last = Some(place);
                }
                place += 1;
            }
            Xml::Eof => return Ok(structures),
            _ => {}
        }
    }
}

/// For each rich value: the error it is.
fn read_errors(
    package: &mut Package<'_>,
    relation: &Relation,
    structures: &[Option<usize>],
) -> Result<Vec<Option<CellError>>, LoadError> {
    let mut errors = Vec::new();
    let Some(mut xml) = package.part(&relation.target)? else { return Ok(errors) };
    let (mut wanted, mut place) = (None, 0);
    loop {
        let is_value = match xml.next()? {
            Xml::Start(element) if element.name() == "rv" => {
                wanted = element.number::<usize>("s").and_then(|s| structures.get(s).copied().flatten());
                place = 0;
                errors.push(None);
                false
            }
            Xml::Start(element) => element.name() == "v",
            Xml::Eof => return Ok(errors),
            _ => false,
        };
        if is_value {
            let text = xml.text()?;
            if wanted == Some(place)
                && let Some(last) = errors.last_mut()
            {
                *last = text.trim().parse().ok().and_then(error);
            }
            place += 1;
        }
    }
}

/// An error by its number in `errorType`, one less than that of `ERROR.TYPE`.
fn error(number: u8) -> Option<CellError> {
    CellError::all().map(|(error, _)| error).find(|error| error.type_number() == number.saturating_add(1))
}
