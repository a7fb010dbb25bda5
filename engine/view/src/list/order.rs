//! Which rows of a list match, and in which order they come.

use super::{Rows, Shown, plain, rows};
use crate::build::Builder;
use crate::state::ListState;
use app_definitions::model::{ColumnRef, FilterOp, List as Definition, Order};
use std::cmp::Ordering;
use std::sync::Arc;
use values::{Col, Value, compare_numbers, compare_text, fold_case};

/// What decides the order of a list's rows: a column that is shown, by its place, or one that the definition names.
pub(super) enum By<'a> {
    Shown(usize),
    Column(&'a ColumnRef),
}

/// The order that is asked for and whether downwards: the person's, else the definition's.
pub(super) fn wanted<'d>(definition: &'d Definition, state: &ListState) -> Option<(By<'d>, bool)> {
    if state.sorted_by_hand {
        return state.sort.map(|(place, down)| (By::Shown(place), down));
    }
    let own = definition.sort_by.as_ref().map(|column| (column, definition.order));
    let sort = own.or_else(|| definition.sorts.first().map(|sort| (&sort.column, sort.order)));
    sort.map(|(column, order)| (By::Column(column), order == Order::Descending))
}

/// The column that decides the order, and whether downwards.
pub(super) fn column(
    definition: &Definition,
    state: &ListState,
    rows: &Rows,
    visible: &[&Shown<'_>],
) -> Option<(Col, bool)> {
    let (by, down) = wanted(definition, state)?;
    let col = match by {
        By::Shown(place) => visible.get(place)?.col,
        By::Column(column) => rows.column(column)?,
    };
    Some((col, down))
}

impl Builder<'_> {
    /// Rows that pass the preset filters and hold every word of the search.
    pub(super) fn matching(
        &mut self,
        definition: &Definition,
        rows: &Rows,
        columns: &[Shown<'_>],
        state: &ListState,
        present: &Arc<Vec<u32>>,
    ) -> Arc<Vec<u32>> {
        let words: Vec<String> = state.search.split_whitespace().map(fold_case).collect();
        let mut filters: Vec<(Col, FilterOp, Value)> = Vec::new();
        for filter in &definition.filters {
            let value = filter.value.as_ref().map(|value| self.books.setting(value, self.resolver));
            // A filter that waits for somebody to choose a value lets everything through.
            if let (Some(col), true) =
                (rows.column(&filter.column), value.is_some() || !filter.op.needs_value())
            {
                filters.push((col, filter.op, value.unwrap_or_default()));
            }
        }
        if words.is_empty() && filters.is_empty() {
            return Arc::clone(present);
        }
        let reading = self.reading(rows.book);
        let mut found = Vec::new();
        for row in present.iter().copied() {
            let passes = |(col, op, wanted): &(Col, FilterOp, Value)| {
                meets(&rows.value(self.books, row, *col), *op, wanted, &reading)
            };
            if filters.iter().all(passes) && (words.is_empty() || self.contains(rows, columns, row, &words)) {
                found.push(row);
            }
        }
        Arc::new(found)
    }

    /// Whether every word stands in some searchable column, as it is shown; hidden columns count.
    fn contains(&mut self, rows: &Rows, columns: &[Shown<'_>], row: u32, words: &[String]) -> bool {
        let mut all = String::new();
        for column in columns.iter().filter(|column| column.definition.is_none_or(|column| column.searchable))
        {
            all.push_str(&self.cell_text(rows, column, row));
            all.push('\n');
        }
        let all = fold_case(&all);
        words.iter().all(|word| all.contains(word.as_str()))
    }

    /// Rows in the order of a column. Rows with equal values keep the sheet's order, also downwards; blank ones come
    /// last in both directions, as in Excel.
    pub(super) fn sorted(&self, rows: &Rows, col: Col, down: bool, matching: &[u32]) -> Arc<Vec<u32>> {
        let value = |row: u32| rows.value(self.books, row, col);
        let mut keyed: Vec<(Value, u32)> = matching.iter().map(|row| (value(*row), *row)).collect();
        keyed.sort_by(|(a, _), (b, _)| match (rows::is_blank(a), rows::is_blank(b)) {
            (false, false) if down => order(b, a),
            (false, false) => order(a, b),
            (a, b) => a.cmp(&b),
        });
        Arc::new(keyed.into_iter().map(|(_, row)| row).collect())
    }
}

/// Numbers, then texts, then truth values, then errors, then empty cells.
fn order(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Number(_) => 0,
        Value::Text(_) => 1,
        Value::Bool(_) => 2,
        Value::Error(_) => 3,
        _ => 4,
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare_numbers(*a, *b),
        (Value::Text(a), Value::Text(b)) => compare_text(a, b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// Whether a value passes a preset filter. A text that reads as a number is compared as one with numbers.
fn meets(value: &Value, op: FilterOp, wanted: &Value, reading: &numfmt::Reading<'_>) -> bool {
    let wanted = match (value, wanted) {
        (Value::Number(_), Value::Text(text)) => {
            numfmt::parse_number(text, reading).map_or_else(|| wanted.clone(), Value::Number)
        }
        (Value::Bool(_), Value::Text(text)) => Value::Bool(text.eq_ignore_ascii_case("true")),
        _ => wanted.clone(),
    };
    let texts = || (fold_case(&plain(value)), fold_case(&plain(&wanted)));
    let is_blank = rows::is_blank(value);
    let compared = order(value, &wanted);
    match op {
        FilterOp::Equal => compared == Ordering::Equal,
        FilterOp::NotEqual => compared != Ordering::Equal,
        FilterOp::Less => !is_blank && compared == Ordering::Less,
        FilterOp::AtMost => !is_blank && compared != Ordering::Greater,
        FilterOp::Greater => !is_blank && compared == Ordering::Greater,
        FilterOp::AtLeast => !is_blank && compared != Ordering::Less,
        FilterOp::Contains => {
            let (text, part) = texts();
            text.contains(&part)
        }
        FilterOp::StartsWith => {
            let (text, part) = texts();
            text.starts_with(&part)
        }
        FilterOp::EndsWith => {
            let (text, part) = texts();
            text.ends_with(&part)
        }
        FilterOp::Empty => is_blank,
        FilterOp::NotEmpty => !is_blank,
    }
}
