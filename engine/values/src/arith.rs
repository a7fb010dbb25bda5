//! Excel's arithmetic where it differs from plain IEEE 754: comparison on fifteen significant digits, and
//! a final addition or subtraction that gives 0 where only rounding noise is left.
//!
//! Source: Microsoft, "Floating-point arithmetic may give inaccurate results in Excel"; cases measured there.

use std::cmp::Ordering;

/// Noise below this part of the larger operand counts as zero: eight units in the last place.
const NOISE: f64 = 1.776_356_839_400_250_5e-15;

/// The sum as the last operation of a formula: 0 where only noise is left of nearly opposite numbers.
pub fn add(a: f64, b: f64) -> f64 {
    snap_to_zero(a + b, a, b)
}

/// The difference as the last operation of a formula: 0 where only noise is left of nearly equal numbers.
pub fn subtract(a: f64, b: f64) -> f64 {
    snap_to_zero(a - b, a, b)
}

/// `result`, or 0 where it is rounding noise beside the operands it came from.
pub fn snap_to_zero(result: f64, a: f64, b: f64) -> f64 {
    if result != 0.0 && result.abs() < NOISE * a.abs().max(b.abs()) { 0.0 } else { result }
}

/// The number rounded to fifteen significant decimal digits, which is all that Excel shows and compares.
pub fn significant_15(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// Compares on fifteen significant digits, as `=`, `<` and `>` do.
pub fn compare_numbers(a: f64, b: f64) -> Ordering {
    if equal_numbers(a, b) { Ordering::Equal } else { a.total_cmp(&b) }
}

/// Whether two numbers agree on fifteen significant digits.
pub fn equal_numbers(a: f64, b: f64) -> bool {
    if a == b {
        return true;
    }
    // Formatting is slow; numbers further apart than one in 10^14 cannot agree.
    let largest = a.abs().max(b.abs());
    (a - b).abs() <= largest * 1e-14 && significant_15(a) == significant_15(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_subtraction_of_nearly_equal_numbers_is_zero() {
        assert_eq!(subtract(0.5 - 0.4, 0.1), 0.0);
        assert_ne!(0.5 - 0.4 - 0.1, 0.0);
        assert_eq!(add(1.333 + 1.225 - 1.333, -1.225), 0.0);
        assert_eq!(subtract(1.0, 0.999_999_999_999), 1.0 - 0.999_999_999_999);
    }

    #[test]
    fn fifteen_digits_decide_equality() {
        assert!(equal_numbers(0.1 + 0.2, 0.3));
        assert!(!equal_numbers(1.0, 1.000_000_000_000_01));
        assert_eq!(compare_numbers(0.1 + 0.2, 0.3), Ordering::Equal);
        assert_eq!(compare_numbers(-0.0, 0.0), Ordering::Equal);
        assert_eq!(compare_numbers(1.0, 2.0), Ordering::Less);
        assert_eq!(significant_15(1.005_000_000_000_000_1), 1.005);
    }
}
