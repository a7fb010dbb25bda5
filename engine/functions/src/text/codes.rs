//! Characters by number and numbers of characters.

use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

const NUMBER: &[Param] = &[Param::number("number")];
const TEXT: &[Param] = &[Param::text("text")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("CHAR", NUMBER, char_),
    Function::plain("CODE", TEXT, code),
    Function::plain("UNICHAR", NUMBER, unichar),
    Function::plain("UNICODE", TEXT, unicode),
];

/// Windows code page 1252 from 0x80 to 0x9F; the five places that it leaves open stand for themselves.
const CP1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// The character of a number from 1 to 255 in Windows code page 1252.
fn char_(args: &Args<'_>) -> Result<Value> {
    let number = u8::try_from(args.integer(0)).map_err(|_| CellError::Value)?;
    let c = match number {
        0 => return Err(CellError::Value),
        0x80..=0x9F => CP1252[usize::from(number - 0x80)],
        other => char::from(other),
    };
    Ok(c.to_string().into())
}

/// The number of the first character in Windows code page 1252; 63, a question mark, for others.
fn code(args: &Args<'_>) -> Result<Value> {
    let first = args.text(0).chars().next().ok_or(CellError::Value)?;
    let number = match CP1252.iter().position(|c| *c == first) {
        Some(place) => place as u32 + 0x80,
        None => u32::from(first),
    };
    Ok(f64::from(if number <= 0xFF { number } else { u32::from('?') }).into())
}

/// The character of a Unicode number. Halves of surrogate pairs and the two codes that are no characters are
/// `#N/A`.
fn unichar(args: &Args<'_>) -> Result<Value> {
    let number = u32::try_from(args.integer(0)).map_err(|_| CellError::Value)?;
    match (number, char::from_u32(number)) {
        (0 | 0x11_0000.., _) => Err(CellError::Value),
        (0xFFFE | 0xFFFF, _) | (_, None) => Err(CellError::NA),
        (_, Some(c)) => Ok(c.to_string().into()),
    }
}

/// The Unicode number of the first character.
fn unicode(args: &Args<'_>) -> Result<Value> {
    let first = args.text(0).chars().next().ok_or(CellError::Value)?;
    Ok(f64::from(u32::from(first)).into())
}
