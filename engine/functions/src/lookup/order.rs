//! The order of values of every kind: numbers, text, FALSE, TRUE, errors, empty cells. Sorting and the newer
//! lookups go by it. Source: values sorted by Excel; Microsoft, "Sort data in a range or table".

use std::cmp::Ordering;
use values::{Value, compare_text};

/// Ascending order, empty cells last.
pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        // Numbers are compared as they are, not on the digits that show.
        (Value::Number(a), Value::Number(b)) => (a + 0.0).total_cmp(&(b + 0.0)),
        (Value::Text(a), Value::Text(b)) => compare_text(a, b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Error(a), Value::Error(b)) => a.type_number().cmp(&b.type_number()),
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

/// As [`compare`], descending where asked; empty cells stay last.
pub(super) fn compare_directed(a: &Value, b: &Value, descending: bool) -> Ordering {
    if descending && !is_empty(a) && !is_empty(b) { compare(b, a) } else { compare(a, b) }
}

pub(super) fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Empty | Value::Missing)
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Number(_) => 0,
        Value::Text(_) => 1,
        Value::Bool(_) => 2,
        Value::Error(_) => 3,
        _ => 4,
    }
}
