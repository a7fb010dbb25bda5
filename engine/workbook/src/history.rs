//! What was done, so that it can be undone and done again.
//!
//! A step is what a person did at once, one edit or several. Steps keep the other version of what they changed
//! ([`Patch`]), so that undoing gives back the workbook bit for bit, at a cost that follows what changed. There are as
//! many steps as fit into a bound on memory; beyond it the oldest are forgotten.

use crate::edit::Applied;
use crate::{ChangeLog, Edit, EditError, Effect, Workbook};
use std::collections::VecDeque;
use values::Text;

/// The memory that steps may keep if nothing else is said: 256 MiB.
pub const DEFAULT_HISTORY_BYTES: usize = 256 << 20;

/// One step.
#[derive(Clone, Debug)]
pub struct Step<N = ()> {
    /// What a person would call it, as "Insert rows".
    pub title: Text,
    /// What whoever follows the edits wants to keep with the step.
    pub note: N,
    applied: Vec<Applied>,
}

/// The steps that can be undone and those that can be done again.
#[derive(Clone, Debug)]
pub struct History<N = ()> {
    undo: VecDeque<Step<N>>,
    redo: Vec<Step<N>>,
    bytes: usize,
    limit: usize,
    log: ChangeLog,
}

impl<N> Default for History<N> {
    fn default() -> Self {
        History::new(DEFAULT_HISTORY_BYTES)
    }
}

impl Workbook {
    /// Carries out several edits, all or none.
    ///
    /// # Errors
    /// As [`Workbook::apply`], for the first edit that is refused.
    pub fn apply_all(&mut self, edits: &[Edit]) -> Result<Vec<Applied>, EditError> {
        let mut applied: Vec<Applied> = Vec::with_capacity(edits.len());
        for edit in edits {
            match self.apply(edit) {
                Ok(one) => applied.push(one),
                Err(error) => {
                    applied.iter_mut().rev().for_each(|one| one.patch.swap(self));
                    return Err(error);
                }
            }
        }
        Ok(applied)
    }
}

impl<N> Step<N> {
    /// What it changed, in order.
    pub fn effects(&self) -> impl DoubleEndedIterator<Item = &Effect> {
        self.applied.iter().map(|one| &one.effect)
    }

    fn bytes(&self) -> usize {
        self.applied.iter().map(|one| one.patch.bytes() + size_of::<Applied>()).sum()
    }
}

impl<N> History<N> {
    /// A history that keeps about so many bytes, and always the last step.
    pub fn new(limit: usize) -> History<N> {
        History { undo: VecDeque::new(), redo: Vec::new(), bytes: 0, limit, log: ChangeLog::default() }
    }

    /// Adds a step that was just done; what was undone before can no longer be done again.
    pub fn record(&mut self, title: Text, applied: Vec<Applied>, note: N) {
        self.bytes -= self.redo.drain(..).map(|step| step.bytes()).sum::<usize>();
        for one in &applied {
            self.log.push(one.effect.clone());
        }
        let step = Step { title, note, applied };
        self.bytes += step.bytes();
        self.undo.push_back(step);
        while self.bytes > self.limit && self.undo.len() > 1 {
            self.bytes -= self.undo.pop_front().map_or(0, |step| step.bytes());
        }
    }

    /// Takes the last step back; gives it for those who must follow. `None` where there is none.
    pub fn undo(&mut self, book: &mut Workbook) -> Option<&mut Step<N>> {
        let mut step = self.undo.pop_back()?;
        for one in step.applied.iter_mut().rev() {
            one.patch.swap(book);
            self.log.pop();
        }
        self.redo.push(step);
        self.redo.last_mut()
    }

    /// Does the step again that was undone last. `None` where there is none.
    pub fn redo(&mut self, book: &mut Workbook) -> Option<&mut Step<N>> {
        let mut step = self.redo.pop()?;
        for one in &mut step.applied {
            one.patch.swap(book);
            self.log.push(one.effect.clone());
        }
        self.undo.push_back(step);
        self.undo.back_mut()
    }

    /// The step that would be undone next.
    pub fn next_undo(&self) -> Option<&Step<N>> {
        self.undo.back()
    }

    /// The step that would be done again next.
    pub fn next_redo(&self) -> Option<&Step<N>> {
        self.redo.last()
    }

    /// About how much memory the steps keep.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// All that changed since the workbook was opened, steps aside that were undone.
    pub fn log(&self) -> &ChangeLog {
        &self.log
    }
}
