//! Rounding on the fifteen significant decimal digits that Excel works with, so that 1.005 is the decimal number
//! that a person wrote and not the binary one a little below it.

/// Which of the two neighbours is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The nearer one; the one away from zero in the middle.
    Nearest,
    /// The one toward zero.
    TowardZero,
    /// The one away from zero.
    AwayFromZero,
}

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Rounds to `digits` decimal places, negative ones left of the point. The result is the double nearest to the
/// rounded decimal.
pub(crate) fn round(number: f64, digits: i64, direction: Direction) -> f64 {
    let magnitude = number.abs();
    let rounded = match by_scaling(magnitude, digits, direction) {
        Some(rounded) => rounded,
        None => by_digits(magnitude, digits, direction),
    };
    if number < 0.0 { -rounded } else { rounded }
}

/// The largest whole number not above `number`, judged on fifteen digits.
pub(crate) fn floor(number: f64) -> f64 {
    round(number, 0, if number < 0.0 { Direction::AwayFromZero } else { Direction::TowardZero })
}

/// The smallest whole number not below `number`, judged on fifteen digits.
pub(crate) fn ceil(number: f64) -> f64 {
    round(number, 0, if number < 0.0 { Direction::TowardZero } else { Direction::AwayFromZero })
}

/// The quick way; `None` where binary noise could decide, or where a power of ten is not exact.
fn by_scaling(magnitude: f64, digits: i64, direction: Direction) -> Option<f64> {
    let power = *POWERS.get(usize::try_from(digits.unsigned_abs()).ok()?)?;
    let scaled = if digits >= 0 { magnitude * power } else { magnitude / power };
    if scaled >= 1e15 || !scaled.is_finite() {
        return None;
    }
    let whole = scaled.floor();
    let part = scaled - whole;
    // The fifteenth digit is at least this coarse, and far coarser than the error of scaling.
    let doubt = scaled * 1e-14;
    let near_whole = part != 0.0 && (part <= doubt || part >= 1.0 - doubt);
    let up = match direction {
        Direction::Nearest if (part - 0.5).abs() <= doubt => return None,
        Direction::Nearest => part > 0.5,
        _ if near_whole => return None,
        Direction::TowardZero => false,
        Direction::AwayFromZero => part != 0.0,
    };
    let whole = if up { whole + 1.0 } else { whole };
    // A whole number and an exact power of ten: one rounding, so the nearest double.
    Some(if digits >= 0 { whole / power } else { whole * power })
}

/// The exact way, on the printed digits.
fn by_digits(magnitude: f64, digits: i64, direction: Direction) -> f64 {
    if magnitude == 0.0 || !magnitude.is_finite() {
        return magnitude;
    }
    let Some((significant, exponent)) = fifteen_digits(magnitude) else { return magnitude };
    // The number is `significant` × 10^(exponent − 14); so many of its digits lie beyond the place.
    let beyond = 14 - exponent - digits.clamp(-400, 400);
    if beyond <= 0 {
        // No digit is left to decide: whole numbers of this size are rounded whatever the direction, as Excel
        // does, and other places stay as they are.
        let part = digits == 0 && magnitude.fract() != 0.0;
        return if part { (magnitude + 0.5).floor() } else { magnitude };
    }
    let (whole, up) = match u32::try_from(beyond).ok().and_then(|beyond| 10u64.checked_pow(beyond)) {
        Some(unit) => {
            let rest = significant % unit;
            let up = match direction {
                Direction::Nearest => rest >= unit - rest,
                Direction::TowardZero => false,
                Direction::AwayFromZero => rest != 0,
            };
            (significant / unit, up)
        }
        None => (0, direction == Direction::AwayFromZero),
    };
    let whole = whole + u64::from(up);
    format!("{whole}e{}", -digits.clamp(-400, 400)).parse().unwrap_or(magnitude)
}

/// The fifteen significant digits of a positive number as a whole number, and the exponent of the first of them. Half
/// goes up, unlike in the standard library's formatting.
fn fifteen_digits(magnitude: f64) -> Option<(u64, i64)> {
    let printed = format!("{magnitude:.20e}");
    let (mantissa, exponent) = printed.split_once('e')?;
    let mut digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| u64::from(digit - b'0'));
    let significant = digits.by_ref().take(15).fold(0, |number, digit| number * 10 + digit);
    let up = digits.next().is_some_and(|digit| digit >= 5);
    Some((significant + u64::from(up), exponent.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_digits_decide() {
        for (number, digits, expected) in [
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (1.005, 2, 1.01),
            (2.675, 2, 2.68),
            (1234.5, -2, 1200.0),
            (1250.0, -2, 1300.0),
            (0.5 - 1e-17, 0, 1.0),
            (0.499_999_999_999_99, 0, 0.0),
            (5e-324, 0, 0.0),
            (1e300, 5, 1e300),
            (9.995e-10, 12, 1e-9),
            (1.5e-25, 25, 2e-25),
            (123.0, -400, 0.0),
        ] {
            assert_eq!(round(number, digits, Direction::Nearest), expected, "{number} {digits}");
        }
        assert_eq!(round(56.999_999_999_999_99, 0, Direction::TowardZero), 57.0);
        assert_eq!(round(1.000_000_000_000_000_2, 0, Direction::AwayFromZero), 1.0);
        assert_eq!(round(3.2, 0, Direction::AwayFromZero), 4.0);
        assert_eq!(round(-0.001, 2, Direction::AwayFromZero), -0.01);
        assert_eq!(round(1e-20, -3, Direction::AwayFromZero), 1000.0);
        assert_eq!(floor(1e14 + 0.5), 1e14 + 1.0);
        assert_eq!(floor(4_503_599_627_370_497.0), 4_503_599_627_370_497.0);
        assert_eq!(floor(-0.1), -1.0);
        assert_eq!(floor((0.1 + 0.7) * 10.0), 8.0);
        assert_eq!(ceil(-1.5), -1.0);
    }

    #[test]
    fn the_quick_way_and_the_exact_way_agree() {
        let mut number = 0.123_456_789_f64;
        for step in 0..20_000_i64 {
            number = (number * 1.618_033_988_749_895 + 0.1) % 1e6;
            let digits = step % 9 - 3;
            for direction in [Direction::Nearest, Direction::TowardZero, Direction::AwayFromZero] {
                let slow = by_digits(number, digits, direction);
                assert_eq!(by_scaling(number, digits, direction).unwrap_or(slow), slow, "{number} {digits}");
            }
        }
    }
}
