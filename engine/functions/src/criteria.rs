//! Criteria of SUMIF, COUNTIFS, DSUM and their like, and the wildcards that lookups share with them.
//!
//! Source: Microsoft's pages on COUNTIF and SUMIFS; what they leave open is held by the cases of this room.

use crate::numbers::Bound;
use numfmt::Reading;
use std::cmp::Ordering;
use values::{CellError, Value, compare_text, equal_numbers, equal_text};

/// A compiled criterion such as `">=5"`, `"north*"` or `3`.
#[derive(Clone, Debug)]
pub struct Criterion {
    op: Op,
    operand: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Clone, Debug)]
enum Operand {
    Number(f64),
    Bool(bool),
    Error(CellError),
    Text(Wildcard),
    /// Nothing after the operator (`"="`): really empty cells only.
    Nothing,
    /// The empty text as a criterion: empty cells and empty text.
    Blank,
}

impl Criterion {
    /// Compiles a criterion from the value that was given for it.
    pub fn new(value: &Value, reading: &Reading<'_>) -> Criterion {
        let operand = match value {
            Value::Number(number) => Operand::Number(*number),
            Value::Bool(value) => Operand::Bool(*value),
            Value::Error(error) => Operand::Error(*error),
            Value::Text(text) if text.is_empty() => Operand::Blank,
            Value::Text(text) => return Criterion::parse(text, reading),
            // An empty cell as a criterion counts as 0.
            _ => Operand::Number(0.0),
        };
        Criterion { op: Op::Equal, operand }
    }

    fn parse(text: &str, reading: &Reading<'_>) -> Criterion {
        let (op, rest) = split_operator(text);
        let operand = if rest.is_empty() {
            Operand::Nothing
        } else if let Some(number) = numfmt::parse_number(rest, reading) {
            Operand::Number(number)
        } else if let Some(truth) = reading.locale.truth_of(rest) {
            Operand::Bool(truth)
        } else if let Ok(error) = rest.parse() {
            Operand::Error(error)
        } else {
            Operand::Text(Wildcard::new(rest))
        };
        Criterion { op, operand }
    }

    /// Whether a cell's value meets it.
    pub fn matches(&self, value: &Value, reading: &Reading<'_>) -> bool {
        match self.op {
            Op::Equal => self.equals(value, reading),
            Op::NotEqual => match (&self.operand, value) {
                (Operand::Nothing, _) => !matches!(value, Value::Empty | Value::Missing),
                // Digits stored as text count as equal to the number they show, and as unequal to it too: Excel
                // counts them for "5" and for "<>5".
                (Operand::Number(_), Value::Text(_)) => true,
                _ => !self.equals(value, reading),
            },
            op => self.order(value).is_some_and(|order| match op {
                Op::Less => order == Ordering::Less,
                Op::LessEqual => order != Ordering::Greater,
                Op::Greater => order == Ordering::Greater,
                _ => order != Ordering::Less,
            }),
        }
    }

    /// Whether an empty cell meets it: callers may then not skip what is not stored.
    pub fn matches_empty(&self) -> bool {
        match self.op {
            Op::Equal => matches!(self.operand, Operand::Nothing | Operand::Blank),
            Op::NotEqual => !matches!(self.operand, Operand::Nothing | Operand::Blank),
            _ => false,
        }
    }

    /// The number that cells must equal, where it is that simple; for indexes.
    pub fn exact_number(&self) -> Option<f64> {
        match (self.op, &self.operand) {
            (Op::Equal, Operand::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The numbers that are less or greater than the criterion's, where it asks for such; nothing else meets it.
    pub(crate) fn bound(&self) -> Option<Bound> {
        let Operand::Number(number) = self.operand else { return None };
        Some(match self.op {
            Op::Less => Bound::new(number, false, true, false),
            Op::LessEqual => Bound::new(number, false, true, true),
            Op::Greater => Bound::new(number, true, false, false),
            Op::GreaterEqual => Bound::new(number, true, false, true),
            Op::Equal | Op::NotEqual => return None,
        })
    }

    /// The text that cells must equal, case aside, where it is that simple; for indexes.
    pub fn exact_text(&self) -> Option<&str> {
        match (self.op, &self.operand) {
            (Op::Equal, Operand::Text(wildcard)) => wildcard.literal(),
            _ => None,
        }
    }

    /// Whether it asks for equality and nothing else, as indexes answer it.
    pub fn is_exact(&self) -> bool {
        self.exact_text().is_some() || self.exact_number().is_some()
    }

    fn equals(&self, value: &Value, reading: &Reading<'_>) -> bool {
        match (&self.operand, value) {
            (Operand::Number(a), Value::Number(b)) => equal_numbers(*a, *b),
            // Digits stored as text count as the number they show.
            (Operand::Number(a), Value::Text(text)) => {
                numfmt::parse_number(text, reading).is_some_and(|b| equal_numbers(*a, b))
            }
            (Operand::Bool(a), Value::Bool(b)) => a == b,
            (Operand::Error(a), Value::Error(b)) => a == b,
            (Operand::Text(wildcard), Value::Text(text)) => wildcard.matches(text),
            (Operand::Nothing | Operand::Blank, Value::Empty | Value::Missing) => true,
            (Operand::Blank, Value::Text(text)) => text.is_empty(),
            _ => false,
        }
    }

    fn order(&self, value: &Value) -> Option<Ordering> {
        match (&self.operand, value) {
            (Operand::Number(a), Value::Number(b)) => Some(values::compare_numbers(*b, *a)),
            (Operand::Bool(a), Value::Bool(b)) => Some(b.cmp(a)),
            (Operand::Text(a), Value::Text(b)) => Some(compare_text(b, a.source())),
            _ => None,
        }
    }
}

fn split_operator(text: &str) -> (Op, &str) {
    const OPERATORS: [(&str, Op); 6] = [
        ("<>", Op::NotEqual),
        ("<=", Op::LessEqual),
        (">=", Op::GreaterEqual),
        ("=", Op::Equal),
        ("<", Op::Less),
        (">", Op::Greater),
    ];
    for (sign, op) in OPERATORS {
        if let Some(rest) = text.strip_prefix(sign) {
            return (op, rest);
        }
    }
    (Op::Equal, text)
}

/// What does not mean itself in a pattern.
const SPECIAL: [char; 3] = ['*', '?', '~'];

/// A pattern with `*`, `?` and `~` as escape; case does not count.
#[derive(Clone, Debug)]
pub struct Wildcard {
    source: String,
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Any,
}

impl Wildcard {
    /// Compiles a pattern; any text is one.
    pub fn new(pattern: &str) -> Wildcard {
        if pattern.is_ascii() && !pattern.contains(SPECIAL) {
            let tokens = pattern.bytes().map(|byte| Token::Char(char::from(byte.to_ascii_lowercase())));
            return Wildcard { source: pattern.to_owned(), tokens: tokens.collect() };
        }
        let mut tokens = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            match c {
                '*' if tokens.last() == Some(&Token::Any) => {}
                '*' => tokens.push(Token::Any),
                '?' => tokens.push(Token::One),
                // Whatever stands behind a tilde means itself. One at the end escapes nothing and is dropped,
                // unless it is all there is.
                '~' => match chars.next() {
                    Some(escaped) => tokens.push(Token::Char(fold(escaped))),
                    None if tokens.is_empty() => tokens.push(Token::Char('~')),
                    None => {}
                },
                other => tokens.push(Token::Char(fold(other))),
            }
        }
        Wildcard { source: pattern.to_owned(), tokens }
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The pattern where it means itself, without any wildcard or escape.
    pub fn literal(&self) -> Option<&str> {
        (!self.source.contains(SPECIAL)).then_some(&self.source)
    }

    /// Whether it has a `*` or `?` that is no escape.
    pub fn is_pattern(&self) -> bool {
        self.tokens.iter().any(|token| !matches!(token, Token::Char(_)))
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        if let Some(literal) = self.literal() {
            return equal_text(literal, text);
        }
        let chars: Vec<char> = text.chars().map(fold).collect();
        self.match_from(&chars, true).is_some()
    }

    /// The place (in characters, from 0) of the first match at or after `from`, as SEARCH finds it.
    pub fn find(&self, text: &str, from: usize) -> Option<usize> {
        let chars: Vec<char> = text.chars().map(fold).collect();
        for start in from..=chars.len() {
            if self.match_from(&chars[start..], false).is_some() {
                return Some(start);
            }
            // What follows a `*` was not found in all the rest, so no later start will find it.
            if self.reaches_any(&chars[start..]) {
                return None;
            }
        }
        None
    }

    /// Whether everything before the first `*` fits at the beginning; never for a pattern without one.
    fn reaches_any(&self, chars: &[char]) -> bool {
        for (place, token) in self.tokens.iter().enumerate() {
            match (token, chars.get(place)) {
                (Token::Any, _) => return true,
                (Token::One, Some(_)) => {}
                (Token::Char(wanted), Some(c)) if wanted == c => {}
                _ => return false,
            }
        }
        false
    }

    /// Greedy matching with one point to fall back to: time is at most pattern × text.
    fn match_from(&self, chars: &[char], to_the_end: bool) -> Option<usize> {
        let (mut at, mut token, mut retry) = (0, 0, None::<(usize, usize)>);
        loop {
            match self.tokens.get(token) {
                None if !to_the_end || at == chars.len() => return Some(at),
                Some(Token::Any) => {
                    retry = Some((token, at));
                    token += 1;
                    continue;
                }
                Some(Token::One) if at < chars.len() => {
                    (at, token) = (at + 1, token + 1);
                    continue;
                }
                Some(Token::Char(c)) if chars.get(at) == Some(c) => {
                    (at, token) = (at + 1, token + 1);
                    continue;
                }
                _ => {}
            }
            let (star, from) = retry?;
            if from >= chars.len() {
                return None;
            }
            retry = Some((star, from + 1));
            (at, token) = (from + 1, star + 1);
        }
    }
}

/// The character in the case that patterns compare: one for one, so that a `?` stands for ß and not for half of it.
fn fold(c: char) -> char {
    let mut capitals = c.to_uppercase();
    let capital = if capitals.len() == 1 { capitals.next().unwrap_or(c) } else { c };
    let mut small = capital.to_lowercase();
    if small.len() == 1 { small.next().unwrap_or(c) } else { capital }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("a*c", "ABC", true),
            ("a*c", "abcd", false),
            ("*", "", true),
            ("?", "", false),
            ("~*", "*", true),
            ("~*", "a", false),
            ("a~", "a", true),
            ("~a~b~", "AB", true),
            ("a~b", "a~b", false),
            ("a~~b", "a~b", true),
            ("~", "~", true),
            ("*b*b*", "abab", true),
            ("ß?", "ßx", true),
            ("Stra?e", "Straße", true),
            ("Stra?e", "Strasse", false),
            ("Stra*ße", "Strasse", false),
            ("**a", "ba", true),
        ] {
            assert_eq!(Wildcard::new(pattern).matches(text), expected, "{pattern} {text}");
        }
        assert_eq!(Wildcard::new("c?e").find("abcdecxe", 0), Some(2));
        assert_eq!(Wildcard::new("c?e").find("abcdecxe", 3), Some(5));
    }

    #[test]
    fn a_hostile_pattern_ends() {
        let pattern = "*a".repeat(60) + "b";
        assert!(!Wildcard::new(&pattern).matches(&"a".repeat(3_000)));
    }

    #[test]
    fn criteria() {
        let reading =
            Reading { locale: numfmt::Locale::en_us(), system: values::DateSystem::V1900, year: 2026 };
        let check = |criterion: Value, value: Value, expected: bool| {
            let compiled = Criterion::new(&criterion, &reading);
            assert_eq!(compiled.matches(&value, &reading), expected, "{criterion:?} {value:?}");
        };
        check(5.0.into(), 5.0.into(), true);
        check(5.0.into(), "5".into(), true);
        check(">5".into(), "6".into(), false);
        check(">5".into(), 6.0.into(), true);
        check("=".into(), Value::Empty, true);
        check("=".into(), "".into(), false);
        check("".into(), "".into(), true);
        check("<>".into(), "".into(), true);
        check("<>5".into(), "5".into(), true);
        check("<>5".into(), 5.0.into(), false);
        check("<>a".into(), Value::Empty, true);
        check("<>a".into(), 3.0.into(), true);
        check("a*".into(), "Apple".into(), true);
        check("TRUE".into(), true.into(), true);
        check("#N/A".into(), CellError::NA.into(), true);
        check(">m".into(), "north".into(), true);
        check(Value::Empty, 0.0.into(), true);
        check(Value::Empty, Value::Empty, false);
    }
}
