//! The gamma function and the distributions built on it: gamma, chi-squared, Poisson, exponential, Weibull.

use crate::numeric::gamma;
use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

const X: Param = Param::number("x");
const ALPHA: Param = Param::number("alpha");
const BETA: Param = Param::number("beta");
const FREEDOM: Param = Param::number("deg_freedom");
const CUMULATIVE: Param = Param::bool("cumulative");
const PROBABILITY: Param = Param::number("probability");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("CHIDIST", &[X, FREEDOM], chisq_dist_rt),
    Function::plain("CHIINV", &[PROBABILITY, FREEDOM], chisq_inv_rt),
    Function::plain("CHISQ.DIST", &[X, FREEDOM, CUMULATIVE], chisq_dist),
    Function::plain("CHISQ.DIST.RT", &[X, FREEDOM], chisq_dist_rt),
    Function::plain("CHISQ.INV", &[PROBABILITY, FREEDOM], chisq_inv),
    Function::plain("CHISQ.INV.RT", &[PROBABILITY, FREEDOM], chisq_inv_rt),
    Function::plain("EXPON.DIST", &[X, Param::number("lambda"), CUMULATIVE], expon_dist),
    Function::plain("EXPONDIST", &[X, Param::number("lambda"), CUMULATIVE], expon_dist),
    Function::plain("GAMMA", &[X], gamma_function),
    Function::plain("GAMMA.DIST", &[X, ALPHA, BETA, CUMULATIVE], gamma_dist),
    Function::plain("GAMMA.INV", &[PROBABILITY, ALPHA, BETA], gamma_inv),
    Function::plain("GAMMADIST", &[X, ALPHA, BETA, CUMULATIVE], gamma_dist),
    Function::plain("GAMMAINV", &[PROBABILITY, ALPHA, BETA], gamma_inv),
    Function::plain("GAMMALN", &[X], gammaln),
    Function::plain("GAMMALN.PRECISE", &[X], gammaln),
    Function::plain("POISSON", &[X, Param::number("mean"), CUMULATIVE], poisson_dist),
    Function::plain("POISSON.DIST", &[X, Param::number("mean"), CUMULATIVE], poisson_dist),
    Function::plain("WEIBULL", &[X, ALPHA, BETA, CUMULATIVE], weibull_dist),
    Function::plain("WEIBULL.DIST", &[X, ALPHA, BETA, CUMULATIVE], weibull_dist),
];

/// The gamma function; `#NUM!` at 0 and the negative whole numbers.
fn gamma_function(args: &Args<'_>) -> Result<Value> {
    let x = args.number(0);
    if x <= 0.0 && x == x.floor() { Err(CellError::Num) } else { Ok(libm::tgamma(x).into()) }
}

/// The logarithm of the gamma function.
fn gammaln(args: &Args<'_>) -> Result<Value> {
    let x = args.number(0);
    if x <= 0.0 { Err(CellError::Num) } else { Ok(libm::lgamma(x).into()) }
}

fn density(shape: f64, x: f64) -> Result<f64> {
    if x > 0.0 {
        return Ok(gamma::density(shape, x));
    }
    // At 0 the density is infinite, 1 or 0.
    if shape < 1.0 { Err(CellError::Num) } else { Ok(f64::from(u8::from(shape == 1.0))) }
}

/// The gamma distribution or its density.
fn gamma_dist(args: &Args<'_>) -> Result<Value> {
    let (x, alpha, beta) = (args.number(0), args.number(1), args.number(2));
    if x < 0.0 || alpha <= 0.0 || beta <= 0.0 {
        return Err(CellError::Num);
    }
    if args.bool(3) {
        return Ok(gamma::incomplete(alpha, x / beta).0.into());
    }
    density(alpha, x / beta).map(|density| (density / beta).into())
}

/// Where the gamma distribution reaches a probability.
fn gamma_inv(args: &Args<'_>) -> Result<Value> {
    let (p, alpha, beta) = (args.number(0), args.number(1), args.number(2));
    if !(0.0..1.0).contains(&p) || alpha <= 0.0 || beta <= 0.0 {
        return Err(CellError::Num);
    }
    Ok(if p == 0.0 { 0.0 } else { beta * gamma::inverse_lower(alpha, p) }.into())
}

/// Whole degrees of freedom, up to the 10^10 that Microsoft's pages name.
fn freedom(number: f64) -> Result<f64> {
    let freedom = number.trunc();
    if (1.0..=1e10).contains(&freedom) { Ok(freedom) } else { Err(CellError::Num) }
}

/// The chi-squared distribution or its density.
fn chisq_dist(args: &Args<'_>) -> Result<Value> {
    let (x, freedom) = (args.number(0), freedom(args.number(1))?);
    if x < 0.0 {
        return Err(CellError::Num);
    }
    if args.bool(2) {
        return Ok(gamma::incomplete(freedom / 2.0, x / 2.0).0.into());
    }
    density(freedom / 2.0, x / 2.0).map(|density| (density / 2.0).into())
}

/// The right tail of the chi-squared distribution.
fn chisq_dist_rt(args: &Args<'_>) -> Result<Value> {
    let (x, freedom) = (args.number(0), freedom(args.number(1))?);
    if x < 0.0 { Err(CellError::Num) } else { Ok(gamma::incomplete(freedom / 2.0, x / 2.0).1.into()) }
}

/// Where the chi-squared distribution reaches a probability.
fn chisq_inv(args: &Args<'_>) -> Result<Value> {
    let (p, freedom) = (args.number(0), freedom(args.number(1))?);
    if !(0.0..1.0).contains(&p) {
        return Err(CellError::Num);
    }
    Ok(if p == 0.0 { 0.0 } else { 2.0 * gamma::inverse_lower(freedom / 2.0, p) }.into())
}

/// Where the right tail of the chi-squared distribution falls to a probability.
fn chisq_inv_rt(args: &Args<'_>) -> Result<Value> {
    let (q, freedom) = (args.number(0), freedom(args.number(1))?);
    if q <= 0.0 || q > 1.0 {
        return Err(CellError::Num);
    }
    Ok(if q == 1.0 { 0.0 } else { 2.0 * gamma::inverse_upper(freedom / 2.0, q) }.into())
}

/// The Poisson distribution or its density.
fn poisson_dist(args: &Args<'_>) -> Result<Value> {
    let (x, mean) = (args.number(0).trunc(), args.number(1));
    if x < 0.0 || mean < 0.0 {
        return Err(CellError::Num);
    }
    Ok(if args.bool(2) { gamma::incomplete(x + 1.0, mean).1 } else { gamma::poisson_density(x, mean) }.into())
}

/// The exponential distribution or its density.
fn expon_dist(args: &Args<'_>) -> Result<Value> {
    let (x, lambda) = (args.number(0), args.number(1));
    if x < 0.0 || lambda <= 0.0 {
        return Err(CellError::Num);
    }
    Ok(if args.bool(2) { -libm::expm1(-lambda * x) } else { lambda * libm::exp(-lambda * x) }.into())
}

/// The Weibull distribution or its density.
fn weibull_dist(args: &Args<'_>) -> Result<Value> {
    let (x, alpha, beta) = (args.number(0), args.number(1), args.number(2));
    if x < 0.0 || alpha <= 0.0 || beta <= 0.0 {
        return Err(CellError::Num);
    }
    let power = libm::pow(x / beta, alpha);
    if args.bool(3) {
        return Ok((-libm::expm1(-power)).into());
    }
    Ok((alpha / beta * libm::pow(x / beta, alpha - 1.0) * libm::exp(-power)).into())
}
