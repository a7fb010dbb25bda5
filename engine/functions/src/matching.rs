//! The places where all criteria of SUMIFS, COUNTIFS and their like are met.
//!
//! Cost follows what is stored: empty cells beyond it are settled at once, since they all meet the criteria or
//! none does. Where the context keeps an index of a column, its rows are taken instead of walking the column.

use crate::view::ColumnReader;
use crate::{Context, Criterion, View};
use numfmt::Reading;
use std::sync::Arc;
use values::{Area, CellError, Result, Value};

/// Ranges of one shape, each with its criterion.
pub(crate) struct Conditions<'a> {
    conditions: Vec<Condition<'a>>,
    context: &'a dyn Context,
    reading: Reading<'a>,
}

struct Condition<'a> {
    area: Area,
    view: View<'a>,
    criterion: Criterion,
}

impl Condition<'_> {
    fn holds(&self, row: u32, col: u32, reading: &Reading<'_>) -> bool {
        self.criterion.matches(self.view.get(row, col), reading)
    }
}

impl<'a> Conditions<'a> {
    /// Reads range, criterion, range, criterion, …
    ///
    /// # Errors
    /// `#VALUE!` where a range is no single area, or where their shapes differ.
    pub(crate) fn new(pairs: &[Value], context: &'a dyn Context) -> Result<Conditions<'a>> {
        let reading = context.reading();
        let mut conditions: Vec<Condition<'a>> = Vec::with_capacity(pairs.len() / 2);
        for pair in pairs.chunks(2) {
            let [range, criterion] = pair else { return Err(CellError::Value) };
            let area = area_of(range)?;
            let view = context.view(area)?;
            if conditions.first().is_some_and(|first| shape(&first.view) != shape(&view)) {
                return Err(CellError::Value);
            }
            conditions.push(Condition { area, view, criterion: Criterion::new(criterion, &reading) });
        }
        if conditions.is_empty() {
            Err(CellError::Value)
        } else {
            Ok(Conditions { conditions, context, reading })
        }
    }

    /// How many places meet all criteria, empty ones beyond everything stored too.
    ///
    /// # Errors
    /// Where the budget ends.
    pub(crate) fn count(&self) -> Result<u64> {
        let (rows, cols) = self.window(None);
        let mut count = 0;
        self.for_each(rows, cols, &mut |_, _| {
            count += 1;
            Ok(())
        })?;
        if self.conditions.iter().all(|condition| condition.criterion.matches_empty()) {
            let all = self.conditions.first().map_or(0, |condition| condition.view.count());
            count += all - u64::from(rows) * u64::from(cols);
        }
        Ok(count)
    }

    /// Visits the numbers of `target` at the places that meet all criteria, row by row.
    ///
    /// # Errors
    /// `#VALUE!` where the shapes differ; the first error value met at such a place.
    pub(crate) fn for_each_number(&self, target: &Value, visit: &mut dyn FnMut(f64)) -> Result<()> {
        let target = self.context.view(area_of(target)?)?;
        if self.conditions.iter().any(|condition| shape(&condition.view) != shape(&target)) {
            return Err(CellError::Value);
        }
        self.numbers_in(&target, visit)
    }

    /// As `for_each_number`, but only the first cell of `target` counts: it takes the shape of the criteria's
    /// range, as in SUMIF.
    ///
    /// # Errors
    /// The first error value met at such a place.
    pub(crate) fn for_each_number_from(&self, target: &Value, visit: &mut dyn FnMut(f64)) -> Result<()> {
        let Some(first) = self.conditions.first() else { return Err(CellError::Value) };
        let mut area = area_of(target)?;
        let bottom = area.rect.top.0.saturating_add(first.view.rows() - 1).min(values::MAX_ROWS - 1);
        let right = u32::from(area.rect.left.0).saturating_add(first.view.cols() - 1);
        area.rect.bottom.0 = bottom;
        area.rect.right.0 = u16::try_from(right).unwrap_or(u16::MAX).min(values::MAX_COLS - 1);
        self.numbers_in(&self.context.view(area)?, visit)
    }

    fn numbers_in(&self, target: &View<'_>, visit: &mut dyn FnMut(f64)) -> Result<()> {
        let (rows, cols) = self.window(Some(target));
        let mut columns: Vec<ColumnReader<'_>> =
            (0..target.cols().min(cols)).map(|col| ColumnReader::new(*target, col)).collect();
        self.for_each(rows, cols, &mut |row, col| match columns
            .get_mut(col as usize)
            .map_or(&Value::Empty, |column| column.get(row))
        {
            Value::Number(number) => {
                visit(*number);
                Ok(())
            }
            Value::Error(error) => Err(*error),
            _ => Ok(()),
        })
    }

    /// Rows and columns that hold everything stored in the ranges and in `target`.
    fn window(&self, target: Option<&View<'_>>) -> (u32, u32) {
        let views = || self.conditions.iter().map(|condition| &condition.view).chain(target);
        let rows = views().map(View::used_rows).max().unwrap_or(0);
        let cols = views().map(View::used_cols).max().unwrap_or(0);
        match self.conditions.first() {
            Some(first) => (rows.min(first.view.rows()), cols.min(first.view.cols())),
            None => (0, 0),
        }
    }

    fn for_each(&self, rows: u32, cols: u32, visit: &mut dyn FnMut(u32, u32) -> Result<()>) -> Result<()> {
        if rows == 0 || cols == 0 {
            return Ok(());
        }
        let (found, others) = self.index_rows();
        if let Some(found) = found {
            self.context.spend(found.len() as u64)?;
            let mut others: Vec<_> =
                others.into_iter().map(|other| (other, ColumnReader::new(other.view, 0))).collect();
            return found.iter().try_for_each(|row| {
                let hold = others
                    .iter_mut()
                    .all(|(other, reader)| other.criterion.matches(reader.get(*row), &self.reading));
                if hold { visit(*row, 0) } else { Ok(()) }
            });
        }
        let places = u64::from(rows) * u64::from(cols);
        self.context.spend(places)?;
        let leading = self.conditions.iter().position(|condition| !condition.criterion.matches_empty());
        let Some((at, condition)) = leading.and_then(|at| Some((at, self.conditions.get(at)?))) else {
            return self.for_each_place(rows, cols, visit);
        };
        condition.view.try_for_each(|row, col, value| {
            if condition.criterion.matches(value, &self.reading) && self.others_hold(at, row, col) {
                return visit(row, col);
            }
            Ok(())
        })
    }

    fn for_each_place(
        &self,
        rows: u32,
        cols: u32,
        visit: &mut dyn FnMut(u32, u32) -> Result<()>,
    ) -> Result<()> {
        for row in 0..rows {
            for col in 0..cols {
                if self.others_hold(usize::MAX, row, col) {
                    visit(row, col)?;
                }
            }
        }
        Ok(())
    }

    fn others_hold(&self, leading: usize, row: u32, col: u32) -> bool {
        let others = self.conditions.iter().enumerate().filter(|(at, _)| *at != leading);
        others.map(|(_, condition)| condition).all(|condition| condition.holds(row, col, &self.reading))
    }

    /// The rows that meet all criteria for which an index is kept, where there is one, and the other conditions.
    fn index_rows(&self) -> (Option<Arc<[u32]>>, Vec<&Condition<'a>>) {
        let mut indexed = Vec::new();
        let mut others = Vec::new();
        for condition in &self.conditions {
            let single = condition.view.cols() == 1 && !condition.criterion.matches_empty();
            match single.then(|| self.context.matching_rows(condition.area, &condition.criterion)).flatten() {
                Some(rows) => indexed.push(rows),
                None => others.push(condition),
            }
        }
        indexed.sort_by_key(|rows| rows.len());
        (indexed.into_iter().reduce(|few, many| in_both(&few, &many)), others)
    }
}

/// What two ascending lists have in common; cost follows the shorter one where the other is much longer.
fn in_both(few: &[u32], many: &[u32]) -> Arc<[u32]> {
    let mut rest = many;
    let in_rest = move |row: &&u32| {
        // Steps double until the row is passed: rows that lie close are found at once, far ones in few steps.
        let mut step = 1;
        while rest.get(step).is_some_and(|next| next <= *row) {
            step *= 2;
        }
        let near = &rest[..rest.len().min(step + 1)];
        rest = &rest[near.partition_point(|next| next < *row)..];
        rest.first() == Some(*row)
    };
    few.iter().filter(in_rest).copied().collect()
}

fn shape(view: &View<'_>) -> (u32, u32) {
    (view.rows(), view.cols())
}

/// The one area that an argument refers to.
pub(crate) fn area_of(value: &Value) -> Result<Area> {
    match value {
        Value::Range(sheet, rect) => Ok(Area { sheet: *sheet, rect: *rect }),
        Value::Error(error) => Err(*error),
        _ => Err(CellError::Value),
    }
}
