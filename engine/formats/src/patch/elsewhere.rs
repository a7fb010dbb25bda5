//! Parts beside a sheet's own that speak of its cells, where rows or columns came or went: drawings, charts, notes and
//! their shapes, pivots, controls.

use super::SaveError;
use super::archive::{Packed, Parts};
use super::book::{Book, small_part};
use super::places::Places;
use super::tree::{Element, Node, changed_part};
use crate::package::Package;
use formula::Sheets;
use values::{Cell, Col, Rect, Row, SheetId};

/// Writes the parts that change.
pub(super) fn save(package: &mut Package<'_>, book: &Book<'_>, parts: &mut Parts) -> Result<(), SaveError> {
    let places = book.places();
    for sheet in book.sheets_with_cells() {
        let relations = package.relations(book.sheet_part(sheet)?)?;
        for relation in relations.values().filter(|relation| !relation.external) {
            let change = match relation.kind.as_str() {
                "ctrlProp" => control as Change,
                _ if !places.concern(sheet) => continue,
                "drawing" => drawing,
                "comments" | "threadedComment" => notes,
                "vmlDrawing" => shapes,
                "pivotTable" => pivot,
                _ => continue,
            };
            let is_lax = relation.kind == "vmlDrawing";
            save_part(package, book, &relation.target, (sheet, change, is_lax), parts)?;
        }
    }
    let mut names: Vec<String> = package.names().map(str::to_owned).collect();
    names.sort_unstable();
    for name in names.iter().filter(|name| name.ends_with(".xml")) {
        let change = if name.contains("/charts/chart") {
            chart as Change
        } else if name.contains("/pivotcache/pivotcachedefinition") {
            pivot_source
        } else {
            continue;
        };
        save_part(package, book, name, (SheetId(u16::MAX), change, false), parts)?;
    }
    Ok(())
}

/// Changes the root of a part that belongs to a sheet.
type Change = fn(&mut Element, &Here<'_>) -> Result<(), SaveError>;

/// What a change needs to know.
struct Here<'a> {
    places: Places<'a>,
    sheet: SheetId,
    depth: u32,
}

fn save_part(
    package: &mut Package<'_>,
    book: &Book<'_>,
    name: &str,
    (sheet, change, is_lax): (SheetId, Change, bool),
    parts: &mut Parts,
) -> Result<(), SaveError> {
    let Some(old) = small_part(package, name)? else { return Ok(()) };
    let here = Here { places: book.places(), sheet, depth: book.limits.depth };
    let new = match changed_part(&old, here.depth, |root| change(root, &here)) {
        Ok(new) => new,
        // Shapes of the old kind are often no XML at all; then they stay where they were.
        Err(_) if is_lax => None,
        Err(error) => return Err(error),
    };
    if let Some(new) = new {
        parts.replace(name, Packed::of(&new)?);
    }
    Ok(())
}

/// Where a row or column went: the place, and whether it is the same one and not the next that is left.
type Went = (u32, bool);

impl Here<'_> {
    fn row(&self, row: u32) -> Went {
        let top = Row(row.min(Row::LAST.0));
        let area = |bottom| self.places.slid(self.sheet, Rect { top, bottom, ..Rect::SHEET });
        match area(top) {
            Some(now) => (now.top.0, true),
            None => (area(Row::LAST).map_or(0, |now| now.top.0), false),
        }
    }

    fn col(&self, col: u32) -> Went {
        let left = Col(u16::try_from(col).unwrap_or(Col::LAST.0).min(Col::LAST.0));
        let area = |right| self.places.slid(self.sheet, Rect { left, right, ..Rect::SHEET });
        match area(left) {
            Some(now) => (u32::from(now.left.0), true),
            None => (area(Col::LAST).map_or(0, |now| u32::from(now.left.0)), false),
        }
    }
}

/// Calls `visit` for an element and all inside of it.
fn each(
    element: &mut Element,
    visit: &mut dyn FnMut(&mut Element) -> Result<(), SaveError>,
) -> Result<(), SaveError> {
    visit(element)?;
    for child in element.elements_mut() {
        each(child, visit)?;
    }
    Ok(())
}

/// Pictures, charts and shapes go with the cells that they lie on, unless they are pinned to the sheet.
fn drawing(root: &mut Element, here: &Here<'_>) -> Result<(), SaveError> {
    each(root, &mut |anchor| {
        let is_anchor = matches!(anchor.name(), "twoCellAnchor" | "oneCellAnchor");
        let edit = anchor.tag().get("editAs").map(|edit| edit.into_owned());
        if !is_anchor || edit.as_deref() == Some("absolute") {
            return Ok(());
        }
        let keeps_size = edit.as_deref() == Some("oneCell");
        for (axis, offset) in [("row", "rowOff"), ("col", "colOff")] {
            let went = |place: u32| if axis == "row" { here.row(place) } else { here.col(place) };
            let Some(from) = corner(anchor, "from", axis, here.depth)? else { continue };
            let (now, is_same) = went(from);
            set_corner(anchor, "from", (axis, offset), (now, is_same));
            if let Some(to) = corner(anchor, "to", axis, here.depth)? {
                let to = if keeps_size { (to + now - from.min(to + now), true) } else { went(to) };
                set_corner(anchor, "to", (axis, offset), to);
            }
        }
        Ok(())
    })
}

fn corner(anchor: &Element, corner: &str, axis: &str, depth: u32) -> Result<Option<u32>, SaveError> {
    match anchor.child(corner).and_then(|corner| corner.child(axis)) {
        Some(axis) => Ok(axis.text(depth)?.trim().parse().ok()),
        None => Ok(None),
    }
}

fn set_corner(anchor: &mut Element, corner: &str, (axis, offset): (&str, &str), (now, is_same): Went) {
    let corners = anchor.elements_mut().filter(|element| element.name() == corner);
    for element in corners.flat_map(Element::elements_mut) {
        if element.name() == axis {
            element.set_text(&now.to_string());
        } else if element.name() == offset && !is_same {
            element.set_text("0");
        }
    }
}

/// The ranges of a chart's series, titles and labels.
fn chart(root: &mut Element, here: &Here<'_>) -> Result<(), SaveError> {
    each(root, &mut |element| {
        if element.name() == "f" && element.elements().next().is_none() {
            let text = element.text(here.depth)?;
            if let Some(now) = here.places.pinned(here.sheet, &text) {
                element.set_text(&now);
            }
        }
        Ok(())
    })
}

/// A control's linked cell and list.
fn control(root: &mut Element, here: &Here<'_>) -> Result<(), SaveError> {
    for name in ["fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup"] {
        let Some(text) = root.tag().get(name).map(|text| text.into_owned()) else { continue };
        if let Some(now) = here.places.pinned(here.sheet, &text) {
            root.set(&[(name, Some(&now))]);
        }
    }
    Ok(())
}

/// Notes go with their cells, and go when those do.
fn notes(root: &mut Element, here: &Here<'_>) -> Result<(), SaveError> {
    let mut lists = vec![root];
    while let Some(list) = lists.pop() {
        for note in list.elements().filter(|note| matches!(note.name(), "comment" | "threadedComment")) {
            if let Some(cell) = note.tag().parse::<Cell>("ref") {
                here.places.stays(here.sheet, Rect::cell(cell), "notes")?;
            }
        }
        list.children.retain_mut(|node| match node {
            Node::Element(note) if matches!(note.name(), "comment" | "threadedComment") => {
                let Some(cell) = note.tag().parse::<Cell>("ref") else { return true };
                match here.places.content(here.sheet, cell) {
                    Some(now) => {
                        note.set(&[("ref", Some(&now.to_string()))]);
                        true
                    }
                    None => false,
                }
            }
            _ => true,
        });
        lists.extend(list.elements_mut().filter(|element| element.name() == "commentList"));
    }
    Ok(())
}

/// The shapes of notes and old controls.
fn shapes(root: &mut Element, here: &Here<'_>) -> Result<(), SaveError> {
    let mut failed = None;
    root.children.retain_mut(|node| match node {
        Node::Element(shape) if shape.name() == "shape" => shape_stays(shape, here).unwrap_or_else(|error| {
            failed = Some(error);
            true
        }),
        _ => true,
    });
    failed.map_or(Ok(()), Err)
}

fn shape_stays(shape: &mut Element, here: &Here<'_>) -> Result<bool, SaveError> {
    for data in shape.elements_mut().filter(|element| element.name() == "ClientData") {
        let number = |name: &str| -> Result<Option<u32>, SaveError> {
            let found = data.child(name).map(|child| child.text(here.depth)).transpose()?;
            Ok(found.and_then(|text| text.trim().parse().ok()))
        };
        let at = number("Row")?.zip(number("Column")?.and_then(|col| u16::try_from(col).ok()));
        let now = at.map(|(row, col)| here.places.content(here.sheet, Cell::new(row, col)));
        if now == Some(None) {
            return Ok(false);
        }
        let now = now.flatten();
        for child in data.elements_mut() {
            let now = match child.name() {
                "Row" => now.map(|now| now.row.0.to_string()),
                "Column" => now.map(|now| now.col.0.to_string()),
                "Anchor" => anchor(&child.text(here.depth)?, here),
                _ => None,
            };
            if let Some(now) = now {
                child.set_text(&now);
            }
        }
    }
    Ok(true)
}

/// The corners of a shape of the old kind: column, distance, row, distance, twice.
fn anchor(text: &str, here: &Here<'_>) -> Option<String> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    let mut numbers = numbers.filter(|numbers| numbers.len() == 8)?;
    for (place, number) in numbers.iter_mut().enumerate().step_by(2) {
        *number = if place % 4 == 0 { here.col(*number).0 } else { here.row(*number).0 };
    }
    Some(numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", "))
}

/// Where a pivot table lies.
fn pivot(root: &mut Element, here: &Here<'_>) -> Result<(), SaveError> {
    for element in root.elements_mut().filter(|element| element.name() == "location") {
        let area = element.tag().parse::<Rect>("ref");
        if let Some(area) = area {
            here.places.stays(here.sheet, area, "a pivot table")?;
        }
        let area = area.and_then(|area| here.places.area(here.sheet, area));
        if let Some(now) = area {
            element.set(&[("ref", Some(&now.to_string()))]);
        }
    }
    Ok(())
}

/// Where a pivot table takes its records from.
fn pivot_source(root: &mut Element, here: &Here<'_>) -> Result<(), SaveError> {
    each(root, &mut |element| {
        if element.name() != "worksheetSource" {
            return Ok(());
        }
        let tag = element.tag();
        let sheet = tag.get("sheet").and_then(|name| here.places.names.sheet_by_name(&name));
        let area = tag.parse::<Rect>("ref");
        let Some(sheet) = sheet else { return Ok(()) };
        let name = here.places.new_names.sheet_name(sheet).map(str::to_owned);
        if let Some(name) = name.filter(|_| here.places.renamed.contains(&sheet)) {
            element.set(&[("sheet", Some(&name))]);
        }
        if let Some(now) = area.and_then(|area| here.places.area(sheet, area)) {
            element.set(&[("ref", Some(&now.to_string()))]);
        }
        Ok(())
    })
}
