//! Random numbers and sequences.

use crate::call::MAX_ARRAY;
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, MAX_COLS, MAX_ROWS, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("RAND", &[], rand).volatile(),
    Function::context(
        "RANDARRAY",
        &[
            Param::number("rows").optional(),
            Param::number("columns").optional(),
            Param::number("min").optional(),
            Param::number("max").optional(),
            Param::bool("whole_number").optional(),
        ],
        randarray,
    )
    .volatile()
    .giving_array(),
    Function::context(
        "RANDBETWEEN",
        &[Param::strict_number("bottom"), Param::strict_number("top")],
        randbetween,
    )
    .volatile(),
    Function::context(
        "SEQUENCE",
        &[
            Param::number("rows"),
            Param::number("columns").optional(),
            Param::number("start").optional(),
            Param::number("step").optional(),
        ],
        sequence,
    )
    .giving_array(),
];

/// A random number, 0 ≤ x < 1.
fn rand(_: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(context.random().into())
}

/// A random whole number, both bounds included.
fn randbetween(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (bottom, top) = (args.number(0).ceil(), args.number(1).floor());
    if bottom > top { Err(CellError::Num) } else { Ok(whole_between(bottom, top, context).into()) }
}

fn whole_between(bottom: f64, top: f64, context: &dyn Context) -> f64 {
    // The product may round up to the width itself.
    (bottom + (context.random() * (top - bottom + 1.0)).floor()).min(top)
}

/// Rows and columns of an array to be made, 1 each where not given.
fn size(args: &Args<'_>, context: &dyn Context) -> Result<(u32, u32)> {
    let (rows, cols) = (args.number_if_given(0, 1.0).trunc(), args.number_if_given(1, 1.0).trunc());
    if rows < 0.0 || cols < 0.0 || rows > f64::from(MAX_ROWS) || cols > f64::from(MAX_COLS) {
        return Err(CellError::Value);
    }
    let places = rows * cols;
    if places < 1.0 || places > MAX_ARRAY as f64 {
        return Err(CellError::Calc);
    }
    context.spend(places as u64)?;
    Ok((rows as u32, cols as u32))
}

/// An array of random numbers, whole ones if so wished.
fn randarray(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (rows, cols) = size(args, context)?;
    let (min, max) = (args.number_if_given(2, 0.0), args.number_if_given(3, 1.0));
    let whole = args.bool(4);
    if min > max || (whole && (min.fract() != 0.0 || max.fract() != 0.0)) {
        return Err(CellError::Value);
    }
    let next = || {
        Value::number(if whole {
            whole_between(min, max, context)
        } else {
            min + context.random() * (max - min)
        })
    };
    let numbers = (0..u64::from(rows) * u64::from(cols)).map(|_| next()).collect();
    Array::new(rows, cols, numbers).map(Value::from)
}

/// Numbers in equal steps, row by row.
fn sequence(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (rows, cols) = size(args, context)?;
    let (start, step) = (args.number_if_given(2, 1.0), args.number_if_given(3, 1.0));
    let places = u64::from(rows) * u64::from(cols);
    let numbers = (0..places).map(|place| Value::number(start + place as f64 * step)).collect();
    Array::new(rows, cols, numbers).map(Value::from)
}
