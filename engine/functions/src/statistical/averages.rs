//! Means of several kinds, the middle and the most frequent.

use crate::matching::Conditions;
use crate::numeric::{self, Counting, decimal, for_each_number, numbers, numbers_of, sample};
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, Result, Value};

const NUMBERS: Param = Param::values("number");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("AVERAGE", &[NUMBERS], average).repeating(1),
    Function::context("AVERAGEA", &[Param::values("value")], averagea).repeating(1),
    Function::context(
        "AVERAGEIF",
        &[Param::reference("range"), Param::any("criteria"), Param::reference("average_range").optional()],
        averageif,
    ),
    Function::context(
        "AVERAGEIFS",
        &[Param::reference("average_range"), Param::reference("criteria_range"), Param::any("criteria")],
        averageifs,
    )
    .repeating(2),
    Function::context("GEOMEAN", &[NUMBERS], geomean).repeating(1),
    Function::context("HARMEAN", &[NUMBERS], harmean).repeating(1),
    Function::context("MEDIAN", &[NUMBERS], median).repeating(1),
    Function::context("MODE", &[Param::array("number")], mode).repeating(1),
    Function::context("MODE.MULT", &[Param::array("number")], mode_mult).repeating(1),
    Function::context("MODE.SNGL", &[Param::array("number")], mode_sngl).repeating(1),
    Function::context("TRIMMEAN", &[Param::values("array"), Param::number("percent")], trimmean),
];

/// A mean as it grows.
#[derive(Default)]
struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    fn add(&mut self, number: f64) {
        self.sum += number;
        self.count += 1;
    }

    fn value(&self) -> Result<Value> {
        if self.count == 0 { Err(CellError::Div0) } else { Ok((self.sum / self.count as f64).into()) }
    }
}

fn mean(args: &Args<'_>, counting: Counting, context: &dyn Context) -> Result<Value> {
    let mut mean = Mean::default();
    for_each_number(args.from(0), counting, context, &mut |number| mean.add(number))?;
    mean.value()
}

/// The arithmetic mean of the numbers.
fn average(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (sum, count) = numeric::sum_and_count(args.from(0), context)?;
    Mean { sum, count }.value()
}

/// The arithmetic mean of all values: TRUE is 1, text and FALSE are 0. Booleans in arrays do not count.
fn averagea(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    mean(args, Counting::EverythingAndText, context)
}

/// The mean of the numbers beside, or in, the cells that meet a criterion.
fn averageif(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let conditions = Conditions::new(args.from(0).get(..2).unwrap_or(&[]), context)?;
    let target = if args.given(2) { args.value(2) } else { args.value(0) };
    let mut mean = Mean::default();
    conditions.for_each_number_from(target, &mut |number| mean.add(number))?;
    mean.value()
}

/// The mean of the numbers where all criteria are met.
fn averageifs(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let conditions = Conditions::new(args.from(1), context)?;
    let mut mean = Mean::default();
    conditions.for_each_number(args.value(0), &mut |number| mean.add(number))?;
    mean.value()
}

fn positive_numbers(args: &Args<'_>, context: &dyn Context) -> Result<Vec<f64>> {
    let numbers = numbers(args.from(0), Counting::Numbers, context)?;
    let bad = numbers.is_empty() || numbers.iter().any(|number| *number <= 0.0);
    if bad { Err(CellError::Num) } else { Ok(numbers) }
}

/// The geometric mean of positive numbers.
fn geomean(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = positive_numbers(args, context)?;
    let product: f64 = numbers.iter().product();
    let count = numbers.len() as f64;
    // The product is the better way while it stays within a double's range.
    if product > 1e-290 && product < 1e290 {
        return Ok(libm::pow(product, 1.0 / count).into());
    }
    let logs = numbers.iter().fold(0.0, |sum, number| sum + libm::log(*number));
    Ok(libm::exp(logs / count).into())
}

/// The harmonic mean of positive numbers.
fn harmean(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = positive_numbers(args, context)?;
    let reciprocals = numbers.iter().fold(0.0, |sum, number| sum + 1.0 / number);
    Ok((numbers.len() as f64 / reciprocals).into())
}

/// The middle of the numbers in order.
fn median(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::median(numbers(args.from(0), Counting::Numbers, context)?).map(Value::from)
}

/// The numbers of arrays and ranges. In the older MODE a single value or cell must be a number itself, and text and
/// empty cells are passed over only among others; its successors pass over them everywhere.
fn mode_numbers(args: &Args<'_>, strict: bool, context: &dyn Context) -> Result<Vec<f64>> {
    let mut all = Vec::new();
    for arg in args.from(0) {
        if matches!(arg, Value::Areas(_)) {
            for_each_number(std::slice::from_ref(arg), Counting::Numbers, context, &mut |number| {
                all.push(number);
            })?;
            continue;
        }
        let view = context.look(arg)?;
        match view.get(0, 0) {
            Value::Number(_) | Value::Error(_) => {}
            _ if strict && view.count() == 1 => return Err(CellError::Value),
            _ => {}
        }
        view.try_for_each(|_, _, value| match value {
            Value::Number(number) => {
                all.push(*number);
                Ok(())
            }
            Value::Error(error) => Err(*error),
            _ => Ok(()),
        })?;
    }
    Ok(all)
}

/// The most frequent number, the first one of several.
fn mode(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    first_mode(&mode_numbers(args, true, context)?)
}

/// The same, text passed over.
fn mode_sngl(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    first_mode(&mode_numbers(args, false, context)?)
}

fn first_mode(numbers: &[f64]) -> Result<Value> {
    let modes = sample::modes(numbers)?;
    modes.first().map(|mode| (*mode).into()).ok_or(CellError::NA)
}

/// All most frequent numbers, as a column.
fn mode_mult(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let modes = sample::modes(&mode_numbers(args, false, context)?)?;
    Array::column(modes.into_iter().map(Value::from).collect()).map(Value::from)
}

/// The mean without a part of the numbers, as many at either end.
fn trimmean(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = sample::sorted(numbers_of(args, 0, context)?);
    let percent = args.number(1);
    if numbers.is_empty() || !(0.0..1.0).contains(&percent) {
        return Err(CellError::Num);
    }
    let cut = decimal::floor(numbers.len() as f64 * percent / 2.0) as usize;
    sample::mean(numbers.get(cut..numbers.len() - cut).unwrap_or(&[])).map(Value::from)
}
