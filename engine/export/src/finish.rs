//! Puts right, in the written container, what umya cannot write: names with quotes in them, calculation settings,
//! validations with two bounds, tables as they were. All other parts are copied as they are.

use crate::fragments::Fragments;
use crate::package::{Package, normal};
use crate::xml::{Step, Xml};
use std::collections::HashMap;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What may follow calculation settings in a workbook part. Source: ECMA-376 part 1, 18.2.27 (CT_Workbook).
const AFTER_SETTINGS: &[&str] = &[
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
];

/// What may follow validations in a sheet's part. Source: ECMA-376 part 1, 18.3.1.99 (CT_Worksheet).
const AFTER_VALIDATIONS: &[&str] = &[
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// The container with the fragments in their places.
pub(crate) fn finish(bytes: &[u8], fragments: &Fragments) -> Result<Vec<u8>, String> {
    let changed = changed_parts(bytes, fragments)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|error| error.to_string())?;
        let name = file.name().map_err(|error| error.to_string())?.into_owned();
        match changed.get(&normal(&name)) {
            None => out.raw_copy_file(file).map_err(|error| error.to_string())?,
            Some(part) => {
                out.start_file(name, SimpleFileOptions::default()).map_err(|error| error.to_string())?;
                out.write_all(part).map_err(|error| error.to_string())?;
            }
        }
    }
    Ok(out.finish().map_err(|error| error.to_string())?.into_inner())
}

/// The parts that change, by name.
fn changed_parts(bytes: &[u8], fragments: &Fragments) -> Result<HashMap<String, Vec<u8>>, String> {
    let mut package = Package::open(bytes)?;
    let mut changed = HashMap::new();
    let (name, _) = package.workbook()?;
    let part = package.bytes(&name)?.ok_or("it has no workbook part")?;
    let settings = format!("{}{}", fragments.names, fragments.calculation);
    let part = splice(&part, &["definedNames", "calcPr"], &settings, AFTER_SETTINGS)?;
    changed.insert(normal(&name), part);
    for (place, sheet) in package.sheets()?.iter().enumerate() {
        let Some(validations) = fragments.validations.get(place).and_then(Option::as_ref) else { continue };
        let Some(part) = package.bytes(&sheet.part)? else { continue };
        let part = splice(&part, &["dataValidations"], validations, AFTER_VALIDATIONS)?;
        changed.insert(normal(&sheet.part), part);
    }
    for (name, (kind, _)) in package.reachable()? {
        if kind != "table" {
            continue;
        }
        let Some(part) = package.bytes(&name)? else { continue };
        if let Some(table) = table_name(&part)?.and_then(|table| fragments.tables.get(&table)) {
            changed.insert(normal(&name), table.clone().into_bytes());
        }
    }
    Ok(changed)
}

/// The name of the table that a part holds.
pub(crate) fn table_name(part: &[u8]) -> Result<Option<String>, String> {
    let mut xml = Xml::new(part);
    while let Some(step) = xml.next()? {
        if let Step::Start(element) = step {
            // Which of the two differ, and how letters are escaped, is up to the writer; the plain name is enough.
            return Ok(element.attr("displayName").or_else(|| element.attr("name")));
        }
    }
    Ok(None)
}

/// Takes the root's children of some names out of a part, and puts a piece of XML before the first child that must
/// come after it.
fn splice(part: &[u8], remove: &[&str], insert: &str, before: &[&str]) -> Result<Vec<u8>, String> {
    let mut xml = Xml::new(part);
    let mut out = Vec::with_capacity(part.len() + insert.len());
    let (mut copied, mut inserted) = (0, false);
    loop {
        let start = xml.position();
        let Some(step) = xml.next()? else { break };
        let at_child = xml.depth() == 2;
        match step {
            Step::Start(element) if at_child && remove.contains(&element.name()) => {
                out.extend_from_slice(part.get(copied..start).unwrap_or_default());
                xml.copy(&element, &[])?;
                copied = xml.position();
            }
            Step::Start(element) if at_child && !inserted && before.contains(&element.name()) => {
                out.extend_from_slice(part.get(copied..start).unwrap_or_default());
                out.extend_from_slice(insert.as_bytes());
                (copied, inserted) = (start, true);
            }
            Step::End if xml.depth() == 0 && !inserted => {
                out.extend_from_slice(part.get(copied..start).unwrap_or_default());
                out.extend_from_slice(insert.as_bytes());
                (copied, inserted) = (start, true);
            }
            _ => {}
        }
    }
    out.extend_from_slice(part.get(copied..).unwrap_or_default());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::splice;

    #[test]
    fn a_piece_replaces_another_in_its_place() {
        let cases = [
            ("<w><a/><old>1</old><z/></w>", "<w><a/><new/><z/></w>"),
            ("<w><a><old/></a><z/></w>", "<w><a><old/></a><new/><z/></w>"),
            ("<w><a/><old x=\"1\"/></w>", "<w><a/><new/></w>"),
            ("<w>\n<a/>\n</w>", "<w>\n<a/>\n<new/></w>"),
        ];
        for (part, wanted) in cases {
            let out = splice(part.as_bytes(), &["old"], "<new/>", &["z"]).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), wanted);
        }
    }
}
