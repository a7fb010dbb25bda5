//! .xlsx and .xlsm through calamine, cell by cell, so that a far-off cell costs nothing.
//!
//! calamine refuses errors that it does not know (`#SPILL!`) and tells their name but not their cell. The cells come
//! in the same order in every pass, so a second pass over the formulas alone tells which it was.

use crate::commands::conformance::book::{Book, FormulaCell};
use crate::values::Value;
use anyhow::{Result, bail};
use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use std::io::{Cursor, Read, Seek};

/// Refused cells of one sheet beyond which the sheet is given up.
const MOST_REFUSED: usize = 100_000;

/// Reads the formula cells.
pub fn read(bytes: Vec<u8>) -> Result<Book> {
    let mut file = Xlsx::new(Cursor::new(bytes))?;
    let sheets = file.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let mut book = Book { sheets: sheets.map(|sheet| sheet.name.clone()).collect(), cells: Vec::new() };
    for (index, name) in book.sheets.iter().enumerate() {
        let refused = match cells(&mut file, name, index, &mut book.cells) {
            Ok(refused) => refused,
            Err(error) if no_cells(&error) => continue,
            Err(error) => bail!("sheet {name}: {error}"),
        };
        if !refused.is_empty() {
            find_refused(&mut file, name, index, &refused, &mut book.cells)?;
        }
    }
    Ok(book)
}

/// Sheets that hold something else than cells are listed as worksheets too.
fn no_cells(error: &XlsxError) -> bool {
    matches!(error, XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_))
}

/// Takes the formula cells of a sheet; answers which of all its cells held an error of an unknown name.
fn cells<R: Read + Seek>(
    file: &mut Xlsx<R>,
    name: &str,
    sheet: usize,
    cells: &mut Vec<FormulaCell>,
) -> Result<Vec<(usize, String)>, XlsxError> {
    let mut reader = file.worksheet_cells_reader(name)?;
    let mut refused = Vec::new();
    let mut failures = 0;
    for index in 0_usize.. {
        match reader.next_cell_with_formula() {
            Ok(None) => break,
            Ok(Some(cell)) => {
                if let Some(formula) = cell.formula {
                    let (row, col) = cell.pos;
                    let cached = value(&cell.value);
                    cells.push(FormulaCell {
                        formula: Some(formula),
                        cached,
                        ..FormulaCell::new(sheet, row, col)
                    });
                }
            }
            Err(XlsxError::CellError(error)) => refused.push((index, error)),
            Err(error) if is_broken(&error) || failures >= MOST_REFUSED => return Err(error),
            Err(_) => failures += 1,
        }
    }
    Ok(refused)
}

/// Adds the cells whose errors were refused, found by their number.
fn find_refused<R: Read + Seek>(
    file: &mut Xlsx<R>,
    name: &str,
    sheet: usize,
    refused: &[(usize, String)],
    cells: &mut Vec<FormulaCell>,
) -> Result<(), XlsxError> {
    let mut reader = file.worksheet_cells_reader(name)?;
    let mut waiting = refused.iter().peekable();
    for index in 0_usize.. {
        let next = match reader.next_formula() {
            Ok(None) => break,
            Err(error) if is_broken(&error) => return Err(error),
            next => next.ok().flatten(),
        };
        let Some((_, error)) = waiting.next_if(|(number, _)| *number == index) else { continue };
        if let Some(cell) = next.filter(|cell| !cell.get_value().is_empty()) {
            let (row, col) = cell.get_position();
            let (formula, cached) = (Some(cell.get_value().clone()), Some(Value::Error(error.clone())));
            cells.push(FormulaCell { formula, cached, ..FormulaCell::new(sheet, row, col) });
        }
    }
    Ok(())
}

/// Errors after which the rest of the sheet cannot be read.
fn is_broken(error: &XlsxError) -> bool {
    matches!(error, XlsxError::Xml(_) | XlsxError::XmlEof(_) | XlsxError::Io(_) | XlsxError::Zip(_))
}

fn value(value: &DataRef<'_>) -> Option<Value> {
    Some(match value {
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::DateTime(moment) => Value::Number(moment.as_f64()),
        DataRef::String(text) => Value::Text(text.clone()),
        DataRef::SharedString(text) => Value::Text((*text).to_owned()),
        DataRef::Bool(value) => Value::Bool(*value),
        DataRef::Error(error) => Value::Error(error.to_string()),
        DataRef::DateTimeIso(_) | DataRef::DurationIso(_) | DataRef::Empty => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// A workbook of one sheet with these rows.
    fn file(rows: &str) -> Result<Vec<u8>> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let parts = [
            (
                "_rels/.rels",
                format!(
                    "<Relationships><Relationship Id=\"w\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"S &amp; T\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships><Relationship Id=\"s\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
            ),
        ];
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            package.start_file(name, SimpleFileOptions::default())?;
            package.write_all(text.as_bytes())?;
        }
        Ok(package.finish()?.into_inner())
    }

    #[test]
    fn formulas_and_cached_values_are_read() -> Result<()> {
        let rows = r##"<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c>
            <c r="C1" t="str"><f t="shared" ref="C1:C2" si="0">A1&amp;"x"</f><v>1x</v></c></row>
            <row r="2"><c r="A2" t="e"><v>#SPILL!</v></c><c r="B2" t="e"><f>A1#</f><v>#SPILL!</v></c>
            <c r="C2" t="str"><f t="shared" si="0"/><v></v></c></row>
            <row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B3" t="b"><f>TRUE</f><v>1</v></c>
            <c r="C3"><f>A1</f></c></row>"##;
        let book = read(file(rows)?)?;
        assert_eq!(book.sheets, ["S & T"]);
        let shown = |cell: &FormulaCell| {
            let cached = cell.cached.as_ref().map_or("none".into(), Value::shown);
            let place = crate::values::address(cell.row, cell.col);
            format!("{place} {} {cached}", cell.formula.as_deref().unwrap_or_default())
        };
        let mut cells: Vec<String> = book.cells.iter().map(shown).collect();
        cells.sort();
        let expected = [
            "A3 1/0 #DIV/0!",
            "B1 A1*2 2",
            "B2 A1# #SPILL!",
            "B3 TRUE TRUE",
            "C1 A1&\"x\" \"1x\"",
            "C2 A2&\"x\" \"\"",
            "C3 A1 none",
        ];
        assert_eq!(cells, expected);
        Ok(())
    }
}
