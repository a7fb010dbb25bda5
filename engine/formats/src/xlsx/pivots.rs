//! Pivot tables of .xlsx: the parts of the tables and of their caches.
//!
//! Source: ECMA-376 part 1, 18.10.

use crate::LoadError;
use crate::iso;
use crate::package::Package;
use crate::pivots::{Cache, CacheField, GroupBy, Left, PartReaders, RawField, RawLine, RawTable, Side};
use crate::xml::{Element, Xml};
use std::sync::Arc;
use values::{CellError, DateSystem, Text, Value};
use workbook::{PivotLineKind, PivotValue};

/// The readers of both parts.
pub(super) const READERS: PartReaders = PartReaders { table: read_table, cache: read_cache };

fn read_table(package: &mut Package<'_>, part: &str, left: &mut Left) -> Result<Option<RawTable>, LoadError> {
    let Some(mut xml) = package.part(part)? else { return Ok(None) };
    let mut table: Option<RawTable> = None;
    let (mut within, mut line) = (None, None::<RawLine>);
    loop {
        match xml.next()? {
            Xml::Start(element) => match (&mut table, element.name()) {
                (None, "pivotTableDefinition") => table = Some(begin(&element)),
                (None, _) => return Ok(None),
                (Some(_), "extLst" | "formats" | "conditionalFormats" | "chartFormats" | "filters") => {
                    xml.skip()?;
                }
                (Some(_), "i") => line = Some(self::line(&element)),
                (Some(_), "x") => {
                    if let Some(line) = &mut line {
                        line.items.push(element.number("v").unwrap_or(0));
                    }
                }
                (Some(_), "rowFields" | "rowItems") => within = Some(Side::Rows),
                (Some(_), "colFields" | "colItems") => within = Some(Side::Columns),
                (Some(table), _) => {
                    if !take(table, &element, within, left) {
                        return Ok(None);
                    }
                }
            },
            Xml::End(end) => match (&mut table, end.name()) {
                (_, "rowFields" | "rowItems" | "colFields" | "colItems") => within = None,
                (Some(table), "i") => {
                    if let Some(line) = line.take()
                        && let Some(side) = within
                        && !table.line(&line, side, left)
                    {
                        return Ok(None);
                    }
                }
                _ => {}
            },
            Xml::Eof => return Ok(table),
            Xml::Text(_) => {}
        }
    }
}

/// A pivot table with what its root element says.
fn begin(root: &Element<'_>) -> RawTable {
    let shows_something = root.flag("showMissing", true);
    RawTable {
        name: root.text("name").unwrap_or_default(),
        shown_for_nothing: root.text("missingCaption").filter(|_| shows_something),
        ..RawTable::default()
    }
}

/// Takes an element; tells whether all is within the limits.
fn take(table: &mut RawTable, element: &Element<'_>, within: Option<Side>, left: &mut Left) -> bool {
    match (element.name(), within) {
        ("location", _) => {
            table.area = element.number("ref");
            let number = |name: &str| element.number(name).unwrap_or(0);
            table.labels = (number("firstDataRow"), element.number("firstDataCol").unwrap_or(0));
            table.pages = (number("rowPageCount"), element.number("colPageCount").unwrap_or(0));
        }
        ("pivotField", _) => {
            let totals_above =
                ["outline", "defaultSubtotal", "subtotalTop"].iter().all(|name| element.flag(name, true));
            table.fields.push(RawField { caption: element.text("name"), totals_above, items: Vec::new() });
        }
        ("item", _) => {
            let shared = element.number("x");
            let Some(field) = table.fields.last_mut() else { return true };
            field.items.push((element.text("n"), shared));
            return left.take(1);
        }
        ("field", Some(side)) => return table.nest(side, element.number("x")),
        ("pageField", _) => {
            let filter = element.number("fld").map(|field| (field, element.number("item")));
            table.filters.extend(filter);
        }
        ("dataField", _) => {
            let caption = element.text("name").unwrap_or_default();
            table.values.push(PivotValue { caption, field: element.number("fld").unwrap_or(u32::MAX) });
        }
        _ => {}
    }
    table.fits()
}

fn line(element: &Element<'_>) -> RawLine {
    RawLine {
        kind: match element.attr("t").as_deref() {
            None | Some("data") => PivotLineKind::Items,
            Some("grand") => PivotLineKind::GrandTotal,
            Some("blank") => PivotLineKind::Blank,
            Some(_) => PivotLineKind::Subtotal,
        },
        repeated: element.number("r").unwrap_or(0),
        value: element.number("i").unwrap_or(0),
        items: Vec::new(),
    }
}

fn read_cache(
    package: &mut Package<'_>,
    part: &str,
    system: DateSystem,
    left: &mut Left,
) -> Result<Option<Cache>, LoadError> {
    let Some(mut xml) = package.part(part)? else { return Ok(None) };
    let mut cache = Cache::default();
    let mut field: Option<CacheField> = None;
    // The shared items give way to groups.
    let (mut within, mut group_by) = (false, GroupBy::Other);
    loop {
        match xml.next()? {
            Xml::Start(element) => match element.name() {
                "cacheField" => {
                    field = Some(new_field(&element));
                    group_by = GroupBy::Other;
                }
                "cacheHierarchies" | "extLst" | "mpMap" | "kpis" | "calculatedItems"
                | "calculatedMembers" => {
                    xml.skip()?;
                }
                "sharedItems" => within = true,
                "rangePr" => group_by = element.attr("groupBy").map_or(GroupBy::Other, |by| grouped(&by)),
                "groupItems" => {
                    within = true;
                    if let Some(field) = &mut field {
                        field.group();
                    }
                }
                _ if within => {
                    if let (Some(field), Some((value, caption))) = (&mut field, item(&element, system)) {
                        field.push(value, caption);
                        if !left.take(1) {
                            return Ok(None);
                        }
                    }
                    // Properties of members of a cube.
                    xml.skip()?;
                }
                _ => {}
            },
            Xml::End(end) => match end.name() {
                "sharedItems" => within = false,
                "groupItems" => {
                    within = false;
                    if let Some(field) = &mut field {
                        field.number(group_by);
                    }
                }
                "cacheField" => cache.fields.extend(field.take().map(Arc::new)),
                _ => {}
            },
            Xml::Eof => return Ok(Some(cache)),
            Xml::Text(_) => {}
        }
    }
}

fn grouped(by: &str) -> GroupBy {
    match by {
        "quarters" | "months" | "days" => GroupBy::PartOfYear,
        "hours" | "minutes" | "seconds" => GroupBy::PartOfDay,
        _ => GroupBy::Other,
    }
}

fn item(element: &Element<'_>, system: DateSystem) -> Option<(Value, Option<Text>)> {
    let value = match element.name() {
        "s" => Value::Text(element.text("v")?),
        "n" => Value::Number(element.float("v")?),
        "d" => match iso::serial(&element.attr("v")?, system) {
            Some(serial) => Value::Number(serial),
            None => Value::Text(element.text("v")?),
        },
        "b" => Value::Bool(element.flag("v", false)),
        "e" => Value::Error(element.attr("v")?.parse().unwrap_or(CellError::Unknown)),
        "m" => Value::Empty,
        _ => return None,
    };
    Some((value, element.text("c")))
}

fn new_field(element: &Element<'_>) -> CacheField {
    CacheField {
        name: element.text("name").unwrap_or_default(),
        caption: element.text("caption"),
        items: Vec::new(),
    }
}
