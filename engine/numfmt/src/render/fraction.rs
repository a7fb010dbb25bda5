//! Fractions: the nearest one with a small denominator, and what is left out when there is nothing to show.

use crate::code::lexer::Digit;
use crate::code::section::{FractionShape, Section, Token};
use crate::digits::Decimal;
use crate::general::{push_integer, push_padded};
use crate::render::number::IntegerWriter;
use crate::render::{Context, Formatted};

/// The parts of a number as a fraction.
struct Parts {
    integer: Decimal,
    numerator: u64,
    denominator: u64,
}

/// Shows the absolute value of a number as a fraction.
pub(crate) fn push_fraction(
    shown: &mut Formatted,
    section: &Section,
    shape: &FractionShape,
    number: f64,
    context: &Context<'_>,
) {
    let parts = split(number, shape);
    let mixed = shape.number.integer > 0;
    let no_fraction = mixed && parts.numerator == 0;
    // A `0` in the numerator insists on the fraction; otherwise it vanishes where it is zero.
    let hidden = no_fraction && !shape.numerator_has.zero;
    let spaces = shape.integer_has.space || shape.numerator_has.space;
    let blank_hidden = spaces || shape.denominator_has.space;
    let integer_zero = mixed && parts.integer.is_zero();
    // Beside a fraction a zero integer shows only where the code insists; alone it always shows.
    let kept_by_space = no_fraction && shape.integer_has.space;
    let drop_integer = integer_zero && !hidden && !shape.integer_has.zero && !kept_by_space;
    let mut writer = Writer {
        shown,
        shape,
        parts: &parts,
        numerator: Decimal::new(parts.numerator as f64),
        numerator_done: 0,
        denominator_done: false,
    };
    let grouping = shape.number.grouping.then_some(context.locale);
    let mut integer =
        IntegerWriter { digits: &parts.integer, places: shape.number.integer, grouping, done: 0 };
    let numerals = section.numerals(context.locale);
    for (at, token) in section.tokens.iter().enumerate() {
        let from = writer.shown.text.len();
        let separator = (shape.separator_start..shape.numerator_start).contains(&at);
        let fraction = (shape.numerator_start..shape.denominator_end).contains(&at);
        if hidden && (separator || fraction) {
            writer.blank(token, blank_hidden);
        } else if drop_integer && separator {
            writer.blank(token, spaces);
        } else if let Token::Integer(digit) = token {
            let last = integer.done + 1 == shape.number.integer;
            let shows_zero = integer_zero && last && !drop_integer && !shape.integer_has.zero;
            integer.push(&mut writer.shown.text, if shows_zero { Digit::Zero } else { *digit });
        } else {
            writer.token(token);
        }
        writer.shown.replace_digits(from, token, numerals);
    }
}

struct Writer<'a> {
    shown: &'a mut Formatted,
    shape: &'a FractionShape,
    parts: &'a Parts,
    numerator: Decimal,
    numerator_done: usize,
    denominator_done: bool,
}

impl Writer<'_> {
    /// Leaves a token out, with as many spaces in its place as it would take where columns should line up.
    fn blank(&mut self, token: &Token, spaces: bool) {
        let width = match token {
            Token::Literal(text) => text.chars().count(),
            Token::FixedDenominator { width, .. } => *width,
            Token::Fill(_) => 0,
            _ => 1,
        };
        if spaces {
            self.shown.text.extend(std::iter::repeat_n(' ', width));
        }
    }

    fn token(&mut self, token: &Token) {
        match token {
            Token::Numerator(digit) => self.numerator_place(*digit),
            Token::Slash => self.shown.text.push('/'),
            Token::Denominator(_) => self.denominator(),
            Token::FixedDenominator { value, .. } => push_integer(&mut self.shown.text, u64::from(*value)),
            _ => self.shown.push_plain(token),
        }
    }

    fn numerator_place(&mut self, digit: Digit) {
        let mut writer = IntegerWriter {
            digits: &self.numerator,
            places: self.shape.numerator_digits,
            grouping: None,
            done: self.numerator_done,
        };
        let last = self.numerator_done + 1 == self.shape.numerator_digits;
        let zero = last && self.numerator.is_zero();
        writer.push(&mut self.shown.text, if zero { Digit::Zero } else { digit });
        self.numerator_done += 1;
    }

    /// Denominators stand at the left, so that the slashes line up: zeros before them, spaces behind.
    fn denominator(&mut self) {
        if self.denominator_done {
            return;
        }
        self.denominator_done = true;
        let start = self.shown.text.len();
        push_padded(&mut self.shown.text, self.parts.denominator, self.shape.denominator_zeros.max(1));
        let width = self.shown.text.len() - start;
        if self.shape.denominator_has.space {
            let spaces = self.shape.denominator_digits.saturating_sub(width);
            self.shown.text.extend(std::iter::repeat_n(' ', spaces));
        }
    }
}

/// Splits a number into integer, numerator and denominator as the shape wants them.
fn split(number: f64, shape: &FractionShape) -> Parts {
    let mut value = number.abs();
    for _ in 0..shape.number.scale / 2 {
        value *= 100.0;
    }
    let mixed = shape.number.integer > 0;
    // A float of this size has no fraction, and its numerator would not fit an integer.
    if value >= 1e15 {
        let integer = if mixed { Decimal::new(value) } else { Decimal::ZERO };
        return Parts { integer, numerator: if mixed { 0 } else { value as u64 }, denominator: 1 };
    }
    let whole = value.floor();
    let (mut numerator, mut denominator) = if shape.fixed {
        let rest = if mixed { value - whole } else { value };
        let denominator = u64::from(shape.denominator.max(1));
        ((rest * denominator as f64 + 0.5).floor() as u64, denominator)
    } else {
        let (numerator, denominator) = nearest(value, u64::from(shape.denominator.max(1)));
        let taken = if mixed { (whole as u64).saturating_mul(denominator) } else { 0 };
        (numerator.saturating_sub(taken), denominator)
    };
    let mut integer = if mixed { Decimal::new(whole) } else { Decimal::ZERO };
    if mixed && numerator >= denominator {
        integer.add_one();
        numerator = 0;
    }
    if mixed && numerator == 0 && !shape.fixed {
        denominator = 1;
    }
    Parts { integer, numerator, denominator }
}

/// The last convergent of the continued fraction whose denominator is small enough. Excel takes convergents, not the
/// best approximation, and computes them in floating point, whose noise shows: 0.3 in ninths is 2/7, 1.3 is 1 1/3.
fn nearest(value: f64, largest: u64) -> (u64, u64) {
    let largest = largest as f64;
    let (mut before, mut last) = ((0.0, 1.0), (1.0, 0.0));
    let mut rest = value;
    loop {
        let part = rest.floor();
        let next = (part * last.0 + before.0, part * last.1 + before.1);
        if next.1 > largest {
            break;
        }
        (before, last) = (last, next);
        let remainder = rest - part;
        if remainder < 5e-8 {
            break;
        }
        rest = 1.0 / remainder;
    }
    (last.0 as u64, last.1.max(1.0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(number: f64, largest: u64) -> String {
        let (numerator, denominator) = nearest(number, largest);
        format!("{numerator}/{denominator}")
    }

    #[test]
    fn convergents_with_the_noise_of_floats() {
        assert_eq!(text_of(0.3, 9), "2/7");
        assert_eq!(text_of(1.3, 9), "4/3");
        assert_eq!(text_of(0.456, 9), "1/2");
        assert_eq!(text_of(0.999, 9), "1/1");
        assert_eq!(text_of(1e-9, 99), "0/1");
    }
}
