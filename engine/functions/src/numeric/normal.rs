//! The normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// The density at `z`.
pub(crate) fn density(z: f64) -> f64 {
    libm::exp(-z * z / 2.0) / (2.0 * PI).sqrt()
}

/// The part below `z`, right in both tails.
pub(crate) fn lower(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// Where the part below reaches `p`, 0 < p < 1. Starts from Abramowitz and Stegun 26.2.23 (error below 4.5e-4)
/// and takes three steps of Halley's method, each of which triples the right digits.
pub(crate) fn inverse(p: f64) -> f64 {
    if p == 0.5 {
        return 0.0;
    }
    let tail = p.min(1.0 - p);
    let t = (-2.0 * libm::log(tail)).sqrt();
    let numerator = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let denominator = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = t - numerator / denominator;
    for _ in 0..3 {
        // The part above z less what it should be; near the middle from the error function, where it is small.
        let excess = if tail > 0.25 {
            (0.5 - tail) - 0.5 * libm::erf(z * FRAC_1_SQRT_2)
        } else {
            0.5 * libm::erfc(z * FRAC_1_SQRT_2) - tail
        };
        let step = -excess / density(z);
        z -= step / (1.0 + step * z / 2.0);
    }
    if p < 0.5 { -z } else { z }
}
