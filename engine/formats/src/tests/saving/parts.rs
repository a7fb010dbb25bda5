//! What changed cells mean for other parts: tables, metadata, content types, the workbook.

use super::*;
use crate::patch::TableArea;
use rust_xlsxwriter as writer;
use values::CellError;
use workbook::ArrayKind;

const SHEET: &str = "xl/worksheets/sheet1.xml";
const BOOK: &str = "xl/workbook.xml";

fn spill(area: &str, text: &str, value: impl Into<Value>) -> Content {
    let array = Some((area.parse().unwrap(), ArrayKind::Dynamic));
    Content::Formula(NewFormula { text: text.into(), value: value.into(), array })
}

/// A workbook with most of what lies around cells.
fn rich() -> Vec<u8> {
    let mut book = writer::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..6 {
        sheet.write(row, 0, f64::from(row) + 1.0).unwrap();
        sheet.write_formula(row, 1, writer::Formula::new(format!("A{}*2", row + 1)).set_result("2")).unwrap();
    }
    let yes_no = writer::DataValidation::new().allow_list_strings(&["yes", "no"]).unwrap();
    sheet.add_data_validation(0, 2, 5, 2, &yes_no).unwrap();
    sheet.add_conditional_format(0, 0, 5, 0, &writer::ConditionalFormatDataBar::new()).unwrap();
    sheet.add_conditional_format(0, 1, 5, 1, &writer::ConditionalFormatTop::new()).unwrap();
    let mut chart = writer::Chart::new(writer::ChartType::Column);
    chart.add_series().set_values("Sheet1!$A$1:$A$6");
    sheet.insert_chart(8, 1, &chart).unwrap();
    // The smallest picture there is.
    let picture = [
        &b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"[..],
        &b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"[..],
    ]
    .concat();
    sheet.insert_image(20, 1, &writer::Image::new_from_buffer(&picture).unwrap()).unwrap();
    sheet.add_sparkline(0, 4, &writer::Sparkline::new().set_range(("Sheet1", 0, 0, 5, 0))).unwrap();
    sheet.merge_range(30, 0, 31, 1, "merged", &writer::Format::new()).unwrap();
    sheet.insert_note(0, 0, &writer::Note::new("a note")).unwrap();
    sheet.write_url(32, 0, "https://example.org").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn charts_pictures_rules_and_extensions_stay() {
    let original = rich();
    let changes = [(cell("A2"), constant(22.0)), (cell("B2"), result(44.0)), (cell("B9"), constant("new"))];
    let saved = saved(&original, &on_sheet(0, changes));
    assert_kept(&original, &saved.bytes, &[SHEET], &[], &[]);
    let (before, after) = (part(&original, SHEET), part(&saved.bytes, SHEET));
    let start = after.find("<sheetData>").unwrap();
    assert!(before.contains("x14:sparkline") && before.contains("x14:dataBar"));
    // In front of the rows only the size may differ, behind them nothing.
    let behind = |sheet: &str| sheet[sheet.find("</sheetData>").unwrap()..].to_owned();
    assert_eq!(behind(&before), behind(&after));
    assert_eq!(difference(&before[..start], &after[..start]), ("", ""));
    let loaded = load(&saved.bytes, "x.xlsx");
    assert!(loaded.workbook.sheets[0].grid.get(cell("B9")).same(&"new".into()));
    assert!(!saved.calculates_on_opening);
}

#[test]
fn a_changed_cell_is_all_that_differs() {
    let original = rich();
    let saved = saved(&original, &on_sheet(0, [(cell("A2"), constant(3.0))]));
    assert_eq!(difference(&part(&original, SHEET), &part(&saved.bytes, SHEET)), ("2", "3"));
}

#[test]
fn macros_stay() {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default \
        Extension=\"bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>";
    let original = xlsx(&["<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>"])
        .with("[Content_Types].xml", types)
        .with("xl/vbaProject.bin", [0xD0_u8, 0xCF, 0x11, 0xE0].repeat(500))
        .bytes();
    let saved = saved(&original, &on_sheet(0, [(cell("A1"), constant(2.0))]));
    assert_kept(&original, &saved.bytes, &[SHEET], &[], &[]);
}

#[test]
fn a_signature_that_no_longer_fits_is_said() {
    let original = xlsx(&["<sheetData/>"]).with("_xmlsignatures/sig1.xml", "<s/>").bytes();
    let saved = saved(&original, &on_sheet(0, [(cell("A1"), constant(2.0))]));
    assert_eq!(saved.notes.len(), 1);
    assert!(saved.notes[0].contains("signature"), "{:?}", saved.notes);
}

#[test]
fn the_calculation_chain_goes_with_its_relation_and_type() {
    let types = "<Types><Override PartName=\"/xl/CalcChain.xml\" ContentType=\"c\"/><Default Extension=\"xml\" \
        ContentType=\"x\"/></Types>";
    let relations = [("worksheet", "worksheets/sheet1.xml"), ("calcChain", "calcChain.xml")];
    let original = xlsx(&["<sheetData><row r=\"1\"><c r=\"A1\"><f>1</f><v>1</v></c></row></sheetData>"])
        .with("[Content_Types].xml", types)
        .with(
            "xl/_rels/workbook.xml.rels",
            relations_part(&relations.map(|(a, b)| (a.to_owned(), b.to_owned()))),
        )
        .with("xl/calcChain.xml", "<calcChain><c r=\"A1\"/></calcChain>")
        .bytes();
    let changed = saved(&original, &on_sheet(0, [(cell("A1"), constant(2.0))]));
    let parts = [SHEET, "[Content_Types].xml", BOOK, "xl/_rels/workbook.xml.rels"];
    assert_kept(&original, &changed.bytes, &parts, &["xl/calcChain.xml"], &[]);
    assert_eq!(
        part(&changed.bytes, "[Content_Types].xml"),
        "<Types><Default Extension=\"xml\" ContentType=\"x\"/></Types>"
    );
    assert!(!part(&changed.bytes, "xl/_rels/workbook.xml.rels").contains("calcChain"));
    let kept = saved(&original, &on_sheet(0, [(cell("A1"), result(2.0))]));
    assert_kept(&original, &kept.bytes, &[SHEET], &[], &[]);
    let stale = saved(&original, &Changes { stale: true, ..on_sheet(0, [(cell("A1"), result(2.0))]) });
    assert_kept(&original, &stale.bytes, &[SHEET, BOOK], &[], &[]);
}

#[test]
fn a_first_spilling_formula_brings_its_metadata() {
    let original = xlsx(&["<sheetData/>"])
        .with(
            "xl/_rels/workbook.xml.rels",
            relations_part(&[("worksheet".into(), "worksheets/sheet1.xml".into())]),
        )
        .bytes();
    let cells = [(cell("A1"), spill("A1:A2", "_xlfn.SEQUENCE(2)", 1.0)), (cell("A2"), result(2.0))];
    let saved = saved(&original, &on_sheet(0, cells));
    let parts = [SHEET, "[Content_Types].xml", BOOK, "xl/_rels/workbook.xml.rels"];
    assert_kept(&original, &saved.bytes, &parts, &[], &["xl/metadata.xml"]);
    assert!(part(&saved.bytes, "[Content_Types].xml").contains("<Override PartName=\"/xl/metadata.xml\" "));
    assert!(part(&saved.bytes, "xl/_rels/workbook.xml.rels").contains("Id=\"rId2\""));
    let loaded = load(&saved.bytes, "x.xlsx");
    check_cells(&loaded, &["A1:A2 dynamic {=_xlfn.SEQUENCE(2)} -> 1", "A2 2"]);
}

#[test]
fn a_second_spilling_formula_uses_the_metadata_that_is_there() {
    let mut book = writer::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_dynamic_array_formula(0, 0, 0, 0, "SORT(B1:B2)").unwrap();
    let original = book.save_to_buffer().unwrap();
    let saved = saved(&original, &on_sheet(0, [(cell("D1"), spill("D1:D2", "_xlfn.SEQUENCE(2)", 1.0))]));
    assert_kept(&original, &saved.bytes, &[SHEET], &[], &[]);
    assert!(part(&saved.bytes, SHEET).contains("<c r=\"D1\" cm=\"1\"><f t=\"array\" ref=\"D1:D2\">"));
}

#[test]
fn errors_that_the_file_knows_are_written_as_such() {
    let sheet = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"e\" vm=\"1\"><v>#VALUE!</v></c><c r=\"B1\"><f>A1</f></c></row></sheetData>";
    let metadata = "<metadata><metadataTypes><metadataType name=\"XLRICHVALUE\"/></metadataTypes><futureMetadata \
        name=\"XLRICHVALUE\"><bk><extLst><ext><rvb i=\"0\"/></ext></extLst></bk></futureMetadata><valueMetadata><bk>\
        <rc t=\"1\" v=\"0\"/></bk></valueMetadata></metadata>";
    let relations = [
        ("worksheet", "worksheets/sheet1.xml"),
        ("sheetMetadata", "metadata.xml"),
        ("rdRichValue", "rv.xml"),
        ("rdRichValueStructure", "rvs.xml"),
    ];
    let original = xlsx(&[sheet])
        .with("xl/metadata.xml", metadata)
        .with("xl/rvs.xml", "<rvStructures><s t=\"_error\"><k n=\"errorType\"/></s></rvStructures>")
        .with("xl/rv.xml", "<rvData><rv s=\"0\"><v>8</v></rv></rvData>")
        .with(
            "xl/_rels/workbook.xml.rels",
            relations_part(&relations.map(|(a, b)| (a.to_owned(), b.to_owned()))),
        )
        .bytes();
    let cells = [(cell("A1"), result(CellError::Spill)), (cell("B1"), result(CellError::Spill))];
    let saved = saved(&original, &on_sheet(0, cells));
    check_cells(&load(&saved.bytes, "x.xlsx"), &["A1 #SPILL!", "B1 =A1 -> #SPILL!"]);
    let new = part(&saved.bytes, SHEET);
    assert!(new.contains("<c r=\"A1\" t=\"e\" vm=\"1\"><v>#VALUE!</v></c>"), "{new}");
    assert!(!saved.calculates_on_opening && saved.notes.is_empty());
    let spilled = on_sheet(0, [(cell("D1"), spill("D1:D2", "_xlfn.SEQUENCE(2)", 1.0))]);
    let saved = super::saved(&original, &spilled);
    check_cells(
        &load(&saved.bytes, "x.xlsx"),
        &["A1 #SPILL!", "B1 =A1 -> ", "D1:D2 dynamic {=_xlfn.SEQUENCE(2)} -> 1"],
    );
}

#[test]
fn prefixes_and_the_strict_dialect_are_kept() {
    const STRICT: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    let sheet = format!(
        "<x:worksheet xmlns:x=\"{STRICT}\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    );
    let book = format!(
        "<x:workbook xmlns:x=\"{STRICT}\" xmlns:r=\"http://purl.oclc.org/ooxml/officeDocument/relationships\"><x:sheets>\
         <x:sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></x:sheets></x:workbook>"
    );
    let original = xlsx(&[""])
        .with(SHEET, sheet)
        .with(BOOK, book)
        .with(
            "xl/_rels/workbook.xml.rels",
            relations_part(&[("worksheet".into(), "worksheets/sheet1.xml".into())]),
        )
        .bytes();
    let cells = [
        (cell("A1"), constant("a")),
        (cell("B1"), spill("B1:B2", "_xlfn.SEQUENCE(2)", 1.0)),
        (cell("A3"), constant(3.0)),
    ];
    let saved = saved(&original, &on_sheet(0, cells));
    let new = part(&saved.bytes, SHEET);
    assert!(new.contains("<x:c r=\"A1\" t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c>"), "{new}");
    assert!(new.contains("<x:row r=\"3\"><x:c r=\"A3\"><x:v>3</x:v></x:c></x:row></x:sheetData>"), "{new}");
    assert!(part(&saved.bytes, BOOK).contains("</x:sheets><x:calcPr fullCalcOnLoad=\"1\"/></x:workbook>"));
    assert!(part(&saved.bytes, "xl/metadata.xml").contains(STRICT));
    assert!(
        part(&saved.bytes, "xl/_rels/workbook.xml.rels")
            .contains("purl.oclc.org/ooxml/officeDocument/relationships/sheetMetadata")
    );
}

/// A table in B2:D5 with headings and totals.
fn with_table() -> Vec<u8> {
    let mut book = writer::Workbook::new();
    let sheet = book.add_worksheet();
    let bold = writer::Format::new().set_bold();
    let table = writer::Table::new().set_name("Sales").set_total_row(true).set_columns(&[
        writer::TableColumn::new().set_header("Item"),
        writer::TableColumn::new().set_header("Price"),
        writer::TableColumn::new().set_header("Sum").set_total_function(writer::TableFunction::Sum),
    ]);
    sheet.write_with_format(3, 2, 5, &bold).unwrap();
    sheet.add_table(1, 1, 4, 3, &table).unwrap();
    book.save_to_buffer().unwrap()
}

const TABLE: &str = "xl/tables/table1.xml";

fn grown(area: &str) -> Vec<TableArea> {
    vec![TableArea { sheet: SheetId(0), name: "SALES".into(), area: area.parse().unwrap() }]
}

#[test]
fn a_table_grows_and_its_new_cells_look_as_those_above() {
    let original = with_table();
    let cells = [(cell("C5"), constant(7.0)), (cell("C6"), constant(8.0)), (cell("B5"), constant("x"))];
    let changes = Changes { tables: grown("B2:D7"), ..on_sheet(0, cells) };
    let saved = saved(&original, &changes);
    assert_kept(&original, &saved.bytes, &[SHEET, TABLE], &[], &[]);
    let table = part(&saved.bytes, TABLE);
    assert!(table.contains(" ref=\"B2:D7\"") && table.contains("<autoFilter ref=\"B2:D6\""), "{table}");
    let sheet = part(&saved.bytes, SHEET);
    let model = "<c r=\"C4\" s=\"1\">";
    assert!(sheet.contains(model) && sheet.contains("<c r=\"C6\" s=\"1\"><v>8</v></c>"), "{sheet}");
    let loaded = load(&saved.bytes, "x.xlsx");
    assert_eq!(loaded.workbook.table("Sales").unwrap().data().unwrap().to_string(), "B3:D6");
}

#[test]
fn a_heading_is_the_columns_name_too() {
    let original = with_table();
    let saved = saved(&original, &on_sheet(0, [(cell("C2"), constant("Net\nprice & \"more\""))]));
    assert_kept(&original, &saved.bytes, &[SHEET, TABLE], &[], &[]);
    assert!(part(&saved.bytes, TABLE).contains("name=\"Net_x000a_price &amp; &quot;more&quot;\""));
    let loaded = load(&saved.bytes, "x.xlsx");
    assert_eq!(loaded.workbook.table("Sales").unwrap().columns[1].name, "Net\nprice & \"more\"");
    for bad in [constant(5.0), constant(Value::Empty), constant("ITEM"), formula("1", 1.0)] {
        let error = refused(&original, &on_sheet(0, [(cell("C2"), bad)]));
        assert!(error.contains("heading in C2") || error.contains("heading in B2"), "{error}");
    }
}

#[test]
fn tables_grow_only_downwards_and_must_be_there() {
    for area in ["B1:D7", "B2:E7", "B2:D3"] {
        let error = refused(&with_table(), &Changes { tables: grown(area), ..Changes::default() });
        assert!(error.contains("the table Sales"), "{error}");
    }
    let mut tables = grown("B2:D9");
    tables[0].name = "Others".into();
    let error = refused(&with_table(), &Changes { tables, ..Changes::default() });
    assert!(error.contains("lacks a table"), "{error}");
}

#[test]
fn what_no_file_can_hold_is_refused() {
    let original = xlsx(&["<sheetData/>"]).bytes();
    let cases: [(Content, &str); 6] = [
        (constant("x".repeat(40_000)), "32767"),
        (formula("\"\u{1}\"", 1.0), "no file can hold"),
        (formula("", 1.0), "empty"),
        (spill("B1:B2", "1", 1.0), "does not begin there"),
        (constant(Value::Range(SheetId(0), values::Rect::cell(cell("A1")))), "cannot hold"),
        (formula("1", Value::Missing), ""),
    ];
    for (content, message) in cases {
        let changes = on_sheet(0, [(cell("A1"), content)]);
        if message.is_empty() {
            saved(&original, &changes);
        } else {
            let error = refused(&original, &changes);
            assert!(error.contains(message), "{error}");
        }
    }
    let error = refused(&original, &on_sheet(3, [(cell("A1"), constant(1.0))]));
    assert!(error.contains("no sheet number 4"), "{error}");
}

#[test]
fn rows_out_of_order_are_named() {
    for sheet in [
        "<sheetData><row r=\"2\"/><row r=\"1\"/></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"A2\"/></row></sheetData>",
    ] {
        let error = refused(&xlsx(&[sheet]).bytes(), &on_sheet(0, [(cell("C9"), constant(1.0))]));
        assert!(error.contains("not in order"), "{error}");
    }
}
