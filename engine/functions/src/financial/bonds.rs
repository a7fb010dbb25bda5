//! Prices, yields and durations of bonds with regular coupons, and accrued interest.

use super::day_count::{BASIS, Basis, Coupons, Day, FREQUENCY, Moves, basis, frequency, months, us_days};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const SETTLEMENT: Param = Param::strict_number("settlement");
const MATURITY: Param = Param::strict_number("maturity");
const RATE: Param = Param::strict_number("rate");
const REDEMPTION: Param = Param::strict_number("redemption");
const DURATION: &[Param] =
    &[SETTLEMENT, MATURITY, Param::strict_number("coupon"), Param::strict_number("yld"), FREQUENCY, BASIS];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "ACCRINT",
        &[
            Param::strict_number("issue"),
            Param::strict_number("first_interest"),
            SETTLEMENT,
            RATE,
            Param::strict_number("par").optional(),
            FREQUENCY,
            BASIS,
            Param::bool("calc_method").optional(),
        ],
        accrint,
    ),
    Function::context("DURATION", DURATION, duration),
    Function::context("MDURATION", DURATION, mduration),
    Function::context(
        "PRICE",
        &[SETTLEMENT, MATURITY, RATE, Param::strict_number("yld"), REDEMPTION, FREQUENCY, BASIS],
        price,
    ),
    Function::context(
        "YIELD",
        &[SETTLEMENT, MATURITY, RATE, Param::strict_number("pr"), REDEMPTION, FREQUENCY, BASIS],
        yield_,
    ),
];

/// A bond at its settlement. Times are in coupon periods.
struct Bond {
    /// Coupons that are left.
    count: f64,
    /// What has passed of the current period.
    passed: f64,
    /// What is left of it.
    left: f64,
    frequency: f64,
}

impl Bond {
    fn new(settlement: Day, maturity: Day, frequency: f64, basis: Basis) -> Result<Bond> {
        if settlement.serial >= maturity.serial {
            return Err(CellError::Num);
        }
        let coupons = Coupons::around(settlement, maturity, frequency)?;
        let period = coupons.period(frequency, basis);
        let passed = basis.days(coupons.previous, settlement) / period;
        Ok(Bond { count: coupons.count, passed, left: 1.0 - passed, frequency })
    }

    /// The price per 100 at a yield.
    fn price(&self, rate: f64, yld: f64, redemption: f64) -> f64 {
        let coupon = 100.0 * rate / self.frequency;
        let growth = 1.0 + yld / self.frequency;
        let accrued = coupon * self.passed;
        if self.count == 1.0 {
            return (redemption + coupon) / (1.0 + self.left * yld / self.frequency) - accrued;
        }
        let coupons = annuity(growth, self.count) * libm::pow(growth, 1.0 - self.left) * coupon;
        redemption / libm::pow(growth, self.count - 1.0 + self.left) + coupons - accrued
    }
}

/// The value of `count` payments of 1, the first after one period: growth⁻¹ + growth⁻² + …
fn annuity(growth: f64, count: f64) -> f64 {
    let interest = growth - 1.0;
    if interest.abs() < 1e-9 {
        // So near to no interest the series' first two terms say it all.
        return count - interest * count * (count + 1.0) / 2.0;
    }
    -libm::expm1(-count * libm::log1p(interest)) / interest
}

/// The price per 100 of a bond.
fn price(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (rate, yld, redemption) = (args.number(2), args.number(3), args.number(4));
    let (frequency, basis) = (frequency(args, 5)?, basis(args, 6)?);
    if rate < 0.0 || yld < 0.0 || redemption <= 0.0 {
        return Err(CellError::Num);
    }
    let bond = Bond::new(Day::of(args, 0, context)?, Day::of(args, 1, context)?, frequency, basis)?;
    Ok(bond.price(rate, yld, redemption).into())
}

/// The yield at which a bond has its price.
fn yield_(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (rate, pr, redemption) = (args.number(2), args.number(3), args.number(4));
    let (frequency, basis) = (frequency(args, 5)?, basis(args, 6)?);
    if rate < 0.0 || pr <= 0.0 || redemption <= 0.0 {
        return Err(CellError::Num);
    }
    let bond = Bond::new(Day::of(args, 0, context)?, Day::of(args, 1, context)?, frequency, basis)?;
    if bond.count == 1.0 {
        let paid = pr / 100.0 + bond.passed * rate / frequency;
        let gain = (redemption / 100.0 + rate / frequency) / paid - 1.0;
        return Ok((gain * frequency / bond.left).into());
    }
    yield_of(&|yld| bond.price(rate, yld, redemption) - pr, frequency).map(Value::from)
}

/// The yield at which a falling function of it is 0, by Newton's method within a bracket. Yields reach down to
/// where a period's growth is 0.
pub(super) fn yield_of(excess: &dyn Fn(f64) -> f64, frequency: f64) -> Result<f64> {
    let (mut low, mut high) = (-frequency, f64::INFINITY);
    let mut yld = 0.05;
    for _ in 0..200 {
        let error = excess(yld);
        if error == 0.0 {
            return Ok(yld);
        }
        // A price above means that the yield is too low. What is no number lies beyond the lower end.
        if error > 0.0 || error.is_nan() {
            low = yld;
        } else {
            high = yld;
        }
        let width = 1e-6 * (1.0 + yld.abs());
        let slope = (excess(yld + width) - excess(yld - width)) / (2.0 * width);
        let newton = yld - error / slope;
        let next = if newton > low && newton < high {
            newton
        } else if high.is_infinite() {
            low.abs() * 2.0 + 1.0
        } else {
            low + (high - low) / 2.0
        };
        if (next - yld).abs() <= 1e-15 * (1.0 + yld.abs()) {
            return Ok(next);
        }
        yld = next;
    }
    if yld.is_finite() && excess(yld).abs() < 1e-6 { Ok(yld) } else { Err(CellError::Num) }
}

/// Macaulay's duration in years, and the growth of one period.
fn macaulay(args: &Args<'_>, context: &dyn Context) -> Result<(f64, f64)> {
    let (rate, yld) = (args.number(2), args.number(3));
    let (frequency, basis) = (frequency(args, 4)?, basis(args, 5)?);
    if rate < 0.0 || yld < 0.0 {
        return Err(CellError::Num);
    }
    let bond = Bond::new(Day::of(args, 0, context)?, Day::of(args, 1, context)?, frequency, basis)?;
    let (growth, coupon) = (1.0 + yld / frequency, 100.0 * rate / frequency);
    context.spend(bond.count as u64)?;
    let last = bond.count - 1.0 + bond.left;
    let (mut weighted, mut value) = (0.0, 0.0);
    for k in 0..bond.count as u32 {
        let time = f64::from(k) + bond.left;
        let part = coupon / libm::pow(growth, time);
        weighted += part * time;
        value += part;
    }
    let redemption = 100.0 / libm::pow(growth, last);
    Ok(((weighted + redemption * last) / (value + redemption) / frequency, growth))
}

/// The mean time to a bond's payments, weighted by their present values.
fn duration(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    macaulay(args, context).map(|(years, _)| years.into())
}

/// The duration over one period's growth: how a price answers to its yield.
fn mduration(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    macaulay(args, context).map(|(years, growth)| (years / growth).into())
}

/// Interest accrued since issue (or, with a false method, without the full periods before the first coupon).
///
/// Excel counts from the coupon date before the first interest: the days from there to settlement, negative
/// before it, and then period by period back to the issue.
fn accrint(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (issue, first, settlement) =
        (Day::of(args, 0, context)?, Day::of(args, 1, context)?, Day::of(args, 2, context)?);
    let (rate, par) = (args.number(3), args.number_if_given(4, 1000.0));
    let (frequency, basis) = (frequency(args, 5)?, basis(args, 6)?);
    let whole_periods = f64::from(u8::from(args.bool_or(7, true)));
    if rate <= 0.0 || par <= 0.0 || issue.serial >= settlement.serial {
        return Err(CellError::Num);
    }
    let (step, to_last) = (months(frequency), first.is_last());
    let mut end = -1;
    if settlement.serial > first.serial && whole_periods > 0.0 {
        end = 0;
        while first.plus_months(end * step, to_last)?.serial < settlement.serial {
            end += 1;
        }
    }
    let mut date = first.plus_months(end * step, to_last)?;
    let coupons = Coupons { previous: date, next: first, count: 1.0 };
    let from = if issue.serial > date.serial { issue } else { date };
    let period = match basis {
        Basis::Actual if end != -1 => (date.serial - date.plus_months(-step, to_last)?.serial) as f64,
        basis => coupons.period(frequency, basis),
    };
    let mut periods = basis.days(from, settlement) / period;
    while date.serial > issue.serial {
        end -= 1;
        let earlier = first.plus_months(end * step, to_last)?;
        periods += if issue.serial <= earlier.serial {
            whole_periods
        } else {
            part_of_period(issue, earlier, date, frequency, basis)
        };
        date = earlier;
    }
    Ok((par * rate / frequency * periods).into())
}

/// The part of a coupon period from an issue within it.
fn part_of_period(issue: Day, start: Day, end: Day, frequency: f64, basis: Basis) -> f64 {
    match basis {
        Basis::Us30 => us_days(issue, end, Moves::Start) / us_days(start, end, Moves::Both),
        Basis::Actual360 => basis.days(issue, end) / us_days(start, end, Moves::Start),
        Basis::Actual365 => basis.days(issue, end) / (365.0 / frequency),
        basis => basis.days(issue, end) / basis.days(start, end),
    }
}
