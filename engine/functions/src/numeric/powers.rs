//! Powers that come again: schedules and present values raise one growth rate to the same few hundred exponents, loan
//! after loan.

use std::cell::Cell;

/// Powers that are remembered; a power of two.
const PLACES: usize = 4_096;

#[derive(Clone, Copy)]
struct Known {
    base: u64,
    exponent: u64,
    power: f64,
}

// Pure results of pure arguments: what one thread remembers changes nothing but the time.
thread_local! {
    static KNOWN: [Cell<Known>; PLACES] =
        const { [const { Cell::new(Known { base: 0, exponent: 0, power: 1.0 }) }; PLACES] };
}

/// `base` to the `exponent`, bit for bit as [`libm::pow`] gives it.
pub(crate) fn pow(base: f64, exponent: f64) -> f64 {
    let (a, b) = (base.to_bits(), exponent.to_bits());
    let mixed = (a ^ b.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let place = (mixed >> 40) as usize % PLACES;
    KNOWN.with(|known| {
        let Known { base: x, exponent: y, power } = known[place].get();
        if (x, y) == (a, b) {
            return power;
        }
        let power = libm::pow(base, exponent);
        known[place].set(Known { base: a, exponent: b, power });
        power
    })
}

#[cfg(test)]
mod tests {
    use super::pow;

    #[test]
    fn what_is_remembered_is_what_comes() {
        for _ in 0..3 {
            for base in [0.0, -0.0, 1.0, 1.05, -2.0, f64::INFINITY] {
                for step in -40..40 {
                    let exponent = f64::from(step) / 4.0;
                    assert_eq!(pow(base, exponent).to_bits(), libm::pow(base, exponent).to_bits());
                }
            }
        }
    }
}
