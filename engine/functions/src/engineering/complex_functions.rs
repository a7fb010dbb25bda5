//! Functions of complex numbers.

use super::complex::Complex;
use crate::numeric::strict;
use crate::{Args, Context, Function, Param};
use std::f64::consts::{LN_2, LN_10};
use values::{Area, CellError, Result, Value};

const INUMBER: &[Param] = &[Param::strict("inumber")];
const INUMBERS: &[Param] = &[Param::strict("inumber1"), Param::strict("inumber2")];
const MANY: &[Param] = &[Param::values("inumber")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "COMPLEX",
        &[
            Param::strict_number("real_num"),
            Param::strict_number("i_num"),
            Param::strict("suffix").optional(),
        ],
        complex,
    ),
    Function::context("IMABS", INUMBER, |args, context| number(args, context, |z| Ok(z.modulus()))),
    Function::context("IMAGINARY", INUMBER, |args, context| number(args, context, |z| Ok(z.im))),
    Function::context("IMARGUMENT", INUMBER, |args, context| number(args, context, argument)),
    Function::context("IMCONJUGATE", INUMBER, |args, context| {
        map(args, context, |z| Ok(z.with(z.re, -z.im)))
    }),
    Function::context("IMCOS", INUMBER, |args, context| map(args, context, |z| Ok(cos(z)))),
    Function::context("IMCOSH", INUMBER, |args, context| map(args, context, |z| Ok(cosh(z)))),
    Function::context("IMCOT", INUMBER, |args, context| map(args, context, cot)),
    Function::context("IMCSC", INUMBER, |args, context| map(args, context, |z| one(z).over(sin(z)))),
    Function::context("IMCSCH", INUMBER, |args, context| map(args, context, |z| one(z).over(sinh(z)))),
    Function::context("IMDIV", INUMBERS, |args, context| two(args, context, Complex::over)),
    Function::context("IMEXP", INUMBER, |args, context| {
        map(args, context, |z| Ok(z.polar(libm::exp(z.re), z.im)))
    }),
    Function::context("IMLN", INUMBER, |args, context| map(args, context, |z| log(z, 1.0))),
    Function::context("IMLOG10", INUMBER, |args, context| map(args, context, |z| log(z, LN_10))),
    Function::context("IMLOG2", INUMBER, |args, context| map(args, context, |z| log(z, LN_2))),
    Function::context("IMPOWER", &[Param::strict("inumber"), Param::strict_number("number")], impower),
    Function::context("IMPRODUCT", MANY, |args, context| fold(args, context, Complex::times)).repeating(1),
    Function::context("IMREAL", INUMBER, |args, context| number(args, context, |z| Ok(z.re))),
    Function::context("IMSEC", INUMBER, |args, context| map(args, context, |z| one(z).over(cos(z)))),
    Function::context("IMSECH", INUMBER, |args, context| map(args, context, |z| one(z).over(cosh(z)))),
    Function::context("IMSIN", INUMBER, |args, context| map(args, context, |z| Ok(sin(z)))),
    Function::context("IMSINH", INUMBER, |args, context| map(args, context, |z| Ok(sinh(z)))),
    Function::context("IMSQRT", INUMBER, |args, context| map(args, context, sqrt)),
    Function::context("IMSUB", INUMBERS, |args, context| two(args, context, Complex::minus)),
    Function::context("IMSUM", MANY, |args, context| fold(args, context, Complex::plus)).repeating(1),
    Function::context("IMTAN", INUMBER, |args, context| map(args, context, |z| Ok(tan(z)))),
];

/// An imaginary part beyond which hyperbolic functions of twice of it overflow.
const FAR: f64 = 350.0;

/// A complex number from its parts.
fn complex(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let letter = match args.value(2) {
        Value::Missing | Value::Empty => 'i',
        Value::Text(text) if text.as_str() == "i" || text.is_empty() => 'i',
        Value::Text(text) if text.as_str() == "j" => 'j',
        _ => return Err(CellError::Value),
    };
    Complex::new(args.number(0), args.number(1), Some(letter)).value(context)
}

fn number(args: &Args<'_>, context: &dyn Context, of: fn(Complex) -> Result<f64>) -> Result<Value> {
    of(Complex::of(args.value(0), context)?).map(Value::from)
}

fn map(args: &Args<'_>, context: &dyn Context, to: fn(Complex) -> Result<Complex>) -> Result<Value> {
    to(Complex::of(args.value(0), context)?)?.value(context)
}

fn two(
    args: &Args<'_>,
    context: &dyn Context,
    operation: fn(Complex, Complex) -> Result<Complex>,
) -> Result<Value> {
    let (a, b) = (Complex::of(args.value(0), context)?, Complex::of(args.value(1), context)?);
    operation(a, b)?.value(context)
}

/// Combines all numbers of the arguments; empty cells are passed over, but for a single one, which is 0.
fn fold(
    args: &Args<'_>,
    context: &dyn Context,
    operation: fn(Complex, Complex) -> Result<Complex>,
) -> Result<Value> {
    let mut result: Option<Complex> = None;
    let mut take = |value: &Value| -> Result<()> {
        let next = Complex::of(value, context)?;
        result = Some(match result {
            Some(before) => operation(before, next)?,
            None => next,
        });
        Ok(())
    };
    for arg in args.from(0) {
        match arg {
            Value::Range(sheet, rect) if rect.is_cell() => take(&context.cell(*sheet, rect.first())?)?,
            Value::Range(sheet, rect) => {
                let area = Area { sheet: *sheet, rect: *rect };
                context.view(area)?.try_for_each(|_, _, value| take(value))?;
            }
            Value::Areas(areas) => {
                for area in areas.iter() {
                    context.view(*area)?.try_for_each(|_, _, value| take(value))?;
                }
            }
            Value::Array(array) => {
                array.iter().filter(|value| !matches!(value, Value::Empty)).try_for_each(&mut take)?;
            }
            value => take(value)?,
        }
    }
    result.unwrap_or(Complex::new(0.0, 0.0, None)).value(context)
}

fn argument(z: Complex) -> Result<f64> {
    if z.is_zero() { Err(CellError::Div0) } else { Ok(z.argument()) }
}

fn one(z: Complex) -> Complex {
    z.with(1.0, 0.0)
}

fn sin(z: Complex) -> Complex {
    z.with(libm::sin(z.re) * libm::cosh(z.im), libm::cos(z.re) * libm::sinh(z.im))
}

fn cos(z: Complex) -> Complex {
    z.with(libm::cos(z.re) * libm::cosh(z.im), -libm::sin(z.re) * libm::sinh(z.im))
}

/// sin 2x and sinh 2y over cos 2x + cosh 2y: sums of numbers with one sign, where the quotient of sine and cosine
/// would lose digits.
fn tan(z: Complex) -> Complex {
    if z.im.abs() > FAR {
        return z.with(0.0, z.im.signum());
    }
    let divisor = libm::cos(2.0 * z.re) + libm::cosh(2.0 * z.im);
    z.with(libm::sin(2.0 * z.re) / divisor, libm::sinh(2.0 * z.im) / divisor)
}

fn cot(z: Complex) -> Result<Complex> {
    if z.im.abs() > FAR {
        return Ok(z.with(0.0, -z.im.signum()));
    }
    let divisor = libm::cosh(2.0 * z.im) - libm::cos(2.0 * z.re);
    if divisor == 0.0 {
        return Err(CellError::Num);
    }
    Ok(z.with(libm::sin(2.0 * z.re) / divisor, -libm::sinh(2.0 * z.im) / divisor))
}

fn sinh(z: Complex) -> Complex {
    z.with(libm::sinh(z.re) * libm::cos(z.im), libm::cosh(z.re) * libm::sin(z.im))
}

fn cosh(z: Complex) -> Complex {
    z.with(libm::cosh(z.re) * libm::cos(z.im), libm::sinh(z.re) * libm::sin(z.im))
}

/// The logarithm to the base whose natural logarithm is `base`.
fn log(z: Complex, base: f64) -> Result<Complex> {
    if z.is_zero() {
        return Err(CellError::Num);
    }
    Ok(z.with(libm::log(z.modulus()) / base, z.argument() / base))
}

fn sqrt(z: Complex) -> Result<Complex> {
    Ok(if z.is_zero() { z } else { z.polar(z.modulus().sqrt(), z.argument() / 2.0) })
}

/// A power with a real exponent, by modulus and argument.
fn impower(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let z = Complex::of(args.value(0), context)?;
    let power = strict::number(args.value(1), context)?;
    if z.is_zero() {
        return if power > 0.0 { z.value(context) } else { Err(CellError::Num) };
    }
    z.polar(libm::pow(z.modulus(), power), z.argument() * power).value(context)
}
