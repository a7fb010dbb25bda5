//! Ids for elements that state none.
//!
//! An id comes from what people call the element (its caption, or else what it refers to), made unique in the whole
//! document by a number behind it. The same document always gives the same ids, and writing the ids of some elements
//! does not change the derived ids of the others: an id that was taken when another was derived stays taken.

use std::collections::{HashMap, HashSet};

use crate::id::{Id, is_id};
use crate::model::{App, Caption, Chart, ColumnRef, Item, List, Node};
use crate::reference::Reference;

/// Longest id that is derived, without the number that makes it unique.
const LONGEST_SLUG: usize = 40;

/// Gives every element without an id one of its own. `reserved` are ids that stand elsewhere in the document.
pub(crate) fn assign_ids(app: &mut App, reserved: &[String]) {
    let mut ids = Ids::default();
    ids.taken.extend(reserved.iter().cloned());
    ids.taken.extend(
        app.identified().iter().filter(|found| !found.id.is_empty()).map(|found| found.id.text.clone()),
    );
    for source in &mut app.sources {
        ids.give(&mut source.id, &[], "main");
    }
    for bind in &mut app.binds {
        let target = bind.targets().first().map(reference_words).unwrap_or_default();
        ids.give(&mut bind.id, &[&target], "bind");
    }
    for node in &mut app.layout.children {
        node_ids(node, &mut ids);
    }
}

#[derive(Default)]
struct Ids {
    taken: HashSet<String>,
    /// For each base the number to try next; smaller ones are taken.
    next: HashMap<String, u32>,
}

impl Ids {
    /// Gives `id` a text if it has none: from the first candidate that has letters, or else from `fallback`.
    fn give(&mut self, id: &mut Id, candidates: &[&str], fallback: &str) {
        if !id.is_empty() {
            return;
        }
        let base = candidates.iter().map(|words| slug(words)).find(|slug| !slug.is_empty());
        let base = base.unwrap_or_else(|| fallback.to_owned());
        *id = Id { text: self.unique(&base), written: false };
    }

    fn unique(&mut self, base: &str) -> String {
        let next = self.next.entry(base.to_owned()).or_insert(1);
        loop {
            let candidate = if *next == 1 { base.to_owned() } else { format!("{base}_{next}") };
            *next = next.saturating_add(1);
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

fn node_ids(node: &mut Node, ids: &mut Ids) {
    match node {
        Node::Container(container) => {
            let fallback = container.kind.to_string();
            ids.give(&mut container.id, &[words(container.caption.as_ref())], &fallback);
            for child in &mut container.children {
                node_ids(child, ids);
            }
        }
        Node::Item(item) => item_ids(item, ids),
        Node::Text(text) => ids.give(&mut text.id, &[words(text.caption.as_ref())], "text"),
        Node::Heading(heading) => ids.give(&mut heading.id, &[words(heading.caption.as_ref())], "heading"),
        Node::Divider(divider) => ids.give(&mut divider.id, &[words(divider.caption.as_ref())], "divider"),
        Node::Spacer(spacer) => ids.give(&mut spacer.id, &[], "spacer"),
        Node::Image(image) => {
            let asset = image.asset.clone().unwrap_or_default();
            ids.give(&mut image.id, &[words(image.alternative.as_ref()), &asset], "image");
        }
        Node::List(list) => list_ids(list, ids),
        Node::Chart(chart) => chart_ids(chart, ids),
        Node::Unsupported(found) => ids.give(&mut found.id, &[], &found.name),
    }
}

fn item_ids(item: &mut Item, ids: &mut Ids) {
    let target = item.target.as_ref().map(reference_words).unwrap_or_default();
    ids.give(&mut item.id, &[words(item.caption.as_ref()), &target], "item");
}

fn list_ids(list: &mut List, ids: &mut Ids) {
    let target = list.reference.as_ref().map(reference_words).unwrap_or_default();
    ids.give(&mut list.id, &[words(list.caption.as_ref()), &target], "list");
    for column in &mut list.columns {
        let header = match &column.column {
            ColumnRef::Header(header) => format!("{} {header}", list.id),
            ColumnRef::Offset(offset) => format!("{} column {offset}", list.id),
        };
        ids.give(&mut column.id, &[&header], "column");
    }
}

fn chart_ids(chart: &mut Chart, ids: &mut Ids) {
    ids.give(&mut chart.id, &[words(chart.title.as_ref())], "chart");
    for series in &mut chart.series {
        let target = series.reference.as_ref().map(reference_words).unwrap_or_default();
        let own = match words(series.caption.as_ref()) {
            "" => target.as_str(),
            caption => caption,
        };
        let name = format!("{} {own}", chart.id);
        ids.give(&mut series.id, &[&name], "series");
    }
}

fn words(caption: Option<&Caption>) -> &str {
    caption.map_or("", Caption::words)
}

fn reference_words(reference: &Reference) -> String {
    match reference {
        Reference::Bind(id) => id.clone(),
        Reference::TableColumn { table, column } => format!("{table} {column}"),
        Reference::Cells { sheet: None, area } => area.to_string(),
        Reference::Cells { sheet: Some(sheet), area } => format!("{sheet} {area}"),
        Reference::Name(name) | Reference::Column(name) => name.clone(),
    }
}

/// Words as an id: ASCII letters and digits in lower case, everything else as one `_` between them. Empty if nothing
/// is left.
fn slug(words: &str) -> String {
    let mut slug = String::new();
    let mut gap = false;
    // More characters than an id holds make no difference.
    for c in words.chars().take(4 * LONGEST_SLUG) {
        let letters = ascii(c);
        if letters.is_empty() {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) && !slug.is_empty() {
            slug.push('_');
        }
        slug.push_str(&letters);
        if slug.len() >= LONGEST_SLUG {
            break;
        }
    }
    slug.truncate(LONGEST_SLUG);
    let slug = slug.trim_end_matches('_');
    if slug.is_empty() || is_id(slug) { slug.to_owned() } else { format!("_{slug}") }
}

/// A letter or digit in lower-case ASCII: itself, a Latin letter without its mark, or nothing.
fn ascii(c: char) -> String {
    if c.is_ascii_alphanumeric() {
        return c.to_ascii_lowercase().to_string();
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    let letters = match lower {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' | 'ø' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'þ' => "th",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ů' | 'ű' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    };
    letters.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Container, ContainerKind, Series, Text};

    #[test]
    fn slugs_keep_what_people_read() {
        for (words, id) in [
            ("Body Height", "body_height"),
            ("  Größe (cm) ", "groesse_cm"),
            ("Café №5", "cafe_5"),
            ("2nd rate", "_2nd_rate"),
            ("体重", ""),
            ("---", ""),
            ("a".repeat(99).as_str(), "a".repeat(40).as_str()),
        ] {
            assert_eq!(slug(words), id, "{words}");
        }
    }

    fn cell(row: u32) -> Reference {
        Reference::cell(None, 1, row)
    }

    #[test]
    fn ids_are_unique_and_come_from_captions_then_references() {
        let mut chart = Chart::default().with(Series::new(Reference::Name("Weights".into())));
        chart.title = Some(Caption::literal("Trend"));
        let mut app = App::new("N")
            .with(Item::input("Height", cell(0)))
            .with(Item::input("Height", cell(1)))
            .with(Item { caption: None, ..Item::input("", cell(2)) })
            .with(Item { id: "height_2".into(), ..Item::input("Width", cell(3)) })
            .with(chart)
            .with(Text::new("体重"));
        app.assign_ids();
        let ids: Vec<&str> = app.identified().iter().map(|found| found.id.as_str()).collect();
        assert_eq!(ids, ["height", "height_3", "b3", "height_2", "trend", "trend_weights", "text"]);
    }

    #[test]
    fn stating_some_derived_ids_leaves_the_others_as_they_are() {
        let captions = ["A", "A 2", "A", "A", "A 3", "A 2"];
        let mut app = App::default();
        for (at, caption) in captions.into_iter().enumerate() {
            let node = if at % 2 == 0 {
                Text::new(caption).into()
            } else {
                Node::from(Item::input(caption, cell(0)))
            };
            app.layout.children.push(node);
        }
        let page = Container::new(ContainerKind::Page, "A").with(Text::new("A"));
        let mut app = app.with(page);
        app.assign_ids();
        let first: Vec<Id> = app.nodes().map(|node| node.id().clone()).collect();
        for node in &mut app.layout.children {
            match node {
                Node::Text(text) => text.id = Id::default(),
                Node::Item(item) => item.id.written = true,
                _ => {}
            }
        }
        app.assign_ids();
        let second: Vec<Id> = app.nodes().map(|node| node.id().clone()).collect();
        assert_eq!(first, second);
    }
}
