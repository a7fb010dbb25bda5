//! What an item, a list or a chart points at: a parsed reference into the workbook.
//!
//! Grammar: `#id` (a bind), `@column` (a column of the list around it), `Table[Column]`, `Sheet!A1[:B2]` or `A1[:B2]`,
//! a defined name or a table; tried in that order. Printing a reference and reading it again gives an equal one.

use std::fmt;

use crate::address::{AddressError, Area};
use crate::id::is_id;

/// A place in a workbook, as a definition names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    /// `#height`: what the bind of this id names.
    Bind(String),
    /// `Log[BMI]`: a column of a table.
    TableColumn {
        /// The table's name.
        table: String,
        /// The column's header, without the escapes of formulas.
        column: String,
    },
    /// `B1`, `Calc!B1` or `'My sheet'!B1:C9`.
    Cells {
        /// The sheet; `None` is the workbook's first visible sheet.
        sheet: Option<String>,
        /// The cell or rectangle.
        area: Area,
    },
    /// `Interest_rate`: a defined name, or a table as a whole.
    Name(String),
    /// `@Date`: the value of this column in the row at hand, inside a list or its detail.
    Column(String),
}

/// Why a text is not a reference. Prints as the end of a sentence that starts with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The text is empty.
    #[error("is empty")]
    Empty,
    /// `#` without an id behind it.
    #[error("does not name a bind")]
    Bind,
    /// `@` without a column behind it.
    #[error("does not name a column")]
    Column,
    /// The part in front of `!` is not a sheet's name.
    #[error("does not start with a sheet's name")]
    Sheet,
    /// `Table[Column]` with something wrong in it.
    #[error("is not of the form Table[Column]")]
    TableColumn,
    /// `[Book]Sheet!A1`, which leads to another workbook.
    #[error("leads to another workbook")]
    External,
    /// The part behind `!` is not an address.
    #[error("{0}")]
    Address(AddressError),
    /// Nothing of the above.
    #[error("is neither an address nor a name")]
    Unreadable,
}

impl ReferenceError {
    /// What to write instead.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Empty | Self::Unreadable => {
                "Write #id for a bind, Table[Column], Sheet!A1, Sheet!A1:B2 or a defined name."
            }
            Self::Bind => "Write # and the id of a <bind>, such as #height.",
            Self::Column => "Write @ and the header of a column, such as @Date.",
            Self::Sheet => "Put a sheet's name into quotes as in formulas: 'My sheet'!A1.",
            Self::TableColumn => "Write the table's name and one column, such as Log[BMI].",
            Self::External => "Name the other workbook as a <source> and use a <bind> for its cells.",
            Self::Address(_) => "Write a cell such as B2 or a rectangle such as B2:D9.",
        }
    }
}

impl Reference {
    /// Reads a reference. White space around it does not count.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let text = text.trim();
        if let Some(id) = text.strip_prefix('#') {
            return if is_id(id) { Ok(Self::Bind(id.to_owned())) } else { Err(ReferenceError::Bind) };
        }
        if let Some(column) = text.strip_prefix('@') {
            let column = column.trim();
            return if column.is_empty() {
                Err(ReferenceError::Column)
            } else {
                Ok(Self::Column(column.to_owned()))
            };
        }
        if text.starts_with('\'') || text.contains('!') {
            return parse_sheet_cells(text);
        }
        if text.contains('[') || text.contains(']') {
            return parse_table_column(text);
        }
        if let Ok(area) = Area::parse(text) {
            return Ok(Self::Cells { sheet: None, area });
        }
        match text {
            "" => Err(ReferenceError::Empty),
            _ if is_name(text) => Ok(Self::Name(text.to_owned())),
            _ => Err(ReferenceError::Unreadable),
        }
    }

    /// Reads the attribute `address`: cells only, neither names nor binds.
    pub fn parse_address(text: &str) -> Result<Self, ReferenceError> {
        let text = text.trim();
        if text.starts_with('\'') || text.contains('!') {
            return parse_sheet_cells(text);
        }
        match Area::parse(text) {
            Ok(area) => Ok(Self::Cells { sheet: None, area }),
            Err(error) => Err(ReferenceError::Address(error)),
        }
    }

    /// A single cell, 0-based; no sheet means the first visible one.
    pub fn cell(sheet: Option<&str>, column: u32, row: u32) -> Self {
        Self::Cells { sheet: sheet.map(str::to_owned), area: Area::cell(column, row) }
    }

    /// Whether the text alone shows that this is more than one cell. Names and binds can be either.
    pub fn is_range(&self) -> bool {
        match self {
            Self::Cells { area, .. } => !area.is_cell(),
            Self::TableColumn { .. } => true,
            Self::Bind(_) | Self::Name(_) | Self::Column(_) => false,
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind(id) => write!(f, "#{id}"),
            Self::Column(column) => write!(f, "@{column}"),
            Self::Name(name) => f.write_str(name),
            Self::Cells { sheet: None, area } => write!(f, "{area}"),
            Self::Cells { sheet: Some(sheet), area } if is_plain_sheet(sheet) => write!(f, "{sheet}!{area}"),
            Self::Cells { sheet: Some(sheet), area } => write!(f, "'{}'!{area}", sheet.replace('\'', "''")),
            Self::TableColumn { table, column } => {
                write!(f, "{table}[")?;
                for c in column.chars() {
                    if matches!(c, '[' | ']' | '#' | '\'' | '@') {
                        f.write_str("'")?;
                    }
                    write!(f, "{c}")?;
                }
                f.write_str("]")
            }
        }
    }
}

impl serde::Serialize for Reference {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether `text` can be a defined name or a table's name.
pub fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '\\'));
    starts
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '\\' | '?'))
        && text.chars().count() <= 255
        && Area::parse(text).is_err()
        && !is_boolean(text)
}

fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

/// Whether `text` can be a sheet's name at all: at most 31 characters, none of `: \ / ? * [ ]`.
pub fn is_sheet_name(text: &str) -> bool {
    let quote_outside = text.starts_with('\'') || text.ends_with('\'');
    (1..=31).contains(&text.chars().count())
        && !quote_outside
        && !text.contains([':', '\\', '/', '?', '*', '[', ']'])
}

/// Whether a sheet's name may stand without quotes when it is read.
fn is_unquoted_sheet(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

/// Whether a sheet's name is written without quotes; names that look like addresses get quotes, as in formulas.
fn is_plain_sheet(text: &str) -> bool {
    let looks_like_cell = Area::parse(text).is_ok();
    let upper = text.to_ascii_uppercase();
    let looks_like_row_and_column =
        upper.starts_with(['R', 'C']) && upper.chars().all(|c| matches!(c, 'R' | 'C') || c.is_ascii_digit());
    is_unquoted_sheet(text) && !looks_like_cell && !looks_like_row_and_column && !is_boolean(text)
}

fn parse_sheet_cells(text: &str) -> Result<Reference, ReferenceError> {
    let (sheet, address) = match text.strip_prefix('\'') {
        Some(rest) => split_quoted_sheet(rest).ok_or(ReferenceError::Sheet)?,
        None => {
            let (sheet, address) = text.split_once('!').ok_or(ReferenceError::Sheet)?;
            if sheet.contains(['[', ']']) {
                return Err(ReferenceError::External);
            }
            if !is_unquoted_sheet(sheet) {
                return Err(ReferenceError::Sheet);
            }
            (sheet.to_owned(), address)
        }
    };
    if sheet.contains(['[', ']']) {
        return Err(ReferenceError::External);
    }
    if !is_sheet_name(&sheet) {
        return Err(ReferenceError::Sheet);
    }
    let area = Area::parse(address).map_err(ReferenceError::Address)?;
    Ok(Reference::Cells { sheet: Some(sheet), area })
}

/// Splits `My ''own'' sheet'!A1` (the opening quote is gone) into the sheet's name and the address.
fn split_quoted_sheet(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            name.push(c);
        } else if chars.peek().is_some_and(|&(_, next)| next == '\'') {
            name.push('\'');
            chars.next();
        } else {
            return text.get(at + 1..)?.strip_prefix('!').map(|address| (name, address));
        }
    }
    None
}

fn parse_table_column(text: &str) -> Result<Reference, ReferenceError> {
    let (table, rest) = text.split_once('[').ok_or(ReferenceError::TableColumn)?;
    let inner = rest.strip_suffix(']').ok_or(ReferenceError::TableColumn)?;
    // `Table[[Column]]` says the same with the doubled brackets that formulas allow.
    let inner = inner.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(inner);
    let column = unescape_column(inner).ok_or(ReferenceError::TableColumn)?;
    if !is_name(table) {
        return Err(if table.is_empty() { ReferenceError::External } else { ReferenceError::TableColumn });
    }
    Ok(Reference::TableColumn { table: table.to_owned(), column })
}

/// Takes the `'` escapes out of a column's header; `None` if a special character stands there without one.
fn unescape_column(text: &str) -> Option<String> {
    let mut column = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => column.push(chars.next()?),
            '[' | ']' | '#' => return None,
            '@' if column.is_empty() => return None,
            _ => column.push(c),
        }
    }
    let blank = column.trim().is_empty();
    (!blank).then_some(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(sheet: Option<&str>, address: &str) -> Reference {
        Reference::Cells { sheet: sheet.map(str::to_owned), area: Area::parse(address).unwrap() }
    }

    fn table_column(table: &str, column: &str) -> Reference {
        Reference::TableColumn { table: table.into(), column: column.into() }
    }

    #[test]
    fn reads_every_form_and_writes_it_again() {
        for (text, reference, printed) in [
            ("#height", Reference::Bind("height".into()), "#height"),
            ("@Unit price", Reference::Column("Unit price".into()), "@Unit price"),
            ("Log[BMI]", table_column("Log", "BMI"), "Log[BMI]"),
            ("Log[[BMI]]", table_column("Log", "BMI"), "Log[BMI]"),
            ("Log[Net '#]", table_column("Log", "Net #"), "Log[Net '#]"),
            ("Log[a'[b']]", table_column("Log", "a[b]"), "Log[a'[b']]"),
            (" B1 ", cells(None, "B1"), "B1"),
            ("$b$1:C$4", cells(None, "B1:C4"), "B1:C4"),
            ("Calc!B1", cells(Some("Calc"), "B1"), "Calc!B1"),
            ("'Calc'!B1", cells(Some("Calc"), "B1"), "Calc!B1"),
            ("'Ann''s sheet'!B1:B9", cells(Some("Ann's sheet"), "B1:B9"), "'Ann''s sheet'!B1:B9"),
            ("Übersicht!A1", cells(Some("Übersicht"), "A1"), "Übersicht!A1"),
            ("A1!B2", cells(Some("A1"), "B2"), "'A1'!B2"),
            ("'R1C1'!B2", cells(Some("R1C1"), "B2"), "'R1C1'!B2"),
            ("Interest_rate", Reference::Name("Interest_rate".into()), "Interest_rate"),
            ("_x.y", Reference::Name("_x.y".into()), "_x.y"),
            ("ABCD1", Reference::Name("ABCD1".into()), "ABCD1"),
        ] {
            let read = Reference::parse(text);
            assert_eq!(read.as_ref(), Ok(&reference), "{text}");
            assert_eq!(reference.to_string(), printed);
            assert_eq!(Reference::parse(printed), Ok(reference));
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, error) in [
            ("", ReferenceError::Empty),
            ("#", ReferenceError::Bind),
            ("#2nd", ReferenceError::Bind),
            ("@", ReferenceError::Column),
            ("My sheet!A1", ReferenceError::Sheet),
            ("'My sheet!A1", ReferenceError::Sheet),
            ("''!A1", ReferenceError::Sheet),
            ("'a/b'!A1", ReferenceError::Sheet),
            ("[Book.xlsx]Calc!A1", ReferenceError::External),
            ("'[Book.xlsx]Calc'!A1", ReferenceError::External),
            ("Calc!", ReferenceError::Address(AddressError::Malformed)),
            ("Calc!XFE1", ReferenceError::Address(AddressError::OutsideSheet)),
            ("Log[#All]", ReferenceError::TableColumn),
            ("Log[@BMI]", ReferenceError::TableColumn),
            ("Log[]", ReferenceError::TableColumn),
            ("Log[BMI", ReferenceError::TableColumn),
            ("A1+B1", ReferenceError::Unreadable),
            ("two words", ReferenceError::Unreadable),
            ("TRUE", ReferenceError::Unreadable),
        ] {
            assert_eq!(Reference::parse(text), Err(error), "{text}");
        }
        assert_eq!(Reference::parse_address("Rate"), Err(ReferenceError::Address(AddressError::Malformed)));
    }
}
