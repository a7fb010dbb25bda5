//! The General format: numbers without a code.
//!
//! Excel has two of them. Where a number becomes text (`&`, LEN, the `@` of a code) it shows up to fifteen
//! significant digits, as a plain decimal as long as that takes at most twenty characters, else in scientific
//! notation, with fourteen digits where the exponent has three. In a cell it fits the number into the width,
//! eleven characters at most. Both rules are measured, not documented; the cases name the numbers.

use crate::Locale;
use crate::digits::Decimal;

/// Characters that General takes in a cell that is wide enough, the minus sign not counted.
pub const GENERAL_WIDTH: usize = 11;

/// Characters that a plain decimal may take when a number becomes text.
const TEXT_WIDTH: usize = 20;

/// The number as text with a decimal point, as `&` joins it in an English workbook.
///
/// ```
/// # use playsheet_numfmt as numfmt;
/// assert_eq!(numfmt::general(0.1 + 0.2), "0.3");
/// assert_eq!(numfmt::general(1e20), "1E+20");
/// ```
pub fn general(number: f64) -> String {
    general_in(number, Locale::en_us())
}

/// The number as text with the locale's decimal separator, as `&` joins it.
pub fn general_in(number: f64, locale: &Locale) -> String {
    let mut out = String::with_capacity(TEXT_WIDTH + 2);
    push_general(&mut out, number, locale.decimal);
    out
}

/// The number as a cell with the General format shows it, within `width_chars` characters without the minus
/// sign (more than [`GENERAL_WIDTH`] change nothing). `None` where it does not fit: such a cell shows `####`.
pub fn general_in_width(number: f64, width_chars: usize, locale: &Locale) -> Option<String> {
    let mut out = String::with_capacity(GENERAL_WIDTH + 2);
    push_sign(&mut out, number);
    if !push_fitted(&mut out, &Decimal::new(number), width_chars, locale.decimal) {
        return None;
    }
    Some(if out == "-0" { "0".to_owned() } else { out })
}

/// Appends the long form with its sign.
pub(crate) fn push_general(out: &mut String, number: f64, decimal_separator: char) {
    push_sign(out, number);
    let mut decimal = Decimal::new(number);
    // A three-digit exponent costs a digit; rounded a second time, as Excel does.
    if decimal.exponent().abs() > 98 {
        decimal.round_significant(14);
    }
    let exponent = decimal.exponent();
    let plain_width = if exponent < 0 {
        2 + decimal.fraction_digits()
    } else {
        // The point costs nothing here: digits beyond the fifteenth are zeros.
        decimal.integer_digits()
    };
    if plain_width <= TEXT_WIDTH {
        push_plain(out, &decimal, decimal_separator);
    } else {
        push_scientific(out, &decimal, decimal_separator);
    }
}

/// Appends the form of a cell without a sign; false where it does not fit.
pub(crate) fn push_fitted(out: &mut String, number: &Decimal, width: usize, decimal_separator: char) -> bool {
    let width = width.min(GENERAL_WIDTH);
    if let Some(plain) = fit_plain(number, width) {
        push_plain(out, &plain, decimal_separator);
        return true;
    }
    let Some(fitted) = fit_scientific(number, width) else {
        return false;
    };
    if fitted.is_zero() {
        out.push('0');
    } else {
        push_scientific(out, &fitted, decimal_separator);
    }
    true
}

/// The number rounded so that its plain form fits, unless the scientific form says more.
fn fit_plain(number: &Decimal, width: usize) -> Option<Decimal> {
    let mut plain = number.clone();
    if number.exponent() >= 0 {
        let places = width.checked_sub(number.integer_digits().max(1))?.saturating_sub(1);
        plain.round_places(places);
        // 9.99… may have grown by a digit.
        return (plain.integer_digits().max(1) <= width).then_some(plain);
    }
    let places = width.saturating_sub(2);
    if number.fraction_digits() > places {
        if number.exponent() < -4 {
            return None;
        }
        plain.round_places(places);
    }
    (!plain.is_zero()).then_some(plain)
}

/// The number rounded so that its scientific form fits: `1.23457E+11` in eleven characters. Small numbers that do
/// not fit are 0; large ones are `None`.
fn fit_scientific(number: &Decimal, width: usize) -> Option<Decimal> {
    let mut fitted = number.clone();
    let bare = bare_width(number);
    if width < bare {
        return if number.exponent() < 0 { (width > 0).then_some(Decimal::ZERO) } else { None };
    }
    // At full width three exponent digits may stick out: Excel shows 1.23457E+100 in a cell.
    let places = if width >= GENERAL_WIDTH { 5 } else { width.saturating_sub(bare + 1) };
    fitted.round_significant(places + 1);
    // 9.99E+99 may have become 1E+100.
    (bare_width(&fitted) <= width).then_some(fitted)
}

/// Characters of the scientific form with one digit, `1E+11`.
fn bare_width(number: &Decimal) -> usize {
    if number.exponent().abs() >= 100 { 6 } else { 5 }
}

fn push_sign(out: &mut String, number: f64) {
    if number < 0.0 && number.is_normal() {
        out.push('-');
    }
}

/// Appends all digits without an exponent and without a sign.
pub(crate) fn push_plain(out: &mut String, number: &Decimal, decimal_separator: char) {
    if number.integer_digits() == 0 {
        out.push('0');
    }
    for place in (0..number.integer_digits()).rev() {
        push_digit(out, number.integer_digit(place));
    }
    let places = number.fraction_digits();
    if places > 0 {
        out.push(decimal_separator);
        for place in 0..places {
            push_digit(out, number.fraction_digit(place));
        }
    }
}

fn push_scientific(out: &mut String, number: &Decimal, decimal_separator: char) {
    let exponent = number.exponent();
    let mut mantissa = number.clone();
    mantissa.scale(-exponent);
    push_plain(out, &mantissa, decimal_separator);
    out.push('E');
    out.push(if exponent < 0 { '-' } else { '+' });
    let size = exponent.unsigned_abs();
    if size < 10 {
        out.push('0');
    }
    push_integer(out, u64::from(size));
}

/// Appends one decimal digit, 0 to 9.
pub(crate) fn push_digit(out: &mut String, digit: u8) {
    out.push(char::from(b'0' + digit));
}

/// Appends an integer in decimal.
pub(crate) fn push_integer(out: &mut String, integer: u64) {
    push_padded(out, integer, 1);
}

/// Appends an integer with leading zeros up to `width` digits.
pub(crate) fn push_padded(out: &mut String, mut integer: u64, width: usize) {
    let mut reversed = [b'0'; 20];
    let mut count = 0;
    while integer > 0 {
        if let Some(slot) = reversed.get_mut(count) {
            *slot = b'0' + (integer % 10) as u8;
        }
        integer /= 10;
        count += 1;
    }
    for byte in reversed.iter().take(count.max(width)).rev() {
        out.push(char::from(*byte));
    }
}
