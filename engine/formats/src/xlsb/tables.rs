//! Tables: for the model, and by number for formulas.

use super::records::RecordReader;
use crate::binary::{Bytes, TableText, rect};
use crate::package::Package;
use crate::{LoadError, LoadReport, NoteKind};
use std::collections::HashMap;
use values::{SheetId, Text};
use workbook::{Table, TableColumn, Workbook};

/// Reads the tables of a sheet.
pub(crate) fn read_all(
    package: &mut Package<'_>,
    sheet_part: &str,
    sheet: SheetId,
    workbook: &mut Workbook,
    texts: &mut HashMap<u32, TableText>,
    report: &mut LoadReport,
) -> Result<(), LoadError> {
    let relations = package.relations(sheet_part)?;
    let mut targets: Vec<&str> = relations
        .values()
        .filter(|relation| relation.kind == "table")
        .map(|relation| relation.target.as_str())
        .collect();
    targets.sort_unstable();
    for target in targets {
        let Some(source) = package.source(target)? else { continue };
        match read(RecordReader::new(source), sheet)? {
            Some((number, table)) => {
                let columns = table.columns.iter().map(|column| column.name.to_string()).collect();
                texts.insert(number, TableText { name: table.name.to_string(), columns });
                workbook.tables.push(table);
            }
            None => report.note(NoteKind::Broken, target, "A table has no name or no range."),
        }
    }
    Ok(())
}

fn read(
    mut records: RecordReader<impl std::io::Read>,
    sheet: SheetId,
) -> Result<Option<(u32, Table)>, LoadError> {
    let mut found: Option<(u32, Table)> = None;
    while let Some((kind, mut data)) = records.next()? {
        match (kind, &mut found) {
            (343, None) => found = table(&mut data, sheet),
            (347, Some((_, table))) => {
                let name = column(&mut data).unwrap_or_default();
                table.columns.push(TableColumn { name: Text::from(name), formula: None });
            }
            (kind, Some((_, table))) if is_filter_condition(kind) => table.filtered = true,
            _ => {}
        }
    }
    Ok(found)
}

/// Whether a record says what a filter leaves out: values, a colour, an icon, the top ten, a period, comparisons.
pub(super) fn is_filter_condition(kind: u16) -> bool {
    matches!(kind, 165 | 168..=172)
}

/// Source: [MS-XLSB] 2.4.113 (BrtBeginList).
fn table(data: &mut Bytes<'_>, sheet: SheetId) -> Option<(u32, Table)> {
    let area = rect([data.u32()?, data.u32()?], [data.u32()?, data.u32()?])?;
    data.skip(4)?;
    let number = data.u32()?;
    let (header_rows, totals_rows) = (data.u32()?.min(1), data.u32()?.min(1));
    // Flags, six formats and a connection.
    data.skip(4 + 6 * 4 + 4)?;
    let (name, shown) = (data.nullable_text()?, data.nullable_text()?);
    let name = Text::from(if shown.is_empty() { name } else { shown });
    Some((
        number,
        Table { name, sheet, area, header_rows, totals_rows, columns: Vec::new(), filtered: false },
    ))
}

/// Source: [MS-XLSB] 2.4.114 (BrtBeginListCol).
fn column(data: &mut Bytes<'_>) -> Option<String> {
    data.skip(6 * 4)?;
    let (name, caption) = (data.nullable_text()?, data.nullable_text()?);
    Some(if caption.is_empty() { name } else { caption })
}
