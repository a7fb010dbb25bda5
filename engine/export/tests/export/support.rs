//! What the tests share: exporting what was read, and looking at what was written.

use formats::Limits;
use formula::Style;
use playsheet_export::{Book, ExportError, Exported};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use values::{Cell, SheetId, Value};
use workbook::{Grid, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Reads a workbook.
pub fn read(bytes: &[u8]) -> Result<Workbook, String> {
    let loaded = formats::open(bytes, "test.xlsx", &Limits::default());
    loaded.map(|loaded| loaded.workbook).map_err(|error| error.to_string())
}

/// A cell with the value that is set.
pub type Set<'a> = (&'a str, &'a str, Value);

/// Exports a file with some cells set; all other values are those that the file had.
pub fn export(bytes: &[u8], set: &[Set<'_>]) -> Result<Exported, ExportError> {
    let workbook = read(bytes).unwrap();
    export_workbook(&workbook, Some(bytes), set)
}

/// Exports a workbook, as if it came from another format where there is no original.
pub fn export_workbook(
    workbook: &Workbook,
    original: Option<&[u8]>,
    set: &[Set<'_>],
) -> Result<Exported, ExportError> {
    let mut grids: Vec<Grid> = workbook.sheets.iter().map(|sheet| sheet.grid.clone()).collect();
    let mut inputs = BTreeSet::new();
    for (sheet, cell, value) in set {
        let (id, cell) = place(workbook, sheet, cell);
        grids[usize::from(id.0)].set(cell, value.clone());
        inputs.insert((id, cell));
    }
    playsheet_export::export(&Book { workbook, grids: grids.iter().collect(), inputs, original }, &read)
}

/// A place of a workbook.
pub fn place(workbook: &Workbook, sheet: &str, cell: &str) -> (SheetId, Cell) {
    let id = workbook.sheets().find(|(_, one)| one.name == sheet).map(|(id, _)| id);
    (id.unwrap_or_else(|| panic!("no sheet {sheet}")), cell.parse().unwrap())
}

/// Every cell of a workbook as a line: address, number format, formula, value.
pub fn lines(workbook: &Workbook) -> BTreeMap<String, String> {
    let mut lines = BTreeMap::new();
    for (id, sheet) in workbook.sheets() {
        let mut cells: BTreeSet<Cell> = sheet.grid.iter().map(|(cell, _)| cell).collect();
        for (col, runs) in sheet.formulas.iter().enumerate() {
            let rows = runs.iter().flat_map(|(top, bottom, _)| top.0..=bottom.0);
            cells.extend(rows.map(|row| Cell::new(row, col as u16)));
        }
        for cell in cells {
            let formula = sheet.formula(cell).map_or_else(String::new, |template| {
                let formula = workbook.templates.get(template);
                format!(" ={}", formula::print(formula, cell, workbook, Style::File))
            });
            let format = &workbook.style(id, cell).number_format;
            lines.insert(
                format!("{}!{cell}", sheet.name),
                format!("[{format}]{formula} {:?}", sheet.grid.get(cell)),
            );
        }
    }
    lines
}

/// A part of a container as text.
pub fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap_or_else(|_| panic!("no part {name}")).read_to_string(&mut text).unwrap();
    text
}

/// The names of the parts.
pub fn parts(bytes: &[u8]) -> Vec<String> {
    let archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.file_names().map(|name| name.unwrap().into_owned()).collect()
}

/// The container with some parts replaced or added.
pub fn with_parts(bytes: &[u8], changed: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        if changed.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let mut part = Vec::new();
        file.read_to_end(&mut part).unwrap();
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&part).unwrap();
    }
    for (name, part) in changed {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(part.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The container with a piece of text of one part replaced, which must be there.
pub fn edited(bytes: &[u8], name: &str, from: &str, to: &str) -> Vec<u8> {
    let text = part(bytes, name);
    assert!(text.contains(from), "{name} has no {from}: {text}");
    with_parts(bytes, &[(name, &text.replacen(from, to, 1))])
}

/// The container with one more part that the workbook refers to.
pub fn with_related(bytes: &[u8], name: &str, kind: &str, content: &str) -> Vec<u8> {
    let relations = "xl/_rels/workbook.xml.rels";
    let relation = format!(
        "<Relationship Id=\"rIdExtra\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"/{name}\"/></Relationships>"
    );
    let related = edited(bytes, relations, "</Relationships>", &relation);
    with_parts(&related, &[(name, content)])
}
