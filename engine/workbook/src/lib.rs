//! The workbook in memory: sheets, cells, formulas, styles, names, tables, validations. The model alone.
//!
//! Cells lie in columns of blocks that are shared until written, so a calculation starts from a copy that
//! costs nothing and writes only what it changes. Copied formulas share one template. Edits are data, and taking one
//! back gives what was there bit for bit. Nothing here reads files, evaluates or formats.

mod edit;
mod grid;
mod history;
mod labels;
mod names;
mod origin;
mod pivot;
mod runs;
mod scenario;
mod sheet;
mod style;
mod table;
mod template;
mod validation;
mod workbook;

pub use edit::{
    Applied, Block, BlockCell, ChangeLog, Content, Edit, EditError, Effect, PasteKind, Patch, carried,
};
pub use grid::{BLOCK_ROWS, Column, Grid, RowRun, Storable};
pub use history::{DEFAULT_HISTORY_BYTES, History, Step};
pub use labels::Side;
pub use names::{DefinedName, NameScope};
pub use origin::{LocaleHint, Origin};
pub use pivot::{
    PivotAxis, PivotAxisField, PivotField, PivotItem, PivotLayout, PivotLineKind, PivotPlace, PivotTable,
    PivotValue,
};
pub use runs::Runs;
pub use scenario::{Scenario, Scenarios};
pub use sheet::{ArrayFormula, ArrayKind, DataTable, Hyperlink, RowInfo, Sheet, Visibility};
pub use style::{Alignment, CellStyle, Color, Font, StyleId, Styles};
pub use table::{Table, TableColumn};
pub use template::{TemplateId, Templates};
pub use validation::{Validation, ValidationKind, ValidationOperator, ValidationStyle};
pub use workbook::{ExternalBook, ExternalName, Iteration, Workbook};
