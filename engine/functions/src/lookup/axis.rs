//! The groups along one side of a GROUPBY or PIVOTBY: a tree of field values, sorted, with its totals, laid out
//! as the entries that show.

use super::order::compare_directed;
use super::sorting::Identity;
use crate::Context;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use values::{Array, CellError, Lambda, Result, Value};

/// One row (or column) of the result: its labels and the data rows that it sums up.
pub(super) struct Entry {
    pub(super) labels: Vec<Value>,
    pub(super) rows: Vec<u32>,
}

/// How one side is laid out.
pub(super) struct Layout {
    /// Levels of totals: 0 none, 1 the grand total, 2 and more also subtotals; negative ones stand first.
    /// `None` for all that there can be.
    pub(super) totals: Option<i64>,
    /// Fields (from 1) to sort by, values after them; negative ones descend.
    pub(super) sort: Vec<i64>,
    /// Whether the fields are sorted each for itself, as columns of a table, not as a hierarchy.
    pub(super) as_table: bool,
}

/// What makes values of data rows.
pub(super) struct Summary<'a> {
    /// The value columns, header rows included.
    pub(super) values: &'a Array,
    /// The function that is applied to a column of values.
    pub(super) function: &'a Lambda,
    /// All data rows that take part.
    pub(super) all: &'a [u32],
    pub(super) context: &'a dyn Context,
}

impl Summary<'_> {
    /// The function over one value column of some rows. Functions that want it get the values of `whole` too.
    pub(super) fn of(&self, rows: &[u32], col: u32, whole: &[u32]) -> Value {
        let column = |rows: &[u32]| -> Value {
            let values = rows.iter().filter_map(|row| self.values.get(*row, col).cloned()).collect();
            Array::column(values).into()
        };
        if let Err(error) = self.context.spend(rows.len() as u64) {
            return error.into();
        }
        let result = if self.context.wants_total(self.function) {
            self.context.apply(self.function, &[column(rows), column(whole)])
        } else {
            self.context.apply(self.function, &[column(rows)])
        };
        match result {
            Value::Array(array) if array.len() == 1 => array.first().clone(),
            Value::Range(sheet, rect) if rect.is_cell() => {
                self.context.cell(sheet, rect.first()).unwrap_or_else(Value::Error)
            }
            Value::Array(_) | Value::Range(..) | Value::Areas(_) | Value::Lambda(_) => CellError::Calc.into(),
            scalar => scalar,
        }
    }
}

/// A group: a value of its level's field, its data rows, the groups inside.
struct Group {
    key: Value,
    rows: Vec<u32>,
    inside: Vec<Group>,
    /// What it is sorted by, where that is a value column.
    weight: Value,
}

/// The entries of one side for its fields.
pub(super) fn entries(fields: &Array, layout: &Layout, summary: &Summary<'_>) -> Result<Vec<Entry>> {
    let levels = fields.cols();
    let by_value = layout.sort.iter().find(|key| key.unsigned_abs() > u64::from(levels)).copied();
    for key in &layout.sort {
        if *key == 0 || key.unsigned_abs() > u64::from(levels + summary.values.cols()) {
            return Err(CellError::Value);
        }
    }
    let weigh = by_value.map(|key| (key.unsigned_abs() - u64::from(levels) - 1) as u32);
    let mut groups = grouped(fields, summary.all.to_vec(), 0, weigh, summary);
    sort_groups(&mut groups, 0, &layout.sort, levels);
    let mut result = Vec::new();
    let deepest = if layout.as_table { 1 } else { i64::from(levels) };
    let totals = layout.totals.unwrap_or(deepest).clamp(-deepest, deepest);
    let plan = Plan { levels, totals };
    let grand = grand_total(plan, summary);
    if totals < 0 {
        result.extend(grand);
        laid_out(&groups, &mut Vec::new(), plan, &mut result);
    } else {
        laid_out(&groups, &mut Vec::new(), plan, &mut result);
        result.extend(grand);
    }
    if layout.as_table {
        sort_table(&mut result, layout, summary, weigh, totals);
    }
    Ok(result)
}

#[derive(Clone, Copy)]
struct Plan {
    levels: u32,
    totals: i64,
}

fn grand_total(plan: Plan, summary: &Summary<'_>) -> Option<Entry> {
    if plan.totals == 0 {
        return None;
    }
    let word = if plan.totals.abs() > 1 { "Grand Total" } else { "Total" };
    let mut labels = vec![Value::from(""); plan.levels as usize];
    if let Some(first) = labels.first_mut() {
        *first = word.into();
    }
    Some(Entry { labels, rows: summary.all.to_vec() })
}

fn grouped(
    fields: &Array,
    rows: Vec<u32>,
    level: u32,
    weigh: Option<u32>,
    summary: &Summary<'_>,
) -> Vec<Group> {
    let mut places: FxHashMap<Identity<'_>, usize> = FxHashMap::default();
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let key = fields.get(row, level).unwrap_or(&Value::Empty);
        let place = *places.entry(Identity::of(key)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                key: key.clone(),
                rows: vec![row],
                inside: Vec::new(),
                weight: Value::Empty,
            }),
        }
    }
    for group in &mut groups {
        if level + 1 < fields.cols() {
            group.inside = grouped(fields, group.rows.clone(), level + 1, weigh, summary);
        }
        if let Some(col) = weigh {
            group.weight = summary.of(&group.rows, col, summary.all);
        }
    }
    groups
}

fn sort_groups(groups: &mut [Group], level: u32, sort: &[i64], levels: u32) {
    let field = i64::from(level) + 1;
    let descends = sort.contains(&-field);
    let weighted = sort.iter().find(|key| key.unsigned_abs() > u64::from(levels)).map(|key| *key < 0);
    groups.sort_by(|a, b| {
        let by_weight =
            weighted.map_or(Ordering::Equal, |descends| compare_directed(&a.weight, &b.weight, descends));
        by_weight.then_with(|| compare_directed(&a.key, &b.key, descends))
    });
    for group in groups {
        sort_groups(&mut group.inside, level + 1, sort, levels);
    }
}

/// Leaves with all their labels, subtotals before or after what they sum up.
fn laid_out(groups: &[Group], path: &mut Vec<Value>, plan: Plan, result: &mut Vec<Entry>) {
    for group in groups {
        path.push(group.key.clone());
        let depth = path.len() as i64;
        let mut labels = path.clone();
        labels.resize(plan.levels as usize, "".into());
        let entry = Entry { labels, rows: group.rows.clone() };
        if group.inside.is_empty() {
            result.push(entry);
        } else {
            let has_total = plan.totals.abs() > depth;
            if has_total && plan.totals < 0 {
                result.push(entry);
                laid_out(&group.inside, path, plan, result);
            } else {
                laid_out(&group.inside, path, plan, result);
                result.extend(has_total.then_some(entry));
            }
        }
        path.pop();
    }
}

/// Sorts the leaves as rows of a table, by the fields in the order of the sort keys.
fn sort_table(
    entries: &mut [Entry],
    layout: &Layout,
    summary: &Summary<'_>,
    weigh: Option<u32>,
    totals: i64,
) {
    let leaves = match totals {
        0 => entries,
        1.. => entries.split_last_mut().map_or(&mut [][..], |(_, leaves)| leaves),
        _ => entries.split_first_mut().map_or(&mut [][..], |(_, leaves)| leaves),
    };
    let weight = |entry: &Entry| weigh.map_or(Value::Empty, |col| summary.of(&entry.rows, col, summary.all));
    leaves.sort_by_cached_key(|entry| {
        let keys = layout.sort.iter().map(|key| {
            let label =
                usize::try_from(key.unsigned_abs() - 1).ok().and_then(|place| entry.labels.get(place));
            SortKey { value: label.cloned().unwrap_or_else(|| weight(entry)), descends: *key < 0 }
        });
        keys.collect::<Vec<_>>()
    });
}

struct SortKey {
    value: Value,
    descends: bool,
}

impl Ord for SortKey {
    fn cmp(&self, other: &SortKey) -> Ordering {
        compare_directed(&self.value, &other.value, self.descends)
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &SortKey) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortKey {
    fn eq(&self, other: &SortKey) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SortKey {}
