//! References as text of their own, in both styles, as INDIRECT takes them.

use crate::lexer::{Kind, Lexer};
use crate::sheets::read_prefix;
use crate::{Axis, Corner, Extent, Mode, Node, Ref, SheetSpec, Sheets, parse};
use values::{Cell, MAX_COLS, MAX_ROWS};

/// Reads `B4`, `$A$1:B9`, `A:C`, `Sheet1!A1`, `'My sheet'!2:9`; nothing but one reference to cells.
pub fn parse_a1_reference(text: &str, host: Cell, sheets: &dyn Sheets) -> Option<Ref> {
    if text.starts_with('=') {
        return None;
    }
    let formula = parse(text, host, sheets, Mode::Workbook).ok()?;
    match formula.nodes() {
        [Node::Ref(reference)] => Some(reference.clone()),
        _ => None,
    }
}

/// Reads `Sheet1.A1`, `$'My sheet'.A1:B9`, `Sheet1.A1:Sheet1.B9`: references in LibreOffice's own notation, to a sheet
/// that is there. `None` for those that name no sheet.
pub fn parse_dotted_reference(text: &str, host: Cell, sheets: &dyn Sheets) -> Option<Ref> {
    let (sheet, first, rest) = dotted_corner(text.trim())?;
    let cells = match rest {
        "" => first.to_owned(),
        rest => {
            let rest = rest.strip_prefix(':')?;
            let last = match dotted_corner(rest) {
                Some((other, last, "")) if other.is_empty() || other == sheet => last,
                None if !rest.contains('.') => rest,
                _ => return None,
            };
            format!("{first}:{last}")
        }
    };
    let sheet = sheets.sheet_by_name(&sheet)?;
    let mut reference = parse_a1_reference(&cells, host, sheets)?;
    reference.sheet = SheetSpec::Sheet(sheet);
    Some(reference)
}

/// A sheet's name, the cell behind its dot, and what follows.
fn dotted_corner(text: &str) -> Option<(String, &str, &str)> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let (sheet, cell) = if let Some(quoted) = text.strip_prefix('\'') {
        let (name, cell) = quoted.split_once("'.")?;
        (name.replace("''", "'"), cell)
    } else {
        let here = text.split(':').next().unwrap_or(text);
        let (name, _) = here.rsplit_once('.')?;
        (name.to_owned(), text.get(name.len() + 1..)?)
    };
    let (cell, rest) = cell.split_at(cell.find(':').unwrap_or(cell.len()));
    Some((sheet, cell, rest))
}

/// Reads `R2C3`, `R[-1]C`, `R1C1:R[2]C[2]`, `R5`, `C[1]`, `'My sheet'!R1C1:R9C9`. Distances need no host.
pub fn parse_r1c1_reference(text: &str, sheets: &dyn Sheets) -> Option<Ref> {
    let prefix = Lexer::new(text, Mode::Workbook, None).next();
    let (sheet, cells) = match prefix.kind {
        Kind::Prefix if prefix.start == 0 => {
            let (written, cells) = text.split_at_checked(prefix.end)?;
            (read_prefix(written, sheets), cells)
        }
        _ => (SheetSpec::Here, text),
    };
    let extent = match cells.split_once(':') {
        None => single(part(cells)?)?,
        Some((first, last)) => between(part(first)?, part(last)?)?,
    };
    Some(Ref { sheet, extent })
}

/// A row, a column, both, or nothing.
type Part = (Option<Axis>, Option<Axis>);

fn single(part: Part) -> Option<Extent> {
    match part {
        (Some(row), Some(col)) => Some(Extent::Cell(Corner { row, col })),
        (Some(row), None) => Some(Extent::Rows(row, row)),
        (None, Some(col)) => Some(Extent::Cols(col, col)),
        (None, None) => None,
    }
}

fn between(first: Part, last: Part) -> Option<Extent> {
    match (first, last) {
        ((Some(top), Some(left)), (Some(bottom), Some(right))) => {
            Some(Extent::Rect(Corner { row: top, col: left }, Corner { row: bottom, col: right }))
        }
        ((Some(top), None), (Some(bottom), None)) => Some(Extent::Rows(top, bottom)),
        ((None, Some(left)), (None, Some(right))) => Some(Extent::Cols(left, right)),
        _ => None,
    }
}

fn part(text: &str) -> Option<Part> {
    let (row, rest) = axis(text, 'R', MAX_ROWS)?;
    let (col, rest) = axis(rest, 'C', u32::from(MAX_COLS))?;
    rest.is_empty().then_some((row, col))
}

/// The axis that begins with a letter, if there is one, and the text behind it; `None` off the sheet.
fn axis(text: &str, letter: char, count: u32) -> Option<(Option<Axis>, &str)> {
    let Some(rest) = text.strip_prefix([letter, letter.to_ascii_lowercase()]) else {
        return Some((None, text));
    };
    if let Some(bracket) = rest.strip_prefix('[') {
        let (distance, rest) = bracket.split_once(']')?;
        let distance: i32 = distance.parse().ok()?;
        return (distance.unsigned_abs() < count).then_some((Some(Axis::Relative(distance)), rest));
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = rest.split_at_checked(digits)?;
    if digits.is_empty() {
        return Some((Some(Axis::Relative(0)), rest));
    }
    let number: u32 = digits.parse().ok()?;
    (1..=count).contains(&number).then(|| (Some(Axis::Absolute(number - 1)), rest))
}
