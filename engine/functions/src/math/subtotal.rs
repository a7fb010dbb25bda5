//! SUBTOTAL and AGGREGATE: reducers that leave out hidden rows, errors and each other.

use crate::numeric::sample;
use crate::{Args, Context, Function, Param, View};
use values::{Area, Array, Cell, CellError, Result, Row, SheetId, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "AGGREGATE",
        &[
            Param::number("function_num"),
            Param::number("options"),
            Param::array("ref"),
            Param::array("ref_or_k").optional(),
        ],
        aggregate,
    )
    .repeating(1),
    Function::context("SUBTOTAL", &[Param::number("function_num"), Param::reference("ref")], subtotal)
        .repeating(1),
];

/// What is left out.
#[derive(Clone, Copy, Default)]
struct Omit {
    /// Rows hidden by a filter.
    filtered: bool,
    /// Rows hidden by hand, and by a filter.
    hidden: bool,
    /// Error values.
    errors: bool,
    /// Cells with a SUBTOTAL or AGGREGATE.
    nested: bool,
}

/// What was found in the references.
#[derive(Default)]
struct Found {
    numbers: Vec<f64>,
    filled: u64,
    error: Option<CellError>,
}

impl Found {
    fn take(&mut self, value: &Value, omit: Omit) {
        match value {
            Value::Empty | Value::Missing => return,
            Value::Error(_) if omit.errors => return,
            Value::Error(error) => self.error = self.error.or(Some(*error)),
            Value::Number(number) => self.numbers.push(*number),
            _ => {}
        }
        self.filled += 1;
    }
}

/// A reducer over references without hidden rows; 101 to 111 leave out rows hidden by hand too.
fn subtotal(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (function, hidden) = match args.integer(0) {
        function @ 1..=11 => (function, false),
        function @ 101..=111 => (function - 100, true),
        _ => return Err(CellError::Value),
    };
    let omit = Omit { filtered: true, hidden, errors: false, nested: true };
    let found = collect(args.from(1), omit, context)?;
    reduce(function, found, None).map(Value::from)
}

/// A reducer that leaves out what its options say. Functions 1 to 13 take references; 14 to 19 take an array and
/// a place `k` in it.
fn aggregate(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let omit = match args.integer(1) {
        option @ 0..=7 => Omit {
            filtered: false,
            hidden: option & 1 == 1,
            errors: matches!(option, 2 | 3 | 6 | 7),
            nested: option < 4,
        },
        _ => return Err(CellError::Value),
    };
    match args.integer(0) {
        function @ 1..=13 => {
            let found = collect(args.from(2), omit, context)?;
            reduce(function, found, None).map(Value::from)
        }
        function @ 14..=19 if args.len() == 4 => {
            let found = collect_array(args.value(2), omit, context)?;
            at_k(function, &found, args.value(3), context)
        }
        _ => Err(CellError::Value),
    }
}

fn at_k(function: i64, found: &Found, k: &Value, context: &dyn Context) -> Result<Value> {
    let reading = &context.reading();
    let one = |k: &Value| -> Result<f64> {
        let found = Found { numbers: found.numbers.clone(), filled: found.filled, error: found.error };
        reduce(function, found, Some(crate::to_number(k, reading)?))
    };
    match crate::materialise(k, context) {
        Value::Array(ks) => {
            context.spend((ks.len() as u64).saturating_mul(found.numbers.len() as u64))?;
            let results: Vec<Value> = ks.iter().map(|k| one(k).into()).collect();
            Array::new(ks.rows(), ks.cols(), results).map(Value::from)
        }
        k => one(&k).map(Value::from),
    }
}

fn collect(args: &[Value], omit: Omit, context: &dyn Context) -> Result<Found> {
    let mut found = Found::default();
    for arg in args {
        match arg {
            Value::Range(sheet, rect) => {
                collect_area(Area { sheet: *sheet, rect: *rect }, omit, context, &mut found)?;
            }
            Value::Areas(areas) => {
                for area in areas.iter() {
                    collect_area(*area, omit, context, &mut found)?;
                }
            }
            Value::Error(error) => return Err(*error),
            _ => return Err(CellError::Value),
        }
    }
    Ok(found)
}

fn collect_array(arg: &Value, omit: Omit, context: &dyn Context) -> Result<Found> {
    if arg.is_reference() {
        return collect(std::slice::from_ref(arg), omit, context);
    }
    let mut found = Found::default();
    for value in View::of(arg).iter() {
        found.take(value, omit);
    }
    Ok(found)
}

fn collect_area(area: Area, omit: Omit, context: &dyn Context, found: &mut Found) -> Result<()> {
    let mut rows = HiddenRows { sheet: area.sheet, omit, last: None };
    context.view(area)?.try_for_each(|row, col, value| {
        let cell = Cell { row: Row(area.rect.top.0 + row), col: values::Col(area.rect.left.0 + col as u16) };
        let nested = omit.nested && context.is_subtotal(area.sheet, cell);
        if !nested && !rows.hidden(cell.row, context) {
            found.take(value, omit);
        }
        Ok(())
    })
}

/// Asks for each row once, although its cells come one by one.
struct HiddenRows {
    sheet: SheetId,
    omit: Omit,
    last: Option<(Row, bool)>,
}

impl HiddenRows {
    fn hidden(&mut self, row: Row, context: &dyn Context) -> bool {
        if !self.omit.filtered && !self.omit.hidden {
            return false;
        }
        match self.last {
            Some((last, hidden)) if last == row => hidden,
            _ => {
                let hidden = context.row_hidden(self.sheet, row.0, self.omit.hidden);
                self.last = Some((row, hidden));
                hidden
            }
        }
    }
}

/// Carries out a function by its number; `k` is given for 14 to 19.
fn reduce(function: i64, mut found: Found, k: Option<f64>) -> Result<f64> {
    match function {
        2 => return Ok(found.numbers.len() as f64),
        3 => return Ok(found.filled as f64),
        _ => {}
    }
    if let Some(error) = found.error {
        return Err(error);
    }
    let k = k.unwrap_or(0.0);
    let numbers = &mut found.numbers;
    match function {
        1 => sample::mean(numbers),
        4 => Ok(numbers.iter().copied().reduce(f64::max).unwrap_or(0.0)),
        5 => Ok(numbers.iter().copied().reduce(f64::min).unwrap_or(0.0)),
        6 => Ok(if numbers.is_empty() { 0.0 } else { numbers.iter().product() }),
        7 => sample::variance_s(numbers).map(f64::sqrt),
        8 => sample::variance_p(numbers).map(f64::sqrt),
        9 => Ok(sample::sum(numbers)),
        10 => sample::variance_s(numbers),
        11 => sample::variance_p(numbers),
        12 => sample::median(found.numbers),
        13 => sample::modes(numbers)?.first().copied().ok_or(CellError::NA),
        14 => sample::large(numbers, k),
        15 => sample::small(numbers, k),
        16 => sample::percentile_inc(&sample::sorted(found.numbers), k),
        17 => sample::percentile_inc(&sample::sorted(found.numbers), sample::quarter(k)?),
        18 => sample::percentile_exc(&sample::sorted(found.numbers), k),
        19 => sample::percentile_exc(&sample::sorted(found.numbers), sample::quarter(k)?),
        _ => Err(CellError::Value),
    }
}
