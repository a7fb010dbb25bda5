//! What a list of numbers is summed up to: means, spreads, order statistics. Sums run from left to right; spreads
//! are taken about the mean in a second pass, as Excel has done since 2003.

use rustc_hash::FxHashMap;
use values::{CellError, Result, significant_15};

pub(crate) fn sum(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |sum, number| sum + number)
}

/// The arithmetic mean; `#DIV/0!` of nothing.
pub(crate) fn mean(numbers: &[f64]) -> Result<f64> {
    if numbers.is_empty() { Err(CellError::Div0) } else { Ok(sum(numbers) / numbers.len() as f64) }
}

/// The sum of the squared distances from the mean; `#NUM!` of nothing.
pub(crate) fn squared_deviations(numbers: &[f64]) -> Result<f64> {
    let mean = mean(numbers).map_err(|_| CellError::Num)?;
    Ok(numbers.iter().fold(0.0, |sum, number| sum + (number - mean) * (number - mean)))
}

/// The variance of a population; `#DIV/0!` of nothing.
pub(crate) fn variance_p(numbers: &[f64]) -> Result<f64> {
    if numbers.is_empty() {
        Err(CellError::Div0)
    } else {
        Ok(squared_deviations(numbers)? / numbers.len() as f64)
    }
}

/// The variance estimated from a sample; `#DIV/0!` of fewer than two.
pub(crate) fn variance_s(numbers: &[f64]) -> Result<f64> {
    if numbers.len() < 2 {
        return Err(CellError::Div0);
    }
    Ok(squared_deviations(numbers)? / (numbers.len() - 1) as f64)
}

/// The numbers in ascending order.
pub(crate) fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers
}

/// The middle number, or the mean of the two in the middle; `#NUM!` of nothing.
pub(crate) fn median(numbers: Vec<f64>) -> Result<f64> {
    let numbers = sorted(numbers);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle).ok_or(CellError::Num)?;
    if numbers.len() % 2 == 1 {
        return Ok(upper);
    }
    let lower = *numbers.get(middle - 1).ok_or(CellError::Num)?;
    Ok((lower + upper) / 2.0)
}

/// The numbers that occur most often, in the order of their first places; `#N/A` where none occurs twice.
pub(crate) fn modes(numbers: &[f64]) -> Result<Vec<f64>> {
    let key = |number: f64| (number + 0.0).to_bits();
    let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
    for number in numbers {
        *counts.entry(key(*number)).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    if most < 2 {
        return Err(CellError::NA);
    }
    // Taking a found one out of the table keeps each to its first place.
    Ok(numbers
        .iter()
        .copied()
        .filter(|number| counts.get(&key(*number)) == Some(&most) && counts.remove(&key(*number)).is_some())
        .collect())
}

/// The `k`th smallest; a fraction of `k` is cut.
pub(crate) fn small(numbers: &mut [f64], k: f64) -> Result<f64> {
    ranked(numbers, k.floor(), false)
}

/// The `k`th largest; a fraction of `k` counts as the next one.
pub(crate) fn large(numbers: &mut [f64], k: f64) -> Result<f64> {
    if k < 1.0 { Err(CellError::Num) } else { ranked(numbers, k.ceil(), true) }
}

fn ranked(numbers: &mut [f64], k: f64, from_top: bool) -> Result<f64> {
    let count = numbers.len();
    if !(k >= 1.0 && k <= count as f64) {
        return Err(CellError::Num);
    }
    let place = if from_top { count - k as usize } else { k as usize - 1 };
    let (_, number, _) = numbers.select_nth_unstable_by(place, f64::total_cmp);
    Ok(*number)
}

/// The number below which a part `p` of `sorted` numbers lies, both ends included.
pub(crate) fn percentile_inc(sorted: &[f64], p: f64) -> Result<f64> {
    if sorted.is_empty() || !(0.0..=1.0).contains(&p) {
        return Err(CellError::Num);
    }
    between(sorted, p * (sorted.len() - 1) as f64)
}

/// The same with both ends excluded: the places of n numbers divide the whole into n + 1 parts.
pub(crate) fn percentile_exc(sorted: &[f64], p: f64) -> Result<f64> {
    let count = sorted.len() as f64;
    let rank = significant_15(p * (count + 1.0));
    if !(p > 0.0 && p < 1.0 && rank >= 1.0 && rank <= count) {
        return Err(CellError::Num);
    }
    between(sorted, rank - 1.0)
}

/// The number at a place between two.
fn between(sorted: &[f64], place: f64) -> Result<f64> {
    let lower = place.floor();
    let at = |place: f64| sorted.get(place as usize).copied();
    let below = at(lower).ok_or(CellError::Num)?;
    let part = place - lower;
    match at(lower + 1.0) {
        Some(above) if part > 0.0 => Ok(below + part * (above - below)),
        _ => Ok(below),
    }
}

/// A quartile number, cut to a whole one, as a part; `#NUM!` where it is not 0 to 4.
pub(crate) fn quarter(quart: f64) -> Result<f64> {
    if quart < 0.0 {
        return Err(CellError::Num);
    }
    let quart = quart.trunc();
    if (0.0..=4.0).contains(&quart) { Ok(quart / 4.0) } else { Err(CellError::Num) }
}
