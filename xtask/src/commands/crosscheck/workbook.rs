//! Cases in a workbook, with a sidecar that tells an engine which cells to read.

use super::express::{Cells, Expressed};
use crate::values::address;
use anyhow::Result;
use rust_xlsxwriter::{Formula, Workbook, Worksheet};
use serde_json::{Value as Json, json};
use std::path::Path;

/// The sheet of formulas that read no cells.
const TOGETHER: &str = "Results";

/// Writes the workbook and its sidecar; for each case the cells of its result, row by row.
///
/// A formula over cells stands in A1 of a sheet of its own: where a range meets a single value, it matters in which row
/// and column the formula is. The others stand below each other on one sheet.
pub fn write(cases: &[&Expressed], file: &Path, sidecar: &Path) -> Result<Vec<Vec<(String, String)>>> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name(TOGETHER)?;
    let mut outputs = Vec::new();
    let mut below = 0;
    for (case, number) in cases.iter().zip(1..) {
        let (rows, cols) = case.array.unwrap_or((1, 1));
        let (sheet, first) =
            if case.ranges.is_empty() { (TOGETHER.to_owned(), below) } else { (format!("F{number}"), 0) };
        if case.ranges.is_empty() {
            below += rows;
        } else {
            workbook.add_worksheet().set_name(&sheet)?;
        }
        enter(workbook.worksheet_from_name(&sheet)?, case, number, first)?;
        for (cells, place) in case.ranges.iter().zip(0..) {
            fill(workbook.add_worksheet().set_name(range_sheet(number, place))?, cells)?;
        }
        let cells = (first..first + rows).flat_map(|row| (0..cols).map(move |col| address(row, col)));
        outputs.push(cells.map(|cell| (sheet.clone(), cell)).collect());
    }
    workbook.save(file)?;
    let listed = outputs
        .iter()
        .flatten()
        .map(|(sheet, cell): &(String, String)| json!({"sheet": sheet, "cell": cell}));
    let meta = json!({"edits": [], "outputs": listed.collect::<Vec<Json>>()});
    std::fs::write(sidecar, serde_json::to_vec(&meta)?)?;
    Ok(outputs)
}

fn range_sheet(case: u32, place: usize) -> String {
    format!("R{case}_{place}")
}

/// Enters a case's formula from a row on.
fn enter(sheet: &mut Worksheet, case: &Expressed, number: u32, row: u32) -> Result<()> {
    let mut text = case.formula.clone();
    for place in 0..case.ranges.len() {
        text = text.replace(&format!("{{{place}}}!"), &format!("{}!", range_sheet(number, place)));
    }
    match case.array {
        Some((rows, cols)) => {
            let last_col = u16::try_from(cols - 1)?;
            sheet.write_array_formula(row, 0, row + rows - 1, last_col, Formula::new(text))?;
        }
        None => {
            sheet.write_formula(row, 0, Formula::new(text))?;
        }
    }
    Ok(())
}

/// Types the cells of a range. An empty text is a formula's result, as it is in any workbook of a person, and so is an
/// error.
fn fill(sheet: &mut Worksheet, cells: &Cells) -> Result<()> {
    for (values, row) in cells.rows.iter().zip(cells.first.0..) {
        for (value, col) in values.iter().zip(u16::try_from(cells.first.1)?..) {
            match value {
                Json::Number(number) => {
                    sheet.write_number(row, col, number.as_f64().unwrap_or_default())?;
                }
                Json::Bool(value) => {
                    sheet.write_boolean(row, col, *value)?;
                }
                Json::String(text) if text.is_empty() => {
                    sheet.write_formula(row, col, Formula::new("=\"\""))?;
                }
                Json::String(text) => {
                    sheet.write_string(row, col, text)?;
                }
                Json::Object(object) => {
                    let error = object.get("error").and_then(Json::as_str).unwrap_or("#N/A");
                    sheet.write_formula(row, col, Formula::new(format!("={error}")).set_result(error))?;
                }
                Json::Null | Json::Array(_) => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook};

    #[test]
    fn formulas_and_their_cells_are_written() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("playsheet-crosscheck-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let plain = Expressed {
            formula: "=STDEV.S(1,2)".into(),
            ranges: Vec::new(),
            array: Some((2, 1)),
            expected: Vec::new(),
        };
        let cells =
            Cells { first: (1, 1), rows: vec![vec![json!(1.5), json!("")], vec![json!(null), json!(true)]] };
        let over = Expressed {
            formula: "=SUM({0}!$B$2:$C$3)".into(),
            ranges: vec![cells],
            array: None,
            expected: Vec::new(),
        };
        let (file, sidecar) = (folder.join("a.xlsx"), folder.join("a.meta.json"));
        let outputs = write(&[&plain, &over], &file, &sidecar)?;
        let place = |sheet: &str, cell: &str| (sheet.to_owned(), cell.to_owned());
        assert_eq!(outputs, [vec![place("Results", "A1"), place("Results", "A2")], vec![place("F2", "A1")]]);
        let mut workbook: Xlsx<_> = open_workbook(&file)?;
        assert_eq!(
            workbook.worksheet_formula("F2")?.get_value((0, 0)),
            Some(&"SUM(R2_0!$B$2:$C$3)".to_owned())
        );
        let written = workbook.worksheet_range("R2_0")?;
        assert_eq!(written.get_value((1, 1)), Some(&Data::Float(1.5)));
        assert_eq!(written.get_value((2, 2)), Some(&Data::Bool(true)));
        assert_eq!(
            workbook.worksheet_formula("Results")?.get_value((0, 0)),
            Some(&"_xlfn.STDEV.S(1,2)".to_owned())
        );
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }
}
