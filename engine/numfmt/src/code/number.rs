//! Sections that show a number: decimals, scientific notation and fractions.

use crate::FormatError;
use crate::code::compile::{digit, push_char, push_common, push_literal};
use crate::code::lexer::{Digit, Lexeme};
use crate::code::section::{FractionShape, Has, NumberShape, Section, Shape, Token};

/// The largest denominator that is searched for, however many placeholders there are.
const MAX_DENOMINATOR_DIGITS: u32 = 7;

/// Where in a number a lexeme stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Integer,
    Fraction,
    Exponent,
}

/// What a thousands separator means, by its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// Between digits: groups, or nothing behind the decimal point.
    Between,
    /// Behind the last digit: divides by a thousand.
    Scale,
    /// Behind a digit while others follow later: nothing.
    Ignored,
    Literal,
}

struct NumberCompiler<'a> {
    lexemes: &'a [Lexeme],
    tokens: Vec<Token>,
    shape: NumberShape,
    part: Part,
    exponent_digits: usize,
    has_exponent: bool,
    /// For each place, whether a digit placeholder of the same part follows.
    digit_follows: Vec<bool>,
}

/// Compiles a section without slash or date.
pub(crate) fn compile_number(
    lexemes: &[Lexeme],
    number: usize,
    section: &mut Section,
) -> Result<(), FormatError> {
    let mut compiler = NumberCompiler {
        lexemes,
        tokens: Vec::with_capacity(lexemes.len()),
        shape: empty_shape(),
        part: Part::Integer,
        exponent_digits: 0,
        has_exponent: false,
        digit_follows: digit_follows(lexemes),
    };
    for at in 0..lexemes.len() {
        compiler.lexeme(at);
    }
    let NumberCompiler { tokens, shape, exponent_digits, has_exponent, .. } = compiler;
    section.tokens = tokens;
    section.shape = if has_exponent {
        if shape.integer + shape.fraction == 0 || exponent_digits == 0 {
            return Err(FormatError::MissingDigits { section: number, beside: 'E' });
        }
        Shape::Scientific { number: shape, exponent_digits }
    } else if shape.integer + shape.fraction > 0 {
        Shape::Number(shape)
    } else {
        Shape::Plain
    };
    Ok(())
}

fn empty_shape() -> NumberShape {
    NumberShape { integer: 0, fraction: 0, grouping: false, scale: 0, percent: false }
}

/// For each place whether a digit follows before the decimal point, exponent or end.
fn digit_follows(lexemes: &[Lexeme]) -> Vec<bool> {
    let mut follows = vec![false; lexemes.len()];
    let mut seen = false;
    for (slot, lexeme) in follows.iter_mut().zip(lexemes).rev() {
        *slot = seen;
        match lexeme {
            Lexeme::Digit(_) => seen = true,
            Lexeme::Point(_) | Lexeme::Exponent { .. } => seen = false,
            _ => {}
        }
    }
    follows
}

/// What the separator at a place means.
fn group_meaning(lexemes: &[Lexeme], at: usize, digit_follows: bool) -> Group {
    let not_group = |lexeme: &&Lexeme| !matches!(lexeme, Lexeme::Group(_));
    let before = lexemes.get(..at).unwrap_or_default().iter().rev().find(not_group);
    let after = lexemes.get(at..).unwrap_or_default().iter().find(not_group);
    let digit_before = matches!(before, Some(Lexeme::Digit(_) | Lexeme::Figure(_)));
    if digit_before && matches!(after, Some(Lexeme::Digit(_) | Lexeme::Figure(_))) {
        Group::Between
    } else if digit_before || matches!(before, Some(Lexeme::Point(_))) {
        if digit_follows { Group::Ignored } else { Group::Scale }
    } else {
        Group::Literal
    }
}

impl NumberCompiler<'_> {
    fn lexeme(&mut self, at: usize) {
        let Some(lexeme) = self.lexemes.get(at) else {
            return;
        };
        match lexeme {
            Lexeme::Digit(digit) => self.digit(*digit),
            Lexeme::Group(character) => self.group(at, *character),
            Lexeme::Point(_) if self.part == Part::Integer => {
                self.part = Part::Fraction;
                self.tokens.push(Token::Point);
            }
            Lexeme::Point(character) => push_char(&mut self.tokens, *character),
            Lexeme::Exponent { plus, symbol } if !self.has_exponent => {
                self.has_exponent = true;
                self.part = Part::Exponent;
                self.tokens.push(Token::Exponent { plus: *plus, symbol: *symbol });
            }
            Lexeme::Exponent { plus, symbol } => {
                let sign = if *plus { "+" } else { "-" };
                push_literal(&mut self.tokens, &format!("{symbol}{sign}"));
            }
            _ => {
                if matches!(lexeme, Lexeme::Percent) {
                    self.shape.percent = true;
                    self.shape.scale += 2;
                }
                push_common(lexeme, &mut self.tokens);
            }
        }
    }

    fn digit(&mut self, digit: Digit) {
        match self.part {
            Part::Integer => {
                self.shape.integer += 1;
                self.tokens.push(Token::Integer(digit));
            }
            Part::Fraction => {
                self.shape.fraction += 1;
                self.tokens.push(Token::Fraction(digit));
            }
            Part::Exponent => {
                self.exponent_digits += 1;
                self.tokens.push(Token::ExponentDigit(digit));
            }
        }
    }

    fn group(&mut self, at: usize, character: char) {
        let follows = self.digit_follows.get(at).copied().unwrap_or(false);
        match group_meaning(self.lexemes, at, follows) {
            Group::Between => self.shape.grouping |= self.part == Part::Integer,
            Group::Scale if self.part != Part::Exponent => self.shape.scale -= 3,
            Group::Scale | Group::Ignored => {}
            Group::Literal => push_char(&mut self.tokens, character),
        }
    }
}

/// Compiles a section with a slash and no date.
pub(crate) fn compile_fraction(
    lexemes: &[Lexeme],
    number: usize,
    section: &mut Section,
) -> Result<(), FormatError> {
    let missing = FormatError::MissingDigits { section: number, beside: '/' };
    let slash = lexemes.iter().position(|lexeme| matches!(lexeme, Lexeme::Slash)).ok_or(missing.clone())?;
    if lexemes.iter().any(|lexeme| matches!(lexeme, Lexeme::Point(_) | Lexeme::Exponent { .. })) {
        return Err(FormatError::Mixed { section: number, what: "a fraction with decimals or an exponent" });
    }
    let numerator_end = lexemes
        .get(..slash)
        .and_then(|before| before.iter().rposition(|lexeme| matches!(lexeme, Lexeme::Digit(_))))
        .ok_or(missing.clone())?
        + 1;
    let mut numerator_start = numerator_end;
    while numerator_start > 0 && digit(lexemes.get(numerator_start - 1)).is_some() {
        numerator_start -= 1;
    }
    let denominator_start = lexemes
        .iter()
        .skip(slash)
        .position(|lexeme| matches!(lexeme, Lexeme::Digit(_) | Lexeme::Figure(_)))
        .ok_or(missing)?
        + slash;
    let grouped = |at: usize| matches!(lexemes.get(at), Some(Lexeme::Group(_)));
    if (numerator_start > 0 && grouped(numerator_start - 1)) || grouped(numerator_end) {
        return Err(FormatError::Mixed { section: number, what: "a numerator with a thousands separator" });
    }
    let mut whole = Section::general();
    compile_number(lexemes.get(..numerator_start).unwrap_or_default(), number, &mut whole)?;
    let shape = match whole.shape {
        Shape::Number(shape) => shape,
        _ => empty_shape(),
    };
    let mut builder = FractionBuilder::new(whole.tokens, shape);
    builder.numerator(lexemes.get(numerator_start..denominator_start).unwrap_or_default());
    let rest = builder.denominator(lexemes.get(denominator_start..).unwrap_or_default());
    if matches!(rest.first(), Some(Lexeme::Group(_))) {
        return Err(FormatError::Mixed { section: number, what: "a denominator with a thousands separator" });
    }
    builder.tail(rest);
    let scale = lexemes.iter().filter(|lexeme| matches!(lexeme, Lexeme::Percent)).count();
    builder.shape.number.scale = 2 * scale as i32;
    builder.shape.number.percent = scale > 0;
    section.tokens = builder.tokens;
    section.shape = Shape::Fraction(builder.shape);
    Ok(())
}

struct FractionBuilder {
    tokens: Vec<Token>,
    shape: FractionShape,
}

impl FractionBuilder {
    fn new(tokens: Vec<Token>, number: NumberShape) -> FractionBuilder {
        let is_integer = |token: &Token| matches!(token, Token::Integer(_));
        let separator_start = tokens.iter().rposition(is_integer).map_or(tokens.len(), |last| last + 1);
        let mut integer_has = Has::default();
        for token in &tokens {
            if let Token::Integer(digit) = token {
                integer_has.note(*digit);
            }
        }
        let shape = FractionShape {
            number,
            separator_start,
            numerator_start: tokens.len(),
            denominator_end: tokens.len(),
            denominator: 0,
            fixed: false,
            numerator_digits: 0,
            denominator_digits: 0,
            denominator_zeros: 0,
            integer_has,
            numerator_has: Has::default(),
            denominator_has: Has::default(),
        };
        FractionBuilder { tokens, shape }
    }

    /// The numerator, the slash and what stands around it.
    fn numerator(&mut self, lexemes: &[Lexeme]) {
        // Literals before the numerator are the separator's: they must not melt into it.
        for lexeme in lexemes {
            match lexeme {
                Lexeme::Digit(digit) => {
                    self.shape.numerator_has.note(*digit);
                    self.shape.numerator_digits += 1;
                    self.tokens.push(Token::Numerator(*digit));
                }
                Lexeme::Slash => self.tokens.push(Token::Slash),
                Lexeme::Group(character) => push_char(&mut self.tokens, *character),
                _ => {
                    push_common(lexeme, &mut self.tokens);
                }
            }
        }
    }

    /// The denominator; gives back what follows it.
    fn denominator<'a>(&mut self, lexemes: &'a [Lexeme]) -> &'a [Lexeme] {
        let length = lexemes
            .iter()
            .position(|lexeme| !matches!(lexeme, Lexeme::Digit(_) | Lexeme::Figure(_)))
            .unwrap_or(lexemes.len());
        let (run, rest) = lexemes.split_at_checked(length).unwrap_or((lexemes, &[]));
        if matches!(run.first(), Some(Lexeme::Figure(_))) {
            let mut value = 0u32;
            for lexeme in run {
                let figure = match lexeme {
                    Lexeme::Figure(figure) => figure.to_digit(10).unwrap_or(0),
                    _ => 0,
                };
                value = value.saturating_mul(10).saturating_add(figure);
            }
            self.shape.fixed = true;
            self.shape.denominator = value;
            self.shape.denominator_digits = run.len();
            self.tokens.push(Token::FixedDenominator { value, width: run.len() });
        } else {
            for lexeme in run {
                let digit = digit(Some(lexeme)).unwrap_or(Digit::Zero);
                self.shape.denominator_has.note(digit);
                self.shape.denominator_zeros += usize::from(digit == Digit::Zero);
                self.tokens.push(Token::Denominator(digit));
            }
            self.shape.denominator_digits = run.len();
            let digits = (run.len() as u32).min(MAX_DENOMINATOR_DIGITS);
            self.shape.denominator = 10u32.pow(digits) - 1;
        }
        self.shape.denominator_end = self.tokens.len();
        rest
    }

    /// What follows the denominator: further placeholders show what they show without a digit.
    fn tail(&mut self, lexemes: &[Lexeme]) {
        // A literal of its own, so that hiding the fraction leaves it alone.
        for lexeme in lexemes {
            match lexeme {
                Lexeme::Digit(Digit::Zero) => push_literal(&mut self.tokens, "0"),
                Lexeme::Digit(Digit::Space) => push_literal(&mut self.tokens, " "),
                Lexeme::Digit(Digit::Optional) => {}
                Lexeme::Slash => push_literal(&mut self.tokens, "/"),
                Lexeme::Group(character) => push_char(&mut self.tokens, *character),
                _ => {
                    push_common(lexeme, &mut self.tokens);
                }
            }
        }
    }
}
