//! The quick way to ask of many formulas of one shape: an edit in a table can matter only to those whose key is in the
//! edited row, or whose criteria it meets. What the row holds is found out once, and each formula is asked for its
//! keys alone.
//!
//! Invariant: whoever is ruled out here would have been ruled out by the full question.

use super::{MOST_DEPTH, Question, criteria, equal};
use crate::operators::is_reference_operator;
use crate::program::Meaning;
use crate::session::Session;
use formula::{Axis, Extent, Node, NodeId, SheetSpec};
use functions::Criterion;
use numfmt::Reading;
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::sync::Arc;
use values::{Area, Cell, Col, Row, SheetId, Text, Value};

/// A cell that a formula names, as seen from its host.
#[derive(Clone, Copy)]
struct Key {
    sheet: Option<SheetId>,
    cell: Extent,
}

/// How an edit can matter to formulas of one shape, beside being an edit of the key itself.
enum Way {
    /// Where the key equals one of these.
    Equal(Key, Vec<Value>),
    /// Where each criterion is met.
    Met(Vec<Condition>),
    /// Through the key alone.
    Through(Key),
}

/// A criterion in a key, and what stands in the edited row: before the edit and after it, where that is what changed.
struct Condition {
    key: Key,
    held: Vec<Value>,
    /// What is known of texts as criteria: few texts are the criteria of many formulas. They come from files, so their
    /// hasher is keyed.
    known: HashMap<Text, bool>,
}

/// All ways in which an edit can matter; where none is taken, it does not.
pub(super) struct Keys(Vec<Way>);

/// The keys of programs for one edit, by the program's place in memory and the sheet it stands on.
#[derive(Default)]
pub(super) struct KnownKeys(FxHashMap<(usize, SheetId), Option<Keys>>);

impl KnownKeys {
    /// Whether the formula in the question's host is ruled out.
    pub fn rule_out(&mut self, question: &Question<'_, '_>) -> bool {
        let place = (Arc::as_ptr(question.program) as usize, question.evaluator.sheet);
        let keys = self.0.entry(place).or_insert_with(|| Keys::of(question));
        keys.as_mut().is_some_and(|keys| keys.0.iter_mut().all(|way| way.is_ruled_out(question)))
    }
}

impl Key {
    /// What it holds; `None` where it is edited itself or leaves the sheet.
    fn value<'a>(self, question: &Question<'a, '_>) -> Option<&'a Value> {
        let session: &'a Session = question.evaluator.session;
        let sheet = self.sheet.unwrap_or(question.evaluator.sheet);
        let cell = self.cell.resolve(question.evaluator.host.get()).map(values::Rect::first)?;
        let is_edited = (sheet, cell) == (question.edit.sheet, question.edit.cell);
        (!is_edited).then(|| session.value(sheet, cell))
    }
}

impl Way {
    fn is_ruled_out(&mut self, question: &Question<'_, '_>) -> bool {
        match self {
            Way::Equal(key, values) => match key.value(question) {
                Some(Value::Text(text)) if text.contains(['*', '?', '~']) => false,
                Some(held @ (Value::Number(_) | Value::Text(_) | Value::Bool(_))) => {
                    !values.iter().any(|value| equal(held, value))
                }
                _ => false,
            },
            Way::Met(conditions) => {
                let mut is_met = true;
                for condition in conditions {
                    let Some(criterion) = condition.key.value(question) else { return false };
                    is_met = is_met && condition.is_met(criterion, &question.evaluator.reading);
                }
                !is_met
            }
            Way::Through(key) => key.value(question).is_some(),
        }
    }
}

impl Condition {
    fn is_met(&mut self, criterion: &Value, reading: &Reading<'_>) -> bool {
        let held = &self.held;
        let ask = || {
            let criterion = Criterion::new(criterion, reading);
            held.iter().any(|value| criterion.matches(value, reading))
        };
        match criterion {
            Value::Text(text) => match self.known.get(text) {
                Some(is_met) => *is_met,
                None => *self.known.entry(text.clone()).or_insert_with(ask),
            },
            _ => ask(),
        }
    }
}

impl Keys {
    fn of(question: &Question<'_, '_>) -> Option<Keys> {
        let mut keys = Keys(Vec::new());
        keys.collect(question, question.program.formula.root())?;
        Some(keys)
    }

    /// Collects what a node's value can change through; `None` where that is more than keys.
    fn collect(&mut self, question: &Question<'_, '_>, id: NodeId) -> Option<()> {
        let formula = &question.program.formula;
        match formula.node(id) {
            Node::Number(_) | Node::Text(_) | Node::Bool(_) | Node::Missing => Some(()),
            Node::Paren(inner) => self.collect(question, *inner),
            Node::Call { args, .. } => {
                let Meaning::Function(function) = &question.program.meanings[id.0 as usize] else {
                    return None;
                };
                let args = formula.args(*args);
                match (function.name, args) {
                    ("IFERROR" | "IFNA", _) => args.iter().try_for_each(|arg| self.collect(question, *arg)),
                    ("VLOOKUP", [key, table, column, exact]) if question.is_zero(*exact) => {
                        self.vlookup(question, *key, *table, *column)
                    }
                    ("XLOOKUP", [key, searched, given, rest @ ..])
                        if question.is_exact(rest.get(1..).unwrap_or(&[])) =>
                    {
                        rest.first().map_or(Some(()), |otherwise| self.collect(question, *otherwise))?;
                        self.beside(question, *key, *searched, *given)
                    }
                    ("MATCH", [key, searched, exact]) if question.is_zero(*exact) => {
                        self.searched(question, *key, *searched).map(drop)
                    }
                    ("INDEX", [given, place]) => match question.match_args(*place)? {
                        ("MATCH", [key, searched, exact]) if question.is_zero(*exact) => {
                            self.beside(question, *key, *searched, *given)
                        }
                        _ => None,
                    },
                    (name, args) => {
                        let (target, pairs) = criteria(name, args)?;
                        self.conditions(question, target, pairs)
                    }
                }
            }
            _ => None,
        }
    }

    /// Criteria, all of which a place must meet to count.
    fn conditions(
        &mut self,
        question: &Question<'_, '_>,
        target: Option<NodeId>,
        pairs: &[NodeId],
    ) -> Option<()> {
        let mut areas = Vec::with_capacity(pairs.len() / 2);
        for pair in pairs.chunks(2) {
            let [range, criterion] = pair else { return None };
            areas.push((fixed(question, *range)?, *criterion));
        }
        let target = match target {
            Some(target) => Some(fixed(question, target)?),
            None => None,
        };
        let shape = areas.first()?.0.rect;
        let edit = question.edit;
        let all = areas.iter().map(|(area, _)| *area).chain(target);
        let mut places: Vec<(u32, u16)> = all.filter_map(|area| edit.place_in(area, shape)).collect();
        places.dedup();
        if places.len() > 1 {
            return None;
        }
        let mut met = Vec::new();
        for (area, criterion) in areas {
            let (Some((down, across)), Some(key)) = (places.first(), key(question, criterion)) else {
                self.through(question, criterion, 0)?;
                continue;
            };
            let first = area.rect.first();
            let cell = Cell { row: Row(first.row.0 + down), col: Col(first.col.0 + across) };
            let held = if (area.sheet, cell) == (edit.sheet, edit.cell) {
                vec![edit.old.clone(), edit.new.clone()]
            } else {
                vec![question.evaluator.session.value(area.sheet, cell).clone()]
            };
            met.push(Condition { key, held, known: HashMap::new() });
        }
        match (places.is_empty(), met.is_empty()) {
            (true, _) => Some(()),
            // Nothing is known of the criteria.
            (false, true) => None,
            (false, false) => {
                self.0.push(Way::Met(met));
                Some(())
            }
        }
    }

    /// The cells of an expression.
    fn through(&mut self, question: &Question<'_, '_>, id: NodeId, depth: u32) -> Option<()> {
        match question.program.formula.node(id) {
            Node::Number(_) | Node::Text(_) | Node::Bool(_) => Some(()),
            Node::Ref(_) => {
                self.0.push(Way::Through(key(question, id)?));
                Some(())
            }
            Node::Binary { op, left, right } if depth < MOST_DEPTH && !is_reference_operator(*op) => {
                self.through(question, *left, depth + 1)?;
                self.through(question, *right, depth + 1)
            }
            _ => None,
        }
    }

    fn vlookup(
        &mut self,
        question: &Question<'_, '_>,
        key: NodeId,
        table: NodeId,
        column: NodeId,
    ) -> Option<()> {
        let Node::Number(column) = question.program.formula.node(column) else { return None };
        let area = fixed(question, table)?;
        let edit = question.edit;
        if !edit.is_in(area) {
            return self.add(question, key, &[]);
        }
        match f64::from(edit.cell.col.0 - area.rect.left.0) {
            0.0 => self.add(question, key, &[edit.old, edit.new]),
            place if place == column.trunc() - 1.0 => {
                self.add(question, key, &[question.value(area.sheet, edit.cell.row, area.rect.left)])
            }
            _ => self.add(question, key, &[]),
        }
    }

    /// A result that stands beside the key that is searched.
    fn beside(
        &mut self,
        question: &Question<'_, '_>,
        key: NodeId,
        searched: NodeId,
        given: NodeId,
    ) -> Option<()> {
        let searched = self.searched(question, key, searched)?;
        let given = fixed(question, given)?;
        if given.rect.left != given.rect.right || given.rect.rows() != searched.rect.rows() {
            return None;
        }
        if question.edit.is_in(given) {
            let row = Row(searched.rect.top.0 + (question.edit.cell.row.0 - given.rect.top.0));
            self.add(question, key, &[question.value(searched.sheet, row, searched.rect.left)])?;
        }
        Some(())
    }

    /// A column in which a key is searched.
    fn searched(&mut self, question: &Question<'_, '_>, key: NodeId, searched: NodeId) -> Option<Area> {
        let area = fixed(question, searched).filter(|area| area.rect.left == area.rect.right)?;
        let edit = question.edit;
        let both = [edit.old, edit.new];
        self.add(question, key, if edit.is_in(area) { &both } else { &[] })?;
        Some(area)
    }

    fn add(&mut self, question: &Question<'_, '_>, key: NodeId, values: &[&Value]) -> Option<()> {
        let key = self::key(question, key)?;
        // What equals an empty cell or an error, the full question knows.
        if !values.iter().all(|value| matches!(value, Value::Number(_) | Value::Text(_) | Value::Bool(_))) {
            return None;
        }
        self.0.push(Way::Equal(key, values.iter().map(|value| (*value).clone()).collect()));
        Some(())
    }
}

/// A reference to one cell.
fn key(question: &Question<'_, '_>, id: NodeId) -> Option<Key> {
    let Node::Ref(reference) = question.program.formula.node(id) else { return None };
    let sheet = match reference.sheet {
        SheetSpec::Here => None,
        SheetSpec::Sheet(sheet) => Some(sheet),
        _ => return None,
    };
    let is_cell = matches!(reference.extent, Extent::Cell(_));
    let is_error = matches!(question.program.meanings[id.0 as usize], Meaning::Error(_));
    (is_cell && !is_error).then_some(Key { sheet, cell: reference.extent })
}

/// The area of a reference that means the same wherever its formula stands.
fn fixed(question: &Question<'_, '_>, id: NodeId) -> Option<Area> {
    let absolute = |axis: Axis| matches!(axis, Axis::Absolute(_));
    let Node::Ref(reference) = question.program.formula.node(id) else { return None };
    let is_fixed = match reference.extent {
        Extent::Rect(a, b) => [a.row, a.col, b.row, b.col].into_iter().all(absolute),
        Extent::Cols(a, b) | Extent::Rows(a, b) => absolute(a) && absolute(b),
        Extent::Cell(_) => false,
    };
    if is_fixed { question.area(id) } else { None }
}
