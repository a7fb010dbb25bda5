//! Files of another writer, with most of what people put into workbooks.

use super::support::*;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, Format, FormatAlign, FormatBorder,
    Formula, Note, Table, TableColumn, Url, Workbook as Writer,
};
use values::{Cell, SheetId};
use workbook::{ValidationKind, ValidationOperator, ValidationStyle, Visibility};

/// A workbook with one of nearly everything.
pub(super) fn everything() -> Vec<u8> {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Loan & more").unwrap();
    let percent = Format::new().set_num_format("0.00%").set_unlocked();
    let heading =
        Format::new().set_bold().set_italic().set_font_size(14).set_font_color(Color::RGB(0x1F_4E_79));
    let input = Format::new()
        .set_background_color(Color::RGB(0xFF_F2_CC))
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Right)
        .set_unlocked();
    sheet.write_with_format(0, 0, "Loan <calculator>", &heading).unwrap();
    sheet.write_with_format(1, 1, 0.05, &percent).unwrap();
    sheet.write_with_format(2, 1, 1000, &input).unwrap();
    sheet.write_formula(3, 1, Formula::new("B3*B2").set_result("50")).unwrap();
    sheet.write_formula(4, 1, Formula::new("_xlfn.XLOOKUP(1,A1:A2,B1:B2)").set_result("#N/A")).unwrap();
    sheet.write_array_formula(5, 1, 6, 1, Formula::new("B2:B3*2").set_result("0.1")).unwrap();
    sheet.write_dynamic_array_formula(7, 1, 7, 1, Formula::new("SORT(B2:B3)").set_result("0.05")).unwrap();
    sheet.write_rich_string(8, 0, &[(&Format::default(), "plain "), (&heading, "bold")]).unwrap();
    sheet.write(9, 0, true).unwrap();
    sheet.merge_range(10, 0, 11, 2, "merged", &Format::new()).unwrap();
    sheet.write_url(12, 0, Url::new("https://example.org/a").set_text("link")).unwrap();
    sheet.write_url(13, 0, Url::new("internal:'Hidden one'!B2").set_text("inside")).unwrap();
    sheet.insert_note(1, 1, &Note::new("the rate").add_author_prefix(false)).unwrap();
    sheet.set_row_hidden(14).unwrap();
    sheet.set_column_hidden(3).unwrap();
    sheet.set_column_width(0, 30).unwrap();
    sheet.set_freeze_panes(1, 1).unwrap();
    sheet.autofilter(20, 0, 25, 1).unwrap();
    sheet.protect();
    let list = DataValidation::new().allow_list_strings(&["yes", "no"]).unwrap();
    sheet.add_data_validation(1, 2, 1, 2, &list).unwrap();
    let list =
        DataValidation::new().allow_list_formula("='Hidden one'!$A$1:$A$3".into()).show_dropdown(false);
    sheet.add_data_validation(2, 2, 2, 2, &list).unwrap();
    let whole = DataValidation::new()
        .allow_whole_number(DataValidationRule::Between(1, 10))
        .ignore_blank(false)
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_input_title("How many")
        .unwrap()
        .set_input_message("From 1 to 10")
        .unwrap()
        .set_error_title("Wrong")
        .unwrap()
        .set_error_message("Not that many")
        .unwrap();
    sheet.add_data_validation(3, 2, 3, 2, &whole).unwrap();
    let decimal = DataValidation::new().allow_decimal_number(DataValidationRule::GreaterThan(0.5));
    sheet.add_data_validation(4, 2, 4, 2, &decimal).unwrap();
    let custom = DataValidation::new().allow_custom("=MOD(C6,2)=0".into());
    sheet.add_data_validation(5, 2, 5, 2, &custom).unwrap();
    let hidden = book.add_worksheet();
    hidden.set_name("Hidden one").unwrap().set_hidden(true);
    let table = Table::new().set_name("Prices").set_total_row(true).set_columns(&[
        TableColumn::new().set_header("Item"),
        TableColumn::new().set_header("Price [€]"),
        TableColumn::new().set_header("Gross").set_formula("Prices[[#This Row],[Price [€]]]*1.19"),
    ]);
    hidden.add_table(4, 0, 7, 2, &table).unwrap();
    let very = book.add_worksheet();
    very.set_name("Very").unwrap().set_very_hidden(true);
    book.define_name("rate", "='Loan & more'!$B$2").unwrap();
    book.define_name("'Hidden one'!local", "='Hidden one'!$A$1").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn cells_formulas_and_styles() {
    let loaded = load(&everything(), "x.xlsx");
    check_cells(
        &loaded,
        &[
            "A1 \"Loan <calculator>\"",
            "B2 0.05",
            "B3 1000",
            "B4 =B3*B2 -> 50",
            "B5 dynamic {=_xlfn.XLOOKUP(1,A1:A2,B1:B2)} -> #N/A",
            "B6:B7 legacy {=B2:B3*2} -> 0.1",
            "B7 0",
            "B8 dynamic {=_xlfn._xlws.SORT(B2:B3)} -> 0.05",
            "A9 \"plain bold\"",
            "A10 TRUE",
            "A11 \"merged\"",
            "A13 \"link\"",
            "A14 \"inside\"",
        ],
    );
    let workbook = &loaded.workbook;
    let style = |cell: &str| workbook.style(SheetId(0), cell.parse().unwrap()).clone();
    let heading = style("A1").font;
    assert!(heading.bold && heading.italic && heading.size_pt == 14.0 && style("A1").locked);
    assert_eq!(heading.color.map(|color| (color.red, color.green, color.blue)), Some((0x1F, 0x4E, 0x79)));
    assert_eq!((style("B2").number_format.as_str(), style("B2").locked), ("0.00%", false));
    assert!(style("B3").bordered && style("B3").fill.is_some() && style("C9").fill.is_none());
    assert_eq!(style("B3").alignment, workbook::Alignment::Right);
}

#[test]
fn sheets_tables_names_and_what_surrounds_cells() {
    let loaded = load(&everything(), "x.xlsx");
    let workbook = &loaded.workbook;
    let sheet = &workbook.sheets[0];
    let visible: Vec<_> = workbook.sheets.iter().map(|sheet| sheet.visibility).collect();
    assert_eq!(visible, [Visibility::Visible, Visibility::Hidden, Visibility::VeryHidden]);
    assert_eq!(sheet.merged[0].to_string(), "A11:C12");
    assert_eq!(sheet.hyperlinks[0].target.as_deref(), Some("https://example.org/a"));
    assert_eq!(sheet.hyperlinks[1].location.as_deref(), Some("'Hidden one'!B2"));
    assert_eq!(sheet.notes.get(&Cell::new(1, 1)).map(|text| text.as_str()), Some("the rate"));
    assert!(!sheet.row_visible(values::Row(14)) && !sheet.column_visible(values::Col(3)));
    assert!(sheet.column_widths[&values::Col(0)] > 29.0);
    assert_eq!((sheet.frozen, sheet.protected), ((1, 1), true));
    assert_eq!(sheet.filter.unwrap().to_string(), "A21:B26");
    let table = workbook.table("prices").unwrap();
    assert_eq!((table.area.to_string().as_str(), table.header_rows, table.totals_rows), ("A5:C8", 1, 1));
    assert_eq!(table.columns[1].name, "Price [€]");
    assert!(table.columns[2].formula.is_some());
    assert_eq!(workbook.name("RATE", None).unwrap().source, "'Loan & more'!$B$2");
    assert!(workbook.name("local", Some(SheetId(1))).is_some() && workbook.name("local", None).is_none());
    assert!(loaded.report.notes.is_empty(), "{:#?}", notes(&loaded));
}

#[test]
fn validations_of_every_kind() {
    let loaded = load(&everything(), "x.xlsx");
    let (workbook, sheet) = (&loaded.workbook, &loaded.workbook.sheets[0]);
    let at = |cell: &str| sheet.validation(cell.parse().unwrap()).unwrap();
    let first = |cell: &str| {
        let validation = at(cell);
        formula::print(validation.first.as_ref().unwrap(), validation.host, workbook, formula::Style::File)
    };
    assert_eq!(
        (at("C2").kind, first("C2").as_str(), at("C2").dropdown),
        (ValidationKind::List, "\"yes,no\"", true)
    );
    assert_eq!((first("C3").as_str(), at("C3").dropdown), ("'Hidden one'!$A$1:$A$3", false));
    let whole = at("C4");
    assert_eq!((whole.kind, whole.operator), (ValidationKind::Whole, ValidationOperator::Between));
    assert_eq!((whole.style, whole.allow_blank), (ValidationStyle::Warning, false));
    let texts = [&whole.prompt_title, &whole.prompt, &whole.error_title, &whole.error];
    let texts = texts.map(|text| text.as_deref().unwrap());
    assert_eq!(texts, ["How many", "From 1 to 10", "Wrong", "Not that many"]);
    assert_eq!((at("C5").kind, at("C5").operator), (ValidationKind::Decimal, ValidationOperator::Greater));
    assert_eq!((at("C6").kind, first("C6").as_str()), (ValidationKind::Custom, "MOD(C6,2)=0"));
}
