//! Workbooks that have one thing each which might be lost.

use crate::support::{edited, with_parts, with_related};
use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatDataBar, DataValidation, DataValidationRule, Formula, Note, Sparkline,
    Table, TableColumn, Workbook, Worksheet,
};

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The bytes of a fixture.
pub fn fixture(name: &str) -> Vec<u8> {
    let plain = || made(|_, _| {});
    match name {
        "plain" => plain(),
        "spill" => made(|data, _| {
            data.write_dynamic_formula(0, 2, Formula::new("=SORT(A1:A3)").set_result("1")).unwrap();
        }),
        "legacy-array" => made(|data, _| {
            data.write_array_formula(0, 2, 2, 2, Formula::new("=A1:A3*2").set_result("2")).unwrap();
        }),
        "data-table" => {
            let table = "<f t=\"dataTable\" ref=\"B2:B3\" dt2D=\"0\" dtr=\"0\" r1=\"A1\"/><v>4</v>";
            edited(&plain(), SHEET, "<f>A2*2</f><v>4</v>", table)
        }
        "external" => edited(&plain(), SHEET, "<f>A1*2</f>", "<f>[1]Prices!A1*2</f>"),
        "external-name" => {
            let named = edited(&plain(), SHEET, "<f>A1*2</f>", "<f>A1*Rates</f>");
            edited(
                &named,
                "xl/workbook.xml",
                "</sheets>",
                "</sheets><definedNames><definedName name=\"Rates\">[1]Prices!$A$1</definedName></definedNames>",
            )
        }
        "new-error" => edited(
            &plain(),
            SHEET,
            "<c r=\"B1\"><f>A1*2</f><v>2</v>",
            "<c r=\"B1\" t=\"e\"><f>A1*2</f><v>#CALC!</v>",
        ),
        "macros" => with_related(&plain(), "xl/vbaProject.bin", "vbaProject", "not really macros"),
        "pivot" => pivot(&plain()),
        "data-types" => with_related(&plain(), "xl/richData/rdrichvalue.xml", "rdRichValue", "<rvData/>"),
        "sparklines" => made(|data, _| {
            data.add_sparkline(4, 4, &Sparkline::new().set_range(("Data", 0, 0, 2, 0))).unwrap();
        }),
        "new-data-bar" => made(|data, _| {
            data.add_conditional_format(0, 0, 2, 0, &ConditionalFormatDataBar::new()).unwrap();
        }),
        "scenario" => edited(
            &plain(),
            SHEET,
            "<pageMargins",
            "<scenarios><scenario name=\"Best\" count=\"1\"><inputCells r=\"A1\" val=\"9\"/></scenario></scenarios><pageMargins",
        ),
        "own-view" => made(|_, sums| {
            sums.set_right_to_left(true);
        }),
        "unknown-part" => with_related(&plain(), "xl/tomorrow.xml", "somethingOfTomorrow", "<new/>"),
        "unknown-element" => edited(&plain(), SHEET, "<pageMargins", "<somethingOfTomorrow/><pageMargins"),
        "connection" => with_related(&plain(), "xl/connections.xml", "connections", "<connections/>"),
        "validations" => made(validations),
        "names" => names(),
        "table" => made(table),
        "notes" => made(|data, _| {
            data.insert_note(0, 0, &Note::new("Ask Mia & Tom <first>")).unwrap();
        }),
        "settings" => edited(
            &plain(),
            "xl/workbook.xml",
            "<calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/>",
            "<calcPr calcId=\"1\" iterate=\"1\" iterateCount=\"7\" iterateDelta=\"0.5\" fullPrecision=\"0\"/>",
        ),
        "shared" => {
            let master =
                edited(&plain(), SHEET, "<f>A1*2</f>", "<f t=\"shared\" ref=\"B1:B3\" si=\"0\">A1*2</f>");
            let second = edited(&master, SHEET, "<f>A2*2</f>", "<f t=\"shared\" si=\"0\"/>");
            edited(&second, SHEET, "<f>A3*2</f>", "<f t=\"shared\" si=\"0\"/>")
        }
        "chart" => made(|data, _| {
            let mut chart = Chart::new(ChartType::Column);
            chart.add_series().set_values(("Data", 0, 0, 2, 0)).set_name("Numbers");
            chart.title().set_name("Some numbers");
            data.insert_chart(5, 5, &chart).unwrap();
        }),
        "odd-text" => made(|data, _| {
            for (row, text) in
                ["  blanks  ", "two\nlines", "a < b & \"c\"", "_x000D_", "ünï©ode 🦀", "'"].iter().enumerate()
            {
                data.write_string(row as u32 + 10, 0, *text).unwrap();
            }
        }),
        other => panic!("no fixture {other}"),
    }
}

/// Two sheets: numbers with formulas beside them, and sums of them on a sheet whose name needs quotes.
fn made(more: impl Fn(&mut Worksheet, &mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let mut data = Worksheet::new();
    data.set_name("Data").unwrap();
    for row in 0..3_u32 {
        let number = f64::from(row + 1);
        data.write_number(row, 0, number).unwrap();
        let formula = Formula::new(format!("=A{}*2", row + 1)).set_result((number * 2.0).to_string());
        data.write_formula(row, 1, formula).unwrap();
    }
    let mut sums = Worksheet::new();
    sums.set_name("Sums").unwrap();
    sums.write_formula(0, 0, Formula::new("=SUM(Data!B1:B3)").set_result("12")).unwrap();
    more(&mut data, &mut sums);
    workbook.push_worksheet(data);
    workbook.push_worksheet(sums);
    workbook.save_to_buffer().unwrap()
}

fn validations(data: &mut Worksheet, _: &mut Worksheet) {
    let between = DataValidation::new()
        .allow_whole_number(DataValidationRule::Between(1, 10))
        .set_error_title("Too much & too little")
        .unwrap()
        .set_error_message("From 1 to 10 <only>.")
        .unwrap();
    data.add_data_validation(0, 0, 2, 0, &between).unwrap();
    let list = DataValidation::new().allow_list_strings(&["red", "green & blue"]).unwrap();
    data.add_data_validation(0, 3, 0, 3, &list).unwrap();
    let custom = DataValidation::new().allow_custom(Formula::new("=LEN(E1)>3")).ignore_blank(false);
    data.add_data_validation(0, 4, 4, 4, &custom).unwrap();
}

fn table(data: &mut Worksheet, _: &mut Worksheet) {
    for (col, header) in ["Item", "Price & tax", "Twice"].iter().enumerate() {
        data.write_string(10, col as u16 + 4, *header).unwrap();
    }
    for row in 0..2_u32 {
        data.write_string(11 + row, 4, format!("item {row}")).unwrap();
        data.write_number(11 + row, 5, f64::from(row)).unwrap();
    }
    let columns = [
        TableColumn::new().set_header("Item"),
        TableColumn::new().set_header("Price & tax"),
        TableColumn::new().set_header("Twice").set_formula("=[@[Price & tax]]*2"),
    ];
    let table = Table::new().set_name("Prices").set_columns(&columns).set_first_column(true);
    data.add_table(10, 4, 12, 6, &table).unwrap();
    // The writer stores formulas of a table without results.
    for row in 0..2_u32 {
        let formula = Formula::new("=Prices[[#This Row],[Price & tax]]*2").set_result((row * 2).to_string());
        data.write_formula(11 + row, 6, formula).unwrap();
    }
}

fn names() -> Vec<u8> {
    let names = [
        "<definedName name=\"Greeting\">\"Hello, you\"</definedName>",
        "<definedName name=\"Factor\" comment=\"of all\">2.5</definedName>",
        "<definedName name=\"Numbers\">Data!$A$1:$A$3</definedName>",
        "<definedName name=\"Numbers\" localSheetId=\"1\" hidden=\"1\">Sums!$A$1</definedName>",
        "<definedName name=\"Both\">Data!$A$1,Sums!$A$1</definedName>",
        "<definedName name=\"Sum\">SUM(Data!$A$1:$A$3)&amp;\"&lt;\"</definedName>",
        "<definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">Data!$A$1:$B$3</definedName>",
    ];
    let all = format!("</sheets><definedNames>{}</definedNames>", names.concat());
    edited(&made(|_, _| {}), "xl/workbook.xml", "</sheets>", &all)
}

/// A pivot table as a relation of the sheet, in the least that a reader takes.
fn pivot(bytes: &[u8]) -> Vec<u8> {
    let kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{kinds}/pivotTableOfAnotherReader\" Target=\"../pivotTables/pivotTable1.xml\"/></Relationships>"
    );
    // umya takes every relation of the exact kind for one it can read whole; a strict file's kind is another text.
    let relations = relations.replace(
        &format!("{kinds}/pivotTableOfAnotherReader"),
        "http://purl.oclc.org/ooxml/officeDocument/relationships/pivotTable",
    );
    let table = "<pivotTableDefinition name=\"P\" cacheId=\"1\"/>";
    with_parts(
        bytes,
        &[("xl/worksheets/_rels/sheet1.xml.rels", &relations), ("xl/pivotTables/pivotTable1.xml", table)],
    )
}
