//! SUBSTITUTE and REPLACE.

use super::units;
use crate::{Args, Context, Function, Param, coerce};
use values::{CellError, Result, Value};

const OLD: Param = Param::text("old_text");
const START: Param = Param::number("start_num");
const NEW: Param = Param::text("new_text");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("REPLACE", &[OLD, START, Param::number("num_chars"), NEW], replace),
    Function::context("REPLACEB", &[OLD, START, Param::number("num_bytes"), NEW], replaceb),
    Function::context(
        "SUBSTITUTE",
        &[Param::text("text"), OLD, NEW, Param::scalar("instance_num").optional()],
        substitute,
    ),
];

/// A text with another put in the place of all its occurrences, or of one.
fn substitute(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (text, old, new) = (args.text(0), args.text(1), args.text(2));
    let instance = match args.value(3) {
        _ if !args.written(3) => None,
        // A truth value is no number here, as a result of Excel shows.
        Value::Bool(_) => return Err(CellError::Value),
        value => Some(coerce::truncate(coerce::to_number(value, &context.reading())?)),
    };
    if instance.is_some_and(|instance| instance < 1) {
        return Err(CellError::Value);
    }
    if old.is_empty() {
        return Ok(args.value(0).clone());
    }
    let Some(instance) = instance else {
        return substituted(args.value(0), old, new);
    };
    let nth = usize::try_from(instance - 1).unwrap_or(usize::MAX);
    match text.match_indices(old).nth(nth) {
        Some((at, _)) => super::result([&text[..at], new, &text[at + old.len()..]].concat()),
        None => Ok(args.value(0).clone()),
    }
}

/// A text with all occurrences replaced; the text itself where there are none.
fn substituted(value: &Value, old: &str, new: &str) -> Result<Value> {
    let Value::Text(text) = value else { return Ok(value.clone()) };
    // Where the result might be far too long, occurrences are counted before it is made.
    if text.len().saturating_mul(new.len()) > super::MAX_TEXT {
        let count = text.matches(old).count();
        if units::len(text) + count * units::len(new) - count * units::len(old) > super::MAX_TEXT {
            return Err(CellError::Value);
        }
    }
    let Some(first) = units::find(text, old) else { return Ok(value.clone()) };
    let mut changed = String::with_capacity(text.len() + new.len());
    let (mut at, mut found) = (0, Some(first));
    while let Some(place) = found {
        changed.push_str(&text[at..place]);
        changed.push_str(new);
        at = place + old.len();
        found = units::find(&text[at..], old).map(|place| at + place);
    }
    changed.push_str(&text[at..]);
    super::result(changed)
}

/// A text with another put in the place of some of its characters.
fn replace(args: &Args<'_>) -> Result<Value> {
    let (text, (start, count)) = (args.text(0), span(args)?);
    let head = units::part(text, 0, start);
    let tail = units::part(text, start.saturating_add(count), usize::MAX);
    super::result([head.as_str(), args.text(3), &tail].concat())
}

/// REPLACE, counting bytes where an East Asian language is the default.
fn replaceb(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if !units::counts_bytes(context.environment().locale) {
        return replace(args);
    }
    let (text, (start, count)) = (args.text(0), span(args)?);
    let head = units::byte_part(text, 0, start);
    let tail = units::byte_part(text, start.saturating_add(count), usize::MAX);
    super::result([head.as_str(), args.text(3), &tail].concat())
}

/// The place (from 0) and length to be replaced.
fn span(args: &Args<'_>) -> Result<(usize, usize)> {
    let (start, count) = (args.integer(1), args.integer(2));
    if start < 1 || count < 0 {
        return Err(CellError::Value);
    }
    Ok((usize::try_from(start - 1).unwrap_or(usize::MAX), usize::try_from(count).unwrap_or(usize::MAX)))
}
