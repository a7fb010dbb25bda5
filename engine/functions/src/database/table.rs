//! A list with headers, and the table of criteria beside it.
//!
//! A row of the criteria is met where all of its cells are; a record counts where one row is met. An empty cell asks
//! for nothing. Text without an operator asks for what begins with it, so empty text asks for any text. Headers are
//! the same where they read the same: the text "2" names the column under the number 2. A criterion under a header that
//! the list does not have is a computed one: a formula for the first record, which is evaluated for each with its relative
//! references moved down; the headers of the list are names in it. What is no formula there decides for every record.

use crate::{Context, Criterion, View, to_text};
use numfmt::Reading;
use values::{Area, Cell, CellError, Result, SheetId, Value, equal_text};

/// A list of records under headers.
pub(super) struct Table<'a> {
    view: View<'a>,
    /// The cells of the list, headers included.
    list: Area,
    /// The rows of the criteria.
    rows: Vec<Vec<Condition>>,
    context: &'a dyn Context,
}

enum Condition {
    Field(u32, Criterion),
    Fixed(bool),
    /// The formula of a cell, for each record.
    Computed(SheetId, Cell),
}

impl<'a> Table<'a> {
    pub(super) fn new(
        database: &'a Value,
        criteria: &'a Value,
        context: &'a dyn Context,
    ) -> Result<Table<'a>> {
        let list = crate::matching::area_of(database)?;
        let view = context.view(list)?;
        let area: Area = crate::matching::area_of(criteria)?;
        let conditions = context.view(area)?;
        if conditions.rows() < 2 {
            return Err(CellError::Value);
        }
        let (used_rows, used_cols) = (conditions.used_rows(), conditions.used_cols());
        context.spend(u64::from(used_rows) * u64::from(used_cols))?;
        let reading = context.reading();
        let columns: Vec<Option<u32>> =
            (0..used_cols).map(|col| column(&view, conditions.get(0, col), context)).collect();
        let mut rows = Vec::new();
        for row in 1..conditions.rows().min(used_rows.max(1)) {
            let mut all = Vec::new();
            for (col, field) in (0..).zip(&columns) {
                let value = conditions.get(row, col);
                let computed = match field {
                    None if !matches!(value, Value::Empty) => computed(area, row, col, list, context)?,
                    _ => None,
                };
                all.extend(computed.or_else(|| condition(*field, value, &reading)));
            }
            rows.push(all);
        }
        // Rows beyond everything stored are empty, and an empty row asks for nothing.
        if conditions.rows() > used_rows.max(1) {
            rows.push(Vec::new());
        }
        Ok(Table { view, list, rows, context })
    }

    /// The column that a field argument names, by header or by number; `None` where it names none.
    pub(super) fn field(&self, field: &Value) -> Result<Option<u32>> {
        match field {
            Value::Missing | Value::Empty => Ok(None),
            Value::Error(error) => Err(*error),
            Value::Number(number) => {
                let number = number.trunc();
                let valid = number >= 1.0 && number <= f64::from(self.view.cols());
                if valid { Ok(Some(number as u32 - 1)) } else { Err(CellError::Value) }
            }
            header => column(&self.view, header, self.context).map(Some).ok_or(CellError::Value),
        }
    }

    /// Visits the field's value in each record that counts; without a field, TRUE for each such record.
    pub(super) fn for_each(
        &self,
        field: Option<u32>,
        visit: &mut dyn FnMut(&Value) -> Result<()>,
    ) -> Result<()> {
        let records = self.view.used_rows();
        let conditions: usize = self.rows.iter().map(Vec::len).sum();
        self.context.spend(u64::from(records).saturating_mul(1 + conditions as u64))?;
        let reading = self.context.reading();
        for row in 1..records {
            if self.is_met(row, &reading)? {
                match field {
                    Some(col) => visit(self.view.get(row, col))?,
                    None => visit(&Value::Bool(true))?,
                }
            }
        }
        Ok(())
    }

    /// Whether a record meets one row of the criteria.
    fn is_met(&self, row: u32, reading: &Reading<'_>) -> Result<bool> {
        for conditions in &self.rows {
            let mut holds = true;
            for condition in conditions {
                holds = match condition {
                    Condition::Field(col, criterion) => criterion.matches(self.view.get(row, *col), reading),
                    Condition::Fixed(holds) => *holds,
                    Condition::Computed(sheet, cell) => {
                        let value =
                            self.context.formula_moved(*sheet, *cell, row - 1, self.list).transpose()?;
                        value.is_some_and(|value| is_true(&value))
                    }
                };
                if !holds {
                    break;
                }
            }
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The computed criterion in a cell of the criteria, if a formula stands there.
fn computed(area: Area, row: u32, col: u32, list: Area, context: &dyn Context) -> Result<Option<Condition>> {
    let cell = area.rect.first().moved(i64::from(row), i64::from(col)).ok_or(CellError::Ref)?;
    let formula = context.formula_moved(area.sheet, cell, 0, list).transpose()?;
    Ok(formula.map(|_| Condition::Computed(area.sheet, cell)))
}

/// Whether a computed criterion is met: errors and texts are not.
fn is_true(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || matches!(value, Value::Number(number) if *number != 0.0)
}

/// The column under a header, case aside.
fn column(view: &View<'_>, header: &Value, context: &dyn Context) -> Option<u32> {
    let locale = context.environment().locale;
    let header = to_text(header, locale).ok().filter(|text| !text.is_empty())?;
    let same = |other: &Value| to_text(other, locale).is_ok_and(|other| equal_text(&header, &other));
    (0..view.used_cols()).find(|col| same(view.get(0, *col)))
}

fn condition(field: Option<u32>, cell: &Value, reading: &Reading<'_>) -> Option<Condition> {
    if matches!(cell, Value::Empty) {
        return None;
    }
    let Some(field) = field else {
        return Some(Condition::Fixed(is_true(cell)));
    };
    let criterion = match cell {
        Value::Text(text) => {
            let end = if is_plain(text, reading) { "*" } else { "" };
            Criterion::new(&(with_tildes(text) + end).into(), reading)
        }
        cell => Criterion::new(cell, reading),
    };
    Some(Condition::Field(field, criterion))
}

/// A criterion's text in which a tilde escapes no other one: unlike COUNTIF, database functions take two tildes for
/// two of them, as values that Excel stored show.
fn with_tildes(text: &str) -> String {
    text.replace("~~", "~~~~")
}

/// Text without an operator that is no number, truth value or error either.
fn is_plain(text: &str, reading: &Reading<'_>) -> bool {
    !text.starts_with(['=', '<', '>'])
        && reading.locale.truth_of(text).is_none()
        && text.parse::<CellError>().is_err()
        && numfmt::parse_number(text, reading).is_none()
}
