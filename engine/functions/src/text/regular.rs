//! REGEXTEST, REGEXEXTRACT and REGEXREPLACE.

use super::pattern::{self, Found, Pattern};
use crate::call::MAX_ARRAY;
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, Result, Value};

const TEXT: Param = Param::text("text");
const PATTERN: Param = Param::text("pattern");
const CASE: Param = Param::number("case_sensitivity").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "REGEXEXTRACT",
        &[TEXT, PATTERN, Param::number("return_mode").optional(), CASE],
        |args, context| charged(args, 3, context, extract),
    )
    .giving_array(),
    Function::context(
        "REGEXREPLACE",
        &[TEXT, PATTERN, Param::text("replacement"), Param::number("occurrence").optional(), CASE],
        |args, context| charged(args, 4, context, replace),
    ),
    Function::context("REGEXTEST", &[TEXT, PATTERN, CASE], |args, context| charged(args, 2, context, test)),
];

/// Does something with a pattern and charges for the work that it made.
fn charged(
    args: &Args<'_>,
    case_at: usize,
    context: &dyn Context,
    ask: fn(&Args<'_>, &Pattern) -> Result<Value>,
) -> Result<Value> {
    let case_insensitive = match args.integer(case_at) {
        0 => false,
        1 => true,
        _ => return Err(CellError::Value),
    };
    let pattern = pattern::compile(args.text(1), case_insensitive, args.text(0).len())?;
    let result = ask(args, &pattern);
    context.spend(pattern.units())?;
    result
}

/// Whether a pattern matches any part of a text.
fn test(args: &Args<'_>, pattern: &Pattern) -> Result<Value> {
    Ok(pattern.is_match(args.text(0))?.into())
}

/// The text of a group; empty where it took no part.
fn group<'t>(text: &'t str, found: &Found, number: usize) -> &'t str {
    found.get(number).cloned().flatten().and_then(|range| text.get(range)).unwrap_or("")
}

/// The first match (0), all matches (1) or the groups of the first match (2), side by side.
fn extract(args: &Args<'_>, pattern: &Pattern) -> Result<Value> {
    let text = args.text(0);
    let mode = args.integer(2);
    let most = match mode {
        0 => 1,
        1 => MAX_ARRAY as usize,
        // Groups are asked for, and the pattern has none.
        2 if pattern.groups() == 1 => return Err(CellError::Value),
        2 => 1,
        _ => return Err(CellError::Value),
    };
    let matches = pattern.matches(text, most)?;
    let found: Vec<Value> = match (mode, matches.first()) {
        (2, Some(first)) => (1..first.len()).map(|number| group(text, first, number).into()).collect(),
        _ => matches.iter().map(|found| group(text, found, 0).into()).collect(),
    };
    match found.as_slice() {
        [] => Err(CellError::NA),
        [only] => Ok(only.clone()),
        _ => Ok(Array::row(found)?.into()),
    }
}

/// A text with matches replaced: all of them, or one, counted from the end where the number is negative.
fn replace(args: &Args<'_>, pattern: &Pattern) -> Result<Value> {
    let (text, replacement) = (args.text(0), args.text(2));
    let occurrence = args.integer(3);
    let nth = usize::try_from(occurrence.unsigned_abs()).unwrap_or(usize::MAX);
    let matches = pattern.matches(text, if occurrence > 0 { nth } else { usize::MAX })?;
    let chosen = match occurrence {
        0 => matches.as_slice(),
        1.. => matches.get(nth - 1..nth).unwrap_or(&[]),
        _ => matches.len().checked_sub(nth).and_then(|at| matches.get(at..=at)).unwrap_or(&[]),
    };
    if chosen.is_empty() {
        return Ok(args.value(0).clone());
    }
    let mut result = String::new();
    let mut copied = 0;
    for found in chosen {
        let Some(Some(whole)) = found.first() else { continue };
        result.push_str(text.get(copied..whole.start).unwrap_or_default());
        push_replacement(&mut result, replacement, pattern, &|number| group(text, found, number));
        copied = whole.end;
        if result.len() > 4 * super::MAX_TEXT {
            return Err(CellError::Value);
        }
    }
    result.push_str(text.get(copied..).unwrap_or_default());
    super::result(result)
}

/// Appends a replacement in which `$1`, `${1}` and `${name}` stand for groups and `$$` for a dollar sign.
fn push_replacement<'t>(
    result: &mut String,
    replacement: &str,
    pattern: &Pattern,
    group: &dyn Fn(usize) -> &'t str,
) {
    let named = |name: &str| {
        let number = name.parse().ok().or_else(|| pattern.group(name));
        number.map_or("", group)
    };
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
        rest = if let Some(after) = after.strip_prefix('$') {
            result.push('$');
            after
        } else if let Some((name, after)) = after.strip_prefix('{').and_then(|braced| braced.split_once('}'))
        {
            result.push_str(named(name));
            after
        } else if digits > 0 {
            result.push_str(named(&after[..digits]));
            &after[digits..]
        } else {
            result.push('$');
            after
        };
    }
    result.push_str(rest);
}
