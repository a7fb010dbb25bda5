//! GROUPBY, and the arguments that PIVOTBY shares with it.

use super::array_of;
use super::axis::{self, Layout, Summary};
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[Function::context(
    "GROUPBY",
    &[
        Param::array("row_fields"),
        Param::array("values"),
        Param::lambda("function"),
        Param::number("field_headers").optional(),
        Param::number("total_depth").optional(),
        Param::array("sort_order").optional(),
        Param::array("filter_array").optional(),
        Param::number("field_relationship").optional(),
    ],
    groupby,
)
.giving_array()];

/// Whether the fields have headers, and whether the result shows them.
#[derive(Clone, Copy)]
pub(super) struct Headers {
    pub(super) given: bool,
    pub(super) shown: bool,
}

impl Headers {
    /// Reads the argument. Left out, a text above a number is a header, shown where a side has several levels.
    pub(super) fn of(args: &Args<'_>, index: usize, values: &Array, levels: u32) -> Result<Headers> {
        if !args.given(index) {
            let given = matches!(values.get(0, 0), Some(Value::Text(_)))
                && matches!(values.get(1, 0), Some(Value::Number(_)));
            return Ok(Headers { given, shown: given && levels > 1 });
        }
        match args.integer(index) {
            0 => Ok(Headers { given: false, shown: false }),
            1 => Ok(Headers { given: true, shown: false }),
            2 => Ok(Headers { given: false, shown: true }),
            3 => Ok(Headers { given: true, shown: true }),
            _ => Err(CellError::Value),
        }
    }

    /// The headers of some fields: their own, or made of a word and a number.
    pub(super) fn names(self, fields: &Array, word: &str) -> Vec<Value> {
        (0..fields.cols())
            .map(|col| match fields.get(0, col) {
                Some(header) if self.given => header.clone(),
                _ => format!("{word} {}", col + 1).into(),
            })
            .collect()
    }
}

/// The data rows that take part: below the header, and let through by the filter.
pub(super) fn data_rows(
    count: u32,
    headers: Headers,
    filter: &Value,
    context: &dyn Context,
) -> Result<Vec<u32>> {
    let first = u32::from(headers.given);
    if matches!(filter, Value::Missing) {
        return Ok((first..count).collect());
    }
    let filter = array_of(filter, context)?;
    if filter.cols() != 1 || filter.rows() != count {
        return Err(CellError::Value);
    }
    let mut rows = Vec::new();
    for row in first..count {
        match filter.get(row, 0) {
            Some(Value::Bool(true)) => rows.push(row),
            Some(Value::Number(number)) if *number != 0.0 => rows.push(row),
            Some(Value::Error(error)) => return Err(*error),
            Some(Value::Text(_)) => return Err(CellError::Value),
            _ => {}
        }
    }
    if rows.is_empty() { Err(CellError::Calc) } else { Ok(rows) }
}

/// The keys to sort by; none given is each field in turn.
pub(super) fn sort_keys(value: &Value, levels: u32, context: &dyn Context) -> Result<Vec<i64>> {
    if matches!(value, Value::Missing) {
        return Ok((1..=i64::from(levels)).collect());
    }
    let keys = array_of(value, context)?;
    keys.iter().map(|key| Ok(crate::to_number(key, &context.reading())? as i64)).collect()
}

/// The depth of totals of an argument.
pub(super) fn total_depth(args: &Args<'_>, index: usize) -> Option<i64> {
    args.given(index).then(|| args.integer(index))
}

/// Values summed up for each group of rows.
fn groupby(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (fields, values) = (array_of(args.value(0), context)?, array_of(args.value(1), context)?);
    if fields.rows() != values.rows() {
        return Err(CellError::Value);
    }
    let headers = Headers::of(args, 3, &values, fields.cols())?;
    let rows = data_rows(fields.rows(), headers, args.value(6), context)?;
    let as_table = match args.number_if_given(7, 0.0) as i64 {
        0 => false,
        1 => true,
        _ => return Err(CellError::Value),
    };
    let layout = Layout {
        totals: total_depth(args, 4),
        sort: sort_keys(args.value(5), fields.cols(), context)?,
        as_table,
    };
    let summary = Summary { values: &values, function: args.lambda(2)?, all: &rows, context };
    let entries = axis::entries(&fields, &layout, &summary)?;
    let mut result = Vec::new();
    if headers.shown {
        result.extend(headers.names(&fields, "Row Field"));
        result.extend(headers.names(&values, "Value"));
    }
    for entry in &entries {
        result.extend_from_slice(&entry.labels);
        result.extend((0..values.cols()).map(|col| summary.of(&entry.rows, col, &rows)));
    }
    let height = entries.len() + usize::from(headers.shown);
    Ok(Array::new(height as u32, fields.cols() + values.cols(), result)?.into())
}
