//! Sections that show a date or time.

use crate::FormatError;
use crate::code::compile::{push_char, push_common, push_literal};
use crate::code::lexer::{Digit, Lexeme};
use crate::code::notation::Letter;
use crate::code::section::{DatePart, DateShape, Elapsed, Section, Shape, Token};
use crate::code::tag::Tag;

/// Most digits of a second that a code can ask for.
const MAX_SUBSECOND: usize = 3;

/// Compiles a section with at least one date or time part.
pub(crate) fn compile_date(
    lexemes: &[Lexeme],
    number: usize,
    tag: &Tag,
    section: &mut Section,
) -> Result<(), FormatError> {
    let minutes = minutes(lexemes);
    let mut shape = DateShape {
        subsecond: 0,
        elapsed: None,
        only_elapsed: true,
        twelve_hours: false,
        calendar: tag.calendar(),
        gannen: tag.gannen,
        has_date: false,
        has_time: false,
    };
    let mut tokens = Vec::with_capacity(lexemes.len());
    let mut at = 0;
    while let Some(lexeme) = lexemes.get(at) {
        at += 1;
        match lexeme {
            Lexeme::Date(letter, count) => {
                let is_minute = minutes.get(at - 1).copied().unwrap_or(false);
                let part = date_part(*letter, *count, is_minute);
                note(&mut shape, part);
                tokens.push(Token::Date(part));
            }
            Lexeme::Elapsed(letter, count) => {
                let (elapsed, part) = elapsed_part(*letter, *count);
                shape.elapsed = shape.elapsed.or(Some(elapsed));
                shape.has_time = true;
                tokens.push(Token::Date(part));
            }
            Lexeme::AmPm(style) => {
                shape.twelve_hours = true;
                note(&mut shape, DatePart::AmPm(*style));
                tokens.push(Token::Date(DatePart::AmPm(*style)));
            }
            Lexeme::Point(character) => {
                at += push_point(lexemes.get(at..).unwrap_or_default(), *character, &mut shape, &mut tokens);
            }
            Lexeme::Slash => tokens.push(Token::Date(DatePart::Separator)),
            Lexeme::Group(character) => push_char(&mut tokens, *character),
            Lexeme::Exponent { symbol, plus } => {
                push_literal(&mut tokens, &format!("{symbol}{}", if *plus { '+' } else { '-' }));
            }
            Lexeme::Digit(_) => {
                return Err(FormatError::Mixed { section: number, what: "a date with digits" });
            }
            _ => {
                push_common(lexeme, &mut tokens);
            }
        }
    }
    section.tokens = tokens;
    section.shape = Shape::Date(shape);
    Ok(())
}

/// Shows a decimal point with the digits of the second behind it, or itself; gives back how many lexemes it took.
fn push_point(rest: &[Lexeme], character: char, shape: &mut DateShape, tokens: &mut Vec<Token>) -> usize {
    let digits = subsecond_digits(rest);
    if digits == 0 {
        push_char(tokens, character);
        return 0;
    }
    let part = DatePart::Subsecond { digits };
    shape.subsecond = shape.subsecond.max(digits);
    note(shape, part);
    tokens.push(Token::Date(part));
    digits
}

/// How many zeros follow a decimal point, three at most.
fn subsecond_digits(lexemes: &[Lexeme]) -> usize {
    lexemes
        .iter()
        .take(MAX_SUBSECOND)
        .take_while(|lexeme| matches!(lexeme, Lexeme::Digit(Digit::Zero)))
        .count()
}

/// Which lexemes are an `m` or `mm` that means minutes: those next behind an hour, or beside a second that has no
/// minutes yet.
fn minutes(lexemes: &[Lexeme]) -> Vec<bool> {
    let mut marks = vec![false; lexemes.len()];
    // The last part, and whether a month or minute may still attach to it.
    let mut after_clock = false;
    let mut undecided: Option<usize> = None;
    let mut after_minute = false;
    for (at, lexeme) in lexemes.iter().enumerate() {
        let (letter, count) = match lexeme {
            Lexeme::Date(letter, count) | Lexeme::Elapsed(letter, count) => (*letter, *count),
            _ => continue,
        };
        let elapsed = matches!(lexeme, Lexeme::Elapsed(..));
        match letter {
            Letter::Month if !elapsed && count <= 2 => {
                if after_clock {
                    if let Some(mark) = marks.get_mut(at) {
                        *mark = true;
                    }
                    (after_clock, after_minute, undecided) = (false, true, None);
                } else {
                    (after_clock, after_minute, undecided) = (false, false, Some(at));
                }
            }
            Letter::Hour => (after_clock, after_minute, undecided) = (true, false, None),
            Letter::Second => {
                if let Some(mark) = undecided.and_then(|before| marks.get_mut(before)) {
                    *mark = true;
                    after_minute = true;
                }
                // A second that has its minutes already takes no others.
                (after_clock, after_minute, undecided) = (!after_minute, false, None);
            }
            Letter::Minute | Letter::Month if elapsed || letter == Letter::Minute => {
                (after_clock, after_minute, undecided) = (false, true, None);
            }
            _ => (after_clock, after_minute, undecided) = (false, false, None),
        }
    }
    marks
}

fn date_part(letter: Letter, count: usize, is_minute: bool) -> DatePart {
    let width = count.min(2);
    match letter {
        Letter::Year => DatePart::Year(count > 2),
        Letter::FullYear => DatePart::EraYear { width },
        Letter::BuddhistYear => DatePart::BuddhistYear(count > 2),
        Letter::Month if is_minute => DatePart::Minute { width },
        Letter::Month => match count {
            1 | 2 => DatePart::Month { width },
            3 => DatePart::MonthShort,
            5 => DatePart::MonthInitial,
            _ => DatePart::MonthLong,
        },
        Letter::Day => match count {
            1 | 2 => DatePart::Day { width },
            3 => DatePart::WeekdayShort,
            _ => DatePart::WeekdayLong,
        },
        Letter::Weekday if count == 3 => DatePart::WeekdayShort,
        Letter::Weekday => DatePart::WeekdayLong,
        Letter::Hour => DatePart::Hour { width },
        Letter::Minute => DatePart::Minute { width },
        Letter::Second => DatePart::Second { width },
        Letter::Era => DatePart::Era { letters: count.min(3) },
    }
}

fn elapsed_part(letter: Letter, width: usize) -> (Elapsed, DatePart) {
    match letter {
        Letter::Hour => (Elapsed::Hours, DatePart::Hour { width }),
        Letter::Second => (Elapsed::Seconds, DatePart::Second { width }),
        _ => (Elapsed::Minutes, DatePart::Minute { width }),
    }
}

/// Notes what a part that is no elapsed unit means for the section.
fn note(shape: &mut DateShape, part: DatePart) {
    shape.only_elapsed = false;
    match part {
        DatePart::Hour { .. }
        | DatePart::Minute { .. }
        | DatePart::Second { .. }
        | DatePart::Subsecond { .. }
        | DatePart::AmPm(_) => shape.has_time = true,
        DatePart::Separator => {}
        _ => shape.has_date = true,
    }
}
