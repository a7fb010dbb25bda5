//! Depreciation by straight line, by digits of the years and by declining balance.

use crate::numeric::decimal::{self, Direction};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const COST: Param = Param::number("cost");
const SALVAGE: Param = Param::number("salvage");
const LIFE: Param = Param::number("life");
const PERIOD: Param = Param::number("period");
const FACTOR: Param = Param::number("factor").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("DB", &[COST, SALVAGE, LIFE, PERIOD, Param::number("month").optional()], db),
    Function::plain("DDB", &[COST, SALVAGE, LIFE, PERIOD, FACTOR], ddb),
    Function::plain("SLN", &[COST, SALVAGE, LIFE], sln),
    Function::plain("SYD", &[COST, SALVAGE, LIFE, Param::number("per")], syd),
    Function::context(
        "VDB",
        &[
            COST,
            SALVAGE,
            LIFE,
            Param::number("start_period"),
            Param::number("end_period"),
            FACTOR,
            Param::bool("no_switch").optional(),
        ],
        vdb,
    ),
];

/// The same for every period.
fn sln(args: &Args<'_>) -> Result<Value> {
    let life = args.number(2);
    if life == 0.0 { Err(CellError::Div0) } else { Ok(((args.number(0) - args.number(1)) / life).into()) }
}

/// By the digits of the years that are left.
fn syd(args: &Args<'_>) -> Result<Value> {
    let (cost, salvage, life, per) = (args.number(0), args.number(1), args.number(2), args.number(3));
    if salvage < 0.0 || life <= 0.0 || per <= 0.0 || per > life {
        return Err(CellError::Num);
    }
    Ok(((cost - salvage) * (life - per + 1.0) * 2.0 / (life * (life + 1.0))).into())
}

/// By a fixed rate of the balance, rounded to three digits, with a first year of some months.
fn db(args: &Args<'_>) -> Result<Value> {
    let (cost, salvage, life, period) = (args.number(0), args.number(1), args.number(2), args.number(3));
    let month = args.number_if_given(4, 12.0).trunc();
    let last = if month < 12.0 { life + 1.0 } else { life };
    if cost < 0.0
        || salvage < 0.0
        || life <= 0.0
        || period <= 0.0
        || !(1.0..=12.0).contains(&month)
        || period > last
    {
        return Err(CellError::Num);
    }
    if cost == 0.0 {
        return Ok(0.0.into());
    }
    let rate = decimal::round(1.0 - libm::pow(salvage / cost, 1.0 / life), 3, Direction::Nearest);
    let first = cost * rate * month / 12.0;
    let period = period.trunc();
    if period <= 1.0 {
        return Ok(first.into());
    }
    let balance = (cost - first) * libm::pow(1.0 - rate, period - 2.0);
    Ok(if period > life { balance * rate * (12.0 - month) / 12.0 } else { balance * rate }.into())
}

/// A declining balance.
#[derive(Clone, Copy)]
struct Declining {
    cost: f64,
    salvage: f64,
    life: f64,
    /// The part of the balance that a period takes.
    rate: f64,
}

impl Declining {
    fn read(args: &Args<'_>, factor: usize) -> Result<Declining> {
        let (cost, salvage, life) = (args.number(0), args.number(1), args.number(2));
        let factor = args.number_if_given(factor, 2.0);
        if cost < 0.0 || salvage < 0.0 || life <= 0.0 || factor <= 0.0 {
            return Err(CellError::Num);
        }
        Ok(Declining { cost, salvage, life, rate: factor / life })
    }

    /// What a period takes of a balance, which does not fall below the salvage.
    fn step(&self, balance: f64) -> f64 {
        (balance * self.rate).min(balance - self.salvage).max(0.0)
    }

    /// All depreciation up to a point of time, without a switch.
    fn total(&self, time: f64) -> f64 {
        let whole = time.floor();
        let left = self.cost * libm::pow((1.0 - self.rate).max(0.0), whole);
        let balance = left.max(self.salvage.min(self.cost));
        self.cost - balance + self.step(balance) * (time - whole)
    }

    /// All depreciation up to a point of time, by straight line as soon as that takes more.
    fn total_with_switch(&self, time: f64) -> f64 {
        let (mut total, mut period) = (0.0, 0.0);
        loop {
            let balance = self.cost - total;
            let straight = (balance - self.salvage) / (self.life - period);
            let declining = self.step(balance);
            let switches = declining < straight;
            let step = if switches { straight } else { declining };
            if period + 1.0 > time {
                // After the last whole period of life there is nothing left to take.
                let over = switches && period > 0.0 && period == self.life.trunc();
                return total + if over { 0.0 } else { step * (time - period) };
            }
            total += step;
            period += 1.0;
        }
    }
}

/// By a multiple of the straight line's rate of the balance.
fn ddb(args: &Args<'_>) -> Result<Value> {
    let asset = Declining::read(args, 4)?;
    let period = args.number(3);
    if period <= 0.0 || period > asset.life {
        return Err(CellError::Num);
    }
    let value = if period < 1.0 {
        asset.step(asset.cost)
    } else if period < 2.0 {
        asset.total(period)
    } else {
        asset.total(period) - asset.total(period - 1.0)
    };
    Ok(value.into())
}

/// By declining balance over any span of time, with or without a switch to the straight line.
fn vdb(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let asset = Declining::read(args, 5)?;
    let (start, end) = (args.number(3), args.number(4));
    if start < 0.0 || end < start || end > asset.life {
        return Err(CellError::Num);
    }
    if args.bool(6) {
        return Ok((asset.total(end) - asset.total(start)).into());
    }
    context.spend((end * 2.0) as u64)?;
    Ok((asset.total_with_switch(end) - asset.total_with_switch(start)).into())
}
