//! Lookup and reference: finding values, making and taking apart references, reshaping arrays, grouping.

pub(crate) mod address;
mod axis;
mod classic;
mod grouping;
mod indexing;
mod line;
mod links;
mod modern;
mod order;
mod pivoting;
mod reference;
mod shape;
mod sorting;
mod stacking;
mod summary;

pub(crate) use links::DESCRIBED;

use crate::call::{MAX_ARRAY, array_of_area};
use crate::{Context, Function};
use std::sync::Arc;
use values::{Area, Array, CellError, Result, Value};

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[
    address::FUNCTIONS,
    classic::FUNCTIONS,
    grouping::FUNCTIONS,
    indexing::FUNCTIONS,
    links::FUNCTIONS,
    modern::FUNCTIONS,
    pivoting::FUNCTIONS,
    reference::FUNCTIONS,
    shape::FUNCTIONS,
    sorting::FUNCTIONS,
    stacking::FUNCTIONS,
];

/// An argument as an array; an error that stands for the whole argument is the result's.
fn array_of(value: &Value, context: &dyn Context) -> Result<Arc<Array>> {
    match value {
        Value::Error(error) => Err(*error),
        Value::Array(array) => {
            context.spend(array.len() as u64)?;
            Ok(Arc::clone(array))
        }
        Value::Range(sheet, rect) => array_of_area(Area { sheet: *sheet, rect: *rect }, context),
        other => {
            let view = context.look(other)?;
            context.spend(view.count().min(MAX_ARRAY))?;
            view.to_array(MAX_ARRAY).map(Arc::new)
        }
    }
}

/// An array made here; one place gives a scalar.
fn array_or_scalar(rows: u32, cols: u32, mut values: Vec<Value>) -> Result<Value> {
    match (values.len(), values.pop()) {
        (1, Some(only)) => Ok(only),
        (_, Some(last)) => {
            values.push(last);
            Ok(Array::new(rows, cols, values)?.into())
        }
        (_, None) => Err(CellError::Calc),
    }
}

/// Refuses arrays that would be larger than one may be, and charges for the others.
pub(crate) fn charge_array(rows: u64, cols: u64, context: &dyn Context) -> Result<()> {
    let count = rows.saturating_mul(cols);
    if count > MAX_ARRAY {
        return Err(CellError::Calc);
    }
    context.spend(count)
}
