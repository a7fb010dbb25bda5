//! What-if data tables: the formulas at a table's edge, calculated once for each value of its input cells.
//!
//! Source: ECMA-376 part 1, 18.3.1.40 (`dt2D`, `dtr`, `r1`, `r2`).

use crate::recalc::Wanted;
use crate::session::Session;
use functions::Environment;
use std::cell::Cell as Slot;
use values::{Area, Array, Cell, CellError, Col, Rect, Row, SheetId, Value};
use workbook::DataTable;

impl Session {
    /// The values of a data table, row by row. Works on a copy of the session that shares its cells.
    pub(crate) fn data_table(
        &self,
        sheet: SheetId,
        place: u32,
        environment: &Environment,
        budget: &Slot<u64>,
    ) -> Value {
        let workbook = self.model.workbook();
        let Some(table) = workbook.sheet(sheet).and_then(|s| s.data_tables.get(place as usize)) else {
            return CellError::Ref.into();
        };
        let mut trial = self.clone();
        trial.settle_data_tables();
        let environment = Environment { budget: budget.get(), ..environment.clone() };
        // The inputs to try stand along the edges and may be formulas themselves.
        let edges = Rect { top: Row(table.rect.top.0.saturating_sub(1)), ..table.rect };
        let edges = Rect { left: Col(edges.left.0.saturating_sub(1)), ..edges };
        trial.recalculate(&environment, Wanted::Areas(&[Area { sheet, rect: edges }]));
        let mut results = Vec::new();
        for cell in table.rect.cells() {
            results.push(trial.what_if(sheet, table, cell, &environment, budget));
        }
        Array::new(table.rect.rows(), table.rect.cols(), results).into()
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

    fn what_if(
        &mut self,
        sheet: SheetId,
        table: &DataTable,
        cell: Cell,
        environment: &Environment,
        budget: &Slot<u64>,
    ) -> Value {
        let Some(Trial { formula, inputs }) = trial(table, cell) else { return CellError::Ref.into() };
        let mut set = Vec::new();
        for (input, from) in inputs {
            let Some(input) = input else { return CellError::Ref.into() };
            let value = self.value(sheet, from).clone();
            set.push((input, self.input(sheet, input).cloned()));
            self.set(sheet, input, value);
        }
        let wanted = [Area::cell(sheet, formula)];
        let report = self.recalculate(environment, Wanted::Areas(&wanted));
        budget.set(budget.get().saturating_sub(report.evaluations));
        let result = self.value(sheet, formula).clone();
        for (input, before) in set {
            match before {
                Some(value) => self.set(sheet, input, value),
                None => self.reset(sheet, input),
            }
        }
        result
    }
}

/// What one result of a data table follows from.
pub(crate) struct Trial {
    /// The cell whose formula is tried.
    pub formula: Cell,
    /// Input cells, `None` where deleted, and where the value to try stands.
    pub inputs: Vec<(Option<Cell>, Cell)>,
}

/// The formula and the inputs for a cell of a data table; `None` where the table has no edges.
pub(crate) fn trial(table: &DataTable, cell: Cell) -> Option<Trial> {
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
    Some(Trial { formula, inputs })
}
