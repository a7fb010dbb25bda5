//! Complex numbers as text: `3+4i`, `-j`, `2.5`.

use crate::Context;
use numfmt::Locale;
use std::borrow::Cow;
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
            Value::Text(text) => parse(text, context.environment().locale).ok_or(CellError::Num),
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
        let number = |number: f64| part(number, locale);
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

    /// One letter for a result of two numbers; an error where they are written with different ones: `#VALUE!` for
    /// sums and products, `#NUM!` for differences and quotients.
    fn letter_with(self, other: Complex, otherwise: CellError) -> Result<Option<char>> {
        match (self.letter, other.letter) {
            (Some(a), Some(b)) if a != b => Err(otherwise),
            (a, b) => Ok(a.or(b)),
        }
    }

    pub(super) fn plus(self, other: Complex) -> Result<Complex> {
        Ok(Complex::new(self.re + other.re, self.im + other.im, self.letter_with(other, CellError::Value)?))
    }

    pub(super) fn minus(self, other: Complex) -> Result<Complex> {
        Ok(Complex::new(self.re - other.re, self.im - other.im, self.letter_with(other, CellError::Num)?))
    }

    pub(super) fn times(self, other: Complex) -> Result<Complex> {
        let re = self.re * other.re - self.im * other.im;
        let im = self.re * other.im + self.im * other.re;
        Ok(Complex::new(re, im, self.letter_with(other, CellError::Value)?))
    }

    /// The quotient; `#NUM!` by 0.
    pub(super) fn over(self, other: Complex) -> Result<Complex> {
        let square = other.re * other.re + other.im * other.im;
        if square == 0.0 {
            return Err(CellError::Num);
        }
        let re = (self.re * other.re + self.im * other.im) / square;
        let im = (self.im * other.re - self.re * other.im) / square;
        Ok(Complex::new(re, im, self.letter_with(other, CellError::Num)?))
    }

    /// The number of a modulus and an argument.
    pub(super) fn polar(self, modulus: f64, argument: f64) -> Complex {
        self.with(modulus * libm::cos(argument), modulus * libm::sin(argument))
    }
}

/// A part as these functions write it: as General does, but without an exponent down to 0.00001.
fn part(number: f64, locale: &Locale) -> String {
    let text = numfmt::general_in(number, locale);
    match text.strip_suffix("E-05") {
        Some(digits) => {
            let sign = if number < 0.0 { "-" } else { "" };
            let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
            format!("{sign}0{}0000{digits}", locale.decimal)
        }
        None => text,
    }
}

/// Reads `a`, `bi` or `a+bi`; the letter is `i` or `j`, and b may be nothing but its sign, if no blank follows.
fn parse(text: &str, locale: &Locale) -> Option<Complex> {
    let text = text.trim();
    let Some(body) = text.strip_suffix(['i', 'j']) else {
        return number(text, locale).map(|re| Complex::new(re, 0.0, None));
    };
    let letter = text.chars().next_back();
    // The sign that begins the imaginary part is the last one that is not an exponent's.
    let bytes = body.as_bytes();
    let sign = (0..bytes.len())
        .rev()
        .find(|at| matches!(bytes[*at], b'+' | b'-') && (*at == 0 || !matches!(bytes[*at - 1], b'e' | b'E')));
    let (re, im) = match sign {
        Some(at) if at > 0 => (number(&body[..at], locale)?, &body[at..]),
        _ => (0.0, body),
    };
    let im = match im {
        "" | "+" => 1.0,
        "-" => -1.0,
        im => number(im, locale)?,
    };
    Some(Complex::new(re, im, letter))
}

/// A decimal number, with an exponent or without. Blanks may stand around it and behind its sign, and separators
/// between its thousands, as in what people type into cells.
fn number(text: &str, locale: &Locale) -> Option<f64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { "-" } else { "" }, rest.trim_start()),
        None => ("", text),
    };
    let digits = without_groups(digits, locale)?;
    let plain = digits
        .chars()
        .all(|c| c.is_ascii_digit() || c == locale.decimal || matches!(c, '+' | '-' | 'e' | 'E'));
    let begins = digits.starts_with(|c: char| c.is_ascii_digit() || c == locale.decimal);
    if !plain || !begins || !digits.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number: f64 = format!("{sign}{}", digits.replace(locale.decimal, ".")).parse().ok()?;
    number.is_finite().then_some(number)
}

/// The digits without the separators of thousands; `None` where they stand elsewhere.
fn without_groups<'a>(digits: &'a str, locale: &Locale) -> Option<Cow<'a, str>> {
    if !digits.contains(locale.group) {
        return Some(digits.into());
    }
    let end = digits.find([locale.decimal, 'e', 'E']).unwrap_or(digits.len());
    let (whole, rest) = digits.split_at(end);
    let mut groups = whole.split(locale.group);
    let first = groups.next()?;
    let is_sound = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    (is_sound && !rest.contains(locale.group)).then(|| (whole.replace(locale.group, "") + rest).into())
}
