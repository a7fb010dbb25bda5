//! Additive exponential smoothing with level, trend and season ("AAA"), in error correction form:
//! level += trend + α·error, trend += β·error, season += γ·error.
//!
//! Source: R. Hyndman and others, "Forecasting with Exponential Smoothing" (2008), chapters 2, 5 and 6. The
//! smoothing parameters minimise the squared errors of the one-step forecasts within 0 < β < α < 1 and
//! 0 < γ < 1 − α; the search visits a fixed number of points, so the same series always gives the same bits.

/// A fitted model.
#[derive(Clone, Debug)]
pub(super) struct Smoothing {
    pub(super) alpha: f64,
    pub(super) beta: f64,
    pub(super) gamma: f64,
    level: f64,
    trend: f64,
    /// The seasonal parts of the last period, the oldest first; empty without a season.
    seasons: Vec<f64>,
    /// The errors of the one-step forecasts.
    pub(super) errors: Vec<f64>,
}

/// Where a series starts.
struct Start {
    level: f64,
    trend: f64,
    seasons: Vec<f64>,
}

/// How many one-step passes over the series a fit makes at most, for budgets.
pub(super) const PASSES: u64 = 1_000;

impl Smoothing {
    /// Fits a series of at least two values; `period` is 1 for none.
    pub(super) fn fit(series: &[f64], period: usize) -> Smoothing {
        let start = Start::of(series, period);
        let mut search = Search { series, start: &start, best: [0.5; 3], squares: f64::INFINITY, passes: 0 };
        search.over_grid(period > 1);
        search.downhill(if period > 1 { 3 } else { 2 });
        run(series, &start, search.best).0
    }

    /// The forecast of the place `at` of the series from those before it.
    pub(super) fn fitted(&self, series: &[f64], at: usize) -> Option<f64> {
        Some(series.get(at)? - self.errors.get(at)?)
    }

    /// The forecast `steps` ahead of the series' end.
    pub(super) fn forecast(&self, steps: usize) -> f64 {
        let season = match self.seasons.len() {
            0 => 0.0,
            period => self.seasons[(steps + period - 1) % period],
        };
        self.level + steps as f64 * self.trend + season
    }

    /// The variance of the forecast `steps` ahead in units of the errors' variance.
    pub(super) fn variance_factor(&self, steps: usize) -> f64 {
        let period = self.seasons.len();
        (1..steps).fold(1.0, |sum, ahead| {
            let season = if period > 0 && ahead % period == 0 { self.gamma } else { 0.0 };
            let part = self.alpha + self.beta * ahead as f64 + season;
            sum + part * part
        })
    }
}

impl Start {
    /// The line through the first periods and the mean distances from it. Without a season the slope of the line
    /// through all points, from where the first value is forecast without error: results of Excel with their
    /// intervals, which tell the parameters, have no other start.
    fn of(series: &[f64], period: usize) -> Start {
        if period <= 1 {
            let (_, trend) = line(series);
            let first = series.first().copied().unwrap_or(0.0);
            return Start { level: first - trend, trend, seasons: Vec::new() };
        }
        let head = &series[..series.len().min(4 * period)];
        let (level, trend) = if head.len() >= 2 * period {
            let mean = |from: usize| head[from..from + period].iter().sum::<f64>() / period as f64;
            let trend = (mean(period) - mean(0)) / period as f64;
            (mean(0) - trend * (period as f64 + 1.0) / 2.0, trend)
        } else {
            line(head)
        };
        let mut seasons = vec![0.0; period];
        for (place, season) in seasons.iter_mut().enumerate() {
            let rests = head.iter().enumerate().skip(place).step_by(period);
            let rests: Vec<f64> =
                rests.map(|(at, value)| value - level - trend * (at as f64 + 1.0)).collect();
            *season = rests.iter().sum::<f64>() / rests.len().max(1) as f64;
        }
        Start { level, trend, seasons }
    }
}

/// The best parameters so far.
struct Search<'a> {
    series: &'a [f64],
    start: &'a Start,
    best: [f64; 3],
    squares: f64,
    passes: u64,
}

impl Search<'_> {
    fn offer(&mut self, parameters: [f64; 3]) {
        self.passes += 1;
        let squares = run(self.series, self.start, parameters).1;
        if squares < self.squares {
            (self.best, self.squares) = (parameters, squares);
        }
    }

    fn over_grid(&mut self, seasonal: bool) {
        const GRID: [f64; 5] = [0.001, 0.1, 0.3, 0.6, 0.9];
        for alpha in GRID {
            for beta in GRID {
                for gamma in if seasonal { &GRID[..] } else { &GRID[..1] } {
                    self.offer([alpha, beta, *gamma]);
                }
            }
        }
    }

    /// Steps along each axis, halved where no step helps.
    fn downhill(&mut self, axes: usize) {
        let mut step = 0.1;
        while step > 1e-7 && self.passes < PASSES {
            let (centre, before) = (self.best, self.squares);
            for axis in 0..axes {
                for sign in [-1.0, 1.0] {
                    let mut tried = centre;
                    tried[axis] = (centre[axis] + sign * step).clamp(1e-6, 1.0 - 1e-6);
                    self.offer(tried);
                }
            }
            if self.squares >= before {
                step /= 2.0;
            }
        }
    }
}

/// The straight line of best fit: its height one step before the first value, and its slope.
fn line(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let (mean_x, mean_y) = ((count + 1.0) / 2.0, values.iter().sum::<f64>() / count);
    let (mut xx, mut xy) = (0.0, 0.0);
    for (at, value) in values.iter().enumerate() {
        let x = at as f64 + 1.0 - mean_x;
        xx += x * x;
        xy += x * (value - mean_y);
    }
    let slope = if xx > 0.0 { xy / xx } else { 0.0 };
    (mean_y - slope * mean_x, slope)
}

/// Runs over the series; β and γ are given as parts of what they may be.
fn run(series: &[f64], start: &Start, [alpha, beta, gamma]: [f64; 3]) -> (Smoothing, f64) {
    let period = start.seasons.len();
    let mut model = Smoothing {
        alpha,
        beta: beta * alpha,
        gamma: if period > 0 { gamma * (1.0 - alpha) } else { 0.0 },
        level: start.level,
        trend: start.trend,
        seasons: start.seasons.clone(),
        errors: Vec::with_capacity(series.len()),
    };
    let mut squares = 0.0;
    for (at, value) in series.iter().enumerate() {
        let season = if period > 0 { model.seasons[at % period] } else { 0.0 };
        let error = value - (model.level + model.trend + season);
        squares += error * error;
        model.level += model.trend + model.alpha * error;
        model.trend += model.beta * error;
        if period > 0 {
            model.seasons[at % period] = season + model.gamma * error;
        }
        model.errors.push(error);
    }
    // The oldest season first: the one that comes next.
    if period > 0 {
        model.seasons.rotate_left(series.len() % period);
    }
    (model, squares)
}

/// The length of the season, 0 for none: the lag at which the series without its line goes best with itself, if
/// that is more than chance (two standard errors) and more than at the lags beside it.
pub(super) fn detect_period(series: &[f64]) -> usize {
    let count = series.len();
    let (height, slope) = line(series);
    let rests: Vec<f64> =
        series.iter().enumerate().map(|(at, value)| value - height - slope * (at as f64 + 1.0)).collect();
    let all = rests.iter().fold(0.0, |sum, rest| sum + rest * rest);
    let size = series.iter().fold(0.0, |sum, value| sum + value * value);
    if count < 4 || all <= size * 1e-24 {
        return 0;
    }
    let at_lag = |lag: usize| {
        let sum = rests.iter().zip(&rests[lag..]).fold(0.0, |sum, (a, b)| sum + a * b);
        // A lag with few pairs is not held against it.
        sum / all * count as f64 / (count - lag) as f64
    };
    // Excel finds a season of 5 in 15 points, and none of 4 in 9.
    let most = (count / 3).min(MAX_DETECTED);
    let lags: Vec<f64> = (1..=most + 1).map(|lag| if lag < count { at_lag(lag) } else { 0.0 }).collect();
    let chance = 2.0 / (count as f64).sqrt();
    let mut best = (0, chance);
    for lag in 2..=most {
        let here = lags[lag - 1];
        let peak = here >= lags[lag - 2] && here >= lags[lag];
        // A multiple of the season fits it as well; a small gain is no reason to take it.
        let needed = if best.0 > 1 { best.1 * 1.1 } else { best.1 };
        if peak && here > needed {
            best = (lag, here);
        }
    }
    best.0
}

/// The longest season that is looked for; a longer one can be given. It bounds the work of looking.
const MAX_DETECTED: usize = 366;
