//! What the characters of a formula make: words, numbers, blanks, brackets and A1 references.
//!
//! Everything here looks at text alone, never at sheets, names or the host cell. The lexer builds on it, and
//! so does the template key: what is the same here is the same formula.

use crate::{Axis, Corner, Extent};
use values::{Cell, MAX_COLS, MAX_ROWS};

/// A row or column as written: its place counted from 0, twice, and 1 more where `$` pins it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place(u32);

/// A cell as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    pub row: Place,
    pub col: Place,
}

impl Default for Cells {
    fn default() -> Cells {
        Cells::Cell(Spot::default())
    }
}

/// The cells of a reference as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cells {
    Cell(Spot),
    Rect(Spot, Spot),
    Rows(Place, Place),
    Cols(Place, Place),
}

/// Which empty edges a reference leaves out: `A1.:B9` the leading ones, `A1:.B9` the trailing ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trim {
    pub leading: bool,
    pub trailing: bool,
}

/// A reference without its sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub cells: Cells,
    pub trim: Trim,
}

impl Place {
    /// On a sheet, so that twice the place fits.
    fn new(at: u32, pinned: bool) -> Place {
        Place(at << 1 | u32::from(pinned))
    }

    fn is_pinned(self) -> bool {
        self.0 & 1 != 0
    }

    fn axis(self, host: u32) -> Axis {
        if self.is_pinned() { Axis::Absolute(self.0 >> 1) } else { Axis::relative(self.0 >> 1, host) }
    }

    /// Odd and of the place itself if pinned, else even and of the distance from the host.
    pub fn packed(self, host: u32) -> u32 {
        if self.is_pinned() { self.0 } else { self.0.wrapping_sub(host << 1) }
    }
}

impl Spot {
    pub fn corner(self, host: Cell) -> Corner {
        Corner { row: self.row.axis(host.row.0), col: self.col.axis(u32::from(host.col.0)) }
    }
}

impl Cells {
    /// The same as seen from the host.
    pub fn extent(self, host: Cell) -> Extent {
        let (row, col) = (host.row.0, u32::from(host.col.0));
        match self {
            Cells::Cell(a) => Extent::Cell(a.corner(host)),
            Cells::Rect(a, b) => Extent::Rect(a.corner(host), b.corner(host)),
            Cells::Rows(a, b) => Extent::Rows(a.axis(row), b.axis(row)),
            Cells::Cols(a, b) => Extent::Cols(a.axis(col), b.axis(col)),
        }
    }
}

/// The classes of bytes: what may stand in a word, and what may begin one.
const WORD: u8 = 1;
const START: u8 = 2;
const LETTER: u8 = 4;
const DIGIT: u8 = 8;
/// Part of a character beyond ASCII, which has to be looked at as a whole.
const WIDE: u8 = 16;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'A'..=b'Z' | b'a'..=b'z' => WORD | START | LETTER,
            b'0'..=b'9' => WORD | DIGIT,
            b'_' | b'\\' => WORD | START,
            b'.' | b'?' => WORD,
            0x80.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    table
}

#[inline]
fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

#[inline]
pub(crate) fn is_digit(byte: u8) -> bool {
    class(byte) & DIGIT != 0
}

/// The byte at a place; 0, which stands in no formula, past the end.
#[inline]
pub(crate) fn byte_at(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// The character at a place, if a character begins there.
pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// Whether a character beyond ASCII may stand in a word: letters, digits and marks of every script, and signs
/// such as `€`; not blanks, quotation marks, dashes and other punctuation.
fn is_wide_word(c: char) -> bool {
    c.is_alphanumeric()
        || !(c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{80}'..='\u{bf}' | '×' | '÷' | '\u{2000}'..='\u{206f}' | '\u{2190}'..='\u{23ff}')
            || matches!(c, '\u{3000}'..='\u{303f}' | '\u{fe00}'..='\u{fe6f}' | '\u{feff}'..='\u{ff65}' | '\u{fff0}'..='\u{ffff}'))
}

/// Whether a word may begin with this character.
pub(crate) fn is_word_start(text: &str, at: usize) -> bool {
    let class = class(byte_at(text, at));
    if class & WIDE == 0 {
        return class & START != 0;
    }
    char_at(text, at).is_some_and(|c| c.is_alphabetic() || (is_wide_word(c) && !c.is_numeric()))
}

/// Where the word that begins or goes on at a place ends.
#[inline]
pub(crate) fn word_end(text: &str, mut at: usize) -> usize {
    loop {
        let class = class(byte_at(text, at));
        if class & WORD != 0 {
            at += 1;
        } else if class & WIDE == 0 {
            return at;
        } else {
            match char_at(text, at) {
                Some(c) if is_wide_word(c) => at += c.len_utf8(),
                _ => return at,
            }
        }
    }
}

/// Where the blanks at a place end. Line breaks are blanks, and so are the wide and fixed spaces of Unicode.
pub(crate) fn blanks_end(text: &str, mut at: usize) -> usize {
    loop {
        match byte_at(text, at) {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            byte if byte < 0x80 => return at,
            _ => match char_at(text, at) {
                Some(c) if c.is_whitespace() => at += c.len_utf8(),
                _ => return at,
            },
        }
    }
}

/// As [`blanks_end`], quick where there is no blank, as almost everywhere.
#[inline]
pub(crate) fn skip_blanks(text: &str, at: usize) -> usize {
    let byte = byte_at(text, at);
    if byte > b' ' && byte < 0x80 { at } else { blanks_end(text, at) }
}

/// Where the bracket that opens at a place closes, one past the `]`. Inside, `'` takes the meaning from a
/// bracket, `#`, `@` or another `'`.
pub(crate) fn bracket_end(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (open, 0u32);
    loop {
        match bytes.get(at)? {
            b'[' => depth += 1,
            b']' if depth <= 1 => return Some(at + 1),
            b']' => depth -= 1,
            b'\'' if is_escaped(byte_at(text, at + 1)) => at += 1,
            _ => {}
        }
        at += 1;
    }
}

/// Whether `'` in front of this byte is an escape and not itself.
pub(crate) fn is_escaped(byte: u8) -> bool {
    matches!(byte, b'[' | b']' | b'#' | b'\'' | b'@')
}

/// Where text in doubled quotation marks ends, one past the last; `open` is the first mark's place.
pub(crate) fn quoted_end(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(open)?;
    let mut at = open + 1;
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        if byte == quote {
            if bytes.get(at) != Some(&quote) {
                return Some(at);
            }
            at += 1;
        }
    }
}

/// Where the number at a place ends: `12`, `1.5`, `.5`, `1.`, `1E+10`. At least one digit stands there.
pub(crate) fn number_end(text: &str, start: usize, decimal: u8) -> usize {
    let digits = |mut at: usize| {
        while is_digit(byte_at(text, at)) {
            at += 1;
        }
        at
    };
    let mut at = digits(start);
    // A comma that ends a number belongs to what follows it.
    if byte_at(text, at) == decimal && (decimal == b'.' || is_digit(byte_at(text, at + 1))) {
        at = digits(at + 1);
    }
    if matches!(byte_at(text, at), b'E' | b'e') {
        let sign = usize::from(matches!(byte_at(text, at + 1), b'+' | b'-'));
        if is_digit(byte_at(text, at + 1 + sign)) {
            at = digits(at + 1 + sign);
        }
    }
    at
}

/// Where a whole number at a place ends, if what follows leaves no doubt that it is one.
#[inline]
pub(crate) fn plain_number_end(text: &str, mut at: usize) -> Option<usize> {
    while is_digit(byte_at(text, at)) {
        at += 1;
    }
    matches!(byte_at(text, at), b')' | b',' | b';' | b'*' | b'+' | b'-' | b'/' | b'<'..=b'>' | b'&' | b'}')
        .then_some(at)
}

/// The A1 reference at a place, and where it ends. `LOG10(`, `A1B`, `Q1!` and `T1[` are none.
pub(crate) fn reference(text: &str, at: usize) -> Option<(Written, usize)> {
    let letter = class(byte_at(text, at + usize::from(byte_at(text, at) == b'$'))) & LETTER != 0;
    if !letter {
        let (first, end) = row(text, at)?;
        return whole(text, first, end, row, Cells::Rows);
    }
    let (col, end) = column(text, at)?;
    let Some((row, end)) = row(text, end) else {
        return whole(text, col, end, column, Cells::Cols);
    };
    let first = Spot { row, col };
    if let Some((trim, next)) = colon(text, end)
        && let Some((last, end)) = spot(text, next)
        && ends_reference(text, end)
        // In `A1:B2#` the second part alone spills.
        && byte_at(text, end) != b'#'
    {
        return Some((Written { cells: Cells::Rect(first, last), trim }, end));
    }
    let alone = Written { cells: Cells::Cell(first), trim: Trim::default() };
    ends_reference(text, end).then_some((alone, end))
}

/// Whole rows or columns from the first on, which has been read up to `end`.
#[inline]
fn whole(
    text: &str,
    first: Place,
    end: usize,
    read: impl Fn(&str, usize) -> Option<(Place, usize)>,
    make: impl Fn(Place, Place) -> Cells,
) -> Option<(Written, usize)> {
    let (trim, next) = colon(text, end)?;
    let (last, end) = read(text, next)?;
    ends_reference(text, end).then(|| (Written { cells: make(first, last), trim }, end))
}

/// Whether a whole word reads as a cell, so that no name and no unquoted sheet can be called so.
pub(crate) fn is_cell_word(word: &str) -> bool {
    spot(word, 0).is_some_and(|(_, end)| end == word.len())
}

/// Whether a whole word reads as a column's letters.
pub(crate) fn is_column_word(word: &str) -> bool {
    column(word, 0).is_some_and(|(place, end)| end == word.len() && !place.is_pinned())
}

/// The `:` of a range with the dots that trim it and blanks around it; gives where the second part begins.
#[inline]
fn colon(text: &str, at: usize) -> Option<(Trim, usize)> {
    let leading = byte_at(text, at) == b'.';
    let at = skip_blanks(text, at + usize::from(leading));
    if byte_at(text, at) != b':' {
        return None;
    }
    let trailing = byte_at(text, at + 1) == b'.';
    Some((Trim { leading, trailing }, skip_blanks(text, at + 1 + usize::from(trailing))))
}

#[inline]
fn ends_reference(text: &str, at: usize) -> bool {
    let byte = byte_at(text, at);
    if byte < 0x80 {
        class(byte) & WORD == 0 && !matches!(byte, b'(' | b'!' | b'[' | b'$')
    } else {
        word_end(text, at) == at
    }
}

#[inline]
fn spot(text: &str, at: usize) -> Option<(Spot, usize)> {
    let (col, at) = column(text, at)?;
    let (row, at) = row(text, at)?;
    Some((Spot { row, col }, at))
}

#[inline]
fn column(text: &str, at: usize) -> Option<(Place, usize)> {
    let pinned = byte_at(text, at) == b'$';
    let start = at + usize::from(pinned);
    let (mut number, mut end) = (0u32, start);
    while class(byte_at(text, end)) & LETTER != 0 {
        if end - start == 3 {
            return None;
        }
        number = number * 26 + u32::from(byte_at(text, end).to_ascii_uppercase() - b'A') + 1;
        end += 1;
    }
    let on_sheet = (1..=u32::from(MAX_COLS)).contains(&number);
    on_sheet.then(|| (Place::new(number - 1, pinned), end))
}

#[inline]
fn row(text: &str, at: usize) -> Option<(Place, usize)> {
    let pinned = byte_at(text, at) == b'$';
    let start = at + usize::from(pinned);
    let (mut number, mut end) = (0u32, start);
    while is_digit(byte_at(text, end)) {
        if end - start == 7 {
            return None;
        }
        number = number * 10 + u32::from(byte_at(text, end) - b'0');
        end += 1;
    }
    (1..=MAX_ROWS).contains(&number).then(|| (Place::new(number - 1, pinned), end))
}
