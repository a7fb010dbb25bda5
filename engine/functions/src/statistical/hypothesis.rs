//! Tests of hypotheses: chi-squared, F, Student's t, z.

use crate::numeric::{beta, gamma, normal, number_pairs, numbers_of, paired_error, sample};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const CHISQ: &[Param] = &[Param::array("actual_range"), Param::array("expected_range")];
const ARRAYS: &[Param] = &[Param::array("array1"), Param::array("array2")];
const T: &[Param] =
    &[Param::array("array1"), Param::array("array2"), Param::number("tails"), Param::number("type")];
const Z: &[Param] = &[Param::values("array"), Param::number("x"), Param::number("sigma").optional()];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("CHISQ.TEST", CHISQ, chisq_test),
    Function::context("CHITEST", CHISQ, chisq_test),
    Function::context("F.TEST", ARRAYS, f_test),
    Function::context("FTEST", ARRAYS, f_test),
    Function::context("T.TEST", T, t_test),
    Function::context("TTEST", T, t_test),
    Function::context("Z.TEST", Z, z_test),
    Function::context("ZTEST", Z, z_test),
];

/// How likely counts differ so much from what was expected, by chance.
fn chisq_test(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (actual, expected) = (context.look(args.value(0))?, context.look(args.value(1))?);
    let (rows, cols) = (f64::from(actual.rows()), f64::from(actual.cols()));
    // How the expected counts lie does not matter, only how many there are.
    if actual.count() != expected.count() || rows * cols == 1.0 {
        return Err(CellError::NA);
    }
    let freedom = match (rows, cols) {
        (1.0, cols) => cols - 1.0,
        (rows, 1.0) => rows - 1.0,
        (rows, cols) => (rows - 1.0) * (cols - 1.0),
    };
    let mut sum = 0.0;
    // Unlike in SLOPE and its like, all errors among the actual counts come before those among the expected ones.
    numbers_of(args, 0, context).map_err(paired_error)?;
    let pairs = number_pairs(args.value(0), args.value(1), context)?;
    if pairs.is_empty() || pairs.iter().any(|(_, expected)| *expected == 0.0) {
        return Err(CellError::Div0);
    }
    for (actual, expected) in pairs {
        if expected < 0.0 {
            return Err(CellError::Num);
        }
        sum += (actual - expected) * (actual - expected) / expected;
    }
    Ok(gamma::incomplete(freedom / 2.0, sum / 2.0).1.into())
}

/// The numbers of both samples.
fn samples(args: &Args<'_>, context: &dyn Context) -> Result<(Vec<f64>, Vec<f64>)> {
    let numbers = |index| numbers_of(args, index, context).map_err(paired_error);
    Ok((numbers(0)?, numbers(1)?))
}

/// How likely two variances differ so much by chance, in both directions.
fn f_test(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (a, b) = samples(args, context)?;
    let (variance_a, variance_b) = (sample::variance_s(&a)?, sample::variance_s(&b)?);
    if variance_a == 0.0 || variance_b == 0.0 {
        return Err(CellError::Div0);
    }
    let (lower, upper) = beta::f_parts(variance_a / variance_b, a.len() as f64 - 1.0, b.len() as f64 - 1.0);
    Ok((2.0 * lower.min(upper)).into())
}

/// How likely two means differ so much by chance; type 1 takes pairs, 2 equal and 3 unequal variances.
fn t_test(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let tails = args.integer(2);
    if !(1..=2).contains(&tails) {
        return Err(CellError::Num);
    }
    let (t, freedom) = match args.integer(3) {
        1 => paired(args, context)?,
        2 => unpaired(args, context, true)?,
        3 => unpaired(args, context, false)?,
        _ => return Err(CellError::Num),
    };
    let (beyond, _) = beta::t_beyond(t, freedom);
    Ok(if tails == 1 { beyond / 2.0 } else { beyond }.into())
}

fn paired(args: &Args<'_>, context: &dyn Context) -> Result<(f64, f64)> {
    let pairs = number_pairs(args.value(0), args.value(1), context)?;
    let differences: Vec<f64> = pairs.into_iter().map(|(a, b)| a - b).collect();
    let (variance, count) = (sample::variance_s(&differences)?, differences.len() as f64);
    if variance == 0.0 {
        return Err(CellError::Div0);
    }
    Ok((sample::mean(&differences)? / (variance / count).sqrt(), count - 1.0))
}

/// Student's t and its degrees of freedom, those by Welch where the variances are not taken as equal.
fn unpaired(args: &Args<'_>, context: &dyn Context, equal: bool) -> Result<(f64, f64)> {
    let (a, b) = samples(args, context)?;
    let (count_a, count_b) = (a.len() as f64, b.len() as f64);
    let (variance_a, variance_b) = (sample::variance_s(&a)?, sample::variance_s(&b)?);
    let difference = sample::mean(&a)? - sample::mean(&b)?;
    let (square, freedom) = if equal {
        let freedom = count_a + count_b - 2.0;
        let pooled = ((count_a - 1.0) * variance_a + (count_b - 1.0) * variance_b) / freedom;
        (pooled * (1.0 / count_a + 1.0 / count_b), freedom)
    } else {
        let (part_a, part_b) = (variance_a / count_a, variance_b / count_b);
        let sum = part_a + part_b;
        (sum, sum * sum / (part_a * part_a / (count_a - 1.0) + part_b * part_b / (count_b - 1.0)))
    };
    if square == 0.0 { Err(CellError::Div0) } else { Ok((difference / square.sqrt(), freedom)) }
}

/// How likely a sample's mean lies above x, from the normal distribution.
fn z_test(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = numbers_of(args, 0, context)?;
    if numbers.is_empty() {
        return Err(CellError::NA);
    }
    if args.given(2) && args.number(2) <= 0.0 {
        return Err(CellError::Num);
    }
    // A single number is too few even where the deviation is given, as a result of Excel shows.
    let estimated = sample::variance_s(&numbers)?.sqrt();
    let deviation = if args.given(2) { args.number(2) } else { estimated };
    if deviation == 0.0 {
        return Err(CellError::Div0);
    }
    let z = (sample::mean(&numbers)? - args.number(1)) / (deviation / (numbers.len() as f64).sqrt());
    Ok(normal::lower(-z).into())
}
