//! The largest and the smallest.

use crate::matching::Conditions;
use crate::numeric::{Counting, for_each_number, numbers_of, sample};
use crate::{Args, Context, Function, Param};
use values::{Result, Value};

const ARRAY_K: &[Param] = &[Param::values("array"), Param::number("k")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("LARGE", ARRAY_K, large),
    Function::context("MAX", &[Param::values("number")], max)
        .repeating(1)
        .of_numbers(|numbers| best_of(numbers, larger)),
    Function::context("MAXA", &[Param::values("value")], maxa).repeating(1),
    Function::context(
        "MAXIFS",
        &[Param::reference("max_range"), Param::reference("criteria_range"), Param::any("criteria")],
        maxifs,
    )
    .repeating(2),
    Function::context("MIN", &[Param::values("number")], min)
        .repeating(1)
        .of_numbers(|numbers| best_of(numbers, smaller)),
    Function::context("MINA", &[Param::values("value")], mina).repeating(1),
    Function::context(
        "MINIFS",
        &[Param::reference("min_range"), Param::reference("criteria_range"), Param::any("criteria")],
        minifs,
    )
    .repeating(2),
    Function::context("SMALL", ARRAY_K, small),
];

/// The best number so far; 0 where there was none.
struct Best {
    best: Option<f64>,
    better: fn(f64, f64) -> bool,
}

impl Best {
    fn new(better: fn(f64, f64) -> bool) -> Best {
        Best { best: None, better }
    }

    fn offer(&mut self, number: f64) {
        if self.best.is_none_or(|best| (self.better)(number, best)) {
            self.best = Some(number);
        }
    }

    fn value(&self) -> Value {
        self.best.unwrap_or(0.0).into()
    }
}

fn larger(number: f64, best: f64) -> bool {
    number > best
}

fn smaller(number: f64, best: f64) -> bool {
    number < best
}

fn best_of(numbers: &[f64], better: fn(f64, f64) -> bool) -> f64 {
    let best =
        numbers.iter().copied().reduce(|best, number| if better(number, best) { number } else { best });
    best.unwrap_or(0.0)
}

fn best(
    args: &Args<'_>,
    counting: Counting,
    better: fn(f64, f64) -> bool,
    context: &dyn Context,
) -> Result<Value> {
    let mut best = Best::new(better);
    for_each_number(args.from(0), counting, context, &mut |number| best.offer(number))?;
    Ok(best.value())
}

fn best_where(args: &Args<'_>, better: fn(f64, f64) -> bool, context: &dyn Context) -> Result<Value> {
    let conditions = Conditions::new(args.from(1), context)?;
    let mut best = Best::new(better);
    conditions.for_each_number(args.value(0), &mut |number| best.offer(number))?;
    Ok(best.value())
}

/// The largest number; 0 of none.
fn max(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    best(args, Counting::Numbers, larger, context)
}

/// The largest value: TRUE is 1, text and FALSE are 0.
fn maxa(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    best(args, Counting::Everything, larger, context)
}

/// The largest number where all criteria are met.
fn maxifs(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    best_where(args, larger, context)
}

/// The smallest number; 0 of none.
fn min(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    best(args, Counting::Numbers, smaller, context)
}

/// The smallest value: TRUE is 1, text and FALSE are 0.
fn mina(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    best(args, Counting::Everything, smaller, context)
}

/// The smallest number where all criteria are met.
fn minifs(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    best_where(args, smaller, context)
}

/// The kth largest number.
fn large(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::large(&mut numbers_of(args, 0, context)?, args.number(1)).map(Value::from)
}

/// The kth smallest number.
fn small(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    sample::small(&mut numbers_of(args, 0, context)?, args.number(1)).map(Value::from)
}
