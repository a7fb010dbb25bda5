//! The workbook's own parts: what it lists, and what changed cells mean for it.
//!
//! Calculation on opening is asked for where formulas or their values may not fit; the calculation chain goes where it
//! names other cells than those with formulas; a record of metadata comes where the first formula that spills does.

use super::archive::{Packed, Parts};
use super::places::Places;
use super::scan::{Kind, Piece, Scanner, escaped};
use super::tree::{Element, changed_part};
use super::{Changes, Effects, SaveError, metadata};
use crate::package::{Package, Relation, relations_part};
use crate::sheet_names::SheetNames;
use crate::xlsx::metadata::{Metadata, read as read_metadata};
use crate::xlsx::{Theme, styles};
use crate::xml::Xml;
use crate::{Limits, LoadError};
use formula::Shift;
use std::collections::HashMap;
use std::io::Read;
use values::SheetId;
use workbook::{StyleId, Styles};

const STRICT: &str = "http://purl.oclc.org/ooxml/";
const CONTENT_TYPES: &str = "[Content_Types].xml";

/// What the workbook's parts say.
pub(super) struct Book<'a> {
    pub limits: &'a Limits,
    pub shifts: &'a [Shift],
    pub names: SheetNames,
    new_names: SheetNames,
    renamed: Vec<SheetId>,
    pub metadata: Metadata,
    /// The record of metadata that marks a formula that spills, from 1; `None` until one is needed.
    pub dynamic: Option<usize>,
    /// The styles by the numbers that cells use.
    styles: Vec<StyleId>,
    /// The part of each sheet; `None` for those without cells.
    sheets: Vec<Option<String>>,
    part: String,
    relations: HashMap<String, Relation>,
    /// The metadata's part with the record that it lacked.
    new_metadata: Option<Vec<u8>>,
    is_strict: bool,
}

impl<'a> Book<'a> {
    pub fn read(
        package: &mut Package<'_>,
        changes: &'a Changes,
        limits: &'a Limits,
    ) -> Result<Book<'a>, SaveError> {
        let part = package.office_document("xl/workbook.xml")?;
        let relations = package.relations(&part)?;
        let mut book = Book {
            limits,
            shifts: &changes.places,
            names: SheetNames::default(),
            new_names: SheetNames::default(),
            renamed: changes.renamed.keys().copied().collect(),
            metadata: read_metadata(package, &relations)?,
            dynamic: None,
            styles: Vec::new(),
            sheets: Vec::new(),
            part,
            relations,
            new_metadata: None,
            is_strict: false,
        };
        let has = |target: &str, package: &Package<'_>| package.has(target);
        let mut listed = Vec::new();
        let Some(mut xml) = package.part(&book.part)? else {
            return Err(LoadError::Damaged("it has no workbook part".into()).into());
        };
        loop {
            match xml.next()? {
                Xml::Start(element) if element.name() == "sheet" => {
                    let name = element.attr("name").unwrap_or_default();
                    let id = u16::try_from(listed.len()).map(SheetId);
                    let new = id.ok().and_then(|id| changes.renamed.get(&id));
                    book.names.push(&name);
                    book.new_names.push(new.map_or(&name, |new| new.as_str()));
                    listed.push(element.attr("id").unwrap_or_default().into_owned());
                }
                Xml::Start(element) if element.name() == "workbook" => {
                    element.each(|_, value| book.is_strict |= value.starts_with(STRICT));
                }
                Xml::Eof => break,
                _ => {}
            }
        }
        drop(xml);
        if !changes.styles.is_empty() {
            book.styles = read_styles(package, &book.relations, limits)?;
        }
        for id in listed {
            let relation = book.relations.get(&id).filter(|relation| relation.kind == "worksheet");
            let target = relation.map(|relation| relation.target.clone());
            book.sheets.push(target.filter(|target| has(target, package)));
        }
        Ok(book)
    }

    /// The part of a sheet.
    pub fn sheet_part(&self, id: SheetId) -> Result<&str, SaveError> {
        let place = usize::from(id.0);
        match self.sheets.get(place) {
            Some(Some(part)) => Ok(part),
            Some(None) => {
                let name = self.names.get(place).unwrap_or_default();
                Err(SaveError::change(format!("the sheet {name} has no cells")))
            }
            None => Err(SaveError::change(format!("the file has no sheet number {}", place + 1))),
        }
    }

    /// The sheets that have cells.
    pub fn sheets_with_cells(&self) -> impl Iterator<Item = SheetId> {
        let sheets = self.sheets.iter().enumerate().filter(|(_, part)| part.is_some());
        // There are fewer sheets than sixteen bits count, or reading would have refused them.
        sheets.map(|(place, _)| SheetId(u16::try_from(place).unwrap_or(u16::MAX)))
    }

    /// The number by which cells name a style.
    pub fn style(&self, style: StyleId) -> Result<String, SaveError> {
        if style == StyleId::default() {
            return Ok("0".to_owned());
        }
        let place = self.styles.iter().position(|known| *known == style);
        let place =
            place.ok_or_else(|| SaveError::change("a cell's style is not among those of the file"))?;
        Ok(place.to_string())
    }

    /// The changes of places.
    pub fn places(&self) -> Places<'_> {
        Places { shifts: self.shifts, names: &self.names, new_names: &self.new_names, renamed: &self.renamed }
    }

    /// Sees to it that there is a record for formulas that spill.
    pub fn need_dynamic_record(&mut self, package: &mut Package<'_>) -> Result<(), SaveError> {
        if self.dynamic.is_some() {
            return Ok(());
        }
        if let Some(place) = self.metadata.dynamic.iter().position(|is_dynamic| *is_dynamic) {
            self.dynamic = Some(place + 1);
            return Ok(());
        }
        let old = match self.metadata_part() {
            Some(part) => small_part(package, &part)?,
            None => None,
        };
        let (bytes, record) =
            metadata::with_dynamic_record(old.as_deref(), self.is_strict, self.limits.depth)?;
        (self.new_metadata, self.dynamic) = (Some(bytes), Some(record));
        Ok(())
    }

    fn metadata_part(&self) -> Option<String> {
        self.relation("sheetMetadata").map(|(_, relation)| relation.target.clone())
    }

    fn relation(&self, kind: &str) -> Option<(&String, &Relation)> {
        let mut found = self.relations.iter();
        found.find(|(_, relation)| relation.kind.eq_ignore_ascii_case(kind) && !relation.external)
    }

    /// Writes the workbook's parts that change.
    pub fn save(
        &self,
        package: &mut Package<'_>,
        effects: &Effects,
        parts: &mut Parts,
    ) -> Result<(), SaveError> {
        self.save_part(package, effects, parts)?;
        let mut links = Links::default();
        if effects.chain_changed
            && let Some((id, relation)) = self.relation("calcChain")
        {
            links.gone = Some((id.clone(), relation.target.clone()));
            parts.remove(&relation.target);
        }
        if let Some(bytes) = &self.new_metadata {
            match self.metadata_part().filter(|part| package.has(part)) {
                Some(part) => parts.replace(&part, Packed::of(bytes)?),
                None => {
                    let part = self.free_name(package, "metadata.xml");
                    parts.add(&part, Packed::of(bytes)?);
                    links.come = Some(part);
                }
            }
        }
        self.save_links(package, &links, parts)
    }

    /// A name for a part beside the workbook's that no other part has.
    fn free_name(&self, package: &Package<'_>, wanted: &str) -> String {
        let folder = self.part.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let mut name = format!("{folder}{wanted}");
        let mut number = 1;
        while package.has(&name) {
            number += 1;
            name = format!("{folder}{}", wanted.replace('.', &format!("{number}.")));
        }
        name
    }

    fn save_part(
        &self,
        package: &mut Package<'_>,
        effects: &Effects,
        parts: &mut Parts,
    ) -> Result<(), SaveError> {
        if !effects.calculates() && !self.places().any() {
            return Ok(());
        }
        let Some(old) = small_part(package, &self.part)? else { return Ok(()) };
        let mut new = old.clone();
        if self.places().any() {
            new = self.followed(&new)?;
        }
        if effects.calculates() {
            new = calculating(&new, self.limits.depth)?;
        }
        if new != old {
            parts.replace(&self.part, Packed::of(&new)?);
        }
        Ok(())
    }

    /// The workbook's part with the names' formulas after the changes of places, and with sheets' new names.
    fn followed(&self, old: &[u8]) -> Result<Vec<u8>, SaveError> {
        let depth = self.limits.depth;
        let new = changed_part(old, depth, |root| {
            for list in root.elements_mut() {
                match list.name() {
                    "sheets" => self.rename(list),
                    "definedNames" => {
                        for name in list.elements_mut() {
                            if let Some(text) = self.places().name(&name.text(depth)?) {
                                name.set_text(&text);
                            }
                        }
                    }
                    _ => {}
                }
            }
            Ok(())
        })?;
        Ok(new.unwrap_or_else(|| old.to_vec()))
    }

    fn rename(&self, list: &mut Element) {
        let sheets = list.elements_mut().filter(|element| element.name() == "sheet");
        for (place, sheet) in sheets.enumerate() {
            if self.renamed.iter().any(|id| usize::from(id.0) == place)
                && let Some(name) = self.new_names.get(place)
            {
                sheet.set(&[("name", Some(name))]);
            }
        }
    }

    fn save_links(
        &self,
        package: &mut Package<'_>,
        links: &Links,
        parts: &mut Parts,
    ) -> Result<(), SaveError> {
        if links.gone.is_none() && links.come.is_none() {
            return Ok(());
        }
        let depth = self.limits.depth;
        let name = relations_part(&self.part);
        if let Some(old) = small_part(package, &name)? {
            let new = edit_list(&old, depth, |piece| links.drops_relation(piece), &self.new_relation(links))?;
            parts.replace(&name, Packed::of(&new)?);
        }
        if let Some(old) = small_part(package, CONTENT_TYPES)? {
            let new = edit_list(&old, depth, |piece| links.drops_type(piece), &links.new_type())?;
            parts.replace(CONTENT_TYPES, Packed::of(&new)?);
        }
        Ok(())
    }

    fn new_relation(&self, links: &Links) -> Option<(&'static str, String)> {
        let target = links.come.as_ref()?;
        let id = (1..).map(|number| format!("rId{number}")).find(|id| !self.relations.contains_key(id))?;
        let kind = if self.is_strict {
            "http://purl.oclc.org/ooxml/officeDocument/relationships/sheetMetadata"
        } else {
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
        };
        Some(("Relationship", format!("Id=\"{id}\" Type=\"{kind}\" Target=\"/{}\"", escaped(target))))
    }
}

/// The styles as reading the file numbers them.
fn read_styles(
    package: &mut Package<'_>,
    relations: &HashMap<String, Relation>,
    limits: &Limits,
) -> Result<Vec<StyleId>, SaveError> {
    let of_kind = |kind| relations.values().find(|relation| relation.kind == kind && !relation.external);
    let theme = Theme::read(package, of_kind("theme"))?;
    Ok(styles::read(package, of_kind("styles"), &theme, limits, &mut Styles::default())?)
}

/// Parts that the workbook no longer refers to, or newly does.
#[derive(Default)]
struct Links {
    /// The id of the relation and the part.
    gone: Option<(String, String)>,
    come: Option<String>,
}

impl Links {
    fn drops_relation(&self, piece: Piece<'_>) -> bool {
        let is_gone = |(id, _): &(String, String)| piece.tag().get("Id").as_deref() == Some(id.as_str());
        piece.begins("Relationship") && self.gone.as_ref().is_some_and(is_gone)
    }

    fn drops_type(&self, piece: Piece<'_>) -> bool {
        let is_gone = |(_, part): &(String, String)| {
            let name = piece.tag().get("PartName");
            name.is_some_and(|name| name.trim_start_matches('/').eq_ignore_ascii_case(part))
        };
        piece.begins("Override") && self.gone.as_ref().is_some_and(is_gone)
    }

    fn new_type(&self) -> Option<(&'static str, String)> {
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml";
        let part = escaped(self.come.as_ref()?).into_owned();
        Some(("Override", format!("PartName=\"/{part}\" ContentType=\"{kind}\"")))
    }
}

/// A part that is small in every honest file, as a whole.
pub(super) fn small_part(package: &mut Package<'_>, name: &str) -> Result<Option<Vec<u8>>, SaveError> {
    let Some(mut source) = package.source(name)? else { return Ok(None) };
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// A list of empty elements without those that `drops` names, and with one more at its end.
fn edit_list(
    old: &[u8],
    depth: u32,
    drops: impl Fn(Piece<'_>) -> bool,
    new: &Option<(&'static str, String)>,
) -> Result<Vec<u8>, SaveError> {
    let mut scanner = Scanner::new(old, depth);
    let mut out = Vec::with_capacity(old.len() + 256);
    let mut dropped = None;
    while let Some(piece) = scanner.next()? {
        if let Some(level) = dropped {
            if piece.kind == Kind::End && piece.level == level {
                dropped = None;
            }
            continue;
        }
        if drops(piece) {
            dropped = (piece.kind == Kind::Start).then_some(piece.level);
            continue;
        }
        let tag = piece.tag();
        let element = new.as_ref().map(|(name, rest)| format!("<{}{name} {rest}/>", tag.prefix()));
        match (piece.kind, element) {
            (Kind::Empty, Some(element)) if piece.level == 0 => {
                let opened = tag.opened();
                out.extend_from_slice(&[&opened, element.as_bytes(), &tag.end()].concat());
            }
            (Kind::End, Some(element)) if piece.level == 0 => {
                out.extend_from_slice(&[element.as_bytes(), piece.raw].concat());
            }
            _ => out.extend_from_slice(piece.raw),
        }
    }
    Ok(out)
}

/// What may stand in front of the workbook's settings of calculation. Source: ECMA-376 part 1, 18.2.27.
const BEFORE_CALCULATION: [&str; 9] = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "AlternateContent",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
];

/// The workbook's part, saying that it is to be calculated on opening.
fn calculating(old: &[u8], depth: u32) -> Result<Vec<u8>, SaveError> {
    let has_settings = {
        let mut scanner = Scanner::new(old, depth);
        let mut found = false;
        while let Some(piece) = scanner.next()? {
            found |= piece.begins("calcPr");
        }
        found
    };
    let mut scanner = Scanner::new(old, depth);
    let mut out = Vec::with_capacity(old.len() + 64);
    let mut done = false;
    while let Some(piece) = scanner.next()? {
        let tag = piece.tag();
        let name = tag.local();
        let is_late = match piece.kind {
            Kind::Start | Kind::Empty => {
                piece.level == 1
                    && name != b"definedNames"
                    && !name.ends_with(b"revisionPtr")
                    && !BEFORE_CALCULATION.iter().any(|known| known.as_bytes() == name)
            }
            Kind::End => piece.level == 0,
            _ => false,
        };
        if !done && has_settings && piece.begins("calcPr") {
            done = true;
            out.extend_from_slice(&tag.with(&[("fullCalcOnLoad", Some("1"))]));
            continue;
        }
        if !done && !has_settings && is_late {
            done = true;
            out.extend_from_slice(format!("<{}calcPr fullCalcOnLoad=\"1\"/>", tag.prefix()).as_bytes());
        }
        out.extend_from_slice(piece.raw);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_calculation_stand_where_they_belong() {
        for (old, new) in [
            (
                "<w><sheets/><calcPr calcId='1'/></w>",
                "<w><sheets/><calcPr calcId='1' fullCalcOnLoad=\"1\"/></w>",
            ),
            (
                "<w><sheets><sheet/></sheets><extLst><a/></extLst></w>",
                "<w><sheets><sheet/></sheets><calcPr fullCalcOnLoad=\"1\"/><extLst><a/></extLst></w>",
            ),
            (
                "<x:w><x:sheets/><x:definedNames/></x:w>",
                "<x:w><x:sheets/><x:definedNames/><x:calcPr fullCalcOnLoad=\"1\"/></x:w>",
            ),
            ("<w><calcPr fullCalcOnLoad=\"1\"/></w>", "<w><calcPr fullCalcOnLoad=\"1\"/></w>"),
        ] {
            assert_eq!(String::from_utf8(calculating(old.as_bytes(), 9).unwrap()).unwrap(), new);
        }
    }

    #[test]
    fn lists_lose_and_get_elements() {
        let edit = |old: &str, new: bool| {
            let new = new.then(|| ("new", "a=\"1\"".to_owned()));
            let list = edit_list(old.as_bytes(), 9, |piece| piece.begins("old"), &new).unwrap();
            String::from_utf8(list).unwrap()
        };
        assert_eq!(edit("<l><old/><b/></l>", false), "<l><b/></l>");
        assert_eq!(edit("<l> <old><c/></old><b/></l>", true), "<l> <b/><new a=\"1\"/></l>");
        assert_eq!(edit("<x:l/>", true), "<x:l><x:new a=\"1\"/></x:l>");
    }
}
