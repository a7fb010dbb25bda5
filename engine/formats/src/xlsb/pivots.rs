//! Pivot tables of .xlsb: the parts of the tables and of their caches.
//!
//! Source: [MS-XLSB] 2.1.7.38 (Pivot Cache Definition), 2.1.7.40 (PivotTable) and the records they name.

use super::records::RecordReader;
use super::workbook_part::tokens;
use crate::LoadError;
use crate::binary::{Bytes, error, number, rect};
use crate::package::Package;
use crate::pivots::{
    Cache, CacheField, GroupBy, Left, PartReaders, RawField, RawLine, RawTable, Side, date, line_kind,
};
use std::sync::Arc;
use values::{DateSystem, Text, Value};
use workbook::PivotValue;

/// The readers of both parts.
pub(super) const READERS: PartReaders = PartReaders { table: read_table, cache: read_cache };

/// The line that is being read, and on which side.
type Line = Option<(Side, RawLine)>;

fn read_table(package: &mut Package<'_>, part: &str, left: &mut Left) -> Result<Option<RawTable>, LoadError> {
    let Some(source) = package.source(part)? else { return Ok(None) };
    let mut records = RecordReader::new(source);
    let (mut table, mut side, mut line) = (RawTable::default(), Side::Rows, Line::None);
    let mut begun = false;
    while let Some((kind, mut data)) = records.next()? {
        match kind {
            280 => begun = begin(&mut table, &mut data).is_some(),
            299 => side = Side::Rows,
            301 => side = Side::Columns,
            297 => line = new_line(&mut data).map(|line| (side, line)),
            // The numbers of the items that this line does not share with the one before.
            388 => {
                if let Some((_, line)) = &mut line {
                    line.items.extend(std::iter::from_fn(|| data.i32()).map(i32::cast_unsigned));
                }
            }
            298 => {
                if let Some((side, line)) = line.take()
                    && !table.line(&line, side, left)
                {
                    return Ok(None);
                }
            }
            309 | 311 => {
                let side = if kind == 309 { Side::Rows } else { Side::Columns };
                if nested(&mut table, side, &mut data).is_none() {
                    return Ok(None);
                }
            }
            _ => {
                // A record that is cut off is left out.
                let _ = record(&mut table, kind, &mut data);
                if kind == 282 && !left.take(1) || !table.fits() {
                    return Ok(None);
                }
            }
        }
    }
    Ok(begun.then_some(table))
}

fn record(table: &mut RawTable, kind: u16, data: &mut Bytes<'_>) -> Option<()> {
    match kind {
        314 => location(table, data)?,
        285 => table.fields.push(field(data)?),
        282 => {
            let item = item(data)?;
            table.fields.last_mut()?.items.push(item);
        }
        // A filter on several items has a number that no item has.
        289 => table.filters.push((data.u32()?, Some(data.u32()?).filter(|item| *item < 0x0010_0000))),
        293 => {
            let field = data.u32()?;
            data.skip(5 * 4)?;
            let caption = if data.u8()? == 1 { data.wide_text()? } else { String::new() };
            table.values.push(PivotValue { caption: Text::from(caption), field });
        }
        _ => {}
    }
    Some(())
}

/// Source: [MS-XLSB] 2.4.278 (BrtBeginSXView).
fn begin(table: &mut RawTable, data: &mut Bytes<'_>) -> Option<()> {
    data.skip(4)?;
    let (flags, more) = (data.u32()?, data.u32()?);
    data.skip(4 + 4 + 4 + 4 + 4)?;
    table.name = Text::from(data.wide_text()?);
    // Captions of the values and of the grand total.
    for bit in [19, 20] {
        if flags >> bit & 1 != 0 {
            data.wide_text()?;
        }
    }
    // These flags say that there is no text for errors, or for nothing.
    if more & 1 << 6 == 0 {
        data.wide_text()?;
    }
    if more & 1 << 7 == 0 {
        let text = data.wide_text()?;
        table.shown_for_nothing = (flags & 1 << 10 != 0).then(|| Text::from(text));
    }
    Some(())
}

/// Source: [MS-XLSB] 2.4.259 (BrtBeginSXLocation).
fn location(table: &mut RawTable, data: &mut Bytes<'_>) -> Option<()> {
    let area = rect([data.u32()?, data.u32()?], [data.u32()?, data.u32()?])?;
    data.skip(4)?;
    let (first_row, first_col) = (data.u32()?, data.u32()?);
    table.labels = (
        first_row.checked_sub(area.top.0)?,
        u16::try_from(first_col.checked_sub(u32::from(area.left.0))?).ok()?,
    );
    table.pages = (data.u32()?, u16::try_from(data.u32()?).ok()?);
    table.area = Some(area);
    Some(())
}

/// Source: [MS-XLSB] 2.4.273 (BrtBeginSXVD).
fn field(data: &mut Bytes<'_>) -> Option<RawField> {
    let flags = data.u32()?;
    data.skip(4)?;
    let more = data.u32()?;
    data.skip(8)?;
    let caption = if flags >> 29 & 1 != 0 { Some(Text::from(data.wide_text()?)) } else { None };
    // Outlined, with the usual total and at the top.
    let totals_above = more & 1 << 6 != 0 && flags & 1 << 8 != 0 && more & 1 << 8 != 0;
    Some(RawField { caption, totals_above, items: Vec::new() })
}

/// Source: [MS-XLSB] 2.4.277 (BrtBeginSXVI).
fn item(data: &mut Bytes<'_>) -> Option<(Option<Text>, Option<u32>)> {
    data.skip(1)?;
    let (flags, shared) = (data.u16()?, data.i32()?);
    let caption = if flags & 1 << 4 != 0 { Some(Text::from(data.wide_text()?)) } else { None };
    Some((caption, u32::try_from(shared).ok()))
}

/// The fields of an axis; `None` where there are more than any honest pivot table has.
fn nested(table: &mut RawTable, side: Side, data: &mut Bytes<'_>) -> Option<()> {
    for _ in 0..data.u32().unwrap_or(0) {
        let Some(field) = data.i32() else { break };
        if !table.nest(side, Some(i64::from(field))) {
            return None;
        }
    }
    Some(())
}

/// Source: [MS-XLSB] 2.4.251 (BrtBeginSXLI).
fn new_line(data: &mut Bytes<'_>) -> Option<RawLine> {
    let (repeated, kind) = (usize::from(data.u16()?), u16::from(data.u8()?));
    data.skip(1 + 4)?;
    let value = u32::try_from(data.i32()?).unwrap_or(0);
    Some(RawLine { kind: line_kind(kind), repeated, value, items: Vec::new() })
}

fn read_cache(
    package: &mut Package<'_>,
    part: &str,
    system: DateSystem,
    left: &mut Left,
) -> Result<Option<Cache>, LoadError> {
    let Some(source) = package.source(part)? else { return Ok(None) };
    let mut records = RecordReader::new(source);
    let mut cache = Cache::default();
    let mut field: Option<CacheField> = None;
    let (mut within, mut group_by) = (false, GroupBy::Other);
    while let Some((kind, mut data)) = records.next()? {
        match (kind, &mut field) {
            (183, _) => {
                field = Some(new_field(&mut data).unwrap_or_default());
                group_by = GroupBy::Other;
            }
            (184, field) => cache.fields.extend(field.take().map(Arc::new)),
            (189, _) => within = true,
            (190, _) => within = false,
            (221, Some(field)) => {
                within = true;
                field.group();
            }
            (222, Some(field)) => {
                within = false;
                field.number(group_by);
            }
            (223, _) => group_by = data.u8().map_or(GroupBy::Other, GroupBy::of_number),
            (_, Some(field)) if within => {
                let before = field.items.len();
                let _ = items(field, kind, &mut data, system);
                if !left.take(field.items.len() - before) {
                    return Ok(None);
                }
            }
            _ => {}
        }
    }
    Ok(Some(cache))
}

/// Source: [MS-XLSB] 2.4.136 (BrtBeginPCDField).
fn new_field(data: &mut Bytes<'_>) -> Option<CacheField> {
    let flags = data.u16()?;
    data.skip(4 + 2 + 4 + 4 + 4)?;
    let name = Text::from(data.wide_text()?);
    let caption = if flags & 8 != 0 { Some(Text::from(data.wide_text()?)) } else { None };
    if flags & 0x100 != 0 {
        tokens(data)?;
    }
    Some(CacheField { name, caption, items: Vec::new() })
}

/// One item, or several of a kind.
fn items(field: &mut CacheField, kind: u16, data: &mut Bytes<'_>, system: DateSystem) -> Option<()> {
    if kind == 191 {
        let kind = match data.u16()? {
            0x01 => 21,
            0x02 => 24,
            0x10 => 23,
            0x20 => 25,
            _ => return None,
        };
        for _ in 0..data.u32()? {
            field.push(value(kind, data, system)?, None);
        }
        return Some(());
    }
    // The kinds from 27 on are the same with more behind the value.
    let (plain, has_more) = if (27..=32).contains(&kind) { (kind - 7, true) } else { (kind, false) };
    let value = value(plain, data, system)?;
    let flags = if has_more { data.u16().unwrap_or(0) } else { 0 };
    let caption = if flags & 4 != 0 { data.nullable_text().filter(|text| !text.is_empty()) } else { None };
    field.push(value, caption.map(Text::from));
    Some(())
}

fn value(kind: u16, data: &mut Bytes<'_>, system: DateSystem) -> Option<Value> {
    Some(match kind {
        20 => Value::Empty,
        21 => number(data.f64()?),
        22 => Value::Bool(data.u8()? != 0),
        23 => Value::Error(error(data.u8()?)),
        24 => Value::Text(Text::from(data.wide_text()?)),
        25 => date(data, system).unwrap_or(Value::Empty),
        _ => return None,
    })
}
