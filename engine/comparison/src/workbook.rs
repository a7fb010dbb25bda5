//! Workbooks for engines that read no .xlsx: sheets as rows of constants and formulas.

use anyhow::Result;
use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::{Value, json};
use std::path::Path;

/// Sheets with their cells; formulas begin with `=` and have the names that people type.
pub fn cells(file: &Path) -> Result<Value> {
    let mut workbook: Xlsx<_> = open_workbook(file)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let values = workbook.worksheet_range(&name)?;
        let formulas = workbook.worksheet_formula(&name)?;
        let (rows, cols) = match (values.end(), formulas.end()) {
            (Some(a), Some(b)) => (a.0.max(b.0) + 1, a.1.max(b.1) + 1),
            (Some(end), None) | (None, Some(end)) => (end.0 + 1, end.1 + 1),
            (None, None) => (0, 0),
        };
        let cell = |row, col| match formulas.get_value((row, col)).filter(|text| !text.is_empty()) {
            Some(formula) => format!("={}", typed_form(formula)).into(),
            None => values.get_value((row, col)).map_or(Value::Null, constant),
        };
        let rows: Vec<Vec<Value>> =
            (0..rows).map(|row| (0..cols).map(|col| cell(row, col)).collect()).collect();
        sheets.push(json!({"name": name, "rows": rows}));
    }
    Ok(json!({ "sheets": sheets }))
}

fn constant(data: &Data) -> Value {
    match data {
        Data::Int(number) => (*number).into(),
        Data::Float(number) => (*number).into(),
        Data::DateTime(moment) => moment.as_f64().into(),
        // A text that looks like something else is marked as a text.
        Data::String(text) => format!("'{text}").into(),
        Data::Bool(value) => (*value).into(),
        Data::Error(error) => format!("={error}").into(),
        Data::DateTimeIso(_) | Data::DurationIso(_) | Data::Empty => Value::Null,
    }
}

/// A formula without the prefixes that files put before newer names, and with `#` after spilled cells.
fn typed_form(formula: &str) -> String {
    let mut text = formula.to_owned();
    for prefix in ["_xlfn.", "_xlws.", "_xlpm."] {
        text = text.replace(prefix, "");
    }
    while let Some((before, rest)) = text.split_once("ANCHORARRAY(") {
        let Some((cell, after)) = rest.split_once(')') else { break };
        text = format!("{before}{cell}#{after}");
    }
    text
}

/// Row and column, counted from 1, of an address.
pub fn parse_address(text: &str) -> Option<(u32, u32)> {
    let end = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = text.split_at(end);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return None;
    }
    let col = letters.bytes().fold(0, |col, letter| col * 26 + u32::from(letter - b'A') + 1);
    Some((row.parse().ok().filter(|row| *row > 0)?, col))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_counted_from_one() {
        assert_eq!(parse_address("A1"), Some((1, 1)));
        assert_eq!(parse_address("AB12"), Some((12, 28)));
        for text in ["", "A", "1", "A0", "a1", "$A$1"] {
            assert_eq!(parse_address(text), None, "{text}");
        }
    }

    #[test]
    fn formulas_lose_what_only_files_have() {
        assert_eq!(typed_form("_xlfn._xlws.SORT(_xlfn.ANCHORARRAY(S!A1))"), "SORT(S!A1#)");
        assert_eq!(typed_form("_xlfn.LET(_xlpm.x,1,_xlpm.x)"), "LET(x,1,x)");
    }
}
