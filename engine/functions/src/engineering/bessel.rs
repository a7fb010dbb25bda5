//! Bessel functions of whole order.
//!
//! Excel computes them from approximations of about eight digits and recurrences in the order, which Microsoft's
//! own examples show: J₂(1.9) is given as 0.329925829, where the true value is 0.329925728. The same approximations
//! are used here, so that workbooks keep their values. Source of the coefficients: M. Abramowitz and I. Stegun,
//! "Handbook of Mathematical Functions" 9.8, and for J and Y the rational approximations of J. Hart and others,
//! "Computer Approximations" (1968).

use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

const PARAMS: &[Param] = &[Param::strict_number("x"), Param::strict_number("n")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("BESSELI", PARAMS, besseli),
    Function::plain("BESSELJ", PARAMS, besselj),
    Function::plain("BESSELK", PARAMS, besselk),
    Function::plain("BESSELY", PARAMS, bessely),
];

/// The highest order that is computed; the work grows with it.
const MAX_ORDER: f64 = 100_000.0;

/// 2 ÷ π with the digits that the approximations were made for.
#[expect(clippy::approx_constant, reason = "all digits would change the ninth one of the results")]
const TWO_BY_PI: f64 = 0.636_619_772;

/// How much farther than the order a downward recurrence begins, under a root.
const FARTHER: f64 = 40.0;

/// A polynomial, its constant first.
fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Functions of the first kind of an order above 0 begin at 0, however high the order.
fn is_zero_at_0(args: &Args<'_>) -> bool {
    args.number(0) == 0.0 && args.number(1) >= 1.0
}

fn order(args: &Args<'_>) -> Result<u32> {
    let order = args.number(1).trunc();
    if (0.0..=MAX_ORDER).contains(&order) { Ok(order as u32) } else { Err(CellError::Num) }
}

fn positive(args: &Args<'_>) -> Result<f64> {
    let x = args.number(0);
    if x > 0.0 { Ok(x) } else { Err(CellError::Num) }
}

fn finite(number: f64) -> Result<Value> {
    if number.is_finite() { Ok(number.into()) } else { Err(CellError::Num) }
}

/// The amplitudes of J₀ and Y₀ for large x, in powers of (8 ÷ x)².
const P_0: [f64; 5] = [1.0, -0.109_862_862_7e-2, 0.273_451_040_7e-4, -0.207_337_063_9e-5, 0.209_388_721_1e-6];
const Q_0: [f64; 5] =
    [-0.156_249_999_5e-1, 0.143_048_876_5e-3, -0.691_114_765_1e-5, 0.762_109_516_1e-6, -0.934_935_152e-7];

/// Those of J₁ and Y₁.
const P_1: [f64; 5] = [1.0, 0.183_105e-2, -0.351_639_649_6e-4, 0.245_752_017_4e-5, -0.240_337_019e-6];
const Q_1: [f64; 5] =
    [0.046_874_999_95, -0.200_269_087_3e-3, 0.844_919_909_6e-5, -0.882_289_87e-6, 0.105_787_412e-6];

/// What Excel's J₀ has for the first amplitude: two digits of the second coefficient have changed places. Its values
/// at 8 and beside it show it.
const P_0_OF_J: [f64; 5] = [1.0, -0.109_862_826_7e-2, P_0[2], P_0[3], P_0[4]];

/// What Excel's J₁ has: the third coefficient stands there twice, so that J₁ is wrong by 8·10⁻⁶ at 8. Its values from
/// 8 to 10 agree with this to all digits.
const P_1_OF_J: [f64; 6] = [1.0, P_1[1], P_1[2], P_1[2], P_1[3], P_1[4]];

/// The cosine part (J₀) and the sine part (Y₀) for large x.
fn waves_0(x: f64, p: &[f64]) -> (f64, f64) {
    waves(x, x - 0.785_398_164, p, &Q_0)
}

fn waves_1(x: f64, p: &[f64]) -> (f64, f64) {
    waves(x, x - 2.356_194_491, p, &Q_1)
}

fn waves(x: f64, phase: f64, p: &[f64], q: &[f64]) -> (f64, f64) {
    let z = 8.0 / x;
    let (p, q) = (polynomial(z * z, p), z * polynomial(z * z, q));
    let amplitude = (TWO_BY_PI / x).sqrt();
    let (sin, cos) = (libm::sin(phase), libm::cos(phase));
    (amplitude * (cos * p - sin * q), amplitude * (sin * p + cos * q))
}

/// J₀ for x ≥ 0.
fn j0(x: f64) -> f64 {
    if x >= 8.0 {
        return waves_0(x, &P_0_OF_J).0;
    }
    let y = x * x;
    let above =
        [57_568_490_574.0, -13_362_590_354.0, 651_619_640.7, -11_214_424.18, 77_392.330_17, -184.905_245_6];
    let below = [57_568_490_411.0, 1_029_532_985.0, 9_494_680.718, 59_272.648_53, 267.853_271_2, 1.0];
    polynomial(y, &above) / polynomial(y, &below)
}

/// J₁ for x ≥ 0.
fn j1(x: f64) -> f64 {
    if x >= 8.0 {
        return waves_1(x, &P_1_OF_J).0;
    }
    let y = x * x;
    let above =
        [72_362_614_232.0, -7_895_059_235.0, 242_396_853.1, -2_972_611.439, 15_704.482_60, -30.160_366_06];
    let below = [144_725_228_442.0, 2_300_535_178.0, 18_583_304.74, 99_447.433_94, 376.999_139_7, 1.0];
    x * polynomial(y, &above) / polynomial(y, &below)
}

fn y0(x: f64) -> f64 {
    if x >= 8.0 {
        return waves_0(x, &P_0).1;
    }
    let y = x * x;
    let above =
        [-2_957_821_389.0, 7_062_834_065.0, -512_359_803.6, 10_879_881.29, -86_327.927_57, 228.462_273_3];
    let below = [40_076_544_269.0, 745_249_964.8, 7_189_466.438, 47_447.264_70, 226.103_024_4, 1.0];
    polynomial(y, &above) / polynomial(y, &below) + TWO_BY_PI * j0(x) * libm::log(x)
}

fn y1(x: f64) -> f64 {
    if x >= 8.0 {
        return waves_1(x, &P_1).1;
    }
    let y = x * x;
    let above = [
        -0.490_060_494_3e13,
        0.127_527_439_0e13,
        -0.515_343_813_9e11,
        0.734_926_455_1e9,
        -0.423_792_272_6e7,
        0.851_193_793_5e4,
    ];
    let below = [
        0.249_958_057_0e14,
        0.424_441_966_4e12,
        0.373_365_036_7e10,
        0.224_590_400_2e8,
        0.102_042_605_0e6,
        0.354_963_288_5e3,
        1.0,
    ];
    x * polynomial(y, &above) / polynomial(y, &below) + TWO_BY_PI * (j1(x) * libm::log(x) - 1.0 / x)
}

/// I₀ for x ≥ 0.
fn i0(x: f64) -> f64 {
    if x < 3.75 {
        let y = (x / 3.75) * (x / 3.75);
        return polynomial(
            y,
            &[1.0, 3.515_622_9, 3.089_942_4, 1.206_749_2, 0.265_973_2, 0.360_768e-1, 0.458_13e-2],
        );
    }
    let coefficients = [
        0.398_942_28,
        0.132_859_2e-1,
        0.225_319e-2,
        -0.157_565e-2,
        0.916_281e-2,
        -0.205_770_6e-1,
        0.263_553_7e-1,
        -0.164_763_3e-1,
        0.392_377e-2,
    ];
    libm::exp(x) / x.sqrt() * polynomial(3.75 / x, &coefficients)
}

/// I₁ for x ≥ 0.
fn i1(x: f64) -> f64 {
    if x < 3.75 {
        let y = (x / 3.75) * (x / 3.75);
        let coefficients =
            [0.5, 0.878_905_94, 0.514_988_69, 0.150_849_34, 0.265_873_3e-1, 0.301_532e-2, 0.324_11e-3];
        return x * polynomial(y, &coefficients);
    }
    let coefficients = [
        0.398_942_28,
        -0.398_802_4e-1,
        -0.362_018e-2,
        0.163_801e-2,
        -0.103_155_5e-1,
        0.228_296_7e-1,
        -0.289_531_2e-1,
        0.178_765_4e-1,
        -0.420_059e-2,
    ];
    libm::exp(x) / x.sqrt() * polynomial(3.75 / x, &coefficients)
}

fn k0(x: f64) -> f64 {
    if x <= 2.0 {
        let y = x * x / 4.0;
        let coefficients =
            [-0.577_215_66, 0.422_784_20, 0.230_697_56, 0.348_859_0e-1, 0.262_698e-2, 0.107_50e-3, 0.74e-5];
        return -libm::log(x / 2.0) * i0(x) + polynomial(y, &coefficients);
    }
    let coefficients = [
        1.253_314_14,
        -0.783_235_8e-1,
        0.218_956_8e-1,
        -0.106_244_6e-1,
        0.587_872e-2,
        -0.251_540e-2,
        0.532_08e-3,
    ];
    libm::exp(-x) / x.sqrt() * polynomial(2.0 / x, &coefficients)
}

fn k1(x: f64) -> f64 {
    if x <= 2.0 {
        let y = x * x / 4.0;
        let coefficients =
            [1.0, 0.154_431_44, -0.672_785_79, -0.181_568_97, -0.191_940_2e-1, -0.110_404e-2, -0.468_6e-4];
        return libm::log(x / 2.0) * i1(x) + polynomial(y, &coefficients) / x;
    }
    let coefficients = [
        1.253_314_14,
        0.234_986_19,
        -0.365_562_0e-1,
        0.150_426_8e-1,
        -0.780_353e-2,
        0.325_614e-2,
        -0.682_45e-3,
    ];
    libm::exp(-x) / x.sqrt() * polynomial(2.0 / x, &coefficients)
}

/// From the orders 0 and 1 up to n: f(j+1) = j·(2 ÷ x)·f(j) + sign·f(j−1).
fn upward(n: u32, x: f64, zero: f64, one: f64, sign: f64) -> f64 {
    let (mut before, mut here) = (zero, one);
    for j in 1..n {
        (before, here) = (here, f64::from(j) * (2.0 / x) * here + sign * before);
    }
    if n == 0 { zero } else { here }
}

/// J of order n for 0 < x ≤ n: from far beyond the order down to 0, measured by 1 = J₀ + 2J₂ + 2J₄ + …
fn j_downward(n: u32, x: f64) -> f64 {
    let begin = 2 * ((n + (FARTHER * f64::from(n)).sqrt() as u32) / 2);
    let (mut beyond, mut here, mut answer, mut sum) = (0.0, 1.0, 0.0, 0.0);
    let mut even = false;
    for j in (1..=begin).rev() {
        (beyond, here) = (here, f64::from(j) * (2.0 / x) * here - beyond);
        if f64::abs(here) > 1e10 {
            for number in [&mut beyond, &mut here, &mut answer, &mut sum] {
                *number *= 1e-10;
            }
        }
        if even {
            sum += here;
        }
        even = !even;
        if j == n {
            answer = beyond;
        }
    }
    answer / (2.0 * sum - here)
}

/// I of order n ≥ 2: from far beyond the order down to 0, measured by I₀.
fn i_downward(n: u32, x: f64) -> f64 {
    let begin = 2 * (n + (FARTHER * f64::from(n)).sqrt() as u32);
    let (mut beyond, mut here, mut answer) = (0.0, 1.0, 0.0);
    for j in (1..=begin).rev() {
        (beyond, here) = (here, f64::from(j) * (2.0 / x) * here + beyond);
        if f64::abs(here) > 1e10 {
            for number in [&mut beyond, &mut here, &mut answer] {
                *number *= 1e-10;
            }
        }
        if j == n {
            answer = beyond;
        }
    }
    answer * i0(x) / here
}

/// Odd orders are odd functions.
fn signed(x: f64, n: u32, value: f64) -> f64 {
    if x < 0.0 && n % 2 == 1 { -value } else { value }
}

/// The modified function of the first kind.
fn besseli(args: &Args<'_>) -> Result<Value> {
    if is_zero_at_0(args) {
        return Ok(0.0.into());
    }
    let (x, n) = (args.number(0), order(args)?);
    let size = x.abs();
    let value = match n {
        0 => i0(size),
        1 => i1(size),
        _ if size == 0.0 => 0.0,
        n => i_downward(n, size),
    };
    finite(signed(x, n, value))
}

/// The function of the first kind.
fn besselj(args: &Args<'_>) -> Result<Value> {
    if is_zero_at_0(args) {
        return Ok(0.0.into());
    }
    let (x, n) = (args.number(0), order(args)?);
    let size = x.abs();
    let value = match n {
        0 => j0(size),
        1 => j1(size),
        _ if size == 0.0 => 0.0,
        n if size > f64::from(n) => upward(n, size, j0(size), j1(size), -1.0),
        n => j_downward(n, size),
    };
    finite(signed(x, n, value))
}

/// The modified function of the second kind.
fn besselk(args: &Args<'_>) -> Result<Value> {
    let (x, n) = (positive(args)?, order(args)?);
    finite(upward(n, x, k0(x), k1(x), 1.0))
}

/// The function of the second kind.
fn bessely(args: &Args<'_>) -> Result<Value> {
    let (x, n) = (positive(args)?, order(args)?);
    finite(upward(n, x, y0(x), y1(x), -1.0))
}
