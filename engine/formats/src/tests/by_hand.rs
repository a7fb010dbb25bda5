//! Parts of .xlsx that no writer here makes, written by hand.

use super::support::*;
use values::{Cell, DateSystem};
use workbook::{ExternalName, Iteration, NameScope, ValidationKind, Visibility};

#[test]
fn every_kind_of_formula() {
    let sheet = r##"<sheetData>
        <row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c></row>
        <row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" ref="B2:B4" si="0">A2*$A$1+1</f><v>3</v></c></row>
        <row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>4</v></c></row>
        <row r="4"><c r="A4"><v>4</v></c><c r="B4"><f t="shared" si="0"></f><v>5</v></c>
          <c r="C4"><f t="shared" si="9"/><v>5</v></c></row>
        <row r="5"><c r="A5"><f t="array" ref="A5:A6">A1:A2*2</f><v>2</v></c></row>
        <row r="6"><c r="A6"><v>4</v></c></row>
        <row r="7"><c r="A7" cm="1"><f t="array" ref="A7:A9">_xlfn.SEQUENCE(3)</f><v>1</v></c></row>
        <row r="8"><c r="A8" t="str"><f>"a"&amp;"&lt;b"</f><v>a&lt;b</v></c><c r="B8" t="b"><f>A1=1</f><v>1</v></c>
          <c r="C8" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D8"><f>SUM(</f><v>5</v></c><c r="E8"><f ca="1"/><v>6</v></c></row>
        <row r="10"><c r="B10"><f t="dataTable" ref="B10:C11" dt2D="1" dtr="1" r1="A1" r2="A2"/><v>7</v></c></row>
        </sheetData>"##;
    let metadata = r#"<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xda="x">
        <metadataTypes count="1"><metadataType name="XLDAPR"/></metadataTypes>
        <futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="u">
        <xda:dynamicArrayProperties fDynamic="1"/></ext></extLst></bk></futureMetadata>
        <cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>"#;
    let loaded = load(&xlsx(&[sheet]).with("xl/metadata.xml", metadata).bytes(), "x.xlsx");
    check_cells(
        &loaded,
        &[
            "A1 1",
            "B1 =A1*2 -> 2",
            "A2 2",
            "B2 =A2*$A$1+1 -> 3",
            "A3 3",
            "B3 =A3*$A$1+1 -> 4",
            "A4 4",
            "B4 =A4*$A$1+1 -> 5",
            "C4 =#NAME? -> 5",
            "A5:A6 legacy {=A1:A2*2} -> 2",
            "A6 4",
            "A7:A9 dynamic {=_xlfn.SEQUENCE(3)} -> 1",
            "A8 =\"a\"&\"<b\" -> \"a<b\"",
            "B8 =A1=1 -> TRUE",
            "C8 =1/0 -> #DIV/0!",
            "D8 =#NAME? -> 5",
            "E8 6",
            "B10 7",
        ],
    );
    let sheet = &loaded.workbook.sheets[0];
    let table = &sheet.data_tables[0];
    assert_eq!(table.rect.to_string(), "B10:C11");
    assert!(table.two_dimensional && table.by_row);
    assert_eq!((table.first_input, table.second_input), (Some(Cell::new(0, 0)), Some(Cell::new(1, 0))));
    assert_eq!(sheet.formula(Cell::new(1, 1)), sheet.formula(Cell::new(3, 1)), "copies share a template");
    let notes = notes(&loaded);
    assert_eq!(notes.len(), 2, "{notes:#?}");
    assert!(notes[0].starts_with("Formula Sheet1!C4: ") && notes[1].starts_with("Formula Sheet1!D8: "));
}

#[test]
fn values_of_every_kind() {
    let sheet = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>9</v></c>
        <c r="D1" t="inlineStr"><is><r><t>in</t></r><r><t xml:space="preserve">line </t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>
        <c r="E1" t="d"><v>2024-01-31T12:00:00</v></c><c r="F1" t="b"><v>1</v></c><c r="G1"><v>1E-3</v></c>
        <c r="H1"><v>nan</v></c><c r="I1" t="e"><v>#SPILL!</v></c><c r="J1" t="e"><v>#WHAT!</v></c>
        <c r="K1" t="str"><v>a_x000D_b</v></c><c><v>12</v></c><c r="M1" t="s"/></row><row><c><v>2</v></c></row></sheetData>"#;
    let strings = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2">
        <si><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> plain</t></r></si>
        <si><t>漢字_x005F_</t><rPh sb="0" eb="2"><t>かんじ</t></rPh></si></sst>"#;
    let loaded = load(&xlsx(&[sheet]).with("xl/sharedStrings.xml", strings).bytes(), "x.xlsx");
    check_cells(
        &loaded,
        &[
            "A1 \"bold plain\"",
            "B1 \"漢字_\"",
            "D1 \"inline \"",
            "E1 45322.5",
            "F1 TRUE",
            "G1 0.001",
            "I1 #SPILL!",
            "J1 #UNKNOWN!",
            "K1 \"a\\rb\"",
            "L1 12",
            "A2 2",
        ],
    );
    assert_eq!(loaded.report.notes.len(), 3, "{:#?}", notes(&loaded));
}

#[test]
fn newer_errors_come_through_metadata() {
    let sheet = r#"<sheetData><row r="1"><c r="A1" t="e" vm="1"><v>#VALUE!</v></c><c r="B1" t="e" vm="2"><v>#VALUE!</v></c>
        <c r="C1" t="e"><v>#VALUE!</v></c><c r="D1" t="e" vm="7"><v>#VALUE!</v></c></row></sheetData>"#;
    let metadata = r#"<metadata xmlns="m" xmlns:xlrd="x"><metadataTypes><metadataType name="XLRICHVALUE"/></metadataTypes>
        <futureMetadata name="XLRICHVALUE"><bk><extLst><ext><xlrd:rvb i="0"/></ext></extLst></bk>
        <bk><extLst><ext><xlrd:rvb i="1"/></ext></extLst></bk></futureMetadata>
        <valueMetadata><bk><rc t="1" v="0"/></bk><bk><rc t="1" v="1"/></bk></valueMetadata></metadata>"#;
    let structures = r#"<rvStructures><s t="_error"><k n="errorType" t="i"/><k n="subType" t="i"/></s>
        <s t="_error"><k n="colOffset" t="i"/><k n="errorType" t="i"/></s></rvStructures>"#;
    let values = r#"<rvData><rv s="0"><v>13</v><v>3</v></rv><rv s="1"><v>0</v><v>8</v></rv></rvData>"#;
    let parts = xlsx(&[sheet])
        .with("xl/metadata.xml", metadata)
        .with("xl/richData/rdrichvaluestructure.xml", structures)
        .with("xl/richData/rdrichvalue.xml", values)
        .with(
            "xl/_rels/workbook.xml.rels",
            relations_part(
                &[
                    ("worksheet", "worksheets/sheet1.xml"),
                    ("sheetMetadata", "metadata.xml"),
                    ("rdRichValue", "richData/rdrichvalue.xml"),
                    ("rdRichValueStructure", "richData/rdrichvaluestructure.xml"),
                ]
                .map(|(kind, target)| (kind.to_owned(), target.to_owned())),
            ),
        );
    check_cells(&load(&parts.bytes(), "x.xlsx"), &["A1 #CALC!", "B1 #SPILL!", "C1 #VALUE!", "D1 #VALUE!"]);
}

#[test]
fn the_workbook_and_its_names() {
    let workbook = r#"<workbookPr date1904="1"/><sheets>
        <sheet name="Sheet1" sheetId="1" r:id="rId1"/><sheet name="It's" sheetId="2" state="veryHidden" r:id="rId2"/>
        <sheet name="Lost" sheetId="3" state="hidden" r:id="rId77"/></sheets>
        <definedNames><definedName name="rate">0.19</definedName>
        <definedName name="rate" localSheetId="1" hidden="1">'It''s'!$A$1</definedName>
        <definedName name="bad">SUM(</definedName></definedNames>
        <calcPr iterate="1" iterateCount="7" iterateDelta="0.5" fullPrecision="0"/>"#;
    let loaded = load(&xlsx_with(&["<sheetData/>", "<sheetData/>"], workbook).bytes(), "C:\\x\\y.xlsx");
    let workbook = &loaded.workbook;
    assert_eq!(workbook.date_system, DateSystem::V1904);
    assert_eq!(workbook.iteration, Some(Iteration { count: 7, delta: 0.5 }));
    assert!(workbook.precision_as_displayed);
    assert_eq!(workbook.file_name, "y.xlsx");
    let visibility: Vec<Visibility> = workbook.sheets.iter().map(|sheet| sheet.visibility).collect();
    assert_eq!(visibility, [Visibility::Visible, Visibility::VeryHidden, Visibility::Hidden]);
    let second = values::SheetId(1);
    assert_eq!(workbook.name("RATE", Some(second)).unwrap().source, "'It''s'!$A$1");
    assert!(workbook.name("rate", Some(second)).unwrap().hidden);
    assert_eq!(workbook.name("rate", None).unwrap().scope, NameScope::Workbook);
    assert!(workbook.name("bad", None).unwrap().formula.is_none());
    let notes = notes(&loaded);
    assert!(notes.iter().any(|note| note.starts_with("Formula bad: ")), "{notes:#?}");
    assert!(notes.iter().any(|note| note.starts_with("Broken Lost: ")), "{notes:#?}");
}

#[test]
fn both_dialects_with_any_prefix() {
    let strict = r#"<?xml version="1.0"?><x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>
        <x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>hi</x:t></x:is></x:c><x:c r="B1"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>
        </x:sheetData><x:mergeCells><x:mergeCell ref="A2:B2"/></x:mergeCells></x:worksheet>"#;
    let workbook = r#"<?xml version="1.0"?><w:workbook xmlns:w="http://purl.oclc.org/ooxml/spreadsheetml/main"
        xmlns:rel="http://purl.oclc.org/ooxml/officeDocument/relationships"><w:sheets>
        <w:sheet name="Sheet1" sheetId="1" rel:id="rId1"/></w:sheets></w:workbook>"#;
    let relations = r#"<Relationships><Relationship Id="rId1"
        Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>"#;
    let parts = xlsx(&[""])
        .with("xl/worksheets/sheet1.xml", strict)
        .with("xl/workbook.xml", workbook)
        .with("xl/_rels/workbook.xml.rels", relations);
    let loaded = load(&parts.bytes(), "x.xlsx");
    check_cells(&loaded, &["A1 \"hi\"", "B1 =1+1 -> 2"]);
    assert_eq!(loaded.workbook.sheets[0].merged[0].to_string(), "A2:B2");
}

/// Cells as usual are read quickly, others in general; neither may show, wherever one follows the other.
#[test]
fn what_is_unusual_may_stand_anywhere() {
    let sheet = r#"<sheetData>~<row r="2">~<c r="B2"><v>1</v></c>~<c><f>B2+1</f><v>2</v></c>~</row>~<row/>~
        <row hidden="1">~<c t="str">~<v>a&amp;b</v>~</c><c r="D4" t="b"><f>~B2&lt;2~</f><v>1</v></c>~</row>
        <row r="9">~</row>~<row><c><v>~10~</v></c>~</row>~</sheetData>"#;
    let cells = ["B2 1", "C2 =B2+1 -> 2", "A4 \"a&b\"", "D4 =B2<2 -> TRUE", "A10 10"];
    let places = sheet.matches('~').count();
    for unusual in ["<!-- -->", "<?x y?>", "\n"] {
        for place in 0..=places {
            let mut at = 0;
            let text: String = sheet
                .split_inclusive('~')
                .map(|piece| {
                    at += 1;
                    piece.replace('~', if at == place || place == 0 { unusual } else { "" })
                })
                .collect();
            // A line break within a text belongs to it.
            if unusual == "\n" && text.contains("\nB2") | text.contains("2\n<") | text.contains("\n10") {
                continue;
            }
            let loaded = load(&xlsx(&[&text]).bytes(), "x.xlsx");
            check_cells(&loaded, &cells);
            assert!(!loaded.workbook.sheets[0].row_visible(values::Row(3)), "{text}");
        }
    }
}

#[test]
fn what_surrounds_the_cells() {
    let sheet = r#"<sheetViews><sheetView><pane xSplit="1" ySplit="2" state="frozen"/></sheetView></sheetViews>
        <sheetFormatPr defaultColWidth="10.5"/><cols><col min="2" max="3" width="20" hidden="1"/>
        <col min="3" max="16384" width="99"/><col min="5" max="5" width="5"/></cols>
        <sheetData><row r="3" hidden="1"/><row r="4" outlineLevel="2"/></sheetData><sheetProtection sheet="1"/>
        <autoFilter ref="A1:B5"/><customSheetViews><customSheetView><pane xSplit="9" state="frozen"/>
        <autoFilter ref="C1:D5"/></customSheetView></customSheetViews>
        <conditionalFormatting sqref="A1"><cfRule type="cellIs" priority="1"/><cfRule type="top10" priority="2"/></conditionalFormatting>
        <hyperlinks><hyperlink ref="A1" location="Sheet1!B2"/></hyperlinks>"#;
    let loaded = load(&xlsx(&[sheet]).bytes(), "x.xlsx");
    let sheet = &loaded.workbook.sheets[0];
    assert_eq!(sheet.frozen, (2, 1));
    assert_eq!(sheet.filter.unwrap().to_string(), "A1:B5");
    assert!(!sheet.filtered, "a filter that leaves nothing out");
    assert_eq!(sheet.default_width, 10.5);
    assert_eq!(sheet.column_widths.len(), 3, "columns that overlap are left out");
    assert!(!sheet.column_visible(values::Col(1)) && sheet.column_visible(values::Col(4)));
    assert!(!sheet.row_visible(values::Row(2)) && sheet.rows.get(values::Row(3)).unwrap().outline == 2);
    assert!(sheet.protected);
    assert_eq!(sheet.hyperlinks[0].location.as_deref(), Some("Sheet1!B2"));
    assert_eq!(notes(&loaded), ["NotShown Sheet1: 2 conditional formats are not applied."]);
}

#[test]
fn filters_that_leave_rows_out() {
    let column = |inside: &str| {
        format!(
            "<sheetData/><autoFilter ref=\"A1:B5\"><filterColumn colId=\"1\">{inside}</filterColumn></autoFilter>"
        )
    };
    let filtered = |sheet: &str| load(&xlsx(&[sheet]).bytes(), "x.xlsx").workbook.sheets[0].filtered;
    assert!(filtered(&column("<filters><filter val=\"A\"/></filters>")));
    assert!(filtered(&column("<customFilters><customFilter val=\"1\"/></customFilters>")));
    assert!(filtered("<sheetPr filterMode=\"1\"/><sheetData/>"));
    assert!(!filtered(&column("")));
}

#[test]
fn validations_of_the_extension() {
    let sheet = r#"<sheetData/><extLst><ext xmlns:x14="a" xmlns:xm="b"><x14:dataValidations>
        <x14:dataValidation type="list" allowBlank="1" showInputMessage="1"><x14:formula1><xm:f>Sheet2!$A$1:$A$3</xm:f></x14:formula1>
        <xm:sqref>B2:B4 D1</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"#;
    let loaded = load(&xlsx(&[sheet, "<sheetData/>"]).bytes(), "x.xlsx");
    let validation = &loaded.workbook.sheets[0].validations[0];
    assert_eq!(validation.kind, ValidationKind::List);
    assert_eq!(validation.areas.len(), 2);
    assert_eq!(validation.host, Cell::new(0, 3));
    let first = formula::print(
        validation.first.as_ref().unwrap(),
        validation.host,
        &loaded.workbook,
        formula::Style::File,
    );
    assert_eq!(first, "Sheet2!$A$1:$A$3");
}

#[test]
fn other_workbooks_are_remembered() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><f>[1]Prices!A1*2</f><v>8</v></c></row></sheetData>"#;
    let workbook = r#"<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>
        <externalReferences><externalReference r:id="rId2"/></externalReferences>"#;
    let link = r##"<externalLink xmlns:r="r"><externalBook r:id="rId1"><sheetNames><sheetName val="Prices"/></sheetNames>
        <definedNames><definedName name="rate" refersTo="='Prices'!$A$1"/><definedName name="all" refersTo="=Prices!$A:$B" sheetId="0"/>
        <definedName name="gone" refersTo="#REF!"/><definedName name="fixed" refersTo="=5"/></definedNames>
        <sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>4</v></cell><cell r="B1" t="str"><v>x</v></cell></row>
        </sheetData></sheetDataSet></externalBook></externalLink>"##;
    let own = r#"<Relationships><Relationship Id="rId1" Type="t/externalLinkPath" Target="prices.xlsx" TargetMode="External"/></Relationships>"#;
    let relations =
        [("worksheet", "worksheets/sheet1.xml"), ("externalLink", "externalLinks/externalLink1.xml")];
    let parts = xlsx_with(&[sheet], workbook)
        .with("xl/_rels/workbook.xml.rels", relations_part(&relations.map(|(a, b)| (a.into(), b.into()))))
        .with("xl/externalLinks/externalLink1.xml", link)
        .with("xl/externalLinks/_rels/externalLink1.xml.rels", own);
    let loaded = load(&parts.bytes(), "x.xlsx");
    let book = &loaded.workbook.external_books[0];
    assert_eq!(book.target, "prices.xlsx");
    assert_eq!(show(book.sheets[0].1.get(Cell::new(0, 0))), "4");
    let name = |name: &ExternalName| {
        format!("{:?} {} {}!{}", name.scope.as_deref(), name.name, name.sheet, name.cells)
    };
    let names: Vec<String> = book.names.iter().map(name).collect();
    assert_eq!(names, ["None rate Prices!A1", "Some(\"Prices\") all Prices!A:B"]);
    check_cells(&loaded, &["A1 =[1]Prices!A1*2 -> 8"]);
    assert!(notes(&loaded)[0].contains("prices.xlsx"));
}

#[test]
fn features_are_said_once_with_their_number() {
    let drawing = [
        ("chart".to_owned(), "../charts/chart1.xml".to_owned()),
        ("chart".into(), "../charts/chart2.xml".into()),
    ];
    let parts = xlsx(&[r#"<sheetData/><drawing r:id="rId1"/>"#])
        .with(
            "xl/worksheets/_rels/sheet1.xml.rels",
            relations_part(&[("drawing".into(), "../drawings/drawing1.xml".into())]),
        )
        .with("xl/drawings/drawing1.xml", "<wsDr/>")
        .with("xl/drawings/_rels/drawing1.xml.rels", relations_part(&drawing))
        .with("xl/vbaProject.bin", "x")
        .with("xl/connections.xml", "<connections/>")
        .with("xl/pivotTables/pivotTable1.xml", "<p/>")
        .with("xl/pivotTables/pivotTable2.xml", "<p/>");
    assert_eq!(
        notes(&load(&parts.bytes(), "x.xlsm")),
        [
            "Macros : The file contains macros. Playsheet never runs macros.",
            "Connection : The file has connections to other data. They are never opened.",
            "NotShown : 2 pivot tables are kept with the values of the last save.",
            "NotShown Sheet1: 2 charts are not shown.",
        ],
    );
}

#[test]
fn sheets_without_cells_say_what_they_are() {
    let kinds = ["chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet", "worksheet"];
    let listed: String = (1..=kinds.len() + 1)
        .map(|i| format!("<sheet name=\"S{i}\" sheetId=\"{i}\" state=\"veryHidden\" r:id=\"rId{i}\"/>"))
        .collect();
    let relations: Vec<(String, String)> =
        kinds.iter().map(|kind| ((*kind).to_owned(), format!("sheets/{kind}.xml"))).collect();
    let parts = xlsx_with(&[], &format!("<sheets>{listed}</sheets>"))
        .with("xl/_rels/workbook.xml.rels", relations_part(&relations))
        .with("xl/sheets/dialogsheet.xml", "<dialogsheet/>")
        .with("xl/sheets/xlMacrosheet.xml", "<macrosheet/>");
    let loaded = load(&parts.bytes(), "x.xlsx");
    assert!(loaded.workbook.sheets.iter().all(|sheet| sheet.visibility == Visibility::VeryHidden));
    assert_eq!(
        notes(&loaded),
        [
            "NotShown S1: This sheet is a chart; it holds no cells.",
            "NotShown S2: This sheet is a dialog; it holds no cells.",
            "Macros : The file contains macros. Playsheet never runs macros.",
            "NotShown S3: This sheet is a macro sheet; its cells are not read.",
            "NotShown S4: This sheet is a macro sheet; its cells are not read.",
            "Broken S5: The file lists this sheet but does not contain it.",
            "Broken S6: The file lists this sheet but does not contain it.",
        ]
    );
}
