//! Inputs: constants that formulas read, and cells that are marked for entry.

use crate::facts::{Facts, looks_like_heading, looks_like_input, within};
use crate::labels::Label;
use crate::lists::ListRange;
use app_definitions::model::{ContentType, InputType};
use std::collections::BTreeSet;
use values::{Cell, Rect, SheetId, Value};
use workbook::{Sheet, ValidationKind};

/// A cell that could be an input or output.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub sheet: SheetId,
    pub cell: Cell,
    pub label: Option<Label>,
    pub unit: Option<String>,
    pub name: Option<String>,
    pub input_type: InputType,
    pub content: ContentType,
    pub reason: String,
    pub score: f64,
}

/// A grid with more cells to fill than these is worked with as a table, not as single inputs.
const MOST_GRID_INPUTS: usize = 24;
/// What such a grid's cells still get: enough to be offered, not to be proposed.
const GRID_SCORE: f64 = 0.4;
/// Most cells of a sheet that are looked at.
const MOST_CELLS: usize = 100_000;
/// A validation over more cells is about a column, not about single inputs.
const MOST_VALIDATED: u64 = 200;

/// Cells that formulas read or that are marked for entry. Tables hold data; the marked cells of other lists are
/// inputs that are called by row and column.
pub(crate) fn inputs(facts: &Facts<'_>, lists: &[ListRange]) -> Vec<Candidate> {
    let tables: Vec<(SheetId, Rect)> =
        lists.iter().filter(|list| list.table.is_some()).map(|list| (list.sheet, list.rect)).collect();
    let mut found = Vec::new();
    for (id, sheet) in facts.visible_sheets() {
        let grids: Vec<Rect> = lists
            .iter()
            .filter(|list| list.sheet == id && list.table.is_none())
            .map(|list| list.rect)
            .collect();
        for cell in constants(facts, id, sheet) {
            let shown = sheet.row_visible(cell.row) && sheet.column_visible(cell.col);
            if !shown || within(&tables, id, cell) {
                continue;
            }
            let grid = grids.iter().copied().find(|grid| grid.contains(cell));
            if grid.is_none_or(|grid| cell.row != grid.top && is_entry(facts, id, sheet, cell)) {
                found.extend(input(facts, id, sheet, cell, grid));
            }
        }
        for grid in grids {
            let inside = |candidate: &&mut Candidate| candidate.sheet == id && grid.contains(candidate.cell);
            if found.iter_mut().filter(inside).count() > MOST_GRID_INPUTS {
                found
                    .iter_mut()
                    .filter(inside)
                    .for_each(|candidate| candidate.score = candidate.score.min(GRID_SCORE));
            }
        }
    }
    found
}

/// Whether a cell among data is there to be filled.
fn is_entry(facts: &Facts<'_>, id: SheetId, sheet: &Sheet, cell: Cell) -> bool {
    let style = facts.style(id, cell);
    (sheet.protected && !style.locked) || looks_like_input(style).is_some()
}

/// Constants, and empty cells that are meant to be filled: unlocked on a protected sheet, or validated.
fn constants(facts: &Facts<'_>, id: SheetId, sheet: &Sheet) -> BTreeSet<Cell> {
    let values =
        sheet.grid.iter().filter(|(_, value)| !matches!(value, Value::Error(_))).map(|(cell, _)| cell);
    let mut cells: BTreeSet<Cell> =
        values.filter(|cell| !facts.is_formula(id, *cell)).take(MOST_CELLS).collect();
    for validation in &sheet.validations {
        for area in validation.areas.iter().filter(|area| area.count() <= MOST_VALIDATED) {
            cells.extend(area.cells().filter(|cell| !facts.is_formula(id, *cell)));
        }
    }
    if sheet.protected {
        cells.extend(unlocked(facts, id, sheet));
    }
    // Only the top left cell of merged ones can be filled.
    cells.retain(|cell| sheet.merged_at(*cell).is_none_or(|merged| merged.first() == *cell));
    cells
}

/// Cells with a style of their own that lets people change them.
fn unlocked(facts: &Facts<'_>, id: SheetId, sheet: &Sheet) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (col, runs) in (0_u16..).zip(&sheet.styles) {
        for (top, bottom, style) in runs.iter() {
            if !facts.workbook.styles.get(style).locked && u64::from(bottom.0 - top.0) < MOST_VALIDATED {
                let column = (top.0..=bottom.0).map(|row| Cell::new(row, col));
                cells.extend(column.filter(|cell| !facts.is_formula(id, *cell)));
            }
        }
    }
    cells
}

fn input(facts: &Facts<'_>, id: SheetId, sheet: &Sheet, cell: Cell, grid: Option<Rect>) -> Option<Candidate> {
    let value = facts.value(id, cell);
    let style = facts.style(id, cell);
    let readers = facts.readers(id, cell);
    let label = facts.label(id, cell, grid);
    let marked = facts.is_marked(id, cell);
    let is_text = matches!(value, Value::Text(_));
    // A text that nothing marks is a label or a remark; a cell locked on a protected sheet is none of a person's.
    let is_heading =
        is_text && looks_like_heading(style) && style.locked && facts.validation(id, cell).is_none();
    let is_remark = is_text && !marked && readers.direct == 0;
    let is_closed = sheet.protected && style.locked;
    let is_gap = matches!(value, Value::Empty) && !marked;
    let is_data = readers.direct == 0 && !marked;
    if is_heading || is_remark || is_closed || is_gap || is_data {
        return None;
    }
    let (mut score, reasons) = weigh(facts, id, sheet, cell);
    score += if label.is_some() { 0.1 } else { -0.15 };
    if is_text && !marked && names_its_neighbour(facts, id, cell) {
        score -= 0.3;
    }
    let content = facts.content(id, cell);
    Some(Candidate {
        sheet: id,
        cell,
        label,
        unit: facts.unit(id, cell).filter(|_| grid.is_none()),
        name: facts.name(id, cell).map(str::to_owned),
        input_type: input_type(facts, id, cell, content),
        content,
        reason: sentence(cell, &reasons),
        score: f64::clamp(score, 0.0, 1.0),
    })
}

/// What speaks for an input, with how much.
fn weigh(facts: &Facts<'_>, id: SheetId, sheet: &Sheet, cell: Cell) -> (f64, Vec<String>) {
    let style = facts.style(id, cell);
    let readers = facts.readers(id, cell);
    let (mut score, mut reasons) = (0.0, Vec::new());
    let mut add = |weight: f64, reason: String| {
        score += weight;
        reasons.push(reason);
    };
    if readers.direct > 0 {
        let names = facts.reader_names(id, cell).join(", ");
        let count = readers.direct;
        let formulas =
            if count == 1 { "one formula reads".to_owned() } else { format!("{count} formulas read") };
        add(0.45, format!("{formulas} it ({names})"));
    }
    if !style.locked && sheet.protected {
        add(0.4, "it is unlocked on a protected sheet".to_owned());
    } else if !style.locked {
        add(0.3, "it is unlocked".to_owned());
    }
    if let Some(look) = looks_like_input(style) {
        add(0.25, format!("it {look}"));
    }
    if facts.validation(id, cell).is_some() {
        add(0.3, "a data validation guards it".to_owned());
    }
    if let Some(name) = facts.name(id, cell) {
        add(0.1, format!("it is named {name}"));
    }
    (score, reasons)
}

/// Whether a text stands where labels stand: left of something that is no text.
fn names_its_neighbour(facts: &Facts<'_>, id: SheetId, cell: Cell) -> bool {
    let next = cell.moved(0, 1);
    next.is_some_and(|next| facts.is_formula(id, next) || matches!(facts.value(id, next), Value::Number(_)))
}

fn input_type(facts: &Facts<'_>, id: SheetId, cell: Cell, content: ContentType) -> InputType {
    match (facts.validation(id, cell).map(|validation| validation.kind), content) {
        (Some(ValidationKind::List), _) => InputType::Dropdown,
        (_, ContentType::Boolean) => InputType::Switch,
        (_, ContentType::Date) => InputType::Date,
        _ => InputType::Input,
    }
}

/// `B4: 3 formulas read it (B7, B9), and it is unlocked.`
pub(crate) fn sentence(cell: Cell, reasons: &[String]) -> String {
    match reasons {
        [one] => format!("{cell}: {one}."),
        [most @ .., last] => format!("{cell}: {}, and {last}.", most.join(", ")),
        [] => String::new(),
    }
}
