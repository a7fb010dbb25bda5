//! Rounding to decimal places, whole, even and odd numbers.

use crate::numeric::decimal::{self, Direction};
use crate::{Args, Function, Param};
use values::{Result, Value};

const NUMBER: Param = Param::number("number");
const DIGITS: Param = Param::number("num_digits");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("EVEN", &[NUMBER], even),
    Function::plain("INT", &[NUMBER], int),
    Function::plain("ODD", &[NUMBER], odd),
    Function::plain("ROUND", &[NUMBER, DIGITS], round),
    Function::plain("ROUNDDOWN", &[NUMBER, DIGITS], rounddown),
    Function::plain("ROUNDUP", &[NUMBER, DIGITS], roundup),
    Function::plain("TRUNC", &[NUMBER, DIGITS.optional()], rounddown),
];

/// Away from zero to the next even number.
fn even(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    Ok((decimal::round(number / 2.0, 0, Direction::AwayFromZero) * 2.0).into())
}

/// Down to a whole number.
fn int(args: &Args<'_>) -> Result<Value> {
    Ok(decimal::floor(args.number(0)).into())
}

/// Away from zero to the next odd number; 0 gives 1.
fn odd(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    let half = (number.abs() - 1.0).max(0.0) / 2.0;
    let odd = decimal::round(half, 0, Direction::AwayFromZero) * 2.0 + 1.0;
    Ok(if number < 0.0 { -odd } else { odd }.into())
}

/// To the nearest; half goes away from zero.
fn round(args: &Args<'_>) -> Result<Value> {
    Ok(decimal::round(args.number(0), args.integer(1), Direction::Nearest).into())
}

/// Toward zero; TRUNC takes no places where none are given.
fn rounddown(args: &Args<'_>) -> Result<Value> {
    Ok(decimal::round(args.number(0), args.integer(1), Direction::TowardZero).into())
}

/// Away from zero.
fn roundup(args: &Args<'_>) -> Result<Value> {
    Ok(decimal::round(args.number(0), args.integer(1), Direction::AwayFromZero).into())
}
