//! The groups along one side of a GROUPBY or PIVOTBY: a tree of field values, sorted, laid out with its totals as the
//! entries that show.
//!
//! Which values are the same, how a group is spelled and what is sorted follows results of Excel's: groups are the
//! same where only case differs, and are spelled as in the first data row of their first leaf.

use super::order::{compare, compare_directed};
use super::sorting::Identity;
use crate::Context;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use values::{Array, CellError, Result, Value};

/// Most fields of one side.
const MOST_LEVELS: u32 = 255;

/// The whole of a side: the group of all data rows.
pub(super) const ROOT: usize = 0;

/// How one side is sorted.
#[derive(Default)]
pub(super) struct Sort {
    /// Fields (from 0) with whether they descend, in the order of their weight.
    fields: Vec<(u32, bool)>,
    /// The result column (from 0) to sort by instead, and whether it descends.
    pub(super) by_result: Option<(usize, bool)>,
}

impl Sort {
    /// Reads the argument: one field or result column, or a row of fields; negative numbers descend.
    pub(super) fn of(value: &Value, fields: u32, results: usize, context: &dyn Context) -> Result<Sort> {
        let mut sort = Sort::default();
        if matches!(value, Value::Missing) {
            return Ok(sort);
        }
        let keys = super::array_of(value, context)?;
        if keys.rows() != 1 {
            return Err(CellError::Value);
        }
        for key in keys.iter() {
            let number = crate::to_number(key, &context.reading())?;
            let place = number.abs() - 1.0;
            if number.trunc() != number || place < 0.0 || place >= f64::from(fields) + results as f64 {
                return Err(CellError::Value);
            }
            let field = place as u32;
            if field < fields && !sort.fields.iter().any(|(known, _)| *known == field) {
                sort.fields.push((field, number < 0.0));
            } else if field >= fields && keys.len() == 1 {
                sort.by_result = Some(((field - fields) as usize, number < 0.0));
            } else {
                return Err(CellError::Value);
            }
        }
        Ok(sort)
    }

    fn descends(&self, field: u32) -> bool {
        self.fields.contains(&(field, true))
    }
}

/// A group: a value of its level's field, its data rows, the groups inside.
pub(super) struct Group {
    key: Value,
    /// How it is spelled.
    label: Value,
    /// The fields that it is one value of each of: 0 for the whole.
    pub(super) level: u32,
    pub(super) parent: usize,
    pub(super) rows: Vec<u32>,
    pub(super) inside: Vec<usize>,
}

/// The groups of one side; a group stands behind the one that it is in.
pub(super) struct Tree {
    pub(super) groups: Vec<Group>,
    levels: u32,
}

/// One row (or column) of the result: its labels and its group.
pub(super) struct Entry {
    pub(super) labels: Vec<Value>,
    pub(super) group: usize,
}

impl Entry {
    /// The label of a field (from 0); empty for one that does not divide its group.
    pub(super) fn label(&self, field: u32) -> &Value {
        self.labels.get(field as usize).unwrap_or(&Value::Empty)
    }
}

/// Sorted by a value of each; equal ones stay as they stood.
fn by_value<T>(items: Vec<T>, descends: bool, value: impl Fn(&T) -> Result<Value>) -> Result<Vec<T>> {
    let mut weighed: Vec<(Value, T)> = Vec::with_capacity(items.len());
    for item in items {
        weighed.push((value(&item)?, item));
    }
    weighed.sort_by(|(a, _), (b, _)| compare_directed(a, b, descends));
    Ok(weighed.into_iter().map(|(_, item)| item).collect())
}

impl Tree {
    /// The groups of the data rows that take part, each level in the order of its field.
    pub(super) fn new(fields: &Array, rows: &[u32], sort: &Sort, context: &dyn Context) -> Result<Tree> {
        let levels = fields.cols();
        if levels > MOST_LEVELS {
            return Err(CellError::Value);
        }
        context.spend(rows.len() as u64 * u64::from(levels))?;
        let root = Group {
            key: Value::Empty,
            label: Value::Empty,
            level: 0,
            parent: ROOT,
            rows: rows.to_vec(),
            inside: Vec::new(),
        };
        let mut tree = Tree { groups: vec![root], levels };
        let mut at = 0;
        while at < tree.groups.len() {
            tree.divide(at, fields);
            at += 1;
        }
        tree.sort_by_fields(sort);
        tree.spell(fields);
        Ok(tree)
    }

    /// Adds the groups inside of one.
    fn divide(&mut self, at: usize, fields: &Array) {
        let level = self.groups[at].level;
        if level == self.levels {
            return;
        }
        let mut places: FxHashMap<Identity<'_>, usize> = FxHashMap::default();
        let mut found: Vec<Group> = Vec::new();
        for row in &self.groups[at].rows {
            let key = fields.get(*row, level).unwrap_or(&Value::Empty);
            let place = *places.entry(Identity::of(key)).or_insert(found.len());
            match found.get_mut(place) {
                Some(group) => group.rows.push(*row),
                None => found.push(Group {
                    key: key.clone(),
                    label: Value::Empty,
                    level: level + 1,
                    parent: at,
                    rows: vec![*row],
                    inside: Vec::new(),
                }),
            }
        }
        let first = self.groups.len();
        self.groups.append(&mut found);
        self.groups[at].inside = (first..self.groups.len()).collect();
    }

    fn sort_by_fields(&mut self, sort: &Sort) {
        for at in 0..self.groups.len() {
            let descends = sort.descends(self.groups[at].level);
            let mut inside = std::mem::take(&mut self.groups[at].inside);
            inside.sort_by(|a, b| compare_directed(&self.groups[*a].key, &self.groups[*b].key, descends));
            self.groups[at].inside = inside;
        }
    }

    /// Takes each group's spelling from the first data row of its first leaf. Groups inside stand behind, so their
    /// first rows are known when it comes to the one around them.
    fn spell(&mut self, fields: &Array) {
        let mut first_rows: Vec<Option<u32>> = vec![None; self.groups.len()];
        for at in (1..self.groups.len()).rev() {
            let group = &self.groups[at];
            let row = match group.inside.first() {
                Some(inside) => first_rows[*inside],
                None => group.rows.first().copied(),
            };
            first_rows[at] = row;
            let label = row.and_then(|row| fields.get(row, group.level - 1));
            self.groups[at].label = label.unwrap_or(&Value::Empty).clone();
        }
    }

    /// Sorts the groups inside of those groups for which `applies` by a value of each, equal ones by their field.
    pub(super) fn sort_by_values(
        &mut self,
        descends: bool,
        applies: impl Fn(&Group) -> bool,
        value: impl Fn(&Group) -> Result<Value>,
    ) -> Result<()> {
        for at in 0..self.groups.len() {
            if self.groups[at].inside.len() < 2 || !applies(&self.groups[at]) {
                continue;
            }
            let inside = std::mem::take(&mut self.groups[at].inside);
            self.groups[at].inside = by_value(inside, descends, |inside| value(&self.groups[*inside]))?;
        }
        Ok(())
    }

    /// Whether the group is not divided further.
    pub(super) fn is_leaf(&self, group: usize) -> bool {
        self.groups[group].level == self.levels
    }

    /// The entries that show: each leaf, the groups that have a total by `depth` (0 none, 1 the whole, 2 and more also
    /// groups, negative ones before what they sum up).
    pub(super) fn entries(&self, depth: i64) -> Vec<Entry> {
        let mut entries = Vec::new();
        self.lay_out(ROOT, &mut Vec::new(), depth, &mut entries);
        entries
    }

    fn lay_out(&self, at: usize, path: &mut Vec<Value>, depth: i64, entries: &mut Vec<Entry>) {
        let group = &self.groups[at];
        let has_total = self.is_leaf(at) || i64::from(group.level) < depth.abs();
        if has_total && (depth < 0 || self.is_leaf(at)) {
            entries.push(self.entry(at, path, depth));
        }
        for inside in &group.inside {
            path.push(self.groups[*inside].label.clone());
            self.lay_out(*inside, path, depth, entries);
            path.pop();
        }
        if has_total && depth > 0 && !self.is_leaf(at) {
            entries.push(self.entry(at, path, depth));
        }
    }

    fn entry(&self, group: usize, path: &[Value], depth: i64) -> Entry {
        let mut labels = path.to_vec();
        if group == ROOT {
            labels.push(if depth.abs() > 1 { "Grand Total" } else { "Total" }.into());
        }
        labels.resize(self.levels as usize, "".into());
        Entry { labels, group }
    }

    /// The entries as rows of a table: leaves sorted each for itself, by the fields in the order of their weight or by
    /// a value, and the total of the whole.
    pub(super) fn table(
        &self,
        sort: &Sort,
        depth: i64,
        value: impl Fn(&Group) -> Result<Value>,
    ) -> Result<Vec<Entry>> {
        let mut leaves = self.entries(0);
        leaves.sort_by(|a, b| {
            let orders = a.labels.iter().zip(&b.labels).map(|(a, b)| compare(a, b));
            orders.fold(Ordering::Equal, Ordering::then)
        });
        for (field, descends) in sort.fields.iter().rev() {
            // Descending turns all of the order around, the empty ones with it.
            leaves.sort_by(|a, b| {
                let order = compare(a.label(*field), b.label(*field));
                if *descends { order.reverse() } else { order }
            });
        }
        if let Some((_, descends)) = sort.by_result {
            leaves = by_value(leaves, descends, |leaf| value(&self.groups[leaf.group]))?;
        }
        let total = (depth != 0).then(|| self.entry(ROOT, &[], depth));
        if depth < 0 {
            leaves.splice(0..0, total);
        } else {
            leaves.extend(total);
        }
        Ok(leaves)
    }
}
