//! Sheets that came, went or changed places.
//!
//! Within the patcher a sheet keeps its number: those of the file in their order, new ones behind them. So every change
//! of places but a deletion is one of the workbook's list alone, and a deletion is a hole in the numbers. What only the
//! deleted sheets led to goes with them: drawings, charts, notes, tables, pivot tables.

use super::links::Links;
use super::tree::{Element, Node};
use super::{Changes, SaveError};
use crate::package::{Package, Relation, normal, relations_part};
use crate::sheet_names::SheetNames;
use crate::xml::Xml;
use formula::Shift;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use values::{Area, SheetId};

/// What became of the sheets.
pub(super) struct Plan {
    /// The sheets of now in their order, by the numbers that they keep.
    pub order: Vec<SheetId>,
    /// Sheets of the file that are gone.
    pub deleted: BTreeSet<SheetId>,
    /// How many sheets the file has.
    pub known: u16,
}

impl Plan {
    /// The plan, and the changes with sheets by the numbers that they keep.
    pub fn of(changes: &Changes, known: u16) -> Result<(Plan, Cow<'_, Changes>), SaveError> {
        let mut order: Vec<SheetId> = (0..known).map(SheetId).collect();
        let is_same = !changes.places.iter().any(|shift| matches!(shift, Shift::Sheets { .. }));
        if is_same {
            return Ok((Plan { order, deleted: BTreeSet::new(), known }, Cow::Borrowed(changes)));
        }
        let (mut gone, mut next) = (BTreeSet::new(), known);
        let mut steps: Vec<Step> = Vec::with_capacity(changes.places.len());
        for shift in &changes.places {
            match shift {
                Shift::Rows { sheet, slide } => {
                    steps.push(Step::Same(Shift::Rows { sheet: at(&order, *sheet)?, slide: *slide }));
                }
                Shift::Cols { sheet, slide } => {
                    steps.push(Step::Same(Shift::Cols { sheet: at(&order, *sheet)?, slide: *slide }));
                }
                Shift::Move { from, to } => {
                    let from = Area { sheet: at(&order, from.sheet)?, ..*from };
                    let to = Area { sheet: at(&order, to.sheet)?, ..*to };
                    steps.push(Step::Same(Shift::Move { from, to }));
                }
                Shift::Sheets { places, count } => {
                    let mut now = vec![None; usize::from(*count)];
                    for (old, place) in order.iter().zip(places.iter()) {
                        match place.and_then(|place| now.get_mut(usize::from(place.0))) {
                            Some(slot) => *slot = Some(*old),
                            None => {
                                gone.insert(*old);
                                steps.push(Step::Deleted(*old));
                            }
                        }
                    }
                    order.clear();
                    for slot in now {
                        order.push(slot.unwrap_or(SheetId(next)));
                        next = next.saturating_add(u16::from(slot.is_none()));
                    }
                }
            }
        }
        if order.is_empty() {
            return Err(SaveError::change("a workbook needs a sheet"));
        }
        let renumbered = renumbered(changes, &order, steps, next)?;
        let deleted = gone.into_iter().filter(|sheet| sheet.0 < known).collect();
        Ok((Plan { order, deleted, known }, Cow::Owned(renumbered)))
    }

    /// The new sheets.
    pub fn added(&self) -> impl Iterator<Item = SheetId> {
        let mut added: Vec<SheetId> = self.order.iter().copied().filter(|id| id.0 >= self.known).collect();
        added.sort_unstable();
        added.into_iter()
    }

    /// Whether the list of sheets is another one.
    pub fn changes_list(&self) -> bool {
        self.order.len() != usize::from(self.known)
            || self.order.iter().zip(0..).any(|(id, place)| id.0 != place)
    }

    /// Where a sheet of the file stands among those of now.
    pub fn place(&self, sheet: u16) -> Option<usize> {
        self.order.iter().position(|id| id.0 == sheet)
    }

    /// Lists the sheets of now in their order.
    pub fn list(&self, list: &mut Element, names: &SheetNames, links: &Links) {
        let number = |sheet: &Element| sheet.tag().parse::<u32>("sheetId");
        let mut next = list.elements().filter_map(number).max().unwrap_or(0);
        let mut known: Vec<Option<Element>> = Vec::new();
        for node in std::mem::take(&mut list.children) {
            if let Node::Element(sheet) = node
                && sheet.name() == "sheet"
            {
                known.push(Some(sheet));
            }
        }
        let model =
            known.iter().flatten().next().map(|sheet| (sheet.tag().relation_name(), sheet.tag().prefix()));
        let (id_name, prefix) = model.unwrap_or_else(|| ("r:id".to_owned(), list.tag().prefix()));
        for id in &self.order {
            let place = usize::from(id.0);
            let sheet = match known.get_mut(place).and_then(Option::take) {
                Some(sheet) => sheet,
                None => {
                    next = next.saturating_add(1);
                    let relation = links.come.iter().find(|new| new.sheet == Some(*id));
                    let attributes = [
                        ("name", names.get(place).unwrap_or_default()),
                        ("sheetId", &*next.to_string()),
                        (id_name.as_str(), relation.map_or("", |new| new.relation.as_str())),
                    ];
                    Element::empty(&format!("{prefix}sheet"), &attributes)
                }
            };
            list.children.push(Node::Element(sheet));
        }
    }

    /// Names that belong to a sheet go with it.
    pub fn scope(&self, list: &mut Element) {
        list.children.retain_mut(|node| {
            let Node::Element(name) = node else { return true };
            let Some(sheet) = name.tag().parse::<u16>("localSheetId") else { return true };
            match self.place(sheet) {
                Some(place) => name.set(&[("localSheetId", Some(&place.to_string()))]),
                None => return sheet >= self.known,
            }
            true
        });
    }

    /// The sheet that is shown, and the first whose tab is. Of a deleted one the next that can be seen takes the
    /// place; `hidden` tells of the file's sheets.
    pub fn view(&self, view: &mut Element, hidden: &[bool]) {
        if !self.changes_list() {
            return;
        }
        let is_shown = |id: SheetId| !hidden.get(usize::from(id.0)).copied().unwrap_or(false);
        let last = self.order.len().saturating_sub(1);
        let now = |sheet: u16| {
            self.place(sheet).unwrap_or_else(|| {
                let wanted = usize::from(sheet).min(last);
                let mut places: Vec<usize> = (0..=last).collect();
                places.sort_by_key(|place| place.abs_diff(wanted));
                let mut shown = places.into_iter();
                shown.find(|place| self.order.get(*place).is_some_and(|id| is_shown(*id))).unwrap_or(wanted)
            })
        };
        // Without the attribute it is the first sheet, which says itself that it is selected.
        let active = view.tag().parse::<u16>("activeTab").unwrap_or(0);
        if view.tag().get("activeTab").is_some() || now(active) != 0 {
            view.set(&[("activeTab", Some(&now(active).to_string()))]);
        }
        if let Some(first) = view.tag().parse::<u16>("firstSheet") {
            view.set(&[("firstSheet", Some(&now(first).to_string()))]);
        }
    }
}

/// A change of places while the number of all sheets is not known yet.
enum Step {
    Same(Shift),
    Deleted(SheetId),
}

fn at(order: &[SheetId], sheet: SheetId) -> Result<SheetId, SaveError> {
    let number = order.get(usize::from(sheet.0)).copied();
    number.ok_or_else(|| SaveError::change(format!("there is no sheet number {}", sheet.0 + 1)))
}

fn renumbered(
    changes: &Changes,
    order: &[SheetId],
    steps: Vec<Step>,
    count: u16,
) -> Result<Changes, SaveError> {
    let shift = |step| match step {
        Step::Same(shift) => shift,
        Step::Deleted(gone) => {
            let places = (0..count).map(|id| Some(SheetId(id)).filter(|id| *id != gone)).collect();
            Shift::Sheets { places, count }
        }
    };
    let mut tables = changes.tables.clone();
    for table in &mut tables {
        table.sheet = at(order, table.sheet)?;
    }
    Ok(Changes {
        places: steps.into_iter().map(shift).collect(),
        renamed: by_number(&changes.renamed, order)?,
        cells: by_number(&changes.cells, order)?,
        styles: by_number(&changes.styles, order)?,
        tables,
        looks_left_out: changes.looks_left_out,
        stale: changes.stale,
    })
}

fn by_number<T: Clone>(
    map: &BTreeMap<SheetId, T>,
    order: &[SheetId],
) -> Result<BTreeMap<SheetId, T>, SaveError> {
    map.iter().map(|(sheet, value)| Ok((at(order, *sheet)?, value.clone()))).collect()
}

/// How many sheets the workbook's part lists.
pub(super) fn count(package: &mut Package<'_>) -> Result<u16, SaveError> {
    let part = package.office_document("xl/workbook.xml")?;
    let Some(mut xml) = package.part(&part)? else { return Ok(0) };
    let mut count = 0_u16;
    loop {
        match xml.next()? {
            Xml::Start(element) if element.name() == "sheet" => count = count.saturating_add(1),
            Xml::Eof => return Ok(count),
            _ => {}
        }
    }
}

/// The parts that only the sheets behind these relations of the workbook lead to, with their relations' parts.
pub(super) fn only_theirs(
    package: &mut Package<'_>,
    workbook: &str,
    sheets: &HashSet<String>,
) -> Result<BTreeSet<String>, SaveError> {
    let all = reached(package, workbook, &HashSet::new())?;
    let left = reached(package, workbook, sheets)?;
    let mut gone = BTreeSet::new();
    for part in all.difference(&left) {
        let relations = normal(&relations_part(part));
        if package.has(&relations) {
            gone.insert(relations);
        }
        if package.has(part) {
            gone.insert(part.clone());
        }
    }
    Ok(gone)
}

/// All parts that relations lead to, those of the workbook with these ids left out.
fn reached(
    package: &mut Package<'_>,
    workbook: &str,
    without: &HashSet<String>,
) -> Result<BTreeSet<String>, SaveError> {
    let workbook = normal(workbook);
    let (mut found, mut open) = (BTreeSet::new(), vec![String::new()]);
    while let Some(part) = open.pop() {
        for (id, relation) in package.relations(&part)? {
            let target = normal(&relation.target);
            let is_left_out = part == workbook && without.contains(&id);
            if !relation.external && !is_left_out && found.insert(target.clone()) {
                open.push(target);
            }
        }
    }
    Ok(found)
}

/// Refuses to delete a sheet on which other parts of the workbook hang that name it.
pub(super) fn guard_deleted(
    of_workbook: &HashMap<String, Relation>,
    of_sheet: &HashMap<String, Relation>,
    name: &str,
) -> Result<(), SaveError> {
    let has = |relations: &HashMap<String, Relation>, kinds: &[&str]| {
        relations.values().any(|relation| kinds.contains(&relation.kind.as_str()))
    };
    let filters = ["slicerCache", "timelineCache"];
    if has(of_workbook, &filters) && has(of_sheet, &["slicer", "timeline", "pivotTable", "table"]) {
        return Err(SaveError::change(format!(
            "the deleted sheet {name} has tables or slicers that other parts of the file may speak of; save it as a \
             new file"
        )));
    }
    Ok(())
}
