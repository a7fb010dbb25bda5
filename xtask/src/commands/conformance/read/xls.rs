//! .xls: the records of the workbook's stream, as far as formula cells go.

use super::tokens::{f64_at, is_volatile, u16_at, u32_at, wide_text};
use crate::commands::conformance::book::{Book, FormulaCell, error_of_byte};
use crate::values::Value;
use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::io::{Cursor, Read};

const SHEET: u16 = 0x85;
const ENCRYPTED: u16 = 0x2F;
const BEGIN: u16 = 0x809;
const END: u16 = 0x0A;
const FORMULA: [u16; 3] = [0x06, 0x206, 0x406];
const TEXT: u16 = 0x207;

/// How the first record of files of Excel 5 and 95 begins. Their texts have one byte a character and no flags.
const VERSION_OF_1995: [u8; 2] = [0x00, 0x05];

/// Reads the formula cells.
pub fn read(bytes: Vec<u8>) -> Result<Book> {
    let stream = stream(bytes)?;
    let mut sheets = HashMap::new();
    let mut before_1997 = false;
    for record in Records::new(&stream) {
        match record.kind {
            BEGIN if record.at == 0 => before_1997 = record.data.starts_with(&VERSION_OF_1995),
            ENCRYPTED => bail!("encrypted"),
            SHEET => {
                if let Some((begins, name)) = sheet(record.data, before_1997) {
                    sheets.insert(begins, name);
                }
            }
            _ => {}
        }
    }
    let mut reading = Reading { book: Book::default(), sheet: None, depth: 0, waiting: None, before_1997 };
    for record in Records::new(&stream) {
        reading.take(&record, &sheets);
    }
    Ok(reading.book)
}

/// The workbook's records: a stream of a compound file, or, in old files, the file itself.
fn stream(bytes: Vec<u8>) -> Result<Vec<u8>> {
    if !bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Ok(bytes);
    }
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).context("no compound file")?;
    let name =
        ["/Workbook", "/Book"].into_iter().find(|name| file.exists(name)).context("no workbook in it")?;
    let mut stream = Vec::new();
    file.open_stream(name)?.read_to_end(&mut stream)?;
    Ok(stream)
}

/// Where a worksheet begins and its name; `None` for charts and macros.
fn sheet(data: &[u8], before_1997: bool) -> Option<(usize, String)> {
    let (begins, kind) = (u32_at(data, 0)?, *data.get(5)?);
    let name = text(data.get(7..)?, usize::from(*data.get(6)?), before_1997)?;
    (kind == 0).then_some((begins as usize, name))
}

/// Text of so many characters behind a byte of flags, which old files lack.
fn text(data: &[u8], length: usize, before_1997: bool) -> Option<String> {
    if before_1997 {
        return data.get(..length).map(narrow_text);
    }
    let (flags, characters) = data.split_first()?;
    if flags & 1 == 1 { wide_text(characters, 0, length) } else { characters.get(..length).map(narrow_text) }
}

/// Text of one byte a character.
fn narrow_text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

struct Reading {
    book: Book,
    /// The sheet whose records come now.
    sheet: Option<usize>,
    /// Charts lie inside of sheets.
    depth: u32,
    /// The cell whose text comes in the next record.
    waiting: Option<usize>,
    before_1997: bool,
}

impl Reading {
    fn take(&mut self, record: &Record<'_>, sheets: &HashMap<usize, String>) {
        match record.kind {
            BEGIN => {
                self.depth += 1;
                if self.depth == 1 {
                    self.sheet = sheets.get(&record.at).map(|name| {
                        self.book.sheets.push(name.clone());
                        self.book.sheets.len() - 1
                    });
                }
            }
            END => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.sheet = None;
                }
            }
            TEXT => self.text(record.data),
            kind if FORMULA.contains(&kind) => self.formula(record.data),
            _ => {}
        }
    }

    fn formula(&mut self, data: &[u8]) {
        let Some(sheet) = self.sheet else { return };
        let (Some(row), Some(col)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
        let Some(result) = data.get(6..14) else { return };
        let mut cell = FormulaCell::new(sheet, row.into(), col.into());
        cell.volatile = data.get(22..).is_some_and(is_volatile);
        let text_follows = result.starts_with(&[0]) && result.ends_with(&[0xFF, 0xFF]);
        cell.cached = if text_follows { None } else { cached(result) };
        self.book.cells.push(cell);
        if text_follows {
            self.waiting = Some(self.book.cells.len() - 1);
        }
    }

    fn text(&mut self, data: &[u8]) {
        let Some(cell) = self.waiting.take().and_then(|index| self.book.cells.get_mut(index)) else { return };
        let (Some(length), Some(rest)) = (u16_at(data, 0), data.get(2..)) else { return };
        // A text that goes on in another record is not put together; its cell stays without a value.
        cell.cached = text(rest, length.into(), self.before_1997).map(Value::Text);
    }
}

/// The cached result of a formula that is no text, in its eight bytes.
fn cached(result: &[u8]) -> Option<Value> {
    if !result.ends_with(&[0xFF, 0xFF]) {
        return f64_at(result, 0).map(Value::Number);
    }
    let byte = *result.get(2)?;
    Some(match result.first()? {
        1 => Value::Bool(byte != 0),
        2 => Value::Error(error_of_byte(byte)),
        _ => Value::Text(String::new()),
    })
}

struct Record<'a> {
    kind: u16,
    /// Where its head stands in the stream.
    at: usize,
    data: &'a [u8],
}

struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn new(stream: &'a [u8]) -> Self {
        Self { stream, at: 0 }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, length) = (u16_at(self.stream, self.at)?, u16_at(self.stream, self.at + 2)?);
        let from = self.at + 4;
        let data = self.stream.get(from..from + usize::from(length))?;
        let record = Record { kind, at: self.at, data };
        self.at = from + usize::from(length);
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn formula(col: u16, result: [u8; 8], tokens: &[u8]) -> Vec<u8> {
        let head = [&[2, 0][..], &col.to_le_bytes(), &[0, 0], &result, &[0; 6]].concat();
        record(0x06, &[&head[..], &(tokens.len() as u16).to_le_bytes(), tokens].concat())
    }

    #[test]
    fn formula_records_give_their_values() -> Result<()> {
        let head = record(BEGIN, &[0, 6]).len() + record(SHEET, &[0; 9]).len() + record(END, &[]).len();
        let begins = (head as u32).to_le_bytes();
        let sheet = [&begins[..], &[0, 0, 1, 0, b'S']].concat();
        let stream = [
            record(BEGIN, &[0, 6]),
            record(SHEET, &sheet),
            record(END, &[]),
            record(BEGIN, &[]),
            formula(0, 2.5_f64.to_le_bytes(), &[0x1E, 1, 0]),
            formula(1, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF], &[]),
            record(TEXT, &[2, 0, 0, b'h', b'i']),
            formula(2, [2, 0, 0x07, 0, 0, 0, 0xFF, 0xFF], &[0x19, 0x01]),
            formula(3, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF], &[]),
            record(BEGIN, &[]),
            record(END, &[]),
            formula(4, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF], &[]),
            record(END, &[]),
            formula(5, 1.0_f64.to_le_bytes(), &[]),
        ];
        let book = read(stream.concat())?;
        assert_eq!(book.sheets, ["S"]);
        let found: Vec<_> = book.cells.iter().map(|cell| (cell.row, cell.col, cell.cached.clone())).collect();
        assert_eq!(
            found,
            [
                (2, 0, Some(Value::Number(2.5))),
                (2, 1, Some(Value::Text("hi".into()))),
                (2, 2, Some(Value::Error("#DIV/0!".into()))),
                (2, 3, Some(Value::Bool(true))),
                (2, 4, Some(Value::Text(String::new()))),
            ]
        );
        assert_eq!(book.cells.iter().filter(|cell| cell.volatile).count(), 1);
        Ok(())
    }

    #[test]
    fn texts_of_old_files_have_no_flags() -> Result<()> {
        let (begin, end) = (record(BEGIN, &[0, 5]), record(END, &[]));
        let head = begin.len() + record(SHEET, &[0; 8]).len() + end.len();
        let sheet = record(SHEET, &[&(head as u32).to_le_bytes()[..], &[0, 0, 1, b'S']].concat());
        let cell = formula(1, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF], &[]);
        let text = record(TEXT, &[1, 0, b'x']);
        let book = read([begin.clone(), sheet, end, begin, cell, text].concat())?;
        assert_eq!(book.sheets, ["S"]);
        assert_eq!(book.cells.first().and_then(|cell| cell.cached.clone()), Some(Value::Text("x".into())));
        Ok(())
    }

    #[test]
    fn encrypted_files_are_refused() {
        let refused = read(record(ENCRYPTED, &[0; 4])).map_err(|error| error.to_string());
        assert_eq!(refused.err().as_deref(), Some("encrypted"));
    }
}
