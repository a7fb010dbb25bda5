//! The distributions built on the beta function: beta, F, Student's t.

use crate::numeric::beta;
use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

const X: Param = Param::number("x");
const ALPHA: Param = Param::number("alpha");
const BETA: Param = Param::number("beta");
const A: Param = Param::number("A").optional();
const B: Param = Param::number("B").optional();
const FREEDOM: Param = Param::number("deg_freedom");
const FREEDOM1: Param = Param::number("deg_freedom1");
const FREEDOM2: Param = Param::number("deg_freedom2");
const CUMULATIVE: Param = Param::bool("cumulative");
const PROBABILITY: Param = Param::number("probability");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("BETA.DIST", &[X, ALPHA, BETA, CUMULATIVE, A, B], beta_dist),
    Function::plain("BETA.INV", &[PROBABILITY, ALPHA, BETA, A, B], beta_inv),
    Function::plain("BETADIST", &[X, ALPHA, BETA, A, B], betadist),
    Function::plain("BETAINV", &[PROBABILITY, ALPHA, BETA, A, B], beta_inv),
    Function::plain("F.DIST", &[X, FREEDOM1, FREEDOM2, CUMULATIVE], f_dist),
    Function::plain("F.DIST.RT", &[X, FREEDOM1, FREEDOM2], f_dist_rt),
    Function::plain("F.INV", &[PROBABILITY, FREEDOM1, FREEDOM2], f_inv),
    Function::plain("F.INV.RT", &[PROBABILITY, FREEDOM1, FREEDOM2], f_inv_rt),
    Function::plain("FDIST", &[X, FREEDOM1, FREEDOM2], f_dist_rt),
    Function::plain("FINV", &[PROBABILITY, FREEDOM1, FREEDOM2], f_inv_rt),
    Function::plain("T.DIST", &[X, FREEDOM, CUMULATIVE], t_dist),
    Function::plain("T.DIST.2T", &[X, FREEDOM], t_dist_2t),
    Function::plain("T.DIST.RT", &[X, FREEDOM], t_dist_rt),
    Function::plain("T.INV", &[PROBABILITY, FREEDOM], t_inv),
    Function::plain("T.INV.2T", &[PROBABILITY, FREEDOM], t_inv_2t),
    Function::plain("TDIST", &[X, FREEDOM, Param::number("tails")], tdist),
    Function::plain("TINV", &[PROBABILITY, FREEDOM], t_inv_2t),
];

/// Beyond this a beta distribution is narrower than a double can say.
const MAX_SHAPE: f64 = 1e15;

/// Shapes and bounds of a beta distribution, its bounds from argument `at` on.
struct Shape {
    alpha: f64,
    beta: f64,
    a: f64,
    b: f64,
}

impl Shape {
    fn new(args: &Args<'_>, at: usize) -> Result<Shape> {
        let shape = Shape {
            alpha: args.number(1),
            beta: args.number(2),
            a: args.number_if_given(at, 0.0),
            b: args.number_if_given(at + 1, 1.0),
        };
        let possible = |shape: f64| shape > 0.0 && shape < MAX_SHAPE;
        let good = possible(shape.alpha) && possible(shape.beta) && shape.a < shape.b;
        if good { Ok(shape) } else { Err(CellError::Num) }
    }

    /// x and 1 − x on the unit interval.
    fn place(&self, x: f64) -> Result<(f64, f64)> {
        if x < self.a || x > self.b {
            return Err(CellError::Num);
        }
        let width = self.b - self.a;
        Ok(((x - self.a) / width, (self.b - x) / width))
    }
}

/// The beta distribution or its density.
fn beta_dist(args: &Args<'_>) -> Result<Value> {
    let shape = Shape::new(args, 4)?;
    let (x, y) = shape.place(args.number(0))?;
    if args.bool(3) {
        return Ok(beta::incomplete(shape.alpha, shape.beta, x, y).0.into());
    }
    let density = match (x, y) {
        (0.0, _) => edge_density(shape.alpha, shape.beta)?,
        (_, 0.0) => edge_density(shape.beta, shape.alpha)?,
        _ => beta::density(shape.alpha, shape.beta, x, y),
    };
    Ok((density / (shape.b - shape.a)).into())
}

/// The density at the end where `near` is the exponent.
fn edge_density(near: f64, far: f64) -> Result<f64> {
    if near < 1.0 {
        return Err(CellError::Num);
    }
    Ok(if near == 1.0 { far } else { 0.0 })
}

/// The beta distribution.
fn betadist(args: &Args<'_>) -> Result<Value> {
    let shape = Shape::new(args, 3)?;
    let (x, y) = shape.place(args.number(0))?;
    Ok(beta::incomplete(shape.alpha, shape.beta, x, y).0.into())
}

/// Where the beta distribution reaches a probability.
fn beta_inv(args: &Args<'_>) -> Result<Value> {
    let p = args.number(0);
    let shape = Shape::new(args, 3)?;
    // Microsoft's page lets 1 itself pass; Excel does not.
    if p <= 0.0 || p >= 1.0 {
        return Err(CellError::Num);
    }
    let (x, _) = beta::inverse(shape.alpha, shape.beta, p, 1.0 - p);
    Ok((shape.a + x * (shape.b - shape.a)).into())
}

/// Whole degrees of freedom, up to the 10^10 that Microsoft's pages name.
fn freedom(number: f64) -> Result<f64> {
    let freedom = number.trunc();
    if (1.0..=1e10).contains(&freedom) { Ok(freedom) } else { Err(CellError::Num) }
}

/// Degrees of freedom of the F distribution, whose pages leave 10^10 itself out.
fn f_freedom(args: &Args<'_>) -> Result<(f64, f64)> {
    let (first, second) = (freedom(args.number(1))?, freedom(args.number(2))?);
    if first < 1e10 && second < 1e10 { Ok((first, second)) } else { Err(CellError::Num) }
}

fn not_negative(x: f64) -> Result<f64> {
    if x < 0.0 { Err(CellError::Num) } else { Ok(x) }
}

/// The F distribution or its density.
fn f_dist(args: &Args<'_>) -> Result<Value> {
    let x = not_negative(args.number(0))?;
    let (freedom1, freedom2) = f_freedom(args)?;
    if args.bool(3) {
        return Ok(beta::f_parts(x, freedom1, freedom2).0.into());
    }
    if x > 0.0 {
        return Ok(beta::f_density(x, freedom1, freedom2).into());
    }
    // At 0 the density is infinite, 1 or 0.
    if freedom1 < 2.0 { Err(CellError::Num) } else { Ok(f64::from(u8::from(freedom1 == 2.0)).into()) }
}

/// The right tail of the F distribution.
fn f_dist_rt(args: &Args<'_>) -> Result<Value> {
    let x = not_negative(args.number(0))?;
    let (freedom1, freedom2) = f_freedom(args)?;
    Ok(beta::f_parts(x, freedom1, freedom2).1.into())
}

/// Where the F distribution reaches a probability.
fn f_inv(args: &Args<'_>) -> Result<Value> {
    let p = args.number(0);
    let (freedom1, freedom2) = f_freedom(args)?;
    if !(0.0..1.0).contains(&p) {
        return Err(CellError::Num);
    }
    Ok(if p == 0.0 { 0.0 } else { beta::f_inverse(p, 1.0 - p, freedom1, freedom2) }.into())
}

/// Where the right tail of the F distribution falls to a probability.
fn f_inv_rt(args: &Args<'_>) -> Result<Value> {
    let q = args.number(0);
    let (freedom1, freedom2) = f_freedom(args)?;
    if q <= 0.0 || q > 1.0 {
        return Err(CellError::Num);
    }
    Ok(if q == 1.0 { 0.0 } else { beta::f_inverse(1.0 - q, q, freedom1, freedom2) }.into())
}

/// Student's distribution or its density.
fn t_dist(args: &Args<'_>) -> Result<Value> {
    // Without a degree of freedom Excel gives the density another error than the distribution.
    if !args.bool(2) && args.number(1).trunc() == 0.0 {
        return Err(CellError::Div0);
    }
    let (t, freedom) = (args.number(0), freedom(args.number(1))?);
    if !args.bool(2) {
        return Ok(beta::t_density(t, freedom).into());
    }
    let (beyond, between) = beta::t_beyond(t, freedom);
    Ok(if t < 0.0 { beyond / 2.0 } else { 0.5 + between / 2.0 }.into())
}

/// Both tails of Student's distribution.
fn t_dist_2t(args: &Args<'_>) -> Result<Value> {
    let t = not_negative(args.number(0))?;
    Ok(beta::t_beyond(t, freedom(args.number(1))?).0.into())
}

/// The right tail of Student's distribution.
fn t_dist_rt(args: &Args<'_>) -> Result<Value> {
    let t = args.number(0);
    let (beyond, between) = beta::t_beyond(t, freedom(args.number(1))?);
    Ok(if t < 0.0 { 0.5 + between / 2.0 } else { beyond / 2.0 }.into())
}

/// One or both tails of Student's distribution.
fn tdist(args: &Args<'_>) -> Result<Value> {
    let t = not_negative(args.number(0))?;
    let (beyond, _) = beta::t_beyond(t, freedom(args.number(1))?);
    match args.integer(2) {
        1 => Ok((beyond / 2.0).into()),
        2 => Ok(beyond.into()),
        _ => Err(CellError::Num),
    }
}

/// Where Student's distribution reaches a probability.
fn t_inv(args: &Args<'_>) -> Result<Value> {
    let (p, freedom) = (args.number(0), freedom(args.number(1))?);
    if p <= 0.0 || p >= 1.0 {
        return Err(CellError::Num);
    }
    let t = beta::t_inverse_two_tailed(2.0 * p.min(1.0 - p), freedom);
    Ok(if p < 0.5 { -t } else { t }.into())
}

/// Where both tails of Student's distribution fall to a probability.
fn t_inv_2t(args: &Args<'_>) -> Result<Value> {
    let (p, freedom) = (args.number(0), freedom(args.number(1))?);
    if p <= 0.0 || p > 1.0 { Err(CellError::Num) } else { Ok(beta::t_inverse_two_tailed(p, freedom).into()) }
}
