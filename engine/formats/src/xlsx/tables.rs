//! Tables.

use crate::LoadError;
use crate::package::Package;
use crate::xml::Xml;
use values::{SheetId, Text};
use workbook::{Table, TableColumn};

/// Reads a table part; `None` where it lacks a name or a range.
pub(crate) fn read(
    package: &mut Package<'_>,
    part: &str,
    sheet: SheetId,
) -> Result<Option<Table>, LoadError> {
    let Some(mut xml) = package.part(part)? else { return Ok(None) };
    let mut table: Option<Table> = None;
    loop {
        let formula_follows = match xml.next()? {
            Xml::Start(element) => match element.name() {
                "table" => {
                    let name = element.text("displayName").or_else(|| element.text("name"));
                    let area = element.attr("ref").and_then(|text| text.parse().ok());
                    if let (Some(name), Some(area)) = (name, area) {
                        table = Some(Table {
                            name,
                            sheet,
                            area,
                            header_rows: element.number("headerRowCount").unwrap_or(1).min(1),
                            totals_rows: element.number("totalsRowCount").unwrap_or(0).min(1),
                            columns: Vec::new(),
                            filtered: false,
                        });
                    }
                    false
                }
                "tableColumn" => {
                    if let Some(table) = &mut table {
                        let name = element.text("name").unwrap_or_default();
                        table.columns.push(TableColumn { name, formula: None });
                    }
                    false
                }
                "calculatedColumnFormula" => true,
                name if is_filter_condition(name) => {
                    if let Some(table) = &mut table {
                        table.filtered = true;
                    }
                    false
                }
                _ => false,
            },
            Xml::Eof => return Ok(table),
            _ => false,
        };
        if formula_follows {
            let text = xml.text()?;
            if let Some(column) = table.as_mut().and_then(|table| table.columns.last_mut()) {
                column.formula = Some(Text::from(text));
            }
        }
    }
}

/// Whether an element says what a filter leaves out. A filter's column without one only hides its button.
pub(crate) fn is_filter_condition(name: &str) -> bool {
    matches!(name, "filters" | "customFilters" | "dynamicFilter" | "top10" | "colorFilter" | "iconFilter")
}
