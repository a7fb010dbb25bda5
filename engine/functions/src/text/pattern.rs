//! Regular expressions, within bounds.
//!
//! Most patterns are matched in time proportional to the text. Those that look around or back (`(?=…)`, `\1`) cannot
//! be: they are tried place by place, up to a bound on the work, beyond which a pattern counts as faulty. A pattern
//! never calls itself (`(?R)`) and never counts to more than [`MOST_REPEATS`], so that no step of the bound work is a
//! long one.

use regex::RegexBuilder;
use std::cell::Cell;
use std::ops::Range;
use values::{CellError, Result};

/// Most bytes that a compiled pattern may take.
const MAX_COMPILED: usize = 1 << 20;
/// Most repetitions that counts in braces may come to, one inside of the other.
const MOST_REPEATS: u64 = 65_535;
/// Most work of one pattern that is tried place by place, as attempts times the length of the text, which is what an
/// attempt may cost.
const MOST_WORK: u64 = 4_000_000_000;

/// A compiled pattern.
pub(crate) enum Pattern {
    /// Matched in linear time.
    Linear(regex::Regex),
    /// Tried place by place.
    Tried(Tried),
}

/// A pattern that is tried place by place.
pub(crate) struct Tried {
    regex: fancy_regex::Regex,
    attempts: u64,
    work: Cell<u64>,
}

/// Where a match and its groups lie, in bytes; the match itself is group 0.
pub(crate) type Found = Vec<Option<Range<usize>>>;

/// Compiles a pattern for texts of about so many bytes.
pub(crate) fn compile(pattern: &str, case_insensitive: bool, text_length: usize) -> Result<Pattern> {
    let linear = |pattern: &str| {
        RegexBuilder::new(pattern)
            .case_insensitive(case_insensitive)
            .size_limit(MAX_COMPILED)
            .build()
            .map(Pattern::Linear)
    };
    if let Ok(pattern) = linear(pattern) {
        return Ok(pattern);
    }
    let pattern = translated(pattern);
    if let Ok(pattern) = linear(&pattern) {
        return Ok(pattern);
    }
    if calls_itself(&pattern) || repeats(&pattern) > MOST_REPEATS {
        return Err(CellError::Value);
    }
    // Patterns that people write need a few attempts for each place.
    let attempts = 1_000 + 8 * text_length;
    let regex = fancy_regex::RegexBuilder::new(&pattern)
        .case_insensitive(case_insensitive)
        .delegate_size_limit(MAX_COMPILED)
        .backtrack_limit(attempts)
        .build()
        .map_err(|_| CellError::Value)?;
    Ok(Pattern::Tried(Tried { regex, attempts: attempts as u64, work: Cell::new(0) }))
}

impl Tried {
    /// Counts one search of a text before it is done.
    fn charge(&self, text: &str) -> Result<()> {
        let work = self.work.get().saturating_add(self.attempts.saturating_mul(text.len() as u64 + 1));
        self.work.set(work);
        if work > MOST_WORK { Err(CellError::Value) } else { Ok(()) }
    }

    fn captures(&self, text: &str, from: usize) -> Result<Option<Found>> {
        self.charge(text)?;
        let captures = self.regex.captures_from_pos(text, from).map_err(|_| CellError::Value)?;
        Ok(captures.map(|captures| captures.iter().map(|group| group.map(|group| group.range())).collect()))
    }
}

impl Pattern {
    /// Whether any part of a text matches.
    ///
    /// # Errors
    /// `#VALUE!` beyond the bound on work.
    pub(crate) fn is_match(&self, text: &str) -> Result<bool> {
        match self {
            Pattern::Linear(regex) => Ok(regex.is_match(text)),
            Pattern::Tried(tried) => {
                tried.charge(text)?;
                tried.regex.is_match(text).map_err(|_| CellError::Value)
            }
        }
    }

    /// The first `most` matches from the beginning on, without overlaps.
    ///
    /// # Errors
    /// `#VALUE!` beyond the bound on work.
    pub(crate) fn matches(&self, text: &str, most: usize) -> Result<Vec<Found>> {
        let tried = match self {
            Pattern::Linear(regex) => {
                let ranges = |captures: regex::Captures<'_>| {
                    captures.iter().map(|group| group.map(|group| group.range())).collect()
                };
                return Ok(regex.captures_iter(text).take(most).map(ranges).collect());
            }
            Pattern::Tried(tried) => tried,
        };
        let mut all: Vec<Found> = Vec::new();
        let (mut from, mut last_end) = (0, None);
        while all.len() < most && from <= text.len() {
            let Some(found) = tried.captures(text, from)? else { break };
            let Some(Some(whole)) = found.first().cloned() else { break };
            // After a match, nothing at its end is no match of its own.
            if whole.is_empty() && last_end == Some(whole.end) {
                from = next_char(text, whole.end);
                continue;
            }
            (from, last_end) = (whole.end.max(from), Some(whole.end));
            if whole.is_empty() {
                from = next_char(text, from);
            }
            all.push(found);
        }
        Ok(all)
    }

    /// How many groups it has, itself among them.
    pub(crate) fn groups(&self) -> usize {
        match self {
            Pattern::Linear(regex) => regex.captures_len(),
            Pattern::Tried(tried) => tried.regex.captures_len(),
        }
    }

    /// The number of a group by its name.
    pub(crate) fn group(&self, name: &str) -> Option<usize> {
        match self {
            Pattern::Linear(regex) => regex.capture_names().position(|own| own == Some(name)),
            Pattern::Tried(tried) => tried.regex.capture_names().position(|own| own == Some(name)),
        }
    }

    /// The work that was done beyond what the texts' lengths tell, in units of a calculation's budget.
    pub(crate) fn units(&self) -> u64 {
        match self {
            Pattern::Linear(_) => 0,
            Pattern::Tried(tried) => tried.work.get() >> 16,
        }
    }
}

/// The place of the character after the one at a place; one beyond the end at the end.
fn next_char(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// What stands at a place of a pattern.
enum Piece {
    /// `\` and the character behind it.
    Escape(char),
    /// A character in square brackets, or one of them.
    Class(char),
    Plain(char),
}

/// The pieces of a pattern.
fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut chars = pattern.chars().peekable();
    let mut depth = 0_usize;
    while let Some(c) = chars.next() {
        match c {
            '\\' => pieces.extend(chars.next().map(Piece::Escape)),
            '[' => {
                depth += 1;
                pieces.push(Piece::Class('['));
                // A bracket right behind the opening one means itself.
                pieces.extend(chars.next_if_eq(&'^').map(Piece::Class));
                pieces.extend(chars.next_if_eq(&']').map(|_| Piece::Escape(']')));
            }
            c if depth > 0 => {
                depth -= usize::from(c == ']');
                pieces.push(Piece::Class(c));
            }
            c => pieces.push(Piece::Plain(c)),
        }
    }
    pieces
}

/// The pattern with what only PCRE knows in other words: `\h` (a blank in a line), `\R` (a line's end), `\Q…\E` (as it
/// stands).
fn translated(pattern: &str) -> String {
    let mut written = String::new();
    let mut literal = false;
    let mut in_class = 0_usize;
    for piece in pieces(pattern) {
        match piece {
            Piece::Escape('E') if literal => literal = false,
            Piece::Escape(c) if literal => {
                written.push_str(r"\\");
                written.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
            }
            Piece::Class(c) | Piece::Plain(c) if literal => {
                written.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
            }
            Piece::Escape('Q') => literal = true,
            Piece::Escape('h') if in_class > 0 => written.push_str(r" \t\xA0"),
            Piece::Escape('h') => written.push_str(r"[ \t\xA0]"),
            Piece::Escape('H') if in_class == 0 => written.push_str(r"[^ \t\xA0]"),
            Piece::Escape('R') if in_class == 0 => written.push_str(r"(?:\r\n|[\n\x0B\f\r\x85])"),
            Piece::Escape(c) => written.extend(['\\', c]),
            Piece::Class(c) => {
                in_class =
                    if c == ']' { in_class.saturating_sub(1) } else { in_class + usize::from(c == '[') };
                written.push(c);
            }
            Piece::Plain(c) => written.push(c),
        }
    }
    written
}

/// Whether a pattern calls itself or one of its groups, or asks for what is absent: what may go on without bounds.
fn calls_itself(pattern: &str) -> bool {
    let pieces = pieces(pattern);
    let plain = |at: usize| match pieces.get(at) {
        Some(Piece::Plain(c)) => Some(*c),
        _ => None,
    };
    (0..pieces.len()).any(|at| match (&pieces[at], plain(at + 1)) {
        (Piece::Escape('g'), _) => true,
        (Piece::Plain('('), Some('?')) => match (plain(at + 2), plain(at + 3)) {
            (Some('R' | '&' | '~' | '0'..='9'), _) => true,
            (Some('P'), next) => next == Some('>'),
            (Some('+' | '-'), next) => next.is_some_and(|c| c.is_ascii_digit()),
            _ => false,
        },
        _ => false,
    })
}

/// How often counts in braces may repeat what is inside of them, the counts of groups multiplied by those within.
fn repeats(pattern: &str) -> u64 {
    let pieces = pieces(pattern);
    let mut levels = vec![1_u64];
    let mut closed = 1;
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        at += 1;
        match piece {
            Piece::Plain('(') => {
                levels.push(1);
                closed = 1;
            }
            Piece::Plain(')') => closed = levels.pop().unwrap_or(1),
            Piece::Plain('{') => {
                let inside = pieces[at..].iter().map_while(|piece| match piece {
                    Piece::Plain(c) if c.is_ascii_digit() || *c == ',' => Some(*c),
                    _ => None,
                });
                let counts: String = inside.collect();
                let most = counts.split(',').map(|count| count.parse().unwrap_or(1_u64)).max().unwrap_or(1);
                closed = closed.saturating_mul(most);
            }
            _ => closed = 1,
        }
        if let Some(level) = levels.last_mut() {
            *level = (*level).max(closed);
        }
    }
    levels.into_iter().fold(1, u64::saturating_mul)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_multiply_where_they_are_nested() {
        for (pattern, expected) in [
            ("a{3}b{4}", 4),
            ("(a{3}b){4}", 12),
            ("((a{2}){3}|b{50})c{4,9}", 50),
            ("[{9}]a{2,}", 2),
            (r"\{9}(a{9}", 9),
            ("(?:(?=a){65535}){65535}", 65_535 * 65_535),
        ] {
            assert_eq!(repeats(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn what_only_other_engines_know_is_put_in_other_words() {
        for (pattern, expected) in [
            (r"a\hb", r"a[ \t\xA0]b"),
            (r"[\h,]+", r"[ \t\xA0,]+"),
            (r"\Qa.b\E.", r"a\.b."),
            (r"[]a]\d", r"[\]a]\d"),
        ] {
            assert_eq!(translated(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn hostile_patterns_end() {
        let text = "a".repeat(2_000);
        let found = |pattern: &str| {
            let pattern = compile(pattern, false, text.len())?;
            pattern.matches(&text, 10).map(|matches| matches.len())
        };
        for (pattern, expected) in [
            (r"(?=a)(a+)+$b", Ok(0)),
            (r"(a*)*\1b", Err(CellError::Value)),
            (r"(?:(?=a){65535}){65535}", Err(CellError::Value)),
            (r"(?R)?a(?=b)", Err(CellError::Value)),
            (r"(?<=(?:a|aa)*)b\1", Err(CellError::Value)),
        ] {
            assert_eq!(found(pattern), expected, "{pattern}");
        }
    }
}
