//! The example workbooks with changed inputs: the cells hold what was meant, every other part is as it was.

use super::*;
use workbook::Workbook;

const EXAMPLES: [(&str, &[u8]); 6] = [
    ("bmi.xlsx", include_bytes!("../../../../../examples/bmi.xlsx")),
    ("loan.xlsx", include_bytes!("../../../../../examples/loan.xlsx")),
    ("quote.xlsx", include_bytes!("../../../../../examples/quote.xlsx")),
    ("catalogue.xlsx", include_bytes!("../../../../../examples/catalogue.xlsx")),
    ("budget.xlsx", include_bytes!("../../../../../examples/budget.xlsx")),
    ("shifts.xlsx", include_bytes!("../../../../../examples/shifts.xlsx")),
];

/// All cells of a workbook as lines.
pub(super) fn dump(workbook: &Workbook) -> Vec<String> {
    let lines = |sheet: &workbook::Sheet| format!("[{}]\n{}", sheet.name, cells(workbook, sheet));
    workbook.sheets.iter().map(lines).collect()
}

/// Every third number that no table has as its heading becomes another one, every formula's number too.
fn edit(workbook: &mut Workbook) -> Changes {
    let mut changes = Changes::default();
    for (id, sheet) in workbook.sheets.iter_mut().enumerate() {
        let numbers: Vec<(Cell, f64)> = sheet
            .grid
            .iter()
            .filter_map(|(cell, value)| match value {
                Value::Number(number) => Some((cell, *number)),
                _ => None,
            })
            .collect();
        let mut cells = BTreeMap::new();
        for (place, (cell, number)) in numbers.into_iter().enumerate() {
            let value = Value::Number(number * 1.5 + 0.1);
            let has_formula =
                sheet.formula(cell).is_some() || sheet.arrays.values().any(|array| array.rect.contains(cell));
            if has_formula {
                cells.insert(cell, result(value.clone()));
            } else if place % 3 == 0 {
                cells.insert(cell, constant(value.clone()));
            } else {
                continue;
            }
            sheet.grid.set(cell, value);
        }
        changes.cells.insert(SheetId(id as u16), cells);
    }
    changes
}

#[test]
fn examples_hold_other_inputs_and_results() {
    for (name, original) in EXAMPLES {
        let mut loaded = load(original, name);
        let changes = edit(&mut loaded.workbook);
        let saved = saved(original, &changes);
        assert!(!saved.calculates_on_opening && saved.notes.is_empty(), "{name}");
        let parts: Vec<String> =
            changes.cells.keys().map(|id| format!("xl/worksheets/sheet{}.xml", id.0 + 1)).collect();
        let changed: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|name| part(original, name) != part(&saved.bytes, name))
            .collect();
        assert!(!changed.is_empty(), "{name}");
        let only_sheets: Vec<&str> = parts.iter().map(String::as_str).collect();
        let sheets_kept: Vec<&str> = only_sheets.into_iter().filter(|name| changed.contains(name)).collect();
        assert_same_but(original, &saved.bytes, &sheets_kept, &parts);
        let again = load(&saved.bytes, name);
        assert_eq!(dump(&again.workbook), dump(&loaded.workbook), "{name}");
        assert_eq!(again.report.notes, loaded.report.notes, "{name}");
    }
}

/// Holds that what is no sheet lies in both files alike, and that sheets differ only between their rows' tags.
fn assert_same_but(original: &[u8], saved: &[u8], changed: &[&str], sheets: &[String]) {
    let (before, after) = (entries(original), entries(saved));
    assert_eq!(before.len(), after.len());
    for (old, new) in before.iter().zip(&after).filter(|(old, _)| !sheets.contains(&old.name)) {
        assert_eq!(old, new);
    }
    for name in changed {
        let (old, new) = (part(original, name), part(saved, name));
        let around = |sheet: &str| {
            let (start, end) = (sheet.find("<sheetData").unwrap(), sheet.find("</sheetData>").unwrap());
            (sheet[..start].to_owned(), sheet[end..].to_owned())
        };
        assert_eq!(around(&old), around(&new), "{name}");
        // Numbers in the place of numbers: without what stands between `v` the sheets are the same text.
        let without = |sheet: &str| {
            let mut kept = String::new();
            for piece in sheet.split("<v>") {
                kept.push_str(piece.split_once("</v>").map_or(piece, |(_, rest)| rest));
            }
            kept
        };
        assert_eq!(without(&old), without(&new), "{name}");
    }
}
