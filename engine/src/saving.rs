//! A session's inputs and results as changes of the file it was opened from.

use calc::Session;
use formats::patch::{Changes, Content};
use std::collections::{BTreeMap, BTreeSet};
use values::{Cell, Rect, SheetId};

/// What a session changed, for [`formats::patch::save`]: inputs replace what their cells held, and every formula
/// whose value is not the one the file had cached gets its value of now. A formula whose value may be out of date
/// makes the file one that is to be calculated on opening.
pub fn changes(session: &Session) -> Changes {
    let mut changes = Changes::default();
    let inputs: BTreeSet<(SheetId, Cell)> = session.inputs().map(|(sheet, cell, _)| (sheet, cell)).collect();
    for (sheet, cell, value) in session.inputs() {
        changes.cells.entry(sheet).or_default().insert(cell, Content::Value(value.clone()));
    }
    let fills: BTreeMap<(SheetId, Cell), Rect> =
        session.spilled().map(|(sheet, anchor, rect)| ((sheet, anchor), rect)).collect();
    for (sheet, cell) in session.computed().chain(filled_before(session)) {
        if inputs.contains(&(sheet, cell)) {
            continue;
        }
        changes.stale |= session.is_stale(sheet, cell);
        let fills = refilled(session, sheet, cell, &fills);
        let value = session.value(sheet, cell);
        if fills.is_some() || !value.same(session.model().workbook().value(sheet, cell)) {
            let result = Content::Result { value: value.clone(), fills };
            changes.cells.entry(sheet).or_default().insert(cell, result);
        }
    }
    changes
}

/// The cells that arrays filled in the file: some of them may be free now.
fn filled_before(session: &Session) -> impl Iterator<Item = (SheetId, Cell)> {
    session.model().workbook().sheets().flat_map(|(id, sheet)| {
        sheet.arrays.values().flat_map(move |array| array.rect.cells().map(move |cell| (id, cell)))
    })
}

/// The cells that an array formula fills now, where they are not those of the file.
fn refilled(
    session: &Session,
    sheet: SheetId,
    cell: Cell,
    fills: &BTreeMap<(SheetId, Cell), Rect>,
) -> Option<Rect> {
    let array = session.model().workbook().sheet(sheet)?.arrays.get(&cell)?;
    let now = fills.get(&(sheet, cell)).copied().unwrap_or(Rect::cell(cell));
    (array.kind == workbook::ArrayKind::Dynamic && now != array.rect).then_some(now)
}
