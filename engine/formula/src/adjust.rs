//! Formulas whose cells move: what an insertion, a deletion, a cut or a change of sheets makes of references.
//!
//! A reference follows the cells that it means. So it is read as the host saw it before, taken where its cells
//! went, and written as the host sees it where that stands now. What lost all its cells becomes `#REF!`.
//!
//! Source: Microsoft's pages on moving and copying formulas, on 3-D references (what happens when sheets come,
//! go or move) and on `#REF!`; [MS-XLSX] for what files hold.

mod shift;
mod table;

pub use shift::{Shift, Slide};
pub use table::TableChange;

use crate::{Axis, Corner, Extent, Formula, Node, Ref, SheetSpec};
use values::{Area, Cell, CellError, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId};

/// The cell that holds a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    /// Its sheet.
    pub sheet: SheetId,
    /// Its place there.
    pub cell: Cell,
}

/// What a change of places makes of a formula.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adjusted {
    /// The new template, `None` where it stays.
    pub formula: Option<Formula>,
    /// Whether the formula reads differently now, sheets' names aside. A template may stay while its text
    /// changes, where host and references move together; and the other way round.
    pub rewritten: bool,
}

impl Formula {
    /// The formula after a change of places: it stood in `from` before and stands in `to` now.
    pub fn adjusted(&self, from: Host, to: Host, shift: &Shift) -> Adjusted {
        let mut rewritten = false;
        let formula = self.with_nodes(|node| match node {
            Node::Ref(reference) => {
                let adjusted = adjust(reference, from, to, shift);
                rewritten |= adjusted.rewritten;
                match adjusted.reference {
                    Some(new) => (new != *reference).then_some(Node::Ref(new)),
                    None => Some(Node::Error(CellError::Ref)),
                }
            }
            Node::Name { sheet, name } => {
                let new = shift.spec(sheet);
                rewritten |= new.is_none();
                match new {
                    Some(new) if new == *sheet => None,
                    Some(sheet) => Some(Node::Name { sheet, name: name.clone() }),
                    None => Some(Node::Error(CellError::Ref)),
                }
            }
            _ => None,
        });
        Adjusted { formula, rewritten }
    }

    /// A name's formula after a change of places. Only what is pinned with `$` follows: the rest is told from the
    /// cell that uses the name, wherever that is.
    pub fn adjusted_name(&self, shift: &Shift) -> Adjusted {
        let host = Host { sheet: SheetId(u16::MAX), cell: Cell::default() };
        let mut rewritten = false;
        let formula = self.with_nodes(|node| match node {
            Node::Ref(Ref { extent, .. }) if !is_pinned(*extent, shift) => None,
            Node::Ref(reference) => {
                let adjusted = adjust(reference, host, host, shift);
                rewritten |= adjusted.rewritten;
                match adjusted.reference {
                    Some(new) => (new != *reference).then_some(Node::Ref(new)),
                    None => Some(Node::Error(CellError::Ref)),
                }
            }
            Node::Name { sheet, name } => match shift.spec(sheet) {
                Some(new) if new == *sheet => None,
                Some(sheet) => Some(Node::Name { sheet, name: name.clone() }),
                None => {
                    rewritten = true;
                    Some(Node::Error(CellError::Ref))
                }
            },
            _ => None,
        });
        Adjusted { formula, rewritten }
    }

    /// The formula as a copy in `host` keeps it: what falls off the sheet there is `#REF!` for good. `None` where
    /// all of it stays.
    pub fn settled(&self, host: Cell) -> Option<Formula> {
        self.with_nodes(|node| match node {
            Node::Ref(reference) if reference.extent.resolve(host).is_none() => {
                Some(Node::Error(CellError::Ref))
            }
            _ => None,
        })
    }

    /// Rows at which a run of copies in a column of `sheet` may come apart, in ascending order: a cut before row
    /// `r` is told as `r`. Between two cuts the copies at both ends decide: where those are the same template
    /// after the change, all between are.
    pub fn row_cuts(&self, sheet: SheetId, shift: &Shift) -> Vec<u32> {
        let mut cuts: Vec<i64> = Vec::new();
        shift.row_steps(sheet, &mut |step| cuts.push(i64::from(step)));
        for reference in self.references() {
            let target = target(&reference.sheet, sheet);
            for axis in row_axes(reference.extent) {
                let Axis::Relative(offset) = axis else { continue };
                let offset = i64::from(offset);
                cuts.extend([-offset, i64::from(MAX_ROWS) - offset]);
                if let Some(target) = target {
                    shift.row_steps(target, &mut |step| cuts.push(i64::from(step) - offset));
                }
            }
        }
        let mut cuts: Vec<u32> = cuts
            .into_iter()
            .filter_map(|cut| u32::try_from(cut).ok())
            .filter(|cut| (1..MAX_ROWS).contains(cut))
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }
}

/// The sheet that a reference on one sheet means.
fn target(spec: &SheetSpec, host: SheetId) -> Option<SheetId> {
    match spec {
        SheetSpec::Here => Some(host),
        SheetSpec::Sheet(sheet) => Some(*sheet),
        _ => None,
    }
}

fn row_axes(extent: Extent) -> impl Iterator<Item = Axis> {
    let axes = match extent {
        Extent::Cell(a) => [Some(a.row), None],
        Extent::Rect(a, b) => [Some(a.row), Some(b.row)],
        Extent::Rows(a, b) => [Some(a), Some(b)],
        Extent::Cols(..) => [None, None],
    };
    axes.into_iter().flatten()
}

/// Whether every axis that the change concerns is pinned.
fn is_pinned(extent: Extent, shift: &Shift) -> bool {
    let fixed = |axis: Axis| matches!(axis, Axis::Absolute(_));
    let (rows, cols) = match extent {
        Extent::Cell(a) => (fixed(a.row), fixed(a.col)),
        Extent::Rect(a, b) => (fixed(a.row) && fixed(b.row), fixed(a.col) && fixed(b.col)),
        Extent::Rows(a, b) => (fixed(a) && fixed(b), true),
        Extent::Cols(a, b) => (true, fixed(a) && fixed(b)),
    };
    match shift {
        Shift::Rows { .. } => rows,
        Shift::Cols { .. } => cols,
        Shift::Move { .. } => rows && cols,
        Shift::Sheets { .. } => true,
    }
}

/// A reference after a change of places.
struct NewRef {
    /// `None` where nothing of it is left.
    reference: Option<Ref>,
    rewritten: bool,
}

fn adjust(reference: &Ref, from: Host, to: Host, shift: &Shift) -> NewRef {
    let lost = NewRef { reference: None, rewritten: true };
    if let Shift::Sheets { .. } = shift {
        // Nothing moves on a sheet; a reference off its edge stays as it is.
        let Some(sheet) = shift.spec(&reference.sheet) else { return lost };
        let rewritten = shift.ends_moved(&reference.sheet);
        return NewRef { reference: Some(Ref { sheet, extent: reference.extent }), rewritten };
    }
    let Some(old) = Places::of(reference.extent, from.cell) else { return lost };
    let (sheet, new) = match target(&reference.sheet, from.sheet) {
        None => (reference.sheet.clone(), Some(old)),
        Some(target) => {
            let (sheet, new) = old.shifted(target, shift);
            (spec_from(&reference.sheet, sheet, to.sheet), new)
        }
    };
    let Some(new) = new else { return lost };
    let rewritten = new != old || sheet != reference.sheet;
    NewRef { reference: Some(Ref { sheet, extent: new.extent(reference.extent, to.cell) }), rewritten }
}

/// How a sheet is written now: without its name only where that was so before and still means it.
fn spec_from(before: &SheetSpec, sheet: SheetId, host: SheetId) -> SheetSpec {
    match before {
        SheetSpec::Here if sheet == host => SheetSpec::Here,
        _ => SheetSpec::Sheet(sheet),
    }
}

/// A reference's rows and columns as places on the sheet, in the order written; `None` for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Places {
    rows: Option<(u32, u32)>,
    cols: Option<(u32, u32)>,
}

impl Places {
    fn of(extent: Extent, host: Cell) -> Option<Places> {
        let row = |axis: Axis| axis.resolve(host.row.0, MAX_ROWS);
        let col = |axis: Axis| axis.resolve(u32::from(host.col.0), u32::from(MAX_COLS));
        Some(match extent {
            Extent::Cell(a) => {
                let (row, col) = (row(a.row)?, col(a.col)?);
                Places { rows: Some((row, row)), cols: Some((col, col)) }
            }
            Extent::Rect(a, b) => {
                Places { rows: Some((row(a.row)?, row(b.row)?)), cols: Some((col(a.col)?, col(b.col)?)) }
            }
            Extent::Rows(a, b) => Places { rows: Some((row(a)?, row(b)?)), cols: None },
            Extent::Cols(a, b) => Places { rows: None, cols: Some((col(a)?, col(b)?)) },
        })
    }

    /// The same shape, with these places, as a host sees it.
    fn extent(self, shape: Extent, host: Cell) -> Extent {
        let seen = |axis: Axis, place: u32, host: u32| match axis {
            Axis::Relative(_) => Axis::relative(place, host),
            Axis::Absolute(_) => Axis::Absolute(place),
        };
        let row = |axis, place| seen(axis, place, host.row.0);
        let col = |axis, place| seen(axis, place, u32::from(host.col.0));
        let corner = |a: Corner, at: (u32, u32)| Corner { row: row(a.row, at.0), col: col(a.col, at.1) };
        let ((r, s), (c, d)) = (self.rows.unwrap_or_default(), self.cols.unwrap_or_default());
        match shape {
            Extent::Cell(a) => Extent::Cell(corner(a, (r, c))),
            Extent::Rect(a, b) => Extent::Rect(corner(a, (r, c)), corner(b, (s, d))),
            Extent::Rows(a, b) => Extent::Rows(row(a, r), row(b, s)),
            Extent::Cols(a, b) => Extent::Cols(col(a, c), col(b, d)),
        }
    }

    /// Where cells of `sheet` went, and on which sheet they are; no places where none is left.
    fn shifted(self, sheet: SheetId, shift: &Shift) -> (SheetId, Option<Places>) {
        match shift {
            Shift::Rows { sheet: on, slide } if *on == sheet => {
                let rows = self.rows.map(|rows| in_order(rows, |a, b| slide.span(a, b, MAX_ROWS)));
                (sheet, rows.map_or(Some(self), |rows| Some(Places { rows: Some(rows?), ..self })))
            }
            Shift::Cols { sheet: on, slide } if *on == sheet => {
                let cols = self.cols.map(|cols| in_order(cols, |a, b| slide.span(a, b, u32::from(MAX_COLS))));
                (sheet, cols.map_or(Some(self), |cols| Some(Places { cols: Some(cols?), ..self })))
            }
            Shift::Move { .. } => match shift.area(Area { sheet, rect: self.rect() }) {
                Some(area) => (area.sheet, Some(self.at(area.rect))),
                None => (sheet, None),
            },
            _ => (sheet, Some(self)),
        }
    }

    fn rect(self) -> Rect {
        let (a, b) = self.rows.unwrap_or((0, MAX_ROWS - 1));
        let (c, d) = self.cols.unwrap_or((0, u32::from(MAX_COLS) - 1));
        // Columns were read from a sheet.
        let col = |place: u32| Col(u16::try_from(place).unwrap_or(Col::LAST.0));
        Rect { top: Row(a.min(b)), bottom: Row(a.max(b)), left: col(c.min(d)), right: col(c.max(d)) }
    }

    /// The same, but for these cells.
    fn at(self, rect: Rect) -> Places {
        let like = |(a, b): (u32, u32), first, last| if a <= b { (first, last) } else { (last, first) };
        Places {
            rows: self.rows.map(|rows| like(rows, rect.top.0, rect.bottom.0)),
            cols: self.cols.map(|cols| like(cols, u32::from(rect.left.0), u32::from(rect.right.0))),
        }
    }
}

/// Applies a change to a span whichever end was written first.
fn in_order((a, b): (u32, u32), change: impl Fn(u32, u32) -> Option<(u32, u32)>) -> Option<(u32, u32)> {
    if a <= b { change(a, b) } else { change(b, a).map(|(first, last)| (last, first)) }
}
