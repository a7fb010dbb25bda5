//! Binomial, negative binomial and hypergeometric distributions.

use crate::numeric::beta::{self, binomial_density};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const CUMULATIVE: Param = Param::bool("cumulative");
const BINOM: &[Param] =
    &[Param::number("number_s"), Param::number("trials"), Param::number("probability_s"), CUMULATIVE];
const BINOM_INV: &[Param] =
    &[Param::number("trials"), Param::number("probability_s"), Param::number("alpha")];
const NEGBINOM: [Param; 3] =
    [Param::number("number_f"), Param::number("number_s"), Param::number("probability_s")];
const HYPGEOM: [Param; 4] = [
    Param::number("sample_s"),
    Param::number("number_sample"),
    Param::number("population_s"),
    Param::number("number_pop"),
];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("BINOM.DIST", BINOM, binom_dist),
    Function::plain(
        "BINOM.DIST.RANGE",
        &[
            Param::number("trials"),
            Param::number("probability_s"),
            Param::number("number_s"),
            Param::number("number_s2").optional(),
        ],
        binom_dist_range,
    ),
    Function::plain("BINOM.INV", BINOM_INV, binom_inv),
    Function::plain("BINOMDIST", BINOM, binom_dist),
    Function::plain("CRITBINOM", BINOM_INV, binom_inv),
    Function::context(
        "HYPGEOM.DIST",
        &[HYPGEOM[0], HYPGEOM[1], HYPGEOM[2], HYPGEOM[3], CUMULATIVE],
        hypgeom_dist,
    ),
    Function::context("HYPGEOMDIST", &HYPGEOM, hypgeomdist),
    Function::plain("NEGBINOM.DIST", &[NEGBINOM[0], NEGBINOM[1], NEGBINOM[2], CUMULATIVE], negbinom_dist),
    Function::plain("NEGBINOMDIST", &NEGBINOM, negbinomdist),
];

/// Beyond 2^53 the counts themselves are not exact.
const MAX_COUNT: f64 = 9e15;

/// The part of a binomial distribution up to and with k.
fn up_to(k: f64, n: f64, p: f64) -> f64 {
    if k < 0.0 {
        return 0.0;
    }
    if k >= n { 1.0 } else { beta::incomplete(k + 1.0, n - k, p, 1.0 - p).1 }
}

/// The part of a binomial distribution above k.
fn above(k: f64, n: f64, p: f64) -> f64 {
    if k < 0.0 {
        return 1.0;
    }
    if k >= n { 0.0 } else { beta::incomplete(k + 1.0, n - k, p, 1.0 - p).0 }
}

/// The binomial distribution or its density.
fn binom_dist(args: &Args<'_>) -> Result<Value> {
    let (k, n, p) = (args.number(0).trunc(), args.number(1).trunc(), args.number(2));
    if k < 0.0 || k > n || n > MAX_COUNT || !(0.0..=1.0).contains(&p) {
        return Err(CellError::Num);
    }
    Ok(if args.bool(3) { up_to(k, n, p) } else { binomial_density(k, n, p, 1.0 - p) }.into())
}

/// The probability of a number of successes, or of a range of numbers.
fn binom_dist_range(args: &Args<'_>) -> Result<Value> {
    let (n, p, from) = (args.number(0).trunc(), args.number(1), args.number(2).trunc());
    let to = args.number_if_given(3, from).trunc();
    if from < 0.0 || from > n || to < from || to > n || !(0.0..=1.0).contains(&p) {
        return Err(CellError::Num);
    }
    if from == to {
        return Ok(binomial_density(from, n, p, 1.0 - p).into());
    }
    // The difference of the smaller tails loses the least.
    let part = if from > n * p {
        above(from - 1.0, n, p) - above(to, n, p)
    } else {
        up_to(to, n, p) - up_to(from - 1.0, n, p)
    };
    Ok(part.into())
}

/// The smallest number of successes at which the binomial distribution reaches alpha.
fn binom_inv(args: &Args<'_>) -> Result<Value> {
    let (n, p, alpha) = (args.number(0).trunc(), args.number(1), args.number(2));
    if n < 0.0 || !(0.0..=1.0).contains(&p) || alpha <= 0.0 || alpha >= 1.0 {
        return Err(CellError::Num);
    }
    let (mut low, mut high) = (-1.0, n);
    while high - low > 1.0 {
        let middle = low + ((high - low) / 2.0).floor();
        // Beyond 2^53 neighbours are no longer told apart.
        if middle == low || middle == high {
            break;
        }
        if up_to(middle, n, p) >= alpha {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high.into())
}

fn negbinom(args: &Args<'_>, cumulative: bool) -> Result<Value> {
    let (failures, successes, p) = (args.number(0).trunc(), args.number(1).trunc(), args.number(2));
    if failures < 0.0 || successes < 1.0 || !(0.0..=1.0).contains(&p) || (cumulative && p == 0.0) {
        return Err(CellError::Num);
    }
    if cumulative {
        return Ok(beta::incomplete(successes, failures + 1.0, p, 1.0 - p).0.into());
    }
    let trials = failures + successes;
    Ok((successes / trials * binomial_density(successes, trials, p, 1.0 - p)).into())
}

/// The distribution of failures before a number of successes, or its density.
fn negbinom_dist(args: &Args<'_>) -> Result<Value> {
    negbinom(args, args.bool(3))
}

/// The density of failures before a number of successes.
fn negbinomdist(args: &Args<'_>) -> Result<Value> {
    negbinom(args, false)
}

fn hypgeom(args: &Args<'_>, cumulative: bool, context: &dyn Context) -> Result<Value> {
    let [hits, sample, marked, all] = [0, 1, 2, 3].map(|index| args.number(index).trunc());
    if hits < 0.0 || sample < 0.0 || marked < 0.0 || sample > all || marked > all || all > MAX_COUNT {
        return Err(CellError::Num);
    }
    // More hits than there can be: Microsoft's page refuses them, but up to them lies everything.
    if hits > sample.min(marked) {
        return if cumulative { Ok(1.0.into()) } else { Err(CellError::Num) };
    }
    // Nothing drawn or nothing to be found is no hit for certain, and fewer hits than there must be never happen,
    // although Microsoft's page says that either is refused.
    if hits < sample + marked - all {
        return Ok(0.0.into());
    }
    if sample == 0.0 || marked == 0.0 {
        return Ok(1.0.into());
    }
    let density = hypgeom_density(hits, sample, marked, all);
    if !cumulative {
        return Ok(density.into());
    }
    let (fewest, most) = ((sample + marked - all).max(0.0), sample.min(marked));
    // Terms fall off within a few deviations; there are at most √n/2 of these.
    context.spend((all.sqrt() * 20.0).min(most - fewest) as u64)?;
    // The shorter way, outward from the term itself, each term from the last by the ratio of neighbours.
    let below = hits < sample * (marked / all);
    let (mut term, mut sum, mut k) = (density, 0.0, hits);
    if below {
        sum = density;
    }
    loop {
        if below {
            if k <= fewest {
                break;
            }
            term *= k * (all - marked - sample + k) / ((sample - k + 1.0) * (marked - k + 1.0));
            k -= 1.0;
        } else {
            if k >= most {
                break;
            }
            term *= (sample - k) * (marked - k) / ((k + 1.0) * (all - marked - sample + k + 1.0));
            k += 1.0;
        }
        sum += term;
        if term <= sum * 1e-17 {
            break;
        }
    }
    Ok(if below { sum } else { 1.0 - sum }.into())
}

/// Loader's quotient of three binomial densities.
fn hypgeom_density(hits: f64, sample: f64, marked: f64, all: f64) -> f64 {
    let (p, q) = (sample / all, (all - sample) / all);
    binomial_density(hits, marked, p, q) * binomial_density(sample - hits, all - marked, p, q)
        / binomial_density(sample, all, p, q)
}

/// The distribution of hits in a sample without replacement, or its density.
fn hypgeom_dist(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    hypgeom(args, args.bool(4), context)
}

/// The density of hits in a sample without replacement.
fn hypgeomdist(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    hypgeom(args, false, context)
}
