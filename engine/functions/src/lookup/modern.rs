//! XLOOKUP and XMATCH.
//!
//! Unlike the older lookups they see values of all kinds in one order (see [`order`](super::order)), and an empty
//! key finds an empty cell. Their behaviour here agrees with results that Excel stored in workbooks.

use super::line::{Line, Target};
use crate::call::MAX_ARRAY;
use crate::text::pattern;
use crate::{Args, Context, Function, Param, View, Wildcard};
use std::cell::Cell as Slot;
use values::{Area, Cell, CellError, Rect, Result, Value};

const KEY: Param = Param::scalar("lookup_value");
const ARRAY: Param = Param::array("lookup_array");
const MATCH_MODE: Param = Param::number("match_mode").optional();
const SEARCH_MODE: Param = Param::number("search_mode").optional();

/// How long the texts are, in bytes, for which a pattern is made that is tried on many.
const MATCHED_TEXT: usize = 64;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "XLOOKUP",
        &[
            KEY,
            ARRAY,
            Param::array("return_array"),
            Param::array("if_not_found").optional(),
            MATCH_MODE,
            SEARCH_MODE,
        ],
        xlookup,
    )
    .giving_array(),
    Function::context("XMATCH", &[KEY, ARRAY, MATCH_MODE, SEARCH_MODE], xmatch),
];

/// The row or column searched, and whether it is a column.
fn line_of<'a>(value: &'a Value, context: &'a dyn Context) -> Result<(Line<'a>, View<'a>)> {
    let (view, area) = match value {
        Value::Error(error) => return Err(*error),
        Value::Range(sheet, rect) => (context.look(value)?, Some(Area { sheet: *sheet, rect: *rect })),
        other => (context.look(other)?, None),
    };
    if !view.is_vector() {
        return Err(CellError::Value);
    }
    Ok((Line::new(view, area), view))
}

/// Searches as the two mode arguments from `modes` on say.
fn search(line: &Line<'_>, args: &Args<'_>, modes: usize, context: &dyn Context) -> Result<Option<u64>> {
    let key = args.value(0);
    let how = args.number_if_given(modes, 0.0) as i64;
    let direction = args.number_if_given(modes + 1, 1.0) as i64;
    if !(-1..=3).contains(&how) || !matches!(direction, -2 | -1 | 1 | 2) {
        return Err(CellError::Value);
    }
    let last = direction < 0;
    if direction.abs() == 2 {
        return if how > 1 { Err(CellError::Value) } else { Ok(line.search_sorted(key, last, how)) };
    }
    match (how, key) {
        (0, _) => line.find(&Target::Value(key), last, context),
        (2, Value::Text(text)) => line.find(&Target::Pattern(Wildcard::new(text)), last, context),
        (3, Value::Text(text)) => {
            let pattern = pattern::compile(text, false, MATCHED_TEXT)?;
            context.spend(line.len().min(MAX_ARRAY))?;
            // Beyond the bound on a pattern's work the search ends, and with it the lookup.
            let failed = Slot::new(None);
            let found = line.find_where(last, |value| match value {
                Value::Text(text) => pattern.is_match(text).unwrap_or_else(|error| {
                    failed.set(Some(error));
                    true
                }),
                _ => false,
            });
            context.spend(pattern.units())?;
            failed.get().map_or(Ok(found), Err)
        }
        (2 | 3, _) => line.find(&Target::Value(key), last, context),
        (step, _) => line.nearest(key, step > 0, last, context),
    }
}

/// The place, from 1, of the key.
fn xmatch(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (line, _) = line_of(args.value(1), context)?;
    let place = search(&line, args, 2, context)?.ok_or(CellError::NA)?;
    Ok(((place + 1) as f64).into())
}

/// The row or column of the return array at the key's place; of a reference it is a reference.
fn xlookup(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (line, searched) = line_of(args.value(1), context)?;
    let result = args.value(2);
    if let Value::Error(error) = result {
        return Err(*error);
    }
    let view = context.look(result)?;
    // A single cell may stand for a row or a column.
    let by_row = searched.cols() == 1 && view.rows() == searched.rows();
    let by_col = searched.rows() == 1 && view.cols() == searched.cols();
    if !by_row && !by_col {
        return Err(CellError::Value);
    }
    let Some(place) = search(&line, args, 4, context)? else {
        return if args.given(3) { Ok(args.value(3).clone()) } else { Err(CellError::NA) };
    };
    let place = u32::try_from(place).map_err(|_| CellError::NA)?;
    if let Value::Range(sheet, rect) = result {
        return Ok(Value::Range(*sheet, slice(*rect, place, by_row)));
    }
    let part = if by_row { view.row(place) } else { view.col(place) }.ok_or(CellError::NA)?;
    if part.count() == 1 { Ok(part.get(0, 0).clone()) } else { Ok(part.to_array(MAX_ARRAY)?.into()) }
}

/// One row or column of a rectangle.
fn slice(rect: Rect, place: u32, row: bool) -> Rect {
    if row {
        let row = rect.top.0 + place;
        Rect::new(Cell::new(row, rect.left.0), Cell::new(row, rect.right.0))
    } else {
        let col = rect.left.0 + place as u16;
        Rect::new(Cell::new(rect.top.0, col), Cell::new(rect.bottom.0, col))
    }
}
