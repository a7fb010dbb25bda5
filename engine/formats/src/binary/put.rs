//! Puts the cells and formulas of a binary sheet into the model.
//!
//! A formula of many cells is stored once, somewhere behind the first of them; the others only point to it. So
//! pointers are gathered while the sheet is read and followed at its end.

use super::{Bytes, Context, Dialect, TokenError, formula_text};
use crate::budget::Budget;
use crate::formulas::{FormulaCache, unreadable};
use crate::sheet_names::SheetNames;
use crate::{LoadError, LoadReport, NoteKind};
use std::collections::HashMap;
use values::{Cell, Rect, Value};
use workbook::{ArrayFormula, ArrayKind, Sheet, StyleId, TemplateId, Templates};

/// How many bytes of a shared formula's tokens count as a place for a cell, for each cell that uses it.
const BYTES_PER_PLACE: usize = 64;

/// A sheet while it is read.
pub(crate) struct SheetParts {
    pub sheet: Sheet,
    /// Cells that point to where their formula is, with that place.
    pointers: Vec<(Cell, Cell)>,
    /// Shared formulas by the first cell that uses them.
    shared: HashMap<Cell, (Vec<u8>, Vec<u8>)>,
}

impl SheetParts {
    /// An empty sheet.
    pub fn new(sheet: Sheet) -> SheetParts {
        SheetParts { sheet, pointers: Vec::new(), shared: HashMap::new() }
    }

    /// Keeps a shared formula, of which `first` is the first cell.
    pub fn share(&mut self, first: Cell, rgce: &[u8], extra: &[u8]) {
        self.shared.insert(first, (rgce.to_vec(), extra.to_vec()));
    }
}

/// Where the workbook's common parts are gathered.
pub(crate) struct Put<'a> {
    pub names: &'a SheetNames,
    pub templates: &'a mut Templates,
    pub report: &'a mut LoadReport,
    pub budget: &'a mut Budget,
    pub formulas: FormulaCache,
    pub context: Context<'a>,
    /// The style of each number that cells use.
    pub styles: &'a [StyleId],
}

impl Put<'_> {
    /// A cell with its style; `Empty` for one that only has a style.
    pub fn cell(
        &mut self,
        parts: &mut SheetParts,
        at: Cell,
        style: usize,
        value: Value,
    ) -> Result<(), LoadError> {
        self.budget.charge(at)?;
        if let Some(style) = self.styles.get(style)
            && (style.0 != self.styles.first().map_or(0, |first| first.0)
                || !parts.sheet.column_styles.is_empty())
        {
            parts.sheet.set_style(at, *style);
        }
        parts.sheet.grid.set(at, value);
        Ok(())
    }

    /// A cell's formula, or its pointer to one.
    pub fn formula(&mut self, parts: &mut SheetParts, at: Cell, rgce: &[u8], extra: &[u8]) {
        match rgce.first() {
            Some(0x01) => {
                self.report.formulas += 1;
                match pointer(rgce, extra, self.context.dialect) {
                    Some(first) => parts.pointers.push((at, first)),
                    None => self.unread(parts, at, &TokenError::CutOff),
                }
            }
            // The cells of a what-if table; the table itself is a record of its own.
            Some(0x02) => {}
            _ => {
                self.report.formulas += 1;
                let template = self.template(&parts.sheet, at, rgce, extra);
                parts.sheet.set_formula(at, Some(template));
            }
        }
    }

    /// As `formula`, but where tokens cannot be read the cell keeps its value instead of an error.
    pub fn formula_or_value(&mut self, parts: &mut SheetParts, at: Cell, rgce: &[u8], extra: &[u8]) {
        let is_whole = !matches!(rgce.first(), Some(0x01 | 0x02));
        match formula_text(rgce, extra, at, self.context) {
            Err(error) if is_whole => {
                let place = format!("{}!{at}", formula::quote_sheet(&parts.sheet.name));
                let message = format!("The formula cannot be read: {error}. The cell keeps its last value.");
                self.report.note(NoteKind::Formula, place, message);
                self.report.formulas_incomplete = true;
            }
            _ => self.formula(parts, at, rgce, extra),
        }
    }

    /// An array formula, legacy or dynamic.
    pub fn array(&mut self, parts: &mut SheetParts, rect: Rect, kind: ArrayKind, rgce: &[u8], extra: &[u8]) {
        let anchor = rect.first();
        let template = self.template(&parts.sheet, anchor, rgce, extra);
        parts.sheet.arrays.insert(anchor, ArrayFormula { anchor, rect, template, kind });
    }

    /// Follows the pointers; gives the finished sheet. A formula that many cells point to is written out for each
    /// of them, which is charged: a long one with many pointers is small in the file only.
    pub fn finish(&mut self, mut parts: SheetParts) -> Result<Sheet, LoadError> {
        for (at, first) in std::mem::take(&mut parts.pointers) {
            if parts.sheet.arrays.get(&first).is_some_and(|array| array.rect.contains(at)) {
                // Only the array's first cell counts as a formula.
                self.report.formulas -= u64::from(at != first);
                continue;
            }
            match parts.shared.get(&first) {
                Some((rgce, extra)) => {
                    self.budget.take(rgce.len() / BYTES_PER_PLACE)?;
                    let template = self.template(&parts.sheet, at, rgce, extra);
                    parts.sheet.set_formula(at, Some(template));
                }
                None => self.unread(&mut parts, at, &TokenError::Missing),
            }
        }
        Ok(parts.sheet)
    }

    fn template(&mut self, sheet: &Sheet, at: Cell, rgce: &[u8], extra: &[u8]) -> TemplateId {
        let text = match formula_text(rgce, extra, at, self.context) {
            Ok(text) => text,
            Err(error) => return self.unreadable(sheet, at, &error.to_string()),
        };
        match self.formulas.template(&text, at, self.names, self.templates) {
            Ok(template) => template,
            Err(error) => self.unreadable(sheet, at, &error.to_string()),
        }
    }

    fn unread(&mut self, parts: &mut SheetParts, at: Cell, error: &TokenError) {
        let template = self.unreadable(&parts.sheet, at, &error.to_string());
        parts.sheet.set_formula(at, Some(template));
    }

    fn unreadable(&mut self, sheet: &Sheet, at: Cell, why: &str) -> TemplateId {
        let place = format!("{}!{at}", formula::quote_sheet(&sheet.name));
        let message =
            format!("The formula cannot be read: {}. The cell shows #NAME?.", why.trim_end_matches('.'));
        self.report.note(NoteKind::Formula, place, message);
        unreadable(self.names, self.templates)
    }
}

/// Where the formula is that a cell points to.
fn pointer(rgce: &[u8], extra: &[u8], dialect: Dialect) -> Option<Cell> {
    let mut bytes = Bytes(rgce.get(1..)?);
    let (row, col) = match dialect {
        Dialect::Biff5(_) | Dialect::Biff8 => (u32::from(bytes.u16()?), u32::from(bytes.u16()?)),
        Dialect::Biff12 => (bytes.u32()?, Bytes(extra).u32()?),
    };
    crate::binary::cell(row, col)
}
