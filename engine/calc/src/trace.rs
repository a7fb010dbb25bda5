//! Why a cell has its value: what its formula names and has read, who reads it, and the chain behind it.
//!
//! A formula is asked by evaluating it once more beside a record of its reads, so that branches which were not
//! taken and cells that INDIRECT or OFFSET led to are told apart from what merely stands in the text. Nothing
//! here changes a session; values are those of the last recalculation, which the caller has run.
//!
//! Invariant: the work is bounded by [`TraceLimits`], whatever the workbook holds.

mod chain;
mod parts;
mod reads;
mod summary;

use crate::model::VertexKind;
use crate::session::Session;
use crate::spread::Spread;
use functions::Environment;
pub(crate) use reads::Reads;
use reads::Tracer;
use values::{Area, Cell, CellError, Rect, Row, SheetId, Value};

/// How far an explanation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceLimits {
    /// Formulas behind formulas: 1 shows only what the cell itself reads.
    pub depth: u32,
    /// Cells of the tree in all.
    pub steps: usize,
    /// Ranges of at most so many cells are followed cell by cell.
    pub each: u64,
    /// Cells that are looked at to summarise ranges, in all.
    pub cells: u64,
    /// Units of work for evaluating formulas again, in all, as [`Environment::budget`] counts them.
    pub units: u64,
    /// Whether cells with a caption are not followed further: they mean something to a person by themselves.
    pub stop_at_captions: bool,
}

impl Default for TraceLimits {
    fn default() -> Self {
        TraceLimits {
            depth: 12,
            steps: 150,
            each: 8,
            cells: 5_000_000,
            units: 20_000_000,
            stop_at_captions: false,
        }
    }
}

/// Where the value of a cell comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing stands there.
    Empty,
    /// A constant of the workbook.
    Constant,
    /// Set in this session, perhaps over a formula.
    Input {
        /// Whether a formula is covered.
        covers_formula: bool,
    },
    /// The cell's own formula.
    Formula,
    /// An array formula in another cell.
    Spilled {
        /// The cell that holds it.
        anchor: Cell,
    },
    /// A what-if data table.
    DataTable,
}

impl Origin {
    /// Whether the value follows from other cells.
    pub fn is_computed(self) -> bool {
        matches!(self, Origin::Formula | Origin::Spilled { .. } | Origin::DataTable)
    }
}

/// How a formula comes to read something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A reference to cells, or columns of a table.
    Cells,
    /// A defined name.
    Name {
        /// What the name stands for, with `=`.
        definition: String,
    },
    /// Cells that its text does not name: INDIRECT, OFFSET and their like led there.
    Found,
    /// The array formula that fills the cell.
    Anchor,
    /// The formula that a data table tries.
    Tried,
    /// A value that a data table puts into an input cell.
    PutInto {
        /// The input cell, on the table's sheet.
        input: Cell,
    },
    /// A cell that leaves an array formula no room for its results.
    InTheWay,
    /// Cells of another workbook, as the file remembers them.
    External,
    /// Something that does not exist: the value is the error that it gives.
    Broken,
}

/// What a formula names or reads.
#[derive(Clone, Debug)]
pub struct Traced {
    /// As the formula writes it; an address where it does not.
    pub text: String,
    /// How it is read.
    pub kind: PartKind,
    /// The cells.
    pub areas: Vec<Area>,
    /// The value, where it is a single one.
    pub value: Option<Value>,
    /// What the cells hold.
    pub summary: Summary,
    /// Whether the value depends on it: `false` for the branch of an IF that was not taken, and for references
    /// that are only asked where they are, as in `ROW(A1)`.
    pub is_used: bool,
    /// The parts of `areas` that were read.
    pub reads: Vec<Area>,
}

/// What stands in some cells.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many cells there are.
    pub cells: u64,
    /// How many are not empty.
    pub filled: u64,
    /// How many hold formulas, or are filled by one.
    pub formulas: u64,
    /// How many hold numbers.
    pub numbers: u64,
    /// The sum of the numbers, to 15 digits.
    pub sum: f64,
    /// How many hold errors.
    pub errors: u64,
    /// The first that are not empty, column by column.
    pub first: Vec<(SheetId, Cell, Value)>,
    /// The first error.
    pub first_error: Option<(SheetId, Cell)>,
    /// Whether all cells were looked at; otherwise the limit ended the count of all but `cells` and `formulas`.
    pub is_whole: bool,
}

/// The text that says what a cell is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// The text.
    pub text: String,
    /// Where it stands, on the cell's sheet: the cell itself for a defined name.
    pub at: Cell,
}

/// One cell of an explanation.
#[derive(Clone, Debug)]
pub struct Step {
    /// The sheet.
    pub sheet: SheetId,
    /// The cell.
    pub cell: Cell,
    /// Its value.
    pub value: Value,
    /// Where that comes from.
    pub origin: Origin,
    /// The formula with `=`; for a cell under an input the formula that it covers.
    pub formula: Option<String>,
    /// What is written beside or above it.
    pub caption: Option<Caption>,
    /// Whether it depends on itself.
    pub is_circular: bool,
    /// What its value follows from, in the order in which the formula names it.
    pub parts: Vec<Part>,
    /// How many parts are left out.
    pub more_parts: usize,
    /// Why the tree ends here, where more lies behind.
    pub cut: Option<Cut>,
}

/// Something that a step's value follows from.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is.
    pub traced: Traced,
    /// Cells of it that are followed, as places in [`Explanation::steps`].
    pub steps: Vec<usize>,
    /// Whether the steps are only one example of many alike.
    pub is_example: bool,
    /// How many cells of it would be followed, were there room for them in the tree.
    pub more_steps: usize,
}

/// Why a tree ends before inputs and constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The cell is explained at another place of the tree.
    Repeated,
    /// It is as deep as the limit allows.
    Depth,
    /// The tree has as many cells as the limit allows.
    Steps,
    /// It has a caption, and captions were to end the tree.
    Caption,
}

/// Where an error began.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorSource {
    /// The sheet.
    pub sheet: SheetId,
    /// The cell whose formula or content gives the error by itself.
    pub cell: Cell,
    /// The error.
    pub error: CellError,
    /// How many formulas lie between: 0 where it is the explained cell itself.
    pub distance: usize,
    /// Whether the search came to its end; otherwise the limit ended it here.
    pub is_certain: bool,
}

/// The chain behind a value.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The cells of the tree; the explained one is the first.
    pub steps: Vec<Step>,
    /// Where the error began, if the cell shows one.
    pub error: Option<ErrorSource>,
}

/// Formulas that read a cell, one family of copies.
#[derive(Clone, Debug)]
pub struct Dependents {
    /// Their cells.
    pub area: Area,
    /// The formula of the first one.
    pub formula: Option<String>,
    /// What they show.
    pub summary: Summary,
}

impl Session {
    /// What the formula of a cell names and reads, with values; empty for constants and inputs.
    pub fn precedents(&self, sheet: SheetId, cell: Cell, environment: &Environment) -> Vec<Traced> {
        Tracer::new(self, environment, TraceLimits::default()).parts(sheet, cell).0
    }

    /// The formulas that read a cell directly, with values, and how many more than `most` there are. Names are followed;
    /// what INDIRECT and its like lead to is not known from this side.
    pub fn dependents(&self, sheet: SheetId, cell: Cell, most: usize) -> (Vec<Dependents>, usize) {
        let environment = Environment::default();
        let tracer = Tracer::new(self, &environment, TraceLimits::default());
        let readers = self.model.readers(Area::cell(sheet, cell)).into_iter();
        let mut areas: Vec<Area> =
            readers.map(|reader| Area { sheet: reader.sheet, rect: reader.rect }).collect();
        areas.extend(self.data_tables_reading(sheet, cell));
        let more = areas.len().saturating_sub(most);
        let dependents = areas.into_iter().take(most).map(|area| Dependents {
            area,
            formula: tracer.formula_text(area.sheet, area.rect.first()),
            summary: tracer.summary(&[area]),
        });
        (dependents.collect(), more)
    }

    /// The chain behind a value, from the cell down to inputs and constants.
    pub fn explain(
        &self,
        sheet: SheetId,
        cell: Cell,
        limits: TraceLimits,
        environment: &Environment,
    ) -> Explanation {
        chain::explain(&Tracer::new(self, environment, limits), sheet, cell)
    }

    /// Where the value of a cell comes from.
    pub fn origin(&self, sheet: SheetId, cell: Cell) -> Origin {
        let is_formula = self.model.is_formula(sheet, cell);
        if self.input(sheet, cell).is_some() {
            return Origin::Input { covers_formula: is_formula };
        }
        if is_formula {
            return Origin::Formula;
        }
        let is_table =
            |spread: &Spread| matches!(self.model.vertex(spread.vertex).kind, VertexKind::DataTable(..));
        match self.spread_at(sheet, cell) {
            Some(spread) if is_table(spread) => Origin::DataTable,
            Some(spread) => Origin::Spilled { anchor: spread.anchor },
            None if matches!(self.value(sheet, cell), Value::Empty) => Origin::Empty,
            None => Origin::Constant,
        }
    }

    /// What fills a cell from elsewhere.
    fn spread_at(&self, sheet: SheetId, cell: Cell) -> Option<&Spread> {
        self.spreads.get(usize::from(sheet.0))?.find(Rect::cell(cell), |_| true)
    }

    /// Data tables that a cell is an input or an edge of.
    fn data_tables_reading(&self, sheet: SheetId, cell: Cell) -> Vec<Area> {
        let Some(of) = self.model.workbook().sheet(sheet) else { return Vec::new() };
        let reads = |table: &&workbook::DataTable| {
            let edges = Rect {
                top: Row(table.rect.top.0.saturating_sub(1)),
                left: values::Col(table.rect.left.0.saturating_sub(1)),
                ..table.rect
            };
            let is_edge = edges.contains(cell) && !table.rect.contains(cell);
            is_edge || [table.first_input, table.second_input].contains(&Some(cell))
        };
        of.data_tables.iter().filter(reads).map(|table| Area { sheet, rect: table.rect }).collect()
    }
}
