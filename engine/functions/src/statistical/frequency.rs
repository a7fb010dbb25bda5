//! Frequencies, permutations and tabulated probabilities.

use crate::numeric::{number_pairs, numbers_of};
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, Result, Value};

const PERMUT: &[Param] = &[Param::number("number"), Param::number("number_chosen")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("FREQUENCY", &[Param::values("data_array"), Param::values("bins_array")], frequency),
    Function::plain("PERMUT", PERMUT, permut),
    Function::plain("PERMUTATIONA", PERMUT, permutationa),
    Function::context(
        "PROB",
        &[
            Param::array("x_range"),
            Param::array("prob_range"),
            Param::number("lower_limit"),
            Param::number("upper_limit").optional(),
        ],
        prob,
    ),
];

/// How many numbers fall into each bin, in the order of the bins, and beyond the largest one. A bin counts what
/// is above the next smaller bin and not above itself; of equal bins the first one counts.
fn frequency(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (numbers, mut bins) = (numbers_of(args, 0, context)?, numbers_of(args, 1, context)?);
    // Without any bin there is one, at 0.
    if bins.is_empty() {
        bins.push(0.0);
    }
    context.spend((numbers.len() + bins.len()) as u64)?;
    let mut order: Vec<usize> = (0..bins.len()).collect();
    order.sort_by(|a, b| bins[*a].total_cmp(&bins[*b]).then(a.cmp(b)));
    let mut counts = vec![0u64; bins.len() + 1];
    for number in numbers {
        let place = order.partition_point(|bin| bins[*bin] < number);
        counts[order.get(place).copied().unwrap_or(bins.len())] += 1;
    }
    Array::column(counts.into_iter().map(|count| (count as f64).into()).collect()).map(Value::from)
}

/// Ordered choices without repetition.
fn permut(args: &Args<'_>) -> Result<Value> {
    let (n, k) = (args.number(0).trunc(), args.number(1).trunc());
    if n < 0.0 || k < 0.0 || k > n {
        return Err(CellError::Num);
    }
    let (mut result, mut step) = (1.0, 0.0);
    // Distinct factors: the product leaves the range of a double within 171 steps.
    while step < k {
        result *= n - step;
        if !f64::is_finite(result) {
            return Err(CellError::Num);
        }
        step += 1.0;
    }
    Ok(result.into())
}

/// Ordered choices with repetition.
fn permutationa(args: &Args<'_>) -> Result<Value> {
    let (n, k) = (args.number(0).trunc(), args.number(1).trunc());
    if n < 0.0 || k < 0.0 {
        return Err(CellError::Num);
    }
    Ok(libm::pow(n, k).into())
}

/// The probability of the values between two limits, or of one value.
fn prob(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let pairs = number_pairs(args.value(0), args.value(1), context)?;
    let lower = args.number(2);
    let upper = args.number_if_given(3, lower);
    let total = pairs.iter().fold(0.0, |sum, (_, p)| sum + p);
    // Probabilities that were written with few digits need not add up to the last one.
    if pairs.iter().any(|(_, p)| *p <= 0.0 || *p > 1.0) || (total - 1.0).abs() > 1e-7 {
        return Err(CellError::Num);
    }
    Ok(pairs.iter().filter(|(x, _)| (lower..=upper).contains(x)).fold(0.0, |sum, (_, p)| sum + p).into())
}
