//! Changes of a workbook as data: cells, blocks, rows, columns, sheets, tables.
//!
//! [`Workbook::apply`] checks an [`Edit`] as Excel would, carries it out, lets every reference follow its cells, and
//! answers with a [`Patch`] that takes it back and an [`Effect`] that says what changed. Either all of an edit
//! happens or nothing. Values that follow from formulas are not touched here: whoever calculates does that.

mod append;
mod block;
mod cells;
mod effect;
mod error;
mod follow;
mod guard;
mod journal;
mod moves;
mod sheets;
mod slide;
mod tables;

pub use block::{Block, BlockCell, PasteKind};
pub use effect::{ChangeLog, Effect, carried};
pub use error::EditError;
pub use journal::Patch;

use crate::Workbook;
use journal::Journal;
use std::sync::Arc;
use values::{Area, Cell, Col, Row, SheetId, Text, Value};

/// What a cell is to hold.
#[derive(Clone, Debug)]
pub enum Content {
    /// Nothing.
    Empty,
    /// A constant: number, text, truth value or error.
    Value(Value),
    /// A formula that fills its own cell, with or without `=`, in the grammar of files.
    Formula(Text),
    /// A formula that spills as far as its result goes.
    Spilling(Text),
}

/// One change of a workbook.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Gives cells of a sheet new contents; styles stay.
    Set {
        /// The sheet.
        sheet: SheetId,
        /// The cells; a cell named twice gets what comes last.
        cells: Vec<(Cell, Content)>,
    },
    /// Empties cells; styles stay.
    Clear {
        /// The cells.
        area: Area,
    },
    /// Puts a copied block somewhere. Relative references move with it.
    Paste {
        /// What was copied.
        block: Arc<Block>,
        /// The top left cell, or an area that the block fills several times if it fits.
        to: Area,
        /// How much of it.
        what: PasteKind,
    },
    /// Cuts a block out and puts it elsewhere, over what stands there. References to its cells follow.
    Move {
        /// The cells.
        from: Area,
        /// The sheet where they go.
        sheet: SheetId,
        /// Where their top left cell goes.
        to: Cell,
    },
    /// Copies the first row of an area to its other rows; the row above, if the area is one row.
    FillDown {
        /// The cells.
        area: Area,
    },
    /// Copies the first column of an area to its other columns; the one on its left, if the area is one column.
    FillRight {
        /// The cells.
        area: Area,
    },
    /// Puts empty rows in front of a row; they take their styles from the row above.
    InsertRows {
        /// The sheet.
        sheet: SheetId,
        /// The first new row.
        at: Row,
        /// How many.
        count: u32,
    },
    /// Deletes rows.
    DeleteRows {
        /// The sheet.
        sheet: SheetId,
        /// The first row that goes.
        at: Row,
        /// How many.
        count: u32,
    },
    /// Puts empty columns in front of a column; they take their styles from the column on their left.
    InsertColumns {
        /// The sheet.
        sheet: SheetId,
        /// The first new column.
        at: Col,
        /// How many.
        count: u32,
    },
    /// Deletes columns.
    DeleteColumns {
        /// The sheet.
        sheet: SheetId,
        /// The first column that goes.
        at: Col,
        /// How many.
        count: u32,
    },
    /// Puts an empty sheet in front of the one that has the id now, or at the end.
    InsertSheet {
        /// The new sheet's id.
        at: SheetId,
        /// Its name.
        name: Text,
    },
    /// Deletes a sheet with all on it.
    DeleteSheet {
        /// The sheet.
        sheet: SheetId,
    },
    /// Gives a sheet another name.
    RenameSheet {
        /// The sheet.
        sheet: SheetId,
        /// The new name.
        name: Text,
    },
    /// Gives a sheet another place among the tabs.
    MoveSheet {
        /// The sheet.
        sheet: SheetId,
        /// Its id afterwards.
        to: SheetId,
    },
    /// Puts rows at the end of a table, above its totals. Calculated columns get their formula where a row gives
    /// nothing for them.
    AppendRows {
        /// The table's name.
        table: Text,
        /// The new rows; one may be shorter than the table is wide.
        rows: Vec<Vec<Content>>,
    },
}

/// What became of an edit.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Takes it back.
    pub patch: Patch,
    /// What changed.
    pub effect: Effect,
}

/// An edit under way: the workbook, what is needed to take it back, and what has changed so far.
struct Work<'a> {
    book: &'a mut Workbook,
    journal: Journal,
    effect: Effect,
}

type Done = Result<(), EditError>;

impl Workbook {
    /// Carries out an edit. Cost: for cells, what they hold; for rows, columns and moves, the cells that move and
    /// the families of formulas in the workbook; for sheets, the templates of the workbook.
    ///
    /// # Errors
    /// Where Excel would refuse it; the workbook is then as it was.
    pub fn apply(&mut self, edit: &Edit) -> Result<Applied, EditError> {
        let journal = Journal::new(self);
        let mut work = Work { book: self, journal, effect: Effect::default() };
        let done = work.run(edit);
        let Work { journal, effect, .. } = work;
        let mut patch = journal.into_patch();
        match done {
            Ok(()) => Ok(Applied { patch, effect }),
            Err(error) => {
                patch.swap(self);
                Err(error)
            }
        }
    }
}

impl Work<'_> {
    fn run(&mut self, edit: &Edit) -> Done {
        match edit {
            Edit::Set { sheet, cells } => self.set(*sheet, cells),
            Edit::Clear { area } => self.clear(*area),
            Edit::Paste { block, to, what } => self.paste(block, *to, *what),
            Edit::Move { from, sheet, to } => self.move_block(*from, *sheet, *to),
            Edit::FillDown { area } => self.fill(*area, true),
            Edit::FillRight { area } => self.fill(*area, false),
            Edit::InsertRows { sheet, at, count } => self.insert_rows(*sheet, *at, *count),
            Edit::DeleteRows { sheet, at, count } => self.delete_rows(*sheet, *at, *count),
            Edit::InsertColumns { sheet, at, count } => self.insert_columns(*sheet, *at, *count),
            Edit::DeleteColumns { sheet, at, count } => self.delete_columns(*sheet, *at, *count),
            Edit::InsertSheet { at, name } => self.insert_sheet(*at, name),
            Edit::DeleteSheet { sheet } => self.delete_sheet(*sheet),
            Edit::RenameSheet { sheet, name } => self.rename_sheet(*sheet, name),
            Edit::MoveSheet { sheet, to } => self.move_sheet(*sheet, *to),
            Edit::AppendRows { table, rows } => self.append_rows(table, rows),
        }
    }
}
