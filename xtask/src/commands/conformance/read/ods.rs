//! .ods and .fods: the tables of the content part, as far as formula cells go.

use crate::commands::conformance::book::{Book, FormulaCell};
use crate::values::Value;
use anyhow::Result;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Decompressed bytes of the content beyond which it is refused.
const MOST_BYTES: u64 = 1 << 30;
/// Copies that one element may stand for.
const MOST_COPIES: u32 = 16_384;

/// Reads the formula cells.
pub fn read(bytes: Vec<u8>) -> Result<Book> {
    let xml = if bytes.starts_with(b"PK") {
        let mut package = ZipArchive::new(Cursor::new(bytes))?;
        let mut content = Vec::new();
        package.by_name("content.xml")?.take(MOST_BYTES).read_to_end(&mut content)?;
        content
    } else {
        bytes
    };
    let mut reader = Reader::from_reader(xml.as_slice());
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut reading = Reading::default();
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) => reading.start(&element),
            Event::End(element) => reading.end(local(element.name().into_inner())),
            Event::Text(text) => reading.text(&text.xml10_content()),
            Event::GeneralRef(reference) => reading.text(&resolved(&reference.xml10_content())),
            Event::Eof => return Ok(reading.book),
            _ => {}
        }
        buffer.clear();
    }
}

#[derive(Default)]
struct Reading {
    book: Book,
    row: u32,
    col: u32,
    /// Copies of the row that is being read.
    rows: u32,
    cell: Option<Found>,
    /// Depth inside of paragraphs, whose text is the cell's.
    paragraph: u32,
    /// Depth inside of notes, whose text is not.
    note: u32,
}

/// A cell that is being read.
#[derive(Default)]
struct Found {
    copies: u32,
    formula: Option<String>,
    kind: String,
    value: Option<String>,
    bool_value: Option<String>,
    string_value: Option<String>,
    text: String,
    paragraphs: u32,
}

impl Reading {
    fn start(&mut self, element: &BytesStart<'_>) {
        match local(element.name().into_inner()) {
            "table" => {
                self.book.sheets.push(attribute(element, "name").unwrap_or_default());
                self.row = 0;
            }
            "table-row" => {
                self.rows = copies(element, "number-rows-repeated", u32::MAX);
                self.col = 0;
            }
            "table-cell" | "covered-table-cell" => self.cell = Some(Found::new(element)),
            "annotation" => self.note += 1,
            "p" if self.note == 0 => {
                self.paragraph += 1;
                if let Some(cell) = self.cell.as_mut() {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs += 1;
                }
            }
            "s" if self.paragraph > 0 => self.text(&" ".repeat(copies(element, "c", MOST_COPIES) as usize)),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "table-row" => self.row = self.row.saturating_add(self.rows),
            "table-cell" | "covered-table-cell" => self.close(),
            "annotation" => self.note = self.note.saturating_sub(1),
            "p" if self.note == 0 => self.paragraph = self.paragraph.saturating_sub(1),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.paragraph > 0
            && self.note == 0
            && let Some(cell) = self.cell.as_mut()
        {
            cell.text.push_str(text);
        }
    }

    fn close(&mut self) {
        let Some(found) = self.cell.take() else { return };
        let Some(sheet) = self.book.sheets.len().checked_sub(1) else { return };
        if let Some(formula) = &found.formula {
            for copy in 0..found.copies {
                let place = FormulaCell::new(sheet, self.row, self.col + copy);
                let cell = FormulaCell { formula: Some(plain(formula)), cached: found.cached(), ..place };
                self.book.cells.push(cell);
            }
        }
        self.col += found.copies;
    }
}

impl Found {
    fn new(element: &BytesStart<'_>) -> Self {
        Self {
            copies: copies(element, "number-columns-repeated", MOST_COPIES),
            formula: attribute(element, "formula"),
            kind: attribute(element, "value-type").unwrap_or_default(),
            value: attribute(element, "value"),
            bool_value: attribute(element, "boolean-value"),
            string_value: attribute(element, "string-value"),
            ..Self::default()
        }
    }

    /// Errors are known only by what is shown.
    fn cached(&self) -> Option<Value> {
        const ERRORS: [&str; 7] = ["#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"];
        if ERRORS.contains(&self.text.as_str()) || is_numbered_error(&self.text) {
            return Some(Value::Error(self.text.clone()));
        }
        match self.kind.as_str() {
            "float" | "percentage" | "currency" => Some(Value::Number(self.value.as_ref()?.parse().ok()?)),
            "boolean" => Some(Value::Bool(self.bool_value.as_deref() == Some("true"))),
            "string" => Some(Value::Text(self.string_value.clone().unwrap_or_else(|| self.text.clone()))),
            _ => None,
        }
    }
}

fn is_numbered_error(text: &str) -> bool {
    text.strip_prefix("Err:").is_some_and(|number| number.parse::<u32>().is_ok())
}

/// The formula with references as other formats write them: `of:=SUM([.A1:.B2];[$Other.C3])` is
/// `SUM(A1:B2;$Other!C3)`.
fn plain(formula: &str) -> String {
    let prefixes = ["of:", "oooc:", "msoxl:"];
    let formula = prefixes.iter().find_map(|prefix| formula.strip_prefix(prefix)).unwrap_or(formula);
    let mut rest = formula.strip_prefix('=').unwrap_or(formula);
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (inside, after) = after.split_once(']').unwrap_or((after, ""));
        text.push_str(&reference(inside));
        rest = after;
    }
    text + rest
}

fn reference(inside: &str) -> String {
    let (first, second) = match inside.split_once(":.") {
        Some((first, second)) => (first, Some(second)),
        None => (inside, None),
    };
    let first = match first.rsplit_once('.') {
        Some(("", cell)) => cell.to_owned(),
        Some((sheet, cell)) => format!("{}!{cell}", sheet.strip_prefix('$').unwrap_or(sheet)),
        None => first.to_owned(),
    };
    second.map_or(first.clone(), |second| format!("{first}:{second}"))
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|one| local(one.key.into_inner()) == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn copies(element: &BytesStart<'_>, name: &str, most: u32) -> u32 {
    attribute(element, name).and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, most)
}

/// The character that a reference such as `amp` or `#10` stands for.
fn resolved(name: &str) -> String {
    quick_xml::escape::unescape(&format!("&{name};")).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_written_as_elsewhere() {
        assert_eq!(plain("of:=SUM([.A1:.B2];[$Other.C3])"), "SUM(A1:B2;Other!C3)");
        assert_eq!(plain("of:=[.$A$1]&\"[x]\""), "$A$1&\"x\"", "texts in formulas name no cells either way");
        assert_eq!(plain("of:=['My sheet'.B2]"), "'My sheet'!B2");
        assert_eq!(plain("=1+1"), "1+1");
    }

    #[test]
    fn cells_are_found_with_their_copies() -> Result<()> {
        let xml = r#"<doc xmlns:t="t" xmlns:o="o" xmlns:x="x"><t:table t:name="S">
            <t:table-row t:number-rows-repeated="3"><t:table-cell/></t:table-row>
            <t:table-row><t:table-cell t:number-columns-repeated="2"/>
            <t:table-cell t:number-columns-repeated="2" t:formula="of:=1" o:value-type="float" o:value="2.5"><x:p>2.5</x:p></t:table-cell>
            <t:table-cell t:formula="of:=2" o:value-type="string"><o:annotation><x:p>note</x:p></o:annotation><x:p>a &amp; b</x:p></t:table-cell>
            <t:table-cell t:formula="of:=3" o:value-type="float" o:value="0"><x:p>#DIV/0!</x:p></t:table-cell>
            </t:table-row></t:table></doc>"#;
        let book = read(xml.as_bytes().to_vec())?;
        let found: Vec<_> = book.cells.iter().map(|cell| (cell.row, cell.col, cell.cached.clone())).collect();
        assert_eq!(
            found,
            [
                (3, 2, Some(Value::Number(2.5))),
                (3, 3, Some(Value::Number(2.5))),
                (3, 4, Some(Value::Text("a & b".into()))),
                (3, 5, Some(Value::Error("#DIV/0!".into()))),
            ]
        );
        Ok(())
    }
}
