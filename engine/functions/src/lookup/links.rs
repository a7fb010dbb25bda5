//! HYPERLINK and GETPIVOTDATA.

use crate::{Args, Context, Function, Param};
use values::{Area, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "GETPIVOTDATA",
        &[
            Param::text("data_field"),
            Param::reference("pivot_table"),
            Param::scalar("field").optional(),
            Param::scalar("item").optional(),
        ],
        getpivotdata,
    )
    .repeating(2),
    Function::plain(
        "HYPERLINK",
        &[Param::text("link_location"), Param::any("friendly_name").optional()],
        hyperlink,
    ),
];

/// GETPIVOTDATA as it was until 2000, which formulas may still hold: the pivot table, and a text that describes a cell of
/// it, `"Region[North] Apple"`. It has no name of its own; what its arguments are tells it from the other.
pub(crate) static DESCRIBED: Function = Function::context(
    "GETPIVOTDATA",
    &[Param::reference("pivot_table"), Param::text("name")],
    getpivotdata_described,
);

fn getpivotdata_described(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let Value::Range(sheet, rect) = args.value(0) else { return Err(CellError::Ref) };
    context.pivot_described(Area { sheet: *sheet, rect: *rect }, args.text(1))
}

/// What the cell shows of a link: its friendly name, or the link itself. Following it is the program's.
fn hyperlink(args: &Args<'_>) -> Result<Value> {
    Ok(if args.written(1) { args.value(1).clone() } else { args.value(0).clone() })
}

/// What a pivot table shows; `#REF!` where it shows no such value.
fn getpivotdata(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let Value::Range(sheet, rect) = args.value(1) else { return Err(CellError::Ref) };
    let items = args.from(2);
    if !items.len().is_multiple_of(2) {
        return Err(CellError::Ref);
    }
    let pairs: Vec<(&Value, &Value)> =
        items.chunks_exact(2).filter_map(|pair| Some((pair.first()?, pair.get(1)?))).collect();
    context.pivot_value(Area { sheet: *sheet, rect: *rect }, args.text(0), &pairs)
}
