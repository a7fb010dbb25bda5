//! A number as the fifteen significant decimal digits that Excel works with when it shows one.
//!
//! Everything that this crate shows is rounded on these digits, half away from zero, and never on the binary
//! value: 1.005 is a little less than its text says, and shows as 1.01 with two decimals all the same.
//! Invariant: `digits` has neither leading nor trailing zeros; a zero has none at all.

use std::fmt::{self, Write};

/// Significant decimal digits that Excel keeps.
pub(crate) const SIGNIFICANT: usize = 15;

/// The absolute value 0.d₁d₂…dₙ × 10^`point`, without a sign.
#[derive(Clone, Debug)]
pub(crate) struct Decimal {
    digits: [u8; SIGNIFICANT],
    len: usize,
    point: i32,
}

/// From here on fifteen digits of a number fit 128 bits before the division.
const SMALLEST_MODERATE: f64 = 1e-7;

/// Text on the stack, for the standard library's exact conversion of a float.
struct StackText {
    bytes: [u8; 64],
    len: usize,
}

impl Write for StackText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Decimal {
    /// Zero.
    pub(crate) const ZERO: Decimal = Decimal { digits: [0; SIGNIFICANT], len: 0, point: 0 };

    /// The absolute value of a number. Subnormal numbers count as zero, as in Excel; so do infinities and NaN,
    /// which no cell holds.
    pub(crate) fn new(number: f64) -> Decimal {
        let number = number.abs();
        if !number.is_normal() {
            return Decimal::ZERO;
        }
        if number < 1e15 && number.floor() == number {
            return Decimal::from_integer(number as u64, 0);
        }
        if (SMALLEST_MODERATE..1e15).contains(&number) {
            return Decimal::from_moderate(number);
        }
        Decimal::from_float(number)
    }

    /// A number of everyday size: exact in 128-bit integers, and far quicker than the general way.
    fn from_moderate(number: f64) -> Decimal {
        let bits = number.to_bits();
        let mantissa = u128::from((bits & ((1 << 52) - 1)) | (1 << 52));
        // The number is mantissa / 2^shift; the bounds keep the shift between 3 and 79.
        let shift = 1_075 - ((bits >> 52) & 0x7FF) as u32;
        // log10(2) is a little more than 1233 / 4096, so this is at most one too small.
        let magnitude = ((52 - shift as i32) * 1_233) >> 12;
        let mut places = (14 - magnitude).max(0) as u32;
        let mut scaled = mantissa * 10u128.pow(places);
        while scaled >> shift >= 10u128.pow(15) && places > 0 {
            places -= 1;
            scaled = mantissa * 10u128.pow(places);
        }
        // Half a unit more, and cut off: half up, exactly.
        let rounded = (scaled + (1 << (shift - 1))) >> shift;
        Decimal::from_integer(rounded as u64, places as i32)
    }

    /// An integer divided by a power of ten.
    fn from_integer(mut integer: u64, places: i32) -> Decimal {
        let mut reversed = [0u8; 20];
        let mut count = 0;
        while integer > 0 {
            if let Some(slot) = reversed.get_mut(count) {
                *slot = (integer % 10) as u8;
            }
            integer /= 10;
            count += 1;
        }
        let mut decimal =
            Decimal { point: count as i32 - places, len: count.min(SIGNIFICANT), ..Decimal::ZERO };
        for (slot, digit) in decimal.digits.iter_mut().zip(reversed.iter().take(count).rev()) {
            *slot = *digit;
        }
        decimal.trim();
        decimal
    }

    fn from_float(number: f64) -> Decimal {
        // Seventeen digits, correctly rounded by the standard library; the last two decide about the fifteenth.
        let mut text = StackText { bytes: [0; 64], len: 0 };
        if write!(text, "{number:.16e}").is_err() {
            return Decimal::ZERO;
        }
        let (all, exponent) = scientific_parts(&text);
        let mut decimal = Decimal { len: SIGNIFICANT, point: exponent + 1, ..Decimal::ZERO };
        decimal.digits.copy_from_slice(&all[..SIGNIFICANT]);
        let tail = all[15] * 10 + all[16];
        if tail > 50 || (tail == 50 && is_tie_or_above(number)) {
            decimal.increment_last();
        }
        decimal.trim();
        decimal
    }

    /// Whether it is zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.len == 0
    }

    /// The power of ten of the first digit: 0 for 1 to 9.99…, -1 for 0.1. Zero for zero.
    pub(crate) fn exponent(&self) -> i32 {
        if self.is_zero() { 0 } else { self.point - 1 }
    }

    /// How many digits stand before the decimal point; 0 for numbers below 1.
    pub(crate) fn integer_digits(&self) -> usize {
        usize::try_from(self.point).unwrap_or(0)
    }

    /// How many digits stand behind the decimal point, trailing zeros not counted.
    pub(crate) fn fraction_digits(&self) -> usize {
        usize::try_from(self.len as i32 - self.point).unwrap_or(0)
    }

    /// Multiplies by a power of ten, without any rounding.
    pub(crate) fn scale(&mut self, power: i32) {
        if !self.is_zero() {
            self.point = self.point.saturating_add(power);
        }
    }

    /// The digit before the decimal point, counted from the units (0) to the left, 0 where there is none.
    pub(crate) fn integer_digit(&self, place: usize) -> u8 {
        self.digit(i64::from(self.point) - 1 - place as i64)
    }

    /// The digit behind the decimal point, counted from the tenths (0) to the right, 0 where there is none.
    pub(crate) fn fraction_digit(&self, place: usize) -> u8 {
        self.digit(i64::from(self.point) + place as i64)
    }

    fn digit(&self, index: i64) -> u8 {
        match usize::try_from(index) {
            Ok(index) if index < self.len => self.digits.get(index).copied().unwrap_or(0),
            _ => 0,
        }
    }

    /// Rounds half up to so many places behind the decimal point.
    pub(crate) fn round_places(&mut self, places: usize) {
        let keep = i64::from(self.point) + places as i64;
        if keep < 0 {
            *self = Decimal::ZERO;
        } else if keep < self.len as i64 {
            self.round_significant(keep as usize);
        }
    }

    /// Rounds half up to so many significant digits; to none means to 0 or to the next power of ten.
    pub(crate) fn round_significant(&mut self, keep: usize) {
        if keep >= self.len {
            return;
        }
        let up = self.digit(keep as i64) >= 5;
        self.len = keep;
        if keep == 0 {
            if up {
                self.digits[0] = 1;
                self.len = 1;
                self.point += 1;
            } else {
                *self = Decimal::ZERO;
            }
            return;
        }
        if up {
            self.increment_last();
        }
        self.trim();
    }

    /// The integer part, if it fits; for the numerators and denominators of fractions.
    pub(crate) fn to_u64(&self) -> Option<u64> {
        if self.point > 18 {
            return None;
        }
        let mut value = 0u64;
        for place in (0..self.integer_digits()).rev() {
            value = value * 10 + u64::from(self.integer_digit(place));
        }
        Some(value)
    }

    /// Adds one to the integer part; used where a fraction rounds up to a whole.
    pub(crate) fn add_one(&mut self) {
        *self = Decimal::from_integer(self.to_u64().unwrap_or(0).saturating_add(1), 0);
    }

    fn increment_last(&mut self) {
        for slot in self.digits.iter_mut().take(self.len).rev() {
            if *slot < 9 {
                *slot += 1;
                return;
            }
            *slot = 0;
        }
        // All nines: the carry becomes the only digit.
        self.digits[0] = 1;
        self.len = 1;
        self.point += 1;
    }

    fn trim(&mut self) {
        while self.len > 0 && self.digits.get(self.len - 1) == Some(&0) {
            self.len -= 1;
        }
        if self.len == 0 {
            self.point = 0;
        }
    }
}

/// Digits and exponent of what `{:.16e}` wrote: `1.2345678901234567e-5`.
fn scientific_parts(text: &StackText) -> ([u8; 17], i32) {
    let mut digits = [0u8; 17];
    let mut slots = digits.iter_mut();
    let mut exponent = 0i32;
    let mut negative = false;
    let mut after_e = false;
    for byte in text.bytes.iter().take(text.len) {
        match byte {
            b'e' => after_e = true,
            b'-' => negative = true,
            b'0'..=b'9' if after_e => exponent = exponent * 10 + i32::from(byte - b'0'),
            b'0'..=b'9' => {
                if let Some(slot) = slots.next() {
                    *slot = byte - b'0';
                }
            }
            _ => {}
        }
    }
    (digits, if negative { -exponent } else { exponent })
}

/// Whether the exact value is at least half a unit of the fifteenth digit above its first fifteen digits, for
/// numbers whose seventeen digits end in 50.
fn is_tie_or_above(number: f64) -> bool {
    let mut text = StackText { bytes: [0; 64], len: 0 };
    if write!(text, "{number:.40e}").is_err() {
        return true;
    }
    // "d." and fourteen digits stand before the sixteenth digit; cut off below the tie it reads 4999….
    text.bytes.get(16).is_none_or(|digit| *digit >= b'5')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(number: f64) -> (String, i32) {
        parts(&Decimal::new(number))
    }

    fn parts(decimal: &Decimal) -> (String, i32) {
        let text = decimal.digits.iter().take(decimal.len).map(|digit| char::from(b'0' + digit)).collect();
        (text, decimal.point)
    }

    #[test]
    fn fifteen_digits_rounded_half_up_on_the_exact_value() {
        for (number, expected, point) in [
            (0.0, "", 0),
            (1.005, "1005", 1),
            (0.1 + 0.2, "3", 0),
            (1e-300, "1", -299),
            (123_456_789_012_345_678.0, "123456789012346", 18),
            (1_234_567_890_123.125, "123456789012313", 13),
            (100_000_000_000_000.5, "100000000000001", 15),
            (999_999_999_999_999.5, "1", 16),
            (0.123_456_789_012_345_5, "123456789012345", 0),
            (123_456_789_012.345_5, "123456789012346", 12),
            (f64::MIN_POSITIVE / 2.0, "", 0),
        ] {
            assert_eq!(digits(number), (expected.to_owned(), point), "{number}");
        }
    }

    #[test]
    fn the_quick_way_is_the_exact_way() {
        let mut state = 0x9E37_79B9_7F4A_7C15u64;
        for round in 0..200_000u32 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Full mantissas, short decimals, and exact halves of the fifteenth digit.
            let number = match round % 3 {
                0 => f64::from_bits((state >> 12) | ((1_000 + u64::from(round % 72)) << 52)),
                1 => (state % 1_000_000_000) as f64 / 1e4,
                _ => (state % 1_000_000_000_000_000) as f64 / 8.0,
            };
            if (SMALLEST_MODERATE..1e15).contains(&number) {
                let (quick, exact) = (Decimal::from_moderate(number), Decimal::from_float(number));
                assert_eq!(parts(&quick), parts(&exact), "{number:e}");
            }
        }
    }

    #[test]
    fn rounding_carries() {
        let mut decimal = Decimal::new(9.995);
        decimal.round_places(2);
        assert_eq!(parts(&decimal), digits(10.0));
        let mut half = Decimal::new(0.5);
        half.round_places(0);
        assert_eq!(parts(&half), digits(1.0));
        let mut less = Decimal::new(0.049);
        less.round_places(0);
        assert!(less.is_zero());
        let mut whole = Decimal::new(12.0);
        whole.add_one();
        assert_eq!(whole.to_u64(), Some(13));
    }
}
