//! XPath expressions over a document.

use super::xml::{Document, Id, Kind, ROOT};
use super::xpath::{Axis, Expr, From, Op, Step, Test};
use std::cell::Cell;

/// What an expression gives.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// Nodes in document order, each once.
    Nodes(Vec<Id>),
    Number(f64),
    Text(String),
    Bool(bool),
}

/// Most steps of one evaluation; beyond it the expression counts as faulty.
const MAX_WORK: u64 = 5_000_000;

/// A document with the work done on it.
pub(super) struct Evaluator<'d> {
    pub(super) document: &'d Document,
    work: Cell<u64>,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) node: Id,
    /// Counted from 1.
    pub(super) position: usize,
    pub(super) size: usize,
}

impl<'d> Evaluator<'d> {
    pub(super) fn new(document: &'d Document) -> Evaluator<'d> {
        Evaluator { document, work: Cell::new(0) }
    }

    /// The nodes of an expression in document order; `None` for expressions that give no nodes.
    pub(super) fn select(&self, expr: &Expr) -> Option<Vec<Id>> {
        match self.eval(expr, Place { node: ROOT, position: 1, size: 1 })? {
            Item::Nodes(nodes) => Some(nodes),
            _ => None,
        }
    }

    fn charge(&self, work: usize) -> Option<()> {
        self.work.set(self.work.get() + work as u64 + 1);
        (self.work.get() <= MAX_WORK).then_some(())
    }

    pub(super) fn eval(&self, expr: &Expr, place: Place) -> Option<Item> {
        self.charge(0)?;
        Some(match expr {
            Expr::Number(number) => Item::Number(*number),
            Expr::Text(text) => Item::Text(text.clone()),
            Expr::Negative(operand) => Item::Number(-self.number(&self.eval(operand, place)?)),
            Expr::Call(name, args) => self.call(name, args, place)?,
            Expr::Binary(op, left, right) => self.binary(*op, left, right, place)?,
            Expr::Filter(inner, predicates) => {
                let Item::Nodes(nodes) = self.eval(inner, place)? else { return None };
                Item::Nodes(self.filtered(nodes, predicates)?)
            }
            Expr::Path(from, steps) => {
                let mut nodes = match from {
                    From::Root => vec![ROOT],
                    From::Here => vec![place.node],
                    From::Expr(inner) => match self.eval(inner, place)? {
                        Item::Nodes(nodes) => nodes,
                        _ => return None,
                    },
                };
                for step in steps {
                    nodes = self.step(&nodes, step)?;
                }
                Item::Nodes(nodes)
            }
        })
    }

    fn step(&self, from: &[Id], step: &Step) -> Option<Vec<Id>> {
        let mut all = Vec::new();
        for id in from {
            let mut nodes = self.along(*id, step.axis);
            self.charge(nodes.len())?;
            nodes.retain(|node| self.passes(*node, step));
            all.extend(self.filtered(nodes, &step.predicates)?);
        }
        all.sort_unstable();
        all.dedup();
        Some(all)
    }

    /// The nodes along an axis, the nearest first.
    fn along(&self, id: Id, axis: Axis) -> Vec<Id> {
        let nodes = &self.document.nodes;
        let (parent, end) = (nodes[id].parent, nodes[id].end);
        let is_attribute = |id: Id| matches!(nodes[id].kind, Kind::Attribute(..));
        let inside = |from: Id, to: Id| (from..to).filter(move |id| !is_attribute(*id));
        let ancestors = |from: Id| {
            let mut above = from;
            std::iter::from_fn(move || {
                let next = nodes[above].parent;
                let climbs = next != above;
                above = next;
                climbs.then_some(next)
            })
        };
        match axis {
            Axis::Itself => vec![id],
            Axis::Parent => ancestors(id).take(1).collect(),
            Axis::Ancestor => ancestors(id).collect(),
            Axis::AncestorOrSelf => std::iter::once(id).chain(ancestors(id)).collect(),
            Axis::Attribute => self.document.attributes(id).collect(),
            Axis::Child => self.document.children(id).collect(),
            Axis::Descendant => inside(id + 1, end).collect(),
            Axis::DescendantOrSelf => std::iter::once(id).chain(inside(id + 1, end)).collect(),
            Axis::Following => inside(end, nodes.len()).collect(),
            Axis::Preceding => {
                let above: Vec<Id> = ancestors(id).collect();
                inside(1, id).rev().filter(|node| !above.contains(node)).collect()
            }
            Axis::FollowingSibling | Axis::PrecedingSibling if is_attribute(id) || parent == id => Vec::new(),
            Axis::FollowingSibling => self.document.children(parent).filter(|node| *node > id).collect(),
            Axis::PrecedingSibling => {
                let mut before: Vec<Id> =
                    self.document.children(parent).take_while(|node| *node < id).collect();
                before.reverse();
                before
            }
        }
    }

    fn passes(&self, id: Id, step: &Step) -> bool {
        let name = match &self.document.nodes[id].kind {
            Kind::Element(name) if step.axis != Axis::Attribute => Some(name),
            Kind::Attribute(name, _) if step.axis == Axis::Attribute => Some(name),
            _ => None,
        };
        match &step.test {
            Test::Any => true,
            Test::Text => matches!(self.document.nodes[id].kind, Kind::Text(_)),
            Test::Comment => matches!(self.document.nodes[id].kind, Kind::Comment(_)),
            Test::Instruction(target) => match &self.document.nodes[id].kind {
                Kind::Instruction(own, _) => target.as_ref().is_none_or(|target| target == own),
                _ => false,
            },
            Test::Named => name.is_some(),
            Test::Prefix(prefix) => name.is_some_and(|name| name.prefix == *prefix),
            // A name without prefix means one in no namespace, whatever the document's default is.
            Test::Name(prefix, local) => name.is_some_and(|name| {
                name.local == *local
                    && name.prefix == *prefix
                    && (!prefix.is_empty() || name.namespace.is_empty())
            }),
        }
    }

    fn filtered(&self, mut nodes: Vec<Id>, predicates: &[Expr]) -> Option<Vec<Id>> {
        for predicate in predicates {
            let size = nodes.len();
            let mut kept = Vec::new();
            for (index, node) in nodes.into_iter().enumerate() {
                let position = index + 1;
                let keeps = match self.eval(predicate, Place { node, position, size })? {
                    Item::Number(number) => number == position as f64,
                    other => self.bool(&other),
                };
                if keeps {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Some(nodes)
    }

    fn binary(&self, op: Op, left: &Expr, right: &Expr, place: Place) -> Option<Item> {
        if matches!(op, Op::Or | Op::And) {
            let first = self.bool(&self.eval(left, place)?);
            return Some(Item::Bool(match (op, first) {
                (Op::Or, true) => true,
                (Op::And, false) => false,
                _ => self.bool(&self.eval(right, place)?),
            }));
        }
        let (left, right) = (self.eval(left, place)?, self.eval(right, place)?);
        if op == Op::Union {
            let (Item::Nodes(mut nodes), Item::Nodes(more)) = (left, right) else { return None };
            nodes.extend(more);
            nodes.sort_unstable();
            nodes.dedup();
            return Some(Item::Nodes(nodes));
        }
        let arithmetic = |compute: fn(f64, f64) -> f64| {
            Some(Item::Number(compute(self.number(&left), self.number(&right))))
        };
        match op {
            Op::Add => arithmetic(|a, b| a + b),
            Op::Subtract => arithmetic(|a, b| a - b),
            Op::Multiply => arithmetic(|a, b| a * b),
            Op::Divide => arithmetic(|a, b| a / b),
            Op::Modulo => arithmetic(|a, b| a % b),
            _ => Some(Item::Bool(self.compare(op, &left, &right)?)),
        }
    }

    /// A comparison; with nodes it holds where it holds for any of them.
    fn compare(&self, op: Op, left: &Item, right: &Item) -> Option<bool> {
        match (left, right) {
            (Item::Nodes(nodes), Item::Bool(truth)) => {
                Some(self.compare_scalars(op, &Item::Bool(!nodes.is_empty()), &Item::Bool(*truth)))
            }
            (Item::Bool(truth), Item::Nodes(nodes)) => {
                Some(self.compare_scalars(op, &Item::Bool(*truth), &Item::Bool(!nodes.is_empty())))
            }
            (Item::Nodes(nodes), other) => {
                for node in nodes {
                    self.charge(0)?;
                    if self.compare(op, &Item::Text(self.document.text(*node)), other)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
            (scalar, Item::Nodes(nodes)) => {
                for node in nodes {
                    self.charge(0)?;
                    if self.compare_scalars(op, scalar, &Item::Text(self.document.text(*node))) {
                        return Some(true);
                    }
                }
                Some(false)
            }
            (left, right) => Some(self.compare_scalars(op, left, right)),
        }
    }

    fn compare_scalars(&self, op: Op, left: &Item, right: &Item) -> bool {
        let (a, b) = (self.number(left), self.number(right));
        match op {
            Op::Less => a < b,
            Op::LessEqual => a <= b,
            Op::Greater => a > b,
            Op::GreaterEqual => a >= b,
            _ => {
                let equal = match (left, right) {
                    (Item::Bool(_), _) | (_, Item::Bool(_)) => self.bool(left) == self.bool(right),
                    (Item::Number(_), _) | (_, Item::Number(_)) => a == b,
                    _ => self.text(left) == self.text(right),
                };
                equal == (op == Op::Equal)
            }
        }
    }

    pub(super) fn bool(&self, item: &Item) -> bool {
        match item {
            Item::Nodes(nodes) => !nodes.is_empty(),
            Item::Number(number) => *number != 0.0 && !number.is_nan(),
            Item::Text(text) => !text.is_empty(),
            Item::Bool(truth) => *truth,
        }
    }

    pub(super) fn text(&self, item: &Item) -> String {
        match item {
            Item::Nodes(nodes) => nodes.first().map(|node| self.document.text(*node)).unwrap_or_default(),
            Item::Number(number) => number.to_string(),
            Item::Text(text) => text.clone(),
            Item::Bool(truth) => truth.to_string(),
        }
    }

    pub(super) fn number(&self, item: &Item) -> f64 {
        match item {
            Item::Number(number) => *number,
            Item::Bool(truth) => f64::from(u8::from(*truth)),
            other => parse_number(&self.text(other)),
        }
    }
}

/// Digits with an optional sign and point; anything else is NaN.
fn parse_number(text: &str) -> f64 {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if plain { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}
