//! Depreciation by the rules of French accounting.

use super::day_count::{BASIS, Basis, Day, basis};
use crate::numeric::decimal::{self, Direction};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const PARAMS: &[Param] = &[
    Param::strict_number("cost"),
    Param::strict_number("date_purchased"),
    Param::strict_number("first_period"),
    Param::strict_number("salvage"),
    Param::strict_number("period"),
    Param::strict_number("rate"),
    BASIS,
];

pub(crate) const FUNCTIONS: &[Function] =
    &[Function::context("AMORDEGRC", PARAMS, amordegrc), Function::context("AMORLINC", PARAMS, amorlinc)];

struct Asset {
    cost: f64,
    salvage: f64,
    period: f64,
    rate: f64,
    /// Whole years of life.
    life: f64,
    /// The part of a year from purchase to the end of the first period.
    first_years: f64,
}

impl Asset {
    fn read(args: &Args<'_>, context: &dyn Context) -> Result<Asset> {
        let (purchase, first) = (Day::of(args, 1, context)?, Day::of(args, 2, context)?);
        let (cost, salvage, rate) = (args.number(0), args.number(3), args.number(5));
        let period = args.number(4);
        let basis = basis(args, 6)?;
        let in_order = purchase.serial <= first.serial && salvage <= cost;
        if cost < 0.0
            || salvage < 0.0
            || period < 0.0
            || rate <= 0.0
            || !in_order
            || basis == Basis::Actual360
        {
            return Err(CellError::Num);
        }
        let year = match basis {
            Basis::Actual => basis.year(purchase.year_start()?, purchase.year_start()?),
            basis => basis.year(purchase, purchase),
        };
        let (from, to) = match basis {
            Basis::Actual | Basis::Actual365 => (purchase.without_leap_day()?, first.without_leap_day()?),
            _ => (purchase, first),
        };
        let life = (1.0 / rate).ceil();
        Ok(Asset { cost, salvage, period, rate, life, first_years: basis.days(from, to) / year })
    }

    /// The first period's depreciation at a rate, and the years of life that this leaves in all.
    fn first(&self, rate: f64) -> (f64, f64) {
        let part = self.first_years * rate * self.cost;
        let (first, life) = if part == 0.0 { (self.cost * rate, self.life) } else { (part, self.life + 1.0) };
        (first.min(self.cost - self.salvage), life)
    }

    fn is_over(&self) -> bool {
        self.cost == self.salvage || self.period > self.life
    }
}

/// The same for every period.
fn amorlinc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let asset = Asset::read(args, context)?;
    if asset.is_over() {
        return Ok(0.0.into());
    }
    let (first, _) = asset.first(asset.rate);
    if asset.period == 0.0 {
        return Ok(first.into());
    }
    let yearly = asset.rate * asset.cost;
    // Excel does not cut the period, and a part of the first one counts as a whole.
    let whole = asset.period.floor();
    if whole < 1.0 {
        return Ok(yearly.into());
    }
    let left = asset.cost - asset.salvage - first - (whole - 1.0) * yearly;
    Ok(left.clamp(0.0, yearly).into())
}

/// By a rate of the balance that is the higher the longer the life, in whole units of money.
fn amordegrc(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let asset = Asset::read(args, context)?;
    let life = 1.0 / asset.rate;
    if life < 3.0 || (life > 4.0 && life < 5.0) {
        return Err(CellError::Num);
    }
    if asset.is_over() {
        return Ok(0.0.into());
    }
    let coefficient = match asset.life {
        3.0..=4.0 => 1.5,
        5.0..=6.0 => 2.0,
        _ => 2.5,
    };
    let mut rate = asset.rate * coefficient;
    let (first, life) = asset.first(rate);
    let first = decimal::round(first, 0, Direction::Nearest);
    if asset.period == 0.0 {
        return Ok(first.into());
    }
    let (mut balance, mut depreciation, mut period) = (asset.cost - first, 0.0, 1.0);
    while period <= asset.period {
        context.spend(1)?;
        period += 1.0;
        // The last but one year takes a half, and the last one all the rest.
        let halves = (life - period - 2.0).abs() < 1e-4;
        depreciation = if balance < asset.salvage {
            0.0
        } else if halves {
            balance * 0.5
        } else {
            rate * balance
        };
        if halves {
            rate = 1.0;
        }
        balance -= depreciation;
    }
    Ok(decimal::round(depreciation, 0, Direction::Nearest).into())
}
