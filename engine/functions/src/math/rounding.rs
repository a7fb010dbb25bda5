//! Rounding to decimal places, whole, even and odd numbers.

use crate::numeric::decimal::{self, Direction};
use crate::{Function, Param, coerce};
use values::Result;

const NUMBER: Param = Param::number("number");
const DIGITS: Param = Param::number("num_digits");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::numeric("EVEN", &[NUMBER], even),
    Function::numeric("INT", &[NUMBER], int),
    Function::numeric("ODD", &[NUMBER], odd),
    Function::numeric("ROUND", &[NUMBER, DIGITS], round),
    Function::numeric("ROUNDDOWN", &[NUMBER, DIGITS], rounddown),
    Function::numeric("ROUNDUP", &[NUMBER, DIGITS], roundup),
    Function::numeric("TRUNC", &[NUMBER, DIGITS.optional()], rounddown),
];

/// Away from zero to the next even number.
fn even(args: &[f64]) -> Result<f64> {
    let number = args[0];
    Ok(decimal::round(number / 2.0, 0, Direction::AwayFromZero) * 2.0)
}

/// Down to a whole number.
fn int(args: &[f64]) -> Result<f64> {
    Ok(decimal::floor(args[0]))
}

/// Away from zero to the next odd number; 0 gives 1.
fn odd(args: &[f64]) -> Result<f64> {
    let number = args[0];
    let half = (number.abs() - 1.0).max(0.0) / 2.0;
    let odd = decimal::round(half, 0, Direction::AwayFromZero) * 2.0 + 1.0;
    Ok(if number < 0.0 { -odd } else { odd })
}

/// To the nearest; half goes away from zero.
fn round(args: &[f64]) -> Result<f64> {
    Ok(decimal::round(args[0], coerce::truncate(args[1]), Direction::Nearest))
}

/// Toward zero; TRUNC takes no places where none are given.
fn rounddown(args: &[f64]) -> Result<f64> {
    Ok(decimal::round(args[0], coerce::truncate(args[1]), Direction::TowardZero))
}

/// Away from zero.
fn roundup(args: &[f64]) -> Result<f64> {
    Ok(decimal::round(args[0], coerce::truncate(args[1]), Direction::AwayFromZero))
}
