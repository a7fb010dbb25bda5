//! Decimals and scientific notation.

use crate::Locale;
use crate::code::lexer::Digit;
use crate::code::section::{NumberShape, Section, Token};
use crate::digits::Decimal;
use crate::general::{push_digit, push_general};
use crate::render::{Context, Formatted};

/// The number scaled and rounded as a section of this shape shows it.
pub(crate) fn scaled(mut digits: Decimal, shape: &NumberShape) -> Decimal {
    digits.scale(shape.scale);
    digits.round_places(shape.fraction);
    digits
}

/// Shows integer placeholders one by one, surplus digits with the first.
pub(crate) struct IntegerWriter<'a> {
    pub(crate) digits: &'a Decimal,
    /// How many placeholders there are.
    pub(crate) places: usize,
    /// The locale whose way it is to group digits, where the code asks for groups.
    pub(crate) grouping: Option<&'a Locale>,
    /// Placeholders shown so far.
    pub(crate) done: usize,
}

impl IntegerWriter<'_> {
    /// Shows the next placeholder.
    pub(crate) fn push(&mut self, out: &mut String, digit: Digit) {
        let place = self.places.saturating_sub(self.done + 1);
        if self.done == 0 {
            for surplus in (place + 1..self.digits.integer_digits()).rev() {
                self.push_place(out, surplus, Digit::Zero);
            }
        }
        self.done += 1;
        self.push_place(out, place, digit);
    }

    /// Shows all digits where the code has no placeholder before the point.
    pub(crate) fn push_all(&mut self, out: &mut String) {
        for place in (0..self.digits.integer_digits()).rev() {
            self.push_place(out, place, Digit::Zero);
        }
    }

    fn push_place(&self, out: &mut String, place: usize, digit: Digit) {
        let separator = self.grouping.filter(|locale| locale.separates(place));
        if place < self.digits.integer_digits() {
            push_digit(out, self.digits.integer_digit(place));
        } else {
            match digit {
                Digit::Zero => out.push('0'),
                Digit::Space => {
                    out.push(' ');
                    if separator.is_some() {
                        out.push(' ');
                    }
                    return;
                }
                Digit::Optional => return,
            }
        }
        if let Some(locale) = separator {
            out.push(locale.group);
        }
    }
}

/// Shows a placeholder behind the decimal point.
fn push_fraction_place(out: &mut String, digits: &Decimal, place: usize, digit: Digit) {
    if place < digits.fraction_digits() {
        return push_digit(out, digits.fraction_digit(place));
    }
    match digit {
        Digit::Zero => out.push('0'),
        Digit::Space => out.push(' '),
        Digit::Optional => {}
    }
}

/// Shows a decimal number, scaled and rounded already.
pub(crate) fn push_decimal(
    shown: &mut Formatted,
    section: &Section,
    shape: &NumberShape,
    digits: &Decimal,
    number: f64,
    context: &Context<'_>,
) {
    let grouping = shape.grouping.then_some(context.locale);
    let mut integer = IntegerWriter { digits, places: shape.integer, grouping, done: 0 };
    let mut fraction_place = 0;
    let numerals = section.numerals(context.locale);
    for token in &section.tokens {
        let from = shown.text.len();
        match token {
            Token::Integer(digit) => integer.push(&mut shown.text, *digit),
            Token::Point => {
                if shape.integer == 0 {
                    integer.push_all(&mut shown.text);
                }
                shown.text.push(context.locale.decimal);
            }
            Token::Fraction(digit) => {
                push_fraction_place(&mut shown.text, digits, fraction_place, *digit);
                fraction_place += 1;
            }
            Token::Text => push_general(&mut shown.text, number.abs(), context.locale.decimal),
            _ => shown.push_plain(token),
        }
        shown.replace_digits(from, token, numerals);
    }
}

/// The mantissa with its decimal point where the placeholders want it, rounded, and the exponent.
fn mantissa(digits: &Decimal, shape: &NumberShape) -> (Decimal, i32) {
    let mut rounded = digits.clone();
    let mut exponent = exponent_for(&rounded, shape.integer);
    // Rounding may add a digit, 9.99 to 10.0, and with it change the exponent: once, since a power of ten is left.
    for _ in 0..2 {
        rounded = digits.clone();
        rounded.scale(-exponent);
        rounded.round_places(shape.fraction);
        if rounded.integer_digits() <= shape.integer {
            break;
        }
        rounded.scale(exponent);
        exponent = exponent_for(&rounded, shape.integer);
    }
    (rounded, exponent)
}

/// The exponent is a multiple of the number of integer placeholders, which makes `##0.0E+0` engineering notation.
/// Without such placeholders the mantissa stands wholly behind the point.
fn exponent_for(digits: &Decimal, integer_places: usize) -> i32 {
    if digits.is_zero() {
        return 0;
    }
    let step = integer_places.max(1) as i32;
    let exponent = digits.exponent().div_euclid(step) * step;
    if integer_places == 0 { exponent + 1 } else { exponent }
}

/// Shows a number in scientific notation. Percent signs and scaling separators do not scale it.
pub(crate) fn push_scientific(
    shown: &mut Formatted,
    section: &Section,
    shape: &NumberShape,
    exponent_digits: usize,
    digits: &Decimal,
    number: f64,
    context: &Context<'_>,
) {
    let (mantissa, exponent) = mantissa(digits, shape);
    let size = Decimal::new(f64::from(exponent));
    let grouping = shape.grouping.then_some(context.locale);
    let mut integer = IntegerWriter { digits: &mantissa, places: shape.integer, grouping, done: 0 };
    let mut exponent_writer =
        IntegerWriter { digits: &size, places: exponent_digits, grouping: None, done: 0 };
    let mut fraction_place = 0;
    let numerals = section.numerals(context.locale);
    let mut plus_sign = false;
    for token in &section.tokens {
        let from = shown.text.len();
        match token {
            // Zero shows all its places, as if they were `0`.
            Token::Integer(_) if mantissa.is_zero() => integer.push(&mut shown.text, Digit::Zero),
            Token::Integer(digit) => integer.push(&mut shown.text, *digit),
            Token::Point => shown.text.push(context.locale.decimal),
            Token::Fraction(digit) => {
                push_fraction_place(&mut shown.text, &mantissa, fraction_place, *digit);
                fraction_place += 1;
            }
            Token::Exponent { plus, symbol } => {
                plus_sign = *plus;
                shown.text.push(*symbol);
            }
            Token::ExponentDigit(digit) => {
                // The sign stands at the digits, not at the E.
                if exponent_writer.done == 0 {
                    if exponent < 0 {
                        shown.text.push('-');
                    } else if plus_sign {
                        shown.text.push('+');
                    }
                }
                let last = exponent_writer.done + 1 == exponent_digits;
                let digit = if last && exponent == 0 { Digit::Zero } else { *digit };
                exponent_writer.push(&mut shown.text, digit);
            }
            Token::Text => push_general(&mut shown.text, number.abs(), context.locale.decimal),
            _ => shown.push_plain(token),
        }
        shown.replace_digits(from, token, numerals);
    }
}
