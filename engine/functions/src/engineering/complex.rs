//! Complex numbers as text: `3+4i`, `-j`, `2.5`.

use crate::Context;
use values::{CellError, Result, Value};

/// A complex number with the letter that it is written with, if any.
#[derive(Clone, Copy, Debug)]
pub(super) struct Complex {
    pub(super) re: f64,
    pub(super) im: f64,
    pub(super) letter: Option<char>,
}

impl Complex {
    pub(super) fn new(re: f64, im: f64, letter: Option<char>) -> Complex {
        Complex { re, im, letter }
    }

    /// Reads an argument: a number, or text that is one.
    pub(super) fn of(value: &Value, context: &dyn Context) -> Result<Complex> {
        match value {
            Value::Number(number) => Ok(Complex::new(*number, 0.0, None)),
            Value::Empty => Ok(Complex::new(0.0, 0.0, None)),
            Value::Text(text) => parse(text, context.environment().locale.decimal).ok_or(CellError::Num),
            Value::Error(error) => Err(*error),
            Value::Missing => Err(CellError::NA),
            _ => Err(CellError::Value),
        }
    }

    /// As a cell holds it.
    pub(super) fn value(self, context: &dyn Context) -> Result<Value> {
        if !self.re.is_finite() || !self.im.is_finite() {
            return Err(CellError::Num);
        }
        let locale = context.environment().locale;
        let number = |number: f64| numfmt::general_in(number, locale);
        if self.im == 0.0 {
            return Ok(number(self.re + 0.0).into());
        }
        let mut text = if self.re == 0.0 { String::new() } else { number(self.re) };
        if self.im > 0.0 && self.re != 0.0 {
            text.push('+');
        }
        match self.im {
            1.0 => {}
            -1.0 => text.push('-'),
            im => text.push_str(&number(im)),
        }
        text.push(self.letter.unwrap_or('i'));
        Ok(text.into())
    }

    pub(super) fn modulus(self) -> f64 {
        libm::hypot(self.re, self.im)
    }

    pub(super) fn argument(self) -> f64 {
        libm::atan2(self.im, self.re)
    }

    pub(super) fn is_zero(self) -> bool {
        self.re == 0.0 && self.im == 0.0
    }

    pub(super) fn with(self, re: f64, im: f64) -> Complex {
        Complex { re, im, letter: self.letter }
    }

    /// One letter for a result of two numbers; `#NUM!` where they are written with different ones.
    pub(super) fn letter_with(self, other: Complex) -> Result<Option<char>> {
        match (self.letter, other.letter) {
            (Some(a), Some(b)) if a != b => Err(CellError::Num),
            (a, b) => Ok(a.or(b)),
        }
    }

    pub(super) fn plus(self, other: Complex) -> Result<Complex> {
        Ok(Complex::new(self.re + other.re, self.im + other.im, self.letter_with(other)?))
    }

    pub(super) fn minus(self, other: Complex) -> Result<Complex> {
        Ok(Complex::new(self.re - other.re, self.im - other.im, self.letter_with(other)?))
    }

    pub(super) fn times(self, other: Complex) -> Result<Complex> {
        let re = self.re * other.re - self.im * other.im;
        let im = self.re * other.im + self.im * other.re;
        Ok(Complex::new(re, im, self.letter_with(other)?))
    }

    /// The quotient; `#NUM!` by 0.
    pub(super) fn over(self, other: Complex) -> Result<Complex> {
        let square = other.re * other.re + other.im * other.im;
        if square == 0.0 {
            return Err(CellError::Num);
        }
        let re = (self.re * other.re + self.im * other.im) / square;
        let im = (self.im * other.re - self.re * other.im) / square;
        Ok(Complex::new(re, im, self.letter_with(other)?))
    }

    /// The number of a modulus and an argument.
    pub(super) fn polar(self, modulus: f64, argument: f64) -> Complex {
        self.with(modulus * libm::cos(argument), modulus * libm::sin(argument))
    }
}

/// Reads `a`, `bi` or `a+bi`; the letter is `i` or `j`, and b may be nothing but its sign.
fn parse(text: &str, decimal: char) -> Option<Complex> {
    let text = text.trim();
    let Some(body) = text.strip_suffix(['i', 'j']) else {
        return number(text, decimal).map(|re| Complex::new(re, 0.0, None));
    };
    let letter = text.chars().next_back();
    // The sign that begins the imaginary part is the last one that is not an exponent's.
    let bytes = body.as_bytes();
    let sign = (0..bytes.len())
        .rev()
        .find(|at| matches!(bytes[*at], b'+' | b'-') && (*at == 0 || !matches!(bytes[*at - 1], b'e' | b'E')));
    let (re, im) = match sign {
        Some(at) if at > 0 => (number(&body[..at], decimal)?, &body[at..]),
        _ => (0.0, body),
    };
    let im = match im {
        "" | "+" => 1.0,
        "-" => -1.0,
        im => number(im, decimal)?,
    };
    Some(Complex::new(re, im, letter))
}

/// A plain decimal number, with an exponent or without.
fn number(text: &str, decimal: char) -> Option<f64> {
    let plain =
        text.chars().all(|c| c.is_ascii_digit() || c == decimal || matches!(c, '+' | '-' | 'e' | 'E'));
    if !plain || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    text.replace(decimal, ".").parse().ok().filter(|number: &f64| number.is_finite())
}
