//! Which cells a formula reads, told for a whole family of copies at once.
//!
//! A family is one template over consecutive rows of a column. A reference of the template is an affine
//! function of the row, so the cells it reads, and the rows that read a changed cell, are found by
//! arithmetic: edges cost nothing per cell.

use formula::{Axis, Corner, Extent};
use values::{Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId};

/// One reference of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Precedent {
    pub sheet: SheetId,
    pub extent: Extent,
}

/// The consecutive rows of one column that hold copies of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Family {
    pub col: Col,
    pub top: Row,
    pub bottom: Row,
}

impl Family {
    pub fn rect(self) -> Rect {
        Rect { top: self.top, bottom: self.bottom, left: self.col, right: self.col }
    }

    fn cell(self, row: Row) -> Cell {
        Cell { row, col: self.col }
    }
}

const WHOLE: (Axis, Axis) = (Axis::Absolute(0), Axis::Absolute(u32::MAX));

impl Precedent {
    /// Row axes and column axes of both corners; whole rows and columns span everything.
    fn axes(self) -> ((Axis, Axis), (Axis, Axis)) {
        match self.extent {
            Extent::Cell(Corner { row, col }) => ((row, row), (col, col)),
            Extent::Rect(a, b) => ((a.row, b.row), (a.col, b.col)),
            Extent::Rows(a, b) => ((a, b), WHOLE),
            Extent::Cols(a, b) => (WHOLE, (a, b)),
        }
    }

    /// The same for the copies of a family, where it stands in a name, whose references go around the sheet's edges:
    /// what lies beyond an edge for all copies is told from the other side, and what does so for some is the whole of
    /// the rows or columns.
    pub fn around_edges(self, family: Family) -> Precedent {
        let rows = |axes| around((family.top.0, family.bottom.0), axes, MAX_ROWS);
        let col = u32::from(family.col.0);
        let cols = |axes| around((col, col), axes, u32::from(MAX_COLS));
        let extent = match self.extent {
            Extent::Rows(a, b) => {
                let (a, b) = rows((a, b));
                Extent::Rows(a, b)
            }
            Extent::Cols(a, b) => {
                let (a, b) = cols((a, b));
                Extent::Cols(a, b)
            }
            Extent::Cell(_) | Extent::Rect(..) => {
                let (down, across) = self.axes();
                let ((a, b), (c, d)) = (rows(down), cols(across));
                let (first, last) = (Corner { row: a, col: c }, Corner { row: b, col: d });
                if first == last && matches!(self.extent, Extent::Cell(_)) {
                    Extent::Cell(first)
                } else {
                    Extent::Rect(first, last)
                }
            }
        };
        Precedent { extent, ..self }
    }

    /// The row axes of both corners.
    pub fn row_axes(self) -> [Axis; 2] {
        let ((a, b), _) = self.axes();
        [a, b]
    }

    /// What the copy in `host` reads; `None` where that falls off the sheet.
    pub fn rect(self, host: Cell) -> Option<Rect> {
        self.extent.resolve(host)
    }

    /// Everything that some copy of the family reads.
    pub fn hull(self, family: Family) -> Rect {
        let ((a, b), (c, d)) = self.axes();
        let rows = [a, b].into_iter().flat_map(|axis| [at(axis, family.top.0), at(axis, family.bottom.0)]);
        let cols = [c, d].map(|axis| at(axis, u32::from(family.col.0)));
        let (top, bottom) = bounds(rows, MAX_ROWS);
        let (left, right) = bounds(cols.into_iter(), u32::from(MAX_COLS));
        Rect { top: Row(top), bottom: Row(bottom), left: Col(left as u16), right: Col(right as u16) }
    }

    /// The rows of the family whose copy reads a cell of `changed`.
    pub fn dependents(self, family: Family, changed: Rect) -> Option<(Row, Row)> {
        let (rows, (c, d)) = self.axes();
        let (left, right) = ordered(at(c, u32::from(family.col.0)), at(d, u32::from(family.col.0)));
        if right < i64::from(changed.left.0) || left > i64::from(changed.right.0) {
            return None;
        }
        let (first, last) = reading_rows(rows, i64::from(changed.top.0), i64::from(changed.bottom.0));
        let first = first.max(i64::from(family.top.0));
        let last = last.min(i64::from(family.bottom.0));
        (first <= last).then_some((Row(first as u32), Row(last as u32)))
    }
}

impl From<Family> for Cell {
    fn from(family: Family) -> Cell {
        family.cell(family.top)
    }
}

/// Where an axis lies as seen from a host, not cut at the sheet's edge.
fn at(axis: Axis, host: u32) -> i64 {
    match axis {
        Axis::Relative(offset) => i64::from(host) + i64::from(offset),
        Axis::Absolute(place) => i64::from(place),
    }
}

/// Both axes as hosts from `first` to `last` mean them on a sheet without edges of `count` rows or columns.
fn around((first, last): (u32, u32), (a, b): (Axis, Axis), count: u32) -> (Axis, Axis) {
    let turns = |axis: Axis, host: u32| at(axis, host).div_euclid(i64::from(count));
    let turned = |axis: Axis| match axis {
        Axis::Relative(offset) if turns(axis, first) == turns(axis, last) => {
            let offset = i64::from(offset) - turns(axis, first) * i64::from(count);
            i32::try_from(offset).ok().map(Axis::Relative)
        }
        Axis::Relative(_) => None,
        Axis::Absolute(_) => Some(axis),
    };
    match (turned(a), turned(b)) {
        (Some(a), Some(b)) => (a, b),
        _ => (Axis::Absolute(0), Axis::Absolute(count - 1)),
    }
}

fn ordered(a: i64, b: i64) -> (i64, i64) {
    (a.min(b), a.max(b))
}

fn bounds(places: impl Iterator<Item = i64>, count: u32) -> (u32, u32) {
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for place in places {
        let place = place.clamp(0, i64::from(count) - 1);
        (least, most) = (least.min(place), most.max(place));
    }
    (least as u32, most as u32)
}

/// The rows r for which the span between both axes at r meets `top..=bottom`. The span misses it only if both
/// ends lie above or both below, and each end either moves with r or stays, so the answer is one interval.
fn reading_rows((a, b): (Axis, Axis), top: i64, bottom: i64) -> (i64, i64) {
    let reaches_top = |axis| match axis {
        Axis::Relative(offset) => top - i64::from(offset),
        Axis::Absolute(place) if i64::from(place) >= top => i64::MIN,
        Axis::Absolute(_) => i64::MAX,
    };
    let within_bottom = |axis| match axis {
        Axis::Relative(offset) => bottom - i64::from(offset),
        Axis::Absolute(place) if i64::from(place) <= bottom => i64::MAX,
        Axis::Absolute(_) => i64::MIN,
    };
    (reaches_top(a).min(reaches_top(b)), within_bottom(a).max(within_bottom(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of axes against a search through all rows.
    #[test]
    fn dependents_are_those_that_a_search_finds() {
        let axes = [-7, -1, 0, 3].map(Axis::Relative).into_iter().chain([0, 5, 12, 30].map(Axis::Absolute));
        let axes: Vec<Axis> = axes.collect();
        let family = Family { col: Col(3), top: Row(8), bottom: Row(20) };
        for &a in &axes {
            for &b in &axes {
                let col = Axis::Relative(-1);
                let extent = Extent::Rect(Corner { row: a, col }, Corner { row: b, col: Axis::Absolute(4) });
                let precedent = Precedent { sheet: SheetId(0), extent };
                for (top, bottom) in [(0, 0), (4, 6), (12, 12), (1, 40), (29, 31), (22, 22)] {
                    let changed = Rect { top: Row(top), bottom: Row(bottom), left: Col(2), right: Col(2) };
                    let reads = |row: u32| {
                        let host = Cell::new(row, 3);
                        precedent.rect(host).is_some_and(|rect| rect.intersection(changed).is_some())
                    };
                    let expected: Vec<u32> = (8..=20).filter(|row| reads(*row)).collect();
                    let found = precedent.dependents(family, changed);
                    let found: Vec<u32> = found.map_or(vec![], |(a, b)| (a.0..=b.0).collect());
                    // Copies that point off the sheet may be told too; all others must agree.
                    let off = |row: &u32| precedent.rect(Cell::new(*row, 3)).is_some();
                    let found: Vec<u32> = found.into_iter().filter(off).collect();
                    assert_eq!(found, expected, "{a:?} {b:?} {top}..{bottom}");
                    for row in expected {
                        let rect = precedent.rect(Cell::new(row, 3)).unwrap();
                        assert!(precedent.hull(family).covers(rect));
                    }
                }
            }
        }
    }

    /// Every copy of a family that lies across an edge, or beside one, against what a name means there.
    #[test]
    fn what_goes_around_an_edge_is_read_on_the_other_side() {
        let families = [(0, 2), (0, 0), (1, 1), (5, 9), (1_048_570, 1_048_575), (1_048_574, 1_048_575)];
        let axes = [-4, -2, -1, 0, 1, 3].map(Axis::Relative).into_iter().chain([Axis::Absolute(7)]);
        let axes: Vec<Axis> = axes.collect();
        for ((top, bottom), col) in families.into_iter().flat_map(|rows| [(rows, 0), (rows, 16_382)]) {
            let family = Family { col: Col(col), top: Row(top), bottom: Row(bottom) };
            for (&a, &b) in axes.iter().flat_map(|a| axes.iter().map(move |b| (a, b))) {
                let corner = |row, col| Corner { row, col };
                for extent in [
                    Extent::Cell(corner(a, b)),
                    Extent::Rect(corner(a, b), corner(b, a)),
                    Extent::Rows(a, b),
                    Extent::Cols(a, b),
                ] {
                    let plain = Precedent { sheet: SheetId(0), extent };
                    let around = plain.around_edges(family);
                    for row in top..=bottom {
                        let host = Cell::new(row, col);
                        let read = extent.resolve_around(host).unwrap();
                        let known = around.rect(host).unwrap();
                        assert!(known.covers(read), "{extent:?} at {host}: {known} is not {read}");
                        assert!(around.hull(family).covers(read));
                        assert!(
                            top != bottom || known == read,
                            "{extent:?} at {host}: {known} is not {read}"
                        );
                        let (first, last) = around.dependents(family, Rect::cell(read.first())).unwrap();
                        assert!((first..=last).contains(&Row(row)));
                    }
                }
            }
        }
    }

    #[test]
    fn whole_columns_are_read_from_every_row() {
        let extent = Extent::Cols(Axis::Absolute(0), Axis::Absolute(1));
        let precedent = Precedent { sheet: SheetId(0), extent };
        let family = Family { col: Col(3), top: Row(0), bottom: Row(9) };
        let changed = Rect::cell(Cell::new(777_777, 1));
        assert_eq!(precedent.dependents(family, changed), Some((Row(0), Row(9))));
        assert_eq!(precedent.dependents(family, Rect::cell(Cell::new(0, 2))), None);
        assert_eq!(precedent.hull(family).to_string(), "A:B");
    }
}
