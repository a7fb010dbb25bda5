//! Parts of arrays and other shapes of them.
//!
//! TAKE, DROP and TRIMRANGE give references where they are given references.

use super::{array_of, array_or_scalar, charge_array};
use crate::call::MAX_ARRAY;
use crate::{Args, Context, Function, Param};
use values::{Array, Cell, CellError, Rect, Result, Value};

const ARRAY: Param = Param::array("array");
const PAD: Param = Param::any("pad_with").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("CHOOSECOLS", &[ARRAY, Param::array("col_num")], choosecols)
        .repeating(1)
        .giving_array(),
    Function::context("CHOOSEROWS", &[ARRAY, Param::array("row_num")], chooserows)
        .repeating(1)
        .giving_array(),
    Function::context(
        "DROP",
        &[ARRAY, Param::number("rows").optional(), Param::number("columns").optional()],
        drop_,
    )
    .giving_array(),
    Function::context(
        "EXPAND",
        &[ARRAY, Param::number("rows").optional(), Param::number("columns").optional(), PAD],
        expand,
    )
    .giving_array(),
    Function::context(
        "TAKE",
        &[ARRAY, Param::number("rows").optional(), Param::number("columns").optional()],
        take,
    )
    .giving_array(),
    Function::context("TRANSPOSE", &[ARRAY], transpose).giving_array(),
    Function::context(
        "TRIMRANGE",
        &[
            Param::array("range"),
            Param::number("trim_rows").optional(),
            Param::number("trim_cols").optional(),
        ],
        trimrange,
    )
    .giving_array(),
    // What `A1.:.B9`, `A1.:B9` and `A1:.B9` are in files.
    Function::context("_TRO_ALL", &[Param::array("range")], |args, context| {
        trimmed(args.value(0), BOTH, BOTH, context)
    })
    .giving_array(),
    Function::context("_TRO_LEADING", &[Param::array("range")], |args, context| {
        trimmed(args.value(0), LEADING, LEADING, context)
    })
    .giving_array(),
    Function::context("_TRO_TRAILING", &[Param::array("range")], |args, context| {
        trimmed(args.value(0), TRAILING, TRAILING, context)
    })
    .giving_array(),
];

/// Rows become columns.
fn transpose(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(array_of(args.value(0), context)?.transposed().into())
}

/// The rows named, in their order; negative numbers count from the end.
fn chooserows(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let array = array_of(args.value(0), context)?;
    let rows = chosen(args, array.rows(), context)?;
    charge_array(rows.len() as u64, array.cols().into(), context)?;
    let values = rows.iter().flat_map(|row| array.row_values(*row)).cloned().collect();
    array_or_scalar(rows.len() as u32, array.cols(), values)
}

/// The columns named, in their order; negative numbers count from the end.
fn choosecols(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let array = array_of(args.value(0), context)?;
    let cols = chosen(args, array.cols(), context)?;
    charge_array(array.rows().into(), cols.len() as u64, context)?;
    let values = (0..array.rows())
        .flat_map(|row| cols.iter().map(move |col| (row, *col)))
        .filter_map(|(row, col)| array.get(row, col).cloned())
        .collect();
    array_or_scalar(array.rows(), cols.len() as u32, values)
}

/// The indexes of all numbers that follow the array.
fn chosen(args: &Args<'_>, count: u32, context: &dyn Context) -> Result<Vec<u32>> {
    let mut all = Vec::new();
    for arg in args.from(1) {
        let numbers = array_of(arg, context)?;
        if numbers.rows() > 1 && numbers.cols() > 1 {
            return Err(CellError::Value);
        }
        for number in numbers.iter() {
            let number = crate::to_number(number, &context.reading())?.trunc();
            let place = if number < 0.0 { number + f64::from(count) } else { number - 1.0 };
            if !(0.0..f64::from(count)).contains(&place) || number == 0.0 {
                return Err(CellError::Value);
            }
            all.push(place as u32);
        }
    }
    Ok(all)
}

/// Rows and columns of what a value is, without reading cells.
fn size(value: &Value) -> Result<(u32, u32)> {
    match value {
        Value::Range(_, rect) => Ok((rect.rows(), rect.cols())),
        Value::Array(array) => Ok((array.rows(), array.cols())),
        Value::Error(error) => Err(*error),
        Value::Areas(_) | Value::Lambda(_) => Err(CellError::Value),
        _ => Ok((1, 1)),
    }
}

/// A rectangle inside of a value: a reference of a reference, else values.
fn part(value: &Value, rows: (u32, u32), cols: (u32, u32), context: &dyn Context) -> Result<Value> {
    if let Value::Range(sheet, rect) = value {
        let first = Cell::new(rect.top.0 + rows.0, rect.left.0 + cols.0 as u16);
        let last = Cell::new(rect.top.0 + rows.1 - 1, rect.left.0 + (cols.1 - 1) as u16);
        return Ok(Value::Range(*sheet, Rect::new(first, last)));
    }
    let view = context.look(value)?;
    let part = view.part(rows.0, cols.0, rows.1 - rows.0, cols.1 - cols.0).ok_or(CellError::Calc)?;
    if part.count() == 1 { Ok(part.get(0, 0).clone()) } else { Ok(part.to_array(MAX_ARRAY)?.into()) }
}

/// So many rows and columns from the start, or from the end where the number is negative.
fn take(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (rows, cols) = size(args.value(0))?;
    let kept = |index: usize, count: u32| {
        let number = if args.given(index) { args.integer(index) } else { i64::from(count) };
        let kept = u32::try_from(number.unsigned_abs()).unwrap_or(u32::MAX).min(count);
        if number < 0 { (count - kept, count) } else { (0, kept) }
    };
    nonempty(args.value(0), kept(1, rows), kept(2, cols), context)
}

/// All but so many rows and columns at the start, or at the end where the number is negative.
fn drop_(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (rows, cols) = size(args.value(0))?;
    let kept = |index: usize, count: u32| {
        let number = args.integer(index);
        let dropped = u32::try_from(number.unsigned_abs()).unwrap_or(u32::MAX).min(count);
        if number < 0 { (0, count - dropped) } else { (dropped, count) }
    };
    nonempty(args.value(0), kept(1, rows), kept(2, cols), context)
}

/// The part between two rows and two columns; `#CALC!` where nothing is left.
fn nonempty(value: &Value, rows: (u32, u32), cols: (u32, u32), context: &dyn Context) -> Result<Value> {
    if rows.0 >= rows.1 || cols.0 >= cols.1 {
        return Err(CellError::Calc);
    }
    part(value, rows, cols, context)
}

/// The array with rows and columns added, filled with a value.
fn expand(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let array = array_of(args.value(0), context)?;
    let grown = |index: usize, count: u32| -> Result<u32> {
        if !args.given(index) {
            return Ok(count);
        }
        match args.integer(index) {
            number if number < i64::from(count) => Err(CellError::Value),
            number => u32::try_from(number).map_err(|_| CellError::Num),
        }
    };
    let (rows, cols) = (grown(1, array.rows())?, grown(2, array.cols())?);
    if u64::from(rows) * u64::from(cols) > MAX_ARRAY {
        return Err(CellError::Num);
    }
    charge_array(rows.into(), cols.into(), context)?;
    let pad = if args.given(3) { args.value(3).clone() } else { CellError::NA.into() };
    let values = (0..rows)
        .flat_map(|row| (0..cols).map(move |col| (row, col)))
        .map(|(row, col)| array.get(row, col).unwrap_or(&pad).clone())
        .collect();
    array_or_scalar(rows, cols, values)
}

/// Which ends are trimmed: the leading one, the trailing one.
type Ends = (bool, bool);
const LEADING: Ends = (true, false);
const TRAILING: Ends = (false, true);
const BOTH: Ends = (true, true);

/// The range without empty rows and columns around it: 1 leading, 2 trailing, 3 both, 0 neither.
fn trimrange(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let ends = |index: usize| match args.number_if_given(index, 3.0) as i64 {
        mode @ 0..=3 => Ok((mode & 1 != 0, mode & 2 != 0)),
        _ => Err(CellError::Value),
    };
    trimmed(args.value(0), ends(1)?, ends(2)?, context)
}

/// The range without empty rows and columns at some ends. A range with nothing in it is `#REF!`,
/// an array `#VALUE!`.
fn trimmed(value: &Value, trim_rows: Ends, trim_cols: Ends, context: &dyn Context) -> Result<Value> {
    let (rows, cols) = size(value)?;
    let (mut top, mut bottom, mut left, mut right) = (u32::MAX, 0, u32::MAX, 0);
    let view = context.look(value)?;
    view.try_for_each(|row, col, _| -> Result<()> {
        (top, bottom) = (top.min(row), bottom.max(row + 1));
        (left, right) = (left.min(col), right.max(col + 1));
        Ok(())
    })?;
    if top == u32::MAX {
        return Err(if value.is_reference() { CellError::Ref } else { CellError::Value });
    }
    let span = |(leading, trailing): Ends, from: u32, to: u32, count: u32| {
        (if leading { from } else { 0 }, if trailing { to } else { count })
    };
    part(value, span(trim_rows, top, bottom, rows), span(trim_cols, left, right, cols), context)
}

/// Whether an array is one row or one column.
pub(super) fn is_vector(array: &Array) -> bool {
    array.rows() == 1 || array.cols() == 1
}
