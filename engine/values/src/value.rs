//! The value of a cell or of an expression.

use crate::{Area, Array, CellError, Rect, SheetId};
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// Shared, immutable text; eight bytes, so that a [`Value`] stays at sixteen.
pub type Text = arcstr::ArcStr;

/// What an expression gives. A cell holds one of the first five; the others live only inside a calculation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub enum Value {
    /// An empty cell. It is 0 to arithmetic, "" to text, FALSE to logic.
    #[default]
    Empty,
    /// A finite number; Excel has no infinities and no NaN.
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error value.
    Error(CellError),
    /// Text, possibly empty.
    Text(Text),
    /// A rectangle of values that belongs to no sheet.
    Array(Arc<Array>),
    /// A reference to one area of one sheet. Sheet and rectangle stand apart to keep the value at sixteen bytes.
    Range(SheetId, Rect),
    /// A reference to several areas: a union, or one area on several sheets.
    Areas(Arc<Vec<Area>>),
    /// A function value made by LAMBDA.
    #[serde(skip)]
    Lambda(Arc<Lambda>),
    /// An argument that was left out, `IF(a,,c)`.
    Missing,
}

const _: () = assert!(size_of::<Value>() == 16, "a cell value takes sixteen bytes");

/// A function value. What is inside belongs to the evaluator that made it.
pub struct Lambda(pub Box<dyn Any + Send + Sync>);

impl fmt::Debug for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LAMBDA(…)")
    }
}

impl Value {
    /// Text from a string slice.
    pub fn text(text: &str) -> Value {
        Value::Text(Text::from(text))
    }

    /// A number, or `#NUM!` where the result is not finite.
    pub fn number(number: f64) -> Value {
        if number.is_finite() { Value::Number(number) } else { Value::Error(CellError::Num) }
    }

    /// A reference to `area`.
    pub fn range(area: Area) -> Value {
        Value::Range(area.sheet, area.rect)
    }

    /// Whether a cell can hold it as it is.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Value::Empty | Value::Number(_) | Value::Bool(_) | Value::Error(_) | Value::Text(_))
    }

    /// Whether it refers to cells.
    pub fn is_reference(&self) -> bool {
        matches!(self, Value::Range(..) | Value::Areas(_))
    }

    /// The error inside, if it is one.
    pub fn error(&self) -> Option<CellError> {
        match self {
            Value::Error(error) => Some(*error),
            _ => None,
        }
    }

    /// The same value bit for bit: the question of early cut-off, where `-0.0` differs from `0.0`.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => a.to_bits() == b.to_bits(),
            (Value::Text(a), Value::Text(b)) => Text::ptr_eq(a, b) || a == b,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Error(a), Value::Error(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => {
                a.rows() == b.rows() && a.cols() == b.cols() && a.iter().zip(b.iter()).all(|(x, y)| x.same(y))
            }
            (Value::Range(s, a), Value::Range(t, b)) => s == t && a == b,
            (Value::Areas(a), Value::Areas(b)) => a == b,
            (Value::Empty, Value::Empty) | (Value::Missing, Value::Missing) => true,
            _ => false,
        }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::number(number)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(Text::from(text))
    }
}

impl From<CellError> for Value {
    fn from(error: CellError) -> Self {
        Value::Error(error)
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Value::Array(Arc::new(array))
    }
}

impl<T: Into<Value>> From<Result<T, CellError>> for Value {
    fn from(result: Result<T, CellError>) -> Self {
        match result {
            Ok(value) => value.into(),
            Err(error) => Value::Error(error),
        }
    }
}
