//! What to say about a token that cannot stand where it stands.

use crate::BinaryOp;
use crate::error::ParseError;
use crate::lexer::{Kind, Problem, Token};
use crate::scan::{char_at, is_digit, word_end};
use std::ops::Range;

/// About a token where a value or a reference should be.
pub(crate) fn missing(text: &str, token: &Token) -> ParseError {
    match token.kind {
        Kind::Bad(problem) => unreadable(text, token, problem),
        Kind::End => {
            ParseError::new(token.span(), "The formula ends where a value or a reference should follow.")
        }
        Kind::Hash if word_end(text, token.end) > token.end => {
            let end = word_end(text, token.end);
            let written = text.get(token.start..end).unwrap_or_default();
            ParseError::new(token.start..end, format!("{written} is none of the error values."))
        }
        _ => {
            let message = format!("A value or a reference is missing before {}.", shown(text, token.span()));
            let error = ParseError::new(token.span(), message);
            let reversed = token.kind == Kind::Op(BinaryOp::Greater)
                && text.get(..token.start).is_some_and(|before| before.ends_with('='));
            if reversed { error.hint("Write >= for at least.") } else { error }
        }
    }
}

/// About what stands beside an operator on references and is none.
pub(crate) fn no_reference(text: &str, span: Range<usize>, op: BinaryOp) -> ParseError {
    let written = shown(text, span.clone());
    match op {
        BinaryOp::Range => ParseError::new(span, format!("A colon joins references, and {written} is none.")),
        BinaryOp::Union => {
            ParseError::new(span, format!("A comma joins references here, and {written} is none."))
                .hint("Only in a function's own parentheses do commas separate arguments.")
        }
        _ => ParseError::new(span, format!("A blank joins references, and {written} is none."))
            .hint("Write an operator between two values."),
    }
}

/// About a closing bracket of the wrong kind.
pub(crate) fn wrong_closer(token: &Token, wanted: Kind) -> ParseError {
    let message = match wanted {
        Kind::BraceClose => "A ) stands where } should close the array.",
        _ => "A } stands where ) should close the parenthesis.",
    };
    ParseError::new(token.span(), message)
}

/// About a token behind a complete expression.
pub(crate) fn leftover(text: &str, token: &Token) -> ParseError {
    let error = |message: &str| ParseError::new(token.span(), message);
    match token.kind {
        Kind::Bad(problem) => unreadable(text, token, problem),
        Kind::Close => error("There is no opening parenthesis for this )."),
        Kind::BraceClose => error("There is no opening brace for this }."),
        Kind::Hash => error("# stands only directly behind a reference."),
        Kind::Semicolon => error("A semicolon stands only between the rows of an array.")
            .hint("Separate arguments with commas."),
        _ => ParseError::new(
            token.span(),
            format!("An operator is missing before {}.", shown(text, token.span())),
        ),
    }
}

/// A piece of the formula for a message, cut where it is long.
fn shown(text: &str, span: Range<usize>) -> &str {
    let whole = text.get(span).unwrap_or_default();
    let end = whole.char_indices().nth(24).map_or(whole.len(), |(at, _)| at);
    whole.get(..end).unwrap_or(whole)
}

fn unreadable(text: &str, token: &Token, problem: Problem) -> ParseError {
    let error = |message: &str| ParseError::new(token.span(), message);
    match problem {
        Problem::Character => character(text, token),
        Problem::OpenText => error("The text has no closing quotation mark."),
        Problem::OpenQuote => error("The sheet name has no closing apostrophe."),
        Problem::QuoteWithoutSheet => error("In apostrophes stand only sheet names, with ! behind them.")
            .hint("Put text between quotation marks (\")."),
        Problem::OpenBracket => error("The bracket [ is never closed."),
        Problem::NumberInWord => {
            let message = format!("{} is neither a number nor a name.", shown(text, token.span()));
            let number =
                text.get(token.span()).is_some_and(|text| text.bytes().all(|b| is_digit(b) || b == b'.'));
            ParseError::new(token.span(), message).hint(if number {
                "A number has one decimal sign, a point or the one of the country."
            } else {
                "Names begin with a letter or _."
            })
        }
    }
}

fn character(text: &str, token: &Token) -> ParseError {
    let Some(found) = char_at(text, token.start) else {
        return ParseError::new(token.span(), "The formula ends too early.");
    };
    let message = if found.is_control() {
        format!("The control character U+{:04X} cannot stand here.", u32::from(found))
    } else {
        format!("The character {found} cannot stand here.")
    };
    let hint = match found {
        '“' | '”' | '„' | '«' | '»' | '″' => "Put text between straight quotation marks (\").",
        '‘' | '’' | '‚' | '`' | '´' => "Put sheet names between straight apostrophes (').",
        '−' | '–' | '—' => "Write - for minus.",
        '×' | '·' => "Write * to multiply.",
        '÷' => "Write / to divide.",
        '≤' => "Write <= for at most.",
        '≥' => "Write >= for at least.",
        '≠' => "Write <> for not equal.",
        ',' => "Separate arguments with semicolons.",
        '$' => "Write $ only before a column's letters or a row's number.",
        _ => return ParseError::new(token.span(), message),
    };
    ParseError::new(token.span(), message).hint(hint)
}
