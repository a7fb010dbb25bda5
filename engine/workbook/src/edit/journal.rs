//! What an edit replaced, kept so that it can be put back bit for bit.
//!
//! A patch holds the other version of those pieces that the edit changed, and swaps them with the workbook's: once
//! to take the edit back, once more to do it again. Small edits keep cells; larger ones whole columns or sheets,
//! whose blocks of values are shared with the workbook until one of both changes. So the cost follows what changed.

use crate::grid::Column;
use crate::{ArrayFormula, DefinedName, Runs, Sheet, StyleId, Table, TemplateId, Validation, Workbook};
use formula::Formula;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Cell, Col, Rect, SheetId, Value};

/// Takes an edit back, and does it again, and so on.
#[derive(Clone, Debug)]
pub struct Patch {
    pieces: Vec<Piece>,
    bytes: usize,
}

/// The other version of a part of the workbook.
#[derive(Clone, Debug)]
enum Piece {
    Cells {
        sheet: SheetId,
        cells: Vec<CellState>,
        used: Option<Rect>,
    },
    Columns {
        sheet: SheetId,
        columns: Vec<ColumnState>,
        used: Option<Rect>,
    },
    Arrays(SheetId, BTreeMap<Cell, ArrayFormula>),
    Formulas(SheetId, Vec<Runs<TemplateId>>),
    Validations(SheetId, Vec<Validation>),
    Sheet(SheetId, Box<Sheet>),
    /// All sheets, whose order or number changed; what is on them stays shared.
    Sheets(Vec<Sheet>),
    Names(Vec<DefinedName>),
    Tables(Vec<Table>),
    Template(TemplateId, Arc<Formula>),
    /// Templates added since: taken away from this place on, or put there again.
    Templates(usize, Vec<Arc<Formula>>),
}

/// One cell with all that belongs to it alone.
#[derive(Clone, Debug)]
struct CellState {
    cell: Cell,
    value: Value,
    formula: Option<TemplateId>,
    style: Option<StyleId>,
}

#[derive(Clone, Debug)]
struct ColumnState {
    col: Col,
    values: Column,
    formulas: Runs<TemplateId>,
    styles: Runs<StyleId>,
}

impl Patch {
    /// Swaps what it holds with what the workbook holds.
    pub fn swap(&mut self, book: &mut Workbook) {
        for piece in self.pieces.iter_mut().rev() {
            piece.swap(book);
        }
        // What was done last is taken back first, and the other way round.
        self.pieces.reverse();
    }

    /// About how much memory it keeps that the workbook no longer shares.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Piece {
    fn swap(&mut self, book: &mut Workbook) {
        match self {
            Piece::Names(names) => std::mem::swap(names, &mut book.names),
            Piece::Tables(tables) => std::mem::swap(tables, &mut book.tables),
            Piece::Sheets(sheets) => std::mem::swap(sheets, &mut book.sheets),
            Piece::Template(id, formula) => *formula = book.templates.replace(*id, Arc::clone(formula)),
            Piece::Templates(len, tail) => {
                if book.templates.len() > *len {
                    *tail = book.templates.split_off(*len);
                } else {
                    book.templates.extend(std::mem::take(tail));
                }
            }
            Piece::Cells { sheet, .. }
            | Piece::Columns { sheet, .. }
            | Piece::Arrays(sheet, _)
            | Piece::Formulas(sheet, _)
            | Piece::Validations(sheet, _)
            | Piece::Sheet(sheet, _) => {
                if let Some(sheet) = book.sheet_mut(*sheet) {
                    self.swap_on(sheet);
                }
            }
        }
    }

    fn swap_on(&mut self, sheet: &mut Sheet) {
        match self {
            Piece::Cells { cells, used, .. } => {
                for state in &mut *cells {
                    state.swap(sheet);
                }
                *used = sheet.grid.swap_used(*used);
                // A cell may be there twice; what was done last is undone first.
                cells.reverse();
            }
            Piece::Columns { columns, used, .. } => {
                for state in columns {
                    state.swap(sheet);
                }
                *used = sheet.grid.swap_used(*used);
            }
            Piece::Arrays(_, arrays) => std::mem::swap(arrays, &mut sheet.arrays),
            Piece::Formulas(_, formulas) => std::mem::swap(formulas, &mut sheet.formulas),
            Piece::Validations(_, validations) => std::mem::swap(validations, &mut sheet.validations),
            Piece::Sheet(_, other) => std::mem::swap(&mut **other, sheet),
            _ => {}
        }
    }
}

impl CellState {
    fn of(sheet: &Sheet, cell: Cell) -> CellState {
        let style = sheet.styles.get(usize::from(cell.col.0)).and_then(|runs| runs.get(cell.row));
        CellState { cell, value: sheet.grid.get(cell).clone(), formula: sheet.formula(cell), style }
    }

    fn swap(&mut self, sheet: &mut Sheet) {
        let now = CellState::of(sheet, self.cell);
        sheet.grid.set(self.cell, std::mem::take(&mut self.value));
        sheet.set_formula(self.cell, self.formula);
        sheet.put_style(self.cell, self.style);
        *self = now;
    }
}

impl ColumnState {
    fn of(sheet: &Sheet, col: Col) -> ColumnState {
        let place = usize::from(col.0);
        ColumnState {
            col,
            values: sheet.grid.column(col).cloned().unwrap_or_default(),
            formulas: sheet.formulas.get(place).cloned().unwrap_or_default(),
            styles: sheet.styles.get(place).cloned().unwrap_or_default(),
        }
    }

    fn swap(&mut self, sheet: &mut Sheet) {
        self.values = sheet.grid.swap_column(self.col, std::mem::take(&mut self.values));
        swap_in_list(&mut sheet.formulas, self.col, &mut self.formulas);
        swap_in_list(&mut sheet.styles, self.col, &mut self.styles);
    }
}

fn swap_in_list<T: Default>(list: &mut Vec<T>, col: Col, other: &mut T) {
    let place = usize::from(col.0);
    if place >= list.len() {
        list.resize_with(place + 1, T::default);
    }
    std::mem::swap(&mut list[place], other);
}

/// Collects pieces before they change.
pub(super) struct Journal {
    pieces: Vec<Piece>,
    bytes: usize,
}

impl Journal {
    pub fn new(book: &Workbook) -> Journal {
        Journal { pieces: vec![Piece::Templates(book.templates.len(), Vec::new())], bytes: 64 }
    }

    pub fn into_patch(self) -> Patch {
        Patch { pieces: self.pieces, bytes: self.bytes }
    }

    pub fn cells(&mut self, book: &Workbook, sheet: SheetId, cells: impl Iterator<Item = Cell>) {
        let Some(of) = book.sheet(sheet) else { return };
        let cells: Vec<CellState> = cells.map(|cell| CellState::of(of, cell)).collect();
        self.bytes += cells.len() * size_of::<CellState>();
        self.pieces.push(Piece::Cells { sheet, cells, used: of.grid.used() });
    }

    /// Whole columns: right where many cells of each change.
    pub fn columns(&mut self, book: &Workbook, sheet: SheetId, columns: impl Iterator<Item = Col>) {
        let Some(of) = book.sheet(sheet) else { return };
        let columns: Vec<ColumnState> = columns.map(|col| ColumnState::of(of, col)).collect();
        self.bytes +=
            columns.iter().map(|state| 16 * state.values.slots() + 12 * state.formulas.len()).sum::<usize>();
        self.pieces.push(Piece::Columns { sheet, columns, used: of.grid.used() });
    }

    pub fn arrays(&mut self, book: &Workbook, sheet: SheetId) {
        if let Some(of) = book.sheet(sheet) {
            self.bytes += of.arrays.len() * size_of::<ArrayFormula>();
            self.pieces.push(Piece::Arrays(sheet, of.arrays.clone()));
        }
    }

    pub fn formulas(&mut self, book: &Workbook, sheet: SheetId) {
        if let Some(of) = book.sheet(sheet) {
            self.bytes += of.formulas.iter().map(|runs| 12 * runs.len()).sum::<usize>();
            self.pieces.push(Piece::Formulas(sheet, of.formulas.clone()));
        }
    }

    pub fn validations(&mut self, book: &Workbook, sheet: SheetId) {
        if let Some(of) = book.sheet(sheet) {
            self.bytes += of.validations.len() * size_of::<Validation>();
            self.pieces.push(Piece::Validations(sheet, of.validations.clone()));
        }
    }

    pub fn sheet(&mut self, book: &Workbook, sheet: SheetId) {
        if let Some(of) = book.sheet(sheet) {
            let runs: usize = of.formulas.iter().map(Runs::len).sum();
            self.bytes += 16 * of.grid.slots() + 12 * runs + size_of::<Sheet>();
            self.pieces.push(Piece::Sheet(sheet, Box::new(of.clone())));
        }
    }

    pub fn sheets(&mut self, book: &Workbook) {
        self.bytes += book.sheets.len() * size_of::<Sheet>();
        self.pieces.push(Piece::Sheets(book.sheets.clone()));
    }

    pub fn names(&mut self, book: &Workbook) {
        self.bytes += book.names.len() * size_of::<DefinedName>();
        self.pieces.push(Piece::Names(book.names.clone()));
    }

    pub fn tables(&mut self, book: &Workbook) {
        self.bytes += book.tables.len() * size_of::<Table>();
        self.pieces.push(Piece::Tables(book.tables.clone()));
    }

    pub fn template(&mut self, id: TemplateId, before: Arc<Formula>) {
        self.bytes += before.nodes().len() * 32;
        self.pieces.push(Piece::Template(id, before));
    }
}
