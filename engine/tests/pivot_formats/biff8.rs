//! A workbook with the cases' pivot tables as .xls. Source of the layouts: [MS-XLS].

use crate::cases::SHEETS;
use crate::definitions::{CacheField, Field, Item, Line, Table, cache, cells};
use cfb::{CompoundFile, Version};
use std::io::{Cursor, Write};
use std::path::Path;

fn le16(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    // What is longer goes on in further records.
    let mut bytes = Vec::new();
    let mut chunks = data.chunks(8_224);
    let first = chunks.next().unwrap_or_default();
    bytes.extend([le16(&[kind, first.len() as u16]), first.to_vec()].concat());
    for chunk in chunks {
        bytes.extend([le16(&[0x3c, chunk.len() as u16]), chunk.to_vec()].concat());
    }
    bytes
}

/// Characters with their flags, without their count.
fn plain(text: &str) -> Vec<u8> {
    [&[0], text.as_bytes()].concat()
}

fn counted(text: &str) -> Vec<u8> {
    [le16(&[text.len() as u16]), plain(text)].concat()
}

/// A caption that may be missing.
fn caption(text: Option<&str>) -> Vec<u8> {
    text.map_or_else(|| le16(&[0xffff]), counted)
}

fn begin(kind: u16) -> Vec<u8> {
    record(0x0809, &le16(&[0x0600, kind, 0, 0, 0, 0, 0, 0]))
}

fn field(field: &Field) -> Vec<u8> {
    let axis = field.axis | if field.is_data { 8 } else { 0 };
    let head = le16(&[axis, 1, u16::from(field.total), field.items.len() as u16]);
    let mut records = record(0x00b1, &[head, caption(field.caption.as_deref())].concat());
    for (kind, name, shared) in &field.items {
        let head = le16(&[*kind, 0, *shared as u16]);
        records.extend(record(0x00b2, &[head, caption(name.as_deref())].concat()));
    }
    let flags = 0x1e_u32 | u32::from(field.outline) << 21 | u32::from(field.top) << 23;
    [records, record(0x0100, &[flags.to_le_bytes().to_vec(), vec![0xff; 16]].concat())].concat()
}

fn lines(lines: &[Line], entries: usize, are_told: bool) -> Vec<u8> {
    let mut data = Vec::new();
    let mut before: Vec<i32> = Vec::new();
    for line in lines {
        let mut items = before[..(line.repeated as usize).min(before.len())].to_vec();
        items.extend(&line.items);
        before.clone_from(&items);
        if !are_told {
            data.extend(le16(&[0, 0, entries as u16, 0]));
            data.extend(le16(&vec![0; entries]));
            continue;
        }
        let grand = if line.kind == 13 { 1 << 11 } else { 0 };
        let total = if (1..13).contains(&line.kind) { 1 << 9 } else { 0 };
        let flags = (line.value as u16) << 1 | grand | total;
        data.extend(le16(&[line.repeated as u16, line.kind, items.len().min(entries) as u16, flags]));
        // What is not shown has a number that no item has.
        data.extend(
            (0..entries).flat_map(|place| le16(&[items.get(place).map_or(0x7fff, |item| *item as u16)])),
        );
    }
    record(0x00b5, &data)
}

fn table(table: &Table, cache: u16, are_told: bool) -> Vec<u8> {
    let [top, bottom, left, right] = table.area.map(|place| place as u16);
    let [row, col] = table.first_data.map(|place| place as u16);
    let counts = [table.nested[0].len(), table.nested[1].len(), table.filters.len(), table.values.len()];
    let [rows, columns, pages, values] = counts.map(|count| count as u16);
    let listed = [table.lines[0].len() as u16, table.lines[1].len() as u16];
    let head = [
        le16(&[top, bottom, left, right, top + 1, row, col, cache, 0, 2, 0xffff]),
        le16(&[table.fields.len() as u16, rows, columns, pages, values, listed[0], listed[1]]),
        le16(&[0x0003, 1, table.name.len() as u16, 6]),
        plain(&table.name),
        plain("Values"),
    ];
    let mut records = record(0x00b0, &head.concat());
    records.extend(table.fields.iter().flat_map(field));
    for nested in table.nested.iter().filter(|nested| !nested.is_empty()) {
        let fields: Vec<u16> = nested.iter().map(|field| *field as u16).collect();
        records.extend(record(0x00b4, &le16(&fields)));
    }
    if !table.filters.is_empty() {
        let filters = table
            .filters
            .iter()
            .flat_map(|(field, item)| [*field as u16, item.map_or(0x7ffd, |item| item as u16), 0xffff]);
        records.extend(record(0x00b6, &le16(&filters.collect::<Vec<u16>>())));
    }
    for (name, field) in &table.values {
        let head = le16(&[*field as u16, 0, 0, 0, 0, 0]);
        records.extend(record(0x00c5, &[head, counted(name)].concat()));
    }
    for side in 0..2 {
        records.extend(lines(&table.lines[side], table.nested[side].len(), are_told));
    }
    let for_nothing = table.for_nothing.as_deref();
    let more = [
        le16(&[0, 0xffff, for_nothing.map_or(0xffff, |text| text.len() as u16), 0xffff, 0]),
        le16(&[table.pages[0] as u16, table.pages[1] as u16]),
        (1_u32 << 22).to_le_bytes().to_vec(),
        vec![0xff; 6],
        for_nothing.map(plain).unwrap_or_default(),
    ];
    [records, record(0x00f1, &more.concat())].concat()
}

fn sheet(name: &str, are_told: bool) -> Vec<u8> {
    let mut records = begin(0x10);
    for (row, col, value) in cells(name) {
        let head = le16(&[row as u16, col as u16, 15]);
        records.extend(match value.parse::<f64>() {
            Ok(number) => record(0x0203, &[head, number.to_le_bytes().to_vec()].concat()),
            Err(_) => record(0x0204, &[head, counted(&value)].concat()),
        });
    }
    if let Some(own) = Table::read(name) {
        let cache = pivots().position(|pivot| pivot == name).unwrap();
        records.extend(table(&own, cache as u16, are_told));
    }
    [records, record(0x000a, &[])].concat()
}

/// The sheets with a pivot table.
fn pivots() -> impl Iterator<Item = &'static str> {
    SHEETS.into_iter().filter(|name| Table::read(name).is_some())
}

fn item(item: &Item) -> Vec<u8> {
    match item {
        Item::Missing => record(0x00cf, &[]),
        Item::Number(number) => record(0x00c9, &number.to_le_bytes()),
        Item::Text(text, _) => record(0x00cd, &counted(text)),
        Item::Date([year, month, day]) => {
            record(0x00ce, &[le16(&[*year, *month]), vec![*day as u8, 0, 0, 0]].concat())
        }
    }
}

fn cache_field(field: &CacheField) -> Vec<u8> {
    let counts = le16(&[field.groups.len() as u16, 0, field.items.len() as u16]);
    let mut records = record(0x00c7, &[le16(&[1, 0, 0, 0]), counts, counted(&field.name)].concat());
    records.extend(record(0x01bb, &le16(&[0])));
    records.extend(field.groups.iter().flat_map(item));
    if !field.groups.is_empty() {
        // Where the groups begin and end, and how large they are.
        records.extend(record(0x00d8, &le16(&[u16::from(field.group_by) << 2])));
        records.extend(item(&Item::Date([2023, 1, 15])));
        records.extend(item(&Item::Date([2024, 3, 21])));
        records.extend(record(0x00cc, &le16(&[1])));
    }
    records.extend(field.items.iter().flat_map(item));
    records
}

fn stream(are_told: bool) -> Vec<u8> {
    let sheets: Vec<Vec<u8>> = SHEETS.iter().map(|name| sheet(name, are_told)).collect();
    let globals = |length: usize| {
        let mut records = begin(5);
        for number in 1..=pivots().count() {
            records.extend(record(0x00d5, &le16(&[number as u16])));
            records.extend(record(0x00e3, &le16(&[1])));
        }
        let mut offset = length;
        for (name, sheet) in SHEETS.iter().zip(&sheets) {
            let head = [(offset as u32).to_le_bytes().to_vec(), vec![0, 0, name.len() as u8], plain(name)];
            records.extend(record(0x0085, &head.concat()));
            offset += sheet.len();
        }
        [records, record(0x000a, &[])].concat()
    };
    [globals(globals(0).len()), sheets.concat()].concat()
}

/// The workbook. Where the lines are not told, there are as many as there should be and all of them are empty.
pub fn workbook(are_told: bool) -> Vec<u8> {
    let stream_of = |(number, name): (u32, &str)| {
        let fields: Vec<u8> = cache(name).iter().flat_map(cache_field).collect();
        let head = record(0x00c6, &[0; 21]);
        (format!("{number:04X}"), [head, fields, record(0x000a, &[])].concat())
    };
    let caches: Vec<(String, Vec<u8>)> = (1..).zip(pivots()).map(stream_of).collect();
    compound(&stream(are_told), "_SX_DB_CUR", &caches)
}

/// A compound file with a stream, and a storage with others.
fn compound(book: &[u8], storage: &str, streams: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream("Workbook").unwrap().write_all(book).unwrap();
    file.create_storage(storage).unwrap();
    for (name, bytes) in streams {
        file.create_stream(Path::new(storage).join(name)).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}
