//! GETPIVOTDATA in workbooks with pivot tables, and pivot tables under edits.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "pivot_formats/cases.rs"]
mod cases;

use calc::{Editor, Session};
use cases::{SHEETS, calculate, formulas, read, shown};
use formats::Limits;
use playsheet_engine::Document;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use values::{Area, Cell, Col, Row, SheetId};
use workbook::{Content, Edit, EditError};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

fn relations(list: &[(&str, String)]) -> String {
    let mut xml = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (number, (kind, target)) in (1..).zip(list) {
        let _ =
            write!(xml, "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    }
    xml + "</Relationships>"
}

fn sheet(text: &str) -> String {
    let mut xml = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for (row, line) in text.lines().enumerate() {
        let _ = write!(xml, "<row r=\"{}\">", row + 1);
        for (col, value) in (0..).zip(line.split('\t')).filter(|(_, value)| !value.is_empty()) {
            let cell = Cell::new(row as u32, col);
            let _ = match value.parse::<f64>() {
                Ok(_) => write!(xml, "<c r=\"{cell}\"><v>{value}</v></c>"),
                Err(_) => write!(xml, "<c r=\"{cell}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
            };
        }
        xml += "</row>";
    }
    xml + "</sheetData></worksheet>"
}

/// A workbook of the sheets and pivot tables of the cases; `change` may rewrite parts.
fn workbook(change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut types = format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    let mut add = |name: String, kind: &str, xml: String| {
        if !kind.is_empty() {
            let _ = write!(
                types,
                "<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml\"/>"
            );
        }
        parts.push((name, xml));
    };
    let mut listed = String::new();
    let mut of_workbook = Vec::new();
    let mut caches = String::new();
    for (number, name) in (1..).zip(SHEETS) {
        let _ = write!(listed, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
        of_workbook.push(("worksheet", format!("worksheets/sheet{number}.xml")));
        let cells = read(&format!("{name}.tsv")).unwrap_or_default();
        add(format!("xl/worksheets/sheet{number}.xml"), "worksheet", sheet(&cells));
        let Some(pivot) = read(&format!("{name}.pivot.xml")) else { continue };
        let target = format!("../pivotTables/pivotTable{number}.xml");
        add(format!("xl/worksheets/_rels/sheet{number}.xml.rels"), "", relations(&[("pivotTable", target)]));
        add(format!("xl/pivotTables/pivotTable{number}.xml"), "pivotTable", pivot);
        let cache = ["Groups", "Cube"].iter().position(|own| *own == name).map_or(1, |place| place + 2);
        let target = format!("../pivotCache/pivotCacheDefinition{cache}.xml");
        let own = relations(&[("pivotCacheDefinition", target)]);
        add(format!("xl/pivotTables/_rels/pivotTable{number}.xml.rels"), "", own);
    }
    for (number, name) in (1..).zip(["Records", "Groups", "Cube"]) {
        let part = format!("pivotCache/pivotCacheDefinition{number}.xml");
        let cache = read(&format!("{name}.cache.xml")).unwrap();
        add(format!("xl/{part}"), "pivotCacheDefinition", cache);
        of_workbook.push(("pivotCacheDefinition", part));
        let _ = write!(caches, "<pivotCache cacheId=\"{number}\" r:id=\"rId{}\"/>", of_workbook.len());
    }
    let book = format!(
        "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{listed}</sheets><pivotCaches>{caches}</pivotCaches></workbook>"
    );
    add("xl/workbook.xml".to_owned(), "sheet.main", book);
    add("xl/_rels/workbook.xml.rels".to_owned(), "", relations(&of_workbook));
    add("_rels/.rels".to_owned(), "", relations(&[("officeDocument", "xl/workbook.xml".to_owned())]));
    parts.push(("[Content_Types].xml".to_owned(), types + "</Types>"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(change(&name, xml).as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn editor(bytes: &[u8]) -> Editor {
    Editor::new(Document::open(bytes, "pivots.xlsx", &Limits::default()).unwrap().session())
}

const FORMULAS: SheetId = SheetId(5);

/// All formulas of the cases below each other.
fn with_formulas(bytes: &[u8]) -> Editor {
    let mut editor = editor(bytes);
    cases::put(&mut editor, FORMULAS, &formulas("formulas.tsv"));
    editor
}

fn check(session: &Session, sheet: SheetId, except: impl Fn(&str) -> Option<&'static str>) {
    let cases = formulas("formulas.tsv");
    let expected =
        cases.iter().map(|(formula, expected)| (formula.as_str(), except(formula).unwrap_or(expected)));
    cases::check(session, sheet, expected);
}

#[test]
fn formulas_find_what_pivot_tables_show() {
    let editor = with_formulas(&workbook(|_, xml| xml));
    check(editor.session(), FORMULAS, |_| None);
}

#[test]
fn pivot_tables_go_with_their_cells() {
    let mut editor = with_formulas(&workbook(|_, xml| xml));
    let compact = SheetId(1);
    let edits = [
        Edit::InsertRows { sheet: compact, at: Row(0), count: 2 },
        Edit::InsertColumns { sheet: compact, at: Col(0), count: 1 },
        Edit::DeleteRows { sheet: SheetId(2), at: Row(0), count: 1 },
        Edit::InsertSheet { at: SheetId(0), name: "First".into() },
    ];
    editor.apply("around", &edits).unwrap();
    calculate(&mut editor);
    let book = editor.workbook();
    assert_eq!(book.sheets[2].pivots[0].area.to_string(), "B5:E13");
    assert_eq!(book.sheets[3].pivots[0].area.to_string(), "A2:C9");
    // The formula made of text still says A3, which is no part of the pivot table any more.
    check(editor.session(), SheetId(6), |formula| formula.contains("INDIRECT").then_some("#REF!"));
    assert!(editor.undo().is_some());
    calculate(&mut editor);
    check(editor.session(), FORMULAS, |_| None);
}

#[test]
fn a_pivot_table_moves_and_goes_as_a_whole() {
    let mut editor = with_formulas(&workbook(|_, xml| xml));
    let compact = SheetId(1);
    let refused = |edit: Edit, editor: &mut Editor| {
        let error = editor.apply("cut", &[edit]).unwrap_err();
        assert_eq!(error, EditError::PartOfPivot("Compact!A3:D11".to_owned()));
    };
    refused(Edit::InsertRows { sheet: compact, at: Row(5), count: 1 }, &mut editor);
    refused(Edit::DeleteColumns { sheet: compact, at: Col(3), count: 1 }, &mut editor);
    let part = Area { sheet: compact, rect: "A3:B5".parse().unwrap() };
    refused(Edit::Move { from: part, sheet: compact, to: Cell::new(40, 0) }, &mut editor);
    let whole = Area { sheet: compact, rect: "A1:D11".parse().unwrap() };
    editor.apply("move", &[Edit::Move { from: whole, sheet: SheetId(0), to: Cell::new(19, 2) }]).unwrap();
    calculate(&mut editor);
    assert_eq!(editor.workbook().sheets[0].pivots[0].area.to_string(), "C22:F30");
    // Formulas that do not name a cell of it, or more than was moved, stay behind.
    let stays = ["INDIRECT", "Compact!$A$2:$F$20"];
    check(editor.session(), FORMULAS, |formula| {
        stays.iter().any(|text| formula.contains(text)).then_some("#REF!")
    });
    editor.apply("delete", &[Edit::DeleteRows { sheet: SheetId(0), at: Row(15), count: 40 }]).unwrap();
    calculate(&mut editor);
    assert!(editor.workbook().sheets[0].pivots.is_empty());
    assert_eq!(shown(editor.session().value(FORMULAS, Cell::new(0, 0))), "#REF!");
}

#[test]
fn a_value_that_changes_in_a_pivot_table_reaches_its_readers() {
    let mut editor = with_formulas(&workbook(|_, xml| xml));
    let total = (Cell::new(10, 3), Content::Formula("=B11+C11+1000".into()));
    editor.apply("set", &[Edit::Set { sheet: SheetId(1), cells: vec![total] }]).unwrap();
    calculate(&mut editor);
    assert_eq!(shown(editor.session().value(FORMULAS, Cell::new(0, 0))), "1165");
    editor.session_mut().set(SheetId(1), Cell::new(10, 1), 50.0.into());
    calculate(&mut editor);
    assert_eq!(shown(editor.session().value(FORMULAS, Cell::new(0, 0))), "1175");
}

#[test]
fn a_pivot_table_that_cannot_be_read_costs_nothing_else() {
    let broken: [(&str, &str); 5] = [
        ("</pivotFields>", ""),
        ("<pivotTableDefinition", "<other"),
        ("<location ref=\"A3:D11\"", "<location ref=\"nowhere\""),
        (
            "<rowItems",
            "<rowItems><i r=\"99999999\" i=\"99999999\"><x v=\"99999999\"/></i></rowItems><rowItems",
        ),
        ("firstDataRow=\"2\"", "firstDataRow=\"4294967295\""),
    ];
    for (from, to) in broken {
        let bytes =
            workbook(|name, xml| if name.ends_with("pivotTable2.xml") { xml.replace(from, to) } else { xml });
        let editor = with_formulas(&bytes);
        assert_eq!(shown(editor.session().value(FORMULAS, Cell::new(0, 0))), "#REF!", "{to}");
        let others = (0..)
            .zip(formulas("formulas.tsv"))
            .find(|(_, (formula, _))| formula.contains("Values!"))
            .unwrap();
        assert_eq!(shown(editor.session().value(FORMULAS, Cell::new(others.0, 0))), "215");
    }
    let bytes = workbook(|name, xml| {
        if name.contains("pivotCacheDefinition1") { xml.replace("</cacheFields>", "") } else { xml }
    });
    let document = Document::open(&bytes, "x.xlsx", &Limits::default()).unwrap();
    let notes = document.report.notes.iter().filter(|note| note.message.contains("GETPIVOTDATA"));
    assert_eq!(notes.map(|note| note.place.as_str()).collect::<Vec<_>>(), ["Compact", "Values"]);
}
