//! Sizes and places of references, and the formulas behind them.

use crate::information::each_cell;
use crate::{Args, Context, Function, Param};
use values::{Area, Array, CellError, Rect, Result, Value};

const REFERENCE: Param = Param::reference("reference");
const ARRAY: Param = Param::array("array");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("AREAS", &[REFERENCE], areas),
    Function::context("COLUMN", &[REFERENCE.optional()], column),
    Function::plain("COLUMNS", &[ARRAY], columns),
    Function::context("FORMULATEXT", &[REFERENCE], formulatext),
    Function::context("ROW", &[REFERENCE.optional()], row),
    Function::plain("ROWS", &[ARRAY], rows),
];

/// Longer formulas are not shown, a bound of Excel's.
const MAX_FORMULA: usize = 8_192;

/// How many areas a reference has.
fn areas(args: &Args<'_>) -> Result<Value> {
    match args.value(0) {
        Value::Areas(areas) => Ok((areas.len() as f64).into()),
        _ => Ok(1.0.into()),
    }
}

/// The cells meant: the reference's, or the cell that is calculated. Several areas are `#REF!`.
fn rect_of(args: &Args<'_>, context: &dyn Context) -> Result<Rect> {
    match args.value(0) {
        Value::Range(_, rect) => Ok(*rect),
        Value::Areas(_) => Err(CellError::Ref),
        Value::Error(error) => Err(*error),
        _ => Ok(Area::cell(context.here().0, context.here().1).rect),
    }
}

/// The number of a row; of several rows a column of their numbers.
fn row(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let rect = rect_of(args, context)?;
    if rect.rows() == 1 {
        return Ok((f64::from(rect.top.0) + 1.0).into());
    }
    context.spend(rect.rows().into())?;
    Ok(Array::column((rect.top.0..=rect.bottom.0).map(|row| (f64::from(row) + 1.0).into()).collect())?.into())
}

/// The number of a column; of several columns a row of their numbers.
fn column(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let rect = rect_of(args, context)?;
    if rect.cols() == 1 {
        return Ok((f64::from(rect.left.0) + 1.0).into());
    }
    context.spend(rect.cols().into())?;
    Ok(Array::row((rect.left.0..=rect.right.0).map(|col| (f64::from(col) + 1.0).into()).collect())?.into())
}

/// How many rows a reference or an array has.
fn rows(args: &Args<'_>) -> Result<Value> {
    size(args.value(0)).map(|(rows, _)| f64::from(rows).into())
}

/// How many columns a reference or an array has.
fn columns(args: &Args<'_>) -> Result<Value> {
    size(args.value(0)).map(|(_, cols)| f64::from(cols).into())
}

/// Rows and columns, without reading a cell.
fn size(value: &Value) -> Result<(u32, u32)> {
    match value {
        Value::Range(_, rect) => Ok((rect.rows(), rect.cols())),
        Value::Array(array) => Ok((array.rows(), array.cols())),
        Value::Error(error) => Err(*error),
        Value::Areas(_) => Err(CellError::Ref),
        // Nothing at all; an empty value may be the one cell that FILTER left, and has a size.
        Value::Lambda(_) | Value::Missing => Err(CellError::Value),
        _ => Ok((1, 1)),
    }
}

/// A cell's formula as text; `#N/A` where it holds none.
fn formulatext(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    each_cell(args.value(0), context, |sheet, cell| match context.formula_text(sheet, cell) {
        Some(formula) if formula.chars().count() <= MAX_FORMULA => formula.into(),
        _ => CellError::NA.into(),
    })
}
