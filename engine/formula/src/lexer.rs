//! Formula text to tokens.
//!
//! A token is a kind and a span; nothing is copied. Apart from [`Mode::Unquoted`], tokens depend on the text
//! alone, and the parser sees nothing but tokens: that makes the template key safe.

use crate::scan::{
    Written, bracket_end, byte_at, char_at, is_cell_word, is_digit, is_word_start, number_end,
    plain_number_end, quoted_end, reference, skip_blanks, word_end,
};
use crate::{BinaryOp, Mode, Separators, Sheets};
use std::ops::Range;
use values::CellError;

/// The words that `@` makes a fact of the app's surroundings in expressions.
pub(crate) const CONTEXTS: [&str; 5] = ["user.email", "user.role", "locale", "online", "column"];

/// The longest unquoted sheet name that is looked for, in bytes: 31 characters of up to four.
const MAX_SHEET_BYTES: usize = 124;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    End,
    Number,
    /// With its quotation marks.
    Text,
    Error(CellError),
    /// Without a sheet, which is a token of its own before it. The cells are in [`Lexer::written`].
    Reference,
    Name,
    /// A function's name; the `(` behind it is eaten.
    Call,
    /// `Table1[…]` or `[…]`
    Table,
    /// What stands before a reference, up to and with its `!`.
    Prefix,
    /// `'a name'` behind a prefix.
    QuotedName,
    /// `!` with nothing before it.
    Bang,
    /// `#id`
    Binding,
    /// `@locale` and its like.
    Context,
    Open,
    Close,
    BraceOpen,
    BraceClose,
    /// Between arguments, areas of a union and columns of an array constant.
    Comma,
    /// Between rows of an array constant.
    Semicolon,
    Op(BinaryOp),
    Percent,
    Hash,
    At,
    Bad(Problem),
}

/// Text that is no token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Problem {
    Character,
    OpenText,
    OpenQuote,
    QuoteWithoutSheet,
    OpenBracket,
    NumberInWord,
}

/// A piece of a formula's text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// Whether a blank stands before it.
    pub blank: bool,
}

impl Token {
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    expression: bool,
    separators: Separators,
    /// The cells of the last token that was a reference. They stand here and not in the token, so that a token
    /// is small: a sheet of a million formulas makes ten million of them.
    pub written: Written,
    /// Known sheets, where unquoted names are to be matched with them.
    sheets: Option<&'a dyn Sheets>,
    /// Whether the last token ended an operand, so that `#` means its spilled range.
    operand: bool,
    /// Whether the last token was a sheet, so that a quoted text is a name.
    prefixed: bool,
    braces: bool,
}

impl<'a> Lexer<'a> {
    /// Starts behind a leading `=`.
    pub fn new(text: &'a str, mode: Mode, sheets: Option<&'a dyn Sheets>) -> Lexer<'a> {
        let start = skip_blanks(text, 0);
        let separators = match mode {
            Mode::Grid(separators) => separators,
            _ => Separators::Point,
        };
        Lexer {
            text,
            at: start + usize::from(byte_at(text, start) == b'='),
            expression: mode == Mode::Expression,
            separators,
            written: Written::default(),
            sheets: sheets.filter(|_| mode == Mode::Unquoted),
            operand: false,
            prefixed: false,
            braces: false,
        }
    }

    pub fn next(&mut self) -> Token {
        let start = skip_blanks(self.text, self.at);
        let blank = start > self.at;
        self.at = start;
        let (kind, end) = self.token(start, blank);
        self.at = end;
        self.operand = ends_operand(kind);
        self.prefixed = kind == Kind::Prefix;
        match kind {
            Kind::BraceOpen => self.braces = true,
            Kind::BraceClose => self.braces = false,
            // Nothing is read behind what cannot be read.
            Kind::Bad(_) => self.at = self.text.len(),
            // The parenthesis belongs to the token, but not to its text.
            Kind::Call => {
                self.at = skip_blanks(self.text, end) + 1;
            }
            _ => {}
        }
        Token { kind, start, end, blank }
    }

    fn token(&mut self, start: usize, blank: bool) -> (Kind, usize) {
        if let Some(end) = self.unquoted_sheet(start) {
            return (Kind::Prefix, end);
        }
        let byte = byte_at(self.text, start);
        match byte {
            0 if start >= self.text.len() => (Kind::End, start),
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => self.word(start),
            b'\\' if !self.splits_columns(byte) => self.word(start),
            b'0'..=b'9' => self.number(start),
            b'.' if self.separators == Separators::Point && is_digit(byte_at(self.text, start + 1)) => {
                self.number(start)
            }
            b',' if self.separators == Separators::Comma && is_digit(byte_at(self.text, start + 1)) => {
                (Kind::Number, number_end(self.text, start, b','))
            }
            b'$' => self.reference(start).unwrap_or((Kind::Bad(Problem::Character), start + 1)),
            b'"' => match quoted_end(self.text, start) {
                Some(end) => (Kind::Text, end),
                None => (Kind::Bad(Problem::OpenText), self.text.len()),
            },
            b'\'' => self.quoted(start),
            b'[' => self.bracket(start, start),
            b'#' => self.hash(start, blank),
            b'@' => self.at_sign(start),
            byte if byte >= 0x80 => self.word(start),
            _ => self.symbol(start, byte),
        }
    }

    fn symbol(&self, start: usize, byte: u8) -> (Kind, usize) {
        let next = byte_at(self.text, start + 1);
        let kind = match (byte, next) {
            (b'<', b'>') => return (Kind::Op(BinaryOp::NotEqual), start + 2),
            (b'<', b'=') => return (Kind::Op(BinaryOp::LessEqual), start + 2),
            (b'>', b'=') => return (Kind::Op(BinaryOp::GreaterEqual), start + 2),
            (b'<', _) => Kind::Op(BinaryOp::Less),
            (b'>', _) => Kind::Op(BinaryOp::Greater),
            (b'=', _) => Kind::Op(BinaryOp::Equal),
            (b'+', _) => Kind::Op(BinaryOp::Add),
            (b'-', _) => Kind::Op(BinaryOp::Subtract),
            (b'*', _) => Kind::Op(BinaryOp::Multiply),
            (b'/', _) => Kind::Op(BinaryOp::Divide),
            (b'^', _) => Kind::Op(BinaryOp::Power),
            (b'&', _) => Kind::Op(BinaryOp::Concat),
            (b':', _) => Kind::Op(BinaryOp::Range),
            (b'%', _) => Kind::Percent,
            (b'(', _) => Kind::Open,
            (b')', _) => Kind::Close,
            (b'{', _) => Kind::BraceOpen,
            (b'}', _) => Kind::BraceClose,
            (b'!', _) => Kind::Bang,
            (byte, _) => self.separator(byte),
        };
        (kind, start + 1)
    }

    fn separator(&self, byte: u8) -> Kind {
        match (self.separators, byte) {
            (Separators::Point, b',') => Kind::Comma,
            (Separators::Point, b';') => Kind::Semicolon,
            (Separators::Comma, b';') if self.braces => Kind::Semicolon,
            (Separators::Comma, b';') => Kind::Comma,
            (Separators::Comma, byte) if self.splits_columns(byte) => Kind::Comma,
            _ => Kind::Bad(Problem::Character),
        }
    }

    /// Where the comma is the decimal sign, a point or a backslash stands between the columns of a constant.
    fn splits_columns(&self, byte: u8) -> bool {
        self.braces && self.separators == Separators::Comma && matches!(byte, b'.' | b'\\')
    }

    fn reference(&mut self, start: usize) -> Option<(Kind, usize)> {
        let (written, end) = reference(self.text, start)?;
        self.written = written;
        Some((Kind::Reference, end))
    }

    /// A reference, a sheet, a function, a table or a name.
    fn word(&mut self, start: usize) -> (Kind, usize) {
        if let Some(found) = self.reference(start) {
            return found;
        }
        if !is_word_start(self.text, start) {
            let width = char_at(self.text, start).map_or(1, char::len_utf8);
            return (Kind::Bad(Problem::Character), start + width);
        }
        let end = word_end(self.text, start);
        match byte_at(self.text, end) {
            b'(' => return (Kind::Call, end),
            b'[' => return self.bracket(start, end),
            _ => {}
        }
        if let Some(end) = self.sheet_end(start, end) {
            return (Kind::Prefix, end);
        }
        let behind = skip_blanks(self.text, end);
        // `SUM (A1)` is a call; `A1 (B1)` has been taken for a reference above.
        let kind = if byte_at(self.text, behind) == b'(' { Kind::Call } else { Kind::Name };
        (kind, end)
    }

    /// One past the `!` of `Sheet1!` or `Sheet1:Sheet3!`, given the first word. `A1:Sheet3!` is a range that
    /// begins at `A1`, since a sheet of that name needs quotation marks.
    fn sheet_end(&self, start: usize, end: usize) -> Option<usize> {
        match byte_at(self.text, end) {
            b'!' => Some(end + 1),
            b':' => {
                let last = word_end(self.text, end + 1);
                let span = end > start
                    && last > end + 1
                    && byte_at(self.text, last) == b'!'
                    && !is_cell_word(self.text.get(start..end)?);
                span.then_some(last + 1)
            }
            _ => None,
        }
    }

    /// A number, whole rows, or a sheet whose name begins with a digit.
    fn number(&mut self, start: usize) -> (Kind, usize) {
        if self.separators == Separators::Point
            && let Some(end) = plain_number_end(self.text, start)
        {
            return (Kind::Number, end);
        }
        if let Some(found) = self.reference(start) {
            return found;
        }
        let decimal = if self.separators == Separators::Comma { b',' } else { b'.' };
        let end = number_end(self.text, start, decimal);
        if self.splits_columns(byte_at(self.text, end)) {
            return (Kind::Number, end);
        }
        let word = word_end(self.text, start);
        if let Some(end) = self.sheet_end(start, word) {
            return (Kind::Prefix, end);
        }
        if word_end(self.text, end) > end {
            return (Kind::Bad(Problem::NumberInWord), word.max(end));
        }
        (Kind::Number, end)
    }

    fn quoted(&self, start: usize) -> (Kind, usize) {
        match quoted_end(self.text, start) {
            None => (Kind::Bad(Problem::OpenQuote), self.text.len()),
            Some(end) if byte_at(self.text, end) == b'!' => (Kind::Prefix, end + 1),
            Some(end) if self.prefixed => (Kind::QuotedName, end),
            Some(end) => (Kind::Bad(Problem::QuoteWithoutSheet), end),
        }
    }

    /// What begins with a word's bracket or with a bare one: a structured reference, or another workbook.
    fn bracket(&self, start: usize, open: usize) -> (Kind, usize) {
        let Some(end) = bracket_end(self.text, open) else {
            return (Kind::Bad(Problem::OpenBracket), self.text.len());
        };
        if start == open {
            let word = word_end(self.text, end);
            if let Some(end) = self.sheet_end(end, word) {
                return (Kind::Prefix, end);
            }
        }
        (Kind::Table, end)
    }

    /// An error, a binding, or the mark of a spilled range; in this order.
    fn hash(&self, start: usize, blank: bool) -> (Kind, usize) {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        for (error, name) in CellError::all() {
            let same = rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()));
            let end = start + name.len();
            // `#N/A` ends with a letter: `#N/AB` is something else.
            let ends =
                !name.ends_with(|c: char| c.is_ascii_alphanumeric()) || word_end(self.text, end) == end;
            if same && ends {
                return (Kind::Error(error), end);
            }
        }
        if self.expression && (blank || !self.operand) {
            let end = binding_end(self.text, start + 1);
            if end > start + 1 {
                return (Kind::Binding, end);
            }
        }
        (Kind::Hash, start + 1)
    }

    fn at_sign(&self, start: usize) -> (Kind, usize) {
        if self.expression {
            let end = word_end(self.text, start + 1);
            let word = self.text.get(start + 1..end).unwrap_or_default();
            let known = CONTEXTS.iter().any(|context| context.eq_ignore_ascii_case(word));
            // `@COLUMN(A1)` is the function, `@Locale!A1` a sheet and `@Online[Id]` a table.
            if known && !matches!(byte_at(self.text, end), b'(' | b'!' | b'[') {
                return (Kind::Context, end);
            }
        }
        (Kind::At, start + 1)
    }

    /// One past the `!` of the longest known sheet name that stands here without its quotation marks.
    fn unquoted_sheet(&self, start: usize) -> Option<usize> {
        let sheets = self.sheets.filter(|_| !self.operand)?;
        let bytes = self.text.as_bytes().get(start..).filter(|bytes| !bytes.starts_with(b"'"))?;
        let mut found = None;
        for (length, byte) in bytes.iter().take(MAX_SHEET_BYTES + 1).enumerate() {
            match byte {
                b'[' | b']' | b'*' | b'?' | b'/' | b'\\' | b':' | b'"' => break,
                b'!' => {
                    let name = self.text.get(start..start + length)?;
                    if sheets.sheet_by_name(name).is_some() {
                        found = Some(start + length + 1);
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// Where the id of a binding ends: letters, digits and `_` of ASCII.
fn binding_end(text: &str, start: usize) -> usize {
    let mut end = start;
    while matches!(byte_at(text, end), b'A'..=b'Z' | b'a'..=b'z' | b'_')
        || (end > start && is_digit(byte_at(text, end)))
    {
        end += 1;
    }
    end
}

fn ends_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Number
            | Kind::Text
            | Kind::Error(_)
            | Kind::Reference
            | Kind::Name
            | Kind::Table
            | Kind::QuotedName
            | Kind::Binding
            | Kind::Context
            | Kind::Close
            | Kind::BraceClose
            | Kind::Percent
            | Kind::Hash
    )
}
