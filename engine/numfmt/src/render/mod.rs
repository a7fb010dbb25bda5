//! Showing a value: which section applies, and the walk over its tokens.

mod date;
mod era;
mod fraction;
mod number;
mod text;

pub use text::format_text;

use crate::Locale;
use crate::code::section::{Section, Shape, SystemPattern, Token};
use crate::code::{Format, Minus, NumberSection};
use crate::color::Color;
use crate::digits::Decimal;
use crate::general::{GENERAL_WIDTH, push_fitted, push_general};
use crate::numerals::{Asked, Numerals};
use values::{CellError, DateSystem, Value};

/// What a cell shows when its value does not fit or is no date.
const HASHES: &str = "#######";

/// A value as a format shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formatted {
    /// The text, with a space for each `_x` and without what `*x` repeats.
    pub text: String,
    /// The colour that the section asks for.
    pub color: Option<Color>,
    /// Whether the value cannot be shown: a date outside of the calendar, a number that meets no condition, or one
    /// that is too wide. The text is then `#######`, and whoever knows the width of the cell fills it with `#`.
    pub overflow: bool,
    /// What to repeat, and where, when the cell is wider than the text.
    pub fill: Option<Fill>,
}

/// `*x`: a character that fills the cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The byte of the text before which it goes.
    pub at: usize,
    /// The character to repeat.
    pub with: char,
}

/// What every token needs to know.
pub(crate) struct Context<'a> {
    pub(crate) locale: &'a Locale,
    pub(crate) system: DateSystem,
    pub(crate) general_width: usize,
}

/// The value is outside of what the section can show.
pub(crate) struct Overflow;

impl Format {
    /// Shows a value as TEXT does, and as a cell that is wide enough. Errors show as themselves, TRUE and FALSE (in the
    /// words of the locale) go through the section for text, an empty cell shows nothing; of an array it is the first
    /// value.
    pub fn format(&self, value: &Value, locale: &Locale, system: DateSystem) -> Formatted {
        self.format_in_width(value, locale, system, GENERAL_WIDTH)
    }

    /// Shows a value in a cell of so many characters, which matters to General alone: it has fewer digits in a
    /// narrow cell, or overflows. Other formats do not look at the width; whether their text fits depends on fonts.
    pub fn format_in_width(
        &self,
        value: &Value,
        locale: &Locale,
        system: DateSystem,
        width_chars: usize,
    ) -> Formatted {
        let context = Context { locale, system, general_width: width_chars };
        match value {
            Value::Number(number) => self.format_number(*number, &context),
            Value::Bool(value) => self.format_text(locale.truth_word(*value)),
            Value::Text(text) => self.format_text(text),
            Value::Error(error) => Formatted { text: error.as_str().to_owned(), ..Formatted::default() },
            Value::Array(array) => match array.get(0, 0) {
                Some(first) if first.is_scalar() => self.format_in_width(first, locale, system, width_chars),
                _ => Formatted::default(),
            },
            _ => Formatted::default(),
        }
    }

    fn format_number(&self, number: f64, context: &Context<'_>) -> Formatted {
        // No cell holds infinities or NaN; Excel's name for what it cannot represent is an error.
        if !number.is_finite() {
            return Formatted { text: CellError::Num.as_str().to_owned(), ..Formatted::default() };
        }
        let Some(chosen) = self.number_section(number) else {
            return overflow(None);
        };
        let mut shown = Formatted { color: chosen.section.color, ..Formatted::default() };
        shown.text.reserve(24);
        match push_number(&mut shown, chosen, number, context) {
            Ok(()) => shown,
            Err(Overflow) => overflow(chosen.section.color),
        }
    }

    fn format_text(&self, text: &str) -> Formatted {
        let Some(section) = self.text_section() else {
            return Formatted { text: text.to_owned(), ..Formatted::default() };
        };
        let mut shown = Formatted { color: section.color, ..Formatted::default() };
        for token in &section.tokens {
            match token {
                Token::Text | Token::General => shown.text.push_str(text),
                _ => shown.push_plain(token),
            }
        }
        shown
    }
}

fn overflow(color: Option<Color>) -> Formatted {
    Formatted { text: HASHES.to_owned(), color, overflow: true, fill: None }
}

impl Formatted {
    fn push_sign(&mut self, negative: bool) {
        if negative {
            self.text.push('-');
        }
    }

    /// Puts numerals in place of the digits that a token showed from a byte on.
    fn replace_digits(&mut self, from: usize, token: &Token, numerals: Option<&Numerals>) {
        let own = matches!(token, Token::Literal(_) | Token::Pad | Token::Fill(_) | Token::Text);
        if let Some(numerals) = numerals.filter(|_| !own) {
            numerals.replace(&mut self.text, from);
        }
    }

    /// Shows a token that does not depend on the value.
    fn push_plain(&mut self, token: &Token) {
        match token {
            Token::Literal(text) => self.text.push_str(text),
            Token::Pad => self.text.push(' '),
            Token::Fill(with) => self.fill = Some(Fill { at: self.text.len(), with: *with }),
            _ => {}
        }
    }
}

fn push_number(
    shown: &mut Formatted,
    chosen: &NumberSection,
    number: f64,
    context: &Context<'_>,
) -> Result<(), Overflow> {
    let section = &chosen.section;
    match &section.shape {
        Shape::Date(shape) => return date::push_date(shown, section, shape, number, context),
        Shape::System(pattern) => return push_system(shown, *pattern, number, context),
        _ => {}
    }
    let sign = number < 0.0 && chosen.minus != Minus::Hidden;
    let unless_zero = chosen.minus == Minus::ShownUnlessZero;
    let digits = Decimal::new(number);
    match &section.shape {
        Shape::Number(shape) => {
            let digits = number::scaled(digits, shape);
            shown.push_sign(sign && !(unless_zero && digits.is_zero()));
            number::push_decimal(shown, section, shape, &digits, number, context);
        }
        Shape::Scientific { number: shape, exponent_digits } => {
            shown.push_sign(sign && !digits.is_zero());
            number::push_scientific(shown, section, shape, *exponent_digits, &digits, number, context);
        }
        Shape::Fraction(shape) => {
            shown.push_sign(sign);
            fraction::push_fraction(shown, section, shape, number, context);
        }
        _ if chosen.is_general() && sign && digits.is_zero() => shown.text.push('0'),
        _ => {
            shown.push_sign(sign);
            return push_words(shown, section, &digits, number, context);
        }
    }
    Ok(())
}

/// Shows literals, General and `@`.
fn push_words(
    shown: &mut Formatted,
    section: &Section,
    digits: &Decimal,
    number: f64,
    context: &Context<'_>,
) -> Result<(), Overflow> {
    let numerals = section.numerals(context.locale);
    for token in &section.tokens {
        let from = shown.text.len();
        match token {
            Token::General if numerals.is_some_and(Numerals::has_words) => {
                let exponents = matches!(section.numerals, Asked::Script(_));
                if let Some(numerals) = numerals {
                    numerals.push_general(&mut shown.text, digits, context.locale.decimal, exponents);
                }
            }
            Token::General => {
                let width = context.general_width;
                if !push_fitted(&mut shown.text, digits, width, context.locale.decimal) {
                    return Err(Overflow);
                }
            }
            Token::Text => push_general(&mut shown.text, number.abs(), context.locale.decimal),
            Token::Point => shown.text.push(context.locale.decimal),
            _ => shown.push_plain(token),
        }
        shown.replace_digits(from, token, numerals);
    }
    Ok(())
}

/// Shows the locale's own date or time.
fn push_system(
    shown: &mut Formatted,
    pattern: SystemPattern,
    number: f64,
    context: &Context<'_>,
) -> Result<(), Overflow> {
    let code = match pattern {
        SystemPattern::LongDate => context.locale.long_date,
        SystemPattern::LongTime => context.locale.long_time,
    };
    let format = Format::parse(code).map_err(|_| Overflow)?;
    let chosen = format.number_section(number).ok_or(Overflow)?;
    match &chosen.section.shape {
        Shape::Date(shape) => date::push_date(shown, &chosen.section, shape, number, context),
        _ => Err(Overflow),
    }
}
