//! A sheet while it is written: places are given as a person writes them, and what recurs has a method.

use crate::style::Style;
use anyhow::{Context, Result};
use engine::values::{Cell, Rect};
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, Format, Formula, IntoExcelData, Table, TableColumn, TableStyle,
    Workbook, Worksheet,
};

/// A sheet and the formats it is written with.
pub(crate) struct Page<'a> {
    pub sheet: &'a mut Worksheet,
    pub style: &'a Style,
}

/// A column of a table: its header, its width in characters, the format of its cells, its formula if it has one.
pub(crate) struct Column<'a> {
    pub header: &'a str,
    pub width: f64,
    pub format: Format,
    pub formula: Option<&'a str>,
}

impl<'a> Column<'a> {
    /// A column of constants.
    pub fn new(header: &'a str, width: f64, format: Format) -> Column<'a> {
        Column { header, width, format, formula: None }
    }

    /// A column that a formula fills.
    pub fn computed(header: &'a str, width: f64, format: Format, formula: &'a str) -> Column<'a> {
        Column { header, width, format, formula: Some(formula) }
    }
}

fn place(text: &str) -> Result<Cell> {
    text.parse().ok().with_context(|| format!("{text} is no cell"))
}

impl<'a> Page<'a> {
    /// A new sheet without grid lines and with these column widths, in characters.
    pub fn add(workbook: &'a mut Workbook, style: &'a Style, name: &str, widths: &[f64]) -> Result<Page<'a>> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?.set_screen_gridlines(false);
        for (col, width) in (0_u16..).zip(widths) {
            sheet.set_column_width(col, *width)?;
        }
        Ok(Page { sheet, style })
    }

    /// Title and one line below it.
    pub fn title(&mut self, title: &str, subtitle: &str) -> Result<()> {
        let style = self.style;
        self.sheet.set_row_height(0, 28)?;
        self.put("A1", title, &style.title)?;
        self.put("A2", subtitle, &style.subtitle)
    }

    /// Anything in a cell.
    pub fn put(&mut self, at: &str, value: impl IntoExcelData, format: &Format) -> Result<()> {
        let cell = place(at)?;
        self.sheet.write_with_format(cell.row.0, cell.col.0, value, format)?;
        Ok(())
    }

    /// A heading over a block that is some columns wide.
    pub fn heading(&mut self, at: &str, text: &str, columns: u16) -> Result<()> {
        let style = self.style;
        let cell = place(at)?;
        self.put(at, text, &style.heading)?;
        for col in cell.col.0 + 1..cell.col.0 + columns {
            self.sheet.write_blank(cell.row.0, col, &style.heading)?;
        }
        Ok(())
    }

    /// A row of label, value and unit, from column A on.
    pub fn row(
        &mut self,
        row: u32,
        label: &str,
        value: impl IntoExcelData,
        format: &Format,
        unit: &str,
    ) -> Result<()> {
        let style = self.style;
        self.put(&format!("A{row}"), label, &style.label)?;
        self.put(&format!("B{row}"), value, format)?;
        if !unit.is_empty() {
            self.put(&format!("C{row}"), unit, &style.unit)?;
        }
        Ok(())
    }

    /// A row of label, formula and unit, from column A on.
    pub fn result(
        &mut self,
        row: u32,
        label: &str,
        formula: &str,
        format: &Format,
        unit: &str,
    ) -> Result<()> {
        self.row(row, label, Formula::new(formula), format, unit)
    }

    /// A validation on some cells.
    pub fn validate(&mut self, cells: &str, rule: &DataValidation) -> Result<()> {
        let rect: Rect = cells.parse().ok().with_context(|| format!("{cells} is no range"))?;
        self.sheet.add_data_validation(rect.top.0, rect.left.0, rect.bottom.0, rect.right.0, rule)?;
        Ok(())
    }

    /// A table with its header at a cell and so many rows below. Constants are written by the caller afterwards.
    pub fn table(&mut self, at: &str, name: &str, rows: u32, columns: &[Column<'_>]) -> Result<()> {
        let cell = place(at)?;
        let head = |column: &Column<'_>| {
            let of = TableColumn::new()
                .set_header(column.header)
                .set_header_format(&self.style.head)
                .set_format(&column.format);
            column.formula.map_or(of.clone(), |formula| of.set_formula(formula))
        };
        let heads: Vec<TableColumn> = columns.iter().map(head).collect();
        let table = Table::new()
            .set_name(name)
            .set_columns(&heads)
            .set_style(TableStyle::Light1)
            .set_autofilter(false);
        let right = cell.col.0 + u16::try_from(columns.len()).context("too many columns")? - 1;
        self.sheet.add_table(cell.row.0, cell.col.0, cell.row.0 + rows, right, &table)?;
        for (col, column) in (cell.col.0..).zip(columns) {
            self.sheet.set_column_width(col, column.width)?;
        }
        Ok(())
    }
}

/// A whole number within bounds, with what is said before and after an entry.
pub(crate) fn whole(least: i32, most: i32, prompt: &str, error: &str) -> Result<DataValidation> {
    said(DataValidation::new().allow_whole_number(DataValidationRule::Between(least, most)), prompt, error)
}

/// A number within bounds.
pub(crate) fn decimal(least: f64, most: f64, prompt: &str, error: &str) -> Result<DataValidation> {
    said(DataValidation::new().allow_decimal_number(DataValidationRule::Between(least, most)), prompt, error)
}

/// One of a few texts.
pub(crate) fn one_of(choices: &[&str], prompt: &str) -> Result<DataValidation> {
    said(DataValidation::new().allow_list_strings(choices)?, prompt, "Choose one of the list.")
}

/// One of the cells that a formula gives.
pub(crate) fn one_from(formula: &str, prompt: &str) -> Result<DataValidation> {
    said(DataValidation::new().allow_list_formula(Formula::new(formula)), prompt, "Choose one of the list.")
}

/// A rule with its words.
pub(crate) fn said(rule: DataValidation, prompt: &str, error: &str) -> Result<DataValidation> {
    let rule = if prompt.is_empty() { rule } else { rule.set_input_message(prompt)? };
    Ok(rule.set_error_message(error)?)
}

/// Numbers that look as if life had made them, and are the same each time.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub fn from(start: u64) -> Numbers {
        Numbers(start)
    }

    /// The next one, from `least` to `most`.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let span = u64::from(most - least) + 1;
        // The upper half of such a sequence is the better one.
        least + u32::try_from((self.0 >> 33) % span).unwrap_or(0)
    }
}
