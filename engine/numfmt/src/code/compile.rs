//! Lexemes of one section to tokens. What a comma, a slash or an `m` means depends on its neighbours, and is
//! settled here once, so that showing a number only walks the tokens.

use crate::FormatError;
use crate::code::date::compile_date;
use crate::code::lexer::{Digit, Lexeme};
use crate::code::notation::Letter;
use crate::code::number::{compile_fraction, compile_number};
use crate::code::section::{Language, Section, Shape, SystemPattern, Token};
use crate::code::tag::{Tag, read_tag};
use crate::locale::EastAsian;
use crate::numerals::Asked;

/// What the code asks for and this crate shows in another way; see [`crate::Format::fallbacks`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unsupported {
    pub(crate) numerals: bool,
    pub(crate) hijri: bool,
    pub(crate) era: bool,
    pub(crate) calendar: bool,
}

/// The brackets of a section, which apply to all of it wherever they stand.
struct Head {
    section: Section,
    system: Option<SystemPattern>,
    tag: Tag,
}

/// Compiles section `number`, counted from 1.
pub(crate) fn compile(
    lexemes: &[Lexeme],
    number: usize,
    unsupported: &mut Unsupported,
) -> Result<Section, FormatError> {
    let mut body = Vec::with_capacity(lexemes.len());
    let mut head = Head { section: Section::general(), system: None, tag: Tag::default() };
    head.section.tokens = Vec::new();
    let mut bracketed = false;
    for lexeme in lexemes {
        let before = body.len();
        take_head(lexeme, &mut head, &mut body, unsupported);
        bracketed |= body.len() == before;
    }
    let mut section = head.section;
    if body.is_empty() && bracketed {
        section.tokens.push(Token::General);
        return Ok(section);
    }
    let is_date =
        body.iter().any(|lexeme| matches!(lexeme, Lexeme::Date(..) | Lexeme::Elapsed(..) | Lexeme::AmPm(_)));
    let mixed = |what| Err(FormatError::Mixed { section: number, what });
    let has = |wanted: fn(&&Lexeme) -> bool| body.iter().any(|lexeme| wanted(&lexeme));
    let has_digits = has(|lexeme| matches!(lexeme, Lexeme::Digit(_)));
    let has_general = has(|lexeme| matches!(lexeme, Lexeme::General));
    let has_text = has(|lexeme| matches!(lexeme, Lexeme::Text));
    let has_percent = has(|lexeme| matches!(lexeme, Lexeme::Percent));
    if is_date {
        if has_general || has_text || has_percent {
            return mixed("a date with General, text or a percent sign");
        }
        compile_date(&body, number, &head.tag, &mut section)?;
        // Taiwan counts years from 1912 on.
        unsupported.era |= section.language == Language::Named(Some(EastAsian::TraditionalChinese))
            && body.iter().any(|lexeme| matches!(lexeme, Lexeme::Date(Letter::Era | Letter::FullYear, _)));
        if let Some(system) = head.system {
            section.shape = Shape::System(system);
        }
    } else if has(|lexeme| matches!(lexeme, Lexeme::Slash)) {
        if has_general || has_text {
            return mixed("a fraction with General or text");
        }
        compile_fraction(&body, number, &mut section)?;
    } else if has_general && has_digits {
        return mixed("General with digits");
    } else if has_text && has_digits {
        return mixed("text with digits");
    } else {
        compile_number(&body, number, &mut section)?;
    }
    section.currency = section.currency.take().or_else(|| currency_literal(&section.tokens));
    Ok(section)
}

/// Takes what belongs to the whole section out of the lexemes, and passes the rest on.
fn take_head(lexeme: &Lexeme, head: &mut Head, body: &mut Vec<Lexeme>, unsupported: &mut Unsupported) {
    match lexeme {
        Lexeme::Color(color) => head.section.color = Some(*color),
        Lexeme::Condition(condition) => head.section.condition = Some(*condition),
        Lexeme::Numerals(Some(style)) => {
            // Those of a tag settle it, wherever it stands.
            if !matches!(head.section.numerals, Asked::Script(_)) {
                head.section.numerals = Asked::Style(*style);
            }
        }
        Lexeme::Numerals(None) => unsupported.numerals = true,
        Lexeme::Calendar { hijri } => unsupported.hijri |= *hijri,
        Lexeme::Locale { currency, code } => {
            take_tag(code, head, unsupported);
            if !currency.is_empty() {
                head.section.currency = Some(currency.as_str().into());
                body.push(Lexeme::Literal(currency.clone()));
            }
        }
        _ => body.push(lexeme.clone()),
    }
}

/// Notes what the tag of a section says, `[$-411]`.
fn take_tag(code: &str, head: &mut Head, unsupported: &mut Unsupported) {
    if code.is_empty() {
        return;
    }
    let tag = read_tag(code);
    match Asked::of_tag(tag.numerals) {
        Some(Asked::Nothing) => {}
        Some(asked) => head.section.numerals = asked,
        None => unsupported.numerals = true,
    }
    match tag.calendar {
        6 | 23 => unsupported.hijri = true,
        0..=3 | 7 | 9..=12 => {}
        _ => unsupported.calendar = true,
    }
    head.section.genitive |= tag.genitive;
    head.section.locale = if tag.genitive { tag.locale.or(head.section.locale) } else { tag.locale };
    head.section.language = tag.language;
    head.system = tag.system.or(head.system);
    head.tag = tag;
}

/// A literal that is or holds a currency symbol, `"$"` or `"€ "`.
fn currency_literal(tokens: &[Token]) -> Option<Box<str>> {
    tokens.iter().find_map(|token| match token {
        Token::Literal(text) if text.chars().any(is_currency_symbol) => Some(text.trim().into()),
        _ => None,
    })
}

/// Whether Unicode counts a character among the currency symbols that occur in number formats.
pub(crate) fn is_currency_symbol(character: char) -> bool {
    matches!(character, '$' | '\u{A2}'..='\u{A5}' | '\u{20A0}'..='\u{20C0}' | '\u{FFE0}' | '\u{FFE1}' | '\u{FFE5}')
}

/// Pushes a lexeme that means the same everywhere; false for the others.
pub(crate) fn push_common(lexeme: &Lexeme, tokens: &mut Vec<Token>) -> bool {
    match lexeme {
        Lexeme::Literal(text) => push_literal(tokens, text),
        Lexeme::Char(character) | Lexeme::Figure(character) => push_char(tokens, *character),
        Lexeme::Pad(_) => tokens.push(Token::Pad),
        Lexeme::Fill(character) => tokens.push(Token::Fill(*character)),
        Lexeme::General => tokens.push(Token::General),
        Lexeme::Text => tokens.push(Token::Text),
        Lexeme::Percent => push_literal(tokens, "%"),
        _ => return false,
    }
    true
}

/// Appends literal text, to the last token where that is literal too.
pub(crate) fn push_literal(tokens: &mut Vec<Token>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Token::Literal(last)) = tokens.last_mut() {
        let mut joined = String::from(std::mem::take(last));
        joined.push_str(text);
        *last = joined.into_boxed_str();
    } else {
        tokens.push(Token::Literal(text.into()));
    }
}

/// Appends one literal character.
pub(crate) fn push_char(tokens: &mut Vec<Token>, character: char) {
    push_literal(tokens, character.encode_utf8(&mut [0; 4]));
}

/// Whether a lexeme is a digit placeholder.
pub(crate) fn digit(lexeme: Option<&Lexeme>) -> Option<Digit> {
    match lexeme {
        Some(Lexeme::Digit(digit)) => Some(*digit),
        _ => None,
    }
}
