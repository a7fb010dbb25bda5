//! The normal and the lognormal distribution, and Fisher's transformation.

use crate::numeric::normal;
use crate::{Args, Function, Param};
use std::f64::consts::FRAC_1_SQRT_2;
use values::{CellError, Result, Value};

const X: Param = Param::number("x");
const Z: Param = Param::number("z");
const MEAN: Param = Param::number("mean");
const DEVIATION: Param = Param::number("standard_dev");
const CUMULATIVE: Param = Param::bool("cumulative");
const PROBABILITY: Param = Param::number("probability");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("FISHER", &[X], fisher),
    Function::plain("FISHERINV", &[Param::number("y")], fisherinv),
    Function::plain("GAUSS", &[Z], gauss),
    Function::plain("LOGINV", &[PROBABILITY, MEAN, DEVIATION], lognorm_inv),
    Function::plain("LOGNORM.DIST", &[X, MEAN, DEVIATION, CUMULATIVE], lognorm_dist),
    Function::plain("LOGNORM.INV", &[PROBABILITY, MEAN, DEVIATION], lognorm_inv),
    Function::plain("LOGNORMDIST", &[X, MEAN, DEVIATION], lognormdist),
    Function::plain("NORM.DIST", &[X, MEAN, DEVIATION, CUMULATIVE], norm_dist),
    Function::plain("NORM.INV", &[PROBABILITY, MEAN, DEVIATION], norm_inv),
    Function::plain("NORM.S.DIST", &[Z, CUMULATIVE], norm_s_dist),
    Function::plain("NORM.S.INV", &[PROBABILITY], norm_s_inv),
    Function::plain("NORMDIST", &[X, MEAN, DEVIATION, CUMULATIVE], norm_dist),
    Function::plain("NORMINV", &[PROBABILITY, MEAN, DEVIATION], norm_inv),
    Function::plain("NORMSDIST", &[Z], normsdist),
    Function::plain("NORMSINV", &[PROBABILITY], norm_s_inv),
    Function::plain("PHI", &[X], phi),
];

/// Fisher's transformation of a correlation.
fn fisher(args: &Args<'_>) -> Result<Value> {
    let x = args.number(0);
    if x.abs() >= 1.0 { Err(CellError::Num) } else { Ok(libm::atanh(x).into()) }
}

/// A correlation from its transformation.
fn fisherinv(args: &Args<'_>) -> Result<Value> {
    Ok(libm::tanh(args.number(0)).into())
}

/// The part of the standard normal distribution between its mean and z.
fn gauss(args: &Args<'_>) -> Result<Value> {
    Ok((0.5 * libm::erf(args.number(0) * FRAC_1_SQRT_2)).into())
}

/// The density of the standard normal distribution.
fn phi(args: &Args<'_>) -> Result<Value> {
    Ok(normal::density(args.number(0)).into())
}

/// A positive standard deviation.
fn deviation(number: f64) -> Result<f64> {
    if number > 0.0 { Ok(number) } else { Err(CellError::Num) }
}

fn inverse(p: f64) -> Result<f64> {
    if p > 0.0 && p < 1.0 { Ok(normal::inverse(p)) } else { Err(CellError::Num) }
}

/// The normal distribution or its density.
fn norm_dist(args: &Args<'_>) -> Result<Value> {
    let deviation = deviation(args.number(2))?;
    let z = (args.number(0) - args.number(1)) / deviation;
    Ok(if args.bool(3) { normal::lower(z) } else { normal::density(z) / deviation }.into())
}

/// Where the normal distribution reaches a probability.
fn norm_inv(args: &Args<'_>) -> Result<Value> {
    let deviation = deviation(args.number(2))?;
    Ok((args.number(1) + deviation * inverse(args.number(0))?).into())
}

/// The standard normal distribution or its density.
fn norm_s_dist(args: &Args<'_>) -> Result<Value> {
    let z = args.number(0);
    Ok(if args.bool(1) { normal::lower(z) } else { normal::density(z) }.into())
}

/// Where the standard normal distribution reaches a probability.
fn norm_s_inv(args: &Args<'_>) -> Result<Value> {
    inverse(args.number(0)).map(Value::from)
}

/// The standard normal distribution.
fn normsdist(args: &Args<'_>) -> Result<Value> {
    Ok(normal::lower(args.number(0)).into())
}

/// The logarithm of x in standard deviations from its mean.
fn log_z(args: &Args<'_>) -> Result<f64> {
    let x = args.number(0);
    let deviation = deviation(args.number(2))?;
    if x <= 0.0 { Err(CellError::Num) } else { Ok((libm::log(x) - args.number(1)) / deviation) }
}

/// The lognormal distribution or its density.
fn lognorm_dist(args: &Args<'_>) -> Result<Value> {
    let z = log_z(args)?;
    let density = || normal::density(z) / (args.number(0) * args.number(2));
    Ok(if args.bool(3) { normal::lower(z) } else { density() }.into())
}

/// The lognormal distribution.
fn lognormdist(args: &Args<'_>) -> Result<Value> {
    log_z(args).map(|z| normal::lower(z).into())
}

/// Where the lognormal distribution reaches a probability.
fn lognorm_inv(args: &Args<'_>) -> Result<Value> {
    let deviation = deviation(args.number(2))?;
    Ok(libm::exp(args.number(1) + deviation * inverse(args.number(0))?).into())
}
