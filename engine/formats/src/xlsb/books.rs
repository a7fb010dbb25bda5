//! Other workbooks and add-ins that formulas refer to. The files themselves are never opened.

use super::records::RecordReader;
use super::workbook_part::{Book, WorkbookPart};
use crate::binary::{Bytes, ExternSheet, NameText, cell, error, number};
use crate::budget::Budget;
use crate::package::{Package, Relation};
use crate::sheet_names::SheetNames;
use crate::xls::{other_workbook, own_sheets};
use crate::{LoadError, LoadReport};
use std::collections::HashMap;
use values::{Text, Value};
use workbook::{ExternalBook, Grid};

/// What is known of all of them.
#[derive(Default)]
pub(crate) struct Books {
    /// Names of each, in order.
    pub names: Vec<Vec<NameText>>,
    /// The other workbooks, in the order in which formula texts number them.
    pub external: Vec<ExternalBook>,
}

/// Reads them, with the cells that the file remembers.
pub(crate) fn read(
    package: &mut Package<'_>,
    books: &[Book],
    relations: &HashMap<String, Relation>,
    budget: &mut Budget,
    report: &mut LoadReport,
) -> Result<Books, LoadError> {
    let mut all = Books::default();
    for book in books {
        let mut names = Vec::new();
        match book {
            Book::This => {}
            Book::AddIn(functions) => names.clone_from(functions),
            Book::Other(relation) => {
                let mut external = ExternalBook::default();
                if let Some(relation) = relations.get(relation) {
                    let own = package.relations(&relation.target)?;
                    if let Some(target) = own.values().find(|relation| relation.external) {
                        external.target = Text::from(target.target.as_str());
                    }
                    budget.next_sheet();
                    read_book(package, &relation.target, &mut external, &mut names, budget)?;
                }
                report.external_link(&external.target);
                all.external.push(external);
            }
        }
        all.names.push(names);
    }
    Ok(all)
}

fn read_book(
    package: &mut Package<'_>,
    part: &str,
    book: &mut ExternalBook,
    names: &mut Vec<NameText>,
    budget: &mut Budget,
) -> Result<(), LoadError> {
    let Some(source) = package.source(part)? else { return Ok(()) };
    let mut records = RecordReader::new(source);
    let (mut sheet, mut row) = (0_usize, 0);
    while let Some((kind, mut data)) = records.next()? {
        match kind {
            359 => {
                let count = data.u32().unwrap_or(0);
                let names = (0..count).map_while(|_| data.wide_text());
                book.sheets.extend(names.map(|name| (Text::from(name), Grid::default())));
            }
            363 => sheet = data.u32().unwrap_or(u32::MAX) as usize,
            366 => row = data.u32().unwrap_or(u32::MAX),
            368..=371 => {
                let at = data.u32().and_then(|col| cell(row, col));
                let grid = book.sheets.get_mut(sheet).map(|(_, grid)| grid);
                if let (Some(at), Some(grid), Some(value)) = (at, grid, value(kind, &mut data)) {
                    budget.charge(at)?;
                    grid.set(at, value);
                }
            }
            577 => names.extend(data.wide_text()),
            _ => {}
        }
    }
    Ok(())
}

fn value(kind: u16, data: &mut Bytes<'_>) -> Option<Value> {
    Some(match kind {
        368 => number(data.f64()?),
        369 => Value::Bool(data.u8()? != 0),
        370 => Value::Error(error(data.u8()?)),
        _ => Value::text(&data.wide_text()?),
    })
}

/// What stands before the `!` for each number that tokens use.
pub(crate) fn prefixes(
    part: &WorkbookPart,
    external: &[ExternalBook],
    names: &SheetNames,
) -> Vec<ExternSheet> {
    // Formula texts count only the other workbooks, from 1.
    let number = |place: usize| {
        part.books.iter().take(place + 1).filter(|book| matches!(book, Book::Other(_))).count()
    };
    part.links
        .iter()
        .map(|(book, first, last)| {
            let place = *book as usize;
            let small = |sheet: i32| i16::try_from(sheet).unwrap_or(-1);
            match part.books.get(place) {
                Some(Book::This) => own_sheets(small(*first), small(*last), names),
                Some(Book::AddIn(_)) => ExternSheet { book: Some(place), ..ExternSheet::default() },
                Some(Book::Other(_)) => {
                    let number = number(place);
                    let sheets = number.checked_sub(1).and_then(|place| external.get(place));
                    let sheet = usize::try_from(*first).ok();
                    let name = sheets.zip(sheet).and_then(|(book, sheet)| book.sheets.get(sheet));
                    let prefix = other_workbook(number, name.map(|(name, _)| name.as_str()));
                    ExternSheet { prefix, gone: *first == -1, book: Some(place) }
                }
                None => ExternSheet { gone: true, ..ExternSheet::default() },
            }
        })
        .collect()
}
