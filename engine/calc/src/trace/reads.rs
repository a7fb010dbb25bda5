//! What the evaluation of one formula reads.

use super::{Caption, Origin, TraceLimits};
use crate::evaluate::Evaluator;
use crate::model::{Vertex, VertexKind};
use crate::session::Session;
use functions::Environment;
use std::cell::{Cell as Slot, OnceCell, RefCell};
use std::collections::HashMap;
use values::{Area, Cell, Rect, SheetId, Value};
use workbook::Side;

/// Most different areas that one formula's record holds; what it reads beyond them is not told.
const MOST_READS: usize = 1_000;

/// A header stands at most so many rows above the cells of its column.
const HEADER_REACH: u32 = 2_000;

/// A record of what is read, without repetitions, in the order of the first reads.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    areas: Vec<Area>,
    seen: std::collections::HashSet<Area>,
}

impl Reads {
    /// Notes that an area was read.
    pub fn note(&mut self, area: Area) {
        if self.areas.len() < MOST_READS && self.seen.insert(area) {
            self.areas.push(area);
        }
    }
}

/// Asks a session, and counts the work.
pub(super) struct Tracer<'a> {
    pub session: &'a Session,
    pub environment: &'a Environment,
    pub limits: TraceLimits,
    /// Cells that may still be looked at for summaries.
    pub cells: Slot<u64>,
    /// Units left for evaluation.
    units: Slot<u64>,
    /// Cells that a defined name stands for, with the name; found when first asked for.
    named: OnceCell<HashMap<(SheetId, Cell), usize>>,
}

impl<'a> Tracer<'a> {
    pub fn new(session: &'a Session, environment: &'a Environment, limits: TraceLimits) -> Tracer<'a> {
        let units = Slot::new(limits.units.min(environment.budget));
        Tracer { session, environment, limits, cells: Slot::new(limits.cells), units, named: OnceCell::new() }
    }

    /// An evaluator that takes every cell's value as it stands.
    pub fn evaluator<'b>(
        &'b self,
        sheet: SheetId,
        host: Cell,
        record: Option<&'b RefCell<Reads>>,
    ) -> Evaluator<'b> {
        let mut evaluator = Evaluator::new(self.session, self.environment, &self.units, sheet, host);
        evaluator.fresh = true;
        evaluator.record = record;
        evaluator
    }

    /// What the formula of a cell reads, in order; `None` where evaluating it again does not give the value that
    /// it shows, as for random numbers, cycles and work beyond the limit.
    pub fn reads(&self, vertex: &Vertex, cell: Cell) -> Option<Vec<Area>> {
        let record = RefCell::new(Reads::default());
        let value = self.evaluator(vertex.sheet, cell, Some(&record)).formula(vertex);
        let shown = self.session.value(vertex.sheet, cell);
        let first = match &value {
            Value::Array(array) => array.first().clone(),
            _ => value,
        };
        // An array that finds no room shows #SPILL! whatever its values are.
        let is_blocked =
            matches!(vertex.kind, VertexKind::Array(..)) && shown.error() == Some(values::CellError::Spill);
        let is_same = is_blocked || crate::spread::cell_value(first).same(shown);
        is_same.then(|| record.into_inner().areas)
    }

    /// The formula of a cell as people see it, for a data table as Excel shows it.
    pub fn formula_text(&self, sheet: SheetId, cell: Cell) -> Option<String> {
        let model = &self.session.model;
        if let Some(text) = model.formula_text(sheet, cell) {
            return Some(text);
        }
        let of = model.workbook().sheet(sheet)?;
        let table = of.data_tables.iter().find(|table| table.rect.contains(cell))?;
        let text = |input: Option<Cell>| input.map_or("#REF!".to_owned(), |cell| cell.to_string());
        let first = text(table.first_input);
        Some(match (table.two_dimensional, table.by_row) {
            (true, _) => format!("{{=TABLE({first},{})}}", text(table.second_input)),
            (false, true) => format!("{{=TABLE({first},)}}"),
            (false, false) => format!("{{=TABLE(,{first})}}"),
        })
    }

    /// What says what a cell is: the header of its table's column, what stands beside or above it, a name that it has,
    /// or the header of the column of values that it is part of.
    pub fn caption(&self, sheet: SheetId, cell: Cell) -> Option<Caption> {
        let workbook = self.session.model.workbook();
        if let Some(table) = workbook.table_at(sheet, cell).filter(|table| table.header_rows > 0) {
            let column = table.columns.get(usize::from(cell.col.0.saturating_sub(table.area.left.0)));
            let at = Cell { row: table.area.top, col: cell.col };
            return column.filter(|_| at != cell).map(|column| Caption { text: column.name.to_string(), at });
        }
        // A text is a label itself more often than it has one; a computed one is a result.
        let is_label = matches!(self.session.value(sheet, cell), Value::Text(_))
            && self.session.origin(sheet, cell) == Origin::Constant;
        if is_label {
            return None;
        }
        let sides = [Side::Left, Side::Above].into_iter();
        let beside =
            sides.filter_map(|side| workbook.label(sheet, cell, side).map(|(at, text)| (side, at, text)));
        let labels = |(side, at, _): &(Side, Cell, &str)| self.labels(sheet, *side, *at, cell);
        let beside = beside.into_iter().find(labels);
        let beside = beside.map(|(_, at, text)| Caption { text: text.to_owned(), at });
        beside.or_else(|| self.own_name(sheet, cell)).or_else(|| self.header(sheet, cell))
    }

    /// The name that stands for just this cell.
    fn own_name(&self, sheet: SheetId, cell: Cell) -> Option<Caption> {
        let place = *self.named.get_or_init(|| self.named_cells()).get(&(sheet, cell))?;
        let name = self.session.model.workbook().names.get(place)?;
        Some(Caption { text: name.name.to_string(), at: cell })
    }

    /// The cells that people gave a name, each with the first one.
    fn named_cells(&self) -> HashMap<(SheetId, Cell), usize> {
        let model = &self.session.model;
        let mut named = HashMap::new();
        for (place, (name, program)) in model.workbook().names.iter().zip(&model.names).enumerate() {
            let Some(program) = program.as_ref().filter(|_| !name.hidden && !name.name.starts_with('_'))
            else {
                continue;
            };
            let is_reference = matches!(program.formula.node(program.formula.root()), formula::Node::Ref(_));
            let [precedent] = program.precedents.as_slice() else { continue };
            // Seen from elsewhere it must be the same cell.
            let from = |row, col| precedent.rect(Cell::new(row, col)).filter(|rect| rect.is_cell());
            if let Some(rect) = from(0, 0).filter(|rect| is_reference && from(1, 1) == Some(*rect)) {
                named.entry((precedent.sheet, rect.first())).or_insert(place);
            }
        }
        named
    }

    /// Whether a text labels a cell rather than something else: the header of a table labels what is below it, and
    /// a formula between both has the label for itself, even where the file has no value for it.
    fn labels(&self, sheet: SheetId, side: Side, label: Cell, cell: Cell) -> bool {
        let workbook = self.session.model.workbook();
        let headers = workbook.table_at(sheet, label).and_then(|table| table.headers());
        let is_header = side == Side::Left && headers.is_some_and(|headers| headers.contains(label));
        let between = Rect::new(label, cell).cells().filter(|at| *at != label && *at != cell);
        !is_header && !between.into_iter().any(|at| self.session.model.is_formula(sheet, at))
    }

    /// The text on top of an unbroken column of other values.
    fn header(&self, sheet: SheetId, cell: Cell) -> Option<Caption> {
        let top = cell.row.0.saturating_sub(HEADER_REACH);
        let above = (top..cell.row.0).rev().map(|row| Cell::new(row, cell.col.0));
        for at in above {
            match self.session.value(sheet, at) {
                Value::Text(text) if !text.trim().is_empty() => {
                    let is_constant = self.session.origin(sheet, at) == Origin::Constant;
                    return is_constant.then(|| Caption { text: text.trim().to_owned(), at });
                }
                Value::Empty => return None,
                _ => {}
            }
        }
        None
    }
}
