//! Inputs and outputs: single cells that a person would change or look at.

use crate::facts::{Facts, Label, looks_like_heading, looks_like_input, within};
use app_definitions::model::{ContentType, InputType};
use std::collections::BTreeSet;
use values::{Cell, Rect, SheetId, Value};
use workbook::{Sheet, ValidationKind, Visibility};

/// A cell that could be an input or output.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub sheet: SheetId,
    pub cell: Cell,
    pub label: Option<Label>,
    pub name: Option<String>,
    pub input_type: InputType,
    pub content: ContentType,
    pub reason: String,
    pub score: f64,
}

/// Cells that formulas read or that are marked for entry, outside of lists.
pub(crate) fn inputs(facts: &Facts<'_>, lists: &[(SheetId, Rect)]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (id, sheet) in facts.workbook.sheets() {
        if sheet.visibility != Visibility::Visible {
            continue;
        }
        for cell in constants(facts, id, sheet) {
            if !within(lists, id, cell) && sheet.row_visible(cell.row) && sheet.column_visible(cell.col) {
                found.extend(input(facts, id, sheet, cell));
            }
        }
    }
    found
}

/// Constants, and empty cells that are meant to be filled: unlocked on a protected sheet, or validated.
fn constants(facts: &Facts<'_>, id: SheetId, sheet: &Sheet) -> BTreeSet<Cell> {
    let values = sheet.grid.iter().filter(|(_, value)| !matches!(value, Value::Error(_))).map(|(cell, _)| cell);
    let mut cells: BTreeSet<Cell> = values.filter(|cell| !facts.is_formula(id, *cell)).take(100_000).collect();
    for validation in &sheet.validations {
        for area in validation.areas.iter().filter(|area| area.count() <= 50) {
            cells.extend(area.cells().filter(|cell| !facts.is_formula(id, *cell)));
        }
    }
    // Only the top left cell of merged ones can be filled.
    cells.retain(|cell| sheet.merged_at(*cell).is_none_or(|merged| merged.first() == *cell));
    cells
}

fn input(facts: &Facts<'_>, id: SheetId, sheet: &Sheet, cell: Cell) -> Option<Candidate> {
    let value = facts.value(id, cell);
    let style = facts.style(id, cell);
    let validation = facts.validation(id, cell).filter(|validation| validation.kind != ValidationKind::Any);
    let readers = facts.readers(id, cell);
    let look = looks_like_input(style);
    let name = facts.name(id, cell);
    let label = facts.label(id, cell);
    let is_text = matches!(value, Value::Text(_));
    let unlocked = !style.locked;
    let (mut score, mut reasons) = (0.0, Vec::new());
    if readers.direct > 0 {
        score += 0.45;
        let names = facts.reader_names(id, cell).join(", ");
        let formulas = if readers.direct == 1 { "one formula reads".to_owned() } else { format!("{} formulas read", readers.direct) };
        reasons.push(format!("{formulas} it ({names})"));
    }
    if unlocked {
        score += if sheet.protected { 0.4 } else { 0.3 };
        reasons.push(if sheet.protected { "it is unlocked on a protected sheet" } else { "it is unlocked" }.to_owned());
    }
    if let Some(look) = look {
        score += 0.25;
        reasons.push(format!("it {look}"));
    }
    if validation.is_some() {
        score += 0.3;
        reasons.push("a data validation guards it".to_owned());
    }
    if let Some(name) = name {
        score += 0.1;
        reasons.push(format!("it is named {name}"));
    }
    score += if label.is_some() { 0.1 } else { -0.15 };
    // A text that nothing marks is a label or a remark; a cell locked on a protected sheet is none of a person's.
    let marked = unlocked || look.is_some() || validation.is_some();
    let heading = is_text && looks_like_heading(style);
    if (is_text && !marked && readers.direct == 0) || (heading && !unlocked && validation.is_none()) {
        return None;
    }
    if (sheet.protected && !unlocked) || reasons.is_empty() || (matches!(value, Value::Empty) && !marked) {
        return None;
    }
    if readers.direct == 0 && readers.within > 0 && !marked {
        return None;
    }
    let content = facts.content(id, cell);
    Some(Candidate {
        sheet: id,
        cell,
        label,
        name: name.map(str::to_owned),
        input_type: input_type(facts, id, cell, content),
        content,
        reason: sentence(cell, &reasons),
        score: f64::min(score, 1.0),
    })
}

fn input_type(facts: &Facts<'_>, id: SheetId, cell: Cell, content: ContentType) -> InputType {
    match facts.validation(id, cell).map(|validation| validation.kind) {
        Some(ValidationKind::List) => InputType::Dropdown,
        Some(ValidationKind::Date) => InputType::Date,
        _ => match content {
            ContentType::Boolean => InputType::Switch,
            ContentType::Date => InputType::Date,
            _ => InputType::Input,
        },
    }
}

/// Formulas that nobody reads, or that are named or set off as results, outside of lists.
pub(crate) fn outputs(facts: &Facts<'_>, lists: &[(SheetId, Rect)]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (id, sheet) in facts.workbook.sheets() {
        if sheet.visibility != Visibility::Visible {
            continue;
        }
        for (col, runs) in sheet.formulas.iter().enumerate() {
            for (top, bottom, _) in runs.iter() {
                // A formula copied down over many rows is a column of a list, whether found as one or not.
                let rows = top.0..=bottom.0;
                if rows.clone().count() > 8 {
                    continue;
                }
                for row in rows {
                    let cell = Cell::new(row, col as u16);
                    if !within(lists, id, cell) && sheet.row_visible(cell.row) && sheet.column_visible(cell.col) {
                        found.extend(output(facts, id, cell));
                    }
                }
            }
        }
        for anchor in sheet.arrays.values().filter(|array| array.rect.is_cell()).map(|array| array.anchor) {
            if !within(lists, id, anchor) {
                found.extend(output(facts, id, anchor));
            }
        }
    }
    found.sort_by_key(|candidate| (candidate.sheet, candidate.cell));
    found
}

fn output(facts: &Facts<'_>, id: SheetId, cell: Cell) -> Option<Candidate> {
    let style = facts.style(id, cell);
    let readers = facts.readers(id, cell);
    let label = facts.label(id, cell);
    let name = facts.name(id, cell);
    let (mut score, mut reasons) = (0.0, Vec::new());
    if readers.direct + readers.within == 0 {
        score += 0.5;
        reasons.push("no other formula reads it, so it is a result".to_owned());
    }
    if style.font.bold || style.fill.is_some() || named_result(style.named_style.as_deref()) {
        score += 0.25;
        reasons.push("it is set off as a result".to_owned());
    }
    if let Some(name) = name {
        score += 0.15;
        reasons.push(format!("it is named {name}"));
    }
    if style.number_format.as_str() != "General" {
        score += 0.1;
    }
    score += if label.is_some() { 0.15 } else { -0.25 };
    if facts.model.precedents(id, cell).is_empty() {
        score -= 0.2;
    }
    if reasons.is_empty() {
        return None;
    }
    Some(Candidate {
        sheet: id,
        cell,
        label,
        name: name.map(str::to_owned),
        input_type: InputType::Output,
        content: facts.content(id, cell),
        reason: sentence(cell, &reasons),
        score: f64::clamp(score, 0.0, 1.0),
    })
}

fn named_result(style: Option<&str>) -> bool {
    style.is_some_and(|name| matches!(name, "Output" | "Calculation" | "Total"))
}

/// `B4: 3 formulas read it (B7, B9), and it is unlocked.`
fn sentence(cell: Cell, reasons: &[String]) -> String {
    match reasons {
        [one] => format!("{cell}: {one}."),
        [most @ .., last] => format!("{cell}: {}, and {last}.", most.join(", ")),
        [] => String::new(),
    }
}

/// The heading above a cell: the nearest heading-like text in its column or the label's, with nothing beside it.
pub(crate) fn heading(facts: &Facts<'_>, sheet: SheetId, cell: Cell) -> Option<String> {
    let of = facts.workbook.sheet(sheet)?;
    for row in (0..cell.row.0).rev().take(40) {
        for col in (cell.col.0.saturating_sub(3)..=cell.col.0).rev() {
            let at = Cell::new(row, col);
            let Value::Text(text) = of.grid.get(at) else { continue };
            let alone = at.moved(0, 1).is_none_or(|beside| matches!(of.grid.get(beside), Value::Empty))
                && !facts.is_formula(sheet, at);
            if alone && looks_like_heading(facts.style(sheet, at)) && text.chars().count() <= 60 {
                return Some(text.trim().to_owned());
            }
        }
    }
    None
}
