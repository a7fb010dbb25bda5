//! Sheets by name: what stands before `!`, read and written.

use crate::functions::truth;
use crate::scan::bracket_end;
use crate::{ExternalSheet, SheetSpec};
use std::borrow::Cow;
use values::{SheetId, Text};

/// The sheets and names of a workbook, as far as formula text needs them.
pub trait Sheets {
    /// The sheet of this name; case does not count.
    fn sheet_by_name(&self, name: &str) -> Option<SheetId>;

    /// The name of a sheet; `None` where it has been deleted.
    fn sheet_name(&self, id: SheetId) -> Option<&str>;

    /// Whether a defined name or a table is called so; case does not count.
    ///
    /// Only [`Style::File`](crate::Style::File) asks: in `MAP(A1:A3,Rate)` a file writes `Rate` for the
    /// defined name and `_xleta.RATE` for the function. The answer of whoever does not know is yes.
    fn has_name(&self, _name: &str) -> bool {
        true
    }
}

/// A sheet's name as formulas write it: in apostrophes where it could be read as something else.
pub fn quote_sheet(name: &str) -> String {
    if needs_quotes(name) { quoted(name) } else { name.to_owned() }
}

/// In apostrophes.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn needs_quotes(name: &str) -> bool {
    let starts_well = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    !starts_well || !is_plain || looks_like_cell(name) || looks_like_r1c1(name) || truth(name).is_some()
}

/// `A1`, and also `XFE1`, which a larger sheet might have.
fn looks_like_cell(name: &str) -> bool {
    let digits = name.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = name.len() - digits.len();
    (1..=3).contains(&letters) && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `R`, `C`, `RC`, `R1C1` and their like, which read as cells where references are written in that style.
fn looks_like_r1c1(name: &str) -> bool {
    let row = skip_axis(name, 'R');
    let rest = row.unwrap_or(name);
    let col = skip_axis(rest, 'C');
    (row.is_some() || col.is_some()) && col.unwrap_or(rest).is_empty()
}

fn skip_axis(text: &str, letter: char) -> Option<&str> {
    let rest = text.strip_prefix([letter, letter.to_ascii_lowercase()])?;
    Some(rest.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// What a prefix means; `text` ends with its `!`.
pub(crate) fn read_prefix(text: &str, sheets: &dyn Sheets) -> SheetSpec {
    let body = text.strip_suffix('!').unwrap_or(text);
    let inner = body.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\''));
    if let Some(inner) = inner {
        return read_quoted(&inner.replace("''", "'"), sheets);
    }
    match bracket_end(body, 0).filter(|_| body.starts_with('[')).and_then(|end| body.split_at_checked(end)) {
        Some((book, sheet)) if !sheet.contains('\\') => external(unbracketed(book), sheet, sheets),
        // A backslash may stand in a word; it is a path's here too.
        _ => read_quoted(body, sheets),
    }
}

fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text)
}

/// `C:\folder\[Book.xlsx]Sheet 1`, `Sheet 1`, `Jan:Mar 2`; only a path has slashes.
fn read_quoted(inner: &str, sheets: &dyn Sheets) -> SheetSpec {
    let (path, tail) = inner.split_at(inner.rfind(['\\', '/']).map_or(0, |slash| slash + 1));
    match tail.rfind(']').filter(|_| tail.starts_with('[')) {
        Some(close) => {
            let (book, sheet) = tail.split_at(close + 1);
            external(&format!("{path}{}", unbracketed(book)), sheet, sheets)
        }
        None if path.is_empty() => own(tail, sheets),
        None => external(inner, "", sheets),
    }
}

/// A sheet of another workbook; files number those from 1, and 0 is the workbook itself.
fn external(book: &str, sheet: &str, sheets: &dyn Sheets) -> SheetSpec {
    match (book, sheet) {
        ("0", "") => SheetSpec::Here,
        ("0", sheet) => own(sheet, sheets),
        _ => {
            SheetSpec::External(Box::new(ExternalSheet { book: Text::from(book), sheet: Text::from(sheet) }))
        }
    }
}

fn own(name: &str, sheets: &dyn Sheets) -> SheetSpec {
    // `!A1`, in defined names: on the sheet that uses the name.
    if name.is_empty() {
        return SheetSpec::Here;
    }
    if let Some(sheet) = sheets.sheet_by_name(name) {
        return SheetSpec::Sheet(sheet);
    }
    let span = name
        .split_once(':')
        .and_then(|(first, last)| Some((sheets.sheet_by_name(first)?, sheets.sheet_by_name(last)?)));
    match span {
        Some((first, last)) if first == last => SheetSpec::Sheet(first),
        Some((first, last)) => SheetSpec::Span(first.min(last), first.max(last)),
        None => SheetSpec::Unknown(Text::from(name)),
    }
}

/// Writes what stands before a reference, with its `!`; `None` where a sheet has been deleted.
pub(crate) fn write_prefix(out: &mut String, spec: &SheetSpec, sheets: &dyn Sheets) -> Option<()> {
    let names = match spec {
        SheetSpec::Here => return Some(()),
        SheetSpec::Sheet(sheet) => Cow::Borrowed(sheets.sheet_name(*sheet)?),
        SheetSpec::Span(first, last) => {
            Cow::Owned(format!("{}:{}", sheets.sheet_name(*first)?, sheets.sheet_name(*last)?))
        }
        SheetSpec::Unknown(name) => Cow::Borrowed(name.as_str()),
        SheetSpec::External(external) => {
            write_external(out, external);
            out.push('!');
            return Some(());
        }
    };
    // Behind a colon, `first:Sheet1!` would be two sheets.
    if out.ends_with(':') {
        out.push_str(&quoted(&names));
    } else {
        out.push_str(&quote_span(&names));
    }
    out.push('!');
    Some(())
}

/// One sheet, or two with a colon between them, which share their apostrophes.
fn quote_span(names: &str) -> Cow<'_, str> {
    let (first, last) = names.split_once(':').unwrap_or((names, "A"));
    if needs_quotes(first) || needs_quotes(last) { Cow::Owned(quoted(names)) } else { Cow::Borrowed(names) }
}

fn write_external(out: &mut String, external: &ExternalSheet) {
    let (path, book) = external.book.split_at(external.book.rfind(['\\', '/']).map_or(0, |slash| slash + 1));
    let whole = format!("{path}[{book}]{}", external.sheet);
    let plain_book = book.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let plain_sheet = external.sheet.is_empty() || matches!(quote_span(&external.sheet), Cow::Borrowed(_));
    if path.is_empty() && plain_book && plain_sheet {
        out.push_str(&whole);
    } else {
        out.push_str(&quoted(&whole));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_could_mean_something_else() {
        for name in ["Sheet1", "Data", "Übersicht", "_a.b", "ABCD1", "BS", "A", "RCX", "R1C1x"] {
            assert_eq!(quote_sheet(name), name);
        }
        for (name, quoted) in [
            ("My sheet", "'My sheet'"),
            ("It's", "'It''s'"),
            ("2024", "'2024'"),
            ("A1", "'A1'"),
            ("XFE1", "'XFE1'"),
            ("R1C1", "'R1C1'"),
            ("r", "'r'"),
            ("C12", "'C12'"),
            ("TRUE", "'TRUE'"),
            ("D-I", "'D-I'"),
            ("Why?", "'Why?'"),
            ("", "''"),
        ] {
            assert_eq!(quote_sheet(name), quoted);
        }
    }
}
