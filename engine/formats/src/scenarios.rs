//! Scenarios of all formats: the values of their cells.

use values::{Text, Value};

/// A value as files of all formats write it: without a type, numbers with a point whatever the locale.
pub(crate) fn value(text: &Text) -> Value {
    if let Some(number) = text.trim().parse::<f64>().ok().filter(|number| number.is_finite()) {
        return Value::Number(number);
    }
    match text.trim() {
        "" => Value::Empty,
        "TRUE" => Value::Bool(true),
        "FALSE" => Value::Bool(false),
        other => other.parse().map_or_else(|()| Value::Text(text.clone()), Value::Error),
    }
}
