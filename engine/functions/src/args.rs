//! The prepared arguments of one call.

use crate::coerce;
use values::{CellError, Lambda, Result, Value};

/// Arguments as a body sees them: already coerced to the declared kinds, so that the readers here do not fail
/// for arguments declared so.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    values: &'a [Value],
}

impl<'a> Args<'a> {
    /// Wraps prepared values; for callers and tests.
    pub fn new(values: &'a [Value]) -> Args<'a> {
        Args { values }
    }

    /// How many were written, left-out ones between commas included.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether none was written.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The argument as it is; `Missing` beyond the end.
    pub fn value(&self, index: usize) -> &'a Value {
        self.values.get(index).unwrap_or(&Value::Missing)
    }

    /// All arguments from `index` on.
    pub fn from(&self, index: usize) -> &'a [Value] {
        self.values.get(index..).unwrap_or(&[])
    }

    /// Whether it was written at all, if only as nothing between two commas.
    pub fn written(&self, index: usize) -> bool {
        index < self.values.len()
    }

    /// Whether it was written and is not nothing.
    pub fn given(&self, index: usize) -> bool {
        !matches!(self.value(index), Value::Missing)
    }

    /// A number; 0 where nothing stands between the commas, as Excel has it.
    pub fn number(&self, index: usize) -> f64 {
        match self.value(index) {
            Value::Number(number) => *number,
            Value::Bool(true) => 1.0,
            _ => 0.0,
        }
    }

    /// A number cut to an integer toward zero; saturates far outside of every sheet.
    pub fn integer(&self, index: usize) -> i64 {
        coerce::truncate(self.number(index))
    }

    /// A number, `default` where the argument was not written. Nothing between commas counts as 0.
    pub fn number_or(&self, index: usize, default: f64) -> f64 {
        if self.written(index) { self.number(index) } else { default }
    }

    /// A number, `default` where it was not written or nothing stands there, as the newer functions have it.
    pub fn number_if_given(&self, index: usize, default: f64) -> f64 {
        if self.given(index) { self.number(index) } else { default }
    }

    /// Text; empty where nothing was given.
    pub fn text(&self, index: usize) -> &'a str {
        match self.value(index) {
            Value::Text(text) => text.as_str(),
            _ => "",
        }
    }

    /// A truth value; FALSE where nothing was given.
    pub fn bool(&self, index: usize) -> bool {
        match self.value(index) {
            Value::Bool(value) => *value,
            Value::Number(number) => *number != 0.0,
            _ => false,
        }
    }

    /// A truth value, `default` where the argument was not written. Nothing between commas counts as FALSE.
    pub fn bool_or(&self, index: usize, default: bool) -> bool {
        if self.written(index) { self.bool(index) } else { default }
    }

    /// The function value of a `Lambda` argument.
    ///
    /// # Errors
    /// `#VALUE!` where it is none.
    pub fn lambda(&self, index: usize) -> Result<&'a Lambda> {
        match self.value(index) {
            Value::Lambda(lambda) => Ok(lambda),
            _ => Err(CellError::Value),
        }
    }
}
