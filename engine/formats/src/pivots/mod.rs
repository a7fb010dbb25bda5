//! Pivot tables of all formats: where they stand and what their rows and columns show, for those who ask them for a
//! value.
//!
//! A reader fills a [`RawTable`] and a [`Cache`]; `finish` makes the model's pivot table of both. Where a file does not
//! list the lines, the headings in the cells tell them (`headings`). What cannot be read costs that pivot table, whose
//! cells keep their values. Invariant: what is read stays within the limits here.

mod cache;
mod headings;

pub(crate) use cache::{Cache, CacheField, GroupBy, date};

use crate::package::Package;
use crate::{LoadError, LoadReport, NoteKind};
use headings::Headings;
use std::collections::HashMap;
use std::sync::Arc;
use values::{DateSystem, Rect, Text, Value};
use workbook::{
    PivotAxis, PivotAxisField, PivotField, PivotItem, PivotLayout, PivotLineKind, PivotTable, PivotValue,
    Sheet, Workbook,
};

/// Fields and filters of a pivot table, and fields nested on an axis; Excel shows fewer.
pub(crate) const MOST_FIELDS: usize = 16_384;
const MOST_NESTED: usize = 256;
/// Items and numbers of items in lines, over all pivot tables of a file.
const MOST_ITEMS: usize = 1 << 22;

/// How many items and numbers of items may still be read.
pub(crate) struct Left(usize);

impl Left {
    /// All that a file may have.
    pub fn all() -> Left {
        Left(MOST_ITEMS)
    }

    /// Takes some; tells whether there were as many.
    pub fn take(&mut self, count: usize) -> bool {
        self.0.checked_sub(count).map(|rest| self.0 = rest).is_some()
    }
}

/// A side of a pivot table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Rows,
    Columns,
}

/// A field as the pivot table lists it.
#[derive(Default)]
pub(crate) struct RawField {
    pub caption: Option<Text>,
    pub totals_above: bool,
    /// For each item its caption, and its number among the shared items of the field in the cache.
    pub items: Vec<(Option<Text>, Option<u32>)>,
}

/// A pivot table as its file has it.
#[derive(Default)]
pub(crate) struct RawTable {
    pub name: Text,
    pub area: Option<Rect>,
    /// Rows and columns of labels.
    pub labels: (u32, u16),
    /// Rows and columns of filters.
    pub pages: (u32, u16),
    pub fields: Vec<RawField>,
    pub rows: PivotAxis,
    pub columns: PivotAxis,
    pub filters: Vec<(u32, Option<u32>)>,
    pub values: Vec<PivotValue>,
    pub shown_for_nothing: Option<Text>,
}

/// A line of an axis as its file has it.
pub(crate) struct RawLine {
    pub kind: PivotLineKind,
    /// How many items it has in common with the line before.
    pub repeated: usize,
    /// The number of its field of values.
    pub value: u32,
    pub items: Vec<u32>,
}

/// What a line of the binary formats shows, by its number. Source: [MS-XLSB] 2.5.105 (PivotItemType).
pub(crate) fn line_kind(number: u16) -> PivotLineKind {
    match number {
        0 => PivotLineKind::Items,
        0x0d => PivotLineKind::GrandTotal,
        0x0e => PivotLineKind::Blank,
        _ => PivotLineKind::Subtotal,
    }
}

impl RawTable {
    /// An axis by its side.
    pub fn axis(&mut self, side: Side) -> &mut PivotAxis {
        match side {
            Side::Rows => &mut self.rows,
            Side::Columns => &mut self.columns,
        }
    }

    /// Adds a field to an axis by its number, -2 for the fields of values; tells whether there may be as many.
    pub fn nest(&mut self, side: Side, number: Option<i64>) -> bool {
        let field = match number {
            Some(-2) => PivotAxisField::Values,
            number => PivotAxisField::Field(number.and_then(|x| u32::try_from(x).ok()).unwrap_or(u32::MAX)),
        };
        let axis = self.axis(side);
        axis.fields.push(field);
        axis.fields.len() <= MOST_NESTED
    }

    /// Whether there may be as many fields, filters and fields of values.
    pub fn fits(&self) -> bool {
        self.fields.len().max(self.filters.len()).max(self.values.len()) <= MOST_FIELDS
    }

    /// Adds a line; tells whether there may be as many.
    pub fn line(&mut self, line: &RawLine, side: Side, left: &mut Left) -> bool {
        let axis = self.axis(side);
        // Where the fields of values are among the items, the line's own item says which it is.
        let at = axis.fields.iter().position(|field| *field == PivotAxisField::Values);
        let own = at.and_then(|at| at.checked_sub(line.repeated)).and_then(|at| line.items.get(at));
        let value = match (line.kind, own) {
            (PivotLineKind::Items, Some(value)) => line.value.max(*value),
            _ => line.value,
        };
        axis.push(line.kind, line.repeated, &line.items, value);
        left.take(1 + MOST_NESTED.min(line.repeated + line.items.len()))
    }

    /// The pivot table, with what the cells of its sheet show; `None` where it has no area.
    pub fn finish(mut self, cache: &Cache, sheet: &Sheet, left: &mut Left) -> Option<PivotTable> {
        let area = self.area?;
        let used = self.used();
        let fields = self.fields.into_iter().zip(used).enumerate();
        let mut fields: Vec<PivotField> =
            fields.map(|(place, (raw, used))| raw.finish(cache.fields.get(place), used)).collect();
        let headings = Headings { sheet, area, labels: self.labels };
        for (axis, side) in [(&mut self.rows, Side::Rows), (&mut self.columns, Side::Columns)] {
            // An axis with nothing on it has one line, which some writers leave out.
            if axis.fields.is_empty() && axis.is_empty() {
                axis.push(PivotLineKind::Items, 0, &[], 0);
            } else if !axis.fields.is_empty() && (axis.is_empty() || axis.repeats()) {
                *axis = headings.lines(side, &axis.fields, &mut fields, &self.values, left)?;
            }
        }
        let (rows, columns) = self.pages;
        // Each filter has a caption and a choice, and there is an empty column between them and an empty row below.
        let filters =
            if rows == 0 { (0, 0) } else { (rows.saturating_add(1), columns.max(1).saturating_mul(3) - 1) };
        let layout = PivotLayout {
            fields,
            rows: self.rows,
            columns: self.columns,
            filters: self.filters,
            values: self.values,
            shown_for_nothing: self.shown_for_nothing,
        };
        Some(PivotTable { name: self.name, area, labels: self.labels, filters, layout: Arc::new(layout) })
    }

    /// Which fields are on an axis or filters.
    fn used(&self) -> Vec<bool> {
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
        used
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

/// Reads a pivot table; `None` where it lacks what it needs or is larger than any honest one.
type ReadTable = fn(&mut Package<'_>, &str, &mut Left) -> Result<Option<RawTable>, LoadError>;
/// Reads a cache; `None` likewise.
type ReadCache = fn(&mut Package<'_>, &str, DateSystem, &mut Left) -> Result<Option<Cache>, LoadError>;

/// How the parts of a container are read.
pub(crate) struct PartReaders {
    pub table: ReadTable,
    pub cache: ReadCache,
}

/// Reads the pivot tables of all sheets of a container; `parts` has the sheets' parts in their order.
pub(crate) fn read_parts(
    package: &mut Package<'_>,
    parts: &[Option<String>],
    readers: &PartReaders,
    workbook: &mut Workbook,
    report: &mut LoadReport,
) -> Result<(), LoadError> {
    if !package.names().any(|name| name.contains("pivottables/")) {
        return Ok(());
    }
    let mut known = HashMap::new();
    let (mut of_tables, mut of_caches) = (Left::all(), Left::all());
    for (place, part) in parts.iter().enumerate() {
        let Some(part) = part else { continue };
        let relations = package.relations(part)?;
        let of_kind =
            relations.values().filter(|relation| relation.kind == "pivotTable" && !relation.external);
        let mut targets: Vec<String> = of_kind.map(|relation| relation.target.clone()).collect();
        targets.sort_unstable();
        for target in targets {
            let mut caches = Caches {
                known: &mut known,
                left: &mut of_caches,
                system: workbook.date_system,
                read: readers.cache,
            };
            let raw = match (readers.table)(package, &target, &mut of_tables) {
                Ok(Some(raw)) => caches.of(package, &target).map(|cache| cache.map(|cache| (raw, cache))),
                Ok(None) => Ok(None),
                Err(error) => Err(error),
            };
            let Some(sheet) = workbook.sheets.get_mut(place) else { continue };
            match raw {
                Ok(raw) => {
                    let pivot = raw.and_then(|(raw, cache)| raw.finish(&cache, sheet, &mut of_tables));
                    add(sheet, pivot, report);
                }
                Err(LoadError::Damaged(_)) => add(sheet, None, report),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

/// Adds a pivot table to its sheet, or says that there is one that cannot be read.
pub(crate) fn add(sheet: &mut Sheet, pivot: Option<PivotTable>, report: &mut LoadReport) {
    if pivot.is_none() {
        let message = "A pivot table of this sheet cannot be read; GETPIVOTDATA finds nothing in it.";
        report.note(NoteKind::Broken, &*sheet.name, message);
    }
    sheet.pivots.extend(pivot);
}

/// Caches by their parts, each read once.
struct Caches<'a> {
    known: &'a mut HashMap<String, Option<Arc<Cache>>>,
    left: &'a mut Left,
    system: DateSystem,
    read: ReadCache,
}

impl Caches<'_> {
    /// The cache that the part of a pivot table points to.
    fn of(&mut self, package: &mut Package<'_>, table: &str) -> Result<Option<Arc<Cache>>, LoadError> {
        let relations = package.relations(table)?;
        let relation =
            relations.values().find(|relation| relation.kind == "pivotCacheDefinition" && !relation.external);
        let Some(part) = relation.map(|relation| &*relation.target) else { return Ok(None) };
        if let Some(known) = self.known.get(part) {
            return Ok(known.clone());
        }
        // A damaged one is not read again for the next pivot table.
        self.known.insert(part.to_owned(), None);
        let cache = (self.read)(package, part, self.system, self.left)?.map(Arc::new);
        self.known.insert(part.to_owned(), cache.clone());
        Ok(cache)
    }
}
