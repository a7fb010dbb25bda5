//! Upper and lower case, spaces and control characters, equality.

use crate::{Args, Function, Param};
use values::{Result, Value};

const TEXT: &[Param] = &[Param::text("text")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("CLEAN", TEXT, clean),
    Function::plain("EXACT", &[Param::text("text1"), Param::text("text2")], exact),
    Function::plain("LOWER", TEXT, |args| Ok(args.text(0).chars().map(lower).collect::<String>().into())),
    Function::plain("PROPER", TEXT, proper),
    Function::plain("TRIM", TEXT, trim),
    Function::plain("UPPER", TEXT, |args| Ok(args.text(0).chars().map(upper).collect::<String>().into())),
];

/// The capital of a character where it is one character: ß stays.
pub(super) fn upper(c: char) -> char {
    let mut capitals = c.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => c,
    }
}

/// The small letter of a character; of İ the i alone, without the dot that Unicode sets over it.
pub(super) fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// A capital at the start and after everything that is no letter, else small letters.
fn proper(args: &Args<'_>) -> Result<Value> {
    let mut after_letter = false;
    let proper: String = args
        .text(0)
        .chars()
        .map(|c| {
            let cased = if after_letter { lower(c) } else { upper(c) };
            after_letter = c.is_alphabetic();
            cased
        })
        .collect();
    Ok(proper.into())
}

/// Without spaces at the ends and with single ones within; no-break spaces stay.
fn trim(args: &Args<'_>) -> Result<Value> {
    let words: Vec<&str> = args.text(0).split(' ').filter(|word| !word.is_empty()).collect();
    Ok(words.join(" ").into())
}

/// Without the control characters below 32.
fn clean(args: &Args<'_>) -> Result<Value> {
    Ok(args.text(0).chars().filter(|c| *c >= ' ').collect::<String>().into())
}

/// Whether two texts are the same, case and all.
fn exact(args: &Args<'_>) -> Result<Value> {
    Ok((args.text(0) == args.text(1)).into())
}
