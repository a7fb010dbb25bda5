//! Counting cells.

use crate::matching::Conditions;
use crate::{Args, Context, Function, Param, to_number};
use values::{Area, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("COUNT", &[Param::values("value")], count).repeating(1),
    Function::context("COUNTA", &[Param::values("value")], counta).repeating(1),
    Function::context("COUNTBLANK", &[Param::reference("range")], countblank),
    Function::context("COUNTIF", &[Param::reference("range"), Param::any("criteria")], countifs),
    Function::context("COUNTIFS", &[Param::reference("criteria_range"), Param::any("criteria")], countifs)
        .repeating(2),
];

/// Counts what `counts` says of cells, what `in_array` says of arrays, and what `scalar` says of values written as
/// arguments.
fn tally(
    args: &[Value],
    context: &dyn Context,
    counts: fn(&Value) -> bool,
    in_array: fn(&Value) -> bool,
    scalar: &dyn Fn(&Value) -> bool,
) -> Result<Value> {
    let mut total = 0u64;
    let mut of_area = |area: Area| {
        context.view(area)?.try_for_each(|_, _, value| {
            total += u64::from(counts(value));
            Ok(())
        })
    };
    let mut others = 0u64;
    for arg in args {
        match arg {
            Value::Range(sheet, rect) => of_area(Area { sheet: *sheet, rect: *rect })?,
            Value::Areas(areas) => areas.iter().try_for_each(|area| of_area(*area))?,
            Value::Array(array) => others += array.iter().filter(|value| in_array(value)).count() as u64,
            value => others += u64::from(scalar(value)),
        }
    }
    Ok(((total + others) as f64).into())
}

/// How many numbers; a written argument counts too where it can be read as one.
fn count(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let reading = context.reading();
    let scalar = |value: &Value| to_number(value, &reading).is_ok();
    let is_number: fn(&Value) -> bool = |value| matches!(value, Value::Number(_));
    tally(args.from(0), context, is_number, is_number, &scalar)
}

/// How many values of any kind, empty text and errors too. In an array nothing is a value like any other: UNIQUE of
/// cells of which some are empty gives one more than their values.
fn counta(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    tally(args.from(0), context, |value| !matches!(value, Value::Empty), |_| true, &|_| true)
}

/// How many cells are empty or show nothing.
fn countblank(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let Value::Range(sheet, rect) = args.value(0) else { return Err(CellError::Value) };
    let mut filled = 0u64;
    context.view(Area { sheet: *sheet, rect: *rect })?.try_for_each(|_, _, value| {
        filled += u64::from(!matches!(value, Value::Text(text) if text.is_empty()));
        Ok::<(), CellError>(())
    })?;
    Ok(((rect.count() - filled) as f64).into())
}

/// How many places meet all criteria.
fn countifs(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok((Conditions::new(args.from(0), context)?.count()? as f64).into())
}
