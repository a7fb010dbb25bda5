//! What an engine must be able to do to be measured.

use anyhow::Result;
use serde::Serialize;
use std::path::Path;

/// A cell's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Empty,
    Number(f64),
    Text(String),
    Bool(bool),
    /// By name, such as `#DIV/0!`.
    Error(String),
}

/// A cell: the sheet's name, row and column counted from 1.
#[derive(Clone, Debug)]
pub struct Place {
    pub sheet: String,
    pub row: u32,
    pub col: u32,
}

/// An engine with one workbook.
pub trait Engine: Sized {
    /// Reads a workbook until nothing but calculating is left to do.
    fn load(file: &Path) -> Result<Self>;
    /// Brings every formula up to date.
    fn calculate(&mut self) -> Result<()>;
    /// Types a value.
    fn set(&mut self, place: &Place, value: &Value) -> Result<()>;
    /// A cell's value as last calculated.
    fn get(&self, place: &Place) -> Value;
}

/// A value as the protocol writes it.
#[derive(Serialize)]
pub struct Shown {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl From<Value> for Shown {
    fn from(value: Value) -> Self {
        let value = match value {
            Value::Error(error) => return Self { value: None, error: Some(error) },
            Value::Empty => serde_json::Value::Null,
            Value::Number(number) => number.into(),
            Value::Text(text) => text.into(),
            Value::Bool(value) => value.into(),
        };
        Self { value: Some(value), error: None }
    }
}
