//! Full-width and half-width forms, and PHONETIC.

use crate::{Args, Context, Function, Param};
use values::{Area, CellError, Result, Value};

const TEXT: &[Param] = &[Param::text("text")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::plain("ASC", TEXT, asc),
    Function::context("DBCS", TEXT, dbcs),
    Function::context("JIS", TEXT, dbcs),
    Function::context("PHONETIC", &[Param::reference("reference")], phonetic),
];

/// Half-width katakana from U+FF61 on and the full-width character of each.
const KATAKANA: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";
const HALF_FIRST: u32 = 0xFF61;
const VOICED: char = 'ﾞ';
const SEMI_VOICED: char = 'ﾟ';

/// Full-width characters in half width.
fn asc(args: &Args<'_>) -> Result<Value> {
    let mut half = String::new();
    for c in args.text(0).chars() {
        match c {
            '\u{3000}' => half.push(' '),
            '\u{FF01}'..='\u{FF5E}' => half.extend(char::from_u32(u32::from(c) - 0xFEE0)),
            '’' => half.push('\''),
            '”' => half.push('"'),
            '￥' => half.push('\\'),
            c => push_half_kana(&mut half, c),
        }
    }
    super::result(half)
}

fn push_half_kana(half: &mut String, c: char) {
    if let Some(kana) = half_kana(c) {
        half.push(kana);
        return;
    }
    // A voiced character is the one before it (or two before it) with a mark behind.
    for (mark, distance) in [(VOICED, 1), (SEMI_VOICED, 2)] {
        let plain = char::from_u32(u32::from(c) - distance.min(u32::from(c)));
        if let Some(kana) = plain.and_then(half_kana)
            && voiced(kana, mark) == Some(c)
        {
            half.extend([kana, mark]);
            return;
        }
    }
    match c {
        'ヴ' => half.extend(['ｳ', VOICED]),
        c => half.push(c),
    }
}

fn half_kana(full: char) -> Option<char> {
    let place = KATAKANA.chars().position(|c| c == full)?;
    char::from_u32(HALF_FIRST + u32::try_from(place).ok()?)
}

fn full_kana(half: char) -> Option<char> {
    let place = u32::from(half).checked_sub(HALF_FIRST)?;
    KATAKANA.chars().nth(usize::try_from(place).ok()?)
}

/// The full-width character of a half-width one with a voicing mark.
fn voiced(half: char, mark: char) -> Option<char> {
    let full = full_kana(half)?;
    match (full, mark) {
        ('ッ', _) => None,
        ('カ'..='ト' | 'ハ'..='ホ', VOICED) => char::from_u32(u32::from(full) + 1),
        ('ハ'..='ホ', SEMI_VOICED) => char::from_u32(u32::from(full) + 2),
        ('ウ', VOICED) => Some('ヴ'),
        _ => None,
    }
}

/// Half-width characters in full width, where an East Asian language is the default; elsewhere Excel leaves the
/// text as it is.
fn dbcs(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    if !super::units::counts_bytes(context.environment().locale) {
        return Ok(args.text(0).into());
    }
    let mut full = String::new();
    let mut chars = args.text(0).chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(with_mark) = chars.peek().and_then(|mark| voiced(c, *mark)) {
            chars.next();
            full.push(with_mark);
            continue;
        }
        match c {
            ' ' => full.push('\u{3000}'),
            '"' => full.push('”'),
            '\'' => full.push('’'),
            '\\' => full.push('￥'),
            '!'..='~' => full.extend(char::from_u32(u32::from(c) + 0xFEE0)),
            c => full.push(full_kana(c).unwrap_or(c)),
        }
    }
    super::result(full)
}

/// The texts that were typed into a range, one after the other; numbers and what formulas give are left out, as
/// in Excel. Readings (furigana) that a file may hold beside a text are not known here: the text itself stands in.
fn phonetic(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let Value::Range(sheet, rect) = args.value(0) else { return Err(CellError::NA) };
    let mut joined = String::new();
    context.view(Area { sheet: *sheet, rect: *rect })?.try_for_each(|row, col, value| -> Result<()> {
        let cell = values::Cell::new(rect.top.0 + row, rect.left.0 + col as u16);
        if let Value::Text(text) = value
            && context.formula_text(*sheet, cell).is_none()
        {
            joined.push_str(text);
            if joined.len() > 4 * super::MAX_TEXT {
                return Err(CellError::Value);
            }
        }
        Ok(())
    })?;
    super::result(joined)
}
