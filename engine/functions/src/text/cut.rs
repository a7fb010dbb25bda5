//! LEFT, RIGHT, MID, LEN and their byte forms.

use super::units;
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

const TEXT: Param = Param::text("text");
const CHARS: Param = Param::number("num_chars");
const BYTES: Param = Param::number("num_bytes");
const START: Param = Param::number("start_num");

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("LEFT", &[TEXT, CHARS.optional()], left),
    Function::context("LEFTB", &[TEXT, BYTES.optional()], leftb),
    Function::plain("LEN", &[TEXT], len),
    Function::context("LENB", &[TEXT], lenb),
    Function::plain("MID", &[TEXT, START, CHARS], mid),
    Function::context("MIDB", &[TEXT, START, BYTES], midb),
    Function::plain("RIGHT", &[TEXT, CHARS.optional()], right),
    Function::context("RIGHTB", &[TEXT, BYTES.optional()], rightb),
];

/// A count of characters, 1 where none is written.
fn count(args: &Args<'_>, index: usize) -> Result<usize> {
    let count = if args.written(index) { args.integer(index) } else { 1 };
    usize::try_from(count).map_err(|_| CellError::Value)
}

/// A place counted from 1, as an index.
fn start(args: &Args<'_>, index: usize) -> Result<usize> {
    match args.integer(index) {
        ..1 => Err(CellError::Value),
        place => usize::try_from(place - 1).map_err(|_| CellError::Value),
    }
}

fn by_bytes(context: &dyn Context) -> bool {
    units::counts_bytes(context.environment().locale)
}

/// Where a character begins, counted from 0; the end of the text where there is none. LEFT and RIGHT never cut a pair of
/// surrogates, unlike MID and LEN: Microsoft's compatibility version 2 had to change only the latter.
fn beginning(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

/// The first characters.
fn left(args: &Args<'_>) -> Result<Value> {
    let text = args.text(0);
    let (first, _) = text.split_at(beginning(text, count(args, 1)?));
    Ok(first.into())
}

/// The first bytes.
fn leftb(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if !by_bytes(context) {
        return left(args);
    }
    Ok(units::byte_part(args.text(0), 0, count(args, 1)?).into())
}

/// The last characters.
fn right(args: &Args<'_>) -> Result<Value> {
    let text = args.text(0);
    let before = text.chars().count().saturating_sub(count(args, 1)?);
    let (_, last) = text.split_at(beginning(text, before));
    Ok(last.into())
}

/// The last bytes.
fn rightb(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if !by_bytes(context) {
        return right(args);
    }
    let text = args.text(0);
    let count = count(args, 1)?;
    Ok(units::byte_part(text, units::byte_len(text).saturating_sub(count), count).into())
}

/// Characters from a place on.
fn mid(args: &Args<'_>) -> Result<Value> {
    Ok(units::part(args.text(0), start(args, 1)?, count(args, 2)?).into())
}

/// Bytes from a place on.
fn midb(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if !by_bytes(context) {
        return mid(args);
    }
    Ok(units::byte_part(args.text(0), start(args, 1)?, count(args, 2)?).into())
}

/// How many characters.
fn len(args: &Args<'_>) -> Result<Value> {
    Ok((units::len(args.text(0)) as f64).into())
}

/// How many bytes.
fn lenb(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if !by_bytes(context) {
        return len(args);
    }
    Ok((units::byte_len(args.text(0)) as f64).into())
}
