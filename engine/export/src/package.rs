//! The zip container of a workbook, as far as this room needs it: parts, relations, and which sheet owns a part.
//!
//! The caller's reader has accepted the file before, under limits on size and ratio; here what is unpacked is
//! bounded again, since this room trusts nobody's word for it.

use crate::xml::{Step, Xml};
use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// What all parts together may unpack to.
const MOST_UNPACKED: u64 = 2 << 30;

/// A container.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Places by lower-case name with forward slashes.
    parts: HashMap<String, usize>,
    left: u64,
}

/// Where a part points to.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub id: String,
    /// The last word of the relation's type.
    pub kind: String,
    /// The part's name in lower case; an address where `external`.
    pub target: String,
    pub external: bool,
}

/// A sheet as the workbook part lists it.
#[derive(Clone, Debug)]
pub(crate) struct SheetPart {
    pub name: String,
    pub part: String,
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Package<'a>, String> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        let mut parts = HashMap::new();
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index).map_err(|error| error.to_string())?;
            let name = file.name().map_err(|error| error.to_string())?;
            parts.insert(normal(&name), index);
        }
        Ok(Package { archive, parts, left: MOST_UNPACKED })
    }

    /// The bytes of a part; `None` where there is none of that name.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(index) = self.parts.get(&normal(name)).copied() else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|error| error.to_string())?;
        let mut bytes = Vec::new();
        let read = file.take(self.left.saturating_add(1)).read_to_end(&mut bytes);
        let read = read.map_err(|error| error.to_string())? as u64;
        self.left = self.left.checked_sub(read).ok_or("it unpacks to more than two gigabytes")?;
        Ok(Some(bytes))
    }

    /// The workbook part's name, with its relations.
    pub fn workbook(&mut self) -> Result<(String, Vec<Relation>), String> {
        let found = self.relations("")?.into_iter().find(|relation| relation.kind == "officeDocument");
        let name = found.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
        let relations = self.relations(&name)?;
        Ok((name, relations))
    }

    /// The sheets in their order.
    pub fn sheets(&mut self) -> Result<Vec<SheetPart>, String> {
        let (name, relations) = self.workbook()?;
        let Some(bytes) = self.bytes(&name)? else { return Err("it has no workbook part".to_owned()) };
        let mut xml = Xml::new(&bytes);
        let mut sheets = Vec::new();
        while let Some(step) = xml.next()? {
            let Step::Start(element) = step else { continue };
            if element.name() != "sheet" {
                continue;
            }
            let id = element.attr("id").unwrap_or_default();
            let relation = relations.iter().find(|relation| relation.id == id);
            let part = relation.map(|relation| relation.target.clone()).unwrap_or_default();
            sheets.push(SheetPart { name: element.attr("name").unwrap_or_default(), part });
        }
        Ok(sheets)
    }

    /// The relations of a part; none for a part that has none.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, String> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let Some(bytes) = self.bytes(&format!("{folder}{slash}_rels/{file}.rels"))? else {
            return Ok(Vec::new());
        };
        let mut xml = Xml::new(&bytes);
        let mut relations = Vec::new();
        while let Some(step) = xml.next()? {
            let Step::Start(element) = step else { continue };
            let (Some(id), Some(target)) = (element.attr("Id"), element.attr("Target")) else { continue };
            let external = element.attr("TargetMode").as_deref() == Some("External");
            let kind = element.attr("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let target = if external { target } else { resolve(folder, &target) };
            relations.push(Relation { id, kind, target, external });
        }
        Ok(relations)
    }

    /// Every part that can be reached, with the kind of the relation that leads to it and the sheet it belongs to
    /// (empty for the workbook's own).
    pub fn reachable(&mut self) -> Result<BTreeMap<String, (String, String)>, String> {
        let sheets = self.sheets()?;
        let mut found: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut open = vec![(String::new(), String::new())];
        while let Some((part, owner)) = open.pop() {
            for relation in self.relations(&part)? {
                if relation.external || found.contains_key(&relation.target) {
                    continue;
                }
                if !self.parts.contains_key(&normal(&relation.target)) {
                    continue;
                }
                let sheet = sheets.iter().find(|sheet| sheet.part == relation.target);
                let owner = sheet.map_or_else(|| owner.clone(), |sheet| sheet.name.clone());
                found.insert(relation.target.clone(), (relation.kind, owner.clone()));
                open.push((relation.target, owner));
            }
        }
        Ok(found)
    }
}

pub(crate) fn normal(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// A relation's target as a full name in lower case; `..` never leaves the container.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return normal(absolute);
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    normal(&path.join("/"))
}
