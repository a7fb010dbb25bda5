//! What the workbook's part leads to: relations and content types of parts that come or go.

use super::SaveError;
use super::archive::{Packed, Parts};
use super::book::small_part;
use super::scan::{Kind, Piece, Scanner, escaped};
use crate::package::{Package, Relation, normal, relations_part};
use std::collections::{BTreeSet, HashMap};
use values::SheetId;

const CONTENT_TYPES: &str = "[Content_Types].xml";

/// Parts that the workbook no longer leads to, or newly does.
#[derive(Default)]
pub(super) struct Links {
    /// Ids of relations.
    pub gone_relations: BTreeSet<String>,
    /// With normal names.
    pub gone_parts: BTreeSet<String>,
    pub come: Vec<NewPart>,
}

/// A new part that the workbook refers to.
pub(super) struct NewPart {
    pub part: String,
    /// The last word of the relation's type, and of the content's.
    pub kind: &'static str,
    /// The relation's id.
    pub relation: String,
    /// The sheet that it is.
    pub sheet: Option<SheetId>,
}

/// The part whose links they are.
#[derive(Clone, Copy)]
pub(super) struct Home<'a> {
    pub part: &'a str,
    pub is_strict: bool,
    pub depth: u32,
}

impl Links {
    /// An id that no relation of the workbook has.
    pub fn free_relation(&self, relations: &HashMap<String, Relation>) -> String {
        let is_free =
            |id: &String| !relations.contains_key(id) && self.come.iter().all(|new| new.relation != *id);
        // There are fewer relations than numbers.
        (1..=u32::MAX).map(|number| format!("rId{number}")).find(is_free).unwrap_or_default()
    }

    /// Writes the relations and the content types.
    pub fn save(
        &self,
        package: &mut Package<'_>,
        home: Home<'_>,
        parts: &mut Parts,
    ) -> Result<(), SaveError> {
        if self.gone_relations.is_empty() && self.come.is_empty() {
            return Ok(());
        }
        let depth = home.depth;
        let name = relations_part(home.part);
        if let Some(old) = small_part(package, &name)? {
            let new = edit_list(&old, depth, |piece| self.drops_relation(piece), &self.new_relations(home))?;
            parts.replace(&name, Packed::of(&new)?);
        }
        if let Some(old) = small_part(package, CONTENT_TYPES)? {
            let new = edit_list(&old, depth, |piece| self.drops_type(piece), &self.new_types())?;
            parts.replace(CONTENT_TYPES, Packed::of(&new)?);
        }
        Ok(())
    }

    fn new_relations(&self, home: Home<'_>) -> Vec<(&'static str, String)> {
        let base = if home.is_strict {
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        } else {
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        };
        let new = self.come.iter().map(|NewPart { part, kind, relation, .. }| {
            let target = escaped(part);
            ("Relationship", format!("Id=\"{relation}\" Type=\"{base}/{kind}\" Target=\"/{target}\""))
        });
        new.collect()
    }

    fn drops_relation(&self, piece: Piece<'_>) -> bool {
        let is_gone = |id: &str| self.gone_relations.contains(id);
        piece.begins("Relationship") && piece.tag().get("Id").is_some_and(|id| is_gone(&id))
    }

    fn drops_type(&self, piece: Piece<'_>) -> bool {
        let is_gone = |part: &str| self.gone_parts.contains(&normal(part));
        piece.begins("Override") && piece.tag().get("PartName").is_some_and(|part| is_gone(&part))
    }

    fn new_types(&self) -> Vec<(&'static str, String)> {
        let new = self.come.iter().map(|NewPart { part, kind, .. }| {
            let kind = format!("application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml");
            ("Override", format!("PartName=\"/{}\" ContentType=\"{kind}\"", escaped(part)))
        });
        new.collect()
    }
}

/// A list of empty elements without those that `drops` names, and with more at its end.
fn edit_list(
    old: &[u8],
    depth: u32,
    drops: impl Fn(Piece<'_>) -> bool,
    new: &[(&'static str, String)],
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
        let elements = || -> String {
            new.iter().map(|(name, rest)| format!("<{}{name} {rest}/>", tag.prefix())).collect()
        };
        match piece.kind {
            Kind::Empty if piece.level == 0 && !new.is_empty() => {
                let opened = tag.opened();
                out.extend_from_slice(&[&opened, elements().as_bytes(), &tag.end()].concat());
            }
            Kind::End if piece.level == 0 => {
                out.extend_from_slice(&[elements().as_bytes(), piece.raw].concat());
            }
            _ => out.extend_from_slice(piece.raw),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_lose_and_get_elements() {
        let edit = |old: &str, new: bool| {
            let new: Vec<_> = new.then(|| ("new", "a=\"1\"".to_owned())).into_iter().collect();
            let list = edit_list(old.as_bytes(), 9, |piece| piece.begins("old"), &new).unwrap();
            String::from_utf8(list).unwrap()
        };
        assert_eq!(edit("<l><old/><b/></l>", false), "<l><b/></l>");
        assert_eq!(edit("<l> <old><c/></old><b/></l>", true), "<l> <b/><new a=\"1\"/></l>");
        assert_eq!(edit("<x:l/>", true), "<x:l><x:new a=\"1\"/></x:l>");
    }
}
