//! Whether an edit of one cell can matter to a formula that reads it among many.
//!
//! A price list of a hundred thousand rows is read by every lookup in it, but a changed row matters only to those that
//! look for it. Invariant: "no" is certain; whatever is not looked into is a "yes". It is asked only of formulas that
//! are up to date, right after the cell was written.

mod keys;

use crate::evaluate::Evaluator;
use crate::model::VertexId;
use crate::operators::is_reference_operator;
use crate::program::{Meaning, Program};
use crate::session::Session;
use crate::state::STALE;
use formula::{Extent, Node, NodeId, UnaryOp};
use functions::{Criterion, Mode};
use keys::KnownKeys;
use std::cell::Cell as Slot;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId, Value, equal_numbers, equal_text};

/// How deep a formula is looked into.
const MOST_DEPTH: u32 = 24;

/// Functions that read ranges of which few rows matter.
const SELECTIVE: [&str; 13] = [
    "AVERAGEIF",
    "AVERAGEIFS",
    "COUNTIF",
    "COUNTIFS",
    "INDEX",
    "MATCH",
    "MAXIFS",
    "MINIFS",
    "SUMIF",
    "SUMIFS",
    "VLOOKUP",
    "XLOOKUP",
    "XMATCH",
];

/// A cell that changed.
#[derive(Clone, Copy)]
pub(crate) struct Edit<'a> {
    pub sheet: SheetId,
    pub cell: Cell,
    pub old: &'a Value,
    pub new: &'a Value,
}

impl Edit<'_> {
    fn is_in(&self, area: Area) -> bool {
        area.sheet == self.sheet && area.rect.contains(self.cell)
    }

    /// Where it lies in an area of criteria or numbers, down and across: the area's first cell and the shape of the
    /// first criterion's decide.
    fn place_in(&self, area: Area, shape: Rect) -> Option<(u32, u16)> {
        let first = area.rect.first();
        let down = self.cell.row.0.checked_sub(first.row.0).filter(|down| *down < shape.rows())?;
        let across = self.cell.col.0.checked_sub(first.col.0)?;
        (area.sheet == self.sheet && u32::from(across) < shape.cols()).then_some((down, across))
    }
}

/// Whether it is worth while to ask of a program's copies.
pub(crate) fn is_selective(program: &Program) -> bool {
    program
        .meanings
        .iter()
        .any(|meaning| matches!(meaning, Meaning::Function(function) if SELECTIVE.contains(&function.name)))
}

/// A formula in the evaluator's host, and the edit.
struct Question<'a, 'b> {
    evaluator: &'b Evaluator<'a>,
    program: &'b Arc<Program>,
    edit: Edit<'b>,
}

impl Question<'_, '_> {
    /// Whether the formula may give another value than before the edit.
    fn matters(&self) -> bool {
        let touched = self.touches(self.program.formula.root(), 0);
        touched || self.evaluator.pending.get().is_some()
    }

    fn touches(&self, id: NodeId, depth: u32) -> bool {
        if depth > MOST_DEPTH {
            return true;
        }
        let formula = &self.program.formula;
        match formula.node(id) {
            Node::Number(_) | Node::Text(_) | Node::Bool(_) | Node::Error(_) | Node::Missing => false,
            Node::Paren(inner) => self.touches(*inner, depth + 1),
            Node::Unary { op: UnaryOp::Minus | UnaryOp::Percent | UnaryOp::Plus, operand } => {
                self.touches(*operand, depth + 1)
            }
            Node::Binary { op, left, right } if !is_reference_operator(*op) => {
                self.touches(*left, depth + 1) || self.touches(*right, depth + 1)
            }
            Node::Ref(_) | Node::Table(_) => self.area(id).is_none_or(|area| self.edit.is_in(area)),
            Node::Call { args, .. } => match &self.program.meanings[id.0 as usize] {
                Meaning::Function(function) if !function.volatile => {
                    let args = formula.args(*args);
                    let selective = match function.name {
                        "VLOOKUP" => self.vlookup(args, depth),
                        "XLOOKUP" => self.xlookup(args, depth),
                        "MATCH" | "XMATCH" => self.match_(function.name, args, depth),
                        "INDEX" => self.index(args, depth),
                        name => criteria(name, args)
                            .and_then(|(target, pairs)| self.conditions(target, pairs, depth)),
                    };
                    selective.unwrap_or_else(|| args.iter().any(|arg| self.touches(*arg, depth + 1)))
                }
                _ => true,
            },
            _ => true,
        }
    }

    /// The one area that a reference means here.
    fn area(&self, id: NodeId) -> Option<Area> {
        match self.program.formula.node(id) {
            Node::Paren(inner) => self.area(*inner),
            Node::Ref(_) | Node::Table(_) => match self.evaluator.eval(self.program, id, Mode::Cell, &None) {
                Value::Range(sheet, rect) => Some(Area { sheet, rect }),
                _ => None,
            },
            _ => None,
        }
    }

    /// A scalar that costs little to know; `None` for others.
    fn scalar(&self, id: NodeId, depth: u32) -> Option<Value> {
        if !self.is_cheap(id, depth) {
            return None;
        }
        let value = self.evaluator.operand(self.program, id, Mode::Cell, &None);
        (value.is_scalar() && self.evaluator.pending.get().is_none()).then_some(value)
    }

    fn is_cheap(&self, id: NodeId, depth: u32) -> bool {
        let formula = &self.program.formula;
        if depth > MOST_DEPTH {
            return false;
        }
        match formula.node(id) {
            Node::Number(_) | Node::Text(_) | Node::Bool(_) => true,
            Node::Ref(reference) => matches!(reference.extent, Extent::Cell(_)),
            Node::Paren(inner) => self.is_cheap(*inner, depth + 1),
            Node::Unary { op: UnaryOp::Minus | UnaryOp::Percent, operand } => {
                self.is_cheap(*operand, depth + 1)
            }
            Node::Binary { op, left, right } if !is_reference_operator(*op) => {
                self.is_cheap(*left, depth + 1) && self.is_cheap(*right, depth + 1)
            }
            _ => false,
        }
    }

    /// What an exact lookup looks for, where equality is all that matters.
    fn key(&self, id: NodeId, depth: u32) -> Option<Value> {
        self.scalar(id, depth).filter(|key| match key {
            Value::Number(_) | Value::Bool(_) => true,
            Value::Text(text) => !text.contains(['*', '?', '~']),
            _ => false,
        })
    }

    fn was_or_is(&self, key: &Value) -> bool {
        equal(key, self.edit.old) || equal(key, self.edit.new)
    }

    fn value(&self, sheet: SheetId, row: Row, col: Col) -> &Value {
        self.evaluator.session.value(sheet, Cell { row, col })
    }

    fn vlookup(&self, args: &[NodeId], depth: u32) -> Option<bool> {
        let [key, table, column, exact] = args else { return None };
        let Node::Number(column) = self.program.formula.node(*column) else { return None };
        let area = self.area(*table).filter(|_| self.is_zero(*exact))?;
        let sought = self.key(*key, depth)?;
        if self.touches(*key, depth + 1) {
            return Some(true);
        }
        if !self.edit.is_in(area) {
            return Some(false);
        }
        let place = f64::from(self.edit.cell.col.0 - area.rect.left.0);
        Some(if place == 0.0 {
            self.was_or_is(&sought)
        } else {
            place == column.trunc() - 1.0
                && equal(&sought, self.value(area.sheet, self.edit.cell.row, area.rect.left))
        })
    }

    fn xlookup(&self, args: &[NodeId], depth: u32) -> Option<bool> {
        let [key, searched, given, rest @ ..] = args else { return None };
        if !self.is_exact(rest.get(1..).unwrap_or(&[])) {
            return None;
        }
        let (searched, given) = (self.area(*searched)?, self.area(*given)?);
        let is_column = |rect: Rect| rect.left == rect.right;
        if !is_column(searched.rect) || searched.rect.rows() != given.rect.rows() {
            return None;
        }
        let sought = self.key(*key, depth)?;
        if self.touches(*key, depth + 1)
            || rest.first().is_some_and(|otherwise| self.touches(*otherwise, depth + 1))
        {
            return Some(true);
        }
        let beside = || {
            let row = Row(searched.rect.top.0 + (self.edit.cell.row.0 - given.rect.top.0));
            equal(&sought, self.value(searched.sheet, row, searched.rect.left))
        };
        Some((self.edit.is_in(searched) && self.was_or_is(&sought)) || (self.edit.is_in(given) && beside()))
    }

    fn match_(&self, name: &str, args: &[NodeId], depth: u32) -> Option<bool> {
        let [key, searched, rest @ ..] = args else { return None };
        let exact = self.matches_exactly(name, rest);
        let area = self.area(*searched).filter(|_| exact)?;
        let sought = self.key(*key, depth)?;
        Some(self.touches(*key, depth + 1) || (self.edit.is_in(area) && self.was_or_is(&sought)))
    }

    /// Whether the last arguments of MATCH or XMATCH ask for equality.
    fn matches_exactly(&self, name: &str, modes: &[NodeId]) -> bool {
        match (name, modes) {
            ("MATCH", [mode]) => self.is_zero(*mode),
            ("MATCH", _) => false,
            _ => self.is_exact(modes),
        }
    }

    /// Whether the last arguments of XLOOKUP and XMATCH ask for equality, from either end.
    fn is_exact(&self, modes: &[NodeId]) -> bool {
        let node = |place: usize| modes.get(place).map(|id| self.program.formula.node(*id));
        let from_either_end = match node(1) {
            None | Some(Node::Missing) => true,
            Some(Node::Number(way)) => *way == 1.0,
            _ => false,
        };
        from_either_end && modes.first().is_none_or(|mode| self.is_zero(*mode))
    }

    fn is_zero(&self, id: NodeId) -> bool {
        match self.program.formula.node(id) {
            Node::Number(number) => *number == 0.0,
            Node::Bool(value) => !value,
            Node::Missing => true,
            _ => false,
        }
    }

    fn index(&self, args: &[NodeId], depth: u32) -> Option<bool> {
        let (array, places) = match args {
            [array, places @ ..] if (1..=2).contains(&places.len()) => (array, places),
            _ => return None,
        };
        let area = self.area(*array)?;
        if places.iter().any(|place| self.touches(*place, depth + 1)) {
            return Some(true);
        }
        if !self.edit.is_in(area) {
            return Some(false);
        }
        let rect = area.rect;
        let (row, col) = (self.edit.cell.row.0 - rect.top.0, u32::from(self.edit.cell.col.0 - rect.left.0));
        if places.first().is_some_and(|place| self.finds_another_row(*place, row, depth)) {
            return Some(false);
        }
        let chosen = |id: NodeId, place: u32| match self.place(id, depth)? {
            Ok(number) => Some(number == 0.0 || number == f64::from(place) + 1.0),
            // An error is the result, whatever the cells hold.
            Err(()) => Some(false),
        };
        match places {
            [only] if rect.left == rect.right => chosen(*only, row),
            [only] if rect.top == rect.bottom => chosen(*only, col),
            [down, across] => Some(chosen(*down, row)? && chosen(*across, col)?),
            _ => None,
        }
    }

    /// The arguments of a node that is a MATCH or XMATCH.
    fn match_args(&self, id: NodeId) -> Option<(&'static str, &[NodeId])> {
        match (self.program.formula.node(id), &self.program.meanings[id.0 as usize]) {
            (Node::Call { args, .. }, Meaning::Function(function))
                if matches!(function.name, "MATCH" | "XMATCH") =>
            {
                Some((function.name, self.program.formula.args(*args)))
            }
            _ => None,
        }
    }

    /// Whether an exact MATCH in a column finds another row than this one for certain: something else stands there.
    fn finds_another_row(&self, id: NodeId, row: u32, depth: u32) -> bool {
        let Some((name, [key, searched, rest @ ..])) = self.match_args(id) else { return false };
        let exact = self.matches_exactly(name, rest);
        let Some(area) = self.area(*searched).filter(|area| exact && area.rect.left == area.rect.right)
        else {
            return false;
        };
        let at = Row(area.rect.top.0.saturating_add(row));
        at <= area.rect.bottom
            && self
                .key(*key, depth)
                .is_some_and(|key| !equal(&key, self.value(area.sheet, at, area.rect.left)))
    }

    /// A place that INDEX takes: a number, or the error that stands for it.
    fn place(&self, id: NodeId, depth: u32) -> Option<Result<f64, ()>> {
        let is_match = self.match_args(id).is_some();
        let value = if is_match {
            self.evaluator.operand(self.program, id, Mode::Cell, &None)
        } else {
            self.scalar(id, depth)?
        };
        match value {
            Value::Number(number) => Some(Ok(number.trunc())),
            Value::Error(_) if self.evaluator.pending.get().is_none() => Some(Err(())),
            _ => None,
        }
    }

    /// SUMIFS and its like: whether the places that meet all criteria may be others, or one of them holds another
    /// number.
    fn conditions(&self, target: Option<NodeId>, pairs: &[NodeId], depth: u32) -> Option<bool> {
        let mut conditions: Vec<(Area, NodeId)> = Vec::with_capacity(pairs.len() / 2);
        for pair in pairs.chunks(2) {
            let [range, criterion] = pair else { return None };
            conditions.push((self.area(*range)?, *criterion));
        }
        let shape = conditions.first()?.0.rect;
        let target = match target {
            Some(id) => Some(self.area(id)?),
            None => None,
        };
        if conditions.iter().any(|(_, criterion)| self.touches(*criterion, depth + 1)) {
            return Some(true);
        }
        for area in conditions.iter().map(|(area, _)| *area).chain(target) {
            if let Some(place) = self.edit.place_in(area, shape)
                && self.is_counted(&conditions, place, depth)?
            {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Whether a place meets all criteria, before the edit or after it.
    fn is_counted(
        &self,
        conditions: &[(Area, NodeId)],
        (down, across): (u32, u16),
        depth: u32,
    ) -> Option<bool> {
        let reading = &self.evaluator.reading;
        for (area, criterion) in conditions {
            let first = area.rect.first();
            let cell = Cell { row: Row(first.row.0 + down), col: Col(first.col.0 + across) };
            let criterion = Criterion::new(&self.scalar(*criterion, depth)?, reading);
            let holds = if (area.sheet, cell) == (self.edit.sheet, self.edit.cell) {
                criterion.matches(self.edit.old, reading) || criterion.matches(self.edit.new, reading)
            } else {
                criterion.matches(self.evaluator.session.value(area.sheet, cell), reading)
            };
            if !holds {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// The target, if there is one, and the ranges with their criteria, of SUMIFS and its like.
fn criteria<'a>(name: &str, args: &'a [NodeId]) -> Option<(Option<NodeId>, &'a [NodeId])> {
    match (name, args) {
        ("COUNTIF" | "COUNTIFS", pairs) | ("SUMIF" | "AVERAGEIF", pairs @ [_, _]) => Some((None, pairs)),
        ("SUMIF" | "AVERAGEIF", [pair @ .., target]) if pair.len() == 2 => Some((Some(*target), pair)),
        ("SUMIFS" | "AVERAGEIFS" | "MAXIFS" | "MINIFS", [target, pairs @ ..]) => Some((Some(*target), pairs)),
        _ => None,
    }
}

/// Equality as lookups see it, or a little more.
fn equal(key: &Value, value: &Value) -> bool {
    match (key, value) {
        (Value::Number(a), Value::Number(b)) => equal_numbers(*a, *b),
        (Value::Text(a), Value::Text(b)) => equal_text(a, b),
        (Value::Bool(a), Value::Bool(b)) => a == b,
        _ => false,
    }
}

/// Work that one edit's questions may cost; beyond it everything is a "yes".
const MOST_WORK: u64 = 64 << 20;

impl Session {
    /// The rows of formulas that an edit of one cell can matter to, whatever they read beside it.
    pub(crate) fn rows_that_matter(&self, edit: Edit<'_>) -> Vec<(VertexId, Row, Row)> {
        // Before the first calculation nobody has said in which locale criteria are to be read.
        let known = self.revision > 0;
        let asks = known && self.model.workbook.iteration.is_none();
        let budget = Slot::new(MOST_WORK);
        let mut evaluator = self.asker(&budget, edit.sheet);
        let mut known_keys = KnownKeys::default();
        let mut rows = Vec::new();
        for (id, top, bottom) in self.readers_of(Area::cell(edit.sheet, edit.cell)) {
            let vertex = self.model.vertex(id);
            match &vertex.program {
                Some(program) if asks && vertex.selective => {
                    if evaluator.sheet != vertex.sheet {
                        evaluator = self.asker(&budget, vertex.sheet);
                    }
                    for row in top.0..=bottom.0 {
                        evaluator.host.set(Cell { row: Row(row), col: vertex.family.col });
                        let is_stale = self.states[id.0 as usize].has(row - vertex.family.top.0, STALE)
                            // Its value is not what its formula gives.
                            || self.circular.contains(&(vertex.sheet, evaluator.host.get()));
                        let question = Question { evaluator: &evaluator, program, edit };
                        let asked = is_stale || {
                            let matters = !known_keys.rule_out(&question) && question.matters();
                            if evaluator.pending.get().is_some() || !evaluator.cycles.borrow().is_empty() {
                                evaluator = self.asker(&budget, vertex.sheet);
                            }
                            matters || budget.get() == 0
                        };
                        if asked {
                            push_row(&mut rows, id, row);
                        }
                    }
                }
                _ => rows.push((id, top, bottom)),
            }
        }
        rows
    }

    fn asker<'a>(&'a self, budget: &'a Slot<u64>, sheet: SheetId) -> Evaluator<'a> {
        Evaluator::new(self, &self.environment, budget, sheet, Cell::default())
    }

    /// The rows of each vertex that read an area, each vertex once.
    fn readers_of(&self, area: Area) -> Vec<(VertexId, Row, Row)> {
        let mut found = Vec::new();
        self.model.rows_reading(area, |id, top, bottom| found.push((id, top, bottom)));
        found.sort_unstable();
        found.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.2 = kept.2.max(next.2);
            }
            same
        });
        found
    }
}

/// Adds a row to the last run, or begins another.
fn push_row(rows: &mut Vec<(VertexId, Row, Row)>, id: VertexId, row: u32) {
    match rows.last_mut() {
        Some((last, _, bottom)) if *last == id && bottom.0 + 1 == row => *bottom = Row(row),
        _ => rows.push((id, Row(row), Row(row))),
    }
}
