//! Cells that moved: the caption beside a cell tells whether it is still the one that was meant.
//!
//! Invariant: an address whose caption is gone is never shown as if nothing had happened.

use crate::problems::Problem;
use crate::resolve::Place;
use app_definitions::Reference;
use app_definitions::model::{Bind, Fingerprint, LabelAt, OnMove};
use values::{Area, Cell, SheetId, Value, equal_text};
use workbook::{Side, Workbook};

/// Holds an address against its fingerprint and follows it where the bind says so. Names and table columns move
/// with their cells and need no check.
pub(crate) fn checked(
    workbook: &Workbook,
    bind: &Bind,
    target: &Reference,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Result<Place, String> {
    let caption = bind.fingerprint.as_ref().and_then(|f| f.caption.as_deref().map(|caption| (f, caption)));
    let (Some((fingerprint, caption)), Reference::Cells { .. }) = (caption, target) else { return Ok(place) };
    let (sheet, cell) = place.cell();
    let side = side(fingerprint.label_at);
    if workbook.label(sheet, cell, side).is_some_and(|(_, label)| equal_text(label, caption.trim())) {
        return Ok(place);
    }
    let from = workbook.address(place.area);
    if bind.on_move == OnMove::Stop {
        let text = format!(
            "{from} no longer stands beside “{caption}”, and the app is set to stop then. Check the spreadsheet."
        );
        problems.push(Problem::error("stopped", text.clone(), &bind.origin));
        return Err(text);
    }
    let Some(found) = find_caption(workbook, sheet, fingerprint, caption.trim()) else {
        let text =
            format!("“{caption}” no longer stands beside {from} and was not found elsewhere on the sheet.");
        problems.push(Problem::error("missing-cell", text.clone(), &bind.origin));
        return Err(text);
    };
    let area = Area::cell(sheet, found);
    let to = workbook.address(area);
    let text = format!("“{caption}” moved from {from} to {to}; the app follows it.");
    let code = if bind.on_move == OnMove::Warn { "moved-cell" } else { "healed-cell" };
    problems.push(Problem::warning(code, text, &bind.origin));
    Ok(Place { area, ..place })
}

fn side(at: LabelAt) -> Side {
    match at {
        LabelAt::Left => Side::Left,
        LabelAt::Above => Side::Above,
    }
}

/// The cell that a caption labels now, if the caption stands once on the sheet.
fn find_caption(
    workbook: &Workbook,
    sheet: SheetId,
    fingerprint: &Fingerprint,
    caption: &str,
) -> Option<Cell> {
    let mut labels = workbook.sheet(sheet)?.grid.iter().filter_map(|(cell, value)| match value {
        Value::Text(text) if equal_text(text.trim(), caption) => Some(cell),
        _ => None,
    });
    let label = labels.next()?;
    if labels.next().is_some() {
        return None;
    }
    workbook.labelled(sheet, label, side(fingerprint.label_at))
}
