//! Rounding to multiples of a significance.

use crate::numeric::decimal::{self, Direction};
use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

const NUMBER: Param = Param::number("number");
const SIGNIFICANCE: Param = Param::number("significance");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("CEILING", &[NUMBER, SIGNIFICANCE], ceiling),
    Function::plain(
        "CEILING.MATH",
        &[NUMBER, SIGNIFICANCE.optional(), Param::number("mode").optional()],
        ceiling_math,
    ),
    Function::plain("CEILING.PRECISE", &[NUMBER, SIGNIFICANCE.optional()], ceiling_precise),
    Function::plain("FLOOR", &[NUMBER, SIGNIFICANCE], floor),
    Function::plain(
        "FLOOR.MATH",
        &[NUMBER, SIGNIFICANCE.optional(), Param::number("mode").optional()],
        floor_math,
    ),
    Function::plain("FLOOR.PRECISE", &[NUMBER, SIGNIFICANCE.optional()], floor_precise),
    Function::plain("ISO.CEILING", &[NUMBER, SIGNIFICANCE.optional()], ceiling_precise),
    Function::plain("MROUND", &[Param::strict_number("number"), Param::strict_number("multiple")], mround),
];

/// A multiple of `significance` from a rounded quotient; the quotient is judged on fifteen digits, so that
/// 0.3 is a multiple of 0.1.
fn multiple(number: f64, significance: f64, round: fn(f64) -> f64) -> Value {
    if number == 0.0 || significance == 0.0 {
        return 0.0.into();
    }
    (round(number / significance) * significance).into()
}

fn away_from_zero(quotient: f64) -> f64 {
    decimal::round(quotient, 0, Direction::AwayFromZero)
}

fn toward_zero(quotient: f64) -> f64 {
    decimal::round(quotient, 0, Direction::TowardZero)
}

/// Up to a multiple; away from zero where both are negative.
fn ceiling(args: &Args<'_>) -> Result<Value> {
    let (number, significance) = (args.number(0), args.number(1));
    if number > 0.0 && significance < 0.0 {
        return Err(CellError::Num);
    }
    Ok(multiple(number, significance, decimal::ceil))
}

/// Down to a multiple; toward zero where both are negative.
fn floor(args: &Args<'_>) -> Result<Value> {
    let (number, significance) = (args.number(0), args.number(1));
    if number > 0.0 && significance < 0.0 {
        return Err(CellError::Num);
    }
    if significance == 0.0 && number != 0.0 {
        return Err(CellError::Div0);
    }
    Ok(multiple(number, significance, decimal::floor))
}

/// Up to a multiple; with a mode, negative numbers go away from zero.
fn ceiling_math(args: &Args<'_>) -> Result<Value> {
    let (number, significance) = (args.number(0), args.number_if_given(1, 1.0).abs());
    let away = args.number(2) != 0.0;
    Ok(multiple(number, significance, if away { away_from_zero } else { decimal::ceil }))
}

/// Down to a multiple; with a mode, negative numbers go toward zero.
fn floor_math(args: &Args<'_>) -> Result<Value> {
    let (number, significance) = (args.number(0), args.number_if_given(1, 1.0).abs());
    let toward = args.number(2) != 0.0;
    Ok(multiple(number, significance, if toward { toward_zero } else { decimal::floor }))
}

/// Up to a multiple whatever the signs.
fn ceiling_precise(args: &Args<'_>) -> Result<Value> {
    Ok(multiple(args.number(0), args.number_if_given(1, 1.0).abs(), decimal::ceil))
}

/// Down to a multiple whatever the signs.
fn floor_precise(args: &Args<'_>) -> Result<Value> {
    Ok(multiple(args.number(0), args.number_if_given(1, 1.0).abs(), decimal::floor))
}

/// To the nearest multiple. The quotient is the plain binary one: Microsoft's page names 6.05 and 0.1, which
/// give 6.0, as a limit of the function.
fn mround(args: &Args<'_>) -> Result<Value> {
    let (number, significance) = (args.number(0), args.number(1));
    if number * significance < 0.0 {
        return Err(CellError::Num);
    }
    Ok(multiple(number, significance, |quotient| (quotient + 0.5).floor()))
}
