//! Questions about the graph: who reads a cell, what does a formula read, what would an expression give.

use crate::evaluate::Evaluator;
use crate::model::{Model, VertexKind};
use crate::program::Compiler;
use crate::recalc::Wanted;
use crate::session::Session;
use formula::Formula;
use functions::{Environment, Mode, intersect, materialise};
use std::cell::Cell as Slot;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Area, Cell, CellError, Rect, SheetId, Value};

/// Formulas that read an area, a rectangle for each family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reader {
    /// The sheet of the formulas.
    pub sheet: SheetId,
    /// Their cells.
    pub rect: Rect,
}

impl Model {
    /// The formulas that read some cell of `area` directly. Cost follows the families found.
    pub fn readers(&self, area: Area) -> Vec<Reader> {
        let mut found = Vec::new();
        self.rows_reading(area, |id, top, bottom| {
            let vertex = self.vertex(id);
            found.push(Reader { sheet: vertex.sheet, rect: Rect { top, bottom, ..vertex.family.rect() } });
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The areas that the formula of a cell reads directly; empty for a constant.
    pub fn precedents(&self, sheet: SheetId, cell: Cell) -> Vec<Area> {
        let Some(id) = self.vertex_at(sheet, cell) else { return Vec::new() };
        let areas = self.vertex(id).precedents.iter();
        areas.filter_map(|p| p.rect(cell).map(|rect| Area { sheet: p.sheet, rect })).collect()
    }

    /// Whether the cell's value comes from a formula that stands in it.
    pub fn is_formula(&self, sheet: SheetId, cell: Cell) -> bool {
        self.vertex_at(sheet, cell).is_some()
    }

    /// The formula of a cell.
    pub fn formula(&self, sheet: SheetId, cell: Cell) -> Option<&Arc<Formula>> {
        let vertex = self.vertex(self.vertex_at(sheet, cell)?);
        vertex.program.as_ref().map(|program| &program.formula)
    }

    /// The formula of a cell as a person reads it, with `=`.
    pub fn formula_text(&self, sheet: SheetId, cell: Cell) -> Option<String> {
        let vertex = self.vertex(self.vertex_at(sheet, cell)?);
        let program = vertex.program.as_ref()?;
        let text = formula::print(&program.formula, cell, &**self.workbook(), formula::Style::Screen);
        match vertex.kind {
            VertexKind::Array(workbook::ArrayKind::Legacy, _) => Some(format!("{{={text}}}")),
            _ => Some(format!("={text}")),
        }
    }
}

/// What an app's expression may mention beside the workbook.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Values (usually references) of `#id` bindings.
    pub bindings: BTreeMap<String, Value>,
    /// Values of `@user.email` and its like.
    pub context: BTreeMap<String, Value>,
}

impl Session {
    /// Evaluates an expression that stands in no cell, bringing up what it reads. A reference gives the values of
    /// its cells: one as a scalar, several as an array.
    pub fn evaluate(
        &mut self,
        formula: &Arc<Formula>,
        sheet: SheetId,
        host: Cell,
        given: &Given,
        environment: &Environment,
    ) -> Value {
        let model = Arc::clone(&self.model);
        let program = Arc::new(Compiler::new(model.workbook()).compile(formula, sheet, host));
        let budget = Slot::new(environment.budget);
        // Each round brings up one more area; a formula mentions fewer than this.
        for _ in 0..1_024 {
            let mut evaluator = Evaluator::new(self, environment, &budget, sheet, host);
            evaluator.given = Some(given);
            let value = evaluator.eval(&program, program.formula.root(), Mode::Array, &None);
            let value = match value {
                Value::Areas(_) => intersect(&value, &evaluator),
                value => materialise(&value, &evaluator),
            };
            let (pending, _) = evaluator.into_findings();
            match pending {
                Some(area) => drop(self.bring_up(environment, Wanted::Areas(&[area]))),
                None => return value,
            }
        }
        CellError::Calc.into()
    }
}
