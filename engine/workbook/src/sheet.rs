//! One sheet.

use crate::{Grid, PivotTable, Runs, Scenarios, StyleId, TemplateId, Validation};
use std::collections::BTreeMap;
use values::{Cell, Col, Rect, Row, Text};

/// Whether a sheet's tab is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Shown.
    #[default]
    Visible,
    /// Hidden; a person can show it.
    Hidden,
    /// Hidden from the list of hidden sheets too.
    VeryHidden,
}

/// A formula whose result fills a rectangle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayFormula {
    /// The cell that holds it.
    pub anchor: Cell,
    /// The cells that it fills: fixed for a legacy array, what it filled last for a dynamic one.
    pub rect: Rect,
    /// The formula.
    pub template: TemplateId,
    /// How it spreads.
    pub kind: ArrayKind,
}

/// How an array formula spreads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayKind {
    /// Entered with Ctrl+Shift+Enter: fills its rectangle, whatever the result's size.
    Legacy,
    /// Spills as far as its result goes.
    Dynamic,
}

/// A what-if data table: the cells of `rect` show the formula at its edge for other inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataTable {
    /// The cells with results.
    pub rect: Rect,
    /// Whether it has two inputs.
    pub two_dimensional: bool,
    /// For one input: whether the values stand in a row above (else in a column to the left).
    pub by_row: bool,
    /// The first input cell, `None` where it was deleted.
    pub first_input: Option<Cell>,
    /// The second input cell of a two-dimensional table.
    pub second_input: Option<Cell>,
}

/// A row that is not like the others.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowInfo {
    /// Not shown, by hand or by a filter.
    pub hidden: bool,
    /// Outline level, 0 to 7.
    pub outline: u8,
}

/// A link on cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hyperlink {
    /// The cells.
    pub area: Rect,
    /// An address outside of the workbook.
    pub target: Option<Text>,
    /// A place inside of it.
    pub location: Option<Text>,
}

/// A sheet of a workbook.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The name on its tab.
    pub name: Text,
    /// Whether the tab is shown.
    pub visibility: Visibility,
    /// Constants, and for formulas the values that the file had cached.
    pub grid: Grid,
    /// Plain formulas by column: which template a cell holds.
    pub formulas: Vec<Runs<TemplateId>>,
    /// Array formulas, legacy and dynamic, by their anchor.
    pub arrays: BTreeMap<Cell, ArrayFormula>,
    /// What-if data tables.
    pub data_tables: Vec<DataTable>,
    /// Named sets of values for input cells.
    pub scenarios: Scenarios,
    /// Cell styles by column.
    pub styles: Vec<Runs<StyleId>>,
    /// Pivot tables, whose cells hold what they showed when the file was saved.
    pub pivots: Vec<PivotTable>,
    /// Styles of whole columns, for cells without one of their own.
    pub column_styles: Runs<StyleId>,
    /// Widths of columns in characters, where they are not the default.
    pub column_widths: BTreeMap<Col, f32>,
    /// Width of other columns in characters.
    pub default_width: f32,
    /// Columns that are not shown.
    pub hidden_columns: Runs<bool>,
    /// Rows that are hidden or outlined.
    pub rows: Runs<RowInfo>,
    /// Merged cells; only the top left of each holds a value.
    pub merged: Vec<Rect>,
    /// Data validations.
    pub validations: Vec<Validation>,
    /// Links.
    pub hyperlinks: Vec<Hyperlink>,
    /// Notes by cell, as plain text.
    pub notes: BTreeMap<Cell, Text>,
    /// Whether the sheet is protected, so that only unlocked cells can be changed.
    pub protected: bool,
    /// The range of the sheet's filter.
    pub filter: Option<Rect>,
    /// Whether that filter leaves out rows at present; then SUBTOTAL takes every hidden row for one left out.
    pub filtered: bool,
    /// Rows and columns that stay when scrolling: (rows, columns).
    pub frozen: (u32, u32),
}

impl Sheet {
    /// An empty, visible sheet.
    pub fn new(name: &str) -> Sheet {
        Sheet { name: Text::from(name), default_width: 8.43, ..Sheet::default() }
    }

    /// The template of a cell's plain formula.
    pub fn formula(&self, cell: Cell) -> Option<TemplateId> {
        self.formulas.get(usize::from(cell.col.0))?.get(cell.row)
    }

    /// Gives a cell a plain formula, or takes it away.
    pub fn set_formula(&mut self, cell: Cell, template: Option<TemplateId>) {
        set_in_column(&mut self.formulas, cell, template);
    }

    /// The style of a cell: its own, its column's, or the default.
    pub fn style(&self, cell: Cell) -> StyleId {
        let own = self.styles.get(usize::from(cell.col.0)).and_then(|column| column.get(cell.row));
        own.or_else(|| self.column_styles.get(Row(u32::from(cell.col.0)))).unwrap_or_default()
    }

    /// Gives a cell a style of its own.
    pub fn set_style(&mut self, cell: Cell, style: StyleId) {
        self.put_style(cell, Some(style));
    }

    /// Gives all cells of an area a style of their own, at the cost of its columns.
    pub fn set_styles(&mut self, area: Rect, style: StyleId) {
        for col in (area.left.0..=area.right.0).map(Col) {
            self.put_styles(col, area.top, area.bottom, Some(style));
        }
    }

    /// Gives a cell a style of its own, or takes it away.
    pub(crate) fn put_style(&mut self, cell: Cell, style: Option<StyleId>) {
        set_in_column(&mut self.styles, cell, style);
    }

    /// Gives rows of a column a style of their own, or takes it away.
    pub(crate) fn put_styles(&mut self, col: Col, top: Row, bottom: Row, style: Option<StyleId>) {
        let place = usize::from(col.0);
        if place >= self.styles.len() {
            if style.is_none() {
                return;
            }
            self.styles.resize_with(place + 1, Runs::default);
        }
        self.styles[place].set_span(top, bottom, style);
    }

    /// Whether a row is shown.
    pub fn row_visible(&self, row: Row) -> bool {
        !self.rows.get(row).is_some_and(|info| info.hidden)
    }

    /// Whether a column is shown.
    pub fn column_visible(&self, col: Col) -> bool {
        !self.hidden_columns.get(Row(u32::from(col.0))).unwrap_or(false)
    }

    /// The merged range that a cell belongs to.
    pub fn merged_at(&self, cell: Cell) -> Option<Rect> {
        self.merged.iter().copied().find(|rect| rect.contains(cell))
    }

    /// The validation of a cell; the last one wins where several cover it.
    pub fn validation(&self, cell: Cell) -> Option<&Validation> {
        self.validations
            .iter()
            .rev()
            .find(|validation| validation.areas.iter().any(|area| area.contains(cell)))
    }

    /// The pivot table that an area touches; of several the one with the area's first cell, or else the last.
    pub fn pivot_at(&self, rect: Rect) -> Option<&PivotTable> {
        let mut touched = self.pivots.iter().rev().filter(|pivot| pivot.area.intersection(rect).is_some());
        self.pivots.iter().find(|pivot| pivot.contains(rect.first())).or_else(|| touched.next())
    }

    /// The smallest rectangle that holds all values and formulas.
    pub fn used(&self) -> Option<Rect> {
        let mut used = self.grid.used();
        for (col, runs) in self.formulas.iter().enumerate() {
            for (top, bottom, _) in runs.iter() {
                let col = Col(col as u16);
                let rect = Rect { top, bottom, left: col, right: col };
                used = Some(used.map_or(rect, |all| all.hull(rect)));
            }
        }
        self.arrays
            .values()
            .fold(used, |used, array| Some(used.map_or(array.rect, |all| all.hull(array.rect))))
    }
}

fn set_in_column<T: Copy + PartialEq>(columns: &mut Vec<Runs<T>>, cell: Cell, value: Option<T>) {
    let col = usize::from(cell.col.0);
    if col >= columns.len() {
        if value.is_none() {
            return;
        }
        columns.resize_with(col + 1, Runs::default);
    }
    columns[col].set(cell.row, value);
}
