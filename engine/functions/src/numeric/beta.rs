//! The incomplete beta function and the densities around it: binomial, beta, F, Student's t.
//!
//! Densities follow Loader as in [`super::gamma`]. The distribution is a continued fraction where a
//! shape is small, and the integral itself where both are large; relative errors stay near 1e-14.

use super::gamma::{deviance, stirling_error};
use super::solve::{self, not_zero, tail_integral};
use std::f64::consts::PI;

/// From these shapes on the distribution is integrated.
const LARGE_SHAPE: f64 = 500.0;

/// The binomial density C(n, x)·p^x·q^(n−x) with q = 1 − p, for any real 0 ≤ x ≤ n.
pub(crate) fn binomial_density(x: f64, n: f64, p: f64, q: f64) -> f64 {
    if p == 0.0 {
        return if x == 0.0 { 1.0 } else { 0.0 };
    }
    if q == 0.0 {
        return if x == n { 1.0 } else { 0.0 };
    }
    let rest = n - x;
    if x < 0.0 || rest < 0.0 {
        return 0.0;
    }
    if x == 0.0 {
        return libm::exp(if p < 0.1 { n * libm::log1p(-p) } else { n * libm::log(q) });
    }
    if rest == 0.0 {
        return libm::exp(if q < 0.1 { n * libm::log1p(-q) } else { n * libm::log(p) });
    }
    let exponent = stirling_error(n)
        - stirling_error(x)
        - stirling_error(rest)
        - deviance(x, n * p)
        - deviance(rest, n * q);
    libm::exp(exponent) * (n / (2.0 * PI * x * rest)).sqrt()
}

/// The density of the beta distribution at x, with y = 1 − x; both above 0.
pub(crate) fn density(a: f64, b: f64, x: f64, y: f64) -> f64 {
    binomial_density(a, a + b, x, y) * (a * b / (a + b)) / x / y
}

/// The lower and the upper part of the beta distribution at x, with y = 1 − x, each right by itself.
pub(crate) fn incomplete(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 {
        return (1.0, 0.0);
    }
    if a > LARGE_SHAPE && b > LARGE_SHAPE {
        return integrated(a, b, x, y);
    }
    if x * (a + b + 2.0) < a + 1.0 {
        let lower = by_fraction(a, b, x, y);
        (lower, 1.0 - lower)
    } else {
        let upper = by_fraction(b, a, y, x);
        (1.0 - upper, upper)
    }
}

fn by_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    // x^a·y^b ÷ B(a, b), from the binomial density.
    let front = binomial_density(a, a + b, x, y) * (a * b / (a + b));
    (front * fraction(a, b, x, y)).min(1.0)
}

/// The continued fraction of A. DiDonato and A. Morris (1992, equation 9), which takes x and 1 − x each by itself,
/// so that nothing cancels where x is close to 1; by Lentz's method.
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let excess = if x > y { (a + b) * y - b } else { a - (a + b) * x };
    let denominator = |n: f64| {
        let reach = if n > 0.0 { n + n * (b - n) * x / (a + 2.0 * n - 1.0) } else { 0.0 };
        reach + (a + n) / (a + 2.0 * n + 1.0) * (excess + 1.0 + n * (1.0 + y))
    };
    let mut result = not_zero(denominator(0.0));
    let (mut c, mut d) = (result, 0.0);
    for n in 1..20_000 {
        let n = f64::from(n);
        let odd = a + 2.0 * n - 1.0;
        let numerator = (a + n - 1.0) / odd * ((a + b + n - 1.0) / odd) * n * (b - n) * x * x;
        let denominator = denominator(n);
        d = 1.0 / not_zero(denominator + numerator * d);
        c = not_zero(denominator + numerator / c);
        let step = c * d;
        result *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    1.0 / result
}

fn integrated(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    let sum = a + b;
    let mean = a / sum;
    // Distances from x, not places, so that nothing cancels where x or y is small.
    let at = |away: f64| {
        let (x, y) = (x + away, y - away);
        if x > 0.0 && y > 0.0 { density(a, b, x, y) } else { 0.0 }
    };
    let slope = ((a - 1.0) / x - (b - 1.0) / y).abs();
    let scale = (mean * (b / sum) / sum).sqrt().min(1.0 / slope.max(1e-300));
    if x < mean {
        let lower = tail_integral(&at, 0.0, -scale, -x).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = tail_integral(&at, 0.0, scale, y).min(1.0);
        (1.0 - upper, upper)
    }
}

/// Where the lower part reaches p (and the upper q = 1 − p), as x and 1 − x, the smaller of them exact.
pub(crate) fn inverse(a: f64, b: f64, p: f64, q: f64) -> (f64, f64) {
    let (middle, _) = incomplete(a, b, 0.5, 0.5);
    if p <= middle {
        let x = inverse_below_half(a, b, p, q);
        (x, 1.0 - x)
    } else {
        let y = inverse_below_half(b, a, q, p);
        (1.0 - y, y)
    }
}

fn inverse_below_half(a: f64, b: f64, p: f64, q: f64) -> f64 {
    let lower_tail = p <= q;
    let excess = |x: f64| {
        let (lower, upper) = incomplete(a, b, x, 1.0 - x);
        if lower_tail { lower - p } else { q - upper }
    };
    // Where x is small the distribution is x^a ÷ (a·B(a, b)).
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let power = libm::exp((libm::log(p) + libm::log(a) + log_beta) / a);
    let mean = a / (a + b);
    if power == 0.0 {
        return 0.0;
    }
    let start = if power < mean / 2.0 { power } else { mean.min(0.49) };
    if p < solve::FAR_OUT {
        let part = |x: f64| incomplete(a, b, x, 1.0 - x).0;
        return solve::far_out(&part, &|x| density(a, b, x, 1.0 - x), p, true, start, 0.5 + 1e-15);
    }
    solve::increasing(&excess, &|x| density(a, b, x, 1.0 - x), start, 0.5 + 1e-15)
}

/// The density of Student's distribution.
pub(crate) fn t_density(t: f64, freedom: f64) -> f64 {
    let half = freedom / 2.0;
    let shape = stirling_error(half + 0.5) - stirling_error(half) - deviance(half, half + 0.5);
    let square = t * t / freedom;
    // ln(1 + t²/n)·n/2, and its distance from t²/2 where that is small.
    let fall = if square > 0.2 {
        libm::log1p(square) * half
    } else {
        t * t / 2.0 - deviance(half, (freedom + t * t) / 2.0)
    };
    libm::exp(shape - fall) / (2.0 * PI * (1.0 + square)).sqrt()
}

/// The parts of Student's distribution beyond ±t together, and between them.
pub(crate) fn t_beyond(t: f64, freedom: f64) -> (f64, f64) {
    let square = t * t;
    if !square.is_finite() {
        return (0.0, 1.0);
    }
    incomplete(freedom / 2.0, 0.5, freedom / (freedom + square), square / (freedom + square))
}

/// The t ≥ 0 beyond which, on both sides together, lies a part `p`.
pub(crate) fn t_inverse_two_tailed(p: f64, freedom: f64) -> f64 {
    if p >= 1.0 {
        return 0.0;
    }
    let (x, y) = inverse(freedom / 2.0, 0.5, p, 1.0 - p);
    (freedom * y / x).sqrt()
}

/// The density of the F distribution for x > 0.
pub(crate) fn f_density(x: f64, freedom1: f64, freedom2: f64) -> f64 {
    let whole = freedom2 + x * freedom1;
    let (p, q) = (x * freedom1 / whole, freedom2 / whole);
    if freedom1 >= 2.0 {
        let front = freedom1 * q / 2.0;
        return front * binomial_density((freedom1 - 2.0) / 2.0, (freedom1 + freedom2 - 2.0) / 2.0, p, q);
    }
    let front = freedom1 * freedom1 * q / (2.0 * p * (freedom1 + freedom2));
    front * binomial_density(freedom1 / 2.0, (freedom1 + freedom2) / 2.0, p, q)
}

/// The lower and the upper part of the F distribution.
pub(crate) fn f_parts(x: f64, freedom1: f64, freedom2: f64) -> (f64, f64) {
    let whole = freedom2 + x * freedom1;
    if !whole.is_finite() {
        return (1.0, 0.0);
    }
    incomplete(freedom1 / 2.0, freedom2 / 2.0, x * freedom1 / whole, freedom2 / whole)
}

/// Where the F distribution's lower part reaches p and its upper q.
pub(crate) fn f_inverse(p: f64, q: f64, freedom1: f64, freedom2: f64) -> f64 {
    let (x, y) = inverse(freedom1 / 2.0, freedom2 / 2.0, p, q);
    x / y * (freedom2 / freedom1)
}
