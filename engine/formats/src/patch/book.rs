//! The workbook's own parts: what it lists, and what changed cells mean for it.
//!
//! Calculation on opening is asked for where formulas or their values may not fit; the calculation chain goes where it
//! names other cells than those with formulas; a record of metadata comes where the first formula that spills does.

use super::archive::{Packed, Parts};
use super::links::{Home, Links, NewPart};
use super::places::Places;
use super::scan::{Kind, Scanner};
use super::sheets::{Plan, guard_deleted, only_theirs};
use super::tree::{Element, Node, changed_part};
use super::{Changes, Effects, SaveError, metadata};
use crate::origin::Clues;
use crate::package::{Package, Relation, normal};
use crate::sheet_names::SheetNames;
use crate::xlsx::metadata::{Metadata, read as read_metadata};
use crate::xlsx::{Theme, styles};
use crate::xml::Xml;
use crate::{Limits, LoadError};
use formula::Shift;
use std::collections::{HashMap, HashSet};
use std::io::Read;
use values::SheetId;
use workbook::{StyleId, Styles};

const STRICT: &str = "http://purl.oclc.org/ooxml/";

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
    /// The ids of the sheets' relations.
    sheet_relations: Vec<String>,
    /// Which sheets of the file are hidden.
    hidden: Vec<bool>,
    pub plan: Plan,
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
        plan: Plan,
        limits: &'a Limits,
    ) -> Result<Book<'a>, SaveError> {
        let part = package.office_document("xl/workbook.xml")?;
        let relations = package.relations(&part)?;
        let mut book = Book {
            limits,
            shifts: &changes.places,
            names: SheetNames::default(),
            new_names: SheetNames::default(),
            renamed: changes.renamed.keys().copied().filter(|id| id.0 < plan.known).collect(),
            metadata: read_metadata(package, &relations)?,
            dynamic: None,
            styles: Vec::new(),
            sheets: Vec::new(),
            sheet_relations: Vec::new(),
            hidden: Vec::new(),
            plan,
            part,
            relations,
            new_metadata: None,
            is_strict: false,
        };
        let listed = book.listed(package, changes)?;
        if !changes.styles.is_empty() {
            book.styles = read_styles(package, &book.relations, limits)?;
        }
        for (place, id) in listed.iter().enumerate() {
            let relation = book.relations.get(id).filter(|relation| relation.kind == "worksheet");
            let target = relation.map(|relation| relation.target.clone());
            let target = target.filter(|target| package.has(target));
            if book.plan.deleted.iter().any(|id| usize::from(id.0) == place) {
                let own =
                    target.as_ref().map(|part| package.relations(part)).transpose()?.unwrap_or_default();
                guard_deleted(&book.relations, &own, book.names.get(place).unwrap_or_default())?;
                book.sheets.push(None);
            } else {
                book.sheets.push(target);
            }
        }
        book.sheet_relations = listed;
        book.add_sheets(package, changes)?;
        Ok(book)
    }

    /// The ids of the relations of the sheets in the file, whose names are noted.
    fn listed(&mut self, package: &mut Package<'_>, changes: &Changes) -> Result<Vec<String>, SaveError> {
        let mut listed = Vec::new();
        let Some(mut xml) = package.part(&self.part)? else {
            return Err(LoadError::Damaged("it has no workbook part".into()).into());
        };
        loop {
            match xml.next()? {
                Xml::Start(element) if element.name() == "sheet" => {
                    let name = element.attr("name").unwrap_or_default();
                    let id = u16::try_from(listed.len()).map(SheetId);
                    let new = id.ok().and_then(|id| changes.renamed.get(&id));
                    self.names.push(&name);
                    self.hidden.push(element.attr("state").is_some_and(|state| state != "visible"));
                    self.new_names.push(new.map_or(&name, |new| new.as_str()));
                    listed.push(element.attr("id").unwrap_or_default().into_owned());
                }
                Xml::Start(element) if element.name() == "workbook" => {
                    element.each(|_, value| self.is_strict |= value.starts_with(STRICT));
                }
                Xml::Eof => return Ok(listed),
                _ => {}
            }
        }
    }

    /// Gives new sheets their names and parts.
    fn add_sheets(&mut self, package: &Package<'_>, changes: &Changes) -> Result<(), SaveError> {
        let folder = self.sheets.iter().flatten().next().and_then(|part| part.rsplit_once('/'));
        let folder = folder.map_or("xl/worksheets", |(folder, _)| folder).to_owned();
        let last = self.plan.added().last();
        let mut number = 0_u32;
        for id in (self.plan.known..=last.map_or(0, |last| last.0)).map(SheetId) {
            // One that came and went again has a number and nothing else.
            if !self.plan.order.contains(&id) {
                self.new_names.push("");
                self.sheets.push(None);
                continue;
            }
            let Some(name) = changes.renamed.get(&id) else {
                return Err(SaveError::change("a new sheet has no name"));
            };
            self.new_names.push(name);
            let part = loop {
                number += 1;
                let part = format!("{folder}/sheet{number}.xml");
                if !package.has(&part) {
                    break part;
                }
            };
            self.sheets.push(Some(part));
        }
        Ok(())
    }

    /// Whether the file lacks a sheet.
    pub fn is_new(&self, id: SheetId) -> bool {
        id.0 >= self.plan.known
    }

    /// The part of a sheet without cells.
    pub fn empty_sheet(&self) -> String {
        let main = match self.is_strict {
            true => "http://purl.oclc.org/ooxml/spreadsheetml/main",
            false => "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{main}\"><sheetData/></worksheet>"
        )
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
        let mut links = Links::default();
        for id in self.plan.added() {
            let Some(Some(part)) = self.sheets.get(usize::from(id.0)) else { continue };
            let relation = links.free_relation(&self.relations);
            links.come.push(NewPart { part: part.clone(), kind: "worksheet", relation, sheet: Some(id) });
        }
        self.save_part(package, effects, &links, parts)?;
        let deleted = self.plan.deleted.iter().filter_map(|id| self.sheet_relations.get(usize::from(id.0)));
        let deleted: HashSet<String> = deleted.cloned().collect();
        if !deleted.is_empty() {
            let gone = only_theirs(package, &self.part, &deleted)?;
            gone.iter().for_each(|part| parts.remove(part));
            links.gone_parts.extend(gone);
            links.gone_relations.extend(deleted);
        }
        if effects.chain_changed
            && let Some((id, relation)) = self.relation("calcChain")
        {
            links.gone_relations.insert(id.clone());
            links.gone_parts.insert(normal(&relation.target));
            parts.remove(&relation.target);
        }
        if let Some(bytes) = &self.new_metadata {
            match self.metadata_part().filter(|part| package.has(part)) {
                Some(part) => parts.replace(&part, Packed::of(bytes)?),
                None => {
                    let part = self.free_name(package, "metadata.xml");
                    parts.add(&part, Packed::of(bytes)?);
                    let relation = links.free_relation(&self.relations);
                    links.come.push(NewPart { part, kind: "sheetMetadata", relation, sheet: None });
                }
            }
        }
        let home = Home { part: &self.part, is_strict: self.is_strict, depth: self.limits.depth };
        links.save(package, home, parts)
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
        links: &Links,
        parts: &mut Parts,
    ) -> Result<(), SaveError> {
        let has_other_list = self.places().any() || self.plan.changes_list();
        if !effects.calculates() && !has_other_list {
            return Ok(());
        }
        let Some(old) = small_part(package, &self.part)? else { return Ok(()) };
        let mut new = old.clone();
        if has_other_list {
            new = self.followed(&new, links)?;
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
    fn followed(&self, old: &[u8], links: &Links) -> Result<Vec<u8>, SaveError> {
        let depth = self.limits.depth;
        let new = changed_part(old, depth, |root| {
            for list in root.elements_mut() {
                match list.name() {
                    "sheets" => {
                        self.rename(list);
                        if self.plan.changes_list() {
                            self.plan.list(list, &self.new_names, links);
                        }
                    }
                    "definedNames" => {
                        for name in list.elements_mut() {
                            if let Some(text) = self.places().name(&name.text(depth)?) {
                                name.set_text(&text);
                            }
                        }
                        self.plan.scope(list);
                    }
                    "bookViews" => list.elements_mut().for_each(|view| self.plan.view(view, &self.hidden)),
                    _ => {}
                }
            }
            // A list of names that has lost all of them is taken for damage.
            let is_empty = |node: &Node| matches!(node, Node::Element(list) if list.name() == "definedNames" && list.elements().next().is_none());
            root.children.retain(|node| !self.plan.changes_list() || !is_empty(node));
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
}

/// The styles as reading the file numbers them.
fn read_styles(
    package: &mut Package<'_>,
    relations: &HashMap<String, Relation>,
    limits: &Limits,
) -> Result<Vec<StyleId>, SaveError> {
    let of_kind = |kind| relations.values().find(|relation| relation.kind == kind && !relation.external);
    let theme = Theme::read(package, of_kind("theme"))?;
    Ok(styles::read(
        package,
        of_kind("styles"),
        &theme,
        limits,
        (&mut Styles::default(), &mut Clues::default()),
    )?)
}

/// A part that is small in every honest file, as a whole.
pub(super) fn small_part(package: &mut Package<'_>, name: &str) -> Result<Option<Vec<u8>>, SaveError> {
    let Some(mut source) = package.source(name)? else { return Ok(None) };
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
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
}
