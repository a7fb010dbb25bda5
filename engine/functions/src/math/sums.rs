//! Sums and products over references and arrays. Every sum runs from left to right, as Excel's does.

use crate::numeric::{self, Counting, for_each_number, number_pairs, strict};
use crate::{Args, Context, Function, Param, View};
use values::{CellError, Result, Value};

const NUMBERS: Param = Param::values("number");
const PAIR: &[Param] = &[Param::array("array_x"), Param::array("array_y")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("PERCENTOF", &[Param::values("data_subset"), Param::values("data_all")], percentof),
    Function::context("PRODUCT", &[NUMBERS], product).repeating(1),
    Function::context(
        "SERIESSUM",
        &[
            Param::strict_number("x"),
            Param::strict_number("n"),
            Param::strict_number("m"),
            Param::values("coefficients"),
        ],
        seriessum,
    ),
    Function::context("SUM", &[NUMBERS], sum)
        .repeating(1)
        .of_numbers(|numbers| numbers.iter().fold(0.0, |sum, number| sum + number)),
    Function::context("SUMPRODUCT", &[Param::array("array")], sumproduct).repeating(1),
    Function::context("SUMSQ", &[NUMBERS], sumsq).repeating(1),
    Function::context("SUMX2MY2", PAIR, sumx2my2),
    Function::context("SUMX2PY2", PAIR, sumx2py2),
    Function::context("SUMXMY2", PAIR, sumxmy2),
];

/// The sum of all numbers.
fn sum(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    total(args.from(0), context).map(Value::from)
}

fn total(args: &[Value], context: &dyn Context) -> Result<f64> {
    numeric::sum_and_count(args, context).map(|(sum, _)| sum)
}

/// The subset's sum as a part of all.
fn percentof(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    // Whatever the error is that a sum meets, Excel makes it this one.
    let sum = |index| {
        let total = total(std::slice::from_ref(args.value(index)), context);
        total.map_err(|error| if error == CellError::Calc { error } else { CellError::Num })
    };
    let (subset, all) = (sum(0)?, sum(1)?);
    if all == 0.0 { Err(CellError::Div0) } else { Ok((subset / all).into()) }
}

/// The product of all numbers; 0 where there are none. An argument left out is no 0 here, unlike in SUM or MAX.
fn product(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (mut product, mut any) = (1.0, false);
    let given: Vec<Value> =
        args.from(0).iter().filter(|arg| !matches!(arg, Value::Missing)).cloned().collect();
    for_each_number(&given, Counting::Numbers, context, &mut |number| {
        product *= number;
        any = true;
    })?;
    Ok(if any { product } else { 0.0 }.into())
}

/// The sum of the squares.
fn sumsq(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let mut sum = 0.0;
    for_each_number(args.from(0), Counting::Numbers, context, &mut |number| sum += number * number)?;
    Ok(sum.into())
}

/// A power series: coefficients times x^n, x^(n+m), x^(n+2m), …; empty cells are no coefficients.
fn seriessum(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (x, n, m) = (args.number(0), args.number(1), args.number(2));
    let (mut sum, mut power) = (0.0, n);
    strict::for_each_number(args.from(3), context, &mut |coefficient| {
        // Excel gives #NUM! for 0^0 here, and for its negative powers too.
        sum += coefficient * numeric::power(x, power).map_err(|_| CellError::Num)?;
        power += m;
        Ok(())
    })?;
    Ok(sum.into())
}

/// The sum of the products place by place; what is no number counts as 0.
fn sumproduct(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let mut views = Vec::with_capacity(args.len());
    for arg in args.from(0) {
        if let Value::Error(error) = arg {
            return Err(*error);
        }
        let view = context.look(arg)?;
        // Among several values text and empty cells count as 0; by itself, as a single cell too, either is a wrong
        // argument.
        if view.count() == 1 && matches!(view.get(0, 0), Value::Text(_) | Value::Empty | Value::Missing) {
            return Err(CellError::Value);
        }
        views.push(view);
    }
    let Some((first, others)) = views.split_first() else { return Err(CellError::Value) };
    if others.iter().any(|view| (view.rows(), view.cols()) != (first.rows(), first.cols())) {
        // An error in one of them is told first.
        for view in &views {
            view.try_for_each(|_, _, value| number_or_zero(value).map(drop))?;
        }
        return Err(CellError::Value);
    }
    if others.is_empty() {
        let mut sum = 0.0;
        first.try_for_each(|_, _, value| {
            sum += number_or_zero(value)?;
            Ok(())
        })?;
        return Ok(sum.into());
    }
    products(first, others, context)
        .map(|products| products.iter().fold(0.0, |sum, product| sum + product).into())
}

fn number_or_zero(value: &Value) -> Result<f64> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Error(error) => Err(*error),
        _ => Ok(0.0),
    }
}

/// The products over the window that holds all stored values of all views.
fn products(first: &View<'_>, others: &[View<'_>], context: &dyn Context) -> Result<Vec<f64>> {
    let all = || std::iter::once(first).chain(others);
    let rows = all().map(View::used_rows).max().unwrap_or(0);
    let cols = all().map(View::used_cols).max().unwrap_or(0);
    let places = u64::from(rows) * u64::from(cols);
    context.spend(places.saturating_mul(1 + others.len() as u64))?;
    let mut products = window(first, places, cols)?;
    for view in others {
        for (product, factor) in products.iter_mut().zip(window(view, places, cols)?) {
            *product *= factor;
        }
    }
    Ok(products)
}

fn window(view: &View<'_>, places: u64, cols: u32) -> Result<Vec<f64>> {
    let mut numbers = vec![0.0; usize::try_from(places).map_err(|_| CellError::Calc)?];
    view.try_for_each(|row, col, value| {
        if let Some(place) = numbers.get_mut(row as usize * cols as usize + col as usize) {
            *place = number_or_zero(value)?;
        }
        Ok(())
    })?;
    Ok(numbers)
}

/// The sum of a term over all places with two numbers; `#DIV/0!` where there is no such place.
fn over_pairs(args: &Args<'_>, context: &dyn Context, term: fn(f64, f64) -> f64) -> Result<Value> {
    let pairs = number_pairs(args.value(0), args.value(1), context)?;
    if pairs.is_empty() {
        return Err(CellError::Div0);
    }
    Ok(pairs.into_iter().fold(0.0, |sum, (x, y)| sum + term(x, y)).into())
}

/// The sum of x² − y².
fn sumx2my2(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    over_pairs(args, context, |x, y| x * x - y * y)
}

/// The sum of x² + y².
fn sumx2py2(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    over_pairs(args, context, |x, y| x * x + y * y)
}

/// The sum of (x − y)².
fn sumxmy2(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    over_pairs(args, context, |x, y| (x - y) * (x - y))
}
