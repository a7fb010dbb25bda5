//! Expressions: formulas inside a definition, kept as text.
//!
//! The engine parses and evaluates them; this crate only has to know which binds one mentions, so that a wrong id is
//! found without a workbook.

use std::fmt;

use crate::origin::Place;

/// Longest expression, in characters: the length that a workbook's formula may have.
pub const LONGEST_EXPRESSION: usize = 8_192;

/// Error values as formulas spell them. They start with `#` and are no binds.
const ERROR_VALUES: [&str; 16] = [
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#GETTING_DATA",
    "#SPILL!",
    "#CONNECT!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#FIELD!",
    "#CALC!",
    "#BUSY!",
    "#EXTERNAL!",
];

/// A formula in a definition, such as `=#bmi>30`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// The whole text including the `=`.
    pub text: String,
    /// Where the text starts in the XML.
    pub at: Place,
}

impl Expression {
    /// An expression that was not read from XML.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), at: Place::default() }
    }

    /// The ids that the expression mentions as `#id`, in order, each as often as it is mentioned.
    ///
    /// Text in quotes, quoted sheet names, column specifiers in brackets, error values (`#N/A`) and the spill mark
    /// behind an operand (`B2#`) are no mentions.
    pub fn bindings(&self) -> Vec<&str> {
        let text = self.text.as_str();
        let mut found = Vec::new();
        let mut at = 0;
        let mut after_operand = false;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = &text[at..];
            let length = match c {
                '"' => quoted_length(rest, '"'),
                '\'' => quoted_length(rest, '\''),
                '[' => bracketed_length(rest),
                '#' if !after_operand => match hash_length(rest) {
                    Hash::ErrorValue(length) => length,
                    Hash::Bind(id) => {
                        found.push(id);
                        1 + id.len()
                    }
                    Hash::Other => 1,
                },
                _ => c.len_utf8(),
            };
            // White space between an operand and `#` does not make a spill mark of it.
            after_operand =
                c.is_alphanumeric() || matches!(c, '_' | '.' | ')' | ']' | '"' | '\'' | '#' | '[');
            at += length;
        }
        found
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl serde::Serialize for Expression {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

enum Hash<'t> {
    ErrorValue(usize),
    Bind(&'t str),
    Other,
}

/// What a `#` that stands where an operand is expected begins.
fn hash_length(text: &str) -> Hash<'_> {
    let error = ERROR_VALUES
        .iter()
        .find(|error| text.get(..error.len()).is_some_and(|start| start.eq_ignore_ascii_case(error)));
    if let Some(error) = error {
        return Hash::ErrorValue(error.len());
    }
    let id = text[1..].split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    if crate::id::is_id(id) { Hash::Bind(id) } else { Hash::Other }
}

/// Bytes of a quoted text that starts here, to its closing quote (doubled quotes are inside) or to the end.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote && chars.next_if(|&(_, next)| next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

/// Bytes of a column specifier that starts here, to its closing bracket or to the end.
fn bracketed_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => {
                chars.next();
            }
            '[' => depth += 1,
            ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_the_binds_an_expression_mentions() {
        for (text, ids) in [
            ("=#bmi>30", &["bmi"][..]),
            ("=AND(#a>0,#b_2<#a)", &["a", "b_2", "a"]),
            ("=\"#no\"&#yes&\"say \"\"#no\"\"\"", &["yes"]),
            ("='#no'!A1+#yes", &["yes"]),
            ("=SUM(Log[#Totals])+SUM(Log[['#no]])+#yes", &["yes"]),
            ("=IFERROR(A1,#N/A)", &[]),
            ("=#n/a", &[]),
            ("=#NUMBER+#NUM!", &["NUMBER"]),
            ("=SUM(B2#)+SUM(INDEX(A1:A9,1)#)", &[]),
            ("=B2 + #x", &["x"]),
            ("=@user.email=#owner", &["owner"]),
            ("=#1", &[]),
            ("=#", &[]),
            ("=\"open #no", &[]),
            ("=Log[open #no", &[]),
            ("=ä+#ä", &[]),
        ] {
            assert_eq!(Expression::new(text).bindings(), ids, "{text}");
        }
    }
}
