//! How two lists of numbers go together.

use crate::numeric::number_pairs;
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const ARRAYS: &[Param] = &[Param::array("array1"), Param::array("array2")];
const KNOWN: &[Param] = &[Param::array("known_ys"), Param::array("known_xs")];
const FORECAST: &[Param] = &[Param::number("x"), Param::array("known_ys"), Param::array("known_xs")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("CORREL", ARRAYS, correl),
    Function::context("COVAR", ARRAYS, covariance_p),
    Function::context("COVARIANCE.P", ARRAYS, covariance_p),
    Function::context("COVARIANCE.S", ARRAYS, covariance_s),
    Function::context("FORECAST", FORECAST, forecast),
    Function::context("FORECAST.LINEAR", FORECAST, forecast),
    Function::context("INTERCEPT", KNOWN, intercept),
    Function::context("PEARSON", ARRAYS, correl),
    Function::context("RSQ", KNOWN, rsq),
    Function::context("SLOPE", KNOWN, slope),
    Function::context("STEYX", KNOWN, steyx),
];

/// Sums over pairs about their means.
struct Moments {
    count: f64,
    mean_a: f64,
    mean_b: f64,
    aa: f64,
    bb: f64,
    ab: f64,
}

fn moments(a: &Value, b: &Value, context: &dyn Context) -> Result<Moments> {
    for arg in [a, b] {
        if let Value::Error(error) = arg {
            return Err(*error);
        }
    }
    let pairs = number_pairs(a, b, context)?;
    let count = pairs.len() as f64;
    if pairs.is_empty() {
        return Err(CellError::Div0);
    }
    let mean_a = pairs.iter().fold(0.0, |sum, (a, _)| sum + a) / count;
    let mean_b = pairs.iter().fold(0.0, |sum, (_, b)| sum + b) / count;
    let mut moments = Moments { count, mean_a, mean_b, aa: 0.0, bb: 0.0, ab: 0.0 };
    for (a, b) in pairs {
        let (a, b) = (a - mean_a, b - mean_b);
        moments.aa += a * a;
        moments.bb += b * b;
        moments.ab += a * b;
    }
    Ok(moments)
}

fn ratio(numerator: f64, denominator: f64) -> Result<f64> {
    if denominator == 0.0 { Err(CellError::Div0) } else { Ok(numerator / denominator) }
}

fn correlation(args: &Args<'_>, context: &dyn Context) -> Result<f64> {
    let sums = moments(args.value(0), args.value(1), context)?;
    ratio(sums.ab, sums.aa.sqrt() * sums.bb.sqrt())
}

/// Pearson's coefficient of correlation.
fn correl(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    correlation(args, context).map(Value::from)
}

/// The mean product of the distances from the means.
fn covariance_p(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let sums = moments(args.value(0), args.value(1), context)?;
    Ok((sums.ab / sums.count).into())
}

/// The covariance estimated from a sample.
fn covariance_s(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let sums = moments(args.value(0), args.value(1), context)?;
    ratio(sums.ab, sums.count - 1.0).map(Value::from)
}

/// The point at x of the line of best fit.
fn forecast(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let sums = moments(args.value(1), args.value(2), context)?;
    let slope = ratio(sums.ab, sums.bb)?;
    Ok((sums.mean_a + slope * (args.number(0) - sums.mean_b)).into())
}

/// Where the line of best fit crosses x = 0.
fn intercept(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let sums = moments(args.value(0), args.value(1), context)?;
    Ok((sums.mean_a - ratio(sums.ab, sums.bb)? * sums.mean_b).into())
}

/// The square of the correlation.
fn rsq(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    correlation(args, context).map(|r| (r * r).into())
}

/// The slope of the line of best fit.
fn slope(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let sums = moments(args.value(0), args.value(1), context)?;
    ratio(sums.ab, sums.bb).map(Value::from)
}

/// The standard error of y about the line of best fit.
fn steyx(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let sums = moments(args.value(0), args.value(1), context)?;
    if sums.count < 3.0 {
        return Err(CellError::Div0);
    }
    let rest = sums.aa - ratio(sums.ab * sums.ab, sums.bb)?;
    Ok((rest.max(0.0) / (sums.count - 2.0)).sqrt().into())
}
