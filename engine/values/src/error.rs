//! The error values a cell can show. They are values, not failures of the program.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An error value, as Excel names it.
///
/// The order is that of `ERROR.TYPE` where Excel gives one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum CellError {
    /// `#NULL!`: an intersection of two areas that do not meet.
    Null,
    /// `#DIV/0!`
    Div0,
    /// `#VALUE!`: an argument of the wrong kind.
    Value,
    /// `#REF!`: a reference to a cell that is no more.
    Ref,
    /// `#NAME?`: an unknown name or function.
    Name,
    /// `#NUM!`: a number outside of a function's domain.
    Num,
    /// `#N/A`: no such value.
    NA,
    /// `#GETTING_DATA`: waits for an outside source.
    GettingData,
    /// `#SPILL!`: something stands where an array wants to spill.
    Spill,
    /// `#CONNECT!`
    Connect,
    /// `#BLOCKED!`
    Blocked,
    /// `#UNKNOWN!`: a data type that this version does not know.
    Unknown,
    /// `#FIELD!`
    Field,
    /// `#CALC!`: an empty array or another result that a cell cannot hold.
    Calc,
    /// `#BUSY!`
    Busy,
    /// `#EXTERNAL!`
    External,
    /// `#PYTHON!`
    Python,
}

const NAMES: [(CellError, &str); 17] = [
    (CellError::Null, "#NULL!"),
    (CellError::Div0, "#DIV/0!"),
    (CellError::Value, "#VALUE!"),
    (CellError::Ref, "#REF!"),
    (CellError::Name, "#NAME?"),
    (CellError::Num, "#NUM!"),
    (CellError::NA, "#N/A"),
    (CellError::GettingData, "#GETTING_DATA"),
    (CellError::Spill, "#SPILL!"),
    (CellError::Connect, "#CONNECT!"),
    (CellError::Blocked, "#BLOCKED!"),
    (CellError::Unknown, "#UNKNOWN!"),
    (CellError::Field, "#FIELD!"),
    (CellError::Calc, "#CALC!"),
    (CellError::Busy, "#BUSY!"),
    (CellError::External, "#EXTERNAL!"),
    (CellError::Python, "#PYTHON!"),
];

impl CellError {
    /// The text that a cell shows, `#DIV/0!`.
    pub fn as_str(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// The number that `ERROR.TYPE` gives. Source: Microsoft's page on ERROR.TYPE.
    pub fn type_number(self) -> u8 {
        self as u8 + 1
    }

    /// Every error with its text, longest text last, for lexers.
    pub fn all() -> impl Iterator<Item = (CellError, &'static str)> {
        NAMES.into_iter()
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CellError {
    type Err = ();

    /// Reads an error's text in any case; anything else is `Err(())`.
    fn from_str(text: &str) -> Result<Self, ()> {
        NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(error, _)| *error).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_enum() {
        for (i, (error, name)) in NAMES.iter().enumerate() {
            assert_eq!(*error as usize, i);
            assert_eq!(name.parse(), Ok(*error));
        }
    }
}
