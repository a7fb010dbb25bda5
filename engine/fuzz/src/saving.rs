//! Edited files saved: what was written is read again, with the sheets that the editor shows and, where the file is one
//! of the harness's own, with the values too.

use crate::choices::Choices;
use crate::editing::edit;
use crate::parts::{split, zip};
use crate::readers::{XLSX, limits};
use engine::Document;
use engine::calc::{Editor, Ended, Wanted};
use engine::formats::Limits;
use engine::formats::patch::save;
use engine::functions::Environment;
use engine::saving::edited;
use engine::values::{Area, Value};

/// Units of work for one calculation.
const BUDGET: u64 = 30_000;
const MOST_EDITS: u32 = 6;

/// Sheets of the harness's own: filled-down and shared formulas, arrays, a table, merged cells, validations.
const SHEETS: [(&str, &str); 3] = [
    (
        "xl/worksheets/sheet1.xml",
        r##"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><dimension ref="A1:H9"/><cols><col min="2" max="3" width="20"/></cols><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Qty</t></is></c><c r="B1" t="inlineStr"><is><t>Twice</t></is></c><c r="D1"><v>1</v></c></row><row r="2"><c r="A2"><v>4</v></c><c r="B2"><f>T[[#This Row],[Qty]]*2</f><v>8</v></c><c r="D2"><f t="shared" ref="D2:D6" si="0">D1+1</f><v>2</v></c><c r="F2" t="str"><f>"a"&amp;D2</f><v>a2</v></c></row><row r="3"><c r="A3"><v>6</v></c><c r="B3"><f>T[[#This Row],[Qty]]*2</f><v>12</v></c><c r="D3"><f t="shared" si="0"/><v>3</v></c></row><row r="4"><c r="D4"><f t="shared" si="0"/><v>4</v></c><c r="F4"><f t="array" ref="F4:F5">D2:D3*2</f><v>4</v></c></row><row r="5"><c r="D5"><f t="shared" si="0"/><v>5</v></c><c r="F5"><v>6</v></c></row><row r="6"><c r="D6"><f t="shared" si="0"/><v>6</v></c></row><row r="8" hidden="1"><c r="H8"><f>SUM('My data'!A1:A3,D:D)</f><v>27</v></c></row></sheetData><mergeCells><mergeCell ref="A8:B9"/></mergeCells><dataValidations count="1"><dataValidation type="list" sqref="C2:C5"><formula1>$A$2:$A$3</formula1></dataValidation></dataValidations><tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>"##,
    ),
    (
        "xl/worksheets/sheet2.xml",
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="B2"><f>Sheet1!D6*A2</f><v>12</v></c></row><row r="3"><c r="A3"><v>3</v></c></row></sheetData></worksheet>"#,
    ),
    (
        "xl/tables/table1.xml",
        r#"<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="T" displayName="T" ref="A1:B3"><autoFilter ref="A1:B3"/><tableColumns count="2"><tableColumn id="1" name="Qty"/><tableColumn id="2" name="Twice"><calculatedColumnFormula>T[[#This Row],[Qty]]*2</calculatedColumnFormula></tableColumn></tableColumns></table>"#,
    ),
];

/// Choices of edits, then the parts of the file; without any it is the harness's own.
pub(crate) fn patch(data: &[u8]) {
    let (choices, parts) = split(data);
    let usual: Vec<(&str, &str)> = match parts.is_empty() {
        true => XLSX.iter().chain(&SHEETS).copied().collect(),
        false => XLSX.to_vec(),
    };
    let Some(original) = zip(&parts, &usual) else { return };
    let Ok(document) = Document::open(&original, "x.xlsx", &limits()) else { return };
    let mut editor = document.editor();
    let mut choices = Choices::new(choices);
    for _ in 0..=choices.below(MOST_EDITS) {
        let edit = edit(editor.workbook(), &editor, &mut choices);
        // Refused edits are the business of another harness.
        let _ = editor.apply("step", &[edit]);
    }
    let environment = Environment { budget: BUDGET, ..Environment::default() };
    let report = editor.session_mut().recalculate(&environment, Wanted::All);
    let changes = edited(document.model.workbook(), &editor);
    match save(&original, &changes, &Limits::upload()) {
        Ok(saved) => {
            let is_whole = parts.is_empty() && report.ended == Ended::Done;
            reads_again(&saved.bytes, &editor, is_whole);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn reads_again(bytes: &[u8], editor: &Editor, with_values: bool) {
    let read = Document::open(bytes, "x.xlsx", &Limits::upload());
    assert!(read.is_ok(), "what was saved cannot be read: {:?}", read.err().map(|error| error.to_string()));
    let Ok(read) = read else { return };
    let (before, after) = (editor.workbook(), read.model.workbook());
    let names = |book: &engine::workbook::Workbook| -> Vec<String> {
        book.sheets.iter().map(|sheet| sheet.name.to_string()).collect()
    };
    assert!(names(before) == names(after), "{:?} and {:?}", names(before), names(after));
    for (id, _) in before.sheets().filter(|_| with_values) {
        for (cell, value) in editor.session().grid(id).into_iter().flat_map(|grid| grid.iter()) {
            let found = after.value(id, cell);
            // Newer errors stand as #VALUE! in a file until it is calculated; an empty text of a formula is none.
            let is_error = matches!((value, found), (Value::Error(_), Value::Error(_)));
            let at = before.address(Area::cell(id, cell));
            assert!(is_error || value.same(found), "{at} is {value:?}, and was read as {found:?}");
        }
    }
}
