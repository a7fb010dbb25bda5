//! The table of numerals. Sources: Unicode for the digits, ECMA-376 part 1, 17.18.59, for the Chinese, Japanese and
//! Korean ones; which of them Excel shows where, measured by others.

use super::{Fields, Numerals, Words};

/// Ten characters that follow one another in Unicode.
const fn run(zero: u32) -> Numerals {
    let mut digits = ['0'; 10];
    let mut digit = 0;
    while digit < 10 {
        if let Some(character) = char::from_u32(zero + digit) {
            digits[digit as usize] = character;
        }
        digit += 1;
    }
    Numerals { digits, words: None }
}

/// A script whose zero is the ordinary one.
const fn without_zero(zero: u32) -> Numerals {
    let mut numerals = run(zero);
    numerals.digits[0] = '0';
    numerals
}

/// Scripts of digits, from number 2 of a tag on.
pub(super) static DIGITS: [Numerals; 18] = [
    run(0x0660),          // Arabic-Indic
    run(0x06F0),          // Persian and Urdu
    run(0x0966),          // Devanagari
    run(0x09E6),          // Bengali
    run(0x0A66),          // Gurmukhi
    run(0x0AE6),          // Gujarati
    run(0x0B66),          // Odia
    without_zero(0x0BE6), // Tamil
    run(0x0C66),          // Telugu
    run(0x0CE6),          // Kannada
    run(0x0D66),          // Malayalam
    run(0x0E50),          // Thai
    run(0x0ED0),          // Lao
    run(0x0F20),          // Tibetan
    run(0x1040),          // Myanmar
    without_zero(0x1368), // Ethiopic
    run(0x17E0),          // Khmer
    run(0x1810),          // Mongolian
];

const EVERYDAY: [char; 10] = ['○', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const FULL_WIDTH: [char; 10] = run(0xFF10).digits;
const PLACES: [char; 3] = ['十', '百', '千'];
const FORMAL_PLACES: [char; 3] = ['拾', '佰', '仟'];
const OLD_PLACES: [char; 3] = ['拾', '百', '阡'];

const fn numerals(digits: [char; 10], words: Words) -> Numerals {
    Numerals { digits, words: Some(words) }
}

/// A set of digits with another zero.
const fn with_zero(mut digits: [char; 10], zero: char) -> [char; 10] {
    digits[0] = zero;
    digits
}

/// `[DBNum1]` to `[DBNum3]` in Japanese.
pub(super) static JAPANESE: [Numerals; 3] = {
    let words =
        Words {
            places: PLACES, groups: ['万', '億', '兆'], one: false, zero: false, fields: Fields::Words
        };
    let formal = Words {
        places: OLD_PLACES,
        groups: ['萬', '億', '兆'],
        one: true,
        zero: false,
        fields: Fields::WordsWithOne,
    };
    [
        numerals(with_zero(EVERYDAY, '〇'), words),
        numerals(['〇', '壱', '弐', '参', '四', '伍', '六', '七', '八', '九'], formal),
        numerals(FULL_WIDTH, Words { fields: Fields::Digits, ..words }),
    ]
};

const fn chinese(formal_digits: [char; 10], groups: [char; 3]) -> [Numerals; 3] {
    let words = Words { places: PLACES, groups, one: true, zero: true, fields: Fields::Words };
    let formal = Words { places: FORMAL_PLACES, fields: Fields::WordsWithOne, ..words };
    [
        numerals(EVERYDAY, words),
        numerals(formal_digits, formal),
        numerals(FULL_WIDTH, Words { fields: Fields::Digits, ..words }),
    ]
}

/// `[DBNum1]` to `[DBNum3]` in the Chinese of China and Singapore.
pub(super) static SIMPLIFIED_CHINESE: [Numerals; 3] =
    chinese(['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'], ['万', '亿', '兆']);

/// `[DBNum1]` to `[DBNum3]` in the Chinese of Taiwan, Hong Kong and Macao.
pub(super) static TRADITIONAL_CHINESE: [Numerals; 3] =
    chinese(['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'], ['萬', '億', '兆']);

/// `[DBNum1]` to `[DBNum3]` in Korean.
pub(super) static KOREAN: [Numerals; 3] = {
    let words =
        Words {
            places: PLACES, groups: ['万', '億', '兆'], one: true, zero: false, fields: Fields::Words
        };
    let formal =
        Words { places: OLD_PLACES, groups: ['萬', '億', '兆'], fields: Fields::WordsWithOne, ..words };
    [
        numerals(with_zero(EVERYDAY, '０'), words),
        numerals(['零', '壹', '貳', '參', '四', '伍', '六', '七', '八', '九'], formal),
        numerals(FULL_WIDTH, Words { one: false, fields: Fields::Digits, ..words }),
    ]
};

/// `[DBNum4]` in Korean: the words as they are said.
pub(super) static HANGUL: Numerals = numerals(
    ['영', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'],
    Words {
        places: ['십', '백', '천'],
        groups: ['만', '억', '조'],
        one: true,
        zero: false,
        fields: Fields::Words,
    },
);
