//! Which sheets, workbooks and add-ins formulas refer to by number, and what the file remembers of them.

use super::Version;
use crate::binary::{Bytes, ExternSheet, NameText, cell, error, number};
use crate::budget::Budget;
use crate::sheet_names::SheetNames;
use crate::{LoadError, LoadReport};
use values::{Text, Value};
use workbook::{ExternalBook, Grid};

/// A workbook or add-in that formulas refer to.
enum Book {
    This,
    AddIn,
    /// With its path, its sheets and cached cells by sheet.
    Other {
        target: String,
        sheets: Vec<String>,
        cells: Vec<Cached>,
    },
}

/// A remembered cell: sheet, row, column.
type Cached = (usize, u32, u32, Value);

/// All of them, and the numbers that tokens use.
#[derive(Default)]
pub(crate) struct Books {
    books: Vec<Book>,
    /// Names of each book, in order.
    pub names: Vec<Vec<NameText>>,
    /// (book, first sheet, last sheet).
    links: Vec<(u16, i16, i16)>,
    /// The sheet that cached cells belong to.
    cached_sheet: usize,
}

impl Books {
    /// Reads a record of this part of the workbook.
    pub fn record(&mut self, kind: u16, data: &[u8], version: Version) {
        let mut data = Bytes(data);
        // A record that is cut off is left out; formulas that need it say so.
        let _ = match kind {
            0x01ae => self.book(&mut data, version),
            0x0017 => self.link(&mut data, version),
            0x0023 => self.name(&mut data, version),
            0x0059 => self.cached(&mut data),
            _ => self.cached_row(&mut data, version),
        };
    }

    /// Source: [MS-XLS] 2.4.271 (SupBook).
    fn book(&mut self, data: &mut Bytes<'_>, version: Version) -> Option<()> {
        let count = data.u16()?;
        let book = match Bytes(data.0).u16()? {
            0x0401 => Book::This,
            0x3a01 => Book::AddIn,
            _ => {
                let target = path(&version.text(data)?);
                if is_analysis_tools(&target) {
                    self.books.push(Book::AddIn);
                    self.names.push(Vec::new());
                    return Some(());
                }
                let sheets = (0..count).map_while(|_| version.text(data)).collect();
                Book::Other { target, sheets, cells: Vec::new() }
            }
        };
        self.books.push(book);
        self.names.push(Vec::new());
        Some(())
    }

    /// Source: [MS-XLS] 2.4.106 (ExternSheet).
    fn link(&mut self, data: &mut Bytes<'_>, version: Version) -> Option<()> {
        if matches!(version, Version::Biff5(_)) {
            return None;
        }
        for _ in 0..data.u16()? {
            self.links.push((data.u16()?, data.u16()?.cast_signed(), data.u16()?.cast_signed()));
        }
        Some(())
    }

    /// Source: [MS-XLS] 2.4.105 (ExternName).
    fn name(&mut self, data: &mut Bytes<'_>, version: Version) -> Option<()> {
        data.skip(6)?;
        let name = version.short_text(data)?;
        self.names.last_mut()?.push(name);
        Some(())
    }

    fn cached(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        data.skip(2)?;
        self.cached_sheet = usize::from(data.u16()?);
        Some(())
    }

    /// Source: [MS-XLS] 2.4.65 (CRN).
    fn cached_row(&mut self, data: &mut Bytes<'_>, version: Version) -> Option<()> {
        let (last, first) = (data.u8()?, data.u8()?);
        let row = u32::from(data.u16()?);
        let Some(Book::Other { cells, .. }) = self.books.last_mut() else { return None };
        for col in first..=last {
            let value = match data.u8()? {
                1 => number(data.f64()?),
                2 => Value::text(&version.text(data)?),
                kind => {
                    let byte = data.u8()?;
                    data.skip(7)?;
                    match kind {
                        4 => Value::Bool(byte != 0),
                        0x10 => Value::Error(error(byte)),
                        _ => continue,
                    }
                }
            };
            cells.push((self.cached_sheet, row, u32::from(col), value));
        }
        Some(())
    }

    /// Other workbooks in the order in which formula texts number them.
    pub fn external(
        &self,
        budget: &mut Budget,
        report: &mut LoadReport,
    ) -> Result<Vec<ExternalBook>, LoadError> {
        let mut all = Vec::new();
        for book in &self.books {
            let Book::Other { target, sheets, cells } = book else { continue };
            let mut grids: Vec<(Text, Grid)> =
                sheets.iter().map(|name| (Text::from(name.as_str()), Grid::default())).collect();
            budget.next_sheet();
            for (sheet, row, col, value) in cells {
                if let (Some((_, grid)), Some(at)) = (grids.get_mut(*sheet), cell(*row, *col)) {
                    budget.charge(at)?;
                    grid.set(at, value.clone());
                }
            }
            report.external_link(target);
            all.push(ExternalBook {
                target: Text::from(target.as_str()),
                sheets: grids,
                ..ExternalBook::default()
            });
        }
        Ok(all)
    }

    /// What stands before the `!` for each number that tokens use.
    pub fn prefixes(&self, names: &SheetNames) -> Vec<ExternSheet> {
        // Formula texts count only the other workbooks, from 1.
        let number = |place: usize| {
            self.books.iter().take(place + 1).filter(|book| matches!(book, Book::Other { .. })).count()
        };
        self.links
            .iter()
            .map(|(book, first, last)| {
                let place = usize::from(*book);
                match self.books.get(place) {
                    Some(Book::This) => own(*first, *last, names),
                    Some(Book::AddIn) => ExternSheet { book: Some(place), ..ExternSheet::default() },
                    Some(Book::Other { sheets, .. }) => {
                        let sheet = usize::try_from(*first).ok().and_then(|first| sheets.get(first));
                        let prefix = other(number(place), sheet.map(String::as_str));
                        ExternSheet { prefix, gone: *first == -1, book: Some(place) }
                    }
                    None => ExternSheet { gone: true, ..ExternSheet::default() },
                }
            })
            .collect()
    }
}

/// Whether a file is the add-in whose functions Excel has had of its own since 2007: `ATPVBAEN.XLA` in English.
fn is_analysis_tools(target: &str) -> bool {
    let name = target.rsplit(['/', '\\']).next().unwrap_or(target).to_ascii_uppercase();
    let (name, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    extension.starts_with("XLA") && (name.starts_with("ATPVBA") || name == "FUNCRES")
}

/// One sheet or several of this workbook; -2 stands for the workbook, -1 for a sheet that is gone.
pub(crate) fn own(first: i16, last: i16, names: &SheetNames) -> ExternSheet {
    let name = |place: i16| usize::try_from(place).ok().and_then(|place| names.get(place));
    if first == -2 {
        return ExternSheet::default();
    }
    let prefix = match (name(first), name(last)) {
        (Some(a), Some(b)) if a != b => {
            let quoted = [a, b].map(formula::quote_sheet);
            if quoted.iter().any(|name| name.starts_with('\'')) {
                format!("'{}:{}'!", a.replace('\'', "''"), b.replace('\'', "''"))
            } else {
                format!("{a}:{b}!")
            }
        }
        (Some(a), _) => format!("{}!", formula::quote_sheet(a)),
        _ => return ExternSheet { gone: true, ..ExternSheet::default() },
    };
    ExternSheet { prefix, ..ExternSheet::default() }
}

/// Another workbook by its number, with one of its sheets or as a whole.
pub(crate) fn other(number: usize, sheet: Option<&str>) -> String {
    match sheet {
        None => format!("[{number}]!"),
        Some(sheet) if formula::quote_sheet(sheet).starts_with('\'') => {
            format!("'[{number}]{}'!", sheet.replace('\'', "''"))
        }
        Some(sheet) => format!("[{number}]{sheet}!"),
    }
}

/// A path as people write it; the file has control characters for its parts. Source: [MS-XLS] 2.5.277 (VirtualPath).
fn path(encoded: &str) -> String {
    let mut text = String::new();
    let mut rest = encoded.strip_prefix('\u{1}').unwrap_or(encoded).chars();
    while let Some(c) = rest.next() {
        match c {
            // A drive, or another computer.
            '\u{1}' => match rest.next() {
                Some('@') => text.push_str("//"),
                Some(drive) => text.extend([drive, ':', '/']),
                None => {}
            },
            '\u{2}' | '\u{3}' => text.push('/'),
            '\u{4}' => text.push_str("../"),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_analysis_tools_are_told_by_their_file() {
        for (target, is_it) in [
            ("ATPVBAEN.XLA", true),
            ("C:/Office/Library/Analysis/atpvbade.xla", true),
            ("FUNCRES.XLAM", true),
            ("ATPVBAEN.xls", false),
            ("book.xla", false),
            ("ATPVBAEN", false),
        ] {
            assert_eq!(is_analysis_tools(target), is_it, "{target}");
        }
    }

    #[test]
    fn paths_are_written_out() {
        for (encoded, plain) in [
            ("\u{1}\u{1}CData\u{3}book.xls", "C:/Data/book.xls"),
            ("\u{1}\u{1}@server\u{3}book.xls", "//server/book.xls"),
            ("\u{1}\u{4}book.xls", "../book.xls"),
            ("book.xls", "book.xls"),
        ] {
            assert_eq!(path(encoded), plain);
        }
    }
}
