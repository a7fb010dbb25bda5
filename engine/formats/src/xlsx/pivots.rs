//! Pivot tables: where they stand and what their rows and columns show, for those who ask them for a value.
//!
//! Read after the sheets, and only where the file has some. What cannot be read costs that pivot table, whose cells
//! keep their values. Source: ECMA-376 part 1, 18.10.

use super::pivot_cache::{Cache, CacheField, Caches};
use crate::package::Package;
use crate::report::LoadReport;
use crate::xml::{Element, Xml, unescape};
use crate::{LoadError, NoteKind};
use std::sync::Arc;
use values::{Rect, Text, Value};
use workbook::{
    PivotAxis, PivotAxisField, PivotField, PivotItem, PivotLayout, PivotLineKind, PivotTable, PivotValue,
    Workbook,
};

/// Fields and filters of a pivot table, and fields nested on an axis; Excel shows fewer.
const MOST_FIELDS: usize = 16_384;
const MOST_NESTED: usize = 256;
/// Items and numbers of items in lines, over all pivot tables of a file.
const MOST_ITEMS: usize = 1 << 22;

/// Reads the pivot tables of all sheets; `parts` has the sheets' parts in their order.
pub(super) fn read(
    package: &mut Package<'_>,
    parts: &[Option<String>],
    workbook: &mut Workbook,
    report: &mut LoadReport,
) -> Result<(), LoadError> {
    if !package.names().any(|name| name.contains("pivottables/")) {
        return Ok(());
    }
    let mut caches = Caches::new(workbook.date_system, MOST_ITEMS);
    let mut left = MOST_ITEMS;
    for (place, part) in parts.iter().enumerate() {
        let Some(part) = part else { continue };
        let relations = package.relations(part)?;
        let of_kind =
            relations.values().filter(|relation| relation.kind == "pivotTable" && !relation.external);
        let mut targets: Vec<String> = of_kind.map(|relation| relation.target.clone()).collect();
        targets.sort_unstable();
        for target in targets {
            let Some(sheet) = workbook.sheets.get_mut(place) else { continue };
            match read_table(package, &target, &mut caches, &mut left) {
                Ok(Some(pivot)) => sheet.pivots.push(pivot),
                Ok(None) | Err(LoadError::Damaged(_)) => {
                    let message =
                        "A pivot table of this sheet cannot be read; GETPIVOTDATA finds nothing in it.";
                    report.note(NoteKind::Broken, &*sheet.name, message);
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

/// One pivot table; `None` where it lacks what it needs or is larger than any honest one.
fn read_table(
    package: &mut Package<'_>,
    part: &str,
    caches: &mut Caches,
    left: &mut usize,
) -> Result<Option<PivotTable>, LoadError> {
    let relations = package.relations(part)?;
    let Some(raw) = RawTable::read(package, part, left)? else { return Ok(None) };
    let cache =
        relations.values().find(|relation| relation.kind == "pivotCacheDefinition" && !relation.external);
    let cache = match cache {
        Some(relation) => caches.get(package, &relation.target)?,
        None => None,
    };
    Ok(cache.and_then(|cache| raw.finish(&cache)))
}

/// A field as the pivot table lists it.
#[derive(Default)]
struct RawField {
    caption: Option<Text>,
    totals_above: bool,
    /// For each item its caption, and its number among the shared items of the field in the cache.
    items: Vec<(Option<Text>, Option<u32>)>,
}

/// A pivot table as its part has it.
struct RawTable {
    name: Text,
    area: Option<Rect>,
    labels: (u32, u16),
    pages: (u32, u16),
    fields: Vec<RawField>,
    rows: PivotAxis,
    columns: PivotAxis,
    filters: Vec<(u32, Option<u32>)>,
    values: Vec<PivotValue>,
    shown_for_nothing: Option<Text>,
}

/// A line that is being read.
struct RawLine {
    kind: PivotLineKind,
    repeated: usize,
    value: u32,
    items: Vec<u32>,
}

/// Which list of the part is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Other,
    Rows,
    Columns,
}

impl RawTable {
    fn new(root: &Element<'_>) -> RawTable {
        let text = |name: &str| root.attr(name).map(|text| Text::from(&*unescape(&text)));
        let shows_something = root.flag("showMissing", true);
        RawTable {
            name: text("name").unwrap_or_default(),
            area: None,
            labels: (0, 0),
            pages: (0, 0),
            fields: Vec::new(),
            rows: PivotAxis::default(),
            columns: PivotAxis::default(),
            filters: Vec::new(),
            values: Vec::new(),
            shown_for_nothing: text("missingCaption").filter(|_| shows_something),
        }
    }

    fn read(package: &mut Package<'_>, part: &str, left: &mut usize) -> Result<Option<RawTable>, LoadError> {
        let Some(mut xml) = package.part(part)? else { return Ok(None) };
        let mut table: Option<RawTable> = None;
        let (mut within, mut line) = (Part::Other, None::<RawLine>);
        loop {
            match xml.next()? {
                Xml::Start(element) => match (&mut table, element.name()) {
                    (None, "pivotTableDefinition") => table = Some(RawTable::new(&element)),
                    (None, _) => return Ok(None),
                    (Some(_), "extLst" | "formats" | "conditionalFormats" | "chartFormats" | "filters") => {
                        xml.skip()?;
                    }
                    (Some(_), "i") => line = Some(RawLine::new(&element)),
                    (Some(_), "x") => {
                        if let Some(line) = &mut line {
                            line.items.push(element.number("v").unwrap_or(0));
                        }
                    }
                    (Some(_), "rowFields" | "rowItems") => within = Part::Rows,
                    (Some(_), "colFields" | "colItems") => within = Part::Columns,
                    (Some(table), _) => {
                        if !table.element(&element, within, left) {
                            return Ok(None);
                        }
                    }
                },
                Xml::End(end) => match (&mut table, end.name()) {
                    (_, "rowFields" | "rowItems" | "colFields" | "colItems") => within = Part::Other,
                    (Some(table), "i") => {
                        if let Some(line) = line.take()
                            && !table.line(&line, within, left)
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

    /// Takes an element; tells whether all is within the limits.
    fn element(&mut self, element: &Element<'_>, within: Part, left: &mut usize) -> bool {
        let text = |name: &str| element.attr(name).map(|text| Text::from(&*unescape(&text)));
        match element.name() {
            "location" => {
                self.area = element.number("ref");
                let number = |name: &str| element.number(name).unwrap_or(0);
                self.labels = (number("firstDataRow"), element.number("firstDataCol").unwrap_or(0));
                self.pages = (number("rowPageCount"), element.number("colPageCount").unwrap_or(0));
            }
            "pivotField" => {
                let totals_above =
                    ["outline", "defaultSubtotal", "subtotalTop"].iter().all(|name| element.flag(name, true));
                self.fields.push(RawField { caption: text("name"), totals_above, items: Vec::new() });
                return self.fields.len() <= MOST_FIELDS;
            }
            "item" => {
                let shared = element.number("x");
                let Some(field) = self.fields.last_mut() else { return true };
                field.items.push((text("n"), shared));
                return take(left, 1);
            }
            "field" => {
                let field = match element.number::<i64>("x") {
                    Some(-2) => PivotAxisField::Values,
                    x => PivotAxisField::Field(x.and_then(|x| u32::try_from(x).ok()).unwrap_or(u32::MAX)),
                };
                let axis = match within {
                    Part::Rows => &mut self.rows,
                    Part::Columns => &mut self.columns,
                    Part::Other => return true,
                };
                axis.fields.push(field);
                return axis.fields.len() <= MOST_NESTED;
            }
            "pageField" => {
                if let Some(field) = element.number("fld") {
                    self.filters.push((field, element.number("item")));
                }
                return self.filters.len() <= MOST_FIELDS;
            }
            "dataField" => {
                let caption = text("name").unwrap_or_default();
                self.values.push(PivotValue { caption, field: element.number("fld").unwrap_or(u32::MAX) });
                return self.values.len() <= MOST_FIELDS;
            }
            _ => {}
        }
        true
    }

    fn line(&mut self, line: &RawLine, within: Part, left: &mut usize) -> bool {
        let axis = match within {
            Part::Rows => &mut self.rows,
            Part::Columns => &mut self.columns,
            Part::Other => return true,
        };
        // Where the fields of values are among the items, the line's own item says which it is.
        let at = axis.fields.iter().position(|field| *field == PivotAxisField::Values);
        let own = at.and_then(|at| at.checked_sub(line.repeated)).and_then(|at| line.items.get(at));
        let value = match (line.kind, own) {
            (PivotLineKind::Items, Some(value)) => line.value.max(*value),
            _ => line.value,
        };
        axis.push(line.kind, line.repeated, &line.items, value);
        take(left, 1 + MOST_NESTED.min(line.repeated + line.items.len()))
    }

    fn finish(mut self, cache: &Cache) -> Option<PivotTable> {
        let area = self.area?;
        for axis in [&mut self.rows, &mut self.columns] {
            // An axis with nothing on it has one line, which some writers leave out.
            if axis.fields.is_empty() && axis.is_empty() {
                axis.push(PivotLineKind::Items, 0, &[], 0);
            }
        }
        let mut used = vec![false; self.fields.len()];
        let nested = self.rows.fields.iter().chain(&self.columns.fields).filter_map(|field| match field {
            PivotAxisField::Field(field) => Some(*field),
            PivotAxisField::Values => None,
        });
        for field in nested.chain(self.filters.iter().map(|(field, _)| *field)) {
            if let Some(used) = used.get_mut(field as usize) {
                *used = true;
            }
        }
        let fields = self.fields.into_iter().zip(used).enumerate();
        let fields = fields.map(|(place, (raw, used))| raw.finish(cache.fields.get(place), used)).collect();
        let layout = PivotLayout {
            fields,
            rows: self.rows,
            columns: self.columns,
            filters: self.filters,
            values: self.values,
            shown_for_nothing: self.shown_for_nothing,
        };
        let (rows, columns) = self.pages;
        // Each filter has a caption and a choice, and there is an empty column between them and an empty row below.
        let filters =
            if rows == 0 { (0, 0) } else { (rows.saturating_add(1), columns.max(1).saturating_mul(3) - 1) };
        Some(PivotTable { name: self.name, area, labels: self.labels, filters, layout: Arc::new(layout) })
    }
}

fn take(left: &mut usize, count: usize) -> bool {
    left.checked_sub(count).map(|rest| *left = rest).is_some()
}

impl RawLine {
    fn new(element: &Element<'_>) -> RawLine {
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
}

impl RawField {
    fn finish(self, cache: Option<&Arc<CacheField>>, used: bool) -> PivotField {
        let source = cache.map(|cache| cache.name.clone()).unwrap_or_default();
        let caption = self.caption.or_else(|| cache.and_then(|cache| cache.caption.clone()));
        let item = |(caption, shared): (Option<Text>, Option<u32>)| {
            let shared = shared.and_then(|shared| cache?.items.get(shared as usize));
            let mut item =
                shared.cloned().unwrap_or(PivotItem { caption: None, value: Value::Empty, part: None });
            // A subtotal stands among the items and is none.
            item.caption = caption.or(item.caption);
            item
        };
        let items = if used { self.items.into_iter().map(item).collect() } else { Vec::new() };
        let caption = caption.unwrap_or_else(|| source.clone());
        PivotField { caption, source, totals_above: self.totals_above, items }
    }
}
