//! A new workbook from the model, for sources that are no .xlsx: values, formulas, styles as far as the model knows
//! them, and what a person arranges around cells.

use crate::build_style::StyleTable;
use crate::contents::Contents;
use crate::edit::{escaped, set_cell, write};
use std::collections::BTreeSet;
use umya_spreadsheet::{
    Column, Comment, Hyperlink, Pane, PaneStateValues, PaneValues, SheetStateValues, SheetView, SheetViews,
    TableColumn, Worksheet,
};
use values::{Cell, Col, DateSystem, Rect, Row, SheetId, column_letters};
use workbook::{Sheet, Table, Visibility};

/// Writes a new workbook.
pub(crate) fn build(contents: &Contents<'_>) -> Result<Vec<u8>, String> {
    let workbook = contents.book.workbook;
    let mut file = umya_spreadsheet::new_file_empty_worksheet();
    file.set_date1904(workbook.date_system == DateSystem::V1904);
    let styles = StyleTable::new(&workbook.styles);
    for (id, sheet) in workbook.sheets() {
        let target = file.new_sheet(sheet.name.as_str()).map_err(|error| error.to_string())?;
        target.set_state(match sheet.visibility {
            Visibility::Visible => SheetStateValues::Visible,
            Visibility::Hidden => SheetStateValues::Hidden,
            Visibility::VeryHidden => SheetStateValues::VeryHidden,
        });
        cells(contents, id, sheet, &styles, target);
        around(sheet, &styles, target);
        for table in workbook.tables.iter().filter(|table| table.sheet == id) {
            target.add_table(new_table(table));
        }
    }
    let first = workbook.first_visible_sheet().unwrap_or_default();
    file.set_active_sheet(u32::from(first.0));
    write(&file)
}

/// umya counts columns and rows from 1.
fn at(cell: Cell) -> (u32, u32) {
    (u32::from(cell.col.0) + 1, cell.row.0 + 1)
}

fn cells(contents: &Contents<'_>, id: SheetId, sheet: &Sheet, styles: &StyleTable, target: &mut Worksheet) {
    let mut all: BTreeSet<Cell> = contents.cells(id);
    for (col, runs) in sheet.styles.iter().enumerate() {
        let rows = runs.iter().flat_map(|(top, bottom, _)| top.0..=bottom.0);
        all.extend(rows.map(|row| Cell::new(row, col as u16)));
    }
    for cell in all {
        let new = target.cell_mut(at(cell));
        set_cell(contents, id, cell, new);
        if let Some(style) = styles.get(sheet.style(cell)) {
            new.set_style(style.clone());
        }
    }
}

/// Everything around the cells. Columns come last: umya makes one for every cell.
fn around(sheet: &Sheet, styles: &StyleTable, target: &mut Worksheet) {
    for rect in &sheet.merged {
        target.add_merge_cells(corners(*rect));
    }
    for (top, bottom, _) in sheet.rows.iter().filter(|(.., info)| info.hidden) {
        for row in top.0..=bottom.0 {
            target.row_dimension_mut(row + 1).set_hidden(true);
        }
    }
    for (cell, note) in &sheet.notes {
        let mut comment = Comment::default();
        comment.new_comment(at(*cell));
        comment.set_text_string(escaped(note));
        target.add_comments(comment);
    }
    for link in &sheet.hyperlinks {
        let mut hyperlink = Hyperlink::default();
        match (&link.target, &link.location) {
            (Some(target), _) => hyperlink.set_url(target.as_str()),
            (None, Some(location)) => hyperlink.set_url(location.as_str()).set_location(true),
            (None, None) => continue,
        };
        target.cell_mut(at(link.area.first())).set_hyperlink(hyperlink);
    }
    if sheet.protected {
        target.sheet_protection_mut().set_sheet(true);
    }
    if let Some(filter) = sheet.filter {
        target.set_auto_filter(corners(filter));
    }
    target.set_sheets_views(views(sheet));
    columns(sheet, styles, target);
}

/// A range with both corners written out: umya reads no whole columns.
fn corners(rect: Rect) -> String {
    let last = Cell { row: rect.bottom, col: rect.right };
    if rect.is_cell() { rect.first().to_string() } else { format!("{}:{last}", rect.first()) }
}

fn views(sheet: &Sheet) -> SheetViews {
    let mut view = SheetView::default();
    view.set_workbook_view_id(0);
    let (rows, columns) = sheet.frozen;
    if rows > 0 || columns > 0 {
        let mut pane = Pane::default();
        pane.set_vertical_split(f64::from(rows)).set_horizontal_split(f64::from(columns));
        pane.set_state(PaneStateValues::Frozen);
        let col = u16::try_from(columns).ok().filter(|col| *col <= Col::LAST.0).unwrap_or(0);
        let corner = Cell { row: Row(rows.min(Row::LAST.0)), col: Col(col) };
        pane.top_left_cell_mut().set_col_num(at(corner).0).set_row_num(at(corner).1);
        pane.set_active_pane(match (rows > 0, columns > 0) {
            (true, true) => PaneValues::BottomRight,
            (true, false) => PaneValues::BottomLeft,
            _ => PaneValues::TopRight,
        });
        view.set_pane(pane);
    }
    let mut views = SheetViews::default();
    views.add_sheet_view_list_mut(view);
    views
}

fn columns(sheet: &Sheet, styles: &StyleTable, target: &mut Worksheet) {
    target.sheet_format_properties_mut().set_default_column_width(f64::from(sheet.default_width));
    let mut wanted: BTreeSet<u32> = sheet.column_widths.keys().map(|col| u32::from(col.0)).collect();
    wanted.extend(sheet.hidden_columns.iter().flat_map(|(first, last, _)| first.0..=last.0));
    wanted.extend(sheet.column_styles.iter().flat_map(|(first, last, _)| first.0..=last.0));
    let make = |col: u32| {
        let mut column = Column::default();
        let place = Col(u16::try_from(col).unwrap_or(Col::LAST.0));
        let width = sheet.column_widths.get(&place).copied().unwrap_or(sheet.default_width);
        column.set_col_num(col + 1).set_width(f64::from(width)).set_hidden(!sheet.column_visible(place));
        if let Some(style) = sheet.column_styles.get(Row(col)).and_then(|style| styles.get(style)) {
            column.set_style(style.clone());
        }
        column
    };
    *target.column_dimensions_mut() = wanted.into_iter().map(make).collect();
}

fn new_table(table: &Table) -> umya_spreadsheet::Table {
    let area = table.area;
    let last = format!("{}{}", column_letters(area.right), area.bottom.0 + 1);
    let mut new =
        umya_spreadsheet::Table::new(&table.name, (area.first().to_string().as_str(), last.as_str()));
    if table.totals_rows > 0 {
        new.set_totals_row_count(table.totals_rows);
    }
    for column in &table.columns {
        new.add_column(TableColumn::new(&escaped(&column.name)));
    }
    new
}
