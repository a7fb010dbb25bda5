//! Binary, octal and hexadecimal numbers of ten digits, negative ones in two's complement.

use crate::numeric::strict;
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const NUMBER: Param = Param::strict("number");
const PLACES: Param = Param::strict_number("places").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("BIN2DEC", &[NUMBER], |args, context| to_decimal(args, BINARY, context)),
    Function::context("BIN2HEX", &[NUMBER, PLACES], |args, context| {
        convert(args, BINARY, HEXADECIMAL, context)
    }),
    Function::context("BIN2OCT", &[NUMBER, PLACES], |args, context| convert(args, BINARY, OCTAL, context)),
    Function::context("DEC2BIN", &[NUMBER, PLACES], |args, context| from_decimal(args, BINARY, context)),
    Function::context("DEC2HEX", &[NUMBER, PLACES], |args, context| from_decimal(args, HEXADECIMAL, context)),
    Function::context("DEC2OCT", &[NUMBER, PLACES], |args, context| from_decimal(args, OCTAL, context)),
    Function::context("HEX2BIN", &[NUMBER, PLACES], |args, context| {
        convert(args, HEXADECIMAL, BINARY, context)
    }),
    Function::context("HEX2DEC", &[NUMBER], |args, context| to_decimal(args, HEXADECIMAL, context)),
    Function::context("HEX2OCT", &[NUMBER, PLACES], |args, context| {
        convert(args, HEXADECIMAL, OCTAL, context)
    }),
    Function::context("OCT2BIN", &[NUMBER, PLACES], |args, context| convert(args, OCTAL, BINARY, context)),
    Function::context("OCT2DEC", &[NUMBER], |args, context| to_decimal(args, OCTAL, context)),
    Function::context("OCT2HEX", &[NUMBER, PLACES], |args, context| {
        convert(args, OCTAL, HEXADECIMAL, context)
    }),
];

/// Digits of a number at most.
const DIGITS: usize = 10;

/// A base by the bits of a digit.
#[derive(Clone, Copy)]
struct Base {
    bits: u32,
}

const BINARY: Base = Base { bits: 1 };
const OCTAL: Base = Base { bits: 3 };
const HEXADECIMAL: Base = Base { bits: 4 };

impl Base {
    fn radix(self) -> u32 {
        1 << self.bits
    }

    /// How many numbers ten digits can tell apart; the upper half of them is negative.
    fn span(self) -> i64 {
        1 << (self.bits * DIGITS as u32)
    }

    fn parse(self, text: &str) -> Result<i64> {
        if text.len() > DIGITS || !text.chars().all(|digit| digit.is_digit(self.radix())) {
            return Err(CellError::Num);
        }
        if text.is_empty() {
            return Ok(0);
        }
        let number = i64::from_str_radix(text, self.radix()).map_err(|_| CellError::Num)?;
        Ok(if number >= self.span() / 2 { number - self.span() } else { number })
    }

    fn print(self, number: i64, places: Option<f64>) -> Result<Value> {
        if number < -self.span() / 2 || number >= self.span() / 2 {
            return Err(CellError::Num);
        }
        let mut rest = if number < 0 { number + self.span() } else { number };
        let mut digits = Vec::with_capacity(DIGITS);
        while rest > 0 || digits.is_empty() {
            let digit = (rest % i64::from(self.radix())) as u32;
            digits.push(char::from_digit(digit, self.radix()).unwrap_or('0').to_ascii_uppercase());
            rest /= i64::from(self.radix());
        }
        if let Some(places) = places {
            // A negative number has all of its digits anyway, but the places must be possible ones.
            if !(1.0..=DIGITS as f64).contains(&places) || (number >= 0 && (digits.len() as f64) > places) {
                return Err(CellError::Num);
            }
            while number >= 0 && (digits.len() as f64) < places {
                digits.push('0');
            }
        }
        Ok(digits.iter().rev().collect::<String>().into())
    }
}

/// The digits of an argument, a number's as General prints it.
fn digits(args: &Args<'_>, context: &dyn Context) -> Result<String> {
    match args.value(0) {
        Value::Bool(_) => Err(CellError::Value),
        value => Ok(crate::to_text(value, context.environment().locale)?.trim().to_owned()),
    }
}

fn places(args: &Args<'_>) -> Option<f64> {
    args.given(1).then(|| args.number(1).trunc())
}

fn to_decimal(args: &Args<'_>, base: Base, context: &dyn Context) -> Result<Value> {
    base.parse(&digits(args, context)?).map(|number| (number as f64).into())
}

fn from_decimal(args: &Args<'_>, base: Base, context: &dyn Context) -> Result<Value> {
    let number = strict::number(args.value(0), context)?.trunc();
    if number.abs() > 1e15 {
        return Err(CellError::Num);
    }
    base.print(number as i64, places(args))
}

fn convert(args: &Args<'_>, from: Base, to: Base, context: &dyn Context) -> Result<Value> {
    to.print(from.parse(&digits(args, context)?)?, places(args))
}
