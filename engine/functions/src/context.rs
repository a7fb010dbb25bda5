//! What a function may ask of the world outside of its arguments.

use crate::{Criterion, Environment, GroupNumbers, Lent, MatchingRows, RowGroup, View};
use numfmt::Reading;
use std::sync::Arc;
use values::{Area, Array, Cell, CellError, DateSystem, Lambda, Result, SheetId, Value};

/// What is known of a function value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LambdaKind {
    /// The name of a function of the library; `None` for a LAMBDA.
    pub name: Option<&'static str>,
    /// How many arguments it must be given.
    pub required: usize,
}

/// The evaluator, as functions see it.
///
/// A method that reads cells may find that they must be calculated first. It then notes that and answers with
/// an error; the evaluator drops whatever the function makes of it and calls the function again later. So a
/// body just passes errors on, and never keeps state of its own.
pub trait Context {
    /// Clock, locale and limits.
    fn environment(&self) -> &Environment;

    /// How this workbook counts days.
    fn date_system(&self) -> DateSystem;

    /// What texts are read against where a number is needed.
    fn reading(&self) -> Reading<'_> {
        self.environment().reading(self.date_system())
    }

    /// The cell that is being calculated.
    fn here(&self) -> (SheetId, Cell);

    /// The cells of an area, up to date.
    ///
    /// # Errors
    /// Where cells must be calculated first (see above) or the budget ends.
    fn view(&self, area: Area) -> Result<View<'_>>;

    /// Calls a function value.
    fn apply(&self, lambda: &Lambda, args: &[Value]) -> Value;

    /// The reference that a text names, `A1` style or `R1C1`, for INDIRECT; names and tables included.
    ///
    /// # Errors
    /// `#REF!` where the text names no cells.
    fn reference(&self, text: &str, a1_style: bool) -> Result<Value>;

    /// The formula of a cell as a person sees it, with `=`; `None` where the cell holds none.
    fn formula_text(&self, sheet: SheetId, cell: Cell) -> Option<String>;

    /// What the formula of a cell gives for the cells `down` rows below those that it names, absolute references
    /// aside: criteria of database functions that are computed for each record. A name that nobody defined means the
    /// field of `list` under that header, in the record `down` rows below the first. `None` where the cell holds no
    /// formula, or where formulas cannot be evaluated.
    ///
    /// # Errors
    /// The inner one where cells must be calculated first (see above) or the budget ends.
    fn formula_moved(&self, _sheet: SheetId, _cell: Cell, _down: u32, _list: Area) -> Option<Result<Value>> {
        None
    }

    /// Whether the cell's formula is a SUBTOTAL or AGGREGATE, which such functions leave out.
    fn is_subtotal(&self, sheet: SheetId, cell: Cell) -> bool;

    /// Whether a row is hidden: by a filter, and by hand if `by_hand` says so.
    fn row_hidden(&self, sheet: SheetId, row: u32, by_hand: bool) -> bool;

    /// A sheet's name.
    fn sheet_name(&self, sheet: SheetId) -> Option<&str>;

    /// The sheet of a name, case aside.
    fn sheet_by_name(&self, name: &str) -> Option<SheetId>;

    /// How many sheets the workbook has.
    fn sheet_count(&self) -> u16;

    /// The place of a sheet among the workbook's sheets as they stand now, counted from 0, for SHEET.
    fn sheet_place(&self, sheet: SheetId) -> u16 {
        sheet.0
    }

    /// The number-format code of a cell, for CELL.
    fn number_format(&self, sheet: SheetId, cell: Cell) -> &str;

    /// Whether a cell is locked, for CELL("protect").
    fn is_locked(&self, sheet: SheetId, cell: Cell) -> bool;

    /// A column's width in characters, for CELL("width").
    fn column_width(&self, sheet: SheetId, col: u16) -> f64;

    /// Whether a column has its sheet's standard width, for CELL("width").
    fn has_standard_width(&self, _sheet: SheetId, _col: u16) -> bool {
        false
    }

    /// The workbook's file name, for CELL("filename"); empty when it has none.
    fn file_name(&self) -> &str;

    /// The next random number of this cell, 0 ≤ x < 1.
    fn random(&self) -> f64;

    /// Charges work against the budget: about one unit for each cell read or value made. Functions that make
    /// or compare many values say so before they begin.
    ///
    /// # Errors
    /// `#CALC!` when the budget is used up or the recalculation was cancelled.
    fn spend(&self, units: u64) -> Result<()>;

    /// The first row of the single-column `area` whose value equals `key` as exact lookups compare, counted from
    /// the area's top; `None` where no index is kept and the caller must look itself. The answer `Some(None)` is
    /// "not there".
    fn find_exact(&self, _area: Area, _key: &Value) -> Option<Option<u32>> {
        None
    }

    /// The rows of single-column areas of one size that meet all those of some criteria for which an index is kept;
    /// `None` where none is and the caller must look itself.
    fn matching_rows(&self, _conditions: &[(Area, &Criterion)]) -> Option<MatchingRows> {
        None
    }

    /// The numbers of the column that an area lies in, where they are kept for loops.
    fn numbers(&self, _area: Area) -> Option<Lent<'_>> {
        None
    }

    /// The rows of a single-column area that meet a criterion of equality, where an index is kept of them and the
    /// criterion asks for one value.
    fn group(&self, _area: Area, _criterion: &Criterion) -> Option<RowGroup> {
        None
    }

    /// The numbers beside a group, in an area of the same rows.
    fn group_numbers(&self, _group: RowGroup, _area: Area) -> Option<Arc<GroupNumbers>> {
        None
    }

    /// What a plain function of one argument gives for each cell of a single-column area, where that is kept: only
    /// cells that changed are done again, by `of_one`.
    fn lifted(
        &self,
        _function: &'static str,
        _area: Area,
        _of_one: &dyn Fn(&Value) -> Value,
    ) -> Option<Arc<Array>> {
        None
    }

    /// What a function value is called and takes, for GROUPBY and PIVOTBY.
    fn describe(&self, _lambda: &Lambda) -> LambdaKind {
        LambdaKind { name: None, required: 1 }
    }

    /// What the pivot table at an area shows of a data field for pairs of a field and an item, for GETPIVOTDATA.
    ///
    /// # Errors
    /// `#REF!` where there is no pivot table or it shows no such value; as [`Context::view`].
    fn pivot_value(&self, _at: Area, _data_field: &str, _items: &[(&Value, &Value)]) -> Result<Value> {
        Err(CellError::Ref)
    }

    /// What the pivot table at an area shows where a text describes a cell of it, `"Region[North] Apple"`.
    ///
    /// # Errors
    /// As [`Context::pivot_value`].
    fn pivot_described(&self, _at: Area, _text: &str) -> Result<Value> {
        Err(CellError::Ref)
    }

    /// A cell value by itself, up to date.
    ///
    /// # Errors
    /// As [`Context::view`].
    fn cell(&self, sheet: SheetId, cell: Cell) -> Result<Value> {
        Ok(self.view(Area::cell(sheet, cell))?.get(0, 0).clone())
    }

    /// The values behind an argument: cells of a reference, an array, or a scalar as one cell.
    ///
    /// # Errors
    /// As [`Context::view`]; `#VALUE!` for a reference of several areas.
    fn look<'a>(&'a self, value: &'a Value) -> Result<View<'a>> {
        match value {
            Value::Range(sheet, rect) => self.view(Area { sheet: *sheet, rect: *rect }),
            Value::Areas(_) | Value::Lambda(_) => Err(CellError::Value),
            other => Ok(View::of(other)),
        }
    }
}
