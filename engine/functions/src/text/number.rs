//! Text of numbers and numbers of text.

use super::units;
use crate::information::of_first_cell_or_each;
use crate::numeric::decimal::{self, Direction};
use crate::{Args, Context, Function, Param};
use numfmt::{Format, Locale};
use values::{CellError, Result, Value};

const NUMBER: Param = Param::number("number");
const DECIMALS: Param = Param::number("decimals").optional();

/// Excel reads no number of this size or more; the largest is 9.99999999999999E+307. Source: Microsoft's page on
/// specifications and limits.
const TYPED_LIMIT: f64 = 1e308;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("DOLLAR", &[NUMBER, DECIMALS], dollar),
    Function::context("FIXED", &[NUMBER, DECIMALS, Param::bool("no_commas").optional()], fixed),
    Function::context(
        "NUMBERVALUE",
        &[
            Param::text("text"),
            Param::text("decimal_separator").optional(),
            Param::text("group_separator").optional(),
        ],
        numbervalue,
    ),
    Function::context("T", &[Param::values("value")], t),
    Function::context("TEXT", &[Param::scalar("value"), Param::text("format_text")], text),
    Function::context("USDOLLAR", &[NUMBER, DECIMALS], dollar_of_us),
    Function::context("VALUE", &[Param::scalar("text")], value),
];

/// The value as a format code shows it.
fn text(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    super::result(numfmt::format_text(args.value(0), args.text(1), &context.reading())?)
}

/// The number that a text is written as; a number itself, but no boolean.
fn value(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    match args.value(0) {
        Value::Bool(_) => Err(CellError::Value),
        other => Ok(crate::to_number(other, &context.reading())?.into()),
    }
}

/// Text as it is and nothing for what is no text. Of a reference only the first cell counts.
fn t(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    of_first_cell_or_each(args.value(0), context, |value| match value {
        Value::Text(_) | Value::Error(_) => value.clone(),
        _ => "".into(),
    })
}

/// A number rounded to decimals, 2 where none are written, and printed with them.
fn printed(
    args: &Args<'_>,
    number: f64,
    groups: bool,
    locale: &Locale,
    context: &dyn Context,
) -> Result<String> {
    let places = if args.written(1) { args.integer(1) } else { 2 };
    if places > 127 {
        return Err(CellError::Value);
    }
    let rounded = decimal::round(number, places, Direction::Nearest);
    let zeros = "0".repeat(usize::try_from(places).unwrap_or(0));
    let code = [if groups { "#,##0" } else { "0" }, if zeros.is_empty() { "" } else { "." }, &zeros].concat();
    let format = Format::parse(&code).map_err(|_| CellError::Value)?;
    Ok(format.format(&rounded.into(), locale, context.date_system()).text)
}

/// The number as text with a fixed number of decimals.
fn fixed(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let locale = context.environment().locale;
    super::result(printed(args, args.number(0), !args.bool(2), locale, context)?)
}

/// The number as an amount of the locale's currency; US amounts below zero stand in parentheses.
fn dollar(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    amount(args, context.environment().locale, context)
}

/// The number as an amount of US dollars, whatever the locale; older workbooks hold it.
fn dollar_of_us(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    amount(args, Locale::en_us(), context)
}

fn amount(args: &Args<'_>, locale: &Locale, context: &dyn Context) -> Result<Value> {
    let number = args.number(0);
    let amount = printed(args, number.abs(), true, locale, context)?;
    let with_sign = if locale.currency_after {
        format!("{amount} {}", locale.currency)
    } else {
        format!("{}{amount}", locale.currency)
    };
    let is_zero = !amount.contains(|c: char| ('1'..='9').contains(&c));
    super::result(match number < 0.0 && !is_zero {
        false => with_sign,
        true if locale == Locale::en_us() => format!("({with_sign})"),
        true => format!("-{with_sign}"),
    })
}

/// The number in a text, with separators of choice. Spaces do not count, percent signs at the end divide, and
/// nothing is 0. Source: Microsoft's page on NUMBERVALUE.
fn numbervalue(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let locale = context.environment().locale;
    let separator = |index: usize, default: char| {
        if args.given(index) { args.text(index).chars().next().ok_or(CellError::Value) } else { Ok(default) }
    };
    let decimal = separator(1, locale.decimal)?;
    // The locale's two separators change places where its group separator is given for the decimals.
    let default = if decimal == locale.group { locale.decimal } else { locale.group };
    let group = separator(2, default)?;
    if decimal == group && args.given(2) {
        return Err(CellError::Value);
    }
    let mut digits = String::new();
    let mut percents = 0;
    let mut in_fraction = false;
    // Parentheses make a number negative, as in accounts. They may be the separators, too.
    let mut parentheses = 0;
    for c in args.text(0).chars().filter(|c| !c.is_whitespace()) {
        match c {
            '%' => percents += 1,
            '(' if c != decimal && c != group && digits.is_empty() && parentheses == 0 => parentheses = 1,
            ')' if c != decimal && c != group && !digits.is_empty() && parentheses == 1 => parentheses = 2,
            _ if percents > 0 || parentheses == 2 => return Err(CellError::Value),
            c if c == decimal && !in_fraction => {
                in_fraction = true;
                digits.push('.');
            }
            c if c == group && !in_fraction => {}
            '0'..='9' | '+' | '-' | 'e' | 'E' => digits.push(c),
            _ => return Err(CellError::Value),
        }
    }
    if parentheses == 1 || (parentheses == 2 && digits.starts_with(['+', '-'])) {
        return Err(CellError::Value);
    }
    if digits.is_empty() {
        return if percents == 0 { Ok(0.0.into()) } else { Err(CellError::Value) };
    }
    if units::len(&digits) > 1_024 || !digits.contains(|c: char| c.is_ascii_digit()) {
        return Err(CellError::Value);
    }
    let number: f64 = digits.parse().map_err(|_| CellError::Value)?;
    let number = if parentheses == 2 { -number } else { number };
    let divided = (0..percents.min(400)).fold(number, |number, _| number / 100.0);
    if number.abs() < TYPED_LIMIT { Ok(divided.into()) } else { Err(CellError::Value) }
}
