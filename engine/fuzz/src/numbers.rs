//! Number formats: any code shows any value in any locale, and any typed text is read.

use crate::choices::Choices;
use engine::numfmt::{
    Format, GENERAL_WIDTH, Locale, Reading, general, general_in, general_in_width, parse_date, parse_number,
    parse_time, parse_typed,
};
use engine::values::{DateSystem, Value};

/// The longest a shown value may be: the longest code with the longest number in it.
const MOST_BYTES: usize = 8_000;

/// Values at and beyond the edges.
const NUMBERS: [f64; 22] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    5e-324,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::MIN,
    1e15,
    1e16,
    9.999_999_999e307,
    60.0,
    2_958_465.999_999,
    2_958_466.0,
    -0.000_1,
    1e9,
    1e19,
    123_456_789.987_654,
    0.999_999_999_999_9,
    f64::NAN,
    f64::INFINITY,
];

/// Five choices and perhaps a number, then a code; after a line break, typed text.
pub(crate) fn numfmt(data: &[u8]) {
    let mut choices = Choices::new(data);
    let locales: Vec<&Locale> = Locale::all().collect();
    let locale = choices.one_of(&locales);
    let flags = choices.byte();
    let system = if flags & 1 == 0 { DateSystem::V1900 } else { DateSystem::V1904 };
    let width = choices.below(30) as usize;
    let year = 1_900 + choices.below(9_000) as i32;
    let number = match usize::from(choices.byte()) {
        place if place < NUMBERS.len() => NUMBERS[place],
        place if place < 128 => (place as f64 - 60.0) * 1.37,
        _ => choices.bits(),
    };
    let rest = choices.rest();
    let (code, typed) = rest.split_once('\n').unwrap_or((&rest, &rest));
    let format = if flags & 2 == 0 { Format::parse(code) } else { Format::parse_local(code, locale) };
    match &format {
        Ok(format) => show(format, number, locale, system, width),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    general_reads_back(number, width, locale);
    read(typed, &Reading { locale, system, year });
}

fn show(format: &Format, number: f64, locale: &Locale, system: DateSystem, width: usize) {
    for value in [Value::Number(number), Value::text("text"), Value::Bool(true), Value::Empty, Value::Missing]
    {
        let shown = format.format(&value, locale, system);
        assert!(shown.text.len() < MOST_BYTES, "{value:?} is {} bytes", shown.text.len());
        assert!(shown.fill.is_none_or(|fill| shown.text.is_char_boundary(fill.at)), "{shown:?}");
        format.format_in_width(&value, locale, system, width);
    }
    let code = format.class().cell_code();
    assert!(!code.is_empty());
    format.fallbacks();
}

fn general_reads_back(number: f64, width: usize, locale: &Locale) {
    if let Some(shown) = general_in_width(number, width, locale).filter(|_| number.is_finite()) {
        // A third digit of the exponent may stick out of a cell of full width.
        let most = width.max(1) + usize::from(width == GENERAL_WIDTH);
        let units = shown.trim_start_matches('-').chars().count();
        assert!(units <= most, "{shown} in {width}");
    }
    general_in(number, locale);
    // Larger ones can be computed, but not typed; smaller ones are 0.
    if !number.is_normal() || number.abs() > 9.99e307 {
        return;
    }
    let text = general(number);
    let reading = Reading { locale: Locale::en_us(), system: DateSystem::V1900, year: 2026 };
    let back = parse_number(&text, &reading);
    let is_same = back.is_some_and(|back| (back - number).abs() <= number.abs() * 1e-13);
    assert!(is_same, "{number:e} is {text}, which reads as {back:?}");
}

fn read(text: &str, reading: &Reading<'_>) {
    let number = parse_number(text, reading);
    assert!(number.is_none_or(f64::is_finite), "{text:?} is {number:?}");
    let typed = parse_typed(text, reading);
    assert!(!matches!(typed.value, Value::Number(number) if !number.is_finite()), "{text:?}");
    assert!(typed.value.is_scalar(), "{text:?} is {:?}", typed.value);
    assert!(parse_date(text, reading).is_none_or(|date| date >= 0.0), "{text:?}");
    assert!(parse_time(text, reading).is_none_or(|time| (0.0..1.0).contains(&time)), "{text:?}");
}
