//! INDEX, OFFSET and INDIRECT: references and values by place.

use crate::call::MAX_ARRAY;
use crate::{Args, Context, Function, Param};
use values::{Area, Cell, CellError, MAX_COLS, MAX_ROWS, Rect, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "INDEX",
        &[
            Param::array("array"),
            Param::number("row_num"),
            Param::number("column_num").optional(),
            Param::number("area_num").optional(),
        ],
        index,
    )
    .giving_array(),
    Function::context("INDIRECT", &[Param::text("ref_text"), Param::bool("a1").optional()], indirect)
        .volatile()
        .giving_array(),
    Function::context(
        "OFFSET",
        &[
            Param::reference("reference"),
            Param::number("rows"),
            Param::number("cols"),
            Param::number("height").optional(),
            Param::number("width").optional(),
        ],
        offset,
    )
    .volatile()
    .giving_array(),
];

/// What an INDEX asks for: 0 means all.
#[derive(Clone, Copy)]
struct Place {
    row: u32,
    col: u32,
}

impl Place {
    /// Reads row and column; in a single row one number counts along it.
    fn of(args: &Args<'_>, rows: u32, cols: u32) -> Result<Place> {
        let (first, second) = (args.integer(1), args.integer(2));
        if first < 0 || second < 0 {
            return Err(CellError::Value);
        }
        let (row, col) = if rows == 1 && !args.written(2) { (0, first) } else { (first, second) };
        if row > i64::from(rows) || col > i64::from(cols) {
            return Err(CellError::Ref);
        }
        Ok(Place { row: row as u32, col: col as u32 })
    }
}

/// The value at a row and column, or a whole row or column; of a reference it is a reference.
fn index(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let area_num = if args.written(3) { args.integer(3) } else { 1 };
    let area = match args.value(0) {
        Value::Error(error) => return Err(*error),
        Value::Areas(areas) => {
            let nth = usize::try_from(area_num - 1).map_err(|_| CellError::Value)?;
            *areas.get(nth).ok_or(CellError::Ref)?
        }
        _ if area_num < 1 => return Err(CellError::Value),
        _ if area_num > 1 => return Err(CellError::Ref),
        Value::Range(sheet, rect) => Area { sheet: *sheet, rect: *rect },
        other => return index_values(args, other, context),
    };
    let place = Place::of(args, area.rect.rows(), area.rect.cols())?;
    // Of an array one number names a whole row; of cells in rows and columns Excel wants both.
    if !args.written(2) && area.rect.rows() > 1 && area.rect.cols() > 1 {
        return Err(CellError::Ref);
    }
    Ok(Value::Range(area.sheet, index_rect(area.rect, place)))
}

fn index_rect(rect: Rect, place: Place) -> Rect {
    let (top, bottom) = match place.row {
        0 => (rect.top.0, rect.bottom.0),
        row => (rect.top.0 + row - 1, rect.top.0 + row - 1),
    };
    let (left, right) = match place.col {
        0 => (rect.left.0, rect.right.0),
        col => (rect.left.0 + (col - 1) as u16, rect.left.0 + (col - 1) as u16),
    };
    Rect::new(Cell::new(top, left), Cell::new(bottom, right))
}

fn index_values(args: &Args<'_>, value: &Value, context: &dyn Context) -> Result<Value> {
    let view = context.look(value)?;
    let place = Place::of(args, view.rows(), view.cols())?;
    let part = match (place.row, place.col) {
        (0, 0) => Some(view),
        (0, col) => view.col(col - 1),
        (row, 0) => view.row(row - 1),
        (row, col) => return Ok(view.get(row - 1, col - 1).clone()),
    };
    let part = part.ok_or(CellError::Ref)?;
    if part.count() == 1 { Ok(part.get(0, 0).clone()) } else { Ok(part.to_array(MAX_ARRAY)?.into()) }
}

/// A reference moved by rows and columns, with another size if one is given; a negative size reaches up or left.
fn offset(args: &Args<'_>, _: &dyn Context) -> Result<Value> {
    let Value::Range(sheet, rect) = args.value(0) else { return Err(CellError::Value) };
    let (top, bottom) = span(rect.top.0, rect.rows(), args, 1, 3, MAX_ROWS)?;
    let (left, right) = span(u32::from(rect.left.0), rect.cols(), args, 2, 4, u32::from(MAX_COLS))?;
    Ok(Value::Range(*sheet, Rect::new(Cell::new(top, left as u16), Cell::new(bottom, right as u16))))
}

/// First and last row (or column) of the moved reference; `#REF!` where it leaves the sheet or has no size.
fn span(
    start: u32,
    size: u32,
    args: &Args<'_>,
    shift_at: usize,
    size_at: usize,
    end: u32,
) -> Result<(u32, u32)> {
    let start = i64::from(start).saturating_add(args.integer(shift_at));
    let size = if args.given(size_at) { args.integer(size_at) } else { i64::from(size) };
    let other = match size {
        0 => return Err(CellError::Ref),
        1.. => start.saturating_add(size - 1),
        _ => start.saturating_add(size).saturating_add(1),
    };
    let on_sheet = |place: i64| u32::try_from(place).ok().filter(|place| *place < end).ok_or(CellError::Ref);
    Ok((on_sheet(start.min(other))?, on_sheet(start.max(other))?))
}

/// The reference that a text names.
fn indirect(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    context.reference(args.text(0), args.bool_or(1, true))
}
