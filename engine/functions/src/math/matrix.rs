//! Matrix products, inverses and determinants.

use crate::call::MAX_ARRAY;
use crate::numeric::linear::Matrix;
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("MDETERM", &[Param::array("array")], mdeterm),
    Function::context("MINVERSE", &[Param::array("array")], minverse),
    Function::context("MMULT", &[Param::array("array1"), Param::array("array2")], mmult),
    Function::context("MUNIT", &[Param::number("dimension")], munit).giving_array(),
];

fn square(value: &Value, context: &dyn Context) -> Result<Matrix> {
    let matrix = Matrix::read(value, context)?;
    if matrix.rows() != matrix.cols() {
        return Err(CellError::Value);
    }
    let side = matrix.rows() as u64;
    context.spend(side * side * side)?;
    Ok(matrix)
}

fn array(matrix: &Matrix) -> Result<Value> {
    let values = matrix.numbers().iter().map(|number| Value::number(*number)).collect();
    let (rows, cols) = (matrix.rows() as u32, matrix.cols() as u32);
    Array::new(rows, cols, values).map(Value::from)
}

/// The determinant of a square matrix.
fn mdeterm(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(square(args.value(0), context)?.determinant().into())
}

/// The inverse of a square matrix; `#NUM!` where it has none.
fn minverse(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    array(&square(args.value(0), context)?.inverse().ok_or(CellError::Num)?)
}

/// The product of two matrices.
fn mmult(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (a, b) = (Matrix::read(args.value(0), context)?, Matrix::read(args.value(1), context)?);
    let places = a.rows() as u64 * b.cols() as u64;
    if a.cols() != b.rows() || places > MAX_ARRAY {
        return Err(CellError::Value);
    }
    context.spend(places.saturating_mul(a.cols() as u64))?;
    array(&a.times(&b))
}

/// The unit matrix.
fn munit(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let side = args.number(0).trunc();
    if side < 1.0 || side * side > MAX_ARRAY as f64 {
        return Err(CellError::Value);
    }
    let side = side as u32;
    let places = u64::from(side) * u64::from(side);
    context.spend(places)?;
    let on_diagonal = |place: u64| place.is_multiple_of(u64::from(side) + 1);
    let values = (0..places).map(|place| Value::from(f64::from(u8::from(on_diagonal(place))))).collect();
    Array::new(side, side, values).map(Value::from)
}
