//! Files of every format, whole or as their parts: reading ends with a workbook or an error, and what was read can be
//! calculated.

use crate::parts::{compound, records, split, zip};
use engine::calc::{Model, Session, Wanted};
use engine::formats::{Limits, Loaded, open};
use engine::functions::Environment;
use std::sync::Arc;

/// Units of work for a workbook that was read: enough for a few formulas, not for a large array.
const BUDGET: u64 = 50_000;

/// The parts of an .xlsx that an input need not name: a workbook of two sheets.
pub(crate) const XLSX: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/><sheet name="My data" sheetId="2" r:id="rId2"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="x/styles" Target="styles.xml"/><Relationship Id="rId4" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId5" Type="x/sheetMetadata" Target="metadata.xml"/><Relationship Id="rId6" Type="x/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>"#,
    ),
    (
        "xl/worksheets/_rels/sheet1.xml.rels",
        r#"<Relationships><Relationship Id="rId1" Type="x/table" Target="../tables/table1.xml"/><Relationship Id="rId2" Type="x/comments" Target="../comments1.xml"/><Relationship Id="rId3" Type="x/hyperlink" Target="https://example.org/" TargetMode="External"/></Relationships>"#,
    ),
];

/// The same for .xlsb.
const XLSB: [(&str, &str); 3] = [
    ("[Content_Types].xml", "<Types/>"),
    (
        "_rels/.rels",
        r#"<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>"#,
    ),
    (
        "xl/_rels/workbook.bin.rels",
        r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.bin"/><Relationship Id="rId2" Type="x/worksheet" Target="worksheets/sheet2.bin"/><Relationship Id="rId3" Type="x/styles" Target="styles.bin"/><Relationship Id="rId4" Type="x/sharedStrings" Target="sharedStrings.bin"/></Relationships>"#,
    ),
];

/// The same for .ods.
const ODS: [(&str, &str); 2] = [
    ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
    (
        "META-INF/manifest.xml",
        r#"<manifest:manifest xmlns:manifest="m"><manifest:file-entry/></manifest:manifest>"#,
    ),
];

/// Small, so that an input takes milliseconds, and reached by some inputs.
pub(crate) fn limits() -> Limits {
    Limits {
        file_bytes: 1 << 20,
        parts: 40,
        unpacked_bytes: 1 << 20,
        ratio: 200,
        sheets: 12,
        cells: 1 << 15,
        strings: 400,
        text_units: 2_000,
        styles: 400,
        depth: 40,
        notes: 20,
    }
}

/// An .xlsx: parts, or the whole file.
pub(crate) fn xlsx(data: &[u8]) {
    read(&packed(data, &XLSX), "x.xlsx");
}

/// An .xls: the records of its stream, or the whole file.
pub(crate) fn xls(data: &[u8]) {
    let made = records(data).map(|records| stream(&records));
    let made = made.and_then(|(name, stream)| compound(name, &stream));
    read(made.as_deref().unwrap_or(data), "x.xls");
}

/// An .xlsb: parts, of which those of records are written as such, or the whole file.
pub(crate) fn xlsb(data: &[u8]) {
    let (_, mut parts) = split(data);
    for (_, content) in &mut parts {
        if let Some(records) = records(content) {
            *content = records.iter().flat_map(|(kind, data)| record_12(*kind, data)).collect();
        }
    }
    let made = if parts.is_empty() { None } else { zip(&parts, &XLSB) };
    read(made.as_deref().unwrap_or(data), "x.xlsb");
}

/// An .ods: parts, or the whole file.
pub(crate) fn ods(data: &[u8]) {
    read(&packed(data, &ODS), "x.ods");
}

/// A .csv as it is.
pub(crate) fn csv(data: &[u8]) {
    read(data, "x.csv");
}

/// The file that an input means.
pub(crate) fn packed(data: &[u8], usual: &[(&str, &str)]) -> Vec<u8> {
    let (_, parts) = split(data);
    let made = if parts.is_empty() { None } else { zip(&parts, usual) };
    made.unwrap_or_else(|| data.to_vec())
}

fn read(bytes: &[u8], name: &str) {
    match open(bytes, name, &limits()) {
        Ok(Loaded { workbook, report }) => {
            assert!(report.notes.len() <= limits().notes, "{} notes", report.notes.len());
            let mut session = Session::new(Arc::new(Model::new(Arc::new(workbook))));
            session.invalidate();
            session.recalculate(&Environment { budget: BUDGET, ..Environment::default() }, Wanted::All);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A stream of .xls and its name. The places of sheets, which stand in the list of sheets, are put right: they would
/// be wrong after most changes.
fn stream(records: &[(u16, &[u8])]) -> (&'static str, Vec<u8>) {
    const BEGIN: u16 = 0x0809;
    const LISTED: u16 = 0x0085;
    const MOST: usize = 8_224;
    let mut stream = Vec::new();
    let (mut begins, mut listed) = (Vec::new(), Vec::new());
    for (kind, data) in records {
        let data = &data[..data.len().min(MOST)];
        match *kind {
            BEGIN => begins.push(stream.len() as u32),
            LISTED if data.len() >= 4 => listed.push(stream.len() + 4),
            _ => {}
        }
        stream.extend_from_slice(&kind.to_le_bytes());
        stream.extend_from_slice(&(data.len() as u16).to_le_bytes());
        stream.extend_from_slice(data);
    }
    for (place, begin) in listed.into_iter().zip(begins.into_iter().skip(1)) {
        stream[place..place + 4].copy_from_slice(&begin.to_le_bytes());
    }
    let is_old = records.first().is_some_and(|(_, data)| data.starts_with(&[0, 5]));
    (if is_old { "Book" } else { "Workbook" }, stream)
}

/// A record of .xlsb: kind and length in seven bits a byte.
fn record_12(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes =
        if kind < 128 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8 & 0x7F] };
    let mut length = data.len();
    while length > 0x7F {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(data);
    bytes
}
