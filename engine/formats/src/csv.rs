//! The reader for text with separators: .csv, .tsv, .txt.
//!
//! Nothing in such a file says how it is written, so encoding, separator and decimal sign are guessed from its
//! content, in this order. Fields become what Excel makes of them on opening: numbers, dates, TRUE and FALSE, errors,
//! text. What begins with `=` stays text here: a file that anybody can write must not bring formulas along.

mod encoding;
mod separator;

pub(crate) use encoding::is_text;

use crate::budget::Budget;
use crate::{Limits, LoadError, LoadReport, Loaded, NoteKind};
use csv::{ReaderBuilder, StringRecord, Terminator};
use numfmt::{Locale, Reading, parse_typed};
use std::collections::HashMap;
use values::{Cell, DateSystem, MAX_COLS, MAX_ROWS, Text, Value};
use workbook::{CellStyle, Sheet, StyleId, Workbook};

/// The built-in format of dates without a year, which would need a clock.
const DATE_WITHOUT_YEAR: u16 = 16;

/// Reads a workbook of one sheet, named after the file.
pub(crate) fn read(bytes: &[u8], name: &str, limits: &Limits) -> Result<Loaded, LoadError> {
    let mut report = LoadReport::new(limits.notes);
    let text = encoding::decode(bytes);
    let (text, told) = separator::told(&text);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let separator = told.unwrap_or_else(|| separator::guess(text, extension));
    let locale = locale(text, separator);
    if locale.decimal == ',' {
        let message = "Numbers are read with a decimal comma, as most of them have one.";
        report.note(NoteKind::Reading, "", message);
    }
    let mut table = Table {
        sheet: Sheet::new(&sheet_name(name)),
        workbook: Workbook::default(),
        budget: Budget::new(limits.cells),
        styles: HashMap::new(),
        texts: 0,
        limits,
        reading: Reading { locale, system: DateSystem::V1900, year: 1900 },
    };
    table.read(text, separator)?;
    let Table { sheet, mut workbook, .. } = table;
    workbook.sheets.push(sheet);
    Ok(Loaded { workbook, report })
}

/// The file's name as a sheet may be called: without its extension, at most 31 characters, none of `:\/?*[]`.
fn sheet_name(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let plain: String = stem
        .chars()
        .map(
            |c| if matches!(c, ':' | '\\' | '/' | '?' | '*' | '[' | ']') || c.is_control() { '_' } else { c },
        )
        .take(31)
        .collect();
    let plain = plain.trim_matches('\'').trim();
    if plain.is_empty() { "Sheet1".to_owned() } else { plain.to_owned() }
}

/// With a separator other than the comma, numbers may have a decimal comma: they do where more fields look so.
fn locale(text: &str, separator: u8) -> &'static Locale {
    let english = Locale::en_us();
    if separator == b',' {
        return english;
    }
    let (mut commas, mut points) = (0_usize, 0_usize);
    for field in text.split([char::from(separator), '\n', '\r']).take(20_000) {
        let field = field.trim_matches([' ', '"', '-', '+', '%', '€']);
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        match (field.split_once(','), field.split_once('.')) {
            (Some((whole, part)), _) if digits(whole) && digits(part) => commas += 1,
            (None, Some((whole, part))) if digits(whole) && digits(part) && !part.contains('.') => {
                points += 1;
            }
            _ => {}
        }
    }
    if commas > points { Locale::from_tag("de-DE").unwrap_or(english) } else { english }
}

/// Reads the records of a text.
fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(text.as_bytes())
}

struct Table<'a> {
    sheet: Sheet,
    workbook: Workbook,
    budget: Budget,
    /// Styles by the built-in number format that they show.
    styles: HashMap<u16, StyleId>,
    texts: usize,
    limits: &'a Limits,
    reading: Reading<'a>,
}

impl Table<'_> {
    fn read(&mut self, text: &str, separator: u8) -> Result<(), LoadError> {
        let mut reader = reader(text, separator);
        let (mut record, mut row, mut line) = (StringRecord::new(), 0_u64, 1_u64);
        while reader.read_record(&mut record).map_err(|error| LoadError::Damaged(error.to_string()))? {
            // The reader passes over empty lines; the lines that a record took tell how many they were.
            let taken = reader.position().line().saturating_sub(line);
            line = reader.position().line();
            let inside: usize = record.iter().map(|field| field.matches('\n').count()).sum();
            row += taken.saturating_sub(inside as u64 + 1);
            let at = u32::try_from(row).ok().filter(|row| *row < MAX_ROWS);
            let Some(at) = at else {
                return Err(LoadError::TooLarge {
                    what: "the number of its rows",
                    limit: u64::from(MAX_ROWS),
                });
            };
            self.row(at, &record)?;
            row += 1;
        }
        Ok(())
    }

    fn row(&mut self, row: u32, record: &StringRecord) -> Result<(), LoadError> {
        if record.len() > usize::from(MAX_COLS) {
            return Err(LoadError::TooLarge {
                what: "the number of its columns",
                limit: u64::from(MAX_COLS),
            });
        }
        for (col, field) in record.iter().enumerate().filter(|(_, field)| !field.is_empty()) {
            if field.len() > self.limits.text_units && field.encode_utf16().count() > self.limits.text_units {
                let limit = self.limits.text_units as u64;
                return Err(LoadError::TooLarge { what: "a text of a cell", limit });
            }
            let at = Cell::new(row, col as u16);
            self.budget.charge(at)?;
            let (value, format) = self.typed(field);
            self.texts += usize::from(matches!(value, Value::Text(_)));
            if self.texts > self.limits.strings {
                let limit = self.limits.strings as u64;
                return Err(LoadError::TooLarge { what: "the number of its texts", limit });
            }
            self.sheet.grid.set(at, value);
            if let Some(format) = format {
                let style = self.style(format);
                self.sheet.set_style(at, style);
            }
        }
        Ok(())
    }

    fn typed(&self, field: &str) -> (Value, Option<u16>) {
        let text = || Value::Text(Text::from(field));
        // An apostrophe has no meaning in a file, unlike in a cell that is typed into.
        if field.starts_with(['=', '\'']) {
            return (text(), None);
        }
        let typed = parse_typed(field, &self.reading);
        match typed.format {
            Some(DATE_WITHOUT_YEAR) => (text(), None),
            format => (typed.value, format),
        }
    }

    fn style(&mut self, format: u16) -> StyleId {
        let workbook = &mut self.workbook;
        *self.styles.entry(format).or_insert_with(|| {
            let code = numfmt::builtin_in(format, self.reading.locale);
            let number_format = Text::from(code.as_deref().unwrap_or("General"));
            workbook.styles.push(CellStyle { number_format, ..CellStyle::default() })
        })
    }
}

#[cfg(test)]
mod tests;
