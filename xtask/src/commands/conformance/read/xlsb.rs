//! .xlsb: the records of workbook and sheets, as far as formula cells go.

use super::tokens::{f64_at, is_volatile, u32_at, wide_text};
use crate::commands::conformance::book::{Book, FormulaCell, error_of_byte};
use crate::values::Value;
use anyhow::{Context, Result};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashMap;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Decompressed bytes of a part beyond which it is refused.
const MOST_BYTES: u64 = 1 << 30;

const ROW: u32 = 0;
const FORMULA_TEXT: u32 = 8;
const FORMULA_NUMBER: u32 = 9;
const FORMULA_BOOL: u32 = 10;
const FORMULA_ERROR: u32 = 11;
const SHEET: u32 = 156;

/// Reads the formula cells.
pub fn read<R: Read + Seek>(mut package: ZipArchive<R>) -> Result<Book> {
    let parts = relations(&part(&mut package, "xl/_rels/workbook.bin.rels")?)?;
    let workbook = part(&mut package, "xl/workbook.bin")?;
    let mut book = Book::default();
    for (kind, data) in Records(&workbook) {
        let Some((relation, name)) = (kind == SHEET).then(|| sheet(data)).flatten() else { continue };
        let Some(target) = parts.get(&relation) else { continue };
        let Ok(records) = part(&mut package, &format!("xl/{target}")) else { continue };
        cells(&records, book.sheets.len(), &mut book.cells);
        book.sheets.push(name);
    }
    Ok(book)
}

fn part<R: Read + Seek>(package: &mut ZipArchive<R>, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = package.by_name(name).with_context(|| format!("no part {name}"))?;
    file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The parts of worksheets by relation id, relative to the workbook's folder.
fn relations(xml: &[u8]) -> Result<HashMap<String, String>> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut parts = HashMap::new();
    loop {
        let (Event::Start(element) | Event::Empty(element)) = (match reader.read_event_into(&mut buffer)? {
            Event::Eof => return Ok(parts),
            event @ (Event::Start(_) | Event::Empty(_)) => event,
            _ => continue,
        }) else {
            continue;
        };
        let attribute = |name: &str| {
            element
                .try_get_attribute(name)
                .ok()
                .flatten()
                .map(|attribute| attribute.value.clone().into_owned())
        };
        if let (Some(id), Some(target), Some(kind)) =
            (attribute("Id"), attribute("Target"), attribute("Type"))
            && kind.ends_with("/worksheet")
        {
            let target = target.strip_prefix("/xl/").unwrap_or(&target).to_owned();
            parts.insert(id, target);
        }
    }
}

/// Relation id and name of a sheet.
fn sheet(data: &[u8]) -> Option<(String, String)> {
    let units = u32_at(data, 8)? as usize;
    let relation = wide_text(data, 12, units)?;
    let at = 12 + units * 2;
    let name = wide_text(data, at + 4, u32_at(data, at)? as usize)?;
    Some((relation, name))
}

fn cells(records: &[u8], sheet: usize, cells: &mut Vec<FormulaCell>) {
    let mut row = 0;
    for (kind, data) in Records(records) {
        if kind == ROW {
            row = u32_at(data, 0).unwrap_or(row);
        } else if let Some(col) = u32_at(data, 0)
            && let Some((cached, after)) = cached(kind, data)
        {
            let volatile = data.get(after + 2 + 4..).is_some_and(is_volatile);
            cells.push(FormulaCell { cached: Some(cached), volatile, ..FormulaCell::new(sheet, row, col) });
        }
    }
}

/// The cached value of a formula's record, and where the flags before the formula's length stand.
fn cached(kind: u32, data: &[u8]) -> Option<(Value, usize)> {
    match kind {
        FORMULA_TEXT => {
            let units = u32_at(data, 8)? as usize;
            Some((Value::Text(wide_text(data, 12, units)?), 12 + units * 2))
        }
        FORMULA_NUMBER => Some((Value::Number(f64_at(data, 8)?), 16)),
        FORMULA_BOOL => Some((Value::Bool(*data.get(8)? != 0), 9)),
        FORMULA_ERROR => Some((Value::Error(error_of_byte(*data.get(8)?)), 9)),
        _ => None,
    }
}

/// The records of a part, kind and data; a broken end ends them.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = self.number(2)?;
        let length = self.number(4)? as usize;
        let (data, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((kind, data))
    }
}

impl Records<'_> {
    /// A number in bytes of seven bits, the lowest first; the eighth says that another follows.
    fn number(&mut self, most: u32) -> Option<u32> {
        let mut number = 0;
        for place in 0..most {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u32::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of a kind and data that both fit into seven bits.
    fn record(kind: u8, data: &[u8]) -> Vec<u8> {
        [&[kind, data.len() as u8], data].concat()
    }

    #[test]
    fn formula_records_give_their_values() {
        let number =
            [&[3, 0, 0, 0, 0, 0, 0, 0][..], &2.5_f64.to_le_bytes(), &[0; 2], &[2, 0, 0, 0, 0x19, 0x01]]
                .concat();
        let text = [&[4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, b'x', 0][..], &[0; 6]].concat();
        let error = [5, 0, 0, 0, 0, 0, 0, 0, 0x2A, 0, 0, 0, 0, 0, 0];
        let records = [
            record(0, &[6, 0, 0, 0]),
            record(9, &number),
            record(8, &text),
            record(11, &error),
            record(5, &[0; 16]),
        ];
        let mut found = Vec::new();
        cells(&records.concat(), 0, &mut found);
        let values: Vec<_> =
            found.iter().map(|cell| (cell.row, cell.col, cell.cached.clone(), cell.volatile)).collect();
        assert_eq!(
            values,
            [
                (6, 3, Some(Value::Number(2.5)), true),
                (6, 4, Some(Value::Text("x".into())), false),
                (6, 5, Some(Value::Error("#N/A".into())), false),
            ]
        );
    }

    #[test]
    fn long_kinds_and_lengths_are_read_and_broken_ends_end() {
        let mut long = vec![0x9C, 0x01, 0x81, 0x01];
        long.extend([7; 129]);
        long.extend([5, 200]);
        let found: Vec<_> = Records(&long).map(|(kind, data)| (kind, data.len())).collect();
        assert_eq!(found, [(SHEET, 129)]);
    }

    #[test]
    fn only_worksheets_are_related() -> Result<()> {
        let xml = br#"<Relationships><Relationship Id="a" Target="worksheets/sheet1.bin" Type="x/worksheet"/>
            <Relationship Id="b" Target="chartsheets/sheet1.bin" Type="x/chartsheet"/></Relationships>"#;
        assert_eq!(relations(xml)?, HashMap::from([("a".into(), "worksheets/sheet1.bin".into())]));
        Ok(())
    }
}
