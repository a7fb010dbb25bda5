//! The places where all criteria of SUMIFS, COUNTIFS and their like are met.
//!
//! Cost follows what is stored: empty cells beyond it are settled at once, since they all meet the criteria or
//! none does. Where the context keeps an index of columns, its rows are taken instead of walking them; where it keeps
//! a column's numbers, they are compared in a plain loop.

use crate::numbers::{Bound, Numbers};
use crate::view::ColumnReader;
use crate::{Context, Criterion, GroupNumbers, View};
use numfmt::Reading;
use std::sync::Arc;
use values::{Area, CellError, Result, Value};

/// Ranges of one shape, each with its criterion.
pub(crate) struct Conditions<'a> {
    conditions: Vec<Condition<'a>>,
    context: &'a dyn Context,
    reading: Reading<'a>,
}

/// Rows that meet some criteria.
#[derive(Clone, Debug)]
pub struct MatchingRows {
    /// Counted from the areas' tops, ascending.
    pub rows: Vec<u32>,
    /// By criterion: whether it is one of those that the rows meet.
    pub met: Vec<bool>,
}

/// The rows of an index that hold one value, which its numbers beside other columns are kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowGroup {
    /// The column of the index and the rows that the criterion asks for.
    pub area: Area,
    /// The index's code of the value; `None` where no row holds it.
    pub code: Option<u32>,
}

/// One group, and the numbers beside it that other criteria compare.
struct Grouped {
    group: RowGroup,
    filters: Vec<(Bound, Arc<GroupNumbers>)>,
}

impl Grouped {
    /// How many rows meet all criteria; `None` where they must be looked at.
    fn count(&self, context: &dyn Context) -> Result<Option<u64>> {
        let [(bound, numbers)] = self.filters.as_slice() else { return Ok(None) };
        if let Some(count) = numbers.count(bound) {
            context.spend(1)?;
            return Ok(Some(count));
        }
        context.spend(numbers.rows().len() as u64)?;
        Ok(Some(numbers.rows().iter().filter(|number| bound.holds(**number)).count() as u64))
    }

    /// Visits the numbers of a target, which lie beside the group, in the rows that meet all criteria.
    fn for_each(&self, target: &GroupNumbers, visit: &mut dyn FnMut(f64)) {
        let mut kept = target.rows().to_vec();
        let mut count = 0;
        for place in 0..kept.len() {
            let number = kept[place];
            let holds = self
                .filters
                .iter()
                .all(|(bound, numbers)| numbers.rows().get(place).is_some_and(|number| bound.holds(*number)));
            // Every second guess of the processor would be wrong here, so there is nothing to guess.
            kept[count] = number;
            count += usize::from(holds & !number.is_nan());
        }
        kept[..count].iter().for_each(|number| visit(*number));
    }
}

/// Conditions that need no look at values: rows of an index, and numbers to compare.
struct Quick<'a> {
    rows: Option<Vec<u32>>,
    filters: Vec<(Bound, Numbers<'a>)>,
}

impl Quick<'_> {
    /// The rows that meet all conditions, ascending.
    fn for_each(&self, mut visit: impl FnMut(u32)) {
        let filters: Vec<(Bound, &[f64])> =
            self.filters.iter().map(|(bound, numbers)| (*bound, numbers.rows())).collect();
        let holds = |row: u32| {
            filters
                .iter()
                .all(|(bound, numbers)| numbers.get(row as usize).is_some_and(|number| bound.holds(*number)))
        };
        match (&self.rows, filters.as_slice()) {
            (Some(rows), _) => rows.iter().filter(|row| holds(**row)).for_each(|row| visit(*row)),
            (None, [(bound, numbers)]) => {
                let rows = (0..).zip(*numbers).filter(|(_, number)| bound.holds(**number));
                rows.for_each(|(row, _)| visit(row));
            }
            (None, _) => {
                let len = filters.first().map_or(0, |(_, numbers)| numbers.len() as u32);
                (0..len).filter(|row| holds(*row)).for_each(visit);
            }
        }
    }

    /// How many rows must be looked at.
    fn cost(&self) -> u64 {
        match &self.rows {
            Some(rows) => rows.len() as u64,
            None => self.filters.first().map_or(0, |(_, numbers)| numbers.rows().len() as u64),
        }
    }
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
        if let Some(grouped) = self.grouped()
            && let Some(count) = grouped.count(self.context)?
        {
            return Ok(count);
        }
        let plan = self.plan();
        let mut count = 0;
        if let Plan::Quick(quick) = &plan {
            self.context.spend(quick.cost())?;
            quick.for_each(|_| count += 1);
            return Ok(count);
        }
        let (rows, cols) = self.window(None);
        self.for_each(plan, rows, cols, &mut |_, _| {
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
        let area = area_of(target)?;
        let target = self.context.view(area)?;
        if self.conditions.iter().any(|condition| shape(&condition.view) != shape(&target)) {
            return Err(CellError::Value);
        }
        self.numbers_in(area, visit)
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
        self.numbers_in(area, visit)
    }

    fn numbers_in(&self, area: Area, visit: &mut dyn FnMut(f64)) -> Result<()> {
        if let Some(grouped) = self.grouped()
            && let Some(target) = self.context.group_numbers(grouped.group, area)
            && !target.has_errors()
        {
            self.context.spend(target.rows().len() as u64)?;
            grouped.for_each(&target, visit);
            return Ok(());
        }
        let target = self.context.view(area)?;
        let plan = self.plan();
        if let Plan::Quick(quick) = &plan
            && let Some(numbers) = Numbers::of(area, self.context).filter(|numbers| !numbers.have_errors())
        {
            self.context.spend(quick.cost())?;
            let numbers = numbers.rows();
            quick.for_each(|row| match numbers.get(row as usize) {
                Some(number) if !number.is_nan() => visit(*number),
                _ => {}
            });
            return Ok(());
        }
        let (rows, cols) = self.window(Some(&target));
        let mut columns: Vec<ColumnReader<'_>> =
            (0..target.cols().min(cols)).map(|col| ColumnReader::new(target, col)).collect();
        self.for_each(plan, rows, cols, &mut |row, col| match columns
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

    fn for_each(
        &self,
        plan: Plan,
        rows: u32,
        cols: u32,
        visit: &mut dyn FnMut(u32, u32) -> Result<()>,
    ) -> Result<()> {
        if rows == 0 || cols == 0 {
            return Ok(());
        }
        let found = match plan {
            Plan::Quick(quick) => {
                self.context.spend(quick.cost())?;
                let mut found = Vec::new();
                quick.for_each(|row| found.push(row));
                return found.into_iter().try_for_each(|row| visit(row, 0));
            }
            Plan::Rows(found) => Some(found),
            Plan::Walk => None,
        };
        if let Some(MatchingRows { rows, met }) = found {
            self.context.spend(rows.len() as u64)?;
            let mut others: Vec<_> = self
                .conditions
                .iter()
                .zip(met)
                .filter(|(_, met)| !met)
                .collect::<Vec<_>>()
                .into_iter()
                .map(|(other, _)| (other, ColumnReader::new(other.view, 0)))
                .collect();
            return rows.into_iter().try_for_each(|row| {
                let hold = others
                    .iter_mut()
                    .all(|(other, reader)| other.criterion.matches(reader.get(row), &self.reading));
                if hold { visit(row, 0) } else { Ok(()) }
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

    /// The group of rows that one criterion asks for, where all others compare numbers.
    fn grouped(&self) -> Option<Grouped> {
        let mut exact = self.conditions.iter().filter(|condition| condition.criterion.is_exact());
        let (Some(only), None) = (exact.next(), exact.next()) else { return None };
        if self.conditions.len() < 2 || self.conditions.iter().any(|condition| condition.view.cols() != 1) {
            return None;
        }
        let others = || self.conditions.iter().filter(|other| !std::ptr::eq(*other, only));
        let bounds: Vec<(Bound, Area)> =
            others().map(|other| Some((other.criterion.bound()?, other.area))).collect::<Option<_>>()?;
        let group = self.context.group(only.area, &only.criterion)?;
        let beside = |(bound, area)| Some((bound, self.context.group_numbers(group, area)?));
        Some(Grouped { group, filters: bounds.into_iter().map(beside).collect::<Option<_>>()? })
    }

    /// How the places are found.
    fn plan(&self) -> Plan<'_> {
        if self.conditions.iter().any(|condition| condition.view.cols() != 1) {
            return Plan::Walk;
        }
        let asked: Vec<(Area, &Criterion)> =
            self.conditions.iter().map(|condition| (condition.area, &condition.criterion)).collect();
        let found = self.context.matching_rows(&asked);
        let others = self.conditions.iter().enumerate();
        let others =
            others.filter(|(at, _)| found.as_ref().is_none_or(|found| found.met.get(*at) != Some(&true)));
        let filters: Option<Vec<(Bound, Numbers<'_>)>> = others
            .map(|(_, other)| Some((other.criterion.bound()?, Numbers::of(other.area, self.context)?)))
            .collect();
        match (filters, found) {
            (Some(filters), found) => Plan::Quick(Quick { rows: found.map(|found| found.rows), filters }),
            (None, Some(found)) => Plan::Rows(found),
            (None, None) => Plan::Walk,
        }
    }
}

/// How the places where all criteria are met are found.
enum Plan<'a> {
    /// Without looking at values.
    Quick(Quick<'a>),
    /// Among some rows.
    Rows(MatchingRows),
    /// By walking the ranges.
    Walk,
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
