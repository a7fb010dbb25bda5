//! What is known of sheets, formulas and the program.

use crate::call::MAX_ARRAY;
use crate::{Args, Context, Function, Param};
use values::{Array, Cell, CellError, Result, SheetId, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("INFO", &[Param::text("type_text")], info).volatile(),
    Function::context("ISFORMULA", &[Param::reference("reference")], isformula),
    Function::context("SHEET", &[Param::values("value").optional()], sheet),
    Function::context("SHEETS", &[Param::values("reference").optional()], sheets),
];

/// What there is to say of the program. It has no folder of its own and says nothing of the machine that it
/// runs on, so that results are the same everywhere. Source: Microsoft's page on INFO.
fn info(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok(match args.text(0).to_ascii_lowercase().as_str() {
        "numfile" => f64::from(context.sheet_count()).into(),
        "origin" => "$A:$A$1".into(),
        "osversion" => "Windows (64-bit) NT 10.00".into(),
        "recalc" => "Automatic".into(),
        "release" => "16.0".into(),
        "system" => "pcdos".into(),
        "directory" | "memavail" | "memused" | "totmem" => return Err(CellError::NA),
        _ => return Err(CellError::Value),
    })
}

/// Whether a cell holds a formula; an answer for each cell of a range.
fn isformula(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    each_cell(args.value(0), context, |sheet, cell| context.formula_text(sheet, cell).is_some().into())
}

/// Asks for each cell of a reference; one cell gives a scalar.
pub(crate) fn each_cell(
    reference: &Value,
    context: &dyn Context,
    ask: impl Fn(SheetId, Cell) -> Value,
) -> Result<Value> {
    let Value::Range(sheet, rect) = reference else { return Err(CellError::Value) };
    if rect.is_cell() {
        return Ok(ask(*sheet, rect.first()));
    }
    if rect.count() > MAX_ARRAY {
        return Err(CellError::Calc);
    }
    context.spend(rect.count())?;
    Ok(Array::new(rect.rows(), rect.cols(), rect.cells().map(|cell| ask(*sheet, cell)).collect())?.into())
}

/// The number of a sheet: of a name, of a reference, or the one calculated on.
fn sheet(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let id = match args.value(0) {
        Value::Missing => context.here().0,
        Value::Range(sheet, _) => *sheet,
        Value::Areas(areas) => areas.first().ok_or(CellError::NA)?.sheet,
        Value::Error(error) => return Err(*error),
        Value::Text(name) => context.sheet_by_name(name).ok_or(CellError::NA)?,
        _ => return Err(CellError::NA),
    };
    Ok(f64::from(context.sheet_place(id) + 1).into())
}

/// How many sheets there are, in the workbook or in a reference.
fn sheets(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let count = match args.value(0) {
        Value::Missing => usize::from(context.sheet_count()),
        Value::Range(..) => 1,
        Value::Areas(areas) => {
            let mut sheets: Vec<SheetId> = areas.iter().map(|area| area.sheet).collect();
            sheets.sort_unstable();
            sheets.dedup();
            sheets.len()
        }
        Value::Error(error) => return Err(*error),
        _ => return Err(CellError::NA),
    };
    Ok((count as f64).into())
}
