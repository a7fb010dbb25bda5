//! Pivot tables of .xls: the records of a sheet that tell of one, and the streams with what they remember of their
//! data.
//!
//! Source: [MS-XLS] 2.1.7.20.5 (PIVOTVIEW), 2.1.7.14 (Pivot Cache Storage) and the records they name; the entries of
//! lines as in the Excel 97 Developer's Kit.

use super::Version;
use super::records::{Record, Records};
use crate::binary::{Bytes, error, number, rect};
use crate::pivots::{Cache, CacheField, GroupBy, Left, RawField, RawLine, RawTable, Side, date, line_kind};
use std::sync::Arc;
use values::{DateSystem, Text, Value};
use workbook::{PivotAxisField, PivotValue};

/// The storage with the caches.
pub(super) const STORAGE: &str = "_SX_DB_CUR";

/// A pivot table while its records are read.
pub(super) struct RawPivot {
    pub table: RawTable,
    /// Which of the workbook's caches it shows.
    pub cache: u16,
    /// How many fields it has on each axis, and lines.
    nested: [u16; 2],
    lines: [u16; 2],
    /// Its fields on axes that are still to come.
    axes: Vec<Side>,
    /// Sides whose lines are still to come.
    listed: Vec<Side>,
    /// More than any honest pivot table has.
    pub is_too_large: bool,
}

/// The pivot tables of a sheet.
#[derive(Default)]
pub(super) struct Pivots {
    pub list: Vec<RawPivot>,
}

impl Pivots {
    /// Takes a record of the sheet; those that are none of a pivot table are passed over.
    pub fn record(&mut self, record: &Record<'_>, left: &mut Left) {
        let whole = record.whole();
        let mut data = Bytes(&whole);
        if record.kind == 0x00b0 {
            self.list.extend(view(&mut data));
            return;
        }
        let Some(pivot) = self.list.last_mut().filter(|pivot| !pivot.is_too_large) else { return };
        // A record that is cut off is left out.
        let _ = pivot.record(record.kind, &mut data, left);
        pivot.is_too_large |= !pivot.table.fits();
    }
}

/// Source: [MS-XLS] 2.4.313 (SxView).
fn view(data: &mut Bytes<'_>) -> Option<RawPivot> {
    let mut next = || data.u16();
    let (rows, cols) = ([next()?, next()?], [next()?, next()?]);
    next()?;
    let (first_row, first_col, cache) = (next()?, next()?, next()?);
    for _ in 0..4 {
        next()?;
    }
    let nested = [next()?, next()?];
    let [_pages, _values] = [next()?, next()?];
    let lines = [next()?, next()?];
    let [_flags, _format, name_length, _] = [next()?, next()?, next()?, next()?];
    let area = rect(rows.map(u32::from), cols.map(u32::from))?;
    let axes = [Side::Rows, Side::Columns];
    let table = RawTable {
        name: Text::from(data.flagged(usize::from(name_length))?),
        area: Some(area),
        labels: (u32::from(first_row).checked_sub(area.top.0)?, first_col.checked_sub(area.left.0)?),
        ..RawTable::default()
    };
    Some(RawPivot {
        table,
        cache,
        nested,
        lines,
        axes: axes
            .into_iter()
            .zip(nested)
            .filter(|(_, count)| *count > 0)
            .map(|(side, _)| side)
            .rev()
            .collect(),
        listed: if lines == [0, 0] { Vec::new() } else { vec![Side::Columns, Side::Rows] },
        is_too_large: false,
    })
}

impl RawPivot {
    /// Whether it is within the limits and the fields of its axes are all there.
    pub fn is_whole(&self) -> bool {
        let mut fields = self.table.rows.fields.iter().chain(&self.table.columns.fields);
        let is_there = |field: &PivotAxisField| match field {
            PivotAxisField::Field(field) => (*field as usize) < self.table.fields.len(),
            PivotAxisField::Values => true,
        };
        !self.is_too_large && self.axes.is_empty() && fields.all(is_there)
    }

    fn record(&mut self, kind: u16, data: &mut Bytes<'_>, left: &mut Left) -> Option<()> {
        match kind {
            0x00b1 => self.field(data)?,
            0x00b2 => {
                self.is_too_large |= !left.take(1);
                let item = item(data)?;
                self.table.fields.last_mut()?.items.push(item);
            }
            0x0100 => {
                let flags = data.u32()?;
                let field = self.table.fields.last_mut()?;
                // Outlined, and with totals at the top.
                field.totals_above &= flags & 1 << 21 != 0 && flags & 1 << 23 != 0;
            }
            0x00b4 => self.axis(data),
            0x00b6 => {
                while let (Some(field), Some(item), Some(_)) = (data.u16(), data.u16(), data.u16()) {
                    let item = Some(u32::from(item)).filter(|item| *item < 0x7ef4);
                    self.table.filters.push((u32::from(field), item));
                }
            }
            0x00c5 => {
                let field = u32::from(data.u16()?);
                data.skip(10)?;
                let caption = caption(data)?.unwrap_or_default();
                self.table.values.push(PivotValue { caption, field });
            }
            0x00b5 => self.lines(data, left)?,
            0x00f1 => self.more(data)?,
            _ => {}
        }
        Some(())
    }

    /// Source: [MS-XLS] 2.4.311 (Sxvd).
    fn field(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        data.skip(4)?;
        let totals = data.u16()?;
        data.skip(2)?;
        let caption = caption(data)?;
        // Whether the totals are above is said by a record that follows.
        self.table.fields.push(RawField { caption, totals_above: totals & 1 != 0, items: Vec::new() });
        Some(())
    }

    fn axis(&mut self, data: &mut Bytes<'_>) {
        let Some(side) = self.axes.pop() else { return };
        while let Some(field) = data.u16() {
            self.is_too_large |= !self.table.nest(side, Some(i64::from(field.cast_signed())));
            if self.is_too_large {
                return;
            }
        }
    }

    /// Source: [MS-XLS] 2.4.293 (SXLI), 2.5.259 (SXLIItem).
    fn lines(&mut self, data: &mut Bytes<'_>, left: &mut Left) -> Option<()> {
        let side = self.listed.pop()?;
        let place = usize::from(side == Side::Columns);
        let entries = usize::from(*self.nested.get(place)?);
        for _ in 0..*self.lines.get(place)? {
            let repeated = usize::from(data.u16()?);
            let kind = data.u16()? & 0x7fff;
            let shown = usize::from(data.u16()?);
            let flags = data.u16()?;
            let items: Vec<u32> =
                (0..entries).map(|_| data.u16().map(u32::from)).collect::<Option<Vec<u32>>>()?;
            let own = items.get(repeated..shown.clamp(repeated, items.len().max(repeated)));
            let line = RawLine {
                kind: line_kind(kind),
                repeated,
                value: u32::from(flags >> 1 & 0xff),
                items: own.unwrap_or_default().to_vec(),
            };
            if !self.table.line(&line, side, left) {
                self.is_too_large = true;
                return None;
            }
        }
        Some(())
    }

    /// Source: [MS-XLS] 2.4.290 (SXEx).
    fn more(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        data.skip(2)?;
        let (for_errors, for_nothing) = (data.u16()?, data.u16()?);
        data.skip(4)?;
        self.table.pages = (u32::from(data.u16()?), data.u16()?);
        let flags = data.u32()?;
        data.skip(6)?;
        let mut text = |length: u16| match length {
            0 | 0xffff => Some(None),
            length => data.flagged(usize::from(length)).map(Some),
        };
        text(for_errors)?;
        let for_nothing = text(for_nothing)?.filter(|_| flags & 1 << 22 != 0);
        self.table.shown_for_nothing = for_nothing.map(Text::from);
        Some(())
    }
}

/// Source: [MS-XLS] 2.4.312 (SXVI).
fn item(data: &mut Bytes<'_>) -> Option<(Option<Text>, Option<u32>)> {
    data.skip(4)?;
    let shared = data.u16()?;
    Some((caption(data)?, Some(u32::from(shared)).filter(|shared| *shared != 0xffff)))
}

/// A caption that may be missing.
fn caption(data: &mut Bytes<'_>) -> Option<Option<Text>> {
    match data.u16()? {
        0xffff => Some(None),
        length => data.flagged(usize::from(length)).map(|text| Some(Text::from(text))),
    }
}

/// Reads the stream of a cache; `None` where it is larger than any honest one.
pub(super) fn cache(stream: &[u8], version: Version, system: DateSystem, left: &mut Left) -> Option<Cache> {
    let mut cache = Cache::default();
    let mut field: Option<RawCacheField> = None;
    for record in Records::from(stream, 0) {
        let whole = record.whole();
        let mut data = Bytes(&whole);
        match (record.kind, &mut field) {
            (0x000a, _) => break,
            (0x00c7, _) => {
                cache.fields.extend(field.take().map(RawCacheField::finish));
                field = RawCacheField::new(&mut data, version);
            }
            // Which ranges the groups are; the next items are where they begin and end.
            (0x00d8, Some(field)) => {
                let by = data.u16().map_or(0, |flags| (flags >> 2 & 7) as u8);
                field.field.number(GroupBy::of_number(by));
                field.passed = 3;
            }
            (0x00c9..=0x00cf, Some(field)) => {
                if !left.take(1) {
                    return None;
                }
                field.take(value(record.kind, &mut data, version, system));
            }
            _ => {}
        }
    }
    cache.fields.extend(field.map(RawCacheField::finish));
    Some(cache)
}

/// A field of a cache while its items are read: first its groups, then its values.
struct RawCacheField {
    field: CacheField,
    groups: u16,
    values: u16,
    /// Items to pass over, which are neither.
    passed: u16,
}

impl RawCacheField {
    /// Source: [MS-XLS] 2.4.283 (SXFDB).
    fn new(data: &mut Bytes<'_>, version: Version) -> Option<RawCacheField> {
        data.skip(2 + 2 + 2 + 2)?;
        let groups = data.u16()?;
        data.skip(2)?;
        let values = data.u16()?;
        let field = CacheField { name: Text::from(version.text(data)?), ..CacheField::default() };
        Some(RawCacheField { field, groups, values, passed: 0 })
    }

    /// Takes an item. What lies behind those of the last field are records.
    fn take(&mut self, value: Option<Value>) {
        let has_groups = self.field.items.len() < usize::from(self.groups);
        if self.passed > 0 {
            self.passed -= 1;
        } else if has_groups || self.groups == 0 && self.field.items.len() < usize::from(self.values) {
            // One that is cut off keeps its place.
            self.field.push(value.unwrap_or(Value::Empty), None);
        }
    }

    fn finish(self) -> Arc<CacheField> {
        Arc::new(self.field)
    }
}

/// Source: [MS-XLS] 2.4.302 (SXNum), 2.4.275 (SxBool), 2.4.282 (SxErr), 2.4.291 (SXInt), 2.4.307 (SXString), 2.4.299
/// (SxNil).
fn value(kind: u16, data: &mut Bytes<'_>, version: Version, system: DateSystem) -> Option<Value> {
    Some(match kind {
        0x00c9 => number(data.f64()?),
        0x00ca => Value::Bool(data.u16()? != 0),
        0x00cb => Value::Error(error(data.u8()?)),
        0x00cc => Value::Number(f64::from(data.u16()?.cast_signed())),
        0x00cd => Value::Text(Text::from(version.text(data)?)),
        0x00ce => date(data, system).unwrap_or(Value::Empty),
        _ => Value::Empty,
    })
}
