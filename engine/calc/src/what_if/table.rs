//! What-if tables: results for lists of values in one or two inputs, without a TABLE formula on the sheet.

use super::{Draw, Place, Progress, Trial, areas};
use crate::recalc::Ended;
use crate::session::Session;
use functions::Environment;
use thiserror::Error;
use values::{Array, CellError, Value};

/// Results of one table in all.
const MOST_RESULTS: usize = 1_000_000;

/// An input and the values that are tried in it.
#[derive(Clone, Debug)]
pub struct Variation {
    /// The cell.
    pub input: Place,
    /// The values, in order.
    pub values: Vec<Value>,
}

/// What a table is to show.
#[derive(Clone, Copy, Debug)]
pub struct WhatIf<'a> {
    /// The input that varies from row to row.
    pub down: Option<&'a Variation>,
    /// The input that varies from column to column.
    pub across: Option<&'a Variation>,
    /// The cells whose values are told.
    pub results: &'a [Place],
}

/// What a table shows.
#[derive(Clone, Debug)]
pub struct WhatIfTable {
    /// For each result cell its values: a row for each value down, a column for each value across; one where nothing
    /// varies that way. `#CALC!` stands where the work ended before.
    pub values: Vec<Array>,
    /// Whether the work came to its end.
    pub ended: Ended,
}

/// Why a table cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WhatIfError {
    /// There is nothing to try, or nothing to tell.
    #[error("The table has no values to try or no results to show. Give at least one of each.")]
    Nothing,
    /// Both inputs are one cell.
    #[error("Both inputs of the table are the same cell. Choose two cells.")]
    OneInput,
    /// It would have too many results.
    #[error("The table would have more than a million results. Try fewer values at a time.")]
    TooLarge,
    /// A cell is on no sheet of the workbook.
    #[error("The workbook has no such cell.")]
    NoCell,
}

impl Session {
    /// Tries all values of one input, or all pairs of values of two, and tells what the result cells show. The session
    /// stays as it is. Equal to what a data table on the sheet shows; random numbers are drawn anew for each try, as
    /// there.
    ///
    /// # Errors
    /// Where there is nothing to try or to tell, or too much of it.
    pub fn what_if(
        &self,
        wanted: &WhatIf<'_>,
        environment: &Environment,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<WhatIfTable, WhatIfError> {
        let (rows, cols) = self.check_table(wanted)?;
        let unknown = Value::Error(CellError::Calc);
        let mut values = vec![vec![unknown; rows * cols]; wanted.results.len()];
        let areas = areas(wanted.results);
        let mut trial = Trial::new(self, environment);
        let of = (rows * cols) as u64;
        'tries: for row in 0..rows {
            if let Some(down) = wanted.down {
                trial.put(down.input, down.values[row].clone());
            }
            for col in 0..cols {
                if let Some(across) = wanted.across {
                    trial.put(across.input, across.values[col].clone());
                }
                trial.bring_up(&areas, Draw::Anew);
                if trial.ended != Ended::Done {
                    break 'tries;
                }
                for (values, place) in values.iter_mut().zip(wanted.results) {
                    values[row * cols + col] = trial.value(*place).clone();
                }
                progress(Progress { done: (row * cols + col) as u64 + 1, of });
            }
        }
        let array = |values| Array::new(rows as u32, cols as u32, values);
        let values: Option<Vec<Array>> = values.into_iter().map(|values| array(values).ok()).collect();
        Ok(WhatIfTable { values: values.ok_or(WhatIfError::TooLarge)?, ended: trial.ended })
    }

    /// How many rows and columns a table has.
    fn check_table(&self, wanted: &WhatIf<'_>) -> Result<(usize, usize), WhatIfError> {
        let inputs = [wanted.down, wanted.across].into_iter().flatten();
        let is_there =
            |(sheet, cell): Place| self.model.workbook().sheet(sheet).is_some() && cell.moved(0, 0).is_some();
        if !inputs.map(|variation| variation.input).chain(wanted.results.iter().copied()).all(is_there) {
            return Err(WhatIfError::NoCell);
        }
        if let (Some(down), Some(across)) = (wanted.down, wanted.across)
            && down.input == across.input
        {
            return Err(WhatIfError::OneInput);
        }
        let len = |variation: Option<&Variation>| variation.map_or(1, |variation| variation.values.len());
        let (rows, cols) = (len(wanted.down), len(wanted.across));
        let is_fixed = wanted.down.is_none() && wanted.across.is_none();
        if rows == 0 || cols == 0 || wanted.results.is_empty() || is_fixed {
            return Err(WhatIfError::Nothing);
        }
        let count = rows.checked_mul(cols).and_then(|tries| tries.checked_mul(wanted.results.len()));
        match count {
            Some(count) if count <= MOST_RESULTS => Ok((rows, cols)),
            _ => Err(WhatIfError::TooLarge),
        }
    }
}
