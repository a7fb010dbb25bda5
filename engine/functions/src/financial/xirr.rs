//! Values of cash flows at any dates.
//!
//! Excel finds XIRR by halving an interval that grows from the guess, and stops while the eighth digit is still
//! open. The same halving gives the same digits: results of Excel's are the guess times a whole number over a power
//! of two, and the limits at which it stops are taken from such results.

use crate::numbers::Numbers;
use crate::numeric::{powers, strict};
use crate::{Args, Context, Function, Param};
use values::{Area, CellError, Result, Value};

const VALUES: Param = Param::values("values");
const DATES: Param = Param::values("dates");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("XIRR", &[VALUES, DATES, Param::strict_number("guess").optional()], xirr),
    Function::context("XNPV", &[Param::strict_number("rate"), VALUES, DATES], xnpv),
];

/// A flow and the years from the first one.
struct Flow {
    amount: f64,
    years: f64,
}

/// Whether the first date must be the earliest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// XNPV's present is the first date, and nothing may lie before it.
    FirstIsEarliest,
    /// XIRR has no present. Microsoft's page asks for the same of it, but Excel takes any order.
    Any,
}

/// Amounts or dates: where they lie, if they stand in a column without gaps whose numbers are at hand, as schedules do.
enum Read<'a> {
    InPlace(Numbers<'a>),
    /// Place by place, no number (NaN) for an empty cell, and how many places there are in all.
    Copied(Vec<f64>, u64),
}

impl<'a> Read<'a> {
    fn of(value: &Value, context: &'a dyn Context) -> Result<Read<'a>> {
        if let Value::Range(sheet, rect) = value
            && let Some(numbers) = Numbers::of(Area { sheet: *sheet, rect: *rect }, context)
            && numbers.are_all()
        {
            return Ok(Read::InPlace(numbers));
        }
        let view = context.look(value)?;
        let used = u64::from(view.used_rows()).saturating_mul(u64::from(view.cols()));
        context.spend(used)?;
        let number = |index: u64| match view.at(index) {
            Value::Empty => Ok(f64::NAN),
            value => strict::number(value, context),
        };
        Ok(Read::Copied((0..used).map(number).collect::<Result<_>>()?, view.count()))
    }

    fn numbers(&self) -> &[f64] {
        match self {
            Read::InPlace(numbers) => numbers.rows(),
            Read::Copied(numbers, _) => numbers,
        }
    }

    fn count(&self) -> u64 {
        match self {
            Read::InPlace(numbers) => numbers.rows().len() as u64,
            Read::Copied(_, count) => *count,
        }
    }
}

/// The flows of amounts at dates, one after the other. An empty cell beside a date or an amount is a 0, as users report
/// of Excel; where both are empty, that is a flow of nothing on day 0 to XIRR and none at all to XNPV.
fn flows<'a>(
    amounts: &'a Read,
    dates: &'a Read,
    order: Order,
    context: &dyn Context,
) -> Result<impl Iterator<Item = Result<Flow>> + use<'a>> {
    if amounts.count() != dates.count() {
        return Err(CellError::Num);
    }
    let (amounts, dates) = (amounts.numbers(), dates.numbers());
    let number =
        |numbers: &[f64], place: usize| numbers.get(place).copied().filter(|number| !number.is_nan());
    let flows = (0..amounts.len().max(dates.len()))
        .map(move |place| (number(amounts, place), number(dates, place)))
        .filter(move |flow| order == Order::Any || *flow != (None, None))
        .map(|(amount, date)| (amount.unwrap_or(0.0), date.unwrap_or(0.0).trunc()));
    let (_, first) = flows.clone().next().ok_or(CellError::Num)?;
    let last = context.date_system().max_serial() as f64;
    Ok(flows.map(move |(amount, date)| {
        let valid = (order == Order::Any || date >= first) && (0.0..=last).contains(&date);
        if valid { Ok(Flow { amount, years: (date - first) / 365.0 }) } else { Err(CellError::Num) }
    }))
}

impl Flow {
    fn value(&self, rate: f64) -> f64 {
        self.amount / powers::pow(1.0 + rate, self.years)
    }
}

fn value(flows: &[Flow], rate: f64) -> f64 {
    flows.iter().fold(0.0, |sum, flow| sum + flow.value(rate))
}

/// The present value of flows at given dates.
fn xnpv(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let rate = args.number(0);
    let (amounts, dates) = (Read::of(args.value(1), context)?, Read::of(args.value(2), context)?);
    let mut flows = flows(&amounts, &dates, Order::FirstIsEarliest, context)?;
    if rate <= 0.0 {
        return Err(CellError::Num);
    }
    flows.try_fold(0.0, |sum, flow| Ok(sum + flow?.value(rate))).map(Value::from)
}

/// The rate at which flows at given dates are worth nothing.
fn xirr(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    // An error among the dates is told before one among the amounts, as a result of Excel shows.
    let dates = Read::of(args.value(1), context)?;
    let amounts = Read::of(args.value(0), context)?;
    let flows: Vec<Flow> = flows(&amounts, &dates, Order::Any, context)?.collect::<Result<_>>()?;
    let guess = args.number_if_given(2, 0.1);
    let both_signs = flows.iter().any(|flow| flow.amount > 0.0) && flows.iter().any(|flow| flow.amount < 0.0);
    if !both_signs || guess <= -1.0 {
        return Err(CellError::Num);
    }
    context.spend((flows.len() as u64).saturating_mul(200))?;
    if stays_at_0(&flows, guess) {
        return Ok(halved(&|_| true, 0.0, guess).into());
    }
    let (low, high) = interval(&flows, guess).ok_or(CellError::Num)?;
    // The sign at the upper end; at −1 itself there is no value.
    let upper = value(&flows, high) > 0.0;
    Ok(halved(&|middle| (value(&flows, middle) > 0.0) == upper, low, high).into())
}

/// Whether Excel halves down to 0 without finding a root, and shows 2.98E-09 from the usual guess: where the first
/// flow is 0, and where a root below 0 is looked for while all later flows together have the first one's sign, as
/// after savings of many payments that lost more than the first of them. Reports of Excel's results agree on both.
fn stays_at_0(flows: &[Flow], guess: f64) -> bool {
    let (Some(first), true) = (flows.first(), guess > 0.0) else { return false };
    let later = flows.iter().skip(1).fold(0.0, |sum, flow| sum + flow.amount);
    if first.amount == 0.0 {
        return true;
    }
    let (at_0, at_guess) = (value(flows, 0.0), value(flows, guess));
    later * first.amount > 0.0 && at_0 * at_guess > 0.0 && at_guess.abs() > at_0.abs()
}

/// How near to −1 the search begins. A root still nearer is none that the result's eighth digit could tell from −1;
/// Excel gives `#NUM!` then.
const LEAST: f64 = 1e-7;

/// An interval at whose ends the value has different signs: from 0 to the guess, then doubling upward, then
/// below 0.
fn interval(flows: &[Flow], guess: f64) -> Option<(f64, f64)> {
    let crosses = |low: f64, high: f64| {
        let (a, b) = (value(flows, low), value(flows, high));
        (a * b <= 0.0).then_some((low, high))
    };
    let step = if guess == 0.0 { 1e-5 } else { guess.abs() };
    let upward = || {
        let mut low = 0.0;
        let mut high = step;
        for _ in 0..60 {
            if let Some(found) = crosses(low, high) {
                return Some(found);
            }
            (low, high) = (high, high * 2.0);
        }
        None
    };
    let down = -step.min(0.5);
    let downward = || crosses(down, 0.0).or_else(|| crosses(-1.0 + LEAST, down).map(|_| (-1.0, down)));
    if guess < 0.0 { downward().or_else(upward) } else { upward().or_else(downward) }
}

/// Half of the interval at which the halving ends, for each unit of one more than the rate's size. Results of Excel's
/// leave room between 5.26E-9 and 5.48E-9.
const LIMIT: f64 = 5.4e-9;

/// Halves until half of the interval is below the limit; its middle is the result. `is_above` says whether a rate
/// lies above the root.
fn halved(is_above: &dyn Fn(f64) -> bool, mut low: f64, mut high: f64) -> f64 {
    loop {
        let middle = (low + high) / 2.0;
        if (high - low) / 2.0 <= LIMIT * (1.0 + middle.abs()) || middle <= low || middle >= high {
            return middle;
        }
        if is_above(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
}
