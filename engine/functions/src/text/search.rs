//! FIND and SEARCH.

use super::units;
use crate::{Args, Context, Function, Param, Wildcard};
use values::{CellError, Result, Value};

const PARAMS: &[Param] =
    &[Param::text("find_text"), Param::text("within_text"), Param::number("start_num").optional()];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("FIND", PARAMS, find),
    Function::context("FINDB", PARAMS, findb),
    Function::context("SEARCH", PARAMS, search),
    Function::context("SEARCHB", PARAMS, searchb),
];

/// Where a search begins, in bytes of the string, and whether that is still in the text.
fn from(args: &Args<'_>) -> Result<usize> {
    let start = if args.written(2) { args.integer(2) } else { 1 };
    let unit = usize::try_from(start).ok().and_then(|start| start.checked_sub(1)).ok_or(CellError::Value)?;
    units::to_byte(args.text(1), unit).ok_or(CellError::Value)
}

/// Where a search by bytes of an East Asian code page begins.
fn from_byte(args: &Args<'_>) -> Result<usize> {
    let start = if args.written(2) { args.integer(2) } else { 1 };
    let wanted =
        usize::try_from(start).ok().and_then(|start| start.checked_sub(1)).ok_or(CellError::Value)?;
    let text = args.text(1);
    let mut bytes = 0;
    for (at, c) in text.char_indices() {
        if bytes >= wanted {
            return Ok(at);
        }
        bytes += units::width(c);
    }
    if bytes >= wanted { Ok(text.len()) } else { Err(CellError::Value) }
}

fn place(unit: usize) -> Result<Value> {
    Ok((unit as f64 + 1.0).into())
}

/// The place of one text in another, case and all.
fn find(args: &Args<'_>) -> Result<Value> {
    place(units::of_byte(args.text(1), find_from(args, from(args)?)?))
}

fn find_from(args: &Args<'_>, from: usize) -> Result<usize> {
    let rest = args.text(1).get(from..).ok_or(CellError::Value)?;
    Ok(from + units::find(rest, args.text(0)).ok_or(CellError::Value)?)
}

/// FIND, counting bytes where an East Asian language is the default.
fn findb(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if !units::counts_bytes(context.environment().locale) {
        return find(args);
    }
    let found = find_from(args, from_byte(args)?)?;
    place(args.text(1).get(..found).map_or(0, units::byte_len))
}

/// The place of one text in another, case aside, with wildcards.
fn search(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let found = search_from(args, from(args)?, context)?;
    place(units::of_byte(args.text(1), found))
}

fn search_from(args: &Args<'_>, from: usize, context: &dyn Context) -> Result<usize> {
    let (pattern, text) = (args.text(0), args.text(1));
    // Unlike FIND, SEARCH finds nothing behind the last character, empty text neither.
    if from >= text.len() {
        return Err(CellError::Value);
    }
    // At most so many steps, where a pattern of question marks nearly fits everywhere.
    context.spend((pattern.len() as u64 * text.len() as u64) >> 8)?;
    let chars_before = text.get(..from).ok_or(CellError::Value)?.chars().count();
    let found = Wildcard::new(pattern).find(text, chars_before).ok_or(CellError::Value)?;
    Ok(text.char_indices().nth(found).map_or(text.len(), |(byte, _)| byte))
}

/// SEARCH, counting bytes where an East Asian language is the default.
fn searchb(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if !units::counts_bytes(context.environment().locale) {
        return search(args, context);
    }
    let found = search_from(args, from_byte(args)?, context)?;
    place(args.text(1).get(..found).map_or(0, units::byte_len))
}
