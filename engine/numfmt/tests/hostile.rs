//! Input that nobody typed in good faith: whatever the code, the value or the text, there is an answer, of bounded
//! length and in bounded time.

// The helpers of a test may fail it by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

use playsheet_numfmt::{
    Format, FormatError, Locale, MAX_CODE_CHARS, Reading, general, general_in_width, parse_date,
    parse_number, parse_time, parse_typed,
};
use values::{DateSystem, Value};

/// Pieces that codes are made of, and some that break them.
const CODE_PIECES: &[&str] = &[
    "0",
    "#",
    "?",
    "0",
    "#",
    ".",
    ",",
    "%",
    "/",
    "E+",
    "e-",
    "E",
    ";",
    "@",
    "General",
    "\"a\"",
    "\"",
    "\\",
    "_",
    "*",
    " ",
    "-",
    "[Red]",
    "[>=1]",
    "[<",
    "[h]",
    "[ss]",
    "[$€-407]",
    "[$-F800]",
    "[$-FC19]",
    "[$-",
    "]",
    "y",
    "yyyy",
    "m",
    "mm",
    "mmmm",
    "d",
    "h",
    "s",
    ".000",
    "AM/PM",
    "a/p",
    "b",
    "g",
    "n",
    "5",
    "16",
    "ж",
    "\u{202F}",
    "[DBNum1]",
    "[DBNum2][$-804]",
    "[$-D000000]",
    "[$-24000412]",
    "[$-30411]",
    "e",
];

/// Pieces that numbers and dates are made of.
const TEXT_PIECES: &[&str] = &[
    "1",
    "9",
    "0",
    "12",
    "2026",
    "999999999999999999999",
    ".",
    ",",
    "-",
    "+",
    "(",
    ")",
    "%",
    "$",
    "€",
    "e",
    "E5",
    "/",
    ":",
    " ",
    "Jan",
    "sept",
    "März",
    "PM",
    "a",
    "'",
    "#N/A",
    "\u{A0}",
    "\u{202F}",
    "²",
    "٣",
    "1e999",
];

const NUMBERS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    1e-320,
    5e-324,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::MIN,
    1e15,
    1e16,
    9.999_999_999e307,
    2_958_465.999_999,
    2_958_466.0,
    -0.000_1,
    1e9,
    1e19,
    123_456_789.987_654,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::EPSILON,
    0.1 + 0.2,
];

/// A small generator of our own, so that every run tries the same inputs.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn text(&mut self, pieces: &[&str], longest: usize) -> String {
        (0..self.roll(longest) + 1).map(|_| pieces[self.roll(pieces.len())]).collect()
    }
}

#[test]
fn any_code_shows_any_value_or_is_refused() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let locales: Vec<_> = Locale::all().collect();
    let mut understood = 0;
    for round in 0..40_000 {
        let code = dice.text(CODE_PIECES, 12);
        let locale = locales[dice.roll(locales.len())];
        let format = if round % 3 == 0 { Format::parse_local(&code, locale) } else { Format::parse(&code) };
        let Ok(format) = format else { continue };
        understood += 1;
        for _ in 0..4 {
            let number = NUMBERS[dice.roll(NUMBERS.len())];
            let system = if dice.roll(2) == 0 { DateSystem::V1900 } else { DateSystem::V1904 };
            let shown = format.format(&Value::Number(number), locale, system);
            assert!(shown.text.len() < 8_000, "{code} of {number} is {} bytes", shown.text.len());
            assert!(shown.fill.is_none_or(|fill| shown.text.is_char_boundary(fill.at)), "{code} of {number}");
            let width = dice.roll(15);
            format.format_in_width(&Value::Number(number), locale, system, width);
        }
        for value in [Value::text("text"), Value::Bool(true), Value::Empty, Value::Missing] {
            format.format(&value, locale, DateSystem::V1900);
        }
        assert!(!format.class().cell_code().is_empty());
    }
    assert!(understood > 4_000, "only {understood} codes were understood");
}

#[test]
fn the_longest_codes_are_shown_and_longer_ones_refused() {
    for piece in [
        "0", "#", "?", "#,", "0.", "@", "0%", "0/", "?/?", "y", "m", "[h]", "_x", "*x", "\"a\"", ";", "E+0",
        "0E+",
    ] {
        let code: String = piece.chars().cycle().take(MAX_CODE_CHARS).collect();
        if let Ok(format) = Format::parse(&code) {
            for number in NUMBERS {
                let shown = format.format(&Value::Number(*number), Locale::en_us(), DateSystem::V1900);
                assert!(shown.text.len() < 8_000, "{piece} of {number}");
            }
        }
        let longer = format!("{code}{piece}");
        assert!(matches!(Format::parse(&longer), Err(FormatError::TooLong { .. })), "{piece}");
    }
    let million = "0".repeat(1_000_000);
    assert!(matches!(Format::parse(&million), Err(FormatError::TooLong { chars: 1_000_000 })));
}

#[test]
fn any_text_is_read_or_left_alone() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let locales: Vec<_> = Locale::all().collect();
    let mut numbers = 0;
    for _ in 0..100_000 {
        let text = dice.text(TEXT_PIECES, 8);
        let locale = locales[dice.roll(locales.len())];
        let system = if dice.roll(2) == 0 { DateSystem::V1900 } else { DateSystem::V1904 };
        let reading = Reading { locale, system, year: 1890 + dice.roll(9_000) as i32 };
        if let Some(number) = parse_number(&text, &reading) {
            assert!(number.is_finite(), "{text}");
            numbers += 1;
        }
        parse_typed(&text, &reading);
        assert!(parse_date(&text, &reading).is_none_or(|date| date >= 0.0), "{text}");
        assert!(parse_time(&text, &reading).is_none_or(|time| (0.0..1.0).contains(&time)), "{text}");
    }
    assert!(numbers > 1_000, "only {numbers} texts were numbers");
}

#[test]
fn long_texts_are_read_in_one_pass() {
    let reading = Reading { locale: Locale::en_us(), system: DateSystem::V1900, year: 2026 };
    for piece in ["1", "1,000", "(", "$", "0.0", " ", "1/", "1:", "Jan ", "%", "-", "e1"] {
        let text = piece.repeat(200_000);
        if let Some(number) = parse_number(&text, &reading) {
            assert!(number.is_finite());
        }
    }
    let digits = format!("0.{}", "3".repeat(100_000));
    assert_eq!(parse_number(&digits, &reading), Some(0.333_333_333_333_333));
}

#[test]
fn every_number_has_a_general_form_that_reads_back() {
    let reading = Reading { locale: Locale::en_us(), system: DateSystem::V1900, year: 2026 };
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    for _ in 0..50_000 {
        dice.roll(2);
        let number = f64::from_bits(dice.0);
        // Larger ones can be computed, but not typed.
        if !number.is_normal() || number.abs() > 9.99e307 {
            continue;
        }
        let text = general(number);
        assert!(text.len() <= 22, "{text}");
        let back = parse_number(&text, &reading).unwrap();
        assert!((back - number).abs() <= number.abs() * 1e-13, "{number:e} is {text}");
        for width in 0..12 {
            if let Some(shown) = general_in_width(number, width, Locale::en_us()) {
                // A third digit of the exponent may stick out of a cell of full width.
                assert!(
                    shown.trim_start_matches('-').len() <= width.max(1) + usize::from(width == 11),
                    "{shown} in {width}"
                );
            }
        }
    }
}
