//! Tables: their ranges where they grew, and their columns' names where a heading changed.
//!
//! A heading's cell and the column's name in the table's part are one thing in two places; a file where they
//! differ is one that programs repair.

use super::archive::{Packed, Parts};
use super::book::{Book, small_part};
use super::content::text_value;
use super::scan::{Kind, Piece, Scanner};
use super::sheet::Grown;
use super::{Changes, Content, SaveError};
use crate::package::Package;
use crate::xlsx::tables::read;
use std::collections::BTreeMap;
use values::{Cell, Rect, Row, SheetId, Value, equal_text, fold_case};
use workbook::Table;

/// The tables of a sheet with their parts.
fn of_sheet(
    package: &mut Package<'_>,
    book: &Book<'_>,
    sheet: SheetId,
) -> Result<Vec<(String, Table)>, SaveError> {
    let relations = package.relations(book.sheet_part(sheet)?)?;
    let mut tables = Vec::new();
    for relation in relations.into_values().filter(|relation| relation.kind == "table" && !relation.external)
    {
        if let Some(table) = read(package, &relation.target, sheet)? {
            tables.push((relation.target, table));
        }
    }
    tables.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(tables)
}

/// The rows that tables of a sheet got, with the row whose looks they take.
pub(super) fn grown(
    package: &mut Package<'_>,
    book: &Book<'_>,
    sheet: SheetId,
    changes: &Changes,
) -> Result<Vec<Grown>, SaveError> {
    let mut grown = Vec::new();
    if changes.tables.iter().all(|change| change.sheet != sheet) {
        return Ok(grown);
    }
    for (_, table) in of_sheet(package, book, sheet)? {
        let change = changes
            .tables
            .iter()
            .find(|change| change.sheet == sheet && equal_text(&change.name, &table.name));
        let (Some(change), Some(data)) = (change, table.data()) else { continue };
        if change.area.bottom > table.area.bottom {
            let area = Rect { top: Row(data.bottom.0 + 1), ..change.area };
            grown.push(Grown { area, model: data.bottom });
        }
    }
    Ok(grown)
}

/// What becomes of a table.
struct Update {
    area: Option<Rect>,
    totals_rows: u32,
    /// New names of columns by their places.
    headings: BTreeMap<usize, String>,
}

/// Writes the parts of the tables that changed.
pub(super) fn save(
    package: &mut Package<'_>,
    book: &Book<'_>,
    changes: &Changes,
    parts: &mut Parts,
) -> Result<(), SaveError> {
    let mut sheets: Vec<SheetId> = changes.cells.keys().copied().collect();
    sheets.extend(changes.tables.iter().map(|change| change.sheet));
    sheets.sort_unstable();
    sheets.dedup();
    let mut known = 0;
    for sheet in sheets {
        for (part, table) in of_sheet(package, book, sheet)? {
            let area = changes
                .tables
                .iter()
                .find(|change| change.sheet == sheet && equal_text(&change.name, &table.name));
            known += usize::from(area.is_some());
            let area = area.map(|change| change.area);
            check_area(&table, area)?;
            let headings = headings(&table, area.unwrap_or(table.area), changes)?;
            let update = Update { area, totals_rows: table.totals_rows, headings };
            if update.area.is_none_or(|area| area == table.area) && update.headings.is_empty() {
                continue;
            }
            if let Some(old) = small_part(package, &part)? {
                parts.replace(&part, Packed::of(&updated(&old, &update, book.limits.depth)?)?);
            }
        }
    }
    if known < changes.tables.len() {
        return Err(SaveError::change("the file lacks a table that is to cover other cells"));
    }
    Ok(())
}

fn check_area(table: &Table, area: Option<Rect>) -> Result<(), SaveError> {
    let fits = area.is_none_or(|area| {
        area.top == table.area.top
            && (area.left, area.right) == (table.area.left, table.area.right)
            && area.rows() > table.header_rows + table.totals_rows
    });
    if fits {
        return Ok(());
    }
    let name = &table.name;
    Err(SaveError::change(format!(
        "the table {name} can only get or lose rows at its end, and keeps one at least"
    )))
}

/// The headings that changed, by the places of their columns.
fn headings(table: &Table, area: Rect, changes: &Changes) -> Result<BTreeMap<usize, String>, SaveError> {
    let mut new = BTreeMap::new();
    let (Some(cells), 1..) = (changes.cells.get(&table.sheet), table.header_rows) else { return Ok(new) };
    let row = Rect { bottom: area.top, ..area };
    for (place, cell) in row.cells().enumerate().take(table.columns.len()) {
        match cells.get(&cell) {
            None | Some(Content::Result { .. }) => {}
            Some(Content::Value(Value::Text(text))) if !text.is_empty() => {
                new.insert(place, text.to_string());
            }
            Some(_) => return Err(bad_heading(table, cell)),
        }
    }
    let names = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| fold_case(new.get(&place).map_or(column.name.as_str(), String::as_str)));
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    if !new.is_empty() && names.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(bad_heading(table, row.first()));
    }
    new.retain(|place, text| table.columns.get(*place).is_some_and(|column| column.name.as_str() != text));
    Ok(new)
}

fn bad_heading(table: &Table, cell: Cell) -> SaveError {
    let name = &table.name;
    SaveError::change(format!(
        "the heading in {cell} of the table {name} has to be a text unlike the other headings"
    ))
}

/// A table's part with what changed.
fn updated(old: &[u8], update: &Update, depth: u32) -> Result<Vec<u8>, SaveError> {
    let mut scanner = Scanner::new(old, depth);
    let mut out = Vec::with_capacity(old.len() + 64);
    let mut column = 0;
    while let Some(piece) = scanner.next()? {
        out.extend_from_slice(&updated_tag(piece, update, &mut column));
    }
    Ok(out)
}

fn updated_tag(piece: Piece<'_>, update: &Update, column: &mut usize) -> Vec<u8> {
    let tag = piece.tag();
    if !matches!(piece.kind, Kind::Start | Kind::Empty) {
        return piece.raw.to_vec();
    }
    match (piece.level, tag.local()) {
        (0, b"table") => match update.area {
            Some(area) => tag.with(&[("ref", Some(&area.to_string()))]),
            None => piece.raw.to_vec(),
        },
        // The filter is for what stands between headings and totals.
        (1, b"autoFilter") => match update.area {
            Some(area) => {
                let bottom = Row(area.bottom.0.saturating_sub(update.totals_rows));
                tag.with(&[("ref", Some(&Rect { bottom, ..area }.to_string()))])
            }
            None => piece.raw.to_vec(),
        },
        (2, b"tableColumn") => {
            let name = update.headings.get(column).map(|name| column_name(name));
            *column += 1;
            match name {
                Some(name) => tag.with(&[("name", Some(&name))]),
                None => piece.raw.to_vec(),
            }
        }
        _ => piece.raw.to_vec(),
    }
}

/// A column's name as tables have it: breaks are written as escapes.
fn column_name(name: &str) -> String {
    text_value(name).replace('\n', "_x000a_").replace('\t', "_x0009_")
}
