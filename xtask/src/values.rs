//! Cell addresses and values, as spreadsheets hold them and programs print them, and when two values are the same.

use serde::Deserialize;

/// The last row and column of a sheet, counted from 0.
pub const LAST: (u32, u32) = (1_048_575, 16_383);

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// A number; dates are numbers too.
    Number(f64),
    /// Text, `""` too.
    Text(String),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error by its name, such as `#DIV/0!`.
    Error(String),
}

/// How far apart two numbers may be.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    /// As a part of the larger one.
    pub relative: f64,
    /// In itself, for numbers near 0.
    pub absolute: f64,
}

impl Tolerance {
    /// A bound on the relative difference, with a thousandth of it around 0.
    pub fn relative(relative: f64) -> Self {
        Self { relative, absolute: relative / 1_000.0 }
    }
}

/// One line of `playsheet recalc`: a cell with its value or its error.
#[derive(Debug, Deserialize)]
pub struct Line {
    /// The sheet's name.
    pub sheet: String,
    /// The address, such as `B2`.
    pub cell: String,
    #[serde(default)]
    value: serde_json::Value,
    #[serde(default)]
    error: Option<String>,
}

impl Line {
    /// The value that the line tells.
    pub fn into_value(self) -> Value {
        match self.error {
            Some(error) => Value::Error(error),
            None => Value::from_json(&self.value),
        }
    }
}

impl Value {
    /// What JSON means; `null` is an empty cell.
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Number(number) => number.as_f64().map_or(Self::Empty, Self::Number),
            serde_json::Value::String(text) => Self::Text(text.clone()),
            serde_json::Value::Bool(value) => Self::Bool(*value),
            _ => Self::Empty,
        }
    }

    /// Whether the other value is this one, which is expected: numbers within the tolerance, text to the letter, errors
    /// by name. A cell without a value is as good as `""` and 0, because formats differ in how they write it.
    pub fn agrees(&self, found: &Self, tolerance: Tolerance) -> bool {
        match (self, found) {
            (Self::Error(expected), Self::Error(found)) => expected.trim().eq_ignore_ascii_case(found.trim()),
            (Self::Text(text), Self::Empty) | (Self::Empty, Self::Text(text)) => text.is_empty(),
            (Self::Number(number), Self::Empty) | (Self::Empty, Self::Number(number)) => *number == 0.0,
            (Self::Number(expected), Self::Number(found)) => near(*expected, *found, tolerance),
            (expected, found) => expected == found,
        }
    }

    /// As a person reads it in a table of a report.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => "(empty)".into(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("{:?}", text.chars().take(80).collect::<String>()),
            Self::Bool(true) => "TRUE".into(),
            Self::Bool(false) => "FALSE".into(),
            Self::Error(name) => name.clone(),
        }
    }
}

fn near(expected: f64, found: f64, tolerance: Tolerance) -> bool {
    let apart = (expected - found).abs();
    apart <= tolerance.absolute || apart <= tolerance.relative * expected.abs().max(found.abs())
}

/// The address of a cell, rows and columns counted from 0.
pub fn address(row: u32, col: u32) -> String {
    format!("{}{}", letters(col), row + 1)
}

/// The letters of a column, counted from 0.
pub fn letters(col: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = col + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Row and column, counted from 0, of an address with or without `$`; `None` for anything else.
pub fn parse_address(text: &str) -> Option<(u32, u32)> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).filter(|end| (1..=3).contains(end))?;
    let (letters, row) = text.split_at(end);
    let row = row.strip_prefix('$').unwrap_or(row);
    if row.is_empty() || row.len() > 7 || !row.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let col =
        letters.bytes().fold(0, |col, letter| col * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = row.parse().ok().filter(|row| *row > 0)?;
    (row - 1 <= LAST.0 && col - 1 <= LAST.1).then_some((row - 1, col - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Tolerance = Tolerance { relative: 1e-9, absolute: 1e-12 };

    fn same(expected: &Value, found: &Value) -> bool {
        expected.agrees(found, STRICT)
    }

    #[test]
    fn addresses_are_read_as_they_are_written() {
        for (row, col, text) in [(0, 0, "A1"), (8, 25, "Z9"), (9, 26, "AA10"), (LAST.0, LAST.1, "XFD1048576")]
        {
            assert_eq!(address(row, col), text);
            assert_eq!(parse_address(text), Some((row, col)));
        }
        assert_eq!(parse_address("$b$3"), Some((2, 1)));
        for text in ["", "A", "1", "A0", "XFE1", "A1048577", "ABCD1", "A1B", "A-1", "$$A1", "Ä1"] {
            assert_eq!(parse_address(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_the_same_within_the_tolerance() {
        let number = Value::Number;
        assert!(same(&number(1e9), &number(1e9 + 0.5)));
        assert!(!same(&number(1.0), &number(1.0 + 1e-8)));
        assert!(same(&number(0.0), &number(1e-13)));
        assert!(!same(&number(0.0), &number(1e-11)));
        assert!(!same(&number(1.0), &number(f64::NAN)));
        assert!(!same(&number(1.0), &Value::Bool(true)));
        assert!(!same(&number(1.0), &Value::Text("1".into())));
    }

    #[test]
    fn an_empty_cell_is_as_good_as_nothing_written() {
        assert!(same(&Value::Text(String::new()), &Value::Empty));
        assert!(same(&Value::Number(0.0), &Value::Empty));
        assert!(!same(&Value::Number(1.0), &Value::Empty));
        assert!(!same(&Value::Text("a".into()), &Value::Empty));
        assert!(!same(&Value::Bool(false), &Value::Empty));
    }

    #[test]
    fn errors_are_the_same_by_name_and_text_by_letter() {
        assert!(same(&Value::Error("#n/a".into()), &Value::Error("#N/A".into())));
        assert!(!same(&Value::Error("#N/A".into()), &Value::Error("#REF!".into())));
        assert!(!same(&Value::Error("#N/A".into()), &Value::Text("#N/A".into())));
        assert!(!same(&Value::Text("a".into()), &Value::Text("A".into())));
    }

    #[test]
    fn a_line_tells_a_value_or_an_error() {
        let value = |line: &str| serde_json::from_str::<Line>(line).map(Line::into_value).ok();
        assert_eq!(value(r#"{"sheet":"S","cell":"A1","value":1.5}"#), Some(Value::Number(1.5)));
        assert_eq!(value(r#"{"sheet":"S","cell":"A1","value":null}"#), Some(Value::Empty));
        assert_eq!(
            value(r##"{"sheet":"S","cell":"A1","error":"#N/A","more":1}"##),
            Some(Value::Error("#N/A".into()))
        );
        assert_eq!(value(r#"{"cell":"A1"}"#), None);
    }
}
