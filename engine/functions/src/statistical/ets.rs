//! FORECAST.ETS and its family.
//!
//! Excel does not say how it chooses smoothing parameters, starting states and seasons; the model here is the same
//! kind (AAA), fitted by our own search. Forecasts of clean series agree closely, not to the last digit.

use super::smoothing::{PASSES, Smoothing, detect_period};
use crate::numeric::{normal, sample};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const TARGET: Param = Param::number("target_date");
const VALUES: Param = Param::values("values");
const TIMELINE: Param = Param::values("timeline");
const SEASONALITY: Param = Param::number("seasonality").optional();
const COMPLETION: Param = Param::number("data_completion").optional();
const AGGREGATION: Param = Param::number("aggregation").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "FORECAST.ETS",
        &[TARGET, VALUES, TIMELINE, SEASONALITY, COMPLETION, AGGREGATION],
        forecast,
    ),
    Function::context(
        "FORECAST.ETS.CONFINT",
        &[
            TARGET,
            VALUES,
            TIMELINE,
            Param::number("confidence_level").optional(),
            SEASONALITY,
            COMPLETION,
            AGGREGATION,
        ],
        confint,
    ),
    Function::context("FORECAST.ETS.SEASONALITY", &[VALUES, TIMELINE, COMPLETION, AGGREGATION], seasonality),
    Function::context(
        "FORECAST.ETS.STAT",
        &[VALUES, TIMELINE, Param::number("statistic_type"), SEASONALITY, COMPLETION, AGGREGATION],
        stat,
    ),
];

/// The longest season that may be given. Source: Microsoft's page on FORECAST.ETS.
const MAX_SEASON: f64 = 8_760.0;

/// Values at equal steps of time.
struct Series {
    values: Vec<f64>,
    step: f64,
    /// Turns a point of time into steps from the first one.
    clock: Clock,
}

/// How time is counted.
#[derive(Clone, Copy)]
struct Clock {
    first: f64,
    step: f64,
    /// Whole months instead of days, from dates of one day of the month, or of the last one where it has fewer.
    monthly: Option<(values::DateSystem, f64)>,
}

impl Clock {
    fn steps(&self, time: f64) -> Result<f64> {
        let time = match self.monthly {
            Some((system, day)) => months(time, system, day).ok_or(CellError::Num)?,
            None => time,
        };
        Ok((time - self.first) / self.step)
    }
}

/// Months since the year 0, a part of the month by its days from the given one or the month's last.
fn months(serial: f64, system: values::DateSystem, day: f64) -> Option<f64> {
    let civil = system.civil(serial.floor() as i64)?;
    let days = values::days_in_month(civil.year, civil.month);
    let days = f64::from(days);
    let part = (f64::from(civil.day) - day.min(days) + serial - serial.floor()) / days;
    Some(f64::from(civil.year) * 12.0 + f64::from(civil.month) - 1.0 + part)
}

impl Series {
    /// Reads values and timeline; `completion` and `aggregation` are the numbers of these arguments.
    fn read(args: &Args<'_>, at: usize, completion: usize, context: &dyn Context) -> Result<Series> {
        let fill = match args.number_if_given(completion, 1.0).trunc() {
            0.0 => false,
            1.0 => true,
            _ => return Err(CellError::Num),
        };
        let aggregation = args.number_if_given(completion + 1, 1.0).trunc();
        // Microsoft's pages give 0 as the default, for the mean; Excel's help at the formula gives 1. Both are taken.
        if !(0.0..=7.0).contains(&aggregation) {
            return Err(CellError::Num);
        }
        let points = points(args.value(at), args.value(at + 1), context)?;
        let points = aggregated(&points, aggregation as u8)?;
        if points.len() < 2 {
            return Err(CellError::Num);
        }
        let clock = clock(&points, context)?;
        let values = filled(&points, &clock, fill)?;
        context.spend((values.len() as u64).saturating_mul(PASSES))?;
        Ok(Series { values, step: clock.step, clock })
    }

    /// Steps of a season, 1 for none. Source: Microsoft's page on FORECAST.ETS: 1, the default, looks for a season,
    /// and 0 says that there is none.
    fn period(&self, args: &Args<'_>, at: usize) -> Result<usize> {
        let season = args.number_if_given(at, 1.0);
        if !(0.0..=MAX_SEASON).contains(&season) || season.fract() != 0.0 {
            return Err(CellError::Num);
        }
        if season == 1.0 {
            return Ok(detect_period(&self.values).max(1));
        }
        // A season that is not seen twice cannot be told from the trend.
        Ok(if season == 0.0 || season * 2.0 > self.values.len() as f64 { 1 } else { season as usize })
    }
}

/// Time and value of each place, in the order of time.
fn points(values: &Value, timeline: &Value, context: &dyn Context) -> Result<Vec<(f64, f64)>> {
    let (values, timeline) = (context.look(values)?, context.look(timeline)?);
    if values.count() != timeline.count() {
        return Err(CellError::NA);
    }
    let used = u64::from(values.used_rows().max(timeline.used_rows())) * u64::from(values.cols().max(1));
    let count = if values.cols() == timeline.cols() { used.min(values.count()) } else { values.count() };
    context.spend(count)?;
    let mut points = Vec::new();
    for index in 0..count {
        match (timeline.at(index), values.at(index)) {
            (Value::Number(time), Value::Number(value)) => points.push((*time, *value)),
            (Value::Error(error), _) | (_, Value::Error(error)) => return Err(*error),
            (Value::Number(_), _) => {}
            _ => return Err(CellError::Value),
        }
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(points)
}

/// One value for each point of time.
fn aggregated(points: &[(f64, f64)], aggregation: u8) -> Result<Vec<(f64, f64)>> {
    let mut result = Vec::with_capacity(points.len());
    for group in points.chunk_by(|a, b| a.0 == b.0) {
        let numbers: Vec<f64> = group.iter().map(|(_, value)| *value).collect();
        let value = match aggregation {
            0 | 1 => sample::mean(&numbers)?,
            2 | 3 => numbers.len() as f64,
            4 => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            5 => sample::median(numbers)?,
            6 => numbers.iter().copied().fold(f64::INFINITY, f64::min),
            _ => sample::sum(&numbers),
        };
        result.push((group[0].0, value));
    }
    Ok(result)
}

/// The smallest step, if all others are multiples of it; in days, or in months where that fails.
fn clock(points: &[(f64, f64)], context: &dyn Context) -> Result<Clock> {
    let times: Vec<f64> = points.iter().map(|(time, _)| *time).collect();
    let system = context.date_system();
    // Dates at the ends of months have the day of the longest.
    let day = |time: &f64| system.civil(time.floor() as i64).map_or(0.0, |civil| f64::from(civil.day));
    let day = times.iter().map(day).fold(1.0, f64::max);
    let in_months: Option<Vec<f64>> = times.iter().map(|time| months(*time, system, day)).collect();
    let same_day = |months: &Vec<f64>| months.iter().all(|month| month.fract() == months[0].fract());
    if let Some(months) = in_months.filter(same_day)
        && let Some(step) = even_step(&months)
        && times.windows(2).all(|pair| pair[1] - pair[0] >= 28.0)
    {
        return Ok(Clock { first: months[0], step, monthly: Some((system, day)) });
    }
    let step = even_step(&times).ok_or(CellError::Num)?;
    Ok(Clock { first: times[0], step, monthly: None })
}

fn even_step(times: &[f64]) -> Option<f64> {
    let gaps = || times.windows(2).map(|pair| pair[1] - pair[0]);
    let step = gaps().fold(f64::INFINITY, f64::min);
    let even = |gap: f64| ((gap / step).round() - gap / step).abs() < 1e-6;
    (step.is_finite() && step > 0.0 && gaps().all(even)).then_some(step)
}

/// The values at every step. Gaps are filled from their neighbours or with 0; where more than 30 % of the steps
/// are gaps there is no series. Source: Microsoft's page on FORECAST.ETS.
fn filled(points: &[(f64, f64)], clock: &Clock, from_neighbours: bool) -> Result<Vec<f64>> {
    let last = points.last().ok_or(CellError::Num)?.0;
    let steps = clock.steps(last)?.round() + 1.0;
    if steps > points.len() as f64 / 0.7 + 1.0 {
        return Err(CellError::Num);
    }
    let mut values: Vec<f64> = Vec::with_capacity(steps as usize);
    for (time, value) in points {
        let place = clock.steps(*time)?.round() as usize;
        let before = values.last().copied().unwrap_or(*value);
        let (from, gap) = (values.len(), (place + 1).saturating_sub(values.len()));
        for at in from..place {
            let part = (at + 1 - from) as f64 / gap as f64;
            values.push(if from_neighbours { before + (value - before) * part } else { 0.0 });
        }
        values.push(*value);
    }
    Ok(values)
}

/// Steps from the series' end to a target; `#NUM!` before it.
fn ahead(series: &Series, target: f64) -> Result<f64> {
    let steps = series.clock.steps(target)? - (series.values.len() as f64 - 1.0);
    if (0.0..=1e6).contains(&steps) { Ok(steps) } else { Err(CellError::Num) }
}

/// The expected value at a later point of time.
fn forecast(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let series = Series::read(args, 1, 4, context)?;
    let place = series.clock.steps(args.number(0))?;
    let count = series.values.len();
    // Microsoft's page refuses targets before the end of the timeline; Excel refuses them a step before its beginning.
    if !(place > -1.0 && place <= count as f64 + 1e6) {
        return Err(CellError::Num);
    }
    let model = Smoothing::fit(&series.values, series.period(args, 3)?);
    let at = |place: f64| match place {
        place if place < 0.0 => 0.0,
        place => model
            .fitted(&series.values, place as usize)
            .unwrap_or_else(|| model.forecast(place as usize + 1 - count)),
    };
    // Between two steps the forecast goes straight from one to the next.
    let (before, part) = (at(place.floor()), place - place.floor());
    let value = if part > 0.0 { before + part * (at(place.floor() + 1.0) - before) } else { before };
    Ok(value.into())
}

/// Half the width of the interval in which a later value lies with the given confidence.
fn confint(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let series = Series::read(args, 1, 5, context)?;
    let confidence = args.number_if_given(3, 0.95);
    if confidence <= 0.0 || confidence >= 1.0 {
        return Err(CellError::Num);
    }
    let steps = ahead(&series, args.number(0))?.ceil().max(1.0);
    context.spend(steps as u64)?;
    let model = Smoothing::fit(&series.values, series.period(args, 4)?);
    let variance =
        model.errors.iter().fold(0.0, |sum, error| sum + error * error) / model.errors.len() as f64;
    let deviation = (variance * model.variance_factor(steps as usize)).sqrt();
    Ok((normal::inverse(0.5 + confidence / 2.0) * deviation).into())
}

/// The length of the season that was found; 0 where there is none.
fn seasonality(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let series = Series::read(args, 0, 2, context)?;
    Ok((detect_period(&series.values) as f64).into())
}

/// A parameter or a measure of the fit, by its number.
fn stat(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let series = Series::read(args, 0, 4, context)?;
    let period = series.period(args, 3)?;
    let model = Smoothing::fit(&series.values, period);
    let count = model.errors.len() as f64;
    let mean = |sum: f64| sum / count;
    let absolute = || mean(model.errors.iter().fold(0.0, |sum, error| sum + error.abs()));
    let statistic = match args.integer(2) {
        1 => model.alpha,
        // The share of the level's correction that goes on to the trend, as the classical parameter has it.
        2 => model.beta / model.alpha,
        3 => model.gamma,
        4 => match absolute() {
            // As a result of Excel has it where a season repeats without error.
            0.0 => 0.0,
            absolute => absolute / naive_error(&series.values, period)?,
        },
        5 => mean(model.errors.iter().zip(&series.values).fold(0.0, |sum, (error, value)| {
            let scale = (value.abs() + (value - error).abs()) / 2.0;
            if scale > 0.0 { sum + error.abs() / scale } else { sum }
        })),
        6 => absolute(),
        7 => mean(model.errors.iter().fold(0.0, |sum, error| sum + error * error)).sqrt(),
        8 => series.step,
        _ => return Err(CellError::Num),
    };
    Ok(statistic.into())
}

/// The mean error of taking each value from one season before.
fn naive_error(values: &[f64], period: usize) -> Result<f64> {
    let pairs = values.iter().zip(values.iter().skip(period));
    let (sum, count) = pairs.fold((0.0, 0.0), |(sum, count), (a, b)| (sum + (b - a).abs(), count + 1.0));
    if sum == 0.0 { Err(CellError::Div0) } else { Ok(sum / count) }
}
