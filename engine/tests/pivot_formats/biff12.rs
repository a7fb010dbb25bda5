//! A workbook with the cases' pivot tables as .xlsb. Source of the layouts: [MS-XLSB].

use crate::cases::SHEETS;
use crate::definitions::{CacheField, Field, Item, Line, Table, cache, cells};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn le32(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [le32(&[units.len() as u32]), units.iter().flat_map(|unit| unit.to_le_bytes()).collect()].concat()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = if kind < 128 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
    let mut length = data.len();
    loop {
        let rest = length >> 7;
        bytes.push((length & 0x7f) as u8 | if rest > 0 { 0x80 } else { 0 });
        length = rest;
        if length == 0 {
            break;
        }
    }
    bytes.extend_from_slice(data);
    bytes
}

fn sheet(name: &str) -> Vec<u8> {
    let mut part = [record(129, &[]), record(145, &[])].concat();
    let mut last = None;
    for (row, col, value) in cells(name) {
        if last != Some(row) {
            part.extend(record(0, &[le32(&[row, 0]), vec![0; 9]].concat()));
            last = Some(row);
        }
        let head = le32(&[col, 0]);
        part.extend(match value.parse::<f64>() {
            Ok(number) => record(5, &[head, number.to_le_bytes().to_vec()].concat()),
            Err(_) => record(6, &[head, wide(&value)].concat()),
        });
    }
    [part, record(146, &[]), record(130, &[])].concat()
}

fn field(field: &Field) -> Vec<u8> {
    let flags = u32::from(field.axis)
        | u32::from(field.is_data) << 3
        | u32::from(field.total) << 8
        | u32::from(field.caption.is_some()) << 29;
    let more = u32::from(field.outline) << 6 | u32::from(field.top) << 8;
    let mut head = le32(&[flags, 0, more, 10, u32::MAX]);
    head.extend(field.caption.as_deref().map(wide).unwrap_or_default());
    let mut part = record(285, &head);
    if !field.items.is_empty() {
        part.extend(record(283, &le32(&[field.items.len() as u32])));
        for (kind, caption, shared) in &field.items {
            let flags: u16 = if caption.is_some() { 1 << 4 } else { 0 };
            let head = [&[*kind as u8][..], &flags.to_le_bytes(), &shared.to_le_bytes()].concat();
            part.extend(record(282, &[head, caption.as_deref().map(wide).unwrap_or_default()].concat()));
            part.extend(record(281, &[]));
        }
        part.extend(record(284, &[]));
    }
    [part, record(286, &[])].concat()
}

fn lines(side: usize, lines: &[Line]) -> Vec<u8> {
    let (begin, end) = if side == 0 { (299, 300) } else { (301, 302) };
    let mut part = record(begin, &le32(&[lines.len() as u32]));
    for line in lines {
        let head = [
            (line.repeated as u16).to_le_bytes().to_vec(),
            vec![line.kind as u8, 0],
            le32(&[line.items.len() as u32, line.value as u32]),
        ];
        part.extend(record(297, &head.concat()));
        if !line.items.is_empty() {
            let items: Vec<u8> = line.items.iter().flat_map(|item| item.to_le_bytes()).collect();
            part.extend([record(388, &items), record(389, &[])].concat());
        }
        part.extend(record(298, &[]));
    }
    [part, record(end, &[])].concat()
}

fn table(table: &Table) -> Vec<u8> {
    let flags = 1_u32 << 10 | 1 << 13 | 1 << 14 | 1 << 19;
    // No text for errors; one for nothing only where there is one.
    let more = 1_u32 << 6 | u32::from(table.for_nothing.is_none()) << 7;
    let head = [
        le32(&[0x0040_4106, flags, more]),
        vec![2, 0, 6, 3],
        le32(&[u32::MAX, 1, 0, 1]),
        wide(&table.name),
        wide("Values"),
        table.for_nothing.as_deref().map(wide).unwrap_or_default(),
    ];
    let mut part = record(280, &head.concat());
    let [top, bottom, left, right] = table.area;
    let [row, col] = table.first_data;
    let location = [top, bottom, left, right, top + 1, row, col, table.pages[0], table.pages[1]];
    part.extend([record(314, &le32(&location)), record(313, &[])].concat());
    part.extend(record(287, &le32(&[table.fields.len() as u32])));
    part.extend(table.fields.iter().flat_map(field));
    part.extend(record(288, &[]));
    for side in 0..2 {
        let nested = &table.nested[side];
        if !nested.is_empty() {
            let fields = nested.iter().flat_map(|field| field.to_le_bytes());
            let data: Vec<u8> = le32(&[nested.len() as u32]).into_iter().chain(fields).collect();
            let kind = [309, 311][side];
            part.extend([record(kind, &data), record(kind + 1, &[])].concat());
        }
        part.extend(lines(side, &table.lines[side]));
    }
    for (field, item) in &table.filters {
        let item = item.map_or(0x0010_00fe, i32::cast_unsigned);
        let data = [le32(&[*field as u32, item, u32::MAX]), vec![0]].concat();
        part.extend([record(289, &data), record(290, &[])].concat());
    }
    for (name, field) in &table.values {
        let data = [le32(&[*field as u32, 0, 0, 0, 0, 0]), vec![1], wide(name)].concat();
        part.extend([record(293, &data), record(294, &[])].concat());
    }
    [part, record(315, &[])].concat()
}

fn item(item: &Item) -> Vec<u8> {
    match item {
        Item::Missing => record(20, &[]),
        Item::Number(number) => record(21, &number.to_le_bytes()),
        Item::Text(text, None) => record(24, &wide(text)),
        // With a caption and without properties.
        Item::Text(text, Some(caption)) => {
            record(31, &[wide(text), vec![4, 0], wide(caption), le32(&[0])].concat())
        }
        Item::Date([year, month, day]) => {
            let date = [year.to_le_bytes(), month.to_le_bytes()].concat();
            record(25, &[date, vec![*day as u8, 0, 0, 0]].concat())
        }
    }
}

fn cache_field(field: &CacheField) -> Vec<u8> {
    let flags: u16 = 4 | if field.caption.is_some() { 8 } else { 0 };
    let head = [
        flags.to_le_bytes().to_vec(),
        vec![0; 4 + 2 + 4 + 4 + 4],
        wide(&field.name),
        field.caption.as_deref().map(wide).unwrap_or_default(),
    ];
    let mut part = record(183, &head.concat());
    part.extend(record(189, &[vec![0, 0], le32(&[field.items.len() as u32])].concat()));
    let numbers: Vec<f64> = field
        .items
        .iter()
        .filter_map(|item| if let Item::Number(number) = item { Some(*number) } else { None })
        .collect();
    if !numbers.is_empty() && numbers.len() == field.items.len() {
        // Several of a kind in one record.
        let values: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        part.extend(record(191, &[vec![1, 0], le32(&[numbers.len() as u32]), values].concat()));
        part.extend(record(192, &[]));
    } else {
        part.extend(field.items.iter().flat_map(item));
    }
    part.extend(record(190, &[]));
    if !field.groups.is_empty() {
        part.extend(record(219, &le32(&[u32::MAX, 0])));
        part.extend(
            [record(223, &[vec![field.group_by, 4], vec![0; 24]].concat()), record(224, &[])].concat(),
        );
        part.extend(record(221, &le32(&[field.groups.len() as u32])));
        part.extend(field.groups.iter().flat_map(item));
        part.extend([record(222, &[]), record(220, &[])].concat());
    }
    [part, record(184, &[])].concat()
}

fn relations(list: &[(&str, String)]) -> Vec<u8> {
    let mut xml =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">".to_owned();
    for (number, (kind, target)) in (1..).zip(list) {
        let _ =
            write!(xml, "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    }
    (xml + "</Relationships>").into_bytes()
}

/// The workbook; `change` may rewrite parts.
pub fn workbook(change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let (mut of_workbook, mut listed) = (Vec::new(), Vec::new());
    for (number, name) in (1_u32..).zip(SHEETS) {
        let target = format!("worksheets/sheet{number}.bin");
        parts.push((format!("xl/{target}"), sheet(name)));
        of_workbook.push(("worksheet", target));
        listed.extend(record(156, &[le32(&[0, number]), wide(&format!("rId{number}")), wide(name)].concat()));
        let Some(own) = Table::read(name) else { continue };
        let target = format!("../pivotTables/pivotTable{number}.bin");
        parts.push((
            format!("xl/worksheets/_rels/sheet{number}.bin.rels"),
            relations(&[("pivotTable", target)]),
        ));
        parts.push((format!("xl/pivotTables/pivotTable{number}.bin"), table(&own)));
        let target = format!("../pivotCache/pivotCacheDefinition{number}.bin");
        parts.push((
            format!("xl/pivotTables/_rels/pivotTable{number}.bin.rels"),
            relations(&[("pivotCacheDefinition", target)]),
        ));
        let fields: Vec<u8> = cache(name).iter().flat_map(cache_field).collect();
        let definition =
            [record(179, &[0; 20]), record(181, &[0; 4]), fields, record(182, &[]), record(180, &[])];
        parts.push((format!("xl/pivotCache/pivotCacheDefinition{number}.bin"), definition.concat()));
    }
    parts.push((
        "xl/workbook.bin".to_owned(),
        [record(131, &[]), record(143, &[]), listed, record(144, &[]), record(132, &[])].concat(),
    ));
    parts.push(("xl/_rels/workbook.bin.rels".to_owned(), relations(&of_workbook)));
    parts.push(("_rels/.rels".to_owned(), relations(&[("officeDocument", "xl/workbook.bin".to_owned())])));
    parts.push(("[Content_Types].xml".to_owned(), b"<Types/>".to_vec()));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(&change(&name, bytes)).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
