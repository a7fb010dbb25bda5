//! What is in a container beside cells, counted: parts by the kind of relation that leads to them, elements of
//! sheets by their path, elements of charts and drawings by their name. Two inventories tell what was lost on the
//! way between them, whoever lost it.

use crate::package::Package;
use crate::xml::{Step, Xml};
use crate::{Losses, rules};
use std::collections::{BTreeMap, HashMap};

/// The last column of a sheet. A file that describes more, umya would try to hold one by one.
const MOST_COLUMNS: u32 = 16_384;

/// Counts by owner (a sheet's name, empty for the workbook) and thing.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    counts: BTreeMap<(String, String), u64>,
}

/// Counts what is in a container.
pub(crate) fn take(bytes: &[u8]) -> Result<Inventory, String> {
    let mut package = Package::open(bytes)?;
    let mut inventory = Inventory::default();
    for (name, (kind, owner)) in package.reachable()? {
        inventory.add(&owner, format!("part/{kind}"), 1);
        let depth = match kind.as_str() {
            "worksheet" | "officeDocument" => 3,
            "styles" | "chart" | "drawing" | "pivotTable" | "pivotCacheDefinition" => 0,
            _ => continue,
        };
        let Some(part) = package.bytes(&name)? else { continue };
        let kind = if kind == "officeDocument" { "workbook" } else { &kind };
        let counts = if depth > 0 { by_path(&part, kind, depth)? } else { by_name(&part, kind)? };
        for (thing, count) in counts {
            inventory.add(&owner, thing, count);
        }
    }
    Ok(inventory)
}

/// Says what the second has less of than the first.
pub(crate) fn compare(before: &Inventory, after: &Inventory, losses: &mut Losses) {
    for ((owner, thing), count) in &before.counts {
        let now = after.counts.get(&(owner.clone(), thing.clone())).copied().unwrap_or(0);
        // Equal styles are joined when they are written: only a kind that is gone is lost.
        let lost = if thing.starts_with("styles/") { now == 0 } else { now < *count };
        if lost && let Some((severity, sentence)) = rules::meaning(thing) {
            losses.add(severity, sentence, owner);
        }
    }
}

impl Inventory {
    fn add(&mut self, owner: &str, thing: String, count: u64) {
        *self.counts.entry((owner.to_owned(), thing)).or_default() += count;
    }
}

/// Elements by their path below the root, so many deep, with their attributes.
fn by_path(part: &[u8], kind: &str, most_depth: usize) -> Result<HashMap<String, u64>, String> {
    let mut xml = Xml::new(part);
    let mut counts = HashMap::new();
    let mut path = kind.to_owned();
    // The lengths of the path around each open element.
    let mut lengths: Vec<usize> = Vec::new();
    while let Some(step) = xml.next()? {
        match step {
            Step::Start(element) => {
                lengths.push(path.len());
                let below_root = xml.depth() - 1;
                if below_root == 0 || below_root > most_depth {
                    continue;
                }
                path.push('/');
                path.push_str(element.name());
                count(&mut counts, &path);
                if element.name() == "col" && column_beyond(&element.attr("max")) {
                    return Err("it describes columns that no sheet has".to_owned());
                }
                let length = path.len();
                element.each_attribute(|name, value| {
                    if says_the_usual(name, value) {
                        return;
                    }
                    path.push('@');
                    path.push_str(name);
                    count(&mut counts, &path);
                    path.truncate(length);
                });
            }
            Step::End => path.truncate(lengths.pop().unwrap_or(kind.len())),
            Step::Text(_) => {}
        }
    }
    Ok(counts)
}

/// Whether an attribute says what would hold without it.
fn says_the_usual(name: &str, value: &str) -> bool {
    match value {
        "0" | "false" => {
            matches!(name, "rightToLeft" | "showFormulas" | "zeroHeight" | "stopIfTrue" | "outlineLevel")
        }
        "1" | "true" => matches!(name, "showGridLines" | "showRowColHeaders" | "showZeros"),
        "100" => name == "zoomScale",
        _ => false,
    }
}

fn column_beyond(max: &Option<String>) -> bool {
    max.as_ref().is_some_and(|max| !max.trim().parse().is_ok_and(|max: u32| max <= MOST_COLUMNS))
}

/// Elements by their name, wherever they stand.
fn by_name(part: &[u8], kind: &str) -> Result<HashMap<String, u64>, String> {
    let mut xml = Xml::new(part);
    let mut counts = HashMap::new();
    while let Some(step) = xml.next()? {
        if let Step::Start(element) = step {
            count(&mut counts, &format!("{kind}/{}", element.name()));
        }
    }
    Ok(counts)
}

fn count(counts: &mut HashMap<String, u64>, thing: &str) {
    match counts.get_mut(thing) {
        Some(count) => *count += 1,
        None => drop(counts.insert(thing.to_owned(), 1)),
    }
}
