//! Copied blocks: taken from a place, put to another, where relative references mean what they mean there.

use super::cells::Ready;
use super::guard::Touched;
use super::{Done, EditError, Work};
use crate::{ArrayFormula, ArrayKind, Grid, Sheet, StyleId, Workbook};
use formula::Formula;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use values::{Area, Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, Value};

/// As many cells are pasted at once: several columns from end to end.
const MOST_PASTED: u64 = 1 << 24;

/// What a copied cell holds.
#[derive(Clone, Debug)]
pub struct BlockCell {
    /// Its value; for a formula the value it showed.
    pub value: Value,
    /// Its formula as a template, and whether it spills.
    pub formula: Option<(Arc<Formula>, bool)>,
    /// Whether the value was spilled there by another cell, so that only pasted values have it.
    pub spilled: bool,
}

/// Cells copied from one place of a workbook, to be pasted into the same workbook. Legacy array formulas are copied
/// as the values that they show.
#[derive(Clone, Debug)]
pub struct Block {
    rows: u32,
    cols: u32,
    /// By row and column within the block; what is not there is empty.
    cells: BTreeMap<(u32, u16), BlockCell>,
    styles: Vec<StyleRun>,
}

/// Column, first row, last row and style within a block; later ones lie over earlier ones, which cover all of the
/// column.
pub(super) type StyleRun = (u16, u32, u32, StyleId);

/// How much of a copied block is pasted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasteKind {
    /// Values, formulas and styles.
    #[default]
    All,
    /// Values and formulas; styles stay as they are.
    Formulas,
    /// Values alone.
    Values,
    /// Styles alone.
    Styles,
}

impl Block {
    /// How many rows, at least 1.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// How many columns, at least 1.
    pub fn cols(&self) -> u32 {
        self.cols
    }
}

impl Workbook {
    /// Copies cells. `shown` holds the values of their sheet as they are shown, and `spilled` what formulas fill
    /// beyond their own cells: the workbook itself knows only what the file had cached. `None` for a sheet that
    /// does not exist.
    pub fn copy(&self, area: Area, shown: &Grid, spilled: &[Rect]) -> Option<Block> {
        let of = self.sheet(area.sheet)?;
        let rect = area.rect;
        let mut filled: BTreeSet<Cell> = shown.within(rect).map(|(cell, _)| cell).collect();
        for (col, runs) in of.formulas.iter().enumerate() {
            let inside = (rect.left.0..=rect.right.0).contains(&(col as u16));
            for (top, bottom, _) in runs.touching(rect.top, rect.bottom).filter(|_| inside) {
                let rows = top.max(rect.top).0..=bottom.min(rect.bottom).0;
                filled.extend(rows.map(|row| Cell::new(row, col as u16)));
            }
        }
        filled.extend(of.arrays.keys().filter(|anchor| rect.contains(**anchor)));
        let legacy = |cell: Cell| {
            let mut arrays = of.arrays.values().filter(|array| array.kind == ArrayKind::Legacy);
            arrays.any(|array| array.rect.contains(cell))
        };
        let mut cells = BTreeMap::new();
        for cell in filled {
            let array = of.arrays.get(&cell).filter(|array| array.kind == ArrayKind::Dynamic);
            let plain = of.formula(cell).map(|template| (template, false));
            let template = array.map(|array| (array.template, true)).or(plain);
            let formula = template.map(|(id, spills)| (Arc::clone(self.templates.get(id)), spills));
            let is_in_spill = spilled.iter().any(|rect| rect.contains(cell));
            let spilled = formula.is_none() && is_in_spill && !legacy(cell);
            let place = (cell.row.0 - rect.top.0, cell.col.0 - rect.left.0);
            cells.insert(place, BlockCell { value: shown.get(cell).clone(), formula, spilled });
        }
        Some(Block { rows: rect.rows(), cols: rect.cols(), cells, styles: of.copied_styles(rect) })
    }
}

impl Sheet {
    /// The styles of a block.
    pub(super) fn copied_styles(&self, rect: Rect) -> Vec<StyleRun> {
        let mut styles = Vec::new();
        for col in rect.left.0..=rect.right.0 {
            let place = col - rect.left.0;
            let whole = self.column_styles.get(Row(u32::from(col))).unwrap_or_default();
            styles.push((place, 0, rect.rows() - 1, whole));
            let own = self.styles.get(usize::from(col)).into_iter();
            styles.extend(own.flat_map(|runs| runs.touching(rect.top, rect.bottom)).map(
                |(top, bottom, style)| {
                    let (top, bottom) = (top.max(rect.top), bottom.min(rect.bottom));
                    (place, top.0 - rect.top.0, bottom.0 - rect.top.0, style)
                },
            ));
        }
        styles
    }

    /// Gives cells the styles of a block whose first cell is `at`.
    pub(super) fn lay_styles(&mut self, styles: &[StyleRun], at: Cell) {
        for (col, top, bottom, style) in styles {
            let col = at.col.0 + col;
            let whole = self.column_styles.get(Row(u32::from(col))).unwrap_or_default();
            let style = Some(*style).filter(|style| *style != whole);
            self.put_styles(Col(col), Row(at.row.0 + top), Row(at.row.0 + bottom), style);
        }
    }
}

impl Work<'_> {
    pub(super) fn paste(&mut self, block: &Block, to: Area, what: PasteKind) -> Done {
        let Area { sheet, rect } = to;
        let fits = |target: u32, size: u32| if target.is_multiple_of(size) { target } else { size };
        let (rows, cols) = (fits(rect.rows(), block.rows), fits(rect.cols(), block.cols));
        let last = rect.first().moved(i64::from(rows) - 1, i64::from(cols) - 1);
        let Some(last) = last.filter(|_| rect.top.0 < MAX_ROWS && rect.left.0 < MAX_COLS) else {
            return Err(EditError::OffSheet("The copied cells".to_owned()));
        };
        let target = Rect::new(rect.first(), last);
        let pieces = (block.cells.len() + block.styles.len()) as u64;
        let tiles = target.count() / (u64::from(block.rows) * u64::from(block.cols));
        if tiles.saturating_mul(pieces) > MOST_PASTED {
            return Err(EditError::TooMuch);
        }
        if what != PasteKind::Styles {
            self.paste_contents(block, Area { sheet, rect: target }, what)?;
        } else {
            self.book.known(sheet)?;
        }
        if matches!(what, PasteKind::All | PasteKind::Styles) {
            self.paste_styles(block, Area { sheet, rect: target });
        }
        Ok(())
    }

    fn paste_contents(&mut self, block: &Block, to: Area, what: PasteKind) -> Done {
        let touched = Touched::Rect(to.rect);
        self.book.guard_contents(to.sheet, &touched, None)?;
        self.clear(to)?;
        let mut ready = Vec::new();
        for (cell, from) in block.tiled(to.rect) {
            if from.spilled && what != PasteKind::Values {
                continue;
            }
            let formula = from.formula.as_ref().filter(|_| what != PasteKind::Values);
            let (value, spills) = match formula {
                Some((_, spills)) => (Value::Empty, *spills),
                None => (from.value.clone(), false),
            };
            let formula = formula.map(|(formula, _)| {
                let settled = formula.settled(cell).unwrap_or_else(|| (**formula).clone());
                self.book.templates.intern(settled)
            });
            if formula.is_some() || !matches!(value, Value::Empty) {
                ready.push((cell, Ready { value, formula, spills }));
            }
        }
        if ready.is_empty() {
            return Ok(());
        }
        let touched = Touched::Cells(ready.iter().map(|(cell, _)| *cell).collect());
        self.write(to.sheet, &touched, ready)
    }

    fn paste_styles(&mut self, block: &Block, to: Area) {
        let Area { sheet, rect } = to;
        self.journal.columns(self.book, sheet, (rect.left.0..=rect.right.0).map(Col));
        let Some(of) = self.book.sheet_mut(sheet) else { return };
        for (down, across) in block.tiles(rect) {
            let first = Cell::new(rect.top.0 + down, rect.left.0 + across as u16);
            of.lay_styles(&block.styles, first);
        }
        self.effect.styled.push(to);
    }

    /// Copies the first row or column of an area over the rest.
    pub(super) fn fill(&mut self, area: Area, down: bool) -> Done {
        let Area { sheet, rect } = area;
        let alone = if down { rect.top == rect.bottom } else { rect.left == rect.right };
        // A single row takes what stands above it.
        let (source, target) = match (down, alone) {
            (true, false) => (Rect { bottom: rect.top, ..rect }, Rect { top: Row(rect.top.0 + 1), ..rect }),
            (false, false) => {
                (Rect { right: rect.left, ..rect }, Rect { left: Col(rect.left.0 + 1), ..rect })
            }
            (true, true) => {
                let above = Row(rect.top.0.checked_sub(1).ok_or(EditError::Nothing)?);
                (Rect { top: above, bottom: above, ..rect }, rect)
            }
            (false, true) => {
                let left = Col(rect.left.0.checked_sub(1).ok_or(EditError::Nothing)?);
                (Rect { left, right: left, ..rect }, rect)
            }
        };
        let book = &*self.book;
        let of = book.known(sheet)?;
        let cut = |array: &&ArrayFormula| {
            array.kind == ArrayKind::Legacy && array.rect.intersection(source).is_some()
        };
        if let Some(array) = of.arrays.values().find(cut) {
            return Err(EditError::PartOfArray(book.address(Area { sheet, rect: array.rect })));
        }
        let spilled: Vec<Rect> = of.arrays.values().map(|array| array.rect).collect();
        let block = book.copy(Area { sheet, rect: source }, &of.grid, &spilled);
        let block = block.ok_or(EditError::NoSheet)?;
        self.paste(&block, Area { sheet, rect: target }, PasteKind::All)
    }
}

impl Block {
    /// Where the block begins within an area that it fills a whole number of times, in rows and columns.
    fn tiles(&self, rect: Rect) -> impl Iterator<Item = (u32, u32)> + use<> {
        let (rows, cols) = (self.rows, self.cols);
        let (down, across) = (rect.rows() / rows, rect.cols() / cols);
        (0..down).flat_map(move |i| (0..across).map(move |j| (i * rows, j * cols)))
    }

    /// The block's cells at their places in such an area.
    fn tiled(&self, rect: Rect) -> impl Iterator<Item = (Cell, &BlockCell)> {
        self.tiles(rect).flat_map(move |(down, across)| {
            self.cells.iter().map(move |((row, col), cell)| {
                // All of them lie within `rect`.
                (Cell::new(rect.top.0 + down + row, rect.left.0 + across as u16 + col), cell)
            })
        })
    }
}
