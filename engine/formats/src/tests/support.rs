//! Makes files, and shows what became of them.

use crate::{Limits, LoadError, Loaded, open};
use formula::Style;
use std::io::{Cursor, Write};
use values::{Cell, Value};
use workbook::{Sheet, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A container of parts; those that are already there are replaced.
#[derive(Clone)]
pub(super) struct Parts {
    pub parts: Vec<(String, Vec<u8>)>,
    packed: bool,
}

impl Parts {
    pub fn new() -> Parts {
        Parts { parts: Vec::new(), packed: true }
    }

    /// Parts as they are, so that changed bytes are changed content.
    pub fn stored(mut self) -> Parts {
        self.packed = false;
        self
    }

    pub fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Parts {
        self.parts.retain(|(known, _)| known != name);
        self.parts.push((name.to_owned(), bytes.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Parts {
        self.parts.retain(|(known, _)| known != name);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let method = if self.packed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = SimpleFileOptions::default().compression_method(method);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.parts {
            zip.start_file(name.as_str(), options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

/// An .xlsx with these worksheets' contents (what stands within `worksheet`), named Sheet1, Sheet2, ...
pub(super) fn xlsx(sheets: &[&str]) -> Parts {
    let listed: String = (1..=sheets.len())
        .map(|i| format!("<sheet name=\"Sheet{i}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>"))
        .collect();
    xlsx_with(sheets, &format!("<sheets>{listed}</sheets>"))
}

/// The same with the workbook's content of one's own.
pub(super) fn xlsx_with(sheets: &[&str], workbook: &str) -> Parts {
    let mut relations: Vec<(String, String)> =
        (1..=sheets.len()).map(|i| ("worksheet".to_owned(), format!("worksheets/sheet{i}.xml"))).collect();
    relations.extend(
        [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"), ("sheetMetadata", "metadata.xml")]
            .map(|(kind, target)| (kind.to_owned(), target.to_owned())),
    );
    let mut parts = Parts::new()
        .with(
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        )
        .with("_rels/.rels", relations_part(&[("officeDocument".into(), "xl/workbook.xml".into())]))
        .with(
            "xl/workbook.xml",
            format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\">{workbook}</workbook>"),
        )
        .with("xl/_rels/workbook.xml.rels", relations_part(&relations));
    for (i, sheet) in sheets.iter().enumerate() {
        let part = format!("{HEAD}<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\">{sheet}</worksheet>");
        parts = parts.with(&format!("xl/worksheets/sheet{}.xml", i + 1), part);
    }
    parts
}

/// A part of relations, numbered rId1, rId2, ...
pub(super) fn relations_part(relations: &[(String, String)]) -> String {
    let all: String = relations
        .iter()
        .enumerate()
        .map(|(i, (kind, target))| {
            format!("<Relationship Id=\"rId{}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>", i + 1)
        })
        .collect();
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
    )
}

/// An .ods with this content within `office:spreadsheet`.
pub(super) fn ods(spreadsheet: &str) -> Parts {
    let namespaces = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
        xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
        xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\"";
    Parts::new()
        .with("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        .with("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest=\"m\"><manifest:file-entry/></manifest:manifest>")
        .with(
            "content.xml",
            format!(
                "{HEAD}<office:document-content {namespaces}><office:automatic-styles>\
                 <style:style style:name=\"gone\"><style:table-properties table:display=\"false\"/></style:style>\
                 </office:automatic-styles><office:body><office:spreadsheet>{spreadsheet}\
                 </office:spreadsheet></office:body></office:document-content>"
            ),
        )
}

/// A record of .xls.
pub(super) fn biff8(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// A record of .xlsb.
pub(super) fn biff12(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = if kind < 128 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
    let mut length = data.len();
    loop {
        let byte = (length & 0x7f) as u8;
        length >>= 7;
        bytes.push(if length > 0 { byte | 0x80 } else { byte });
        if length == 0 {
            break;
        }
    }
    bytes.extend_from_slice(data);
    bytes
}

/// A text of .xlsb with its length.
pub(super) fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&(text.encode_utf16().count() as u32).to_le_bytes()[..], &units].concat()
}

pub(super) fn load(bytes: &[u8], name: &str) -> Loaded {
    match open(bytes, name, &Limits::default()) {
        Ok(loaded) => loaded,
        Err(error) => panic!("{name}: {error}"),
    }
}

pub(super) fn error(bytes: &[u8], name: &str) -> LoadError {
    match open(bytes, name, &Limits::upload()) {
        Ok(_) => panic!("{name} was opened"),
        Err(error) => error,
    }
}

pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{:?}", text.as_str()),
        Value::Bool(truth) => truth.to_string().to_uppercase(),
        Value::Error(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}

/// A sheet's cells, one a line: `A1 = formula -> value`, arrays as `A1:A3 {formula}`.
pub(super) fn cells(workbook: &Workbook, sheet: &Sheet) -> String {
    let print = |template, at| formula::print(workbook.templates.get(template), at, workbook, Style::File);
    let mut lines: std::collections::BTreeMap<Cell, String> = std::collections::BTreeMap::new();
    for (at, value) in sheet.grid.iter() {
        lines.insert(at, format!("{at} {}", show(value)));
    }
    for (col, runs) in sheet.formulas.iter().enumerate() {
        for (first, last, template) in runs.iter() {
            for row in first.0..=last.0 {
                let at = Cell::new(row, col as u16);
                let value = show(sheet.grid.get(at));
                lines.insert(at, format!("{at} ={} -> {value}", print(template, at)));
            }
        }
    }
    for (at, array) in &sheet.arrays {
        let kind = format!("{:?}", array.kind).to_lowercase();
        let value = show(sheet.grid.get(*at));
        lines.insert(*at, format!("{} {kind} {{={}}} -> {value}", array.rect, print(array.template, *at)));
    }
    lines.into_values().collect::<Vec<_>>().join("\n")
}

/// Holds the first sheet's cells against lines.
#[track_caller]
pub(super) fn check_cells(loaded: &Loaded, expected: &[&str]) {
    assert_eq!(cells(&loaded.workbook, &loaded.workbook.sheets[0]), expected.join("\n"));
}

/// The report's notes as lines.
pub(super) fn notes(loaded: &Loaded) -> Vec<String> {
    loaded
        .report
        .notes
        .iter()
        .map(|note| format!("{:?} {}: {}", note.kind, note.place, note.message))
        .collect()
}
