//! VLOOKUP, HLOOKUP, LOOKUP and MATCH.

use super::line::{Line, Target};
use crate::{Args, Context, Function, Param, View, Wildcard, coerce};
use values::{Area, CellError, Rect, Result, Value};

const KEY: Param = Param::scalar("lookup_value");
const TABLE: Param = Param::values("table_array");
const APPROXIMATE: Param = Param::bool("range_lookup").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("HLOOKUP", &[KEY, TABLE, Param::any("row_index_num"), APPROXIMATE], hlookup),
    Function::context(
        "LOOKUP",
        &[KEY, Param::array("lookup_vector"), Param::array("result_vector").optional()],
        lookup,
    ),
    Function::context(
        "MATCH",
        &[KEY, Param::values("lookup_array"), Param::number("match_type").optional()],
        match_,
    ),
    Function::context("VLOOKUP", &[KEY, TABLE, Param::any("col_index_num"), APPROXIMATE], vlookup),
];

/// Longer texts cannot be looked for, a bound of Excel's.
const MAX_KEY: usize = 255;

/// The value to look for: nothing counts as 0.
fn key_of(value: &Value) -> Result<Value> {
    match value {
        Value::Missing | Value::Empty => Ok(0.0.into()),
        Value::Text(text) if text.len() > MAX_KEY && text.encode_utf16().count() > MAX_KEY => {
            Err(CellError::Value)
        }
        other => Ok(other.clone()),
    }
}

/// What an exact search looks for: text with wildcards is a pattern.
fn exact_target(key: &Value) -> Target<'_> {
    match key {
        Value::Text(text) if text.contains(['*', '?', '~']) => Target::Pattern(Wildcard::new(text)),
        _ => Target::Value(key),
    }
}

/// A table argument with the cells that it shows.
fn table<'a>(value: &'a Value, context: &'a dyn Context) -> Result<(View<'a>, Option<Area>)> {
    match value {
        Value::Error(error) => Err(*error),
        Value::Range(sheet, rect) => Ok((context.look(value)?, Some(Area { sheet: *sheet, rect: *rect }))),
        other => Ok((context.look(other)?, None)),
    }
}

/// The table of VLOOKUP and HLOOKUP. Several areas are none; a single value may be all that UNIQUE or FILTER left.
fn cells<'a>(value: &'a Value, context: &'a dyn Context) -> Result<(View<'a>, Option<Area>)> {
    if matches!(value, Value::Areas(_)) { Err(CellError::NA) } else { table(value, context) }
}

/// The first column of a table.
fn first_column<'a>(view: View<'a>, area: Option<Area>) -> Result<Line<'a>> {
    let area = area.map(|area| Area { rect: Rect { right: area.rect.left, ..area.rect }, ..area });
    Ok(Line::new(view.col(0).ok_or(CellError::Value)?, area))
}

/// The first row of a table.
fn first_row<'a>(view: View<'a>) -> Result<Line<'a>> {
    Ok(Line::new(view.row(0).ok_or(CellError::Value)?, None))
}

/// The row of the key in the first column, the value of another column.
fn vlookup(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let key = key_of(args.value(0))?;
    let (view, area) = cells(args.value(1), context)?;
    let col = index(args.value(2), view.cols(), context)?;
    let place = find(&first_column(view, area)?, &key, args, context)?;
    let col = col.ok_or(CellError::Value)?;
    Ok(view.get(u32::try_from(place).map_err(|_| CellError::NA)?, col).clone())
}

/// The column of the key in the first row, the value of another row.
fn hlookup(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let key = key_of(args.value(0))?;
    let (view, _) = cells(args.value(1), context)?;
    let row = index(args.value(2), view.rows(), context)?;
    let place = find(&first_row(view)?, &key, args, context)?;
    let row = row.ok_or(CellError::Value)?;
    Ok(view.get(row, u32::try_from(place).map_err(|_| CellError::NA)?).clone())
}

/// A column or row number, from 1, as an index. Beyond the table it is `#REF!`, as is what gives no number: an
/// error too, of which Excel passes on only the `#N/A` that MATCH gives here. Below 1 there is none, which Excel minds only where it
/// found the key.
fn index(number: &Value, count: u32, context: &dyn Context) -> Result<Option<u32>> {
    let number = coerce::to_number(number, &context.reading()).map_err(|error| match error {
        CellError::NA => CellError::NA,
        _ => CellError::Ref,
    })?;
    let number = coerce::truncate(number);
    match u32::try_from(number) {
        Ok(number) if (1..=count).contains(&number) => Ok(Some(number - 1)),
        _ if number < 1 => Ok(None),
        _ => Err(CellError::Ref),
    }
}

fn find(line: &Line<'_>, key: &Value, args: &Args<'_>, context: &dyn Context) -> Result<u64> {
    let found = if args.bool_or(3, true) {
        line.last_not_above(key)
    } else {
        line.find(&exact_target(key), false, context)?
    };
    found.ok_or(CellError::NA)
}

/// The place of the largest value not above the key, in a row or column; its value, or the one at the same place
/// of a second row or column. Of a rectangle the first row is searched where it is wider than high, else the
/// first column, and the last one gives the value.
fn lookup(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let key = key_of(args.value(0))?;
    let (view, area) = table(args.value(1), context)?;
    let by_row = view.cols() > view.rows();
    let line = if by_row { first_row(view)? } else { first_column(view, area)? };
    let place = line.last_not_above(&key).ok_or(CellError::NA)?;
    if !args.given(2) {
        let place = u32::try_from(place).map_err(|_| CellError::NA)?;
        let (row, col) = if by_row { (view.rows() - 1, place) } else { (place, view.cols() - 1) };
        return Ok(view.get(row, col).clone());
    }
    let (results, _) = table(args.value(2), context)?;
    if !results.is_vector() || place >= results.count() {
        return Err(CellError::NA);
    }
    Ok(results.at(place).clone())
}

/// The place, from 1, of a key in a row or column: exactly (0), in ascending (1) or descending (-1) values.
fn match_(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let key = key_of(args.value(0))?;
    let (view, area) = table(args.value(1), context)?;
    if !view.is_vector() {
        return Err(CellError::NA);
    }
    let line = Line::new(view, area);
    let kind = args.number_or(2, 1.0);
    let found = if kind > 0.0 {
        line.last_not_above(&key)
    } else if kind < 0.0 {
        line.last_not_below(&key, context)?
    } else {
        line.find(&exact_target(&key), false, context)?
    };
    found.map(|place| ((place + 1) as f64).into()).ok_or(CellError::NA)
}
