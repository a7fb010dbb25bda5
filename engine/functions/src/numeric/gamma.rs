//! The gamma function's family: factorials, Poisson and gamma densities, the incomplete gamma function.
//!
//! Densities follow C. Loader, "Fast and accurate computation of binomial probabilities" (2000): powers and
//! factorials are never formed by themselves, only their small differences from Stirling's formula. Relative
//! errors stay near 1e-15 times the logarithm of the result.

use super::solve::{self, tail_integral};
use std::f64::consts::PI;
use values::{CellError, Result};

/// From this shape on the incomplete gamma function is integrated, below it is summed.
const LARGE_SHAPE: f64 = 200.0;

/// The factorial of a whole number.
///
/// # Errors
/// `#NUM!` below 0 and above 170.
pub(crate) fn factorial(n: f64) -> Result<f64> {
    if !(0.0..=170.0).contains(&n) {
        return Err(CellError::Num);
    }
    Ok((2..=n as u32).fold(1.0, |product, factor| product * f64::from(factor)))
}

/// Ways to choose `k` of `n`, whole numbers.
///
/// # Errors
/// `#NUM!` where one is negative or `k` the larger, and beyond the range of a double.
pub(crate) fn combinations(n: f64, k: f64) -> Result<f64> {
    if n < 0.0 || k < 0.0 || k > n || !n.is_finite() {
        return Err(CellError::Num);
    }
    let k = k.min(n - k);
    let mut result = 1.0;
    let mut step = 1.0;
    // Each factor is at least 2, so the product leaves the range of a double soon.
    while step <= k {
        let factor = n - k + step;
        let product = result * factor;
        // The quotient may still be a double where the product is none.
        result = if product.is_finite() { product / step } else { result / step * factor };
        if !f64::is_finite(result) {
            return Err(CellError::Num);
        }
        step += 1.0;
    }
    Ok(if result < 9e15 { result.round() } else { result })
}

/// ln(1 + x) − x without cancellation.
pub(crate) fn log1p_minus(x: f64) -> f64 {
    if !(-0.4..=0.7).contains(&x) {
        return libm::log1p(x) - x;
    }
    // With r = x ÷ (2 + x): ln(1 + x) = 2(r + r³/3 + r⁵/5 + …) and x = r(2 + x).
    let r = x / (2.0 + x);
    let square = r * r;
    let (mut power, mut sum, mut odd) = (1.0, 0.0, 3.0);
    loop {
        let term = power / odd;
        sum += term;
        if term < 1e-18 * sum {
            break;
        }
        power *= square;
        odd += 2.0;
    }
    r * (2.0 * square * sum - x)
}

/// x·ln(x ÷ mean) + mean − x, Loader's deviance.
pub(crate) fn deviance(x: f64, mean: f64) -> f64 {
    if x == 0.0 {
        return mean;
    }
    // Far below x the difference from it says nothing of a small mean.
    if mean < 0.6 * x {
        return x * libm::log(x / mean) + mean - x;
    }
    -x * log1p_minus((mean - x) / x)
}

/// ln Γ(n + 1) less Stirling's formula (n + ½)·ln n − n + ln √(2π).
pub(crate) fn stirling_error(n: f64) -> f64 {
    let (mut n, mut sum) = (n, 0.0);
    // The series needs a large n; each step down to a small one adds a term that is known exactly.
    while n < 16.0 {
        sum += (n + 0.5) * libm::log1p(1.0 / n) - 1.0;
        n += 1.0;
    }
    let square = 1.0 / (n * n);
    let series = 1.0 / 12.0
        - square
            * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square * (1.0 / 1188.0))));
    sum + series / n
}

/// The Poisson density e^−mean · mean^x ÷ Γ(x + 1), for any real x ≥ 0.
pub(crate) fn poisson_density(x: f64, mean: f64) -> f64 {
    if mean == 0.0 {
        return if x == 0.0 { 1.0 } else { 0.0 };
    }
    if x == 0.0 {
        return libm::exp(-mean);
    }
    libm::exp(-stirling_error(x) - deviance(x, mean)) / (2.0 * PI * x).sqrt()
}

/// The density of the gamma distribution with scale 1, for x > 0.
pub(crate) fn density(shape: f64, x: f64) -> f64 {
    shape / x * poisson_density(shape, x)
}

/// The lower and the upper part of the incomplete gamma function, each regularised and right by itself;
/// `shape` > 0, `x` ≥ 0. Source: DLMF 8.7.1 and 8.9.2; the integral itself for large shapes.
pub(crate) fn incomplete(shape: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if !x.is_finite() {
        return (1.0, 0.0);
    }
    if shape > LARGE_SHAPE {
        return integrated(shape, x);
    }
    if x < shape + 1.0 {
        let lower = (poisson_density(shape, x) * series(shape, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (shape * poisson_density(shape, x) * fraction(shape, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// 1 + x/(a+1) + x²/((a+1)(a+2)) + …
fn series(shape: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, shape);
    for _ in 0..5_000 {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// The continued fraction of the upper part, by Lentz's method.
fn fraction(shape: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - shape;
    let mut c = 1e300;
    let mut d = 1.0 / b;
    let mut result = d;
    for n in 1..5_000 {
        let n = f64::from(n);
        let a = -n * (n - shape);
        b += 2.0;
        d = 1.0 / solve::not_zero(a * d + b);
        c = solve::not_zero(b + a / c);
        let step = c * d;
        result *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    result
}

fn integrated(shape: f64, x: f64) -> (f64, f64) {
    let mode = shape - 1.0;
    let slope = (mode / x - 1.0).abs();
    let scale = shape.sqrt().min(1.0 / slope.max(1e-300));
    let at = |x: f64| if x > 0.0 { density(shape, x) } else { 0.0 };
    if x < mode {
        let lower = tail_integral(&at, x, -scale, 0.0).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = tail_integral(&at, x, scale, f64::INFINITY).min(1.0);
        (1.0 - upper, upper)
    }
}

/// Where the lower part reaches `p`, 0 < p < 1.
pub(crate) fn inverse_lower(shape: f64, p: f64) -> f64 {
    invert(shape, p, 1.0 - p)
}

/// Where the upper part falls to `q`, 0 < q < 1.
pub(crate) fn inverse_upper(shape: f64, q: f64) -> f64 {
    invert(shape, 1.0 - q, q)
}

fn invert(shape: f64, p: f64, q: f64) -> f64 {
    let lower_tail = p <= q;
    // Wilson and Hilferty's cube is a good place to start from.
    let normal = if lower_tail {
        super::normal::inverse(p.max(1e-300))
    } else {
        -super::normal::inverse(q.max(1e-300))
    };
    let ninth = 1.0 / (9.0 * shape);
    let cube = 1.0 - ninth + normal * ninth.sqrt();
    let start = shape * cube * cube * cube;
    let small = libm::exp((libm::log(p) + libm::lgamma(shape + 1.0)) / shape);
    let start = if start > 0.05 * shape && shape > 0.3 { start } else { small };
    if start == 0.0 {
        return 0.0;
    }
    let tail = if lower_tail { p } else { q };
    if tail < solve::FAR_OUT {
        let part = |x: f64| {
            let (lower, upper) = incomplete(shape, x);
            if lower_tail { lower } else { upper }
        };
        return solve::far_out(&part, &|x| density(shape, x), tail, lower_tail, start, f64::MAX);
    }
    let excess = |x: f64| {
        let (lower, upper) = incomplete(shape, x);
        if lower_tail { lower - p } else { q - upper }
    };
    solve::increasing(&excess, &|x| density(shape, x), start, f64::MAX)
}
