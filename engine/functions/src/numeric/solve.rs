//! Roots and integrals of smooth functions of one variable, with bounded work.

use std::sync::LazyLock;

/// A number that may be divided by.
pub(crate) fn not_zero(number: f64) -> f64 {
    if number.abs() < 1e-300 { 1e-300 } else { number }
}

/// The root of an increasing function on 0 to `top`, by Newton's method inside of a bracket that halves where a
/// step would leave it. `slope` is the derivative.
pub(crate) fn increasing(
    excess: &dyn Fn(f64) -> f64,
    slope: &dyn Fn(f64) -> f64,
    start: f64,
    top: f64,
) -> f64 {
    let (mut low, mut high) = (0.0_f64, top);
    let mut x = if start > 0.0 && start < top { start } else { 1.0_f64.min(top / 2.0) };
    for _ in 0..400 {
        let error = excess(x);
        if error == 0.0 {
            return x;
        }
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let newton = x - error / slope(x);
        let next = if newton > low && newton < high { newton } else { middle(low, high, x) };
        if (next - x).abs() <= 2e-16 * x || high - low <= 2e-16 * low {
            return next;
        }
        x = next;
    }
    x
}

/// Tails below this are inverted by their logarithm.
pub(crate) const FAR_OUT: f64 = 1e-9;

/// Where a tail falls to `wanted`: there the logarithm is close to a line while the tail itself is close to 0 all
/// along. `part` is the tail, the lower one or the upper one, and `density` the distribution's.
pub(crate) fn far_out(
    part: &dyn Fn(f64) -> f64,
    density: &dyn Fn(f64) -> f64,
    wanted: f64,
    lower_tail: bool,
    start: f64,
    top: f64,
) -> f64 {
    let excess = |x: f64| {
        let ratio = libm::log(part(x) / wanted);
        if lower_tail { ratio } else { -ratio }
    };
    increasing(&excess, &|x| density(x) / part(x), start, top)
}

/// A point inside of a bracket: by ratio where its ends lie orders of magnitude apart.
fn middle(low: f64, high: f64, x: f64) -> f64 {
    if low == 0.0 {
        return if high < f64::MAX { high / 16.0 } else { x * 2.0 };
    }
    if high == f64::MAX {
        return low * 4.0;
    }
    if high / low > 4.0 { low.sqrt() * high.sqrt() } else { low + (high - low) / 2.0 }
}

/// Nodes and weights of Gauss and Legendre's quadrature on −1 to 1, for the positive half of sixteen points.
static GAUSS: LazyLock<[(f64, f64); 8]> = LazyLock::new(|| {
    let mut points = [(0.0, 0.0); 8];
    for (place, point) in points.iter_mut().enumerate() {
        let mut x = libm::cos(std::f64::consts::PI * (place as f64 + 0.75) / 16.5);
        let mut slope = 1.0;
        for _ in 0..8 {
            let (mut before, mut value) = (1.0, x);
            for n in 2..=16 {
                let n = f64::from(n);
                (before, value) = (value, ((2.0 * n - 1.0) * x * value - (n - 1.0) * before) / n);
            }
            slope = 16.0 * (x * value - before) / (x * x - 1.0);
            x -= value / slope;
        }
        *point = (x, 2.0 / ((1.0 - x * x) * slope * slope));
    }
    points
});

/// The integral of a function from `a` to `b`, exact for polynomials up to degree 31.
pub(crate) fn panel(function: &dyn Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    let (centre, half) = ((a + b) / 2.0, (b - a) / 2.0);
    let sum = GAUSS.iter().fold(0.0, |sum, (x, weight)| {
        sum + weight * (function(centre - half * x) + function(centre + half * x))
    });
    sum * half
}

/// The integral of a falling, log-concave density from `from` outward to `end`, in panels of twice `scale`, whose
/// sign says the direction. The result is positive.
pub(crate) fn tail_integral(density: &dyn Fn(f64) -> f64, from: f64, scale: f64, end: f64) -> f64 {
    let (mut sum, mut a) = (0.0, from);
    for _ in 0..80 {
        let b = a + 2.0 * scale;
        let b = if scale < 0.0 { b.max(end) } else { b.min(end) };
        let part = panel(density, a, b).abs();
        sum += part;
        if part <= sum * 1e-17 || b == end || b == a {
            break;
        }
        a = b;
    }
    sum
}
