//! CELL: what is known of one cell.

use super::numberformat;
use crate::lookup::address::{absolute_a1, quoted_sheet};
use crate::{Args, Context, Function, Param};
use values::{Array, Cell, CellError, Result, SheetId, Value};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function::context("CELL", &[Param::text("info_type"), Param::values("reference").optional()], cell)
        .volatile()];

/// What `info_type` asks of a reference's first cell, or of the cell itself where none is given. Source:
/// Microsoft's page on CELL.
fn cell(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (sheet, cell) = match args.value(1) {
        Value::Missing => context.here(),
        Value::Range(sheet, rect) => (*sheet, rect.first()),
        Value::Areas(areas) => {
            let area = areas.first().ok_or(CellError::Value)?;
            (area.sheet, area.rect.first())
        }
        other => return Err(other.error().unwrap_or(CellError::Value)),
    };
    let format = || context.number_format(sheet, cell);
    let flag = |set: bool| Value::from(f64::from(u8::from(set)));
    Ok(match args.text(0).to_ascii_lowercase().as_str() {
        "address" => address(sheet, cell, context).into(),
        "col" => (f64::from(cell.col.0) + 1.0).into(),
        "color" => flag(numberformat::colours_negatives(format())),
        "contents" => return context.cell(sheet, cell),
        "filename" => file_name(sheet, context).into(),
        "format" => numberformat::code(format()).into(),
        "parentheses" => flag(numberformat::has_parentheses(format())),
        // How a text is aligned is not told to functions; most cells' prefix is empty.
        "prefix" => "".into(),
        "protect" => flag(context.is_locked(sheet, cell)),
        "row" => (f64::from(cell.row.0) + 1.0).into(),
        "type" => match context.cell(sheet, cell)? {
            Value::Empty => "b".into(),
            Value::Text(_) => "l".into(),
            _ => "v".into(),
        },
        "width" => {
            let standard = context.has_standard_width(sheet, cell.col.0);
            let width = context.column_width(sheet, cell.col.0).round();
            Array::row(vec![width.into(), standard.into()])?.into()
        }
        _ => return Err(CellError::Value),
    })
}

/// `$A$1`, with file and sheet in front where it is another sheet.
fn address(sheet: SheetId, cell: Cell, context: &dyn Context) -> String {
    let cell_text = absolute_a1(cell);
    if sheet == context.here().0 {
        return cell_text;
    }
    let name = context.sheet_name(sheet).unwrap_or_default();
    let file = context.file_name();
    let prefix = if file.is_empty() { name.to_owned() } else { format!("[{file}]{name}") };
    format!("{}!{cell_text}", quoted_sheet(&prefix))
}

/// File and sheet as `[Book.xlsx]Sheet1`; empty for a workbook that has no file.
fn file_name(sheet: SheetId, context: &dyn Context) -> String {
    let file = context.file_name();
    if file.is_empty() {
        return String::new();
    }
    format!("[{file}]{}", context.sheet_name(sheet).unwrap_or_default())
}
