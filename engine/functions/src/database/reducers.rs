//! The reducers. Each takes the list, the field and the criteria.

use super::table::Table;
use crate::numeric::sample;
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const PARAMS: &[Param] =
    &[Param::reference("database"), Param::scalar("field"), Param::reference("criteria")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("DAVERAGE", PARAMS, daverage),
    Function::context("DCOUNT", PARAMS, dcount),
    Function::context("DCOUNTA", PARAMS, dcounta),
    Function::context("DGET", PARAMS, dget),
    Function::context("DMAX", PARAMS, dmax),
    Function::context("DMIN", PARAMS, dmin),
    Function::context("DPRODUCT", PARAMS, dproduct),
    Function::context("DSTDEV", PARAMS, dstdev),
    Function::context("DSTDEVP", PARAMS, dstdevp),
    Function::context("DSUM", PARAMS, dsum),
    Function::context("DVAR", PARAMS, dvar),
    Function::context("DVARP", PARAMS, dvarp),
];

/// The numbers of the field in the records that count.
fn numbers(args: &Args<'_>, context: &dyn Context) -> Result<Vec<f64>> {
    let table = Table::new(args.value(0), args.value(2), context)?;
    let field = table.field(args.value(1))?.ok_or(CellError::Value)?;
    let mut numbers = Vec::new();
    table.for_each(Some(field), &mut |value| match value {
        Value::Number(number) => {
            numbers.push(*number);
            Ok(())
        }
        Value::Error(error) => Err(*error),
        _ => Ok(()),
    })?;
    Ok(numbers)
}

/// How many records count, of those where the field holds what `counts` says; of all without a field.
fn tally(args: &Args<'_>, context: &dyn Context, counts: fn(&Value) -> bool) -> Result<Value> {
    let table = Table::new(args.value(0), args.value(2), context)?;
    let field = table.field(args.value(1))?;
    let mut count = 0.0;
    table.for_each(field, &mut |value| {
        if field.is_none() || counts(value) {
            count += 1.0;
        }
        Ok(())
    })?;
    Ok(count.into())
}

/// The mean of the field.
fn daverage(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::mean(&numbers(args, context)?).map(Value::from)
}

/// How many numbers the field holds; without a field, how many records count.
fn dcount(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    tally(args, context, |value| matches!(value, Value::Number(_)))
}

/// How many values the field holds; without a field, how many records count.
fn dcounta(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    tally(args, context, |value| !matches!(value, Value::Empty))
}

/// The field of the one record that counts and has something in it; `#VALUE!` of none, `#NUM!` of several.
fn dget(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let table = Table::new(args.value(0), args.value(2), context)?;
    let field = table.field(args.value(1))?.ok_or(CellError::Value)?;
    let mut found: Vec<Value> = Vec::new();
    table.for_each(Some(field), &mut |value| {
        if matches!(value, Value::Empty) || matches!(value, Value::Text(text) if text.is_empty()) {
            return Ok(());
        }
        found.push(value.clone());
        if found.len() > 1 { Err(CellError::Num) } else { Ok(()) }
    })?;
    found.pop().ok_or(CellError::Value)
}

/// The largest number of the field; 0 of none.
fn dmax(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(numbers(args, context)?.into_iter().reduce(f64::max).unwrap_or(0.0).into())
}

/// The smallest number of the field; 0 of none.
fn dmin(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(numbers(args, context)?.into_iter().reduce(f64::min).unwrap_or(0.0).into())
}

/// The product of the field's numbers; 0 of none.
fn dproduct(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(numbers(args, context)?.into_iter().reduce(|product, number| product * number).unwrap_or(0.0).into())
}

/// The standard deviation estimated from the field.
fn dstdev(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_s(&numbers(args, context)?).map(|variance| variance.sqrt().into())
}

/// The standard deviation of the field.
fn dstdevp(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_p(&numbers(args, context)?).map(|variance| variance.sqrt().into())
}

/// The sum of the field.
fn dsum(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(sample::sum(&numbers(args, context)?).into())
}

/// The variance estimated from the field.
fn dvar(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_s(&numbers(args, context)?).map(Value::from)
}

/// The variance of the field.
fn dvarp(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_p(&numbers(args, context)?).map(Value::from)
}
