//! A row or column that a lookup searches, and the ways to search it.

use super::order::{self, is_empty};
use crate::{Context, View, Wildcard};
use std::cmp::Ordering;
use values::{Area, CellError, Result, Value, compare_text, equal_text};

/// A row or column of values. Places are counted from 0; beyond `used` all of them are empty.
pub(super) struct Line<'a> {
    view: View<'a>,
    /// The cells, where it is a column of a sheet: what indexes are asked about.
    area: Option<Area>,
    used: u64,
}

/// What an exact search looks for.
pub(super) enum Target<'a> {
    /// A value equal to this one.
    Value(&'a Value),
    /// Text that a pattern matches.
    Pattern(Wildcard),
}

impl<'a> Line<'a> {
    /// The line of a view that is one row or one column, `area` being its cells where it shows some.
    pub(super) fn new(view: View<'a>, area: Option<Area>) -> Line<'a> {
        let used = if view.cols() == 1 { view.used_rows() } else { view.used_cols() };
        let area = if view.cols() == 1 { area } else { None };
        Line { view, area, used: u64::from(used) }
    }

    /// How many places.
    pub(super) fn len(&self) -> u64 {
        self.view.count()
    }

    /// The value at a place.
    pub(super) fn at(&self, place: u64) -> &'a Value {
        self.view.at(place)
    }

    /// The first place that holds the target, or the last one.
    pub(super) fn find(&self, target: &Target<'_>, last: bool, context: &dyn Context) -> Result<Option<u64>> {
        if let (Target::Value(key), Some(area), false) = (target, self.area, last)
            && !is_empty(key)
            && let Some(answer) = context.find_exact(area, key)
        {
            return Ok(answer.map(u64::from));
        }
        context.spend(self.used)?;
        Ok(match target {
            Target::Value(key) if is_empty(key) => self.find_empty(last),
            Target::Value(key) => self.find_where(last, |value| equal(key, value)),
            Target::Pattern(pattern) => {
                self.find_where(last, |value| matches!(value, Value::Text(text) if pattern.matches(text)))
            }
        })
    }

    fn find_empty(&self, last: bool) -> Option<u64> {
        if last && self.used < self.len() {
            return Some(self.len() - 1);
        }
        // The first place beyond what is stored is empty too, if the line has one.
        let mut places = 0..(self.used + 1).min(self.len());
        let empty = |place: &u64| is_empty(self.at(*place));
        if last { places.rev().find(empty) } else { places.find(empty) }
    }

    /// The first or last place whose value passes a test that no empty cell passes.
    pub(super) fn find_where(&self, last: bool, test: impl Fn(&Value) -> bool) -> Option<u64> {
        if last {
            return (0..self.used).rev().find(|place| test(self.at(*place)));
        }
        let found = self.view.try_for_each(|row, col, value| match test(value) {
            true => Err(u64::from(row) + u64::from(col)),
            false => Ok(()),
        });
        found.err()
    }

    /// The place of the largest value not above the key, in values that should ascend. This is Excel's binary
    /// search, kept step by step because its answers on unsorted values are relied on: values of other kinds
    /// are stepped over to the right, and from an equal value it goes on to the end of its run.
    pub(super) fn last_not_above(&self, key: &Value) -> Option<u64> {
        // Both bounds lie outside; `low` starts before the first place.
        let (mut low, mut high) = (0, self.used + 1);
        while high - low >= 2 {
            let middle = low + (high - low) / 2;
            let (place, order) = self.comparable_from(middle, high, key);
            match order {
                None => high = middle,
                Some(Ordering::Equal) => return Some(self.end_of_run(place - 1, high - 1, key)),
                Some(Ordering::Less) => low = place,
                Some(Ordering::Greater) if place == high - 1 => high = middle,
                Some(Ordering::Greater) => high = place,
            }
        }
        low.checked_sub(1)
    }

    /// The first place from `from` on, counted from 1 and below `high`, whose value is of the key's kind, and how
    /// it compares to the key. Places where nothing is stored cost nothing.
    fn comparable_from(&self, from: u64, high: u64, key: &Value) -> (u64, Option<Ordering>) {
        if let Some(order) = same_kind_order(self.at(from - 1), key) {
            return (from, Some(order));
        }
        let start = from as u32;
        let (top, left) = if self.view.cols() == 1 { (start, 0) } else { (0, start) };
        let Some(rest) = self.view.part(top, left, u32::MAX, u32::MAX) else { return (high, None) };
        let found = rest.try_for_each(|row, col, value| {
            let place = from + 1 + u64::from(row) + u64::from(col);
            match same_kind_order(value, key) {
                _ if place >= high => Err(None),
                Some(order) => Err(Some((place, order))),
                None => Ok(()),
            }
        });
        match found {
            Err(Some((place, order))) => (place, Some(order)),
            _ => (high, None),
        }
    }

    fn end_of_run(&self, mut place: u64, end: u64, key: &Value) -> u64 {
        while place + 1 < end && same_kind_order(self.at(place + 1), key) == Some(Ordering::Equal) {
            place += 1;
        }
        place
    }

    /// The place of the smallest value not below the key, in values that should descend: the search goes from
    /// the start and ends at an equal value or before the first smaller one.
    pub(super) fn last_not_below(&self, key: &Value, context: &dyn Context) -> Result<Option<u64>> {
        context.spend(self.used)?;
        let mut best = None;
        let walk = self.view.try_for_each(|row, col, value| {
            let place = u64::from(row) + u64::from(col);
            match same_kind_order(value, key) {
                Some(Ordering::Equal) => Err(Some(place)),
                Some(Ordering::Less) => Err(best),
                Some(Ordering::Greater) => {
                    best = Some(place);
                    Ok(())
                }
                None => Ok(()),
            }
        });
        Ok(match walk {
            Err(ended) => ended,
            Ok(()) => best,
        })
    }

    /// The place of an equal value, or else of the next smaller or larger one, over values of all kinds in
    /// any order; among equal ones the first met.
    pub(super) fn nearest(
        &self,
        key: &Value,
        larger: bool,
        last: bool,
        context: &dyn Context,
    ) -> Result<Option<u64>> {
        if let Some(place) = self.find(&Target::Value(key), last, context)? {
            return Ok(Some(place));
        }
        let wanted = if larger { Ordering::Greater } else { Ordering::Less };
        let mut best: Option<u64> = None;
        let mut consider = |place: u64, value: &Value| {
            if is_empty(value) || value.error().is_some() || order::compare(value, key) != wanted {
                return;
            }
            // Nearer than the best so far: on the key's side of it.
            if best.is_none_or(|best| order::compare(value, self.at(best)) == wanted.reverse()) {
                best = Some(place);
            }
        };
        if last {
            (0..self.used).rev().for_each(|place| consider(place, self.at(place)));
        } else {
            let walk: std::result::Result<(), CellError> = self.view.try_for_each(|row, col, value| {
                consider(u64::from(row) + u64::from(col), value);
                Ok(())
            });
            walk?;
        }
        Ok(best)
    }

    /// Binary search of sorted values of all kinds: the place of an equal value (of several side by side, the first
    /// of ascending ones and the last of descending ones), or else of the neighbour on the side that `step` asks for:
    /// -1 the next smaller, 1 the next larger, 0 none. Its steps are Excel's, for the sake of what is not sorted.
    pub(super) fn search_sorted(&self, key: &Value, descending: bool, step: i64) -> Option<u64> {
        let order_of = |place: u64| {
            let value = self.at(place);
            // Cells after the last filled one belong to neither order's beginning.
            if descending && is_empty(value) && !is_empty(key) {
                Ordering::Less
            } else {
                order::compare(value, key)
            }
        };
        let before = if descending { Ordering::Greater } else { Ordering::Less };
        let (mut low, mut high) = (0, self.used);
        while low < high {
            let middle = low + (high - low - 1) / 2;
            match order_of(middle) {
                Ordering::Equal => return Some(self.edge_of_run(middle, descending, order_of)),
                order if order == before => low = middle + 1,
                _ => high = middle,
            }
        }
        // An empty key is met by the first place beyond what is stored.
        if low < self.len() && order_of(low) == Ordering::Equal {
            return Some(low);
        }
        // The values up to `low` lie before the key, the one in `low` behind it.
        let (smaller, larger) =
            if descending { (Some(low), low.checked_sub(1)) } else { (low.checked_sub(1), Some(low)) };
        match step {
            -1 => smaller,
            1 => larger,
            _ => None,
        }
        .filter(|place| *place < self.used && !is_empty(self.at(*place)))
    }

    /// The first of a run of equal values, or its last one.
    fn edge_of_run(&self, mut place: u64, last: bool, order_of: impl Fn(u64) -> Ordering) -> u64 {
        let is_equal = |place: u64| place < self.used && order_of(place) == Ordering::Equal;
        if last {
            while is_equal(place + 1) {
                place += 1;
            }
        } else {
            while place > 0 && is_equal(place - 1) {
                place -= 1;
            }
        }
        place
    }
}

/// Equality as exact lookups see it: kinds do not mix, case does not count, numbers agree in every bit.
fn equal(key: &Value, value: &Value) -> bool {
    match (key, value) {
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => equal_text(a, b),
        (Value::Bool(a), Value::Bool(b)) => a == b,
        _ => false,
    }
}

/// How a value compares to the key; `None` where it is of another kind.
fn same_kind_order(value: &Value, key: &Value) -> Option<Ordering> {
    match (value, key) {
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Text(a), Value::Text(b)) => Some(compare_text(a, b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
