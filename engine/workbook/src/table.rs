//! Tables: ranges with named columns.

use values::{Col, Rect, SheetId, Text};

/// A table of a sheet.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name by which formulas call it.
    pub name: Text,
    /// The sheet it lies on.
    pub sheet: SheetId,
    /// All of it, header and totals rows included.
    pub area: Rect,
    /// 0 or 1.
    pub header_rows: u32,
    /// 0 or 1.
    pub totals_rows: u32,
    /// Whether its filter leaves out rows at present; then SUBTOTAL takes every hidden row of the sheet for one left
    /// out.
    pub filtered: bool,
    /// Its columns from left to right.
    pub columns: Vec<TableColumn>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct TableColumn {
    /// The header, which is the name in structured references.
    pub name: Text,
    /// The formula that fills the column, as the file has it.
    pub formula: Option<Text>,
}

impl Table {
    /// The rows between header and totals; `None` where the table has none.
    pub fn data(&self) -> Option<Rect> {
        let top = self.area.top.0 + self.header_rows;
        let bottom = self.area.bottom.0.checked_sub(self.totals_rows)?;
        (top <= bottom).then_some(Rect { top: values::Row(top), bottom: values::Row(bottom), ..self.area })
    }

    /// The header row, if it has one.
    pub fn headers(&self) -> Option<Rect> {
        (self.header_rows > 0).then_some(Rect { bottom: self.area.top, ..self.area })
    }

    /// The totals row, if it has one.
    pub fn totals(&self) -> Option<Rect> {
        (self.totals_rows > 0).then_some(Rect { top: self.area.bottom, ..self.area })
    }

    /// The sheet column of a table column, found without case.
    pub fn column(&self, name: &str) -> Option<Col> {
        let place = self.columns.iter().position(|column| values::equal_text(&column.name, name))?;
        u16::try_from(place).ok().and_then(|place| self.area.left.0.checked_add(place)).map(Col)
    }
}
