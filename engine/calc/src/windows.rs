//! Windows that slide down a column with the formula, as in `AVERAGE(A1:A100)` copied down.
//!
//! Each window is added up from its own first row on, which is what floating-point sums depend on; but several
//! windows are added up side by side, so that the processor does not wait for one addition before the next.
//! Invariant: every result has the bits that the function gives for that window alone.

use crate::lanes::{Lane, Lanes, Rows};
use formula::{Axis, Extent};
use functions::{Context, Function};
use values::{Area, Cell, Rect, Row};

/// Windows side by side: as many as fit wide registers.
const SIDE_BY_SIDE: usize = 8;

#[derive(Clone, Copy)]
enum Reduce {
    Sum,
    Mean,
    Largest,
    Smallest,
}

impl Reduce {
    fn of(function: &Function) -> Option<Reduce> {
        Some(match function.name {
            "SUM" => Reduce::Sum,
            "AVERAGE" => Reduce::Mean,
            "MAX" => Reduce::Largest,
            "MIN" => Reduce::Smallest,
            _ => return None,
        })
    }
}

impl Lanes<'_, '_> {
    /// What a function gives for a window of one column in each of some consecutive rows; `None` where that has to be
    /// found row by row.
    pub(crate) fn windows(&self, function: &Function, lanes: &[Lane], rows: &Rows) -> Option<Lane> {
        let reduce = Reduce::of(function)?;
        let [Lane::Cells(sheet, extent @ Extent::Rect(a, b))] = lanes else { return None };
        let (first, last) = rows.consecutive()?;
        let (Axis::Relative(_), Axis::Relative(_)) = (a.row, b.row) else { return None };
        let col = self.evaluator.host.get().col;
        let rect =
            |row: u32| extent.resolve(Cell { row: Row(row), col }).filter(|rect| rect.left == rect.right);
        let (top, bottom) = (rect(first)?, rect(last)?);
        // A window that the sheet's edge cuts is another window.
        if bottom.top.0.checked_sub(top.top.0)? != last - first || bottom.rows() != top.rows() {
            return None;
        }
        let (len, height) = (rows.len(), top.rows() as usize);
        let hull = Rect { bottom: bottom.bottom, ..top };
        let numbers = self.evaluator.numbers(Area { sheet: *sheet, rect: hull })?;
        if numbers.has_errors() {
            return None;
        }
        let stored = numbers.rows(hull.top.0, hull.bottom.0);
        let missing = std::iter::repeat_n(f64::NAN, len + height - 1 - stored.len());
        let numbers: Vec<f64> = stored.iter().copied().chain(missing).collect();
        let results = reduced(reduce, numbers, len, height);
        results.iter().all(|result| result.is_finite()).then_some(Lane::Numbers(results))
    }
}

/// The windows' results; not finite where there is none.
fn reduced(reduce: Reduce, mut numbers: Vec<f64>, len: usize, height: usize) -> Vec<f64> {
    let or_none = |best: f64| if best.is_finite() { best } else { 0.0 };
    match reduce {
        Reduce::Largest => {
            let best =
                each_window(&numbers, len, height, f64::NEG_INFINITY, |a, b| if b > a { b } else { a });
            best.into_iter().map(or_none).collect()
        }
        Reduce::Smallest => {
            let best = each_window(&numbers, len, height, f64::INFINITY, |a, b| if b < a { b } else { a });
            best.into_iter().map(or_none).collect()
        }
        Reduce::Sum => {
            skip_missing(&mut numbers);
            each_window(&numbers, len, height, 0.0, |a, b| a + b)
        }
        Reduce::Mean => {
            let counts = counts(&numbers, height);
            skip_missing(&mut numbers);
            let sums = each_window(&numbers, len, height, 0.0, |a, b| a + b);
            // No numbers are an error, and 0 divided by 0 is not finite.
            sums.into_iter().zip(counts).map(|(sum, count)| sum / f64::from(count)).collect()
        }
    }
}

/// Adding 0 leaves a sum that began with 0 as it is.
fn skip_missing(numbers: &mut [f64]) {
    numbers.iter_mut().filter(|number| number.is_nan()).for_each(|number| *number = 0.0);
}

/// How many numbers each window holds.
fn counts(numbers: &[f64], height: usize) -> Vec<u32> {
    let is_number = |number: &f64| u32::from(!number.is_nan());
    let mut count: u32 = numbers[..height].iter().map(is_number).sum();
    let mut counts = vec![count];
    for (gone, come) in numbers.iter().zip(&numbers[height..]) {
        count = count + is_number(come) - is_number(gone);
        counts.push(count);
    }
    counts
}

/// Folds each window from its first number to its last.
fn each_window(
    numbers: &[f64],
    len: usize,
    height: usize,
    start: f64,
    fold: impl Fn(f64, f64) -> f64,
) -> Vec<f64> {
    let mut results = Vec::with_capacity(len);
    while results.len() < len {
        let at = results.len();
        let together = SIDE_BY_SIDE.min(len - at);
        let mut folded = [start; SIDE_BY_SIDE];
        if together == SIDE_BY_SIDE {
            for across in numbers[at..at + height + SIDE_BY_SIDE - 1].windows(SIDE_BY_SIDE) {
                for (result, number) in folded.iter_mut().zip(across) {
                    *result = fold(*result, *number);
                }
            }
        } else {
            for (place, result) in folded.iter_mut().enumerate().take(together) {
                let window = &numbers[at + place..at + place + height];
                *result = window.iter().fold(start, |folded, number| fold(folded, *number));
            }
        }
        results.extend_from_slice(&folded[..together]);
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_what_each_is_alone() {
        let mut state = 5_u64;
        let numbers: Vec<f64> = (0..700)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                if state >> 61 == 0 { f64::NAN } else { (state >> 40) as f64 / 7.0 - 1e6 }
            })
            .collect();
        for height in [1, 2, 7, 8, 9, 100] {
            let len = numbers.len() + 1 - height;
            let alone = |fold: &dyn Fn(&mut dyn Iterator<Item = f64>) -> f64| -> Vec<u64> {
                let window =
                    |at: usize| fold(&mut numbers[at..at + height].iter().copied().filter(|n| !n.is_nan()));
                (0..len).map(|at| window(at).to_bits()).collect()
            };
            let bits = |reduce| -> Vec<u64> {
                reduced(reduce, numbers.clone(), len, height).iter().map(|n| n.to_bits()).collect()
            };
            assert_eq!(bits(Reduce::Sum), alone(&|window| window.fold(0.0, |a, b| a + b)));
            assert_eq!(bits(Reduce::Largest), alone(&|window| window.reduce(f64::max).unwrap_or(0.0)));
            assert_eq!(bits(Reduce::Smallest), alone(&|window| window.reduce(f64::min).unwrap_or(0.0)));
            if height > 8 {
                let mean = |window: &mut dyn Iterator<Item = f64>| {
                    let (sum, count) = window.fold((0.0, 0), |(sum, count), n| (sum + n, count + 1));
                    sum / f64::from(count)
                };
                assert_eq!(bits(Reduce::Mean), alone(&mean));
            }
        }
    }
}
