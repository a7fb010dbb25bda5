//! What the file remembers of other workbooks: names of sheets, names for cells, and cached cells. The files
//! themselves are never opened.

use crate::budget::Budget;
use crate::package::{Package, Relation};
use crate::sheet_names::SheetNames;
use crate::xml::{Xml, unescape};
use crate::{LoadError, LoadReport};
use formula::{Mode, Node, SheetSpec};
use std::collections::HashMap;
use values::{Cell, CellError, Rect, Text, Value};
use workbook::{ExternalBook, ExternalName, Grid};

/// Reads all external workbooks in the order in which formulas number them.
pub(crate) fn read(
    package: &mut Package<'_>,
    ids: &[String],
    relations: &HashMap<String, Relation>,
    budget: &mut Budget,
    report: &mut LoadReport,
) -> Result<Vec<ExternalBook>, LoadError> {
    let mut books = Vec::new();
    for id in ids {
        let mut book = ExternalBook::default();
        if let Some(relation) = relations.get(id) {
            let own = package.relations(&relation.target)?;
            if let Some(target) = own.values().find(|relation| relation.external) {
                book.target = Text::from(target.target.as_str());
            }
            read_book(package, &relation.target, &mut book, budget)?;
        }
        report.external_link(&book.target);
        books.push(book);
    }
    Ok(books)
}

fn read_book(
    package: &mut Package<'_>,
    part: &str,
    book: &mut ExternalBook,
    budget: &mut Budget,
) -> Result<(), LoadError> {
    let Some(mut xml) = package.part(part)? else { return Ok(()) };
    let (mut at, mut kind, mut sheet) = (None::<Cell>, String::new(), None::<usize>);
    loop {
        let is_value = match xml.next()? {
            Xml::Start(element) => match element.name() {
                "sheetName" => {
                    let name = element.attr("val").unwrap_or_default();
                    book.sheets.push((Text::from(&*name), Grid::default()));
                    false
                }
                "definedName" => {
                    let scope = element.number::<usize>("sheetId").and_then(|sheet| book.sheets.get(sheet));
                    let scope = scope.map(|(name, _)| name.clone());
                    let place = element.attr("refersTo").and_then(|text| place(&unescape(&text)));
                    if let (Some(name), Some((sheet, cells))) = (element.attr("name"), place) {
                        let name = Text::from(&*unescape(&name));
                        budget.take(1)?;
                        book.names.push(ExternalName { name, scope, sheet, cells });
                    }
                    false
                }
                "sheetData" => {
                    sheet = element.number("sheetId");
                    budget.next_sheet();
                    false
                }
                "cell" => {
                    at = element.attr("r").and_then(|text| text.parse().ok());
                    kind = element.attr("t").unwrap_or_default().into_owned();
                    false
                }
                "v" => true,
                _ => false,
            },
            Xml::Eof => return Ok(()),
            _ => false,
        };
        if is_value {
            let text = xml.text()?;
            let grid = sheet.and_then(|sheet| book.sheets.get_mut(sheet)).map(|(_, grid)| grid);
            if let (Some(grid), Some(cell)) = (grid, at) {
                budget.charge(cell)?;
                grid.set(cell, value(&kind, &text));
            }
        }
    }
}

fn value(kind: &str, text: &str) -> Value {
    match kind {
        "b" => Value::Bool(text.trim() == "1"),
        "e" => Value::Error(text.trim().parse().unwrap_or(CellError::Unknown)),
        "str" => Value::text(&unescape(text)),
        _ => text
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map_or_else(|| Value::text(text), Value::Number),
    }
}

/// The cells that a name stands for, if it does: `='Sheet 1'!$A$2:$B$3`.
fn place(text: &str) -> Option<(Text, Rect)> {
    let text = text.trim().strip_prefix('=').unwrap_or(text);
    let parsed = formula::parse(text, Cell::default(), &SheetNames::default(), Mode::Workbook).ok()?;
    match parsed.node(parsed.root()) {
        Node::Ref(reference) => match &reference.sheet {
            SheetSpec::Unknown(sheet) => Some((sheet.clone(), reference.extent.resolve(Cell::default())?)),
            _ => None,
        },
        _ => None,
    }
}
