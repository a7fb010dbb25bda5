//! Where cells go when several changes of places follow each other.

use formula::{Shift, Slide};
use values::{Area, Cell, Col, MAX_ROWS, Row, SheetId};

/// Changes of places, oldest first.
#[derive(Clone, Copy)]
pub(super) struct Shifts<'a>(pub &'a [&'a Shift]);

/// Consecutive cells of a column, before and after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The first row before.
    pub from: Row,
    pub rows: u32,
    /// Where the first cell is now.
    pub sheet: SheetId,
    pub cell: Cell,
}

impl Shifts<'_> {
    /// Where a cell went.
    pub fn cell(self, sheet: SheetId, cell: Cell) -> Option<(SheetId, Cell)> {
        self.0.iter().try_fold((sheet, cell), |(sheet, cell), shift| shift.cell(sheet, cell))
    }

    /// What a reference to an area means now.
    pub fn area(self, area: Area) -> Option<Area> {
        self.0.iter().try_fold(area, |area, shift| shift.area(area))
    }

    /// Whether an area before and one now are the same cells, of which none changed places among the others, came or
    /// went.
    pub fn keeps(self, before: Area, now: Area) -> bool {
        let last = self.0.iter().try_fold(before, |area, shift| {
            let next = shift.area(area)?;
            shift.keeps(area, next).then_some(next)
        });
        last == Some(now)
    }

    /// Where the cells of a column from `top` to `bottom` went, in pieces that stayed together.
    pub fn pieces(self, sheet: SheetId, col: Col, top: Row, bottom: Row) -> Vec<Piece> {
        let rows = bottom.0 - top.0 + 1;
        let mut pieces = vec![Piece { from: top, rows, sheet, cell: Cell { row: top, col } }];
        for shift in self.0 {
            let mut next = Vec::with_capacity(pieces.len());
            for piece in pieces {
                split(piece, shift, &mut next);
            }
            pieces = next;
        }
        pieces
    }
}

fn split(piece: Piece, shift: &Shift, out: &mut Vec<Piece>) {
    let (top, end) = (piece.cell.row.0, piece.cell.row.0 + piece.rows);
    let mut cuts = steps(shift, piece.sheet);
    cuts.retain(|cut| *cut > top && *cut < end);
    cuts.sort_unstable();
    cuts.dedup();
    let mut first = top;
    for cut in cuts.into_iter().chain([end]) {
        if let Some((sheet, cell)) = shift.cell(piece.sheet, Cell { row: Row(first), ..piece.cell }) {
            let from = Row(piece.from.0 + (first - top));
            out.push(Piece { from, rows: cut - first, sheet, cell });
        }
        first = cut;
    }
}

/// The rows of a sheet from which on rows go elsewhere than those before.
fn steps(shift: &Shift, sheet: SheetId) -> Vec<u32> {
    match shift {
        Shift::Rows { sheet: on, slide } if *on == sheet => {
            let (at, count) = slide.range();
            match slide {
                Slide::Insert { .. } => vec![at, MAX_ROWS.saturating_sub(count)],
                Slide::Delete { .. } => vec![at, at.saturating_add(count)],
            }
        }
        Shift::Move { from, to } => [from, to]
            .into_iter()
            .filter(|area| area.sheet == sheet)
            .flat_map(|area| [area.rect.top.0, area.rect.bottom.0 + 1])
            .collect(),
        _ => Vec::new(),
    }
}
