//! What the grammar must know of a workbook: its sheets by name. And how a sheet's name is written.

use values::SheetId;

/// The sheets of a workbook, by name and by id.
pub trait Sheets {
    /// The sheet of a name, case aside.
    fn sheet_by_name(&self, name: &str) -> Option<SheetId>;

    /// The name of a sheet.
    fn sheet_name(&self, id: SheetId) -> Option<&str>;
}

/// A sheet name as formulas write it: in quotes where it could be read as something else.
pub fn quote_sheet(name: &str) -> String {
    if needs_quotes(name) { format!("'{}'", name.replace('\'', "''")) } else { name.to_owned() }
}

fn needs_quotes(name: &str) -> bool {
    let starts_well = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    !starts_well || !is_plain || looks_like_address(name)
}

/// `A1`, `XFD12` and `R1C1` are addresses before they are names; so are `R` and `C` alone.
fn looks_like_address(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let letters = upper.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits_follow = upper.len() > letters && upper[letters..].bytes().all(|b| b.is_ascii_digit());
    if (1..=3).contains(&letters) && digits_follow {
        return true;
    }
    matches!(upper.as_str(), "R" | "C" | "RC" | "TRUE" | "FALSE")
        || upper.strip_prefix('R').is_some_and(|rest| {
            rest.split_once('C').is_some_and(|(row, col)| {
                row.bytes().all(|b| b.is_ascii_digit()) && col.bytes().all(|b| b.is_ascii_digit())
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_could_mean_something_else() {
        for name in ["Sheet1", "Data", "Übersicht", "_a.b", "ABCD1"] {
            assert_eq!(quote_sheet(name), name);
        }
        for (name, quoted) in [
            ("My sheet", "'My sheet'"),
            ("It's", "'It''s'"),
            ("2024", "'2024'"),
            ("A1", "'A1'"),
            ("R1C1", "'R1C1'"),
            ("TRUE", "'TRUE'"),
            ("", "''"),
        ] {
            assert_eq!(quote_sheet(name), quoted);
        }
    }
}
