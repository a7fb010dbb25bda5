//! Circular and hyperbolic functions and their inverses.
//!
//! Excel gives `#NUM!` for angles of 2^27 and more, where its argument reduction ends. Microsoft's pages on COTH,
//! CSCH and SECH, which came with the same release as COT, CSC and SEC, name the same bound.

use crate::{Args, Function, Param};
use std::f64::consts::{FRAC_PI_2, PI};
use values::{CellError, Result, Value};

const NUMBER: Param = Param::number("number");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("ACOS", &[NUMBER], acos),
    Function::plain("ACOSH", &[NUMBER], acosh),
    Function::plain("ACOT", &[NUMBER], acot),
    Function::plain("ACOTH", &[NUMBER], acoth),
    Function::plain("ASIN", &[NUMBER], asin),
    Function::plain("ASINH", &[NUMBER], asinh),
    Function::plain("ATAN", &[NUMBER], atan),
    Function::plain("ATAN2", &[Param::number("x_num"), Param::number("y_num")], atan2),
    Function::plain("ATANH", &[NUMBER], atanh),
    Function::plain("COS", &[NUMBER], cos),
    Function::plain("COSH", &[NUMBER], cosh),
    Function::plain("COT", &[NUMBER], cot),
    Function::plain("COTH", &[NUMBER], coth),
    Function::plain("CSC", &[NUMBER], csc),
    Function::plain("CSCH", &[NUMBER], csch),
    Function::plain("DEGREES", &[Param::number("angle")], degrees),
    Function::plain("RADIANS", &[Param::number("angle")], radians),
    Function::plain("SEC", &[NUMBER], sec),
    Function::plain("SECH", &[NUMBER], sech),
    Function::plain("SIN", &[NUMBER], sin),
    Function::plain("SINH", &[NUMBER], sinh),
    Function::plain("TAN", &[NUMBER], tan),
    Function::plain("TANH", &[NUMBER], tanh),
];

const ANGLE_LIMIT: f64 = 134_217_728.0;

fn angle(args: &Args<'_>) -> Result<f64> {
    let angle = args.number(0);
    if angle.abs() < ANGLE_LIMIT { Ok(angle) } else { Err(CellError::Num) }
}

/// One through a function's value; `#DIV/0!` where that is 0.
fn reciprocal(number: f64) -> Result<Value> {
    if number == 0.0 { Err(CellError::Div0) } else { Ok((1.0 / number).into()) }
}

fn unit(number: f64) -> Result<f64> {
    if number.abs() <= 1.0 { Ok(number) } else { Err(CellError::Num) }
}

/// The angle of a cosine, 0 to π.
fn acos(args: &Args<'_>) -> Result<Value> {
    Ok(libm::acos(unit(args.number(0))?).into())
}

/// The inverse hyperbolic cosine of a number from 1 on.
fn acosh(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    if number < 1.0 { Err(CellError::Num) } else { Ok(libm::acosh(number).into()) }
}

/// The angle of a cotangent, 0 to π.
fn acot(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    let angle = match number {
        0.0 => FRAC_PI_2,
        number if number < 0.0 => PI + libm::atan(1.0 / number),
        number => libm::atan(1.0 / number),
    };
    Ok(angle.into())
}

/// The inverse hyperbolic cotangent of a number beyond ±1.
fn acoth(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    if number.abs() <= 1.0 { Err(CellError::Num) } else { Ok(libm::atanh(1.0 / number).into()) }
}

/// The angle of a sine, −π/2 to π/2.
fn asin(args: &Args<'_>) -> Result<Value> {
    Ok(libm::asin(unit(args.number(0))?).into())
}

/// The inverse hyperbolic sine.
fn asinh(args: &Args<'_>) -> Result<Value> {
    Ok(libm::asinh(args.number(0)).into())
}

/// The angle of a tangent, −π/2 to π/2.
fn atan(args: &Args<'_>) -> Result<Value> {
    Ok(libm::atan(args.number(0)).into())
}

/// The angle of a point, x first, −π to π.
fn atan2(args: &Args<'_>) -> Result<Value> {
    let (x, y) = (args.number(0), args.number(1));
    if x == 0.0 && y == 0.0 { Err(CellError::Div0) } else { Ok(libm::atan2(y, x).into()) }
}

/// The inverse hyperbolic tangent of a number within ±1.
fn atanh(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    if number.abs() >= 1.0 { Err(CellError::Num) } else { Ok(libm::atanh(number).into()) }
}

/// The cosine.
fn cos(args: &Args<'_>) -> Result<Value> {
    Ok(libm::cos(angle(args)?).into())
}

/// The hyperbolic cosine.
fn cosh(args: &Args<'_>) -> Result<Value> {
    Ok(libm::cosh(args.number(0)).into())
}

/// The cotangent.
fn cot(args: &Args<'_>) -> Result<Value> {
    reciprocal(libm::tan(angle(args)?))
}

/// The hyperbolic cotangent.
fn coth(args: &Args<'_>) -> Result<Value> {
    reciprocal(libm::tanh(angle(args)?))
}

/// The cosecant.
fn csc(args: &Args<'_>) -> Result<Value> {
    reciprocal(libm::sin(angle(args)?))
}

/// The hyperbolic cosecant; 0 where the sine overflows.
fn csch(args: &Args<'_>) -> Result<Value> {
    reciprocal(libm::sinh(angle(args)?))
}

/// Radians to degrees.
fn degrees(args: &Args<'_>) -> Result<Value> {
    Ok((args.number(0) / PI * 180.0).into())
}

/// Degrees to radians.
fn radians(args: &Args<'_>) -> Result<Value> {
    Ok((args.number(0) / 180.0 * PI).into())
}

/// The secant.
fn sec(args: &Args<'_>) -> Result<Value> {
    reciprocal(libm::cos(angle(args)?))
}

/// The hyperbolic secant; 0 where the cosine overflows.
fn sech(args: &Args<'_>) -> Result<Value> {
    reciprocal(libm::cosh(angle(args)?))
}

/// The sine.
fn sin(args: &Args<'_>) -> Result<Value> {
    Ok(libm::sin(angle(args)?).into())
}

/// The hyperbolic sine.
fn sinh(args: &Args<'_>) -> Result<Value> {
    Ok(libm::sinh(args.number(0)).into())
}

/// The tangent.
fn tan(args: &Args<'_>) -> Result<Value> {
    Ok(libm::tan(angle(args)?).into())
}

/// The hyperbolic tangent.
fn tanh(args: &Args<'_>) -> Result<Value> {
    Ok(libm::tanh(args.number(0)).into())
}
