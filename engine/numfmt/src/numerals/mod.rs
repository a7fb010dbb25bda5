//! Numerals of other scripts, in place of 0 to 9.
//!
//! A section asks for them with `[DBNum1]` to `[DBNum4]`, which mean what its language makes of them, or with a number
//! in its tag, `[$-2000000]`. Most scripts put digit for digit; Chinese, Japanese and Korean numerals have words for
//! ten, hundred and the like besides, which General, elapsed times and the fields of dates use.

mod data;

use crate::digits::Decimal;
use crate::general::{GENERAL_WIDTH, push_fitted, push_plain};
use crate::locale::EastAsian;

/// The numerals of a script.
#[derive(Debug, PartialEq)]
pub(crate) struct Numerals {
    digits: [char; 10],
    words: Option<Words>,
}

/// How numerals name the places of digits.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Words {
    /// Ten, a hundred and a thousand.
    places: [char; 3],
    /// The fourth, eighth and twelfth power of ten.
    groups: [char; 3],
    /// Whether a one is said before a place: 一十 and not 十.
    one: bool,
    /// Whether a zero stands for places that are left out between others: 一百○一.
    zero: bool,
    /// How the month, day, hour and the like of a date are written.
    fields: Fields,
}

/// How a field of a date is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fields {
    /// Digit for digit.
    Digits,
    /// With words, ten without a one: 十二.
    Words,
    /// With words, ten with a one: 壹拾贰.
    WordsWithOne,
}

/// What a section asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Asked {
    #[default]
    Nothing,
    /// `[DBNum1]` to `[DBNum4]`: what the language makes of it.
    Style(u8),
    /// Those of a tag, which settle it; `None` for 0 to 9.
    Script(Option<&'static Numerals>),
}

/// How many digits make a group with a word of its own, 1 0000.
const GROUP: usize = 4;

impl Asked {
    /// What a tag asks for by its first byte; `None` for numbers that nobody knows.
    pub(crate) fn of_tag(number: u8) -> Option<Asked> {
        use EastAsian::{Japanese, Korean, SimplifiedChinese, TraditionalChinese};
        Some(Asked::Script(match number {
            0 => return Some(Asked::Nothing),
            1 => None,
            0x02..=0x13 => data::DIGITS.get(usize::from(number) - 2),
            0x1B..=0x1D => of_style(Japanese, number - 0x1A),
            0x1E..=0x20 => of_style(SimplifiedChinese, number - 0x1D),
            0x21..=0x23 => of_style(TraditionalChinese, number - 0x20),
            0x24..=0x27 => of_style(Korean, number - 0x23),
            _ => return None,
        }))
    }

    /// The numerals in a language, if it has any of its own.
    pub(crate) fn numerals(self, language: impl FnOnce() -> Option<EastAsian>) -> Option<&'static Numerals> {
        match self {
            Asked::Nothing => None,
            Asked::Style(style) => of_style(language()?, style),
            Asked::Script(numerals) => numerals,
        }
    }
}

/// What `[DBNum1]` and its like mean in a language.
fn of_style(language: EastAsian, style: u8) -> Option<&'static Numerals> {
    let styles = match language {
        EastAsian::Japanese => &data::JAPANESE,
        EastAsian::SimplifiedChinese => &data::SIMPLIFIED_CHINESE,
        EastAsian::TraditionalChinese => &data::TRADITIONAL_CHINESE,
        EastAsian::Korean if style == 4 => return Some(&data::HANGUL),
        EastAsian::Korean => &data::KOREAN,
    };
    styles.get(usize::from(style.checked_sub(1)?))
}

impl Numerals {
    /// Whether General is written in words.
    pub(crate) fn has_words(&self) -> bool {
        self.words.is_some()
    }

    /// Puts these digits in place of 0 to 9 in what `text` has from a byte on.
    pub(crate) fn replace(&self, text: &mut String, from: usize) {
        let shown = text.split_off(from);
        text.extend(shown.chars().map(|character| self.digit(character)));
    }

    /// Writes a field of a date, which `text` has in 0 to 9 from a byte on.
    pub(crate) fn replace_field(&self, text: &mut String, from: usize) {
        let words = self.words.and_then(|words| match words.fields {
            Fields::Digits => None,
            Fields::Words => Some(Words { one: false, zero: false, ..words }),
            Fields::WordsWithOne => Some(Words { one: true, zero: false, ..words }),
        });
        self.replace_with(text, from, words);
    }

    /// Writes an integer, which `text` has in 0 to 9 from a byte on.
    pub(crate) fn replace_integer(&self, text: &mut String, from: usize) {
        self.replace_with(text, from, self.words);
    }

    /// Zeros in front are digits, the number behind them is in words if there are any.
    fn replace_with(&self, text: &mut String, from: usize, words: Option<Words>) {
        let Some(words) = words else {
            return self.replace(text, from);
        };
        let shown = text.split_off(from);
        let number = shown.trim_start_matches('0');
        text.extend(std::iter::repeat_n(self.digit('0'), shown.len() - number.len()));
        self.push_number(text, &words, number);
    }

    /// Appends a number as General: its integer in words, its decimals digit for digit. Words have room for what takes
    /// an exponent in figures, except where `exponents` says that they stay.
    pub(crate) fn push_general(
        &self,
        out: &mut String,
        number: &Decimal,
        decimal_separator: char,
        exponents: bool,
    ) {
        let from = out.len();
        push_fitted(out, number, GENERAL_WIDTH, decimal_separator);
        if out.get(from..).is_some_and(|shown| shown.contains('E')) {
            if exponents || number.exponent() < 0 {
                return self.replace(out, from);
            }
            out.truncate(from);
            push_plain(out, number, decimal_separator);
        }
        let shown = out.split_off(from);
        let (integer, decimals) = shown.split_once(decimal_separator).unwrap_or((&shown, ""));
        out.push_str(integer);
        self.replace_integer(out, from);
        if !decimals.is_empty() {
            out.push(decimal_separator);
            out.extend(decimals.chars().map(|digit| self.digit(digit)));
        }
    }

    fn digit(&self, digit: char) -> char {
        digit.to_digit(10).and_then(|digit| self.digits.get(digit as usize)).copied().unwrap_or(digit)
    }

    /// Appends an integer of figures, without zeros in front, in words. What is beyond the largest word and its
    /// thousands is written digit for digit.
    fn push_number(&self, out: &mut String, words: &Words, number: &str) {
        let [.., largest] = words.groups;
        let lower = GROUP * words.groups.len();
        let (top, rest) = number.split_at(number.len().saturating_sub(lower));
        if top.len() > GROUP {
            out.extend(top.chars().map(|digit| self.digit(digit)));
        } else {
            self.push_group(out, words, top);
        }
        if !top.is_empty() {
            out.push(largest);
        }
        let mut rest = rest;
        while !rest.is_empty() {
            // Counted from the point; the first group may be short.
            let place = (rest.len() - 1) / GROUP;
            let (group, after) = rest.split_at(rest.len() - place * GROUP);
            if self.push_group(out, words, group) && place > 0 {
                out.extend(words.groups.get(place - 1));
            }
            rest = after;
        }
    }

    /// Appends up to four figures in words; false where all of them are zeros, which have none.
    fn push_group(&self, out: &mut String, words: &Words, group: &str) -> bool {
        let mut skipped = false;
        let mut any = false;
        for (at, digit) in group.chars().enumerate() {
            if digit == '0' {
                skipped = true;
                continue;
            }
            if skipped && words.zero {
                out.push(self.digit('0'));
            }
            (skipped, any) = (false, true);
            let place = group.len() - at - 1;
            if place == 0 || digit != '1' || words.one {
                out.push(self.digit(digit));
            }
            if place > 0 {
                out.extend(words.places.get(place - 1));
            }
        }
        any
    }
}
