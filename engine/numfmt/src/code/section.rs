//! One compiled section of a format code: tokens in the order in which they are shown, and what must be known
//! before the first of them is.

use crate::Locale;
use crate::code::lexer::{AmPm, Condition, Digit};
use crate::color::Color;
use crate::locale::EastAsian;
use crate::numerals::{Asked, Numerals};

/// A part of a date or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DatePart {
    /// The year; true for four digits.
    Year(bool),
    /// The name of the era: its letter, its first character, or all of it.
    Era {
        letters: usize,
    },
    /// The year of the era, or the year in full where there are no eras.
    EraYear {
        width: usize,
    },
    /// The Buddhist year; true for four digits.
    BuddhistYear(bool),
    /// The month as one or two digits.
    Month {
        width: usize,
    },
    MonthShort,
    MonthLong,
    MonthInitial,
    Day {
        width: usize,
    },
    WeekdayShort,
    WeekdayLong,
    Hour {
        width: usize,
    },
    Minute {
        width: usize,
    },
    Second {
        width: usize,
    },
    /// The decimal separator and so many digits of the second.
    Subsecond {
        digits: usize,
    },
    AmPm(AmPm),
    /// `/`.
    Separator,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Literal(Box<str>),
    /// `_x`: as much space as `x` takes.
    Pad,
    Fill(char),
    Integer(Digit),
    Point,
    Fraction(Digit),
    Exponent {
        plus: bool,
        symbol: char,
    },
    ExponentDigit(Digit),
    Numerator(Digit),
    Slash,
    Denominator(Digit),
    /// A denominator given in the code, and how many characters it takes.
    FixedDenominator {
        value: u32,
        width: usize,
    },
    General,
    /// `@`.
    Text,
    Date(DatePart),
}

/// The unit of time that is not cut off at its usual end, `[h]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elapsed {
    Hours,
    Minutes,
    Seconds,
}

/// Which pattern of the locale stands in for the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SystemPattern {
    /// `[$-F800]`.
    LongDate,
    /// `[$-F400]`.
    LongTime,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NumberShape {
    /// Placeholders before the decimal point.
    pub(crate) integer: usize,
    /// Placeholders behind the decimal point.
    pub(crate) fraction: usize,
    pub(crate) grouping: bool,
    /// Power of ten by which the number is scaled: 2 for each `%`, -3 for each scaling separator.
    pub(crate) scale: i32,
    pub(crate) percent: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FractionShape {
    pub(crate) number: NumberShape,
    /// The token behind the last integer placeholder; what follows up to the numerator separates the two.
    pub(crate) separator_start: usize,
    pub(crate) numerator_start: usize,
    /// The token behind the denominator.
    pub(crate) denominator_end: usize,
    /// The largest denominator, or the given one.
    pub(crate) denominator: u32,
    pub(crate) fixed: bool,
    pub(crate) numerator_digits: usize,
    pub(crate) denominator_digits: usize,
    pub(crate) denominator_zeros: usize,
    pub(crate) integer_has: Has,
    pub(crate) numerator_has: Has,
    pub(crate) denominator_has: Has,
}

/// Which placeholders occur in a part of a fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Has {
    pub(crate) zero: bool,
    pub(crate) space: bool,
}

impl Has {
    pub(crate) fn note(&mut self, digit: Digit) {
        match digit {
            Digit::Zero => self.zero = true,
            Digit::Space => self.space = true,
            Digit::Optional => {}
        }
    }
}

/// The calendar that a date section counts years in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Calendar {
    /// None is named: the Gregorian one, whose years have Japanese eras besides where the language is Japanese.
    #[default]
    OfLanguage,
    Gregorian,
    /// All years are those of an era.
    Japanese,
    Buddhist,
}

/// The language that a section names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// None: that of the region.
    #[default]
    OfRegion,
    /// With its writing system, if it is one of East Asia.
    Named(Option<EastAsian>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DateShape {
    /// Digits of the second that are shown, which the whole serial is rounded to.
    pub(crate) subsecond: usize,
    pub(crate) elapsed: Option<Elapsed>,
    /// Nothing but elapsed units: any number will do, also a negative one.
    pub(crate) only_elapsed: bool,
    pub(crate) twelve_hours: bool,
    pub(crate) calendar: Calendar,
    /// Whether the first year of an era is 元.
    pub(crate) gannen: bool,
    pub(crate) has_date: bool,
    pub(crate) has_time: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// Literals, General and `@` only.
    Plain,
    Number(NumberShape),
    Scientific {
        number: NumberShape,
        exponent_digits: usize,
    },
    Fraction(FractionShape),
    Date(DateShape),
    System(SystemPattern),
}

#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) condition: Option<Condition>,
    pub(crate) color: Option<Color>,
    /// The locale of `[$-407]`, for names of months and days.
    pub(crate) locale: Option<&'static Locale>,
    pub(crate) language: Language,
    pub(crate) numerals: Asked,
    /// Whether months are inflected, `[$-FC19]`.
    pub(crate) genitive: bool,
    pub(crate) tokens: Vec<Token>,
    pub(crate) shape: Shape,
    /// The currency of `[$€-407]`, or a literal that is a currency symbol.
    pub(crate) currency: Option<Box<str>>,
}

impl Section {
    /// What stands in for a missing section: General for numbers, the text itself for text.
    pub(crate) fn general() -> Section {
        Section {
            condition: None,
            color: None,
            locale: None,
            language: Language::OfRegion,
            numerals: Asked::Nothing,
            genitive: false,
            tokens: vec![Token::General],
            shape: Shape::Plain,
            currency: None,
        }
    }

    /// The writing system of East Asia that it is written in.
    pub(crate) fn east_asian(&self, region: &Locale) -> Option<EastAsian> {
        match self.language {
            Language::OfRegion => EastAsian::of_tag(region.tag),
            Language::Named(system) => system,
        }
    }

    /// The numerals that stand for 0 to 9.
    pub(crate) fn numerals(&self, region: &Locale) -> Option<&'static Numerals> {
        self.numerals.numerals(|| self.east_asian(region))
    }

    /// Whether it shows the text that it is given.
    pub(crate) fn shows_text(&self) -> bool {
        self.tokens.contains(&Token::Text)
    }

    /// Whether it shows a number or date, and not words alone.
    pub(crate) fn is_numeric(&self) -> bool {
        !matches!(self.shape, Shape::Plain)
    }
}
