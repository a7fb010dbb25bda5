//! What is measured: ten workbooks, each with one kind of work in it, and the edits that people would make there.
//!
//! A workload is a plain description, without files or engines, so that the benchmarks and the test of growth in
//! `engine/calc` measure the same thing. Rows come one by one: a million formulas need not be in memory at once.
//! The same name and size give the same cells every time.

mod arrays;
mod columns;
mod money;
mod random;
mod tables;
mod texts;

/// Values in each series of edits.
pub const EDITS: u32 = 30;

/// Rows that a workbook has at least, however small the scale.
const FEWEST_ROWS: u32 = 20;

/// What a cell holds. Formulas are written as files hold them, without `=`.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A formula with one result.
    Formula(String),
    /// A dynamic array formula: what it gives may fill further cells.
    Array(String),
}

/// One row's cells from column A on.
pub type Row = Vec<Content>;

/// A sheet, row by row.
pub struct Sheet {
    /// Its name.
    pub name: &'static str,
    /// Its rows from the first on.
    pub rows: Box<dyn Iterator<Item = Row>>,
}

/// How much of a workbook an edit can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A handful of formulas, whatever the workbook's size.
    Local,
    /// One column of formulas.
    Column,
    /// Everything.
    All,
    /// What is looked up in a table.
    Table,
}

/// What is typed in an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// A cell that is edited, with the values one after another.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The series' name.
    pub id: &'static str,
    /// The sheet.
    pub sheet: &'static str,
    /// The cell.
    pub cell: String,
    /// What it reaches.
    pub scope: Scope,
    /// What is typed.
    pub values: Vec<Input>,
}

/// A workbook to measure.
pub struct Workload {
    /// Its sheets.
    pub sheets: Vec<Sheet>,
    /// What is edited.
    pub edits: Vec<Edit>,
    /// What is read after the full calculation and after each series: sheets and cells.
    pub outputs: Vec<(&'static str, String)>,
    /// How far apart results of two engines may be, as a part of the larger one.
    pub tolerance: f64,
}

/// A workload at any size.
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// Rows at scale 1.
    rows: u32,
    build: fn(u32) -> Workload,
}

/// All workloads.
pub const SHAPES: [Shape; 10] = [
    Shape { name: "chain", rows: 100_000, build: columns::chain },
    Shape { name: "fanout", rows: 200_000, build: columns::fanout },
    Shape { name: "grid", rows: 20_000, build: columns::grid },
    Shape { name: "lookup", rows: 50_000, build: tables::lookup },
    Shape { name: "sumifs", rows: 20_000, build: tables::sumifs },
    Shape { name: "ranges", rows: 20_000, build: columns::ranges },
    Shape { name: "finance", rows: 500, build: money::finance },
    Shape { name: "dynamic", rows: 100_000, build: arrays::dynamic },
    Shape { name: "strings", rows: 40_000, build: texts::strings },
    Shape { name: "dates", rows: 40_000, build: texts::dates },
];

impl Shape {
    /// The workload at a part of its full size.
    pub fn at(&self, scale: f64) -> Workload {
        (self.build)(self.rows_at(scale))
    }

    /// Rows at a part of the full size.
    pub fn rows_at(&self, scale: f64) -> u32 {
        ((f64::from(self.rows) * scale).floor() as u32).max(FEWEST_ROWS)
    }
}

impl Workload {
    fn new(sheets: Vec<Sheet>, edits: Vec<Edit>, outputs: Vec<(&'static str, String)>) -> Self {
        Self { sheets, edits, outputs, tolerance: 1e-9 }
    }
}

impl Sheet {
    fn new(name: &'static str, rows: impl Iterator<Item = Row> + 'static) -> Self {
        Self { name, rows: Box::new(rows) }
    }
}

/// A series of typed numbers.
fn numbers(
    id: &'static str,
    sheet: &'static str,
    cell: impl Into<String>,
    scope: Scope,
    value: impl Fn(f64) -> f64,
) -> Edit {
    let values = (0..EDITS).map(|index| Input::Number(value(f64::from(index)))).collect();
    Edit { id, sheet, cell: cell.into(), scope, values }
}

/// A series of typed texts.
fn typed(
    id: &'static str,
    sheet: &'static str,
    cell: impl Into<String>,
    scope: Scope,
    value: impl Fn(u32) -> String,
) -> Edit {
    Edit {
        id,
        sheet,
        cell: cell.into(),
        scope,
        values: (0..EDITS).map(|index| Input::Text(value(index))).collect(),
    }
}

fn number(value: impl Into<f64>) -> Content {
    Content::Number(value.into())
}

fn text(value: impl Into<String>) -> Content {
    Content::Text(value.into())
}

fn formula(value: impl Into<String>) -> Content {
    Content::Formula(value.into())
}

/// A sheet of one column.
fn column(name: &'static str, formulas: Vec<String>) -> Sheet {
    Sheet::new(name, formulas.into_iter().map(|one| vec![formula(one)]))
}
