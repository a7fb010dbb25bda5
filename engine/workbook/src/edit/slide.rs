//! Rows and columns that come and go.

use super::guard::Along;
use super::tables::Fill;
use super::{Done, Work};
use crate::grid::slide_list;
use crate::{ArrayKind, RowInfo, Sheet};
use formula::{Shift, Slide};
use std::collections::BTreeMap;
use values::{Area, Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId, Value};

impl Work<'_> {
    pub(super) fn insert_rows(&mut self, sheet: SheetId, at: Row, count: u32) -> Done {
        self.slide(sheet, Along::Rows, Slide::Insert { at: at.0, count })
    }

    pub(super) fn delete_rows(&mut self, sheet: SheetId, at: Row, count: u32) -> Done {
        self.slide(sheet, Along::Rows, Slide::Delete { at: at.0, count })
    }

    pub(super) fn insert_columns(&mut self, sheet: SheetId, at: Col, count: u32) -> Done {
        self.slide(sheet, Along::Cols, Slide::Insert { at: u32::from(at.0), count })
    }

    pub(super) fn delete_columns(&mut self, sheet: SheetId, at: Col, count: u32) -> Done {
        self.slide(sheet, Along::Cols, Slide::Delete { at: u32::from(at.0), count })
    }

    fn slide(&mut self, sheet: SheetId, along: Along, slide: Slide) -> Done {
        self.book.guard_slide(sheet, along, slide)?;
        self.guard_tables(sheet, along, slide)?;
        let shift = match along {
            Along::Rows => Shift::Rows { sheet, slide },
            Along::Cols => Shift::Cols { sheet, slide },
        };
        self.journal.sheet(self.book, sheet);
        if let Slide::Delete { at, count } = slide {
            let rect = along.rect(at, at + count - 1);
            self.effect.before.push(Area { sheet, rect });
        }
        self.fold_spills(&shift);
        self.follow(&shift);
        if let Some(of) = self.book.sheet_mut(sheet) {
            of.slide(&shift, along, slide);
        }
        self.effect.shift = Some(shift);
        let fill = self.slide_tables(sheet, along, slide);
        self.fill_tables(fill)
    }

    fn fill_tables(&mut self, fills: Vec<Fill>) -> Done {
        fills.into_iter().try_for_each(|fill| self.fill_table(&fill))
    }

    /// Takes back the spills that a change would tear apart: their cells are empty again, until the next calculation.
    pub(super) fn fold_spills(&mut self, shift: &Shift) {
        for id in super::follow::sheets_of(shift) {
            let Some(of) = self.book.sheet_mut(id) else { continue };
            let torn = |rect: Rect| {
                let area = Area { sheet: id, rect };
                shift.area(area).is_none_or(|after| !shift.keeps(area, after))
            };
            let arrays = of.arrays.values();
            let folded: Vec<_> = arrays
                .filter(|array| array.kind == ArrayKind::Dynamic && torn(array.rect))
                .map(|array| (array.anchor, array.rect, of.spilled_cells(array)))
                .collect();
            for (anchor, rect, cells) in folded {
                for cell in cells {
                    of.grid.set(cell, Value::Empty);
                }
                if let Some(array) = of.arrays.get_mut(&anchor) {
                    array.rect = Rect::cell(anchor);
                }
                self.effect.before.push(Area { sheet: id, rect });
            }
        }
    }
}

impl Sheet {
    /// Lets everything that belongs to rows or columns of this sheet come, go or move, except for formulas and
    /// validations, which have followed already.
    fn slide(&mut self, shift: &Shift, along: Along, slide: Slide) {
        match along {
            Along::Rows => self.slide_rows(slide),
            Along::Cols => self.slide_columns(slide),
        }
        // What lies on this sheet stays on it.
        let moved = |rect: Rect| match shift {
            Shift::Rows { sheet, .. } | Shift::Cols { sheet, .. } => {
                shift.area(Area { sheet: *sheet, rect }).map(|area| area.rect)
            }
            _ => Some(rect),
        };
        let cell = |cell: Cell| match shift {
            Shift::Rows { sheet, .. } | Shift::Cols { sheet, .. } => {
                shift.cell(*sheet, cell).map(|(_, cell)| cell)
            }
            _ => Some(cell),
        };
        self.merged =
            self.merged.iter().filter_map(|rect| moved(*rect)).filter(|rect| !rect.is_cell()).collect();
        self.hyperlinks.retain_mut(|link| moved(link.area).map(|area| link.area = area).is_some());
        self.notes = std::mem::take(&mut self.notes)
            .into_iter()
            .filter_map(|(at, note)| Some((cell(at)?, note)))
            .collect();
        self.filter = self.filter.and_then(moved);
        self.pivots.retain_mut(|pivot| moved(pivot.area).map(|area| pivot.area = area).is_some());
        self.data_tables.retain_mut(|table| {
            table.first_input = table.first_input.and_then(cell);
            table.second_input = table.second_input.and_then(cell);
            moved(table.rect).map(|rect| table.rect = rect).is_some()
        });
        self.scenarios.follow(cell);
        self.scenarios.follow_results(moved);
    }

    fn slide_rows(&mut self, slide: Slide) {
        self.grid.slide_rows(slide);
        let (at, _) = slide.range();
        let above = at.checked_sub(1).map(Row);
        for runs in &mut self.styles {
            let fill = above.and_then(|row| runs.get(row));
            runs.slide(slide, MAX_ROWS, fill);
        }
        // New rows belong to an outline group that goes on below them, and are shown.
        let group = |row: Option<Row>| row.and_then(|row| self.rows.get(row)).map_or(0, |info| info.outline);
        let outline = group(above).min(group(Some(Row(at))));
        let fill = (outline > 0).then_some(RowInfo { hidden: false, outline });
        self.rows.slide(slide, MAX_ROWS, fill);
    }

    fn slide_columns(&mut self, slide: Slide) {
        self.grid.slide_columns(slide);
        let (at, count) = slide.range();
        let left = at.checked_sub(1);
        slide_list(&mut self.styles, slide);
        let limit = u32::from(MAX_COLS);
        let style = left.and_then(|left| self.column_styles.get(Row(left)));
        self.column_styles.slide(slide, limit, style);
        self.hidden_columns.slide(slide, limit, None);
        let column = |place: u32| u16::try_from(place).ok().map(Col);
        let width = left.and_then(column).and_then(|left| self.column_widths.get(&left).copied());
        let mut widths: BTreeMap<Col, f32> = std::mem::take(&mut self.column_widths)
            .into_iter()
            .filter_map(|(col, width)| Some((column(slide.place(u32::from(col.0), limit)?)?, width)))
            .collect();
        if let Slide::Insert { .. } = slide {
            for col in (at..(at + count).min(limit)).filter_map(column) {
                widths.extend(width.map(|width| (col, width)));
                // Cells take their styles from the column on their left.
                let own =
                    left.and_then(|left| self.styles.get(left as usize)).filter(|runs| !runs.is_empty());
                if let Some(own) = own.cloned() {
                    let place = usize::from(col.0);
                    if place >= self.styles.len() {
                        self.styles.resize_with(place + 1, Default::default);
                    }
                    self.styles[place] = own;
                }
            }
        }
        self.column_widths = widths;
    }
}
