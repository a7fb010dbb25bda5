//! US Treasury bills.

use super::day_count::Day;
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const SETTLEMENT: Param = Param::strict_number("settlement");
const MATURITY: Param = Param::strict_number("maturity");
const DISCOUNT: Param = Param::strict_number("discount");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("TBILLEQ", &[SETTLEMENT, MATURITY, DISCOUNT], tbilleq),
    Function::context("TBILLPRICE", &[SETTLEMENT, MATURITY, DISCOUNT], tbillprice),
    Function::context("TBILLYIELD", &[SETTLEMENT, MATURITY, Param::strict_number("pr")], tbillyield),
];

/// Days to maturity, at most a year, and the rate or price, which must be above 0.
fn terms(args: &Args<'_>, context: &dyn Context) -> Result<(f64, f64)> {
    let (settlement, maturity) = (Day::of(args, 0, context)?, Day::of(args, 1, context)?);
    let amount = args.number(2);
    let latest = settlement.plus_months(12, false)?;
    if settlement.serial >= maturity.serial || maturity.serial > latest.serial || amount <= 0.0 {
        return Err(CellError::Num);
    }
    Ok(((maturity.serial - settlement.serial) as f64, amount))
}

/// The bond-equivalent yield. Beyond half a year a bond would pay a coupon in between, and the yield solves a
/// quadratic equation.
fn tbilleq(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (days, discount) = terms(args, context)?;
    if days <= 182.0 {
        return Ok((365.0 * discount / (360.0 - discount * days)).into());
    }
    let price = 1.0 - discount * days / 360.0;
    let years = days / if days == 366.0 { 366.0 } else { 365.0 };
    let excess = 2.0 * years - 1.0;
    let square = years * years - excess * (1.0 - 1.0 / price);
    if price <= 0.0 || square < 0.0 || excess == 0.0 {
        return Err(CellError::Num);
    }
    Ok((2.0 * (square.sqrt() - years) / excess).into())
}

/// The price per 100.
fn tbillprice(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (days, discount) = terms(args, context)?;
    let price = 100.0 * (1.0 - discount * days / 360.0);
    if price <= 0.0 { Err(CellError::Num) } else { Ok(price.into()) }
}

/// The yield.
fn tbillyield(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (days, pr) = terms(args, context)?;
    Ok(((100.0 - pr) / pr * 360.0 / days).into())
}
