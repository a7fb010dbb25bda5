//! What computed criteria make a database function read.
//!
//! Under a header that names no field, `DSUM(list, field, criteria)` takes a formula for a condition on each record: it
//! is written for the first one and evaluated for each, its relative references moved down. The cells that it reads
//! stand in no argument of the function, so they are added to what the function reads while the graph is built.
//! What stands above may be written over, so all formulas below the first row of the criteria are taken for such ones.
//! Invariant: what cannot be told from the text makes the formula one that is calculated every time.

use super::Builder;
use crate::precedent::{Family, Precedent};
use crate::program::{Meaning, Program, absolute, is_database};
use formula::{Extent, Node, NodeId, Ref, SheetSpec};
use values::{Area, Cell, MAX_ROWS, Rect, Row, SheetId};
use workbook::TemplateId;

/// Formulas among the criteria of one function.
const MOST_FORMULAS: usize = 256;
/// Names that lead to names.
const MOST_NAMES: u32 = 8;

/// What was found out about the criteria of a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Criteria {
    /// None of them is computed.
    Plain,
    /// What they read was added.
    Computed,
    /// What they read cannot be told.
    Unknown,
}

/// The list and the criteria of one call, and whether all copies of the formula mean the same ones.
struct Call {
    list: Area,
    criteria: Area,
    is_fixed: bool,
}

impl Builder<'_> {
    /// Adds what computed criteria of the formula's database functions read to its precedents.
    pub(super) fn computed_criteria(
        &mut self,
        program: &Program,
        sheet: SheetId,
        family: Family,
        precedents: &mut Vec<Precedent>,
    ) -> Criteria {
        let by_name = |name: &crate::program::NameId| {
            self.names.get(name.0 as usize).and_then(Option::as_ref).is_some_and(|named| named.has_criteria)
        };
        if program.names.iter().any(by_name) {
            return Criteria::Unknown;
        }
        let mut found = Criteria::Plain;
        if !program.has_criteria {
            return found;
        }
        for (id, node) in program.formula.nodes().iter().enumerate() {
            let (Node::Call { args, .. }, Meaning::Function(function)) = (node, &program.meanings[id]) else {
                continue;
            };
            let [list, _, criteria] = program.formula.args(*args) else { continue };
            if !is_database(function) {
                continue;
            }
            let Some(call) = self.resolve(program, sheet, family, *list, *criteria) else {
                return Criteria::Unknown;
            };
            match self.read_by(&call, precedents) {
                Criteria::Plain => {}
                Criteria::Computed => found = Criteria::Computed,
                Criteria::Unknown => return Criteria::Unknown,
            }
        }
        found
    }

    fn resolve(
        &self,
        program: &Program,
        sheet: SheetId,
        family: Family,
        list: NodeId,
        criteria: NodeId,
    ) -> Option<Call> {
        let list = self.reference(program, sheet, list, 0)?;
        let criteria = self.reference(program, sheet, criteria, 0)?;
        let host = Cell::from(family);
        let area = |of: Precedent| Area { sheet: of.sheet, rect: of.hull(family) };
        let is_fixed =
            [list, criteria].iter().all(|of| of.rect(host).is_some_and(|rect| rect == of.hull(family)));
        Some(Call { list: area(list), criteria: area(criteria), is_fixed })
    }

    /// The cells that an argument names, if its text says them.
    fn reference(&self, program: &Program, sheet: SheetId, id: NodeId, depth: u32) -> Option<Precedent> {
        match (program.formula.node(id), &program.meanings[id.0 as usize]) {
            (Node::Paren(inner), _) => self.reference(program, sheet, *inner, depth),
            (_, Meaning::Cells(sheet, extent)) => Some(Precedent { sheet: *sheet, extent: *extent }),
            (_, Meaning::Name(name)) if depth < MOST_NAMES => {
                let named = self.names.get(name.0 as usize)?.as_ref()?;
                // A name's own sheet is written into its references.
                self.reference(named, sheet, named.formula.root(), depth + 1)
            }
            (Node::Ref(Ref { sheet: on, extent }), Meaning::Plain) => {
                let sheet = match on {
                    SheetSpec::Here => sheet,
                    SheetSpec::Sheet(sheet) => *sheet,
                    _ => return None,
                };
                matches!(extent, Extent::Rect(..) | Extent::Cols(..) | Extent::Cell(_) | Extent::Rows(..))
                    .then_some(Precedent { sheet, extent: *extent })
            }
            _ => None,
        }
    }

    /// Adds what the formulas among the criteria of a call read for all records.
    fn read_by(&mut self, call: &Call, precedents: &mut Vec<Precedent>) -> Criteria {
        let Some(formulas) = self.formulas_in(call.criteria) else { return Criteria::Unknown };
        let mut found = Criteria::Plain;
        let records = call.list.rect.rows().saturating_sub(1).max(1);
        for (cell, template) in formulas {
            if call.is_fixed && cell.row == call.criteria.rect.top {
                continue;
            }
            let sheet = call.criteria.sheet;
            let program = self.program(template, sheet, cell);
            let bottom = Row(cell.row.0.saturating_add(records - 1).min(MAX_ROWS - 1));
            let (reads, volatile) =
                self.follow_names(&program, Family { col: cell.col, top: cell.row, bottom });
            if volatile || program.has_criteria {
                return Criteria::Unknown;
            }
            found = Criteria::Computed;
            for read in reads {
                let Some(first) = read.rect(cell) else { continue };
                let last = cell.moved(i64::from(records) - 1, 0).and_then(|host| read.rect(host));
                let moves = read.row_axes().iter().any(|axis| matches!(axis, formula::Axis::Relative(_)));
                let rect = match last {
                    Some(last) => first.hull(last),
                    None if moves => Rect { bottom: Row(MAX_ROWS - 1), ..first },
                    None => first,
                };
                precedents.push(Precedent { sheet: read.sheet, extent: absolute(rect) });
            }
        }
        found
    }

    /// The formulas of an area; `None` where they are too many.
    fn formulas_in(&self, area: Area) -> Option<Vec<(Cell, TemplateId)>> {
        let Some(of) = self.compiler.workbook().sheet(area.sheet) else { return Some(Vec::new()) };
        let rect = area.rect;
        let mut formulas = Vec::new();
        for col in rect.left.0..=rect.right.0 {
            let Some(runs) = of.formulas.get(usize::from(col)) else { break };
            for (first, last, template) in runs.touching(rect.top, rect.bottom) {
                let (first, last) = (first.max(rect.top).0, last.min(rect.bottom).0);
                if formulas.len() + (last - first) as usize >= MOST_FORMULAS {
                    return None;
                }
                formulas.extend((first..=last).map(|row| (Cell::new(row, col), template)));
            }
        }
        let arrays = of.arrays.values().filter(|array| rect.contains(array.anchor));
        formulas.extend(arrays.take(MOST_FORMULAS).map(|array| (array.anchor, array.template)));
        (formulas.len() < MOST_FORMULAS).then_some(formulas)
    }
}
