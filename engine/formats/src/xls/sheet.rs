//! The records of one sheet. Source: [MS-XLS] 2.1.7.20.5 and the records it names.

use super::globals::Globals;
use super::pivots::{Pivots, RawPivot};
use super::records::{Record, Records};
use super::scenarios;
use super::{Version, clean};
use crate::binary::{Bytes, Put, SheetParts, error, formula_text, number, rect, rk};
use crate::pivots::Left;
use crate::validation::RawValidation;
use crate::{LoadError, NoteKind, binary};
use values::{Cell, Col, Rect, Row, Text, Value};
use workbook::{ArrayKind, DataTable, Iteration, RowInfo, Sheet};

/// A sheet, and the settings that each sheet repeats for the workbook.
pub(crate) struct Read {
    pub sheet: Sheet,
    /// The settings of iteration, and whether it is on.
    pub iteration: (Iteration, bool),
    /// Bytes of the stream that it took.
    pub bytes: usize,
    /// Its pivot tables, without what they remember of their data.
    pub pivots: Vec<RawPivot>,
}

/// What is counted to be said.
#[derive(Default)]
struct Features {
    charts: u64,
    conditional: u64,
    pivots: u64,
    links: u64,
    notes: u64,
}

impl Features {
    /// Counts a record of something that is said but not read.
    fn count(&mut self, kind: u16) -> Option<()> {
        let counter = match kind {
            0x01b0 => &mut self.conditional,
            0x00b0 => &mut self.pivots,
            0x01b8 => &mut self.links,
            0x001c => &mut self.notes,
            _ => return None,
        };
        *counter += 1;
        Some(())
    }
}

struct Pass<'a, 'p> {
    globals: &'a Globals,
    put: &'a mut Put<'p>,
    parts: SheetParts,
    /// The cell of the last formula record: shared formulas and texts that follow belong to it.
    last: Cell,
    iterates: bool,
    iteration: Iteration,
    features: Features,
    frozen: bool,
    pivots: Pivots,
    pivot_items: Left,
}

/// Reads the sheet whose records begin at `offset`.
pub(crate) fn read(
    stream: &[u8],
    offset: usize,
    sheet: Sheet,
    globals: &Globals,
    put: &mut Put<'_>,
) -> Result<Read, LoadError> {
    let mut pass = Pass {
        globals,
        put,
        parts: SheetParts::new(sheet),
        last: Cell::default(),
        iterates: false,
        iteration: Iteration::default(),
        features: Features::default(),
        frozen: false,
        pivots: Pivots::default(),
        pivot_items: Left::all(),
    };
    let (mut depth, mut ended, mut bytes) = (0_u32, false, 0);
    for record in Records::from(stream, offset) {
        bytes += record.len() + 4;
        match record.kind {
            // Charts on the sheet are streams within its stream.
            0x0809 => {
                depth += 1;
                pass.features.charts += u64::from(depth > 1);
            }
            0x000a => {
                depth = depth.saturating_sub(1);
                ended = depth == 0;
                if ended {
                    break;
                }
            }
            _ if depth == 1 => pass.record(&record)?,
            _ => {}
        }
    }
    if !ended {
        let name = pass.parts.sheet.name.clone();
        return Err(LoadError::Damaged(format!("the sheet {name} ends in the middle")));
    }
    pass.say();
    let sheet = pass.put.finish(pass.parts)?;
    let pivots = pass.pivots.list;
    Ok(Read { sheet, iteration: (pass.iteration, pass.iterates), bytes, pivots })
}

impl Pass<'_, '_> {
    fn record(&mut self, record: &Record<'_>) -> Result<(), LoadError> {
        let mut data = Bytes(record.data);
        match record.kind {
            // A cell record that is cut off is left out.
            0x0203 | 0x027e | 0x00fd | 0x0204 | 0x00d6 | 0x0205 | 0x0201 => {
                self.single(record.kind, &mut data).unwrap_or(Ok(()))
            }
            0x00bd | 0x00be => self.several(record.kind, &mut data).unwrap_or(Ok(())),
            0x0006 | 0x0206 | 0x0406 => {
                let whole = record.whole();
                self.formula(&mut Bytes(&whole)).unwrap_or(Ok(()))
            }
            0x0207 => {
                let whole = record.whole();
                if let Some(text) = self.globals.version.text(&mut Bytes(&whole)) {
                    self.parts.sheet.grid.set(self.last, Value::Text(clean(&text)));
                }
                Ok(())
            }
            0x00b0..=0x00b6 | 0x00c5 | 0x00f1 | 0x0100 if matches!(self.globals.version, Version::Biff8) => {
                self.pivots.record(record, &mut self.pivot_items);
                let _ = self.features.count(record.kind);
                Ok(())
            }
            _ => {
                let whole = record.whole();
                self.around(record.kind, &mut Bytes(&whole));
                Ok(())
            }
        }
    }

    fn put(&mut self, at: (u16, u16), style: u16, value: Value) -> Result<(), LoadError> {
        match binary::cell(u32::from(at.0), u32::from(at.1)) {
            Some(at) => self.put.cell(&mut self.parts, at, usize::from(style), value),
            None => Ok(()),
        }
    }

    fn single(&mut self, kind: u16, data: &mut Bytes<'_>) -> Option<Result<(), LoadError>> {
        let at = (data.u16()?, data.u16()?);
        let style = data.u16()?;
        let value = match kind {
            0x0203 => number(data.f64()?),
            0x027e => number(rk(data.u32()?)),
            0x00fd => {
                let place = data.u32()? as usize;
                match self.globals.texts.get(place) {
                    Some(text) => Value::Text(text.clone()),
                    None => return self.broken(at),
                }
            }
            0x0204 | 0x00d6 => Value::Text(clean(&self.globals.version.text(data)?)),
            0x0205 => match (data.u8()?, data.u8()?) {
                (truth, 0) => Value::Bool(truth != 0),
                (code, _) => Value::Error(error(code)),
            },
            _ => Value::Empty,
        };
        Some(self.put(at, style, value))
    }

    fn broken(&mut self, (row, col): (u16, u16)) -> Option<Result<(), LoadError>> {
        let at = binary::cell(u32::from(row), u32::from(col))?;
        let place = format!("{}!{at}", formula::quote_sheet(&self.parts.sheet.name));
        let message = "The cell refers to a text that is not in the file; it is shown empty.";
        self.put.report.note(NoteKind::Broken, place, message);
        None
    }

    /// Several cells of a row in one record: numbers, or styles alone.
    fn several(&mut self, kind: u16, data: &mut Bytes<'_>) -> Option<Result<(), LoadError>> {
        let (row, mut col) = (data.u16()?, data.u16()?);
        // The last column closes the record.
        while data.len() > 2 {
            let style = data.u16()?;
            let value = if kind == 0x00bd { number(rk(data.u32()?)) } else { Value::Empty };
            if let Err(error) = self.put((row, col), style, value) {
                return Some(Err(error));
            }
            col = col.checked_add(1)?;
        }
        Some(Ok(()))
    }

    /// Source: [MS-XLS] 2.4.127 (Formula).
    fn formula(&mut self, data: &mut Bytes<'_>) -> Option<Result<(), LoadError>> {
        let (row, col, style) = (data.u16()?, data.u16()?, data.u16()?);
        let at = binary::cell(u32::from(row), u32::from(col))?;
        self.last = at;
        let result = data.take(8)?;
        data.skip(6)?;
        let length = usize::from(data.u16()?);
        let value = match *result {
            [1, _, truth, .., 0xff, 0xff] => Value::Bool(truth != 0),
            [2, _, code, .., 0xff, 0xff] => Value::Error(error(code)),
            // The text follows in a record of its own, but for the empty one.
            [_, .., 0xff, 0xff] => Value::Text(Text::default()),
            _ => number(Bytes(result).f64()?),
        };
        if let Err(error) = self.put((row, col), style, value) {
            return Some(Err(error));
        }
        let rgce = data.take(length)?;
        match self.globals.version {
            Version::Biff8 => self.put.formula(&mut self.parts, at, rgce, data.0),
            Version::Biff5(_) => self.put.formula_or_value(&mut self.parts, at, rgce, data.0),
        }
        Some(Ok(()))
    }

    /// Everything that is no cell. A record that is cut off is left out.
    fn around(&mut self, kind: u16, data: &mut Bytes<'_>) {
        let _ = match kind {
            0x0208 => self.row(data),
            0x007d => self.columns(data),
            0x00e5 => self.merged(data),
            0x0041 => self.pane(data),
            0x023e => data.u16().map(|flags| self.frozen = flags & 8 != 0),
            0x0012 => data.u16().map(|flag| self.parts.sheet.protected = flag == 1),
            0x0011 => data.u16().map(|flag| self.iterates = flag == 1),
            0x000c => data.u16().map(|count| self.iteration.count = u32::from(count)),
            0x0010 => data.f64().filter(|d| d.is_finite()).map(|delta| self.iteration.delta = delta),
            0x009b => {
                self.parts.sheet.filtered = true;
                Some(())
            }
            0x01be => self.validation(data),
            scenarios::ALL => scenarios::results(data, &mut self.parts.sheet.scenarios),
            scenarios::ONE if matches!(self.globals.version, Version::Biff8) => {
                self.parts.sheet.scenarios.list.extend(scenarios::one(data));
                Some(())
            }
            0x04bc | 0x0221 | 0x0236 => self.spread(kind, data),
            _ => self.features.count(kind),
        };
    }

    /// Formulas of many cells: shared, array, what-if table.
    fn spread(&mut self, kind: u16, data: &mut Bytes<'_>) -> Option<()> {
        let rows = [u32::from(data.u16()?), u32::from(data.u16()?)];
        let cols = [u32::from(data.u8()?), u32::from(data.u8()?)];
        let area = rect(rows, cols)?;
        match kind {
            0x04bc => {
                data.skip(2)?;
                let length = usize::from(data.u16()?);
                let rgce = data.take(length)?;
                self.parts.share(area.first(), rgce, data.0);
                self.parts.share(self.last, rgce, data.0);
            }
            0x0221 => {
                data.skip(6)?;
                let length = usize::from(data.u16()?);
                let rgce = data.take(length)?;
                self.put.array(&mut self.parts, area, ArrayKind::Legacy, rgce, data.0);
            }
            _ => self.parts.sheet.data_tables.push(data_table(area, data)?),
        }
        Some(())
    }

    fn row(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        let row = Row(u32::from(data.u16()?));
        data.skip(10)?;
        let flags = data.u16()?;
        let info = RowInfo { hidden: flags & 0x20 != 0, outline: (flags & 7) as u8 };
        if info != RowInfo::default() {
            self.parts.sheet.rows.set(row, Some(info));
        }
        Some(())
    }

    /// Source: [MS-XLS] 2.4.53 (ColInfo).
    fn columns(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        let (first, last) = (data.u16()?, data.u16()?.min(0xff));
        let (width, style, flags) = (data.u16()?, data.u16()?, data.u16()?);
        if first > last {
            return None;
        }
        let (from, to) = (Row(u32::from(first)), Row(u32::from(last)));
        let sheet = &mut self.parts.sheet;
        if flags & 1 != 0 {
            sheet.hidden_columns.set_span(from, to, Some(true));
        }
        if let Some(style) = self.put.styles.get(usize::from(style)).filter(|_| style > 15) {
            sheet.column_styles.set_span(from, to, Some(*style));
        }
        for col in first..=last {
            sheet.column_widths.insert(Col(col), f32::from(width) / 256.0);
        }
        Some(())
    }

    fn merged(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        for _ in 0..data.u16()? {
            let area = area(data)?;
            self.parts.sheet.merged.extend(area);
        }
        Some(())
    }

    fn pane(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        let (cols, rows) = (data.u16()?, data.u16()?);
        if self.frozen {
            self.parts.sheet.frozen = (u32::from(rows), u32::from(cols));
        }
        Some(())
    }

    /// Source: [MS-XLS] 2.4.91 (Dv).
    fn validation(&mut self, data: &mut Bytes<'_>) -> Option<()> {
        let mut raw = RawValidation::from_flags(data.u32()?);
        let version = self.globals.version;
        let mut text = || version.text(data).map(|text| text.replace('\0', ""));
        let [prompt_title, error_title, prompt, error] = [text()?, text()?, text()?, text()?];
        raw.prompt = [Some(prompt_title), Some(prompt)];
        raw.error = [Some(error_title), Some(error)];
        let mut tokens = || {
            let length = usize::from(data.u16()?);
            data.skip(2)?;
            data.take(length)
        };
        let tokens = [tokens()?, tokens()?];
        for _ in 0..data.u16()? {
            raw.areas.extend(area(data)?);
        }
        let host = raw.host()?;
        for (text, rgce) in raw.formulas.iter_mut().zip(tokens) {
            // A list that was typed in has zeros between its choices.
            *text = formula_text(rgce, &[], host, self.put.context).unwrap_or_default().replace('\0', ",");
        }
        let name = self.parts.sheet.name.clone();
        let validation = raw.finish(&name, self.put.names, self.put.report);
        self.parts.sheet.validations.extend(validation);
        Some(())
    }

    fn say(&mut self) {
        let name = self.parts.sheet.name.clone();
        let features = [
            (self.features.charts, "chart", "not shown"),
            (self.features.conditional, "conditional format", "not applied"),
            (self.features.pivots, "pivot table", "kept with the values of the last save"),
            (self.features.links, "link", "not read from .xls files"),
            (self.features.notes, "note", "not read from .xls files"),
        ];
        for (count, what, becomes) in features {
            self.put.report.feature(&name, count, what, becomes);
        }
    }
}

/// Four numbers; `None` inside where they make no area of a sheet.
fn area(data: &mut Bytes<'_>) -> Option<Option<Rect>> {
    let rows = [u32::from(data.u16()?), u32::from(data.u16()?)];
    let cols = [u32::from(data.u16()?), u32::from(data.u16()?)];
    Some(rect(rows, cols))
}

/// Source: [MS-XLS] 2.4.313 (Table).
fn data_table(rect: Rect, data: &mut Bytes<'_>) -> Option<DataTable> {
    let flags = data.u16()?;
    let mut input = |gone: u16| {
        let at = (u32::from(data.u16()?), u32::from(data.u16()?));
        Some(binary::cell(at.0, at.1).filter(|_| flags & gone == 0))
    };
    let two_dimensional = flags & 8 != 0;
    let (first_input, second_input) = (input(0x10)?, input(0x20)?);
    Some(DataTable {
        rect,
        two_dimensional,
        by_row: flags & 4 != 0,
        first_input,
        second_input: second_input.filter(|_| two_dimensional),
    })
}
