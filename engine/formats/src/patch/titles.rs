//! The titles of sheets that the file lists beside the workbook, for programs that show a file without opening it:
//! they follow sheets that came, went, changed places or got other names.
//!
//! Source: ECMA-376 part 1, 22.2.2.9 (`HeadingPairs`) and 22.2.2.26 (`TitlesOfParts`). A list that does not fit the
//! workbook's sheets stays as it is: nobody opens a file by it.

use super::SaveError;
use super::archive::{Packed, Parts};
use super::book::{Book, small_part};
use super::tree::{Element, Node, changed_part};
use crate::package::Package;
use formula::Sheets;
use values::SheetId;

/// Writes the list anew where sheets are others now.
pub(super) fn save(package: &mut Package<'_>, book: &Book<'_>, parts: &mut Parts) -> Result<(), SaveError> {
    if !book.plan.changes_list() && book.places().renamed.is_empty() {
        return Ok(());
    }
    let relations = package.relations("")?;
    let list =
        relations.values().find(|relation| relation.kind == "extended-properties" && !relation.external);
    let Some(name) = list.map(|relation| relation.target.clone()) else { return Ok(()) };
    let Some(old) = small_part(package, &name)? else { return Ok(()) };
    let new = changed_part(&old, book.limits.depth, |root| {
        // What cannot be read is as good as a list that is missing.
        let _ = change(root, book);
        Ok(())
    });
    if let Ok(Some(new)) = new {
        parts.replace(&name, Packed::of(&new)?);
    }
    Ok(())
}

/// What a group of titles is of.
enum Group {
    /// Sheets of the file.
    Sheets(Vec<SheetId>),
    /// Names, which may begin with that of a sheet.
    Other(Vec<String>),
}

fn change(root: &mut Element, book: &Book<'_>) -> Option<()> {
    let depth = book.limits.depth;
    let counts = counts(root.child("HeadingPairs")?.child("vector")?, depth)?;
    let titles: Vec<String> = root
        .child("TitlesOfParts")?
        .child("vector")?
        .elements()
        .map(|title| title.text(depth).ok())
        .collect::<Option<_>>()?;
    let mut groups = groups(&counts, &titles, book)?;
    let added: Vec<SheetId> = book.plan.added().collect();
    let first = groups.iter_mut().find_map(|group| match group {
        Group::Sheets(sheets) => Some(sheets),
        Group::Other(_) => None,
    });
    first?.extend(added);
    let now: Vec<Vec<String>> = groups.iter().map(|group| group.titles(book)).collect();
    for element in root.elements_mut() {
        let is_titles = element.name() == "TitlesOfParts";
        if is_titles || element.name() == "HeadingPairs" {
            let vector = element.elements_mut().find(|element| element.name() == "vector")?;
            if is_titles {
                set_titles(vector, now.iter().flatten());
            } else {
                set_counts(vector, now.iter().map(Vec::len));
            }
        }
    }
    Some(())
}

/// How many titles each group has: each heading is followed by that number.
fn counts(vector: &Element, depth: u32) -> Option<Vec<usize>> {
    let mut variants = vector.elements();
    let mut counts = Vec::new();
    while let Some(_heading) = variants.next() {
        let count = variants.next()?.elements().next()?;
        counts.push(count.text(depth).ok()?.trim().parse().ok()?);
    }
    Some(counts)
}

/// The titles by groups; `None` where they are not as many as the groups have.
fn groups(counts: &[usize], titles: &[String], book: &Book<'_>) -> Option<Vec<Group>> {
    let mut rest = titles;
    let mut groups = Vec::with_capacity(counts.len());
    for count in counts {
        let (own, after) = rest.split_at_checked(*count)?;
        rest = after;
        let sheets: Option<Vec<SheetId>> = own.iter().map(|title| book.names.sheet_by_name(title)).collect();
        groups.push(match sheets.filter(|sheets| !sheets.is_empty()) {
            Some(sheets) => Group::Sheets(sheets),
            None => Group::Other(own.to_vec()),
        });
    }
    rest.is_empty().then_some(groups)
}

impl Group {
    fn titles(&self, book: &Book<'_>) -> Vec<String> {
        let names = book.places().new_names;
        match self {
            Group::Sheets(sheets) => {
                let kept = book.plan.order.iter().filter(|id| sheets.contains(id));
                kept.filter_map(|id| names.sheet_name(*id)).map(str::to_owned).collect()
            }
            Group::Other(titles) => titles.iter().filter_map(|title| renamed(title, book)).collect(),
        }
    }
}

/// A name's title; `None` where it was that of a sheet that is gone.
fn renamed(title: &str, book: &Book<'_>) -> Option<String> {
    let Some((sheet, name)) = title.rsplit_once('!') else { return Some(title.to_owned()) };
    let plain = sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\''));
    let plain = plain.map_or_else(|| sheet.to_owned(), |sheet| sheet.replace("''", "'"));
    let Some(id) = book.names.sheet_by_name(&plain) else { return Some(title.to_owned()) };
    if !book.plan.order.contains(&id) {
        return None;
    }
    let places = book.places();
    if !places.renamed.contains(&id) {
        return Some(title.to_owned());
    }
    Some(format!("{}!{name}", formula::quote_sheet(places.new_names.sheet_name(id)?)))
}

fn set_titles<'a>(vector: &mut Element, titles: impl Iterator<Item = &'a String>) {
    let titles: Vec<&String> = titles.collect();
    let prefix = vector.elements().next().map(|title| title.tag().prefix());
    let name = format!("{}lpstr", prefix.unwrap_or_else(|| "vt:".to_owned()));
    vector.set(&[("size", Some(&titles.len().to_string()))]);
    vector.children.clear();
    for title in titles {
        let mut element = Element::empty(&name, &[]);
        element.set_text(title);
        vector.children.push(Node::Element(element));
    }
}

fn set_counts(vector: &mut Element, counts: impl Iterator<Item = usize>) {
    let numbers =
        vector.elements_mut().skip(1).step_by(2).filter_map(|variant| variant.elements_mut().next());
    for (number, count) in numbers.zip(counts) {
        number.set_text(&count.to_string());
    }
}
