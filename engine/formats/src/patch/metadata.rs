//! The record of metadata that says of a formula that it spills.
//!
//! Without it the same formula would be one that was entered for a fixed range. Source: [MS-XLSX] 2.6.10
//! (`dynamicArrayProperties`), ECMA-376 part 1, 18.9 (metadata).

use super::SaveError;
use super::scan::{Kind, Scanner, Tag};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const STRICT_MAIN: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";
const ARRAYS: &str = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray";
/// Which actions keep the metadata, as every file has it for this type.
const TYPE: &str = "name=\"XLDAPR\" minSupportedVersion=\"120000\" copy=\"1\" pasteAll=\"1\" pasteValues=\"1\" \
    merge=\"1\" splitFirst=\"1\" rowColShift=\"1\" clearFormats=\"1\" clearComments=\"1\" assign=\"1\" coerce=\"1\" \
    cellMeta=\"1\"";

/// What a part of metadata has.
#[derive(Default)]
struct Found {
    prefix: String,
    types: u32,
    has_types: bool,
    has_arrays: bool,
    has_cells: bool,
    cells: usize,
}

/// The part of metadata with a record for spilling formulas, and the record's number.
pub(super) fn with_dynamic_record(
    old: Option<&[u8]>,
    is_strict: bool,
    depth: u32,
) -> Result<(Vec<u8>, usize), SaveError> {
    let Some(old) = old else { return Ok((new_part(is_strict), 1)) };
    let found = look(old, depth)?;
    if found.has_arrays {
        // Its records would have been found by reading, had it any that work.
        return Err(SaveError::change(
            "the metadata of this file describes spilling formulas in an unknown way",
        ));
    }
    if !found.has_types {
        return Ok((new_part(is_strict), 1));
    }
    let record = found.cells + 1;
    Ok((extended(old, &found, depth)?, record))
}

fn new_part(is_strict: bool) -> Vec<u8> {
    let main = if is_strict { STRICT_MAIN } else { MAIN };
    let part = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<metadata xmlns=\"{main}\">\
         <metadataTypes count=\"1\"><metadataType {TYPE}/></metadataTypes>{}{}</metadata>",
        arrays(""),
        cells("", 1)
    );
    part.into_bytes()
}

fn arrays(x: &str) -> String {
    format!(
        "<{x}futureMetadata name=\"XLDAPR\" count=\"1\"><{x}bk><{x}extLst>\
         <{x}ext uri=\"{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}\">\
         <xda:dynamicArrayProperties xmlns:xda=\"{ARRAYS}\" fDynamic=\"1\" fCollapsed=\"0\"/>\
         </{x}ext></{x}extLst></{x}bk></{x}futureMetadata>"
    )
}

fn cells(x: &str, kind: u32) -> String {
    format!("<{x}cellMetadata count=\"1\">{}</{x}cellMetadata>", block(x, kind))
}

fn block(x: &str, kind: u32) -> String {
    format!("<{x}bk><{x}rc t=\"{kind}\" v=\"0\"/></{x}bk>")
}

/// A tag that says how many there are.
fn counted(tag: Tag<'_>, count: usize) -> Vec<u8> {
    tag.with(&[("count", Some(&count.to_string()))])
}

fn look(old: &[u8], depth: u32) -> Result<Found, SaveError> {
    let mut found = Found::default();
    let mut scanner = Scanner::new(old, depth);
    let mut in_cells = false;
    while let Some(piece) = scanner.next()? {
        let tag = piece.tag();
        if piece.begins("metadata") {
            found.prefix = tag.prefix();
        } else if piece.begins("metadataTypes") {
            found.has_types = piece.kind == Kind::Start;
        } else if piece.begins("metadataType") {
            found.types += 1;
            found.has_arrays |= tag.get("name").as_deref() == Some("XLDAPR");
        } else if piece.begins("cellMetadata") {
            found.has_cells = piece.kind == Kind::Start;
            in_cells = found.has_cells;
        } else if piece.ends("cellMetadata") {
            in_cells = false;
        } else if in_cells && piece.begins("bk") {
            found.cells += 1;
        }
    }
    Ok(found)
}

/// A part that has metadata of other types, with this one beside them.
fn extended(old: &[u8], found: &Found, depth: u32) -> Result<Vec<u8>, SaveError> {
    let (x, kind) = (found.prefix.as_str(), found.types + 1);
    let mut scanner = Scanner::new(old, depth);
    let mut out = Vec::with_capacity(old.len() + 1_024);
    let mut is_before_cells = true;
    while let Some(piece) = scanner.next()? {
        let tag = piece.tag();
        let is_behind = piece.begins("cellMetadata") || piece.begins("valueMetadata");
        let is_end = piece.kind == Kind::End && tag.local() == b"metadata";
        if is_before_cells && (is_behind || is_end || piece.level == 1 && piece.begins("extLst")) {
            is_before_cells = false;
            out.extend_from_slice(arrays(x).as_bytes());
            if !found.has_cells {
                out.extend_from_slice(cells(x, kind).as_bytes());
            }
        }
        match (piece.kind, tag.local()) {
            (Kind::Start, b"metadataTypes") => out.extend_from_slice(&counted(tag, kind as usize)),
            (Kind::Start, b"cellMetadata") => out.extend_from_slice(&counted(tag, found.cells + 1)),
            // Empty, it is left out: the new one stands in its place.
            (Kind::Empty, b"cellMetadata") => {}
            (Kind::End, b"metadataTypes") => {
                out.extend_from_slice(format!("<{x}metadataType {TYPE}/>").as_bytes());
                out.extend_from_slice(piece.raw);
            }
            (Kind::End, b"cellMetadata") => {
                out.extend_from_slice(block(x, kind).as_bytes());
                out.extend_from_slice(piece.raw);
            }
            _ => out.extend_from_slice(piece.raw),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extend(old: &str) -> (String, usize) {
        let (bytes, record) = with_dynamic_record(Some(old.as_bytes()), false, 16).unwrap();
        (String::from_utf8(bytes).unwrap(), record)
    }

    #[test]
    fn a_record_joins_those_of_other_types() {
        let (new, record) = extend(
            "<m:metadata xmlns:m=\"x\"><m:metadataTypes count=\"1\"><m:metadataType name=\"XLRICHVALUE\"/></m:metadataTypes>\
             <m:futureMetadata name=\"XLRICHVALUE\" count=\"1\"><m:bk><m:extLst/></m:bk></m:futureMetadata>\
             <m:valueMetadata count=\"1\"><m:bk><m:rc t=\"1\" v=\"0\"/></m:bk></m:valueMetadata></m:metadata>",
        );
        assert_eq!(record, 1);
        assert!(new.contains("<m:metadataTypes count=\"2\">"));
        let order = [
            "XLRICHVALUE\"/>",
            "metadataType name=\"XLDAPR",
            "\"XLRICHVALUE\" count",
            "\"XLDAPR\" count",
            "<m:cellMetadata count=\"1\"><m:bk><m:rc t=\"2\" v=\"0\"/>",
            "<m:valueMetadata",
        ];
        let places: Vec<usize> =
            order.iter().map(|what| new.find(what).unwrap_or_else(|| panic!("{what}"))).collect();
        assert!(places.is_sorted(), "{new}");
    }

    #[test]
    fn a_record_comes_behind_those_of_its_kind() {
        let (new, record) = extend(
            "<metadata><metadataTypes count=\"1\"><metadataType name=\"XLMDX\"/></metadataTypes>\
             <cellMetadata count=\"1\"><bk><rc t=\"1\" v=\"0\"/></bk></cellMetadata></metadata>",
        );
        assert_eq!(record, 2);
        assert!(new.contains("<cellMetadata count=\"2\"><bk><rc t=\"1\" v=\"0\"/></bk><bk><rc t=\"2\" v=\"0\"/></bk></cellMetadata>"));
        assert!(new.find("XLDAPR\" count").unwrap() < new.find("<cellMetadata").unwrap());
    }

    #[test]
    fn a_part_without_types_is_made_anew_and_an_unknown_one_refused() {
        assert_eq!(extend("<metadata/>").1, 1);
        let odd =
            "<metadata><metadataTypes count=\"1\"><metadataType name=\"XLDAPR\"/></metadataTypes></metadata>";
        assert!(with_dynamic_record(Some(odd.as_bytes()), false, 16).is_err());
    }
}
