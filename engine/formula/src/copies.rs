//! Filled-down copies of a formula, told by their text.
//!
//! A copy further down its column is the same text with other numbers in the relative rows of its references. To
//! compare texts is several times quicker than to make their keys. Invariant: what is taken for a copy has the
//! formula's template key; what is not may have it all the same.

use crate::Mode;
use crate::lexer::{Kind, Lexer};
use crate::scan::{byte_at, is_digit};
use std::ops::Range;
use values::{Cell, MAX_ROWS};

/// A formula's text, and where its relative rows stand in it.
#[derive(Clone, Debug)]
pub struct Copies {
    text: String,
    rows: Vec<RelativeRow>,
}

#[derive(Clone, Debug)]
struct RelativeRow {
    /// Its digits' bytes.
    digits: Range<usize>,
    /// How far it is below the host.
    below: i64,
}

impl Copies {
    /// Looks for the relative rows of a workbook's formula as the cell `host` holds it.
    pub fn of(text: &str, host: Cell) -> Copies {
        let mut rows = Vec::new();
        let mut lexer = Lexer::new(text, Mode::Workbook, None);
        loop {
            let token = lexer.next();
            match token.kind {
                Kind::End => break,
                Kind::Reference => push_rows(text, token.span(), host, &mut rows),
                _ => {}
            }
        }
        Copies { text: text.to_owned(), rows }
    }

    /// Whether this is the text of a copy in `row`, counted from 0, of the host's column.
    pub fn is_copy(&self, text: &str, row: u32) -> bool {
        let (own, text) = (self.text.as_bytes(), text.as_bytes());
        let (mut from, mut at) = (0, 0);
        for relative in &self.rows {
            let same = &own[from..relative.digits.start];
            let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix(same)) else { return false };
            at += same.len();
            let Some((number, len)) = row_number(rest) else { return false };
            if i64::from(number) - 1 - i64::from(row) != relative.below {
                return false;
            }
            at += len;
            from = relative.digits.end;
        }
        text.get(at..) == own.get(from..)
    }
}

/// The digits of a reference that no `$` pins.
fn push_rows(text: &str, span: Range<usize>, host: Cell, rows: &mut Vec<RelativeRow>) {
    let mut at = span.start;
    while at < span.end {
        if !is_digit(byte_at(text, at)) {
            at += 1;
            continue;
        }
        let start = at;
        while at < span.end && is_digit(byte_at(text, at)) {
            at += 1;
        }
        let pinned = start > span.start && byte_at(text, start - 1) == b'$';
        if !pinned {
            // A row with zeros before it is one too, and what is no number here is no copy of anything.
            let number = row_number(&text.as_bytes()[start..at]).map_or(0, |(number, _)| number);
            rows.push(RelativeRow {
                digits: start..at,
                below: i64::from(number) - 1 - i64::from(host.row.0),
            });
        }
    }
}

/// A sheet's row number without leading zeros, and how many digits it has.
fn row_number(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut number = 0_u32;
    let mut len = 0;
    while let Some(byte) = bytes.get(len).filter(|byte| byte.is_ascii_digit()) {
        number = number * 10 + u32::from(byte - b'0');
        len += 1;
        if number == 0 || number > MAX_ROWS {
            return None;
        }
    }
    (len > 0).then_some((number, len))
}
