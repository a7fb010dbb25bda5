//! The error function, and tests of equality and order.

use crate::{Args, Function, Param};
use values::{Result, Value, compare_numbers, equal_numbers};

const X: &[Param] = &[Param::strict_number("x")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "DELTA",
        &[Param::strict_number("number1"), Param::strict_number("number2").optional()],
        delta,
    ),
    Function::plain(
        "ERF",
        &[Param::strict_number("lower_limit"), Param::strict_number("upper_limit").optional()],
        erf,
    ),
    Function::plain("ERF.PRECISE", X, erf),
    Function::plain("ERFC", X, erfc),
    Function::plain("ERFC.PRECISE", X, erfc),
    Function::plain(
        "GESTEP",
        &[Param::strict_number("number"), Param::strict_number("step").optional()],
        gestep,
    ),
];

/// 1 where two numbers are equal.
fn delta(args: &Args<'_>) -> Result<Value> {
    Ok(f64::from(u8::from(equal_numbers(args.number(0), args.number(1)))).into())
}

/// The error function up to a limit, or between two.
fn erf(args: &Args<'_>) -> Result<Value> {
    let lower = args.number(0);
    if !args.given(1) {
        return Ok(libm::erf(lower).into());
    }
    let upper = args.number(1);
    // Far out on one side the complements say more.
    Ok(if lower > 0.5 && upper > 0.5 {
        libm::erfc(lower) - libm::erfc(upper)
    } else {
        libm::erf(upper) - libm::erf(lower)
    }
    .into())
}

/// The rest of the error function.
fn erfc(args: &Args<'_>) -> Result<Value> {
    Ok(libm::erfc(args.number(0)).into())
}

/// 1 where a number reaches a step.
fn gestep(args: &Args<'_>) -> Result<Value> {
    Ok(f64::from(u8::from(compare_numbers(args.number(0), args.number(1)).is_ge())).into())
}
