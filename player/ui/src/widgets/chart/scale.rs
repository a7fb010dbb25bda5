//! The value axis: round numbers that hold all values.
//!
//! Invariant: `least < greatest`, and there are two to seventeen ticks between them; without bounds of the
//! definition, both ends are ticks.

use super::Series;

/// A value axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) least: f64,
    pub(super) greatest: f64,
    pub(super) ticks: Vec<f64>,
}

/// About this many steps along the axis.
const STEPS: f64 = 4.0;

impl Scale {
    /// The axis for all values of the series; nothing if there are none. Bars always stand on zero, unless a bound
    /// says otherwise.
    pub(super) fn over(series: &[Series<'_>], from_zero: bool, bounds: [Option<f64>; 2]) -> Option<Self> {
        let values =
            || series.iter().flat_map(|series| series.values).flatten().copied().filter(|v| v.is_finite());
        let mut least = values().fold(f64::INFINITY, f64::min);
        let mut greatest = values().fold(f64::NEG_INFINITY, f64::max);
        if least > greatest {
            return None;
        }
        // A line whose values come near zero shows zero too: half a range off would exaggerate.
        let near_zero = least > 0.0 && least < 0.4 * greatest || greatest < 0.0 && greatest > 0.4 * least;
        if from_zero || near_zero {
            least = least.min(0.0);
            greatest = greatest.max(0.0);
        }
        if least == greatest {
            let room = if least == 0.0 { 1.0 } else { least.abs() * 0.1 };
            (least, greatest) = (least - room, greatest + room);
        }
        let bounds = bounds.map(|bound| bound.filter(|bound| bound.is_finite()));
        let (low, high) = (bounds[0].unwrap_or(least), bounds[1].unwrap_or(greatest));
        if bounds != [None, None] && low < high {
            return Self::between(low, high, bounds);
        }
        // Halves, so that the range of the greatest numbers stays a number.
        let half = greatest / 2.0 - least / 2.0;
        let step = round_step(half / (STEPS / 2.0))?;
        let (first, last) = ((least / step).floor(), (greatest / step).ceil());
        let count = (last - first) as usize;
        if count == 0 || count > 16 {
            return None;
        }
        let ticks: Vec<f64> = (0..=count).map(|i| (first + i as f64) * step).collect();
        let sane = ticks.iter().all(|tick| tick.is_finite());
        sane.then_some(Self { least: first * step, greatest: last * step, ticks })
    }

    /// The axis from `low` to `high`; an end that is bound stays where it is, another one moves to the next tick.
    fn between(low: f64, high: f64, bounds: [Option<f64>; 2]) -> Option<Self> {
        let step = round_step((high / 2.0 - low / 2.0) / (STEPS / 2.0))?;
        let least = if bounds[0].is_some() { low } else { (low / step).floor() * step };
        let greatest = if bounds[1].is_some() { high } else { (high / step).ceil() * step };
        let (first, last) = ((least / step).ceil(), (greatest / step).floor());
        let count = last - first;
        let mut ticks: Vec<f64> = if (1.0..=16.0).contains(&count) {
            (0..=count as usize).map(|i| (first + i as f64) * step).collect()
        } else {
            vec![least, greatest]
        };
        ticks.retain(|tick| tick.is_finite() && (least..=greatest).contains(tick));
        let sane = least.is_finite() && greatest.is_finite() && least < greatest && ticks.len() >= 2;
        sane.then_some(Self { least, greatest, ticks })
    }

    /// The axis for sums: the positive values of each category on top of each other, and the negative ones.
    pub(super) fn over_stacked(
        series: &[Series<'_>],
        categories: usize,
        bounds: [Option<f64>; 2],
    ) -> Option<Self> {
        let sum = |at: usize, positive: bool| {
            let values = series.iter().filter_map(|series| series.values.get(at).copied().flatten());
            let sum: f64 = values.filter(|value| value.is_finite() && (*value >= 0.0) == positive).sum();
            Some(sum)
        };
        let above: Vec<Option<f64>> = (0..categories).map(|at| sum(at, true)).collect();
        let below: Vec<Option<f64>> = (0..categories).map(|at| sum(at, false)).collect();
        if series.iter().all(|series| series.values.iter().all(Option::is_none)) {
            return None;
        }
        Self::over(&[Series::new("", &above), Series::new("", &below)], true, bounds)
    }

    /// Where `value` lies, 0 at the least and 1 at the greatest.
    pub(super) fn share(&self, value: f64) -> f32 {
        let half_range = self.greatest / 2.0 - self.least / 2.0;
        ((value / 2.0 - self.least / 2.0) / half_range).clamp(-0.5, 1.5) as f32
    }
}

/// The round number (1, 2, 2.5 or 5 times a power of ten) that is next above `step`.
fn round_step(step: f64) -> Option<f64> {
    let power = libm::pow(10.0, libm::log10(step).floor());
    if !power.is_normal() {
        return None;
    }
    let factor = step / power;
    let round = [1.0, 2.0, 2.5, 5.0].into_iter().find(|round| factor <= *round + 1e-9).unwrap_or(10.0);
    Some(round * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(values: &[f64], from_zero: bool) -> Option<Scale> {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        Scale::over(&[Series::new("", &values)], from_zero, [None, None])
    }

    fn bound(values: &[f64], bounds: [Option<f64>; 2]) -> Option<Scale> {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        Scale::over(&[Series::new("", &values)], true, bounds)
    }

    #[test]
    fn bounds_are_kept_and_absurd_ones_do_no_harm() {
        let half = bound(&[3.0, 97.0], [Some(0.0), Some(50.0)]).unwrap();
        assert_eq!((half.least, half.greatest), (0.0, 50.0));
        assert_eq!(half.ticks, [0.0, 20.0, 40.0]);
        let open = bound(&[0.2, 0.8], [None, Some(1.0)]).unwrap();
        assert_eq!((open.least, open.greatest), (0.0, 1.0));
        let odd = bound(&[18.0, 31.0], [Some(17.3), None]).unwrap();
        assert!(odd.least == 17.3 && odd.ticks.iter().all(|tick| *tick >= 17.3) && odd.greatest >= 31.0);
        for bounds in [[Some(9.0), Some(1.0)], [Some(f64::NAN), Some(f64::INFINITY)], [Some(500.0), None]] {
            assert!(bound(&[3.0, 97.0], bounds).is_some(), "{bounds:?}");
        }
        for bounds in [[Some(f64::MIN), Some(f64::MAX)], [Some(0.0), Some(5e-324)]] {
            if let Some(scale) = bound(&[3.0, 97.0], bounds) {
                assert!(scale.least < scale.greatest && scale.ticks.len() <= 17, "{bounds:?}");
            }
        }
    }

    #[test]
    fn ticks_are_round_and_hold_every_value() {
        assert_eq!(over(&[0.0, 250_000.0], false).unwrap().ticks, [0.0, 100_000.0, 200_000.0, 300_000.0]);
        assert_eq!(over(&[3.0, 97.0], true).unwrap().ticks, [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(over(&[1012.0, 1019.0], false).unwrap().least, 1012.0);
        let mixed = over(&[-34.0, 80.0], true).unwrap();
        assert!(mixed.ticks.contains(&0.0) && mixed.least <= -34.0 && mixed.greatest >= 80.0);
    }

    #[test]
    fn any_values_give_a_sane_axis_or_none() {
        let odd = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            1e-300,
            1e300,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            5e-324,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ];
        for &a in &odd {
            for &b in &odd {
                for from_zero in [false, true] {
                    if let Some(scale) = over(&[a, b], from_zero) {
                        assert!(scale.least < scale.greatest, "{a} {b}");
                        assert!((2..=17).contains(&scale.ticks.len()), "{a} {b}: {:?}", scale.ticks);
                        for value in [a, b].into_iter().filter(|v| v.is_finite()) {
                            let share = scale.share(value);
                            assert!((-0.01..=1.01).contains(&share), "{value} in {a} {b}: {share}");
                        }
                    }
                }
            }
        }
        assert_eq!(over(&[], false), None);
        assert_eq!(over(&[f64::NAN], false), None);
        assert!(over(&[7.0, 7.0], false).is_some());
    }
}
