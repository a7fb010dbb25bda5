//! Calling a function from its declaration: coercion, error propagation, implicit intersection and lifting
//! over arrays, once for all functions.

use crate::{Args, Body, Context, Function, Kind, Param, coerce};
use std::sync::Arc;
use values::{Area, Array, Cell, CellError, Rect, Result, Value};

/// Most values that one array of a calculation may hold.
pub(crate) const MAX_ARRAY: u64 = 4_194_304;

/// So many bytes of text count as one unit of work; shorter ones count with the call.
pub(crate) const TEXT_PER_UNIT: usize = 64;

/// How single cells are taken from ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A plain formula of a file: where one value is expected, a range gives the cell in the host's row or
    /// column.
    Cell,
    /// An array formula: where one value is expected, a range gives all of its values.
    Array,
}

/// Calls `function` with evaluated arguments. The caller has checked their number.
pub fn call(function: &Function, args: &mut [Value], mode: Mode, context: &dyn Context) -> Value {
    if let (Mode::Array, [Value::Range(sheet, rect)]) = (mode, &*args)
        && let Some(kind) = function.param(0).map(|param| param.kind).filter(|kind| lifts_ranges(*kind))
        && !rect.is_cell()
    {
        return lift_range(function, kind, Area { sheet: *sheet, rect: *rect }, context);
    }
    let mut lifts = false;
    // The error that the call gives, which is the first but for few functions.
    let mut first_error = None;
    for (index, arg) in args.iter_mut().enumerate() {
        let Some(param) = function.param(index) else { return CellError::Value.into() };
        match prepare(arg, param, mode, context) {
            Ok(Prepared::Ready) => {}
            Ok(Prepared::Lift) => lifts = true,
            Err(error) if function.last_error => first_error = Some(error),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    if lifts {
        return lift(function, args, context);
    }
    match first_error {
        Some(error) => error.into(),
        None => call_prepared(function, args, context),
    }
}

/// Whether a function takes that many numbers as they are: none would be turned into something else.
pub fn takes_numbers(function: &Function, count: usize) -> bool {
    (0..count).all(|index| {
        function.param(index).is_some_and(|param| {
            !matches!(param.kind, Kind::Text | Kind::Bool | Kind::Reference | Kind::Lambda)
        })
    })
}

/// Calls `function` with arguments that are what its declaration promises to the body.
pub fn call_prepared(function: &Function, args: &[Value], context: &dyn Context) -> Value {
    if let Err(error) = charge_texts(args, context) {
        return error.into();
    }
    let args = Args::new(args);
    let result = match function.body {
        Body::Plain(body) => body(&args),
        Body::Numbers(body) => {
            let numbers: [f64; Function::MOST_NUMBERS] = std::array::from_fn(|index| args.number(index));
            body(numbers.get(..function.params.len()).unwrap_or(&numbers)).map(Value::Number)
        }
        Body::Context(body) => body(&args, context),
        Body::Control(_) => Err(CellError::Value),
    };
    let charged =
        result.and_then(|value| charge_texts(std::slice::from_ref(&value), context).map(|()| value));
    match charged {
        // Whatever a body's arithmetic overflowed to, a cell holds no infinity; adding 0 makes -0 a plain 0.
        Ok(Value::Number(number)) => Value::number(number + 0.0),
        Ok(value) => value,
        Err(error) => error.into(),
    }
}

/// Charges for the length of texts that a function takes or gives, which is what it does with them at least.
fn charge_texts(values: &[Value], context: &dyn Context) -> Result<()> {
    let length = |value: &Value| if let Value::Text(text) = value { text.len() } else { 0 };
    match values.iter().map(length).sum::<usize>() / TEXT_PER_UNIT {
        0 => Ok(()),
        units => context.spend(units as u64),
    }
}

enum Prepared {
    Ready,
    Lift,
}

fn prepare(arg: &mut Value, param: &Param, mode: Mode, context: &dyn Context) -> Result<Prepared> {
    let kind = param.kind;
    match kind {
        Kind::Values | Kind::Array => return Ok(Prepared::Ready),
        Kind::Reference => {
            return if arg.is_reference() { Ok(Prepared::Ready) } else { Err(reference_error(arg)) };
        }
        Kind::Lambda => {
            return if matches!(arg, Value::Lambda(_)) {
                Ok(Prepared::Ready)
            } else {
                Err(reference_error(arg))
            };
        }
        Kind::StrictNumber | Kind::StrictScalar => strict_cell(arg, param, context)?,
        Kind::Number | Kind::Text | Kind::Bool | Kind::Scalar | Kind::Any => {}
    }
    if arg.is_reference() {
        *arg = match mode {
            Mode::Cell => intersect(arg, context),
            Mode::Array => materialise(arg, context),
        };
    }
    if let Value::Array(array) = arg {
        if array.len() > 1 {
            return Ok(Prepared::Lift);
        }
        *arg = array.first().clone();
    }
    coerce_to(arg, kind, context)?;
    Ok(Prepared::Ready)
}

/// Takes the only cell of a reference; several cells are `#VALUE!`, and nothing where something must be given is
/// `#N/A`. The error stays in the argument, so that lifting over another one meets it too.
fn strict_cell(arg: &mut Value, param: &Param, context: &dyn Context) -> Result<()> {
    let error = match arg {
        Value::Range(sheet, rect) if rect.is_cell() => match context.cell(*sheet, rect.first()) {
            Ok(value) => {
                *arg = value;
                return Ok(());
            }
            Err(error) => error,
        },
        Value::Range(..) | Value::Areas(_) => CellError::Value,
        Value::Missing if !param.optional => CellError::NA,
        _ => return Ok(()),
    };
    *arg = Value::Error(error);
    Err(error)
}

fn reference_error(arg: &Value) -> CellError {
    arg.error().unwrap_or(CellError::Value)
}

/// Turns a scalar into what the declaration promises to the body; leaves what was left out as it is.
fn coerce_to(arg: &mut Value, kind: Kind, context: &dyn Context) -> Result<()> {
    match (kind, &*arg) {
        (Kind::Any, _) | (_, Value::Missing) => {}
        (Kind::Number, Value::Number(_)) | (Kind::Text, Value::Text(_)) | (Kind::Bool, Value::Bool(_)) => {}
        (_, Value::Error(error)) => return Err(*error),
        (Kind::StrictNumber, Value::Bool(_)) => return Err(CellError::Value),
        (Kind::Number | Kind::StrictNumber, value) => {
            *arg = Value::Number(coerce::to_number(value, &context.reading())?);
        }
        (Kind::Text, value) => *arg = Value::Text(coerce::to_text(value, context.environment().locale)?),
        (Kind::Bool, value) => *arg = Value::Bool(coerce::to_bool(value, context.environment().locale)?),
        (_, Value::Lambda(_)) => return Err(CellError::Calc),
        _ => {}
    }
    Ok(())
}

fn is_lifted(kind: Kind) -> bool {
    !matches!(kind, Kind::Values | Kind::Array | Kind::Reference | Kind::Lambda)
}

/// Whether an array formula calls a function once for each cell of a range given for this.
fn lifts_ranges(kind: Kind) -> bool {
    is_lifted(kind) && !matches!(kind, Kind::StrictNumber | Kind::StrictScalar)
}

/// Calls a function of one argument for each cell of a range, where the cells lie.
fn lift_range(function: &Function, kind: Kind, area: Area, context: &dyn Context) -> Value {
    let count = area.rect.count();
    if count > MAX_ARRAY {
        return CellError::Calc.into();
    }
    let view = match context.spend(2 * count).and_then(|()| context.view(area)) {
        Ok(view) => view,
        Err(error) => return error.into(),
    };
    if let (Body::Plain(_) | Body::Numbers(_), Kind::Number | Kind::Text) = (&function.body, kind)
        && let Some(known) =
            context.lifted(function.name, area, &|value| of_one(function, kind, value, context))
    {
        return Value::Array(known);
    }
    let of_nothing = of_one(function, kind, &Value::Empty, context);
    let mut results = vec![of_nothing; count as usize];
    let cols = view.cols() as usize;
    let walked = view.try_for_each(|row, col, value| {
        results[row as usize * cols + col as usize] = of_one(function, kind, value, context);
        Ok::<(), CellError>(())
    });
    walked.and_then(|()| Array::new(view.rows(), view.cols(), results)).into()
}

/// Calls a function of one argument, which is copied only where it must be turned into something else.
fn of_one(function: &Function, kind: Kind, arg: &Value, context: &dyn Context) -> Value {
    let is_ready = matches!(
        (kind, arg),
        (Kind::Number, Value::Number(_)) | (Kind::Text, Value::Text(_)) | (Kind::Bool, Value::Bool(_))
    );
    if is_ready {
        return single(call_prepared(function, std::slice::from_ref(arg), context), context);
    }
    let mut arg = arg.clone();
    match coerce_to(&mut arg, kind, context) {
        Ok(()) => single(call_prepared(function, &[arg], context), context),
        Err(error) => error.into(),
    }
}

/// Calls the function for each place of its array arguments, rows and columns of one repeating.
fn lift(function: &Function, args: &[Value], context: &dyn Context) -> Value {
    let kinds: Vec<Kind> =
        (0..args.len()).map(|index| function.param(index).map_or(Kind::Any, |param| param.kind)).collect();
    let (mut rows, mut cols) = (1, 1);
    for (arg, kind) in args.iter().zip(&kinds) {
        if let (Value::Array(array), true) = (arg, is_lifted(*kind)) {
            (rows, cols) = (rows.max(array.rows()), cols.max(array.cols()));
        }
    }
    let count = u64::from(rows) * u64::from(cols);
    if count > MAX_ARRAY || context.spend(count).is_err() {
        return CellError::Calc.into();
    }
    if let ([Value::Array(array)], [kind]) = (args, kinds.as_slice()) {
        return array.map(|value| of_one(function, *kind, value, context)).into();
    }
    let mut results = Vec::with_capacity(count as usize);
    let mut place = vec![Value::Missing; args.len()];
    for row in 0..rows {
        for col in 0..cols {
            results.push(at_place(function, args, &kinds, (row, col), &mut place, context));
        }
    }
    Array::new(rows, cols, results).into()
}

fn at_place(
    function: &Function,
    args: &[Value],
    kinds: &[Kind],
    (row, col): (u32, u32),
    place: &mut [Value],
    context: &dyn Context,
) -> Value {
    for ((slot, arg), kind) in place.iter_mut().zip(args).zip(kinds) {
        *slot = match arg {
            Value::Array(array) if is_lifted(*kind) => {
                array.broadcast(row, col).unwrap_or(&NOT_THERE).clone()
            }
            other => other.clone(),
        };
    }
    let mut errors = place
        .iter_mut()
        .zip(kinds)
        .filter(|(_, kind)| is_lifted(**kind))
        .filter_map(|(slot, kind)| coerce_to(slot, *kind, context).err());
    let first_error = if function.last_error { errors.last() } else { errors.next() };
    match first_error {
        Some(error) => error.into(),
        None => single(call_prepared(function, place, context), context),
    }
}

/// What one place of an array can hold of a result.
fn single(value: Value, context: &dyn Context) -> Value {
    match value {
        Value::Array(array) => array.first().clone(),
        Value::Range(sheet, rect) => match context.cell(sheet, rect.first()) {
            Ok(value) => value,
            Err(error) => error.into(),
        },
        Value::Areas(_) => CellError::Value.into(),
        Value::Lambda(_) => CellError::Calc.into(),
        other => other,
    }
}

/// Implicit intersection: of a range the cell in the host's row or column, of an array its first value,
/// of a scalar itself.
pub fn intersect(value: &Value, context: &dyn Context) -> Value {
    match value {
        Value::Range(sheet, rect) => {
            let (_, here) = context.here();
            match intersected_cell(*rect, here).map(|cell| context.cell(*sheet, cell)) {
                Some(Ok(value)) => value,
                Some(Err(error)) => error.into(),
                None => CellError::Value.into(),
            }
        }
        Value::Areas(_) => CellError::Value.into(),
        Value::Array(array) => array.first().clone(),
        other => other.clone(),
    }
}

fn intersected_cell(rect: Rect, here: Cell) -> Option<Cell> {
    if rect.is_cell() {
        return Some(rect.first());
    }
    let row_in = (rect.top..=rect.bottom).contains(&here.row);
    let col_in = (rect.left..=rect.right).contains(&here.col);
    match (rect.left == rect.right, rect.top == rect.bottom) {
        (true, _) if row_in => Some(Cell { row: here.row, col: rect.left }),
        (_, true) if col_in => Some(Cell { row: rect.top, col: here.col }),
        (false, false) if row_in && col_in => Some(here),
        _ => None,
    }
}

/// The values behind a reference as an array; one cell as a scalar; anything else as it is.
pub fn materialise(value: &Value, context: &dyn Context) -> Value {
    let Value::Range(sheet, rect) = value else {
        return if matches!(value, Value::Areas(_)) { CellError::Value.into() } else { value.clone() };
    };
    if rect.is_cell() {
        return context.cell(*sheet, rect.first()).unwrap_or_else(Value::Error);
    }
    match array_of_area(Area { sheet: *sheet, rect: *rect }, context) {
        Ok(array) => Value::Array(array),
        Err(error) => error.into(),
    }
}

/// The values of an area. Of a column that is asked for again and again an array is kept.
pub(crate) fn array_of_area(area: Area, context: &dyn Context) -> Result<Arc<Array>> {
    let view = context.view(area)?;
    context.spend(view.count().min(MAX_ARRAY))?;
    match context.lifted("", area, &Value::clone) {
        Some(array) => Ok(array),
        None => view.to_array(MAX_ARRAY).map(Arc::new),
    }
}

/// Applies an operator of one operand, place by place where the operand is an array.
pub fn lift_unary(value: &Value, apply: impl Fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(array) => array.map(apply).into(),
        scalar => apply(scalar),
    }
}

/// Applies an operator of two operands, place by place where one is an array; rows and columns of one repeat,
/// places that only one of them has are `#N/A`.
pub fn lift_binary(
    left: &Value,
    right: &Value,
    context: &dyn Context,
    apply: impl Fn(&Value, &Value) -> Value,
) -> Value {
    let (rows, cols) = match (left, right) {
        (Value::Array(a), Value::Array(b)) => (a.rows().max(b.rows()), a.cols().max(b.cols())),
        (Value::Array(a), _) | (_, Value::Array(a)) => (a.rows(), a.cols()),
        (a, b) => return apply(a, b),
    };
    let count = u64::from(rows) * u64::from(cols);
    if count > MAX_ARRAY || context.spend(count).is_err() {
        return CellError::Calc.into();
    }
    // Most operands have the result's shape, or are one value.
    let whole = |value: &Value| match value {
        Value::Array(array) => (array.rows(), array.cols()) == (rows, cols),
        _ => true,
    };
    if whole(left) && whole(right) {
        let values: Vec<Value> = match (left, right) {
            (Value::Array(a), Value::Array(b)) => a.iter().zip(b.iter()).map(|(a, b)| apply(a, b)).collect(),
            (Value::Array(a), b) => a.iter().map(|a| apply(a, b)).collect(),
            (a, Value::Array(b)) => b.iter().map(|b| apply(a, b)).collect(),
            (a, b) => vec![apply(a, b)],
        };
        return Array::new(rows, cols, values).into();
    }
    let mut results = Vec::with_capacity(count as usize);
    for row in 0..rows {
        for col in 0..cols {
            results.push(apply(place_of(left, row, col), place_of(right, row, col)));
        }
    }
    Array::new(rows, cols, results).into()
}

static NOT_THERE: Value = Value::Error(CellError::NA);

/// What an operand has for a place of the result.
fn place_of(value: &Value, row: u32, col: u32) -> &Value {
    match value {
        Value::Array(array) => array.broadcast(row, col).unwrap_or(&NOT_THERE),
        scalar => scalar,
    }
}
