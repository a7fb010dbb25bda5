//! Reading numbers as the functions of the former Analysis ToolPak do: booleans are refused wherever they
//! stand, text counts where it reads as a number, and empty cells are passed over.

use crate::{Context, coerce};
use values::{Area, CellError, Result, Value};

/// One value as a number.
pub(crate) fn number(value: &Value, context: &dyn Context) -> Result<f64> {
    match value {
        Value::Bool(_) => Err(CellError::Value),
        Value::Missing => Err(CellError::NA),
        value => coerce::to_number(value, &context.reading()),
    }
}

/// Calls `visit` for each number of the arguments.
pub(crate) fn for_each_number(
    args: &[Value],
    context: &dyn Context,
    visit: &mut dyn FnMut(f64) -> Result<()>,
) -> Result<()> {
    for arg in args {
        match arg {
            Value::Areas(areas) => {
                for area in areas.iter() {
                    of_area(*area, context, visit)?;
                }
            }
            Value::Range(sheet, rect) => of_area(Area { sheet: *sheet, rect: *rect }, context, visit)?,
            Value::Array(array) => {
                for value in array.iter().filter(|value| !matches!(value, Value::Empty)) {
                    visit(number(value, context)?)?;
                }
            }
            scalar => visit(number(scalar, context)?)?,
        }
    }
    Ok(())
}

fn of_area(area: Area, context: &dyn Context, visit: &mut dyn FnMut(f64) -> Result<()>) -> Result<()> {
    context.view(area)?.try_for_each(|_, _, value| visit(number(value, context)?))
}
