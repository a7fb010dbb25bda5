//! Operations on the bits of whole numbers below 2^48.

use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

const NUMBERS: &[Param] = &[Param::number("number1"), Param::number("number2")];
const SHIFT: &[Param] = &[Param::number("number"), Param::number("shift_amount")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("BITAND", NUMBERS, |args| combine(args, |a, b| a & b)),
    Function::plain("BITLSHIFT", SHIFT, |args| shift(args, 1.0)),
    Function::plain("BITOR", NUMBERS, |args| combine(args, |a, b| a | b)),
    Function::plain("BITRSHIFT", SHIFT, |args| shift(args, -1.0)),
    Function::plain("BITXOR", NUMBERS, |args| combine(args, |a, b| a ^ b)),
];

const LIMIT: f64 = 281_474_976_710_656.0;

fn whole(number: f64) -> Result<u64> {
    let valid = (0.0..LIMIT).contains(&number) && number.fract() == 0.0;
    if valid { Ok(number as u64) } else { Err(CellError::Num) }
}

fn combine(args: &Args<'_>, operation: fn(u64, u64) -> u64) -> Result<Value> {
    Ok((operation(whole(args.number(0))?, whole(args.number(1))?) as f64).into())
}

/// Moves bits to the left, or to the right by a negative amount; those that leave at the right are lost.
fn shift(args: &Args<'_>, direction: f64) -> Result<Value> {
    let (number, amount) = (whole(args.number(0))?, args.number(1).trunc() * direction);
    if amount.abs() > 53.0 {
        return Err(CellError::Num);
    }
    let shifted = if amount < 0.0 { number >> (-amount as u32) } else { number << amount.min(15.0) as u32 };
    let shifted = shifted as f64 * if amount > 15.0 { libm::pow(2.0, amount - 15.0) } else { 1.0 };
    if shifted >= LIMIT { Err(CellError::Num) } else { Ok(shifted.into()) }
}
