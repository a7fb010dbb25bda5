//! The template key: a formula's tokens as bytes, with references as the host sees them.
//!
//! The parser sees nothing but tokens, and they read back from the key without doubt. So two texts with equal
//! keys are the same formula, and a reader of files parses a column filled with one formula once.

use crate::Mode;
use crate::lexer::{Kind, Lexer, Token};
use crate::scan::{Cells, Spot, Written};
use values::Cell;

/// Ends a piece of text. No UTF-8 text holds this byte.
const END_OF_TEXT: u8 = 0xff;
/// Added to a token's code where a blank stands before it, which may be an intersection.
const BLANK: u8 = 0x80;

/// Appends the key of a workbook's formula as the cell `host` holds it.
///
/// Formulas of one workbook with equal keys parse to equal trees, unless one of the two texts is too long.
/// Different keys say nothing: `SUM(A1)` and `sum(A1)` have different ones.
pub fn template_key(text: &str, host: Cell, key: &mut Vec<u8>) {
    let mut lexer = Lexer::new(text, Mode::Workbook, None);
    key.reserve(text.len() * 2);
    loop {
        let token = lexer.next();
        match token.kind {
            Kind::End => return,
            Kind::Reference => push_reference(key, lexer.written, host, token.blank),
            kind => push_token(key, code(kind), token, text),
        }
    }
}

/// A token's code, and whether its text belongs to it.
fn code(kind: Kind) -> (u8, bool) {
    match kind {
        Kind::Number => (1, true),
        Kind::Text => (2, true),
        Kind::Name => (3, true),
        Kind::Call => (4, true),
        Kind::Table => (5, true),
        Kind::Prefix => (6, true),
        Kind::QuotedName => (7, true),
        // Text that is no formula, and what an expression but no workbook holds.
        Kind::Bad(_) | Kind::Binding | Kind::Context | Kind::End | Kind::Reference => (8, true),
        Kind::Bang => (9, false),
        Kind::Open => (10, false),
        Kind::Close => (11, false),
        Kind::BraceOpen => (12, false),
        Kind::BraceClose => (13, false),
        Kind::Comma => (14, false),
        Kind::Semicolon => (15, false),
        Kind::Percent => (16, false),
        Kind::Hash => (17, false),
        Kind::At => (18, false),
        Kind::Op(op) => (20 + op as u8, false),
        Kind::Error(error) => (40 + error as u8, false),
    }
}

/// The first code of references; four shapes and four ways to trim follow it.
const REFERENCE: u8 = 64;

fn push_token(key: &mut Vec<u8>, (code, with_text): (u8, bool), token: Token, text: &str) {
    key.push(if token.blank { code | BLANK } else { code });
    if with_text {
        key.extend_from_slice(text.get(token.span()).unwrap_or_default().as_bytes());
        key.push(END_OF_TEXT);
    }
}

fn push_reference(key: &mut Vec<u8>, written: Written, host: Cell, blank: bool) {
    let trim = u8::from(written.trim.leading) * 4 + u8::from(written.trim.trailing) * 8;
    let shape = match written.cells {
        Cells::Cell(_) => 0,
        Cells::Rect(..) => 1,
        Cells::Rows(..) => 2,
        Cells::Cols(..) => 3,
    };
    key.push((REFERENCE + trim + shape) | if blank { BLANK } else { 0 });
    let (row, col) = (host.row.0, u32::from(host.col.0));
    match written.cells {
        Cells::Cell(a) => push_spot(key, a, host),
        Cells::Rect(a, b) => {
            push_spot(key, a, host);
            push_spot(key, b, host);
        }
        Cells::Rows(a, b) => key.extend_from_slice(&pair(a.packed(row), b.packed(row))),
        Cells::Cols(a, b) => key.extend_from_slice(&pair(a.packed(col), b.packed(col))),
    }
}

fn push_spot(key: &mut Vec<u8>, spot: Spot, host: Cell) {
    key.extend_from_slice(&pair(spot.row.packed(host.row.0), spot.col.packed(u32::from(host.col.0))));
}

fn pair(a: u32, b: u32) -> [u8; 8] {
    (u64::from(a) | u64::from(b) << 32).to_le_bytes()
}
