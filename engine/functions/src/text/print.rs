//! VALUETOTEXT and ARRAYTOTEXT.

use super::MAX_TEXT;
use crate::{Args, Context, Function, Param, to_text};
use values::{CellError, Result, Value};

const FORMAT: Param = Param::number("format").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("ARRAYTOTEXT", &[Param::array("array"), FORMAT], arraytotext),
    Function::context("VALUETOTEXT", &[Param::any("value"), FORMAT], valuetotext),
];

/// Whether the strict form is asked for, which reads back as a formula.
fn is_strict(args: &Args<'_>) -> Result<bool> {
    match args.integer(1) {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(CellError::Value),
    }
}

/// A value as text; errors print their names.
fn printed(value: &Value, strict: bool, context: &dyn Context) -> Result<String> {
    Ok(match value {
        Value::Text(text) if strict => format!("\"{}\"", text.replace('"', "\"\"")),
        Value::Error(error) => error.as_str().to_owned(),
        other => to_text(other, context.environment().locale)?.to_string(),
    })
}

/// One value as text.
fn valuetotext(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    super::result(printed(args.value(0), is_strict(args)?, context)?)
}

/// All values as text: one after the other, or as an array constant.
fn arraytotext(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let strict = is_strict(args)?;
    let view = context.look(args.value(0))?;
    // Each value has a separator at least: what is more than this cannot become a text.
    if view.count() > MAX_TEXT as u64 {
        return Err(CellError::Value);
    }
    context.spend(view.count())?;
    // Excel has no strict form for a single empty cell, though it has one for an empty cell among others.
    if strict && view.count() == 1 && matches!(view.get(0, 0), Value::Empty) {
        return Err(CellError::Value);
    }
    let mut text = String::new();
    for row in 0..view.rows() {
        for col in 0..view.cols() {
            text.push_str(match (strict, row, col) {
                (_, 0, 0) => "",
                (true, _, 0) => ";",
                (true, ..) => ",",
                (false, ..) => ", ",
            });
            text.push_str(&printed(view.get(row, col), strict, context)?);
            if text.len() > 4 * MAX_TEXT {
                return Err(CellError::Value);
            }
        }
    }
    super::result(if strict { format!("{{{text}}}") } else { text })
}
