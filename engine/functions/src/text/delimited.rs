//! TEXTBEFORE, TEXTAFTER and TEXTSPLIT.

use super::case::{lower, upper};
use super::units;
use crate::{Args, Context, Function, Param, to_text};
use values::{Array, CellError, Result, Value};

const TEXT: Param = Param::text("text");
const AROUND: &[Param] = &[
    TEXT,
    Param::array("delimiter"),
    Param::number("instance_num").optional(),
    Param::number("match_mode").optional(),
    Param::number("match_end").optional(),
    Param::any("if_not_found").optional(),
];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("TEXTAFTER", AROUND, textafter),
    Function::context("TEXTBEFORE", AROUND, textbefore),
    Function::context(
        "TEXTSPLIT",
        &[
            TEXT,
            Param::array("col_delimiter"),
            Param::array("row_delimiter").optional(),
            Param::bool("ignore_empty").optional(),
            Param::number("match_mode").optional(),
            Param::any("pad_with").optional(),
        ],
        textsplit,
    )
    .giving_array(),
];

/// A text taken apart into characters, with the form of them that is compared.
struct Characters {
    all: Vec<char>,
    compared: Vec<char>,
}

impl Characters {
    fn of(text: &str, fold: bool) -> Characters {
        let all: Vec<char> = text.chars().collect();
        let compared = if fold { all.iter().map(|c| folded(*c)).collect() } else { all.clone() };
        Characters { all, compared }
    }

    fn part(&self, from: usize, to: usize) -> String {
        self.all.get(from..to).unwrap_or(&[]).iter().collect()
    }

    /// Where delimiters stand, without overlaps: the first one, and of several there the longest.
    fn occurrences(&self, delimiters: &[Vec<char>], from: usize, to: usize) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut at = from;
        while at < to {
            let rest = &self.compared[at..to];
            let longest =
                delimiters.iter().filter(|delimiter| rest.starts_with(delimiter)).map(Vec::len).max();
            match longest {
                Some(length) if length > 0 => {
                    found.push((at, at + length));
                    at += length;
                }
                _ => at += 1,
            }
        }
        found
    }
}

fn folded(c: char) -> char {
    lower(upper(c))
}

/// A switch that is 0 or 1.
fn switch(args: &Args<'_>, index: usize) -> Result<bool> {
    match args.integer(index) {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(CellError::Value),
    }
}

fn delimiters(value: &Value, fold: bool, context: &dyn Context) -> Result<Vec<Vec<char>>> {
    if let Value::Error(error) = value {
        return Err(*error);
    }
    let view = context.look(value)?;
    context.spend(view.count())?;
    let mut all = Vec::new();
    for value in view.iter() {
        let text = to_text(value, context.environment().locale)?;
        all.push(text.chars().map(|c| if fold { folded(c) } else { c }).collect());
    }
    Ok(all)
}

/// Where the delimiter asked for begins and ends, in characters; the text's own start or end may stand in. In
/// an empty text there is nothing before or after it.
fn delimiter(
    args: &Args<'_>,
    characters: &Characters,
    context: &dyn Context,
) -> Result<Option<(usize, usize)>> {
    let instance = if args.given(2) { args.integer(2) } else { 1 };
    let count = instance.unsigned_abs();
    let end = characters.all.len();
    if count > 0 && end == 0 {
        return Ok(Some((0, 0)));
    }
    if count == 0 || count > units::len(args.text(0)) as u64 {
        return Err(CellError::Value);
    }
    let delimiters = delimiters(args.value(1), switch(args, 3)?, context)?;
    let match_end = switch(args, 4)?;
    if delimiters.iter().any(Vec::is_empty) {
        return Ok(Some(if instance > 0 { (0, 0) } else { (end, end) }));
    }
    let found = characters.occurrences(&delimiters, 0, end);
    let nth = usize::try_from(count).unwrap_or(usize::MAX);
    let place = if instance > 0 { Some(nth - 1) } else { found.len().checked_sub(nth) };
    if let Some(span) = place.and_then(|place| found.get(place)) {
        return Ok(Some(*span));
    }
    let one_more = match_end && nth == found.len() + 1;
    Ok(one_more.then_some(if instance > 0 { (end, end) } else { (0, 0) }))
}

fn not_found(args: &Args<'_>) -> Result<Value> {
    if args.given(5) { Ok(args.value(5).clone()) } else { Err(CellError::NA) }
}

/// What stands before a delimiter; a negative number counts delimiters from the end.
fn textbefore(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let characters = Characters::of(args.text(0), switch(args, 3)?);
    match delimiter(args, &characters, context)? {
        Some((start, _)) => Ok(characters.part(0, start).into()),
        None => not_found(args),
    }
}

/// What stands after a delimiter; a negative number counts delimiters from the end.
fn textafter(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let characters = Characters::of(args.text(0), switch(args, 3)?);
    match delimiter(args, &characters, context)? {
        Some((_, end)) => Ok(characters.part(end, characters.all.len()).into()),
        None => not_found(args),
    }
}

/// A text split into columns and rows; short rows are filled up.
fn textsplit(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let fold = switch(args, 4)?;
    let ignore_empty = args.bool(3);
    let delimiters_of = |index: usize| -> Result<Vec<Vec<char>>> {
        if !args.given(index) {
            return Ok(Vec::new());
        }
        let all = delimiters(args.value(index), fold, context)?;
        if all.iter().any(Vec::is_empty) { Err(CellError::Value) } else { Ok(all) }
    };
    let (col_delimiters, row_delimiters) = (delimiters_of(1)?, delimiters_of(2)?);
    if col_delimiters.is_empty() && row_delimiters.is_empty() {
        return Err(CellError::Value);
    }
    let characters = Characters::of(args.text(0), fold);
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (from, to) in pieces(&characters, &row_delimiters, (0, characters.all.len()), ignore_empty) {
        let row = pieces(&characters, &col_delimiters, (from, to), ignore_empty);
        rows.push(row.into_iter().map(|(from, to)| characters.part(from, to).into()).collect());
    }
    rows.retain(|row| !row.is_empty());
    let cols = rows.iter().map(Vec::len).max().unwrap_or(0);
    crate::lookup::charge_array(rows.len() as u64, cols as u64, context)?;
    let pad = if args.given(5) { args.value(5).clone() } else { CellError::NA.into() };
    let count = rows.len() as u32;
    let values = rows
        .into_iter()
        .flat_map(|mut row| {
            row.resize(cols, pad.clone());
            row
        })
        .collect();
    let array = Array::new(count, cols as u32, values)?;
    Ok(if array.len() == 1 { array.first().clone() } else { array.into() })
}

/// The parts between delimiters within a span.
fn pieces(
    characters: &Characters,
    delimiters: &[Vec<char>],
    (from, to): (usize, usize),
    ignore_empty: bool,
) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut start = from;
    for (at, after) in characters.occurrences(delimiters, from, to) {
        pieces.push((start, at));
        start = after;
    }
    pieces.push((start, to));
    if ignore_empty {
        pieces.retain(|(from, to)| from < to);
    }
    pieces
}
