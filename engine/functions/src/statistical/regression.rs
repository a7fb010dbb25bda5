//! Linear and exponential regression in several variables.

use crate::numeric::linear::{self, Fit, Matrix};
use crate::{Args, Context, Function, Param, coerce};
use values::{Array, CellError, Result, Value};

const KNOWN_YS: Param = Param::array("known_ys");
const KNOWN_XS: Param = Param::array("known_xs").optional();
const CONST: Param = Param::bool("const").optional();
const LINE: &[Param] = &[KNOWN_YS, KNOWN_XS, Param::any("const").optional(), Param::any("stats").optional()];
const CURVE: &[Param] = &[KNOWN_YS, KNOWN_XS, Param::array("new_xs").optional(), CONST];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("GROWTH", CURVE, growth),
    Function::context("LINEST", LINE, linest),
    Function::context("LOGEST", LINE, logest),
    Function::context("TREND", CURVE, trend),
];

/// How the variables lie in the xs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One variable, place by place as the ys.
    Single,
    /// A column each.
    Columns,
    /// A row each.
    Rows,
}

/// Known points: a row of `x` for each `y`.
struct Points {
    x: Matrix,
    y: Vec<f64>,
    layout: Layout,
    rows: usize,
    cols: usize,
}

impl Points {
    fn read(args: &Args<'_>, logarithmic: bool, context: &dyn Context) -> Result<Points> {
        if args.given(1) {
            check_sizes(args.value(0), args.value(1), context)?;
        }
        let ys = known(args.value(0), context)?;
        let (rows, cols) = (ys.rows(), ys.cols());
        let mut y = ys.numbers().to_vec();
        if logarithmic {
            if y.iter().any(|y| *y <= 0.0) {
                return Err(CellError::Num);
            }
            y.iter_mut().for_each(|y| *y = libm::log(*y));
        }
        let count = y.len();
        let (x, layout) = if args.given(1) {
            let xs = known(args.value(1), context)?;
            match (xs.rows(), xs.cols()) {
                size if size == (rows, cols) => {
                    (Matrix::new(count, 1, xs.numbers().to_vec()), Layout::Single)
                }
                (x_rows, _) if cols == 1 && x_rows == count => (xs, Layout::Columns),
                (_, x_cols) if rows == 1 && x_cols == count => (xs.transposed(), Layout::Rows),
                _ => return Err(CellError::Ref),
            }
        } else {
            (Matrix::new(count, 1, (1..=count).map(|place| place as f64).collect()), Layout::Single)
        };
        let work = (count as u64).saturating_mul((x.cols() as u64).saturating_mul(x.cols() as u64));
        context.spend(work)?;
        Ok(Points { x, y, layout, rows, cols })
    }
}

/// Refuses xs of which there are more or fewer than ys, whatever stands in them: Excel looks at that first.
fn check_sizes(ys: &Value, xs: &Value, context: &dyn Context) -> Result<()> {
    let (Ok(ys), Ok(xs)) = (context.look(ys), context.look(xs)) else { return Ok(()) };
    let (rows, cols) = (ys.rows(), ys.cols());
    let is_equal = (xs.rows(), xs.cols()) == (rows, cols);
    let fits = is_equal || cols == 1 && xs.rows() == rows || rows == 1 && xs.cols() == cols;
    if fits { Ok(()) } else { Err(CellError::Ref) }
}

/// The numbers of an argument. An error among them is a wrong argument as text is: `#VALUE!`.
fn known(value: &Value, context: &dyn Context) -> Result<Matrix> {
    Matrix::read(value, context)
        .map_err(|error| if error == CellError::Calc { error } else { CellError::Value })
}

/// The best fit of known points, with or without a constant.
struct Line {
    fit: Fit,
    means: Vec<f64>,
    constant: f64,
    has_constant: bool,
}

impl Line {
    /// Fits about the means where there is a constant, which keeps large xs from drowning their differences.
    fn new(points: &Points, has_constant: bool) -> Line {
        let (count, variables) = (points.x.rows(), points.x.cols());
        let mut x = points.x.clone();
        let mut y = points.y.clone();
        let mut means = vec![0.0; variables];
        let mut mean_y = 0.0;
        if has_constant {
            for (col, mean) in means.iter_mut().enumerate() {
                *mean = (0..count).fold(0.0, |sum, row| sum + x.at(row, col)) / count as f64;
                (0..count).for_each(|row| x.set(row, col, x.at(row, col) - *mean));
            }
            mean_y = y.iter().fold(0.0, |sum, y| sum + y) / count as f64;
            y.iter_mut().for_each(|y| *y -= mean_y);
        }
        let fit = linear::least_squares(x, &y);
        let constant =
            fit.coefficients.iter().zip(&means).fold(mean_y, |sum, (slope, mean)| sum - slope * mean);
        Line { fit, means, constant: if has_constant { constant } else { 0.0 }, has_constant }
    }

    fn at(&self, x: &Matrix, row: usize) -> f64 {
        let slopes = self.fit.coefficients.iter().enumerate();
        slopes.fold(self.constant, |sum, (col, slope)| sum + slope * x.at(row, col))
    }
}

/// What LINEST says of the quality of a fit.
struct Quality {
    slope_errors: Vec<f64>,
    constant_error: Value,
    determination: f64,
    y_error: f64,
    f: Value,
    freedom: f64,
    explained: f64,
    rest: f64,
}

impl Quality {
    fn new(points: &Points, line: &Line) -> Quality {
        let (count, variables) = (points.x.rows(), points.x.cols());
        let centre =
            if line.has_constant { points.y.iter().fold(0.0, |sum, y| sum + y) / count as f64 } else { 0.0 };
        let (mut total, mut rest) = (0.0, 0.0);
        for (row, y) in points.y.iter().enumerate() {
            let error = y - line.at(&points.x, row);
            rest += error * error;
            total += (y - centre) * (y - centre);
        }
        let rank = line.fit.rank() as f64;
        let freedom = count as f64 - rank - f64::from(u8::from(line.has_constant));
        let variance = if freedom > 0.0 { rest / freedom } else { 0.0 };
        let explained = (total - rest).max(0.0);
        let unit =
            |col: usize| (0..variables).map(|other| f64::from(u8::from(other == col))).collect::<Vec<f64>>();
        let slope_errors =
            (0..variables)
                .map(|col| {
                    if line.fit.uses(col) {
                        (variance * line.fit.variance_at(&unit(col))).sqrt()
                    } else {
                        0.0
                    }
                })
                .collect();
        let constant_error = if line.has_constant {
            Value::number((variance * (1.0 / count as f64 + line.fit.variance_at(&line.means))).sqrt())
        } else {
            CellError::NA.into()
        };
        Quality {
            slope_errors,
            constant_error,
            determination: if total > 0.0 { explained / total } else { 1.0 },
            y_error: variance.sqrt(),
            f: Value::number(explained / rank / variance),
            freedom,
            explained,
            rest,
        }
    }
}

/// A truth value; an error is a wrong argument as it is among the known points: `#VALUE!`.
fn flag(args: &Args<'_>, index: usize, context: &dyn Context) -> Result<bool> {
    coerce::to_bool(args.value(index), context.environment().locale).map_err(|_| CellError::Value)
}

fn estimate(args: &Args<'_>, logarithmic: bool, context: &dyn Context) -> Result<Value> {
    let points = Points::read(args, logarithmic, context)?;
    let line = Line::new(&points, !args.given(2) || flag(args, 2, context)?);
    let shown = |number: f64| Value::number(if logarithmic { libm::exp(number) } else { number });
    // Excel lists the variables from the last to the first.
    let mut values: Vec<Value> = line.fit.coefficients.iter().rev().map(|slope| shown(*slope)).collect();
    values.push(shown(line.constant));
    let cols = values.len();
    if !flag(args, 3, context)? {
        return Array::row(values).map(Value::from);
    }
    let quality = Quality::new(&points, &line);
    values.extend(quality.slope_errors.iter().rev().map(|error| Value::number(*error)));
    values.push(quality.constant_error);
    let pairs = [
        (Value::number(quality.determination), Value::number(quality.y_error)),
        (quality.f, Value::number(quality.freedom)),
        (Value::number(quality.explained), Value::number(quality.rest)),
    ];
    for (left, right) in pairs {
        values.extend([left, right]);
        values.extend((2..cols).map(|_| Value::from(CellError::NA)));
    }
    Array::new(5, cols as u32, values).map(Value::from)
}

/// Slopes and constant of a straight fit, and its quality.
fn linest(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    estimate(args, false, context)
}

/// Bases and factor of an exponential fit, and its quality.
fn logest(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    estimate(args, true, context)
}

fn predict(args: &Args<'_>, logarithmic: bool, context: &dyn Context) -> Result<Value> {
    let points = Points::read(args, logarithmic, context)?;
    let line = Line::new(&points, !args.given(3) || args.bool(3));
    let (new, rows, cols) = if args.given(2) {
        let new = known(args.value(2), context)?;
        let variables = points.x.cols();
        match points.layout {
            _ if variables == 1 => {
                let (rows, cols) = (new.rows(), new.cols());
                (Matrix::new(rows * cols, 1, new.numbers().to_vec()), rows, cols)
            }
            Layout::Rows if new.rows() == variables => (new.transposed(), 1, new.cols()),
            Layout::Columns if new.cols() == variables => {
                let rows = new.rows();
                (new, rows, 1)
            }
            _ => return Err(CellError::Ref),
        }
    } else {
        (points.x.clone(), points.rows, points.cols)
    };
    let values = (0..new.rows()).map(|row| {
        let y = line.at(&new, row);
        Value::number(if logarithmic { libm::exp(y) } else { y })
    });
    Array::new(rows as u32, cols as u32, values.collect()).map(Value::from)
}

/// Points of an exponential fit.
fn growth(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    predict(args, true, context)
}

/// Points of a straight fit.
fn trend(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    predict(args, false, context)
}
