//! Coupon dates and the days between them.

use super::day_count::{BASIS, Basis, Coupons, Day, FREQUENCY, Moves, basis, frequency, us_days};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const PARAMS: &[Param] =
    &[Param::strict_number("settlement"), Param::strict_number("maturity"), FREQUENCY, BASIS];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("COUPDAYBS", PARAMS, coupdaybs),
    Function::context("COUPDAYS", PARAMS, coupdays),
    Function::context("COUPDAYSNC", PARAMS, coupdaysnc),
    Function::context("COUPNCD", PARAMS, coupncd),
    Function::context("COUPNUM", PARAMS, coupnum),
    Function::context("COUPPCD", PARAMS, couppcd),
];

struct Bond {
    settlement: Day,
    coupons: Coupons,
    frequency: f64,
    basis: Basis,
}

fn bond(args: &Args<'_>, context: &dyn Context) -> Result<Bond> {
    let (settlement, maturity) = (Day::of(args, 0, context)?, Day::of(args, 1, context)?);
    let (frequency, basis) = (frequency(args, 2)?, basis(args, 3)?);
    if settlement.serial >= maturity.serial {
        return Err(CellError::Num);
    }
    Ok(Bond { settlement, coupons: Coupons::around(settlement, maturity, frequency)?, frequency, basis })
}

/// Days from the last coupon to settlement.
fn coupdaybs(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let bond = bond(args, context)?;
    Ok(bond.basis.days(bond.coupons.previous, bond.settlement).into())
}

/// Days of the coupon period around settlement.
fn coupdays(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let bond = bond(args, context)?;
    Ok(bond.coupons.period(bond.frequency, bond.basis).into())
}

/// Days from settlement to the next coupon.
fn coupdaysnc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let bond = bond(args, context)?;
    let (previous, next) = (bond.coupons.previous, bond.coupons.next);
    let days = match bond.basis {
        Basis::Us30 => {
            us_days(previous, next, Moves::Both) - us_days(previous, bond.settlement, Moves::Start)
        }
        basis => basis.days(bond.settlement, next),
    };
    Ok(days.into())
}

/// The next coupon after settlement.
fn coupncd(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok((bond(args, context)?.coupons.next.serial as f64).into())
}

/// Coupons between settlement and maturity.
fn coupnum(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(bond(args, context)?.coupons.count.into())
}

/// The last coupon before settlement.
fn couppcd(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok((bond(args, context)?.coupons.previous.serial as f64).into())
}
