//! References that follow their cells: through formulas, array formulas, validations, names and tables.
//!
//! A run of copies comes apart only where its copies no longer say the same. Changes that are the same for every
//! host (sheets that come or go, columns of tables) are made in the templates themselves, whose cells then need not
//! be looked at.

use super::Work;
use super::effect::carried;
use super::tables::ColumnFormula;
use crate::{ArrayFormula, Runs, TemplateId, Validation};
use formula::{Adjusted, Formula, Host, Node, SheetSpec, Shift, Style, print};
use std::collections::BTreeSet;
use std::sync::Arc;
use values::{Area, Cell, Col, MAX_ROWS, Rect, Row, SheetId, Text};

/// Copies of one formula after a change.
struct Part {
    sheet: SheetId,
    col: Col,
    top: Row,
    bottom: Row,
    template: TemplateId,
}

/// Copies of one formula before a change.
#[derive(Clone, Copy)]
struct Run {
    sheet: SheetId,
    col: Col,
    top: Row,
    bottom: Row,
    template: TemplateId,
}

/// What becomes of one copy: where it goes, by how many rows, and how it changes.
#[derive(PartialEq)]
struct Copied {
    sheet: SheetId,
    col: Col,
    rows: i64,
    adjusted: Adjusted,
}

/// What becomes of a formula that stands in the first cell that it fills, and where that cell is then.
type ColumnChange<'a> = dyn Fn(Host, &Formula) -> (Option<Formula>, Cell) + 'a;

/// The sheets on which cells move.
pub(super) fn sheets_of(shift: &Shift) -> Vec<SheetId> {
    match shift {
        Shift::Rows { sheet, .. } | Shift::Cols { sheet, .. } => vec![*sheet],
        Shift::Move { from, to } if from.sheet == to.sheet => vec![from.sheet],
        Shift::Move { from, to } => vec![from.sheet, to.sheet],
        Shift::Sheets { .. } => Vec::new(),
    }
}

/// Whether a formula names one of the sheets.
fn mentions(formula: &Formula, sheets: &[SheetId]) -> bool {
    formula
        .references()
        .any(|reference| matches!(&reference.sheet, SheetSpec::Sheet(on) if sheets.contains(on)))
}

impl Work<'_> {
    /// Lets all references follow rows, columns or a block that move, and formulas stand where their cells go. What
    /// else is on the sheets is left where it is.
    pub(super) fn follow(&mut self, shift: &Shift) {
        let moving = sheets_of(shift);
        let named: Vec<bool> =
            self.book.templates.iter().map(|(_, formula)| mentions(formula, &moving)).collect();
        let named = |id: TemplateId| named.get(id.0 as usize).copied().unwrap_or(false);
        let mut parts: Vec<Part> = Vec::new();
        let mut changed: BTreeSet<SheetId> = moving.iter().copied().collect();
        for id in (0..self.book.sheets.len()).map(|id| SheetId(id as u16)) {
            let runs = self.runs(id);
            if !moving.contains(&id) && !runs.iter().any(|run| named(run.template)) {
                continue;
            }
            changed.insert(id);
            for run in runs {
                if moving.contains(&id) || named(run.template) {
                    self.split(run, shift, &mut parts);
                } else {
                    let Run { sheet, col, top, bottom, template } = run;
                    parts.push(Part { sheet, col, top, bottom, template });
                }
            }
        }
        self.follow_arrays(&changed, shift, &moving, &named);
        self.put_formulas(&changed, parts);
        self.follow_validations(shift, &moving);
        self.follow_names(|formula| formula.adjusted_name(shift));
        self.follow_columns(shift);
    }

    fn runs(&self, sheet: SheetId) -> Vec<Run> {
        let Some(of) = self.book.sheet(sheet) else { return Vec::new() };
        let columns = of.formulas.iter().enumerate();
        let runs = columns.flat_map(|(col, runs)| {
            let col = Col(col as u16);
            runs.iter().map(move |(top, bottom, template)| Run { sheet, col, top, bottom, template })
        });
        runs.collect()
    }

    fn copied(&self, run: Run, row: Row, shift: &Shift) -> Option<Copied> {
        let from = Host { sheet: run.sheet, cell: Cell { row, col: run.col } };
        let (sheet, cell) = shift.cell(from.sheet, from.cell)?;
        let adjusted = self.book.templates.get(run.template).adjusted(from, Host { sheet, cell }, shift);
        let rows = i64::from(cell.row.0) - i64::from(row.0);
        Some(Copied { sheet, col: cell.col, rows, adjusted })
    }

    /// The parts of a run whose copies still say the same.
    fn split(&mut self, run: Run, shift: &Shift, parts: &mut Vec<Part>) {
        let cuts = self.book.templates.get(run.template).row_cuts(run.sheet, shift);
        let inside = cuts.into_iter().filter(|cut| *cut > run.top.0 && *cut <= run.bottom.0);
        let mut top = run.top.0;
        for cut in inside.chain([run.bottom.0 + 1]) {
            let (first, last) = (self.copied(run, Row(top), shift), self.copied(run, Row(cut - 1), shift));
            if first == last {
                self.part(run, first, top, cut - 1, parts);
            } else {
                for row in top..cut {
                    let copied = self.copied(run, Row(row), shift);
                    self.part(run, copied, row, row, parts);
                }
            }
            top = cut;
        }
    }

    fn part(&mut self, run: Run, copied: Option<Copied>, top: u32, bottom: u32, parts: &mut Vec<Part>) {
        let Some(Copied { sheet, col, rows, adjusted }) = copied else { return };
        let row = |row: u32| Row((i64::from(row) + rows).clamp(0, i64::from(MAX_ROWS) - 1) as u32);
        let (top, bottom) = (row(top), row(bottom));
        if adjusted.rewritten {
            self.effect.rewritten.push(Area { sheet, rect: Rect { top, bottom, left: col, right: col } });
        }
        let template = match adjusted.formula {
            Some(formula) => self.book.templates.intern(formula),
            None => run.template,
        };
        parts.push(Part { sheet, col, top, bottom, template });
    }

    /// Stores formulas by sheet and column, from the top.
    fn put_formulas(&mut self, sheets: &BTreeSet<SheetId>, mut parts: Vec<Part>) {
        parts.sort_by_key(|part| (part.sheet, part.col, part.top));
        for id in sheets {
            self.journal.formulas(self.book, *id);
            if let Some(of) = self.book.sheet_mut(*id) {
                of.formulas.clear();
            }
        }
        for Part { sheet, col, top, bottom, template } in parts {
            let Some(of) = self.book.sheet_mut(sheet) else { continue };
            let place = usize::from(col.0);
            if place >= of.formulas.len() {
                of.formulas.resize_with(place + 1, Runs::default);
            }
            of.formulas[place].set_span(top, bottom, Some(template));
        }
    }

    /// Array formulas go where their anchor goes; those that lost it are gone. All are taken up before any is put down:
    /// what came to another sheet must not pass for what stood there and is overwritten.
    fn follow_arrays(
        &mut self,
        changed: &BTreeSet<SheetId>,
        shift: &Shift,
        moving: &[SheetId],
        named: &dyn Fn(TemplateId) -> bool,
    ) {
        let any = |id: &SheetId, concerns: &dyn Fn(&ArrayFormula) -> bool| {
            self.book.sheet(*id).is_some_and(|of| of.arrays.values().any(concerns))
        };
        let moves = moving.iter().any(|id| any(id, &|_| true));
        let concerned = |id: &&SheetId| match moving.contains(id) {
            true => moves,
            false => any(id, &|array| named(array.template)),
        };
        let concerned: Vec<SheetId> = changed.iter().filter(concerned).copied().collect();
        let mut taken = Vec::new();
        for id in concerned {
            self.journal.arrays(self.book, id);
            let arrays = self.book.sheet_mut(id).map(|of| std::mem::take(&mut of.arrays));
            taken.extend(arrays.unwrap_or_default().into_values().map(|array| (id, array)));
        }
        for (id, array) in taken {
            if let Some((sheet, array)) = self.followed_array(id, array, shift)
                && let Some(of) = self.book.sheet_mut(sheet)
            {
                of.arrays.insert(array.anchor, array);
            }
        }
    }

    /// An array formula where it stands afterwards; `None` where its anchor is gone.
    fn followed_array(
        &mut self,
        id: SheetId,
        mut array: ArrayFormula,
        shift: &Shift,
    ) -> Option<(SheetId, ArrayFormula)> {
        let Cell { row, col } = array.anchor;
        let run = Run { sheet: id, col, top: row, bottom: row, template: array.template };
        let copied = self.copied(run, row, shift)?;
        let (sheet, anchor) = shift.cell(id, array.anchor)?;
        let area = shift.area(Area { sheet: id, rect: array.rect });
        array.anchor = anchor;
        array.rect = area.map_or(Rect::cell(anchor), |area| area.rect);
        let mut parts = Vec::new();
        self.part(run, Some(copied), row.0, row.0, &mut parts);
        if let Some(part) = parts.first() {
            array.template = part.template;
        }
        Some((sheet, array))
    }

    fn follow_validations(&mut self, shift: &Shift, moving: &[SheetId]) {
        for id in (0..self.book.sheets.len()).map(|id| SheetId(id as u16)) {
            let Some(of) = self.book.sheet(id) else { continue };
            let concerns = |validation: &Validation| {
                let mut formulas = [&validation.first, &validation.second].into_iter().flatten();
                moving.contains(&id) || formulas.any(|formula| mentions(formula, moving))
            };
            if !of.validations.iter().any(concerns) {
                continue;
            }
            for sheet in [id].iter().chain(moving) {
                self.journal.validations(self.book, *sheet);
            }
            let Some(of) = self.book.sheet_mut(id) else { continue };
            let before = std::mem::take(&mut of.validations);
            let mut elsewhere: Vec<(SheetId, Validation)> = Vec::new();
            let mut here = Vec::new();
            for validation in before {
                for (sheet, validation) in shifted(&validation, id, shift) {
                    if sheet == id { here.push(validation) } else { elsewhere.push((sheet, validation)) }
                }
            }
            // A block that came from another sheet may have brought some already.
            if let Some(of) = self.book.sheet_mut(id) {
                of.validations = here;
            }
            for (sheet, validation) in elsewhere {
                if let Some(of) = self.book.sheet_mut(sheet) {
                    of.validations.push(validation);
                }
            }
        }
    }

    /// Changes what defined names stand for.
    pub(super) fn follow_names(&mut self, change: impl Fn(&Formula) -> Adjusted) {
        let names = self.book.names.iter().enumerate();
        let changed: Vec<(usize, Arc<Formula>)> = names
            .filter_map(|(place, name)| Some((place, Arc::new(change(name.formula.as_ref()?).formula?))))
            .collect();
        if changed.is_empty() {
            return;
        }
        self.journal.names(self.book);
        self.effect.names = true;
        for (place, formula) in changed {
            let source = Text::from(print(&formula, Cell::default(), &*self.book, Style::File));
            if let Some(name) = self.book.names.get_mut(place) {
                name.formula = Some(formula);
                name.source = source;
            }
        }
    }

    /// The formulas that fill columns of tables follow as the first cell that they fill does.
    fn follow_columns(&mut self, shift: &Shift) {
        let mut changed = Vec::new();
        for mut column in self.book.column_formulas() {
            let Host { sheet, cell } = column.host;
            // The first row that remains speaks for the others.
            let rows = cell.row.0..=column.bottom.0;
            let first = rows.map(|row| Cell { row: Row(row), ..cell }).find_map(|from| {
                let (sheet, to) = shift.cell(sheet, from)?;
                Some((from, Host { sheet, cell: to }))
            });
            let Some((from, to)) = first else { continue };
            if let Some(formula) = column.formula.adjusted(Host { sheet, cell: from }, to, shift).formula {
                (column.formula, column.host) = (formula, to);
                changed.push(column);
            } else if to.cell != cell {
                column.host = to;
                changed.push(column);
            }
        }
        self.print_columns(changed);
    }

    /// Changes the texts of the formulas that fill columns of tables. The change says what becomes of a formula that
    /// stands in the first cell that it fills, and where that cell is then.
    pub(super) fn follow_column_formulas(&mut self, change: &ColumnChange<'_>) {
        let columns = self.book.column_formulas().into_iter().filter_map(|mut column| {
            let (formula, cell) = change(column.host, &column.formula);
            column.formula = formula?;
            column.host.cell = cell;
            Some(column)
        });
        let changed: Vec<ColumnFormula> = columns.collect();
        self.print_columns(changed);
    }

    /// Writes formulas that fill columns as text.
    pub(super) fn print_columns(&mut self, columns: Vec<ColumnFormula>) {
        if columns.is_empty() {
            return;
        }
        self.journal.tables(self.book);
        self.effect.tables = true;
        for ColumnFormula { place, formula, host, .. } in columns {
            let text = Text::from(print(&formula, host.cell, &*self.book, Style::File));
            let table = self.book.tables.get_mut(place.0);
            if let Some(column) = table.and_then(|table| table.columns.get_mut(place.1)) {
                column.formula = Some(text);
            }
        }
    }

    /// Makes a change that is the same wherever a formula stands: in templates, names and validations. The change
    /// says what the formula is now and whether it reads differently.
    pub(super) fn change_templates(&mut self, change: &dyn Fn(&Formula) -> Adjusted) {
        let mut rewritten = vec![false; self.book.templates.len()];
        for (place, slot) in rewritten.iter_mut().enumerate() {
            let id = TemplateId(place as u32);
            let Adjusted { formula, rewritten } = change(self.book.templates.get(id));
            *slot = rewritten;
            if let Some(formula) = formula {
                let before = self.book.templates.replace(id, Arc::new(formula));
                self.journal.template(id, before);
            }
        }
        let is_rewritten = |id: TemplateId| rewritten.get(id.0 as usize).copied().unwrap_or(false);
        for (sheet, of) in self.book.sheets() {
            for (col, runs) in of.formulas.iter().enumerate() {
                let (left, right) = (Col(col as u16), Col(col as u16));
                let hit = runs.iter().filter(|(_, _, id)| is_rewritten(*id));
                let areas =
                    hit.map(|(top, bottom, _)| Area { sheet, rect: Rect { top, bottom, left, right } });
                self.effect.rewritten.extend(areas);
            }
            let hit = of.arrays.values().filter(|array| is_rewritten(array.template));
            self.effect.rewritten.extend(hit.map(|array| Area::cell(sheet, array.anchor)));
        }
        self.follow_names(change);
        for id in (0..self.book.sheets.len()).map(|id| SheetId(id as u16)) {
            self.change_validations(id, change);
        }
    }

    fn change_validations(&mut self, id: SheetId, change: &dyn Fn(&Formula) -> Adjusted) {
        let Some(of) = self.book.sheet(id) else { return };
        let new = |formula: &Option<Arc<Formula>>| change(formula.as_ref()?).formula.map(Arc::new);
        let changed: Vec<_> = of
            .validations
            .iter()
            .enumerate()
            .map(|(place, validation)| (place, new(&validation.first), new(&validation.second)))
            .filter(|(_, first, second)| first.is_some() || second.is_some())
            .collect();
        if changed.is_empty() {
            return;
        }
        self.journal.validations(self.book, id);
        let Some(of) = self.book.sheet_mut(id) else { return };
        for (place, first, second) in changed {
            if let Some(validation) = of.validations.get_mut(place) {
                validation.first = first.or(validation.first.take());
                validation.second = second.or(validation.second.take());
            }
        }
    }
}

/// A validation after cells moved: one for each sheet on which it has cells now.
fn shifted(validation: &Validation, id: SheetId, shift: &Shift) -> Vec<(SheetId, Validation)> {
    let areas: Vec<Area> =
        validation.areas.iter().flat_map(|rect| carried(Area { sheet: id, rect: *rect }, shift)).collect();
    let mut sheets: Vec<SheetId> = areas.iter().map(|area| area.sheet).collect();
    sheets.sort_unstable();
    sheets.dedup();
    let back = shift.inverse();
    let mut all = Vec::new();
    for sheet in sheets {
        let rects: Vec<Rect> =
            areas.iter().filter(|area| area.sheet == sheet).map(|area| area.rect).collect();
        let Some(host) = rects.first().map(|rect| rect.first()) else { continue };
        // The rule is told anew from the first of its cells, as it was for that cell where it stood before.
        let origin = back.cell(sheet, host).unwrap_or((id, host));
        let follow = |formula: &Option<Arc<Formula>>| {
            let formula = formula.as_ref()?;
            let from = Host { sheet: origin.0, cell: origin.1 };
            let adjusted = formula.adjusted(from, Host { sheet, cell: host }, shift).formula;
            Some(adjusted.map_or_else(|| Arc::clone(formula), Arc::new))
        };
        let (first, second) = (follow(&validation.first), follow(&validation.second));
        all.push((sheet, Validation { areas: rects, host, first, second, ..validation.clone() }));
    }
    all
}

/// Whether a formula's text has the name of a sheet in it.
pub(super) fn names_sheet(formula: &Formula, id: SheetId) -> bool {
    formula.nodes().iter().any(|node| match node {
        Node::Ref(reference) => is_named(&reference.sheet, id),
        Node::Name { sheet, .. } => is_named(sheet, id),
        _ => false,
    })
}

fn is_named(spec: &SheetSpec, id: SheetId) -> bool {
    matches!(spec, SheetSpec::Sheet(sheet) if *sheet == id)
        || matches!(spec, SheetSpec::Span(first, last) if *first == id || *last == id)
}
