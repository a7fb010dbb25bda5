//! The original with the values of now, through umya: what is not touched keeps its looks.
//!
//! umya shares formulas between cells; a cell that gets a value might be the one that holds the shared text, so
//! every shared formula is written out. Cells that umya reads otherwise than the model are set too.

use crate::contents::{Contents, Wanted, written_error};
use std::collections::BTreeSet;
use std::io::Cursor;
use umya_spreadsheet::{CellErrorType, CellFormulaValues, CellRawValue, Worksheet};
use values::{Cell, CellError, Col, Row, SheetId, Value};
use workbook::Sheet;

/// Reads the original, sets what differs, and writes all of it.
pub(crate) fn rewrite(contents: &Contents<'_>, original: &[u8]) -> Result<Vec<u8>, String> {
    let mut file = umya_spreadsheet::reader::xlsx::read_reader(Cursor::new(original), true)
        .map_err(|error| error.to_string())?;
    // An .xlsx holds no macros: with them, Excel would not open it.
    file.remove_macros_code();
    file.remove_jsa_macros_code();
    let workbook = contents.book.workbook;
    if file.sheet_count() != workbook.sheets.len() {
        return Err(format!("{} of its {} sheets can be read", file.sheet_count(), workbook.sheets.len()));
    }
    for (id, sheet) in workbook.sheets() {
        let target = file.sheet_mut(usize::from(id.0)).map_err(|error| error.to_string())?;
        set_cells(contents, id, target);
        keep_columns(sheet, target);
    }
    write(&file)
}

/// Writes a workbook of umya's.
pub(crate) fn write(file: &umya_spreadsheet::Workbook) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    umya_spreadsheet::writer::xlsx::write_writer(file, &mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn set_cells(contents: &Contents<'_>, id: SheetId, target: &mut Worksheet) {
    let mut left = contents.cells(id);
    for cell in target.collection_to_hashmap_mut().values_mut() {
        let Some(at) = place(cell.coordinate().row_num(), cell.coordinate().col_num()) else { continue };
        left.remove(&at);
        set_cell(contents, id, at, cell);
    }
    for at in left {
        set_cell(contents, id, at, target.cell_mut((u32::from(at.col.0) + 1, at.row.0 + 1)));
    }
}

/// umya's rows and columns count from 1.
fn place(row: u32, col: u32) -> Option<Cell> {
    Some(Cell::new(row.checked_sub(1)?, u16::try_from(col.checked_sub(1)?).ok()?))
}

/// Gives one cell what it is to hold.
pub(crate) fn set_cell(contents: &Contents<'_>, sheet: SheetId, at: Cell, cell: &mut umya_spreadsheet::Cell) {
    match contents.wanted(sheet, at) {
        Wanted::Value(value) => {
            if cell.is_formula() || !holds(cell.raw_value(), value) {
                set_value(cell, value);
            }
        }
        Wanted::Formula(template, value) => {
            let own = cell.formula_obj().is_some_and(|formula| {
                *formula.formula_type() == CellFormulaValues::Normal && !formula.text().is_empty()
            });
            if !own {
                cell.set_formula(contents.text(template, at));
            }
            set_result(cell, value);
        }
    }
}

/// Whether umya has the value that is wanted.
fn holds(raw: &CellRawValue, value: &Value) -> bool {
    match (raw, value) {
        (CellRawValue::Empty, Value::Empty) => true,
        (CellRawValue::Numeric(a), Value::Number(b)) => a.to_bits() == b.to_bits(),
        (CellRawValue::Bool(a), Value::Bool(b)) => a == b,
        (CellRawValue::String(text), Value::Text(wanted)) => **text == *escaped(wanted),
        (CellRawValue::RichText(text), Value::Text(wanted)) => text.text() == escaped(wanted).as_str(),
        (CellRawValue::Error(a), Value::Error(b)) => *a == error(*b),
        _ => false,
    }
}

fn set_value(cell: &mut umya_spreadsheet::Cell, value: &Value) {
    cell.set_blank();
    set_result(cell, value);
}

/// Sets the value and leaves the formula. What is no value of a cell never stands in a grid.
fn set_result(cell: &mut umya_spreadsheet::Cell, value: &Value) {
    match value {
        Value::Number(number) => cell.set_formula_result_number(*number),
        Value::Bool(truth) => cell.set_formula_result_bool(*truth),
        Value::Text(text) => cell.set_formula_result_string(escaped(text)),
        Value::Error(found) => cell.set_formula_result_error(error(*found)),
        _ => cell.set_formula_result_blank(),
    };
}

fn error(error: CellError) -> CellErrorType {
    match written_error(error) {
        CellError::Div0 => CellErrorType::Div0,
        CellError::NA => CellErrorType::NA,
        CellError::Name => CellErrorType::Name,
        CellError::Null => CellErrorType::Null,
        CellError::Num => CellErrorType::Num,
        CellError::Ref => CellErrorType::Ref,
        _ => CellErrorType::Value,
    }
}

/// Text as a file holds it: what XML cannot hold, and what looks like the escape for it, as `_x000D_`.
/// Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (place, c) in text.char_indices() {
        let looks_escaped = || {
            let digits = text.get(place + 2..place + 6);
            text[place..].starts_with("_x")
                && digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
                && text.get(place + 6..place + 7) == Some("_")
        };
        match c {
            '\t' | '\n' => out.push(c),
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                out.push_str(&format!("_x{:04X}_", c as u32));
            }
            '_' if looks_escaped() => out.push_str("_x005F_"),
            c => out.push(c),
        }
    }
    out
}

/// umya makes a column of a width of its own for every cell it is asked for; those that the file does not
/// describe go again.
fn keep_columns(sheet: &Sheet, target: &mut Worksheet) {
    let described: BTreeSet<u32> = sheet.column_widths.keys().map(|col| u32::from(col.0) + 1).collect();
    target.column_dimensions_mut().retain(|column| {
        let index = column.col_num().saturating_sub(1);
        described.contains(&column.col_num())
            || sheet.column_styles.get(Row(index)).is_some()
            || u16::try_from(index).is_ok_and(|col| !sheet.column_visible(Col(col)))
    });
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_xml_cannot_hold_is_escaped() {
        for (text, file) in [
            ("plain", "plain"),
            ("two\nlines", "two\nlines"),
            ("a\rb", "a_x000D_b"),
            ("_x000D_", "_x005F_x000D_"),
            ("_x00", "_x00"),
            ("x_xäöüß_", "x_xäöüß_"),
            ("\u{1}", "_x0001_"),
        ] {
            assert_eq!(escaped(text), file, "{text:?}");
        }
    }
}
