//! What differs between languages and countries when numbers, dates and format codes are written or read.
//!
//! Plain data: nothing here asks the operating system. Sources: Unicode CLDR and the regional settings of Windows,
//! where Excel takes them from.

mod data;
mod east_asia;
mod truth;

pub(crate) use east_asia::EastAsian;

/// The order of day, month and year in a date of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// 12/31/2026.
    MonthDayYear,
    /// 31/12/2026.
    DayMonthYear,
    /// 2026/12/31.
    YearMonthDay,
}

/// The letters for date and time parts in format codes as people of a language type them (`TT.MM.JJJJ`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodeLetters {
    /// Year, `y` in English; all letters in lower case.
    pub year: char,
    /// Month, `m` in English.
    pub month: char,
    /// Day, `d` in English.
    pub day: char,
    /// Hour, `h` in English.
    pub hour: char,
    /// Minute, `m` in English.
    pub minute: char,
    /// Second, `s` in English.
    pub second: char,
}

/// How a language and country write numbers, dates and format codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    /// BCP 47 tag, `de-AT`.
    pub tag: &'static str,
    /// Windows language identifier, as `[$-C07]` names it.
    pub lcid: u16,
    /// Decimal separator.
    pub decimal: char,
    /// Thousands separator.
    pub group: char,
    /// Whether digits are grouped as in India, 12,34,567: three before the point, then two and two.
    pub lakhs: bool,
    /// Separator of arguments and list entries.
    pub list: char,
    /// Order of day, month and year.
    pub date_order: DateOrder,
    /// What `/` in a date code shows.
    pub date_separator: char,
    /// Months as they stand alone, January first.
    pub months: [&'static str; 12],
    /// Months beside a day where the language inflects them ("1 января"); shown for `[$-FC19]`.
    pub months_genitive: Option<[&'static str; 12]>,
    /// Short months, as `mmm` shows them.
    pub months_short: [&'static str; 12],
    /// Days of the week, Sunday first.
    pub days: [&'static str; 7],
    /// Short days of the week, Sunday first.
    pub days_short: [&'static str; 7],
    /// Before noon.
    pub am: &'static str,
    /// After noon.
    pub pm: &'static str,
    /// Currency symbol.
    pub currency: &'static str,
    /// Whether the currency stands behind the number.
    pub currency_after: bool,
    /// Short date as an English format code; what Excel's "*" date and built-in format 14 show.
    pub short_date: &'static str,
    /// Long date as an English format code; what `[$-F800]` shows.
    pub long_date: &'static str,
    /// Time as an English format code; what `[$-F400]` shows.
    pub long_time: &'static str,
    /// The letters of format codes.
    pub letters: CodeLetters,
    /// The word for `General` in format codes.
    pub general: &'static str,
}

impl Default for &'static Locale {
    fn default() -> Self {
        Locale::en_us()
    }
}

impl Locale {
    /// English of the United States, which file formats are written in.
    pub fn en_us() -> &'static Locale {
        &data::EN_US
    }

    /// The locale of a BCP 47 tag such as `de-AT` or `de_AT`, in any case; where the country is unknown, the
    /// language's main locale. `None` for languages that are not in the table.
    pub fn from_tag(tag: &str) -> Option<&'static Locale> {
        let tag = tag.trim();
        let same = |locale: &&Locale| {
            locale.tag.len() == tag.len()
                && locale
                    .tag
                    .bytes()
                    .zip(tag.bytes())
                    .all(|(a, b)| a.eq_ignore_ascii_case(&b) || (a == b'-' && b == b'_'))
        };
        if let Some(exact) = data::ALL.iter().copied().find(same) {
            return Some(exact);
        }
        let language = tag.split(['-', '_', '.']).next().unwrap_or(tag);
        let language = if language.eq_ignore_ascii_case("no") { "nb" } else { language };
        data::ALL.iter().copied().find(|locale| locale.language().eq_ignore_ascii_case(language))
    }

    /// The locale of a Windows language identifier, as in `[$-407]`; where the country is unknown, the language's
    /// main locale. `None` for languages that are not in the table.
    pub fn from_lcid(lcid: u16) -> Option<&'static Locale> {
        let exact = data::ALL.iter().copied().find(|locale| locale.lcid == lcid);
        // The low ten bits name the language, the rest the country.
        exact.or_else(|| data::ALL.iter().copied().find(|locale| locale.lcid & 0x3FF == lcid & 0x3FF))
    }

    /// Every locale of the table, a language's main locale before its others.
    pub fn all() -> impl Iterator<Item = &'static Locale> {
        data::ALL.iter().copied()
    }

    /// The language part of the tag, `de`.
    pub fn language(&self) -> &'static str {
        self.tag.split('-').next().unwrap_or(self.tag)
    }

    /// Whether a thousands separator stands behind a digit before the point, with `place` digits between the two.
    pub fn separates(&self, place: usize) -> bool {
        match place {
            0..=2 => false,
            _ if self.lakhs => place % 2 == 1,
            _ => place.is_multiple_of(3),
        }
    }

    /// Whether a character separates thousands here when it stands between digits: for a space, any space that
    /// people type.
    pub(crate) fn is_group(&self, character: char) -> bool {
        character == self.group
            || (is_space(self.group) && is_space(character))
            || (self.group == '\u{2019}' && character == '\'')
    }
}

/// Ordinary, no-break and narrow no-break space.
pub(crate) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{A0}' | '\u{202F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_fall_back_by_language() {
        for (tag, expected) in [
            ("de-AT", "de-AT"),
            ("de_at", "de-AT"),
            ("de-LU", "de-DE"),
            ("DE", "de-DE"),
            ("en-ZA", "en-US"),
            ("no", "nb-NO"),
            ("fr-BE", "fr-FR"),
            ("de_DE.UTF-8", "de-DE"),
            ("zh-SG", "zh-CN"),
        ] {
            assert_eq!(Locale::from_tag(tag).map(|locale| locale.tag), Some(expected), "{tag}");
        }
        assert_eq!(Locale::from_tag("xx-YY"), None);
        assert_eq!(Locale::from_lcid(0x0C07).map(|locale| locale.tag), Some("de-AT"));
        assert_eq!(Locale::from_lcid(0x1407).map(|locale| locale.tag), Some("de-DE"));
        assert_eq!(Locale::from_lcid(0x0001), None);
    }

    #[test]
    fn the_table_is_sound() {
        for locale in Locale::all() {
            assert_ne!(locale.decimal, locale.group, "{}", locale.tag);
            assert_ne!(locale.decimal, locale.list, "{}", locale.tag);
            assert_eq!(Locale::from_tag(locale.tag), Some(locale));
            assert_eq!(Locale::from_lcid(locale.lcid), Some(locale));
            for code in [locale.short_date, locale.long_date, locale.long_time] {
                assert!(crate::Format::parse(code).is_ok(), "{code} of {}", locale.tag);
            }
            for names in [locale.months, locale.months_short] {
                let mut sorted = names.to_vec();
                sorted.sort_unstable();
                sorted.dedup();
                assert_eq!(sorted.len(), 12, "a month of {} is written twice", locale.tag);
            }
        }
    }
}
