//! Ranks, percentiles and quartiles.

use crate::numeric::decimal::{self, Direction};
use crate::numeric::{numbers_of, sample};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const ARRAY: Param = Param::values("array");
const ARRAY_K: &[Param] = &[ARRAY, Param::number("k")];
const ARRAY_QUART: &[Param] = &[ARRAY, Param::number("quart")];
const PERCENTRANK: &[Param] = &[ARRAY, Param::number("x"), Param::number("significance").optional()];
const RANK: &[Param] = &[Param::number("number"), Param::reference("ref"), Param::number("order").optional()];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("PERCENTILE", ARRAY_K, percentile_inc),
    Function::context("PERCENTILE.EXC", ARRAY_K, percentile_exc),
    Function::context("PERCENTILE.INC", ARRAY_K, percentile_inc),
    Function::context("PERCENTRANK", PERCENTRANK, percentrank_inc),
    Function::context("PERCENTRANK.EXC", PERCENTRANK, percentrank_exc),
    Function::context("PERCENTRANK.INC", PERCENTRANK, percentrank_inc),
    Function::context("QUARTILE", ARRAY_QUART, quartile_inc),
    Function::context("QUARTILE.EXC", ARRAY_QUART, quartile_exc),
    Function::context("QUARTILE.INC", ARRAY_QUART, quartile_inc),
    Function::context("RANK", RANK, rank_eq),
    Function::context("RANK.AVG", RANK, rank_avg),
    Function::context("RANK.EQ", RANK, rank_eq),
];

fn sorted(args: &Args<'_>, context: &dyn Context) -> Result<Vec<f64>> {
    Ok(sample::sorted(numbers_of(args, 0, context)?))
}

/// The number below which a part of all lies, both ends included.
fn percentile_inc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::percentile_inc(&sorted(args, context)?, args.number(1)).map(Value::from)
}

/// The number below which a part of all lies, both ends excluded.
fn percentile_exc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::percentile_exc(&sorted(args, context)?, args.number(1)).map(Value::from)
}

/// A quartile, both ends included.
fn quartile_inc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::percentile_inc(&sorted(args, context)?, sample::quarter(args.number(1))?).map(Value::from)
}

/// A quartile, both ends excluded.
fn quartile_exc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::percentile_exc(&sorted(args, context)?, sample::quarter(args.number(1))?).map(Value::from)
}

/// The place of x among the numbers, counted from 0 and with a part where it lies between two.
fn place(sorted: &[f64], x: f64) -> Result<f64> {
    let below = sorted.partition_point(|number| *number < x);
    let above = *sorted.get(below).ok_or(CellError::NA)?;
    if above == x {
        return Ok(below as f64);
    }
    let lower = *below.checked_sub(1).and_then(|at| sorted.get(at)).ok_or(CellError::NA)?;
    Ok((below - 1) as f64 + (x - lower) / (above - lower))
}

fn percentrank(args: &Args<'_>, context: &dyn Context, part: fn(f64, f64) -> f64) -> Result<Value> {
    let numbers = sorted(args, context)?;
    let digits = args.number_if_given(2, 3.0).trunc();
    if numbers.is_empty() || digits < 1.0 {
        return Err(CellError::Num);
    }
    let part = part(place(&numbers, args.number(1))?, numbers.len() as f64);
    // The digits beyond are cut, not rounded.
    Ok(decimal::round(part, digits as i64, Direction::TowardZero).into())
}

/// The part of the numbers below x, both ends included.
fn percentrank_inc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    percentrank(args, context, |place, count| if count > 1.0 { place / (count - 1.0) } else { 1.0 })
}

/// The part of the numbers below x, both ends excluded.
fn percentrank_exc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    percentrank(args, context, |place, count| (place + 1.0) / (count + 1.0))
}

/// How many numbers come before, and how many are equal; `#N/A` where none is.
fn rank(args: &Args<'_>, context: &dyn Context) -> Result<(f64, f64)> {
    let (number, ascending) = (args.number(0), args.number(2) != 0.0);
    let (mut before, mut equal) = (0.0, 0.0);
    for other in numbers_of(args, 1, context)? {
        if other == number {
            equal += 1.0;
        } else if (other < number) == ascending {
            before += 1.0;
        }
    }
    if equal == 0.0 { Err(CellError::NA) } else { Ok((before, equal)) }
}

/// The rank of a number, the best one for equals.
fn rank_eq(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    rank(args, context).map(|(before, _)| (before + 1.0).into())
}

/// The rank of a number, the mean one for equals.
fn rank_avg(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    rank(args, context).map(|(before, equal)| (before + (equal + 1.0) / 2.0).into())
}
