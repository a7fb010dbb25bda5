//! A rectangle of scalar values, row by row.

use crate::{CellError, Value};
use serde::{Deserialize, Serialize};

/// A non-empty rectangle of scalars in row-major order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Array {
    rows: u32,
    cols: u32,
    values: Vec<Value>,
}

impl Array {
    /// Makes an array of `rows` × `cols` from row-major `values`.
    ///
    /// # Errors
    /// `#CALC!` for an empty rectangle, as Excel says of empty arrays; `#VALUE!` where the count is wrong.
    pub fn new(rows: u32, cols: u32, values: Vec<Value>) -> Result<Array, CellError> {
        if rows == 0 || cols == 0 {
            return Err(CellError::Calc);
        }
        if values.len() as u64 != u64::from(rows) * u64::from(cols) {
            return Err(CellError::Value);
        }
        Ok(Array { rows, cols, values })
    }

    /// An array of one value.
    pub fn single(value: Value) -> Array {
        Array { rows: 1, cols: 1, values: vec![value] }
    }

    /// One column; `#CALC!` when empty.
    ///
    /// # Errors
    /// `#CALC!` where `values` is empty or does not fit a sheet's address space.
    pub fn column(values: Vec<Value>) -> Result<Array, CellError> {
        let rows = u32::try_from(values.len()).map_err(|_| CellError::Calc)?;
        Array::new(rows, 1, values)
    }

    /// One row; `#CALC!` when empty.
    ///
    /// # Errors
    /// `#CALC!` where `values` is empty or does not fit a sheet's address space.
    pub fn row(values: Vec<Value>) -> Result<Array, CellError> {
        let cols = u32::try_from(values.len()).map_err(|_| CellError::Calc)?;
        Array::new(1, cols, values)
    }

    /// How many rows, at least 1.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// How many columns, at least 1.
    pub fn cols(&self) -> u32 {
        self.cols
    }

    /// How many values.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Never true; here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value at a place, counted from 0.
    pub fn get(&self, row: u32, col: u32) -> Option<&Value> {
        if row >= self.rows || col >= self.cols {
            return None;
        }
        self.values.get(row as usize * self.cols as usize + col as usize)
    }

    /// Puts a value in a place, counted from 0; nothing happens beyond the edges.
    pub fn set(&mut self, row: u32, col: u32, value: Value) {
        if row < self.rows
            && col < self.cols
            && let Some(place) = self.values.get_mut(row as usize * self.cols as usize + col as usize)
        {
            *place = value;
        }
    }

    /// The value for a place of a larger result: a single row or column (or value) repeats, and a place
    /// beyond the array is `None`, which shows as `#N/A`.
    pub fn broadcast(&self, row: u32, col: u32) -> Option<&Value> {
        self.get(if self.rows == 1 { 0 } else { row }, if self.cols == 1 { 0 } else { col })
    }

    /// All values, row by row.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.values.iter()
    }

    /// All values, row by row.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Gives the values away, row by row.
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// One row as a slice; empty beyond the end.
    pub fn row_values(&self, row: u32) -> &[Value] {
        let cols = self.cols as usize;
        let start = row as usize * cols;
        self.values.get(start..start + cols).unwrap_or(&[])
    }

    /// The top left value.
    pub fn first(&self) -> &Value {
        &self.values[0]
    }

    /// The same shape with each value changed.
    pub fn map(&self, change: impl FnMut(&Value) -> Value) -> Array {
        Array { rows: self.rows, cols: self.cols, values: self.values.iter().map(change).collect() }
    }

    /// Rows become columns.
    pub fn transposed(&self) -> Array {
        let (rows, cols) = (self.rows as usize, self.cols as usize);
        let mut values = Vec::with_capacity(self.values.len());
        for col in 0..cols {
            values.extend((0..rows).map(|row| self.values[row * cols + col].clone()));
        }
        Array { rows: self.cols, cols: self.rows, values }
    }
}

impl<'a> IntoIterator for &'a Array {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.values.iter()
    }
}
