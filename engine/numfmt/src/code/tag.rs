//! The tag of a section, `[$-411]`, `[$-107041E]` or `[$-ja-JP-x-gannen,80]`: numerals, calendar and language.

use crate::Locale;
use crate::code::section::{Calendar, Language, SystemPattern};
use crate::locale::EastAsian;

/// What a tag says about its section.
#[derive(Default)]
pub(crate) struct Tag {
    /// The numerals by the number of Excel's dialog; 0 and 1 are the Arabic ones that everybody uses.
    pub(crate) numerals: u8,
    /// The calendar by its Windows number, 0 for that of the language.
    pub(crate) calendar: u8,
    pub(crate) language: Language,
    /// The locale whose names are shown, if the table has it.
    pub(crate) locale: Option<&'static Locale>,
    /// Whether months are inflected, `[$-FC19]`.
    pub(crate) genitive: bool,
    pub(crate) system: Option<SystemPattern>,
    /// Whether the first year of an era is 元.
    pub(crate) gannen: bool,
}

/// Reads `407`, `F800`, `107041E`, `de-DE` or `ja-JP,3`. The hexadecimal form is numerals, calendar and language, a
/// byte, a byte and two; behind a comma numerals and calendar alone. Source: Microsoft, "Language identifiers"; the
/// bytes before the language as Excel's dialog writes them.
pub(crate) fn read_tag(code: &str) -> Tag {
    let (code, rest) = code.split_once(',').unwrap_or((code, ""));
    let mut tag = match u32::from_str_radix(code, 16) {
        Ok(id) => of_number(id),
        Err(_) => of_name(code),
    };
    if let Ok(numbers) = u16::from_str_radix(rest, 16) {
        [tag.numerals, tag.calendar] = numbers.to_be_bytes();
    }
    tag
}

fn of_number(id: u32) -> Tag {
    let [numerals, calendar, high, low] = id.to_be_bytes();
    let lcid = u16::from_be_bytes([high, low]);
    let mut tag = Tag { numerals, calendar, ..Tag::default() };
    match lcid {
        0xF800 => tag.system = Some(SystemPattern::LongDate),
        0xF400 => tag.system = Some(SystemPattern::LongTime),
        _ if lcid & 0xFF00 == 0xFC00 => {
            tag.genitive = true;
            // The inflected form names the language without a country.
            tag.locale = Locale::from_lcid(0x0400 | (lcid & 0xFF));
            tag.language = Language::Named(None);
        }
        // Numerals or a calendar without a language.
        _ if lcid & 0x3FF == 0 => {}
        _ => {
            tag.locale = Locale::from_lcid(lcid);
            tag.language = Language::Named(EastAsian::of_lcid(lcid));
        }
    }
    tag
}

fn of_name(name: &str) -> Tag {
    let mut tag = Tag::default();
    if name.eq_ignore_ascii_case("x-sysdate") {
        tag.system = Some(SystemPattern::LongDate);
    } else if name.eq_ignore_ascii_case("x-systime") {
        tag.system = Some(SystemPattern::LongTime);
    } else if !name.is_empty() {
        tag.locale = Locale::from_tag(name);
        tag.language = Language::Named(EastAsian::of_tag(name));
        tag.gannen = name.to_ascii_lowercase().ends_with("-x-gannen");
    }
    tag
}

impl Tag {
    /// The calendar of the dates of its section.
    pub(crate) fn calendar(&self) -> Calendar {
        match self.calendar {
            0 => Calendar::OfLanguage,
            3 => Calendar::Japanese,
            7 => Calendar::Buddhist,
            _ => Calendar::Gregorian,
        }
    }
}
