//! In which notation a format code is written: files always use the English one, TEXT the person's own.

use crate::Locale;
use crate::locale::is_space;

/// What a date letter asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letter {
    Year,
    /// `m` where one letter stands for months and minutes; which of them, the neighbours decide.
    Month,
    Day,
    Hour,
    /// Only where a language has a letter of its own for minutes.
    Minute,
    Second,
    /// `e`: the year, always in full.
    FullYear,
    /// `b`: the Buddhist year.
    BuddhistYear,
    /// `g`: the era, which only the Japanese and Taiwanese calendars have.
    Era,
    /// `aaa`: the weekday, in East Asia.
    Weekday,
}

/// Separators, letters and words of format codes in a language.
#[derive(Clone, Debug)]
pub(crate) struct Notation {
    pub(crate) decimal: char,
    group: char,
    pub(crate) spaces_group: bool,
    pub(crate) general: String,
    letters: [(char, Letter); 6],
}

impl Notation {
    /// The notation of files.
    pub(crate) fn english() -> Notation {
        Notation::of(Locale::en_us())
    }

    /// The notation that people of a locale type.
    pub(crate) fn of(locale: &Locale) -> Notation {
        let letters = locale.letters;
        let minute = if letters.minute == letters.month { Letter::Month } else { Letter::Minute };
        Notation {
            decimal: locale.decimal,
            group: locale.group,
            spaces_group: is_space(locale.group),
            general: locale.general.to_owned(),
            letters: [
                (letters.year, Letter::Year),
                (letters.month, Letter::Month),
                (letters.day, Letter::Day),
                (letters.hour, Letter::Hour),
                (letters.minute, minute),
                (letters.second, Letter::Second),
            ],
        }
    }

    pub(crate) fn is_group(&self, character: char) -> bool {
        character == self.group || (self.spaces_group && character != ' ' && is_space(character))
    }

    /// What a letter asks for, in any case: the language's own letters first, then the English ones.
    pub(crate) fn letter(&self, character: char) -> Option<Letter> {
        let lower = character.to_lowercase().next().unwrap_or(character);
        if let Some((_, letter)) = self.letters.iter().find(|(own, _)| *own == lower) {
            return Some(*letter);
        }
        match character {
            'y' | 'Y' => Some(Letter::Year),
            'm' | 'M' => Some(Letter::Month),
            'd' | 'D' => Some(Letter::Day),
            'h' | 'H' => Some(Letter::Hour),
            's' | 'S' => Some(Letter::Second),
            'e' => Some(Letter::FullYear),
            'b' | 'B' => Some(Letter::BuddhistYear),
            'g' | 'G' => Some(Letter::Era),
            'a' | 'A' => Some(Letter::Weekday),
            _ => None,
        }
    }
}
