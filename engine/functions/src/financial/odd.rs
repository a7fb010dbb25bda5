//! Bonds whose first or last coupon period has an odd length.
//!
//! Source: the formulas on Microsoft's pages; how days and periods enter them follows results of Excel's.

use super::bonds::yield_of;
use super::day_count::{BASIS, Basis, Coupons, Day, FREQUENCY, Moves, basis, frequency, months, us_days};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const SETTLEMENT: Param = Param::strict_number("settlement");
const MATURITY: Param = Param::strict_number("maturity");
const ISSUE: Param = Param::strict_number("issue");
const FIRST_COUPON: Param = Param::strict_number("first_coupon");
const LAST_INTEREST: Param = Param::strict_number("last_interest");
const RATE: Param = Param::strict_number("rate");
const YLD: Param = Param::strict_number("yld");
const PR: Param = Param::strict_number("pr");
const REDEMPTION: Param = Param::strict_number("redemption");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "ODDFPRICE",
        &[SETTLEMENT, MATURITY, ISSUE, FIRST_COUPON, RATE, YLD, REDEMPTION, FREQUENCY, BASIS],
        oddfprice,
    ),
    Function::context(
        "ODDFYIELD",
        &[SETTLEMENT, MATURITY, ISSUE, FIRST_COUPON, RATE, PR, REDEMPTION, FREQUENCY, BASIS],
        oddfyield,
    ),
    Function::context(
        "ODDLPRICE",
        &[SETTLEMENT, MATURITY, LAST_INTEREST, RATE, YLD, REDEMPTION, FREQUENCY, BASIS],
        oddlprice,
    ),
    Function::context(
        "ODDLYIELD",
        &[SETTLEMENT, MATURITY, LAST_INTEREST, RATE, PR, REDEMPTION, FREQUENCY, BASIS],
        oddlyield,
    ),
];

/// A bond with an odd first period, in the terms of its price.
struct OddFirst {
    frequency: f64,
    /// The first coupon in regular ones.
    first: f64,
    /// What has accrued at settlement, in regular coupons.
    accrued: f64,
    /// Periods from settlement to the first coupon.
    to_first: f64,
    /// Coupons after the first one.
    later: f64,
}

fn not_negative(days: f64) -> f64 {
    days.max(0.0)
}

impl OddFirst {
    fn read(args: &Args<'_>, context: &dyn Context) -> Result<OddFirst> {
        let day = |index| Day::of(args, index, context);
        let (settlement, maturity, issue, first) = (day(0)?, day(1)?, day(2)?, day(3)?);
        let (frequency, basis) = (frequency(args, 7)?, basis(args, 8)?);
        let in_order = maturity.serial > first.serial
            && first.serial > settlement.serial
            && settlement.serial > issue.serial;
        if !in_order || args.number(4) < 0.0 || args.number(5) < 0.0 || args.number(6) <= 0.0 {
            return Err(CellError::Num);
        }
        let period = Coupons::around(settlement, first, frequency)?.period(frequency, basis);
        let before_first = not_negative(basis.days(issue, first));
        if before_first < period {
            return Ok(OddFirst {
                frequency,
                first: before_first / period,
                accrued: not_negative(basis.days(issue, settlement)) / period,
                to_first: not_negative(basis.days(settlement, first)) / period,
                later: Coupons::around(settlement, maturity, frequency)?.count - 1.0,
            });
        }
        OddFirst::long(settlement, maturity, issue, first, frequency, basis)
    }

    /// A first period of several regular ones, which are counted back from the first coupon.
    fn long(
        settlement: Day,
        maturity: Day,
        issue: Day,
        first: Day,
        frequency: f64,
        basis: Basis,
    ) -> Result<OddFirst> {
        let around = Coupons::around(settlement, first, frequency)?;
        let period = around.period(frequency, basis);
        let step = months(frequency);
        let (mut length, mut accrued, mut late) = (0.0, 0.0, first);
        for left in (1..=Coupons::around(issue, first, frequency)?.count as i64).rev() {
            let early = late.plus_months(-step, false)?;
            let normal = if basis == Basis::Actual { not_negative(basis.days(early, late)) } else { period };
            let whole = if left > 1 { normal } else { not_negative(basis.days(issue, late)) };
            let from = if issue.serial > early.serial { issue } else { early };
            let to = if settlement.serial < late.serial { settlement } else { late };
            length += whole / normal;
            accrued += not_negative(basis.days(from, to)) / normal;
            late = early;
        }
        let to_next = match basis {
            Basis::Actual360 | Basis::Actual365 => not_negative(basis.days(settlement, around.next)),
            basis => period - basis.days(around.previous, settlement),
        };
        let whole = whole_periods(settlement, first, step)?;
        Ok(OddFirst {
            frequency,
            first: length,
            accrued,
            to_first: whole + to_next / period,
            later: Coupons::around(first, maturity, frequency)?.count,
        })
    }

    fn price(&self, rate: f64, yld: f64, redemption: f64) -> f64 {
        let coupon = 100.0 * rate / self.frequency;
        let growth = 1.0 + yld / self.frequency;
        let mut price = redemption / libm::pow(growth, self.to_first + self.later)
            + coupon * self.first / libm::pow(growth, self.to_first);
        for k in 1..=self.later as u32 {
            price += coupon / libm::pow(growth, self.to_first + f64::from(k));
        }
        price - coupon * self.accrued
    }
}

/// Whole coupon periods from the first coupon date after settlement to the first coupon.
fn whole_periods(settlement: Day, first: Day, step: i64) -> Result<f64> {
    let to_last = first.is_last();
    let mut date = settlement.plus_months(0, to_last)?;
    let mut count = if settlement.serial < date.serial { 1.0 } else { 0.0 };
    date = date.plus_months(step, to_last)?;
    while date.serial < first.serial {
        count += 1.0;
        date = date.plus_months(step, to_last)?;
    }
    Ok(count)
}

/// The price per 100 of a bond with an odd first period.
fn oddfprice(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (maturity, first) = (Day::of(args, 1, context)?, Day::of(args, 3, context)?);
    let bond = OddFirst::read(args, context)?;
    // Excel also wants the first coupon to lie whole periods before maturity.
    if Coupons::around(first, maturity, bond.frequency)?.previous.serial != first.serial {
        return Err(CellError::Num);
    }
    context.spend(bond.later as u64)?;
    Ok(bond.price(args.number(4), args.number(5), args.number(6)).into())
}

/// The yield of a bond with an odd first period.
fn oddfyield(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let bond = OddFirst::read(args, context)?;
    let (rate, pr, redemption) = (args.number(4), args.number(5), args.number(6));
    context.spend((bond.later as u64).saturating_mul(30))?;
    yield_of(&|yld| bond.price(rate, yld, redemption) - pr, bond.frequency).map(Value::from)
}

/// A bond with an odd last period, in regular periods.
struct OddLast {
    frequency: f64,
    /// The last period.
    length: f64,
    /// What has accrued of it at settlement.
    accrued: f64,
    /// What is left of it.
    left: f64,
}

impl OddLast {
    fn read(args: &Args<'_>, context: &dyn Context) -> Result<OddLast> {
        let day = |index| Day::of(args, index, context);
        let (settlement, maturity, last) = (day(0)?, day(1)?, day(2)?);
        let (frequency, basis) = (frequency(args, 6)?, basis(args, 7)?);
        let in_order = maturity.serial > settlement.serial && settlement.serial > last.serial;
        if !in_order || args.number(3) < 0.0 || args.number(4) < 0.0 || args.number(5) <= 0.0 {
            return Err(CellError::Num);
        }
        let span = |from: Day, to: Day| {
            not_negative(if basis == Basis::Us30 {
                us_days(from, to, Moves::Both)
            } else {
                basis.days(from, to)
            })
        };
        let count = Coupons::around(last, maturity, frequency)?.count as i64;
        let mut odd = OddLast { frequency, length: 0.0, accrued: 0.0, left: 0.0 };
        let mut early = last;
        for k in 1..=count {
            let late = early.plus_months(months(frequency), false)?;
            let normal = span(early, late);
            let whole = if k < count { normal } else { span(early, maturity) };
            let accrued = if late.serial < settlement.serial {
                whole
            } else if early.serial < settlement.serial {
                not_negative(basis.days(early, settlement))
            } else {
                0.0
            };
            let from = if settlement.serial > early.serial { settlement } else { early };
            let to = if maturity.serial < late.serial { maturity } else { late };
            odd.length += whole / normal;
            odd.accrued += accrued / normal;
            odd.left += not_negative(basis.days(from, to)) / normal;
            early = late;
        }
        Ok(odd)
    }
}

/// The price per 100 of a bond with an odd last period.
fn oddlprice(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let odd = OddLast::read(args, context)?;
    let (coupon, yld) = (100.0 * args.number(3) / odd.frequency, args.number(4));
    let paid = odd.length * coupon + args.number(5);
    Ok((paid / (odd.left * yld / odd.frequency + 1.0) - odd.accrued * coupon).into())
}

/// The yield of a bond with an odd last period.
fn oddlyield(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let odd = OddLast::read(args, context)?;
    let (coupon, pr) = (100.0 * args.number(3) / odd.frequency, args.number(4));
    let paid = odd.accrued * coupon + pr;
    if paid <= 0.0 {
        return Err(CellError::Num);
    }
    Ok(((odd.length * coupon + args.number(5) - paid) / paid * odd.frequency / odd.left).into())
}
