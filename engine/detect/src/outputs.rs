//! Outputs: formulas that nobody reads, or that are named or set off as results.

use crate::facts::{Facts, within};
use crate::inputs::{Candidate, sentence};
use app_definitions::model::InputType;
use values::{Cell, Rect, SheetId};

/// A formula copied down over more rows is a column of a list, whether found as one or not.
const MOST_COPIES: usize = 8;

/// Formulas outside of lists that look like results.
pub(crate) fn outputs(facts: &Facts<'_>, lists: &[(SheetId, Rect)]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (id, sheet) in facts.visible_sheets() {
        let mut cells: Vec<Cell> = Vec::new();
        for (col, runs) in (0_u16..).zip(&sheet.formulas) {
            for (top, bottom, _) in runs.iter() {
                let rows = top.0..=bottom.0;
                if rows.clone().count() <= MOST_COPIES {
                    cells.extend(rows.map(|row| Cell::new(row, col)));
                }
            }
        }
        cells.extend(sheet.arrays.values().filter(|array| array.rect.is_cell()).map(|array| array.anchor));
        let shown = |cell: &Cell| {
            !within(lists, id, *cell) && sheet.row_visible(cell.row) && sheet.column_visible(cell.col)
        };
        found.extend(cells.into_iter().filter(shown).filter_map(|cell| output(facts, id, cell)));
    }
    found.sort_by_key(|candidate| (candidate.sheet, candidate.cell));
    found
}

fn output(facts: &Facts<'_>, id: SheetId, cell: Cell) -> Option<Candidate> {
    let style = facts.style(id, cell);
    let readers = facts.readers(id, cell);
    let label = facts.label(id, cell, None);
    let name = facts.name(id, cell);
    let (mut score, mut reasons) = (0.0, Vec::new());
    if readers.direct + readers.within == 0 {
        score += 0.5;
        reasons.push("no other formula reads it, so it is a result".to_owned());
    }
    if style.font.bold || style.fill.is_some() || is_named_result(style.named_style.as_deref()) {
        score += 0.35;
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
        unit: facts.unit(id, cell),
        name: name.map(str::to_owned),
        input_type: InputType::Output,
        content: facts.content(id, cell),
        reason: sentence(cell, &reasons),
        score: f64::clamp(score, 0.0, 1.0),
    })
}

fn is_named_result(style: Option<&str>) -> bool {
    style.is_some_and(|name| matches!(name, "Output" | "Calculation" | "Total"))
}
