//! Factorials, combinations, divisors.

use crate::numeric::{gamma, strict};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("COMBIN", &[Param::number("number"), Param::number("number_chosen")], combin),
    Function::plain("COMBINA", &[Param::number("number"), Param::number("number_chosen")], combina),
    Function::plain("FACT", &[Param::number("number")], fact),
    Function::plain("FACTDOUBLE", &[Param::strict_number("number")], factdouble),
    Function::context("GCD", &[Param::values("number")], gcd).repeating(1),
    Function::context("LCM", &[Param::values("number")], lcm).repeating(1),
    Function::context("MULTINOMIAL", &[Param::values("number")], multinomial).repeating(1),
];

/// Whole numbers beyond this are `#NUM!` to GCD and LCM: 2^53.
const WHOLE_LIMIT: f64 = 9_007_199_254_740_992.0;

/// The first number that COMBIN refuses, the largest 32-bit integer, as found in Excel.
const COMBIN_LIMIT: f64 = 2_147_483_647.0;

/// Ways to choose without order or repetition.
fn combin(args: &Args<'_>) -> Result<Value> {
    let (n, k) = (args.number(0).floor(), args.number(1).floor());
    if n >= COMBIN_LIMIT {
        return Err(CellError::Num);
    }
    gamma::combinations(n, k).map(Value::from)
}

/// Ways to choose without order, with repetition.
fn combina(args: &Args<'_>) -> Result<Value> {
    let (n, k) = (args.number(0).trunc(), args.number(1).trunc());
    if n < 0.0 || k < 0.0 || (n == 0.0 && k > 0.0) {
        return Err(CellError::Num);
    }
    if k == 0.0 {
        return Ok(1.0.into());
    }
    gamma::combinations(n + k - 1.0, k).map(Value::from)
}

/// The factorial of a whole number up to 170.
fn fact(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0);
    // What is below 0 by a fraction is below it.
    if number < 0.0 { Err(CellError::Num) } else { gamma::factorial(number.trunc()).map(Value::from) }
}

/// The product of every second whole number; 1 for −1 and 0.
fn factdouble(args: &Args<'_>) -> Result<Value> {
    if args.number(0) < -1.0 {
        return Err(CellError::Num);
    }
    let n = args.number(0).trunc();
    if n > 300.0 {
        return Err(CellError::Num);
    }
    let mut product = 1.0;
    let mut factor = n;
    while factor > 1.0 {
        product *= factor;
        factor -= 2.0;
    }
    Ok(product.into())
}

fn whole_numbers(args: &Args<'_>, context: &dyn Context) -> Result<Vec<u64>> {
    // A single empty cell is no number; among others it is passed over.
    for arg in args.from(0) {
        if let Value::Range(sheet, rect) = arg
            && rect.is_cell()
            && matches!(context.cell(*sheet, rect.first())?, Value::Empty)
        {
            return Err(CellError::Value);
        }
    }
    let mut numbers = Vec::new();
    strict::for_each_number(args.from(0), context, &mut |number| {
        numbers.push(number);
        Ok(())
    })?;
    // What is no number is told before what is out of bounds.
    if numbers.iter().any(|number| !(0.0..WHOLE_LIMIT).contains(number)) {
        return Err(CellError::Num);
    }
    Ok(numbers.into_iter().map(|number| number as u64).collect())
}

fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The greatest common divisor.
fn gcd(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let divisor = whole_numbers(args, context)?.into_iter().fold(0, common_divisor);
    Ok((divisor as f64).into())
}

/// The least common multiple; 0 where one number is 0.
fn lcm(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let numbers = whole_numbers(args, context)?;
    if numbers.is_empty() || numbers.contains(&0) {
        return Ok(0.0.into());
    }
    let mut multiple = 1u64;
    for number in numbers {
        let factor = number / common_divisor(multiple, number);
        multiple = multiple.checked_mul(factor).ok_or(CellError::Num)?;
        if multiple as f64 >= WHOLE_LIMIT {
            return Err(CellError::Num);
        }
    }
    Ok((multiple as f64).into())
}

/// The factorial of a sum through the product of the factorials.
fn multinomial(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (mut sum, mut product) = (0.0, 1.0);
    strict::for_each_number(args.from(0), context, &mut |number| {
        let number = number.trunc();
        if number < 0.0 {
            return Err(CellError::Num);
        }
        sum += number;
        // One binomial for each number keeps every step a whole number.
        product *= gamma::combinations(sum, number)?;
        Ok(())
    })?;
    Ok(product.into())
}
