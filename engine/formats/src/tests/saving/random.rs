//! Random edits: the file read back is the model that was edited the same way.

use super::examples::dump;
use super::*;
use formula::Mode;
use values::{CellError, Rect};
use workbook::{ArrayFormula, ArrayKind, Workbook};

/// A small generator of numbers, the same in each run.
pub(super) struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }

    fn value(&mut self) -> Value {
        match self.below(8) {
            0 => Value::Empty,
            1 => true.into(),
            2 => (*self.of(&[CellError::NA, CellError::Div0, CellError::GettingData])).into(),
            3 | 4 => {
                (*self.of(&["", " lead", "a<b>&\"c\"", "_x000A_", "two\r\nlines", "\u{1}😀", "ß"])).into()
            }
            5 => (*self.of(&[-0.0, 1e300, 5e-324, 0.1 + 0.2, 46_000.0])).into(),
            _ => (self.below(1_000) as f64).into(),
        }
    }
}

/// Sheets with plain, shared and array formulas, holes, styles, rows and cells without addresses.
pub(super) fn original(numbers: &mut Numbers) -> Vec<u8> {
    let sheets: Vec<String> = (0..2).map(|_| sheet(numbers)).collect();
    let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
    let metadata = "<metadata><metadataTypes count=\"1\"><metadataType name=\"XLDAPR\"/></metadataTypes><futureMetadata \
        name=\"XLDAPR\" count=\"1\"><bk><extLst><ext><dynamicArrayProperties fDynamic=\"1\"/></ext></extLst></bk></futureMetadata>\
        <cellMetadata count=\"1\"><bk><rc t=\"1\" v=\"0\"/></bk></cellMetadata></metadata>";
    xlsx(&sheets)
        .with("xl/sharedStrings.xml", "<sst><si><t>zero</t></si><si><t>one</t></si></sst>")
        .with("xl/styles.xml", "<styleSheet><fonts><font/><font><b/></font></fonts><cellXfs><xf/><xf fontId=\"1\"/></cellXfs></styleSheet>")
        .with("xl/metadata.xml", metadata)
        .bytes()
}

fn sheet(numbers: &mut Numbers) -> String {
    let mut rows = String::new();
    // Columns A and B share a formula each, in rows of one's own choice.
    let mut has_text = [false; 2];
    for row in 1..=12 {
        if numbers.below(4) == 0 {
            continue;
        }
        let mut cells = String::new();
        for (place, col) in ["A", "B"].iter().enumerate() {
            if numbers.below(4) == 0 {
                continue;
            }
            let text = match std::mem::replace(&mut has_text[place], true) {
                false => format!(
                    "<f t=\"shared\" ref=\"{col}{row}:{col}12\" si=\"{place}\">D{row}*$E$1+{place}</f>"
                ),
                true => format!("<f t=\"shared\" si=\"{place}\"/>"),
            };
            cells += &format!("<c r=\"{col}{row}\" s=\"{}\">{text}<v>{row}</v></c>", numbers.below(2));
        }
        for col in ["C", "D", "E", "F"] {
            cells += &match numbers.below(6) {
                0 => format!("<c r=\"{col}{row}\"><f>G{row}&amp;\"x\"</f><v>{row}</v></c>"),
                1 => format!("<c r=\"{col}{row}\" t=\"s\" s=\"1\"><v>{}</v></c>", numbers.below(2)),
                2 => format!("<c r=\"{col}{row}\"><v>{row}</v></c>"),
                3 => format!(
                    "<c r=\"{col}{row}\" cm=\"1\"><f t=\"array\" ref=\"{col}{row}\">G{row}:G20</f><v>1</v></c>"
                ),
                _ => String::new(),
            };
        }
        rows += &format!("<row r=\"{row}\" spans=\"1:6\">{cells}</row>");
    }
    format!("<dimension ref=\"A1:F12\"/><sheetData>{rows}</sheetData><autoFilter ref=\"A1:F1\"/>")
}

/// Changes a cell in the model, and says how.
fn edit(workbook: &mut Workbook, id: SheetId, at: Cell, numbers: &mut Numbers) -> Content {
    let text =
        *numbers.of(&["A1+1", "SUM($A$1:B2)", "_xlfn.SEQUENCE(2)", "IF(A1<2,\"<a>\",\" b\n\")", "Sheet2!A1"]);
    let parsed = formula::parse(text, at, workbook, Mode::Workbook).unwrap();
    let template = workbook.templates.intern(parsed);
    let sheet = workbook.sheet_mut(id).unwrap();
    let value = numbers.value();
    let has_formula = sheet.formula(at).is_some() || sheet.arrays.contains_key(&at);
    let kind = if has_formula { numbers.below(5) } else { numbers.below(4) };
    if kind < 4 {
        sheet.arrays.remove(&at);
        sheet.set_formula(at, None);
    }
    sheet.grid.set(at, value.clone());
    match kind {
        0 | 1 => Content::Value(value),
        2 => {
            sheet.set_formula(at, Some(template));
            Content::Formula(NewFormula { text: text.into(), value, array: None })
        }
        3 => {
            let kind = *numbers.of(&[ArrayKind::Dynamic, ArrayKind::Legacy]);
            let rect = Rect::cell(at);
            sheet.arrays.insert(at, ArrayFormula { anchor: at, rect, template, kind });
            Content::Formula(NewFormula { text: text.into(), value, array: Some((rect, kind)) })
        }
        _ => Content::Result { value, fills: None },
    }
}

#[test]
fn what_is_read_back_is_what_was_edited() {
    let mut numbers = Numbers(2_024);
    for round in 0..150 {
        let mut file = original(&mut numbers);
        let mut model = load(&file, "x.xlsx").workbook;
        // Saving into what was saved must work as well.
        for _ in 0..2 {
            let mut changes = Changes::default();
            for _ in 0..numbers.below(20) {
                let id = SheetId(numbers.below(2) as u16);
                let at = Cell::new(numbers.below(15) as u32, numbers.below(8) as u16);
                if changes.cells.get(&id).is_some_and(|cells| cells.contains_key(&at)) {
                    continue;
                }
                let content = edit(&mut model, id, at, &mut numbers);
                changes.cells.entry(id).or_default().insert(at, content);
            }
            let saved = saved(&file, &changes);
            let again = load(&saved.bytes, "x.xlsx");
            assert_eq!(dump(&again.workbook), dump(&model), "round {round}");
            assert!(again.report.notes.is_empty(), "{:?}", notes(&again));
            assert_styles(&again.workbook, &model);
            file = saved.bytes;
        }
    }
}

fn assert_styles(read: &Workbook, model: &Workbook) {
    for (id, sheet) in read.sheets() {
        for at in (Rect {
            top: values::Row(0),
            bottom: values::Row(16),
            left: values::Col(0),
            right: values::Col(9),
        })
        .cells()
        {
            assert_eq!(read.style(id, at).font.bold, model.style(id, at).font.bold, "{}!{at}", sheet.name);
        }
    }
}
