//! Files that must be refused, each with a sentence that says what it is.

use super::support::*;
use crate::xls::compound;
use crate::{FileFormat, Limits, LoadError, open};

#[track_caller]
fn says(bytes: &[u8], name: &str, expected: &str) {
    let error = error(bytes, name).to_string();
    assert!(error.contains(expected), "{name}: {error}");
}

#[test]
fn what_is_no_spreadsheet_is_named() {
    for (bytes, name, what) in [
        (&b""[..], "x.xlsx", "an empty file"),
        (b"%PDF-1.7 ...", "x.xlsx", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n....", "x.xlsx", "a PNG picture"),
        (b"\xFF\xD8\xFF\xE0....", "x.xls", "a JPEG picture"),
        (b"GIF89a", "x.xls", "a GIF picture"),
        (b"{\\rtf1}", "x.xls", "a rich-text document"),
        (b"\x7FELF....", "x", "a program"),
        (b"\x1F\x8B....", "x", "a compressed file"),
        (b"<!DOCTYPE html><html>", "x.xls", "a web page"),
        (b"<html><table>", "x.csv", "a web page"),
        (b"{\"a\": 1}", "x.xlsx", "a JSON document"),
        (b"just words", "x.xlsx", "a text document"),
        (b"\x00\x01\x02\x03", "x.abc", "no readable .abc file"),
        (b"\x00\x01\x02\x03", "x", "a file of an unknown kind"),
        (b"<office:document xmlns:office=\"x\">", "x.fods", "an OpenDocument file of another kind"),
        (b"<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", "x.xml", "Excel 2003"),
        (b"\x09\x00\x04\x00\x00\x00\x10\x00", "x.xls", "Excel 4 or older"),
    ] {
        says(bytes, name, what);
    }
    says(&Parts::new().with("a.txt", "a").bytes(), "x.xlsx", "a zip archive");
    let office = |part: &str| Parts::new().with("[Content_Types].xml", "<Types/>").with(part, "x").bytes();
    says(&office("word/document.xml"), "x.xlsx", "a Word document");
    says(&office("ppt/presentation.xml"), "x.xlsx", "a presentation");
    says(&office("xl/other.xml"), "x.xlsx", "no workbook part");
    let text = ods("").with("mimetype", "application/vnd.oasis.opendocument.text").bytes();
    says(&text, "x.ods", "an OpenDocument text document");
    says(&compound::build(&[("WordDocument", b"x")]), "x.doc", "a Word document");
    says(&compound::build(&[("Other", b"x")]), "x.xls", "an old Office document");
}

#[test]
fn names_do_not_decide_what_a_file_is() {
    let bytes = xlsx(&["<sheetData/>"]).bytes();
    assert_eq!(load(&bytes, "x.csv").report.format, FileFormat::Xlsx);
    assert_eq!(load(&bytes, "x.ods").report.format, FileFormat::Xlsx);
}

#[test]
fn encrypted_files_are_told() {
    let cfb = compound::build(&[("EncryptionInfo", b"x"), ("EncryptedPackage", b"x")]);
    assert!(matches!(error(&cfb, "x.xlsx"), LoadError::Encrypted));
    let bof = biff8(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    let stream = [bof, biff8(0x2f, &[1, 0, 1, 0]), biff8(0x0a, &[])].concat();
    assert!(matches!(error(&compound::build(&[("Workbook", &stream)]), "x.xls"), LoadError::Encrypted));
    let manifest = "<manifest:manifest xmlns:manifest=\"m\"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let parts = ods("").with("META-INF/manifest.xml", manifest);
    assert!(matches!(error(&parts.bytes(), "x.ods"), LoadError::Encrypted));
}

#[test]
fn files_cut_anywhere_are_refused() {
    let bytes = xlsx(&[r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#]).bytes();
    for end in (1..bytes.len()).step_by(7) {
        assert!(open(&bytes[..end], "x.xlsx", &Limits::default()).is_err(), "{end}");
    }
    says(&bytes[..bytes.len() / 2], "x.xlsx", "damaged");
}

#[test]
fn parts_that_end_in_the_middle_are_refused() {
    let whole = xlsx(&[r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#]);
    for name in ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"] {
        let part = whole.parts.iter().find(|(known, _)| known == name).unwrap().1.clone();
        let cut = part[..part.iter().rposition(|byte| *byte == b'<').unwrap()].to_vec();
        says(&whole.clone().with(name, cut).bytes(), name, "ends in the middle");
    }
}

#[test]
fn bombs_are_not_unpacked() {
    let blank = |bytes: usize| vec![b' '; bytes];
    // By ratio: a thousand times as large as packed.
    says(&xlsx(&["<sheetData/>"]).with("xl/media/x.bin", blank(4 << 20)).bytes(), "x.xlsx", "refused");
    let tight = Limits { unpacked_bytes: 1 << 20, ratio: u64::MAX, ..Limits::default() };
    let bytes = xlsx(&["<sheetData/>"]).with("xl/media/x.bin", blank(2 << 20)).bytes();
    assert!(matches!(open(&bytes, "x.xlsx", &tight), Err(LoadError::TooLarge { .. })));
    let many = (0..2_100).fold(xlsx(&["<sheetData/>"]), |parts, i| parts.with(&format!("xl/{i}"), "x"));
    says(&many.bytes(), "x.xlsx", "the number of its parts");
    says(&vec![b'a'; (25 << 20) + 1], "x.csv", "the file");
}

#[test]
fn a_part_that_claims_to_be_small_is_counted() {
    let sheet = format!("<sheetData>{}</sheetData>", " ".repeat(1 << 20));
    let mut bytes = xlsx(&[&sheet]).bytes();
    // The size stands in the local head and in the directory.
    let size = (bytes_of(&sheet) as u32).to_le_bytes();
    let places: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, w)| *w == size).map(|(place, _)| place).collect();
    assert_eq!(places.len(), 2, "the head and the directory");
    for place in places {
        bytes[place..place + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    assert!(open(&bytes, "x.xlsx", &Limits::default()).is_err());
}

/// How large the part of a sheet with this content is.
fn bytes_of(sheet: &str) -> usize {
    xlsx(&[sheet]).parts.iter().find(|(name, _)| name == "xl/worksheets/sheet1.xml").unwrap().1.len()
}

#[test]
fn hostile_xml_is_refused() {
    let deep = format!("<sheetData/>{}{}", "<a>".repeat(500_000), "</a>".repeat(500_000));
    says(&xlsx(&[&deep]).bytes(), "x.xlsx", "refused");
    let deep = format!("<sheetData/>{}{}", "<a>".repeat(70), "</a>".repeat(70));
    says(&xlsx(&[&deep]).bytes(), "x.xlsx", "nested more than 64 deep");
    let doctype = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>"#;
    says(&xlsx(&[""]).with("xl/worksheets/sheet1.xml", doctype).bytes(), "x.xlsx", "document type");
    let entity = r#"<sheetData><row><c t="str"><v>&a;</v></c></row></sheetData>"#;
    says(&xlsx(&[entity]).bytes(), "x.xlsx", "unknown entity");
    let doctype = "<!DOCTYPE x><office:document-content/>";
    says(&ods("").with("content.xml", doctype).bytes(), "x.ods", "document type");
}

#[test]
fn cells_outside_of_the_sheet_are_refused() {
    for address in ["XFE1", "A1048577", "A0", "ZZZZ1", "1A", ""] {
        let sheet = format!(r#"<sheetData><row><c r="{address}"><v>1</v></c></row></sheetData>"#);
        says(&xlsx(&[&sheet]).bytes(), "x.xlsx", "which no sheet has");
    }
    says(&xlsx(&[r#"<sheetData><row r="1048577"/></sheetData>"#]).bytes(), "x.xlsx", "that no sheet has");
}

#[test]
fn far_corners_cost_what_they_hold() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row>
        <row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>"#;
    let loaded = open(&xlsx(&[sheet]).bytes(), "x.xlsx", &Limits::upload()).unwrap();
    check_cells(&loaded, &["A1 1", "XFD1048576 2"]);
    let sheets = vec![sheet; 100];
    says(&xlsx(&sheets).bytes(), "x.xlsx", "the number of its cells");
}

#[test]
fn ods_rectangles_are_refused_before_they_are_laid_out() {
    let cell = |repeated: &str| {
        format!(r#"<table:table-cell {repeated} office:value-type="float" office:value="1"/>"#)
    };
    let table =
        |content: &str| ods(&format!(r#"<table:table table:name="a">{content}</table:table>"#)).bytes();
    let corner = format!(
        r#"<table:table-row>{one}</table:table-row><table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>
           <table:table-row><table:table-cell table:number-columns-repeated="16383"/>{one}</table:table-row>"#,
        one = cell("")
    )
    .replace("\n           ", "");
    says(&table(&corner), "x.ods", "the number of its cells");
    let repeated = format!(
        r#"<table:table-row table:number-rows-repeated="1000000">{}</table:table-row>"#,
        cell(r#"table:number-columns-repeated="16000""#)
    );
    says(&table(&repeated), "x.ods", "the number of its cells");
    let blanks = r#"<table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s text:c="4000000000"/></text:p></table:table-cell></table:table-row>"#;
    says(&table(blanks), "x.ods", "a text of a cell");
    let text = "x".repeat(30_000);
    let copies = format!(
        r#"<table:table-row table:number-rows-repeated="100000"><table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell></table:table-row>"#
    );
    says(&table(&copies), "x.ods", "the number of its cells");
}

#[test]
fn arrays_that_fill_more_than_a_workbook_may_hold_are_refused() {
    const WHAT: &str = "the number of cells that its array formulas fill";
    let sheet = |formulas: &str| xlsx(&[&format!("<sheetData><row>{formulas}</row></sheetData>")]).bytes();
    let array = |at: &str, end: &str| format!(r#"<c r="{at}1"><f t="array" ref="{at}1:{end}">1</f></c>"#);
    says(&sheet(&array("A", "XFD1048576")), "x.xlsx", WHAT);
    let table = r#"<c r="B1"><f t="dataTable" ref="B1:XFD1048576" dt2D="1" r1="A1" r2="A2"/></c>"#;
    says(&sheet(table), "x.xlsx", WHAT);
    let columns =
        |names: &[&str]| names.iter().map(|at| array(at, &format!("{at}1048576"))).collect::<String>();
    load(&sheet(&columns(&["A", "B", "C"])), "x.xlsx");
    says(&sheet(&columns(&["A", "B", "C", "D", "E", "F"])), "x.xlsx", WHAT);
}

#[test]
fn texts_and_formulas_have_a_length() {
    let cell = |text: &str| {
        format!(r#"<sheetData><row><c t="inlineStr"><is><t>{text}</t></is></c></row></sheetData>"#)
    };
    load(&xlsx(&[&cell(&"ä".repeat(32_767))]).bytes(), "x.xlsx");
    says(&xlsx(&[&cell(&"a".repeat(32_768))]).bytes(), "x.xlsx", "a text of a cell");
    let loose = Limits { ratio: u64::MAX, ..Limits::default() };
    let huge = xlsx(&[&cell(&"a".repeat(8 << 20))]).bytes();
    assert!(matches!(
        open(&huge, "x.xlsx", &loose),
        Err(LoadError::TooLarge { what: "a text of a cell", .. })
    ));
    let strings = format!("<sst><si><t>{}</t></si></sst>", "a&amp;".repeat(20_000));
    says(
        &xlsx(&["<sheetData/>"]).with("xl/sharedStrings.xml", strings).bytes(),
        "x.xlsx",
        "a text of a cell",
    );
    let formula = |count: usize| {
        format!("<sheetData><row><c><f>1{}</f><v>7</v></c></row></sheetData>", "+1".repeat(count))
    };
    for count in [4_100, 100_000] {
        let loaded = load(&xlsx(&[&formula(count)]).bytes(), "x.xlsx");
        check_cells(&loaded, &["A1 =#NAME? -> 7"]);
        assert!(notes(&loaded)[0].contains("longer than"), "{:?}", notes(&loaded));
    }
    assert!(notes(&load(&xlsx(&[&formula(4_000)]).bytes(), "x.xlsx")).is_empty());
}

#[test]
fn missing_parts_are_told() {
    let whole = xlsx(&["<sheetData/>", "<sheetData/>"]);
    says(&whole.clone().without("xl/workbook.xml").bytes(), "x.xlsx", "no workbook part");
    let loaded = load(&whole.clone().without("xl/worksheets/sheet2.xml").bytes(), "x.xlsx");
    assert!(notes(&loaded)[0].starts_with("Broken Sheet2: "), "{:?}", notes(&loaded));
    says(
        &whole.without("xl/_rels/workbook.xml.rels").with("xl/workbook.xml", "<workbook/>").bytes(),
        "x.xlsx",
        "no sheets",
    );
    says(&ods("").without("content.xml").bytes(), "x.ods", "no content");
    says(&ods("").without("META-INF/manifest.xml").bytes(), "x.ods", "no list of its parts");
    says(&ods("").bytes(), "x.ods", "no sheets");
    says(&compound::build(&[("Workbook", b"xx")]), "x.xls", "does not begin as one");
}

#[test]
fn too_many_sheets_strings_and_styles_are_refused() {
    let strings = "<sst><si><t>a</t></si><si><t>b</t></si></sst>";
    let bytes = xlsx(&["<sheetData/>", "<sheetData/>"]).with("xl/sharedStrings.xml", strings).bytes();
    let too_large = |limits: Limits, wanted: &str| {
        let error = open(&bytes, "x.xlsx", &limits).map(drop).unwrap_err();
        assert!(matches!(error, LoadError::TooLarge { what, .. } if what == wanted), "{error}");
    };
    too_large(Limits { sheets: 1, ..Limits::default() }, "the number of its sheets");
    too_large(Limits { strings: 1, ..Limits::default() }, "the number of its texts");
    let many: String = (0..65_537).map(|_| "<xf/>").collect();
    let styles = format!("<styleSheet><cellXfs>{many}</cellXfs></styleSheet>");
    says(&xlsx(&["<sheetData/>"]).with("xl/styles.xml", styles).bytes(), "x.xlsx", "cell styles");
}
