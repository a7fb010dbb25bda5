//! References as text: ADDRESS, and what other functions print.

use crate::{Args, Function, Param};
use values::{Cell, CellError, Col, MAX_COLS, MAX_ROWS, Result, Value, column_letters};

pub(crate) const FUNCTIONS: &[Function] = &[Function::plain(
    "ADDRESS",
    &[
        Param::number("row_num"),
        Param::number("column_num"),
        Param::number("abs_num").optional(),
        Param::bool("a1").optional(),
        Param::text("sheet_text").optional(),
    ],
    address,
)];

/// The address of a row and column as text; `abs_num` 1 to 4 says which of them get a `$`.
fn address(args: &Args<'_>) -> Result<Value> {
    let (row, col) = (args.integer(0), args.integer(1));
    if !(1..=i64::from(MAX_ROWS)).contains(&row) || !(1..=i64::from(MAX_COLS)).contains(&col) {
        return Err(CellError::Value);
    }
    let (fixed_row, fixed_col) = match args.number_if_given(2, 1.0) as i64 {
        // 5 to 8 mean the same as 1 to 4: the numbers of a macro language that came before.
        1 | 5 => (true, true),
        2 | 6 => (true, false),
        3 | 7 => (false, true),
        4 | 8 => (false, false),
        _ => return Err(CellError::Value),
    };
    let cell = if !args.given(3) || args.bool(3) {
        let letters = column_letters(Col((col - 1) as u16));
        format!("{}{letters}{}{row}", dollar(fixed_col), dollar(fixed_row))
    } else {
        let part = |letter: char, number: i64, fixed: bool| {
            if fixed { format!("{letter}{number}") } else { format!("{letter}[{number}]") }
        };
        part('R', row, fixed_row) + &part('C', col, fixed_col)
    };
    if args.given(4) { Ok(format!("{}!{cell}", quoted_sheet(args.text(4))).into()) } else { Ok(cell.into()) }
}

fn dollar(fixed: bool) -> &'static str {
    if fixed { "$" } else { "" }
}

/// `$A$1`.
pub(crate) fn absolute_a1(cell: Cell) -> String {
    format!("${}${}", column_letters(cell.col), cell.row.0 + 1)
}

/// A sheet's name as it stands in a reference, perhaps behind a workbook's in brackets: in apostrophes where it would
/// be read as something else.
pub(crate) fn quoted_sheet(name: &str) -> String {
    let (book, sheet) = name.strip_prefix('[').and_then(|rest| rest.split_once(']')).unwrap_or(("", name));
    let needs_quotes = !is_plain(book) || needs_quotes(sheet);
    if needs_quotes { format!("'{}'", name.replace('\'', "''")) } else { name.to_owned() }
}

fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

fn needs_quotes(name: &str) -> bool {
    if !is_plain(name) {
        return true;
    }
    let starts_with_digit = name.chars().next().is_some_and(|c| c.is_numeric() || c == '.');
    starts_with_digit || name.parse::<Cell>().is_ok() || is_r1c1(name)
}

/// `R`, `C`, `R1C1`, `RC`, `R5`: what R1C1 notation would read as a reference.
fn is_r1c1(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let after = |text: &str| text.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
    match upper.strip_prefix('R') {
        Some(rest) => {
            let rest = after(rest);
            rest.is_empty() || rest.strip_prefix('C').is_some_and(|rest| after(rest).is_empty())
        }
        None => upper.strip_prefix('C').is_some_and(|rest| after(rest).is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_quoted_where_they_must() {
        for (name, expected) in [
            ("Sheet1", "Sheet1"),
            ("My sheet", "'My sheet'"),
            ("It's", "'It''s'"),
            ("2024", "'2024'"),
            ("A1", "'A1'"),
            ("R1C1", "'R1C1'"),
            ("rc", "'rc'"),
            ("Räume_1.b", "Räume_1.b"),
            ("[Book1]Sheet1", "[Book1]Sheet1"),
            ("[Book1.xlsx]My sheet", "'[Book1.xlsx]My sheet'"),
            ("[My book]Sheet1", "'[My book]Sheet1'"),
            ("[Book1", "'[Book1'"),
            ("", ""),
        ] {
            assert_eq!(quoted_sheet(name), expected);
        }
    }
}
