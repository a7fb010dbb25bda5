//! REGEXTEST, REGEXEXTRACT and REGEXREPLACE.

use super::pattern;
use crate::call::MAX_ARRAY;
use crate::{Args, Function, Param};
use regex::{Captures, Regex};
use values::{Array, CellError, Result, Value};

const TEXT: Param = Param::text("text");
const PATTERN: Param = Param::text("pattern");
const CASE: Param = Param::number("case_sensitivity").optional();

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("REGEXEXTRACT", &[TEXT, PATTERN, Param::number("return_mode").optional(), CASE], extract)
        .giving_array(),
    Function::plain(
        "REGEXREPLACE",
        &[TEXT, PATTERN, Param::text("replacement"), Param::number("occurrence").optional(), CASE],
        replace,
    ),
    Function::plain("REGEXTEST", &[TEXT, PATTERN, CASE], test),
];

fn regex(args: &Args<'_>, case_at: usize) -> Result<Regex> {
    let case_insensitive = match args.integer(case_at) {
        0 => false,
        1 => true,
        _ => return Err(CellError::Value),
    };
    pattern::compile(args.text(1), case_insensitive)
}

/// Whether a pattern matches any part of a text.
fn test(args: &Args<'_>) -> Result<Value> {
    Ok(regex(args, 2)?.is_match(args.text(0)).into())
}

/// The first match (0), all matches (1) or the groups of the first match (2), side by side.
fn extract(args: &Args<'_>) -> Result<Value> {
    let (regex, text) = (regex(args, 3)?, args.text(0));
    let found: Vec<Value> = match args.integer(2) {
        0 => regex.find(text).map(|found| found.as_str().into()).into_iter().collect(),
        1 => regex.find_iter(text).take(MAX_ARRAY as usize).map(|found| found.as_str().into()).collect(),
        // Groups are asked for, and the pattern has none.
        2 if regex.captures_len() == 1 => return Err(CellError::Value),
        2 => match regex.captures(text) {
            Some(captures) => {
                captures.iter().skip(1).map(|group| group.map_or("", |group| group.as_str()).into()).collect()
            }
            None => Vec::new(),
        },
        _ => return Err(CellError::Value),
    };
    match found.as_slice() {
        [] => Err(CellError::NA),
        [only] => Ok(only.clone()),
        _ => Ok(Array::row(found)?.into()),
    }
}

/// A text with matches replaced: all of them, or one, counted from the end where the number is negative.
fn replace(args: &Args<'_>) -> Result<Value> {
    let (regex, text, replacement) = (regex(args, 4)?, args.text(0), args.text(2));
    let occurrence = args.integer(3);
    let chosen = match occurrence {
        0 => None,
        1.. => Some(usize::try_from(occurrence - 1).unwrap_or(usize::MAX)),
        _ => {
            let back = usize::try_from(occurrence.unsigned_abs()).unwrap_or(usize::MAX);
            match regex.find_iter(text).count().checked_sub(back) {
                Some(place) => Some(place),
                None => return Ok(args.value(0).clone()),
            }
        }
    };
    let mut result = String::new();
    let mut copied = 0;
    for (nth, captures) in regex.captures_iter(text).enumerate() {
        let Some(whole) = captures.get(0) else { continue };
        if chosen.is_some_and(|chosen| chosen != nth) {
            continue;
        }
        result.push_str(&text[copied..whole.start()]);
        push_replacement(&mut result, replacement, &captures);
        copied = whole.end();
        if result.len() > 4 * super::MAX_TEXT {
            return Err(CellError::Value);
        }
    }
    result.push_str(&text[copied..]);
    super::result(result)
}

/// Appends a replacement in which `$1`, `${1}` and `${name}` stand for groups and `$$` for a dollar sign.
fn push_replacement(result: &mut String, replacement: &str, captures: &Captures<'_>) {
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
            push_group(result, name, captures);
            after
        } else if digits > 0 {
            push_group(result, &after[..digits], captures);
            &after[digits..]
        } else {
            result.push('$');
            after
        };
    }
    result.push_str(rest);
}

fn push_group(result: &mut String, name: &str, captures: &Captures<'_>) {
    let group = match name.parse::<usize>() {
        Ok(number) => captures.get(number),
        Err(_) => captures.name(name),
    };
    result.push_str(group.map_or("", |group| group.as_str()));
}
