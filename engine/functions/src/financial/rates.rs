//! Rates of growth, and prices in fractions of a dollar.

use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

const FRACTION: Param = Param::strict_number("fraction");
const NPERY: Param = Param::strict_number("npery");
const PV: Param = Param::number("pv");
const FV: Param = Param::number("fv");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("DOLLARDE", &[Param::strict_number("fractional_dollar"), FRACTION], dollarde),
    Function::plain("DOLLARFR", &[Param::strict_number("decimal_dollar"), FRACTION], dollarfr),
    Function::plain("EFFECT", &[Param::strict_number("nominal_rate"), NPERY], effect),
    Function::plain("NOMINAL", &[Param::strict_number("effect_rate"), NPERY], nominal),
    Function::plain("PDURATION", &[Param::number("rate"), PV, FV], pduration),
    Function::plain("RRI", &[Param::number("nper"), PV, FV], rri),
    Function::plain(
        "STOCKHISTORY",
        &[
            Param::any("stock"),
            Param::any("start_date"),
            Param::any("end_date").optional(),
            Param::any("interval").optional(),
            Param::any("headers").optional(),
            Param::any("property").optional(),
        ],
        stockhistory,
    )
    .repeating(1),
];

/// The whole part of a price, its rest, the fraction's denominator, and the power of ten that shows it.
fn parts(args: &Args<'_>) -> Result<(f64, f64, f64, f64)> {
    let (price, fraction) = (args.number(0), args.number(1).trunc());
    if args.number(1) < 0.0 {
        return Err(CellError::Num);
    }
    if fraction < 1.0 {
        return Err(CellError::Div0);
    }
    let whole = price.trunc();
    Ok((whole, price - whole, fraction, libm::pow(10.0, libm::log10(fraction).ceil())))
}

/// A price in fractions as a decimal one: 1.02 in 16ths is 1.125.
fn dollarde(args: &Args<'_>) -> Result<Value> {
    let (whole, rest, fraction, digits) = parts(args)?;
    Ok((whole + rest * digits / fraction).into())
}

/// A decimal price as one in fractions.
fn dollarfr(args: &Args<'_>) -> Result<Value> {
    let (whole, rest, fraction, digits) = parts(args)?;
    Ok((whole + rest * fraction / digits).into())
}

fn rate_and_periods(args: &Args<'_>) -> Result<(f64, f64)> {
    let (rate, periods) = (args.number(0), args.number(1).trunc());
    if rate <= 0.0 || periods < 1.0 { Err(CellError::Num) } else { Ok((rate, periods)) }
}

/// The yearly rate that a nominal one comes to.
fn effect(args: &Args<'_>) -> Result<Value> {
    let (rate, periods) = rate_and_periods(args)?;
    Ok((libm::pow(1.0 + rate / periods, periods) - 1.0).into())
}

/// The nominal rate of an effective one.
fn nominal(args: &Args<'_>) -> Result<Value> {
    let (rate, periods) = rate_and_periods(args)?;
    Ok(((libm::pow(rate + 1.0, 1.0 / periods) - 1.0) * periods).into())
}

/// The periods in which a value grows to another.
fn pduration(args: &Args<'_>) -> Result<Value> {
    let (rate, present, future) = (args.number(0), args.number(1), args.number(2));
    if rate <= 0.0 || present <= 0.0 || future <= 0.0 {
        return Err(CellError::Num);
    }
    Ok(((libm::log(future) - libm::log(present)) / libm::log1p(rate)).into())
}

/// The rate at which a value grows to another.
fn rri(args: &Args<'_>) -> Result<Value> {
    let (periods, present, future) = (args.number(0), args.number(1), args.number(2));
    if periods <= 0.0 {
        return Err(CellError::Num);
    }
    if present == future {
        return Ok(0.0.into());
    }
    if present == 0.0 || future / present < 0.0 {
        return Err(CellError::Num);
    }
    Ok((libm::pow(future / present, 1.0 / periods) - 1.0).into())
}

/// Prices of stocks come from an online service that nothing here asks.
fn stockhistory(_: &Args<'_>) -> Result<Value> {
    Err(CellError::Connect)
}
