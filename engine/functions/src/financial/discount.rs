//! Securities without coupons: discounted ones, and those that pay their interest at maturity.

use super::day_count::{BASIS, Basis, Day, basis};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const SETTLEMENT: Param = Param::strict_number("settlement");
const MATURITY: Param = Param::strict_number("maturity");
const ISSUE: Param = Param::strict_number("issue");
const RATE: Param = Param::strict_number("rate");
const PR: Param = Param::strict_number("pr");
const REDEMPTION: Param = Param::strict_number("redemption");
const INVESTMENT: Param = Param::strict_number("investment");
const DISCOUNT: Param = Param::strict_number("discount");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "ACCRINTM",
        &[ISSUE, SETTLEMENT, RATE, Param::strict_number("par").optional(), BASIS],
        accrintm,
    ),
    Function::context("DISC", &[SETTLEMENT, MATURITY, PR, REDEMPTION, BASIS], disc),
    Function::context("INTRATE", &[SETTLEMENT, MATURITY, INVESTMENT, REDEMPTION, BASIS], intrate),
    Function::context("PRICEDISC", &[SETTLEMENT, MATURITY, DISCOUNT, REDEMPTION, BASIS], pricedisc),
    Function::context(
        "PRICEMAT",
        &[SETTLEMENT, MATURITY, ISSUE, RATE, Param::strict_number("yld"), BASIS],
        pricemat,
    ),
    Function::context("RECEIVED", &[SETTLEMENT, MATURITY, INVESTMENT, DISCOUNT, BASIS], received),
    Function::context("YIELDDISC", &[SETTLEMENT, MATURITY, PR, REDEMPTION, BASIS], yielddisc),
    Function::context("YIELDMAT", &[SETTLEMENT, MATURITY, ISSUE, RATE, PR, BASIS], yieldmat),
];

/// The two amounts after the dates, both above 0, and the years between the dates.
fn terms(args: &Args<'_>, context: &dyn Context) -> Result<(f64, f64, f64)> {
    let (from, to) = (Day::of(args, 0, context)?, Day::of(args, 1, context)?);
    let (a, b) = (args.number(2), args.number(3));
    let basis = basis(args, 4)?;
    if from.serial >= to.serial || a <= 0.0 || b <= 0.0 {
        return Err(CellError::Num);
    }
    Ok((a, b, basis.days(from, to) / basis.year(from, to)))
}

/// The interest on a par value from issue to settlement.
fn accrintm(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (from, to) = (Day::of(args, 0, context)?, Day::of(args, 1, context)?);
    let (rate, par) = (args.number(2), args.number_if_given(3, 1000.0));
    let basis = basis(args, 4)?;
    if from.serial >= to.serial || rate <= 0.0 || par <= 0.0 {
        return Err(CellError::Num);
    }
    Ok((par * rate * (basis.days(from, to) / basis.year(from, to))).into())
}

/// The discount rate of a security.
fn disc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (pr, redemption, years) = terms(args, context)?;
    Ok(((1.0 - pr / redemption) / years).into())
}

/// The interest rate of a fully invested security.
fn intrate(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (investment, redemption, years) = terms(args, context)?;
    Ok(((redemption - investment) / investment / years).into())
}

/// The price per 100 of a discounted security.
fn pricedisc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (discount, redemption, years) = terms(args, context)?;
    Ok((redemption - discount * redemption * years).into())
}

/// What a fully invested security pays at maturity.
fn received(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (investment, discount, years) = terms(args, context)?;
    let share = 1.0 - discount * years;
    if share <= 0.0 { Err(CellError::Num) } else { Ok((investment / share).into()) }
}

/// The yearly yield of a discounted security.
fn yielddisc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (pr, redemption, years) = terms(args, context)?;
    Ok(((redemption - pr) / pr / years).into())
}

/// A security that pays its interest at maturity: years from issue to maturity, to settlement, and between
/// these, all in years of the same length.
struct AtMaturity {
    whole: f64,
    passed: f64,
    left: f64,
    rate: f64,
}

impl AtMaturity {
    fn new(args: &Args<'_>, context: &dyn Context) -> Result<AtMaturity> {
        let (settlement, maturity, issue) =
            (Day::of(args, 0, context)?, Day::of(args, 1, context)?, Day::of(args, 2, context)?);
        let rate = args.number(3);
        let basis: Basis = basis(args, 5)?;
        if settlement.serial >= maturity.serial || issue.serial > settlement.serial || rate < 0.0 {
            return Err(CellError::Num);
        }
        let year = basis.year(issue, settlement);
        let whole = basis.days(issue, maturity) / year;
        let passed = basis.days(issue, settlement) / year;
        Ok(AtMaturity { whole, passed, left: whole - passed, rate })
    }
}

/// The price per 100 of a security that pays its interest at maturity.
fn pricemat(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let security = AtMaturity::new(args, context)?;
    let yld = args.number(4);
    if yld < 0.0 {
        return Err(CellError::Num);
    }
    let paid = 100.0 + security.whole * security.rate * 100.0;
    Ok((paid / (1.0 + security.left * yld) - security.passed * security.rate * 100.0).into())
}

/// The yearly yield of a security that pays its interest at maturity.
fn yieldmat(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let security = AtMaturity::new(args, context)?;
    let pr = args.number(4);
    if pr <= 0.0 {
        return Err(CellError::Num);
    }
    let paid = pr / 100.0 + security.passed * security.rate;
    Ok((((1.0 + security.whole * security.rate - paid) / paid) / security.left).into())
}
