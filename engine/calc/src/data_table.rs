//! What-if data tables: the formulas at a table's edge, calculated once for each value of its input cells.
//!
//! Source: ECMA-376 part 1, 18.3.1.40 (`dt2D`, `dtr`, `r1`, `r2`).

use crate::recalc::Ended;
use crate::session::Session;
use crate::what_if::{Draw, Trial};
use functions::Environment;
use std::cell::Cell as Slot;
use values::{Area, Array, Cell, CellError, Col, Rect, Row, SheetId, Value};
use workbook::DataTable;

impl Session {
    /// The values of a data table, row by row; `None` where the work ended before. Works on a copy of the session that
    /// shares its cells.
    pub(crate) fn data_table(
        &self,
        sheet: SheetId,
        place: u32,
        environment: &Environment,
        budget: &Slot<u64>,
    ) -> Option<Value> {
        let workbook = self.model.workbook();
        let Some(table) = workbook.sheet(sheet).and_then(|s| s.data_tables.get(place as usize)) else {
            return Some(CellError::Ref.into());
        };
        let mut trial = Trial::new(self, &Environment { budget: budget.get(), ..environment.clone() });
        trial.session.settle_data_tables();
        // The inputs to try stand along the edges and may be formulas themselves.
        let edges = Rect { top: Row(table.rect.top.0.saturating_sub(1)), ..table.rect };
        let edges = Rect { left: Col(edges.left.0.saturating_sub(1)), ..edges };
        trial.bring_up(&[Area { sheet, rect: edges }], Draw::Anew);
        let mut results = Vec::new();
        for cell in table.rect.cells() {
            if trial.ended != Ended::Done {
                break;
            }
            results.push(result(&mut trial, sheet, table, cell));
        }
        budget.set(if trial.ended == Ended::OutOfBudget { 0 } else { trial.units() });
        let is_whole = trial.ended == Ended::Done;
        is_whole.then(|| Array::new(table.rect.rows(), table.rect.cols(), results).into())
    }

    /// Data tables do not read each other while one is calculated: their cells stay as they are.
    fn settle_data_tables(&mut self) {
        let model = std::sync::Arc::clone(&self.model);
        for (id, vertex) in model.vertices.iter().enumerate() {
            if matches!(vertex.kind, crate::model::VertexKind::DataTable(..)) {
                self.stale -= u64::from(self.states[id].stale());
                self.states[id] = crate::state::VertexState::default();
                self.states[id].set(0, crate::state::OVERRIDDEN, 1);
            }
        }
    }
}

/// What one cell of a data table shows.
fn result(on: &mut Trial, sheet: SheetId, table: &DataTable, cell: Cell) -> Value {
    let Some(Tried { formula, inputs }) = trial(table, cell) else { return CellError::Ref.into() };
    let inputs: Option<Vec<(Cell, Cell)>> =
        inputs.into_iter().map(|(input, from)| Some((input?, from))).collect();
    let Some(inputs) = inputs else { return CellError::Ref.into() };
    let mut set = Vec::new();
    for (input, from) in inputs {
        let value = on.value((sheet, from)).clone();
        set.push((input, on.put((sheet, input), value)));
    }
    on.bring_up(&[Area::cell(sheet, formula)], Draw::Anew);
    let result = on.value((sheet, formula)).clone();
    for (input, before) in set {
        on.put_back((sheet, input), before);
    }
    result
}

/// What one result of a data table follows from.
pub(crate) struct Tried {
    /// The cell whose formula is tried.
    pub formula: Cell,
    /// Input cells, `None` where deleted, and where the value to try stands.
    pub inputs: Vec<(Option<Cell>, Cell)>,
}

/// The formula and the inputs for a cell of a data table; `None` where the table has no edges.
pub(crate) fn trial(table: &DataTable, cell: Cell) -> Option<Tried> {
    let first = table.rect.first();
    let (above, left) = (first.moved(-1, 0)?, first.moved(0, -1)?);
    let in_row = Cell { row: above.row, col: cell.col };
    let in_column = Cell { row: cell.row, col: left.col };
    // One input, by row: values along the top, formulas down the left; by column the other way round.
    let (formula, inputs) = match (table.two_dimensional, table.by_row) {
        (true, _) => {
            let corner = Cell { row: above.row, col: left.col };
            (corner, vec![(table.first_input, in_row), (table.second_input, in_column)])
        }
        (false, true) => (in_column, vec![(table.first_input, in_row)]),
        (false, false) => (in_row, vec![(table.first_input, in_column)]),
    };
    Some(Tried { formula, inputs })
}
