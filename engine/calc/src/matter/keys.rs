//! The quick way to ask of many formulas of one shape: an edit in a table can matter only to those whose key is in the
//! edited row. What the row holds is found out once, and each formula is asked for its key alone.
//!
//! Invariant: whoever is ruled out here would have been ruled out by the full question.

use super::{Question, equal};
use crate::program::Meaning;
use crate::session::Session;
use formula::{Axis, Extent, Node, NodeId, SheetSpec};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use values::{Area, Row, SheetId, Value};

/// A cell of the formula, as seen from its host, and values: where it is edited, or equals one of them, the edit may
/// matter.
struct Key {
    sheet: Option<SheetId>,
    cell: Extent,
    values: Vec<Value>,
}

/// Everything that an edit can matter through; where no key has its value, it does not matter.
pub(super) struct Keys(Vec<Key>);

/// The keys of programs for one edit, by the program's place in memory and the sheet it stands on.
#[derive(Default)]
pub(super) struct KnownKeys(FxHashMap<(usize, SheetId), Option<Keys>>);

impl KnownKeys {
    /// Whether the formula in the question's host is ruled out.
    pub fn rule_out(&mut self, question: &Question<'_, '_>) -> bool {
        let place = (Arc::as_ptr(question.program) as usize, question.evaluator.sheet);
        let keys = self.0.entry(place).or_insert_with(|| Keys::of(question));
        keys.as_ref().is_some_and(|keys| keys.rule_out(question))
    }
}

impl Keys {
    fn of(question: &Question<'_, '_>) -> Option<Keys> {
        let mut keys = Keys(Vec::new());
        keys.collect(question, question.program.formula.root())?;
        Some(keys)
    }

    fn rule_out(&self, question: &Question<'_, '_>) -> bool {
        let session: &Session = question.evaluator.session;
        let host = question.evaluator.host.get();
        self.0.iter().all(|key| {
            let sheet = key.sheet.unwrap_or(question.evaluator.sheet);
            let Some(cell) = key.cell.resolve(host).map(values::Rect::first) else { return false };
            if (sheet, cell) == (question.edit.sheet, question.edit.cell) {
                return false;
            }
            match session.value(sheet, cell) {
                Value::Text(text) if text.contains(['*', '?', '~']) => false,
                held @ (Value::Number(_) | Value::Text(_) | Value::Bool(_)) => {
                    !key.values.iter().any(|value| equal(held, value))
                }
                _ => false,
            }
        })
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
                    _ => None,
                }
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
        let Node::Ref(reference) = question.program.formula.node(key) else { return None };
        let sheet = match reference.sheet {
            SheetSpec::Here => None,
            SheetSpec::Sheet(sheet) => Some(sheet),
            _ => return None,
        };
        let Extent::Cell(_) = reference.extent else { return None };
        if let Meaning::Error(_) = question.program.meanings[key.0 as usize] {
            return None;
        }
        // What equals an empty cell or an error, the full question knows.
        if !values.iter().all(|value| matches!(value, Value::Number(_) | Value::Text(_) | Value::Bool(_))) {
            return None;
        }
        let values = values.iter().map(|value| (*value).clone()).collect();
        self.0.push(Key { sheet, cell: reference.extent, values });
        Some(())
    }
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
