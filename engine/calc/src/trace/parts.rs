//! From the text of a formula to the cells behind it.

use super::reads::Tracer;
use super::{Origin, PartKind, Summary, Traced};
use crate::data_table::trial;
use crate::evaluate::Evaluator;
use crate::model::{Vertex, VertexKind};
use crate::program::{Meaning, NameId, Program};
use formula::{Formula, Node, NodeId, Ref, SheetSpec, Style, UnaryOp};
use functions::Mode;
use std::collections::HashSet;
use std::sync::Arc;
use values::{Area, Cell, CellError, Rect, SheetId, Value};

/// Most parts of one formula; the others are counted.
const MOST_PARTS: usize = 100;

impl Tracer<'_> {
    /// What the value of a cell follows from, and how many parts are left out.
    pub fn parts(&self, sheet: SheetId, cell: Cell) -> (Vec<Traced>, usize) {
        match self.session.origin(sheet, cell) {
            Origin::Formula => self.of_formula(sheet, cell),
            Origin::Spilled { anchor } => {
                (vec![self.cells(anchor.to_string(), PartKind::Anchor, vec![Area::cell(sheet, anchor)])], 0)
            }
            Origin::DataTable => (self.of_data_table(sheet, cell), 0),
            Origin::Empty | Origin::Constant | Origin::Input { .. } => (Vec::new(), 0),
        }
    }

    fn of_formula(&self, sheet: SheetId, cell: Cell) -> (Vec<Traced>, usize) {
        let model = &self.session.model;
        let Some(vertex) = model.vertex_at(sheet, cell).map(|id| model.vertex(id)) else {
            return (Vec::new(), 0);
        };
        let Some(program) = &vertex.program else { return (Vec::new(), 0) };
        let evaluator = self.evaluator(sheet, cell, None);
        let (mut parts, mut more, mut texts) = (Vec::new(), 0, HashSet::new());
        for node in in_reading_order(&program.formula) {
            let Some(text) = self.text(program, node, cell) else { continue };
            if texts.contains(&text) {
                continue;
            }
            texts.insert(text.clone());
            if parts.len() >= MOST_PARTS {
                more += 1;
            } else if let Some(part) = self.named(&evaluator, program, node, text) {
                parts.push(part);
            }
        }
        more += self.match_reads(vertex, cell, &mut parts);
        parts.extend(self.in_the_way(vertex, cell));
        (parts, more)
    }

    /// How a node is written that may name something.
    fn text(&self, program: &Program, node: NodeId, host: Cell) -> Option<String> {
        let formula = &program.formula;
        match formula.node(node) {
            Node::Call { name, .. } => match program.meanings[node.0 as usize] {
                Meaning::Name(id) => {
                    let defined = self.session.model.workbook().names.get(id.0 as usize);
                    Some(defined.map_or(name, |defined| &defined.name).to_string())
                }
                Meaning::Error(_) => Some(name.to_string()),
                _ => None,
            },
            Node::Ref(_)
            | Node::Name { .. }
            | Node::Table(_)
            | Node::Error(_)
            | Node::Unary { op: UnaryOp::Spill, .. } => Some(formula::print_node(
                formula,
                node,
                host,
                &**self.session.model.workbook(),
                Style::Screen,
            )),
            _ => None,
        }
    }

    /// What a node names; `None` for variables and functions.
    fn named(
        &self,
        evaluator: &Evaluator<'_>,
        program: &Arc<Program>,
        node: NodeId,
        text: String,
    ) -> Option<Traced> {
        let host = evaluator.host.get();
        let of_extent = |sheet: SheetId, extent: formula::Extent, text: String| match extent.resolve(host) {
            Some(rect) => self.cells(text, PartKind::Cells, vec![Area { sheet, rect }]),
            None => broken(text, CellError::Ref),
        };
        match (&program.meanings[node.0 as usize], program.formula.node(node)) {
            (Meaning::Error(error), _) => Some(broken(text, *error)),
            (Meaning::Name(name), _) => Some(self.name(evaluator, *name, text)),
            (Meaning::Cells(sheet, extent), _) => Some(of_extent(*sheet, *extent, text)),
            (Meaning::External(_), _) => {
                let value = evaluator.eval(program, node, Mode::Cell, &None);
                let value = value.is_scalar().then_some(value);
                Some(Traced { kind: PartKind::External, value, ..broken(text, CellError::Ref) })
            }
            (Meaning::RowOf(sheet, extent, data), _) => {
                let is_beside = (data.top..=data.bottom).contains(&host.row);
                let there = || of_extent(*sheet, *extent, text.clone());
                Some(if is_beside { there() } else { broken(text, CellError::Value) })
            }
            (_, Node::Ref(reference)) => Some(self.reference(evaluator, program, node, reference, text)),
            // Other errors are written on purpose; this one is left where cells were deleted.
            (_, Node::Error(CellError::Ref)) => Some(broken(text, CellError::Ref)),
            (_, Node::Unary { op: UnaryOp::Spill, .. }) => {
                Some(match evaluator.eval(program, node, Mode::Array, &None) {
                    Value::Error(error) => broken(text, error),
                    value => self.cells(text, PartKind::Cells, areas(&value)),
                })
            }
            _ => None,
        }
    }

    fn reference(
        &self,
        evaluator: &Evaluator<'_>,
        program: &Arc<Program>,
        node: NodeId,
        reference: &Ref,
        text: String,
    ) -> Traced {
        let value = evaluator.eval(program, node, Mode::Cell, &None);
        match value {
            Value::Error(error) if !matches!(reference.sheet, SheetSpec::External(_)) => broken(text, error),
            _ if value.is_reference() => self.cells(text, PartKind::Cells, areas(&value)),
            value => Traced {
                kind: PartKind::External,
                value: value.is_scalar().then_some(value),
                ..broken(text, CellError::Ref)
            },
        }
    }

    fn name(&self, evaluator: &Evaluator<'_>, name: NameId, text: String) -> Traced {
        let model = &self.session.model;
        let host = evaluator.host.get();
        let definition = match model.name_program(name) {
            Some(program) => {
                let formula = &program.formula;
                format!("={}", formula::print(formula, host, &**model.workbook(), Style::Screen))
            }
            None => return broken(text, CellError::Name),
        };
        let value = evaluator.name(name);
        let kind = PartKind::Name { definition };
        if value.is_reference() {
            return self.cells(text, kind, areas(&value));
        }
        let part = self.cells(text, kind, self.read_by_name(name, host));
        Traced { value: value.is_scalar().then_some(value), ..part }
    }

    /// The cells that a name's formula mentions, further names followed.
    fn read_by_name(&self, name: NameId, host: Cell) -> Vec<Area> {
        let (mut found, mut seen, mut open) = (Vec::new(), HashSet::new(), vec![name]);
        while let Some(name) = open.pop() {
            let Some(program) = self.session.model.name_program(name).filter(|_| seen.insert(name)) else {
                continue;
            };
            for precedent in &program.precedents {
                let area = precedent.rect(host).map(|rect| Area { sheet: precedent.sheet, rect });
                found.extend(area.filter(|area| !found.contains(area)));
            }
            open.extend(&program.names);
        }
        found.truncate(MOST_PARTS);
        found
    }

    /// A part for cells, taken as read until the record says otherwise.
    fn cells(&self, text: String, kind: PartKind, areas: Vec<Area>) -> Traced {
        let value = match areas.as_slice() {
            [area] if area.rect.is_cell() => Some(self.session.value(area.sheet, area.rect.first()).clone()),
            _ => None,
        };
        let summary = self.summary(&areas);
        Traced { text, kind, reads: areas.clone(), areas, value, summary, is_used: true }
    }

    /// Tells what was read from what was only named, and adds what was read without being named. Gives how many
    /// parts are left out.
    fn match_reads(&self, vertex: &Vertex, cell: Cell, parts: &mut Vec<Traced>) -> usize {
        let Some(reads) = self.reads(vertex, cell) else { return 0 };
        for part in parts.iter_mut().filter(|part| !part.areas.is_empty()) {
            part.reads.clear();
            part.is_used = false;
        }
        let (named, mut more) = (parts.len(), 0);
        for read in reads {
            let mut is_named = false;
            for part in &mut parts[..named] {
                let common = part.areas.iter().filter(|area| area.sheet == read.sheet);
                let common: Vec<Area> = common
                    .filter_map(|area| area.rect.intersection(read.rect))
                    .map(|rect| Area { sheet: read.sheet, rect })
                    .collect();
                is_named |= common.contains(&read);
                part.is_used |= !common.is_empty();
                part.reads.extend(common);
            }
            if is_named {
                continue;
            }
            if parts.len() < named + MOST_PARTS {
                let address = self.session.model.workbook().address(read);
                let text = if read.sheet == vertex.sheet { read.rect.to_string() } else { address };
                parts.push(self.cells(text, PartKind::Found, vec![read]));
            } else {
                more += 1;
            }
        }
        more
    }

    /// What keeps an array formula from showing its results, the first of it: a filled cell, or a formula.
    fn in_the_way(&self, vertex: &Vertex, anchor: Cell) -> Option<Traced> {
        let is_array = matches!(vertex.kind, VertexKind::Array(..));
        let is_blocked = self.session.value(vertex.sheet, anchor).error() == Some(CellError::Spill);
        if !is_array || !is_blocked {
            return None;
        }
        let Value::Array(array) = self.evaluator(vertex.sheet, anchor, None).formula(vertex) else {
            return None;
        };
        let last = anchor.moved(i64::from(array.rows()) - 1, i64::from(array.cols()) - 1)?;
        let area = Area { sheet: vertex.sheet, rect: Rect::new(anchor, last) };
        let is_other = |(_, cell): (SheetId, Cell), value: &Value| {
            cell != anchor
                && (!matches!(value, Value::Empty) || self.session.model.is_formula(area.sheet, cell))
        };
        let (sheet, cell) = self.find_in(area, &is_other)?;
        Some(self.cells(cell.to_string(), PartKind::InTheWay, vec![Area::cell(sheet, cell)]))
    }

    fn of_data_table(&self, sheet: SheetId, cell: Cell) -> Vec<Traced> {
        let model = &self.session.model;
        let Some(VertexKind::DataTable(place, _)) =
            self.session.spread_at(sheet, cell).map(|spread| model.vertex(spread.vertex).kind)
        else {
            return Vec::new();
        };
        let table = model.workbook().sheet(sheet).and_then(|of| of.data_tables.get(place as usize));
        let Some(trial) = table.and_then(|table| trial(table, cell)) else {
            return Vec::new();
        };
        let part = |kind: PartKind, at: Cell| self.cells(at.to_string(), kind, vec![Area::cell(sheet, at)]);
        let mut parts = vec![part(PartKind::Tried, trial.formula)];
        for (input, from) in trial.inputs {
            parts.push(match input {
                Some(input) => part(PartKind::PutInto { input }, from),
                None => broken("#REF!".to_owned(), CellError::Ref),
            });
        }
        parts
    }
}

fn broken(text: String, error: CellError) -> Traced {
    Traced {
        text,
        kind: PartKind::Broken,
        areas: Vec::new(),
        value: Some(error.into()),
        summary: Summary { is_whole: true, ..Summary::default() },
        is_used: true,
        reads: Vec::new(),
    }
}

/// The nodes of a formula as a person reads them, without the insides of what stands for itself.
fn in_reading_order(formula: &Formula) -> Vec<NodeId> {
    let (mut order, mut open) = (Vec::new(), vec![formula.root()]);
    while let Some(id) = open.pop() {
        order.push(id);
        match formula.node(id) {
            Node::Call { args, .. } => open.extend(formula.args(*args).iter().rev()),
            Node::Invoke { callee, args } => {
                open.extend(formula.args(*args).iter().rev());
                open.push(*callee);
            }
            Node::Binary { left, right, .. } => open.extend([*right, *left]),
            Node::Unary { op: UnaryOp::Spill, .. } => {}
            Node::Unary { operand, .. } | Node::Paren(operand) => open.push(*operand),
            _ => {}
        }
    }
    order
}

fn areas(value: &Value) -> Vec<Area> {
    match value {
        Value::Range(sheet, rect) => vec![Area { sheet: *sheet, rect: *rect }],
        Value::Areas(areas) => areas.to_vec(),
        _ => Vec::new(),
    }
}
