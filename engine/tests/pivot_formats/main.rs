//! GETPIVOTDATA in .xlsb, .xls and .fods: the pivot tables of the cases written in these formats give the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod biff12;
mod biff8;
mod cases;
mod definitions;

use calc::Editor;
use cases::{Case, formulas};
use formats::Limits;
use playsheet_engine::Document;
use values::SheetId;

/// Holds the formulas of cases against a workbook, on whose last sheet they are put. All its pivot tables must be read
/// but those of the sheets named.
fn check(bytes: &[u8], name: &str, cases: &[Case], unread: &[&str]) {
    let document = Document::open(bytes, name, &Limits::default()).unwrap();
    let notes = document.report.notes.iter().filter(|note| note.message.contains("GETPIVOTDATA"));
    assert_eq!(notes.map(|note| note.place.as_str()).collect::<Vec<_>>(), unread, "{name}");
    let mut editor = Editor::new(document.session());
    let sheet = SheetId(editor.workbook().sheets.len() as u16 - 1);
    cases::put(&mut editor, sheet, cases);
    let expected = cases.iter().map(|(formula, expected)| (formula.as_str(), expected.as_str()));
    cases::check(editor.session(), sheet, expected);
}

#[test]
fn xlsb_gives_what_xlsx_gives() {
    check(&biff12::workbook(|_, bytes| bytes), "pivots.xlsb", &formulas("formulas.tsv"), &[]);
}

/// The cases but those of the cube, whose items have captions in the other formats only.
fn without_cube() -> Vec<Case> {
    formulas("formulas.tsv").into_iter().filter(|(formula, _)| !formula.contains("Cube!")).collect()
}

#[test]
fn xls_gives_what_xlsx_gives() {
    check(&biff8::workbook(true), "pivots.xls", &without_cube(), &[]);
}

/// Compact labels share a column, which does not tell which field an item is of.
#[test]
fn headings_tell_lines_that_the_file_does_not() {
    let mut cases = without_cube();
    cases.retain(|(formula, _)| !formula.contains("Compact!"));
    check(&biff8::workbook(false), "pivots.xls", &cases, &["Compact"]);
}

#[test]
fn open_document_gives_what_its_cells_show() {
    let bytes = cases::read("OpenDocument.fods").unwrap().into_bytes();
    check(&bytes, "pivots.fods", &formulas("open_document.tsv"), &[]);
}

#[test]
fn parts_that_are_cut_cost_a_pivot_table_at_most() {
    let whole = biff12::workbook(|_, bytes| bytes);
    let sheets = Document::open(&whole, "x.xlsb", &Limits::default())
        .unwrap()
        .session()
        .model()
        .workbook()
        .sheets
        .len();
    for keep in [0, 1, 7, 40, 90, 200, 400] {
        for wanted in ["pivotTable2", "pivotCacheDefinition2"] {
            let cut = |name: &str, mut bytes: Vec<u8>| {
                if name.ends_with(&format!("{wanted}.bin")) {
                    bytes.truncate(keep);
                }
                bytes
            };
            let document = Document::open(&biff12::workbook(cut), "x.xlsb", &Limits::default()).unwrap();
            assert_eq!(document.session().model().workbook().sheets.len(), sheets, "{wanted} {keep}");
        }
    }
}

/// Whatever the bytes of a pivot table say, the file opens or is refused, and asking for a value ends.
#[test]
fn changed_bytes_end_in_a_value_or_an_error() {
    let ask = |bytes: &[u8], name: &str| {
        let Ok(document) = Document::open(bytes, name, &Limits::upload()) else { return };
        for sheet in &document.session().model().workbook().sheets {
            for pivot in &sheet.pivots {
                let _ = pivot.place(0, &[]);
                let _ = pivot.place(1, &[(0, 0), (u32::MAX, 0)]);
            }
        }
    };
    let parts = ["pivotTable4.bin", "pivotCacheDefinition4.bin"];
    let longest = 1_200;
    for part in parts {
        for place in (0..longest).step_by(11) {
            let change = |name: &str, mut bytes: Vec<u8>| {
                if name.ends_with(part)
                    && let Some(byte) = bytes.get_mut(place)
                {
                    *byte ^= 0xff;
                }
                bytes
            };
            ask(&biff12::workbook(change), "x.xlsb");
        }
    }
    let whole = biff8::workbook(true);
    for place in (512..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0xff;
        ask(&bytes, "x.xls");
    }
    let text = cases::read("OpenDocument.fods").unwrap();
    let pivots = text.find("<table:data-pilot-tables>").unwrap();
    for (place, _) in text[pivots..].match_indices("=\"").step_by(5) {
        let mut bytes = text.clone().into_bytes();
        bytes[pivots + place + 2] = b'9';
        ask(&bytes, "x.fods");
    }
}
