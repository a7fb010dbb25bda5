//! Structured references: what stands in the brackets behind a table's name, read and written.
//!
//! Source: the grammar of structure references in [MS-XLSX] 2.2.2, and Microsoft's page on using structured
//! references for the forms that people type (`@`, blanks, brackets around special characters).

use crate::scan::{blanks_end, bracket_end, byte_at, is_escaped};
use crate::{ParseError, TableItem, TableRef};
use std::ops::Range;
use values::Text;

const ITEMS: [(TableItem, &str); 5] = [
    (TableItem::All, "#All"),
    (TableItem::Data, "#Data"),
    (TableItem::Headers, "#Headers"),
    (TableItem::Totals, "#Totals"),
    (TableItem::ThisRow, "#This Row"),
];

/// Reads a bracket with all that is in it; `at` is its place in the formula, for messages.
pub(crate) fn read_table(table: Option<Text>, bracket: &str, at: usize) -> Result<TableRef, Box<ParseError>> {
    let inner = bracket.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(bracket);
    let start = blanks_end(inner, 0);
    let text = inner.trim_end();
    let mut reader = Reader { text, at: start, base: at + 1, items: Vec::new(), columns: None };
    match text.as_bytes().get(start) {
        None => {}
        Some(b'[') => reader.groups(true)?,
        Some(b'#') => {
            let item = reader.item(text.get(start..).unwrap_or_default(), start..text.len())?;
            reader.items.push(item);
        }
        Some(b'@') => {
            reader.items.push(TableItem::ThisRow);
            reader.at = blanks_end(text, start + 1);
            match text.as_bytes().get(reader.at) {
                None => {}
                Some(b'[') => reader.groups(false)?,
                Some(_) => reader.columns = Some((reader.column(reader.at..text.len())?, None)),
            }
        }
        Some(_) => reader.columns = Some((reader.column(start..text.len())?, None)),
    }
    Ok(TableRef { table, items: reader.items, columns: reader.columns })
}

struct Reader<'a> {
    /// What stands between the outer brackets.
    text: &'a str,
    at: usize,
    base: usize,
    items: Vec<TableItem>,
    columns: Option<(Text, Option<Text>)>,
}

impl Reader<'_> {
    /// `[#Headers],[#Data],[First]:[Last]`
    fn groups(&mut self, items: bool) -> Result<(), Box<ParseError>> {
        loop {
            let span = self.part()?;
            let part = self.text.get(span.clone()).unwrap_or_default();
            if items && part.trim_start().starts_with('#') {
                let item = self.item(part.trim(), span)?;
                self.items.push(item);
            } else if self.columns.is_some() {
                return Err(self
                    .error(span, "A structured reference names one column or one span of columns.")
                    .hint("Write Table1[[First]:[Last]], or a reference for each column.")
                    .into());
            } else {
                let first = self.column(span)?;
                let last = self.last_column()?;
                self.columns = Some((first, last));
            }
            self.at = blanks_end(self.text, self.at);
            match self.text.as_bytes().get(self.at) {
                None => return Ok(()),
                Some(b',') => self.at += 1,
                Some(_) => {
                    let message = "A comma is missing between the parts of the structured reference.";
                    return Err(self.error(self.at..self.at, message).into());
                }
            }
        }
    }

    /// The place of what stands in the next brackets, or of a bare column up to the next comma or colon.
    fn part(&mut self) -> Result<Range<usize>, Box<ParseError>> {
        let start = blanks_end(self.text, self.at);
        if byte_at(self.text, start) == b'[' {
            let end = bracket_end(self.text, start)
                .ok_or_else(|| self.error(start..self.text.len(), "The bracket [ is never closed."))?;
            self.at = end;
            return Ok(start + 1..end - 1);
        }
        let bytes = self.text.as_bytes();
        self.at = start;
        while let Some(byte) = bytes.get(self.at).filter(|byte| !matches!(byte, b',' | b':' | b'[' | b']')) {
            let escape = *byte == b'\'' && is_escaped(byte_at(self.text, self.at + 1));
            self.at += 1 + usize::from(escape);
        }
        let bare = self.text.get(start..self.at).unwrap_or_default();
        Ok(start..start + bare.trim_end().len())
    }

    fn last_column(&mut self) -> Result<Option<Text>, Box<ParseError>> {
        let colon = blanks_end(self.text, self.at);
        if byte_at(self.text, colon) != b':' {
            return Ok(None);
        }
        self.at = colon + 1;
        let span = self.part()?;
        self.column(span).map(Some)
    }

    fn column(&self, span: Range<usize>) -> Result<Text, Box<ParseError>> {
        let written = self.text.get(span.clone()).unwrap_or_default();
        if written.is_empty() {
            return Err(self.error(span, "A column's name is missing in the structured reference.").into());
        }
        Ok(Text::from(unescaped(written)))
    }

    fn item(&self, written: &str, span: Range<usize>) -> Result<TableItem, Box<ParseError>> {
        let found = ITEMS.iter().find(|(_, name)| name.eq_ignore_ascii_case(written));
        found.map(|(item, _)| *item).ok_or_else(|| {
            self.error(span, format!("A table has no part called {written}."))
                .hint("There are #All, #Data, #Headers, #Totals and #This Row.")
                .into()
        })
    }

    fn error(&self, span: Range<usize>, message: impl Into<String>) -> ParseError {
        ParseError::new(self.base + span.start..self.base + span.end, message)
    }
}

fn unescaped(written: &str) -> String {
    let mut name = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((plain, mark)) = rest.split_once('\'') {
        name.push_str(plain);
        if is_escaped(byte_at(mark, 0)) {
            let (escaped, after) = mark.split_at(1);
            name.push_str(escaped);
            rest = after;
        } else {
            name.push('\'');
            rest = mark;
        }
    }
    name.push_str(rest);
    name
}

/// Writes a structured reference; `short` writes `[@Qty]` for `[[#This Row],[Qty]]`.
pub(crate) fn write_table(out: &mut String, reference: &TableRef, short: bool) {
    if let Some(table) = &reference.table {
        out.push_str(table);
    }
    out.push('[');
    let bare = |name: &str| if short { is_simple(name) } else { may_stand_bare(name) };
    match (reference.items.as_slice(), &reference.columns) {
        ([], None) => {}
        ([TableItem::ThisRow], None) if short => out.push('@'),
        ([item], None) => out.push_str(item_name(*item)),
        ([], Some((name, None))) if bare(name) => push_escaped(out, name),
        ([TableItem::ThisRow], Some(columns)) if short => {
            out.push('@');
            match columns {
                (name, None) if is_simple(name) => push_escaped(out, name),
                columns => write_columns(out, columns),
            }
        }
        (items, columns) => {
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ",[" } else { "[" });
                out.push_str(item_name(*item));
                out.push(']');
            }
            if let Some(columns) = columns {
                out.push_str(if items.is_empty() { "" } else { "," });
                write_columns(out, columns);
            }
        }
    }
    out.push(']');
}

fn item_name(item: TableItem) -> &'static str {
    ITEMS.iter().find(|(known, _)| *known == item).map_or("#All", |(_, name)| name)
}

fn write_columns(out: &mut String, (first, last): &(Text, Option<Text>)) {
    out.push('[');
    push_escaped(out, first);
    if let Some(last) = last {
        out.push_str("]:[");
        push_escaped(out, last);
    }
    out.push(']');
}

fn push_escaped(out: &mut String, name: &str) {
    for c in name.chars() {
        if matches!(c, '[' | ']' | '#' | '\'') {
            out.push('\'');
        }
        out.push(c);
    }
}

/// Whether a column reads back from single brackets: blanks at its ends would be lost there, and a leading `@`
/// would mean this row.
fn may_stand_bare(name: &str) -> bool {
    !name.is_empty() && name.trim() == name && !name.starts_with('@')
}

/// Whether people write a column in single brackets: letters, digits and what names may hold.
fn is_simple(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '?'))
}
