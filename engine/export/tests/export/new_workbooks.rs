//! Workbooks of other formats become new ones: the model is all that there is.

use crate::fixtures::fixture;
use crate::support::{export_workbook, lines, read};
use formats::Limits;
use playsheet_export::Severity;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use values::{Cell, Col, Value};

/// A workbook with a bit of everything that the model holds.
fn rich() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Tom's sheet").unwrap();
    let money = Format::new().set_num_format("#,##0.00 [$€-407]").set_bold().set_unlocked();
    let heading = Format::new()
        .set_font_size(18)
        .set_font_color(Color::RGB(0x003366))
        .set_background_color(Color::RGB(0xFFEEDD))
        .set_align(FormatAlign::Center)
        .set_border(FormatBorder::Thin);
    sheet.write_string_with_format(0, 0, "Heading", &heading).unwrap();
    sheet.merge_range(0, 1, 0, 3, "merged", &heading).unwrap();
    sheet.write_number_with_format(1, 0, 1234.5, &money).unwrap();
    sheet.write_boolean(2, 0, true).unwrap();
    sheet.write_formula(3, 0, rust_xlsxwriter::Formula::new("=A2/0").set_result("#DIV/0!")).unwrap();
    sheet.write_formula(4, 0, rust_xlsxwriter::Formula::new("=\"a\"&A1").set_result("aHeading")).unwrap();
    sheet.write_url(5, 0, "https://example.org/a?b=1&c=2").unwrap();
    sheet.insert_note(1, 0, &rust_xlsxwriter::Note::new("A note & more").add_author_prefix(false)).unwrap();
    sheet.set_column_width(0, 31).unwrap();
    sheet.set_column_hidden(4).unwrap();
    sheet.set_row_hidden(7).unwrap();
    sheet.set_freeze_panes(1, 2).unwrap();
    sheet.protect();
    let between = rust_xlsxwriter::DataValidation::new()
        .allow_decimal_number(rust_xlsxwriter::DataValidationRule::Between(0.5, 2.5));
    sheet.add_data_validation(1, 0, 1, 0, &between).unwrap();
    let hidden = workbook.add_worksheet();
    hidden.set_name("Hidden").unwrap();
    hidden.set_hidden(true);
    hidden
        .write_formula(0, 0, rust_xlsxwriter::Formula::new("='Tom''s sheet'!A2*2").set_result("2469"))
        .unwrap();
    workbook.define_name("Price", "='Tom''s sheet'!$A$2").unwrap();
    workbook.define_name("Words", "=\"two, words\"").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn the_whole_model_is_written() {
    let meant = read(&rich()).unwrap();
    let exported = export_workbook(&meant, None, &[("Tom's sheet", "A2", Value::Number(2.25))]).unwrap();
    let written = read(&exported.bytes).unwrap();
    let mut expected = lines(&meant);
    expected.insert("Tom's sheet!A2".to_owned(), "[#,##0.00 [$€-407]] Number(2.25)".to_owned());
    assert_eq!(lines(&written), expected);
    let (sheet, new) = (&meant.sheets[0], &written.sheets[0]);
    assert_eq!(new.merged, sheet.merged);
    assert_eq!(new.frozen, sheet.frozen);
    assert_eq!(new.notes, sheet.notes);
    assert_eq!(new.hyperlinks, sheet.hyperlinks);
    assert!(new.protected && !new.column_visible(Col(4)) && !new.row_visible(values::Row(7)));
    assert!((new.column_widths[&Col(0)] - sheet.column_widths[&Col(0)]).abs() < 0.01);
    assert_eq!(new.validations.len(), 1);
    assert_eq!(new.validations[0].second, sheet.validations[0].second);
    assert_eq!(written.sheets[1].visibility, meant.sheets[1].visibility);
    let names: Vec<&str> = written.names.iter().map(|name| name.source.as_str()).collect();
    assert_eq!(names, meant.names.iter().map(|name| name.source.as_str()).collect::<Vec<_>>());
    let style = |workbook: &workbook::Workbook, cell: &str| {
        workbook.style(values::SheetId(0), cell.parse::<Cell>().unwrap()).clone()
    };
    for cell in ["A1", "A2", "B1"] {
        let (a, b) = (style(&meant, cell), style(&written, cell));
        assert_eq!(
            (a.number_format, a.locked, a.fill, a.bordered),
            (b.number_format, b.locked, b.fill, b.bordered)
        );
        assert_eq!((a.font.bold, a.font.color, a.alignment), (b.font.bold, b.font.color, b.alignment));
    }
    let grave = exported.losses.iter().find(|loss| loss.severity == Severity::Refused);
    assert!(grave.is_none(), "{grave:?}");
}

#[test]
fn text_with_separators_becomes_a_workbook() {
    let text = "Item,Price,Since\nPen,1.5,2026-01-31\n\"a, b\",-2,\n";
    let meant = formats::open(text.as_bytes(), "prices.csv", &Limits::default()).unwrap().workbook;
    let exported = export_workbook(&meant, None, &[]).unwrap();
    assert!(exported.losses.is_empty(), "{:?}", exported.losses);
    assert_eq!(lines(&read(&exported.bytes).unwrap()), lines(&meant));
}

#[test]
fn tables_and_shared_formulas_are_written_anew() {
    for name in ["table", "shared", "names", "odd-text", "validations", "settings"] {
        let meant = read(&fixture(name)).unwrap();
        let exported = export_workbook(&meant, None, &[]).unwrap();
        assert!(!exported.losses.any_refused(), "{name}: {:?}", exported.losses);
        assert_eq!(lines(&read(&exported.bytes).unwrap()), lines(&meant), "{name}");
    }
}
