//! Variances, standard deviations and the shape of a distribution.

use crate::numeric::{Counting, beta, normal, numbers, sample};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const NUMBERS: &[Param] = &[Param::values("number")];
const VALUES: &[Param] = &[Param::values("value")];
const CONFIDENCE: &[Param] = &[Param::number("alpha"), Param::number("standard_dev"), Param::number("size")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("AVEDEV", NUMBERS, avedev).repeating(1),
    Function::plain("CONFIDENCE", CONFIDENCE, confidence_norm),
    Function::plain("CONFIDENCE.NORM", CONFIDENCE, confidence_norm),
    Function::plain("CONFIDENCE.T", CONFIDENCE, confidence_t),
    Function::context("DEVSQ", NUMBERS, devsq).repeating(1),
    Function::context("KURT", NUMBERS, kurt).repeating(1),
    Function::context("SKEW", NUMBERS, skew).repeating(1),
    Function::context("SKEW.P", NUMBERS, skew_p).repeating(1),
    Function::plain(
        "STANDARDIZE",
        &[Param::number("x"), Param::number("mean"), Param::number("standard_dev")],
        standardize,
    ),
    Function::context("STDEV", NUMBERS, stdev_s).repeating(1),
    Function::context("STDEV.P", NUMBERS, stdev_p).repeating(1),
    Function::context("STDEV.S", NUMBERS, stdev_s).repeating(1),
    Function::context("STDEVA", VALUES, stdeva).repeating(1),
    Function::context("STDEVP", NUMBERS, stdev_p).repeating(1),
    Function::context("STDEVPA", VALUES, stdevpa).repeating(1),
    Function::context("VAR", NUMBERS, var_s).repeating(1),
    Function::context("VAR.P", NUMBERS, var_p).repeating(1),
    Function::context("VAR.S", NUMBERS, var_s).repeating(1),
    Function::context("VARA", VALUES, vara).repeating(1),
    Function::context("VARP", NUMBERS, var_p).repeating(1),
    Function::context("VARPA", VALUES, varpa).repeating(1),
];

fn plain(args: &Args<'_>, context: &dyn Context) -> Result<Vec<f64>> {
    numbers(args.from(0), Counting::Numbers, context)
}

fn everything(args: &Args<'_>, context: &dyn Context) -> Result<Vec<f64>> {
    numbers(args.from(0), Counting::Everything, context)
}

/// The mean distance from the mean.
fn avedev(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = plain(args, context)?;
    let mean = sample::mean(&numbers).map_err(|_| CellError::Num)?;
    let distances = numbers.iter().fold(0.0, |sum, number| sum + (number - mean).abs());
    Ok((distances / numbers.len() as f64).into())
}

/// The sum of the squared distances from the mean.
fn devsq(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::squared_deviations(&plain(args, context)?).map(Value::from)
}

fn confidence(args: &Args<'_>) -> Result<(f64, f64, f64)> {
    let (alpha, deviation, size) = (args.number(0), args.number(1), args.number(2).trunc());
    if alpha <= 0.0 || alpha >= 1.0 || deviation <= 0.0 || size < 1.0 {
        return Err(CellError::Num);
    }
    Ok((alpha, deviation, size))
}

/// Half the width of a confidence interval of the mean, by the normal distribution.
fn confidence_norm(args: &Args<'_>) -> Result<Value> {
    let (alpha, deviation, size) = confidence(args)?;
    Ok((-normal::inverse(alpha / 2.0) * deviation / size.sqrt()).into())
}

/// Half the width of a confidence interval of the mean, by Student's distribution.
fn confidence_t(args: &Args<'_>) -> Result<Value> {
    let (alpha, deviation, size) = confidence(args)?;
    if size == 1.0 {
        return Err(CellError::Div0);
    }
    Ok((beta::t_inverse_two_tailed(alpha, size - 1.0) * deviation / size.sqrt()).into())
}

/// The sum of powers of the distances from the mean, in standard deviations.
fn standard_moment(numbers: &[f64], power: i32, deviation: f64) -> Result<f64> {
    if deviation == 0.0 {
        return Err(CellError::Div0);
    }
    let mean = sample::mean(numbers)?;
    Ok(numbers.iter().fold(0.0, |sum, number| {
        let distance = (number - mean) / deviation;
        sum + if power == 3 {
            distance * distance * distance
        } else {
            distance * distance * distance * distance
        }
    }))
}

/// The excess of the tails over those of the normal distribution.
fn kurt(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = plain(args, context)?;
    let n = numbers.len() as f64;
    if n < 4.0 {
        return Err(CellError::Div0);
    }
    let moment = standard_moment(&numbers, 4, sample::variance_s(&numbers)?.sqrt())?;
    let (below1, below2, below3) = (n - 1.0, n - 2.0, n - 3.0);
    Ok((n * (n + 1.0) / (below1 * below2 * below3) * moment - 3.0 * below1 * below1 / (below2 * below3))
        .into())
}

/// The lean of a sample to one side.
fn skew(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = plain(args, context)?;
    let n = numbers.len() as f64;
    if n < 3.0 {
        return Err(CellError::Div0);
    }
    let moment = standard_moment(&numbers, 3, sample::variance_s(&numbers)?.sqrt())?;
    Ok((n / ((n - 1.0) * (n - 2.0)) * moment).into())
}

/// The lean of a population to one side.
fn skew_p(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = plain(args, context)?;
    if numbers.len() < 3 {
        return Err(CellError::Div0);
    }
    let moment = standard_moment(&numbers, 3, sample::variance_p(&numbers)?.sqrt())?;
    Ok((moment / numbers.len() as f64).into())
}

/// The distance from the mean in standard deviations.
fn standardize(args: &Args<'_>) -> Result<Value> {
    let deviation = args.number(2);
    if deviation <= 0.0 {
        Err(CellError::Num)
    } else {
        Ok(((args.number(0) - args.number(1)) / deviation).into())
    }
}

/// The standard deviation estimated from a sample.
fn stdev_s(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_s(&plain(args, context)?).map(|variance| variance.sqrt().into())
}

/// The standard deviation of a population.
fn stdev_p(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_p(&plain(args, context)?).map(|variance| variance.sqrt().into())
}

/// The standard deviation of a sample of values: TRUE is 1, text and FALSE are 0.
fn stdeva(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_s(&everything(args, context)?).map(|variance| variance.sqrt().into())
}

/// The standard deviation of a population of values.
fn stdevpa(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_p(&everything(args, context)?).map(|variance| variance.sqrt().into())
}

/// The variance estimated from a sample.
fn var_s(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_s(&plain(args, context)?).map(Value::from)
}

/// The variance of a population.
fn var_p(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_p(&plain(args, context)?).map(Value::from)
}

/// The variance of a sample of values: TRUE is 1, text and FALSE are 0.
fn vara(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_s(&everything(args, context)?).map(Value::from)
}

/// The variance of a population of values.
fn varpa(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::variance_p(&everything(args, context)?).map(Value::from)
}
