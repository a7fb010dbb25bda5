//! Characters by number and numbers of characters.

use crate::{Args, CharacterSet, Context, Function, Param};
use values::{CellError, Result, Value};

const NUMBER: &[Param] = &[Param::number("number")];
const TEXT: &[Param] = &[Param::text("text")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("CHAR", NUMBER, char_),
    Function::context("CODE", TEXT, code),
    Function::plain("UNICHAR", NUMBER, unichar),
    Function::plain("UNICODE", TEXT, unicode),
];

/// Windows code page 1252 from 0x80 to 0x9F; the five places that it leaves open stand for themselves.
const CP1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Mac OS Roman from 0x80 on. Source: the mapping that Unicode publishes for it.
#[rustfmt::skip]
const MAC_ROMAN: [char; 128] = [
    'Ä', 'Å', 'Ç', 'É', 'Ñ', 'Ö', 'Ü', 'á', 'à', 'â', 'ä', 'ã', 'å', 'ç', 'é', 'è', 'ê', 'ë', 'í', 'ì', 'î',
    'ï', 'ñ', 'ó', 'ò', 'ô', 'ö', 'õ', 'ú', 'ù', 'û', 'ü', '†', '°', '¢', '£', '§', '•', '¶', 'ß', '®', '©',
    '™', '´', '¨', '≠', 'Æ', 'Ø', '∞', '±', '≤', '≥', '¥', 'µ', '∂', '∑', '∏', 'π', '∫', 'ª', 'º', 'Ω', 'æ',
    'ø', '¿', '¡', '¬', '√', 'ƒ', '≈', '∆', '«', '»', '…', '\u{A0}', 'À', 'Ã', 'Õ', 'Œ', 'œ', '–', '—', '“',
    '”', '‘', '’', '÷', '◊', 'ÿ', 'Ÿ', '⁄', '€', '‹', '›', 'ﬁ', 'ﬂ', '‡', '·', '‚', '„', '‰', 'Â', 'Ê', 'Á',
    'Ë', 'È', 'Í', 'Î', 'Ï', 'Ì', 'Ó', 'Ô', '\u{F8FF}', 'Ò', 'Ú', 'Û', 'Ù', 'ı', 'ˆ', '˜', '¯', '˘', '˙',
    '˚', '¸', '˝', '˛', 'ˇ',
];

/// The character of a number from 1 to 255 in the character set of the surroundings.
fn char_(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let number = u8::try_from(args.integer(0)).map_err(|_| CellError::Value)?;
    let c = match (number, context.environment().characters) {
        (0, _) => return Err(CellError::Value),
        (0x80.., CharacterSet::Macintosh) => MAC_ROMAN[usize::from(number - 0x80)],
        (0x80..=0x9F, CharacterSet::Windows) => CP1252[usize::from(number - 0x80)],
        (other, _) => char::from(other),
    };
    Ok(c.to_string().into())
}

/// The number of the first character in the character set of the surroundings; 63, a question mark, for what it
/// lacks, and 95, an underscore, on a Macintosh.
fn code(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let first = args.text(0).chars().next().ok_or(CellError::Value)?;
    let is_macintosh = context.environment().characters == CharacterSet::Macintosh;
    let (table, plain, unknown) =
        if is_macintosh { (&MAC_ROMAN[..], 0x7F, '_') } else { (&CP1252[..], 0xFF, '?') };
    let number = match table.iter().position(|c| *c == first) {
        Some(place) => place as u32 + 0x80,
        None => Some(u32::from(first)).filter(|number| *number <= plain).unwrap_or(u32::from(unknown)),
    };
    Ok(f64::from(number).into())
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
