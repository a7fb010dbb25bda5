//! Loans and savings with equal payments.
//!
//! All of them solve pv·(1+r)^n + pmt·(1 + r·type)·((1+r)^n − 1)÷r + fv = 0. Money paid out is negative.

use crate::numeric::powers;
use crate::{Args, Function, Param};
use values::{CellError, Result, Value, subtract};

const RATE: Param = Param::number("rate");
const PER: Param = Param::number("per");
const NPER: Param = Param::number("nper");
const PMT: Param = Param::number("pmt");
const PV: Param = Param::number("pv");
const FV: Param = Param::number("fv");
const TYPE: Param = Param::number("type");
const OF_PERIOD: &[Param] = &[RATE, PER, NPER, PV, FV.optional(), TYPE.optional()];
const CUMULATIVE: &[Param] = &[
    Param::strict_number("rate"),
    Param::strict_number("nper"),
    Param::strict_number("pv"),
    Param::strict_number("start_period"),
    Param::strict_number("end_period"),
    Param::strict_number("type"),
];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("CUMIPMT", CUMULATIVE, cumipmt),
    Function::plain("CUMPRINC", CUMULATIVE, cumprinc),
    Function::numeric("FV", &[RATE, NPER, PMT, PV.optional(), TYPE.optional()], fv),
    Function::numeric("IPMT", OF_PERIOD, ipmt),
    Function::numeric("ISPMT", &[RATE, PER, NPER, PV], ispmt),
    Function::numeric("NPER", &[RATE, PMT, PV, FV.optional(), TYPE.optional()], nper),
    Function::numeric("PMT", &[RATE, NPER, PV, FV.optional(), TYPE.optional()], pmt),
    Function::numeric("PPMT", OF_PERIOD, ppmt),
    Function::numeric("PV", &[RATE, NPER, PMT, FV.optional(), TYPE.optional()], pv),
    Function::plain(
        "RATE",
        &[NPER, PMT, PV, FV.optional(), TYPE.optional(), Param::number("guess").optional()],
        rate,
    ),
];

/// 1 where payments are due at the beginning of a period.
fn due(kind: f64) -> f64 {
    f64::from(u8::from(kind != 0.0))
}

/// A number, or `#NUM!` where it is none.
fn finite(number: f64) -> Result<f64> {
    if number.is_finite() { Ok(number) } else { Err(CellError::Num) }
}

/// (1+r)^n
fn growth(rate: f64, periods: f64) -> f64 {
    powers::pow(1.0 + rate, periods)
}

/// What payments of 1 grow to: ((1+r)^n − 1) ÷ r.
fn savings(rate: f64, periods: f64) -> f64 {
    savings_of(rate, periods, growth(rate, periods))
}

/// The same of the growth that is known.
fn savings_of(rate: f64, periods: f64, grown: f64) -> f64 {
    if rate == 0.0 { periods } else { (grown - 1.0) / rate }
}

fn future_value(rate: f64, periods: f64, payment: f64, present: f64, due: f64) -> f64 {
    let grown = growth(rate, periods);
    -(present * grown + payment * (1.0 + rate * due) * savings_of(rate, periods, grown))
}

fn payment(rate: f64, periods: f64, present: f64, future: f64, due: f64) -> Result<f64> {
    let grown = growth(rate, periods);
    let divisor = (1.0 + rate * due) * savings_of(rate, periods, grown);
    // A rate of −1 leaves nothing of a period; below it there is no growth that would mean anything.
    if divisor == 0.0 || rate <= -1.0 {
        return Err(CellError::Num);
    }
    finite(-(present * grown + future) / divisor)
}

/// The future value.
fn fv(args: &[f64]) -> Result<f64> {
    finite(future_value(args[0], args[1], args[2], args[3], due(args[4])))
}

/// The present value.
fn pv(args: &[f64]) -> Result<f64> {
    let (rate, periods, payment, future) = (args[0], args[1], args[2], args[3]);
    let grown = growth(rate, periods);
    let payments = payment * (1.0 + rate * due(args[4])) * savings_of(rate, periods, grown);
    finite(-(future + payments) / grown)
}

/// The payment of each period.
fn pmt(args: &[f64]) -> Result<f64> {
    payment(args[0], args[1], args[2], args[3], due(args[4]))
}

/// The number of periods.
fn nper(args: &[f64]) -> Result<f64> {
    let (rate, payment, present, future) = (args[0], args[1], args[2], args[3]);
    if rate == 0.0 {
        return finite(-(present + future) / payment);
    }
    let paid = payment * (1.0 + rate * due(args[4]));
    let ratio = (paid - future * rate) / (paid + present * rate);
    if ratio <= 0.0 || rate <= -1.0 {
        return Err(CellError::Num);
    }
    finite(libm::log(ratio) / libm::log1p(rate))
}

/// The payment of one period, and the interest in it.
fn of_period(args: &[f64]) -> Result<(f64, f64)> {
    let (rate, per, periods, present, future) = (args[0], args[1], args[2], args[3], args[4]);
    let due = due(args[5]);
    if per < 1.0 || per >= periods + 1.0 {
        return Err(CellError::Num);
    }
    let payment = payment(rate, periods, present, future, due)?;
    if due == 1.0 && per == 1.0 {
        return Ok((payment, 0.0));
    }
    let interest = future_value(rate, per - 1.0, payment, present, due) * rate;
    Ok((payment, finite(if due == 1.0 { interest / (1.0 + rate) } else { interest })?))
}

/// The interest part of a payment.
fn ipmt(args: &[f64]) -> Result<f64> {
    of_period(args).map(|(_, interest)| interest)
}

/// The part of a payment that pays back.
fn ppmt(args: &[f64]) -> Result<f64> {
    let (payment, interest) = of_period(args)?;
    let difference = subtract(payment, interest);
    let (rate, per, due) = (args[0], args[1], due(args[5]));
    if rate <= 0.0 || difference.abs() >= payment.abs() * 1e-6 || (due == 1.0 && per == 1.0) {
        return Ok(difference);
    }
    // Where next to nothing is paid back, the difference has no digits left. Excel's own results have them.
    let repaid = -(args[3] + args[4]) * growth(rate, per - 1.0 - due) / savings(rate, args[2]);
    Ok(if repaid.is_finite() && repaid != 0.0 { repaid } else { difference })
}

/// The interest of a period of a loan that is paid back in equal parts.
fn ispmt(args: &[f64]) -> Result<f64> {
    let (rate, per, periods, present) = (args[0], args[1], args[2], args[3]);
    if periods == 0.0 {
        return Err(CellError::Div0);
    }
    Ok(present * rate * (per / periods - 1.0))
}

/// Interest and repayment of the periods from a first to a last one, both included.
///
/// The repayment is summed up; the rest of the payments is interest.
fn cumulated(args: &Args<'_>) -> Result<(f64, f64)> {
    let (rate, periods, present) = (args.number(0), args.number(1), args.number(2));
    let (start, end) = (args.number(3).ceil(), args.number(4).trunc());
    let due = match args.number(5).trunc() {
        0.0 => 0.0,
        1.0 => 1.0,
        _ => return Err(CellError::Num),
    };
    let whole = args.number(3) >= 1.0 && args.number(4) >= args.number(3) && args.number(4) <= periods;
    if rate <= 0.0 || periods <= 0.0 || present <= 0.0 || !whole {
        return Err(CellError::Num);
    }
    if start > end {
        return Ok((0.0, 0.0));
    }
    let payment = payment(rate, periods, present, 0.0, due)?;
    if due == 1.0 && end == 1.0 {
        // Nothing is owed before a payment at the very beginning.
        return Ok((0.0, payment));
    }
    // A first payment at the very beginning pays back all of itself, later ones a period's growth less.
    let repaid = match (due == 1.0, start == 1.0) {
        (false, _) => repaid(rate, periods, present, start, end),
        (true, false) => repaid(rate, periods, present, start, end) / (1.0 + rate),
        (true, true) => payment + repaid(rate, periods, present, 2.0, end) / (1.0 + rate),
    };
    let repaid = finite(repaid)?;
    Ok(((end - start + 1.0) * payment - repaid, repaid))
}

/// What payments at the ends of the periods from `start` to `end` pay back: −pv·((1+r)^end − (1+r)^(start−1)) ÷
/// ((1+r)^n − 1), in exponents that neither overflow nor cancel out.
fn repaid(rate: f64, periods: f64, present: f64, start: f64, end: f64) -> f64 {
    let grows = libm::log1p(rate);
    let before = libm::exp((start - 1.0 - periods) * grows);
    present * before * libm::expm1((end - start + 1.0) * grows) / libm::expm1(-periods * grows)
}

/// The interest of several periods.
fn cumipmt(args: &Args<'_>) -> Result<Value> {
    cumulated(args).map(|(interest, _)| interest.into())
}

/// The repayment of several periods.
fn cumprinc(args: &Args<'_>) -> Result<Value> {
    cumulated(args).map(|(_, repaid)| repaid.into())
}

/// Steps of Newton's method that Excel seems to allow RATE: its page says 20, but it solves what needs 40.
const RATE_STEPS: u32 = 100;

/// The rate of a period, by Newton's method from a guess; `#NUM!` where that does not settle.
fn rate(args: &Args<'_>) -> Result<Value> {
    let [periods, payment, present, future] = [0, 1, 2, 3].map(|index| args.number(index));
    let due = due(args.number(4));
    let mut rate = args.number_if_given(5, 0.1);
    if periods <= 0.0 || rate <= -1.0 {
        return Err(CellError::Num);
    }
    let mut settled = false;
    for _ in 0..RATE_STEPS {
        let (value, slope) = annuity_value(rate, periods, payment, present, future, due);
        let next = rate - value / slope;
        if !next.is_finite() || next <= -1.0 {
            return Err(CellError::Num);
        }
        // One step beyond the precision that Excel asks for, which doubles the right digits.
        let near = (next - rate).abs() < 1e-7;
        rate = next;
        if near && settled {
            return Ok(rate.into());
        }
        settled = near;
    }
    Err(CellError::Num)
}

/// The balance at the end and its derivative by the rate.
fn annuity_value(rate: f64, periods: f64, payment: f64, present: f64, future: f64, due: f64) -> (f64, f64) {
    let grown = growth(rate, periods);
    let slope_of_growth = periods * growth(rate, periods - 1.0);
    let (saved, slope_of_saved) = if rate.abs() < 1e-5 {
        // Near 0 the quotients lose their digits; their series do not.
        let pairs = periods * (periods - 1.0);
        let triples = pairs * (periods - 2.0);
        let fours = triples * (periods - 3.0);
        let saved = periods + rate * (pairs / 2.0 + rate * (triples / 6.0 + rate * fours / 24.0));
        (saved, pairs / 2.0 + rate * (triples / 3.0 + rate * fours / 8.0))
    } else {
        let saved = (grown - 1.0) / rate;
        (saved, (slope_of_growth - saved) / rate)
    };
    let factor = 1.0 + rate * due;
    let value = present * grown + payment * factor * saved + future;
    (value, present * slope_of_growth + payment * (due * saved + factor * slope_of_saved))
}
