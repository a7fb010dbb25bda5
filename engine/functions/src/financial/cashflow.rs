//! Values of cash flows at equal steps of time.

use crate::numeric::{Counting, for_each_number, numbers_of, powers, strict};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const VALUES: Param = Param::values("values");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "FVSCHEDULE",
        &[Param::strict_number("principal"), Param::values("schedule")],
        fvschedule,
    ),
    Function::context("IRR", &[VALUES, Param::number("guess").optional()], irr),
    Function::context("MIRR", &[VALUES, Param::number("finance_rate"), Param::number("reinvest_rate")], mirr),
    Function::context("NPV", &[Param::number("rate"), Param::values("value")], npv).repeating(1),
];

/// A principal after a schedule of rates.
fn fvschedule(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let mut value = args.number(0);
    strict::for_each_number(args.from(1), context, &mut |rate| {
        value *= 1.0 + rate;
        Ok(())
    })?;
    Ok(value.into())
}

/// The present value of flows at the ends of the periods.
fn npv(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let growth = 1.0 + args.number(0);
    if growth == 0.0 {
        return Err(CellError::Div0);
    }
    let (mut value, mut period) = (0.0, 0.0);
    for_each_number(args.from(1), Counting::Numbers, context, &mut |flow| {
        period += 1.0;
        value += flow / powers::pow(growth, period);
    })?;
    Ok(value.into())
}

/// The present value at the first flow, and its derivative by the rate.
fn value_and_slope(flows: &[f64], rate: f64) -> (f64, f64) {
    let growth = 1.0 + rate;
    let (mut value, mut slope, mut factor) = (0.0, 0.0, 1.0);
    for (period, flow) in flows.iter().enumerate() {
        value += flow * factor;
        factor /= growth;
        slope -= period as f64 * flow * factor;
    }
    (value, slope)
}

/// Newton's method from a guess.
fn newton(flows: &[f64], guess: f64) -> Option<f64> {
    let mut rate = guess;
    for _ in 0..50 {
        let (value, slope) = value_and_slope(flows, rate);
        let next = rate - value / slope;
        if !next.is_finite() || next <= -1.0 {
            return None;
        }
        if (next - rate).abs() <= 1e-14 * (1.0 + next.abs()) || value == 0.0 {
            return Some(next);
        }
        rate = next;
    }
    // What still swings by rounding alone is settled too.
    let (value, slope) = value_and_slope(flows, rate);
    ((value / slope).abs() < 1e-9).then_some(rate)
}

/// The root next to the guess of those that steps to both sides find between two signs.
fn bracketed(flows: &[f64], guess: f64) -> Option<f64> {
    let value = |rate: f64| value_and_slope(flows, rate).0;
    let (mut below, mut above) = (guess, guess);
    for _ in 0..60 {
        // Down to −1 by halving what is left, upward by growing steps.
        let lower = (below - 1.0) / 2.0;
        let upper = above * 1.5 + 0.1;
        for (a, b) in [(lower, below), (above, upper)] {
            if value(a) * value(b) <= 0.0 {
                return Some(bisect(&value, a, b));
            }
        }
        (below, above) = (lower, upper);
    }
    None
}

fn bisect(value: &dyn Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let sign = value(low) > 0.0;
    for _ in 0..100 {
        let middle = low + (high - low) / 2.0;
        if (value(middle) > 0.0) == sign {
            low = middle;
        } else {
            high = middle;
        }
    }
    low + (high - low) / 2.0
}

/// The rate at which the flows are worth nothing.
fn irr(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if let Value::Error(error) = args.value(0) {
        return Err(*error);
    }
    // An error among the flows is a wrong argument, whichever it is.
    let flows = numbers_of(args, 0, context)
        .map_err(|error| if error == CellError::Calc { error } else { CellError::Value })?;
    let guess = args.number_if_given(1, 0.1);
    let both_signs = flows.iter().any(|flow| *flow > 0.0) && flows.iter().any(|flow| *flow < 0.0);
    if !both_signs || guess <= -1.0 {
        return Err(CellError::Num);
    }
    context.spend((flows.len() as u64).saturating_mul(100))?;
    let rate = newton(&flows, guess).or_else(|| bracketed(&flows, guess));
    rate.map(Value::from).ok_or(CellError::Num)
}

/// The rate with costs financed at one rate and gains reinvested at another.
fn mirr(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let flows = numbers_of(args, 0, context)?;
    let (finance, reinvest) = (1.0 + args.number(1), 1.0 + args.number(2));
    let count = flows.len() as f64;
    if finance == 0.0 || reinvest == 0.0 {
        return Err(CellError::Div0);
    }
    let (mut gains, mut costs) = (0.0, 0.0);
    for (period, flow) in flows.iter().enumerate() {
        if *flow > 0.0 {
            gains += flow / libm::pow(reinvest, period as f64);
        } else {
            costs += flow / libm::pow(finance, period as f64);
        }
    }
    // Without gains all is lost, which is a rate; without costs there is none.
    if costs == 0.0 || count < 2.0 {
        return Err(CellError::Div0);
    }
    let ratio = -gains * libm::pow(reinvest, count - 1.0) / costs;
    crate::numeric::power(ratio, 1.0 / (count - 1.0)).map(|growth| (growth - 1.0).into())
}
