//! One worksheet part. Source: [MS-XLSB] 2.1.7.61 and the records it names.

use super::records::RecordReader;
use super::tables::is_filter_condition;
use super::workbook_part::tokens;
use super::{Shared, rich_text, scenarios};
use crate::binary::{Bytes, Put, SheetParts, cell, error, formula_text, number, rect, rk};
use crate::package::{Package, Relation};
use crate::validation::RawValidation;
use crate::{LoadError, NoteKind};
use std::collections::HashMap;
use values::{Cell, Col, Rect, Row, Text, Value};
use workbook::{ArrayKind, DataTable, Hyperlink, RowInfo, Sheet};

struct Pass<'a, 'p> {
    shared: &'a Shared,
    relations: &'a HashMap<String, Relation>,
    put: &'a mut Put<'p>,
    parts: SheetParts,
    row: u32,
    /// The cell of the last formula record: arrays and shared formulas that follow belong to it.
    last: Cell,
    /// Whether metadata came before the cell, and before the last formula.
    metadata: [bool; 2],
    drawings: u64,
    conditional: u64,
}

/// Reads a sheet's part.
pub(crate) fn read(
    package: &mut Package<'_>,
    part: &str,
    sheet: Sheet,
    shared: &Shared,
    put: &mut Put<'_>,
) -> Result<Sheet, LoadError> {
    let relations = package.relations(part)?;
    let mut sheet = match package.source(part)? {
        Some(source) => read_part(RecordReader::new(source), &relations, sheet, shared, put)?,
        None => sheet,
    };
    read_notes(package, &relations, &mut sheet)?;
    Ok(sheet)
}

fn read_part(
    mut records: RecordReader<impl std::io::Read>,
    relations: &HashMap<String, Relation>,
    sheet: Sheet,
    shared: &Shared,
    put: &mut Put<'_>,
) -> Result<Sheet, LoadError> {
    let mut pass = Pass {
        shared,
        relations,
        put,
        parts: SheetParts::new(sheet),
        row: 0,
        last: Cell::default(),
        metadata: [false; 2],
        drawings: 0,
        conditional: 0,
    };
    let mut ended = false;
    while let Some((kind, mut data)) = records.next()? {
        ended |= kind == 146;
        pass.record(kind, &mut data)?;
    }
    if !ended {
        let name = pass.parts.sheet.name.clone();
        return Err(LoadError::Damaged(format!("the sheet {name} ends in the middle")));
    }
    let name = pass.parts.sheet.name.clone();
    pass.put.report.feature(&name, pass.drawings, "drawing", "not shown");
    pass.put.report.feature(&name, pass.conditional, "conditional format", "not applied");
    pass.put.finish(pass.parts)
}

impl Pass<'_, '_> {
    fn record(&mut self, kind: u16, data: &mut Bytes<'_>) -> Result<(), LoadError> {
        match kind {
            0 => {
                let _ = self.row(data);
                Ok(())
            }
            // A cell record that is cut off is left out.
            1..=11 | 62 => self.cell(kind, data).unwrap_or(Ok(())),
            49 => {
                self.metadata[0] = true;
                Ok(())
            }
            _ => {
                let _ = self.around(kind, data);
                Ok(())
            }
        }
    }

    fn row(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        self.row = data.u32()?;
        data.skip(7)?;
        let flags = data.u8()?;
        let info = RowInfo { hidden: flags & 0x10 != 0, outline: flags & 7 };
        if info != RowInfo::default() && cell(self.row, 0).is_some() {
            self.parts.sheet.rows.set(Row(self.row), Some(info));
        }
        Some(())
    }

    fn cell(&mut self, kind: u16, data: &mut Bytes<'_>) -> Option<Result<(), LoadError>> {
        let metadata = std::mem::take(&mut self.metadata[0]);
        let Some(at) = cell(self.row, data.u32()?) else {
            let message = format!("a cell stands in row {}, which no sheet has", u64::from(self.row) + 1);
            return Some(Err(LoadError::Damaged(message)));
        };
        let style = (data.u32()? & 0x00ff_ffff) as usize;
        let value = match kind {
            2 => number(rk(data.u32()?)),
            3 | 11 => Value::Error(error(data.u8()?)),
            4 | 10 => Value::Bool(data.u8()? != 0),
            5 | 9 => number(data.f64()?),
            6 | 8 => Value::Text(Text::from(data.wide_text()?)),
            62 => Value::Text(Text::from(rich_text(data)?)),
            7 => match self.shared.texts.get(data.u32()? as usize) {
                Some(text) => Value::Text(text.clone()),
                None => {
                    let place = format!("{}!{at}", formula::quote_sheet(&self.parts.sheet.name));
                    let message = "The cell refers to a text that is not in the file; it is shown empty.";
                    self.put.report.note(NoteKind::Broken, place, message);
                    Value::Empty
                }
            },
            _ => Value::Empty,
        };
        if let Err(error) = self.put.cell(&mut self.parts, at, style, value) {
            return Some(Err(error));
        }
        if matches!(kind, 8..=11) {
            (self.last, self.metadata[1]) = (at, metadata);
            data.skip(2)?;
            let (rgce, extra) = tokens(data)?;
            self.put.formula(&mut self.parts, at, rgce, extra);
        }
        Some(Ok(()))
    }

    /// Everything that is no cell. A record that is cut off is left out.
    fn around(&mut self, kind: u16, data: &mut Bytes<'_>) -> Option<()> {
        match kind {
            426..=428 => self.spread(kind, data)?,
            60 => self.columns(data)?,
            176 => self.parts.sheet.merged.push(area(data)?),
            151 => {
                let (cols, rows) = (data.f64()?, data.f64()?);
                data.skip(12)?;
                if data.u8()? & 1 != 0 {
                    self.parts.sheet.frozen = (rows as u32, cols as u32);
                }
            }
            161 => self.parts.sheet.filter = Some(area(data)?),
            kind if is_filter_condition(kind) => self.parts.sheet.filtered = true,
            535 => {
                data.skip(2)?;
                self.parts.sheet.protected = data.u32()? != 0;
            }
            64 => self.validation(data)?,
            494 => self.link(data)?,
            scenarios::ALL | scenarios::ONE | scenarios::CELL => {
                scenarios::read(kind, data, &mut self.parts.sheet.scenarios)?;
            }
            550 => self.drawings += 1,
            461 => self.conditional += 1,
            _ => {}
        }
        Some(())
    }

    /// Formulas of many cells: array, shared, what-if table.
    fn spread(&mut self, kind: u16, data: &mut Bytes<'_>) -> Option<()> {
        let area = area(data)?;
        match kind {
            426 => {
                data.skip(1)?;
                let (rgce, extra) = tokens(data)?;
                let dynamic = self.metadata[1] && self.shared.dynamic && self.last == area.first();
                let kind = if dynamic { ArrayKind::Dynamic } else { ArrayKind::Legacy };
                self.put.array(&mut self.parts, area, kind, rgce, extra);
            }
            427 => {
                let (rgce, extra) = tokens(data)?;
                self.parts.share(area.first(), rgce, extra);
                self.parts.share(self.last, rgce, extra);
            }
            _ => {
                let mut input = || Some((data.u32()?, data.u32()?));
                let inputs = [input()?, input()?];
                let flags = data.u8()?;
                let two_dimensional = flags & 2 != 0;
                let [first, second] = inputs.map(|(row, col)| cell(row, col));
                self.parts.sheet.data_tables.push(DataTable {
                    rect: area,
                    two_dimensional,
                    by_row: flags & 1 != 0,
                    first_input: first.filter(|_| flags & 4 == 0),
                    second_input: second.filter(|_| flags & 8 == 0 && two_dimensional),
                });
            }
        }
        Some(())
    }

    /// Source: [MS-XLSB] 2.4.331 (BrtColInfo).
    fn columns(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        let (first, last, width) = (data.u32()?, data.u32()?, data.u32()?);
        let (style, flags) = (data.u32()?, data.u16()?);
        let span = rect([0, 0], [first, last])?;
        let (from, to) = (Row(u32::from(span.left.0)), Row(u32::from(span.right.0)));
        let sheet = &mut self.parts.sheet;
        // Columns come in order; what overlaps is no honest file, and would cost more than it says.
        if sheet.column_widths.last_key_value().is_some_and(|(last, _)| *last >= span.left) {
            return None;
        }
        if flags & 1 != 0 {
            sheet.hidden_columns.set_span(from, to, Some(true));
        }
        if let Some(style) = self.put.styles.get(style as usize).filter(|_| style > 0) {
            sheet.column_styles.set_span(from, to, Some(*style));
        }
        for col in span.left.0..=span.right.0 {
            sheet.column_widths.insert(Col(col), width as f32 / 256.0);
        }
        Some(())
    }

    fn link(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        let area = area(data)?;
        let (relation, location) = (data.nullable_text()?, data.nullable_text()?);
        let target = self.relations.get(&relation).map(|relation| Text::from(relation.target.as_str()));
        let location = (!location.is_empty()).then(|| Text::from(location));
        self.parts.sheet.hyperlinks.push(Hyperlink { area, target, location });
        Some(())
    }

    /// Source: [MS-XLSB] 2.4.357 (BrtDVal).
    fn validation(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        let mut raw = RawValidation::from_flags(data.u32()?);
        for _ in 0..data.u32()? {
            raw.areas.push(area(data)?);
        }
        let mut text = || data.nullable_text().map(Some);
        raw.error = [text()?, text()?];
        raw.prompt = [text()?, text()?];
        let host = raw.host()?;
        for text in &mut raw.formulas {
            let (rgce, extra) = tokens(data)?;
            *text = formula_text(rgce, extra, host, self.put.context).unwrap_or_default();
        }
        let name = self.parts.sheet.name.clone();
        let validation = raw.finish(&name, self.put.names, self.put.report);
        self.parts.sheet.validations.extend(validation);
        Some(())
    }
}

/// An area as most records have it.
pub(super) fn area(data: &mut Bytes<'_>) -> Option<Rect> {
    rect([data.u32()?, data.u32()?], [data.u32()?, data.u32()?])
}

/// Notes by cell. Source: [MS-XLSB] 2.4.30 (BrtBeginComment), 2.4.336 (BrtCommentText).
fn read_notes(
    package: &mut Package<'_>,
    relations: &HashMap<String, Relation>,
    sheet: &mut Sheet,
) -> Result<(), LoadError> {
    let Some(relation) = relations.values().find(|relation| relation.kind == "comments") else {
        return Ok(());
    };
    let Some(source) = package.source(&relation.target)? else { return Ok(()) };
    let mut records = RecordReader::new(source);
    let mut at = None;
    while let Some((kind, mut data)) = records.next()? {
        match kind {
            635 => at = data.skip(4).and_then(|()| area(&mut data)).map(Rect::first),
            637 => {
                if let (Some(at), Some(text)) = (at.take(), rich_text(&mut data)) {
                    sheet.notes.insert(at, Text::from(text));
                }
            }
            _ => {}
        }
    }
    Ok(())
}
