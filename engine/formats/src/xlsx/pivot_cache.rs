//! What pivot tables remember of their data: the fields with their items. The records are not read.

use crate::package::Package;
use crate::xml::{Element, Xml, unescape};
use crate::{LoadError, iso};
use std::collections::HashMap;
use std::sync::Arc;
use values::{CellError, DateSystem, Text, Value};
use workbook::PivotItem;

/// The fields of a cache.
#[derive(Default)]
pub(super) struct Cache {
    pub fields: Vec<Arc<CacheField>>,
}

/// A field of the data, or one that groups another.
#[derive(Default)]
pub(super) struct CacheField {
    pub name: Text,
    pub caption: Option<Text>,
    /// What pivot tables choose from: the groups where it has some, or else the values.
    pub items: Vec<PivotItem>,
}

/// The caches that were read so far.
pub(super) struct Caches {
    system: DateSystem,
    /// How many items may still be read.
    left: usize,
    known: HashMap<String, Option<Arc<Cache>>>,
}

/// How the groups of a field are numbered, where people give their numbers: the number of the second group, as the
/// first is all that is before.
fn first_part(group_by: &str) -> Option<u32> {
    match group_by {
        "quarters" | "months" | "days" => Some(1),
        "hours" | "minutes" | "seconds" => Some(0),
        _ => None,
    }
}

impl Caches {
    pub fn new(system: DateSystem, most_items: usize) -> Caches {
        Caches { system, left: most_items, known: HashMap::new() }
    }

    /// A cache by its part; `None` where there is none or it is larger than any honest one.
    pub fn get(&mut self, package: &mut Package<'_>, part: &str) -> Result<Option<Arc<Cache>>, LoadError> {
        if let Some(known) = self.known.get(part) {
            return Ok(known.clone());
        }
        // A damaged one is not read again for the next pivot table.
        self.known.insert(part.to_owned(), None);
        let cache = self.read(package, part)?.map(Arc::new);
        self.known.insert(part.to_owned(), cache.clone());
        Ok(cache)
    }

    fn read(&mut self, package: &mut Package<'_>, part: &str) -> Result<Option<Cache>, LoadError> {
        let Some(mut xml) = package.part(part)? else { return Ok(None) };
        let mut cache = Cache::default();
        let mut field: Option<CacheField> = None;
        // The shared items give way to groups; with those, the number of the next one's part.
        let (mut within, mut part, mut group_by) = (false, None::<u32>, None);
        loop {
            match xml.next()? {
                Xml::Start(element) => match element.name() {
                    "cacheField" => field = Some(new_field(&element)),
                    "cacheHierarchies" | "extLst" | "mpMap" | "kpis" | "calculatedItems"
                    | "calculatedMembers" => {
                        xml.skip()?;
                    }
                    "sharedItems" => within = true,
                    "rangePr" => {
                        group_by = element.attr("groupBy").and_then(|by| first_part(&by));
                    }
                    "groupItems" => {
                        (within, part) = (true, group_by);
                        if let Some(field) = &mut field {
                            field.items.clear();
                        }
                    }
                    _ if within => {
                        if let (Some(field), Some(mut item)) = (&mut field, self.item(&element)) {
                            if !field.items.is_empty() && part.is_some() {
                                item.part = part;
                                part = part.map(|part| part + 1);
                            }
                            field.items.push(item);
                            match self.left.checked_sub(1) {
                                Some(left) => self.left = left,
                                None => return Ok(None),
                            }
                        }
                        // Properties of members of a cube.
                        xml.skip()?;
                    }
                    _ => {}
                },
                Xml::End(end) => match end.name() {
                    "sharedItems" | "groupItems" => (within, part) = (false, None),
                    "cacheField" => {
                        group_by = None;
                        cache.fields.extend(field.take().map(Arc::new));
                    }
                    _ => {}
                },
                Xml::Eof => return Ok(Some(cache)),
                Xml::Text(_) => {}
            }
        }
    }

    fn item(&self, element: &Element<'_>) -> Option<PivotItem> {
        let text = |name: &str| element.attr(name).map(|text| Text::from(&*unescape(&text)));
        let value = match element.name() {
            "s" => Value::Text(text("v")?),
            "n" => Value::Number(element.float("v")?),
            "d" => match iso::serial(&element.attr("v")?, self.system) {
                Some(serial) => Value::Number(serial),
                None => Value::Text(text("v")?),
            },
            "b" => Value::Bool(element.flag("v", false)),
            "e" => Value::Error(element.attr("v")?.parse().unwrap_or(CellError::Unknown)),
            "m" => Value::Empty,
            _ => return None,
        };
        Some(PivotItem { caption: text("c"), value, part: None })
    }
}

fn new_field(element: &Element<'_>) -> CacheField {
    let text = |name: &str| element.attr(name).map(|text| Text::from(&*unescape(&text)));
    CacheField { name: text("name").unwrap_or_default(), caption: text("caption"), items: Vec::new() }
}
