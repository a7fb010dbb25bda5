//! What will not work, or looks wrong, each with its cell.

use crate::facts::Facts;
use crate::inputs::Candidate;
use crate::proposal::Warning;
use formula::{Formula, Node};
use values::{Cell, CellError, SheetId, Value};

/// More warnings of a kind say no more.
const MOST: usize = 20;

/// Everything to be said about the workbook.
pub(crate) fn find(facts: &Facts<'_>, outputs: &[Candidate]) -> Vec<Warning> {
    let mut warnings = unknown_functions(facts);
    warnings.extend(external_books(facts));
    warnings.extend(facts.circular.iter().take(MOST).map(|(sheet, cell)| {
        let message = format!("{cell} depends on itself and counts as 0.");
        warning(facts, Some((*sheet, *cell)), "circular", message)
    }));
    let errors = outputs.iter().filter_map(|candidate| {
        let (sheet, cell) = (candidate.sheet, candidate.cell);
        match facts.value(sheet, cell) {
            Value::Error(error) if *error != CellError::Name => Some(warning(
                facts,
                Some((sheet, cell)),
                "error-value",
                format!("{cell} shows {}.", error.as_str()),
            )),
            _ => None,
        }
    });
    warnings.extend(errors.take(MOST));
    warnings
}

fn warning(facts: &Facts<'_>, at: Option<(SheetId, Cell)>, kind: &str, message: String) -> Warning {
    Warning {
        sheet: at.map_or_else(String::new, |(sheet, _)| facts.sheet_name(sheet).to_owned()),
        cell: at.map_or_else(String::new, |(_, cell)| cell.to_string()),
        kind: kind.to_owned(),
        message,
    }
}

fn unknown_functions(facts: &Facts<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (name, _) in facts.model.unknown_names().into_iter().take(MOST) {
        let (first, count) = uses(facts, &name);
        let message = match count {
            0 => format!("A defined name uses {name}, which is not known; what reads it shows #NAME?."),
            1 => format!("One formula uses {name}, which is not known; its cell shows #NAME?."),
            _ => format!("{count} formulas use {name}, which is not known; their cells show #NAME?."),
        };
        warnings.push(warning(facts, first, "unknown-function", message));
    }
    warnings
}

/// The first cell whose formula mentions a name, and how many do.
fn uses(facts: &Facts<'_>, name: &str) -> (Option<(SheetId, Cell)>, u64) {
    let (mut first, mut count) = (None, 0);
    for (id, sheet) in facts.workbook.sheets() {
        let plain = (0_u16..).zip(&sheet.formulas).flat_map(|(col, runs)| {
            runs.iter().map(move |(top, bottom, template)| {
                (Cell { row: top, col: values::Col(col) }, bottom.0 - top.0 + 1, template)
            })
        });
        let arrays = sheet.arrays.values().map(|array| (array.anchor, 1, array.template));
        for (cell, rows, template) in plain.chain(arrays) {
            if mentions(facts.workbook.templates.get(template), name) {
                count += u64::from(rows);
                first = Some(first.map_or((id, cell), |first: (SheetId, Cell)| first.min((id, cell))));
            }
        }
    }
    (first, count)
}

fn mentions(formula: &Formula, name: &str) -> bool {
    formula.nodes().iter().any(|node| match node {
        Node::Call { name: called, .. } | Node::Name { name: called, .. } => values::equal_text(called, name),
        _ => false,
    })
}

fn external_books(facts: &Facts<'_>) -> Vec<Warning> {
    let books = facts.workbook.external_books.iter().take(MOST);
    books
        .map(|book| {
            let message = format!(
                "Formulas refer to another file ({}); its values stay as they were saved.",
                book.target
            );
            warning(facts, None, "external-link", message)
        })
        .collect()
}
