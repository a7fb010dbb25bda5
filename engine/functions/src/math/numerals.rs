//! Numbers as text in other systems: Roman numerals and bases from 2 to 36.

use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("ARABIC", &[Param::text("text")], arabic),
    Function::plain(
        "BASE",
        &[Param::number("number"), Param::number("radix"), Param::number("min_length").optional()],
        base,
    ),
    Function::plain("DECIMAL", &[Param::text("text"), Param::number("radix")], decimal),
    Function::plain("ROMAN", &[Param::number("number"), Param::scalar("form").optional()], roman),
];

const LETTERS: [(char, u32); 7] =
    [('M', 1000), ('D', 500), ('C', 100), ('L', 50), ('X', 10), ('V', 5), ('I', 1)];

/// A Roman numeral as a number, case aside, with a minus sign if there is one. Letters are added, or
/// subtracted before a larger one, in whatever order they stand.
fn arabic(args: &Args<'_>) -> Result<Value> {
    let text = args.text(0).trim();
    if text.chars().count() > 255 {
        return Err(CellError::Value);
    }
    let (sign, numeral) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    if sign < 0.0 && numeral.is_empty() {
        return Err(CellError::Num);
    }
    let (mut total, mut largest) = (0i64, 0i64);
    for letter in numeral.chars().rev() {
        let value =
            LETTERS.iter().find(|(sign, _)| letter.eq_ignore_ascii_case(sign)).ok_or(CellError::Value)?.1;
        let value = i64::from(value);
        total += if value < largest { -value } else { value };
        largest = largest.max(value);
    }
    Ok((sign * total as f64).into())
}

/// A number as a Roman numeral; forms 1 to 4 allow ever bolder subtractions.
fn roman(args: &Args<'_>) -> Result<Value> {
    let number = args.number(0).trunc();
    let form = match args.value(1) {
        Value::Missing | Value::Empty | Value::Bool(true) => 0,
        Value::Bool(false) => 4,
        Value::Number(form) if (0.0..5.0).contains(form) => *form as usize,
        Value::Text(text) => match text.trim().parse::<f64>() {
            Ok(form) if (0.0..5.0).contains(&form) => form as usize,
            _ => return Err(CellError::Value),
        },
        _ => return Err(CellError::Value),
    };
    if !(0.0..4000.0).contains(&number) {
        return Err(CellError::Value);
    }
    let mut rest = number as u32;
    let mut numeral = String::new();
    for (value, letters) in roman_steps(form) {
        while rest >= value {
            numeral.push_str(&letters);
            rest -= value;
        }
    }
    Ok(numeral.into())
}

/// Every sign and every pair of a smaller sign before a larger one that the form allows, largest value first.
/// Form 0 lets I, X and C stand before the next two signs; each further form widens the reach by one sign, so
/// that V, L and D may stand before larger ones too. Source: Microsoft's page on ROMAN, the forms of 499.
fn roman_steps(form: usize) -> Vec<(u32, String)> {
    let mut steps: Vec<(u32, String)> =
        LETTERS.iter().map(|(sign, value)| (*value, sign.to_string())).collect();
    for (large_place, (large, large_value)) in LETTERS.iter().enumerate() {
        for (small_place, (small, small_value)) in LETTERS.iter().enumerate().skip(large_place + 1) {
            let distance = small_place - large_place;
            // V before X would be V again.
            let pointless = small_value * 2 == *large_value;
            let reach = form + if large_place % 2 == 1 { 1 } else { 2 };
            if !pointless && distance <= reach {
                steps.push((large_value - small_value, format!("{small}{large}")));
            }
        }
    }
    steps.sort_by_key(|(value, letters)| (std::cmp::Reverse(*value), letters.len()));
    steps
}

/// A whole number as text in a base from 2 to 36, filled with zeros to a length.
fn base(args: &Args<'_>) -> Result<Value> {
    let (number, radix, length) = (args.number(0).trunc(), args.number(1).trunc(), args.number(2).trunc());
    if !(0.0..9_007_199_254_740_992.0).contains(&number)
        || !(2.0..=36.0).contains(&radix)
        || !(0.0..=255.0).contains(&length)
    {
        return Err(CellError::Num);
    }
    let (mut rest, radix) = (number as u64, radix as u32);
    let mut digits = Vec::new();
    loop {
        digits.push(
            char::from_digit((rest % u64::from(radix)) as u32, radix).unwrap_or('0').to_ascii_uppercase(),
        );
        rest /= u64::from(radix);
        if rest == 0 {
            break;
        }
    }
    while (digits.len() as f64) < length {
        digits.push('0');
    }
    Ok(digits.iter().rev().collect::<String>().into())
}

/// Text in a base from 2 to 36 as a number.
fn decimal(args: &Args<'_>) -> Result<Value> {
    let radix = args.number(1).trunc();
    if !(2.0..=36.0).contains(&radix) {
        return Err(CellError::Num);
    }
    let text = args.text(0).trim_start();
    if text.chars().count() > 255 {
        return Err(CellError::Value);
    }
    let radix = radix as u32;
    let mut number = 0.0;
    for digit in text.chars() {
        let digit = digit.to_digit(radix).ok_or(CellError::Num)?;
        number = number * f64::from(radix) + f64::from(digit);
    }
    Ok(number.into())
}
