//! Tables: their ranges where they grew or moved, and their columns where a heading changed or columns came or went.
//!
//! A heading's cell and the column's name in the table's part are one thing in two places; a file where they
//! differ is one that programs repair.

use super::archive::{Packed, Parts};
use super::around::filter_columns;
use super::book::{Book, small_part};
use super::content::text_value;
use super::places::Places;
use super::sheet::Grown;
use super::tree::{Element, Node, changed_part};
use super::{Changes, Content, SaveError};
use crate::package::Package;
use crate::xlsx::tables::read;
use std::collections::{BTreeMap, BTreeSet};
use values::{Cell, Col, Rect, Row, SheetId, Value, equal_text, fold_case};
use workbook::Table;

/// A table of the file.
struct Known {
    part: String,
    /// As the file has it.
    table: Table,
    /// Where it is after the changes of places, before it grew.
    moved: Rect,
    /// Where it is now.
    area: Rect,
}

impl Known {
    /// The rows between headings and totals of a range of the table.
    fn data(&self, area: Rect) -> Rect {
        let top = Row(area.top.0 + self.table.header_rows);
        let bottom = Row(area.bottom.0.saturating_sub(self.table.totals_rows));
        Rect { top, bottom: bottom.max(top), ..area }
    }
}

/// The tables of a sheet.
fn of_sheet(
    package: &mut Package<'_>,
    book: &Book<'_>,
    sheet: SheetId,
    changes: &Changes,
) -> Result<Vec<Known>, SaveError> {
    let relations = package.relations(book.sheet_part(sheet)?)?;
    let mut tables = Vec::new();
    for relation in relations.into_values().filter(|relation| relation.kind == "table" && !relation.external)
    {
        let Some(table) = read(package, &relation.target, sheet)? else { continue };
        let Some(moved) = book.places().slid(sheet, table.area) else {
            let name = &table.name;
            return Err(SaveError::change(format!(
                "all cells of the table {name} were deleted; save it as a new file"
            )));
        };
        let change = changes
            .tables
            .iter()
            .find(|change| change.sheet == sheet && equal_text(&change.name, &table.name));
        let area = change.map_or(moved, |change| change.area);
        let known = Known { part: relation.target, table, moved, area };
        check_area(&known, book.places())?;
        tables.push(known);
    }
    tables.sort_by(|a, b| a.part.cmp(&b.part));
    Ok(tables)
}

fn check_area(known: &Known, places: Places<'_>) -> Result<(), SaveError> {
    let Known { table, moved, area, .. } = known;
    let header = Rect { bottom: table.area.top, ..table.area };
    let keeps_headings = table.header_rows == 0 || places.row(table.sheet, header.top).is_some();
    let fits = keeps_headings
        && area.top == moved.top
        && (area.left, area.right) == (moved.left, moved.right)
        && area.rows() > table.header_rows + table.totals_rows;
    if fits {
        return Ok(());
    }
    let name = &table.name;
    Err(SaveError::change(format!(
        "the table {name} can only get or lose rows at its end, and keeps its headings and one row at least"
    )))
}

/// The rows that tables of a sheet got, with the row whose looks they take.
pub(super) fn grown(
    package: &mut Package<'_>,
    book: &Book<'_>,
    sheet: SheetId,
    changes: &Changes,
) -> Result<Vec<Grown>, SaveError> {
    if changes.tables.iter().all(|change| change.sheet != sheet) {
        return Ok(Vec::new());
    }
    let tables = of_sheet(package, book, sheet, changes)?;
    let grown = tables.iter().filter(|known| known.area.bottom > known.moved.bottom).map(|known| {
        let model = known.data(known.moved).bottom;
        Grown { area: Rect { top: Row(model.0 + 1), ..known.area }, model }
    });
    Ok(grown.collect())
}

/// Writes the parts of the tables that changed.
pub(super) fn save(
    package: &mut Package<'_>,
    book: &Book<'_>,
    changes: &Changes,
    parts: &mut Parts,
) -> Result<(), SaveError> {
    let mut sheets: BTreeSet<SheetId> = changes.cells.keys().copied().collect();
    sheets.extend(changes.tables.iter().map(|change| change.sheet));
    if book.places().any() {
        // Formulas of columns may speak of cells of another sheet.
        sheets.extend(book.sheets_with_cells());
    }
    let mut known_names = BTreeSet::new();
    for sheet in sheets {
        for known in of_sheet(package, book, sheet, changes)? {
            known_names.insert((sheet, fold_case(&known.table.name)));
            let columns = columns(&known, book.places(), changes)?;
            let Some(old) = small_part(package, &known.part)? else { continue };
            let depth = book.limits.depth;
            let new = changed_part(&old, depth, |root| update(root, &known, &columns, book))?;
            if let Some(new) = new {
                parts.replace(&known.part, Packed::of(&new)?);
            }
        }
    }
    let is_known = |change: &super::TableArea| known_names.contains(&(change.sheet, fold_case(&change.name)));
    if !changes.tables.iter().all(is_known) {
        return Err(SaveError::change("the file lacks a table that is to cover other cells"));
    }
    Ok(())
}

/// A column of a table as it is now: its place in the file, if it was there, and its heading, where that is new.
struct Column {
    was: Option<usize>,
    heading: Option<String>,
}

/// The columns of a table from left to right.
fn columns(known: &Known, places: Places<'_>, changes: &Changes) -> Result<Vec<Column>, SaveError> {
    let Known { table, area, .. } = known;
    let mut was = BTreeMap::new();
    for place in 0..table.columns.len() {
        let col = u16::try_from(place).ok().and_then(|place| table.area.left.0.checked_add(place));
        if let Some(now) = col.and_then(|col| places.column(table.sheet, Col(col))) {
            was.insert(now, place);
        }
    }
    if table.columns.len() != table.area.cols() as usize && !places.concern(table.sheet) {
        // A table that lists other columns than it covers is left as it is.
        return Ok(Vec::new());
    }
    let cells = changes.cells.get(&table.sheet);
    let mut columns = Vec::new();
    for cell in (Rect { bottom: area.top, ..*area }).cells() {
        let was = was.get(&cell.col).copied();
        let content = cells.and_then(|cells| cells.get(&cell)).filter(|_| table.header_rows > 0);
        let heading = match content {
            None | Some(Content::Result { .. }) => None,
            Some(Content::Value(Value::Text(text))) if !text.is_empty() => Some(text.to_string()),
            Some(_) => return Err(bad_heading(table, cell)),
        };
        if was.is_none() && heading.is_none() {
            return Err(bad_heading(table, cell));
        }
        columns.push(Column { was, heading });
    }
    let name = |column: &Column| match (&column.heading, column.was.and_then(|was| table.columns.get(was))) {
        (Some(heading), _) => fold_case(heading),
        (None, Some(old)) => fold_case(&old.name),
        (None, None) => String::new(),
    };
    let mut names: Vec<String> = columns.iter().map(name).collect();
    names.sort_unstable();
    let has_new = columns.iter().any(|column| column.heading.is_some());
    if has_new && names.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(bad_heading(table, area.first()));
    }
    Ok(columns)
}

fn bad_heading(table: &Table, cell: Cell) -> SaveError {
    let name = &table.name;
    SaveError::change(format!(
        "the heading in {cell} of the table {name} has to be a text unlike the other headings"
    ))
}

/// Changes a table's part.
fn update(root: &mut Element, known: &Known, columns: &[Column], book: &Book<'_>) -> Result<(), SaveError> {
    let (places, sheet) = (book.places(), known.table.sheet);
    if known.area != known.table.area {
        root.set(&[("ref", Some(&known.area.to_string()))]);
    }
    root.children.retain_mut(|node| match node {
        Node::Element(element) if element.name() == "autoFilter" => {
            filter_columns(element, places, sheet);
            if known.area != known.table.area {
                // The filter is for what stands between headings and totals.
                let bottom = Row(known.area.bottom.0.saturating_sub(known.table.totals_rows));
                element.set(&[("ref", Some(&Rect { bottom, ..known.area }.to_string()))]);
            }
            true
        }
        Node::Element(element) if element.name() == "sortState" && places.concern(sheet) => {
            sort_stays(element, places, sheet)
        }
        _ => true,
    });
    let lists = root.elements_mut().filter(|element| element.name() == "tableColumns");
    for list in lists.take(if columns.is_empty() { 0 } else { 1 }) {
        update_columns(list, known, columns, book)?;
    }
    Ok(())
}

/// What the table was sorted by last, where its cells went; whether it is still there.
fn sort_stays(sort: &mut Element, places: Places<'_>, sheet: SheetId) -> bool {
    let moved = |element: &mut Element| {
        let Some(area) = element.tag().parse::<Rect>("ref") else { return true };
        let Some(now) = places.area(sheet, area) else { return false };
        element.set(&[("ref", Some(&now.to_string()))]);
        true
    };
    sort.children.retain_mut(|node| match node {
        Node::Element(condition) => moved(condition),
        Node::Raw(_) => true,
    });
    moved(sort) && sort.elements().next().is_some()
}

fn update_columns(
    list: &mut Element,
    known: &Known,
    columns: &[Column],
    book: &Book<'_>,
) -> Result<(), SaveError> {
    let count = list.elements().filter(|element| element.name() == "tableColumn").count();
    let stays = |(place, column): (usize, &Column)| column.was == Some(place);
    if columns.len() != count || !columns.iter().enumerate().all(stays) {
        other_columns(list, columns);
    }
    let elements = list.elements_mut().filter(|element| element.name() == "tableColumn");
    for (element, column) in elements.zip(columns) {
        let old = column.was.and_then(|was| known.table.columns.get(was)).map(|column| column.name.as_str());
        if let Some(heading) = column.heading.as_deref().filter(|heading| Some(*heading) != old) {
            element.set(&[("name", Some(&column_name(heading)))]);
        }
        if let Some(was) = column.was {
            column_formulas(element, known, was, book)?;
        }
    }
    Ok(())
}

/// Columns that came are put in, and those that went taken out.
fn other_columns(list: &mut Element, columns: &[Column]) {
    let mut old: Vec<Option<Element>> = Vec::new();
    for node in std::mem::take(&mut list.children) {
        match node {
            Node::Element(column) if column.name() == "tableColumn" => old.push(Some(column)),
            node => list.children.push(node),
        }
    }
    let ids = old.iter().flatten().filter_map(|column| column.tag().parse::<u32>("id"));
    let mut next_id = ids.max().unwrap_or(0).saturating_add(1);
    let mut elements = Vec::with_capacity(columns.len());
    for column in columns {
        let kept = column.was.and_then(|was| old.get_mut(was)?.take());
        elements.push(Node::Element(kept.unwrap_or_else(|| {
            let id = next_id.to_string();
            next_id = next_id.saturating_add(1);
            list.sibling("tableColumn", &[("id", &id), ("name", "")])
        })));
    }
    elements.append(&mut list.children);
    list.children = elements;
    list.set(&[("count", Some(&columns.len().to_string()))]);
}

/// The formulas that fill a column and its total, told from the first row of the table and from its last.
fn column_formulas(
    column: &mut Element,
    known: &Known,
    was: usize,
    book: &Book<'_>,
) -> Result<(), SaveError> {
    let (places, table) = (book.places(), &known.table);
    if !places.any() {
        return Ok(());
    }
    let col = u16::try_from(was).ok().and_then(|was| table.area.left.0.checked_add(was));
    let col = Col(col.unwrap_or(table.area.left.0));
    for formula in column.elements_mut() {
        let row = match formula.name() {
            "calculatedColumnFormula" => known.data(table.area).top,
            "totalsRowFormula" => table.area.bottom,
            _ => continue,
        };
        let text = formula.text(book.limits.depth)?;
        if let Some(now) = places.text(table.sheet, &text, Cell { row, col }) {
            formula.set_text(&now);
        }
    }
    Ok(())
}

/// A column's name as tables have it: breaks are written as escapes.
fn column_name(name: &str) -> String {
    text_value(name).replace('\n', "_x000a_").replace('\t', "_x0009_")
}
