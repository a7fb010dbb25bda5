//! Text: cutting, joining, searching, changing case and width, and conversion from and to numbers.
//!
//! Lengths and places count UTF-16 units, as in Excel: a character beyond the basic plane counts twice, and what is
//! left of one that is cut in half shows as U+FFFD. No text is longer than 32,767 units; what would be is `#VALUE!`.

mod baht;
mod case;
mod codes;
mod cut;
mod delimited;
mod join;
mod number;
pub(crate) mod pattern;
mod print;
mod regular;
mod replace;
mod search;
mod units;
mod width;

use crate::Function;
use values::{CellError, Result, Value};

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[
    baht::FUNCTIONS,
    case::FUNCTIONS,
    codes::FUNCTIONS,
    cut::FUNCTIONS,
    delimited::FUNCTIONS,
    join::FUNCTIONS,
    number::FUNCTIONS,
    print::FUNCTIONS,
    regular::FUNCTIONS,
    replace::FUNCTIONS,
    search::FUNCTIONS,
    width::FUNCTIONS,
];

/// Most UTF-16 units of a text.
const MAX_TEXT: usize = 32_767;

/// A text as a result, or `#VALUE!` where it is too long.
pub(crate) fn result(text: String) -> Result<Value> {
    if text.len() > MAX_TEXT && units::len(&text) > MAX_TEXT {
        Err(CellError::Value)
    } else {
        Ok(text.into())
    }
}
