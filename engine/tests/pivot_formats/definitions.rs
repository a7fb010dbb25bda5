//! The pivot tables of the cases, read from the parts that .xlsx has for them, to be written in other formats.

use crate::cases::read;
use std::collections::HashMap;

/// The cells of a sheet: row, column, text.
pub fn cells(name: &str) -> Vec<(u32, u32, String)> {
    let text = read(&format!("{name}.tsv")).unwrap_or_default();
    let mut cells = Vec::new();
    for (row, line) in (0..).zip(text.lines()) {
        let filled = (0..).zip(line.split('\t')).filter(|(_, value)| !value.is_empty());
        cells.extend(filled.map(|(col, value)| (row, col, value.to_owned())));
    }
    cells
}

/// A start tag.
pub struct Tag {
    pub name: String,
    attributes: HashMap<String, String>,
}

impl Tag {
    pub fn text(&self, name: &str) -> Option<String> {
        self.attributes.get(name).cloned()
    }

    pub fn number(&self, name: &str) -> i32 {
        self.attributes.get(name).map_or(0, |text| text.parse().unwrap())
    }

    pub fn flag(&self, name: &str) -> bool {
        self.attributes.get(name).is_none_or(|text| text == "1")
    }
}

/// The start tags of a document; an end tag is one with a slash before its name.
fn tags(xml: &str) -> Vec<Tag> {
    let plain = |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let mut tags = Vec::new();
    for piece in xml.split('<').skip(1).filter(|piece| !piece.starts_with('?')) {
        let (tag, _) = piece.split_once('>').unwrap();
        let (inner, is_empty) = tag.strip_suffix('/').map_or((tag, false), |inner| (inner, true));
        let (name, rest) = inner.split_once(' ').unwrap_or((inner, ""));
        let mut attributes = HashMap::new();
        let mut rest = rest;
        while let Some((key, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').unwrap();
            attributes.insert(key.trim().to_owned(), plain(value));
            rest = after;
        }
        tags.push(Tag { name: name.to_owned(), attributes });
        if is_empty {
            tags.push(Tag { name: format!("/{name}"), attributes: HashMap::new() });
        }
    }
    tags
}

pub struct Line {
    pub repeated: i32,
    pub kind: u16,
    pub value: i32,
    pub items: Vec<i32>,
}

#[derive(Default)]
pub struct Field {
    pub caption: Option<String>,
    /// 1 for rows, 2 for columns, 4 for filters.
    pub axis: u16,
    pub is_data: bool,
    pub total: bool,
    pub outline: bool,
    pub top: bool,
    /// Kind, caption, number in the cache.
    pub items: Vec<(u16, Option<String>, i32)>,
}

#[derive(Default)]
pub struct Table {
    pub name: String,
    pub for_nothing: Option<String>,
    /// First row, last row, first column, last column.
    pub area: [u32; 4],
    pub first_data: [u32; 2],
    pub pages: [u32; 2],
    pub fields: Vec<Field>,
    /// Fields of rows, then of columns.
    pub nested: [Vec<i32>; 2],
    pub lines: [Vec<Line>; 2],
    pub filters: Vec<(i32, Option<i32>)>,
    pub values: Vec<(String, i32)>,
}

fn kind(name: Option<String>) -> u16 {
    const NAMES: [&str; 15] = [
        "data", "default", "sum", "countA", "avg", "max", "min", "product", "count", "stdDev", "stdDevP",
        "var", "varP", "grand", "blank",
    ];
    let name = name.unwrap_or_else(|| "data".to_owned());
    NAMES.iter().position(|own| *own == name).unwrap() as u16
}

impl Table {
    pub fn read(name: &str) -> Option<Table> {
        let xml = read(&format!("{name}.pivot.xml"))?;
        let mut table = Table::default();
        let mut side = 0;
        for tag in tags(&xml) {
            match tag.name.as_str() {
                "pivotTableDefinition" => {
                    table.name = tag.text("name").unwrap();
                    table.for_nothing = tag.text("missingCaption");
                }
                "location" => table.location(&tag),
                "pivotField" => table.fields.push(Field {
                    caption: tag.text("name"),
                    axis: match tag.text("axis").as_deref() {
                        Some("axisRow") => 1,
                        Some("axisCol") => 2,
                        Some("axisPage") => 4,
                        _ => 0,
                    },
                    is_data: tag.text("dataField").is_some(),
                    total: tag.flag("defaultSubtotal"),
                    outline: tag.flag("outline"),
                    top: tag.flag("subtotalTop"),
                    items: Vec::new(),
                }),
                "item" => {
                    let shared = if tag.text("x").is_some() { tag.number("x") } else { -1 };
                    let item = (kind(tag.text("t")), tag.text("n"), shared);
                    table.fields.last_mut().unwrap().items.push(item);
                }
                "rowFields" | "rowItems" => side = 0,
                "colFields" | "colItems" => side = 1,
                "field" => table.nested[side].push(tag.number("x")),
                "i" => table.lines[side].push(Line {
                    repeated: tag.number("r"),
                    kind: kind(tag.text("t")),
                    value: tag.number("i"),
                    items: Vec::new(),
                }),
                "x" => table.lines[side].last_mut().unwrap().items.push(tag.number("v")),
                "pageField" => {
                    table
                        .filters
                        .push((tag.number("fld"), tag.text("item").map(|item| item.parse().unwrap())));
                }
                "dataField" => table.values.push((tag.text("name").unwrap(), tag.number("fld"))),
                _ => {}
            }
        }
        Some(table)
    }

    fn location(&mut self, tag: &Tag) {
        let area: values::Rect = tag.text("ref").unwrap().parse().unwrap();
        self.area = [area.top.0, area.bottom.0, u32::from(area.left.0), u32::from(area.right.0)];
        self.first_data = [
            self.area[0] + tag.number("firstDataRow") as u32,
            self.area[2] + tag.number("firstDataCol") as u32,
        ];
        self.pages = [tag.number("rowPageCount") as u32, tag.number("colPageCount") as u32];
    }
}

/// A value of a cache with its caption.
pub enum Item {
    Missing,
    Text(String, Option<String>),
    Number(f64),
    /// Year, month, day.
    Date([u16; 3]),
}

#[derive(Default)]
pub struct CacheField {
    pub name: String,
    pub caption: Option<String>,
    pub items: Vec<Item>,
    pub groups: Vec<Item>,
    /// 5 for months, 7 for years.
    pub group_by: u8,
}

/// The cache of a sheet's pivot table.
pub fn cache(name: &str) -> Vec<CacheField> {
    let xml = read(&format!("{name}.cache.xml")).or_else(|| read("Records.cache.xml")).unwrap();
    let mut fields: Vec<CacheField> = Vec::new();
    let mut in_groups = false;
    for tag in tags(&xml) {
        let item = match tag.name.as_str() {
            "cacheField" => {
                let (name, caption) = (tag.text("name").unwrap(), tag.text("caption"));
                fields.push(CacheField { name, caption, ..CacheField::default() });
                continue;
            }
            "rangePr" => {
                let by = if tag.text("groupBy").as_deref() == Some("months") { 5 } else { 7 };
                fields.last_mut().unwrap().group_by = by;
                continue;
            }
            "groupItems" | "/groupItems" => {
                in_groups = tag.name == "groupItems";
                continue;
            }
            "s" => Item::Text(tag.text("v").unwrap(), tag.text("c")),
            "n" => Item::Number(tag.text("v").unwrap().parse().unwrap()),
            "m" => Item::Missing,
            "d" => {
                let text = tag.text("v").unwrap();
                let parts: Vec<u16> = text[..10].split('-').map(|part| part.parse().unwrap()).collect();
                Item::Date(parts.try_into().unwrap())
            }
            _ => continue,
        };
        let field = fields.last_mut().unwrap();
        if in_groups { field.groups.push(item) } else { field.items.push(item) }
    }
    fields
}
