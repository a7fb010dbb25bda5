//! Format codes: read once, shown many times.

pub(crate) mod compile;
mod date;
pub(crate) mod lexer;
pub(crate) mod notation;
mod number;
pub(crate) mod section;
mod tag;

use crate::code::compile::{Unsupported, compile};
use crate::code::lexer::{Comparison, Condition, Lexeme, lex};
use crate::code::notation::Notation;
use crate::code::section::{Section, Shape, Token};
use crate::kind::{Class, classify};
use crate::{FormatError, Locale};

/// The longest format code, as in Excel's dialog.
pub const MAX_CODE_CHARS: usize = 255;

/// A compiled format code.
///
/// ```
/// # use playsheet_numfmt as numfmt;
/// use numfmt::{Format, Locale};
/// use values::{DateSystem, Value};
/// let format = Format::parse("#,##0.00").unwrap();
/// let shown = format.format(&Value::Number(1234.5), Locale::en_us(), DateSystem::V1900);
/// assert_eq!(shown.text, "1,234.50");
/// ```
#[derive(Clone, Debug)]
pub struct Format {
    /// Sections for numbers, one to three, each with what decides whether it applies.
    numbers: Vec<NumberSection>,
    /// The section for text and booleans.
    text: Option<Section>,
    class: Class,
    unsupported: Unsupported,
}

/// What happens to the minus sign of a negative number in a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Minus {
    /// The section stands for negative numbers and says itself how they look.
    Hidden,
    /// Shown before everything else.
    Shown,
    /// Shown unless all digits shown are zeros.
    ShownUnlessZero,
}

#[derive(Clone, Debug)]
pub(crate) struct NumberSection {
    pub(crate) section: Section,
    condition: Option<Condition>,
    pub(crate) minus: Minus,
}

impl Format {
    /// Compiles a code in the notation of files, with `.`, `,` and English letters.
    ///
    /// # Errors
    /// Where Excel would not take the code.
    pub fn parse(code: &str) -> Result<Format, FormatError> {
        Format::compile(code, &Notation::english())
    }

    /// Compiles a code as people of a locale type it, and as TEXT expects it: `TT.MM.JJJJ`, `#.##0,00`.
    /// Letters that mean nothing in their language are read as the English ones.
    ///
    /// # Errors
    /// Where Excel would not take the code.
    pub fn parse_local(code: &str, locale: &Locale) -> Result<Format, FormatError> {
        Format::compile(code, &Notation::of(locale))
    }

    /// The General format.
    pub fn general() -> Format {
        let section = Section::general();
        let class = classify(std::slice::from_ref(&section));
        let numbers = vec![NumberSection { section, condition: None, minus: Minus::Shown }];
        Format { numbers, text: None, class, unsupported: Unsupported::default() }
    }

    fn compile(code: &str, notation: &Notation) -> Result<Format, FormatError> {
        let chars: Vec<char> = code.chars().take(MAX_CODE_CHARS + 1).collect();
        if chars.len() > MAX_CODE_CHARS {
            return Err(FormatError::TooLong { chars: code.chars().count() });
        }
        let lexemes = lex(&chars, notation)?;
        let mut unsupported = Unsupported::default();
        let mut sections = Vec::with_capacity(4);
        for part in lexemes.split(|lexeme| *lexeme == Lexeme::Separator) {
            if sections.len() == 4 {
                return Err(FormatError::TooManySections);
            }
            sections.push(compile(part, sections.len() + 1, &mut unsupported)?);
        }
        let text = take_text_section(&mut sections)?;
        if sections.iter().filter(|section| section.condition.is_some()).count() > 2 {
            return Err(FormatError::TooManySections);
        }
        let class = classify(&sections);
        let single = sections.len() == 1 && text.is_none();
        let numbers = assign(sections, single);
        Ok(Format { numbers, text, class, unsupported })
    }

    /// What the code shows, for guessing what a cell holds.
    pub fn class(&self) -> &Class {
        &self.class
    }

    /// What the code shows, in one word.
    pub fn kind(&self) -> crate::Kind {
        self.class.kind
    }

    /// What the code asks for and is shown in another way, each in words for a report: other numerals as
    /// 0 to 9, other calendars as the Gregorian one.
    pub fn fallbacks(&self) -> Vec<&'static str> {
        let Unsupported { numerals, hijri, era, calendar } = self.unsupported;
        [
            (numerals, "numerals of other scripts are shown as 0 to 9"),
            (hijri, "Hijri dates are shown in the Gregorian calendar"),
            (era, "years of Taiwan's calendar are shown in the Gregorian one"),
            (calendar, "dates of another calendar are shown in the Gregorian one"),
        ]
        .into_iter()
        .filter_map(|(asked, words)| asked.then_some(words))
        .collect()
    }

    /// The section for a number; `None` where no condition is met, which shows `#######`.
    pub(crate) fn number_section(&self, number: f64) -> Option<&NumberSection> {
        self.numbers.iter().find(|section| section.condition.is_none_or(|condition| condition.holds(number)))
    }

    /// The section for text and booleans, if the code has one.
    pub(crate) fn text_section(&self) -> Option<&Section> {
        self.text.as_ref().or_else(|| {
            // A lone section with `@` serves numbers and text alike.
            let only = self.numbers.first().filter(|_| self.numbers.len() == 1)?;
            only.section.shows_text().then_some(&only.section)
        })
    }
}

impl Condition {
    const fn new(comparison: Comparison, limit: f64) -> Condition {
        Condition { comparison, limit }
    }

    fn holds(self, number: f64) -> bool {
        match self.comparison {
            Comparison::Less => number < self.limit,
            Comparison::LessOrEqual => number <= self.limit,
            Comparison::Equal => number == self.limit,
            Comparison::NotEqual => number != self.limit,
            Comparison::GreaterOrEqual => number >= self.limit,
            Comparison::Greater => number > self.limit,
        }
    }

    /// Whether a section with this condition says itself how negative numbers look.
    fn hides_minus(self) -> bool {
        match self.comparison {
            Comparison::Less => self.limit <= 0.0,
            Comparison::LessOrEqual | Comparison::Equal => self.limit < 0.0,
            _ => false,
        }
    }
}

/// Takes the section for text out: the fourth, or the last one where it has an `@`.
fn take_text_section(sections: &mut Vec<Section>) -> Result<Option<Section>, FormatError> {
    let holders = sections.iter().filter(|section| section.shows_text()).count();
    if holders > 1 {
        return Err(FormatError::TooManySections);
    }
    if sections.len() == 4 {
        let text = sections.pop();
        if holders == 1 && !text.as_ref().is_some_and(Section::shows_text) {
            return Err(FormatError::Mixed { section: 3, what: "a number with text" });
        }
        if text.as_ref().is_some_and(Section::is_numeric) {
            return Err(FormatError::Mixed { section: 4, what: "text with digits or a date" });
        }
        return Ok(text);
    }
    let last_holds = sections.last().is_some_and(|section| section.shows_text() && !section.is_numeric());
    Ok(if last_holds && sections.len() > 1 { sections.pop() } else { None })
}

/// Decides for each number section when it applies and what becomes of the minus sign. Measured: without conditions
/// the second section is for negative numbers; with them, a section shows the sign unless its condition holds for
/// negative numbers only, and a last section without a condition shows it where the first condition is `=`, or `>` or
/// `>=` with a positive limit.
fn assign(sections: Vec<Section>, single: bool) -> Vec<NumberSection> {
    let count = sections.len();
    let first = sections.first().and_then(|section| section.condition);
    let conditional = sections.iter().any(|section| section.condition.is_some());
    let mut numbers: Vec<NumberSection> = Vec::with_capacity(count + 1);
    for (place, section) in sections.into_iter().enumerate() {
        let (condition, minus) = if conditional {
            conditional_rule(place, count, section.condition, first)
        } else {
            plain_rule(place, count, single)
        };
        numbers.push(NumberSection { section, condition, minus });
    }
    if let (1, Some(first)) = (count, first) {
        let minus = rest_minus(first);
        numbers.push(NumberSection { section: Section::general(), condition: None, minus });
    }
    numbers
}

fn plain_rule(place: usize, count: usize, single: bool) -> (Option<Condition>, Minus) {
    match (place, count) {
        (0, 1) if single => (None, Minus::ShownUnlessZero),
        (0, 1) => (None, Minus::Shown),
        (0, 2) => (Some(Condition::new(Comparison::GreaterOrEqual, 0.0)), Minus::Shown),
        (0, _) => (Some(Condition::new(Comparison::Greater, 0.0)), Minus::Shown),
        (1, 3) => (Some(Condition::new(Comparison::Less, 0.0)), Minus::Hidden),
        _ => (None, Minus::Hidden),
    }
}

fn conditional_rule(
    place: usize,
    count: usize,
    own: Option<Condition>,
    first: Option<Condition>,
) -> (Option<Condition>, Minus) {
    let condition = match (own, place) {
        (Some(own), _) => Some(own),
        (None, 0) => Some(Condition::new(Comparison::Greater, 0.0)),
        (None, 1) if count == 3 => Some(Condition::new(Comparison::Less, 0.0)),
        (None, _) => None,
    };
    let minus = match condition {
        Some(condition) if condition.hides_minus() => Minus::Hidden,
        None if count == 2 => first.map_or(Minus::ShownUnlessZero, rest_minus),
        _ => Minus::ShownUnlessZero,
    };
    (condition, minus)
}

/// The minus sign in a second section for everything that the first condition leaves over.
fn rest_minus(first: Condition) -> Minus {
    match first.comparison {
        Comparison::Equal => Minus::ShownUnlessZero,
        // With 0 it is the rule without conditions: the rest is for negative numbers.
        Comparison::Greater | Comparison::GreaterOrEqual if first.limit > 0.0 => Minus::ShownUnlessZero,
        _ => Minus::Hidden,
    }
}

impl NumberSection {
    /// Whether the section is nothing but General, which then knows its own width.
    pub(crate) fn is_general(&self) -> bool {
        self.section.shape == Shape::Plain && self.section.tokens == [Token::General]
    }
}
