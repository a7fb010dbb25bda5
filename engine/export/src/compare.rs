//! The written file, read back, against what was meant: every value, formula, name and table.

use crate::contents::{Contents, Wanted, written_error};
use crate::{Losses, Severity, compare_looks};
use formula::{Formula, Style};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use values::{Cell, SheetId, Value, equal_text};
use workbook::{DefinedName, Table, TemplateId, Workbook};

/// Says what differs.
pub(crate) fn compare(contents: &Contents<'_>, written: &Workbook, losses: &mut Losses) {
    let meant = contents.book.workbook;
    let names = |workbook: &Workbook| -> Vec<_> {
        workbook.sheets.iter().map(|sheet| (sheet.name.clone(), sheet.visibility)).collect()
    };
    if names(meant) != names(written) {
        losses.add(Severity::Refused, "the list of sheets differs", "");
        return;
    }
    let mut known = Known::default();
    for (id, _) in meant.sheets() {
        cells(contents, written, id, &mut known, losses);
        compare_looks::sheet(contents, written, id, losses);
    }
    defined_names(contents, written, losses);
    tables(meant, written, losses);
    if meant.date_system != written.date_system {
        losses.add(Severity::Refused, "days are counted from another year", "");
    }
    let settings = |workbook: &Workbook| (workbook.iteration, workbook.precision_as_displayed);
    if settings(meant) != settings(written) {
        losses.add(Severity::Refused, "settings of the calculation differ", "");
    }
}

/// Pairs of templates that were found to be the same formula: copies need not be looked at again.
type Known = HashSet<(TemplateId, TemplateId)>;

fn cells(contents: &Contents<'_>, written: &Workbook, id: SheetId, known: &mut Known, losses: &mut Losses) {
    let Some(sheet) = written.sheet(id) else { return };
    let mut all: BTreeSet<Cell> = contents.cells(id);
    all.extend(sheet.grid.iter().map(|(cell, _)| cell));
    for (col, runs) in sheet.formulas.iter().enumerate() {
        let rows = runs.iter().flat_map(|(top, bottom, _)| top.0..=bottom.0);
        all.extend(rows.map(|row| Cell::new(row, col as u16)));
    }
    all.extend(sheet.arrays.keys());
    for cell in all {
        let found = sheet.grid.get(cell);
        let (value, same_formula) = match contents.wanted(id, cell) {
            Wanted::Value(value) => {
                (value, sheet.formula(cell).is_none() && !sheet.arrays.contains_key(&cell))
            }
            Wanted::Formula(template, value) => {
                let same = |other| {
                    known.contains(&(template, other)) || {
                        let meant = contents.book.workbook;
                        let pair = (meant.templates.get(template), written.templates.get(other));
                        same_formula(pair.0, meant, pair.1, written, cell)
                    }
                };
                let other = sheet.formula(cell).filter(|other| same(*other));
                known.extend(other.map(|other| (template, other)));
                (value, other.is_some())
            }
        };
        if !same_value(value, found) {
            losses.add(Severity::Refused, "values differ", &contents.place(id, cell));
        }
        if !same_formula {
            losses.add(Severity::Refused, "formulas differ", &contents.place(id, cell));
        }
    }
}

fn same_value(meant: &Value, found: &Value) -> bool {
    match (meant, found) {
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Error(a), Value::Error(b)) => written_error(*a) == *b,
        // A file has no empty text that is not a formula's.
        (Value::Text(text), Value::Empty) => text.is_empty(),
        (a, b) => a.same(b),
    }
}

/// Whether two formulas are one, seen from the same cell of two workbooks with the same sheets.
fn same_formula(a: &Formula, in_a: &Workbook, b: &Formula, in_b: &Workbook, host: Cell) -> bool {
    a == b || formula::print(a, host, in_a, Style::File) == formula::print(b, host, in_b, Style::File)
}

/// As [`same_formula`], where there may be none.
pub(crate) fn same_optional(
    a: &Option<Arc<Formula>>,
    in_a: &Workbook,
    b: &Option<Arc<Formula>>,
    in_b: &Workbook,
    host: Cell,
) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same_formula(a, in_a, b, in_b, host),
        (None, None) => true,
        _ => false,
    }
}

fn defined_names(contents: &Contents<'_>, written: &Workbook, losses: &mut Losses) {
    let meant = contents.book.workbook;
    // Names that only binary formats have without a prefix.
    let plain = |name: &str| name.strip_prefix("_xlnm.").unwrap_or(name).to_owned();
    let kept = meant.names.iter().enumerate().filter(|(place, _)| !contents.dropped_names.contains(place));
    for (_, name) in kept {
        let same = |other: &&DefinedName| {
            other.scope == name.scope
                && equal_text(&plain(&other.name), &plain(&name.name))
                && same_optional(&name.formula, meant, &other.formula, written, Cell::default())
        };
        if !written.names.iter().any(|other| same(&other)) {
            losses.add(Severity::Refused, "names stand for something else", &name.name);
        }
    }
}

fn tables(meant: &Workbook, written: &Workbook, losses: &mut Losses) {
    for table in &meant.tables {
        let columns =
            |table: &Table| -> Vec<_> { table.columns.iter().map(|column| column.name.clone()).collect() };
        let formulas =
            |table: &Table| -> Vec<_> { table.columns.iter().map(|column| column.formula.clone()).collect() };
        let Some(other) = written.table(&table.name) else {
            losses.add(Severity::Refused, "tables become plain ranges", &table.name);
            continue;
        };
        let shape = |table: &Table| (table.sheet, table.area, table.header_rows, table.totals_rows);
        if shape(table) != shape(other) || columns(table) != columns(other) {
            losses.add(Severity::Refused, "tables have another shape", &table.name);
        }
        if formulas(table) != formulas(other) {
            let what = "formulas that fill the columns of tables are left out";
            losses.add(Severity::Warned, what, &table.name);
        }
    }
}
