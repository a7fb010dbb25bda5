//! The zip container of .xlsx, .xlsb and .ods, and the relations between its parts.
//!
//! Invariant: no more is unpacked than the limits allow, whatever the container claims.

use crate::limits::Counted;
use crate::window::Window;
use crate::xml::{Xml, XmlReader};
use crate::{Limits, LoadError};
use std::collections::HashMap;
use std::io::Cursor;
use zip::ZipArchive;
use zip::read::ZipFile;

/// A part being unpacked.
pub(crate) type PartSource<'a, 'b> = Window<Counted<ZipFile<'a, Cursor<&'b [u8]>>>>;
/// An XML part being read.
pub(crate) type PartReader<'a, 'b> = XmlReader<PartSource<'a, 'b>>;

/// The container.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Parts by lower-case name with forward slashes; writers disagree on both.
    parts: HashMap<String, usize>,
    left: u64,
    limits: &'a Limits,
}

/// Where an entry of the container lies in the file.
pub(crate) struct Entry {
    /// In lower case, with forward slashes.
    pub name: String,
    /// The first byte of its local header.
    pub header: u64,
    /// The first byte of its record in the directory.
    pub directory: u64,
    /// How many bytes its packed content has.
    pub packed: u64,
}

/// Where a part points to.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    /// The last word of the relation's type.
    pub kind: String,
    /// The full name of the part, or an address outside.
    pub target: String,
    pub external: bool,
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Package<'a>, LoadError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        if archive.len() > limits.parts {
            return Err(LoadError::TooLarge { what: "the number of its parts", limit: limits.parts as u64 });
        }
        let mut parts = HashMap::new();
        let mut declared = 0_u64;
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index)?;
            if file.encrypted() {
                return Err(LoadError::Encrypted);
            }
            let (size, packed) = (file.size(), file.compressed_size());
            declared = declared.saturating_add(size);
            if size > 1 << 20 && size / packed.max(1) > limits.ratio {
                return Err(LoadError::Refused(
                    "a part unpacks to far more than an honest spreadsheet's would".into(),
                ));
            }
            if parts.insert(normal(&file.name()?), index).is_some() {
                return Err(LoadError::Refused("two of its parts have the same name".into()));
            }
        }
        if declared > limits.unpacked_bytes {
            return Err(LoadError::TooLarge { what: "its unpacked content", limit: limits.unpacked_bytes });
        }
        Ok(Package { archive, parts, left: limits.unpacked_bytes, limits })
    }

    /// The entries of the container in the order of its directory, as they lie in the file.
    pub fn entries(&mut self) -> Result<Vec<Entry>, LoadError> {
        let mut entries = Vec::with_capacity(self.archive.len());
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index)?;
            entries.push(Entry {
                name: normal(&file.name()?),
                header: file.header_start(),
                directory: file.central_header_start(),
                packed: file.compressed_size(),
            });
        }
        Ok(entries)
    }

    /// Where the container's directory begins, and the comment behind it.
    pub fn directory(&self) -> (u64, &[u8]) {
        (self.archive.central_directory_start(), self.archive.comment())
    }

    pub fn has(&self, part: &str) -> bool {
        self.parts.contains_key(&normal(part))
    }

    /// All parts' names, in lower case.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// The bytes of a part, unpacked as they are read; `None` where the container has none of that name.
    pub fn source(&mut self, name: &str) -> Result<Option<PartSource<'_, 'a>>, LoadError> {
        let Some(index) = self.parts.get(&normal(name)).copied() else { return Ok(None) };
        let file = self.archive.by_index(index)?;
        // A part's declared size is not trusted: what it may unpack to is counted against all of them.
        let allowed = self.left.min(file.size().saturating_add(1 << 16).max(1 << 16));
        self.left = self.left.saturating_sub(file.size());
        let counted = Counted { inner: file, left: allowed, limit: self.limits.unpacked_bytes };
        Ok(Some(Window::new(counted)))
    }

    /// An XML part to read; `None` where the container has none of that name.
    pub fn part(&mut self, name: &str) -> Result<Option<PartReader<'_, 'a>>, LoadError> {
        let depth = self.limits.depth;
        Ok(self.source(name)?.map(|source| XmlReader::new(source, depth)))
    }

    /// The name of the part that is the workbook, `usual` where the container does not say.
    pub fn office_document(&mut self, usual: &str) -> Result<String, LoadError> {
        let relations = self.relations("")?;
        let found = relations.into_values().find(|relation| relation.kind == "officeDocument");
        let name = found.map_or_else(|| usual.to_owned(), |relation| relation.target);
        if self.has(&name) { Ok(name) } else { Err(LoadError::Damaged("it has no workbook part".into())) }
    }

    /// The relations of a part, by id. A part without any has none.
    pub fn relations(&mut self, part: &str) -> Result<HashMap<String, Relation>, LoadError> {
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut relations = HashMap::new();
        let Some(mut xml) = self.part(&relations_part(part))? else { return Ok(relations) };
        loop {
            match xml.next()? {
                Xml::Start(element) if element.name() == "Relationship" => {
                    let (Some(id), Some(target)) = (element.attr("Id"), element.attr("Target")) else {
                        continue;
                    };
                    let kind = element.attr("Type").unwrap_or_default();
                    let external = element.attr("TargetMode").as_deref() == Some("External");
                    let target = if external { target.into_owned() } else { resolve(folder, &target) };
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    relations.insert(id.into_owned(), Relation { kind, target, external });
                }
                Xml::Eof => return Ok(relations),
                _ => {}
            }
        }
    }
}

/// The name of the part that holds a part's relations.
pub(crate) fn relations_part(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

pub(crate) fn normal(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// A relation's target as a full name; `..` never leaves the container.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_the_part_and_stay_inside() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/worksheets", "../tables/table1.xml"), "xl/tables/table1.xml");
        assert_eq!(resolve("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("xl", "../../../etc/passwd"), "etc/passwd");
    }
}
