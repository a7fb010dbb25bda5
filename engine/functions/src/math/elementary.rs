//! Powers, roots, logarithms, signs and remainders.

use crate::numeric::{self, decimal};
use crate::{Args, Function, Param};
use values::{CellError, Result, Value, subtract};

const NUMBER: Param = Param::number("number");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::numeric("ABS", &[NUMBER], abs),
    Function::plain("EXP", &[NUMBER], exp),
    Function::plain("LN", &[NUMBER], ln),
    Function::plain("LOG", &[NUMBER, Param::number("base").optional()], log),
    Function::plain("LOG10", &[NUMBER], log10),
    Function::numeric("MOD", &[NUMBER, Param::number("divisor")], modulo),
    Function::plain("PI", &[], pi),
    Function::plain("POWER", &[NUMBER, Param::number("power")], power),
    Function::plain(
        "QUOTIENT",
        &[Param::strict_number("numerator"), Param::strict_number("denominator")],
        quotient,
    ),
    Function::numeric("SIGN", &[NUMBER], sign),
    Function::numeric("SQRT", &[NUMBER], sqrt),
    Function::plain("SQRTPI", &[Param::strict_number("number")], sqrtpi),
];

/// The quotient from which on MOD gives `#NUM!`. Source: Microsoft's page on XL: MOD() returns #NUM!, as
/// raised with Excel 2010.
const MOD_LIMIT: f64 = 1_125_900_000_000.0;

/// The number without its sign.
fn abs(args: &[f64]) -> Result<f64> {
    Ok(args[0].abs())
}

/// e to the power of the number.
fn exp(args: &Args<'_>) -> Result<Value> {
    Ok(libm::exp(args.number(0)).into())
}

/// The natural logarithm.
fn ln(args: &Args<'_>) -> Result<Value> {
    Ok(libm::log(positive(args.number(0))?).into())
}

/// The logarithm to a base, 10 where none is written.
fn log(args: &Args<'_>) -> Result<Value> {
    let number = positive(args.number(0))?;
    if !args.written(1) {
        return Ok(libm::log10(number).into());
    }
    let base = positive(args.number(1))?;
    if base == 1.0 {
        return Err(CellError::Div0);
    }
    if base == 10.0 {
        return Ok(libm::log10(number).into());
    }
    Ok((libm::log(number) / libm::log(base)).into())
}

/// The logarithm to base 10.
fn log10(args: &Args<'_>) -> Result<Value> {
    Ok(libm::log10(positive(args.number(0))?).into())
}

fn positive(number: f64) -> Result<f64> {
    if number > 0.0 { Ok(number) } else { Err(CellError::Num) }
}

/// The remainder with the divisor's sign: n − d × INT(n ÷ d).
fn modulo(args: &[f64]) -> Result<f64> {
    let (number, divisor) = (args[0], args[1]);
    if divisor == 0.0 {
        return Err(CellError::Div0);
    }
    let quotient = number / divisor;
    if !quotient.is_finite() || quotient.abs() >= MOD_LIMIT {
        return Err(CellError::Num);
    }
    Ok(subtract(number, divisor * decimal::floor(quotient)))
}

/// π
fn pi(_: &Args<'_>) -> Result<Value> {
    Ok(std::f64::consts::PI.into())
}

/// The number raised to a power, as the operator `^` has it.
fn power(args: &Args<'_>) -> Result<Value> {
    numeric::power(args.number(0), args.number(1)).map(Value::from)
}

/// The whole part of a quotient.
fn quotient(args: &Args<'_>) -> Result<Value> {
    let (numerator, denominator) = (args.number(0), args.number(1));
    if denominator == 0.0 {
        return Err(CellError::Div0);
    }
    Ok(decimal::round(numerator / denominator, 0, decimal::Direction::TowardZero).into())
}

/// 1, 0 or −1.
fn sign(args: &[f64]) -> Result<f64> {
    let number = args[0];
    Ok(if number == 0.0 { 0.0 } else { number.signum() })
}

/// The positive square root.
fn sqrt(args: &[f64]) -> Result<f64> {
    let number = args[0];
    if number < 0.0 { Err(CellError::Num) } else { Ok(number.sqrt()) }
}

/// The square root of number × π.
fn sqrtpi(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    if number < 0.0 { Err(CellError::Num) } else { Ok((number * std::f64::consts::PI).sqrt().into()) }
}
