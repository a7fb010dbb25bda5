//! Formula templates: each distinct relative formula once, however many cells hold a copy of it.

use formula::Formula;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A template of one workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateId(pub u32);

/// All templates of a workbook.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    formulas: Vec<Arc<Formula>>,
    ids: FxHashMap<Arc<Formula>, TemplateId>,
}

impl Templates {
    /// The template of a formula, new or known.
    pub fn intern(&mut self, formula: Formula) -> TemplateId {
        if let Some(id) = self.ids.get(&formula) {
            return *id;
        }
        let formula = Arc::new(formula);
        // Every template comes from a cell of a file whose cells are limited far below this.
        let id = TemplateId(self.formulas.len() as u32);
        self.formulas.push(Arc::clone(&formula));
        self.ids.insert(formula, id);
        id
    }

    /// Puts another formula in a template's place, for all cells that hold it; gives the one that was there.
    pub(crate) fn replace(&mut self, id: TemplateId, formula: Arc<Formula>) -> Arc<Formula> {
        let slot = &mut self.formulas[id.0 as usize];
        let old = std::mem::replace(slot, Arc::clone(&formula));
        if self.ids.get(&old) == Some(&id) {
            self.ids.remove(&old);
        }
        // Two templates may become equal; the elder stays the one that is found.
        self.ids.entry(formula).or_insert(id);
        old
    }

    /// Takes back all templates from a place on.
    pub(crate) fn split_off(&mut self, len: usize) -> Vec<Arc<Formula>> {
        let tail = self.formulas.split_off(len.min(self.formulas.len()));
        for formula in &tail {
            if self.ids.get(formula).is_some_and(|id| id.0 as usize >= len) {
                self.ids.remove(formula);
            }
        }
        tail
    }

    /// Puts templates behind the others, as [`Templates::split_off`] gave them.
    pub(crate) fn extend(&mut self, tail: Vec<Arc<Formula>>) {
        for formula in tail {
            let id = TemplateId(self.formulas.len() as u32);
            self.ids.entry(Arc::clone(&formula)).or_insert(id);
            self.formulas.push(formula);
        }
    }

    /// The tree of a template.
    pub fn get(&self, id: TemplateId) -> &Arc<Formula> {
        &self.formulas[id.0 as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.formulas.len()
    }

    /// Whether the workbook has no formula.
    pub fn is_empty(&self) -> bool {
        self.formulas.is_empty()
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = (TemplateId, &Arc<Formula>)> {
        self.formulas.iter().enumerate().map(|(id, formula)| (TemplateId(id as u32), formula))
    }
}
